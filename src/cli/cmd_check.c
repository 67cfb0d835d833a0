/* cmd_check: `mailauth check`: inspects domains and writes what was found, in the order they were given.
 *
 *     arguments or --input --next--> pool: asks, inspects, renders --emit--> standard output
 *
 * Everything that can be wrong with the command line or the zone files is found before anything is asked.
 */

#include "cli/check_settings.h"
#include "cli/complain.h"
#include "cli/domain.h"
#include "cli/exceptions.h"
#include "cli/input.h"
#include "cli/progress.h"
#include "cli/psl_option.h"
#include "cli/run_status.h"
#include "inspect/pool.h"
#include "lint/lint_locate.h"
#include "report/document.h"

#define MAX_SHOWN_INPUT 256 /* bytes of a line that is too long */

/* One run. next() is called by one thread at a time, and so is emit(); they share only what is const. */
struct run {
	struct check_settings *settings;
	const struct options *options;
	const struct psl *psl;
	struct input *input; /* NULL: domains are arguments */
	size_t taken;	     /* arguments */
	struct output *output;
	struct progress progress;
	struct document document;
	struct buf out; /* what is to be printed next */
	const struct lint_locate *locate;
	struct exceptions exceptions;
	bool out_of_memory;
	enum exitcode status;
};

static enum pool_next next_argument(struct run *run, struct pool_job *out)
{
	if (run->taken == run->options->argument_count)
		return POOL_END;
	out->request.domain = run->settings->domains[run->taken];
	out->request.input = run->options->arguments[run->taken];
	run->taken++;
	return POOL_JOB;
}

static void read_line(struct arena *arena, const struct input_line *line, struct pool_job *out)
{
	out->request.input_line = line->number;
	out->request.input =
		arena_copy(arena, line->too_long ? slice_head(line->text, MAX_SHOWN_INPUT) : line->text);
	if (line->too_long)
		out->error = arena_printf(arena, "the line is longer than %d bytes", INPUT_MAX_LINE);
	else
		domain_parse(arena, out->request.input, &out->request.domain, &out->error);
}

static enum pool_next next_line(struct run *run, bool may_wait, struct arena *arena, struct pool_job *out)
{
	struct input_line line;
	switch (input_next(run->input, may_wait, &line)) {
	case INPUT_LINE:
		read_line(arena, &line, out);
		return POOL_JOB;
	case INPUT_NOT_YET:
		return POOL_NOT_YET;
	case INPUT_END:
	case INPUT_FAILED:
		break;
	}
	return POOL_END;
}

/* A domain that cannot be noted makes the end of the run fail (snapshot.h). */
static void note_domain(const struct run *run, const struct pool_job *job)
{
	struct snapshot *snapshot = run->settings->sources.saved.snapshot;
	if (snapshot != NULL && job->error.len == 0)
		snapshot_add_domain(snapshot, job->request.domain);
}

static enum pool_next next(void *context, bool may_wait, struct arena *arena, struct pool_job *out)
{
	struct run *run = context;
	*out = (struct pool_job){.request = {.sample = run->settings->sample, .psl = run->psl}};
	enum pool_next result =
		run->input != NULL ? next_line(run, may_wait, arena, out) : next_argument(run, out);
	if (result == POOL_JOB)
		note_domain(run, out);
	return result;
}

static int render(void *context, struct verdict *verdict, struct arena *scratch, struct buf *out)
{
	const struct run *run = context;
	const struct check_settings *settings = run->settings;
	if (settings->sources.saved.replay != NULL) {
		verdict->cost.elapsed_ms = -1; /* says nothing about the run that was saved */
		verdict->psl_time = saved_run_psl_time(&settings->sources.saved, run->psl);
	}
	filter_apply(&settings->filter, verdict);
	lint_locate_findings(run->locate, scratch, &verdict->findings);
	writer_put_verdict(settings->writer, out, scratch, &settings->output, verdict);
	return out->failed ? EXITCODE_INTERNAL : (int)exitcode_of(verdict, settings->fail_on);
}

/* Prints what the document has made of the results so far. */
static bool write_out(struct run *run)
{
	run->out_of_memory |= run->out.failed;
	return !run->out.failed && output_write(run->output, buf_slice(&run->out));
}

static bool emit(void *context, struct slice bytes, int mark)
{
	struct run *run = context;
	run->status = exitcode_worse(run->status, (enum exitcode)mark);
	if (mark == EXITCODE_INTERNAL) {
		run->out_of_memory = true;
		return false;
	}
	buf_clear(&run->out);
	document_add(&run->document, &run->out, bytes, true);
	if (run->out.len == 0 && !run->out.failed)
		return true;
	progress_pause(&run->progress);
	bool written = write_out(run);
	progress_resume(&run->progress);
	return written;
}

static void tick(void *context, size_t done)
{
	progress_show(&((struct run *)context)->progress, done);
}

/* The end of the output, also of one without any verdict: what is wrong with exceptions that somebody has
 * written down, where the format lists findings of all kinds. False: they are to be told otherwise. */
static bool finish_output(struct run *run, struct arena *arena, const struct findings *exceptions)
{
	buf_clear(&run->out);
	bool listed = document_add_findings(&run->document, &run->out, arena, exceptions);
	document_end(&run->document, &run->out);
	write_out(run);
	return listed;
}

/* How messages call the list of domains. */
static const char *input_name(struct arena *arena, const char *file)
{
	return strcmp(file, "-") == 0 ? "standard input" : complain_quote(arena, slice_cstr(file));
}

/* Opens the list of domains, when there is one. False with *error. */
static bool open_input(struct arena *arena, const char *file, struct input **out, struct slice *error)
{
	if (file == NULL)
		return true;
	struct input *input = arena_alloc(arena, sizeof *input);
	if (!input_open(input, file)) {
		*error = arena_printf(
			arena, "cannot read %s: %s", input_name(arena, file), strerror(input->error));
		return false;
	}
	*out = input;
	return true;
}

/* After everything is written: what was wrong with the list itself. */
static enum exitcode judge_input(struct run *run, struct arena *arena, size_t jobs)
{
	const char *file = run->settings->input;
	if (run->input == NULL)
		return EXITCODE_CLEAN;
	if (run->input->error != 0)
		return run_status_fail(arena_printf(arena, "cannot read %s: %s", input_name(arena, file),
					       strerror(run->input->error)),
			EXITCODE_USAGE);
	if (jobs == 0 && !run->settings->output.quiet)
		complain(arena_printf(arena, "there is no domain in %s", input_name(arena, file)));
	return EXITCODE_CLEAN;
}

/* What the pool said, then the statuses of the verdicts. */
static enum exitcode conclude(
	struct run *run, struct arena *arena, enum driver_status status, size_t jobs, const char *why)
{
	enum exitcode failure = run_status_of(arena, status, why);
	if (failure != EXITCODE_CLEAN)
		return failure;
	struct findings exceptions;
	exceptions_finish(&run->exceptions, &run->settings->filter, &exceptions);
	if (!run->out_of_memory && !finish_output(run, arena, &exceptions))
		exceptions_complain(arena, &exceptions);
	if (run->out_of_memory)
		return run_status_no_memory();
	run->status = exitcode_worse(run->status, exitcode_of_findings(&exceptions, run->settings->fail_on));
	return exitcode_worse(run->status, judge_input(run, arena, jobs));
}

static enum exitcode run_pool(struct run *run, struct arena *arena)
{
	struct check_settings *settings = run->settings;
	struct saved_run *saved = &settings->sources.saved;
	struct pool_stats stats = {0};
	const struct pool_client client = {next, render, emit, tick, run};
	const struct pool_options pool = {
		.threads = settings->limits.threads,
		.driver = {.concurrency = settings->limits.concurrency,
			.max_time_ms = settings->limits.max_time_ms,
			.open_source = sources_open,
			.source_context = &settings->sources},
	};
	const char *why = NULL;
	if (!saved_run_open(saved))
		return run_status_no_memory();
	progress_init(&run->progress, run->input != NULL && !settings->output.quiet);
	enum driver_status status = pool_run(&pool, &client, &stats, &why);
	progress_end(&run->progress);
	enum exitcode code = conclude(run, arena, status, stats.jobs, why);
	if (status == DRIVER_OK)
		return saved_run_end(arena, saved, (struct snapshot_meta){.zones = settings->sources.zones},
			run->psl, code);
	saved_run_drop(saved);
	return code;
}

enum exitcode cmd_check(struct cli *cli)
{
	struct check_settings *settings = arena_alloc(cli->arena, sizeof *settings);
	struct run run = {.settings = settings, .options = cli->options, .output = cli->output};
	struct psl *psl = NULL;
	struct slice error;
	/* The list is opened last: what it reads from may be a pipe somebody waits at. */
	if (!check_settings_read(cli->arena, cli->options, settings, &error) ||
		!exceptions_open(cli->arena, EXCEPTIONS_DOMAINS, cli->config, settings->sources.zones,
			&run.exceptions, &error) ||
		!psl_option_open(cli->arena, cli->options, &psl, &error) ||
		!open_input(cli->arena, settings->input, &run.input, &error)) {
		if (psl != NULL)
			psl_close(psl);
		return run_status_fail(error, EXITCODE_USAGE);
	}
	run.psl = psl;
	saved_run_compare_psl(cli->arena, &settings->sources.saved, psl);
	settings->filter.suppressions = exceptions_list(&run.exceptions);
	run.locate = lint_locate_open(cli->arena, settings->sources.zones);
	buf_init(&run.out);
	document_init(&run.document, settings->writer, &settings->output);
	enum exitcode status = run_pool(&run, cli->arena);
	document_free(&run.document);
	buf_free(&run.out);
	psl_close(psl);
	if (run.input != NULL)
		input_close(run.input);
	return status;
}
