/* lint_locate: findings of `check` and `diff` to the bytes of the zone files they are about: line and column,
 * the line's text, and the fix as changes of the file.
 *
 * Evaluators know of a record from a zone file its file and line only; what its bytes are in the file is
 * looked up here, when somebody wants to show it.
 */
#ifndef LINT_LINT_LOCATE_H
#define LINT_LINT_LOCATE_H

#include "dns/zonefile.h"
#include "rules/finding.h"

struct lint_locate;

/* An index over the TXT records of `zones`, whose files are borrowed and outlive it, as does `arena`. Read by
 * many threads at once. */
const struct lint_locate *lint_locate_open(struct arena *arena, struct zonefile_list zones);

/* Fills in column, end, source line and file_edits of each finding that stands in one of the files (memory
 * from `arena`), and corrects its line to the one its first byte is in. `locate` NULL: nothing is done. */
void lint_locate_findings(const struct lint_locate *locate, struct arena *arena, struct findings *findings);

#endif
