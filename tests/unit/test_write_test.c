/* What `mailauth test` prints of results made by hand: text, JSON and JUnit, with bytes that no format may
 * take as its own. */
#include "report/write_test.h"

#include "support/sample_verdict.h"
#include "support/unit.h"

static const struct writer_options plain = {.width = 80};

/* One that holds, one that does not, one that is hidden; the text of the second has hostile bytes. */
static struct write_test_report report_of(struct arena *arena)
{
	struct write_test_result *results = arena_alloc(arena, 3 * sizeof *results);
	const struct answer **failures = arena_alloc(arena, sizeof(const struct answer *));
	struct answer *failure = arena_alloc(arena, sizeof *failure);
	*failure = answer_failure(
		(struct question){sample_name(arena, "_spf.example.net"), RRTYPE_TXT}, DNS_FAILURE_TIMEOUT);
	failures[0] = failure;
	results[0] = (struct write_test_result){.status = WRITE_TEST_OK,
		.text = SLICE("example.com spf 192.0.2.1 pass"),
		.domain = sample_name(arena, "example.com"),
		.subject = "spf",
		.network = SLICE("192.0.2.1"),
		.expected = SLICE("pass"),
		.actual = SLICE("pass"),
		.file = SLICE(".mailauth"),
		.line = 1,
		.column = 1};
	results[1] = results[0];
	results[1].status = WRITE_TEST_FAILED;
	results[1].text = SLICE("example.com spf 192.0.2.1 from <a&b\"\x1b[1m> pass");
	results[1].sender = SLICE("<a&b\"\x1b[1m>");
	results[1].actual = SLICE("fail");
	results[1].message = SLICE("got fail (-all in the record of <&\">.example.com)");
	results[1].file = SLICE("a\nb");
	results[1].line = 2;
	results[2] = results[0];
	results[2].status = WRITE_TEST_UNKNOWN;
	results[2].subject = "lookups";
	results[2].text = SLICE("example.com lookups <= 7");
	results[2].network = SLICE("");
	results[2].expected = SLICE("<= 7");
	results[2].actual = SLICE("");
	results[2].message = SLICE("not known for now (_spf.example.net TXT: timeout)");
	results[2].line = 3;
	results[2].incomplete = failures;
	results[2].incomplete_count = 1;
	return (struct write_test_report){.results = results,
		.count = 3,
		.ok = 1,
		.failed = 1,
		.unknown = 1,
		.cost = {.queries = 2, .from_cache = 1, .elapsed_ms = 5}};
}

static void check_text(const struct writer_options *options, const char *expected)
{
	struct arena *arena = unit_arena();
	const struct write_test_report report = report_of(arena);
	struct buf out;
	buf_init(&out);
	write_test_text(&out, arena, options, &report);
	unit_assert_slice(buf_slice(&out), slice_cstr(expected));
	buf_free(&out);
}

#define PROBLEMS                                                                                             \
	"FAIL a\\010b:2:1: example.com spf 192.0.2.1 from <a&b\"\\027[1m> pass: got fail (-all in the "      \
	"record of <&\">.example.com)\n"                                                                     \
	"?    .mailauth:3:1: example.com lookups <= 7: not known for now (_spf.example.net TXT: timeout)\n"

START_TEST(text)
{
	check_text(&plain, "ok   example.com spf 192.0.2.1 pass\n" PROBLEMS
			   "3 expectations: 1 ok, 1 failed, 1 not known for now\n");
}
END_TEST

START_TEST(text_quiet)
{
	const struct writer_options quiet = {.width = 80, .quiet = true};
	check_text(&quiet, PROBLEMS);
}
END_TEST

START_TEST(junit)
{
	struct arena *arena = unit_arena();
	const struct write_test_report report = report_of(arena);
	struct buf out;
	buf_init(&out);
	write_test_junit(&out, arena, &report);
	unit_assert_slice(buf_slice(&out),
		SLICE("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
		      "<testsuites name=\"mailauth\">\n"
		      "  <testsuite name=\"mailauth test\" tests=\"3\" failures=\"1\" errors=\"1\" "
		      "skipped=\"0\">\n"
		      "    <testcase classname=\"example.com\" name=\"example.com spf 192.0.2.1 pass\" "
		      "file=\".mailauth\" line=\"1\"/>\n"
		      "    <testcase classname=\"example.com\" name=\"example.com spf 192.0.2.1 from "
		      "&lt;a&amp;b&quot;\\027[1m&gt; pass\" file=\"a\\010b\" line=\"2\">\n"
		      "      <failure type=\"spf\" message=\"expected pass: got fail (-all in the record of "
		      "&lt;&amp;&quot;&gt;.example.com)\">a\\010b:2:1: expected pass: got fail (-all in the "
		      "record of &lt;&amp;\"&gt;.example.com)</failure>\n"
		      "    </testcase>\n"
		      "    <testcase classname=\"example.com\" name=\"example.com lookups &lt;= 7\" "
		      "file=\".mailauth\" line=\"3\">\n"
		      "      <error type=\"incomplete\" message=\"expected &lt;= 7: not known for now "
		      "(_spf.example.net TXT: timeout)\">.mailauth:3:1: expected &lt;= 7: not known for now "
		      "(_spf.example.net TXT: timeout)</error>\n"
		      "    </testcase>\n"
		      "  </testsuite>\n"
		      "</testsuites>\n"));
	buf_free(&out);
}
END_TEST

/* Keys and their order are held by the schema (tests/cli/test.test); here what is null and escaped. */
START_TEST(json)
{
	static const char *const parts[] = {
		"\"sender\": null",
		"\"sender\": \"<a&b\\\"\\\\027[1m>\"",
		"\"file\": \"a\\\\010b\"",
		"\"actual\": null",
		"\"network\": null",
		"\"expected\": \"<= 7\"",
		"\"reason\": \"timeout\"",
		"\"message\": null",
	};
	struct arena *arena = unit_arena();
	const struct write_test_report report = report_of(arena);
	struct buf out;
	buf_init(&out);
	write_test_json(&out, arena, &report);
	for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
		ck_assert_msg(slice_search_nocase(buf_slice(&out), slice_cstr(parts[i])) < out.len,
			"%s in %.*s", parts[i], (int)out.len, out.data);
	buf_free(&out);
}
END_TEST

static void write_all(struct arena *arena, void *context)
{
	const struct write_test_report report = report_of(arena);
	struct buf *out = context;
	buf_clear(out);
	write_test_text(out, arena, &plain, &report);
	write_test_json(out, arena, &report);
	write_test_junit(out, arena, &report);
}

START_TEST(lack_of_memory_leaves_through_the_escape)
{
	struct buf out;
	buf_init(&out);
	unit_fail_every_allocation(write_all, &out);
	buf_free(&out);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("write_test");
	TCase *cases = tcase_create("formats");
	tcase_add_test(cases, text);
	tcase_add_test(cases, text_quiet);
	tcase_add_test(cases, junit);
	tcase_add_test(cases, json);
	tcase_add_test(cases, lack_of_memory_leaves_through_the_escape);
	suite_add_tcase(suite, cases);
	return unit_run(suite);
}
