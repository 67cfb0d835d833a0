/* dmarc_version: texts that were meant as a DMARC record and are none, because they do not start with
 * v=DMARC1.
 *
 * Receivers ignore such a text (RFC 9989 4.7, 4.10 step 2); only here it is told apart from a TXT record
 * that has nothing to do with DMARC.
 */
#ifndef DMARC_DMARC_VERSION_H
#define DMARC_DMARC_VERSION_H

#include "rules/finding.h"

/* For a text that fails dmarc_record_is_dmarc(): true when it was surely meant as a DMARC record. */
bool dmarc_version_is_near(struct slice text);

/* The same, and adds what is wrong with its start: dmarc-version, dmarc-separator, with the whole mended
 * record as fix. */
bool dmarc_version_check(struct arena *arena, struct slice text, struct findings *findings);

#endif
