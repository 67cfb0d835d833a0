/* Slices and spans. */
#include "base/slice.h"

#include "support/unit.h"

struct pair_row {
	struct slice a, b;
	bool equal, equal_nocase, starts, starts_nocase;
	int order;
};

#define S(literal)                                                                                           \
	{                                                                                                    \
		literal, sizeof(literal) - 1                                                                 \
	}

static const struct pair_row pair_rows[] = {
	{S(""), {NULL, 0}, true, true, true, true, 0},
	{S("abc"), S("abc"), true, true, true, true, 0},
	{S("abc"), S("ABC"), false, true, false, true, 1},
	{S("abc"), S("ab"), false, false, true, true, 1},
	{S("ab"), S("abc"), false, false, false, false, -1},
	{S("Ab"), S("a"), false, false, false, true, -1},
	{S("a\0b"), S("a\0c"), false, false, false, false, -1},
	{S("\377"), S("a"), false, false, false, false, 1},
	{S("@[`{"), S("`{@["), false, false, false, false, -1},
	{S("\303\244"), S("\303\204"), false, false, false, false, 1},
};

START_TEST(pairs)
{
	const struct pair_row *row = &pair_rows[_i];
	int order = slice_compare(row->a, row->b);
	ck_assert_int_eq(slice_equal(row->a, row->b), row->equal);
	ck_assert_int_eq(slice_equal_nocase(row->a, row->b), row->equal_nocase);
	ck_assert_int_eq(slice_starts(row->a, row->b), row->starts);
	ck_assert_int_eq(slice_starts_nocase(row->a, row->b), row->starts_nocase);
	ck_assert_int_eq((order > 0) - (order < 0), row->order);
	order = slice_compare(row->b, row->a);
	ck_assert_int_eq((order > 0) - (order < 0), -row->order);
}
END_TEST

START_TEST(parts)
{
	const struct slice text = SLICE("hello"), none = {NULL, 0};
	unit_assert_slice(slice_from(text, 0), text);
	unit_assert_slice(slice_from(text, 3), SLICE("lo"));
	unit_assert_slice(slice_from(text, 5), SLICE(""));
	unit_assert_slice(slice_from(text, 99), SLICE(""));
	ck_assert_ptr_eq(slice_from(text, 99).ptr, text.ptr + 5);
	ck_assert_ptr_null(slice_from(none, 3).ptr);
	unit_assert_slice(slice_head(text, 2), SLICE("he"));
	unit_assert_slice(slice_head(text, 99), text);
	unit_assert_slice(slice_at(text, span_of(1, 3)), SLICE("ell"));
	unit_assert_slice(slice_at(text, span_of(3, 99)), SLICE("lo"));
	unit_assert_slice(slice_at(text, span_of(99, 1)), SLICE(""));
	ck_assert_uint_eq(span_end(span_of(2, 3)), 5);
}
END_TEST

START_TEST(searches)
{
	const struct slice text = SLICE("a=b;\0A=B"), none = {NULL, 0};
	ck_assert_uint_eq(slice_find(text, '=', 0), 1);
	ck_assert_uint_eq(slice_find(text, '=', 2), 6);
	ck_assert_uint_eq(slice_find(text, '\0', 0), 4);
	ck_assert_uint_eq(slice_find(text, 'x', 0), text.len);
	ck_assert_uint_eq(slice_find(text, 'a', 99), text.len);
	ck_assert_uint_eq(slice_find(none, 'a', 0), 0);
	ck_assert_uint_eq(slice_search_nocase(text, SLICE("a=B")), 0);
	ck_assert_uint_eq(slice_search_nocase(slice_from(text, 1), SLICE("A=b")), 4);
	ck_assert_uint_eq(slice_search_nocase(text, SLICE("b=")), text.len);
	ck_assert_uint_eq(slice_search_nocase(text, SLICE("a=b;\0A=Bx")), text.len);
	ck_assert_uint_eq(slice_search_nocase(text, none), 0);
	ck_assert_uint_eq(slice_search_nocase(none, text), 0);
}
END_TEST

START_TEST(trims)
{
	unit_assert_slice(slice_trim(SLICE(" \ta b\t ")), SLICE("a b"));
	unit_assert_slice(slice_trim(SLICE(" \t ")), SLICE(""));
	unit_assert_slice(slice_trim(SLICE("\na\n")), SLICE("\na\n"));
	unit_assert_slice(slice_trim(SLICE("")), SLICE(""));
	unit_assert_slice(slice_without_line_end(SLICE("a\r\n")), SLICE("a"));
	unit_assert_slice(slice_without_line_end(SLICE("a\n\n")), SLICE("a\n"));
	unit_assert_slice(slice_without_line_end(SLICE("a\r")), SLICE("a"));
	unit_assert_slice(slice_without_line_end(SLICE("\n")), SLICE(""));
	unit_assert_slice(slice_without_line_end(SLICE("")), SLICE(""));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("slice");
	TCase *tests = tcase_create("tests");
	tcase_add_loop_test(tests, pairs, 0, (int)(sizeof pair_rows / sizeof pair_rows[0]));
	tcase_add_test(tests, parts);
	tcase_add_test(tests, searches);
	tcase_add_test(tests, trims);
	suite_add_tcase(suite, tests);
	return unit_run(suite);
}
