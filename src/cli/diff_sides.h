/* diff_sides: what `mailauth diff` compares: the two sides, read before anything is asked.
 *
 *     example.com=db.example     a zone file, as --zone takes it
 *     zones/                     a folder: its files *.zone and db.*
 *     run.saved                  a saved run: nothing else is known on that side
 *     live                       DNS as it is now
 */
#ifndef CLI_DIFF_SIDES_H
#define CLI_DIFF_SIDES_H

#include "cli/options.h"
#include "dns/snapshot.h"
#include "dns/zonefile.h"

#define DIFF_SIDES 2 /* BEFORE, AFTER */

struct diff_sides_one {
	struct slice given; /* as typed */
	struct slice file;  /* without ORIGIN=; empty: live */
	bool is_live;
	const struct snapshot_data *saved;  /* or NULL */
	struct zonefile_list zones;	    /* of a file or a folder */
	struct local_source *const *locals; /* who answer; none: live */
	size_t local_count;
};

/* Reads the sides, which are the first two arguments. False with *error: there are no two, a file is broken
 * ("FILE:LINE:COLUMN: message"), a folder holds no zone file, a zone is there twice, standard input is
 * wanted twice. `arena` outlives them. */
bool diff_sides_read(struct arena *arena, const struct options *options,
	struct diff_sides_one sides[DIFF_SIDES], struct slice *error);

#endif
