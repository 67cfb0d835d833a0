/* diff_pass: see diff_pass.h. */
#include "cli/diff_pass.h"

#include "cli/exitcode.h"
#include "dns/source_saver.h"
#include "dns/source_stack.h"
#include "inspect/pool.h"

/* One run over some domains. next() is called by one thread at a time; a sight is written by the thread that
 * made its verdict. */
struct work {
	const struct diff_pass *pass;
	size_t first, next, end;
	bool parts;
	struct diff_sight *sights;
};

/* Jobs are numbered where lists have their lines: from 1. */
static enum pool_next next(void *context, bool may_wait, struct arena *arena, struct pool_job *out)
{
	struct work *work = context;
	const struct diff_domain *domains = work->pass->settings->domains.items;
	(void)may_wait;
	while (!work->parts && work->next < work->end && domains[work->next].is_part)
		work->next++;
	if (work->next == work->end)
		return POOL_END;
	struct name name = domains[work->next++].name;
	snapshot_add_domain(work->pass->snapshot, name);
	*out = (struct pool_job){.request = {.domain = name,
					 .input = name_text(arena, name),
					 .input_line = work->next,
					 .psl = work->pass->psl}};
	return POOL_JOB;
}

static int render(void *context, struct verdict *verdict, struct arena *scratch, struct buf *out)
{
	const struct work *work = context;
	struct diff_sight *sight = &work->sights[verdict->input_line - 1 - work->first];
	(void)out;
	filter_apply(work->pass->filter, verdict);
	arena_init(&sight->arena, scratch->escape);
	lint_locate_findings(work->pass->locate, &sight->arena, &verdict->findings);
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
	const struct work *work = context;
	const struct diff_pass *pass = work->pass;
	progress_show(pass->progress, (pass->done + (work->parts ? done : 0)) / DIFF_SIDES);
}

/* What no file of a side knows: from the network, or from a run that was saved; NULL with *is_broken unless
 * nobody is to be asked. */
static struct source *open_bottom(const struct diff_pass *pass, struct source_sink sink,
	struct escape *escape, const char **why, bool *is_broken)
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
	const struct diff_pass *pass = ((const struct work *)context)->pass;
	bool is_broken = false;
	struct source *bottom = open_bottom(pass, sink, escape, why, &is_broken);
	return is_broken ? NULL : source_stack_open(pass->locals, pass->local_count, bottom, sink, escape);
}

enum driver_status diff_pass_run(const struct diff_pass *pass, size_t first, size_t count, bool parts,
	struct diff_sight *sights, const char **why)
{
	const struct run_limits *limits = &pass->settings->limits;
	struct work work = {.pass = pass,
		.first = first,
		.next = first,
		.end = first + count,
		.parts = parts,
		.sights = sights};
	const struct pool_client client = {next, render, emit, tick, &work};
	const struct pool_options pool = {
		.threads = limits->threads,
		.driver = {.concurrency = limits->concurrency,
			.max_time_ms = limits->max_time_ms,
			.open_source = open_source,
			.source_context = &work},
	};
	return pool_run(&pool, &client, NULL, why);
}
