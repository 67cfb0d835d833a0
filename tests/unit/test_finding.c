/* Tests of rules/finding and rules/fix. */
#include "rules/finding.h"

#include "support/unit.h"

static const struct slice record = {"v=spf1 ipv4:192.0.2.0/24 -all", 29};

START_TEST(a_new_finding_has_what_its_row_says)
{
	struct findings list;
	findings_init(&list, unit_arena());
	struct finding *finding = findings_add(&list, RULE_SPF_UNKNOWN_MECHANISM);
	const struct rule *rule = rule_get(RULE_SPF_UNKNOWN_MECHANISM);
	ck_assert_uint_eq(list.count, 1);
	ck_assert_ptr_eq(finding, &list.items[0]);
	ck_assert_int_eq((int)finding->rule, RULE_SPF_UNKNOWN_MECHANISM);
	ck_assert_int_eq((int)finding->severity, (int)rule->severity);
	for (int i = 0; i < RECEIVER_COUNT; i++)
		ck_assert_int_eq((int)finding->effects[i], (int)rule->effects[i]);
	ck_assert(!finding->has_span);
	ck_assert_ptr_null(finding->fix);
	ck_assert_uint_eq(finding_text(finding).len, 0);
}
END_TEST

START_TEST(the_text_of_a_finding_is_at_its_span)
{
	struct findings list;
	findings_init(&list, unit_arena());
	struct finding *finding = findings_add_at(&list, RULE_SPF_UNKNOWN_MECHANISM, span_of(7, 4));
	finding->place.record = record;
	unit_assert_slice(finding_text(finding), SLICE("ipv4"));
	finding->span = span_of(25, 100);
	unit_assert_slice(finding_text(finding), SLICE("-all"));
}
END_TEST

START_TEST(lists_grow)
{
	struct findings list;
	findings_init(&list, unit_arena());
	for (size_t i = 0; i < 1000; i++)
		findings_add_at(&list, RULE_SPF_UNKNOWN_MECHANISM, span_of(i, 1));
	ck_assert_uint_eq(list.count, 1000);
	for (size_t i = 0; i < 1000; i++)
		ck_assert_uint_eq(list.items[i].span.offset, i);
}
END_TEST

START_TEST(adopted_findings_get_the_place)
{
	struct findings from, list;
	struct finding_place place = {.name = SLICE("example.com"), .type = SLICE("TXT"), .record = record};
	findings_init(&from, unit_arena());
	findings_init(&list, from.arena);
	findings_add(&list, RULE_SPF_UNKNOWN_MECHANISM);
	findings_add_at(&from, RULE_SPF_UNKNOWN_MECHANISM, span_of(7, 4));
	findings_add_at(&from, RULE_SPF_UNKNOWN_MECHANISM, span_of(25, 4));
	findings_adopt(&list, &from, &place);
	ck_assert_uint_eq(list.count, 3);
	ck_assert_uint_eq(list.items[0].place.name.len, 0);
	unit_assert_slice(list.items[1].place.name, SLICE("example.com"));
	unit_assert_slice(finding_text(&list.items[2]), SLICE("-all"));
	ck_assert_uint_eq(from.items[0].place.name.len, 0);
}
END_TEST

START_TEST(all_effects_are_set_at_once)
{
	struct finding finding = {0};
	finding_effect_all(&finding, EFFECT_SPF_WORKS, EFFECT_DMARC_OFF, EFFECT_DMARC_WORKS);
	ck_assert_int_eq((int)finding.effects[RECEIVER_RFC7208], EFFECT_SPF_WORKS);
	ck_assert_int_eq((int)finding.effects[RECEIVER_RFC7489], EFFECT_DMARC_OFF);
	ck_assert_int_eq((int)finding.effects[RECEIVER_RFC9989], EFFECT_DMARC_WORKS);
}
END_TEST

static const struct {
	const char *name;
	struct fix_edit edits[2];
	size_t count;
	const char *expected;
} fixes[] = {
	{"replace", {{{7, 4}, {"ip4", 3}}}, 1, "v=spf1 ip4:192.0.2.0/24 -all"},
	{"remove", {{{6, 18}, {NULL, 0}}}, 1, "v=spf1 -all"},
	{"insert", {{{7, 0}, {"mx ", 3}}}, 1, "v=spf1 mx ipv4:192.0.2.0/24 -all"},
	{"at the end", {{{29, 0}, {"!", 1}}}, 1, "v=spf1 ipv4:192.0.2.0/24 -all!"},
	{"all of it", {{{0, 29}, {"x", 1}}}, 1, "x"},
	{"two", {{{7, 4}, {"ip4", 3}}, {{25, 1}, {"~", 1}}}, 2, "v=spf1 ip4:192.0.2.0/24 ~all"},
	{"touching", {{{7, 4}, {"a", 1}}, {{11, 1}, {"=", 1}}}, 2, "v=spf1 a=192.0.2.0/24 -all"},
	{"nothing", {{{0, 0}, {NULL, 0}}}, 0, "v=spf1 ipv4:192.0.2.0/24 -all"},
};

START_TEST(edits_make_the_new_record)
{
	const struct fix *fix = fix_edits(unit_arena(), record, fixes[_i].edits, fixes[_i].count, true);
	unit_assert_slice(fix->record, slice_cstr(fixes[_i].expected));
	ck_assert_uint_eq(fix->count, fixes[_i].count);
	ck_assert(fix->safe);
	for (size_t i = 0; i < fix->count; i++) {
		ck_assert_uint_eq(fix->edits[i].span.offset, fixes[_i].edits[i].span.offset);
		unit_assert_slice(fix->edits[i].replacement, fixes[_i].edits[i].replacement);
	}
}
END_TEST

START_TEST(a_replacement_is_copied)
{
	char bytes[] = "ip4";
	const struct fix *fix = fix_replace(unit_arena(), record, span_of(7, 4), slice_of(bytes, 3), false);
	bytes[0] = 'x';
	unit_assert_slice(fix->edits[0].replacement, SLICE("ip4"));
	unit_assert_slice(fix->record, SLICE("v=spf1 ip4:192.0.2.0/24 -all"));
	ck_assert(!fix->safe);
}
END_TEST

START_TEST(a_new_record_has_no_edits)
{
	const struct fix *fix = fix_record(unit_arena(), SLICE("v=spf1 -all"), true);
	ck_assert_uint_eq(fix->count, 0);
	unit_assert_slice(fix->record, SLICE("v=spf1 -all"));
}
END_TEST

static void work(struct arena *arena, void *context)
{
	(void)context;
	struct findings list;
	findings_init(&list, arena);
	for (size_t i = 0; i < 100; i++)
		findings_add(&list, RULE_SPF_UNKNOWN_MECHANISM)->fix =
			fix_replace(arena, record, span_of(7, 4), SLICE("ip4"), true);
}

START_TEST(lack_of_memory_is_noticed)
{
	unit_fail_every_allocation(work, NULL);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("finding");
	TCase *tests = tcase_create("finding");
	tcase_add_test(tests, a_new_finding_has_what_its_row_says);
	tcase_add_test(tests, the_text_of_a_finding_is_at_its_span);
	tcase_add_test(tests, lists_grow);
	tcase_add_test(tests, adopted_findings_get_the_place);
	tcase_add_test(tests, all_effects_are_set_at_once);
	tcase_add_loop_test(tests, edits_make_the_new_record, 0, sizeof fixes / sizeof fixes[0]);
	tcase_add_test(tests, a_replacement_is_copied);
	tcase_add_test(tests, a_new_record_has_no_edits);
	tcase_add_test(tests, lack_of_memory_is_noticed);
	suite_add_tcase(suite, tests);
	return unit_run(suite);
}
