/* write_test: see write_test.h and mailauth-json(5). */
#include "report/write_test.h"

#include "report/json_finding.h"
#include "report/json_parts.h"
#include "report/text.h"
#include "report/text_evaluation.h"

static const char *const status_words[] = {
	[WRITE_TEST_OK] = "ok", [WRITE_TEST_FAILED] = "failed", [WRITE_TEST_UNKNOWN] = "unknown"};

/* --- JSON -------------------------------------------------------------------------------------- */

static void put_what(struct json *json, const struct write_test_result *result)
{
	json_key(json, "expectation");
	json_bytes(json, result->text);
	json_key(json, "domain");
	json_parts_name(json, result->domain);
	json_key(json, "subject");
	json_text(json, result->subject);
	json_key(json, "network");
	json_bytes_or_null(json, result->network);
	json_key(json, "sender");
	json_bytes_or_null(json, result->sender);
}

static void put_outcome(struct json *json, const struct write_test_result *result)
{
	json_key(json, "expected");
	json_string(json, result->expected);
	json_key(json, "actual");
	json_bytes_or_null(json, result->actual);
	json_key(json, "status");
	json_text(json, status_words[result->status]);
	json_key(json, "file");
	json_bytes(json, result->file);
	json_key(json, "line");
	json_number(json, result->line);
	json_key(json, "column");
	json_number(json, result->column);
	json_key(json, "message");
	json_string_or_null(json, result->message);
	json_key(json, "incomplete");
	json_finding_incomplete(json, result->incomplete, result->incomplete_count);
}

static void put_count(struct json *json, const char *key, size_t count)
{
	json_key(json, key);
	json_number(json, count);
}

void write_test_json(struct buf *out, struct arena *scratch, const struct write_test_report *report)
{
	struct json json;
	json_init(&json, out, scratch, true, 0);
	json_object(&json);
	json_key(&json, "schema");
	json_text(&json, "mailauth/test/1");
	put_count(&json, "ok", report->ok);
	put_count(&json, "failed", report->failed);
	put_count(&json, "unknown", report->unknown);
	json_key(&json, "expectations");
	json_array(&json);
	for (size_t i = 0; i < report->count; i++) {
		struct arena_mark mark = arena_mark(scratch);
		json_object(&json);
		put_what(&json, &report->results[i]);
		put_outcome(&json, &report->results[i]);
		json_end_object(&json);
		arena_rewind(scratch, mark);
	}
	json_end_array(&json);
	json_parts_cost(&json, &report->cost);
	json_end_object(&json);
	buf_byte(out, '\n');
}

/* --- text -------------------------------------------------------------------------------------- */

static const struct {
	const char *word; /* all of one width */
	enum text_style style;
} marks[] = {
	[WRITE_TEST_OK] = {"ok  ", TEXT_GOOD},
	[WRITE_TEST_FAILED] = {"FAIL", TEXT_BAD},
	[WRITE_TEST_UNKNOWN] = {"?   ", TEXT_NOTE},
};

/* ".mailauth:7:1: ", where somebody has to look. */
static void put_place(const struct text *text, const struct write_test_result *result)
{
	struct slice file = text_raw(text, result->file);
	buf_printf(text->out, "%.*s:%zu:%zu: ", (int)file.len, file.ptr, result->line, result->column);
}

static void put_result(const struct text *text, const struct write_test_result *result)
{
	text_styled(text, marks[result->status].style, slice_cstr(marks[result->status].word));
	buf_byte(text->out, ' ');
	if (result->status != WRITE_TEST_OK)
		put_place(text, result);
	buf_add(text->out, text_raw(text, result->text));
	if (result->status != WRITE_TEST_OK) {
		buf_text(text->out, ": ");
		buf_add(text->out, text_shown(text, result->message));
	}
	text_newline(text);
}

/* "3 expectations: 1 holds, 1 failed, 1 not known for now" */
static void put_summary(const struct text *text, const struct write_test_report *report)
{
	struct slice all = text_count(text, report->count, "expectation", "expectations");
	buf_printf(text->out, "%.*s: %zu ok", (int)all.len, all.ptr, report->ok);
	if (report->failed > 0)
		buf_printf(text->out, ", %zu failed", report->failed);
	if (report->unknown > 0)
		buf_printf(text->out, ", %zu not known for now", report->unknown);
	text_newline(text);
}

void write_test_text(struct buf *out, struct arena *scratch, const struct writer_options *options,
	const struct write_test_report *report)
{
	struct text text;
	text_init(&text, out, scratch, options);
	for (size_t i = 0; i < report->count; i++) {
		struct arena_mark mark = arena_mark(scratch);
		if (report->results[i].status != WRITE_TEST_OK || !options->quiet)
			put_result(&text, &report->results[i]);
		arena_rewind(scratch, mark);
	}
	if (!options->quiet)
		put_summary(&text, report);
	if (options->verbose)
		text_evaluation_cost(&text, &report->cost);
}
