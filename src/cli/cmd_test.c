/* cmd_test: `mailauth test`: whether the expectations of the configuration file hold.
 *
 *     expectations --next--> driver: asks, judges --evaluate--> results, in the order of the file
 *
 * Each expectation is a job of its own over one table of answers: all are in flight at once, a question that
 * several have is asked once, and what could not be asked is told of the expectation that needed it.
 */
#include <time.h>

#include "cli/exceptions.h"
#include "cli/psl_option.h"
#include "cli/run_status.h"
#include "cli/test_settings.h"
#include "config/config_judge.h"
#include "report/write_test.h"

#define CONCURRENCY 2000 /* expectations in flight */

struct run {
	struct arena *arena;
	struct test_settings *settings;
	struct config_judge_world world;
	struct exceptions exceptions;
	size_t taken;
	struct write_test_result *results;
	struct write_test_report report;
};

/* --- results ----------------------------------------------------------------------------------- */

static const enum write_test_status statuses[] = {
	[CONFIG_JUDGE_OK] = WRITE_TEST_OK,
	[CONFIG_JUDGE_FAILED] = WRITE_TEST_FAILED,
	[CONFIG_JUDGE_UNKNOWN] = WRITE_TEST_UNKNOWN,
};

/* "192.0.2.1", "192.0.2.0/24"; empty for other subjects. */
static struct slice network_text(struct arena *arena, const struct config_expectation *expectation)
{
	if (expectation->subject != CONFIG_SPF)
		return SLICE("");
	struct prefix network = expectation->network;
	return network.length == ip_bits(network.ip.family) ? ip_text(arena, network.ip)
							    : prefix_text(arena, network);
}

static void copy_failures(
	struct arena *arena, const struct config_judgement *judgement, struct write_test_result *out)
{
	const struct answer **copies =
		arena_alloc(arena, judgement->hidden_count * sizeof(const struct answer *));
	for (size_t i = 0; i < judgement->hidden_count; i++)
		copies[i] = answer_copy(arena, judgement->hidden[i]);
	out->incomplete = copies;
	out->incomplete_count = judgement->hidden_count;
}

/* Answers and scratch memory go: what is printed is copied. */
static void note(struct run *run, size_t index, const struct config_judgement *judgement)
{
	const struct config_expectation *expectation = run->settings->expectations[index];
	struct write_test_result *result = &run->results[index];
	*result = (struct write_test_result){
		.status = statuses[judgement->status],
		.text = expectation->text,
		.domain = expectation->domain,
		.subject = config_judge_subject(expectation->subject),
		.network = network_text(run->arena, expectation),
		.sender = expectation->sender,
		.expected = config_judge_expected(run->arena, expectation),
		.actual = arena_copy(run->arena, judgement->actual),
		.message = arena_copy(run->arena, judgement->message),
		.file = expectation->place.file,
		.line = expectation->place.line,
		.column = expectation->place.column,
	};
	copy_failures(run->arena, judgement, result);
	run->report.ok += result->status == WRITE_TEST_OK;
	run->report.failed += result->status == WRITE_TEST_FAILED;
	run->report.unknown += result->status == WRITE_TEST_UNKNOWN;
}

/* --- the run ----------------------------------------------------------------------------------- */

static bool next(void *context, struct inspect_request *out, size_t *ticket, bool *again)
{
	struct run *run = context;
	(void)again;
	if (run->taken == run->settings->count)
		return false;
	*out = (struct inspect_request){.domain = run->settings->expectations[run->taken]->domain};
	*ticket = run->taken++;
	return true;
}

static enum eval_state evaluate(void *context, size_t ticket, const struct inspect_request *request,
	struct view *view, struct arena *scratch, struct verdict *out)
{
	struct run *run = context;
	struct config_judgement judgement = {.status = CONFIG_JUDGE_OK};
	*out = (struct verdict){.domain = request->domain};
	if (config_judge(run->settings->expectations[ticket], &run->world, view, scratch, &judgement) !=
		EVAL_DONE)
		return EVAL_NEEDS_ANSWERS;
	note(run, ticket, &judgement);
	return EVAL_DONE;
}

static void done(void *context, size_t ticket, const struct verdict *verdict)
{
	struct verdict_cost *cost = &((struct run *)context)->report.cost;
	(void)ticket;
	cost->queries += verdict->cost.queries;
	cost->from_cache += verdict->cost.from_cache;
	if (verdict->cost.elapsed_ms > cost->elapsed_ms)
		cost->elapsed_ms = verdict->cost.elapsed_ms;
}

/* EXITCODE_CLEAN when all are judged; else it has complained. */
static enum exitcode judge_all(struct run *run)
{
	struct sources *sources = &run->settings->evaluation.sources;
	const struct driver_client client = {
		.next = next, .done = done, .context = run, .evaluate = evaluate};
	const struct driver_options options = {.concurrency = CONCURRENCY,
		.max_time_ms = run->settings->evaluation.max_time_ms,
		.open_source = sources_open,
		.source_context = sources};
	const char *why = NULL;
	if (!saved_run_open(&sources->saved))
		return run_status_no_memory();
	enum driver_status status = driver_run(&options, &client, &why);
	return run_status_of(run->arena, status, why);
}

/* --- the end ----------------------------------------------------------------------------------- */

static enum exitcode status_of(const struct write_test_report *report)
{
	if (report->failed > 0)
		return EXITCODE_FINDINGS;
	return report->unknown > 0 ? EXITCODE_INCOMPLETE : EXITCODE_CLEAN;
}

/* Writes the results, and the file of --save-dns, with the time that the macros saw. */
static enum exitcode write_results(struct cli *cli, struct run *run)
{
	struct test_settings *settings = run->settings;
	const struct snapshot_meta meta = {.has_time = true, .time = run->world.time};
	struct buf out;
	if (settings->evaluation.sources.saved.replay != NULL)
		run->report.cost.elapsed_ms = -1; /* says nothing about the run that was saved */
	buf_init(&out);
	switch (settings->format) {
	case TEST_FORMAT_TEXT:
		write_test_text(&out, cli->arena, &settings->evaluation.output, &run->report);
		break;
	case TEST_FORMAT_JSON:
		write_test_json(&out, cli->arena, &run->report);
		break;
	case TEST_FORMAT_JUNIT:
		write_test_junit(&out, cli->arena, &run->report);
		break;
	}
	return evaluation_finish(
		cli, &settings->evaluation, &out, &meta, run->world.psl, status_of(&run->report));
}

/* What is wrong with exceptions that somebody has written down, for the verdicts; no test fails for that. */
static void tell_exceptions(struct run *run)
{
	struct findings findings;
	exceptions_finish(&run->exceptions, &run->settings->filter, &findings);
	exceptions_complain(run->arena, &findings);
}

/* Now, or the time of the run that is replayed. */
static int64_t time_of(const struct saved_run *saved)
{
	bool has_own = saved->replay != NULL && saved->data.meta.has_time;
	return has_own ? saved->data.meta.time : (int64_t)time(NULL);
}

static void prepare(struct run *run, struct psl *psl)
{
	const struct saved_run *saved = &run->settings->evaluation.sources.saved;
	saved_run_compare_psl(run->arena, saved, psl);
	run->settings->filter.suppressions = exceptions_list(&run->exceptions);
	run->world = (struct config_judge_world){
		.psl = psl, .filter = &run->settings->filter, .time = time_of(saved)};
	run->results = arena_alloc(run->arena, run->settings->count * sizeof *run->results);
	run->report.results = run->results;
	run->report.count = run->settings->count;
}

enum exitcode cmd_test(struct cli *cli)
{
	struct test_settings settings;
	struct run run = {.arena = cli->arena, .settings = &settings};
	struct psl *psl = NULL;
	struct slice error;
	const struct sources *sources = &settings.evaluation.sources;
	if (!test_settings_read(cli->arena, cli->options, cli->config, &settings, &error) ||
		!exceptions_open(cli->arena, EXCEPTIONS_DOMAINS, cli->config, sources->zones, &run.exceptions,
			&error) ||
		!psl_option_open(cli->arena, cli->options, &psl, &error))
		return run_status_fail(error, EXITCODE_USAGE);
	prepare(&run, psl);
	enum exitcode status = judge_all(&run);
	if (status == EXITCODE_CLEAN) {
		status = write_results(cli, &run);
		tell_exceptions(&run);
	} else {
		saved_run_drop(&settings.evaluation.sources.saved);
	}
	psl_close(psl);
	return status;
}
