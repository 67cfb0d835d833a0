/* evaluations: spf and simulate over the vectors, and what they print as bytes, for comparing runs. */
#ifndef SUPPORT_EVALUATIONS_H
#define SUPPORT_EVALUATIONS_H

#include "inspect/simulate.h"
#include "support/fixture.h"
#include "support/vectors.h"

/* One message: a client, and the vector's domain as sender and author. */
struct evaluation {
	struct simulate_request request;
	struct simulate_dkim dkim;
	struct arena *arena;
	/* of the last run: */
	struct simulation simulation;
	const struct answer *const *failures;
	size_t failure_count;
	size_t done; /* runs that missed nothing */
	struct slice
		/* `mailauth spf` and `mailauth simulate`, one behind the other, of the last run that
		 * missed nothing */
		json;
	struct slice first; /* of the first one */
};

#define EVALUATIONS_CLIENTS 3

/* The message of client `client` (below EVALUATIONS_CLIENTS: the sample's, one of IPv4, one of IPv6) of a
 * vector, over `fixture` until all is known, and once more. Needs inspection_begin() for the public
 * suffix list. */
void evaluations_run(struct arena *arena, struct fixture *fixture, const struct vector *vector, size_t client,
	struct evaluation *out);

#endif
