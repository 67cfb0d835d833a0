/* expectation: --expect: what a job says should come out, and the exit status when it does not. */
#ifndef CLI_EXPECTATION_H
#define CLI_EXPECTATION_H

#include "cli/exitcode.h"
#include "spf/spf_check.h"

/* One of the seven results of SPF. False with *error. */
bool expectation_spf_result(
	struct arena *arena, struct slice word, enum spf_result *out, struct slice *error);

/* Says on standard error when `actual` is not what was `expected`, in words that begin with `what` ("",
 * "dmarc "). A temporary error that was not expected is EXITCODE_INCOMPLETE, any other difference
 * EXITCODE_FINDINGS. */
enum exitcode expectation_judge(
	struct arena *arena, const char *what, const char *expected, const char *actual, bool is_temporary);

#endif
