/* dmarc_align: do the identifiers of a message align with its Author Domain, and what is the DMARC result
 * (RFC 9989 4.4, 5.3.5, 5.3.6).
 *
 * Both readings: RFC 9989 (organizational domains by tree walk) and RFC 7489 (by the public suffix list).
 */
#ifndef DMARC_DMARC_ALIGN_H
#define DMARC_DMARC_ALIGN_H

#include "dmarc/dmarc_discover.h"
#include "dmarc/dmarc_rfc7489.h"

/* How an authentication method ended for one identifier. */
enum dmarc_auth_result { DMARC_AUTH_PASS, DMARC_AUTH_NO_PASS, DMARC_AUTH_TEMPERROR };

/* An identifier and what its method said: the MAIL FROM domain with the SPF result (a null reverse-path:
 * the HELO domain), or the d= of a DKIM signature. */
struct dmarc_identifier {
	enum dmarc_auth_result result;
	bool has_domain; /* false: no usable domain, so it can never align */
	struct name domain;
};

/* Ordered: a larger one is the stronger fact. */
enum dmarc_alignment {
	DMARC_NOT_ALIGNED,
	DMARC_ALIGNMENT_UNKNOWN, /* a tree walk it depends on failed for now */
	DMARC_ALIGNED_RELAXED,	 /* another name of the same organizational domain */
	DMARC_ALIGNED_STRICT	 /* identical names */
};

enum dmarc_result {
	DMARC_RESULT_NONE,
	DMARC_RESULT_PASS,
	DMARC_RESULT_FAIL,
	DMARC_RESULT_PERMERROR,
	DMARC_RESULT_TEMPERROR
};

/* "none", "pass", "fail", "permerror", "temperror" (RFC 9989 9.1). */
const char *dmarc_result_text(enum dmarc_result result);

/* Organizational domain of an identifier under one reading. Unknown: a needed answer is missing for now. */
struct dmarc_org {
	struct name domain;
	bool known;
};

/* What one reading says of one message. */
struct dmarc_judgement {
	enum dmarc_result result;
	bool has_disposition; /* false with DMARC_RESULT_TEMPERROR */
	enum dmarc_policy
		/* what the applied policy asks for this message; with 0 < pct < 100 if it is selected */
		disposition;
	bool has_policy;	  /* a record applies */
	enum dmarc_policy policy; /* for this domain, after t; before pct */
	enum dmarc_selected selected_tag;
	struct name location;			/* where the record is; none without */
	struct dmarc_org organizational_domain; /* of the Author Domain */
	unsigned pct;				/* RFC 7489; 100 otherwise */
	enum dmarc_alignment spf; /* of the SPF identifier, if it passed; DMARC_NOT_ALIGNED otherwise */
	const enum dmarc_alignment *dkim; /* of each DKIM identifier */
};

/* The reading of RFC 9989. */
void dmarc_align_judge(struct view *view, struct arena *arena, struct name author,
	const struct dmarc_discovery *discovery, const struct dmarc_identifier *spf,
	const struct dmarc_identifier *dkim, size_t dkim_count, struct dmarc_judgement *out);

/* The reading of RFC 7489. */
void dmarc_align_judge_rfc7489(struct arena *arena, const struct psl *psl, struct name author,
	const struct dmarc_rfc7489 *discovery, const struct dmarc_identifier *spf,
	const struct dmarc_identifier *dkim, size_t dkim_count, struct dmarc_judgement *out);

#endif
