/* config_judge_spf: see config_judge_spf.h. One address is a run of check_host() (RFC 7208 4); a network is
 * parted by result. */
#include "config/config_judge_spf.h"

#include "base/ascii.h"
#include "spf/spf_check.h"
#include "spf/spf_partition.h"

/* The message that is meant: from postmaster at the domain unless a sender is given, with the sender's domain
 * as HELO name. "from <>" is the null sender of a host with the domain as its name (RFC 7208 2.4). */
static void identify(const struct config_judge_work *judge, struct spf_request *out)
{
	const struct config_expectation *expectation = judge->expectation;
	struct slice domain = name_text(judge->arena, expectation->domain);
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

static struct slice why_result(const struct config_judge_work *judge, const struct spf_verdict *verdict)
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

static enum eval_state judge_address(const struct config_judge_work *judge)
{
	enum spf_result expected = (enum spf_result)judge->expectation->value;
	struct spf_request request;
	struct spf_verdict verdict;
	identify(judge, &request);
	if (spf_check(&request, judge->view, judge->arena, &verdict) != EVAL_DONE)
		return EVAL_NEEDS_ANSWERS;
	if (verdict.result == expected && (expected == SPF_TEMPERROR || !trace_failed(&verdict)))
		config_judge_outcome_holds(judge, spf_result_text(verdict.result));
	else if (verdict.result == SPF_TEMPERROR || trace_failed(&verdict))
		config_judge_outcome_hidden(judge);
	else
		config_judge_outcome_differs(
			judge, spf_result_text(verdict.result), why_result(judge, &verdict));
	return EVAL_DONE;
}

/* "192.0.2.0/25, 192.0.2.192/26 and 2 more networks" */
static struct slice networks_of(const struct config_judge_work *judge, struct ipset set)
{
	size_t count;
	struct slice list = SLICE("");
	const struct prefix *prefixes = ipset_prefixes(judge->arena, set, &count);
	for (size_t i = 0; i < count && i < CONFIG_JUDGE_OUTCOME_LISTED; i++) {
		struct slice text = prefix_text(judge->arena, prefixes[i]);
		list = arena_printf(judge->arena, "%.*s%s%.*s", (int)list.len, list.ptr, i > 0 ? ", " : "",
			(int)text.len, text.ptr);
	}
	if (count > CONFIG_JUDGE_OUTCOME_LISTED)
		list = arena_printf(judge->arena, "%.*s and %zu more networks", (int)list.len, list.ptr,
			count - CONFIG_JUDGE_OUTCOME_LISTED);
	return list;
}

/* One result that is not the expected one, and who gets it. */
static struct slice why_partition(
	const struct config_judge_work *judge, const struct spf_partition *partition)
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
static enum eval_state judge_network(const struct config_judge_work *judge)
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
		config_judge_outcome_differs(judge, spf_partition_words(judge->arena, &partition),
			why_partition(judge, &partition));
	else if (expected != SPF_TEMPERROR && spf_partition_has(&partition, SPF_TEMPERROR))
		config_judge_outcome_hidden(judge);
	else
		config_judge_outcome_holds(judge, spf_result_text(expected));
	return EVAL_DONE;
}

enum eval_state config_judge_spf(const struct config_judge_work *judge)
{
	const struct prefix *network = &judge->expectation->network;
	return network->length == ip_bits(network->ip.family) ? judge_address(judge) : judge_network(judge);
}
