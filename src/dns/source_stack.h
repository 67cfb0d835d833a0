/* source_stack: local sources over a remote one; the first that is authoritative answers (--record over
 * --zone over a saved run over the network). */
#ifndef DNS_SOURCE_STACK_H
#define DNS_SOURCE_STACK_H

#include "dns/source.h"

/* `locals` (borrowed; they outlive the stack) are asked in order; what none of them is authoritative for
 * goes to `below`, which the stack owns and closes and whose sink is set here; NULL: offline, such a
 * question is the temporary failure DNS_FAILURE_OFFLINE. NXDOMAIN, whoever says it, becomes NODATA for a
 * name that a local source proves to exist (RFC 4592 2.2.2). */
struct source *source_stack_open(struct local_source *const *locals, size_t count, struct source *below,
	struct source_sink sink, struct escape *escape);

#endif
