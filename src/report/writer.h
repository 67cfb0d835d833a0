/* writer: the formats a verdict can be written in, one write_FORMAT.c each.
 *
 * A writer turns one verdict into bytes at the end of a buffer. What stands around and between them (brackets
 * and commas of a JSON array, header of a table) is written by begin, between and end.
 */
#ifndef REPORT_WRITER_H
#define REPORT_WRITER_H

#include "base/buf.h"
#include "inspect/verdict.h"

enum writer_format { FORMAT_TEXT, FORMAT_JSON, FORMAT_JSONL, FORMAT_COUNT };

struct writer_options {
	bool color;   /* escape sequences as decoration */
	bool unicode; /* drawing characters outside ASCII */
	bool quiet;   /* nothing for a verdict of level pass; json: in arrays only */
	bool verbose; /* text: origin of each answer, dates, what was asked */
	bool array;   /* json: several verdicts, in an array */
	size_t width; /* text: columns, 80 */
};

struct writer {
	const char *name; /* "text", "json", ... as --format takes it */
	void (*begin)(struct buf *out, const struct writer_options *options);
	void (*between)(struct buf *out,
		const struct writer_options
			*options); /* before every verdict but the first that wrote bytes */
	void (*verdict)(struct buf *out, struct arena *scratch, const struct writer_options *options,
		const struct verdict *verdict);
	void (*end)(struct buf *out, const struct writer_options *options);
};

const struct writer *writer_get(enum writer_format format);

/* FORMAT_COUNT when there is none of that name. */
enum writer_format writer_find(struct slice name);

#endif
