/* source_records: single records given by hand (--record), and sets taken away (--remove), as a local
 * source.
 *
 * Authoritative for the (name, type) pairs given, and nothing else; several records of one pair form one
 * set; a CNAME answers every type.
 */
#ifndef DNS_SOURCE_RECORDS_H
#define DNS_SOURCE_RECORDS_H

#include "dns/source.h"
#include "dns/zonefile.h"

/* Everything is borrowed and outlives the source. */
struct local_source *source_records_open(struct arena *arena, const struct zonefile_record *records,
	size_t record_count, const struct question *removed, size_t removed_count);

#endif
