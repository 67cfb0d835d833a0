/* spf_partition: what check_host() says of each address of a network, or of all there are (RFC 7208 4).
 *
 * Not one evaluation an address: the tree of records is walked once, and sets of addresses flow through
 * its terms (spf_tree_networks.h). Exact where no message is needed; the terms that need one are named,
 * and the addresses that reach them set apart.
 */
#ifndef SPF_SPF_PARTITION_H
#define SPF_SPF_PARTITION_H

#include "spf/spf_request.h"
#include "spf/spf_tree_networks.h"

struct spf_partition_request {
	struct slice domain;	  /* <domain>, as in struct spf_request */
	struct spf_sample sample; /* what is known of the message */
	bool has_network;	  /* false: all IPv4 and IPv6 addresses */
	struct prefix network;
};

struct spf_partition {
	struct spf_tree_partition families[SPF_FAMILIES]; /* within the network; the other family is empty */
	bool is_single;					  /* all addresses have one result */
	enum spf_result result;				  /* that */
	const struct slice *unresolved; /* texts of the terms that need a message, each once */
	size_t unresolved_count;
};

/* EVAL_DONE with *out filled (memory from `arena`), or EVAL_NEEDS_ANSWERS with the missing questions
 * noted in `view`. */
enum eval_state spf_partition(const struct spf_partition_request *request, struct view *view,
	struct arena *arena, struct spf_partition *out) __attribute__((warn_unused_result));

/* Result `index` (below SPF_RESULTS) in the order in which people read them: pass first. */
enum spf_result spf_partition_order(size_t index);

/* True when some address has that result. */
bool spf_partition_has(const struct spf_partition *partition, enum spf_result result);

/* True when for some address the result depends on the message. */
bool spf_partition_has_unknown(const struct spf_partition *partition);

/* "pass, softfail": the results there are, in the order people read them; "not known" for those that depend
 * on the message. */
const char *spf_partition_words(struct arena *arena, const struct spf_partition *partition);

#endif
