/* run_status: see run_status.h. */
#include "cli/run_status.h"

#include "cli/complain.h"

enum exitcode run_status_fail(struct slice message, enum exitcode status)
{
	complain(message);
	return status;
}

enum exitcode run_status_no_memory(void)
{
	return run_status_fail(SLICE("out of memory"), EXITCODE_INTERNAL);
}

enum exitcode run_status_of(struct arena *arena, enum driver_status status, const char *why)
{
	switch (status) {
	case DRIVER_OK:
		break;
	case DRIVER_NO_SOURCE:
		return run_status_fail(
			arena_printf(arena, "cannot ask any name server: %s", why), EXITCODE_USAGE);
	case DRIVER_OUT_OF_MEMORY:
		return run_status_no_memory();
	case DRIVER_INTERNAL:
		return run_status_fail(
			SLICE("internal error: an evaluation made no progress"), EXITCODE_INTERNAL);
	}
	return EXITCODE_CLEAN;
}
