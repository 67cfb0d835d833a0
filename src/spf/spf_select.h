/* spf_select: which TXT record is the SPF record (RFC 7208 3.2, 3.3, 4.5). */
#ifndef SPF_SPF_SELECT_H
#define SPF_SPF_SELECT_H

#include "dns/view.h"
#include "spf/spf_record.h"

struct spf_selection {
	const struct answer *answer;	 /* the TXT answer it is about */
	size_t selected;		 /* records that are SPF records: 0 none, 1 good, more: permerror */
	const struct record *record;	 /* the only one selected, or the first of several; NULL without */
	const struct spf_record *parsed; /* of `record`; NULL without */
	const struct record *const
		*candidates; /* every TXT that is or looks like an SPF record, canonical order */
	size_t candidate_count;
	struct findings
		findings; /* spf-multiple, spf-version-junk, spf-version-like, ...: each with place.record set; names are added later */
};

/* The selection for an answer, parsed once and kept beside it. */
const struct spf_selection *spf_select(struct view *view, const struct answer *txt);

/* The same for TXT records that come from no view, such as a pasted text; parsed each time. */
const struct spf_selection *spf_select_among(struct arena *arena, const struct answer *txt);

#endif
