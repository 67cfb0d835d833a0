/* caret: a record folded at the page's width, with carets under the bytes that something is about.
 *
 *     v=spf1 ipv4:192.0.2.0/24 -all
 *            ^^^^
 */
#ifndef REPORT_CARET_H
#define REPORT_CARET_H

#include "report/text.h"

#define CARET_MAX_LINES 8 /* a record with more lines is shown around the carets only */

/* Writes raw `record` behind `margin` blanks, and carets under `span`; `style` is the carets' colour. An
 * empty span gets one caret, also behind the record's end. Controls and the like take the columns of their
 * escapes. */
void caret_write(
	const struct text *text, size_t margin, struct slice record, struct span span, enum text_style style);

/* The same with the borders of its strings drawn: each string in quotes, as in a zone file. `borders`:
 * offsets at which strings end, but the last. */
void caret_write_strings(const struct text *text, size_t margin, struct slice record, struct span span,
	const size_t *borders, size_t border_count, enum text_style style);

/* The same for a line of a file: its backslashes and tabs are not escaped. */
void caret_write_source(
	const struct text *text, size_t margin, struct slice line, struct span span, enum text_style style);

/* The record without carets, all of it or its start; `label` stands in the margin of the first line. */
void caret_write_plain(const struct text *text, const char *label, size_t margin, struct slice record);

#endif
