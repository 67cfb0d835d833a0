/* comparison: a domain inspected in two fixtures, and the difference. Needs inspection_begin(). */
#ifndef SUPPORT_COMPARISON_H
#define SUPPORT_COMPARISON_H

#include "inspect/diff.h"
#include "support/fixture.h"

/* One side: `domain` in the fixture. */
struct diff_side *comparison_side(struct arena *arena, struct fixture *fixture, const char *domain);

/* `domain` in two zones. `deny`: bits of enum diff_denial. */
void comparison_run(struct arena *arena, const char *before, const char *after, const char *domain,
	unsigned deny, struct diff *out);

/* example.com in an example of the kind EXAMPLE_CHANGE. */
void comparison_example(struct arena *arena, const char *example, struct diff *out);

#endif
