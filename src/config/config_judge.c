/* config_judge: evaluates what an expectation is about, and compares; see config_judge.h.
 *
 *     spf       check_host() for one address (RFC 7208 4), a partition for a network
 *     dmarc     the tree walk (RFC 9989 4.10), with sp, np and t applied
 *     lookups, voids, default     the static tree (RFC 7208 4.6.4, 4.7)
 *     verdict   what `mailauth check` says, filtered
 */
#include "config/config_judge.h"

#include "base/ascii.h"
#include "spf/spf_check.h"
#include "spf/spf_partition.h"

#define MAX_LISTED 3 /* networks, terms or rules that a message names */

struct judge {
	const struct config_expectation *expectation;
	const struct config_judge_world *world;
	struct view *view;
	struct arena *arena;
	struct config_judgement *out;
};

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

/* --- outcomes ---------------------------------------------------------------------------------- */

/* "got none (p=none at _dmarc.example.com)"; `why` may be empty. */
static void differs(const struct judge *judge, const char *actual, struct slice why)
{
	judge->out->status = CONFIG_JUDGE_FAILED;
	judge->out->actual = slice_cstr(actual);
	judge->out->message =
		why.len == 0 ? arena_printf(judge->arena, "got %s", actual)
			     : arena_printf(judge->arena, "got %s (%.*s)", actual, (int)why.len, why.ptr);
}

static void holds(const struct judge *judge, const char *actual)
{
	judge->out->status = CONFIG_JUDGE_OK;
	judge->out->actual = slice_cstr(actual);
}

/* What could not be asked. */
static void is_hidden(const struct judge *judge)
{
	struct config_judgement *out = judge->out;
	struct slice list = SLICE("");
	out->status = CONFIG_JUDGE_UNKNOWN;
	out->hidden = view_failures(judge->view, &out->hidden_count);
	for (size_t i = 0; i < out->hidden_count && i < MAX_LISTED; i++) {
		const struct answer *answer = out->hidden[i];
		struct slice name = name_text(judge->arena, answer->question.name);
		struct slice type = rrtype_text(judge->arena, answer->question.type);
		list = arena_printf(judge->arena, "%.*s%s%.*s %.*s: %s", (int)list.len, list.ptr,
			i > 0 ? ", " : "", (int)name.len, name.ptr, (int)type.len, type.ptr,
			dns_failure_text(answer->failure));
	}
	if (out->hidden_count > MAX_LISTED)
		list = arena_printf(judge->arena, "%.*s, and %zu more", (int)list.len, list.ptr,
			out->hidden_count - MAX_LISTED);
	out->message = arena_printf(judge->arena, "not known for now (%.*s)", (int)list.len, list.ptr);
}

static struct slice text_of(const struct judge *judge, struct name name)
{
	return name_text(judge->arena, name);
}

/* --- spf --------------------------------------------------------------------------------------- */

/* The message that is meant: from postmaster at the domain unless a sender is given, with the sender's domain
 * as HELO name. "from <>" is the null sender of a host with the domain as its name (RFC 7208 2.4). */
static void identify(const struct judge *judge, struct spf_request *out)
{
	const struct config_expectation *expectation = judge->expectation;
	struct slice domain = text_of(judge, expectation->domain);
	struct slice sender = expectation->sender;
	*out = (struct spf_request){.ip = expectation->network.ip, .time = judge->world->time};
	if (sender.len == 0)
		sender = arena_concat(judge->arena, SLICE("postmaster@"), domain);
	if (!spf_request_identify(judge->arena, out, sender, slice_of(NULL, 0), domain))
		spf_request_identify(judge->arena, out, sender, domain, domain);
}

/* A failure of ptr is no temperror (RFC 7208 5.5), and still hides what is so. */
static bool trace_failed(const struct spf_verdict *verdict)
{
	for (size_t i = 0; i < verdict->trace_count; i++)
		for (const struct spf_trace_answer *a = verdict->trace[i]->answers; a != NULL; a = a->next)
			if (a->answer->kind == ANSWER_TEMPORARY)
				return true;
	return false;
}

static struct slice why_result(const struct judge *judge, const struct spf_verdict *verdict)
{
	if (verdict->reason.len > 0)
		return verdict->reason;
	struct slice domain = ascii_escape(judge->arena, verdict->domain);
	struct slice term = ascii_escape(judge->arena, verdict->mechanism_text);
	if (verdict->mechanism == NULL)
		return arena_printf(
			judge->arena, "nothing in the record of %.*s matches", (int)domain.len, domain.ptr);
	return arena_printf(judge->arena, "%.*s in the record of %.*s", (int)term.len, term.ptr,
		(int)domain.len, domain.ptr);
}

static enum eval_state judge_address(const struct judge *judge)
{
	enum spf_result expected = (enum spf_result)judge->expectation->value;
	struct spf_request request;
	struct spf_verdict verdict;
	identify(judge, &request);
	if (spf_check(&request, judge->view, judge->arena, &verdict) != EVAL_DONE)
		return EVAL_NEEDS_ANSWERS;
	if (verdict.result == expected && (expected == SPF_TEMPERROR || !trace_failed(&verdict)))
		holds(judge, spf_result_text(verdict.result));
	else if (verdict.result == SPF_TEMPERROR || trace_failed(&verdict))
		is_hidden(judge);
	else
		differs(judge, spf_result_text(verdict.result), why_result(judge, &verdict));
	return EVAL_DONE;
}

/* "pass, softfail": what the addresses of a network get, the expected result too. */
static const char *results_of(const struct judge *judge, const struct spf_partition *partition)
{
	const char *list = "";
	for (size_t i = 0; i < SPF_RESULTS; i++)
		if (spf_partition_has(partition, spf_partition_order(i)))
			list = arena_printf(judge->arena, "%s%s%s", list, *list ? ", " : "",
				spf_result_text(spf_partition_order(i)))
				       .ptr;
	if (spf_partition_has_unknown(partition))
		list = arena_printf(judge->arena, "%s%snot known", list, *list ? ", " : "").ptr;
	return list;
}

/* "192.0.2.0/25, 192.0.2.192/26 and 2 more networks" */
static struct slice networks_of(const struct judge *judge, struct ipset set)
{
	size_t count;
	struct slice list = SLICE("");
	const struct prefix *prefixes = ipset_prefixes(judge->arena, set, &count);
	for (size_t i = 0; i < count && i < MAX_LISTED; i++) {
		struct slice text = prefix_text(judge->arena, prefixes[i]);
		list = arena_printf(judge->arena, "%.*s%s%.*s", (int)list.len, list.ptr, i > 0 ? ", " : "",
			(int)text.len, text.ptr);
	}
	if (count > MAX_LISTED)
		list = arena_printf(judge->arena, "%.*s and %zu more networks", (int)list.len, list.ptr,
			count - MAX_LISTED);
	return list;
}

/* One result that is not the expected one, and who gets it. */
static struct slice why_partition(const struct judge *judge, const struct spf_partition *partition)
{
	const struct spf_tree_partition *family = &partition->families[judge->expectation->network.ip.family];
	for (size_t i = 0; i < SPF_RESULTS; i++) {
		enum spf_result result = spf_partition_order(i);
		if (result == SPF_TEMPERROR || result == judge->expectation->value ||
			ipset_is_empty(family->by_result[result]))
			continue;
		struct slice networks = networks_of(judge, family->by_result[result]);
		return arena_printf(judge->arena, "%s for %.*s", spf_result_text(result), (int)networks.len,
			networks.ptr);
	}
	struct slice networks = networks_of(judge, family->unknown);
	struct slice term = ascii_escape(
		judge->arena, partition->unresolved_count > 0 ? partition->unresolved[0] : SLICE("a macro"));
	return arena_printf(judge->arena, "it depends on the client's own names for %.*s, because of %.*s",
		(int)networks.len, networks.ptr, (int)term.len, term.ptr);
}

/* A network holds an expectation only when every address in it does. */
static enum eval_state judge_network(const struct judge *judge)
{
	enum spf_result expected = (enum spf_result)judge->expectation->value;
	struct spf_request message;
	struct spf_partition partition;
	identify(judge, &message);
	const struct spf_partition_request request = {.domain = message.domain,
		.sample = {.has_sender = true,
			.has_helo = true,
			.sender = message.sender,
			.helo = message.helo},
		.has_network = true,
		.network = judge->expectation->network};
	if (spf_partition(&request, judge->view, judge->arena, &partition) != EVAL_DONE)
		return EVAL_NEEDS_ANSWERS;
	bool others = spf_partition_has_unknown(&partition);
	for (size_t i = 0; i < SPF_RESULTS; i++)
		others = others || (i != SPF_TEMPERROR && i != expected &&
					   spf_partition_has(&partition, (enum spf_result)i));
	if (others)
		differs(judge, results_of(judge, &partition), why_partition(judge, &partition));
	else if (expected != SPF_TEMPERROR && spf_partition_has(&partition, SPF_TEMPERROR))
		is_hidden(judge);
	else
		holds(judge, spf_result_text(expected));
	return EVAL_DONE;
}

/* --- dmarc ------------------------------------------------------------------------------------- */

static const char *const tag_words[] = {
	[DMARC_SELECTED_P] = "p", [DMARC_SELECTED_SP] = "sp", [DMARC_SELECTED_NP] = "np"};

static struct slice why_absent(const struct judge *judge, const struct dmarc_discovery *discovery)
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

static struct slice why_policy(const struct judge *judge, const struct dmarc_discovery *discovery)
{
	struct slice name = text_of(judge, discovery->found->name);
	return arena_printf(judge->arena, "%s=%s%s at %.*s", tag_words[discovery->selected_tag],
		dmarc_policy_text(discovery->selected),
		discovery->found->record->testing ? ", lowered by t=y," : "", (int)name.len, name.ptr);
}

static enum eval_state judge_policy(const struct judge *judge)
{
	struct dmarc_discovery discovery;
	dmarc_discover(judge->view, judge->arena, judge->expectation->domain, &discovery);
	if (view_end_run(judge->view) != EVAL_DONE)
		return EVAL_NEEDS_ANSWERS;
	bool applies = discovery.found != NULL && discovery.policies.applies;
	unsigned actual = applies ? (unsigned)discovery.applied : CONFIG_NO_POLICY;
	if (discovery.temporary)
		is_hidden(judge);
	else if (actual == judge->expectation->value)
		holds(judge, policy_word(actual));
	else
		differs(judge, policy_word(actual),
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

static unsigned cost_of(const struct judge *judge, const struct spf_tree_term *term)
{
	return judge->expectation->subject == CONFIG_LOOKUPS ? term->lookups : term->void_lookups;
}

/* "include:_spf.example.net 5, mx 1": the terms of the domain's own record that count. */
static struct slice why_count(const struct judge *judge, const struct spf_node *root)
{
	struct slice list = SLICE("");
	size_t listed = 0;
	for (size_t i = 0; i < root->count; i++) {
		unsigned cost = cost_of(judge, &root->terms[i]);
		if (cost == 0)
			continue;
		if (listed++ == MAX_LISTED)
			return arena_printf(judge->arena, "%.*s, ...", (int)list.len, list.ptr);
		struct slice text = ascii_escape(judge->arena, root->terms[i].text);
		list = arena_printf(judge->arena, "%.*s%s%.*s %u", (int)list.len, list.ptr,
			listed > 1 ? ", " : "", (int)text.len, text.ptr, cost);
	}
	return list;
}

static void judge_count(const struct judge *judge, const struct spf_tree *tree)
{
	const struct config_expectation *expectation = judge->expectation;
	unsigned actual = expectation->subject == CONFIG_LOOKUPS ? tree->lookups : tree->void_lookups;
	const char *least = tree->temporary ? "at least " : "";
	const char *shown = arena_printf(judge->arena, "%s%u", least, actual).ptr;
	if (tree->temporary && !is_settled(expectation->relation, actual, expectation->value))
		is_hidden(judge);
	else if (relation_holds(expectation->relation, actual, expectation->value))
		holds(judge, shown);
	else
		differs(judge, shown, why_count(judge, tree->root));
}

static void judge_default(const struct judge *judge, const struct spf_tree *tree)
{
	const char *actual = spf_result_text(tree->default_result);
	if (!tree->default_known && tree->temporary)
		is_hidden(judge);
	else if (!tree->default_known)
		differs(judge, "not known", SLICE("the target of redirect depends on the message"));
	else if (tree->default_result == judge->expectation->value)
		holds(judge, actual);
	else
		differs(judge, actual, SLICE(""));
}

/* Without a record of its own a domain has no lookups to count: then nothing holds but "default none". */
static void judge_without_record(const struct judge *judge, const struct spf_selection *selection)
{
	enum spf_result actual = selection->selected == 0 ? SPF_NONE : SPF_PERMERROR;
	struct slice why = selection->selected == 0 ? SLICE("there is no SPF record")
						    : SLICE("there are several SPF records");
	if (selection->answer->kind == ANSWER_TEMPORARY)
		is_hidden(judge);
	else if (judge->expectation->subject == CONFIG_DEFAULT && judge->expectation->value == actual)
		holds(judge, spf_result_text(actual));
	else
		differs(judge, spf_result_text(actual), why);
}

static enum eval_state judge_tree(const struct judge *judge)
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
static struct slice why_verdict(const struct judge *judge, const struct findings *findings)
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
		if (listed++ == MAX_LISTED)
			return arena_printf(judge->arena, "%.*s, ...", (int)list.len, list.ptr);
		seen[finding->rule] = true;
		list = arena_printf(judge->arena, "%.*s%s%s", (int)list.len, list.ptr, listed > 1 ? ", " : "",
			rule_get(finding->rule)->id);
	}
	return list;
}

static enum eval_state judge_verdict(const struct judge *judge)
{
	const struct inspect_request request = {
		.domain = judge->expectation->domain, .psl = judge->world->psl};
	struct verdict verdict;
	if (inspect(&request, judge->view, judge->arena, &verdict) != EVAL_DONE)
		return EVAL_NEEDS_ANSWERS;
	filter_apply(judge->world->filter, &verdict);
	const char *actual = verdict_level_text(verdict.level);
	if (verdict.level == judge->expectation->value)
		holds(judge, actual);
	else if (verdict.level == VERDICT_UNKNOWN)
		is_hidden(judge);
	else
		differs(judge, actual, why_verdict(judge, &verdict.findings));
	return EVAL_DONE;
}

enum eval_state config_judge(const struct config_expectation *expectation,
	const struct config_judge_world *world, struct view *view, struct arena *scratch,
	struct config_judgement *out)
{
	const struct judge judge = {expectation, world, view, scratch, out};
	*out = (struct config_judgement){.status = CONFIG_JUDGE_OK};
	switch (expectation->subject) {
	case CONFIG_SPF:
		return expectation->network.length == ip_bits(expectation->network.ip.family)
			       ? judge_address(&judge)
			       : judge_network(&judge);
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
