/* dmarc_reportauth: may reports go there? Verification of external destinations (RFC 9990 4; RFC 9991 5). */
#ifndef DMARC_DMARC_REPORTAUTH_H
#define DMARC_DMARC_REPORTAUTH_H

#include "dmarc/dmarc_discover.h"
#include "dns/psl.h"

#define DMARC_MAX_DESTINATIONS                                                                               \
	20 /* URIs of one tag whose destination is verified; reports rarely go to more than two */

enum dmarc_authorized { DMARC_AUTHORIZED, DMARC_UNAUTHORIZED, DMARC_AUTHORIZATION_UNKNOWN };

struct dmarc_destination {
	const struct dmarc_uri *uri;
	bool external; /* organizational domains differ (the tree walk's) */
	bool external_known;
	enum dmarc_authorized authorized;
	struct name authorization_name; /* policy domain._report._dmarc.host; none for internal ones */
	bool redirected;
	struct slice redirect; /* the rua or ruf of that record, when it has one */
};

/* Judges each URI of `tag` (DMARC_TAG_RUA or DMARC_TAG_RUF) of the record at `policy_domain`. `place`: of
 * that record, for findings. */
void dmarc_reportauth(struct view *view, struct arena *arena, const struct dmarc_record *record,
	enum dmarc_tag_id tag, struct name policy_domain, const struct finding_place *place,
	struct findings *findings, struct dmarc_destination **out, size_t *count);

#endif
