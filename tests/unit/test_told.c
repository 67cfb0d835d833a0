/* Tests of report/told: what was said already. */
#include "report/told.h"

#include "base/arena.h"
#include "support/unit.h"

static struct told told;

static void setup(void)
{
	told_init(&told);
}

static void cleanup(void)
{
	told_free(&told);
}

START_TEST(the_same_bytes)
{
	ck_assert(!told_again(&told, SLICE("a")));
	ck_assert(!told_again(&told, SLICE("ab")));
	ck_assert(!told_again(&told, slice_of("a\0b", 3)));
	ck_assert(told_again(&told, SLICE("a")));
	ck_assert(told_again(&told, slice_of("a\0b", 3)));
	ck_assert(!told_again(&told, SLICE("A")));
	ck_assert(!told_again(&told, SLICE("")));
	ck_assert(!told_again(&told, SLICE("")));
	ck_assert_uint_eq(told.count, 4);
}
END_TEST

START_TEST(many)
{
	struct arena *arena = unit_arena();
	const size_t count = 20000;
	size_t forgotten = 0;
	for (size_t i = 0; i < count; i++)
		ck_assert(!told_again(&told, arena_printf(arena, "text %zu", i)));
	for (size_t i = 0; i < count; i++)
		forgotten += !told_again(&told, arena_printf(arena, "text %zu", i));
	ck_assert_uint_eq(forgotten, 0);
	ck_assert_uint_le(2 * told.count, told.size);
}
END_TEST

START_TEST(no_more_than_so_much)
{
	struct arena *arena = unit_arena();
	const size_t len = TOLD_MAX_BYTES / 4 + 1;
	char *text = arena_alloc(arena, len);
	memset(text, 'x', len);
	for (char c = 'a'; c < 'f'; c++) {
		text[0] = c;
		ck_assert(!told_again(&told, slice_of(text, len)));
	}
	text[0] = 'a';
	ck_assert(told_again(&told, slice_of(text, len)));
	text[0] = 'e';
	ck_assert(!told_again(&told, slice_of(text, len)));
	ck_assert_uint_le(told.bytes.len, TOLD_MAX_BYTES);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("told");
	TCase *tests = tcase_create("told");
	tcase_add_checked_fixture(tests, setup, cleanup);
	tcase_add_test(tests, the_same_bytes);
	tcase_add_test(tests, many);
	tcase_add_test(tests, no_more_than_so_much);
	suite_add_tcase(suite, tests);
	return unit_run(suite);
}
