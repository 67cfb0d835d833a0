/* cross_lint: what no evaluator can say alone: the findings about DMARC, for which the walk, the older
 * discovery and the list of public suffixes have to be known, and those that need MX, SPF and DMARC together.
 */
#ifndef INSPECT_CROSS_LINT_H
#define INSPECT_CROSS_LINT_H

#include "inspect/inspect.h"

/* Adds its findings and the candidates to `out`, whose sections are filled. */
void cross_lint(
	const struct inspect_request *request, struct view *view, struct arena *scratch, struct verdict *out);

#endif
