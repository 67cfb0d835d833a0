/* Tests of macro/macro_parse: pieces with their spans, and every mistake with the bytes it is about. */
#include "macro/macro_parse.h"

#include "support/unit.h"

#include <stdio.h>

/* A macro string as one line: literals in quotes, expansions as letter, "!" for capitals, number, r,
 * delimiters in parentheses. */
static struct slice shown(struct arena *arena, const struct macro_string *macro)
{
	struct slice out = SLICE("");
	for (size_t i = 0; i < macro->count; i++) {
		const struct macro_piece *piece = &macro->pieces[i];
		struct slice text = slice_at(macro->text, piece->span);
		if (piece->kind == MACRO_LITERAL)
			out = arena_printf(
				arena, "%.*s'%.*s' ", (int)out.len, out.ptr, (int)text.len, text.ptr);
		else if (piece->kind != MACRO_EXPAND)
			out = arena_printf(
				arena, "%.*s%.*s ", (int)out.len, out.ptr, (int)text.len, text.ptr);
		else
			out = arena_printf(arena, "%.*s%c%s%d%s(%.*s) ", (int)out.len, out.ptr, piece->letter,
				piece->url_escape ? "!" : "", piece->has_keep ? (int)piece->keep : -1,
				piece->reverse ? "r" : "", (int)piece->delimiters.len,
				piece->delimiters.ptr == NULL ? "" : piece->delimiters.ptr);
	}
	return out;
}

static const struct {
	const char *text, *pieces;
} valid_rows[] = {
	{"", ""},
	{"example.com", "'example.com' "},
	{"%{d}", "d-1() "},
	{"%{D2R}", "d!2r() "},
	{"%{l1r-}.x", "l1r(-) '.x' "},
	{"%{l.-+,/_=}", "l-1(.-+,/_=) "},
	{"a%%b%_c%-d", "'a' %% 'b' %_ 'c' %- 'd' "},
	{"%{s}%{o}%{i}%{p}%{v}%{h}", "s-1() o-1() i-1() p-1() v-1() h-1() "},
	{"%{d127}%{d001}", "d127() d1() "},
	{"%{d99999999999999999999999999999999}", "d255() "},
	{"a:b/c{d}e\"f", "'a:b/c{d}e\"f' "},
};

START_TEST(pieces_are_these)
{
	struct arena *arena = unit_arena();
	struct findings findings;
	findings_init(&findings, arena);
	/* In the middle of a text: spans are in the text, and what is around it is not read. */
	struct slice text = arena_printf(arena, "%%{<%s>%%", valid_rows[_i].text);
	const struct macro_string *macro =
		macro_parse(arena, text, span_of(3, text.len - 5), MACRO_DOMAIN_SPEC, &findings);
	ck_assert(macro->valid);
	ck_assert_uint_eq(findings.count, 0);
	unit_assert_slice(shown(arena, macro), slice_cstr(valid_rows[_i].pieces));
	size_t at = 3;
	for (size_t i = 0; i < macro->count; i++) {
		ck_assert_uint_eq(macro->pieces[i].span.offset, at);
		at += macro->pieces[i].span.len;
	}
	ck_assert_uint_eq(at, text.len - 2);
}
END_TEST

#define B(text)                                                                                              \
	{                                                                                                    \
		text, sizeof(text) - 1                                                                       \
	}

static const struct {
	struct slice text;
	enum macro_mode mode;
	bool valid;
	const char *rule;
	struct slice about;
	enum detail detail;
} invalid_rows[] = {
	{B("a%"), MACRO_DOMAIN_SPEC, false, "spf-macro-syntax", B("%"), DETAIL_MACRO_LONE_PERCENT},
	{B("50% of"), MACRO_EXPLANATION, false, "spf-macro-syntax", B("%"), DETAIL_MACRO_LONE_PERCENT},
	{B("%(ir).x"), MACRO_DOMAIN_SPEC, false, "spf-macro-syntax", B("%(ir)"), DETAIL_MACRO_PARENTHESIS},
	{B("%(x"), MACRO_DOMAIN_SPEC, false, "spf-macro-syntax", B("%("), DETAIL_MACRO_PARENTHESIS},
	{B("%{}"), MACRO_DOMAIN_SPEC, false, "spf-macro-syntax", B("%{}"), DETAIL_MACRO_EMPTY},
	{B("%{"), MACRO_DOMAIN_SPEC, false, "spf-macro-syntax", B("%{"), DETAIL_MACRO_UNCLOSED},
	{B("%{d2"), MACRO_DOMAIN_SPEC, false, "spf-macro-syntax", B("%{d2"), DETAIL_MACRO_UNCLOSED},
	{B("%{d2.a.example"), MACRO_DOMAIN_SPEC, false, "spf-macro-syntax", B("%{d2.a.example"),
		DETAIL_MACRO_UNCLOSED},
	{B("%{d%{i}"), MACRO_DOMAIN_SPEC, false, "spf-macro-syntax", B("%{d"), DETAIL_MACRO_UNCLOSED},
	{B("%{a}"), MACRO_DOMAIN_SPEC, false, "spf-macro-syntax", B("%{a}"), DETAIL_MACRO_UNKNOWN_LETTER},
	{B("%{-}"), MACRO_EXPLANATION, false, "spf-macro-syntax", B("%{-}"), DETAIL_MACRO_UNKNOWN_LETTER},
	{B("%{d0}"), MACRO_DOMAIN_SPEC, false, "spf-macro-syntax", B("%{d0}"), DETAIL_MACRO_ZERO},
	{B("%{d000r}"), MACRO_DOMAIN_SPEC, false, "spf-macro-syntax", B("%{d000r}"), DETAIL_MACRO_ZERO},
	{B("%{dr2}"), MACRO_DOMAIN_SPEC, false, "spf-macro-syntax", B("%{dr2}"), DETAIL_MACRO_BAD_DELIMITER},
	{B("%{d.2}"), MACRO_DOMAIN_SPEC, false, "spf-macro-syntax", B("%{d.2}"), DETAIL_MACRO_BAD_DELIMITER},
	{B("%{d:}"), MACRO_DOMAIN_SPEC, false, "spf-macro-syntax", B("%{d:}"), DETAIL_MACRO_BAD_DELIMITER},
	{B("%{drr}"), MACRO_DOMAIN_SPEC, false, "spf-macro-syntax", B("%{drr}"), DETAIL_MACRO_BAD_DELIMITER},
	{B("x.%{c}.y"), MACRO_DOMAIN_SPEC, false, "spf-macro-exp-only", B("%{c}"), DETAIL_NONE},
	{B("%{R}"), MACRO_DOMAIN_SPEC, false, "spf-macro-exp-only", B("%{R}"), DETAIL_NONE},
	{B("%{t}"), MACRO_VALUE, true, "spf-macro-exp-only", B("%{t}"), DETAIL_NONE},
	{B("a b"), MACRO_DOMAIN_SPEC, false, "spf-macro-syntax", B(" "), DETAIL_MACRO_BLANK},
	{B("a\tb"), MACRO_EXPLANATION, false, "spf-macro-syntax", B("\t"), DETAIL_MACRO_FOREIGN_BYTE},
	{B("a\xc3\xa4z"), MACRO_EXPLANATION, false, "spf-macro-syntax", B("\xc3\xa4"),
		DETAIL_MACRO_FOREIGN_BYTE},
	{B("a\0"), MACRO_EXPLANATION, false, "spf-macro-syntax", B("\0"), DETAIL_MACRO_FOREIGN_BYTE},
	{B("%{d\0}"), MACRO_DOMAIN_SPEC, false, "spf-macro-syntax", B("%{d"), DETAIL_MACRO_UNCLOSED},
};

START_TEST(mistakes_are_found)
{
	struct arena *arena = unit_arena();
	struct findings findings;
	findings_init(&findings, arena);
	struct slice text = invalid_rows[_i].text;
	const struct macro_string *macro =
		macro_parse(arena, text, span_of(0, text.len), invalid_rows[_i].mode, &findings);
	ck_assert(macro->valid == invalid_rows[_i].valid);
	ck_assert_uint_ge(findings.count, 1);
	ck_assert_str_eq(rule_get(findings.items[0].rule)->id, invalid_rows[_i].rule);
	unit_assert_slice(slice_at(text, findings.items[0].span), invalid_rows[_i].about);
	ck_assert_int_eq((int)findings.items[0].detail, (int)invalid_rows[_i].detail);
	ck_assert_int_eq((int)findings.items[0].severity, macro->valid ? SEVERITY_WARNING : SEVERITY_ERROR);
}
END_TEST

START_TEST(every_mistake_is_found)
{
	struct arena *arena = unit_arena();
	struct findings findings;
	findings_init(&findings, arena);
	struct slice text = SLICE("%{x}.%{c}.%(i).%{d0}.%{ok}%");
	macro_parse(arena, text, span_of(0, text.len), MACRO_DOMAIN_SPEC, &findings);
	static const char *const bytes[] = {"%{x}", "%{c}", "%(i)", "%{d0}", "%{ok}", "%"};
	ck_assert_uint_eq(findings.count, 6);
	for (size_t i = 0; i < 6; i++)
		unit_assert_slice(slice_at(text, findings.items[i].span), slice_cstr(bytes[i]));
}
END_TEST

START_TEST(explanations_take_all_letters_and_spaces)
{
	struct arena *arena = unit_arena();
	struct findings findings;
	findings_init(&findings, arena);
	struct slice text = SLICE("%{c} is not one of %{d}'s hosts, says %{r} at %{T}");
	const struct macro_string *macro =
		macro_parse(arena, text, span_of(0, text.len), MACRO_EXPLANATION, &findings);
	ck_assert(macro->valid && findings.count == 0);
	ck_assert(macro_uses(macro, 'c') && macro_uses(macro, 't') && !macro_uses(macro, 's'));
}
END_TEST

static void parse_some(struct arena *arena, void *context)
{
	(void)context;
	struct findings findings;
	findings_init(&findings, arena);
	for (size_t i = 0; i < sizeof invalid_rows / sizeof invalid_rows[0]; i++)
		macro_parse(arena, invalid_rows[i].text, span_of(0, invalid_rows[i].text.len),
			invalid_rows[i].mode, &findings);
}

START_TEST(lack_of_memory_leaves_by_the_escape)
{
	unit_fail_every_allocation(parse_some, NULL);
}
END_TEST

#define ROWS(table) ((int)(sizeof(table) / sizeof(table)[0]))

int main(void)
{
	Suite *suite = suite_create("macro_parse");
	TCase *tests = tcase_create("macro_parse");
	tcase_add_loop_test(tests, pieces_are_these, 0, ROWS(valid_rows));
	tcase_add_loop_test(tests, mistakes_are_found, 0, ROWS(invalid_rows));
	tcase_add_test(tests, every_mistake_is_found);
	tcase_add_test(tests, explanations_take_all_letters_and_spaces);
	tcase_add_test(tests, lack_of_memory_leaves_by_the_escape);
	suite_add_tcase(suite, tests);
	return unit_run(suite);
}
