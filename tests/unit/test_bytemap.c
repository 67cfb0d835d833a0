/* Tests of base/bytemap: runs, spans, escapes. */
#include "base/bytemap.h"

#include "support/unit.h"

static void expect_span(
	const struct bytemap *map, size_t offset, size_t len, size_t source, size_t source_len)
{
	struct span span = bytemap_source(map, span_of(offset, len));
	ck_assert_uint_eq(span.offset, source);
	ck_assert_uint_eq(span.len, source_len);
}

START_TEST(runs_that_go_on_are_one)
{
	struct bytemap map;
	bytemap_init(&map, unit_arena());
	bytemap_add(&map, 5, 3, 1);
	bytemap_add(&map, 8, 2, 1);
	ck_assert_uint_eq(map.count, 1);
	bytemap_add(&map, 20, 2, 1);
	ck_assert_uint_eq(map.count, 2);
	bytemap_add(&map, 22, 0, 4);
	ck_assert_uint_eq(map.count, 2);
	ck_assert_uint_eq(map.len, 7);
}
END_TEST

START_TEST(spans_are_found)
{
	struct bytemap map;
	bytemap_init(&map, unit_arena());
	expect_span(&map, 3, 4, 3, 4); /* nothing was taken off */
	bytemap_add(&map, 1, 7, 1);    /* "v=spf1 " "a\045all" */
	bytemap_add(&map, 11, 1, 1);
	bytemap_add(&map, 12, 1, 4);
	bytemap_add(&map, 16, 3, 1);
	expect_span(&map, 0, 6, 1, 6);
	expect_span(&map, 7, 1, 11, 1);
	expect_span(&map, 8, 1, 12, 4);
	expect_span(&map, 8, 4, 12, 7);
	expect_span(&map, 5, 4, 6, 10); /* over the border */
	expect_span(&map, 0, 0, 1, 0);
	expect_span(&map, 7, 0, 8, 0); /* behind the byte before it */
	expect_span(&map, 12, 0, 19, 0);
	expect_span(&map, 12, 9, 19, 0);
	expect_span(&map, 99, 1, 19, 0);
}
END_TEST

START_TEST(escapes_are_resolved)
{
	static const struct {
		const char *text, *bytes; /* NULL: bad */
	} rows[] = {{"", ""}, {"plain", "plain"}, {"a\\;b", "a;b"}, {"\\045all", "-all"},
		{"\\\"x\\\"", "\"x\""}, {"x\\\\", "x\\"}, {"x\\", NULL}, {"\\04", NULL}, {"\\256", NULL}};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char out[32];
		size_t len = 0;
		struct bytemap map;
		bytemap_init(&map, unit_arena());
		bool good = bytemap_unescape(slice_cstr(rows[i].text), 100, &map, out, &len);
		ck_assert_msg(good == (rows[i].bytes != NULL), "%s", rows[i].text);
		if (!good)
			continue;
		unit_assert_slice(slice_of(out, len), slice_cstr(rows[i].bytes));
		ck_assert_uint_eq(map.len, len);
		ck_assert(bytemap_unescape(slice_cstr(rows[i].text), 0, NULL, out, &len));
	}
}
END_TEST

static void fill(struct arena *arena, void *context)
{
	struct bytemap map;
	(void)context;
	bytemap_init(&map, arena);
	for (size_t i = 0; i < 100; i++)
		bytemap_add(&map, i * 3, 1, 1);
}

START_TEST(lack_of_memory)
{
	unit_fail_every_allocation(fill, NULL);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("bytemap");
	TCase *tests = tcase_create("bytemap");
	tcase_add_test(tests, runs_that_go_on_are_one);
	tcase_add_test(tests, spans_are_found);
	tcase_add_test(tests, escapes_are_resolved);
	tcase_add_test(tests, lack_of_memory);
	suite_add_tcase(suite, tests);
	return unit_run(suite);
}
