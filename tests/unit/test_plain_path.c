/* Tests of report/plain_path: paths as a repository has them. */
#include "report/plain_path.h"

#include "support/unit.h"

static const struct {
	const char *path, *plain;
} rows[] = {
	{"zones/a.zone", "zones/a.zone"},
	{"./zones/a.zone", "zones/a.zone"},
	{".//zones//./a.zone", "zones/a.zone"},
	{"././a", "a"},
	{"../a/../b", "../a/../b"},
	{"/a//b/./c", "/a/b/c"},
	{"//a", "/a"},
	{"a/", "a"},
	{".a/..b/.", ".a/..b"},
	{"/", "/"},
	{".", "."},
	{"", ""},
};

START_TEST(paths)
{
	unit_assert_slice(plain_path(unit_arena(), slice_cstr(rows[_i].path)), slice_cstr(rows[_i].plain));
}
END_TEST

static void work(struct arena *arena, void *context)
{
	(void)context;
	plain_path(arena, SLICE("./a//b"));
}

START_TEST(lack_of_memory)
{
	unit_fail_every_allocation(work, NULL);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("plain_path");
	TCase *tests = tcase_create("plain_path");
	tcase_add_loop_test(tests, paths, 0, sizeof rows / sizeof rows[0]);
	tcase_add_test(tests, lack_of_memory);
	suite_add_tcase(suite, tests);
	return unit_run(suite);
}
