/* spf_unknown: what a term that is no term was meant to be, and modifiers meant as something else. */
#ifndef SPF_SPF_UNKNOWN_H
#define SPF_SPF_UNKNOWN_H

#include "spf/spf_term.h"

/* Reports a term of kind SPF_UNKNOWN that is not valid: exactly one finding. Returns the kind that was
 * probably meant. */
enum spf_kind spf_unknown_report(struct spf_reading *reading, const struct spf_term *term);

/* Reports what is to be said about a valid unknown modifier: spf-mechanism-equals or spf-modifier-unknown.
 * Returns the kind that was probably meant, SPF_UNKNOWN when it seems to be what it is. */
enum spf_kind spf_unknown_modifier(struct spf_reading *reading, const struct spf_term *term);

/* The kind whose name is probably meant by `name`: by a table of known confusions, then by edit distance.
 * SPF_UNKNOWN: no idea. */
enum spf_kind spf_unknown_guess(struct slice name);

#endif
