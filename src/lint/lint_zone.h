/* lint_zone: every mail-auth record of a zone file, judged, with the place of each byte in the file it
 * stands in.
 *
 * Which records these are, the name and the text tell: DMARC at _dmarc, SPF anywhere, explanations where
 * exp= of a record in the file leads. Records at one name are judged together (several of a kind, a CNAME
 * beside them).
 */
#ifndef LINT_LINT_ZONE_H
#define LINT_LINT_ZONE_H

#include "dns/zonefile.h"
#include "lint/lint_record.h"

struct lint_zone {
	const struct lint_record *records;	      /* in the order of the file(s) */
	const struct zonefile_record *const *sources; /* the zone's record of each */
	size_t count;
	const struct zonefile *zone; /* all of it */
};

/* Reads and judges `path`, as zonefile_read_as_written(). False with *error: the file cannot be read. */
bool lint_zone(struct arena *arena, struct slice path, struct name origin,
	const struct zonefile_loader *loader, struct lint_zone *out, struct zonefile_error *error);

#endif
