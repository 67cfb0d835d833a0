/* filter: levels of findings changed by the user (--severity, --ignore), exceptions, and the verdict that
 * follows (mailauth-json(5), "verdict").
 *
 * Applied once, before verdict and exit status. Effects never change, and a temporary failure is no
 * finding: nothing here touches it.
 */
#ifndef INSPECT_FILTER_H
#define INSPECT_FILTER_H

#include "inspect/suppress.h"
#include "inspect/verdict.h"

struct filter_ignore {
	enum rule_id rule;
	struct slice name_glob; /* of the finding's name; empty: any. `*` crosses dots */
};

struct filter {
	enum severity levels[RULE_COUNT]; /* filter_init(): those of the rules */
	bool changed[RULE_COUNT];
	const struct filter_ignore *ignores;
	size_t ignore_count;
	struct suppress_list *suppressions; /* exceptions with a reason, which come first; or NULL */
};

void filter_init(struct filter *filter);

/* Drops and re-levels findings, and puts errors first again. */
void filter_findings(const struct filter *filter, struct findings *findings);

/* Does so with the findings of `verdict` and sets its level. Notes what was judged, for exceptions that cover
 * nothing. */
void filter_apply(const struct filter *filter, struct verdict *verdict);

#endif
