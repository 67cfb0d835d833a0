/* zonefile_check: what holds for a zone as a whole: every owner is at or below the apex, a CNAME stands
 * alone (RFC 1034 3.6.2, 4.2). */
#ifndef DNS_ZONEFILE_CHECK_H
#define DNS_ZONEFILE_CHECK_H

#include "dns/zonefile.h"

/* False with *error when `owner` is outside the zone; `apex` may be none. */
bool zonefile_check_owner(struct arena *arena, struct name apex, struct name owner,
	struct zonefile_place place, struct zonefile_error *error);

/* Every owner. */
bool zonefile_check_owners(struct arena *arena, const struct zonefile *zone, struct zonefile_error *error);

/* All of it. Linear but for the sorting of the names that have a CNAME. */
bool zonefile_check(struct arena *arena, const struct zonefile *zone, struct zonefile_error *error);

#endif
