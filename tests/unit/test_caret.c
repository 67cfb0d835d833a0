/* Tests of report/text and report/caret: folding, columns of characters, and carets under exactly the
 * right bytes. */
#include "report/caret.h"

#include <stdlib.h>

#include "report/text_columns.h"
#include "support/unit.h"

static struct writer_options options_of(size_t width)
{
	return (struct writer_options){.unicode = true, .width = width};
}

/* Owned by the test's process. */
static struct buf output;

static struct text start(const struct writer_options *options)
{
	struct text text;
	buf_init(&output);
	text_init(&text, &output, unit_arena(), options);
	return text;
}

static void assert_output(const char *expected)
{
	unit_assert_slice(buf_slice(&output), slice_cstr(expected));
	buf_free(&output);
}

static const struct {
	const char *name;
	struct slice record;
	struct span span;
	const char *expected;
} carets[] = {
	{"start", {"v=spf1 mx", 9}, {0, 6}, "  v=spf1 mx\n  ^^^^^^\n"},
	{"middle", {"v=spf1 mx -all", 14}, {7, 2}, "  v=spf1 mx -all\n         ^^\n"},
	{"end", {"v=spf1 mx", 9}, {7, 2}, "  v=spf1 mx\n         ^^\n"},
	{"behind the end", {"v=spf1", 6}, {6, 0}, "  v=spf1\n        ^\n"},
	{"nothing at a place", {"v=spf1 mx", 9}, {7, 0}, "  v=spf1 mx\n         ^\n"},
	{"one blank", {"v=spf1  mx", 10}, {7, 1}, "  v=spf1  mx\n         ^\n"},
	{"escape before", {"a\x01z", 3}, {2, 1}, "  a\\001z\n       ^\n"},
	{"escape is it", {"a\x01z", 3}, {1, 1}, "  a\\001z\n   ^^^^\n"},
	{"backslash", {"a\\;z", 4}, {1, 1}, "  a\\\\;z\n   ^^\n"},
	{"nul", {"a\0z", 3}, {1, 1}, "  a\\000z\n   ^^^^\n"},
	{"wide", {"\xe6\xbc\xa2\xe5\xad\x97 z", 8}, {7, 1}, "  \xe6\xbc\xa2\xe5\xad\x97 z\n       ^\n"},
	{"wide is it", {"a\xe6\xbc\xa2z", 5}, {1, 3}, "  a\xe6\xbc\xa2z\n   ^^\n"},
	{"emoji", {"\xf0\x9f\x93\xa7z", 5}, {4, 1}, "  \xf0\x9f\x93\xa7z\n    ^\n"},
	{"combining", {"u\xcc\x88z", 4}, {3, 1}, "  u\xcc\x88z\n   ^\n"},
	{"narrow umlaut", {"\xc3\xbcz", 3}, {2, 1}, "  \xc3\xbcz\n   ^\n"},
	{"torn character", {"\xc3\xbcz", 3}, {1, 1}, "  \\195\\188z\n      ^^^^\n"},
	{"smart quote", {"a\xe2\x80\x9cz", 5}, {1, 3}, "  a\xe2\x80\x9cz\n   ^\n"},
	{"bidi", {"a\xe2\x80\xaez", 5}, {1, 3}, "  a\\226\\128\\174z\n   ^^^^^^^^^^^^\n"},
};

START_TEST(carets_stand_under_the_bytes)
{
	struct writer_options options = options_of(80);
	struct text text = start(&options);
	caret_write(&text, 2, carets[_i].record, carets[_i].span, TEXT_BAD);
	assert_output(carets[_i].expected);
}
END_TEST

/* 24 columns with two of margin and one to spare: 21 for a line. */
static const struct {
	const char *name;
	const char *record;
	struct span span;
	const char *expected;
} folds[] = {
	{"first line", "v=spf1 include:a.example include:b.example", {0, 6},
		"  v=spf1\n  ^^^^^^\n  include:a.example\n  include:b.example\n"},
	{"last line", "v=spf1 include:a.example include:b.example", {25, 17},
		"  v=spf1\n  include:a.example\n  include:b.example\n  ^^^^^^^^^^^^^^^^^\n"},
	{"across a fold", "v=spf1 include:a.example include:b.example", {15, 19},
		"  v=spf1\n  include:a.example\n          ^^^^^^^^^^\n  include:b.example\n  ^^^^^^^^^\n"},
	{"the blank of the fold", "v=spf1 include:a.example mx", {6, 1},
		"  v=spf1\n        ^\n  include:a.example mx\n"},
	{"blank hangs over", "v=spf1 include:aaaaaaaaaaaaa mx", {28, 1},
		"  v=spf1\n  include:aaaaaaaaaaaaa\n                       ^\n  mx\n"},
	{"a long word", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaBC", {30, 2},
		"  aaaaaaaaaaaaaaaaaaaaa\n  aaaaaaaaaBC\n           ^^\n"},
	{"no fold in an escape", "aaaaaaaaaaaaaaaaaa\x01 b", {18, 1},
		"  aaaaaaaaaaaaaaaaaa\n  \\001 b\n  ^^^^\n"},
	{"no fold in a character", "aaaaaaaaaaaaaaaaaaaa\xe6\xbc\xa2", {20, 3},
		"  aaaaaaaaaaaaaaaaaaaa\n  \xe6\xbc\xa2\n  ^^\n"},
};

START_TEST(long_records_fold_with_their_carets)
{
	struct writer_options options = options_of(24);
	struct text text = start(&options);
	caret_write(&text, 2, slice_cstr(folds[_i].record), folds[_i].span, TEXT_BAD);
	assert_output(folds[_i].expected);
}
END_TEST

START_TEST(records_of_many_lines_are_shown_in_part)
{
	struct writer_options options = options_of(24);
	struct text text = start(&options);
	char record[20 * 21];
	memset(record, 'x', sizeof record);
	caret_write(&text, 2, slice_of(record, sizeof record), span_of(10 * 21, 1), TEXT_BAD);
	assert_output("  [9 more lines]\n"
		      "  xxxxxxxxxxxxxxxxxxxxx\n"
		      "  xxxxxxxxxxxxxxxxxxxxx\n"
		      "  ^\n"
		      "  xxxxxxxxxxxxxxxxxxxxx\n"
		      "  xxxxxxxxxxxxxxxxxxxxx\n"
		      "  [7 more lines]\n");
}
END_TEST

START_TEST(without_carets_the_start_is_shown)
{
	struct writer_options options = options_of(24);
	struct text text = start(&options);
	char record[10 * 21];
	memset(record, 'x', sizeof record);
	caret_write_plain(&text, "A", 2, slice_of(record, sizeof record));
	assert_output("A xxxxxxxxxxxxxxxxxxxxx\n"
		      "  xxxxxxxxxxxxxxxxxxxxx\n"
		      "  xxxxxxxxxxxxxxxxxxxxx\n"
		      "  xxxxxxxxxxxxxxxxxxxxx\n"
		      "  xxxxxxxxxxxxxxxxxxxxx\n"
		      "  xxxxxxxxxxxxxxxxxxxxx\n"
		      "  xxxxxxxxxxxxxxxxxxxxx\n"
		      "  [3 more lines]\n");
}
END_TEST

/* Any bytes: no line is wider than the page and no control gets through. */
START_TEST(random_bytes_never_overflow_the_page)
{
	struct writer_options options = options_of(60);
	options.unicode = _i % 2 == 0;
	struct text text = start(&options);
	char record[700];
	srand((unsigned)_i);
	for (size_t i = 0; i < sizeof record; i++)
		record[i] = (char)(rand() % (_i % 3 == 0 ? 256 : 128));
	size_t from = (size_t)rand() % sizeof record;
	caret_write(&text, 4, slice_of(record, sizeof record), span_of(from, (size_t)rand() % 300), TEXT_BAD);
	for (size_t at = 0; at < output.len;) {
		size_t end = slice_find(buf_slice(&output), '\n', at);
		struct slice line = slice_at(buf_slice(&output), span_of(at, end - at));
		ck_assert_uint_le(text_width(line), 60);
		for (size_t i = 0; i < line.len; i++)
			ck_assert(((unsigned char)line.ptr[i] >= ' ' && line.ptr[i] != 0x7f) &&
				  (options.unicode || (unsigned char)line.ptr[i] < 0x80));
		at = end + 1;
	}
	buf_free(&output);
}
END_TEST

START_TEST(sixty_four_kibibytes_are_no_trouble)
{
	struct writer_options options = options_of(80);
	struct text text = start(&options);
	char *record = arena_alloc(text.arena, 65535);
	memset(record, 0xff, 65535);
	for (size_t i = 0; i < 20; i++) {
		buf_clear(&output);
		caret_write(&text, 4, slice_of(record, 65535), span_of(0, 65535), TEXT_BAD);
		ck_assert_uint_lt(output.len, 4096);
	}
	buf_free(&output);
}
END_TEST

static const struct {
	uint32_t code;
	size_t columns;
} widths[] = {
	{'a', 1},
	{0xfc, 1},
	{0x2ff, 1},
	{0x300, 0},
	{0x36f, 0},
	{0x370, 1},
	{0x201c, 1},
	{0x2500, 1},
	{0x1100, 2},
	{0x115f, 2},
	{0x3042, 2},
	{0x3099, 0},
	{0x4e00, 2},
	{0xa4cf, 2},
	{0xa4d0, 1},
	{0xac00, 2},
	{0xfe0f, 0},
	{0xff01, 2},
	{0xff61, 1},
	{0x1f4e7, 2},
	{0x20000, 2},
	{0x3fffd, 2},
	{0x10fffd, 1},
};

START_TEST(characters_take_columns)
{
	ck_assert_uint_eq(text_columns(widths[_i].code), widths[_i].columns);
}
END_TEST

static const struct {
	const char *name;
	const char *text;
	const char *expected;
} wraps[] = {
	{"fits", "some words", "- some words\n"},
	{"empty", "", "-\n"},
	{"exactly", "aaaaaaaaaa aaaaaaaaaaa", "- aaaaaaaaaa aaaaaaaaaaa\n"},
	{"folds at a blank", "aaaaaaaaaa aaaaaaaaaaaa b", "- aaaaaaaaaa\n. aaaaaaaaaaaa b\n"},
	{"a word ends with the line", "aaaaaaaaaa aaaaaaaaaaa b", "- aaaaaaaaaa aaaaaaaaaaa\n. b\n"},
	{"a long word", "aaaaaaaaaaaaaaaaaaaaaaaaa b", "- aaaaaaaaaaaaaaaaaaaaaa\n. aaa b\n"},
};

START_TEST(sentences_wrap)
{
	struct writer_options options = options_of(24);
	struct text text = start(&options);
	text_wrap(&text, TEXT_BAD, SLICE("- "), SLICE(". "), slice_cstr(wraps[_i].text));
	assert_output(wraps[_i].expected);
}
END_TEST

START_TEST(colour_is_put_around_the_words_only)
{
	struct writer_options options = options_of(80);
	options.color = true;
	struct text text = start(&options);
	text_wrap(&text, TEXT_BAD, SLICE("- "), SLICE("  "), SLICE("word"));
	caret_write(&text, 2, SLICE("ab"), span_of(1, 1), TEXT_WARNING);
	assert_output("- \033[31mword\033[0m\n  ab\n   \033[33m^\033[0m\n");
}
END_TEST

START_TEST(durations_are_said_in_whole_units)
{
	struct writer_options options = options_of(80);
	struct text text = start(&options);
	unit_assert_slice(text_duration(&text, 0), SLICE("0 seconds"));
	unit_assert_slice(text_duration(&text, 1), SLICE("1 second"));
	unit_assert_slice(text_duration(&text, 300), SLICE("5 minutes"));
	unit_assert_slice(text_duration(&text, 3600), SLICE("1 hour"));
	unit_assert_slice(text_duration(&text, 3601), SLICE("3601 seconds"));
	unit_assert_slice(text_duration(&text, 172800), SLICE("2 days"));
}
END_TEST

START_TEST(without_unicode_everything_is_ascii)
{
	struct writer_options options = {.width = 80};
	struct text text = start(&options);
	unit_assert_slice(text_raw(&text, SLICE("a\xc3\xbc\x9b")), SLICE("a\\195\\188\\155"));
	unit_assert_slice(text_shown(&text, SLICE("\\027\xc3\xbc")), SLICE("\\027\\195\\188"));
}
END_TEST

static void work(struct arena *arena, void *context)
{
	(void)context;
	struct writer_options options = options_of(24);
	struct text text;
	buf_clear(&output);
	text_init(&text, &output, arena, &options);
	for (size_t i = 0; i < 200; i++)
		caret_write(
			&text, 2, SLICE("v=spf1 include:a.example include:\xff"), span_of(15, 19), TEXT_BAD);
}

/* Strings are drawn in quotes; what begins at a border stands behind it. */
static const struct {
	const char *name;
	size_t borders[2], count;
	struct span span;
	const char *expected;
} strings[] = {
	{"one border", {3}, 1, {0, 2}, "  \"abc\" \"def\"\n   ^^\n"},
	{"begins at the border", {3}, 1, {3, 1}, "  \"abc\" \"def\"\n         ^\n"},
	{"ends at the border", {3}, 1, {2, 1}, "  \"abc\" \"def\"\n     ^\n"},
	{"over the border", {3}, 1, {2, 2}, "  \"abc\" \"def\"\n     ^^^^^\n"},
	{"nothing at the border", {3}, 1, {3, 0}, "  \"abc\" \"def\"\n      ^\n"},
	{"all", {3}, 1, {0, 6}, "  \"abc\" \"def\"\n   ^^^^^^^^^\n"},
	{"two borders", {1, 4}, 2, {4, 2}, "  \"a\" \"bcd\" \"ef\"\n             ^^\n"},
	{"an empty string first", {0}, 1, {0, 1}, "  \"\" \"abcdef\"\n      ^\n"},
	{"an empty string last", {6}, 1, {5, 1}, "  \"abcdef\" \"\"\n        ^\n"},
	{"behind the end", {3}, 1, {9, 1}, "  \"abc\" \"def\"\n            ^\n"},
};

START_TEST(borders_of_strings_are_drawn)
{
	struct writer_options options = options_of(80);
	struct text text = start(&options);
	caret_write_strings(&text, 2, SLICE("abcdef"), strings[_i].span, strings[_i].borders,
		strings[_i].count, TEXT_BAD);
	assert_output(strings[_i].expected);
}
END_TEST

START_TEST(lines_of_files_stay_as_they_are)
{
	struct writer_options options = options_of(80);
	struct text text = start(&options);
	caret_write_source(&text, 2, SLICE("@\tTXT\t\"a\\;\x01z\""), span_of(10, 2), TEXT_BAD);
	assert_output("  @ TXT \"a\\;\\001z\"\n            ^^^^^\n");
}
END_TEST

START_TEST(lack_of_memory_is_noticed)
{
	buf_init(&output);
	unit_fail_every_allocation(work, NULL);
	buf_free(&output);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("caret");
	TCase *tests = tcase_create("caret");
	tcase_add_loop_test(tests, carets_stand_under_the_bytes, 0, sizeof carets / sizeof carets[0]);
	tcase_add_loop_test(tests, long_records_fold_with_their_carets, 0, sizeof folds / sizeof folds[0]);
	tcase_add_test(tests, records_of_many_lines_are_shown_in_part);
	tcase_add_test(tests, without_carets_the_start_is_shown);
	tcase_add_loop_test(tests, random_bytes_never_overflow_the_page, 0, 100);
	tcase_add_test(tests, sixty_four_kibibytes_are_no_trouble);
	tcase_add_loop_test(tests, characters_take_columns, 0, sizeof widths / sizeof widths[0]);
	tcase_add_loop_test(tests, sentences_wrap, 0, sizeof wraps / sizeof wraps[0]);
	tcase_add_test(tests, colour_is_put_around_the_words_only);
	tcase_add_test(tests, durations_are_said_in_whole_units);
	tcase_add_test(tests, without_unicode_everything_is_ascii);
	tcase_add_loop_test(tests, borders_of_strings_are_drawn, 0, sizeof strings / sizeof strings[0]);
	tcase_add_test(tests, lines_of_files_stay_as_they_are);
	tcase_add_test(tests, lack_of_memory_is_noticed);
	suite_add_tcase(suite, tests);
	return unit_run(suite);
}
