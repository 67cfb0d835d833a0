/* write_junit: see write_junit.h.
 *
 *     <testsuite name="example.com" tests="2" failures="1" errors="1" skipped="0">
 *       <testcase classname="example.com" name="spf-lookup-limit: example.com TXT" file=... line=...>
 *         <failure type="spf-lookup-limit" message="...">what to do</failure>
 *         <system-out>findings below --fail-on</system-out>
 *       </testcase>
 *       <testcase classname="example.com" name="incomplete: _spf.example.net TXT">
 *         <error type="incomplete" message="not known for now: ..."/>
 *
 * A suite for each item; a case for each finding at or above --fail-on, for each temporary failure and for
 * what could not be read; one that passes where there is none of these. Services know a case again by its
 * class and name, so names are made of what does not move with the line, and are unique in their suite.
 */
#include "report/write_junit.h"

#include "base/ascii.h"
#include "report/plain_path.h"
#include "report/xml.h"
#include "rules/message.h"

#define MAX_SHOWN_TEXT 60 /* bytes of a record in the name of a case */

struct suite {
	struct buf *out;
	struct arena *scratch;
	const struct writer_options *options;
	const struct report_item *item;
	struct slice title;
	bool told_rest; /* what is below the threshold stands in the first case */
};

static bool is_failure(const struct writer_options *options, const struct finding *finding)
{
	return options->fail_on != SEVERITY_OFF && finding->severity >= options->fail_on;
}

/* --- text inside --------------------------------------------------------------------------------- */

static void put_line(struct buf *out, struct slice line)
{
	xml_text(out, line);
	buf_byte(out, '\n');
}

/* "db.example:12:20", or the record's name. */
static struct slice place_text(struct arena *arena, const struct finding_place *place)
{
	struct slice file = report_item_file_text(arena, place->file);
	if (place->file.len == 0)
		return arena_printf(arena, "%.*s %.*s", (int)place->name.len, place->name.ptr,
			(int)place->type.len, place->type.ptr);
	if (place->line == 0)
		return file;
	if (place->column == 0)
		return arena_printf(arena, "%.*s:%zu", (int)file.len, file.ptr, place->line);
	return arena_printf(arena, "%.*s:%zu:%zu", (int)file.len, file.ptr, place->line, place->column);
}

/* The finding in a few lines. */
static void put_text(const struct suite *suite, const struct finding *finding)
{
	struct slice message = report_item_message(suite->scratch, suite->item, finding);
	struct slice place = place_text(suite->scratch, &finding->place);
	struct slice fix = report_item_fix(suite->scratch, finding, "\n");
	struct slice reference = message_reference(suite->scratch, finding);
	put_line(suite->out, arena_printf(suite->scratch, "%.*s: %s: %.*s [%s]", (int)place.len, place.ptr,
				     severity_text(finding->severity), (int)message.len, message.ptr,
				     rule_get(finding->rule)->id));
	if (fix.len > 0)
		put_line(suite->out, fix);
	if (reference.len > 0)
		put_line(suite->out, reference);
}

/* What is found but no failure: for people who read the report. */
static void put_rest(struct suite *suite)
{
	bool any = false;
	if (suite->told_rest)
		return;
	suite->told_rest = true;
	for (size_t i = 0; i < suite->item->findings->count; i++) {
		const struct finding *finding = &suite->item->findings->items[i];
		struct arena_mark mark = arena_mark(suite->scratch);
		if (is_failure(suite->options, finding))
			continue;
		if (!any)
			buf_text(suite->out, "      <system-out>");
		any = true;
		put_text(suite, finding);
		arena_rewind(suite->scratch, mark);
	}
	if (any)
		buf_text(suite->out, "</system-out>\n");
}

/* --- cases ---------------------------------------------------------------------------------------- */

static void open_case(struct suite *suite, struct slice name, struct slice file, size_t line)
{
	bool is_file = report_item_is_file(file);
	buf_text(suite->out, "    <testcase");
	xml_attribute(suite->out, "classname", suite->title);
	xml_attribute(suite->out, "name", name);
	if (is_file)
		xml_attribute(suite->out, "file", plain_path(suite->scratch, file));
	if (is_file && line > 0)
		xml_attribute_number(suite->out, "line", line);
	buf_text(suite->out, ">\n");
}

static void close_case(struct suite *suite)
{
	put_rest(suite);
	buf_text(suite->out, "    </testcase>\n");
}

/* The start of the bytes that it is about, for the name. */
static struct slice about(struct arena *arena, const struct finding *finding)
{
	struct slice text = finding_text(finding);
	bool is_cut = text.len > MAX_SHOWN_TEXT;
	text = ascii_escape(arena, slice_head(text, MAX_SHOWN_TEXT));
	if (text.len == 0)
		return text;
	return arena_printf(arena, " \"%.*s%s\"", (int)text.len, text.ptr, is_cut ? "..." : "");
}

static struct slice case_name(
	const struct suite *suite, const struct finding *finding, struct report_item_print print)
{
	const struct finding_place *place = &finding->place;
	struct slice text = about(suite->scratch, finding);
	struct slice name = arena_printf(suite->scratch, "%s: %.*s%s%.*s%.*s", rule_get(finding->rule)->id,
		(int)place->name.len, place->name.ptr, place->name.len > 0 ? " " : "", (int)place->type.len,
		place->type.ptr, (int)text.len, text.ptr);
	if (print.occurrence < 2)
		return name;
	return arena_printf(suite->scratch, "%.*s (%zu)", (int)name.len, name.ptr, print.occurrence);
}

static void put_failures(struct suite *suite)
{
	const struct findings *findings = suite->item->findings;
	struct report_item_print *prints = report_item_prints(suite->scratch, suite->item);
	for (size_t i = 0; i < findings->count; i++) {
		const struct finding *finding = &findings->items[i];
		struct arena_mark mark = arena_mark(suite->scratch);
		if (!is_failure(suite->options, finding))
			continue;
		open_case(suite, case_name(suite, finding, prints[i]), finding->place.file,
			finding->place.line);
		buf_text(suite->out, "      <failure");
		xml_attribute(suite->out, "type", slice_cstr(rule_get(finding->rule)->id));
		xml_attribute(
			suite->out, "message", report_item_message(suite->scratch, suite->item, finding));
		buf_byte(suite->out, '>');
		put_text(suite, finding);
		buf_text(suite->out, "</failure>\n");
		close_case(suite);
		arena_rewind(suite->scratch, mark);
	}
}

static void put_error(struct suite *suite, struct slice name, const char *type, struct slice message)
{
	open_case(suite, name, suite->item->file, suite->item->line);
	buf_text(suite->out, "      <error");
	xml_attribute(suite->out, "type", slice_cstr(type));
	xml_attribute(suite->out, "message", message);
	buf_text(suite->out, "/>\n");
	close_case(suite);
}

static void put_incomplete(struct suite *suite)
{
	for (size_t i = 0; i < suite->item->incomplete_count; i++) {
		const struct answer *answer = suite->item->incomplete[i];
		struct slice name = name_text(suite->scratch, answer->question.name);
		struct slice type = rrtype_text(suite->scratch, answer->question.type);
		put_error(suite,
			arena_printf(suite->scratch, REPORT_ITEM_INCOMPLETE ": %.*s %.*s", (int)name.len,
				name.ptr, (int)type.len, type.ptr),
			REPORT_ITEM_INCOMPLETE, report_item_failure(suite->scratch, answer));
	}
}

static void put_success(struct suite *suite)
{
	open_case(suite, SLICE("mail authentication"), suite->item->file, suite->item->line);
	close_case(suite);
}

/* --- suites --------------------------------------------------------------------------------------- */

static size_t count_failures(const struct writer_options *options, const struct report_item *item)
{
	size_t count = 0;
	for (size_t i = 0; i < item->findings->count; i++)
		count += is_failure(options, &item->findings->items[i]);
	return count;
}

static void write_item(struct buf *out, struct arena *scratch, const struct writer_options *options,
	const struct report_item *item)
{
	struct suite suite = {
		.out = out,
		.scratch = scratch,
		.options = options,
		.item = item,
		.title = report_item_title(scratch, item),
	};
	if (!report_item_is_shown(options, item))
		return;
	size_t failures = count_failures(options, item);
	size_t errors = item->incomplete_count + (item->error.len > 0);
	size_t tests = failures + errors > 0 ? failures + errors : 1;
	buf_text(out, "  <testsuite");
	xml_attribute(out, "name", suite.title);
	xml_attribute_number(out, "tests", tests);
	xml_attribute_number(out, "failures", failures);
	xml_attribute_number(out, "errors", errors);
	xml_attribute_number(out, "skipped", 0);
	buf_text(out, ">\n");
	if (item->error.len > 0)
		put_error(&suite, SLICE(REPORT_ITEM_BAD_INPUT), REPORT_ITEM_BAD_INPUT, item->error);
	put_failures(&suite);
	put_incomplete(&suite);
	if (failures + errors == 0)
		put_success(&suite);
	buf_text(out, "  </testsuite>\n");
}

static void begin(struct buf *out, const struct writer_options *options)
{
	(void)options;
	buf_text(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"mailauth\">\n");
}

static void nothing(struct buf *out, const struct writer_options *options)
{
	(void)out;
	(void)options;
}

static void end(struct buf *out, const struct writer_options *options)
{
	(void)options;
	buf_text(out, "</testsuites>\n");
}

const struct writer write_junit_writer = {
	.name = "junit",
	.begin = begin,
	.between = nothing,
	.end = end,
	.item = write_item,
};
