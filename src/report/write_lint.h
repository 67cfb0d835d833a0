/* write_lint: a record that was judged by its text, for people as JSON (mailauth/lint/1), and as an item of
 * a list of findings. */
#ifndef REPORT_WRITE_LINT_H
#define REPORT_WRITE_LINT_H

#include "lint/lint_record.h"
#include "report/writer.h"

/* `record` at the end of `out`; nothing in text for one that is quiet. What stands around and between
 * records is that of the format's writer. */
void write_lint(enum writer_format format, struct buf *out, struct arena *scratch,
	const struct writer_options *options, const struct lint_record *record);

#endif
