/* The public suffix list, from a file of the test and from libpsl. */
#include "dns/psl.h"

#include <stdlib.h>
#include <unistd.h>

#include "support/unit.h"

static const char list[] = "// ===BEGIN ICANN DOMAINS===\ncom\nuk\nco.uk\n*.ck\n!www.ck\n"
			   "// ===END ICANN DOMAINS===\n// ===BEGIN PRIVATE DOMAINS===\nblog.example\n"
			   "// ===END PRIVATE DOMAINS===\n";

struct row {
	struct slice name;
	const char *registrable; /* NULL: none */
	bool is_suffix;
};

#define BYTES(literal)                                                                                       \
	{                                                                                                    \
		literal, sizeof(literal) - 1                                                                 \
	}

static const struct row rows[] = {
	{BYTES("com"), NULL, true},
	{BYTES("example.com"), "example.com", false},
	{BYTES("a.b.example.com"), "example.com", false},
	{BYTES("EXAMPLE.Co.UK."), "example.co.uk", false},
	{BYTES("co.uk"), NULL, true},
	{BYTES("example.uk"), "example.uk", false},
	{BYTES("x.ck"), NULL, true},
	{BYTES("a.x.ck"), "a.x.ck", false},
	{BYTES("www.ck"), "www.ck", false},
	{BYTES("unlisted"), NULL, true}, /* the default rule is "*" */
	{BYTES("a.b.unlisted"), "b.unlisted", false},
	{BYTES("me.blog.example"), "me.blog.example", false}, /* the private section counts */
	{BYTES("blog.example"), NULL, true},
	{BYTES("_dmarc.example.com"), "example.com", false},
	{BYTES("a\0\xff.example.com"), "example.com", false},
	{BYTES("."), NULL, true},
};

static struct psl *open_text(struct slice text)
{
	char path[] = "/tmp/suffixes.XXXXXX";
	int fd = mkstemp(path);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq((int)write(fd, text.ptr, text.len), (int)text.len);
	close(fd);
	struct psl *psl = psl_open(path);
	unlink(path);
	return psl;
}

static struct psl *open_list(void)
{
	struct psl *psl = open_text(slice_cstr(list));
	ck_assert_ptr_nonnull(psl);
	return psl;
}

START_TEST(names)
{
	const struct row *row = &rows[_i];
	struct arena *arena = unit_arena();
	struct psl *psl = open_list();
	struct name name;
	ck_assert_int_eq(name_from_text(arena, row->name, &name), NAME_OK);
	struct name registrable = psl_registrable(psl, name);
	ck_assert_int_eq(name_is_none(registrable), row->registrable == NULL);
	if (row->registrable != NULL)
		unit_assert_slice(name_text(arena, registrable), slice_cstr(row->registrable));
	ck_assert_int_eq(psl_is_suffix(psl, name), row->is_suffix);
	ck_assert_int_gt(psl_time(psl), 0);
	psl_close(psl);
}
END_TEST

/* A dot inside a label is no border, also for the longest name. */
START_TEST(labels_with_dots)
{
	struct arena *arena = unit_arena();
	struct psl *psl = open_list();
	struct name name;
	ck_assert_int_eq(name_from_master(arena, SLICE("a.example\\.com"), &name), NAME_OK);
	unit_assert_slice(name_text(arena, psl_registrable(psl, name)), SLICE("a.example\\.com"));
	char wire[255];
	for (size_t i = 0; i < 254; i += 2)
		memcpy(wire + i, "\1a", 2);
	wire[254] = 0;
	struct name longest = {wire, 255};
	ck_assert_uint_eq(name_labels(psl_registrable(psl, longest)), 2);
	psl_close(psl);
}
END_TEST

/* libpsl takes each line of any file for a suffix; what a failed download left is no list. */
START_TEST(files_that_are_no_list)
{
	ck_assert_ptr_null(open_text(SLICE("")));
	ck_assert_ptr_null(open_text(SLICE("<html>\n<title>404 Not Found</title>\n</html>\n")));
	ck_assert_ptr_null(open_text(SLICE("root:x:0:0:root:/root:/bin/sh\n")));
}
END_TEST

START_TEST(lists)
{
	struct arena *arena = unit_arena();
	struct name name;
	ck_assert_ptr_null(psl_open("/nowhere/public_suffix_list.dat"));
	ck_assert_int_eq(name_from_text(arena, SLICE("a.example.co.uk"), &name), NAME_OK);
	struct psl *psl = psl_open(NULL);
	ck_assert_ptr_nonnull(psl);
	unit_assert_slice(name_text(arena, psl_registrable(psl, name)), SLICE("example.co.uk"));
	psl_close(psl);
	psl_close(NULL);
}
END_TEST

/* The FNV-1a of the file's bytes; the file is read when it is asked for, not before. */
START_TEST(hashes)
{
	char path[] = "/tmp/suffixes.XXXXXX";
	int fd = mkstemp(path);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq((int)write(fd, "com\n", 4), 4);
	close(fd);
	struct psl *psl = psl_open(path);
	ck_assert_ptr_nonnull(psl);
	ck_assert_uint_eq(psl_hash(psl).len, 0);
	psl_read_hash(psl);
	unit_assert_slice(psl_hash(psl), SLICE("fnv1a64:0bcd34911960073c"));
	psl_close(psl);
	psl = psl_open(path);
	unlink(path);
	psl_read_hash(psl);
	unit_assert_slice(psl_hash(psl), SLICE("unknown"));
	psl_close(psl);
}
END_TEST

START_TEST(days)
{
	struct arena *arena = unit_arena();
	unit_assert_slice(psl_day(arena, 0), SLICE(""));
	unit_assert_slice(psl_day(arena, -1), SLICE(""));
	unit_assert_slice(psl_day(arena, 86399), SLICE("1970-01-01"));
	unit_assert_slice(psl_day(arena, 1775001600), SLICE("2026-04-01"));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("psl");
	TCase *tests = tcase_create("tests");
	tcase_add_loop_test(tests, names, 0, (int)(sizeof rows / sizeof rows[0]));
	tcase_add_test(tests, labels_with_dots);
	tcase_add_test(tests, files_that_are_no_list);
	tcase_add_test(tests, lists);
	tcase_add_test(tests, hashes);
	tcase_add_test(tests, days);
	suite_add_tcase(suite, tests);
	return unit_run(suite);
}
