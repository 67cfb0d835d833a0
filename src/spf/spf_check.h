/* spf_check: check_host() as a receiver runs it (RFC 7208 4), with the trace that led to its result.
 *
 *     v=spf1 include:_spf.example.net mx -all          192.0.2.7, user@example.com
 *
 *     include:_spf.example.net   its record says softfail: no match
 *     mx                         mail.example.com is 192.0.2.25: no match
 *     -all                       match: fail, and the explanation is fetched
 *
 * A pure function over a view (dns/view.h), run again when answers were missing. Left to right, to the
 * first match; what a later term would need is asked ahead, as far as the lookup limit lets a receiver
 * go.
 */
#ifndef SPF_SPF_CHECK_H
#define SPF_SPF_CHECK_H

#include "dns/view.h"
#include "spf/spf_record.h"
#include "spf/spf_request.h"
#include "spf/spf_tree.h"

enum spf_match { SPF_MATCH, SPF_NO_MATCH, SPF_MATCH_TEMPERROR, SPF_MATCH_PERMERROR };

/* "match", "no-match", "temperror", "permerror": the words of the JSON. */
const char *spf_match_text(enum spf_match match);

/* What DNS said to one question of a term. */
struct spf_trace_answer {
	const struct answer *answer;
	struct spf_trace_answer *next;
};

/* One term that was looked at, in the order of evaluation; a step of an include or redirect comes before
 * the steps inside it. */
struct spf_trace_step {
	size_t depth; /* 0: the record of <domain>; one more inside each include and redirect */
	struct slice domain;
	const struct spf_record *record;
	const struct spf_term *term;
	struct slice expanded; /* target with its macros expanded; empty when there is none */
	enum spf_match outcome;
	struct slice note; /* why, in a few words: "its record says softfail" */
	unsigned lookups;  /* counted so far, this term included; not what is inside an include or redirect */
	unsigned void_lookups;
	struct spf_trace_answer *answers; /* in the order they were asked */
};

struct spf_verdict {
	enum spf_result result;
	struct slice domain;		  /* whose record gave the result: another one after a redirect */
	const struct spf_record *record;  /* of that domain; NULL without */
	const struct spf_term *mechanism; /* the directive that matched; NULL: none did */
	struct slice mechanism_text;
	bool has_explanation;
	struct slice
		/* as the domain words it (RFC 7208 6.2), raw ASCII; only with SPF_FAIL by a mechanism */
		explanation;
	unsigned lookups, void_lookups;
	struct slice reason; /* of temperror, permerror and none, escaped; empty otherwise */
	const struct spf_trace_step *const *trace;
	size_t trace_count;
};

/* EVAL_DONE with *out filled (memory from `arena`), or EVAL_NEEDS_ANSWERS with the missing questions
 * noted in `view`. */
enum eval_state spf_check(const struct spf_request *request, struct view *view, struct arena *arena,
	struct spf_verdict *out) __attribute__((warn_unused_result));

#endif
