/* spf_tree_networks: which addresses get which result (RFC 7208 4.6.2: the first term that matches
 * decides). */
#ifndef SPF_SPF_TREE_NETWORKS_H
#define SPF_SPF_TREE_NETWORKS_H

#include "spf/spf_tree.h"

/* The addresses of `family` for which check_host() on the record of `node` says pass, with the limits of
 * RFC 7208 4.6.4 as a receiver counts them. Terms that are unresolved or temporary, and ptr, count as not
 * matching. `sample` says whose %{i} was expanded. */
struct ipset spf_tree_networks(struct arena *arena, const struct spf_node *node, enum ip_family family,
	const struct spf_sample *sample);

/* All addresses of a family by what check_host() says of them. Every address is in exactly one set. */
struct spf_tree_partition {
	struct ipset by_result[SPF_RESULTS];
	struct ipset unknown; /* it depends on the sender, or on the client's own names (ptr) */
};

/* The same for every result; terms that are temporary give temperror. */
void spf_tree_networks_partition(struct arena *arena, const struct spf_node *node, enum ip_family family,
	const struct spf_sample *sample, struct spf_tree_partition *out);

#endif
