/* document: the whole output of a run in one format: results one after the other, and around them what the
 * format wants.
 *
 *     document_init    document_add ... document_add    document_end
 *     (nothing yet)    [begin] result   [between] result  [held back] [end]
 *
 * In formats of units (writer.h) a unit that was there already is left out: ten domains that include the same
 * record make one annotation at its line.
 *
 * Memory does not grow with the run, but in formats where something has to wait for the end (the warnings of
 * github stand behind all errors): of that, DOCUMENT_MAX_HELD bytes a part are kept; and
 * for what was there already (told.h).
 */
#ifndef REPORT_DOCUMENT_H
#define REPORT_DOCUMENT_H

#include "report/told.h"
#include "report/writer.h"

#define DOCUMENT_MAX_HELD ((size_t)16 << 20)

/* Invariants: begun is true once begin was written; held[0] is never used. */
struct document {
	const struct writer *writer;
	const struct writer_options *options; /* borrowed */
	struct buf held[WRITER_MAX_PARTS];
	struct told told;
	bool begun;
	bool has_first; /* a result of part 0 that had bytes */
	size_t dropped;
};

void document_init(
	struct document *document, const struct writer *writer, const struct writer_options *options);
void document_free(struct document *document);

/* Takes the bytes of a result and adds to `out` what may be printed now. `apart`: with what the format has
 * between results (text: some stand on lines of one list). No bytes: nothing happens. A lack of memory is
 * told by out->failed, also at document_end(). */
void document_add(struct document *document, struct buf *out, struct slice bytes, bool apart);

/* Findings about the run itself (its configuration), as an item without subject, after all results. False,
 * and nothing added, in formats that have no place for them: they are told otherwise. */
bool document_add_findings(
	struct document *document, struct buf *out, struct arena *scratch, const struct findings *findings);

/* The end, also of a document without any result. */
void document_end(struct document *document, struct buf *out);

#endif
