/* driver: many inspections over one source and one table, in one thread.
 *
 * Keeps up to `concurrency` inspections in flight: runs the evaluators, asks what they miss, runs them
 * again when answers have come, and hands each verdict out once. A verdict is valid during done() only:
 * whoever wants to keep it makes bytes of it there (report/writer.h).
 *
 * The window of inspections in flight is also what bounds memory: next() is not called while it is full.
 */
#ifndef INSPECT_DRIVER_H
#define INSPECT_DRIVER_H

#include "dns/source.h"
#include "inspect/inspect.h"

#define DRIVER_TABLE_BYTES ((size_t)64 << 20) /* answers kept for other inspections */

/* Who wants inspections. */
struct driver_client {
	/* Fills *out (its slices and names stay valid until done() was called for it, by the client's care)
	 * and sets *ticket, or returns false: no more. May also return false with *again set: none now, ask
	 * again after some are done (the window that restores the order is full). */
	bool (*next)(void *context, struct inspect_request *out, size_t *ticket, bool *again);
	void (*done)(void *context, size_t ticket, const struct verdict *verdict);
	/* Called now and then while answers are awaited, for a progress line; may be NULL. */
	void (*tick)(void *context);
	void *context;
	/* What is run instead of inspect(): a pure function over `view`, called from the start until it is
	 * EVAL_DONE; what it finds is in `scratch` and in answers of the view, both valid until done(). Sets
	 * *out to an empty verdict, which gets its cost for done(). NULL: inspect(). */
	enum eval_state (*evaluate)(void *context, size_t ticket, const struct inspect_request *request,
		struct view *view, struct arena *scratch, struct verdict *out);
};

struct driver_options {
	size_t concurrency; /* inspections in flight, at least 1 */
	int max_time_ms;    /* for one inspection; what is open then is a temporary failure */
	/* Makes the source that the driver owns and closes; NULL result: out of memory or no server, with
	 * *why. */
	struct source *(*open_source)(
		void *context, struct source_sink sink, struct escape *escape, const char **why);
	void *source_context;
	long fail_at; /* for tests: this request for memory fails (struct escape); 0 never */
};

enum driver_status { DRIVER_OK, DRIVER_NO_SOURCE /* *why tells */, DRIVER_OUT_OF_MEMORY, DRIVER_INTERNAL };

/* Runs until next() has no more and all are done. */
enum driver_status driver_run(const struct driver_options *options, const struct driver_client *client,
	const char **why) __attribute__((warn_unused_result));

#endif
