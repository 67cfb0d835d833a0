/* diff_findings: which findings are new, fixed, unchanged. */
#ifndef INSPECT_DIFF_FINDINGS_H
#define INSPECT_DIFF_FINDINGS_H

#include "inspect/diff.h"

/* Fills the three lists and uncertain_findings of `out`, whose sides are set. Each list is in the order of
 * the side that it comes from: `after` for new and unchanged ones, `before` for fixed ones. */
void diff_findings_compare(struct arena *arena, struct diff *out);

#endif
