/* exceptions: the suppressions of a run, from the configuration file and from comments of zone files, and
 * what is to be said about them at its end.
 *
 *     exceptions_open()         before anything is judged: lines of .mailauth, comments of the zones of check
 *     exceptions_list()         for struct filter
 *     exceptions_begin_zone()   lint, which reads one zone after the other
 *     exceptions_end_zone()
 *     exceptions_finish()       findings of rules config-*, for whoever prints them
 */
#ifndef CLI_EXCEPTIONS_H
#define CLI_EXCEPTIONS_H

#include "cli/exitcode.h"
#include "config/config.h"
#include "inspect/filter.h"

/* What a run judges: which rules it can find. */
enum exceptions_scope {
	EXCEPTIONS_DOMAINS,	/* as published, with all that belongs to them */
	EXCEPTIONS_CHANGES,	/* the same before and after a change, and the change */
	EXCEPTIONS_RECORDS,	/* texts only */
	EXCEPTIONS_ZONE_RECORDS /* texts in zone files */
};

struct exceptions {
	struct arena *arena;
	enum exceptions_scope scope;
	int today;
	bool can_find[RULE_COUNT], is_known[RULE_COUNT]; /* of rules that some exception is for */
	struct suppress_list list;	/* with that of a zone as its next, while it is judged */
	struct suppress_list zone_list; /* of the zone between begin and end */
	struct findings told;		/* about the zones that are done */
};

/* The exceptions of `config` and of the comments of `zones`. Today is the day of SOURCE_DATE_EPOCH, if that
 * is set. `arena` outlives them; *out must not be moved. False with *error: "FILE:LINE:COLUMN: message". */
bool exceptions_open(struct arena *arena, enum exceptions_scope scope, const struct config *config,
	struct zonefile_list zones, struct exceptions *out, struct slice *error);

/* For filter.suppressions. */
struct suppress_list *exceptions_list(struct exceptions *exceptions);

/* From now on those of the comments of `zone` hold, too. False with *error. */
bool exceptions_begin_zone(struct exceptions *exceptions, const struct zonefile *zone, struct slice *error);
void exceptions_end_zone(struct exceptions *exceptions);

/* After everything was judged: the findings about the exceptions themselves, in *out, with levels and
 * --ignore of `filter`; each has place.file, line and column. Memory from the arena of exceptions_open(). */
void exceptions_finish(struct exceptions *exceptions, const struct filter *filter, struct findings *out);

/* Prints them on standard error: "FILE:LINE:COLUMN: warning: MESSAGE [RULE]". For the formats that do not
 * list findings of all kinds. */
void exceptions_complain(struct arena *arena, const struct findings *findings);

#endif
