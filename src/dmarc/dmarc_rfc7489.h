/* dmarc_rfc7489: what a receiver does that still follows RFC 7489: public suffix list, two queries (3.2,
 * 6.6.3). */
#ifndef DMARC_DMARC_RFC7489_H
#define DMARC_DMARC_RFC7489_H

#include "dmarc/dmarc_discover.h"
#include "dns/psl.h"

/* What names below the domain get that have no record of their own. */
struct dmarc_rfc7489_below {
	struct name location;
	const struct dmarc_record *record;
	const struct record *txt;
	bool applies;
	bool temporary;
	enum dmarc_policy policy; /* sp, else p; before pct */
	unsigned pct;
};

struct dmarc_rfc7489 {
	struct name location; /* where the record is; none when there is none */
	const struct dmarc_record *record;
	bool applies;
	bool temporary;
	enum dmarc_policy policy; /* for this domain, before pct */
	unsigned pct;
	struct name
		organizational_domain; /* registrable domain; the domain itself when it is a public suffix */
	const struct record *txt;      /* that `record` is in */
	struct dmarc_rfc7489_below below;
};

void dmarc_rfc7489_discover(struct view *view, struct arena *arena, const struct psl *psl, struct name author,
	struct dmarc_rfc7489 *out);

#endif
