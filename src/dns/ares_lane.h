/* ares_lane: lanes made of c-ares channels; the only place that knows c-ares.
 *
 * A lane is one channel for one server. It carries few packets, is never asked for anything while c-ares is
 * calling back, and is thrown away soon: so every question leaves from a port of its own as far as that is
 * affordable, an unreadable reply hurts no other question, and c-ares' own timeouts, retries and caches have
 * no say.
 */
#ifndef DNS_ARES_LANE_H
#define DNS_ARES_LANE_H

#include "base/arena.h"
#include "dns/lane.h"
#include "dns/server_address.h"

/* Lanes to `servers` (copied), for questions that live no longer than timeout_ms. NULL with *why when
 * c-ares cannot start. `escape` is used when memory runs out later. */
struct lane_set *ares_lane_open(const struct server_address *servers, size_t count, int timeout_ms,
	struct escape *escape, const char **why);

/* The name servers of the system's configuration (resolv.conf), at most `max`; 0 with *why when there is
 * none. */
size_t ares_lane_system_servers(struct server_address *out, size_t max, const char **why);

/* Raises the soft limit on open files as far as `questions` in flight need it; returns how many the limit
 * then allows. */
size_t ares_lane_allow_sockets(size_t questions);

/* The version of c-ares that is running, "1.18.1": what a report of a DNS problem needs. */
const char *ares_lane_version(void);

#endif
