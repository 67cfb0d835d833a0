/* dmarc_repair: a broken DMARC record as it was surely or probably meant, whole.
 *
 *     v=dmarc1\; p=none\; rua=reports@example.com   ->   v=DMARC1; p=none; rua=mailto:reports@example.com
 *
 * For the fix of a finding only; verdicts are about what was published.
 */
#ifndef DMARC_DMARC_REPAIR_H
#define DMARC_DMARC_REPAIR_H

#include "base/arena.h"

#define DMARC_MAX_REPAIR 4096 /* bytes of a record that is mended */

/* The mended record (memory from `arena`): it parses without an error and has a usable policy. Empty when
 * there is none, or when `text` is longer than DMARC_MAX_REPAIR. *is_guess: some word of it was only probably
 * meant (a misspelt policy), or a part was left out. */
struct slice dmarc_repair(struct arena *arena, struct slice text, bool *is_guess);

#endif
