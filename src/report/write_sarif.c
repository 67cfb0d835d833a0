/* write_sarif: see write_sarif.h. Sections are those of SARIF 2.1.0.
 *
 *     {"version": "2.1.0", "runs": [{
 *       "tool": {"driver": {"rules": [every rule]}},         begin
 *       "results": [
 *         {"ruleId": ...},                                   part 0: a line a finding
 *       ],
 *       "invocations": [{"executionSuccessful": false,       held: what hides something
 *         "toolExecutionNotifications": [{...}]}]            part 1
 *     }]}                                                    end
 *
 * Columns are UTF-16 code units (3.14.17), as consumers assume where nothing is said. A relative path is
 * relative to the folder the program runs in, %SRCROOT%. GitHub's code scanning takes no file in which one
 * result has no place or one of another scheme than file; so a record that stands in no file is dns/NAME/TXT,
 * which is no file of the folder and has no base.
 */
#include "report/write_sarif.h"

#include "base/ascii.h"
#include "report/json.h"
#include "report/json_finding.h"
#include "report/report_region.h"
#include "report/sarif_rules.h"
#include "report/uri.h"
#include "rules/message.h"

#define SCHEMA "https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json"
#define MARGIN "\n        " /* of results and notifications */

static bool is_stdin(struct slice file)
{
	return slice_equal(file, SLICE("-"));
}

static void put_key_text(struct json *json, const char *key, struct slice text)
{
	json_key(json, key);
	json_string(json, text);
}

/* 3.11.6: "[text](target)" in a message is a link, and no stranger's text should be one. */
static struct slice without_links(struct arena *arena, struct slice text)
{
	char *out = arena_alloc(arena, 2 * text.len + 1);
	size_t len = 0;
	for (size_t i = 0; i < text.len; i++) {
		out[len++] = text.ptr[i];
		if (text.ptr[i] == ']' && i + 1 < text.len && text.ptr[i + 1] == '(')
			out[len++] = ' ';
	}
	return slice_of(out, len);
}

static void put_message(struct json *json, const char *key, struct slice text)
{
	json_key(json, key);
	json_object(json);
	put_key_text(json, "text", without_links(json->arena, text));
	json_end_object(json);
}

/* --- places --------------------------------------------------------------------------------------- */

static void put_artifact(struct json *json, struct slice file)
{
	json_key(json, "artifactLocation");
	json_object(json);
	if (is_stdin(file)) {
		put_key_text(json, "uri", SLICE("stdin"));
	} else {
		put_key_text(json, "uri", uri_of_file(json->arena, file));
		if (!uri_is_absolute(file))
			put_key_text(json, "uriBaseId", SLICE("%SRCROOT%"));
	}
	json_end_object(json);
}

static void put_number(struct json *json, const char *key, size_t number)
{
	if (number == 0)
		return;
	json_key(json, key);
	json_number(json, number);
}

static void put_region(struct json *json, const char *key, struct report_region region)
{
	if (region.line == 0)
		return;
	json_key(json, key);
	json_object(json);
	put_number(json, "startLine", region.line);
	put_number(json, "startColumn", region.column);
	put_number(json, "endLine", region.end_line);
	put_number(json, "endColumn", region.end_column);
	json_end_object(json);
}

/* What has no file is called by the name that the record, or what was judged, has. */
static void put_no_artifact(struct json *json, struct slice name, struct slice type, struct slice title)
{
	json_key(json, "artifactLocation");
	json_object(json);
	put_key_text(json, "uri",
		name.len > 0 ? uri_of_record(json->arena, name, type) : uri_of_name(json->arena, title));
	json_end_object(json);
}

static void put_physical(struct json *json, struct slice file, struct report_region region, struct slice name,
	struct slice type, struct slice title)
{
	json_key(json, "physicalLocation");
	json_object(json);
	if (file.len > 0)
		put_artifact(json, file);
	else
		put_no_artifact(json, name, type, title);
	put_region(json, "region", region);
	json_end_object(json);
}

static void put_logical(struct json *json, struct slice name)
{
	json_key(json, "logicalLocations");
	json_array(json);
	json_object(json);
	put_key_text(json, "fullyQualifiedName", name);
	put_key_text(json, "kind", SLICE("resource"));
	json_end_object(json);
	json_end_array(json);
}

static void put_location(struct json *json, struct slice file, struct report_region region, struct slice name,
	struct slice type, struct slice title)
{
	json_key(json, "locations");
	json_array(json);
	json_object(json);
	put_physical(json, file, region, name, type, title);
	put_logical(json, name.len > 0 ? name : title);
	json_end_object(json);
	json_end_array(json);
}

/* --- results -------------------------------------------------------------------------------------- */

static bool has_fix(const struct finding *finding)
{
	if (finding->file_edit_count == 0 || !report_item_is_file(finding->place.file))
		return false;
	for (size_t i = 0; i < finding->file_edit_count; i++)
		if (!ascii_is_utf8(finding->file_edits[i].replacement))
			return false;
	return true;
}

static void put_replacement(struct json *json, struct report_region_columns *columns,
	const struct finding *finding, const struct file_edit *edit)
{
	json_object(json);
	put_region(json, "deletedRegion", report_region_of_edit(columns, finding, edit));
	json_key(json, "insertedContent");
	json_object(json);
	put_key_text(json, "text", edit->replacement);
	json_end_object(json);
	json_end_object(json);
}

/* 3.55. A fix that is not surely meant says so. */
static void put_fixes(struct json *json, struct report_region_columns *columns, const struct finding *finding)
{
	struct slice title = message_fix_title(json->arena, finding);
	if (!has_fix(finding))
		return;
	json_key(json, "fixes");
	json_array(json);
	json_object(json);
	put_message(json, "description",
		finding->fix == NULL || finding->fix->safe
			? title
			: arena_printf(
				  json->arena, "%.*s (check that you mean it)", (int)title.len, title.ptr));
	json_key(json, "artifactChanges");
	json_array(json);
	json_object(json);
	put_artifact(json, finding->place.file);
	json_key(json, "replacements");
	json_array(json);
	for (size_t i = 0; i < finding->file_edit_count; i++)
		put_replacement(json, columns, finding, &finding->file_edits[i]);
	json_end_array(json);
	json_end_object(json);
	json_end_array(json);
	json_end_object(json);
	json_end_array(json);
}

/* 3.27.17. GitHub's own key is added by its upload step, but for what it finds no file of. */
static void put_fingerprints(struct json *json, const struct finding *finding, struct report_item_print print)
{
	struct slice text =
		arena_printf(json->arena, "%016llx:%zu", (unsigned long long)print.hash, print.occurrence);
	json_key(json, "partialFingerprints");
	json_object(json);
	put_key_text(json, "mailauth/v1", text);
	if (finding->place.file.len == 0)
		put_key_text(json, "primaryLocationLineHash", text);
	json_end_object(json);
}

static struct slice result_text(
	struct arena *arena, const struct report_item *item, const struct finding *finding)
{
	struct slice message = report_item_message_there(arena, item, finding);
	struct slice fix = report_item_fix(arena, finding, "\n");
	if (fix.len == 0)
		return message;
	return arena_printf(arena, "%.*s\n%.*s", (int)message.len, message.ptr, (int)fix.len, fix.ptr);
}

static void put_result(struct json *json, const struct report_item *item, const struct finding *finding,
	struct report_item_print print, struct report_region_columns *columns)
{
	const struct finding_place *place = &finding->place;
	struct report_region region = report_region_of(columns, finding);
	if (region.line == 0)
		region.line = 1; /* code scanning wants one */
	json_object(json);
	json_key(json, "ruleId");
	json_text(json, rule_get(finding->rule)->id);
	json_key(json, "ruleIndex");
	json_number(json, (uint64_t)finding->rule);
	json_key(json, "level");
	json_text(json, sarif_rules_level(finding->severity));
	put_message(json, "message", result_text(json->arena, item, finding));
	put_location(
		json, place->file, region, place->name, place->type, report_item_title(json->arena, item));
	put_fingerprints(json, finding, print);
	put_fixes(json, columns, finding);
	json_end_object(json);
}

/* Returns how many findings were left out: one record can have thousands. */
static size_t put_results(struct buf *out, struct arena *scratch, const struct report_item *item)
{
	struct report_item_print *prints = report_item_prints(scratch, item);
	struct report_region_columns columns = {.count = 0};
	size_t start = out->len, i = 0;
	for (; i < item->findings->count && out->len - start < JSON_FINDING_MAX_BYTES; i++) {
		struct arena_mark mark = arena_mark(scratch);
		struct json json;
		json_init(&json, out, scratch, false, 0);
		buf_text(out, MARGIN);
		put_result(&json, item, &item->findings->items[i], prints[i], &columns);
		buf_byte(out, WRITER_UNIT_END);
		arena_rewind(scratch, mark);
	}
	return item->findings->count - i;
}

/* --- notifications -------------------------------------------------------------------------------- */

/* 3.58. The text says what it is about where no file does. */
static void put_notification(struct buf *out, struct arena *scratch, enum sarif_rules_notification kind,
	struct slice text, const struct report_item *item)
{
	struct json json;
	struct slice title = report_item_title(scratch, item);
	json_init(&json, out, scratch, false, 0);
	buf_text(out, MARGIN);
	json_object(&json);
	json_key(&json, "level");
	json_text(&json, "error");
	if (item->file.len == 0)
		text = arena_printf(
			scratch, "%.*s: %.*s", (int)title.len, title.ptr, (int)text.len, text.ptr);
	put_message(&json, "message", text);
	json_key(&json, "descriptor");
	json_object(&json);
	json_key(&json, "id");
	json_text(&json, sarif_rules_notification_id(kind));
	json_key(&json, "index");
	json_number(&json, (uint64_t)kind);
	json_end_object(&json);
	put_location(
		&json, item->file, (struct report_region){.line = item->line}, SLICE(""), SLICE(""), title);
	json_end_object(&json);
	buf_byte(out, WRITER_UNIT_END);
}

static void put_notifications(
	struct buf *out, struct arena *scratch, const struct report_item *item, size_t omitted)
{
	if (item->error.len > 0)
		put_notification(out, scratch, SARIF_RULES_BAD_INPUT, item->error, item);
	for (size_t i = 0; i < item->incomplete_count; i++)
		put_notification(out, scratch, SARIF_RULES_INCOMPLETE,
			report_item_failure(scratch, item->incomplete[i]), item);
	if (omitted > 0)
		put_notification(out, scratch, SARIF_RULES_OMITTED,
			arena_printf(scratch, "%zu more findings are left out", omitted), item);
}

static void write_item(struct buf *out, struct arena *scratch, const struct writer_options *options,
	const struct report_item *item)
{
	if (!report_item_is_shown(options, item))
		return;
	size_t start = out->len;
	size_t omitted = put_results(out, scratch, item);
	bool has_notifications = item->error.len > 0 || item->incomplete_count > 0 || omitted > 0;
	if (out->len == start && !has_notifications)
		return;
	buf_byte(out, '\0');
	put_notifications(out, scratch, item, omitted);
}

/* --- around --------------------------------------------------------------------------------------- */

static void begin(struct buf *out, const struct writer_options *options)
{
	(void)options;
	buf_text(out, "{\n  \"$schema\": \"" SCHEMA "\",\n  \"version\": \"2.1.0\",\n"
		      "  \"runs\": [\n    {\n      \"tool\": ");
	sarif_rules_put(out);
	buf_text(out, ",\n      \"columnKind\": \"utf16CodeUnits\",\n"
		      "      \"originalUriBaseIds\": {\"%SRCROOT%\": {\"description\": "
		      "{\"text\": \"the folder mailauth ran in\"}}},\n"
		      "      \"results\": [");
}

static void between(struct buf *out, const struct writer_options *options)
{
	(void)options;
	buf_byte(out, ',');
}

static void write_held(struct buf *out, const struct writer_options *options, const struct writer_held *held)
{
	(void)options;
	bool is_whole = held->bytes[1].len == 0 && held->dropped == 0;
	buf_printf(out,
		"\n      ],\n      \"invocations\": [{\"executionSuccessful\": %s, "
		"\"toolExecutionNotifications\": [",
		is_whole ? "true" : "false");
	buf_add(out, held->bytes[1]);
	if (held->dropped > 0)
		buf_printf(out,
			"%s" MARGIN "{\"level\":\"error\",\"message\":{\"text\":\"%zu more notifications are "
			"left out\"}}",
			held->bytes[1].len > 0 ? "," : "", held->dropped);
	buf_text(out, is_whole ? "]}]\n" : "\n      ]}]\n");
}

static void end(struct buf *out, const struct writer_options *options)
{
	(void)options;
	buf_text(out, "    }\n  ]\n}\n");
}

const struct writer write_sarif_writer = {
	.name = "sarif",
	.begin = begin,
	.between = between,
	.end = end,
	.item = write_item,
	.parts = 2,
	.units = true,
	.held = write_held,
};
