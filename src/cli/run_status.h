/* run_status: how a run ends that could not be done: a message on standard error, and the exit status. */
#ifndef CLI_RUN_STATUS_H
#define CLI_RUN_STATUS_H

#include "cli/exitcode.h"
#include "inspect/driver.h"

/* Prints "mailauth: `message`" and returns `status`. */
enum exitcode run_status_fail(struct slice message, enum exitcode status);

/* The same for "out of memory": EXITCODE_INTERNAL. */
enum exitcode run_status_no_memory(void);

/* What a driver or a pool has returned: EXITCODE_CLEAN for DRIVER_OK; else it has complained. `why`: what
 * they said about DRIVER_NO_SOURCE. */
enum exitcode run_status_of(struct arena *arena, enum driver_status status, const char *why);

#endif
