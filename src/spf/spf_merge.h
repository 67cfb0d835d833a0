/* spf_merge: one SPF record made of several (RFC 7208 4.5 allows only one). */
#ifndef SPF_SPF_MERGE_H
#define SPF_SPF_MERGE_H

#include "spf/spf_record.h"

#define SPF_MERGE_MAX_TERMS 500 /* of all records together; more is not merged */

/* A record with the terms of all `records`, each once, in their order, and one `all`. ptr is NULL when that
 * cannot be done: a record is not valid, or there are too many terms. */
struct slice spf_merge(struct arena *arena, const struct spf_record *const *records, size_t count);

#endif
