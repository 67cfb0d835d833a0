/* told: what a run has said already, so that a finding about a record that ten domains include is said once.
 *
 * Exact in one direction: what was never said is never taken for something that was. What does not fit in
 * TOLD_MAX_BYTES, or among TOLD_MAX_TRIES others of nearly the same hash (strangers could make thousands of
 * them), is not remembered and may be said again.
 */
#ifndef REPORT_TOLD_H
#define REPORT_TOLD_H

#include "base/buf.h"

#define TOLD_MAX_BYTES ((size_t)16 << 20)
#define TOLD_MAX_TRIES 32

struct told_text;

/* Invariants: size is 0 or a power of two, and at least twice count. */
struct told {
	struct buf bytes; /* of all texts, one behind the other */
	struct told_text *texts;
	size_t size, count;
	bool failed; /* no memory: nothing is remembered any more */
};

void told_init(struct told *told);
void told_free(struct told *told);

/* True when the same bytes were given before; otherwise they are remembered. */
bool told_again(struct told *told, struct slice bytes);

#endif
