/* diff_networks: whose addresses get another result than before. */
#ifndef INSPECT_DIFF_NETWORKS_H
#define INSPECT_DIFF_NETWORKS_H

#include "inspect/diff.h"

/* Fills networks, unresolved, unresolved_terms, may_pass and may_fail of `out`, whose sides and spf_known are
 * set. */
void diff_networks_compare(struct arena *arena, struct diff *out);

/* True when some address, or some message, can get another result. */
bool diff_networks_differ(const struct diff *diff);

/* What is in one list and not in the other; both sorted, each text once. */
void diff_networks_lists(struct arena *arena, const struct slice *before, size_t before_count,
	const struct slice *after, size_t after_count, struct diff_list *out);

#endif
