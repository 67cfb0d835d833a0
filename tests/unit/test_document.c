/* Tests of report/document: order, commas and memory of a whole output. */
#include "report/document.h"

#include <stdlib.h>

#include "support/unit.h"

static struct buf out;
static struct document document;
static const struct writer_options options = {.quiet = false};

static void begin(struct buf *to, const struct writer_options *given)
{
	ck_assert_ptr_eq(given, &options);
	buf_byte(to, '[');
}

static void between(struct buf *to, const struct writer_options *given)
{
	(void)given;
	buf_byte(to, ',');
}

static void end(struct buf *to, const struct writer_options *given)
{
	(void)given;
	buf_byte(to, ']');
}

static void held(struct buf *to, const struct writer_options *given, const struct writer_held *rest)
{
	(void)given;
	ck_assert_uint_eq(rest->bytes[0].len, 0);
	buf_printf(to, "|%.*s|%.*s|%zu", (int)rest->bytes[1].len,
		rest->bytes[1].len > 0 ? rest->bytes[1].ptr : "", (int)rest->bytes[2].len,
		rest->bytes[2].len > 0 ? rest->bytes[2].ptr : "", rest->dropped);
}

static const struct writer simple = {.name = "simple", .begin = begin, .between = between, .end = end};
static const struct writer parted = {
	.name = "parted", .begin = begin, .between = between, .end = end, .parts = 3, .held = held};

static const struct writer united = {.name = "united",
	.begin = begin,
	.between = between,
	.end = end,
	.parts = 3,
	.units = true,
	.held = held};

static void cleanup(void)
{
	document_free(&document);
	buf_free(&out);
}

static void add(const char *bytes)
{
	document_add(&document, &out, slice_cstr(bytes), true);
}

START_TEST(results_one_after_the_other)
{
	document_init(&document, &simple, &options);
	add("");
	unit_assert_slice(buf_slice(&out), SLICE(""));
	add("a");
	unit_assert_slice(buf_slice(&out), SLICE("[a"));
	add("");
	add("b");
	document_add(&document, &out, SLICE("c"), false);
	document_end(&document, &out);
	unit_assert_slice(buf_slice(&out), SLICE("[a,bc]"));
}
END_TEST

START_TEST(nothing_at_all)
{
	document_init(&document, &simple, &options);
	document_end(&document, &out);
	unit_assert_slice(buf_slice(&out), SLICE("[]"));
}
END_TEST

START_TEST(parts_wait_for_the_end)
{
	document_init(&document, &parted, &options);
	document_add(&document, &out, SLICE("\0w1\0n1"), true);
	unit_assert_slice(buf_slice(&out), SLICE("["));
	document_add(&document, &out, SLICE("e2\0\0n2"), true);
	document_add(&document, &out, SLICE("e3\0w3"), true); /* the last parts may be left out */
	unit_assert_slice(buf_slice(&out), SLICE("[e2,e3"));
	document_end(&document, &out);
	unit_assert_slice(buf_slice(&out), SLICE("[e2,e3|w1,w3|n1,n2|0]"));
}
END_TEST

START_TEST(units_are_said_once)
{
	document_init(&document, &united, &options);
	document_add(&document, &out, SLICE("a\1b\1a\1\0c\1\0"), true);
	document_add(&document, &out, SLICE("b\1\0c\1d\1\0d\1"), true);
	document_add(&document, &out, SLICE("a\1e\1"), true);
	document_end(&document, &out);
	unit_assert_slice(buf_slice(&out), SLICE("[a,b,e|c,d||0]"));
}
END_TEST

START_TEST(what_waits_is_bounded)
{
	size_t len = DOCUMENT_MAX_HELD / 4;
	char *large = calloc(1, len + 1);
	ck_assert_ptr_nonnull(large);
	memset(large + 1, 'w', len);
	document_init(&document, &parted, &options);
	for (int i = 0; i < 6; i++)
		document_add(&document, &out, slice_of(large, len + 1), true);
	free(large);
	ck_assert_uint_eq(document.dropped, 3);
	ck_assert_uint_le(document.held[1].len, DOCUMENT_MAX_HELD);
	document_end(&document, &out);
	ck_assert(slice_find(buf_slice(&out), '3', 0) < out.len);
}
END_TEST

START_TEST(findings_about_the_run)
{
	struct arena *arena = unit_arena();
	struct findings findings;
	struct writer_options by_domain = {.domains = true};
	findings_init(&findings, arena);
	struct finding *finding = findings_add(&findings, RULE_SPF_PTR);
	finding->place.file = SLICE(".mailauth");
	finding->place.line = 3;
	document_init(&document, writer_get(FORMAT_GCC), &options);
	ck_assert(document_add_findings(&document, &out, arena, &findings));
	ck_assert(slice_starts(buf_slice(&out), SLICE(".mailauth:3: warning: ")));
	document_free(&document);
	buf_clear(&out);
	document_init(&document, writer_get(FORMAT_CSV), &by_domain);
	ck_assert(!document_add_findings(&document, &out, arena, &findings));
	document_free(&document);
	document_init(&document, writer_get(FORMAT_JSON), &options);
	ck_assert(!document_add_findings(&document, &out, arena, &findings));
	ck_assert_uint_eq(out.len, 0);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("document");
	TCase *tests = tcase_create("document");
	tcase_add_checked_fixture(tests, NULL, cleanup);
	tcase_add_test(tests, results_one_after_the_other);
	tcase_add_test(tests, nothing_at_all);
	tcase_add_test(tests, parts_wait_for_the_end);
	tcase_add_test(tests, units_are_said_once);
	tcase_add_test(tests, what_waits_is_bounded);
	tcase_add_test(tests, findings_about_the_run);
	suite_add_tcase(suite, tests);
	return unit_run(suite);
}
