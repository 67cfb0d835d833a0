/* spf_mechanism: see spf_mechanism.h. One function a mechanism, in the order of RFC 7208 5.3-5.7. */
#include "spf/spf_mechanism.h"

/* --- counting (RFC 7208 4.6.4) ----------------------------------------------------------------- */

/* False: that was one lookup too many. */
static bool count_lookup(struct spf_evaluation *e, struct spf_trace_step *step)
{
	if (e->lookups == SPF_LOOKUP_LIMIT) {
		step->note = SLICE("it would be lookup number 11, and 10 are allowed");
		spf_evaluation_reason(e, slice_at(step->record->text, step->term->span),
			"would be lookup number 11, and 10 are allowed");
		return false;
	}
	e->lookups++;
	return true;
}

/* Counts the answer to a term's own question when it is void. SPF_MATCH: go on. */
static enum spf_match count_void(
	struct spf_evaluation *e, const struct spf_trace_step *step, const struct answer *answer)
{
	if (view_is_pending(answer) || (answer->kind != ANSWER_NODATA && answer->kind != ANSWER_NXDOMAIN))
		return SPF_MATCH;
	e->void_lookups++;
	if (e->void_lookups <= SPF_VOID_LIMIT)
		return SPF_MATCH;
	spf_evaluation_reason(e, slice_at(step->record->text, step->term->span),
		"is the third term for which DNS has nothing, and 2 are allowed");
	return SPF_MATCH_PERMERROR;
}

static enum spf_match temporary(struct spf_evaluation *e, const struct answer *answer)
{
	spf_evaluation_failure(e, answer);
	return SPF_MATCH_TEMPERROR;
}

static unsigned char cidr_length(const struct spf_term *term, struct ip client)
{
	return client.family == IP_V4 ? term->ip4_length : term->ip6_length;
}

/* --- the target -------------------------------------------------------------------------------- */

enum spf_match spf_mechanism_begin(struct spf_evaluation *e, struct spf_trace_step *step)
{
	const struct spf_term *term = step->term;
	if (!spf_kind_asks_dns(term->kind))
		return SPF_MATCH;
	if (!count_lookup(e, step))
		return SPF_MATCH_PERMERROR;
	e->current = step;
	step->expanded = step->domain;
	/* The PTR lookup of %{p} is one of the ten as well (RFC 7208 4.6.4). */
	if (term->domain_spec != NULL && macro_uses(term->domain_spec, 'p') && !count_lookup(e, step))
		return SPF_MATCH_PERMERROR;
	spf_evaluation_count(e, step);
	if (term->domain_spec == NULL)
		return SPF_MATCH;
	if (!spf_evaluation_expand(e, term->domain_spec, step->domain, &step->expanded)) {
		step->expanded = slice_of(NULL, 0);
		step->note = SLICE("it uses the local-part, which is not ASCII");
		return SPF_NO_MATCH;
	}
	return SPF_MATCH;
}

/* --- the mechanisms ---------------------------------------------------------------------------- */

/* RFC 7208 5.3 */
static enum spf_match match_a(struct spf_evaluation *e, struct spf_trace_step *step, struct name target)
{
	struct ip client = e->request->ip;
	const struct answer *answer = spf_evaluation_ask(e, target, spf_evaluation_address_type(client));
	if (answer->kind == ANSWER_TEMPORARY)
		return temporary(e, answer);
	enum spf_match counted = count_void(e, step, answer);
	if (counted != SPF_MATCH)
		return counted;
	return spf_evaluation_contains(answer, client, cidr_length(step->term, client)) ? SPF_MATCH
											: SPF_NO_MATCH;
}

/* One exchange of RFC 7208 5.4; the root is a null MX and has no addresses (RFC 7505). */
static enum spf_match match_exchange(
	struct spf_evaluation *e, const struct spf_trace_step *step, const struct record *mx)
{
	struct ip client = e->request->ip;
	if (mx->malformed || name_is_root(mx->data.mx.exchange))
		return SPF_NO_MATCH;
	const struct answer *answer =
		spf_evaluation_ask(e, mx->data.mx.exchange, spf_evaluation_address_type(client));
	if (answer->kind == ANSWER_TEMPORARY)
		return temporary(e, answer);
	return spf_evaluation_contains(answer, client, cidr_length(step->term, client)) ? SPF_MATCH
											: SPF_NO_MATCH;
}

/* RFC 7208 5.4: no fallback to the addresses of the target itself; more than ten records are an error,
 * whoever the client is. */
static enum spf_match match_mx(struct spf_evaluation *e, struct spf_trace_step *step, struct name target)
{
	const struct answer *answer = spf_evaluation_ask(e, target, RRTYPE_MX);
	if (answer->kind == ANSWER_TEMPORARY)
		return temporary(e, answer);
	enum spf_match counted = count_void(e, step, answer);
	if (counted != SPF_MATCH)
		return counted;
	if (answer->count > SPF_MX_LIMIT) {
		spf_evaluation_reason(e, name_text(e->arena, target), "has more than ten MX records");
		return SPF_MATCH_PERMERROR;
	}
	/* In the order of the set. An answer that is still missing is no match, so the next exchanges are
	 * asked meanwhile. */
	for (size_t i = 0; i < answer->count; i++) {
		enum spf_match outcome = match_exchange(e, step, &answer->records[i]);
		if (outcome != SPF_NO_MATCH)
			return outcome;
	}
	return SPF_NO_MATCH;
}

/* RFC 7208 5.5 with erratum 4751: the validated name has to be the target or below it. */
static enum spf_match match_ptr(struct spf_evaluation *e, struct spf_trace_step *step, struct name target)
{
	const struct answer *ptr = spf_evaluation_ask_reverse(e);
	enum spf_match counted = count_void(e, step, ptr);
	if (counted != SPF_MATCH)
		return counted;
	for (size_t i = 0; i < ptr->count; i++) {
		struct name name;
		if (spf_evaluation_ptr_name(ptr, i, &name) && name_is_within(name, target) &&
			spf_evaluation_is_validated(e, name))
			return SPF_MATCH;
	}
	return SPF_NO_MATCH;
}

/* RFC 7208 5.7: always A, whatever the address. */
static enum spf_match match_exists(struct spf_evaluation *e, struct spf_trace_step *step, struct name target)
{
	const struct answer *answer = spf_evaluation_ask(e, target, RRTYPE_A);
	if (answer->kind == ANSWER_TEMPORARY)
		return temporary(e, answer);
	enum spf_match counted = count_void(e, step, answer);
	if (counted != SPF_MATCH)
		return counted;
	return answer->kind == ANSWER_RECORDS ? SPF_MATCH : SPF_NO_MATCH;
}

enum spf_match spf_mechanism_match(struct spf_evaluation *e, struct spf_trace_step *step)
{
	struct name target;
	enum spf_kind kind = step->term->kind;
	if (spf_kind_is_network(kind))
		return prefix_contains(step->term->network, e->request->ip) ? SPF_MATCH : SPF_NO_MATCH;
	/* A name that is none after expansion is not asked and does not match (RFC 7208 4.8 leaves it
	 * open). */
	if (!spf_evaluation_name(e, step->expanded, &target)) {
		step->note = SLICE("that is no domain name, so nothing is asked");
		return SPF_NO_MATCH;
	}
	switch (kind) {
	case SPF_A:
		return match_a(e, step, target);
	case SPF_MX:
		return match_mx(e, step, target);
	case SPF_PTR:
		return match_ptr(e, step, target);
	case SPF_EXISTS:
		return match_exists(e, step, target);
	case SPF_ALL:
	case SPF_INCLUDE:
	case SPF_IP4:
	case SPF_IP6:
	case SPF_REDIRECT:
	case SPF_EXP:
	case SPF_UNKNOWN:
		return SPF_NO_MATCH; /* decided elsewhere */
	}
	return SPF_NO_MATCH;
}
