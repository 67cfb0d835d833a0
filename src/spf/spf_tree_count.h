/* spf_tree_count: the worst case of a tree: lookups, void lookups, and what cannot work (RFC 7208 4.6.4). */
#ifndef SPF_SPF_TREE_COUNT_H
#define SPF_SPF_TREE_COUNT_H

#include "spf/spf_tree.h"

/* Adds up the terms of a node whose subtrees are already counted: fills all sums and flags of the node and
 * of its terms. */
void spf_tree_count(struct spf_node *node);

/* Fills the numbers and flags of the whole tree, all but the networks, from its root. */
void spf_tree_count_whole(struct spf_tree *tree);

/* What an address gets that no term of `node` matches (RFC 7208 4.7, 6.1). False: it is not known. */
bool spf_tree_count_default(const struct spf_node *node, enum spf_result *out);

/* The result that a directive with that qualifier gives. RFC 7208 4.6.2 */
enum spf_result spf_tree_count_result(enum spf_qualifier qualifier);

/* The redirect that a record really uses, NULL without. RFC 7208 6.1 */
const struct spf_tree_term *spf_tree_count_redirect(const struct spf_node *node);

#endif
