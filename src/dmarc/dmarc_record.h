/* dmarc_record: one DMARC record parsed into tags with byte spans (RFC 9989 4.7, 4.8). */
#ifndef DMARC_DMARC_RECORD_H
#define DMARC_DMARC_RECORD_H

#include "dmarc/dmarc_uri.h"
#include "rules/finding.h"

enum dmarc_tag_id {
	DMARC_TAG_V,
	DMARC_TAG_P,
	DMARC_TAG_SP,
	DMARC_TAG_NP,
	DMARC_TAG_ADKIM,
	DMARC_TAG_ASPF,
	DMARC_TAG_PSD,
	DMARC_TAG_T,
	DMARC_TAG_RUA,
	DMARC_TAG_RUF,
	DMARC_TAG_FO,
	DMARC_TAG_PCT, /* historic from here on: RFC 9989 9.3 */
	DMARC_TAG_RF,
	DMARC_TAG_RI,
	DMARC_TAG_OTHER
};

#define DMARC_KNOWN_TAGS DMARC_TAG_PCT /* the tags of RFC 9989 come first */

enum dmarc_policy { DMARC_NONE, DMARC_QUARANTINE, DMARC_REJECT };
const char *dmarc_policy_text(enum dmarc_policy policy);

/* One tag as published (first occurrence counts; later ones are in the list with `duplicate`). */
struct dmarc_tag {
	enum dmarc_tag_id id;
	struct slice name; /* as written */
	struct span span;  /* name, = and value */
	struct span value; /* without surrounding white space */
	bool valid;	   /* its value has the syntax of the tag */
	bool duplicate;
};

struct dmarc_uris {
	const struct dmarc_uri *items;
	size_t count;
};

/* Invariant: policies hold a value only where has_* is true; defaults are not filled in here. */
struct dmarc_record {
	struct slice text;
	bool valid;	     /* no duplicate tag; a usable policy, or a usable rua (RFC 9989 4.10.1) */
	bool policy_usable;  /* p is there and p, sp, np that are there are valid */
	bool has_usable_rua; /* at least one syntactically valid URI */
	const struct dmarc_tag *tags; /* in order of appearance */
	size_t count;
	bool has_p, has_sp, has_np; /* written and valid */
	enum dmarc_policy p, sp, np;
	bool strict_dkim, strict_spf;
	char psd;     /* 'y', 'n' or 'u' */
	bool testing; /* t=y */
	struct dmarc_uris rua, ruf;
	unsigned pct;		  /* as RFC 7489 receivers read it; 100 when absent or invalid */
	struct findings findings; /* without place */
};

/* True when `text` starts with a v tag of the value DMARC1 (RFC 9989 4.7, 4.10 step 2). */
bool dmarc_record_is_dmarc(struct slice text);

/* Parses a text for which dmarc_record_is_dmarc(). Text is borrowed. */
const struct dmarc_record *dmarc_record_parse(struct arena *arena, struct slice text);

/* The first occurrence of a tag, NULL when it is not written. */
const struct dmarc_tag *dmarc_record_tag(const struct dmarc_record *record, enum dmarc_tag_id id);

#endif
