/* text: what the text output is made of: lines that fold at the width of the page, colours, safe bytes.
 *
 * Text is handled as *shown* text: escaped, valid UTF-8, one line. A column is a cell of a terminal: wide
 * characters (East Asian, emoji) take two, combining ones none.
 */
#ifndef REPORT_TEXT_H
#define REPORT_TEXT_H

#include "dns/answer.h"
#include "report/writer.h"

enum text_style {
	TEXT_PLAIN,
	TEXT_STRONG,
	TEXT_FAINT,
	TEXT_GOOD,
	TEXT_NOTE,
	TEXT_WARNING,
	TEXT_BAD,
};

struct text {
	struct buf *out;
	struct arena *arena;
	const struct writer_options *options;
	size_t width; /* columns of a line */
};

void text_init(struct text *text, struct buf *out, struct arena *arena, const struct writer_options *options);

/* Raw bytes from DNS or a user as they may be shown: ascii_escape(), and nothing but ASCII where drawing
 * characters are ASCII too. */
struct slice text_raw(const struct text *text, struct slice raw);

/* The same for what is escaped already (names, messages): only the second half is done. */
struct slice text_shown(const struct text *text, struct slice escaped);

/* A name as text. */
struct slice text_name(const struct text *text, struct name name);

/* "1 hour", "5 minutes", "3601 seconds". */
struct slice text_duration(const struct text *text, unsigned long long seconds);

/* "1 record", "2 records". */
struct slice text_count(
	const struct text *text, unsigned long long number, const char *singular, const char *plural);

/* Columns that `shown` takes. */
size_t text_width(struct slice shown);

/* Bytes of the first line of `shown` when it is folded at `columns`: at a blank, which stays at the end of
 * the line and may hang over by one column; within a word only when it is longer than a line; never within
 * a character or an escape. At least one of them, however narrow. */
size_t text_fold(struct slice shown, size_t columns);

/* Writes `shown` in a colour, without a line end. */
void text_styled(const struct text *text, enum text_style style, struct slice shown);

/* Writes one line, without the blanks at its end. */
void text_line(const struct text *text, enum text_style style, struct slice prefix, struct slice shown);

/* Writes `shown` as lines: the first one behind `first`, the others behind `next`. */
void text_wrap(const struct text *text, enum text_style style, struct slice first, struct slice next,
	struct slice shown);

/* The same with blanks in front, and a label before the first line: "label:  text". `indent` counts from
 * the margin to the text. */
void text_labelled(const struct text *text, enum text_style style, size_t margin, const char *label,
	size_t indent, struct slice shown);

/* `count` blanks. */
struct slice text_blanks(const struct text *text, size_t count);

void text_newline(const struct text *text);

/* How a severity is shown. */
enum text_style text_severity_style(enum severity severity);

#endif
