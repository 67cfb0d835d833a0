/* json_finding: the keys findings and incomplete, as check, lint and diff have them. */
#ifndef REPORT_JSON_FINDING_H
#define REPORT_JSON_FINDING_H

#include "dns/answer.h"
#include "report/json.h"
#include "rules/finding.h"

/* Bytes of findings after which the rest is only counted. A hostile record of 64 KiB can have thousands of
 * mistakes, and each finding repeats the record; findings are sorted, so what is left out is the least. */
#define JSON_FINDING_MAX_BYTES ((size_t)16 << 20)

/* The array of findings. Returns how many were left out. */
size_t json_finding_list(struct json *json, const struct findings *findings);

/* The keys of one temporary failure. */
void json_finding_failure(struct json *json, const struct answer *answer);

/* The array of temporary failures. */
void json_finding_incomplete(struct json *json, const struct answer *const *failures, size_t count);

#endif
