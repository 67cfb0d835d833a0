/* Tests of rules/rule: the table can be found by number and by name, and has texts. */
#include "rules/rule.h"

#include "support/unit.h"

START_TEST(every_rule_is_found_by_its_id)
{
	for (int i = 0; i < RULE_COUNT; i++) {
		const struct rule *rule = rule_get((enum rule_id)i);
		ck_assert_int_eq((int)rule_find(slice_cstr(rule->id)), i);
	}
	ck_assert_int_eq((int)rule_find(SLICE("spf-unknown-mechanism")), RULE_SPF_UNKNOWN_MECHANISM);
}
END_TEST

START_TEST(unknown_ids_are_not_found)
{
	static const char *const ids[] = {
		"", "spf", "spf-unknown-mechanis", "spf-unknown-mechanism ", "SPF-NONE"};
	for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++)
		ck_assert_int_eq((int)rule_find(slice_cstr(ids[i])), RULE_COUNT);
}
END_TEST

START_TEST(rows_fill_their_members)
{
	const struct rule *rule = rule_get(RULE_SPF_UNKNOWN_MECHANISM);
	ck_assert_str_eq(rule->id, "spf-unknown-mechanism");
	ck_assert_int_eq((int)rule->severity, SEVERITY_ERROR);
	ck_assert_str_eq(rule->standard, "RFC 7208");
	ck_assert_int_eq((int)rule->effects[RECEIVER_RFC7208], EFFECT_SPF_PERMERROR);
	ck_assert_int_eq((int)rule->effects[RECEIVER_RFC9989], EFFECT_NONE);
	ck_assert_int_eq((int)rule->example, EXAMPLE_SPF);
}
END_TEST

START_TEST(phrases_are_there_except_for_none)
{
	ck_assert_str_eq(rule_detail_text(DETAIL_NONE), "");
	ck_assert_str_eq(rule_effect_text(EFFECT_NONE), "");
	for (int i = 1; i < EFFECT_COUNT; i++)
		ck_assert_msg(strlen(rule_effect_text((enum effect)i)) > 10, "effect %d", i);
	for (int i = 1; i < DETAIL_COUNT; i++)
		ck_assert_msg(strlen(rule_detail_text((enum detail)i)) > 5, "detail %d", i);
	ck_assert_str_eq(rule_effect_text(EFFECT_DMARC_WORKS), "receivers apply the record");
}
END_TEST

START_TEST(severities_have_words)
{
	ck_assert_str_eq(severity_text(SEVERITY_OFF), "off");
	ck_assert_str_eq(severity_text(SEVERITY_INFO), "info");
	ck_assert_str_eq(severity_text(SEVERITY_WARNING), "warning");
	ck_assert_str_eq(severity_text(SEVERITY_ERROR), "error");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("rule");
	TCase *tests = tcase_create("rule");
	tcase_add_test(tests, every_rule_is_found_by_its_id);
	tcase_add_test(tests, unknown_ids_are_not_found);
	tcase_add_test(tests, rows_fill_their_members);
	tcase_add_test(tests, phrases_are_there_except_for_none);
	tcase_add_test(tests, severities_have_words);
	suite_add_tcase(suite, tests);
	return unit_run(suite);
}
