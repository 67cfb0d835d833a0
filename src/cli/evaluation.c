/* evaluation: see evaluation.h. */
#include "cli/evaluation.h"

#include "cli/complain.h"
#include "cli/style.h"
#include "cli/value.h"

#define DEFAULT_MAX_TIME_MS 20000 /* RFC 7208 4.6.4 */

bool evaluation_read(struct arena *arena, const struct options *options, struct evaluation_settings *out,
	struct slice *error)
{
	const struct option_use *max_time = options_first(options, OPTION_MAX_TIME);
	struct slice format;
	*out = (struct evaluation_settings){.max_time_ms = DEFAULT_MAX_TIME_MS};
	if (!options_format(arena, options, &format, error) ||
		!style_read(arena, options, &out->output, error))
		return false;
	out->json = slice_equal(format, SLICE("json"));
	out->output.verbose = options_given(options, OPTION_VERBOSE);
	if (max_time != NULL &&
		!value_duration(arena, max_time->spelled, max_time->value, &out->max_time_ms, error))
		return false;
	return sources_check_stdin(arena, options, error) &&
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
	const struct driver_options options = {.concurrency = 1,
		.max_time_ms = settings->max_time_ms,
		.open_source = sources_open,
		.source_context = &settings->sources};
	const char *why = NULL;
	if (!saved_run_open(&settings->sources.saved)) {
		complain(SLICE("out of memory"));
		return EXITCODE_INTERNAL;
	}
	switch (run_one(&options, settings->sources.saved.replay != NULL ? &replayed : work, &why)) {
	case DRIVER_OK:
		return EXITCODE_CLEAN;
	case DRIVER_NO_SOURCE:
		complain(arena_printf(arena, "cannot ask any name server: %s", why));
		return EXITCODE_USAGE;
	case DRIVER_OUT_OF_MEMORY:
		complain(SLICE("out of memory"));
		return EXITCODE_INTERNAL;
	case DRIVER_INTERNAL:
		break;
	}
	complain(SLICE("internal error: an evaluation made no progress"));
	return EXITCODE_INTERNAL;
}

enum exitcode evaluation_finish(struct cli *cli, struct evaluation_settings *settings, struct buf *out,
	const struct snapshot_meta *meta, const struct psl *psl, enum exitcode status)
{
	if (out->failed) {
		complain(SLICE("out of memory"));
		status = EXITCODE_INTERNAL;
	} else {
		output_write(cli->output, buf_slice(out));
	}
	buf_free(out);
	if (meta != NULL)
		return saved_run_end(cli->arena, &settings->sources.saved, *meta, psl, status);
	saved_run_drop(&settings->sources.saved);
	return status;
}
