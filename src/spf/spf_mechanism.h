/* spf_mechanism: one term of check_host(): counting, its target, its questions, and whether it matches
 * (RFC 7208 4.6.4, 5.3-5.7). */
#ifndef SPF_SPF_MECHANISM_H
#define SPF_SPF_MECHANISM_H

#include "spf/spf_evaluation.h"

/* Counts the lookup and expands the target into step->expanded. SPF_MATCH: go on and ask; anything else
 * is the outcome of the term. */
enum spf_match spf_mechanism_begin(struct spf_evaluation *e, struct spf_trace_step *step);

/* The outcome of a, mx, ptr, exists, ip4 and ip6 after spf_mechanism_begin(). */
enum spf_match spf_mechanism_match(struct spf_evaluation *e, struct spf_trace_step *step);

#endif
