/* write_spf: see write_spf.h and mailauth-json(5). */
#include "report/write_spf.h"

#include "report/json_finding.h"
#include "report/json_parts.h"
#include "report/text_evaluation.h"
#include "report/text_finding.h"
#include "report/text_spf.h"
#include "spf/spf_received.h"

/* --- JSON -------------------------------------------------------------------------------------- */

static void put_prefixes(struct json *json, const char *key, struct ipset set)
{
	size_t count;
	const struct prefix *prefixes = ipset_prefixes(json->arena, set, &count);
	json_key(json, key);
	json_array(json);
	for (size_t i = 0; i < count; i++)
		json_string(json, prefix_text(json->arena, prefixes[i]));
	json_end_array(json);
}

static void put_part(struct json *json, const char *result, struct ipset ipv4, struct ipset ipv6)
{
	if (ipset_is_empty(ipv4) && ipset_is_empty(ipv6))
		return;
	json_object(json);
	json_key(json, "result");
	json_text(json, result);
	put_prefixes(json, "ipv4", ipv4);
	put_prefixes(json, "ipv6", ipv6);
	json_end_object(json);
}

static void put_partition(struct json *json, const struct spf_partition *partition)
{
	json_key(json, "partition");
	if (partition == NULL) {
		json_null(json);
		return;
	}
	const struct spf_tree_partition *v4 = &partition->families[IP_V4], *v6 = &partition->families[IP_V6];
	json_array(json);
	for (size_t i = 0; i < SPF_RESULTS; i++) {
		enum spf_result result = spf_partition_order(i);
		put_part(json, spf_result_text(result), v4->by_result[result], v6->by_result[result]);
	}
	put_part(json, NULL, v4->unknown, v6->unknown);
	json_end_array(json);
}

static void put_unresolved(struct json *json, const struct spf_partition *partition)
{
	json_key(json, "unresolved_terms");
	json_array(json);
	for (size_t i = 0; partition != NULL && i < partition->unresolved_count; i++)
		json_bytes(json, partition->unresolved[i]);
	json_end_array(json);
}

static const char *result_of(const struct write_spf_report *report)
{
	if (report->verdict != NULL)
		return spf_result_text(report->verdict->result);
	return report->partition->is_single ? spf_result_text(report->partition->result) : NULL;
}

void write_spf_json(struct buf *out, struct arena *scratch, const struct write_spf_report *report)
{
	struct json json;
	json_init(&json, out, scratch, true, 0);
	json_object(&json);
	json_key(&json, "schema");
	json_text(&json, "mailauth/spf/1");
	json_key(&json, "result");
	json_text(&json, result_of(report));
	json_trace_input(&json, &report->input);
	json_trace_verdict(&json, report->request, report->verdict);
	put_partition(&json, report->partition);
	put_unresolved(&json, report->partition);
	json_key(&json, "incomplete");
	json_finding_incomplete(&json, report->incomplete, report->incomplete_count);
	json_parts_cost(&json, &report->cost);
	json_end_object(&json);
	buf_byte(out, '\n');
}

/* --- text: one address ------------------------------------------------------------------------- */

static void put_headline(const struct text *text, struct slice domain, enum spf_result result)
{
	text_styled(text, TEXT_STRONG, domain);
	buf_text(text->out, "  ");
	text_styled(text, text_trace_style(result), slice_cstr(spf_result_text(result)));
	text_newline(text);
}

static void put_fields(const struct text *text, const struct write_spf_report *report)
{
	struct slice margin = SLICE("    "), first = SLICE("  ");
	text_newline(text);
	text_line(text, TEXT_STRONG, SLICE(""), SLICE("Header fields of a receiver"));
	text_wrap(text, TEXT_PLAIN, first, margin,
		spf_received_field(text->arena, report->request, report->verdict));
	text_wrap(text, TEXT_PLAIN, first, margin,
		spf_received_authentication_results(text->arena, report->request, report->verdict));
}

static void put_evaluation(const struct text *text, const struct write_spf_report *report)
{
	const struct spf_verdict *verdict = report->verdict;
	put_headline(text, text_raw(text, report->request->domain), verdict->result);
	text_wrap(text, TEXT_PLAIN, SLICE("  "), SLICE("  "),
		text_evaluation_client(text, report->request, report->input.helo.ptr != NULL));
	text_newline(text);
	text_evaluation_verdict(text, verdict);
	if (verdict->trace_count > 0) {
		text_newline(text);
		text_line(text, TEXT_STRONG, SLICE(""), SLICE("What the receiver does"));
		text_trace(text, verdict, report->request->ip);
	}
	put_fields(text, report);
}

/* --- text: a partition ------------------------------------------------------------------------- */

#define MAX_LISTED 40 /* networks of one result, unless --verbose */

/* True when half of all addresses in one network are in the set: the networks around a few others. */
static bool is_rest(struct arena *arena, struct ipset set)
{
	size_t count;
	const struct prefix *prefixes = ipset_prefixes(arena, set, &count);
	for (size_t i = 0; i < count; i++)
		if (prefixes[i].length <= 1)
			return true;
	return false;
}

/* Two sets can have a half each; then none is the rest. */
static bool is_only_rest(const struct text *text, const struct spf_tree_partition *family, struct ipset set)
{
	size_t count = is_rest(text->arena, family->unknown);
	for (size_t i = 0; i < SPF_RESULTS; i++)
		count += is_rest(text->arena, family->by_result[i]);
	return count == 1 && is_rest(text->arena, set);
}

static void put_networks(const struct text *text, const struct spf_tree_partition *partition,
	struct ipset set, const char *family)
{
	size_t count;
	const struct prefix *prefixes = ipset_prefixes(text->arena, set, &count);
	struct slice margin = text_blanks(text, TEXT_BODY + 2);
	if (count == 0)
		return;
	struct slice addresses = ipset_count_text(text->arena, set);
	if (!text->options->verbose && !ipset_is_all(set) && is_only_rest(text, partition, set)) {
		text_line(text, TEXT_PLAIN, text_blanks(text, TEXT_BODY),
			arena_printf(text->arena, "all other %s addresses", family));
		return;
	}
	text_line(text, TEXT_PLAIN, text_blanks(text, TEXT_BODY),
		ipset_is_all(set)
			? arena_printf(text->arena, "all of %s", family)
			: arena_printf(text->arena, "%s, %.*s %s:", family, (int)addresses.len, addresses.ptr,
				  slice_equal(addresses, SLICE("1")) ? "address" : "addresses"));
	for (size_t i = 0; i < count && !ipset_is_all(set); i++) {
		if (i == MAX_LISTED && !text->options->verbose) {
			text_line(text, TEXT_FAINT, margin,
				arena_printf(text->arena, "[%zu more networks]", count - i));
			return;
		}
		text_line(text, TEXT_PLAIN, margin, prefix_text(text->arena, prefixes[i]));
	}
}

static void put_text_part(const struct text *text, enum text_style style, struct slice title,
	const struct spf_partition *partition, struct ipset ipv4, struct ipset ipv6)
{
	if (ipset_is_empty(ipv4) && ipset_is_empty(ipv6))
		return;
	text_newline(text);
	text_wrap(text, style, SLICE(""), SLICE("  "), title);
	put_networks(text, &partition->families[IP_V4], ipv4, "IPv4");
	put_networks(text, &partition->families[IP_V6], ipv6, "IPv6");
}

static void put_text_partition(const struct text *text, const struct write_spf_report *report)
{
	const struct spf_partition *partition = report->partition;
	const struct spf_tree_partition *v4 = &partition->families[IP_V4], *v6 = &partition->families[IP_V6];
	struct slice domain = text_raw(text, report->input.domain);
	struct slice scope =
		report->input.ip.ptr == NULL ? SLICE("all addresses") : text_raw(text, report->input.ip);
	text_styled(text, TEXT_STRONG, domain);
	buf_text(text->out, "  ");
	text_line(text, TEXT_PLAIN, SLICE(""),
		arena_printf(text->arena, "%.*s%s%s", (int)scope.len, scope.ptr,
			partition->is_single ? ": all " : ", by result",
			partition->is_single ? spf_result_text(partition->result) : ""));
	for (size_t i = 0; i < SPF_RESULTS; i++) {
		enum spf_result result = spf_partition_order(i);
		put_text_part(text, text_trace_style(result),
			arena_printf(
				text->arena, "%s: %s", spf_result_text(result), text_trace_meaning(result)),
			partition, v4->by_result[result], v6->by_result[result]);
	}
	put_text_part(text, TEXT_NOTE,
		SLICE("not known: it depends on the message or on the client's own names"), partition,
		v4->unknown, v6->unknown);
	for (size_t i = 0; spf_partition_has_unknown(partition) && i < partition->unresolved_count; i++)
		text_labelled(text, TEXT_NOTE, TEXT_BODY, i == 0 ? "because of" : "", TEXT_VALUE,
			text_raw(text, partition->unresolved[i]));
}

/* True when no address gets another result once DNS answers. */
static bool is_final(const struct write_spf_report *report)
{
	if (report->verdict != NULL)
		return report->verdict->result != SPF_TEMPERROR;
	return !spf_partition_has(report->partition, SPF_TEMPERROR) &&
	       !spf_partition_has_unknown(report->partition);
}

void write_spf_text(struct buf *out, struct arena *scratch, const struct writer_options *options,
	const struct write_spf_report *report)
{
	struct text text;
	text_init(&text, out, scratch, options);
	if (report->verdict != NULL)
		put_evaluation(&text, report);
	else
		put_text_partition(&text, report);
	text_finding_incomplete(&text, report->incomplete, report->incomplete_count, is_final(report));
	if (options->verbose)
		text_evaluation_cost(&text, &report->cost);
}
