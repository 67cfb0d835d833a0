/* run_limits: how much is done at once, and how long one domain may take: --max-time, --concurrency,
 * --threads. */
#ifndef CLI_RUN_LIMITS_H
#define CLI_RUN_LIMITS_H

#include "cli/options.h"

struct run_limits {
	int max_time_ms;
	size_t concurrency; /* domains in flight on each thread */
	size_t threads;
};

/* --max-time alone, or its default. False with *error. */
bool run_limits_max_time(
	struct arena *arena, const struct options *options, int *out_ms, struct slice *error);

/* All three, with their defaults. False with *error on a usage error. */
bool run_limits_read(
	struct arena *arena, const struct options *options, struct run_limits *out, struct slice *error);

/* Takes threads away that would not help: few domains fit into the window of one, which answers a question
 * they share only once. */
void run_limits_fit(struct run_limits *limits, size_t domains);

#endif
