/* spf_foreign: bytes that no SPF record may have, and what was meant by them: dashes, quotes and spaces of a
 * word processor. */
#ifndef SPF_SPF_FOREIGN_H
#define SPF_SPF_FOREIGN_H

#include "spf/spf_reading.h"

/* True when `text` has a byte other than 0x20 to 0x7e. */
bool spf_foreign_is_in(struct slice text);

/* `text` with known foreign characters replaced (an en dash by "-", a smart quote by nothing, a no-break
 * space or TAB by a space); false when another foreign byte is in it. */
bool spf_foreign_to_ascii(struct arena *arena, struct slice text, struct slice *out);

/* Bytes of the foreign character at the start of `text`; 0: there is none. */
size_t spf_foreign_length(struct slice text);

/* Reports the foreign characters of the term at `span` as one finding: spf-separator when all of them are
 * white space, spf-non-ascii otherwise. `next` is the term behind it (len 0: none): a dash alone belongs to
 * it. False: no such byte is there. */
bool spf_foreign_report(struct spf_reading *reading, struct span span, struct span next);

#endif
