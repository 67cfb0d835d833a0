/* spf_tree_judge: see spf_tree_judge.h. A temporary failure never makes a finding appear: each rule here
 * needs an answer that says it. */
#include "spf/spf_tree_judge.h"

#include "spf/spf_tree_count.h"
#include "spf/spf_tree_networks.h"
#include "spf/spf_tree_term.h"

/* The side that is spoken of: the one with the outcome of the whole, IPv4 where both have it. */
static const struct spf_side *any_side(const struct spf_tree_term *term)
{
	const struct spf_side *v4 = &term->sides[IP_V4], *v6 = &term->sides[IP_V6];
	return v4->walked && v4->outcome == term->outcome ? v4 : v6;
}

static struct finding *report(struct spf_tree_judge *judge, enum rule_id rule,
	const struct spf_tree_place *place, const struct spf_tree_term *term)
{
	struct finding *finding = spf_tree_place_report(judge->findings, rule, place, term);
	struct name name = any_side(term)->name;
	finding->args[0] = name_is_none(name) ? term->target : name_bytes(judge->arena, name);
	return finding;
}

static bool is_about_target(enum rule_id rule)
{
	return rule == RULE_SPF_DOMAIN_SPEC_INVALID || rule == RULE_SPF_SEPARATOR ||
	       rule == RULE_SPF_MISSING_SPACE || rule == RULE_SPF_TXT_SPLIT_GLUE;
}

bool spf_tree_judge_is_misread(const struct spf_node *node, const struct spf_term *term)
{
	const struct findings *findings = &node->record->findings;
	for (size_t i = 0; i < findings->count; i++) {
		const struct finding *finding = &findings->items[i];
		if (is_about_target(finding->rule) && finding->severity == SEVERITY_ERROR &&
			finding->span.offset >= term->span.offset &&
			span_end(finding->span) <= span_end(term->span))
			return true;
	}
	return false;
}

static void report_bad_name(
	struct spf_tree_judge *judge, const struct spf_tree_place *place, const struct spf_tree_term *term)
{
	struct finding *finding = report(judge, RULE_SPF_DOMAIN_INVALID, place, term);
	if (spf_tree_term_is_link(term->term))
		return;
	finding->severity = SEVERITY_WARNING; /* the macros made it of this message: RFC 7208 4.8 */
	finding->effects[RECEIVER_RFC7208] = EFFECT_SPF_NO_MATCH;
}

/* True when the target is not known, or no name: then nothing was asked. */
static bool judge_target(
	struct spf_tree_judge *judge, const struct spf_tree_place *place, const struct spf_tree_term *term)
{
	const struct spf_side *side = any_side(term);
	if (term->outcome == SPF_OUTCOME_UNRESOLVED)
		report(judge, RULE_SPF_MACRO_UNRESOLVED, place, term);
	else if (side->bad_name && !spf_tree_judge_is_misread(place->node, term->term))
		report_bad_name(judge, place, term);
	return name_is_none(side->name);
}

static bool is_void(const struct answer *answer)
{
	return answer->kind == ANSWER_NODATA || answer->kind == ANSWER_NXDOMAIN;
}

static enum detail detail_of(const struct answer *answer)
{
	return answer->kind == ANSWER_NXDOMAIN && !answer->owner_exists ? DETAIL_SPF_NAME_MISSING
									: DETAIL_SPF_NAME_WITHOUT;
}

/* --- a, mx, exists ------------------------------------------------------------------------ */

/* Both address queries for `name` came back empty. */
static bool has_no_address(struct spf_tree_judge *judge, struct name v4, struct name v6)
{
	return is_void(view_get(judge->view, v4, RRTYPE_A)) &&
	       is_void(view_get(judge->view, v6, RRTYPE_AAAA));
}

/* The first alias on the way to the addresses of `host` that were looked up for `term`; NULL: there is
 * none, or there are no addresses. */
static const struct alias *alias_of(
	struct spf_tree_judge *judge, const struct spf_tree_term *term, struct name host)
{
	static const uint16_t types[SPF_FAMILIES] = {[IP_V4] = RRTYPE_A, [IP_V6] = RRTYPE_AAAA};
	for (size_t i = 0; i < SPF_FAMILIES; i++) {
		if (!term->sides[i].walked)
			continue;
		const struct answer *answer = view_get(judge->view, host, types[i]);
		if (answer->kind == ANSWER_RECORDS && answer->chain_count > 0)
			return &answer->chain[0];
	}
	return NULL;
}

/* Of the publisher's own record only: others choose their names for themselves. */
static void judge_a_alias(
	struct spf_tree_judge *judge, const struct spf_tree_place *place, const struct spf_tree_term *term)
{
	const struct alias *alias = place->own ? alias_of(judge, term, any_side(term)->name) : NULL;
	if (alias != NULL)
		report(judge, RULE_SPF_A_CNAME, place, term)->args[1] =
			name_bytes(judge->arena, alias->target);
}

static void judge_a(
	struct spf_tree_judge *judge, const struct spf_tree_place *place, const struct spf_tree_term *term)
{
	const struct spf_side *v4 = &term->sides[IP_V4], *v6 = &term->sides[IP_V6];
	judge_a_alias(judge, place, term);
	if (v4->outcome != SPF_OUTCOME_NONE || v6->outcome != SPF_OUTCOME_NONE || !v4->walked || !v6->walked)
		return;
	report(judge, RULE_SPF_A_NO_ADDRESS, place, term)->detail =
		detail_of(view_get(judge->view, v4->name, RRTYPE_A));
}

static bool is_same_host(const struct record *a, const struct record *b)
{
	return !b->malformed && name_equal(a->data.mx.exchange, b->data.mx.exchange);
}

static bool was_seen(const struct answer *mx, size_t index)
{
	for (size_t i = 0; i < index; i++) {
		if (is_same_host(&mx->records[index], &mx->records[i]))
			return true;
	}
	return false;
}

/* RFC 5321 5.1, RFC 2181 10.3: an exchange should not be an alias. */
static void judge_host_alias(struct spf_tree_judge *judge, const struct spf_tree_place *place,
	const struct spf_tree_term *term, struct name host)
{
	const struct alias *alias = place->own ? alias_of(judge, term, host) : NULL;
	if (alias == NULL)
		return;
	struct finding *finding = report(judge, RULE_SPF_MX_CNAME, place, term);
	finding->args[1] = name_bytes(judge->arena, host);
	finding->args[2] = name_bytes(judge->arena, alias->target);
}

static void judge_hosts(struct spf_tree_judge *judge, const struct spf_tree_place *place,
	const struct spf_tree_term *term, const struct answer *mx)
{
	for (size_t i = 0; i < mx->count; i++) {
		const struct record *record = &mx->records[i];
		if (record->malformed || was_seen(mx, i))
			continue;
		struct name host = record->data.mx.exchange;
		if (name_is_root(host))
			report(judge, RULE_SPF_MX_NULL, place, term);
		else if (has_no_address(judge, host, host))
			report(judge, RULE_SPF_MX_HOST_NO_ADDRESS, place, term)->args[1] =
				name_bytes(judge->arena, host);
		else
			judge_host_alias(judge, place, term, host);
	}
}

static void judge_mx(
	struct spf_tree_judge *judge, const struct spf_tree_place *place, const struct spf_tree_term *term)
{
	const struct answer *mx = view_get(judge->view, any_side(term)->name, RRTYPE_MX);
	if (is_void(mx) && !view_is_pending(mx))
		report(judge, RULE_SPF_MX_NONE, place, term)->detail = detail_of(mx);
	else if (mx->count > SPF_MX_LIMIT)
		report(judge, RULE_SPF_MX_LIMIT, place, term)->args[1] =
			arena_printf(judge->arena, "%zu", mx->count);
	else
		judge_hosts(judge, place, term, mx);
}

/* Receivers look at ten names of a client and no more (RFC 7208 4.6.4). Which names those are is known for
 * the client of a sample message. */
static void judge_ptr(
	struct spf_tree_judge *judge, const struct spf_tree_place *place, const struct spf_tree_term *term)
{
	struct name name;
	if (!judge->sample->has_ip ||
		name_from_text(judge->arena, ip_reverse_name(judge->arena, judge->sample->ip), &name) !=
			NAME_OK)
		return;
	const struct answer *ptr = view_get(judge->view, name, RRTYPE_PTR);
	if (ptr->count <= SPF_PTR_LIMIT)
		return;
	struct finding *finding = report(judge, RULE_SPF_PTR_LIMIT, place, term);
	finding->args[0] = ip_text(judge->arena, judge->sample->ip);
	finding->args[1] = arena_printf(judge->arena, "%zu", ptr->count);
}

void spf_tree_judge_lookup(
	struct spf_tree_judge *judge, const struct spf_tree_place *place, const struct spf_tree_term *term)
{
	if (judge_target(judge, place, term) || spf_tree_judge_is_misread(place->node, term->term))
		return;
	if (term->term->kind == SPF_A)
		judge_a(judge, place, term);
	else if (term->term->kind == SPF_MX)
		judge_mx(judge, place, term);
	else if (term->term->kind == SPF_PTR)
		judge_ptr(judge, place, term);
	else if (term->term->kind == SPF_EXISTS && any_side(term)->outcome == SPF_OUTCOME_NONE)
		report(judge, RULE_SPF_VOID, place, term)->detail =
			detail_of(view_get(judge->view, any_side(term)->name, RRTYPE_A));
}

/* --- include and redirect ----------------------------------------------------------------- */

/* Whether the registrable domain of a missing name is missing too: anybody can register it. */
enum registration { REGISTERED, UNREGISTERED, REGISTRATION_UNKNOWN };

static enum registration registration_of(
	struct spf_tree_judge *judge, const struct answer *txt, struct name *registrable)
{
	if (judge->psl == NULL || txt->kind != ANSWER_NXDOMAIN || txt->owner_exists)
		return REGISTERED;
	*registrable = psl_registrable(judge->psl, txt->question.name);
	if (name_is_none(*registrable))
		return REGISTERED;
	const struct answer *answer = name_equal(*registrable, txt->question.name)
					      ? txt
					      : view_get(judge->view, *registrable, RRTYPE_NS);
	if (answer->kind == ANSWER_TEMPORARY || view_is_pending(answer))
		return REGISTRATION_UNKNOWN;
	return answer->kind == ANSWER_NXDOMAIN && !answer->owner_exists ? UNREGISTERED : REGISTERED;
}

static enum detail missing_detail(const struct answer *txt)
{
	return txt->kind == ANSWER_RECORDS ? DETAIL_SPF_TXT_OTHER : detail_of(txt);
}

/* The target has no SPF record. RFC 7208 5.2, 6.1. Nothing is said while it is not known which of the two
 * it is. */
static void judge_none(
	struct spf_tree_judge *judge, const struct spf_tree_place *place, const struct spf_tree_term *term)
{
	const struct answer *txt = any_side(term)->tree->selection->answer;
	struct name registrable;
	struct finding *finding;
	switch (registration_of(judge, txt, &registrable)) {
	case REGISTERED:
		finding = report(judge,
			term->term->kind == SPF_INCLUDE ? RULE_SPF_INCLUDE_NONE : RULE_SPF_REDIRECT_NONE,
			place, term);
		finding->detail = missing_detail(txt);
		return;
	case UNREGISTERED:
		finding = report(judge, RULE_SPF_INCLUDE_UNREGISTERED, place, term);
		finding->args[1] = name_bytes(judge->arena, registrable);
		return;
	case REGISTRATION_UNKNOWN:
		return;
	}
}

static void judge_loop(
	struct spf_tree_judge *judge, const struct spf_tree_place *place, const struct spf_tree_term *term)
{
	struct finding *finding = report(judge,
		term->term->kind == SPF_INCLUDE ? RULE_SPF_INCLUDE_LOOP : RULE_SPF_REDIRECT_LOOP, place,
		term);
	struct slice path = spf_tree_place_path(judge->arena, &place->place);
	struct slice step = spf_tree_place_step(judge->arena, term, any_side(term)->name);
	finding->args[1] =
		arena_printf(judge->arena, "%.*s > %.*s", (int)path.len, path.ptr, (int)step.len, step.ptr);
}

/* The record below that is broken by itself: where the permerror of `node` comes from. */
static const struct spf_node *cause_of(const struct spf_node *node)
{
	for (size_t i = 0; i < node->count; i++) {
		const struct spf_node *tree = node->terms[i].tree;
		if (node->terms[i].outcome == SPF_OUTCOME_PERMERROR && tree != NULL && tree->permerror)
			return cause_of(tree);
	}
	return node;
}

static void judge_broken(struct spf_tree_judge *judge, const struct spf_tree_place *place,
	const struct spf_tree_term *term, bool reported)
{
	const struct spf_node *tree = any_side(term)->tree;
	if (reported || tree == NULL || tree->temporary || !place->own || term->term->kind != SPF_INCLUDE)
		return;
	if (tree->cut)
		return; /* too large, and spf-lookup-limit says so */
	struct finding *finding = report(judge, RULE_SPF_INCLUDE_PERMERROR, place, term);
	finding->args[1] = name_bytes(judge->arena, cause_of(tree)->domain);
}

/* Passes half of all IPv4 addresses or more, all of IPv6, or whatever it does not name. */
static bool allows_all(struct spf_tree_judge *judge, const struct spf_node *tree)
{
	static const struct spf_sample none;
	enum spf_result result;
	if (spf_tree_count_default(tree, &result) && result == SPF_PASS)
		return true;
	struct ipset v4 = spf_tree_networks(judge->arena, tree, IP_V4, &none);
	return ipset_count_v4(v4) >= (uint64_t)1 << 31 ||
	       ipset_is_all(spf_tree_networks(judge->arena, tree, IP_V6, &none));
}

static void judge_allowed(
	struct spf_tree_judge *judge, const struct spf_tree_place *place, const struct spf_tree_term *term)
{
	if (!place->own || term->term->kind != SPF_INCLUDE || term->term->qualifier != SPF_QUALIFIER_PASS ||
		term->tree->temporary)
		return;
	if (allows_all(judge, term->tree))
		report(judge, RULE_SPF_INCLUDE_ALLOWS_ALL, place, term);
}

void spf_tree_judge_link(struct spf_tree_judge *judge, const struct spf_tree_place *place,
	const struct spf_tree_term *term, bool reported)
{
	if (judge_target(judge, place, term))
		return;
	switch (term->outcome) {
	case SPF_OUTCOME_OK:
		judge_allowed(judge, place, term);
		return;
	case SPF_OUTCOME_NONE:
		if (!reported && !spf_tree_judge_is_misread(place->node, term->term) &&
			!view_is_pending(any_side(term)->tree->selection->answer))
			judge_none(judge, place, term);
		return;
	case SPF_OUTCOME_PERMERROR:
		judge_broken(judge, place, term, reported);
		return;
	case SPF_OUTCOME_LOOP:
		judge_loop(judge, place, term);
		return;
	case SPF_OUTCOME_TEMPORARY:
	case SPF_OUTCOME_UNRESOLVED:
	case SPF_OUTCOME_CUT:
		return;
	}
}
