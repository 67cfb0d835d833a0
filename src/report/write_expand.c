/* write_expand: see write_expand.h and mailauth-json(5). */
#include "report/write_expand.h"

#include "report/json_finding.h"
#include "report/json_parts.h"
#include "report/text_finding.h"

#define VALUE_COLUMN 14
#define NAME_LENGTH  253

/* --- JSON -------------------------------------------------------------------------------------- */

static char letter_as_written(const struct macro_string *macro, const struct macro_piece *piece)
{
	return macro->text.ptr[piece->span.offset + 2]; /* behind "%{" */
}

static void put_macro(
	struct json *json, const struct write_expand_report *report, const struct macro_piece *piece)
{
	struct slice value;
	char letter = letter_as_written(report->macro, piece);
	json_object(json);
	json_key(json, "span");
	json_parts_span(json, piece->span);
	json_key(json, "letter");
	json_string(json, slice_of(&letter, 1));
	json_key(json, "value");
	if (macro_expand_piece(json->arena, piece, report->values, &value))
		json_bytes(json, value);
	else
		json_null(json);
	json_end_object(json);
}

static void put_macros(struct json *json, const struct write_expand_report *report)
{
	json_key(json, "macros");
	json_array(json);
	for (size_t i = 0; i < report->macro->count; i++)
		if (report->macro->pieces[i].kind == MACRO_EXPAND)
			put_macro(json, report, &report->macro->pieces[i]);
	json_end_array(json);
}

static void put_error(struct json *json, const struct write_expand_report *report)
{
	json_key(json, "error");
	if (report->error.len == 0) {
		json_null(json);
		return;
	}
	json_object(json);
	json_key(json, "message");
	json_string(json, report->error);
	json_key(json, "span");
	json_parts_span(json, report->error_span);
	json_end_object(json);
}

void write_expand_json(struct buf *out, struct arena *scratch, const struct write_expand_report *report)
{
	struct json json;
	json_init(&json, out, scratch, true, 0);
	json_object(&json);
	json_key(&json, "schema");
	json_text(&json, "mailauth/expand/1");
	json_key(&json, "macro_string");
	json_bytes(&json, report->macro->text);
	json_key(&json, "expansion");
	if (report->has_expansion)
		json_bytes(&json, report->expansion);
	else
		json_null(&json);
	put_macros(&json, report);
	put_error(&json, report);
	json_key(&json, "incomplete");
	json_finding_incomplete(&json, report->incomplete, report->incomplete_count);
	json_end_object(&json);
	buf_byte(out, '\n');
}

/* --- text -------------------------------------------------------------------------------------- */

static const char *meaning(char letter)
{
	static const struct {
		char letter;
		const char *words;
	} letters[] = {
		{'s', "the sender"},
		{'l', "the local-part of the sender"},
		{'o', "the domain of the sender"},
		{'d', "the domain whose record is used"},
		{'i', "the client's address"},
		{'p', "the client's name, if it leads back to the client"},
		{'v', "in-addr or ip6, by the client's address"},
		{'h', "the HELO name"},
		{'c', "the client's address, to be read"},
		{'r', "the receiver"},
		{'t', "the time, in seconds since 1970"},
	};
	for (size_t i = 0; i < sizeof letters / sizeof letters[0]; i++)
		if (letters[i].letter == letter)
			return letters[i].words;
	return "";
}

static void put_row(const struct text *text, enum text_style style, struct slice label, struct slice shown)
{
	struct slice first =
		arena_printf(text->arena, "  %-*.*s  ", VALUE_COLUMN - 4, (int)label.len, label.ptr);
	text_wrap(text, style, first, text_blanks(text, text_width(first)), shown);
}

/* The piece as far as one step has gone. */
static struct slice value_of(
	const struct text *text, const struct write_expand_report *report, struct macro_piece piece)
{
	struct slice value;
	if (!macro_expand_piece(text->arena, &piece, report->values, &value))
		return SLICE("");
	return text_raw(text, value);
}

static void put_transformation(
	const struct text *text, const struct write_expand_report *report, const struct macro_piece *piece)
{
	struct slice delimiters = piece->delimiters.len > 0 ? text_raw(text, piece->delimiters) : SLICE(".");
	struct macro_piece plain = *piece;
	plain.url_escape = false;
	struct slice keep =
		piece->has_keep ? arena_printf(text->arena, ", the last %u kept", piece->keep) : SLICE("");
	struct slice value = value_of(text, report, plain);
	put_row(text, TEXT_FAINT, SLICE(""),
		arena_printf(text->arena, "cut at \"%.*s\"%s%.*s, joined by dots: %.*s", (int)delimiters.len,
			delimiters.ptr, piece->reverse ? ", in reverse order" : "", (int)keep.len, keep.ptr,
			(int)value.len, value.ptr));
}

static void put_steps(
	const struct text *text, const struct write_expand_report *report, const struct macro_piece *piece)
{
	struct macro_piece start = {.kind = MACRO_EXPAND, .letter = piece->letter};
	struct slice value = value_of(text, report, start);
	bool transformed = piece->has_keep || piece->reverse || piece->delimiters.len > 0;
	put_row(text, TEXT_PLAIN, text_raw(text, slice_at(report->macro->text, piece->span)),
		value_of(text, report, *piece));
	put_row(text, TEXT_FAINT, SLICE(""),
		arena_printf(text->arena, "%c is %s: %.*s", piece->letter, meaning(piece->letter),
			(int)value.len, value.ptr));
	if (transformed)
		put_transformation(text, report, piece);
	if (piece->url_escape)
		put_row(text, TEXT_FAINT, SLICE(""), SLICE("a capital letter: escaped for a URL"));
}

static void put_piece(
	const struct text *text, const struct write_expand_report *report, const struct macro_piece *piece)
{
	struct slice written = slice_at(report->macro->text, piece->span);
	switch (piece->kind) {
	case MACRO_LITERAL:
		return;
	case MACRO_EXPAND:
		put_steps(text, report, piece);
		return;
	case MACRO_PERCENT:
		put_row(text, TEXT_PLAIN, written, SLICE("% (a percent sign)"));
		return;
	case MACRO_SPACE:
		put_row(text, TEXT_PLAIN, written, SLICE("(a space)"));
		return;
	case MACRO_URL_SPACE:
		put_row(text, TEXT_PLAIN, written, SLICE("%20 (a space in a URL)"));
		return;
	}
}

void write_expand_text(struct buf *out, struct arena *scratch, const struct writer_options *options,
	const struct write_expand_report *report)
{
	struct text text;
	text_init(&text, out, scratch, options);
	buf_add(out, text_raw(&text, report->expansion));
	buf_byte(out, '\n');
	if (options->verbose) {
		text_newline(&text);
		for (size_t i = 0; i < report->macro->count; i++)
			put_piece(&text, report, &report->macro->pieces[i]);
		struct slice name = macro_name(report->expansion);
		if (!report->is_explanation && report->expansion.len > NAME_LENGTH)
			put_row(&text, TEXT_NOTE, SLICE("as a name"), text_raw(&text, name));
	}
	text_finding_incomplete(&text, report->incomplete, report->incomplete_count, false);
}
