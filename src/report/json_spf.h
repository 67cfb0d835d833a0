/* json_spf: the key spf of mailauth/check/1. */
#ifndef REPORT_JSON_SPF_H
#define REPORT_JSON_SPF_H

#include "inspect/verdict.h"
#include "report/json.h"

/* The section as an object. */
void json_spf(struct json *json, const struct verdict_spf *spf);

#endif
