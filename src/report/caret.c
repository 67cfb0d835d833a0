/* caret: see caret.h.
 *
 * The bytes before, in and behind the span are escaped apart, so that the span's place in the shown text is
 * just the length of what stands before it. Then the shown text is folded, and each line that has a part of
 * the span gets carets.
 */
#include "report/caret.h"

#define MIN_COLUMNS 20

/* A record in shown text. Lines are [starts[i], starts[i + 1]). */
struct picture {
	struct slice shown;
	size_t from, to; /* the span in it; equal when it is empty */
	const size_t *starts;
	size_t count;
	size_t first, last; /* lines with carets */
};

/* What is drawn: a record, the bytes it is about, and where its strings end. */
struct subject {
	struct slice record;
	struct span span;
	const size_t *borders; /* NULL: they are not drawn */
	size_t count;
	bool is_source; /* a line of a file: backslashes are what they are, a tab is a blank */
};

/* Shown text that grows. */
struct pen {
	const struct text *text;
	const struct subject *subject;
	char *bytes;
	size_t len, capacity;
	size_t at;     /* bytes of the record that are drawn */
	size_t border; /* the next one */
};

static void put(struct pen *pen, struct slice bytes)
{
	if (pen->capacity - pen->len < bytes.len) {
		size_t capacity = (pen->len + bytes.len) * 2;
		char *larger = arena_alloc(pen->text->arena, capacity);
		if (pen->len > 0)
			memcpy(larger, pen->bytes, pen->len);
		pen->bytes = larger;
		pen->capacity = capacity;
	}
	if (bytes.len > 0)
		memcpy(pen->bytes + pen->len, bytes.ptr, bytes.len);
	pen->len += bytes.len;
}

/* Bytes of a line of a file up to one that stands for itself there: a backslash, a tab. */
static size_t plain_length(struct slice text)
{
	size_t len = 0;
	while (len < text.len && text.ptr[len] != '\\' && text.ptr[len] != '\t')
		len++;
	return len;
}

static void put_source(struct pen *pen, struct slice text)
{
	while (text.len > 0) {
		size_t plain = plain_length(text);
		put(pen, text_raw(pen->text, slice_head(text, plain)));
		if (plain < text.len)
			put(pen, text.ptr[plain] == '\t' ? SLICE(" ") : SLICE("\\"));
		text = slice_from(text, plain + 1);
	}
}

static void put_raw(struct pen *pen, size_t to)
{
	struct slice part = slice_at(pen->subject->record, span_of(pen->at, to - pen->at));
	if (pen->subject->is_source)
		put_source(pen, part);
	else
		put(pen, text_raw(pen->text, part));
	pen->at = to;
}

/* The record up to `to`, with the borders on the way; one at `to` itself only when `inclusive`. */
static void put_up_to(struct pen *pen, size_t to, bool inclusive)
{
	const struct subject *subject = pen->subject;
	for (; subject->borders != NULL && pen->border < subject->count; pen->border++) {
		size_t border = subject->borders[pen->border];
		if (border > to || (border == to && !inclusive))
			break;
		put_raw(pen, border);
		put(pen, SLICE("\" \""));
	}
	put_raw(pen, to);
}

/* The line that holds the shown byte `at`; the last one for the end. */
static size_t line_of(const struct picture *picture, size_t at)
{
	size_t line = 0;
	while (line + 1 < picture->count && picture->starts[line + 1] <= at)
		line++;
	return line;
}

static void fold(struct arena *arena, struct picture *picture, size_t columns)
{
	size_t *starts = NULL;
	size_t count = 0, capacity = 0, at = 0;
	do {
		starts = arena_grow(arena, starts, count, &capacity, sizeof *starts);
		starts[count++] = at;
		at += text_fold(slice_from(picture->shown, at), columns);
	} while (at < picture->shown.len);
	starts = arena_grow(arena, starts, count, &capacity, sizeof *starts);
	starts[count] = picture->shown.len;
	picture->starts = starts;
	picture->count = count;
}

/* One column less than there is: a blank may hang over, and it can have a caret. */
static struct picture draw(const struct text *text, size_t margin, const struct subject *subject)
{
	size_t columns = margin + MIN_COLUMNS < text->width ? text->width - margin - 1 : MIN_COLUMNS;
	struct slice quote = subject->borders == NULL ? SLICE("") : SLICE("\"");
	struct pen pen = {.text = text, .subject = subject};
	struct picture picture = {.count = 0};
	struct span span = subject->span;
	if (span.offset > subject->record.len)
		span = span_of(subject->record.len, 0);
	if (span.len > subject->record.len - span.offset)
		span.len = subject->record.len - span.offset;
	put(&pen, quote);
	put_up_to(&pen, span.offset, span.len > 0);
	picture.from = pen.len;
	put_up_to(&pen, span_end(span), false);
	picture.to = pen.len;
	put_up_to(&pen, subject->record.len, true);
	put(&pen, quote);
	picture.shown = slice_of(pen.bytes, pen.len);
	fold(text->arena, &picture, columns);
	picture.first = line_of(&picture, picture.from);
	picture.last = picture.to > picture.from ? line_of(&picture, picture.to - 1) : picture.first;
	return picture;
}

static struct slice part(const struct picture *picture, size_t from, size_t to)
{
	return slice_of(picture->shown.ptr + from, to - from);
}

static void write_line(
	const struct text *text, const struct picture *picture, struct slice margin, size_t line)
{
	struct slice shown = part(picture, picture->starts[line], picture->starts[line + 1]);
	text_line(text, TEXT_PLAIN, margin, shown);
}

static void write_carets(const struct text *text, const struct picture *picture, size_t margin, size_t line,
	enum text_style style)
{
	size_t start = picture->starts[line], end = picture->starts[line + 1];
	size_t from = picture->from > start ? picture->from : start;
	size_t to = picture->to < end ? picture->to : end;
	size_t width = to > from ? text_width(part(picture, from, to)) : 0;
	buf_repeat(text->out, ' ', margin + text_width(part(picture, start, from)));
	char *carets = arena_alloc(text->arena, width + 1);
	memset(carets, '^', width + 1);
	text_styled(text, style, slice_of(carets, width > 0 ? width : 1));
	text_newline(text);
}

/* Of a long record only what is near the start and the end of the span. */
static bool is_shown(const struct picture *picture, size_t line)
{
	return picture->count <= CARET_MAX_LINES ||
	       (line + 1 >= picture->first && line <= picture->first + 2) ||
	       (line + 1 >= picture->last && line <= picture->last + 1);
}

static void write_gap(const struct text *text, size_t margin, size_t lines)
{
	struct slice note = arena_printf(text->arena, "[%zu more %s]", lines, lines == 1 ? "line" : "lines");
	text_wrap(text, TEXT_FAINT, text_blanks(text, margin), text_blanks(text, margin), note);
}

static void write_subject(
	const struct text *text, size_t margin, const struct subject *subject, enum text_style style)
{
	struct picture picture = draw(text, margin, subject);
	size_t hidden = 0;
	for (size_t line = 0; line < picture.count; line++) {
		if (!is_shown(&picture, line)) {
			hidden++;
			continue;
		}
		if (hidden > 0)
			write_gap(text, margin, hidden);
		hidden = 0;
		write_line(text, &picture, text_blanks(text, margin), line);
		if (line >= picture.first && line <= picture.last)
			write_carets(text, &picture, margin, line, style);
	}
	if (hidden > 0)
		write_gap(text, margin, hidden);
}

void caret_write_strings(const struct text *text, size_t margin, struct slice record, struct span span,
	const size_t *borders, size_t border_count, enum text_style style)
{
	const struct subject subject = {
		.record = record, .span = span, .borders = borders, .count = border_count};
	write_subject(text, margin, &subject, style);
}

void caret_write_source(
	const struct text *text, size_t margin, struct slice line, struct span span, enum text_style style)
{
	const struct subject subject = {.record = line, .span = span, .is_source = true};
	write_subject(text, margin, &subject, style);
}

void caret_write(
	const struct text *text, size_t margin, struct slice record, struct span span, enum text_style style)
{
	caret_write_strings(text, margin, record, span, NULL, 0, style);
}

void caret_write_plain(const struct text *text, const char *label, size_t margin, struct slice record)
{
	const struct subject subject = {.record = record};
	struct picture picture = draw(text, margin, &subject);
	size_t shown = picture.count <= CARET_MAX_LINES ? picture.count : CARET_MAX_LINES - 1;
	struct slice first = arena_printf(text->arena, "%-*s", (int)margin, label);
	for (size_t line = 0; line < shown; line++)
		write_line(text, &picture, line == 0 ? first : text_blanks(text, margin), line);
	if (shown < picture.count)
		write_gap(text, margin, picture.count - shown);
}
