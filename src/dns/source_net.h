/* source_net: the network as a source: retries, next server, TCP after a truncated answer (design: retries
 * are ours, not c-ares').
 *
 * Policy only; packets travel in lanes (dns/lane.h), of which there is one real kind (ares_lane) and a fake
 * one in the tests.
 */
#ifndef DNS_SOURCE_NET_H
#define DNS_SOURCE_NET_H

#include "dns/lane.h"
#include "dns/server_address.h"
#include "dns/source.h"

#define SOURCE_NET_MAX_SERVERS 16

struct source_net_options {
	/* "192.0.2.53", "192.0.2.53:5353", "2001:db8::53", "[2001:db8::53]:5353"; none: the system's. */
	const struct slice *servers;
	size_t server_count;
	int timeout_ms; /* for one question with all its retries: 8000 */
	int tries;	/* within that time: 3 */
	bool tcp_only;
	bool trust_ad;	      /* believe the AD bit of any server, not only of one on loopback */
	size_t max_in_flight; /* questions on the wire at once; more wait. 0: 2000 */
};

/* True when `text` is an address with or without port as `servers` takes it. */
bool source_net_server_is_valid(struct slice text);

/* NULL with *why when no server is configured or c-ares cannot start. */
struct source *source_net_open(const struct source_net_options *options, struct source_sink sink,
	struct escape *escape, const char **why);

/* The same on lanes of the caller's choice (the tests' fake ones), which the source closes, and servers by
 * address: 1 to SOURCE_NET_MAX_SERVERS. When memory runs out in here the lanes are still the caller's. */
struct source *source_net_open_on(const struct source_net_options *options,
	const struct server_address *servers, size_t count, struct lane_set *lanes, struct source_sink sink,
	struct escape *escape);

#endif
