/* json_trace: one evaluation of SPF in JSON, as spf and simulate have it. */
#ifndef REPORT_JSON_TRACE_H
#define REPORT_JSON_TRACE_H

#include "report/json.h"
#include "spf/spf_check.h"

/* What was asked for, as typed: empty slices with ptr NULL are null. */
struct json_trace_input {
	struct slice domain; /* <domain> */
	struct slice ip;
	struct slice sender;
	struct slice helo;
};

/* The keys domain, ip, sender, helo. */
void json_trace_input(struct json *json, const struct json_trace_input *input);

/* The keys mechanism to trace, then received_spf and authentication_results; nulls and an empty trace
 * when `verdict` is NULL. */
void json_trace_verdict(
	struct json *json, const struct spf_request *request, const struct spf_verdict *verdict);

#endif
