/* cmd_expand: `mailauth expand`: an SPF macro string with the values of a message (RFC 7208 7). */
#include "cli/complain.h"
#include "cli/domain.h"
#include "cli/envelope.h"
#include "cli/evaluation.h"
#include "report/write_expand.h"
#include "rules/message.h"
#include "spf/spf_evaluation.h"

struct run {
	struct evaluation_settings settings;
	struct envelope message;
	bool is_explanation;
	const struct macro_string *macro;
	struct macro_values values;
	struct write_expand_report report;
	struct view *view; /* NULL: nothing had to be asked */
	struct buf out;
};

/* --- values ------------------------------------------------------------------------------------ */

/* The option that gives the value of a letter. */
static const char *option_of(char letter)
{
	switch (letter) {
	case 'i':
	case 'c':
	case 'v':
	case 'p':
		return "--ip";
	case 'h':
		return "--helo or --sender";
	case 'd':
		return "--domain or --sender";
	}
	return "--sender";
}

static void set_values(struct run *run)
{
	const struct envelope *message = &run->message;
	const struct spf_request *request = &message->request;
	run->values = (struct macro_values){.domain = message->input.domain,
		.helo = message->has_helo ? message->input.helo : slice_of(NULL, 0),
		.receiver = request->receiver.len > 0 ? request->receiver : SLICE("unknown"),
		.ip = message->has_ip ? &request->ip : NULL,
		.time = &request->time};
	if (message->has_sender) {
		run->values.sender = request->sender;
		run->values.local_part = request->local_part;
		run->values.sender_domain = request->sender_domain;
		run->values.helo = request->helo;
	}
	if (message->has_ip)
		run->values.validated = SLICE("unknown"); /* until DNS was asked */
}

/* The first macro whose value was not given becomes the error. */
static bool check_values(struct arena *arena, struct run *run)
{
	for (size_t i = 0; i < run->macro->count; i++) {
		const struct macro_piece *piece = &run->macro->pieces[i];
		struct slice value;
		if (piece->kind != MACRO_EXPAND || macro_expand_piece(arena, piece, &run->values, &value))
			continue;
		run->report.error = arena_printf(
			arena, "%%{%c} has no value without %s", piece->letter, option_of(piece->letter));
		run->report.error_span = piece->span;
		return false;
	}
	return true;
}

/* --- the command line -------------------------------------------------------------------------- */

static bool read_domain(
	struct arena *arena, const struct options *options, struct slice *out, struct slice *error)
{
	const struct option_use *use = options_first(options, OPTION_DOMAIN);
	struct name name;
	if (use == NULL)
		return true;
	if (!domain_parse(arena, use->value, &name, error)) {
		*error = complain_at(arena, *error, use->value, domain_mistake(use->value));
		return false;
	}
	*out = name_text(arena, name);
	return true;
}

static bool read_run(struct arena *arena, const struct options *options, struct run *out, struct slice *text,
	struct slice *error)
{
	if (!envelope_argument(arena, options, 1, text, error))
		return false;
	if (options->argument_count == 0) {
		*error = SLICE(
			"no macro string given, as 'mailauth expand --ip 192.0.2.1 --sender a@example.com "
			"%{ir}.example.com'");
		return false;
	}
	if (!envelope_read(arena, options, slice_of(NULL, 0), &out->message, error) ||
		!read_domain(arena, options, &out->message.input.domain, error))
		return false;
	if (out->message.is_network) {
		*error = complain_at(arena, SLICE("option '--ip' takes one address here"),
			options_first(options, OPTION_IP)->value,
			span_of(slice_find(options_first(options, OPTION_IP)->value, '/', 0), 1));
		return false;
	}
	out->is_explanation = options_given(options, OPTION_EXP);
	if (!evaluation_read(arena, options, &out->settings, error))
		return false;
	envelope_replay(&out->message, options, &out->settings.sources.saved.data.meta);
	return true;
}

/* Parses the macro string; its first mistake becomes the error. */
static bool parse(struct arena *arena, struct slice text, struct run *run)
{
	struct findings findings;
	findings_init(&findings, arena);
	run->macro = macro_parse(arena, text, span_of(0, text.len),
		run->is_explanation ? MACRO_EXPLANATION : MACRO_DOMAIN_SPEC, &findings);
	run->report.macro = run->macro;
	run->report.values = &run->values;
	run->report.is_explanation = run->is_explanation;
	if (run->macro->valid)
		return true;
	run->report.error = message_text(arena, &findings.items[0]);
	run->report.error_span = findings.items[0].span;
	return false;
}

/* --- the evaluation ---------------------------------------------------------------------------- */

static enum eval_state evaluate(void *context, struct view *view, struct arena *scratch)
{
	struct run *run = context;
	struct spf_evaluation evaluation = {.request = &run->message.request, .view = view, .arena = scratch};
	run->view = view;
	run->values.validated = spf_evaluation_validated(&evaluation, run->values.domain);
	return view_end_run(view);
}

static void write(struct run *run, struct arena *scratch)
{
	struct write_expand_report *report = &run->report;
	char missing;
	if (report->error.len == 0)
		report->has_expansion =
			macro_expand(scratch, run->macro, &run->values, &report->expansion, &missing);
	if (run->settings.json)
		write_expand_json(&run->out, scratch, report);
	else if (report->has_expansion)
		write_expand_text(&run->out, scratch, &run->settings.output, report);
}

static void done(void *context, struct arena *scratch, const struct verdict_cost *cost)
{
	struct run *run = context;
	(void)cost;
	run->report.incomplete = view_failures(run->view, &run->report.incomplete_count);
	write(run, scratch);
}

static enum exitcode run_command(struct cli *cli, struct run *run, struct slice text)
{
	set_values(run);
	if (!parse(cli->arena, text, run) || !check_values(cli->arena, run)) {
		complain(complain_at(cli->arena, run->report.error, text, run->report.error_span));
		write(run, cli->arena);
		return EXITCODE_USAGE;
	}
	if (!macro_uses(run->macro, 'p')) {
		write(run, cli->arena);
		return EXITCODE_CLEAN;
	}
	const struct run_one work = {evaluate, done, run};
	enum exitcode status = evaluation_run(cli->arena, &run->settings, &work);
	return status == EXITCODE_CLEAN && run->report.incomplete_count > 0 ? EXITCODE_INCOMPLETE : status;
}

enum exitcode cmd_expand(struct cli *cli)
{
	struct run *run = arena_alloc(cli->arena, sizeof *run);
	struct slice text, error;
	if (!read_run(cli->arena, cli->options, run, &text, &error)) {
		complain(error);
		return EXITCODE_USAGE;
	}
	buf_init(&run->out);
	enum exitcode status = run_command(cli, run, text);
	const struct snapshot_meta meta = envelope_meta(&run->message);
	bool has_run = status == EXITCODE_CLEAN || status == EXITCODE_INCOMPLETE;
	return evaluation_finish(cli, &run->settings, &run->out, has_run ? &meta : NULL, NULL, status);
}
