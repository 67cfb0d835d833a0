/* fix: how a record is to be changed so that a finding goes away.
 *
 * Either replacements of some bytes, or a whole new record. All memory is the arena's.
 */
#ifndef RULES_FIX_H
#define RULES_FIX_H

#include "base/arena.h"

/* A replacement of bytes of the record. */
struct fix_edit {
	struct span span;
	struct slice replacement;
};

/* How to mend it. Edits are in ascending order and do not overlap; `record` is the record after them, or a
 * whole new record with no edits at all. `safe`: no receiver decides otherwise than the author surely
 * meant. */
struct fix {
	bool safe;
	const struct fix_edit *edits;
	size_t count;
	struct slice record;
};

/* A fix that replaces the bytes at `span` of `record`. */
const struct fix *fix_replace(
	struct arena *arena, struct slice record, struct span span, struct slice replacement, bool safe);

/* A fix with several edits (copied), in ascending order. */
const struct fix *fix_edits(
	struct arena *arena, struct slice record, const struct fix_edit *edits, size_t count, bool safe);

/* A fix that is a whole new record. */
const struct fix *fix_record(struct arena *arena, struct slice record, bool safe);

/* The edit that makes `new` of `old`: what is the same at both ends stays. */
struct fix_edit fix_difference(struct slice old, struct slice new);

#endif
