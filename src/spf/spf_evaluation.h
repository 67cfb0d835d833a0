/* spf_evaluation: one run of check_host(): what it has counted, its trace, the values of macros, and the
 * questions that several mechanisms share (RFC 7208 4.6.4, 5.5, 7.3). */
#ifndef SPF_SPF_EVALUATION_H
#define SPF_SPF_EVALUATION_H

#include "macro/macro_expand.h"
#include "spf/spf_check.h"

/* One run of check_host(). */
struct spf_evaluation {
	const struct spf_request *request;
	struct view *view;
	struct arena *arena;
	unsigned lookups, void_lookups;
	struct slice reason; /* escaped; the last one given: that of the error which decides */
	struct spf_trace_step **steps;
	size_t step_count, step_capacity;
	struct spf_trace_step *current; /* whose answers are being collected; NULL: none */
};

/* A new step at the end of the trace. */
struct spf_trace_step *spf_evaluation_step(struct spf_evaluation *e, const struct spf_record *record,
	const struct spf_term *term, struct slice domain, size_t depth);

/* Notes in the step how far the counts have come. */
void spf_evaluation_count(struct spf_evaluation *e, struct spf_trace_step *step);

/* view_get(), with the answer noted in the current step. */
const struct answer *spf_evaluation_ask(struct spf_evaluation *e, struct name name, uint16_t type);

/* Sets the reason: `subject` (raw) and what about it. */
void spf_evaluation_reason(struct spf_evaluation *e, struct slice subject, const char *what);

/* Sets the reason: this answer is a temporary failure. */
void spf_evaluation_failure(struct spf_evaluation *e, const struct answer *answer);

/* The values of the macros in the record of `domain`; those of explanation text too with `explanation`. */
void spf_evaluation_values(
	struct spf_evaluation *e, struct slice domain, bool explanation, struct macro_values *out);

/* Expands a domain-spec of the record of `domain` to a name's text. False when it cannot be: it uses a
 * local-part that is not ASCII (RFC 8616 4). */
bool spf_evaluation_expand(
	struct spf_evaluation *e, const struct macro_string *spec, struct slice domain, struct slice *out);

/* What an expansion names; false when that is no domain name: an empty one, an empty label, one over 63
 * bytes (RFC 7208 4.3, 4.8). */
bool spf_evaluation_name(struct spf_evaluation *e, struct slice text, struct name *out);

/* The value of %{p} for <domain> `domain` (RFC 7208 7.3): a validated name of the client, or "unknown". */
struct slice spf_evaluation_validated(struct spf_evaluation *e, struct slice domain);

/* A or AAAA: the addresses that a client can be compared with. */
uint16_t spf_evaluation_address_type(struct ip ip);

/* True when one of the addresses in `answer`, as a network of `length` bits, has the client in it. */
bool spf_evaluation_contains(const struct answer *answer, struct ip client, unsigned char length);

/* The names of the client's address. */
const struct answer *spf_evaluation_ask_reverse(struct spf_evaluation *e);

/* The name of PTR record `i` of that answer when it counts: only the first ten do (RFC 7208 4.6.4). */
bool spf_evaluation_ptr_name(const struct answer *ptr, size_t i, struct name *out);

/* Step 3 of RFC 7208 5.5: the addresses of `name` have the client's among them; an error is no. */
bool spf_evaluation_is_validated(struct spf_evaluation *e, struct name name);

#endif
