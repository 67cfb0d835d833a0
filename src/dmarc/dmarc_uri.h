/* dmarc_uri: the URIs of rua and ruf (RFC 9989 4.6, 4.7, 4.8; RFC 3986, RFC 6068). */
#ifndef DMARC_DMARC_URI_H
#define DMARC_DMARC_URI_H

#include "rules/finding.h"

#define DMARC_MAX_URIS 1000 /* kept of one tag */

struct dmarc_uri {
	struct span span;  /* in the record, size suffix included */
	struct slice text; /* as published, without the size suffix */
	bool valid;	   /* a URI by RFC 3986 */
	bool is_mailto;
	struct slice host; /* domain of the mailbox (mailto), host of the authority (others), or empty */
};

/* Reads the list at `value` of `record` and adds its mistakes to `findings`. */
void dmarc_uri_parse_list(struct arena *arena, struct slice record, struct span value,
	struct findings *findings, const struct dmarc_uri **items, size_t *count);

#endif
