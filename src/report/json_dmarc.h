/* json_dmarc: the key dmarc of mailauth/check/1. */
#ifndef REPORT_JSON_DMARC_H
#define REPORT_JSON_DMARC_H

#include "inspect/verdict.h"
#include "report/json.h"

/* The section as an object. */
void json_dmarc(struct json *json, const struct verdict_dmarc *dmarc);

/* The tags of a record, with the defaults of those that are not written, as an object; null for NULL. */
void json_dmarc_tags(struct json *json, const struct dmarc_record *record);

#endif
