/* dmarc_select: which TXT records of an answer are DMARC records (RFC 9989 4.7, 4.10 steps 2 and 6). */
#ifndef DMARC_DMARC_SELECT_H
#define DMARC_DMARC_SELECT_H

#include "dmarc/dmarc_record.h"
#include "dns/view.h"

/* Invariant: first and record are NULL when count is 0; record is the parsed form of the first one. */
struct dmarc_selection {
	size_t count; /* records that start with v=DMARC1 */
	const struct record *first;
	const struct dmarc_record *record;
};

/* `answer`, or the temporary failure it is when it has no DMARC record but one that cannot be read. */
const struct answer *dmarc_select_readable(struct view *view, const struct answer *answer);

/* Never NULL; lives as long as the answer. An answer without records selects none. */
const struct dmarc_selection *dmarc_select(struct view *view, const struct answer *answer);

#endif
