/* evaluation: see evaluation.h. */
#include "cli/evaluation.h"

#include "cli/run_limits.h"
#include "cli/run_status.h"
#include "cli/style.h"

bool evaluation_read(struct arena *arena, const struct options *options, struct evaluation_settings *out,
	struct slice *error)
{
	struct slice format;
	*out = (struct evaluation_settings){0};
	if (!options_format(arena, options, &format, error) ||
		!style_read(arena, options, &out->output, error))
		return false;
	out->json = slice_equal(format, SLICE("json"));
	out->output.verbose = options_given(options, OPTION_VERBOSE);
	return run_limits_max_time(arena, options, &out->max_time_ms, error) &&
	       sources_check_stdin(arena, options, error) &&
	       sources_read(arena, options, &out->sources, error);
}

/* The work of a replay: how long it takes says nothing about the run that was saved. */
static enum eval_state evaluate(void *context, struct view *view, struct arena *scratch)
{
	const struct run_one *work = context;
	return work->evaluate(work->context, view, scratch);
}

static void done(void *context, struct arena *scratch, const struct verdict_cost *cost)
{
	const struct run_one *work = context;
	const struct verdict_cost untimed = {cost->queries, cost->from_cache, -1};
	work->done(work->context, scratch, &untimed);
}

enum exitcode evaluation_run(
	struct arena *arena, struct evaluation_settings *settings, const struct run_one *work)
{
	struct run_one own = *work, replayed = {evaluate, done, &own};
	const struct driver_options options = {.max_time_ms = settings->max_time_ms,
		.open_source = sources_open,
		.source_context = &settings->sources};
	const char *why = NULL;
	if (!saved_run_open(&settings->sources.saved))
		return run_status_no_memory();
	const struct run_one *chosen = settings->sources.saved.replay != NULL ? &replayed : work;
	enum driver_status status = run_one(&options, chosen, &why);
	return run_status_of(arena, status, why);
}

enum exitcode evaluation_finish(struct cli *cli, struct evaluation_settings *settings, struct buf *out,
	const struct snapshot_meta *meta, const struct psl *psl, enum exitcode status)
{
	if (out->failed)
		status = run_status_no_memory();
	else
		output_write(cli->output, buf_slice(out));
	buf_free(out);
	if (meta != NULL)
		return saved_run_end(cli->arena, &settings->sources.saved, *meta, psl, status);
	saved_run_drop(&settings->sources.saved);
	return status;
}
