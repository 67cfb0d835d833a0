/* progress: one line on standard error that says how far a list is, while standard error is a terminal;
 * erased at the end. */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

struct progress {
	bool enabled;
	bool shares_terminal; /* results go to a terminal too: most likely the same */
	pthread_mutex_t lock; /* for what follows: threads show it, another one writes results */
	bool shown;
	long long next_ms; /* not drawn again before */
};

/* `wanted`: the input is a list and the user wants to see it. */
void progress_init(struct progress *progress, bool wanted);

/* Draws the line when enough time has passed. */
void progress_show(struct progress *progress, size_t done);

/* Around what is written to standard output: takes the line away and keeps it away. */
void progress_pause(struct progress *progress);
void progress_resume(struct progress *progress);

/* Takes the line away for good. */
void progress_end(struct progress *progress);

#endif
