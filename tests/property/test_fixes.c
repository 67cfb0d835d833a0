/* Every fix holds what it promises: for each bad example of the catalogue and for records that people
 * really publish, the record after it does not have the finding any more and no new one at the same level
 * or above; fixing it once more changes nothing; and no network that the author plainly named is lost.
 */
#include <stdlib.h>

#include "inspect/filter.h"
#include "lint/lint_fix.h"
#include "support/unit.h"

struct sample {
	const char *text;
	enum lint_type type;
};

/* Beside the examples of the catalogue. */
static const struct sample samples[] = {
	{"v=spf1include:spf.example.net?all", LINT_SPF},
	{"v=spf1 mx a ~all;", LINT_SPF},
	{"v=spf1 ip4:192.0.2.209-all", LINT_SPF},
	{"v=spf1 ip4:192.0.2.81~all", LINT_SPF},
	{"v=spf1 +ip4:relay.example.net -all", LINT_SPF},
	{"v=spf1 include.spf.example.com -all", LINT_SPF},
	{"v=spf1 include=spf.example.com -all", LINT_SPF},
	{"v=spf1 include: marketing.example.com -all", LINT_SPF},
	{"v=spf1 ipv4:192.0.2.1 ipv6:2001:db8::1 -all", LINT_SPF},
	{"v=spf1 v=spf1 redirect=spf.example.com -all", LINT_SPF},
	{"v=spf1 ip4:192.0.2.1 +a +mx + ?all", LINT_SPF},
	{"v=spf1 ip4:192.0.2.1, ip4:192.0.2.2 -all", LINT_SPF},
	{"v=spf1 include:a.example,b.example -all", LINT_SPF},
	{"v=spf1 ip4:192.0.2.1 \xe2\x80\x93 all", LINT_SPF},
	{"v=spf1 ip4:192.0.2.1 \xe2\x80\x93"
	 "all",
		LINT_SPF},
	{"v=spf1 redirect:_spf.a.example", LINT_SPF},
	{"v=spf1 a:192.0.2.7 192.0.2.8 mx:203.0.113.0/24 -all", LINT_SPF},
	{"V=SPF1 MX  IP4:192.0.2.1  -ALL ", LINT_SPF},
	{" v=spf1 ip4:192.0.2.1 -all", LINT_SPF},
	{"\"v=spf1 ip4:192.0.2.1 -all\",", LINT_SPF},
	{"v=spf1 mx \"-all", LINT_SPF},
	{"v=spf1 mx redirect=x.example -all", LINT_SPF},
	{"v=dmarc1;p=none;", LINT_DMARC},
	{"v=DMARC; p=none; pct=100; rua=mailto:postmaster@example.org", LINT_DMARC},
	{"v=DMARCl; p=reject; sp- reject; aspf-s; adkim=s; ri=604800", LINT_DMARC},
	{"p=reject;rua=mailto:rua@example.com;ruf=mailto:ruf@example.com", LINT_DMARC},
	{" v=DMARC1; p=none; rua=mailto:a@example.com", LINT_DMARC},
	{"v=DMARC1;p=none;fo:0;adkim=r;rua=mailto:a@example.com", LINT_DMARC},
	{"v=dmarc1\\; p=none\\; rua= mailto:dmarc_feedback@example.de &amp\\;lt\\;", LINT_DMARC},
	{"v=DMARC1;p=none;p", LINT_DMARC},
	{"v=DMARC1;p=reject;pct=;rua=mailto:a@example.com", LINT_DMARC},
	{"v=DMARC1; p=none; rua=dmarc@example.app", LINT_DMARC},
	{"v=DMARC1; p=jerect; rua=mailto:a@example.com", LINT_DMARC},
	{"v=DMARC1; policy=reject; rua=mailto:a@example.com", LINT_DMARC},
	{"v=DMARC1; p=none; fo=1,d; rua=mailto:a@example.com; ruf=mailto:a@example.com", LINT_DMARC},
	{"v=DMARC1; p=none; rua=mailto:a@x.example;mailto:b@x.example", LINT_DMARC},
	{"v=DMARC1; p=none; rua=mailto:a@x.example b@x.example", LINT_DMARC},
	{"\"v=DMARC1; p=reject\"", LINT_DMARC},
	{"v=DMARC1; p=reject; ri=3600; rf=afrf", LINT_DMARC},
};

#define SAMPLES ((int)(sizeof samples / sizeof *samples))

static struct sample sample_of(int index)
{
	if (index < SAMPLES)
		return samples[index];
	const struct rule *rule = rule_get((enum rule_id)(index - SAMPLES));
	struct sample sample = {rule->bad, LINT_NONE};
	switch (rule->example) {
	case EXAMPLE_SPF:
		sample.type = LINT_SPF;
		break;
	case EXAMPLE_DMARC:
		sample.type = LINT_DMARC;
		break;
	case EXAMPLE_EXP:
		sample.type = LINT_EXP;
		break;
	case EXAMPLE_ZONE:
	case EXAMPLE_FILE:
	case EXAMPLE_CONFIG:
	case EXAMPLE_CHANGE:
		break;
	}
	return sample;
}

static void judge(struct arena *arena, struct slice text, enum lint_type type, struct lint_record *out)
{
	struct slice *strings = arena_alloc(arena, sizeof *strings);
	struct lint_paste paste = {.text = text, .strings = strings, .string_count = 1};
	const struct lint_origin origin = {.source = text, .line = 1};
	*strings = text;
	bytemap_init(&paste.map, arena);
	bytemap_add(&paste.map, 0, text.len, 1);
	lint_record(arena, &paste, type, &origin, out);
}

static bool has_rule(const struct findings *findings, enum rule_id rule)
{
	for (size_t i = 0; i < findings->count; i++)
		if (findings->items[i].rule == rule)
			return true;
	return false;
}

/* How often the rule fires. */
static size_t count_rule(const struct findings *findings, enum rule_id rule)
{
	size_t count = 0;
	for (size_t i = 0; i < findings->count; i++)
		count += findings->items[i].rule == rule;
	return count;
}

static bool has_error(const struct findings *findings)
{
	for (size_t i = 0; i < findings->count; i++)
		if (findings->items[i].severity == SEVERITY_ERROR)
			return true;
	return false;
}

/* Each fix alone. */
START_TEST(finding_is_gone)
{
	struct arena *arena = unit_arena();
	struct sample sample = sample_of(_i);
	struct lint_record before, after;
	if (sample.type == LINT_NONE)
		return;
	judge(arena, slice_cstr(sample.text), sample.type, &before);
	for (size_t i = 0; i < before.findings.count; i++) {
		const struct finding *finding = &before.findings.items[i];
		if (finding->fix == NULL)
			continue;
		judge(arena, finding->fix->record, sample.type, &after);
		ck_assert_msg(count_rule(&after.findings, finding->rule) <
				      count_rule(&before.findings, finding->rule),
			"%s: %s is still there: %.*s", sample.text, rule_get(finding->rule)->id,
			(int)after.text.len, after.text.ptr);
	}
}
END_TEST

/* A record that could not be read may show more of itself when it can; a new error never. */
static void check_no_new(
	const char *text, const struct lint_record *before, const struct findings *after, bool was_readable)
{
	for (size_t i = 0; i < after->count; i++) {
		const struct finding *finding = &after->items[i];
		if (finding->rule == RULE_SPF_RANGE_DOC)
			continue; /* samples have no other addresses */
		bool serious = finding->severity >= (was_readable ? SEVERITY_WARNING : SEVERITY_ERROR);
		ck_assert_msg(!serious || has_rule(&before->findings, finding->rule), "%s: %s is new", text,
			rule_get(finding->rule)->id);
	}
}

static void check_fix(struct arena *arena, struct sample sample, bool unsafe)
{
	struct filter filter;
	struct lint_record before, after;
	struct lint_fix fix, again;
	filter_init(&filter);
	judge(arena, slice_cstr(sample.text), sample.type, &before);
	lint_fix(arena, &before, &filter, unsafe, &fix);
	unit_assert_slice(fix_edits(arena, before.text, fix.edits, fix.count, true)->record, fix.text);
	judge(arena, fix.text, sample.type, &after);
	check_no_new(sample.text, &before, &after.findings, !has_error(&before.findings));
	for (size_t i = 0; i < after.findings.count && unsafe; i++)
		ck_assert_msg(after.findings.items[i].fix == NULL, "%s: %s has a fix left: %.*s", sample.text,
			rule_get(after.findings.items[i].rule)->id, (int)fix.text.len, fix.text.ptr);
	lint_fix(arena, &after, &filter, unsafe, &again);
	ck_assert_msg(
		again.count == 0, "%s: fixed again: %.*s", sample.text, (int)again.text.len, again.text.ptr);
}

START_TEST(fixed_once_is_fixed)
{
	struct sample sample = sample_of(_i);
	if (sample.type == LINT_NONE)
		return;
	check_fix(unit_arena(), sample, false);
	check_fix(unit_arena(), sample, true);
}
END_TEST

/* --- networks ---------------------------------------------------------------------------------------- */

/* Itself, or a wider one. */
static bool names_network(const struct spf_record *record, struct prefix network)
{
	for (size_t i = 0; i < record->count; i++) {
		const struct spf_term *term = &record->terms[i];
		if (term->valid && (term->kind == SPF_IP4 || term->kind == SPF_IP6) &&
			term->network.length <= network.length && prefix_contains(term->network, network.ip))
			return true;
	}
	return false;
}

static bool names_target(const struct spf_record *record, const struct spf_term *wanted, struct slice target)
{
	for (size_t i = 0; i < record->count; i++) {
		const struct spf_term *term = &record->terms[i];
		if (term->valid && term->kind == wanted->kind &&
			slice_equal_nocase(slice_at(record->text, term->value), target))
			return true;
	}
	return false;
}

/* What was valid before is there after: networks, and the names of other records. Text that is a
 * duplicate or stands behind all may go. */
START_TEST(networks_are_kept)
{
	struct sample sample = sample_of(_i);
	struct arena *arena = unit_arena();
	struct filter filter;
	struct lint_record before, after;
	struct lint_fix fix;
	if (sample.type != LINT_SPF)
		return;
	filter_init(&filter);
	judge(arena, slice_cstr(sample.text), sample.type, &before);
	lint_fix(arena, &before, &filter, false, &fix);
	judge(arena, fix.text, sample.type, &after);
	if (before.spf == NULL || after.spf == NULL)
		return;
	for (size_t i = 0; i < before.spf->count; i++) {
		const struct spf_term *term = &before.spf->terms[i];
		if (!term->valid)
			continue;
		if ((term->kind == SPF_IP4 || term->kind == SPF_IP6) && !ip_is_mapped(term->network.ip))
			ck_assert_msg(names_network(after.spf, term->network), "%s: a network is lost: %.*s",
				sample.text, (int)fix.text.len, fix.text.ptr);
		bool is_list = slice_find(slice_at(before.text, term->value), ',', 0) < term->value.len;
		if (term->kind == SPF_INCLUDE && after.spf->valid && !is_list)
			ck_assert_msg(names_target(after.spf, term, slice_at(before.text, term->value)),
				"%s: an include is lost: %.*s", sample.text, (int)fix.text.len, fix.text.ptr);
	}
}
END_TEST

/* What the author plainly meant, though it could not be read. */
static const struct {
	const char *record, *network;
} meant[] = {
	{"v=spf1 ip4:192.0.2.209-all", "192.0.2.209/32"},
	{"v=spf1 ipv4:192.0.2.1 -all", "192.0.2.1/32"},
	{"v=spf1 192.0.2.8 -all", "192.0.2.8/32"},
	{"v=spf1 a:192.0.2.7 -all", "192.0.2.7/32"},
	{"v=spf1 ip4: 192.0.2.0/24 -all", "192.0.2.0/24"},
	{"v=spf1 ip4:192.0.2.1, ip4:192.0.2.2 -all", "192.0.2.2/32"},
	{"v=spf1 ip4=192.0.2.5 -all", "192.0.2.5/32"},
	{"v=spf1 ip6:::ffff:192.0.2.1 -all", "192.0.2.1/32"},
	{"v=spf1 ip4:192.0.2.1 \xe2\x80\x93"
	 "all",
		"192.0.2.1/32"},
	{"v=spf1 ipv6:2001:db8::1 -all", "2001:db8::1/128"},
	{"v=spf1,ip4:192.0.2.3 -all", "192.0.2.3/32"},
};

START_TEST(meant_networks_are_found)
{
	struct arena *arena = unit_arena();
	struct filter filter;
	struct lint_record before, after;
	struct lint_fix fix;
	struct slice text = slice_cstr(meant[_i].record);
	struct prefix network;
	size_t slash = slice_find(slice_cstr(meant[_i].network), '/', 0);
	ck_assert(ip_parse(slice_head(slice_cstr(meant[_i].network), slash), &network.ip));
	network.length = (unsigned char)strtoul(meant[_i].network + slash + 1, NULL, 10);
	filter_init(&filter);
	judge(arena, text, LINT_SPF, &before);
	lint_fix(arena, &before, &filter, false, &fix);
	judge(arena, fix.text, LINT_SPF, &after);
	ck_assert_msg(after.spf != NULL && after.spf->valid && names_network(after.spf, network), "%s: %.*s",
		meant[_i].record, (int)fix.text.len, fix.text.ptr);
}
END_TEST

int main(void)
{
	const int count = SAMPLES + (int)RULE_COUNT;
	Suite *suite = suite_create("fixes");
	TCase *tests = tcase_create("fixes");
	tcase_add_loop_test(tests, finding_is_gone, 0, count);
	tcase_add_loop_test(tests, fixed_once_is_fixed, 0, count);
	tcase_add_loop_test(tests, networks_are_kept, 0, count);
	tcase_add_loop_test(tests, meant_networks_are_found, 0, (int)(sizeof meant / sizeof *meant));
	suite_add_tcase(suite, tests);
	return unit_run(suite);
}
