/* Tests of spf/spf_record: what is valid, every finding with its bytes and its fix, the parts of terms, and
 * hostile input. */
#include "spf/spf_record.h"

#include "support/unit.h"

#include <stdio.h>
#include <time.h>

#define MAX_STRINGS  3
#define MAX_FINDINGS 9
#define SECONDS                                                                                              \
	10 /* for the largest record, with sanitizers, on a busy machine; linear work needs a fraction */

struct expected {
	const char *rule; /* NULL: no more */
	struct slice about;
	struct slice fixed; /* the record after the fix; empty: there is none */
	bool safe;
};

#define T(text)                                                                                              \
	{                                                                                                    \
		text, sizeof(text) - 1                                                                       \
	}

static const struct row {
	const char *name;
	struct slice strings[MAX_STRINGS];
	bool valid;
	struct expected findings[MAX_FINDINGS];
} rows[] = {
#include "spf_record_rows.def"
};

#define ROWS ((int)(sizeof rows / sizeof rows[0]))

static struct slice joined(struct arena *arena, const struct slice *strings, size_t count)
{
	size_t len = 0;
	for (size_t i = 0; i < count; i++)
		len += strings[i].len;
	char *text = arena_alloc(arena, len + 1);
	len = 0;
	for (size_t i = 0; i < count; i++) {
		memcpy(text + len, strings[i].ptr, strings[i].len);
		len += strings[i].len;
	}
	return slice_of(text, len);
}

/* Left out of the rows, which have only addresses for documentation: that these are such ones, and a rule
 * that is off. Both have rows of their own. */
static bool is_in_rows(const struct finding *finding)
{
	return finding->rule != RULE_SPF_RANGE_DOC && finding->severity != SEVERITY_OFF;
}

/* The record with the findings that rows have. */
static const struct spf_record *as_in_rows(struct arena *arena, const struct spf_record *record)
{
	struct spf_record *copy = arena_alloc(arena, sizeof *copy);
	*copy = *record;
	findings_init(&copy->findings, arena);
	for (size_t i = 0; i < record->findings.count; i++)
		if (is_in_rows(&record->findings.items[i]))
			*findings_add(&copy->findings, record->findings.items[i].rule) =
				record->findings.items[i];
	return copy;
}

static const struct spf_record *parse_row(struct arena *arena, const struct row *row)
{
	size_t count = 0;
	while (count < MAX_STRINGS && row->strings[count].ptr != NULL)
		count++;
	return as_in_rows(
		arena, spf_record_parse(arena, joined(arena, row->strings, count), row->strings, count));
}

static const struct spf_record *parse(struct slice text)
{
	struct arena *arena = unit_arena();
	return as_in_rows(arena, spf_record_parse(arena, text, NULL, 0));
}

static struct slice about(const struct spf_record *record, const struct finding *finding)
{
	return finding->has_span ? slice_at(record->text, finding->span) : SLICE("");
}

START_TEST(record_is_valid_by_the_grammar)
{
	const struct row *row = &rows[_i];
	const struct spf_record *record = parse_row(unit_arena(), row);
	ck_assert_msg(record->valid == row->valid, "%s: valid is %d", row->name, record->valid);
	bool all_valid = true;
	for (size_t i = 0; i < record->count; i++)
		all_valid = all_valid && record->terms[i].valid;
	ck_assert_msg(all_valid == record->valid, "%s: terms disagree", row->name);
}
END_TEST

START_TEST(record_has_these_findings)
{
	const struct row *row = &rows[_i];
	const struct spf_record *record = parse_row(unit_arena(), row);
	size_t count = 0;
	while (count < MAX_FINDINGS && row->findings[count].rule != NULL)
		count++;
	for (size_t i = 0; i < record->findings.count && i < count; i++) {
		const struct finding *finding = &record->findings.items[i];
		ck_assert_msg(strcmp(rule_get(finding->rule)->id, row->findings[i].rule) == 0,
			"%s: finding %zu is %s", row->name, i, rule_get(finding->rule)->id);
		unit_assert_slice(about(record, finding), row->findings[i].about);
	}
	ck_assert_msg(record->findings.count == count, "%s: %zu findings", row->name, record->findings.count);
}
END_TEST

START_TEST(fixes_are_these)
{
	const struct row *row = &rows[_i];
	const struct spf_record *record = parse_row(unit_arena(), row);
	for (size_t i = 0; i < record->findings.count; i++) {
		const struct fix *fix = record->findings.items[i].fix;
		struct slice fixed = fix == NULL ? SLICE("") : fix->record;
		unit_assert_slice(fixed, row->findings[i].fixed);
		ck_assert_msg((fix != NULL && fix->safe) == row->findings[i].safe, "%s: safe", row->name);
	}
}
END_TEST

static size_t count_rule(const struct spf_record *record, enum rule_id rule)
{
	size_t count = 0;
	for (size_t i = 0; i < record->findings.count; i++)
		count += record->findings.items[i].rule == rule;
	return count;
}

/* Addresses for documentation are as useless as private ones; what is beside them is not. */
START_TEST(addresses_of_examples)
{
	struct arena *arena = unit_arena();
	struct slice text =
		SLICE("v=spf1 ip4:192.0.2.0/24 ip4:198.51.100.7 ip4:203.0.113.9/30 ip6:2001:db8::1 "
		      "ip6:3fff:fff::/32 -ip4:192.0.2.1 ip4:192.0.3.0/24 ip4:192.0.0.0/16 ip6:2001:db9::/32 "
		      "ip6:4000::/20 -all");
	static const char *const about[] = {"ip4:192.0.2.0/24", "ip4:198.51.100.7", "ip4:203.0.113.9/30",
		"ip6:2001:db8::1", "ip6:3fff:fff::/32"};
	const struct spf_record *record = spf_record_parse(arena, text, NULL, 0);
	size_t found = 0;
	for (size_t i = 0; i < record->findings.count; i++) {
		const struct finding *finding = &record->findings.items[i];
		if (finding->rule != RULE_SPF_RANGE_DOC)
			continue;
		ck_assert_uint_lt(found, 5);
		unit_assert_slice(slice_at(text, finding->span), slice_cstr(about[found++]));
	}
	ck_assert_uint_eq(found, 5);
}
END_TEST

/* The rule about mx is there for who switches it on. */
START_TEST(mx_is_told_silently)
{
	const struct spf_record *record =
		spf_record_parse(unit_arena(), SLICE("v=spf1 mx a mx:example.net -all"), NULL, 0);
	ck_assert_uint_eq(count_rule(record, RULE_SPF_MX_NOT_RECOMMENDED), 2);
	ck_assert_int_eq(record->findings.items[0].severity, SEVERITY_OFF);
}
END_TEST

/* A fix takes its own finding away, and makes no broken record of a good one. */
START_TEST(fixes_mend)
{
	struct arena *arena = unit_arena();
	const struct row *row = &rows[_i];
	const struct spf_record *record = parse_row(arena, row);
	for (size_t i = 0; i < record->findings.count; i++) {
		const struct finding *finding = &record->findings.items[i];
		if (finding->fix == NULL)
			continue;
		const struct spf_record *fixed = spf_record_parse(arena, finding->fix->record, NULL, 0);
		ck_assert_msg(count_rule(fixed, finding->rule) < count_rule(record, finding->rule),
			"%s: %s is still there", row->name, rule_get(finding->rule)->id);
		ck_assert_msg(fixed->valid || !record->valid, "%s: broken by %s", row->name,
			rule_get(finding->rule)->id);
	}
}
END_TEST

/* Grammatical but not meant so: the effect is not that of a syntax error. */
static const struct {
	const char *text;
	enum effect effect;
} effect_rows[] = {
	{"v=spf1 mx:exampl;e.com -all", EFFECT_SPF_NO_MATCH},
	{"v=spf1 include:exampl;e.com -all", EFFECT_SPF_TARGET_MISSING},
	{"v=spf1 -all exp=why.exampl,e.net", EFFECT_SPF_EXPLANATION_DROPPED},
	{"v=spf1 -all exp=https://example.com", EFFECT_SPF_EXPLANATION_DROPPED},
	{"v=spf1 include:a.example,b.example -all", EFFECT_SPF_TARGET_MISSING},
	{"v=spf1 a:a.example,b.example -all", EFFECT_SPF_NO_MATCH},
	{"v=spf1 mx,a -all", EFFECT_SPF_PERMERROR},
	{"v=spf1 a:https://a.example -all", EFFECT_SPF_NO_MATCH},
	{"v=spf1 redirect=https://a.example", EFFECT_SPF_TARGET_MISSING},
	{"v=spf1 a:museum -all", EFFECT_SPF_PERMERROR},
	{"v=spf1 include:a.example-all", EFFECT_SPF_TARGET_MISSING},
	{"v=spf1 ip4:192.0.2.1-all", EFFECT_SPF_PERMERROR},
	{"v=spf1 ip4=192.0.2.1 -all", EFFECT_SPF_TERM_IGNORED},
	{"v=spf1 -ip4=192.0.2.1 -all", EFFECT_SPF_PERMERROR},
};

START_TEST(effects_follow_the_grammar)
{
	const struct spf_record *record = parse(slice_cstr(effect_rows[_i].text));
	ck_assert_uint_eq(record->findings.count, 1);
	ck_assert_int_eq(
		(int)record->findings.items[0].effects[RECEIVER_RFC7208], (int)effect_rows[_i].effect);
	ck_assert(record->valid == (effect_rows[_i].effect != EFFECT_SPF_PERMERROR));
}
END_TEST

/* Parts of terms: kind, qualifier, name, value, domain-spec. */
static const struct {
	const char *term;
	enum spf_kind kind;
	bool is_modifier;
	char qualifier;
	const char *name, *value, *domain_spec; /* domain_spec NULL: none */
	unsigned ip4, ip6;
} part_rows[] = {
	{"-all", SPF_ALL, false, '-', "all", "", NULL, 32, 128},
	{"?INCLUDE:a.example", SPF_INCLUDE, false, '?', "INCLUDE", "a.example", "a.example", 32, 128},
	{"a", SPF_A, false, '+', "a", "", NULL, 32, 128},
	{"+a/24", SPF_A, false, '+', "a", "", NULL, 24, 128},
	{"a//64", SPF_A, false, '+', "a", "", NULL, 32, 64},
	{"~mx:a.example/24//64", SPF_MX, false, '~', "mx", "a.example/24//64", "a.example", 24, 64},
	{"a:x/24/y.example/0", SPF_A, false, '+', "a", "x/24/y.example/0", "x/24/y.example", 0, 128},
	{"a:%{l1r/}/8", SPF_A, false, '+', "a", "%{l1r/}/8", "%{l1r/}", 8, 128},
	{"ptr", SPF_PTR, false, '+', "ptr", "", NULL, 32, 128},
	{"exists:%{i}.a.example", SPF_EXISTS, false, '+', "exists", "%{i}.a.example", "%{i}.a.example", 32,
		128},
	{"redirect=a.example", SPF_REDIRECT, true, '+', "redirect", "a.example", "a.example", 32, 128},
	{"Exp=a.example", SPF_EXP, true, '+', "Exp", "a.example", "a.example", 32, 128},
	{"foo-1_2.x=a:b/c", SPF_UNKNOWN, true, '+', "foo-1_2.x", "a:b/c", NULL, 32, 128},
	{"ip4:192.0.2.0/24", SPF_IP4, false, '+', "ip4", "192.0.2.0/24", NULL, 32, 128},
};

START_TEST(terms_have_their_parts)
{
	struct slice start = SLICE("v=spf1   "), term_text = slice_cstr(part_rows[_i].term);
	struct slice pieces[] = {start, term_text};
	struct arena *arena = unit_arena();
	struct slice text = joined(arena, pieces, 2);
	const struct spf_record *record = spf_record_parse(arena, text, NULL, 0);
	ck_assert_uint_eq(record->count, 1);
	const struct spf_term *term = &record->terms[0];
	ck_assert(record->valid && term->valid);
	ck_assert_int_eq((int)term->kind, (int)part_rows[_i].kind);
	ck_assert(term->is_modifier == part_rows[_i].is_modifier);
	ck_assert_int_eq(spf_qualifier_char(term->qualifier), part_rows[_i].qualifier);
	ck_assert_uint_eq(term->span.offset, start.len);
	unit_assert_slice(slice_at(text, term->span), term_text);
	unit_assert_slice(slice_at(text, term->name), slice_cstr(part_rows[_i].name));
	unit_assert_slice(slice_at(text, term->value), slice_cstr(part_rows[_i].value));
	ck_assert((term->domain_spec != NULL) == (part_rows[_i].domain_spec != NULL));
	if (term->domain_spec != NULL)
		unit_assert_slice(
			slice_at(text, term->domain_spec->span), slice_cstr(part_rows[_i].domain_spec));
	ck_assert_uint_eq(term->ip4_length, part_rows[_i].ip4);
	ck_assert_uint_eq(term->ip6_length, part_rows[_i].ip6);
}
END_TEST

START_TEST(networks_keep_host_bits)
{
	const struct spf_record *record = parse(
		SLICE("v=spf1 ip4:192.0.2.55/24 ip6:2001:db8::1/32 ip4:192.0.2.1 ip6:::1 ip4:0.0.0.0/0"));
	static const char *const networks[] = {
		"192.0.2.55/24", "2001:db8::1/32", "192.0.2.1/32", "::1/128", "0.0.0.0/0"};
	ck_assert_uint_eq(record->count, 5);
	for (size_t i = 0; i < record->count; i++)
		unit_assert_slice(prefix_text(record->findings.arena, record->terms[i].network),
			slice_cstr(networks[i]));
}
END_TEST

START_TEST(record_knows_all_redirect_and_exp)
{
	const struct spf_record *record =
		parse(SLICE("v=spf1 exp=a.example redirect=b.example -all ~all mx"));
	ck_assert_ptr_eq(record->exp, &record->terms[0]);
	ck_assert_ptr_eq(record->redirect, &record->terms[1]);
	ck_assert_ptr_eq(record->all, &record->terms[2]);
	record = parse(SLICE("v=spf1 -all. redirect= exp"));
	ck_assert(record->all == NULL && record->redirect == NULL && record->exp == NULL);
	ck_assert_uint_eq(record->count, 3);
	ck_assert_int_eq((int)record->terms[1].kind, SPF_REDIRECT);
}
END_TEST

START_TEST(kinds_have_words)
{
	static const char *const words[] = {
		"all", "include", "a", "mx", "ptr", "ip4", "ip6", "exists", "redirect", "exp", "unknown"};
	for (int i = 0; i <= SPF_UNKNOWN; i++)
		ck_assert_str_eq(spf_kind_text((enum spf_kind)i), words[i]);
}
END_TEST

/* --- hostile input ----------------------------------------------------------------------------------- */

/* "v=spf1 " and `unit` again and again, `len` bytes together. */
static struct slice repeated(struct arena *arena, const char *unit, size_t len)
{
	char *text = arena_alloc(arena, len + 1);
	size_t unit_len = strlen(unit);
	memcpy(text, "v=spf1 ", 7);
	for (size_t i = 7; i < len; i++)
		text[i] = unit[(i - 7) % unit_len];
	return slice_of(text, len);
}

static const char *const units[] = {"a ", "x", "? ", ",", "a,", "ip4:", "ip4:192.0.2.1", "include:a.example",
	"include:a.example,", "a:", "%", "%{", "%(", "%{d}", "%{d}.x.", "/", "//", "a/", "=", "-all", "-all ",
	"ip6:::,", " ", "\x80", "\xe2\x80\x93", "\t", "a\t", "redirect=a.example ", "- ", "include ",
	"include: ", ".", "a.", "ip4:192.0.2.1-", "a=", "A ", "\"", "all:", "mx~a", "@", "x=%{c} ",
	"a:%{p}.b.example ", "::", "1:", "ip4: 1 ", "a:b.example/24/", "ip4:0.0.0.0/1 ", "\\;", "{", "%{l/,"};

START_TEST(large_records_take_linear_time)
{
	struct arena *arena = unit_arena();
	struct slice text = repeated(arena, units[_i], 65535);
	clock_t start = clock();
	const struct spf_record *record = spf_record_parse(arena, text, NULL, 0);
	double seconds = (double)(clock() - start) / CLOCKS_PER_SEC;
	ck_assert_msg(seconds < SECONDS, "\"%s\" took %.1f s", units[_i], seconds);
	ck_assert_uint_le(record->count, SPF_MAX_TERMS);
}
END_TEST

START_TEST(many_strings_are_no_burden)
{
	struct arena *arena = unit_arena();
	struct slice text = repeated(arena, "ip4:192.0.2.1 ", 65535);
	size_t count = 0;
	struct slice *strings = arena_alloc(arena, 40000 * sizeof *strings);
	for (size_t at = 0; at < text.len; at += 2)
		strings[count++] = slice_at(text, span_of(at, 2));
	const struct spf_record *record = spf_record_parse(arena, text, strings, count);
	ck_assert_uint_eq(record->count, (65535 - 7) / 14 + 1);
	ck_assert(!record->valid); /* the last one is cut */
	/* The last term is cut, there is no `all`, the record is long, and all addresses are the first one. */
	ck_assert_uint_eq(
		count_rule(record, RULE_SPF_IP4_INVALID) + count_rule(record, RULE_SPF_UNKNOWN_MECHANISM), 1);
	ck_assert_uint_eq(count_rule(record, RULE_SPF_ALL_MISSING), 1);
	ck_assert_uint_eq(count_rule(record, RULE_SPF_SIZE_450), 1);
}
END_TEST

/* What is beyond the terms that are kept is still checked. */
START_TEST(too_many_terms_are_not_valid)
{
	struct arena *arena = unit_arena();
	size_t fits = 7 + 2 * (size_t)SPF_MAX_TERMS - 1;
	const struct spf_record *record = spf_record_parse(arena, repeated(arena, "a ", fits), NULL, 0);
	ck_assert(record->valid);
	ck_assert_uint_eq(record->count, SPF_MAX_TERMS);
	record = spf_record_parse(arena, repeated(arena, "a ", fits + 2), NULL, 0);
	ck_assert(!record->valid);
	ck_assert_uint_eq(record->count, SPF_MAX_TERMS);
}
END_TEST

/* Every byte in every place of a record: what is not ASCII is not valid. */
START_TEST(any_byte_anywhere)
{
	static const char text[] = "v=spf1 ip4:192.0.2.1/24 a:%{d}.example.com/24//64 -all";
	for (size_t at = 7; at < sizeof text - 1; at++) {
		struct arena *arena = unit_arena();
		char *copy = arena_alloc(arena, sizeof text);
		memcpy(copy, text, sizeof text);
		copy[at] = (char)_i;
		const struct spf_record *record =
			spf_record_parse(arena, slice_of(copy, sizeof text - 1), NULL, 0);
		bool is_ascii = _i >= 0x20 && _i < 0x7f;
		ck_assert_msg(is_ascii || !record->valid, "byte %d at %zu", _i, at);
		ck_assert_msg(record->valid || record->findings.count > 0, "byte %d at %zu", _i, at);
	}
}
END_TEST

static void parse_all_rows(struct arena *arena, void *context)
{
	(void)context;
	for (int i = 0; i < ROWS; i++)
		parse_row(arena, &rows[i]);
}

START_TEST(lack_of_memory_leaves_by_the_escape)
{
	unit_fail_every_allocation(parse_all_rows, NULL);
}
END_TEST

/* --- the examples of the rules ----------------------------------------------------------------------- */

static bool fires(const struct spf_record *record, enum rule_id rule, struct slice bytes)
{
	for (size_t i = 0; i < record->findings.count; i++)
		if (record->findings.items[i].rule == rule &&
			slice_equal(about(record, &record->findings.items[i]), bytes))
			return true;
	return false;
}

/* Rules from spf-non-ascii to spf-ip6-mapped are about the text of a record. */
START_TEST(examples_fire)
{
	const struct rule *rule = rule_get((enum rule_id)_i);
	if (rule->example != EXAMPLE_SPF)
		return;
	struct arena *arena = unit_arena();
	const struct spf_record *bad = spf_record_parse(arena, slice_cstr(rule->bad), NULL, 0);
	ck_assert_msg(fires(bad, (enum rule_id)_i, slice_cstr(rule->about)), "%s: bad", rule->id);
	ck_assert_msg(as_in_rows(arena, bad)->findings.count == 1 || bad->valid, "%s: more than one cause",
		rule->id);
	const struct spf_record *good = spf_record_parse(arena, slice_cstr(rule->good), NULL, 0);
	ck_assert_msg(good->valid && count_rule(good, (enum rule_id)_i) == 0, "%s: good", rule->id);
}
END_TEST

static void add_rows(TCase *tests)
{
	tcase_add_test(tests, addresses_of_examples);
	tcase_add_test(tests, mx_is_told_silently);
	tcase_add_loop_test(tests, record_is_valid_by_the_grammar, 0, ROWS);
	tcase_add_loop_test(tests, record_has_these_findings, 0, ROWS);
	tcase_add_loop_test(tests, fixes_are_these, 0, ROWS);
	tcase_add_loop_test(tests, fixes_mend, 0, ROWS);
	tcase_add_loop_test(
		tests, effects_follow_the_grammar, 0, (int)(sizeof effect_rows / sizeof effect_rows[0]));
	tcase_add_loop_test(tests, terms_have_their_parts, 0, (int)(sizeof part_rows / sizeof part_rows[0]));
	tcase_add_test(tests, networks_keep_host_bits);
	tcase_add_test(tests, record_knows_all_redirect_and_exp);
	tcase_add_test(tests, kinds_have_words);
	tcase_add_loop_test(tests, examples_fire, RULE_SPF_NON_ASCII, RULE_SPF_IP6_MAPPED + 1);
}

static void add_hostile(TCase *tests)
{
	tcase_set_timeout(tests, 60);
	tcase_add_loop_test(tests, large_records_take_linear_time, 0, (int)(sizeof units / sizeof units[0]));
	tcase_add_test(tests, many_strings_are_no_burden);
	tcase_add_test(tests, too_many_terms_are_not_valid);
	tcase_add_loop_test(tests, any_byte_anywhere, 0, 256);
	tcase_add_test(tests, lack_of_memory_leaves_by_the_escape);
}

int main(void)
{
	Suite *suite = suite_create("spf_record");
	TCase *tests = tcase_create("rows"), *hostile = tcase_create("hostile");
	add_rows(tests);
	add_hostile(hostile);
	suite_add_tcase(suite, tests);
	suite_add_tcase(suite, hostile);
	return unit_run(suite);
}
