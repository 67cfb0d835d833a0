/* envelope: the message that spf, expand and simulate are asked about: --ip --sender --helo --receiver
 * --time, and the domain to check. */
#ifndef CLI_ENVELOPE_H
#define CLI_ENVELOPE_H

#include "cli/options.h"
#include "dns/snapshot.h"
#include "report/json_trace.h"
#include "spf/spf_request.h"

struct envelope {
	struct spf_request request; /* identified when there is a sender */
	bool has_ip, has_sender, has_helo;
	bool is_network; /* --ip is a network: request.ip is its first address */
	struct prefix network;
	struct json_trace_input input; /* as typed */
};

/* Reads the options and `domain` (the argument that replaces the sender's domain; ptr NULL: none). A
 * sender and a HELO name are a stranger's text and never wrong, but a null sender needs a HELO name.
 * False with *error, which may have carets. */
bool envelope_read(struct arena *arena, const struct options *options, struct slice domain,
	struct envelope *out, struct slice *error);

/* In the replay of a run with `saved`: time and receiver are those of that run, unless they are given. */
void envelope_replay(
	struct envelope *envelope, const struct options *options, const struct snapshot_meta *saved);

/* What of the message a saved run keeps. */
struct snapshot_meta envelope_meta(const struct envelope *envelope);

/* False with *error when an option that is needed is not given. */
bool envelope_require(struct arena *arena, const struct options *options, bool given, const char *option,
	struct slice *error);

/* The only argument, or none. False with *error when there are more than `most` (0 or 1). */
bool envelope_argument(struct arena *arena, const struct options *options, size_t most, struct slice *out,
	struct slice *error);

#endif
