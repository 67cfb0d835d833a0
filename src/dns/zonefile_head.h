/* zonefile_head: the words of a record behind its owner: TTL and class in either order, the type, the
 * data (RFC 1035 5.1). */
#ifndef DNS_ZONEFILE_HEAD_H
#define DNS_ZONEFILE_HEAD_H

#include "dns/zonefile_rdata.h"

struct zonefile_head {
	bool has_ttl;
	bool has_class;
	uint32_t ttl;
	uint16_t type;
	const struct zonefile_token *type_word;
};

/* Reads words from *at on, which moves to the first word of data. False with the scope's error set. */
bool zonefile_head_read(const struct zonefile_scope *scope, const struct zonefile_token *words, size_t count,
	size_t *at, struct zonefile_head *out);

/* Fills type, data and place of *out from the data's words. */
bool zonefile_head_data(const struct zonefile_scope *scope, const struct zonefile_head *head,
	const struct zonefile_token *words, size_t count, struct zonefile_record *out);

#endif
