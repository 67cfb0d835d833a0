/* exitcode: the exit statuses of mailauth (mailauth(1), EXIT STATUS). */
#ifndef CLI_EXITCODE_H
#define CLI_EXITCODE_H

#include "inspect/verdict.h"

enum exitcode {
	EXITCODE_CLEAN = 0,    /* nothing at or above --fail-on */
	EXITCODE_FINDINGS = 1, /* findings at or above --fail-on, or not what was expected */
	EXITCODE_USAGE = 2,    /* bad option, broken file, a name that cannot be a domain */
	EXITCODE_INCOMPLETE =
		3, /* a temporary DNS failure hid something, and nothing found so far calls for 1 */
	EXITCODE_INTERNAL = 4 /* out of memory, output could not be written */
};

/* From which severity on a finding makes the status 1 (--fail-on). */
enum exitcode_fail_on {
	EXITCODE_FAIL_ON_ERROR,
	EXITCODE_FAIL_ON_WARNING,
	EXITCODE_FAIL_ON_INFO,
	EXITCODE_FAIL_ON_NEVER
};

/* The level itself; SEVERITY_OFF for never. */
enum severity exitcode_severity(enum exitcode_fail_on fail_on);

/* Of two statuses the one that a run over many domains reports: the first of 4, 2, 1, 3, 0. */
enum exitcode exitcode_worse(enum exitcode a, enum exitcode b);

/* The status of one verdict, whose findings are filtered already: 2 for a bad line of --input, else 1
 * for a finding at or above `fail_on`, else 3 when something is missing, else 0. */
enum exitcode exitcode_of(const struct verdict *verdict, enum exitcode_fail_on fail_on);

/* 1 when one of `findings` is at or above `fail_on`, else 0. */
enum exitcode exitcode_of_findings(const struct findings *findings, enum exitcode_fail_on fail_on);

#endif
