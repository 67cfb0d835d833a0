/* write_diff_json: a comparison as JSON (mailauth/diff/1): one object for the run, or one a domain
 * (mailauth-json(5)).
 *
 *     {"schema": ..., "before": ..., "after": ..., "domains": [{"domain": ...}, ...]}       json
 *     {"schema": ..., "domain": ...}                                                        jsonl
 */
#include "report/json_finding.h"
#include "report/json_parts.h"
#include "report/write_diff_formats.h"
#include "spf/spf_partition.h"

static const char schema[] = "mailauth/diff/1";

/* --- networks ------------------------------------------------------------------------------------- */

static void put_prefixes(struct json *json, const char *key, const struct ipset sets[SPF_FAMILIES])
{
	json_key(json, key);
	json_array(json);
	for (size_t f = 0; f < SPF_FAMILIES; f++) {
		struct arena_mark mark = arena_mark(json->arena);
		size_t count;
		const struct prefix *prefixes = ipset_prefixes(json->arena, sets[f], &count);
		for (size_t i = 0; i < count; i++)
			json_string(json, prefix_text(json->arena, prefixes[i]));
		arena_rewind(json->arena, mark);
	}
	json_end_array(json);
}

static void put_count(struct json *json, const char *key, struct ipset set)
{
	json_key(json, key);
	if (set.family == IP_V4)
		json_number(json, ipset_count_v4(set));
	else
		json_string(json, ipset_count_text(json->arena, set));
}

static void put_counts(
	struct json *json, const char *key, const struct diff_networks *networks, enum ip_family family)
{
	json_key(json, key);
	json_object(json);
	put_count(json, "gained", networks->gained[family]);
	put_count(json, "lost", networks->lost[family]);
	json_end_object(json);
}

static void put_result(struct json *json, const char *key, const struct diff_networks *networks)
{
	json_key(json, key);
	json_object(json);
	put_prefixes(json, "gained", networks->gained);
	put_prefixes(json, "lost", networks->lost);
	put_counts(json, "ipv4_addresses", networks, IP_V4);
	put_counts(json, "ipv6_addresses", networks, IP_V6);
	json_end_object(json);
}

static void put_networks(struct json *json, const struct diff *diff)
{
	json_key(json, "networks");
	if (!diff->spf_known) {
		json_null(json);
		return;
	}
	json_object(json);
	for (size_t i = 0; i < SPF_RESULTS; i++) {
		enum spf_result result = spf_partition_order(i);
		put_result(json, spf_result_text(result), &diff->networks[result]);
	}
	put_result(json, "unresolved", &diff->unresolved);
	json_end_object(json);
}

/* --- policies ------------------------------------------------------------------------------------- */

static void put_policy(struct json *json, const char *key, const struct diff_policy *policy)
{
	json_key(json, key);
	if (!policy->known)
		json_null(json);
	else
		json_text(json, policy->applies ? dmarc_policy_text(policy->policy) : "absent");
}

static void put_pct(struct json *json, const char *key, const struct diff_policy *policy)
{
	json_key(json, key);
	if (policy->known && policy->applies)
		json_number(json, policy->pct);
	else
		json_null(json);
}

static void put_level(struct json *json, const struct diff *diff, size_t reading, size_t level)
{
	static const char *const directions[] = {
		[DIFF_SAME] = "same", [DIFF_STRONGER] = "stronger", [DIFF_WEAKER] = "weaker"};
	const struct diff_policy *before = &diff->before->policies[reading][level];
	const struct diff_policy *after = &diff->after->policies[reading][level];
	json_object(json);
	put_policy(json, "before", before);
	put_policy(json, "after", after);
	json_key(json, "direction");
	json_text(json, before->known && after->known ? directions[diff->policies[reading][level]] : NULL);
	put_pct(json, "before_pct", before);
	put_pct(json, "after_pct", after);
	json_end_object(json);
}

static void put_policies(struct json *json, const struct diff *diff)
{
	static const char *const readings[DIFF_READINGS] = {
		[DIFF_RFC9989] = "rfc9989", [DIFF_RFC7489] = "rfc7489"};
	static const char *const levels[DIFF_LEVELS] = {
		[DIFF_OWN] = "own", [DIFF_SUBDOMAIN] = "subdomain", [DIFF_NONEXISTENT] = "nonexistent"};
	json_key(json, "policy");
	json_object(json);
	for (size_t r = 0; r < DIFF_READINGS; r++) {
		json_key(json, readings[r]);
		json_object(json);
		for (size_t l = 0; l < DIFF_LEVELS; l++) {
			json_key(json, levels[l]);
			put_level(json, diff, r, l);
		}
		json_end_object(json);
	}
	json_end_object(json);
}

/* --- lists, numbers, texts ------------------------------------------------------------------------- */

static void put_slices(struct json *json, const char *key, const struct slice *items, size_t count)
{
	json_key(json, key);
	json_array(json);
	for (size_t i = 0; i < count; i++)
		json_bytes(json, items[i]);
	json_end_array(json);
}

static void put_list(struct json *json, const char *key, const struct diff_list *list)
{
	json_key(json, key);
	json_object(json);
	put_slices(json, "gained", list->gained, list->gained_count);
	put_slices(json, "lost", list->lost, list->lost_count);
	json_end_object(json);
}

static void put_reports(struct json *json, const struct diff *diff)
{
	json_key(json, "reports");
	if (!diff->reports_known) {
		json_null(json);
		return;
	}
	json_object(json);
	put_list(json, "rua", &diff->rua);
	put_list(json, "ruf", &diff->ruf);
	json_end_object(json);
}

static void put_number(struct json *json, const char *key, bool known, unsigned number)
{
	json_key(json, key);
	if (known)
		json_number(json, number);
	else
		json_null(json);
}

static void put_lookups(struct json *json, const struct diff *diff)
{
	json_key(json, "lookups");
	json_object(json);
	put_number(json, "before", diff->before->spf_known, diff->before->lookups);
	put_number(json, "after", diff->after->spf_known, diff->after->lookups);
	json_end_object(json);
}

static void put_voids(struct json *json, const struct diff *diff)
{
	json_key(json, "void_lookups");
	json_object(json);
	put_number(json, "before", diff->before->spf_known, diff->before->void_lookups);
	put_number(json, "after", diff->after->spf_known, diff->after->void_lookups);
	json_end_object(json);
}

static void put_explanation(struct json *json, const struct diff *diff)
{
	json_key(json, "explanation");
	json_object(json);
	json_key(json, "before");
	json_bytes_or_null(json, diff->before->explanation);
	json_key(json, "after");
	json_bytes_or_null(json, diff->after->explanation);
	json_end_object(json);
}

static void put_may_pass(struct json *json, const struct diff *diff)
{
	struct diff_networks networks;
	memcpy(networks.gained, diff->may_pass, sizeof networks.gained);
	memcpy(networks.lost, diff->may_fail, sizeof networks.lost);
	if (diff->spf_known) {
		put_result(json, "may_pass", &networks);
		return;
	}
	json_key(json, "may_pass");
	json_null(json);
}

static void put_alignment(struct json *json, const char *key, const struct diff_alignment *alignment)
{
	static const char *const words[] = {"relaxed", "strict"};
	json_key(json, key);
	json_object(json);
	json_key(json, "dkim");
	json_text(json, alignment->known ? words[alignment->strict_dkim] : NULL);
	json_key(json, "spf");
	json_text(json, alignment->known ? words[alignment->strict_spf] : NULL);
	json_key(json, "organizational_domain");
	if (alignment->organization_known)
		json_parts_name(json, alignment->organization);
	else
		json_null(json);
	json_end_object(json);
}

static void put_alignments(struct json *json, const struct diff *diff)
{
	json_key(json, "alignment");
	json_object(json);
	put_alignment(json, "before", &diff->before->alignment);
	put_alignment(json, "after", &diff->after->alignment);
	json_end_object(json);
}

static void put_statuses(
	struct json *json, const char *key, enum section_status before, enum section_status after)
{
	json_key(json, key);
	json_object(json);
	json_key(json, "before");
	json_text(json, section_status_text(before));
	json_key(json, "after");
	json_text(json, section_status_text(after));
	json_end_object(json);
}

/* --- findings -------------------------------------------------------------------------------------- */

static size_t put_findings(struct json *json, const struct diff *diff)
{
	size_t omitted = 0;
	json_key(json, "findings");
	json_object(json);
	json_key(json, "new");
	omitted += json_finding_list(json, &diff->new_findings);
	json_key(json, "fixed");
	omitted += json_finding_list(json, &diff->fixed_findings);
	json_key(json, "unchanged");
	omitted += json_finding_list(json, &diff->unchanged_findings);
	json_end_object(json);
	return omitted;
}

static void put_failures(struct json *json, const char *name, const struct diff_side *side)
{
	for (size_t i = 0; i < side->incomplete_count; i++) {
		json_object(json);
		json_finding_failure(json, side->incomplete[i]);
		json_key(json, "side");
		json_text(json, name);
		json_end_object(json);
	}
}

static void put_incomplete(struct json *json, const struct diff *diff)
{
	json_key(json, "incomplete");
	json_array(json);
	put_failures(json, "before", diff->before);
	put_failures(json, "after", diff->after);
	json_end_array(json);
}

static void put_denied(struct json *json, const struct diff *diff)
{
	json_key(json, "denied");
	json_array(json);
	for (unsigned bit = DIFF_DENY_WIDEN; bit <= DIFF_DENY_NEW_WARNINGS; bit *= 2)
		if ((diff->denied & bit) != 0)
			json_text(json, write_diff_denial_text((enum diff_denial)bit));
	json_end_array(json);
}

/* --- a domain --------------------------------------------------------------------------------------- */

static void put_domain(struct json *json, const struct diff *diff)
{
	json_key(json, "domain");
	json_string(json, name_text(json->arena, diff->domain));
	json_key(json, "changed");
	json_bool(json, diff->changed);
	put_networks(json, diff);
	put_policies(json, diff);
	put_lookups(json, diff);
	put_reports(json, diff);
	size_t omitted = put_findings(json, diff);
	put_incomplete(json, diff);
	json_key(json, "effect_on_mail");
	json_bool(json, diff->on_mail);
	put_statuses(json, "spf", diff->before->spf_status, diff->after->spf_status);
	put_statuses(json, "dmarc", diff->before->dmarc_status, diff->after->dmarc_status);
	put_voids(json, diff);
	put_list(json, "unresolved_terms", &diff->unresolved_terms);
	put_may_pass(json, diff);
	put_explanation(json, diff);
	put_alignments(json, diff);
	json_key(json, "changes");
	omitted += json_finding_list(json, &diff->changes);
	put_denied(json, diff);
	json_key(json, "findings_omitted");
	json_number(json, omitted);
	json_key(json, "findings_uncertain");
	json_number(json, diff->uncertain_findings);
}

static bool is_left_out(const struct write_diff_run *run, const struct diff *diff)
{
	return run->options->quiet && !diff->changed && diff->denied == 0 && !diff_is_incomplete(diff);
}

static void write_line(struct write_diff_run *run, struct arena *scratch, const struct diff *diff)
{
	struct json json;
	if (is_left_out(run, diff))
		return;
	json_init(&json, run->out, scratch, false, 0);
	json_object(&json);
	json_key(&json, "schema");
	json_text(&json, schema);
	put_domain(&json, diff);
	json_end_object(&json);
	buf_byte(run->out, '\n');
}

/* The object of the run is open while domains are written; its end is written by hand. */
static void write_domain(struct write_diff_run *run, struct arena *scratch, const struct diff *diff)
{
	struct json json;
	if (is_left_out(run, diff))
		return;
	if (run->written++ > 0)
		buf_byte(run->out, ',');
	json_init(&json, run->out, scratch, true, 2);
	json_object(&json);
	put_domain(&json, diff);
	json_end_object(&json);
}

static void write_begin(struct write_diff_run *run, struct arena *scratch)
{
	struct json json;
	json_init(&json, run->out, scratch, true, 0);
	json_object(&json);
	json_key(&json, "schema");
	json_text(&json, schema);
	json_key(&json, "before");
	json_bytes(&json, run->before);
	json_key(&json, "after");
	json_bytes(&json, run->after);
	json_key(&json, "domains");
	json_array(&json);
}

static void write_end(struct write_diff_run *run, struct arena *scratch)
{
	(void)scratch;
	buf_text(run->out, run->written > 0 ? "\n  ]\n}\n" : "]\n}\n");
}

const struct write_diff write_diff_json_format = {"json", write_begin, write_domain, write_end, NULL};
const struct write_diff write_diff_json_lines_format = {"jsonl", NULL, write_line, NULL, NULL};
