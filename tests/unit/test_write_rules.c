/* Tests of report/write_rules: one rule, the list, everything, and the same as JSON. */
#include "report/write_rules.h"

#include "report/text.h"
#include "support/unit.h"

static struct buf output;

static const struct writer_options plain = {.width = 80};

static void cleanup(void)
{
	buf_free(&output);
}

static void assert_has(const char *part)
{
	unit_assert_has(buf_slice(&output), part);
}

static void assert_page(size_t width)
{
	struct slice text = buf_slice(&output);
	for (size_t at = 0; at < text.len;) {
		size_t end = slice_find(text, '\n', at);
		struct slice line = slice_at(text, span_of(at, end - at));
		ck_assert_uint_lt(end, text.len);
		ck_assert_msg(text_width(line) <= width, "%.*s", (int)line.len, line.ptr);
		ck_assert_msg(
			line.len == 0 || line.ptr[line.len - 1] != ' ', "%.*s|", (int)line.len, line.ptr);
		at = end + 1;
	}
}

START_TEST(one_rule_is_explained)
{
	write_rules_text_one(&output, unit_arena(), &plain, RULE_SPF_UNKNOWN_MECHANISM);
	ck_assert(slice_starts(buf_slice(&output), SLICE("spf-unknown-mechanism (error)\n  ")));
	assert_has("\n  RFC 7208 section ");
	assert_has("\n  effect on SPF (RFC 7208): receivers treat the whole record as broken");
	assert_has("\n\n  wrong:\n    v=spf1 ");
	assert_has("^\n");
	assert_has("\n\n  right:\n    v=spf1 ");
	assert_page(80);
}
END_TEST

START_TEST(the_list_has_every_rule)
{
	write_rules_text_list(&output, unit_arena(), &plain);
	ck_assert(slice_starts(buf_slice(&output), SLICE("SPF\n  spf-")));
	assert_has("\n\nDMARC\n  dmarc-");
	for (int i = 0; i < RULE_COUNT; i++)
		assert_has(rule_get((enum rule_id)i)->id);
	assert_has("\"mailauth explain RULE\"");
	assert_page(80);
}
END_TEST

START_TEST(all_rules_fit_the_page)
{
	write_rules_text_all(&output, unit_arena(), &plain);
	for (int i = 0; i < RULE_COUNT; i++)
		assert_has(rule_get((enum rule_id)i)->id);
	assert_page(80);
}
END_TEST

START_TEST(json_has_all_keys)
{
	write_rules_json_one(&output, unit_arena(), RULE_SPF_UNKNOWN_MECHANISM);
	ck_assert(slice_starts(buf_slice(&output),
		SLICE("{\n  \"schema\": \"mailauth/rules/1\",\n  \"rules\": [\n    {\n"
		      "      \"id\": \"spf-unknown-mechanism\",\n      \"severity\": \"error\",\n"
		      "      \"standard\": \"RFC 7208\",\n      \"section\": \"")));
	static const char *const keys[] = {"summary", "explanation", "effects", "rfc7208", "rfc7489",
		"rfc9989", "example", "kind", "bad", "about", "good"};
	for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
		assert_has(keys[i]);
	assert_has("    }\n  ]\n}\n");
}
END_TEST

START_TEST(json_has_every_rule)
{
	write_rules_json_all(&output, unit_arena());
	for (int i = 0; i < RULE_COUNT; i++)
		assert_has(rule_get((enum rule_id)i)->id);
}
END_TEST

static void work(struct arena *arena, void *context)
{
	(void)context;
	buf_clear(&output);
	write_rules_text_list(&output, arena, &plain);
	write_rules_text_all(&output, arena, &plain);
	write_rules_json_all(&output, arena);
}

START_TEST(lack_of_memory_is_noticed)
{
	unit_fail_every_allocation(work, NULL);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("write_rules");
	TCase *tests = tcase_create("write_rules");
	tcase_add_checked_fixture(tests, NULL, cleanup);
	tcase_add_test(tests, one_rule_is_explained);
	tcase_add_test(tests, the_list_has_every_rule);
	tcase_add_test(tests, all_rules_fit_the_page);
	tcase_add_test(tests, json_has_all_keys);
	tcase_add_test(tests, json_has_every_rule);
	tcase_add_test(tests, lack_of_memory_is_noticed);
	suite_add_tcase(suite, tests);
	return unit_run(suite);
}
