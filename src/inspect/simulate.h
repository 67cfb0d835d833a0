/* simulate: what a receiver does with one message: SPF, alignment, DMARC result and disposition, and the
 * reply a refused sender sees.
 *
 * A pure function over a view, like inspect(). DKIM signatures are not verified here: their results are
 * given.
 */
#ifndef INSPECT_SIMULATE_H
#define INSPECT_SIMULATE_H

#include "dmarc/dmarc_align.h"
#include "dmarc/dmarc_reportauth.h"
#include "spf/spf_check.h"

/* Results of DKIM verification (RFC 8601 2.7.1). */
enum dkim_result {
	DKIM_NONE,
	DKIM_PASS,
	DKIM_FAIL,
	DKIM_POLICY,
	DKIM_NEUTRAL,
	DKIM_TEMPERROR,
	DKIM_PERMERROR,
	DKIM_RESULT_COUNT
};
const char *simulate_dkim_text(enum dkim_result result);

/* What alignment makes of it. */
enum dmarc_auth_result simulate_auth_result(enum dkim_result result);

/* One signature, as the receiver's verifier judged it. */
struct simulate_dkim {
	enum dkim_result result;
	struct slice domain;   /* d=, as typed */
	struct name name;      /* the same, as a name */
	struct slice selector; /* empty: not given */
};

struct simulate_request {
	bool evaluate_spf; /* false: spf_result and spf_domain are given instead */
	struct spf_request spf;
	enum spf_result spf_result;
	struct name spf_domain;
	struct slice from;  /* as typed */
	struct name author; /* Author Domain (RFC 9989 3.2) */
	const struct simulate_dkim *dkim;
	size_t dkim_count;
	const struct psl *psl;
};

struct simulation {
	bool has_spf; /* SPF was evaluated: `spf` is filled */
	struct spf_verdict spf;
	enum spf_result spf_result; /* evaluated or given */
	struct dmarc_identifier spf_identifier;
	struct dmarc_discovery discovery;
	struct dmarc_rfc7489 older;
	struct dmarc_judgement dmarc;	/* by RFC 9989 */
	struct dmarc_judgement rfc7489; /* by RFC 7489, before pct */
	const struct dmarc_destination *rua,
		*ruf; /* of the record that applies: where reports about the message go */
	size_t rua_count, ruf_count;
	bool has_reply;
	struct slice smtp_reply; /* lines with CRLF between them */
	const struct answer *const *incomplete;
	size_t incomplete_count;
};

/* EVAL_DONE with *out filled (memory from `scratch`), or EVAL_NEEDS_ANSWERS with the missing questions
 * noted in `view`. */
enum eval_state simulate(const struct simulate_request *request, struct view *view, struct arena *scratch,
	struct simulation *out) __attribute__((warn_unused_result));

#endif
