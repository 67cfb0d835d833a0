/* pool: many inspections on several threads, their results in the order of the input.
 *
 * One driver a thread, each with its own source and table: threads share nothing but the input and a window
 * of finished results, and only byte buffers cross from one to the other. The window is bounded: while the
 * oldest inspection takes its time, nothing more is read than the window holds, so memory never depends on
 * the length of the input.
 *
 *     input   a b c d e ...        next() is called in this order, by one thread at a time
 *     done    c a e b d            each rendered to bytes on the thread that made it
 *     emit    a b c d e            as soon as everything before it is out
 */
#ifndef INSPECT_POOL_H
#define INSPECT_POOL_H

#include "base/buf.h"
#include "inspect/driver.h"

/* One line of input. */
struct pool_job {
	struct inspect_request request;
	/* Not empty: the line is no domain, and this says why. Then only `request.input` and its line are
	 * used, and nothing is asked. */
	struct slice error;
};

enum pool_next { POOL_JOB, POOL_NOT_YET, POOL_END };

struct pool_client {
	/* The next job in *out, its bytes in `arena`, which lives until the job was rendered. Never called
	 * by two threads at once. `may_wait` false: the calling thread has work to do; when reading would
	 * block, return POOL_NOT_YET. POOL_END is final. */
	enum pool_next (*next)(void *context, bool may_wait, struct arena *arena, struct pool_job *out);
	/* Appends the verdict to `out` as bytes; called on many threads at once. The verdict may be changed
	 * (filter_apply). Returns a mark that is handed to emit(). */
	int (*render)(void *context, struct verdict *verdict, struct arena *scratch, struct buf *out);
	/* In the order of the input, never by two threads at once. False: the output is broken; nothing
	 * more is read or emitted. */
	bool (*emit)(void *context, struct slice bytes, int mark);
	/* `done`: inspections finished so far. Never by two threads at once, and never while emit() runs;
	 * may be NULL. */
	void (*tick)(void *context, size_t done);
	void *context;
};

struct pool_options {
	size_t threads; /* at least 1; with 1 no thread is made */
	size_t window;	/* jobs read and not emitted; 0: four times what can be in flight */
	struct driver_options driver;
};

/* What a run did. */
struct pool_stats {
	size_t jobs;	    /* taken from next() */
	size_t most_held;   /* the most jobs that were read and not emitted at one time */
	bool output_failed; /* emit() said so */
};

/* Runs until next() ends and everything is emitted. A thread that cannot be made is done without. `stats`
 * may be NULL. *why as driver_run(). */
enum driver_status pool_run(const struct pool_options *options, const struct pool_client *client,
	struct pool_stats *stats, const char **why) __attribute__((warn_unused_result));

#endif
