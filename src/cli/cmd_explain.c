/* cmd_explain: `mailauth explain`: the rule table in words, or as JSON. */
#include "cli/commands.h"
#include "cli/complain.h"
#include "cli/options.h"
#include "cli/rule_option.h"
#include "cli/style.h"
#include "report/write_rules.h"

struct request {
	enum rule_id rule; /* RULE_COUNT: all */
	bool in_full;	   /* all with their explanations, not a list */
	bool json;
	struct writer_options output;
};

static bool read_request(
	struct arena *arena, const struct options *options, struct request *out, struct slice *error)
{
	struct slice format;
	*out = (struct request){.rule = RULE_COUNT, .in_full = options_given(options, OPTION_ALL)};
	if (options->argument_count > 1 || (options->argument_count == 1 && out->in_full)) {
		const char *extra = complain_quote(arena, options->arguments[options->argument_count - 1]);
		*error = out->in_full ? arena_printf(arena,
						"option '--all' and a rule (%s) exclude each other", extra)
				      : arena_printf(arena, "one rule at a time: %s is too many", extra);
		return false;
	}
	if (!options_format(arena, options, &format, error) ||
		!style_read(arena, options, &out->output, error))
		return false;
	out->json = slice_equal(format, SLICE("json"));
	return options->argument_count == 0 ||
	       rule_option_find(arena, options->arguments[0], &out->rule, error);
}

static void write_request(struct buf *out, struct arena *arena, const struct request *request)
{
	if (request->json && request->rule == RULE_COUNT)
		write_rules_json_all(out, arena);
	else if (request->json)
		write_rules_json_one(out, arena, request->rule);
	else if (request->rule != RULE_COUNT)
		write_rules_text_one(out, arena, &request->output, request->rule);
	else if (request->in_full)
		write_rules_text_all(out, arena, &request->output);
	else
		write_rules_text_list(out, arena, &request->output);
}

enum exitcode cmd_explain(struct cli *cli)
{
	struct request request;
	struct slice error;
	struct buf out;
	if (!read_request(cli->arena, cli->options, &request, &error)) {
		complain(error);
		return EXITCODE_USAGE;
	}
	buf_init(&out);
	write_request(&out, cli->arena, &request);
	bool failed = out.failed;
	if (!failed)
		output_write(cli->output, buf_slice(&out));
	else
		complain(SLICE("out of memory"));
	buf_free(&out);
	return failed ? EXITCODE_INTERNAL : EXITCODE_CLEAN;
}
