/* spf_tree_limits: what the numbers of a whole tree mean: lookups, voids, addresses (RFC 7208 4.6.4). */
#ifndef SPF_SPF_TREE_LIMITS_H
#define SPF_SPF_TREE_LIMITS_H

#include "dns/psl.h"
#include "spf/spf_tree_place.h"

/* Adds the findings about limits, in the inspected domain's own record (after redirects), at the term
 * whose subtree crosses the limit. */
void spf_tree_limits(struct arena *arena, const struct spf_tree *tree, const struct spf_tree_place *root,
	struct findings *findings);

/* Adds spf-range-huge for the terms of one record of the publisher's own; true when there was one. */
bool spf_tree_limits_ranges(
	struct arena *arena, const struct spf_tree_place *place, struct findings *findings);

/* Adds spf-range-huge for all that passes together, unless something else already tells why it is much. */
void spf_tree_limits_total(struct arena *arena, const struct spf_tree *tree,
	const struct spf_tree_place *root, struct findings *findings);

/* Adds spf-include-self-org for includes of the publisher's own that only hold networks, in a tree that is
 * near the limit: there a lookup saved counts. `psl`: NULL, then nothing is said. */
void spf_tree_limits_own_includes(struct arena *arena, const struct spf_tree *tree,
	const struct spf_tree_place *place, const struct psl *psl, struct findings *findings);

#endif
