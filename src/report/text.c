/* text: see text.h. */
#include "report/text.h"

#include <stdio.h>

#include "base/ascii.h"
#include "report/text_columns.h"

#define MIN_COLUMNS 20 /* however far something is indented, that much of a line it gets */

void text_init(struct text *text, struct buf *out, struct arena *arena, const struct writer_options *options)
{
	*text = (struct text){.out = out, .arena = arena, .options = options};
	text->width = options->width == 0 ? 80 : options->width;
}

/* A byte of no meaning in the locale could be a control there: each becomes \DDD. */
struct slice text_shown(const struct text *text, struct slice escaped)
{
	if (text->options->unicode || ascii_is_all(escaped))
		return escaped;
	char *out = arena_alloc(text->arena, 4 * escaped.len + 1);
	size_t len = 0;
	for (size_t i = 0; i < escaped.len; i++) {
		unsigned char byte = (unsigned char)escaped.ptr[i];
		if (byte < 0x80)
			out[len++] = (char)byte;
		else
			len += (size_t)snprintf(out + len, 5, "\\%03u", byte);
	}
	return slice_of(out, len);
}

struct slice text_raw(const struct text *text, struct slice raw)
{
	return text_shown(text, ascii_escape(text->arena, raw));
}

struct slice text_name(const struct text *text, struct name name)
{
	return text_shown(text, name_text(text->arena, name));
}

struct slice text_count(
	const struct text *text, unsigned long long number, const char *singular, const char *plural)
{
	return arena_printf(text->arena, "%llu %s", number, number == 1 ? singular : plural);
}

struct slice text_duration(const struct text *text, unsigned long long seconds)
{
	static const struct {
		unsigned long long seconds;
		const char *one, *many;
	} units[] = {
		{86400, "day", "days"},
		{3600, "hour", "hours"},
		{60, "minute", "minutes"},
	};
	for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
		if (seconds > 0 && seconds % units[i].seconds == 0)
			return text_count(text, seconds / units[i].seconds, units[i].one, units[i].many);
	return text_count(text, seconds, "second", "seconds");
}

/* Bytes of the character or escape at the start of `shown`, and its columns. */
static size_t unit_length(struct slice shown, size_t *columns)
{
	if (shown.ptr[0] == '\\' && shown.len >= 2) {
		size_t len = ascii_is_digit(shown.ptr[1]) ? 4 : 2;
		len = len < shown.len ? len : shown.len;
		*columns = len;
		return len;
	}
	size_t len;
	uint32_t code = ascii_utf8_decode(shown, &len);
	*columns = len <= 1 ? 1 : text_columns(code);
	return len == 0 ? 1 : len;
}

size_t text_width(struct slice shown)
{
	size_t width = 0, columns;
	for (size_t i = 0; i < shown.len;) {
		i += unit_length(slice_from(shown, i), &columns);
		width += columns;
	}
	return width;
}

size_t text_fold(struct slice shown, size_t columns)
{
	size_t width = 0, blank_end = 0, i = 0;
	while (i < shown.len) {
		size_t more;
		size_t len = unit_length(slice_from(shown, i), &more);
		bool blank = shown.ptr[i] == ' ';
		if (width + more > columns && i > 0 && !(blank && width == columns))
			return blank_end > 0 ? blank_end : i;
		width += more;
		i += len;
		if (blank)
			blank_end = i;
	}
	return i;
}

static const char *style_code(enum text_style style)
{
	switch (style) {
	case TEXT_PLAIN:
		return "";
	case TEXT_STRONG:
		return "\033[1m";
	case TEXT_FAINT:
		return "\033[2m";
	case TEXT_GOOD:
		return "\033[32m";
	case TEXT_NOTE:
		return "\033[36m";
	case TEXT_WARNING:
		return "\033[33m";
	case TEXT_BAD:
		return "\033[31m";
	}
	return "";
}

void text_styled(const struct text *text, enum text_style style, struct slice shown)
{
	bool colored = text->options->color && style != TEXT_PLAIN && shown.len > 0;
	if (colored)
		buf_text(text->out, style_code(style));
	buf_add(text->out, shown);
	if (colored)
		buf_text(text->out, "\033[0m");
}

/* `line` without the blanks at its end. */
static struct slice trimmed(struct slice line)
{
	while (line.len > 0 && line.ptr[line.len - 1] == ' ')
		line.len--;
	return line;
}

void text_line(const struct text *text, enum text_style style, struct slice prefix, struct slice shown)
{
	struct slice line = trimmed(shown);
	buf_add(text->out, line.len > 0 ? prefix : trimmed(prefix));
	text_styled(text, style, line);
	text_newline(text);
}

void text_wrap(const struct text *text, enum text_style style, struct slice first, struct slice next,
	struct slice shown)
{
	struct slice prefix = first;
	do {
		size_t used = text_width(prefix);
		size_t columns = used + MIN_COLUMNS < text->width ? text->width - used : MIN_COLUMNS;
		size_t len = text_fold(shown, columns);
		text_line(text, style, prefix, slice_head(shown, len));
		shown = slice_from(shown, len);
		prefix = next;
	} while (shown.len > 0);
}

struct slice text_blanks(const struct text *text, size_t count)
{
	return arena_printf(text->arena, "%*s", (int)count, "");
}

void text_labelled(const struct text *text, enum text_style style, size_t margin, const char *label,
	size_t indent, struct slice shown)
{
	struct slice first = arena_printf(
		text->arena, "%*s%-*s", (int)margin, "", (int)(indent > margin ? indent - margin : 0), label);
	text_wrap(text, style, first, text_blanks(text, indent), shown);
}

void text_newline(const struct text *text)
{
	buf_byte(text->out, '\n');
}

enum text_style text_severity_style(enum severity severity)
{
	switch (severity) {
	case SEVERITY_ERROR:
		return TEXT_BAD;
	case SEVERITY_WARNING:
		return TEXT_WARNING;
	case SEVERITY_INFO:
	case SEVERITY_OFF:
		return TEXT_NOTE;
	}
	return TEXT_PLAIN;
}
