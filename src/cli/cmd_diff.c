/* cmd_diff: `mailauth diff`: inspects each domain with the answers of both sides, compares, writes what
 * differs.
 *
 *     BEFORE --inspect all--> a side of each domain --\
 *                                                      compare, write: a domain after the other
 *     AFTER  --inspect all--> a side of each domain --/
 *
 * A side is answered from its files. What they do not know is asked once, whichever side and thread wants
 * it: both stand on one snapshot of what DNS said, so that no difference comes from asking twice.
 */
#include <stdlib.h>

#include "cli/complain.h"
#include "cli/diff_settings.h"
#include "cli/exceptions.h"
#include "cli/progress.h"
#include "cli/psl_option.h"
#include "dns/source_saver.h"
#include "dns/source_stack.h"
#include "inspect/diff.h"
#include "inspect/pool.h"
#include "lint/lint_locate.h"

#define FLUSH_BYTES ((size_t)64 << 10)

enum { BEFORE, AFTER };

/* What one side says of a domain, in memory of its own, so that it can go when it was compared. */
struct sight {
	struct arena arena;
	struct diff_side side;
};

/* The inspection of all domains on one side. next() is called by one thread at a time; a sight is written
 * by the thread that made its verdict. */
struct pass {
	const struct diff_settings *settings;
	const struct psl *psl;
	const struct filter *filter;
	const struct lint_locate *locate;
	struct local_source **locals;
	size_t local_count;
	bool asks;		     /* the network, for what the local sources do not know */
	struct local_source *replay; /* instead of it; or NULL */
	struct snapshot *snapshot;
	struct sight *sights; /* one for each domain */
	size_t taken;
	struct progress *progress;
	size_t done_before;
};

/* --- inspecting ------------------------------------------------------------------------------------ */

/* Jobs are numbered where lists have their lines: from 1. */
static enum pool_next next(void *context, bool may_wait, struct arena *arena, struct pool_job *out)
{
	struct pass *pass = context;
	const struct diff_domains *domains = &pass->settings->domains;
	(void)may_wait;
	if (pass->taken == domains->count)
		return POOL_END;
	struct name name = domains->items[pass->taken++].name;
	snapshot_add_domain(pass->snapshot, name);
	*out = (struct pool_job){.request = {.domain = name,
					 .input = name_text(arena, name),
					 .input_line = pass->taken,
					 .psl = pass->psl}};
	return POOL_JOB;
}

static int render(void *context, struct verdict *verdict, struct arena *scratch, struct buf *out)
{
	struct pass *pass = context;
	struct sight *sight = &pass->sights[verdict->input_line - 1];
	(void)out;
	filter_apply(pass->filter, verdict);
	arena_init(&sight->arena, scratch->escape);
	lint_locate_findings(pass->locate, &sight->arena, &verdict->findings);
	diff_side_of(&sight->arena, verdict, &sight->side);
	return EXITCODE_CLEAN;
}

static bool emit(void *context, struct slice bytes, int mark)
{
	(void)context;
	(void)bytes;
	(void)mark;
	return true;
}

static void tick(void *context, size_t done)
{
	struct pass *pass = context;
	progress_show(pass->progress, (pass->done_before + done) / DIFF_SIDES);
}

/* What no file of a side knows: from the network, or from a run that was saved; NULL with *is_broken unless
 * nobody is to be asked. */
static struct source *open_bottom(const struct pass *pass, struct source_sink sink, struct escape *escape,
	const char **why, bool *is_broken)
{
	struct source *bottom = NULL;
	if (pass->replay != NULL)
		bottom = source_stack_open(&pass->replay, 1, NULL, sink, escape);
	else if (pass->asks) {
		bottom = source_net_open(&pass->settings->sources.net, sink, escape, why);
		*is_broken = bottom == NULL;
	}
	return bottom == NULL ? NULL : source_saver_open(pass->snapshot, bottom, sink, escape);
}

static struct source *open_source(
	void *context, struct source_sink sink, struct escape *escape, const char **why)
{
	const struct pass *pass = context;
	bool is_broken = false;
	struct source *bottom = open_bottom(pass, sink, escape, why, &is_broken);
	return is_broken ? NULL : source_stack_open(pass->locals, pass->local_count, bottom, sink, escape);
}

static enum driver_status run_pass(struct pass *pass, const char **why)
{
	const struct diff_settings *settings = pass->settings;
	const struct pool_client client = {next, render, emit, tick, pass};
	const struct pool_options pool = {
		.threads = settings->limits.threads,
		.driver = {.concurrency = settings->limits.concurrency,
			.max_time_ms = settings->limits.max_time_ms,
			.open_source = open_source,
			.source_context = pass},
	};
	return pool_run(&pool, &client, NULL, why);
}

/* --- a run ----------------------------------------------------------------------------------------- */

struct run {
	struct cli *cli;
	const struct diff_settings *settings;
	const struct psl *psl;
	struct snapshot *snapshot;
	/* Each side has the exceptions of its own files, and those of the configuration file. */
	struct exceptions exceptions[DIFF_SIDES];
	struct filter filters[DIFF_SIDES];
	const struct lint_locate *locates[DIFF_SIDES];
	struct sight *sights[DIFF_SIDES];
	struct progress progress;
	struct buf out;
	bool inspected; /* both sides */
	enum exitcode status;
};

static enum exitcode failed(struct slice message, enum exitcode status)
{
	complain(message);
	return status;
}

/* Of --zone, --record and --remove; behind them stands what --replay answers with. */
static size_t count_over(const struct sources *sources)
{
	return sources->local_count - (sources->saved.replay != NULL ? 1 : 0);
}

/* The files of a side; what the options say lies over AFTER. A saved run knows all that was asked on its
 * side. */
static void read_sources(struct run *run, size_t which, struct pass *pass)
{
	const struct diff_settings *settings = run->settings;
	const struct diff_sides_one *side = &settings->sides[which];
	const struct sources *sources = &settings->sources;
	size_t over = count_over(sources);
	pass->locals =
		arena_alloc(run->cli->arena, (over + side->local_count + 1) * sizeof(struct local_source *));
	for (size_t i = 0; i < over && which == AFTER; i++)
		pass->locals[pass->local_count++] = sources->locals[i];
	for (size_t i = 0; i < side->local_count; i++)
		pass->locals[pass->local_count++] = side->locals[i];
	if (side->saved != NULL)
		return;
	pass->asks = !sources->offline;
	pass->replay = sources->saved.replay != NULL ? sources->locals[over] : NULL;
}

/* All zone files that answer on a side. */
struct zones {
	const struct zonefile **items;
	size_t count;
};

static struct zones zones_of(const struct run *run, size_t which)
{
	const struct diff_sides_one *side = &run->settings->sides[which];
	const struct sources *over = &run->settings->sources;
	size_t over_count = which == AFTER ? over->zone_count : 0;
	struct zones zones = {.count = over_count + side->zone_count};
	zones.items = arena_alloc(run->cli->arena, (zones.count + 1) * sizeof(const struct zonefile *));
	for (size_t i = 0; i < over_count; i++)
		zones.items[i] = over->zones[i];
	for (size_t i = 0; i < side->zone_count; i++)
		zones.items[over_count + i] = side->zones[i];
	return zones;
}

static enum exitcode inspect_side(struct run *run, size_t which)
{
	const char *why = NULL;
	const struct zones zones = zones_of(run, which);
	run->locates[which] = lint_locate_open(run->cli->arena, zones.items, zones.count);
	struct pass pass = {.settings = run->settings,
		.psl = run->psl,
		.filter = &run->filters[which],
		.locate = run->locates[which],
		.snapshot = run->snapshot,
		.sights = run->sights[which],
		.progress = &run->progress,
		.done_before = which * run->settings->domains.count};
	read_sources(run, which, &pass);
	switch (run_pass(&pass, &why)) {
	case DRIVER_OK:
		break;
	case DRIVER_NO_SOURCE:
		return failed(
			arena_printf(run->cli->arena, "cannot ask any name server: %s", why), EXITCODE_USAGE);
	case DRIVER_OUT_OF_MEMORY:
		return failed(SLICE("out of memory"), EXITCODE_INTERNAL);
	case DRIVER_INTERNAL:
		return failed(SLICE("internal error: an inspection made no progress"), EXITCODE_INTERNAL);
	}
	return EXITCODE_CLEAN;
}

static enum exitcode inspect_both(struct run *run)
{
	progress_init(&run->progress, !run->settings->output.quiet);
	enum exitcode status = inspect_side(run, BEFORE);
	if (status == EXITCODE_CLEAN)
		status = inspect_side(run, AFTER);
	progress_end(&run->progress);
	return status;
}

/* --- parts of other domains -------------------------------------------------------------------------- */

/* Names that whole domains reach through include and redirect, on one side. */
struct reached {
	struct slice *names;
	size_t count;
};

static int by_bytes(const void *left, const void *right)
{
	const struct slice *a = left, *b = right;
	return slice_compare(*a, *b);
}

static void list_reached(struct run *run, size_t which, struct reached *out)
{
	const struct diff_domains *domains = &run->settings->domains;
	size_t count = 0;
	for (size_t i = 0; i < domains->count; i++)
		if (!domains->items[i].is_part)
			count += run->sights[which][i].side.reached_count;
	out->names = arena_alloc(run->cli->arena, (count + 1) * sizeof *out->names);
	for (size_t i = 0; i < domains->count; i++) {
		const struct diff_side *side = &run->sights[which][i].side;
		for (size_t n = 0; n < side->reached_count && !domains->items[i].is_part; n++)
			out->names[out->count++] = side->reached[n];
	}
	if (out->count > 1)
		qsort(out->names, out->count, sizeof *out->names, by_bytes);
}

/* True when what changes at domain `index` is told where it is used: on each side on which it has a
 * record, some domain reaches it. */
static bool is_told_elsewhere(
	const struct run *run, const struct reached reached[DIFF_SIDES], struct arena *scratch, size_t index)
{
	const struct diff_domain *domain = &run->settings->domains.items[index];
	if (!domain->is_part)
		return false;
	struct slice name = name_text(scratch, domain->name);
	for (size_t side = 0; side < DIFF_SIDES; side++) {
		bool is_there = run->sights[side][index].side.spf_status != STATUS_NONE;
		if (is_there &&
			(reached[side].count == 0 || bsearch(&name, reached[side].names, reached[side].count,
							     sizeof name, by_bytes) == NULL))
			return false;
	}
	return true;
}

/* --- comparing --------------------------------------------------------------------------------------- */

static bool flush(struct run *run, size_t at_least)
{
	if (run->out.failed)
		return false;
	if (run->out.len < at_least)
		return true;
	bool written = output_write(run->cli->output, buf_slice(&run->out));
	buf_clear(&run->out);
	return written;
}

static enum exitcode status_of(const struct diff *diff)
{
	if (diff->denied != 0)
		return EXITCODE_FINDINGS;
	return diff_is_incomplete(diff) ? EXITCODE_INCOMPLETE : EXITCODE_CLEAN;
}

/* What a denial is told by. */
static const struct {
	enum diff_denial denial;
	enum rule_id rule;
} told_by[] = {
	{DIFF_DENY_WIDEN, RULE_CHANGE_PASS_WIDENED},
	{DIFF_DENY_WIDEN, RULE_CHANGE_PASS_POSSIBLE},
	{DIFF_DENY_WEAKEN, RULE_CHANGE_POLICY_WEAKENED},
	{DIFF_DENY_LOOKUPS, RULE_CHANGE_LOOKUPS_GROWN},
};

/* The denials that a finding among `changes` tells. */
static unsigned denials_told(const struct findings *changes)
{
	unsigned told = 0;
	for (size_t i = 0; i < changes->count; i++)
		for (size_t t = 0; t < sizeof told_by / sizeof told_by[0]; t++)
			if (changes->items[i].rule == told_by[t].rule)
				told |= told_by[t].denial;
	return told;
}

/* An exception for a change, with a reason or as --ignore, also holds for what is denied. */
static void filter_changes(const struct filter *filter, struct diff *diff)
{
	unsigned before = denials_told(&diff->changes);
	filter_findings(filter, &diff->changes);
	diff->denied &= ~(before & ~denials_told(&diff->changes));
}

static void compare(struct run *run, struct write_diff_run *writing, struct arena *scratch, size_t index)
{
	struct diff diff;
	diff_compare(scratch, run->settings->domains.items[index].name, &run->sights[BEFORE][index].side,
		&run->sights[AFTER][index].side, run->settings->deny, &diff);
	filter_changes(&run->filters[AFTER], &diff);
	lint_locate_findings(run->locates[AFTER], scratch, &diff.changes);
	lint_locate_findings(run->locates[BEFORE], scratch, &diff.changes); /* what is gone stands there */
	run->status = exitcode_worse(run->status, status_of(&diff));
	write_diff_domain(writing, scratch, &diff);
}

/* What is wrong with exceptions after the change; those of the files before it are the past. */
static void tell_exceptions(struct run *run, struct write_diff_run *writing, struct arena *scratch)
{
	struct findings findings;
	exceptions_finish(&run->exceptions[AFTER], &run->settings->filter, &findings);
	if (!write_diff_findings(writing, scratch, &findings))
		exceptions_complain(run->cli->arena, &findings);
}

static void free_sights(struct run *run, size_t index)
{
	for (size_t side = 0; side < DIFF_SIDES; side++)
		arena_free(&run->sights[side][index].arena);
}

static void compare_all(struct run *run)
{
	const struct diff_settings *settings = run->settings;
	struct write_diff_run writing;
	struct reached reached[DIFF_SIDES] = {{NULL, 0}, {NULL, 0}};
	struct arena scratch;
	arena_init(&scratch, run->cli->arena->escape);
	for (size_t side = 0; side < DIFF_SIDES && !settings->named; side++)
		list_reached(run, side, &reached[side]);
	write_diff_begin(&writing, &scratch, settings->format, &run->out, &settings->output,
		settings->sides[BEFORE].given, settings->sides[AFTER].given);
	for (size_t i = 0; i < settings->domains.count && flush(run, FLUSH_BYTES); i++) {
		struct arena_mark mark = arena_mark(&scratch);
		if (settings->named || !is_told_elsewhere(run, reached, &scratch, i))
			compare(run, &writing, &scratch, i);
		else
			writing.total.parts++;
		arena_rewind(&scratch, mark);
	}
	tell_exceptions(run, &writing, &scratch);
	write_diff_end(&writing, &scratch);
	flush(run, 0);
	arena_free(&scratch);
	if (run->out.failed)
		run->status = failed(SLICE("out of memory"), EXITCODE_INTERNAL);
}

static enum exitcode run_all(struct run *run)
{
	const struct diff_settings *settings = run->settings;
	size_t count = settings->domains.count;
	if (count == 0)
		complain(SLICE("neither side has a domain with SPF or DMARC records: nothing is compared"));
	for (size_t side = 0; side < DIFF_SIDES; side++)
		run->sights[side] = arena_alloc(run->cli->arena, (count + 1) * sizeof(struct sight));
	enum exitcode status = count > 0 ? inspect_both(run) : EXITCODE_CLEAN;
	run->inspected = status == EXITCODE_CLEAN;
	if (run->inspected) {
		compare_all(run);
		status = run->status;
	}
	for (size_t i = 0; i < count; i++)
		free_sights(run, i);
	return status;
}

/* The results of a side depend on the public suffix list too. */
static void compare_psl(const struct run *run)
{
	struct arena *arena = run->cli->arena;
	saved_run_compare_psl(arena, &run->settings->sources.saved, run->psl);
	for (size_t i = 0; i < DIFF_SIDES; i++) {
		const struct diff_sides_one *side = &run->settings->sides[i];
		if (side->saved == NULL)
			continue;
		const struct saved_run saved = {.replay = side->file.ptr, .data = *side->saved};
		saved_run_compare_psl(arena, &saved, run->psl);
	}
}

/* With --save-dns what was asked is kept in its file. */
static enum exitcode run_over_snapshot(struct run *run, struct saved_run *saved)
{
	struct arena *arena = run->cli->arena;
	run->snapshot = saved_run_open(saved) && saved->save != NULL ? saved->snapshot : snapshot_open(0);
	if (run->snapshot == NULL)
		return failed(SLICE("out of memory"), EXITCODE_INTERNAL);
	enum exitcode status = run_all(run);
	if (saved->save == NULL)
		snapshot_close(run->snapshot);
	if (run->inspected)
		return saved_run_end(arena, saved, (struct snapshot_meta){0}, run->psl, status);
	saved_run_drop(saved);
	return status;
}

static bool open_exceptions(struct run *run, struct slice *error)
{
	for (size_t which = 0; which < DIFF_SIDES; which++) {
		const struct zones zones = zones_of(run, which);
		struct exceptions *exceptions = &run->exceptions[which];
		if (!exceptions_open(run->cli->arena, EXCEPTIONS_CHANGES, run->cli->config, zones.items,
			    zones.count, exceptions, error))
			return false;
		run->filters[which] = run->settings->filter;
		run->filters[which].suppressions = exceptions_list(exceptions);
	}
	return true;
}

enum exitcode cmd_diff(struct cli *cli)
{
	struct diff_settings *settings = arena_alloc(cli->arena, sizeof *settings);
	struct run *run = arena_alloc(cli->arena, sizeof *run);
	struct psl *psl = NULL;
	struct slice error;
	*run = (struct run){.cli = cli, .settings = settings};
	if (!diff_settings_read(cli->arena, cli->options, settings, &error) ||
		!open_exceptions(run, &error) ||
		!psl_option_open(cli->arena, settings->psl_file, &psl, &error))
		return failed(error, EXITCODE_USAGE);
	run->psl = psl;
	compare_psl(run);
	buf_init(&run->out);
	enum exitcode status = run_over_snapshot(run, &settings->sources.saved);
	buf_free(&run->out);
	psl_close(psl);
	return status;
}
