/* spf_check: check_host(); see spf_check.h. The order is that of RFC 7208 4; what each mechanism asks is
 * in spf_mechanism.c. */
#include "spf/spf_check.h"

#include <assert.h>

#include "rules/message.h"
#include "spf/spf_exp.h"
#include "spf/spf_mechanism.h"

/* What one call of check_host() found, for the term that made it and for the explanation. */
struct host {
	enum spf_result result;
	bool pending;	     /* its record is not here yet: the result means nothing */
	struct slice domain; /* of the record that decided: after redirects the target */
	const struct spf_record *record;
	const struct spf_term *mechanism; /* the directive that matched; NULL: none did */
};

static void check_host(struct spf_evaluation *e, struct slice domain, size_t depth, struct host *out);

const char *spf_match_text(enum spf_match match)
{
	static const char *const texts[] = {[SPF_MATCH] = "match",
		[SPF_NO_MATCH] = "no-match",
		[SPF_MATCH_TEMPERROR] = "temperror",
		[SPF_MATCH_PERMERROR] = "permerror"};
	return texts[match];
}

static enum spf_result qualifier_result(enum spf_qualifier qualifier)
{
	static const enum spf_result results[] = {[SPF_QUALIFIER_PASS] = SPF_PASS,
		[SPF_QUALIFIER_FAIL] = SPF_FAIL,
		[SPF_QUALIFIER_SOFTFAIL] = SPF_SOFTFAIL,
		[SPF_QUALIFIER_NEUTRAL] = SPF_NEUTRAL};
	return results[qualifier];
}

/* --- the record (RFC 7208 4.3-4.6) ------------------------------------------------------------- */

/* The first mistake that breaks the record tells what is wrong with it: others do harm and leave it valid. */
static void give_syntax_error(struct spf_evaluation *e, struct slice domain, const struct spf_record *record)
{
	spf_evaluation_reason(e, domain, "has an SPF record with a syntax error");
	for (size_t i = 0; i < record->findings.count; i++) {
		const struct finding *finding = &record->findings.items[i];
		if (finding->severity != SEVERITY_ERROR ||
			finding->effects[RECEIVER_RFC7208] != EFFECT_SPF_PERMERROR)
			continue;
		struct slice message = message_text(e->arena, finding);
		e->reason = arena_printf(e->arena, "%.*s: %.*s", (int)e->reason.len, e->reason.ptr,
			(int)message.len, message.ptr);
		return;
	}
}

/* The record of `domain`; NULL with out->result when there is none to evaluate. */
static const struct spf_record *fetch_record(
	struct spf_evaluation *e, struct slice domain, size_t depth, struct host *out)
{
	struct name name;
	out->result = SPF_NONE;
	if (depth == 0 ? !spf_request_is_identity(e->arena, domain, &name)
		       : !spf_request_is_usable(e->arena, domain, &name)) {
		struct slice identity =
			e->request->is_helo_identity ? SLICE("the HELO name") : SLICE("the sender's domain");
		spf_evaluation_reason(e, domain.len > 0 ? domain : identity,
			domain.len > 0 ? "is no domain name of at least two labels" : "is empty");
		return NULL;
	}
	const struct answer *txt = spf_evaluation_ask(e, name, RRTYPE_TXT);
	if (view_is_pending(txt)) {
		out->pending = true;
		return NULL;
	}
	const struct spf_selection *selection = spf_select(e->view, txt);
	if (selection->answer->kind == ANSWER_TEMPORARY) {
		out->result = SPF_TEMPERROR; /* RFC 7208 4.4 */
		spf_evaluation_failure(e, selection->answer);
		return NULL;
	}
	if (selection->selected == 0) {
		spf_evaluation_reason(
			e, domain, txt->kind == ANSWER_NXDOMAIN ? "does not exist" : "has no SPF record");
		return NULL;
	}
	if (selection->selected > 1) {
		out->result = SPF_PERMERROR; /* RFC 7208 4.5 */
		spf_evaluation_reason(e, domain, "has more than one SPF record");
		return NULL;
	}
	if (!selection->parsed->valid) {
		out->result =
			SPF_PERMERROR; /* RFC 7208 4.6: the whole record, before anything is evaluated */
		give_syntax_error(e, domain, selection->parsed);
		return NULL;
	}
	return selection->parsed;
}

/* --- include and redirect (RFC 7208 5.2, 6.1) -------------------------------------------------- */

/* `first`: how many steps there were before it. An error without a step is one of the record itself. */
static struct slice nested_note(struct spf_evaluation *e, enum spf_result result, size_t first)
{
	if (result == SPF_NONE)
		return SLICE("it has no SPF record");
	if (result == SPF_TEMPERROR && e->step_count == first)
		return SLICE("its record could not be looked up now");
	if (result == SPF_PERMERROR && e->step_count == first)
		return SLICE("its record is broken, or there are several");
	return arena_printf(e->arena, "its record says %s", spf_result_text(result));
}

static enum spf_match include_match(struct spf_evaluation *e, struct spf_trace_step *step, size_t depth)
{
	struct host nested = {0};
	size_t first = e->step_count;
	check_host(e, step->expanded, depth + 1, &nested);
	if (nested.pending)
		return SPF_NO_MATCH;
	step->note = nested_note(e, nested.result, first);
	switch (nested.result) {
	case SPF_PASS:
		return SPF_MATCH;
	case SPF_FAIL:
	case SPF_SOFTFAIL:
	case SPF_NEUTRAL:
		return SPF_NO_MATCH;
	case SPF_TEMPERROR:
		return SPF_MATCH_TEMPERROR;
	case SPF_NONE:
	case SPF_PERMERROR:
		return SPF_MATCH_PERMERROR;
	}
	return SPF_MATCH_PERMERROR;
}

/* Its result is that of the target; none becomes permerror. */
static void follow_redirect(struct spf_evaluation *e, const struct spf_term *redirect,
	const struct spf_record *record, struct slice domain, size_t depth, struct host *out)
{
	struct spf_trace_step *step = spf_evaluation_step(e, record, redirect, domain, depth);
	enum spf_match counted = spf_mechanism_begin(e, step);
	if (counted ==
		SPF_NO_MATCH) /* RFC 8616 4 says so of mechanisms; a redirect has nothing to go on to */
		spf_evaluation_reason(e, slice_at(record->text, redirect->span),
			"needs the local-part of the sender, which is not ASCII");
	if (counted != SPF_MATCH) {
		step->outcome = SPF_MATCH_PERMERROR;
		spf_evaluation_count(e, step);
		out->result = SPF_PERMERROR;
		return;
	}
	size_t first = e->step_count;
	out->result = SPF_NONE;
	check_host(e, step->expanded, depth + 1, out);
	if (out->pending)
		return;
	step->note = nested_note(e, out->result, first);
	step->outcome = out->result == SPF_TEMPERROR ? SPF_MATCH_TEMPERROR : SPF_MATCH;
	if (out->result == SPF_NONE || out->result == SPF_PERMERROR) {
		out->result = SPF_PERMERROR;
		step->outcome = SPF_MATCH_PERMERROR;
	}
}

/* --- check_host() ------------------------------------------------------------------------------ */

static enum spf_match directive_match(struct spf_evaluation *e, struct spf_trace_step *step)
{
	if (step->term->kind == SPF_ALL)
		return SPF_MATCH;
	enum spf_match counted = spf_mechanism_begin(e, step);
	if (counted != SPF_MATCH)
		return counted;
	if (step->term->kind == SPF_INCLUDE)
		return include_match(e, step, step->depth);
	return spf_mechanism_match(e, step);
}

/* RFC 7208 4.6.2: left to right; true when a directive decided. */
static bool evaluate_directives(struct spf_evaluation *e, const struct spf_record *record,
	struct slice domain, size_t depth, struct host *out)
{
	for (size_t i = 0; i < record->count; i++) {
		const struct spf_term *term = &record->terms[i];
		if (term->is_modifier)
			continue;
		struct spf_trace_step *step = spf_evaluation_step(e, record, term, domain, depth);
		spf_evaluation_count(e, step);
		step->outcome = directive_match(e, step);
		/* The step of an include keeps the count from before the steps inside it. */
		if (term->kind != SPF_INCLUDE)
			spf_evaluation_count(e, step);
		switch (step->outcome) {
		case SPF_NO_MATCH:
			continue;
		case SPF_MATCH:
			out->result = qualifier_result(term->qualifier);
			out->mechanism = term;
			return true;
		case SPF_MATCH_TEMPERROR:
			out->result = SPF_TEMPERROR;
			return true;
		case SPF_MATCH_PERMERROR:
			out->result = SPF_PERMERROR;
			return true;
		}
	}
	return false;
}

/* Recursion is bounded by the lookup limit: every call but the first is a counted term. */
static void check_host(struct spf_evaluation *e, struct slice domain, size_t depth, struct host *out)
{
	const struct spf_record *record = fetch_record(e, domain, depth, out);
	if (record == NULL)
		return;
	out->domain = domain;
	out->record = record;
	if (evaluate_directives(e, record, domain, depth, out))
		return;
	if (record->redirect != NULL && record->all == NULL)
		follow_redirect(e, record->redirect, record, domain, depth, out);
	else
		out->result = SPF_NEUTRAL; /* RFC 7208 4.7 */
}

/* --- the result -------------------------------------------------------------------------------- */

static bool has_reason(enum spf_result result)
{
	return result == SPF_NONE || result == SPF_TEMPERROR || result == SPF_PERMERROR;
}

/* RFC 7208 6.2: only a fail through a mechanism, and only the exp of the record whose directive matched. */
static void explain(struct spf_evaluation *e, const struct host *host, struct spf_verdict *out)
{
	if (host->result != SPF_FAIL || host->mechanism == NULL || host->record->exp == NULL)
		return;
	struct slice target;
	e->current = NULL; /* what is asked now belongs to no term */
	if (!spf_evaluation_expand(e, host->record->exp->domain_spec, host->domain, &target))
		return;
	out->has_explanation = spf_exp_text(e, target, host->domain, &out->explanation);
}

enum eval_state spf_check(
	const struct spf_request *request, struct view *view, struct arena *arena, struct spf_verdict *out)
{
	struct spf_evaluation e = {.request = request, .view = view, .arena = arena};
	struct host host = {0};
	check_host(&e, request->domain, 0, &host);
	*out = (struct spf_verdict){.result = host.result,
		.domain = host.record != NULL ? host.domain : request->domain,
		.record = host.record,
		.mechanism = host.mechanism,
		.lookups = e.lookups,
		.void_lookups = e.void_lookups};
	assert(host.mechanism == NULL || host.record != NULL);
	if (host.mechanism != NULL)
		out->mechanism_text = slice_at(host.record->text, host.mechanism->span);
	if (has_reason(host.result))
		out->reason = e.reason;
	/* The explanation is never asked ahead: only when the result is certain. */
	if (view_end_run(view) == EVAL_DONE)
		explain(&e, &host, out);
	out->trace = (const struct spf_trace_step *const *)e.steps;
	out->trace_count = e.step_count;
	return view_end_run(view);
}
