/* zone_argument: [ORIGIN=]FILE, as --zone and others take it. */
#ifndef CLI_ZONE_ARGUMENT_H
#define CLI_ZONE_ARGUMENT_H

#include "dns/name.h"

/* "[ORIGIN=]FILE", as option `spelled` takes it: the file, and the name relative names end in (none without
 * ORIGIN). False with *error. */
bool zone_argument_read(struct arena *arena, const char *spelled, struct slice value, struct slice *file,
	struct name *origin, struct slice *error);

/* Where FILE begins in "[ORIGIN=]FILE". */
size_t zone_argument_file(struct slice value);

/* What the name of a zone file says, without its folder: "example.com" of example.com.zone and db.example.com. False: it
 * is not named like a zone file, or hidden. */
bool zone_argument_name(struct slice file, struct slice *out);

#endif
