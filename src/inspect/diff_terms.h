/* diff_terms: the terms by which addresses pass, and where they are shown. */
#ifndef INSPECT_DIFF_TERMS_H
#define INSPECT_DIFF_TERMS_H

#include "inspect/diff.h"

/* Addresses that pass by one term, or by what is below it. */
struct diff_share {
	unsigned term; /* index in the side */
	struct ipset sets[SPF_FAMILIES];
};

struct diff_terms {
	struct arena *arena;
	const struct diff_side *side;
	const bool *is_new; /* by term: the other side has no such term in a record of that name */
};

/* `other`: the side to compare with. */
struct diff_terms diff_terms_of(
	struct arena *arena, const struct diff_side *side, const struct diff_side *other);

struct slice diff_terms_text(const struct diff_term *term);

/* Where something that comes from `term` is shown: the outermost new term that leads there (an include that
 * was added, not what it has always said), else the term itself; but when that is in no file, the last one
 * on the way there that is. */
unsigned diff_terms_shown(const struct diff_terms *terms, unsigned term);

/* By which terms the addresses of `sets` pass; all of them do, when no term that needs a message matches.
 * The largest share first. */
struct diff_share *diff_terms_shares(const struct diff_terms *terms, const struct ipset *sets, size_t *count);

/* The first new term that costs lookups, where it is shown; DIFF_NO_TERM: none. */
unsigned diff_terms_new_lookup(const struct diff_terms *terms);

/* The place of the record called `name` in the side; NULL: none with terms. */
const struct finding_place *diff_terms_record(const struct diff_side *side, struct slice name);

#endif
