/* diff_tree: the SPF tree of a side, flattened: terms with their places, the names reached, and the terms
 * that need a message. */
#ifndef INSPECT_DIFF_TREE_H
#define INSPECT_DIFF_TREE_H

#include "inspect/diff_copy.h"

/* Fills terms, reached, opens and unresolved of `side`. */
void diff_tree_copy(struct diff_copy *copy, const struct verdict_spf *spf, struct diff_side *side);

#endif
