/* Character classes against their ranges, numbers, escapes, UTF-8. */
#include "base/ascii.h"

#include <stdlib.h>

#include "base/arena.h"
#include "support/unit.h"

START_TEST(classes)
{
	for (int i = 0; i < 256; i++) {
		char c = (char)(unsigned char)i;
		bool upper = i >= 'A' && i <= 'Z', lower = i >= 'a' && i <= 'z', digit = i >= '0' && i <= '9';
		ck_assert_int_eq(ascii_is_upper(c), upper);
		ck_assert_int_eq(ascii_is_alpha(c), upper || lower);
		ck_assert_int_eq(ascii_is_digit(c), digit);
		ck_assert_int_eq(ascii_is_alnum(c), upper || lower || digit);
		ck_assert_int_eq(ascii_is_wsp(c), i == ' ' || i == '\t');
		ck_assert_int_eq(ascii_is_visible(c), i > 0x20 && i < 0x7f);
		ck_assert_int_eq(ascii_lower(c), upper ? (char)(i + 32) : c);
		bool hex = i < 128 && i > 0 && strchr("0123456789abcdefABCDEF", i) != NULL;
		const char text[] = {c, 0};
		ck_assert_int_eq(ascii_hex_value(c), hex ? (int)strtol(text, NULL, 16) : -1);
	}
}
END_TEST

struct number_row {
	const char *text;
	uint64_t max;
	bool valid;
	uint64_t value;
};

static const struct number_row number_rows[] = {
	{"0", 0, true, 0},
	{"1", 0, false, 0},
	{"007", 7, true, 7},
	{"8", 7, false, 0},
	{"65535", UINT16_MAX, true, 65535},
	{"65536", UINT16_MAX, false, 0},
	{"18446744073709551615", UINT64_MAX, true, UINT64_MAX},
	{"18446744073709551616", UINT64_MAX, false, 0},
	{"184467440737095516150", UINT64_MAX, false, 0},
	{"", 9, false, 0},
	{"-1", 9, false, 0},
	{"+1", 9, false, 0},
	{" 1", 9, false, 0},
	{"1x", 9, false, 0},
	{"0x1", 9, false, 0},
};

START_TEST(numbers)
{
	const struct number_row *row = &number_rows[_i];
	uint64_t value = 77;
	ck_assert_msg(
		ascii_parse_uint(slice_cstr(row->text), row->max, &value) == row->valid, "%s", row->text);
	ck_assert_uint_eq(value, row->valid ? row->value : 77);
}
END_TEST

#define S(literal)                                                                                           \
	{                                                                                                    \
		literal, sizeof(literal) - 1                                                                 \
	}

struct escape_row {
	struct slice text;
	const char *escaped;
};

static const struct escape_row escape_rows[] = {
	{S(""), ""},
	{S("plain ~ text"), "plain ~ text"},
	{S("a\\b"), "a\\\\b"},
	{S("a\0b\n\033[1m\177"), "a\\000b\\010\\027[1m\\127"},
	{S("\303\274\342\202\254\360\237\222\251"), "\303\274\342\202\254\360\237\222\251"},
	{S("\303"), "\\195"},
	{S("\300\200"), "\\192\\128"},			 /* overlong NUL */
	{S("\340\200\257"), "\\224\\128\\175"},		 /* overlong slash */
	{S("\355\240\200"), "\\237\\160\\128"},		 /* surrogate */
	{S("\364\220\200\200"), "\\244\\144\\128\\128"}, /* above U+10FFFF */
	{S("\377\376"), "\\255\\254"},
	{S("\302\205"), "\\194\\133"}, /* next line, C1 */
	{S("\302\240"), "\\194\\160"}, /* no-break space */
	{S("\302\241"), "\302\241"},
	{S("\342\200\211"), "\\226\\128\\137"},		 /* thin space */
	{S("\343\200\200"), "\\227\\128\\128"},		 /* ideographic space */
	{S("\342\200\256x"), "\\226\\128\\174x"},	 /* right-to-left override */
	{S("\342\200\250"), "\\226\\128\\168"},		 /* line separator */
	{S("\342\200\213"), "\\226\\128\\139"},		 /* zero width space */
	{S("\357\273\277"), "\\239\\187\\191"},		 /* byte order mark */
	{S("\363\240\201\201"), "\\243\\160\\129\\129"}, /* tag letter */
	{S("\342\200\234smart\342\200\235"), "\342\200\234smart\342\200\235"},
};

START_TEST(escapes)
{
	const struct escape_row *row = &escape_rows[_i];
	struct slice escaped = ascii_escape(unit_arena(), row->text);
	unit_assert_slice(escaped, slice_cstr(row->escaped));
	ck_assert_int_eq(ascii_is_plain(row->text), slice_equal(escaped, row->text));
}
END_TEST

START_TEST(escapes_the_rest)
{
	struct slice text = SLICE("a\\046b\\\\\377\n\\");
	unit_assert_slice(ascii_escape_rest(unit_arena(), text), SLICE("a\\046b\\\\\\255\\010\\"));
	ck_assert_ptr_eq(ascii_escape_rest(unit_arena(), SLICE("abc")).ptr, SLICE("abc").ptr);
}
END_TEST

struct read_row {
	struct slice text;
	bool valid;
	int byte;
	size_t taken;
};

static const struct read_row read_rows[] = {
	{S("032x"), true, ' ', 3},
	{S("255"), true, 255, 3},
	{S("000"), true, 0, 3},
	{S("256"), false, 0, 0},
	{S("25"), false, 0, 0},
	{S("2a5"), false, 0, 0},
	{S(""), false, 0, 0},
	{S(".a"), true, '.', 1},
	{S("\\"), true, '\\', 1},
	{S("x12"), true, 'x', 1},
};

START_TEST(reads_escapes)
{
	const struct read_row *row = &read_rows[_i];
	struct slice text = row->text;
	char byte = '?';
	ck_assert_int_eq(ascii_read_escape(&text, &byte), row->valid);
	ck_assert_uint_eq(text.len, row->text.len - row->taken);
	ck_assert_int_eq((unsigned char)byte, row->valid ? row->byte : '?');
}
END_TEST

START_TEST(utf8_lengths)
{
	ck_assert_uint_eq(ascii_utf8_length(SLICE("a\303")), 1);
	ck_assert_uint_eq(ascii_utf8_length(slice_of("\0", 1)), 1);
	ck_assert_uint_eq(ascii_utf8_length(SLICE("\303\274")), 2);
	ck_assert_uint_eq(ascii_utf8_length(SLICE("\342\202\254x")), 3);
	ck_assert_uint_eq(ascii_utf8_length(SLICE("\364\217\277\277")), 4);
	ck_assert_uint_eq(ascii_utf8_length(SLICE("\342\202")), 0);
	ck_assert_uint_eq(ascii_utf8_length(SLICE("\342x\254")), 0);
	ck_assert_uint_eq(ascii_utf8_length(SLICE("")), 0);
}
END_TEST

static void escape_some(struct arena *arena, void *context)
{
	(void)context;
	ascii_escape(arena, SLICE("\377"));
}

static const struct {
	struct slice text;
	bool ascii, utf8;
} kind_rows[] = {
	{S(""), true, true}, {S("a\0\x7f"), true, true}, {S("a\x80"), false, false},
	{S("gr\xc3\xbc\xc3\x9f"), false, true}, {S("\xc3\xbc\xc3"), false, false}, /* cut */
	{S("\xed\xa0\x80"), false, false},					   /* a surrogate */
};

START_TEST(kinds_of_text)
{
	ck_assert(ascii_is_all(kind_rows[_i].text) == kind_rows[_i].ascii);
	ck_assert(ascii_is_utf8(kind_rows[_i].text) == kind_rows[_i].utf8);
}
END_TEST

START_TEST(lack_of_memory)
{
	unit_fail_every_allocation(escape_some, NULL);
}
END_TEST

struct quote_row {
	const char *text;
	size_t most;
	const char *quoted;
};

static const struct quote_row quote_rows[] = {
	{"", 5, "''"},
	{"abcde", 5, "'abcde'"},
	{"abcdef", 5, "'abcde...'"},
	{"a\x01", 5, "'a\\001'"},
	{"abcd\xC3\xBC", 5, "'abcd...'"},
	{"abc\xC3\xBC", 5, "'abc\xC3\xBC'"},
	{"\xFF\xFF\xFF", 2, "'\\255\\255...'"},
};

START_TEST(quotes_are_cut_between_characters)
{
	const struct quote_row *row = &quote_rows[_i];
	ck_assert_str_eq(ascii_quote(unit_arena(), slice_cstr(row->text), row->most), row->quoted);
}
END_TEST

START_TEST(words)
{
	struct slice rest = SLICE(" \t a-b  c\td ");
	unit_assert_slice(ascii_take_word(&rest), SLICE("a-b"));
	unit_assert_slice(ascii_take_word(&rest), SLICE("c"));
	unit_assert_slice(rest, SLICE("\td "));
	unit_assert_slice(ascii_take_word(&rest), SLICE("d"));
	const char *end = rest.ptr + rest.len;
	struct slice none = ascii_take_word(&rest);
	ck_assert_uint_eq(none.len, 0);
	ck_assert_ptr_eq(none.ptr, end);
	ck_assert_uint_eq(rest.len, 0);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("ascii");
	TCase *tests = tcase_create("tests");
	tcase_add_test(tests, words);
	tcase_add_test(tests, classes);
	tcase_add_loop_test(tests, numbers, 0, (int)(sizeof number_rows / sizeof number_rows[0]));
	tcase_add_loop_test(tests, escapes, 0, (int)(sizeof escape_rows / sizeof escape_rows[0]));
	tcase_add_test(tests, escapes_the_rest);
	tcase_add_loop_test(tests, reads_escapes, 0, (int)(sizeof read_rows / sizeof read_rows[0]));
	tcase_add_test(tests, utf8_lengths);
	tcase_add_loop_test(tests, kinds_of_text, 0, (int)(sizeof kind_rows / sizeof kind_rows[0]));
	tcase_add_test(tests, lack_of_memory);
	tcase_add_loop_test(
		tests, quotes_are_cut_between_characters, 0, (int)(sizeof quote_rows / sizeof quote_rows[0]));
	suite_add_tcase(suite, tests);
	return unit_run(suite);
}
