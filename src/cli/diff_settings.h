/* diff_settings: the options of `mailauth diff`, read and checked together with both sides, before anything
 * is asked. */
#ifndef CLI_DIFF_SETTINGS_H
#define CLI_DIFF_SETTINGS_H

#include "cli/diff_domains.h"
#include "cli/run_limits.h"
#include "cli/sources.h"
#include "inspect/filter.h"
#include "report/write_diff.h"

struct diff_settings {
	const struct write_diff *format;
	struct writer_options output;
	struct filter filter;
	unsigned deny;		/* bits of enum diff_denial */
	struct sources sources; /* the network, or --replay; what --zone, --record, --remove put over AFTER */
	struct diff_sides_one sides[DIFF_SIDES];
	struct diff_domains domains;
	bool named; /* the domains were */
	struct run_limits limits;
};

/* All --deny, as bits. False with *error: an unknown word, with the nearest. */
bool diff_settings_denials(
	struct arena *arena, const struct options *options, unsigned *bits, struct slice *error);

/* False with *error on the first usage error, which may be in a file. `arena` outlives the settings. */
bool diff_settings_read(
	struct arena *arena, const struct options *options, struct diff_settings *out, struct slice *error);

#endif
