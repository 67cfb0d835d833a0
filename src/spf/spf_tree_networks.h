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

/* The same when no term that needs a message matches; `unknown`: behind a redirect that needs one. */
void spf_tree_networks_otherwise(struct arena *arena, const struct spf_node *node, enum ip_family family,
	const struct spf_sample *sample, struct spf_tree_partition *out);

/* A term that needs a message, at one of its places in the tree. */
struct spf_tree_open {
	const struct spf_tree_term *term;
	struct name domain; /* of the record it is in */
	bool grants;	    /* who matches passes: its qualifier and those of the includes above are + */
	struct ipset reach; /* who gets there when no such term matches */
};

struct spf_tree_opens {
	struct spf_tree_open *items;
	size_t count, capacity;
};

/* Those that somebody of `family` reaches, in the order of evaluation. */
void spf_tree_networks_open(struct arena *arena, const struct spf_node *node, enum ip_family family,
	const struct spf_sample *sample, struct spf_tree_opens *out);

#endif
