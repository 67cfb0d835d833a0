/* spf_tree_findings: see spf_tree_findings.h. Depth first, and of each link first what is below it: a
 * cause comes before what follows from it. */
#include "spf/spf_tree_findings.h"

#include "spf/spf_size.h"
#include "spf/spf_style.h"
#include "spf/spf_tree_count.h"
#include "spf/spf_tree_judge.h"
#include "spf/spf_tree_limits.h"
#include "spf/spf_tree_order.h"

/* A record that was spoken of. The walk's own bound keeps these few. */
struct visit {
	struct name domain;
	bool duplicated; /* that it is included twice was said */
};

struct review {
	struct spf_tree_judge judge;
	const struct spf_tree *tree;
	struct visit *visits;
	size_t count, capacity;
	bool explains_size; /* a finding tells why many addresses pass */
};

static void review_node(struct review *review, const struct spf_tree_place *place);

/* --- what was said ------------------------------------------------------------------------ */

static size_t find_visit(const struct review *review, struct name domain)
{
	size_t i = 0;
	while (i < review->count && !name_equal(review->visits[i].domain, domain))
		i++;
	return i;
}

static void add_visit(struct review *review, struct name domain)
{
	review->visits = arena_grow(review->judge.arena, review->visits, review->count, &review->capacity,
		sizeof *review->visits);
	review->visits[review->count++].domain = domain;
}

/* True when one of the findings from `first` on tells, in the record at that depth of the path, why
 * receivers cannot use it. */
static bool has_cause(const struct findings *findings, size_t first, size_t path_count)
{
	for (size_t i = first; i < findings->count; i++) {
		const struct finding *finding = &findings->items[i];
		enum effect effect = finding->effects[RECEIVER_RFC7208];
		if (finding->place.path_count == path_count && finding->severity == SEVERITY_ERROR &&
			(effect == EFFECT_SPF_PERMERROR || effect == EFFECT_SPF_PERMERROR_HERE ||
				effect == EFFECT_SPF_IGNORED_RECORD))
			return true;
	}
	return false;
}

/* --- a record ----------------------------------------------------------------------------- */

/* The TXT record whose text a finding of the selection is about. */
static const struct record *record_of(const struct spf_selection *selection, const struct finding *finding)
{
	for (size_t i = 0; i < selection->candidate_count; i++) {
		if (selection->candidates[i]->data.txt.joined.ptr == finding->place.record.ptr)
			return selection->candidates[i];
	}
	return NULL;
}

static bool is_about_all(enum rule_id rule)
{
	return rule == RULE_SPF_ALL_SOFTFAIL || rule == RULE_SPF_ALL_NEUTRAL || rule == RULE_SPF_ALL_MISSING;
}

/* Advice about how a record is written: of use to its publisher alone. */
static bool is_about_style(enum rule_id rule)
{
	static const bool is_style[RULE_COUNT] = {
		[RULE_SPF_RANGE_PRIVATE] = true,
		[RULE_SPF_RANGE_RESERVED] = true,
		[RULE_SPF_RANGE_DOC] = true,
		[RULE_SPF_IP_DUPLICATE] = true,
		[RULE_SPF_IP_COVERED] = true,
		[RULE_SPF_HOST_BITS] = true,
		[RULE_SPF_NEGATIVE_ORDER] = true,
		[RULE_SPF_QUALIFIER_PLUS] = true,
		[RULE_SPF_CIDR_DEFAULT] = true,
		[RULE_SPF_MODIFIER_POSITION] = true,
		[RULE_SPF_EXISTS_STATIC] = true,
		[RULE_SPF_MACRO_PRIVACY] = true,
		[RULE_SPF_RA_USELESS] = true,
		[RULE_SPF_MX_NOT_RECOMMENDED] = true,
	};
	return is_style[rule];
}

/* An include asks only who passes there: what its record says of all others does nothing here (RFC 7208 5.2),
 * and how it is written only its publisher can change. */
static void excuse(struct finding *finding)
{
	bool is_style = is_about_style(finding->rule);
	if (!is_style && !is_about_all(finding->rule))
		return;
	if (finding->severity > SEVERITY_INFO)
		finding->severity = SEVERITY_INFO;
	finding->is_harmless = true;
	if (is_style)
		finding->fix = NULL;
	finding_effect_all(finding, is_style ? EFFECT_SPF_INCLUDED_STYLE : EFFECT_SPF_INCLUDED_ALL,
		EFFECT_NONE, EFFECT_NONE);
}

/* Findings of the text of an included record. Of each kind of advice one is enough. */
static void adopt_included(
	struct findings *findings, const struct findings *from, const struct finding_place *place)
{
	bool seen[RULE_COUNT] = {false};
	for (size_t i = 0; i < from->count; i++) {
		const struct findings one = {.items = &from->items[i], .count = 1};
		enum rule_id rule = from->items[i].rule;
		if (rule == RULE_SPF_SIZE_450)
			continue;
		findings_adopt(findings, &one, place);
		struct finding *adopted = &findings->items[findings->count - 1];
		spf_style_included(adopted);
		if (is_about_style(adopted->rule) && seen[adopted->rule])
			findings->count--;
		else
			excuse(adopted);
		seen[adopted->rule] = true;
	}
}

/* Findings of the text of the publisher's own record. That the whole answer is large says more than that
 * the record is. */
static void adopt_own(struct review *review, const struct spf_tree_place *place)
{
	struct findings *findings = review->judge.findings;
	const struct findings *from = &place->node->record->findings;
	bool is_large = spf_size_report(review->judge.arena, place, findings);
	for (size_t i = 0; i < from->count; i++) {
		const struct findings one = {.items = &from->items[i], .count = 1};
		if (!is_large || from->items[i].rule != RULE_SPF_SIZE_450)
			findings_adopt(findings, &one, &place->place);
	}
}

/* What was found in the text alone, with the place where it is now. */
static void adopt(struct review *review, const struct spf_tree_place *place)
{
	struct findings *findings = review->judge.findings;
	const struct spf_selection *selection = place->node->selection;
	for (size_t i = 0; i < selection->findings.count; i++) {
		const struct finding *from = &selection->findings.items[i];
		const struct findings one = {.items = &selection->findings.items[i], .count = 1};
		struct finding_place its = place->place;
		its.record = from->place.record;
		its = spf_tree_place_record(its, record_of(selection, from));
		findings_adopt(findings, &one, &its);
	}
	if (selection->selected != 1)
		return;
	if (place->own)
		adopt_own(review, place);
	else
		adopt_included(findings, &place->node->record->findings, &place->place);
}

/* Names at which a record ends up that was meant for the domain itself. _dmarc has been asked anyway. */
static const char *const wrong_names[] = {"_dmarc", "_spf", "www"};

/* "v=spf1 -all" says of a name that no mail comes from it: right at a name like www. */
static bool is_bare_fail(const struct spf_record *record)
{
	return record->count == 1 && record->all != NULL && record->all->qualifier == SPF_QUALIFIER_FAIL;
}

/* RFC 7208 3: only a record at the very domain counts. */
static void judge_misplaced(struct review *review, const struct spf_tree_place *root)
{
	struct spf_tree_judge *judge = &review->judge;
	for (size_t i = 0; i < sizeof wrong_names / sizeof *wrong_names; i++) {
		struct name name;
		if (name_prepend(judge->arena, slice_cstr(wrong_names[i]), root->node->domain, &name) !=
			NAME_OK)
			continue;
		const struct spf_selection *there =
			spf_select(judge->view, view_get(judge->view, name, RRTYPE_TXT));
		if (there->selected == 0 || is_bare_fail(there->parsed))
			continue;
		struct finding *finding = findings_add(judge->findings, RULE_SPF_WRONG_NAME);
		finding->place = spf_tree_place_record(root->place, there->record);
		finding->place.name = name_text(judge->arena, name);
		finding->args[0] = name_bytes(judge->arena, root->node->domain);
	}
}

/* RFC 7208 4.3, 4.5. A domain that gets mail will send some: then it is an error. */
static void judge_missing(struct review *review, const struct spf_tree_place *root)
{
	struct spf_tree_judge *judge = &review->judge;
	const struct spf_node *node = root->node;
	const struct answer *txt = node->selection->answer;
	if (txt->kind == ANSWER_TEMPORARY || view_is_pending(txt))
		return;
	if (txt->kind == ANSWER_NXDOMAIN && !txt->owner_exists) {
		spf_tree_place_report(judge->findings, RULE_SPF_NXDOMAIN, root, NULL);
		return;
	}
	const struct answer *mx = view_get(judge->view, node->domain, RRTYPE_MX);
	bool gets_mail = false;
	for (size_t i = 0; i < mx->count; i++)
		gets_mail = gets_mail ||
			    (!mx->records[i].malformed && !name_is_root(mx->records[i].data.mx.exchange));
	if (has_cause(judge->findings, 0, root->place.path_count))
		return; /* a record that was meant as one, and is told about */
	struct finding *finding = spf_tree_place_report(judge->findings, RULE_SPF_NONE, root, NULL);
	finding->detail = gets_mail ? DETAIL_SPF_GETS_MAIL : DETAIL_SPF_GETS_NO_MAIL;
	if (mx->kind == ANSWER_TEMPORARY)
		finding->detail = DETAIL_SPF_MAIL_UNKNOWN;
	if (gets_mail)
		finding->severity = SEVERITY_ERROR;
	judge_misplaced(review, root);
}

/* --- include and redirect ----------------------------------------------------------------- */

/* Speaks of the record below, unless that was done; true when its own record is broken. */
static bool review_below(struct review *review, const struct spf_tree_place *place,
	const struct spf_tree_term *term, const struct spf_node *tree)
{
	struct findings *findings = review->judge.findings;
	size_t visit = find_visit(review, tree->domain);
	if (visit < review->count) {
		if (!review->visits[visit].duplicated && term->term->kind == SPF_INCLUDE) {
			struct finding *finding =
				spf_tree_place_report(findings, RULE_SPF_INCLUDE_DUPLICATE, place, term);
			finding->args[0] = name_bytes(review->judge.arena, tree->domain);
			finding->args[1] = arena_printf(review->judge.arena, "%u", term->lookups);
			review->visits[visit].duplicated = true;
		}
		return true; /* the first time told what there is to tell */
	}
	size_t first = findings->count;
	struct spf_tree_place there = spf_tree_place_below(review->judge.arena, place, term, tree);
	review_node(review, &there);
	return has_cause(findings, first, there.place.path_count);
}

static void review_link(
	struct review *review, const struct spf_tree_place *place, const struct spf_tree_term *term)
{
	const struct spf_node *v4 = term->sides[IP_V4].tree, *v6 = term->sides[IP_V6].tree;
	bool broken = false;
	if (v4 != NULL)
		broken = review_below(review, place, term, v4);
	if (v6 != NULL && v6 != v4)
		broken = review_below(review, place, term, v6) || broken;
	spf_tree_judge_link(&review->judge, place, term, broken);
}

static void review_term(
	struct review *review, const struct spf_tree_place *place, const struct spf_tree_term *term)
{
	if (!term->sides[IP_V4].walked && !term->sides[IP_V6].walked)
		return;
	switch (term->term->kind) {
	case SPF_INCLUDE:
	case SPF_REDIRECT:
		review_link(review, place, term);
		return;
	case SPF_A:
	case SPF_MX:
	case SPF_PTR:
	case SPF_EXISTS:
		spf_tree_judge_lookup(&review->judge, place, term);
		return;
	case SPF_ALL:
	case SPF_IP4:
	case SPF_IP6:
	case SPF_EXP:
	case SPF_UNKNOWN:
		return;
	}
}

/* The record, after its redirects, with an `all` that says fail or softfail; NULL without. */
static const struct spf_term *strict_all(const struct spf_node *node)
{
	const struct spf_tree_term *redirect;
	while (node != NULL && (redirect = spf_tree_count_redirect(node)) != NULL)
		node = redirect->tree;
	if (node == NULL || node->record == NULL || node->record->all == NULL)
		return NULL;
	enum spf_qualifier qualifier = node->record->all->qualifier;
	bool is_strict = qualifier == SPF_QUALIFIER_FAIL || qualifier == SPF_QUALIFIER_SOFTFAIL;
	return is_strict ? node->record->all : NULL;
}

/* A record without `all` of its own that seems to rely on that of an include. RFC 7208 5.2: it has no
 * effect outside. */
static void judge_borrowed_all(struct review *review, const struct spf_tree_place *place)
{
	const struct spf_node *node = place->node;
	if (!place->own || node->count == 0 || node->record->all != NULL || node->record->redirect != NULL)
		return;
	for (size_t i = 0; i < node->count; i++) {
		const struct spf_tree_term *term = &node->terms[i];
		const struct spf_term *all = term->tree != NULL ? strict_all(term->tree) : NULL;
		if (term->term->kind != SPF_INCLUDE || all == NULL)
			continue;
		struct finding *finding = spf_tree_place_report(
			review->judge.findings, RULE_SPF_INCLUDE_NEUTRAL_ALL, place, term);
		finding->args[0] = term->target;
		finding->args[1] = all->qualifier == SPF_QUALIFIER_FAIL ? SLICE("-all") : SLICE("~all");
		return;
	}
}

/* RFC 7208 6.2: only the explanation of the domain that is checked, or where it redirects to, is used. */
static void judge_included_exp(struct review *review, const struct spf_tree_place *place)
{
	const struct spf_node *node = place->node;
	for (size_t i = 0; !place->own && i < node->count; i++) {
		const struct spf_tree_term *term = &node->terms[i];
		if (term->term != node->record->exp || !term->term->valid)
			continue;
		struct finding *finding =
			spf_tree_place_report(review->judge.findings, RULE_SPF_EXP_UNREACHABLE, place, term);
		finding->detail = DETAIL_EXP_INCLUDED;
		finding->is_harmless = true; /* it may serve mail of that domain itself */
	}
}

static void review_node(struct review *review, const struct spf_tree_place *place)
{
	add_visit(review, place->node->domain);
	adopt(review, place);
	for (size_t i = 0; i < place->node->count; i++)
		review_term(review, place, &place->node->terms[i]);
	judge_borrowed_all(review, place);
	judge_included_exp(review, place);
	if (!place->own || place->node->count == 0)
		return;
	struct spf_tree_judge *judge = &review->judge;
	review->explains_size =
		spf_tree_limits_ranges(judge->arena, place, judge->findings) || review->explains_size;
	spf_tree_limits_own_includes(judge->arena, review->tree, place, judge->psl, judge->findings);
	spf_tree_order_report(judge->arena, place, judge->findings);
}

static bool has_rule(const struct findings *findings, enum rule_id rule)
{
	for (size_t i = 0; i < findings->count; i++) {
		if (findings->items[i].rule == rule)
			return true;
	}
	return false;
}

void spf_tree_findings(struct view *view, struct arena *arena, const struct spf_tree *tree,
	const struct spf_sample *sample, const struct psl *psl, struct findings *findings)
{
	struct findings own;
	findings_init(&own, arena);
	struct review review = {.judge = {view, arena, psl, sample, &own}, .tree = tree};
	const struct spf_tree_place root = spf_tree_place_root(arena, tree->root);
	review_node(&review, &root);
	if (tree->root->record == NULL)
		judge_missing(&review, &root);
	spf_tree_limits(arena, tree, &root, &own);
	if (!review.explains_size && !has_rule(&own, RULE_SPF_INCLUDE_ALLOWS_ALL))
		spf_tree_limits_total(arena, tree, &root, &own);
	for (size_t i = 0; i < own.count; i++) {
		const struct findings one = {.items = &own.items[i], .count = 1};
		findings_adopt(findings, &one, &own.items[i].place);
	}
}
