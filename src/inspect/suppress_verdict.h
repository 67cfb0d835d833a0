/* suppress_verdict: what the verdict on a domain has judged, for exceptions that cover nothing. */
#ifndef INSPECT_SUPPRESS_VERDICT_H
#define INSPECT_SUPPRESS_VERDICT_H

#include "inspect/suppress.h"
#include "inspect/verdict.h"

/* Notes the names of the domain, of every record of its SPF tree, of its explanation, of its DMARC records
 * and of its findings, which are not filtered yet, and the lines of those records. Nothing is noted of a
 * verdict that a temporary failure has left incomplete: what is hidden may need the exception. `list` may be
 * NULL. */
void suppress_verdict_note(struct suppress_list *list, const struct verdict *verdict);

#endif
