/* diff: what a change of records does to mail: two verdicts on one domain, compared.
 *
 *     before  --diff_side_of-->  side --\
 *                                        diff_compare --> struct diff
 *     after   --diff_side_of-->  side --/
 *
 * A side is all that counts of a verdict, copied, so that the verdict's answers can go. A temporary failure
 * on either side is never a difference: what it may have hidden is not compared, and said to be so.
 */
#ifndef INSPECT_DIFF_H
#define INSPECT_DIFF_H

#include "inspect/verdict.h"
#include "spf/spf_tree_networks.h"

/* Whose mail a policy is for. */
enum diff_level { DIFF_OWN, DIFF_SUBDOMAIN, DIFF_NONEXISTENT, DIFF_LEVELS };

/* By which standard a receiver reads DMARC. RFC 7489 knows no policy of its own for names that do not
 * exist: those get that of subdomains. */
enum diff_reading { DIFF_RFC9989, DIFF_RFC7489, DIFF_READINGS };

/* What a receiver is asked to do. */
struct diff_policy {
	bool known;		  /* false: a temporary failure hides it */
	bool applies;		  /* false: no DMARC record, or one that asks for nothing */
	enum dmarc_policy policy; /* after t (RFC 9989); before pct (RFC 7489) */
	unsigned pct;		  /* RFC 7489; 100 for RFC 9989 */
	enum dmarc_policy asked;  /* before t */
	/* The record that decides, NULL without; and in it the tag with the policy, and t or pct. Of length
	 * 0 where it is not written. */
	const struct finding_place *place;
	struct span tag, modifier;
};

/* For alignment: STRONGER is stricter. */
enum diff_direction { DIFF_SAME, DIFF_STRONGER, DIFF_WEAKER };

/* How identifiers have to match, by the record that applies to the domain itself (RFC 9989). */
struct diff_alignment {
	bool known; /* a record applies, and no temporary failure hides it */
	bool strict_dkim, strict_spf;
	bool organization_known;
	struct name organization; /* the organizational domain */
};

/* Where a matching term stands in the tree (include, a, mx, ptr, ip4, ip6, exists, redirect, all). */
struct diff_term {
	const struct finding_place *place; /* of its record */
	struct span span;
	enum spf_kind kind;
	enum spf_qualifier qualifier;
	unsigned families;     /* bit 1 << family: clients of which get here */
	unsigned matches_all;  /* the same bits: exists with an answer */
	unsigned up;	       /* index of the include or redirect above; DIFF_NO_TERM: none */
	unsigned end;	       /* behind the terms below it */
	struct slice open_key; /* of a term that needs a message; else empty */
	const struct prefix *networks;
	size_t network_count;
};

#define DIFF_NO_TERM ((unsigned)-1)

/* A term that needs a message, and who gets there when no such term before it has matched. Terms that mean
 * the same are one. */
struct diff_open {
	struct slice key;  /* the term as text, in one spelling, with the record's name where that matters */
	bool grants;	   /* who matches passes */
	unsigned position; /* in the order of evaluation */
	unsigned term;	   /* index of the first such term; DIFF_NO_TERM: not known */
	struct ipset reach[SPF_FAMILIES];
};

/* One side of a comparison: a domain with one set of answers. Everything is a copy. */
struct diff_side {
	struct name domain;
	bool spf_known; /* nothing of the tree is missing for now */
	enum section_status spf_status;
	struct spf_tree_partition families[SPF_FAMILIES];
	/* The same when no term that needs a message matches; `unknown`: behind a redirect that needs one. */
	struct spf_tree_partition otherwise[SPF_FAMILIES];
	const struct diff_open *opens; /* terms that need a message, by key */
	size_t open_count;
	const struct slice *unresolved; /* their keys, each once, sorted */
	size_t unresolved_count;
	unsigned lookups, void_lookups;
	const struct slice *reached; /* names of the records below the domain's own, each once, sorted */
	size_t reached_count;
	bool explanation_known;
	struct slice explanation; /* text of the exp record, raw; empty: none that is ever shown */
	bool dmarc_known;
	enum section_status dmarc_status;
	struct diff_policy policies[DIFF_READINGS][DIFF_LEVELS];
	struct diff_alignment alignment;
	bool reports_known;	       /* no temporary failure hides whether one of them is used */
	const struct slice *rua, *ruf; /* URIs that would get reports, in one spelling, sorted, each once */
	size_t rua_count, ruf_count;
	struct span rua_span, ruf_span; /* the tags in the record at dmarc_place; of length 0: not written */
	struct span dkim_span, aspf_span;
	struct findings findings; /* filtered */
	const struct answer *const *incomplete;
	size_t incomplete_count;
	/* Where the domain's own records stand, for findings about the change; without span. `record` is
	 * empty where there is none. */
	struct finding_place spf_place, dmarc_place;
	/* The terms of the tree in the order of evaluation, those below an include or redirect behind it. */
	const struct diff_term *terms;
	size_t term_count;
};

/* Addresses by family. */
struct diff_networks {
	struct ipset gained[SPF_FAMILIES];
	struct ipset lost[SPF_FAMILIES];
};

struct diff_list {
	const struct slice *gained, *lost;
	size_t gained_count, lost_count;
};

/* What --deny names. */
enum diff_denial {
	DIFF_DENY_WIDEN = 1,	    /* an address newly passes, or may pass with some message */
	DIFF_DENY_WEAKEN = 2,	    /* a policy of any level, in either reading, is weaker */
	DIFF_DENY_LOOKUPS = 4,	    /* the worst case of lookups or of void lookups grew */
	DIFF_DENY_NEW_ERRORS = 8,   /* findings that were not there before */
	DIFF_DENY_NEW_WARNINGS = 16 /* or errors */
};

struct diff {
	struct name domain;
	bool changed;	/* on_mail, or a number of lookups, or a finding differs for certain */
	bool on_mail;	/* something differs for certain that receivers act on; else "no effect on mail" */
	bool spf_known; /* on both sides */
	bool dmarc_known;
	const struct diff_side *before, *after;
	struct diff_networks networks[SPF_RESULTS]; /* empty while spf_known is false */
	struct diff_networks unresolved;	    /* addresses whose result depends on a message */
	/* Addresses that pass neither before nor after for certain, but with some message may pass now and
	 * did not before. */
	struct ipset may_pass[SPF_FAMILIES];
	struct ipset may_fail[SPF_FAMILIES]; /* the other way round */
	/* Of addresses whose result depends on a message on both sides, some get another one when no term
	 * that needs a message matches. */
	bool otherwise_changed;
	struct diff_list unresolved_terms;
	enum diff_direction policies[DIFF_READINGS][DIFF_LEVELS];
	enum diff_direction strict_dkim, strict_spf;
	bool organization_changed;
	bool reports_known;
	struct diff_list rua, ruf;
	bool explanation_changed;
	/* Findings by rule, name, type and text in one spelling (without text: by their arguments); how many
	 * there are counts, and whether one has become more severe; place and order do not. While one side is
	 * incomplete, one that is missing there is neither new nor fixed, but one of `uncertain_findings`. */
	struct findings new_findings, fixed_findings, unchanged_findings;
	size_t uncertain_findings;
	/* The change itself as findings of the rules change-*, with the place in `after` (in `before` where
	 * nothing is left): worst first. A denied one is an error. */
	struct findings changes;
	unsigned denied; /* bits of enum diff_denial that apply and were asked for */
};

/* Copies what counts of `verdict`, whose findings are filtered and which is of a request without sample
 * message, into `arena`. The arena of its findings is used on the way and given back. */
void diff_side_of(struct arena *arena, const struct verdict *verdict, struct diff_side *out);

/* Compares; `deny`: bits of enum diff_denial. `out` borrows from both sides; what is made on the way stays in
 * `arena` (a few kilobytes, megabytes for records of thousands of terms). */
void diff_compare(struct arena *arena, struct name domain, const struct diff_side *before,
	const struct diff_side *after, unsigned deny, struct diff *out);

/* True when `before` or `after` lacks something: status 3 unless something is denied. */
bool diff_is_incomplete(const struct diff *diff);

#endif
