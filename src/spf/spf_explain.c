/* spf_explain: see spf_explain.h. Which exp= counts, and whether it ever does:
 *
 *     v=spf1 mx ~all exp=why.example.com          nothing here gives fail: never shown
 *     v=spf1 -ip4:192.0.2.1 redirect=example.net exp=why.example.com
 *             shown to 192.0.2.1; after the redirect that of example.net counts
 */
#include "spf/spf_explain.h"

#include "spf/spf_explain_text.h"
#include "spf/spf_target.h"
#include "spf/spf_tree_count.h"
#include "spf/spf_tree_judge.h"
#include "spf/spf_tree_place.h"

/* Stand-ins for the example where no sample message is given: a message that fails. */
#define EXAMPLE_TIME 1767225600 /* 1 January 2026 */

struct explain {
	struct view *view;
	struct arena *arena;
	struct name inspected;
	const struct spf_tree *tree;
	const struct spf_sample *sample;
	struct findings *findings;
};

/* --- values for the example --------------------------------------------------------------- */

/* An address from the documentation networks that does not pass; the first of them when all do. */
static struct ip example_ip(const struct spf_tree *tree)
{
	static const struct ip addresses[] = {
		{IP_V4, {192, 0, 2, 1}}, {IP_V4, {198, 51, 100, 1}}, {IP_V4, {203, 0, 113, 1}}};
	for (size_t i = 0; i < sizeof addresses / sizeof *addresses; i++) {
		if (!ipset_contains(tree->ipv4, addresses[i]))
			return addresses[i];
	}
	return addresses[0];
}

/* The sample with stand-ins for what it does not say. */
static struct spf_sample example_message(const struct explain *explain)
{
	struct spf_sample message = {0};
	if (explain->sample != NULL)
		message = *explain->sample;
	if (!message.has_ip)
		message.ip = example_ip(explain->tree);
	message.ip = ip_unmapped(message.ip);
	if (!message.has_sender) {
		struct slice domain = name_text(explain->arena, explain->inspected);
		message.sender = arena_printf(explain->arena, "user@%.*s", (int)domain.len, domain.ptr);
	}
	if (!message.has_helo)
		message.helo = SLICE("mail.example.net");
	message.has_ip = message.has_sender = message.has_helo = true;
	return message;
}

static struct spf_target_request request_for(const struct explain *explain, const struct spf_sample *sample,
	struct name owner, enum ip_family family)
{
	return (struct spf_target_request){
		.inspected = explain->inspected, .sample = sample, .domain = owner, .family = family};
}

static bool example_text(const struct explain *explain, struct name owner, struct slice text,
	const struct finding_place *place, struct slice *example)
{
	static const int64_t time = EXAMPLE_TIME;
	const struct spf_sample message = example_message(explain);
	const struct spf_target_request request = request_for(explain, &message, owner, message.ip.family);
	struct macro_values values = spf_target_values(explain->arena, &request);
	values.validated = SLICE("unknown"); /* RFC 7208 7.3 */
	values.receiver = SLICE("mx.example.org");
	values.time = &time;
	return spf_explain_text(explain->arena, text, &values, place, explain->findings, example);
}

/* --- one exp= ----------------------------------------------------------------------------- */

static const struct spf_tree_term *exp_of(const struct spf_node *node)
{
	for (size_t i = 0; i < node->count; i++) {
		if (node->terms[i].term == node->record->exp && node->record->exp->valid)
			return &node->terms[i];
	}
	return NULL;
}

static enum detail missing_detail(const struct answer *answer)
{
	return answer->kind == ANSWER_NXDOMAIN && !answer->owner_exists ? DETAIL_SPF_NAME_MISSING
									: DETAIL_SPF_NAME_WITHOUT;
}

/* The single text record at the target; NULL without. RFC 7208 6.2: no record, or more than one, and there
 * is no explanation. */
static const struct record *fetch_text(const struct explain *explain, const struct spf_tree_place *owner,
	const struct spf_tree_term *exp, const struct spf_explanation *explanation)
{
	const struct answer *answer = explanation->answer;
	if (answer->kind == ANSWER_TEMPORARY || view_is_pending(answer))
		return NULL;
	if (answer->kind == ANSWER_RECORDS && answer->count == 1)
		return answer->records[0].malformed ? NULL : &answer->records[0];
	if (answer->count == 0 && spf_tree_judge_is_misread(owner->node, exp->term))
		return NULL;
	struct finding *finding = spf_tree_place_report(explain->findings,
		answer->count == 0 ? RULE_SPF_EXP_TARGET_NONE : RULE_SPF_EXP_TARGET_MANY, owner, exp);
	finding->args[0] = explanation->domain;
	if (answer->count == 0)
		finding->detail = missing_detail(answer);
	else
		finding->args[1] = arena_printf(explain->arena, "%zu", answer->count);
	return NULL;
}

/* Where the text stands: at the target, reached through the record that names it. */
static struct finding_place text_place(const struct explain *explain, const struct spf_tree_place *owner,
	const struct spf_tree_term *exp, struct name target, const struct record *record)
{
	size_t above = owner->place.path_count;
	struct slice *path = arena_alloc(explain->arena, (above + 1) * sizeof *path);
	memcpy(path, owner->place.path, above * sizeof *path);
	path[above] = spf_tree_place_step(explain->arena, exp, target);
	const struct finding_place place = {
		.name = name_text(explain->arena, target),
		.type = SLICE("TXT"),
		.path = path,
		.path_count = above + 1,
	};
	return spf_tree_place_record(place, record);
}

static void report_target(const struct explain *explain, const struct spf_tree_place *owner,
	const struct spf_tree_term *exp, const struct spf_target *target)
{
	bool is_known = target->kind == SPF_TARGET_BAD;
	struct finding *finding = spf_tree_place_report(explain->findings,
		is_known ? RULE_SPF_DOMAIN_INVALID : RULE_SPF_MACRO_UNRESOLVED, owner, exp);
	finding->args[0] = target->text;
	if (is_known) {
		finding->severity = SEVERITY_WARNING; /* RFC 7208 6.2: the result stays */
		finding->effects[RECEIVER_RFC7208] = EFFECT_SPF_EXPLANATION_DROPPED;
	}
}

/* %{v} in the target is that of the sample, or of IPv4. */
static struct spf_explanation inspect_exp(
	const struct explain *explain, const struct spf_tree_place *owner, const struct spf_tree_term *exp)
{
	bool can_be = spf_record_can_fail(owner->node->record);
	struct spf_explanation explanation = {.reachable = can_be && owner->node->record->valid};
	struct spf_sample sample = {0};
	if (explain->sample != NULL)
		sample = *explain->sample;
	sample.ip = ip_unmapped(sample.ip);
	const struct spf_target_request request =
		request_for(explain, &sample, owner->node->domain, sample.ip.family);
	struct spf_target target = spf_target_expand(explain->arena, &request, exp->term->domain_spec);
	explanation.domain = target.text;
	if (!can_be)
		spf_tree_place_report(explain->findings, RULE_SPF_EXP_UNREACHABLE, owner, exp)->detail =
			DETAIL_EXP_NO_FAIL;
	if (target.kind != SPF_TARGET_NAME) {
		report_target(explain, owner, exp, &target);
		return explanation;
	}
	explanation.resolved = true;
	explanation.answer = view_get(explain->view, target.name, RRTYPE_TXT);
	const struct record *record = fetch_text(explain, owner, exp, &explanation);
	if (record == NULL)
		return explanation;
	const struct finding_place place = text_place(explain, owner, exp, target.name, record);
	explanation.has_record = true;
	explanation.record = record->data.txt.joined;
	explanation.valid =
		example_text(explain, owner->node->domain, explanation.record, &place, &explanation.example);
	return explanation;
}

/* --- the one that counts ------------------------------------------------------------------ */

const struct spf_explanation *spf_explain_inspect(struct view *view, struct arena *arena, struct name domain,
	const struct spf_tree *tree, const struct spf_sample *sample, struct findings *findings)
{
	const struct explain explain = {
		.view = view,
		.arena = arena,
		.inspected = domain,
		.tree = tree,
		.sample = sample,
		.findings = findings,
	};
	struct spf_explanation *chosen = NULL;
	struct spf_tree_place owner = spf_tree_place_root(arena, tree->root);
	while (owner.node->count > 0) {
		const struct spf_tree_term *exp = exp_of(owner.node);
		if (exp != NULL) {
			struct spf_explanation found = inspect_exp(&explain, &owner, exp);
			/* The last one is that of most messages; one that is never used does not hide one
			 * that is. */
			if (chosen == NULL || found.reachable || !chosen->reachable) {
				chosen = arena_alloc(arena, sizeof *chosen);
				*chosen = found;
			}
		}
		const struct spf_tree_term *redirect = spf_tree_count_redirect(owner.node);
		if (redirect == NULL || redirect->tree == NULL)
			break;
		owner = spf_tree_place_below(arena, &owner, redirect, redirect->tree);
	}
	return chosen;
}
