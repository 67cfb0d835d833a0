/* spf_tree_order: terms that come too late, seen in what they resolve to (RFC 7208 4.6.2). */
#ifndef SPF_SPF_TREE_ORDER_H
#define SPF_SPF_TREE_ORDER_H

#include "spf/spf_tree_place.h"

/* Adds spf-negative-order for terms of the record at `place` whose addresses are all decided otherwise by one
 * term before them. Pairs of ip4 and ip6 terms are left to the record's own reader (spf_networks.h). Nothing
 * is said of terms that are not fully known, nor of records with a great many exceptions. */
void spf_tree_order_report(
	struct arena *arena, const struct spf_tree_place *place, struct findings *findings);

#endif
