/* source_zone: a zone as a local source (RFC 1034 4.3.2, RFC 4592).
 *
 * Authoritative at and below its apex, except at and below delegations in it, which are left to the next
 * source. Answers with records, CNAME (ANSWER_ALIAS), NODATA (also for empty non-terminals) or NXDOMAIN;
 * wildcards as RFC 4592 says; DNAME as RFC 6672 (an alias).
 */
#ifndef DNS_SOURCE_ZONE_H
#define DNS_SOURCE_ZONE_H

#include "dns/source.h"
#include "dns/zonefile.h"

/* `zone` is borrowed and outlives the source, as does `arena`, where the index lives. */
struct local_source *source_zone_open(struct arena *arena, const struct zonefile *zone);

#endif
