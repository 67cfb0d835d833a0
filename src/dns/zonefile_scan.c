/* zonefile_scan: words, quotes, parentheses and comments of master files; see zonefile_scan.h.
 *
 * As in BIND, a quote ends the word before it, and a quoted string ends on its own line: RFC 1035 would
 * let it go on, but then one forgotten quote swallows the file.
 */
#include "dns/zonefile_scan.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/ascii.h"

#define SHOWN_MAX 60

bool zonefile_scan_fail(struct arena *arena, struct zonefile_error *error, struct zonefile_place place,
	const char *format, ...)
{
	char message[512];
	va_list args;
	va_start(args, format);
	vsnprintf(message, sizeof message, format, args);
	va_end(args);
	*error = (struct zonefile_error){place, arena_copy(arena, slice_cstr(message))};
	return false;
}

const char *zonefile_scan_shown(struct arena *arena, struct slice text)
{
	struct slice escaped = ascii_escape(arena, slice_head(text, SHOWN_MAX));
	return arena_printf(arena, "%.*s%s", (int)escaped.len, escaped.ptr, text.len > SHOWN_MAX ? "..." : "")
		.ptr;
}

void zonefile_scan_init(struct zonefile_scan *scan, struct arena *arena, struct slice file, struct slice text,
	struct zonefile_error *error)
{
	size_t mark = slice_starts(text, SLICE("\xef\xbb\xbf")) ? 3 : 0;
	*scan = (struct zonefile_scan){.arena = arena,
		.error = error,
		.file = file,
		.text = text,
		.at = mark,
		.line = 1,
		.line_start = mark};
}

static struct zonefile_place here(const struct zonefile_scan *scan)
{
	return (struct zonefile_place){scan->file, scan->line, scan->at - scan->line_start + 1};
}

static void add_token(struct zonefile_scan *scan, struct slice text, bool quoted, struct zonefile_place place)
{
	scan->tokens =
		arena_grow(scan->arena, scan->tokens, scan->count, &scan->capacity, sizeof *scan->tokens);
	scan->tokens[scan->count++] = (struct zonefile_token){text, quoted, place};
}

/* A carriage return is a blank where it belongs to the end of a line. */
static bool is_blank(const struct zonefile_scan *scan)
{
	struct slice rest = slice_from(scan->text, scan->at);
	return ascii_is_wsp(rest.ptr[0]) || (rest.ptr[0] == '\r' && (rest.len == 1 || rest.ptr[1] == '\n'));
}

static void pass_byte(struct zonefile_scan *scan)
{
	bool ends_line = scan->text.ptr[scan->at++] == '\n';
	if (ends_line) {
		scan->line++;
		scan->line_start = scan->at;
	}
}

/* Over a byte of a word or string, with the one behind it when it is a backslash. */
static void pass_escaped(struct zonefile_scan *scan)
{
	bool escapes = scan->text.ptr[scan->at++] == '\\';
	if (escapes && scan->at < scan->text.len && scan->text.ptr[scan->at] != '\n')
		scan->at++;
}

static bool scan_string(struct zonefile_scan *scan)
{
	struct zonefile_place place = here(scan);
	size_t start = ++scan->at;
	while (scan->at < scan->text.len && scan->text.ptr[scan->at] != '"' &&
		scan->text.ptr[scan->at] != '\n')
		pass_escaped(scan);
	if (scan->at == scan->text.len || scan->text.ptr[scan->at] != '"')
		return zonefile_scan_fail(
			scan->arena, scan->error, place, "unterminated quote: no closing \" on this line");
	add_token(scan, slice_of(scan->text.ptr + start, scan->at - start), true, place);
	scan->at++;
	return true;
}

static bool ends_word(const struct zonefile_scan *scan)
{
	char c = scan->text.ptr[scan->at];
	return c == '\n' || c == ';' || c == '(' || c == ')' || c == '"' || is_blank(scan);
}

static void scan_word(struct zonefile_scan *scan)
{
	struct zonefile_place place = here(scan);
	size_t start = scan->at;
	while (scan->at < scan->text.len && !ends_word(scan))
		pass_escaped(scan);
	add_token(scan, slice_of(scan->text.ptr + start, scan->at - start), false, place);
}

/* Keeps a comment that begins with "mailauth:". */
static void note_remark(struct zonefile_scan *scan, struct slice comment)
{
	static const struct slice mark = {"mailauth:", 9};
	size_t start = 1 + ascii_wsp_run(comment, 1);
	struct slice text = slice_from(comment, start);
	if (!slice_starts_nocase(text, mark))
		return;
	start += mark.len + ascii_wsp_run(text, mark.len);
	struct zonefile_place place = here(scan);
	place.column += start;
	scan->remarks = arena_grow(scan->arena, scan->remarks, scan->remark_count, &scan->remark_capacity,
		sizeof *scan->remarks);
	scan->remarks[scan->remark_count++] =
		(struct zonefile_scan_remark){slice_trim(slice_from(comment, start)), place,
			.is_before = scan->count == 0 && scan->depth == 0};
}

static void scan_comment(struct zonefile_scan *scan)
{
	size_t end = slice_find(scan->text, '\n', scan->at);
	struct slice comment = slice_at(scan->text, span_of(scan->at, end - scan->at));
	note_remark(scan, slice_without_line_end(comment));
	scan->at = end;
}

static void open_parenthesis(struct zonefile_scan *scan)
{
	if (scan->depth++ == 0)
		scan->open = here(scan);
	scan->at++;
}

static bool close_parenthesis(struct zonefile_scan *scan)
{
	if (scan->depth == 0)
		return zonefile_scan_fail(
			scan->arena, scan->error, here(scan), "\")\" without \"(\" before it");
	scan->depth--;
	scan->at++;
	return true;
}

/* One token, comment or parenthesis. */
static bool scan_item(struct zonefile_scan *scan)
{
	switch (scan->text.ptr[scan->at]) {
	case ';':
		scan_comment(scan);
		return true;
	case '(':
		open_parenthesis(scan);
		return true;
	case ')':
		return close_parenthesis(scan);
	case '"':
		return scan_string(scan);
	default:
		scan_word(scan);
		return true;
	}
}

enum zonefile_scan_result zonefile_scan_next(struct zonefile_scan *scan, struct zonefile_entry *out)
{
	bool blank_owner = false;
	scan->count = 0;
	while (scan->at < scan->text.len) {
		bool ends_line = scan->text.ptr[scan->at] == '\n';
		if (ends_line && scan->depth == 0 && scan->count > 0)
			break;
		if (scan->at == scan->line_start && scan->count == 0 && scan->depth == 0)
			blank_owner = is_blank(scan);
		if (ends_line || is_blank(scan))
			pass_byte(scan);
		else if (!scan_item(scan))
			return ZONEFILE_SCAN_ERROR;
	}
	if (scan->depth > 0) {
		zonefile_scan_fail(
			scan->arena, scan->error, scan->open, "unterminated \"(\": no \")\" behind it");
		return ZONEFILE_SCAN_ERROR;
	}
	*out = (struct zonefile_entry){scan->tokens, scan->count, blank_owner, scan->line};
	return scan->count > 0 ? ZONEFILE_SCAN_ENTRY : ZONEFILE_SCAN_END;
}
