/* lint_written: how the text of a record is written in its file: which bytes there each of its bytes was
 * made of, and where fixes of the record are to be made in the file.
 *
 *     @ TXT "v=spf1 " "ipv4:192.0.2.1 -all"      text 7+4 "ipv4" is line 1, columns 18 to 22
 */
#ifndef LINT_LINT_WRITTEN_H
#define LINT_LINT_WRITTEN_H

#include "dns/zonefile.h"
#include "lint/lint_record.h"

/* Fills text, strings, map and origin of `out` from the words of `source`, which has some. The text is the
 * one of source->record. */
void lint_written_read(struct arena *arena, const struct zonefile_record *source, struct lint_record *out);

/* Sets file_edits of a finding about `record` that has a fix and a place in a file. `source`: the zone's
 * record; NULL: the record is pasted, and edits are made only where its bytes stand as they are. */
void lint_written_edits(struct arena *arena, const struct lint_record *record,
	const struct zonefile_record *source, struct finding *finding);

/* The same for all findings of the record. */
void lint_written_all_edits(
	struct arena *arena, struct lint_record *record, const struct zonefile_record *source);

#endif
