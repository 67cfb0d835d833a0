/* spf_policy: see spf_policy.h. Terms that are not valid are left out: they have findings of their own. */
#include "spf/spf_policy.h"

#include "base/ascii.h"
#include "base/ipset.h"

#define SPF_VERSION_LEN 6 /* "v=spf1" */

static bool is_directive(const struct spf_term *term)
{
	return term->valid && !term->is_modifier && term->kind != SPF_UNKNOWN;
}

/* --- all --------------------------------------------------------------------------------------------- */

/* True when a term before `all` takes some hosts out. Then "+all" need not be permissive: RFC 7208 A.4
 * builds conjunctions so. */
static bool excludes_before_all(const struct spf_record *record)
{
	for (const struct spf_term *term = record->terms; term < record->all; term++)
		if (is_directive(term) && term->qualifier != SPF_QUALIFIER_PASS)
			return true;
	return false;
}

static void report_all(struct spf_reading *reading, const struct spf_record *record)
{
	static const enum rule_id rules[] = {
		[SPF_QUALIFIER_PASS] = RULE_SPF_ALL_PASS,
		[SPF_QUALIFIER_FAIL] = RULE_COUNT,
		[SPF_QUALIFIER_SOFTFAIL] = RULE_SPF_ALL_SOFTFAIL,
		[SPF_QUALIFIER_NEUTRAL] = RULE_SPF_ALL_NEUTRAL,
	};
	const struct spf_term *all = record->all;
	enum rule_id rule = rules[all->qualifier];
	if (rule == RULE_COUNT || (rule == RULE_SPF_ALL_PASS && excludes_before_all(record)))
		return;
	struct finding *finding = spf_reading_report(reading, rule, DETAIL_NONE, all->span);
	if (rule == RULE_SPF_ALL_PASS)
		spf_reading_fix(reading, finding, all->span, SLICE("-all"), false);
}

static void report_missing_all(struct spf_reading *reading)
{
	struct finding *finding = findings_add(reading->findings, RULE_SPF_ALL_MISSING);
	struct slice text = reading->text;
	while (text.len > 0 && text.ptr[text.len - 1] == ' ')
		text.len--;
	struct span end = span_of(text.len, reading->text.len - text.len);
	spf_reading_fix(reading, finding, end, SLICE(" ~all"), false);
}

/* Directives behind `all` are never reached, but must parse. RFC 7208 5.1 */
static void report_behind_all(struct spf_reading *reading, const struct spf_record *record)
{
	bool said_dead = false, said_twice = false;
	const struct spf_term *end = record->terms + record->count;
	for (const struct spf_term *term = record->all + 1; term < end; term++) {
		bool is_all = term->kind == SPF_ALL;
		bool *said = is_all ? &said_twice : &said_dead;
		if (!is_directive(term) || *said)
			continue;
		*said = true;
		enum rule_id rule = is_all ? RULE_SPF_ALL_TWICE : RULE_SPF_ALL_NOT_LAST;
		struct finding *finding = spf_reading_report(reading, rule, DETAIL_NONE, term->span);
		finding->args[1] = slice_at(reading->text, record->all->span);
		if (is_all)
			spf_reading_fix(reading, finding, span_of(term->span.offset - 1, term->span.len + 1),
				SLICE(""), true);
	}
}

static void report_ignored_redirect(struct spf_reading *reading, const struct spf_record *record)
{
	struct span span = record->redirect->span;
	struct finding *finding = spf_reading_report(reading, RULE_SPF_REDIRECT_IGNORED, DETAIL_NONE, span);
	finding->args[1] = slice_at(reading->text, record->all->span);
	struct span gone = span_of(span.offset - 1, span.len + 1);
	if (!record->redirect->valid || record->all->qualifier == SPF_QUALIFIER_PASS) {
		spf_reading_fix(reading, finding, gone, SLICE(""), false);
		return;
	}
	/* The hosts of the other record were meant to pass: an include before all lets them. */
	struct slice target = slice_at(reading->text, record->redirect->value);
	struct slice include = arena_printf(reading->arena, "include:%.*s", (int)target.len, target.ptr);
	if (record->redirect < record->all) {
		spf_reading_fix(reading, finding, span, include, false);
		return;
	}
	const struct fix_edit edits[] = {
		{span_of(record->all->span.offset - 1, 0),
			arena_printf(reading->arena, " %.*s", (int)include.len, include.ptr)},
		{gone, SLICE("")}};
	spf_reading_fix_edits(reading, finding, edits, 2, false);
}

/* --- networks ---------------------------------------------------------------------------------------- */

/* Reports terms that let all hosts of a family pass by themselves: ip4:0.0.0.0/0, a/0, mx//0. */
static bool report_whole_family(struct spf_reading *reading, const struct spf_term *term)
{
	bool is_host = term->kind == SPF_A || term->kind == SPF_MX;
	bool whole = (spf_kind_is_network(term->kind) && term->network.length == 0) ||
		     (is_host && (term->ip4_length == 0 || term->ip6_length == 0));
	if (!whole)
		return false;
	struct finding *finding = spf_reading_report(reading, RULE_SPF_RANGE_ALL,
		is_host ? DETAIL_RANGE_ONE_ADDRESS : DETAIL_RANGE_ONE_TERM, term->span);
	bool v4 = term->kind == SPF_IP4 || (is_host && term->ip4_length == 0);
	bool v6 = term->kind == SPF_IP6 || (is_host && term->ip6_length == 0);
	finding->args[1] = v4 && v6 ? SLICE("IPv4 and IPv6") : v4 ? SLICE("IPv4") : SLICE("IPv6");
	return true;
}

/* A share of the address space in units of 2^-60, rounded down to nothing for longer prefixes. */
static uint64_t share(unsigned char length)
{
	return length > 60 ? 0 : (uint64_t)1 << (60 - length);
}

/* True when the networks of `kind` before `end` that pass make up the whole family; *first and *last are
 * those terms. */
static bool terms_make_all(struct arena *arena, const struct spf_record *record, const struct spf_term *end,
	enum spf_kind kind, const struct spf_term **first, const struct spf_term **last)
{
	struct prefix *networks = arena_alloc(arena, (record->count + 1) * sizeof *networks);
	uint64_t sum = 0;
	size_t count = 0;
	*first = NULL;
	for (const struct spf_term *term = record->terms; term < end; term++) {
		if (!term->valid || term->kind != kind || term->qualifier != SPF_QUALIFIER_PASS)
			continue;
		networks[count++] = term->network;
		sum += sum > share(0) ? 0 : share(term->network.length);
		*first = *first == NULL ? term : *first;
		*last = term;
	}
	/* Cheap first: what does not add up to the whole cannot be the whole. */
	enum ip_family family = kind == SPF_IP4 ? IP_V4 : IP_V6;
	return count > 1 && sum >= share(0) && ipset_is_all(ipset_of(arena, family, networks, count));
}

static void report_networks(struct spf_reading *reading, const struct spf_record *record)
{
	const struct spf_term *end = record->all != NULL ? record->all : record->terms + record->count;
	bool whole[2] = {false, false};
	for (const struct spf_term *term = record->terms; term < end; term++)
		if (is_directive(term) && term->qualifier == SPF_QUALIFIER_PASS &&
			report_whole_family(reading, term))
			whole[term->kind == SPF_IP6] = true;
	for (int i = 0; i < 2; i++) {
		const struct spf_term *first, *last = NULL;
		enum spf_kind kind = i == 0 ? SPF_IP4 : SPF_IP6;
		if (whole[i] || !terms_make_all(reading->arena, record, end, kind, &first, &last))
			continue;
		struct span span = span_of(first->span.offset, span_end(last->span) - first->span.offset);
		struct finding *finding =
			spf_reading_report(reading, RULE_SPF_RANGE_ALL, DETAIL_RANGE_TOGETHER, span);
		finding->args[1] = kind == SPF_IP4 ? SLICE("IPv4") : SLICE("IPv6");
	}
}

/* --- spelling ---------------------------------------------------------------------------------------- */

static bool has_upper(struct slice text)
{
	for (size_t i = 0; i < text.len; i++)
		if (ascii_is_upper(text.ptr[i]))
			return true;
	return false;
}

static struct slice lower(struct arena *arena, struct slice text)
{
	char *out = arena_alloc(arena, text.len + 1);
	for (size_t i = 0; i < text.len; i++)
		out[i] = ascii_lower(text.ptr[i]);
	return slice_of(out, text.len);
}

/* Names of mechanisms and modifiers, and the version, in capitals: one finding for the record, about the
 * first. */
static void report_upper(struct spf_reading *reading, const struct spf_record *record)
{
	struct fix_edit *edits = NULL;
	size_t count = 0, capacity = 0;
	for (size_t i = 0; i <= record->count; i++) {
		const struct spf_term *term = i == 0 ? NULL : &record->terms[i - 1];
		struct span name = term == NULL ? span_of(0, SPF_VERSION_LEN) : term->name;
		bool is_known = term == NULL || (term->valid && term->kind != SPF_UNKNOWN);
		if (!is_known || !has_upper(slice_at(reading->text, name)))
			continue;
		edits = arena_grow(reading->arena, edits, count, &capacity, sizeof *edits);
		edits[count++] =
			(struct fix_edit){name, lower(reading->arena, slice_at(reading->text, name))};
	}
	if (count == 0)
		return;
	struct finding *finding = spf_reading_report(reading, RULE_SPF_UPPERCASE, DETAIL_NONE, edits[0].span);
	spf_reading_fix_edits(reading, finding, edits, count, true);
}

/* Runs of spaces between terms, and spaces at the end: one finding for the record, about the first run. */
static void report_spaces(struct spf_reading *reading)
{
	struct slice text = reading->text;
	struct fix_edit *edits = NULL;
	size_t count = 0, capacity = 0;
	for (size_t at = slice_find(text, ' ', 0); at < text.len; at = slice_find(text, ' ', at)) {
		size_t end = at;
		while (end < text.len && text.ptr[end] == ' ')
			end++;
		if (end - at > 1 || end == text.len) {
			edits = arena_grow(reading->arena, edits, count, &capacity, sizeof *edits);
			edits[count++] = (struct fix_edit){
				span_of(at, end - at), end == text.len ? SLICE("") : SLICE(" ")};
		}
		at = end;
	}
	if (count == 0)
		return;
	struct finding *finding =
		spf_reading_report(reading, RULE_SPF_EXTRA_SPACE, DETAIL_NONE, edits[0].span);
	spf_reading_fix_edits(reading, finding, edits, count, true);
}

void spf_policy_report(struct spf_reading *reading, const struct spf_record *record, bool all_is_broken)
{
	report_networks(reading, record);
	if (record->all != NULL) {
		report_behind_all(reading, record);
		if (record->redirect != NULL)
			report_ignored_redirect(reading, record);
		if (!all_is_broken)
			report_all(reading, record);
	} else if (record->redirect == NULL && !all_is_broken) {
		report_missing_all(reading);
	}
	report_upper(reading, record);
	report_spaces(reading);
}
