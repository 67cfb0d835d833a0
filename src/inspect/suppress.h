/* suppress: exceptions that somebody has written down with a reason: in the configuration file, until a
 * date, or as a comment beside a record of a zone file.
 *
 * A finding that an exception in force covers is dropped before verdict and exit status. What is wrong with
 * the exceptions themselves is told at the end of a run: expired ones that would have been needed, and
 * ones that covered nothing although a name they are for was judged.
 *
 * One list serves all threads: its marks are atomic.
 */
#ifndef INSPECT_SUPPRESS_H
#define INSPECT_SUPPRESS_H

#include <stdatomic.h>

#include "rules/finding.h"

struct suppression {
	enum rule_id rule;
	struct slice name_glob; /* of the finding's name; empty: any. `*` crosses dots */
	struct slice reason;	/* why; as written */
	bool has_expiry;
	int until; /* last day in force, as YYYYMMDD; only with has_expiry */
	/* Where it is written. */
	struct slice file;
	size_t line, column; /* from 1 */
	/* A comment of a zone file: it covers findings in lines first_line to last_line of `file` only. */
	bool in_zone;
	size_t first_line, last_line;
};

struct suppress_marks {
	atomic_bool was_judged; /* a name that it is for was in this run */
	atomic_bool was_used;	/* it covered a finding; expired: it would have, and nothing else did */
};

/* Invariant: `order` holds each index once: first those of the `zone_count` items that are in_zone, by file and
 * first line; then the others, by what stands behind the last `*` of their patterns. */
struct suppress_list {
	const struct suppression *items;
	struct suppress_marks *marks; /* one for each */
	size_t count;
	const size_t *order;
	size_t zone_count;
	int today;		    /* YYYYMMDD, UTC */
	const bool *can_find;	    /* by rule: this run could have found it; NULL: any */
	struct suppress_list *next; /* more of them, for all functions below; NULL: none */
};

/* A list of `count` items, which are borrowed. The lines of items in one file are apart, or the same. Memory
 * from `arena`. */
void suppress_init(struct suppress_list *list, struct arena *arena, const struct suppression *items,
	size_t count, int today);

/* True when there is no exception: NULL, or a list without items. */
bool suppress_is_empty(const struct suppress_list *list);

/* Drops what is covered. Pointers to `list` are NULL where there is none. */
void suppress_findings(struct suppress_list *list, struct findings *findings);

/* `name` (text without final dot; empty: a record without a known name) was judged in this run, whatever
 * was found; in_zone: lines first_line to last_line of `file` were. */
void suppress_note_name(struct suppress_list *list, struct slice name);
void suppress_note_lines(struct suppress_list *list, struct slice file, size_t first_line, size_t last_line);

/* After everything was judged: RULE_CONFIG_SUPPRESSION_EXPIRED and RULE_CONFIG_SUPPRESSION_UNUSED, each
 * with the place of the suppression, in the order of the list. */
void suppress_report(const struct suppress_list *list, struct findings *out);

#endif
