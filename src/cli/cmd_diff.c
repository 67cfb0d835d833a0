/* cmd_diff: `mailauth diff`: inspects the domains with the answers of both sides, compares, writes what
 * differs.
 *
 *     domains 0 to 1023       BEFORE: a side of each --\
 *                                                       compare, write, forget
 *                             AFTER:  a side of each --/
 *     domains 1024 to 2047    ...
 *
 * Memory is that of the files and of one such batch, however many domains there are.
 */
#include "cli/complain.h"
#include "cli/diff_parts.h"
#include "cli/diff_pass.h"
#include "cli/exceptions.h"
#include "cli/psl_option.h"
#include "cli/run_status.h"

#define FLUSH_BYTES ((size_t)64 << 10)

enum { BEFORE, AFTER };

/* What is in flight at once, this many times: then threads seldom wait for the last domains of a batch. */
#define BATCH_WINDOWS 2
#define BATCH_LEAST   1000

/* Some domains in a row, with what both sides say of them. */
struct batch {
	size_t first, count;
	struct diff_sight *sights[DIFF_SIDES];
};

/* --- a run ----------------------------------------------------------------------------------------- */

struct run {
	struct cli *cli;
	const struct diff_settings *settings;
	struct psl *psl;
	struct snapshot *snapshot;
	/* Each side has the exceptions of its own files, and those of the configuration file. */
	struct exceptions exceptions[DIFF_SIDES];
	struct filter filters[DIFF_SIDES];
	struct diff_pass passes[DIFF_SIDES];
	struct diff_parts parts;
	bool parts_are_known; /* all domains were asked what they reach */
	struct progress progress;
	struct write_diff_run writing;
	struct buf out;
	bool inspected; /* everything */
	enum exitcode status;
};

/* Of --zone, --record and --remove; behind them stands what --replay answers with. */
static size_t count_over(const struct sources *sources)
{
	return sources->local_count - (sources->saved.replay != NULL ? 1 : 0);
}

/* The files of a side; what the options say lies over AFTER. A saved run knows all that was asked on its
 * side. */
static void set_sources(struct run *run, size_t which, struct diff_pass *pass)
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
static struct zonefile_list zones_of(const struct run *run, size_t which)
{
	const struct diff_sides_one *side = &run->settings->sides[which];
	const struct sources *over = &run->settings->sources;
	size_t over_count = which == AFTER ? over->zones.count : 0;
	struct zonefile_list zones = {.count = over_count + side->zones.count};
	zones.items = arena_alloc(run->cli->arena, (zones.count + 1) * sizeof(const struct zonefile *));
	for (size_t i = 0; i < over_count; i++)
		zones.items[i] = over->zones.items[i];
	for (size_t i = 0; i < side->zones.count; i++)
		zones.items[over_count + i] = side->zones.items[i];
	return zones;
}

static void set_pass(struct run *run, size_t which)
{
	struct diff_pass *pass = &run->passes[which];
	const struct zonefile_list zones = zones_of(run, which);
	*pass = (struct diff_pass){.settings = run->settings,
		.psl = run->psl,
		.filter = &run->filters[which],
		.locate = lint_locate_open(run->cli->arena, zones),
		.snapshot = run->snapshot,
		.progress = &run->progress};
	set_sources(run, which, pass);
}

/* --- batches ----------------------------------------------------------------------------------------- */

static void open_batch(struct run *run, struct batch *batch)
{
	const struct run_limits *limits = &run->settings->limits;
	size_t size = BATCH_WINDOWS * limits->threads * limits->concurrency;
	*batch = (struct batch){.count = size < BATCH_LEAST ? BATCH_LEAST : size};
	if (batch->count > run->settings->domains.count)
		batch->count = run->settings->domains.count;
	for (size_t which = 0; which < DIFF_SIDES; which++)
		batch->sights[which] = arena_alloc(run->cli->arena, batch->count * sizeof(struct diff_sight));
}

static void clear_batch(struct batch *batch)
{
	for (size_t which = 0; which < DIFF_SIDES; which++)
		for (size_t i = 0; i < batch->count; i++)
			arena_free(&batch->sights[which][i].arena);
}

/* Moves an empty batch to the domains from `first` on; false: there are none. */
static bool move_batch(const struct run *run, struct batch *batch, size_t first)
{
	size_t left = run->settings->domains.count - first;
	batch->first = first;
	if (batch->count > left)
		batch->count = left;
	return batch->count > 0;
}

static bool is_part(const struct run *run, const struct batch *batch, size_t i)
{
	return run->settings->domains.items[batch->first + i].is_part;
}

static enum exitcode inspect_side(struct run *run, struct batch *batch, size_t which, bool parts)
{
	struct diff_pass *pass = &run->passes[which];
	const char *why = NULL;
	pass->done = DIFF_SIDES * batch->first + which * batch->count;
	enum driver_status status =
		diff_pass_run(pass, batch->first, batch->count, parts, batch->sights[which], &why);
	return run_status_of(run->cli->arena, status, why);
}

/* Both sides, and which parts their domains reach. */
static enum exitcode inspect_batch(struct run *run, struct batch *batch, bool parts)
{
	enum exitcode status = EXITCODE_CLEAN;
	for (size_t which = 0; which < DIFF_SIDES && status == EXITCODE_CLEAN; which++)
		status = inspect_side(run, batch, which, parts);
	for (size_t which = 0; which < DIFF_SIDES && status == EXITCODE_CLEAN; which++)
		for (size_t i = 0; i < batch->count; i++)
			if (!is_part(run, batch, i))
				diff_parts_reach(&run->parts, which, &batch->sights[which][i].side);
	return status;
}

/* --- parts of other domains -------------------------------------------------------------------------- */

/* True when what changes at domain `i` of the batch is told where it is used. */
static bool is_told_elsewhere(
	const struct run *run, struct arena *scratch, const struct batch *batch, size_t i)
{
	if (run->settings->named || !is_part(run, batch, i))
		return false;
	const struct diff_side *sides[DIFF_SIDES] = {
		&batch->sights[BEFORE][i].side, &batch->sights[AFTER][i].side};
	struct slice name = name_text(scratch, run->settings->domains.items[batch->first + i].name);
	return diff_parts_are_told(&run->parts, name, sides);
}

/* True when domains behind the batch may reach a part in it that is not reached yet. */
static bool must_look_ahead(const struct run *run, struct arena *scratch, const struct batch *batch)
{
	bool must = false;
	struct arena_mark mark = arena_mark(scratch);
	for (size_t i = 0; i < batch->count && !must && !run->parts_are_known; i++) {
		must = !run->settings->named && is_part(run, batch, i) &&
		       !is_told_elsewhere(run, scratch, batch, i);
		arena_rewind(scratch, mark);
	}
	return must;
}

/* Inspects all domains from `first` on, which have their turn later, only for what they reach. */
static enum exitcode look_ahead(struct run *run, size_t first)
{
	struct batch batch;
	enum exitcode status = EXITCODE_CLEAN;
	struct arena_mark mark = arena_mark(run->cli->arena);
	open_batch(run, &batch);
	for (; status == EXITCODE_CLEAN && move_batch(run, &batch, first); first += batch.count) {
		status = inspect_batch(run, &batch, false);
		clear_batch(&batch);
	}
	arena_rewind(run->cli->arena, mark);
	run->parts_are_known = true;
	return status;
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

static void compare(struct run *run, struct arena *scratch, const struct batch *batch, size_t i)
{
	struct diff diff;
	diff_compare(scratch, run->settings->domains.items[batch->first + i].name,
		&batch->sights[BEFORE][i].side, &batch->sights[AFTER][i].side, run->settings->deny, &diff);
	filter_changes(&run->filters[AFTER], &diff);
	lint_locate_findings(run->passes[AFTER].locate, scratch, &diff.changes);
	/* what is gone stands there */
	lint_locate_findings(run->passes[BEFORE].locate, scratch, &diff.changes);
	run->status = exitcode_worse(run->status, status_of(&diff));
	write_diff_domain(&run->writing, scratch, &diff);
}

/* False: the output is broken. */
static bool compare_batch(struct run *run, struct arena *scratch, const struct batch *batch)
{
	bool is_written = true;
	progress_pause(&run->progress);
	for (size_t i = 0; i < batch->count && is_written; i++) {
		struct arena_mark mark = arena_mark(scratch);
		if (is_told_elsewhere(run, scratch, batch, i))
			run->writing.total.parts++;
		else
			compare(run, scratch, batch, i);
		arena_rewind(scratch, mark);
		is_written = flush(run, FLUSH_BYTES);
	}
	progress_resume(&run->progress);
	return is_written;
}

/* What is wrong with exceptions after the change; those of the files before it are the past. */
static void tell_exceptions(struct run *run, struct arena *scratch)
{
	struct findings findings;
	exceptions_finish(&run->exceptions[AFTER], &run->settings->filter, &findings);
	if (!write_diff_findings(&run->writing, scratch, &findings))
		exceptions_complain(run->cli->arena, &findings);
}

static enum exitcode run_batch(struct run *run, struct arena *scratch, struct batch *batch, bool *is_written)
{
	enum exitcode status = inspect_batch(run, batch, true);
	if (status == EXITCODE_CLEAN && must_look_ahead(run, scratch, batch))
		status = look_ahead(run, batch->first + batch->count);
	if (status == EXITCODE_CLEAN && *is_written)
		*is_written = compare_batch(run, scratch, batch);
	return status;
}

/* What is saved is the whole run, also when nobody reads its output to the end. */
static enum exitcode run_batches(struct run *run, struct arena *scratch)
{
	struct batch batch;
	bool is_written = true, saves = run->settings->sources.saved.save != NULL;
	enum exitcode status = EXITCODE_CLEAN;
	open_batch(run, &batch);
	for (size_t first = 0;
		status == EXITCODE_CLEAN && (is_written || saves) && move_batch(run, &batch, first);
		first += batch.count) {
		status = run_batch(run, scratch, &batch, &is_written);
		clear_batch(&batch);
	}
	return status;
}

/* Nothing is written before the first batch is done. */
static enum exitcode run_all(struct run *run)
{
	const struct diff_settings *settings = run->settings;
	struct arena scratch;
	arena_init(&scratch, run->cli->arena->escape);
	if (settings->domains.count == 0)
		complain(SLICE("neither side has a domain with SPF or DMARC records: nothing is compared"));
	for (size_t which = 0; which < DIFF_SIDES; which++)
		set_pass(run, which);
	diff_parts_list(run->cli->arena, &settings->domains, &run->parts);
	write_diff_begin(&run->writing, &scratch, settings->format, &run->out, &settings->output,
		settings->sides[BEFORE].given, settings->sides[AFTER].given);
	progress_init(&run->progress, !settings->output.quiet);
	enum exitcode status = run_batches(run, &scratch);
	progress_end(&run->progress);
	run->inspected = status == EXITCODE_CLEAN;
	if (run->inspected)
		tell_exceptions(run, &scratch);
	write_diff_end(&run->writing, &scratch);
	arena_free(&scratch);
	if (!run->inspected)
		return status;
	flush(run, 0);
	return run->out.failed ? run_status_no_memory() : run->status;
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
		return run_status_no_memory();
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
		const struct zonefile_list zones = zones_of(run, which);
		struct exceptions *exceptions = &run->exceptions[which];
		if (!exceptions_open(
			    run->cli->arena, EXCEPTIONS_CHANGES, run->cli->config, zones, exceptions, error))
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
		!open_exceptions(run, &error) || !psl_option_open(cli->arena, cli->options, &psl, &error))
		return run_status_fail(error, EXITCODE_USAGE);
	run->psl = psl;
	compare_psl(run);
	buf_init(&run->out);
	enum exitcode status = run_over_snapshot(run, &settings->sources.saved);
	buf_free(&run->out);
	psl_close(psl);
	return status;
}
