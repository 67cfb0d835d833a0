/* spf_join: one term that was written with spaces in it: "ip4: 192.0.2.1", "- all", "include = a.example". */
#ifndef SPF_SPF_JOIN_H
#define SPF_SPF_JOIN_H

#include "spf/spf_term.h"

#define SPF_JOIN_MAX 3 /* pieces of one term that are put together */

/* How many of the `count` pieces at `spans` (what stands between spaces, in order) are one term; 0: the
 * first stands for itself. Then one finding is made, and others for what is wrong in the value, and *kind is
 * what it was meant to be. */
size_t spf_join_report(
	struct spf_reading *reading, const struct span *spans, size_t count, enum spf_kind *kind);

#endif
