/* config_judge: evaluates what an expectation is about, and compares; see config_judge.h.
 *
 *     spf       config_judge_spf.c
 *     dmarc     the tree walk (RFC 9989 4.10), with sp, np and t applied
 *     lookups, voids, default     the static tree (RFC 7208 4.6.4, 4.7)
 *     verdict   what `mailauth check` says, filtered
 */
#include "config/config_judge.h"

#include "base/ascii.h"
#include "config/config_judge_outcome.h"
#include "config/config_judge_spf.h"

/* --- words ------------------------------------------------------------------------------------- */

static const char *const subject_words[] = {
	[CONFIG_SPF] = "spf",
	[CONFIG_DMARC] = "dmarc",
	[CONFIG_LOOKUPS] = "lookups",
	[CONFIG_VOIDS] = "voids",
	[CONFIG_VERDICT] = "verdict",
	[CONFIG_DEFAULT] = "default",
};

static const char *const relation_words[] = {
	[CONFIG_EQUAL] = "=",
	[CONFIG_LESS] = "<",
	[CONFIG_AT_MOST] = "<=",
	[CONFIG_MORE] = ">",
	[CONFIG_AT_LEAST] = ">=",
};

const char *config_judge_subject(enum config_subject subject)
{
	return subject_words[subject];
}

static const char *policy_word(unsigned value)
{
	return value == CONFIG_NO_POLICY ? "absent" : dmarc_policy_text((enum dmarc_policy)value);
}

struct slice config_judge_expected(struct arena *arena, const struct config_expectation *expectation)
{
	switch (expectation->subject) {
	case CONFIG_SPF:
	case CONFIG_DEFAULT:
		return slice_cstr(spf_result_text((enum spf_result)expectation->value));
	case CONFIG_DMARC:
		return slice_cstr(policy_word(expectation->value));
	case CONFIG_VERDICT:
		return slice_cstr(verdict_level_text((enum verdict_level)expectation->value));
	case CONFIG_LOOKUPS:
	case CONFIG_VOIDS:
		break;
	}
	return arena_printf(
		arena, "%s %u", relation_words[expectation->relation], (unsigned)expectation->value);
}

static struct slice text_of(const struct config_judge_work *judge, struct name name)
{
	return name_text(judge->arena, name);
}

/* --- dmarc ------------------------------------------------------------------------------------- */

static const char *const tag_words[] = {
	[DMARC_SELECTED_P] = "p", [DMARC_SELECTED_SP] = "sp", [DMARC_SELECTED_NP] = "np"};

static struct slice why_absent(const struct config_judge_work *judge, const struct dmarc_discovery *discovery)
{
	struct slice list = SLICE("");
	if (discovery->found != NULL) {
		struct slice name = text_of(judge, discovery->found->name);
		return arena_printf(
			judge->arena, "the record at %.*s has no usable policy", (int)name.len, name.ptr);
	}
	for (size_t i = 0; i < discovery->walk.count; i++) {
		const struct dmarc_walk_step *step = &discovery->walk.steps[i];
		struct slice name = text_of(judge, step->name);
		if (step->outcome == DMARC_WALK_MULTIPLE)
			return arena_printf(judge->arena, "several records at %.*s", (int)name.len, name.ptr);
		list = arena_printf(judge->arena, "%.*s%s%.*s", (int)list.len, list.ptr, i > 0 ? ", " : "",
			(int)name.len, name.ptr);
	}
	return arena_printf(judge->arena, "no record at %.*s", (int)list.len, list.ptr);
}

static struct slice why_policy(const struct config_judge_work *judge, const struct dmarc_discovery *discovery)
{
	struct slice name = text_of(judge, discovery->found->name);
	return arena_printf(judge->arena, "%s=%s%s at %.*s", tag_words[discovery->selected_tag],
		dmarc_policy_text(discovery->selected),
		discovery->found->record->testing ? ", lowered by t=y," : "", (int)name.len, name.ptr);
}

static enum eval_state judge_policy(const struct config_judge_work *judge)
{
	struct dmarc_discovery discovery;
	dmarc_discover(judge->view, judge->arena, judge->expectation->domain, &discovery);
	if (view_end_run(judge->view) != EVAL_DONE)
		return EVAL_NEEDS_ANSWERS;
	bool applies = discovery.found != NULL && discovery.policies.applies;
	unsigned actual = applies ? (unsigned)discovery.applied : CONFIG_NO_POLICY;
	if (discovery.temporary)
		config_judge_outcome_hidden(judge);
	else if (actual == judge->expectation->value)
		config_judge_outcome_holds(judge, policy_word(actual));
	else
		config_judge_outcome_differs(judge, policy_word(actual),
			applies ? why_policy(judge, &discovery) : why_absent(judge, &discovery));
	return EVAL_DONE;
}

/* --- lookups, voids, default ------------------------------------------------------------------- */

static bool relation_holds(enum config_relation relation, unsigned actual, unsigned expected)
{
	switch (relation) {
	case CONFIG_EQUAL:
		return actual == expected;
	case CONFIG_LESS:
		return actual < expected;
	case CONFIG_AT_MOST:
		return actual <= expected;
	case CONFIG_MORE:
		return actual > expected;
	case CONFIG_AT_LEAST:
		break;
	}
	return actual >= expected;
}

/* `least`: what was counted while something was missing. True when more cannot change the outcome. */
static bool is_settled(enum config_relation relation, unsigned least, unsigned expected)
{
	switch (relation) {
	case CONFIG_EQUAL:
	case CONFIG_AT_MOST:
		return least > expected;
	case CONFIG_LESS:
		return least >= expected;
	case CONFIG_MORE:
		return least > expected;
	case CONFIG_AT_LEAST:
		break;
	}
	return least >= expected;
}

static unsigned cost_of(const struct config_judge_work *judge, const struct spf_tree_term *term)
{
	return judge->expectation->subject == CONFIG_LOOKUPS ? term->lookups : term->void_lookups;
}

/* "include:_spf.example.net 5, mx 1": the terms of the domain's own record that count. */
static struct slice why_count(const struct config_judge_work *judge, const struct spf_node *root)
{
	struct slice list = SLICE("");
	size_t listed = 0;
	for (size_t i = 0; i < root->count; i++) {
		unsigned cost = cost_of(judge, &root->terms[i]);
		if (cost == 0)
			continue;
		if (listed++ == CONFIG_JUDGE_OUTCOME_LISTED)
			return arena_printf(judge->arena, "%.*s, ...", (int)list.len, list.ptr);
		struct slice text = ascii_escape(judge->arena, root->terms[i].text);
		list = arena_printf(judge->arena, "%.*s%s%.*s %u", (int)list.len, list.ptr,
			listed > 1 ? ", " : "", (int)text.len, text.ptr, cost);
	}
	return list;
}

static void judge_count(const struct config_judge_work *judge, const struct spf_tree *tree)
{
	const struct config_expectation *expectation = judge->expectation;
	unsigned actual = expectation->subject == CONFIG_LOOKUPS ? tree->lookups : tree->void_lookups;
	const char *least = tree->temporary ? "at least " : "";
	const char *shown = arena_printf(judge->arena, "%s%u", least, actual).ptr;
	if (tree->temporary && !is_settled(expectation->relation, actual, expectation->value))
		config_judge_outcome_hidden(judge);
	else if (relation_holds(expectation->relation, actual, expectation->value))
		config_judge_outcome_holds(judge, shown);
	else
		config_judge_outcome_differs(judge, shown, why_count(judge, tree->root));
}

/* What is hidden may be an error, which such an address would meet; one that is known stays one. */
static void judge_default(const struct config_judge_work *judge, const struct spf_tree *tree)
{
	const char *actual = spf_result_text(tree->default_result);
	if (tree->temporary && !(tree->default_known && tree->default_result == SPF_PERMERROR))
		config_judge_outcome_hidden(judge);
	else if (!tree->default_known)
		config_judge_outcome_differs(
			judge, "not known", SLICE("the target of redirect depends on the message"));
	else if (tree->default_result == judge->expectation->value)
		config_judge_outcome_holds(judge, actual);
	else
		config_judge_outcome_differs(judge, actual, SLICE(""));
}

/* Without a record of its own a domain has no lookups to count: then nothing holds but "default none". */
static void judge_without_record(const struct config_judge_work *judge, const struct spf_selection *selection)
{
	enum spf_result actual = selection->selected == 0 ? SPF_NONE : SPF_PERMERROR;
	struct slice why = selection->selected == 0 ? SLICE("there is no SPF record")
						    : SLICE("there are several SPF records");
	if (selection->answer->kind == ANSWER_TEMPORARY)
		config_judge_outcome_hidden(judge);
	else if (judge->expectation->subject == CONFIG_DEFAULT && judge->expectation->value == actual)
		config_judge_outcome_holds(judge, spf_result_text(actual));
	else
		config_judge_outcome_differs(judge, spf_result_text(actual), why);
}

static enum eval_state judge_tree(const struct config_judge_work *judge)
{
	const struct spf_tree *tree =
		spf_tree_walk(judge->view, judge->arena, judge->expectation->domain, NULL, NULL, NULL);
	if (view_end_run(judge->view) != EVAL_DONE)
		return EVAL_NEEDS_ANSWERS;
	if (tree->root->selection->selected != 1)
		judge_without_record(judge, tree->root->selection);
	else if (judge->expectation->subject == CONFIG_DEFAULT)
		judge_default(judge, tree);
	else
		judge_count(judge, tree);
	return EVAL_DONE;
}

/* --- verdict ----------------------------------------------------------------------------------- */

/* The rules of the worst findings, which come first, each once. */
static struct slice why_verdict(const struct config_judge_work *judge, const struct findings *findings)
{
	struct slice list = SLICE("");
	bool seen[RULE_COUNT] = {false};
	size_t listed = 0;
	for (size_t i = 0; i < findings->count; i++) {
		const struct finding *finding = &findings->items[i];
		if (finding->severity < findings->items[0].severity)
			break;
		if (seen[finding->rule])
			continue;
		if (listed++ == CONFIG_JUDGE_OUTCOME_LISTED)
			return arena_printf(judge->arena, "%.*s, ...", (int)list.len, list.ptr);
		seen[finding->rule] = true;
		list = arena_printf(judge->arena, "%.*s%s%s", (int)list.len, list.ptr, listed > 1 ? ", " : "",
			rule_get(finding->rule)->id);
	}
	return list;
}

static enum eval_state judge_verdict(const struct config_judge_work *judge)
{
	const struct inspect_request request = {
		.domain = judge->expectation->domain, .psl = judge->world->psl};
	struct verdict verdict;
	if (inspect(&request, judge->view, judge->arena, &verdict) != EVAL_DONE)
		return EVAL_NEEDS_ANSWERS;
	filter_apply(judge->world->filter, &verdict);
	const char *actual = verdict_level_text(verdict.level);
	if (verdict.level == judge->expectation->value)
		config_judge_outcome_holds(judge, actual);
	else if (verdict.level == VERDICT_UNKNOWN)
		config_judge_outcome_hidden(judge);
	else
		config_judge_outcome_differs(judge, actual, why_verdict(judge, &verdict.findings));
	return EVAL_DONE;
}

enum eval_state config_judge(const struct config_expectation *expectation,
	const struct config_judge_world *world, struct view *view, struct arena *scratch,
	struct config_judgement *out)
{
	const struct config_judge_work judge = {expectation, world, view, scratch, out};
	*out = (struct config_judgement){.status = CONFIG_JUDGE_OK};
	switch (expectation->subject) {
	case CONFIG_SPF:
		return config_judge_spf(&judge);
	case CONFIG_DMARC:
		return judge_policy(&judge);
	case CONFIG_VERDICT:
		return judge_verdict(&judge);
	case CONFIG_LOOKUPS:
	case CONFIG_VOIDS:
	case CONFIG_DEFAULT:
		break;
	}
	return judge_tree(&judge);
}
