/* write_lint: see write_lint.h.
 *
 *     list.txt:12: SPF record of example.com  FAIL: 1 error
 *       taken off: quotes
 *
 *     error[spf-unknown-mechanism]: ...
 */
#include "report/write_lint.h"

#include "base/ascii.h"
#include "report/json_dmarc.h"
#include "report/json_finding.h"
#include "report/json_parts.h"
#include "report/text_finding.h"

/* --- text --------------------------------------------------------------------------------------- */

#define MARGIN 2
#define VALUE  13

static const struct {
	const char *word;
	enum text_style style;
} levels[] = {
	[SEVERITY_OFF] = {"PASS", TEXT_GOOD},
	[SEVERITY_INFO] = {"PASS", TEXT_GOOD},
	[SEVERITY_WARNING] = {"WARN", TEXT_WARNING},
	[SEVERITY_ERROR] = {"FAIL", TEXT_BAD},
};

static enum severity worst_of(const struct findings *findings)
{
	enum severity worst = SEVERITY_OFF;
	for (size_t i = 0; i < findings->count; i++)
		if (findings->items[i].severity > worst)
			worst = findings->items[i].severity;
	return worst;
}

static const char *kind_text(enum lint_type type)
{
	switch (type) {
	case LINT_NONE:
		return "text";
	case LINT_SPF:
		return "SPF record";
	case LINT_DMARC:
		return "DMARC record";
	case LINT_EXP:
		return "SPF explanation";
	}
	return "";
}

/* "db.example:12: SPF record of example.com" */
static struct slice headline(const struct text *text, const struct lint_record *record)
{
	struct slice file = text_raw(text, record->origin.file), name = text_shown(text, record->name);
	struct slice line = SLICE("");
	if (file.len > 0)
		line = arena_printf(text->arena, "%.*s:%zu: ", (int)file.len, file.ptr, record->origin.line);
	return arena_printf(text->arena, "%.*s%s%s%.*s", (int)line.len, line.ptr, kind_text(record->type),
		name.len > 0 ? " of " : "", (int)name.len, name.ptr);
}

static void put_headline(const struct text *text, const struct lint_record *record)
{
	enum severity worst = worst_of(&record->findings);
	struct slice counts = text_finding_counts(text, &record->findings);
	if (counts.len == 0)
		counts = record->is_one_of_several
				 ? SLICE("no mistakes of its own, but it is one of several at this name")
				 : SLICE("no mistakes found");
	struct slice head = headline(text, record);
	const char *word = levels[worst].word;
	size_t columns = text_width(head) + 2 + strlen(word) + 2 + text_width(counts);
	if (columns > text->width)
		text_wrap(text, TEXT_STRONG, SLICE(""), text_blanks(text, MARGIN), head);
	else
		text_styled(text, TEXT_STRONG, head);
	buf_text(text->out, "  ");
	text_styled(text, levels[worst].style, slice_cstr(word));
	text_line(text, TEXT_PLAIN, SLICE(": "), counts);
}

static void put_unknown(const struct text *text, const struct lint_record *record)
{
	struct slice head = headline(text, record);
	text_wrap(text, TEXT_FAINT, SLICE(""), text_blanks(text, MARGIN),
		arena_printf(text->arena,
			"%.*s that is neither an SPF nor a DMARC record; --type tells what it is to be",
			(int)head.len, head.ptr));
}

static void put_text(const struct text *text, const struct lint_record *record)
{
	if (text->options->quiet && worst_of(&record->findings) < SEVERITY_WARNING)
		return;
	if (record->type == LINT_NONE) {
		put_unknown(text, record);
		return;
	}
	put_headline(text, record);
	if (record->unwrapped.len > 0)
		text_labelled(
			text, TEXT_FAINT, MARGIN, "taken off:", VALUE, text_shown(text, record->unwrapped));
	text_finding_list(text, &record->findings);
}

/* --- JSON --------------------------------------------------------------------------------------- */

static void put_term(struct json *json, const struct spf_record *record, const struct spf_term *term)
{
	char qualifier = spf_qualifier_char(term->qualifier);
	bool is_network = term->valid && spf_kind_is_network(term->kind);
	json_object(json);
	json_key(json, "text");
	json_bytes(json, slice_at(record->text, term->span));
	json_key(json, "kind");
	json_text(json, spf_kind_text(term->kind));
	json_key(json, "qualifier");
	if (term->is_modifier)
		json_null(json);
	else
		json_string(json, slice_of(&qualifier, 1));
	json_key(json, "valid");
	json_bool(json, term->valid);
	json_key(json, "value");
	json_bytes_or_null(json, slice_at(record->text, term->value));
	json_key(json, "network");
	if (is_network)
		json_string(json, prefix_text(json->arena, term->network));
	else
		json_null(json);
	json_key(json, "span");
	json_parts_span(json, term->span);
	json_end_object(json);
}

static void put_terms(struct json *json, const struct spf_record *record)
{
	json_key(json, "terms");
	if (record == NULL) {
		json_null(json);
		return;
	}
	json_array(json);
	for (size_t i = 0; i < record->count; i++) {
		struct arena_mark mark = arena_mark(json->arena);
		put_term(json, record, &record->terms[i]);
		arena_rewind(json->arena, mark);
	}
	json_end_array(json);
}

static void put_explanation(struct json *json, const struct macro_string *exp)
{
	json_key(json, "explanation");
	if (exp == NULL) {
		json_null(json);
		return;
	}
	json_object(json);
	json_key(json, "macros");
	json_array(json);
	for (size_t i = 0; i < exp->count; i++) {
		if (exp->pieces[i].kind != MACRO_EXPAND)
			continue;
		json_object(json);
		json_key(json, "text");
		json_bytes(json, slice_at(exp->text, exp->pieces[i].span));
		json_key(json, "letter");
		json_string(json, slice_of(&exp->pieces[i].letter, 1));
		json_key(json, "span");
		json_parts_span(json, exp->pieces[i].span);
		json_end_object(json);
	}
	json_end_array(json);
	json_end_object(json);
}

static void put_origin(struct json *json, const struct lint_record *record)
{
	json_key(json, "name");
	json_string_or_null(json, record->name);
	json_key(json, "file");
	json_bytes_or_null(json, record->origin.file);
	json_key(json, "line");
	if (record->origin.file.len > 0 && record->origin.line > 0)
		json_number(json, record->origin.line);
	else
		json_null(json);
}

static void put_record(struct json *json, const struct lint_record *record)
{
	bool is_bad = record->error.len > 0;
	json_key(json, "record");
	if (is_bad)
		json_null(json);
	else
		json_bytes(json, record->text);
	json_key(json, "record_base64");
	if (is_bad || ascii_is_plain(record->text))
		json_null(json);
	else
		json_base64(json, record->text);
	json_key(json, "unwrapped");
	json_string_or_null(json, record->unwrapped);
}

static void put_strings(struct json *json, const struct lint_record *record)
{
	json_key(json, "strings");
	json_array(json);
	for (size_t i = 0; i < record->string_count; i++)
		json_bytes(json, record->strings[i]);
	json_end_array(json);
}

static void put_json(struct json *json, const struct lint_record *record)
{
	json_object(json);
	json_key(json, "schema");
	json_text(json, "mailauth/lint/1");
	json_key(json, "type");
	json_text(json, lint_type_text(record->type));
	json_key(json, "valid");
	if (record->type == LINT_NONE)
		json_null(json);
	else
		json_bool(json, record->valid);
	put_origin(json, record);
	put_record(json, record);
	put_terms(json, record->spf);
	json_key(json, "tags");
	json_dmarc_tags(json, record->dmarc);
	put_explanation(json, record->exp);
	json_key(json, "findings");
	size_t omitted = json_finding_list(json, &record->findings);
	put_strings(json, record);
	json_key(json, "error");
	json_bytes_or_null(json, record->error);
	json_key(json, "findings_omitted");
	json_number(json, omitted);
	json_end_object(json);
}

/* --- lists of findings --------------------------------------------------------------------------- */

static void put_item(enum writer_format format, struct buf *out, struct arena *scratch,
	const struct writer_options *options, const struct lint_record *record)
{
	struct report_item item = report_item_of_findings(&record->findings);
	if (record->type == LINT_NONE && record->error.len == 0)
		return; /* nothing was judged */
	item.subject = record->name;
	item.file = record->origin.file;
	item.line = record->origin.line;
	item.error = record->error;
	writer_get(format)->item(out, scratch, options, &item);
}

void write_lint(enum writer_format format, struct buf *out, struct arena *scratch,
	const struct writer_options *options, const struct lint_record *record)
{
	struct text text;
	struct json json;
	switch (format) {
	case FORMAT_TEXT:
		text_init(&text, out, scratch, options);
		put_text(&text, record);
		return;
	case FORMAT_JSON:
		json_init(&json, out, scratch, true, options->array ? 1 : 0);
		put_json(&json, record);
		if (!options->array)
			buf_byte(out, '\n');
		return;
	case FORMAT_JSONL:
		json_init(&json, out, scratch, false, 0);
		put_json(&json, record);
		buf_byte(out, '\n');
		return;
	case FORMAT_SARIF:
	case FORMAT_JUNIT:
	case FORMAT_GITHUB:
	case FORMAT_GCC:
	case FORMAT_CSV:
		put_item(format, out, scratch, options, record);
		return;
	case FORMAT_COUNT:
		return;
	}
}
