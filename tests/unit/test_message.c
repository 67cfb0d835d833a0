/* Tests of rules/message: templates of every rule with hostile arguments, cutting, references, titles of
 * fixes. */
#include "rules/message.h"

#include <stdio.h>

#include "base/ascii.h"
#include "support/unit.h"

/* A rule whose message shows {text}. */
static int rule_with(const char *mark)
{
	for (int i = 0; i < RULE_COUNT; i++)
		if (strstr(rule_get((enum rule_id)i)->message, mark) != NULL)
			return i;
	ck_abort_msg("no message has %s", mark);
	return 0;
}

static struct finding finding_of(int rule, struct slice record, struct span span)
{
	struct finding finding = {.rule = (enum rule_id)rule, .has_span = true, .span = span};
	finding.place.record = record;
	finding.place.name = SLICE("example.com");
	return finding;
}

static bool has(struct slice text, struct slice part)
{
	return slice_search_nocase(text, part) < text.len;
}

START_TEST(bytes_are_escaped)
{
	struct arena *arena = unit_arena();
	struct finding finding =
		finding_of(rule_with("{text}"), SLICE("v=spf1 \x1b[31m\n\\\x80 -all"), span_of(7, 8));
	ck_assert(has(message_text(arena, &finding), SLICE("\\027[31m\\010\\\\\\128")));
}
END_TEST

START_TEST(long_bytes_are_cut)
{
	struct arena *arena = unit_arena();
	char *bytes = arena_alloc(arena, 65536);
	memset(bytes, 'x', 65536);
	struct finding finding = finding_of(rule_with("{text}"), slice_of(bytes, 65536), span_of(0, 65536));
	struct slice text = message_text(arena, &finding);
	ck_assert_uint_lt(text.len, 2 * MESSAGE_MAX_ARGUMENT);
	ck_assert(has(text, SLICE("xxxx...")));
	size_t shown = 0;
	for (size_t i = slice_search_nocase(text, SLICE("xxxx")); text.ptr[i] == 'x'; i++)
		shown++;
	ck_assert_uint_eq(shown, MESSAGE_MAX_ARGUMENT - 3);
}
END_TEST

START_TEST(names_are_not_escaped_twice)
{
	struct arena *arena = unit_arena();
	struct finding finding = finding_of(rule_with("{name}"), SLICE("v=spf1"), span_of(0, 1));
	finding.place.name = SLICE("a\\032b.example.com");
	ck_assert(has(message_text(arena, &finding), SLICE("a\\032b.example.com")));
}
END_TEST

/* Whatever the bytes are, and wherever they are cut, whole characters and whole escapes are left. */
START_TEST(cuts_are_between_characters)
{
	static const struct slice pieces[] = {{"\xc3\xbc", 2}, {"\xe6\xbc\xa2", 3}, {"\xf0\x9f\x93\xa7", 4},
		{"\x80", 1}, {"\\", 1}, {"a\x01", 2}, {"\xf0\x9f", 2}};
	struct arena *arena = unit_arena();
	struct slice piece = pieces[_i / 8];
	char bytes[2000];
	size_t len = 0;
	memset(bytes, 'x', sizeof bytes);
	for (len = (size_t)_i % 8; len + piece.len < 1500; len += piece.len)
		memcpy(bytes + len, piece.ptr, piece.len);
	struct finding finding = finding_of(rule_with("{text}"), slice_of(bytes, len), span_of(0, len));
	struct slice text = message_text(arena, &finding);
	size_t dots = slice_search_nocase(text, SLICE("..."));
	ck_assert_uint_lt(dots, text.len);
	for (size_t i = 0; i < text.len;) {
		size_t one = ascii_utf8_length(slice_from(text, i));
		ck_assert_uint_gt(one, 0);
		if (text.ptr[i] == '\\') {
			one = ascii_is_digit(text.ptr[i + 1]) ? 4 : 2;
			ck_assert(one == 2 ||
				  (ascii_is_digit(text.ptr[i + 2]) && ascii_is_digit(text.ptr[i + 3])));
			ck_assert(one == 4 || text.ptr[i + 1] == '\\');
		}
		i += one;
	}
}
END_TEST

/* No rule's text can be made to hold a control, and every mark is one that is known. */
START_TEST(every_rule_makes_one_line)
{
	struct arena *arena = unit_arena();
	struct finding finding = finding_of(_i, SLICE("\r\n\t\x1b"), span_of(0, 4));
	finding.detail = (enum detail)(DETAIL_COUNT - 1);
	for (size_t i = 0; i < FINDING_MAX_ARGS; i++)
		finding.args[i] = SLICE("\n\x7f");
	struct slice texts[2] = {message_text(arena, &finding), message_advice(arena, &finding)};
	ck_assert_uint_gt(texts[0].len, 0);
	for (size_t t = 0; t < 2; t++) {
		for (size_t i = 0; i < texts[t].len; i++)
			ck_assert_msg((unsigned char)texts[t].ptr[i] >= ' ' && texts[t].ptr[i] != 0x7f, "%s",
				rule_get((enum rule_id)_i)->id);
		static const char *const marks[] = {
			"{0", "{1", "{2", "{3", "{4", "{text", "{name", "{detail"};
		for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++)
			ck_assert_msg(!has(texts[t], slice_cstr(marks[i])), "%s: %s is left",
				rule_get((enum rule_id)_i)->id, marks[i]);
	}
}
END_TEST

START_TEST(effects_and_references)
{
	struct arena *arena = unit_arena();
	struct finding finding = finding_of(RULE_SPF_UNKNOWN_MECHANISM, SLICE("v=spf1 x"), span_of(7, 1));
	const struct rule *rule = rule_get(RULE_SPF_UNKNOWN_MECHANISM);
	ck_assert_uint_eq(message_effect(arena, &finding, RECEIVER_RFC7208).len, 0);
	finding.effects[RECEIVER_RFC7208] = EFFECT_SPF_PERMERROR;
	unit_assert_slice(message_effect(arena, &finding, RECEIVER_RFC7208),
		slice_cstr(rule_effect_text(EFFECT_SPF_PERMERROR)));
	char expected[64];
	snprintf(expected, sizeof expected, "RFC 7208 section %s", rule->section);
	unit_assert_slice(message_reference(arena, &finding), slice_cstr(expected));
}
END_TEST

static const struct {
	const char *name;
	struct span span;
	struct slice replacement;
	const char *expected;
} titles[] = {
	{"replace", {7, 4}, {"ip4", 3}, "replace \"ipv4\" with \"ip4\""},
	{"remove", {7, 4}, {NULL, 0}, "remove \"ipv4\""},
	{"insert", {7, 0}, {"mx ", 3}, "insert \"mx \""},
	{"escaped", {7, 4}, {"a\n", 2}, "replace \"ipv4\" with \"a\\010\""},
};

START_TEST(fixes_have_titles)
{
	struct arena *arena = unit_arena();
	struct finding finding =
		finding_of(RULE_SPF_UNKNOWN_MECHANISM, SLICE("v=spf1 ipv4:x"), span_of(7, 4));
	ck_assert_uint_eq(message_fix_title(arena, &finding).len, 0);
	finding.fix = fix_replace(arena, finding.place.record, titles[_i].span, titles[_i].replacement, true);
	unit_assert_slice(message_fix_title(arena, &finding), slice_cstr(titles[_i].expected));
}
END_TEST

START_TEST(fixes_of_more_than_one_place_have_titles)
{
	struct arena *arena = unit_arena();
	struct finding finding =
		finding_of(RULE_SPF_UNKNOWN_MECHANISM, SLICE("v=spf1 ipv4:x"), span_of(7, 4));
	struct fix_edit edits[2] = {{{0, 1}, {NULL, 0}}, {{3, 1}, {NULL, 0}}};
	finding.fix = fix_edits(arena, finding.place.record, edits, 2, true);
	unit_assert_slice(message_fix_title(arena, &finding), SLICE("change the record at 2 places"));
	finding.fix = fix_record(arena, SLICE("v=spf1 -all"), true);
	unit_assert_slice(message_fix_title(arena, &finding), SLICE("replace the record"));
}
END_TEST

static void work(struct arena *arena, void *context)
{
	(void)context;
	struct finding finding =
		finding_of(RULE_SPF_UNKNOWN_MECHANISM, SLICE("v=spf1 \x01\x02\x03"), span_of(7, 3));
	finding.fix = fix_replace(arena, finding.place.record, finding.span, SLICE("mx"), true);
	for (size_t i = 0; i < 1000; i++) {
		message_text(arena, &finding);
		message_advice(arena, &finding);
		message_fix_title(arena, &finding);
		message_reference(arena, &finding);
	}
}

START_TEST(lack_of_memory_is_noticed)
{
	unit_fail_every_allocation(work, NULL);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("message");
	TCase *tests = tcase_create("message");
	tcase_add_test(tests, bytes_are_escaped);
	tcase_add_test(tests, long_bytes_are_cut);
	tcase_add_test(tests, names_are_not_escaped_twice);
	tcase_add_loop_test(tests, cuts_are_between_characters, 0, 7 * 8);
	tcase_add_loop_test(tests, every_rule_makes_one_line, 0, RULE_COUNT);
	tcase_add_test(tests, effects_and_references);
	tcase_add_loop_test(tests, fixes_have_titles, 0, sizeof titles / sizeof titles[0]);
	tcase_add_test(tests, fixes_of_more_than_one_place_have_titles);
	tcase_add_test(tests, lack_of_memory_is_noticed);
	suite_add_tcase(suite, tests);
	return unit_run(suite);
}
