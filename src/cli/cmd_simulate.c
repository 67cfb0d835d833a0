/* cmd_simulate: `mailauth simulate`: what a receiver does with one message. */
#include "cli/complain.h"
#include "cli/domain.h"
#include "cli/envelope.h"
#include "cli/evaluation.h"
#include "cli/expectation.h"
#include "cli/psl_option.h"
#include "report/write_simulate.h"

enum expectation_about { EXPECT_SPF, EXPECT_DMARC, EXPECT_DISPOSITION };

/* One --expect. */
struct expectation {
	enum expectation_about about;
	struct slice word;
};

struct run {
	struct arena *arena;
	struct evaluation_settings settings;
	struct envelope message;
	struct simulate_request request;
	struct expectation *expectations;
	size_t expectation_count;
	struct simulation simulation; /* of the last run */
	struct buf out;
	enum exitcode status;
};

/* --- --from ------------------------------------------------------------------------------------ */

/* The domain of "user@example.com", "<user@example.com>" or "example.com", as a part of `text`. */
static struct span author_span(struct slice text)
{
	size_t end = text.len, at = text.len;
	if (end > 0 && text.ptr[end - 1] == '>')
		end--;
	while (at > 0 && text.ptr[at - 1] != '@')
		at--;
	if (at == 0 && text.len > 0 && text.ptr[0] == '<')
		at = 1;
	return span_of(at, end > at ? end - at : 0);
}

/* A name in the value of an option, at `span`. */
static bool read_name(struct arena *arena, const struct option_use *use, struct span span, struct name *out,
	struct slice *error)
{
	struct slice text = slice_at(use->value, span);
	if (domain_parse_any(arena, text, out, error))
		return true;
	struct span mistake = domain_mistake(text);
	mistake.offset += span.offset;
	*error = complain_at(arena,
		arena_printf(arena, "option '%s': %.*s", use->spelled, (int)error->len, error->ptr),
		use->value, mistake);
	return false;
}

static bool read_from(
	struct arena *arena, const struct options *options, struct run *out, struct slice *error)
{
	const struct option_use *use = options_first(options, OPTION_FROM);
	if (!envelope_require(arena, options, use != NULL, "--from", error) || use == NULL)
		return false;
	out->request.from = use->value;
	return read_name(arena, use, author_span(use->value), &out->request.author, error);
}

/* --- --spf, --dkim ----------------------------------------------------------------------------- */

/* "RESULT:DOMAIN[:SELECTOR]" in its parts; the selector is empty when there is none. */
struct result_argument {
	struct slice result;
	struct span domain;
	struct slice selector;
};

static bool split_result(struct arena *arena, const struct option_use *use, bool has_selector,
	struct result_argument *out, struct slice *error)
{
	size_t colon = slice_find(use->value, ':', 0);
	if (colon == use->value.len) {
		*error = complain_at(arena,
			arena_printf(arena, "option '%s' takes a result and a domain, as pass:example.com",
				use->spelled),
			use->value, span_of(use->value.len, 0));
		return false;
	}
	size_t end = has_selector ? slice_find(use->value, ':', colon + 1) : use->value.len;
	out->result = slice_head(use->value, colon);
	out->domain = span_of(colon + 1, end - colon - 1);
	out->selector = slice_from(use->value, end + 1);
	return true;
}

static bool bad_result(struct arena *arena, const struct option_use *use, size_t len, struct slice *error)
{
	*error = complain_at(arena,
		arena_printf(arena, "option '%s': %.*s", use->spelled, (int)error->len, error->ptr),
		use->value, span_of(0, len));
	return false;
}

static bool read_spf(struct arena *arena, const struct options *options, struct run *out, struct slice *error)
{
	const struct option_use *use = options_first(options, OPTION_SPF);
	struct result_argument argument;
	out->request.evaluate_spf = use == NULL;
	if (use == NULL)
		return true;
	if (!split_result(arena, use, false, &argument, error))
		return false;
	if (!expectation_spf_result(arena, argument.result, &out->request.spf_result, error))
		return bad_result(arena, use, argument.result.len, error);
	return read_name(arena, use, argument.domain, &out->request.spf_domain, error);
}

static bool read_signature(
	struct arena *arena, const struct option_use *use, struct simulate_dkim *out, struct slice *error)
{
	static const char words[] = "none pass fail policy neutral temperror permerror"; /* as the enum */
	struct result_argument argument;
	size_t index;
	if (!split_result(arena, use, true, &argument, error))
		return false;
	if (!options_find_word(arena, "result", argument.result, words, &index, error))
		return bad_result(arena, use, argument.result.len, error);
	out->result = (enum dkim_result)index;
	out->domain = slice_at(use->value, argument.domain);
	out->selector = argument.selector;
	return read_name(arena, use, argument.domain, &out->name, error);
}

static bool read_dkim(
	struct arena *arena, const struct options *options, struct run *out, struct slice *error)
{
	struct simulate_dkim *signatures = arena_alloc(arena, (options->use_count + 1) * sizeof *signatures);
	const struct option_use *use;
	size_t from = 0;
	while ((use = options_next(options, OPTION_DKIM, &from)) != NULL)
		if (!read_signature(arena, use, &signatures[out->request.dkim_count++], error))
			return false;
	out->request.dkim = signatures;
	return true;
}

/* --- --expect ---------------------------------------------------------------------------------- */

static bool read_expectation(
	struct arena *arena, const struct option_use *use, struct expectation *out, struct slice *error)
{
	static const struct {
		const char *name, *words;
	} kinds[] = {
		[EXPECT_SPF] = {"spf", "none neutral pass fail softfail temperror permerror"},
		[EXPECT_DMARC] = {"dmarc", "pass fail none temperror permerror"},
		[EXPECT_DISPOSITION] = {"disposition", "none quarantine reject"},
	};
	size_t equals = slice_find(use->value, '=', 0), index;
	struct slice name = slice_head(use->value, equals);
	out->word = slice_from(use->value, equals + 1);
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		if (!slice_equal(name, slice_cstr(kinds[i].name)) || equals == use->value.len)
			continue;
		out->about = (enum expectation_about)i;
		return options_find_word(arena, arena_printf(arena, "value of %s", kinds[i].name).ptr,
			out->word, kinds[i].words, &index, error);
	}
	*error = complain_at(arena,
		arena_printf(arena, "option '%s' takes spf=RESULT, dmarc=RESULT or disposition=POLICY",
			use->spelled),
		use->value, span_of(0, name.len));
	return false;
}

static bool read_expectations(
	struct arena *arena, const struct options *options, struct run *out, struct slice *error)
{
	const struct option_use *use;
	size_t from = 0;
	out->expectations = arena_alloc(arena, (options->use_count + 1) * sizeof *out->expectations);
	while ((use = options_next(options, OPTION_EXPECT, &from)) != NULL)
		if (!read_expectation(arena, use, &out->expectations[out->expectation_count++], error))
			return false;
	return true;
}

static enum exitcode judge_one(const struct run *run, const struct expectation *expectation)
{
	const struct simulation *simulation = &run->simulation;
	const char *word = arena_cstr(run->arena, expectation->word);
	switch (expectation->about) {
	case EXPECT_SPF:
		return expectation_judge(run->arena, "spf=", word, spf_result_text(simulation->spf_result),
			simulation->spf_result == SPF_TEMPERROR);
	case EXPECT_DMARC:
		return expectation_judge(run->arena, "dmarc=", word,
			dmarc_result_text(simulation->dmarc.result),
			simulation->dmarc.result == DMARC_RESULT_TEMPERROR);
	case EXPECT_DISPOSITION:
		break;
	}
	bool known = simulation->dmarc.has_disposition;
	return expectation_judge(run->arena, "disposition=", word,
		known ? dmarc_policy_text(simulation->dmarc.disposition) : "none yet (temperror)", !known);
}

static enum exitcode judge(const struct run *run)
{
	enum exitcode status = EXITCODE_CLEAN;
	for (size_t i = 0; i < run->expectation_count; i++)
		status = exitcode_worse(status, judge_one(run, &run->expectations[i]));
	bool temporary = run->simulation.spf_result == SPF_TEMPERROR ||
			 run->simulation.dmarc.result == DMARC_RESULT_TEMPERROR;
	return run->expectation_count == 0 && temporary ? EXITCODE_INCOMPLETE : status;
}

/* --- the command ------------------------------------------------------------------------------- */

static bool check_needs(
	struct arena *arena, const struct options *options, const struct run *run, struct slice *error)
{
	const struct envelope *message = &run->message;
	const struct option_use *ip = options_first(options, OPTION_IP);
	if (message->is_network) {
		*error = complain_at(arena, SLICE("option '--ip' takes one address here"), ip->value,
			span_of(slice_find(ip->value, '/', 0), 1));
		return false;
	}
	if (!run->request.evaluate_spf)
		return true;
	return envelope_require(arena, options, message->has_ip, "--ip (or --spf)", error) &&
	       envelope_require(arena, options, message->has_sender, "--sender (or --spf)", error);
}

static bool read_run(struct arena *arena, const struct options *options, struct run *out, struct slice *error)
{
	struct slice domain;
	if (!envelope_argument(arena, options, 1, &domain, error) ||
		!envelope_read(arena, options, domain, &out->message, error) ||
		!read_spf(arena, options, out, error) || !check_needs(arena, options, out, error) ||
		!read_from(arena, options, out, error) || !read_dkim(arena, options, out, error) ||
		!read_expectations(arena, options, out, error))
		return false;
	if (!evaluation_read(arena, options, &out->settings, error))
		return false;
	envelope_replay(&out->message, options, &out->settings.sources.saved.data.meta);
	out->request.spf = out->message.request;
	return true;
}

static enum eval_state evaluate(void *context, struct view *view, struct arena *scratch)
{
	struct run *run = context;
	return simulate(&run->request, view, scratch, &run->simulation);
}

static void done(void *context, struct arena *scratch, const struct verdict_cost *cost)
{
	struct run *run = context;
	const struct write_simulate_report report = {.input = run->message.input,
		.request = &run->request,
		.simulation = &run->simulation,
		.cost = *cost};
	if (run->settings.json)
		write_simulate_json(&run->out, scratch, &report);
	else
		write_simulate_text(&run->out, scratch, &run->settings.output, &report);
	run->status = judge(run);
}

static enum exitcode run_command(struct cli *cli, struct run *run, const struct psl *psl)
{
	const struct run_one work = {evaluate, done, run};
	run->request.psl = psl;
	buf_init(&run->out);
	enum exitcode status = evaluation_run(cli->arena, &run->settings, &work);
	const struct snapshot_meta meta = envelope_meta(&run->message);
	if (status != EXITCODE_CLEAN)
		return evaluation_finish(cli, &run->settings, &run->out, NULL, NULL, status);
	return evaluation_finish(cli, &run->settings, &run->out, &meta, psl, run->status);
}

enum exitcode cmd_simulate(struct cli *cli)
{
	struct run *run = arena_alloc(cli->arena, sizeof *run);
	struct psl *psl = NULL;
	struct slice error;
	run->arena = cli->arena;
	if (!read_run(cli->arena, cli->options, run, &error) ||
		!psl_option_open(cli->arena, cli->options, &psl, &error)) {
		complain(error);
		return EXITCODE_USAGE;
	}
	saved_run_compare_psl(cli->arena, &run->settings.sources.saved, psl);
	enum exitcode status = run_command(cli, run, psl);
	psl_close(psl);
	return status;
}
