/* json_parts: pieces that several sections of the JSON share: names, spans, origins, records. */
#ifndef REPORT_JSON_PARTS_H
#define REPORT_JSON_PARTS_H

#include "inspect/verdict.h"
#include "report/json.h"

/* The name's text, or null for no name. */
void json_parts_name(struct json *json, struct name name);

/* [offset, length] */
void json_parts_span(struct json *json, struct span span);

/* {"kind", "server", "file", "line"}; null for NULL. */
void json_parts_origin(struct json *json, const struct origin *origin);

/* The keys record and record_base64 of a TXT record; nulls for NULL. */
void json_parts_record(struct json *json, const struct record *txt);

/* The key strings: the record's character-strings. */
void json_parts_strings(struct json *json, const struct record *txt);

/* The key records: the texts of several records. */
void json_parts_records(struct json *json, const struct record *const *records, size_t count);

/* The keys ttl, authenticated and origin of the answer that `txt` came in. TTL is null without a record,
 * all are without an answer and for a temporary failure. */
void json_parts_source(struct json *json, const struct answer *answer, const struct record *txt);

/* The key dns: what a run cost. */
void json_parts_cost(struct json *json, const struct verdict_cost *cost);

/* "effects": what receivers of each kind do; null where a kind is not concerned. */
void json_parts_effects(struct json *json, const enum effect effects[RECEIVER_COUNT]);

#endif
