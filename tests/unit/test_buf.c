/* The growing buffer and its sticky failure. */
#include "base/buf.h"

#include "support/unit.h"

START_TEST(grows)
{
	struct buf buf;
	buf_init(&buf);
	unit_assert_slice(buf_slice(&buf), SLICE(""));
	buf_text(&buf, "a");
	buf_byte(&buf, '\0');
	buf_add(&buf, SLICE("bc"));
	buf_add(&buf, slice_of(NULL, 0));
	buf_repeat(&buf, '-', 3);
	buf_repeat(&buf, '-', 0);
	buf_printf(&buf, "%d|%s", 42, "x");
	buf_printf(&buf, "%s", "");
	unit_assert_slice(buf_slice(&buf), SLICE("a\0bc---42|x"));
	ck_assert(!buf.failed);
	buf_clear(&buf);
	ck_assert_uint_eq(buf.len, 0);
	ck_assert_uint_gt(buf.capacity, 0);
	for (int i = 0; i < 1000; i++)
		buf_printf(&buf, "%03d", i);
	ck_assert_uint_eq(buf.len, 3000);
	unit_assert_slice(slice_from(buf_slice(&buf), 2991), SLICE("997998999"));
	buf_free(&buf);
	ck_assert_ptr_null(buf.data);
}
END_TEST

/* The text that fills the buffer to its last byte. */
START_TEST(exact_fit)
{
	struct buf buf;
	buf_init(&buf);
	buf_repeat(&buf, 'x', 256);
	ck_assert_uint_eq(buf.capacity, 256);
	buf_clear(&buf);
	buf_repeat(&buf, 'x', 250);
	buf_printf(&buf, "%s", "123456");
	ck_assert_uint_eq(buf.len, 256);
	buf_printf(&buf, "%s", "7");
	unit_assert_slice(slice_from(buf_slice(&buf), 249), SLICE("x1234567"));
	buf_free(&buf);
}
END_TEST

struct number_row {
	uint64_t number;
	const char *text;
};

static const struct number_row number_rows[] = {
	{0, "0"}, {9, "9"}, {10, "10"}, {4294967296u, "4294967296"}, {UINT64_MAX, "18446744073709551615"}};

START_TEST(numbers)
{
	struct buf buf;
	buf_init(&buf);
	buf_uint(&buf, number_rows[_i].number);
	unit_assert_slice(buf_slice(&buf), slice_cstr(number_rows[_i].text));
	buf_free(&buf);
}
END_TEST

/* More than there can be: failed, and it stays so until it is cleared. */
START_TEST(failure_is_sticky)
{
	struct buf buf;
	buf_init(&buf);
	buf_text(&buf, "kept");
	buf_repeat(&buf, 'x', SIZE_MAX / 2 + 2);
	ck_assert(buf.failed);
	buf_text(&buf, "more");
	buf_uint(&buf, 1);
	buf_printf(&buf, "%d", 1);
	unit_assert_slice(buf_slice(&buf), SLICE("kept"));
	buf_clear(&buf);
	buf_text(&buf, "again");
	ck_assert(!buf.failed);
	unit_assert_slice(buf_slice(&buf), SLICE("again"));
	buf_free(&buf);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("buf");
	TCase *tests = tcase_create("tests");
	tcase_add_test(tests, grows);
	tcase_add_test(tests, exact_fit);
	tcase_add_loop_test(tests, numbers, 0, (int)(sizeof number_rows / sizeof number_rows[0]));
	tcase_add_test(tests, failure_is_sticky);
	suite_add_tcase(suite, tests);
	return unit_run(suite);
}
