/* run_one: one evaluation over one source: asks what the evaluator misses and runs it again, until it is
 * done or its time is over.
 *
 * A driver (driver.h) with a single job, for the commands that evaluate one thing: spf, simulate, expand.
 */
#ifndef INSPECT_RUN_ONE_H
#define INSPECT_RUN_ONE_H

#include "inspect/driver.h"

struct run_one {
	/* A pure function over `view` (dns/view.h), called from the start until it is EVAL_DONE. Its
	 * memory comes from `scratch`. */
	enum eval_state (*evaluate)(void *context, struct view *view, struct arena *scratch);
	/* Called once, after the run that was done, while its memory and its answers are still there. */
	void (*done)(void *context, struct arena *scratch, const struct verdict_cost *cost);
	void *context;
};

/* As driver_run(), with max_time_ms, open_source, source_context and fail_at of `options`. done() was
 * called exactly when it returns DRIVER_OK. */
enum driver_status run_one(const struct driver_options *options, const struct run_one *work, const char **why)
	__attribute__((warn_unused_result));

#endif
