/* dmarc_lint: everything that is to be said about the DMARC record of a domain once it is known where it
 * is: the findings of its text with their place, and those that need more than the text. */
#ifndef DMARC_DMARC_LINT_H
#define DMARC_DMARC_LINT_H

#include "dmarc/dmarc_discover.h"
#include "dmarc/dmarc_rfc7489.h"
#include "dns/psl.h"

struct dmarc_lint_request {
	struct name author; /* the inspected domain */
	const struct dmarc_discovery *discovery;
	const struct dmarc_rfc7489 *rfc7489; /* NULL: not known, nothing is compared */
	const struct psl *psl;		     /* NULL: no list, so nothing is said that needs it */
};

/* Adds to `findings`. Asks the names of dmarc_misplaced.h when no record was found. What a temporary
 * failure hides is not said: no finding appears because of one. */
void dmarc_lint(struct view *view, struct arena *arena, const struct dmarc_lint_request *request,
	struct findings *findings);

/* The place of a TXT record at `owner` that was met in the inspection of `author`; `record` may be NULL. */
struct finding_place dmarc_lint_place(
	struct arena *arena, struct name author, struct name owner, const struct record *record);

#endif
