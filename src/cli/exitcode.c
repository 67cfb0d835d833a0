/* exitcode: which status a verdict and a run over many verdicts end with; see exitcode.h.
 *
 *     a verdict with an error of SPF and a timeout of DMARC   1: what was found is already wrong
 *     over many: statuses 0 3 1                                1
 */
#include "cli/exitcode.h"

/* How bad a status is beside others: 4, 2, 1, 3, 0. */
static int rank(enum exitcode code)
{
	switch (code) {
	case EXITCODE_INTERNAL:
		return 4;
	case EXITCODE_USAGE:
		return 3;
	case EXITCODE_FINDINGS:
		return 2;
	case EXITCODE_INCOMPLETE:
		return 1;
	case EXITCODE_CLEAN:
		break;
	}
	return 0;
}

enum exitcode exitcode_worse(enum exitcode a, enum exitcode b)
{
	return rank(b) > rank(a) ? b : a;
}

enum severity exitcode_severity(enum exitcode_fail_on fail_on)
{
	switch (fail_on) {
	case EXITCODE_FAIL_ON_ERROR:
		return SEVERITY_ERROR;
	case EXITCODE_FAIL_ON_WARNING:
		return SEVERITY_WARNING;
	case EXITCODE_FAIL_ON_INFO:
		return SEVERITY_INFO;
	case EXITCODE_FAIL_ON_NEVER:
		break;
	}
	return SEVERITY_OFF;
}

static bool calls_for_failure(enum severity severity, enum exitcode_fail_on fail_on)
{
	return fail_on != EXITCODE_FAIL_ON_NEVER && severity >= exitcode_severity(fail_on);
}

enum exitcode exitcode_of_findings(const struct findings *findings, enum exitcode_fail_on fail_on)
{
	for (size_t i = 0; i < findings->count; i++) {
		if (calls_for_failure(findings->items[i].severity, fail_on))
			return EXITCODE_FINDINGS;
	}
	return EXITCODE_CLEAN;
}

enum exitcode exitcode_of(const struct verdict *verdict, enum exitcode_fail_on fail_on)
{
	if (verdict->error.len > 0)
		return EXITCODE_USAGE;
	if (exitcode_of_findings(&verdict->findings, fail_on) == EXITCODE_FINDINGS)
		return EXITCODE_FINDINGS;
	if (verdict->incomplete_count > 0 || verdict->level == VERDICT_UNKNOWN)
		return EXITCODE_INCOMPLETE;
	return EXITCODE_CLEAN;
}
