/* spf_suspect: terms that were run together or have something between them that is no space.
 *
 *     ip4:192.0.2.1~all     spf-missing-space
 *     mx,a                  spf-separator
 *     -all;                 spf-all-argument
 */
#ifndef SPF_SPF_SUSPECT_H
#define SPF_SPF_SUSPECT_H

#include "spf/spf_term.h"

/* The borders of a record's character-strings that lie within one term: offsets in the record, ascending. */
struct spf_borders {
	const size_t *offsets;
	size_t count;
};

/* Reports `term` when it is such a one, with whatever is wrong in its parts. A term that is valid by the
 * grammar is reported only when it is surely not meant so, and stays valid. False: nothing was reported. */
bool spf_suspect_report(struct spf_reading *reading, const struct spf_term *term, struct spf_borders borders);

/* Reports all that is wrong with the term at `span`, taken by itself; nothing when it is valid. Returns the
 * kind that it has or was probably meant to have. */
enum spf_kind spf_suspect_report_plain(struct spf_reading *reading, struct span span);

#endif
