/* run_limits: see run_limits.h. */
#include "cli/run_limits.h"

#include <unistd.h>

#include "cli/value.h"

#define DEFAULT_MAX_TIME_MS 20000 /* RFC 7208 4.6.4 */
#define DEFAULT_CONCURRENCY 256
#define DEFAULT_MAX_THREADS 4

static const struct value_range concurrency_range = {1, 2000};
static const struct value_range threads_range = {1, 64};

/* A number that may be left out. */
static bool read_count(struct arena *arena, const struct options *options, enum option_id id,
	struct value_range range, size_t fallback, size_t *out, struct slice *error)
{
	const struct option_use *use = options_first(options, id);
	unsigned number = 0;
	*out = fallback;
	if (use == NULL)
		return true;
	if (!value_count(arena, use->spelled, use->value, range, &number, error))
		return false;
	*out = number;
	return true;
}

bool run_limits_max_time(struct arena *arena, const struct options *options, int *out_ms, struct slice *error)
{
	const struct option_use *use = options_first(options, OPTION_MAX_TIME);
	*out_ms = DEFAULT_MAX_TIME_MS;
	return use == NULL || value_duration(arena, use->spelled, use->value, out_ms, error);
}

bool run_limits_read(
	struct arena *arena, const struct options *options, struct run_limits *out, struct slice *error)
{
	long cores = sysconf(_SC_NPROCESSORS_ONLN);
	size_t threads = cores < 1 ? 1 : cores > DEFAULT_MAX_THREADS ? DEFAULT_MAX_THREADS : (size_t)cores;
	return run_limits_max_time(arena, options, &out->max_time_ms, error) &&
	       read_count(arena, options, OPTION_CONCURRENCY, concurrency_range, DEFAULT_CONCURRENCY,
		       &out->concurrency, error) &&
	       read_count(arena, options, OPTION_THREADS, threads_range, threads, &out->threads, error);
}

void run_limits_fit(struct run_limits *limits, size_t domains)
{
	size_t needed = (domains + limits->concurrency - 1) / limits->concurrency;
	if (needed < limits->threads)
		limits->threads = needed;
}
