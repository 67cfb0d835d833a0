/* cmd_spf: `mailauth spf`: check_host() for one message, or for all addresses of a network at once. */
#include "cli/complain.h"
#include "cli/envelope.h"
#include "cli/evaluation.h"
#include "cli/expectation.h"
#include "report/write_spf.h"

struct run {
	struct arena *arena;
	struct evaluation_settings settings;
	struct envelope message;
	bool has_expectation;
	enum spf_result expected;
	bool is_partition;
	struct spf_partition_request partition_request;
	/* of the last run */
	struct view *view;
	struct spf_verdict verdict;
	struct spf_partition partition;
	/* at the end */
	struct buf out;
	enum exitcode status;
};

/* --- the command line -------------------------------------------------------------------------- */

static bool check_needs(struct arena *arena, const struct options *options, struct slice domain,
	const struct run *run, struct slice *error)
{
	const struct envelope *message = &run->message;
	bool networks = options_given(options, OPTION_NETWORKS);
	if (networks && message->has_ip) {
		*error = SLICE("options '--networks' and '--ip' exclude each other");
		return false;
	}
	if (!envelope_require(arena, options, networks || message->has_ip, "--ip", error))
		return false;
	/* What a network gets can be told without a sender, when it is known whose record is meant. */
	return envelope_require(arena, options,
		message->has_sender || (run->is_partition && domain.ptr != NULL), "--sender", error);
}

static bool read_expectation(
	struct arena *arena, const struct options *options, struct run *out, struct slice *error)
{
	size_t from = 0;
	const struct option_use *use = options_next(options, OPTION_EXPECT, &from);
	out->has_expectation = use != NULL;
	if (use == NULL)
		return true;
	if (options_next(options, OPTION_EXPECT, &from) != NULL) {
		*error = arena_printf(arena, "option '%s' is given twice", use->spelled);
		return false;
	}
	return expectation_spf_result(arena, use->value, &out->expected, error);
}

static struct spf_partition_request partition_request(const struct envelope *message)
{
	return (struct spf_partition_request){.domain = message->input.domain,
		.sample = {.has_sender = message->has_sender,
			.has_helo = message->has_sender || message->has_helo,
			.sender = message->request.sender,
			.helo = message->has_sender ? message->request.helo : message->input.helo},
		.has_network = message->has_ip,
		.network = message->network};
}

static bool read_run(struct arena *arena, const struct options *options, struct run *out, struct slice *error)
{
	struct slice domain;
	if (!envelope_argument(arena, options, 1, &domain, error) ||
		!envelope_read(arena, options, domain, &out->message, error))
		return false;
	out->is_partition = options_given(options, OPTION_NETWORKS) || out->message.is_network;
	out->partition_request = partition_request(&out->message);
	if (!check_needs(arena, options, domain, out, error) ||
		!read_expectation(arena, options, out, error) ||
		!evaluation_read(arena, options, &out->settings, error))
		return false;
	envelope_replay(&out->message, options, &out->settings.sources.saved.data.meta);
	return true;
}

/* --- the evaluation ---------------------------------------------------------------------------- */

static enum eval_state evaluate(void *context, struct view *view, struct arena *scratch)
{
	struct run *run = context;
	run->view = view;
	if (run->is_partition)
		return spf_partition(&run->partition_request, view, scratch, &run->partition);
	return spf_check(&run->message.request, view, scratch, &run->verdict);
}

/* A partition holds an expectation only when everybody in it does. What is not as expected for now only,
 * is incomplete. */
static enum exitcode judge_partition(const struct run *run)
{
	bool others = spf_partition_has_unknown(&run->partition);
	bool temporary = spf_partition_has(&run->partition, SPF_TEMPERROR);
	for (size_t i = 0; i < SPF_RESULTS; i++)
		others = others || (i != SPF_TEMPERROR && i != run->expected &&
					   spf_partition_has(&run->partition, (enum spf_result)i));
	if (!run->has_expectation)
		return temporary ? EXITCODE_INCOMPLETE : EXITCODE_CLEAN;
	if (!others && (!temporary || run->expected == SPF_TEMPERROR))
		return EXITCODE_CLEAN;
	complain(arena_printf(run->arena, "expected %s for all of these addresses, got %s",
		spf_result_text(run->expected), spf_partition_words(run->arena, &run->partition)));
	return others ? EXITCODE_FINDINGS : EXITCODE_INCOMPLETE;
}

static enum exitcode judge_verdict(const struct run *run)
{
	enum spf_result result = run->verdict.result;
	if (run->has_expectation)
		return expectation_judge(run->arena, "", spf_result_text(run->expected),
			spf_result_text(result), result == SPF_TEMPERROR);
	return result == SPF_TEMPERROR ? EXITCODE_INCOMPLETE : EXITCODE_CLEAN;
}

static void done(void *context, struct arena *scratch, const struct verdict_cost *cost)
{
	struct run *run = context;
	struct write_spf_report report = {.input = run->message.input,
		.request = &run->message.request,
		.verdict = run->is_partition ? NULL : &run->verdict,
		.partition = run->is_partition ? &run->partition : NULL,
		.cost = *cost};
	report.incomplete = view_failures(run->view, &report.incomplete_count);
	if (run->settings.json)
		write_spf_json(&run->out, scratch, &report);
	else
		write_spf_text(&run->out, scratch, &run->settings.output, &report);
	run->status = run->is_partition ? judge_partition(run) : judge_verdict(run);
}

enum exitcode cmd_spf(struct cli *cli)
{
	struct run *run = arena_alloc(cli->arena, sizeof *run);
	struct slice error;
	run->arena = cli->arena;
	if (!read_run(cli->arena, cli->options, run, &error)) {
		complain(error);
		return EXITCODE_USAGE;
	}
	buf_init(&run->out);
	const struct run_one work = {evaluate, done, run};
	enum exitcode status = evaluation_run(cli->arena, &run->settings, &work);
	const struct snapshot_meta meta = envelope_meta(&run->message);
	if (status != EXITCODE_CLEAN)
		return evaluation_finish(cli, &run->settings, &run->out, NULL, NULL, status);
	return evaluation_finish(cli, &run->settings, &run->out, &meta, NULL, run->status);
}
