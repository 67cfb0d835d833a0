/* Tests of report/uri. */
#include "report/uri.h"

#include "support/unit.h"

static const struct {
	const char *path, *uri;
	bool absolute;
} files[] = {
	{"db.example", "db.example", false},
	{"./db.example", "db.example", false},
	{"././a/db.example", "a/db.example", false},
	{"../zones/x", "../zones/x", false},
	{"a b%25#?.zone", "a%20b%2525%23%3F.zone", false},
	{"http:x", "http%3Ax", false},
	{"\xc3\xa9\n\xff", "%C3%A9%0A%FF", false},
	{"/etc/x y", "file:///etc/x%20y", true},
};

START_TEST(paths)
{
	struct slice path = slice_cstr(files[_i].path);
	unit_assert_slice(uri_of_file(unit_arena(), path), slice_cstr(files[_i].uri));
	ck_assert_int_eq(uri_is_absolute(path), files[_i].absolute);
}
END_TEST

START_TEST(records)
{
	unit_assert_slice(uri_of_record(unit_arena(), SLICE("_dmarc.example.com"), SLICE("TXT")),
		SLICE("dns/_dmarc.example.com/TXT"));
	unit_assert_slice(uri_of_record(unit_arena(), SLICE("a\\.b?/.example"), SLICE("SPF")),
		SLICE("dns/a%5C.b%3F%2F.example/SPF"));
}
END_TEST

START_TEST(names)
{
	unit_assert_slice(uri_of_name(unit_arena(), SLICE("a/b:c")), SLICE("a%2Fb%3Ac"));
	unit_assert_slice(uri_of_name(unit_arena(), SLICE("..")), SLICE("_.."));
	unit_assert_slice(uri_of_name(unit_arena(), SLICE("")), SLICE("_"));
	unit_assert_slice(uri_of_record(unit_arena(), SLICE("."), SLICE("TXT")), SLICE("dns/_./TXT"));
}
END_TEST

static void work(struct arena *arena, void *context)
{
	(void)context;
	uri_of_file(arena, SLICE("/a b"));
	uri_of_record(arena, SLICE("example.com"), SLICE("TXT"));
}

START_TEST(lack_of_memory)
{
	unit_fail_every_allocation(work, NULL);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("uri");
	TCase *tests = tcase_create("uri");
	tcase_add_loop_test(tests, paths, 0, (int)(sizeof files / sizeof files[0]));
	tcase_add_test(tests, records);
	tcase_add_test(tests, names);
	tcase_add_test(tests, lack_of_memory);
	suite_add_tcase(suite, tests);
	return unit_run(suite);
}
