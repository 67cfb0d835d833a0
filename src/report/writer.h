/* writer: the formats results can be written in, one write_FORMAT.c each.
 *
 * A writer turns one result into bytes at the end of a buffer. What stands around and between them (brackets
 * and commas of a JSON array, header of a table) is written by begin, between and end; document.h puts all
 * of it together.
 *
 * Formats that list findings (gcc, github, sarif, junit, csv) write a struct report_item, which check, lint
 * and diff can all make.
 */
#ifndef REPORT_WRITER_H
#define REPORT_WRITER_H

#include "base/buf.h"
#include "report/report_item.h"

enum writer_format {
	FORMAT_TEXT,
	FORMAT_JSON,
	FORMAT_JSONL,
	FORMAT_SARIF,
	FORMAT_JUNIT,
	FORMAT_GITHUB,
	FORMAT_GCC,
	FORMAT_CSV,
	FORMAT_COUNT
};

struct writer_options {
	bool color;		/* escape sequences as decoration */
	bool unicode;		/* drawing characters outside ASCII */
	bool quiet;		/* nothing for a result of level pass; json: in arrays only */
	bool verbose;		/* text: origin of each answer, dates, what was asked */
	bool array;		/* json: several verdicts, in an array */
	bool domains;		/* csv: a line a domain (check), not a line a finding */
	size_t width;		/* text: columns, 80 */
	enum severity fail_on;	/* junit: findings from here on are failures; SEVERITY_OFF: none */
	const char *input_file; /* the list that domains come from, for its bad lines; NULL: none */
};

/* Parts of a document that is not written in the order in which it becomes known. The bytes of a result are
 * then its parts with a NUL between them, and those of part 0 are the only ones that need not wait. */
#define WRITER_MAX_PARTS 3

/* With units: behind each piece of a result that need not be said again in a run, as the same finding about a
 * record that several domains include. No text has this byte. */
#define WRITER_UNIT_END '\x01'

/* What had to wait for the end, part by part; that of part 0 is empty. */
struct writer_held {
	struct slice bytes[WRITER_MAX_PARTS];
	size_t dropped; /* results with bytes there was no room for */
};

struct writer {
	const char *name; /* "text", "json", ... as --format takes it */
	void (*begin)(struct buf *out, const struct writer_options *options);
	/* Before every result, with units before every unit, but the first that wrote bytes (in the same part). */
	void (*between)(struct buf *out, const struct writer_options *options);
	/* A verdict of check. NULL: it is written as an item. */
	void (*verdict)(struct buf *out, struct arena *scratch, const struct writer_options *options,
		const struct verdict *verdict);
	void (*end)(struct buf *out, const struct writer_options *options);
	/* A list of findings; NULL: the format has none. Adds no byte for an item that it says nothing of. */
	void (*item)(struct buf *out, struct arena *scratch, const struct writer_options *options,
		const struct report_item *item);
	size_t parts; /* 0: all in one */
	bool units;   /* results are units, of which document.h leaves out those that were there already */
	/* With parts: writes what was held back; called before end. */
	void (*held)(struct buf *out, const struct writer_options *options, const struct writer_held *held);
};

/* Never NULL for a format below FORMAT_COUNT. */
const struct writer *writer_get(enum writer_format format);

/* FORMAT_COUNT when there is none of that name. */
enum writer_format writer_find(struct slice name);

/* A verdict in any format. */
void writer_put_verdict(const struct writer *writer, struct buf *out, struct arena *scratch,
	const struct writer_options *options, const struct verdict *verdict);

#endif
