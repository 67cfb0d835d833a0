/* write_json: see write_json.h and mailauth-json(5).
 *
 * Keys are always present and always in the same order; new ones go to the end of their object.
 */
#include "report/write_json.h"

#include "report/json_dmarc.h"
#include "report/json_finding.h"
#include "report/json_parts.h"
#include "report/json_spf.h"

static void put_domain(struct json *json, const struct verdict *verdict)
{
	json_key(json, "domain");
	if (verdict->error.len > 0)
		json_null(json);
	else
		json_string(json, name_text(json->arena, verdict->domain));
	json_key(json, "input");
	json_bytes(json, verdict->input);
	json_key(json, "input_line");
	if (verdict->input_line > 0)
		json_number(json, verdict->input_line);
	else
		json_null(json);
	json_key(json, "error");
	json_string_or_null(json, verdict->error);
	json_key(json, "verdict");
	json_text(json, verdict_level_text(verdict->level));
}

static void put_sections(struct json *json, const struct verdict *verdict)
{
	bool empty = verdict->error.len > 0;
	json_key(json, "spf");
	if (empty)
		json_null(json);
	else
		json_spf(json, &verdict->spf);
	json_key(json, "dmarc");
	if (empty)
		json_null(json);
	else
		json_dmarc(json, &verdict->dmarc);
}

static void put_verdict(struct json *json, const struct verdict *verdict)
{
	json_object(json);
	json_key(json, "schema");
	json_text(json, "mailauth/check/1");
	put_domain(json, verdict);
	put_sections(json, verdict);
	json_key(json, "findings");
	size_t omitted = json_finding_list(json, &verdict->findings);
	json_key(json, "incomplete");
	json_finding_incomplete(json, verdict->incomplete, verdict->incomplete_count);
	json_parts_cost(json, &verdict->cost);
	json_key(json, "findings_omitted");
	json_number(json, omitted);
	json_end_object(json);
}

static void array_begin(struct buf *out, const struct writer_options *options)
{
	if (options->array)
		buf_byte(out, '[');
}

static void array_between(struct buf *out, const struct writer_options *options)
{
	if (options->array)
		buf_byte(out, ',');
}

static void array_end(struct buf *out, const struct writer_options *options)
{
	if (options->array)
		buf_text(out, "\n]\n");
}

/* Nothing of a list is printed for a domain that passes; a document of one domain is never empty. */
static bool is_left_out(const struct writer_options *options, const struct verdict *verdict)
{
	return options->quiet && verdict->level == VERDICT_PASS;
}

static void write_pretty(struct buf *out, struct arena *scratch, const struct writer_options *options,
	const struct verdict *verdict)
{
	struct json json;
	if (options->array && is_left_out(options, verdict))
		return;
	json_init(&json, out, scratch, true, options->array ? 1 : 0);
	put_verdict(&json, verdict);
	if (!options->array)
		buf_byte(out, '\n');
}

static void nothing(struct buf *out, const struct writer_options *options)
{
	(void)out;
	(void)options;
}

static void write_line(struct buf *out, struct arena *scratch, const struct writer_options *options,
	const struct verdict *verdict)
{
	struct json json;
	if (is_left_out(options, verdict))
		return;
	json_init(&json, out, scratch, false, 0);
	put_verdict(&json, verdict);
	buf_byte(out, '\n');
}

const struct writer write_json_writer = {
	.name = "json",
	.begin = array_begin,
	.between = array_between,
	.verdict = write_pretty,
	.end = array_end,
};
const struct writer write_json_lines_writer = {
	.name = "jsonl",
	.begin = nothing,
	.between = nothing,
	.verdict = write_line,
	.end = nothing,
};
