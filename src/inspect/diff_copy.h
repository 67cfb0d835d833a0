/* diff_copy: copies into the arena of a side, the same bytes only once where that is seen easily: findings
 * about one record, and the terms in it, share its text. */
#ifndef INSPECT_DIFF_COPY_H
#define INSPECT_DIFF_COPY_H

#include "inspect/diff.h"

#define DIFF_COPY_SLOTS 256

struct diff_copy {
	struct arena *arena;
	struct arena *scratch; /* for what is not kept */
	struct {
		struct slice from, to;
	} slots[DIFF_COPY_SLOTS]; /* by address; a later one takes the place of an earlier one */
};

void diff_copy_init(struct diff_copy *copy, struct arena *arena, struct arena *scratch);

struct slice diff_copy_slice(struct diff_copy *copy, struct slice from);
struct finding_place diff_copy_place(struct diff_copy *copy, const struct finding_place *from);

/* Everything of them, fixes included. */
void diff_copy_findings(struct diff_copy *copy, const struct findings *from, struct findings *to);

struct ipset diff_copy_set(struct arena *arena, struct ipset from);

/* NULL for none. */
void *diff_copy_array(struct arena *arena, const void *from, size_t count, size_t size);

/* Copies of slices, sorted, each once, in *to; returns how many. */
size_t diff_copy_sorted(
	struct diff_copy *copy, const struct slice *from, size_t count, const struct slice **to);

#endif
