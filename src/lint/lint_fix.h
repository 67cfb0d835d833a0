/* lint_fix: a record with its mistakes mended, and what that changes.
 *
 * The fixes of findings are applied, the result is judged again, and so on until nothing is left that has
 * a fix. What is about several records together (spf-multiple, ...) is left alone: no change of one
 * record mends it.
 */
#ifndef LINT_LINT_FIX_H
#define LINT_LINT_FIX_H

#include "inspect/filter.h"
#include "lint/lint_record.h"

struct lint_fix {
	bool changed;		      /* in the text, or in how it is split into strings */
	struct slice text;	      /* the record as it should be */
	const struct fix_edit *edits; /* that make it of the old text: ascending, apart from each other */
	size_t count;
	struct findings left; /* of the record as it should be, filtered */
};

/* Mends `record`, whose findings are filtered with `filter` already. `unsafe`: also by fixes whose result
 * somebody should look at. */
void lint_fix(struct arena *arena, const struct lint_record *record, const struct filter *filter, bool unsafe,
	struct lint_fix *out);

/* True when a change of one record can mend what the rule says; not when it is about several of them. */
bool lint_fix_mends(enum rule_id rule);

#endif
