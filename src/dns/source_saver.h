/* source_saver: a source whose answers are kept in a snapshot, and who answers from it what is kept there. */
#ifndef DNS_SOURCE_SAVER_H
#define DNS_SOURCE_SAVER_H

#include "dns/snapshot.h"

/* Owns and closes `below`, whose sink is set here. A question that somebody has given up
 * (source_give_up()), and one that is open when the source is closed, is kept as DNS_FAILURE_DEADLINE: a late
 * answer would not be what the run has seen. `snapshot` is shared between threads and outlives it. */
struct source *source_saver_open(
	struct snapshot *snapshot, struct source *below, struct source_sink sink, struct escape *escape);

#endif
