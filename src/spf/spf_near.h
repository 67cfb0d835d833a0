/* spf_near: TXT records that receivers do not take for SPF records, although they surely were meant as such
 * (RFC 7208 4.5). */
#ifndef SPF_SPF_NEAR_H
#define SPF_SPF_NEAR_H

#include "spf/spf_reading.h"

/* Reports what keeps reading->text, a TXT record that is not selected, from being an SPF record: one finding
 * (spf-version-junk, spf-version-like, spf-txt-split-glue, spf-senderid). False: it does not look like SPF,
 * and nothing is reported. `first_string` is the length of its first character-string. */
bool spf_near_report(struct spf_reading *reading, size_t first_string);

#endif
