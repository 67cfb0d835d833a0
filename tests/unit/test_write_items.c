/* Tests of the formats that list findings (write_gcc, write_github, write_junit, write_csv, write_sarif): an
 * item with bytes that have a meaning in each of them, failures, bad input, levels, documents. */
#include "base/ascii.h"
#include "report/document.h"
#include "support/sample_verdict.h"
#include "support/unit.h"

/* What a stranger can publish: controls, separators of every format, bytes that are no characters. */
#define HOSTILE "ip\0\x1b[1m\r\n::error::%0A,\"']]><&x>\xff\xed\xa0\x80 =1"
#define NAME	"=a,b.example.net"

static struct arena *arena; /* of the item */
static struct escape escape;
static struct arena memory;
static struct buf out;

static void setup(void)
{
	arena_init(&memory, &escape);
	arena = &memory;
}

static void cleanup(void)
{
	arena_free(&memory);
	buf_free(&out);
}

/* An item with one error about all of a hostile record. */
static struct report_item hostile_item(struct findings *list)
{
	const struct slice record = {HOSTILE, sizeof HOSTILE - 1};
	findings_init(list, arena);
	struct finding *finding = findings_add_at(list, RULE_SPF_UNKNOWN_MECHANISM, span_of(0, record.len));
	finding->args[0] = record;
	finding->place = (struct finding_place){.name = SLICE(NAME), .type = SLICE("TXT"), .record = record};
	struct report_item item = report_item_of_findings(list);
	item.subject = SLICE("example.com");
	return item;
}

static void in_file(struct finding *finding, const char *file)
{
	finding->place.file = slice_cstr(file);
	finding->place.line = finding->place.end_line = 3;
	finding->place.column = 5;
	finding->place.end_column = 9;
}

/* What was written, without the ends of units. */
static struct slice without_ends(void)
{
	size_t kept = 0;
	for (size_t i = 0; i < out.len; i++)
		if (out.data[i] != WRITER_UNIT_END)
			out.data[kept++] = out.data[i];
	out.len = kept;
	return buf_slice(&out);
}

static struct slice write_with(
	enum writer_format format, const struct writer_options *options, const struct report_item *item)
{
	buf_clear(&out);
	writer_get(format)->item(&out, unit_arena(), options, item);
	ck_assert(!out.failed);
	return without_ends();
}

static struct slice write_item(enum writer_format format, const struct report_item *item)
{
	const struct writer_options options = {.fail_on = SEVERITY_ERROR};
	return write_with(format, &options, item);
}

static size_t count(struct slice text, char byte)
{
	size_t found = 0;
	for (size_t i = 0; i < text.len; i++)
		found += text.ptr[i] == byte;
	return found;
}

/* As it is shown: escaped as in a master file. */
#define SHOWN "ip\\000\\027[1m\\013\\010::error::%0A,\"']]><&x>\\255\\237\\160\\128 =1"

START_TEST(gcc_has_one_line)
{
	struct findings list;
	struct report_item item = hostile_item(&list);
	unit_assert_slice(write_item(FORMAT_GCC, &item),
		SLICE(NAME ": error: \"" SHOWN "\" is not an SPF mechanism [spf-unknown-mechanism]\n"));
	in_file(&list.items[0], "a\nb:c");
	unit_assert_slice(
		write_item(FORMAT_GCC, &item), SLICE("a\\010b:c:3:5: error: \"" SHOWN
						     "\" is not an SPF mechanism [spf-unknown-mechanism]\n"));
}
END_TEST

START_TEST(github_escapes_what_ends_a_command)
{
	struct findings list;
	struct report_item item = hostile_item(&list);
	in_file(&list.items[0], "./a,b:c%\n.zone");
	list.items[0].is_harmless = true; /* no advice */
	struct slice text = write_item(FORMAT_GITHUB, &item);
	unit_assert_slice(text,
		SLICE("::error "
		      "file=a%2Cb%3Ac%25%0A.zone,line=3,endLine=3,col=5,endColumn=9,title=spf-unknown-"
		      "mechanism::\"ip\\000\\027[1m\\013\\010::error::%250A,\"']]><&x>\\255\\237\\160\\128 "
		      "=1\" is not an SPF mechanism\n\0\0"));
	list.items[0].place.end_line = 4; /* columns are for one line only */
	unit_assert_has(write_item(FORMAT_GITHUB, &item), ",line=3,endLine=4,title=");
}
END_TEST

START_TEST(github_has_parts)
{
	static const char *const begins[] = {"::error ", "::warning ", "::notice "};
	struct findings list;
	struct report_item item = hostile_item(&list);
	for (size_t i = 0; i < 3; i++) {
		list.items[0].severity = (enum severity)(SEVERITY_ERROR - i);
		struct slice rest = write_item(FORMAT_GITHUB, &item);
		ck_assert_uint_eq(count(rest, '\0'), 2);
		for (size_t part = 0; part < i; part++)
			rest = slice_from(rest, slice_find(rest, '\0', 0) + 1);
		ck_assert(slice_starts(rest, slice_cstr(begins[i])));
	}
}
END_TEST

START_TEST(csv_is_quoted_and_no_formula)
{
	struct findings list;
	struct report_item item = hostile_item(&list);
	unit_assert_slice(write_item(FORMAT_CSV, &item),
		SLICE("example.com,,,,\"\\061a,b.example.net\",TXT,spf-unknown-mechanism,error,"
		      "\"\"\"ip\\000\\027[1m\\013\\010::error::%0A,\"\"']]><&x>\\255\\237\\160\\128 =1\"\" "
		      "is "
		      "not an SPF mechanism\"\r\n"));
	in_file(&list.items[0], "-");
	unit_assert_has(write_item(FORMAT_CSV, &item), "example.com,<stdin>,3,5,");
}
END_TEST

START_TEST(junit_is_xml)
{
	struct findings list;
	struct report_item item = hostile_item(&list);
	in_file(&list.items[0], "a&b\xff.zone");
	struct slice text = write_item(FORMAT_JUNIT, &item);
	unit_assert_has(text, "<testsuite name=\"example.com\" tests=\"1\" failures=\"1\" errors=\"0\"");
	unit_assert_has(text, " file=\"a&amp;b\xef\xbf\xbd.zone\" line=\"3\">");
	unit_assert_has(text, "<failure type=\"spf-unknown-mechanism\" message=\"&quot;ip\\000\\027[1m");
	unit_assert_has(text, "']]&gt;&lt;&amp;x&gt;\\255");
	for (size_t i = 0; i < text.len; i++)
		ck_assert((unsigned char)text.ptr[i] >= 0x20 || text.ptr[i] == '\n');
}
END_TEST

START_TEST(junit_threshold)
{
	static const struct {
		enum severity fail_on, severity;
		const char *part;
	} rows[] = {
		{SEVERITY_ERROR, SEVERITY_ERROR, "<failure "},
		{SEVERITY_ERROR, SEVERITY_WARNING, "<system-out>"},
		{SEVERITY_WARNING, SEVERITY_WARNING, "<failure "},
		{SEVERITY_INFO, SEVERITY_INFO, "<failure "},
		{SEVERITY_OFF, SEVERITY_ERROR, "<system-out>"},
	};
	struct findings list;
	struct report_item item = hostile_item(&list);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const struct writer_options options = {.fail_on = rows[i].fail_on};
		list.items[0].severity = rows[i].severity;
		unit_assert_has(write_with(FORMAT_JUNIT, &options, &item), rows[i].part);
	}
}
END_TEST

START_TEST(junit_names_are_unique)
{
	struct findings list;
	struct report_item item = hostile_item(&list);
	struct finding twin = list.items[0];
	*findings_add(&list, twin.rule) = twin;
	struct slice text = write_item(FORMAT_JUNIT, &item);
	unit_assert_has(text, " (2)\"");
	unit_assert_has(text, "tests=\"2\"");
}
END_TEST

START_TEST(sarif_results)
{
	struct findings list;
	struct report_item item = hostile_item(&list);
	struct slice text = write_item(FORMAT_SARIF, &item);
	unit_assert_has(text, "{\"ruleId\":\"spf-unknown-mechanism\",\"ruleIndex\":");
	unit_assert_has(text, "\"uri\":\"dns/%3Da%2Cb.example.net/TXT\"},\"region\":{\"startLine\":1}");
	unit_assert_has(text, "\"fullyQualifiedName\":\"=a,b.example.net\"");
	unit_assert_has(text, "\"primaryLocationLineHash\":\"");
	ck_assert_uint_eq(count(text, '\0'), 1);
	ck_assert_int_eq(text.ptr[text.len - 1], '\0');
	in_file(&list.items[0], "./zones/a b");
	text = write_item(FORMAT_SARIF, &item);
	unit_assert_has(text,
		"{\"uri\":\"zones/a%20b\",\"uriBaseId\":\"%SRCROOT%\"},\"region\":{\"startLine\":3,"
		"\"startColumn\":5,\"endLine\":3,\"endColumn\":9}");
}
END_TEST

START_TEST(sarif_messages_have_no_links)
{
	struct findings list;
	struct report_item item = hostile_item(&list);
	list.items[0].args[0] = SLICE("[a](https://example.org)");
	unit_assert_has(write_item(FORMAT_SARIF, &item), "\\\"[a] (https://example.org)\\\"");
}
END_TEST

START_TEST(sarif_fixes)
{
	struct findings list;
	struct report_item item = hostile_item(&list);
	struct finding *finding = &list.items[0];
	const struct file_edit edits[] = {{3, 5, 3, 7, SLICE("\"ip4\"")}, {4, 1, 4, 1, SLICE("x")}};
	in_file(finding, "db.example");
	finding->fix = fix_replace(arena, finding->place.record, span_of(0, 2), SLICE("ip4"), false);
	finding->file_edits = edits;
	finding->file_edit_count = 2;
	unit_assert_has(write_item(FORMAT_SARIF, &item),
		"\"fixes\":[{\"description\":{\"text\":\"replace \\\"ip\\\" with \\\"ip4\\\" (check that you "
		"mean "
		"it)\"},"
		"\"artifactChanges\":[{\"artifactLocation\":{\"uri\":\"db.example\",\"uriBaseId\":\"%SRCROOT%"
		"\"},"
		"\"replacements\":[{\"deletedRegion\":{\"startLine\":3,\"startColumn\":5,\"endLine\":3,"
		"\"endColumn\":7},\"insertedContent\":{\"text\":\"\\\"ip4\\\"\"}},{\"deletedRegion\":{"
		"\"startLine\":4,"
		"\"startColumn\":1,\"endLine\":4,\"endColumn\":1},\"insertedContent\":{\"text\":\"x\"}}]}]}]"
		"}");
	const struct file_edit binary = {3, 5, 3, 7, SLICE("\xff")};
	finding->file_edits = &binary;
	finding->file_edit_count = 1;
	struct slice text = write_item(FORMAT_SARIF, &item);
	ck_assert_uint_eq(slice_search_nocase(text, SLICE("\"fixes\"")), text.len);
}
END_TEST

START_TEST(sarif_is_bounded)
{
	struct findings list;
	struct report_item item = hostile_item(&list);
	struct file_edit edit = {3, 5, 3, 7, {NULL, 0}};
	char *large = arena_alloc(arena, 65535);
	memset(large, 'a', 65535);
	edit.replacement = slice_of(large, 65535);
	in_file(&list.items[0], "db.example");
	list.items[0].file_edits = &edit;
	list.items[0].file_edit_count = 1;
	struct finding first = list.items[0];
	for (size_t i = 0; i < 1000; i++)
		*findings_add(&list, first.rule) = first;
	struct slice text = write_item(FORMAT_SARIF, &item);
	ck_assert_uint_lt(text.len, (size_t)18 << 20);
	unit_assert_has(slice_from(text, slice_find(text, '\0', 0)), "more findings are left out");
}
END_TEST

/* --- what is no finding --------------------------------------------------------------------------- */

static const struct {
	enum writer_format format;
	const char *failure, *error;
} others[] = {
	{FORMAT_GCC,
		"example.com: warning: not known for now: _spf.example.org TXT: no answer in time "
		"[incomplete]\n",
		"list:7: error: no <name> [bad-input]\n"},
	{FORMAT_GITHUB,
		"::warning title=incomplete::example.com: not known for now: _spf.example.org TXT: no answer "
		"in "
		"time\n",
		"::error file=list,line=7,title=bad-input::no <name>\n"},
	{FORMAT_JUNIT,
		"<testcase classname=\"example.com\" name=\"incomplete: _spf.example.org TXT\">\n"
		"      <error type=\"incomplete\" message=\"not known for now: _spf.example.org TXT: no "
		"answer in "
		"time\"/>\n",
		"name=\"bad-input\" file=\"list\" line=\"7\">\n"
		"      <error type=\"bad-input\" message=\"no &lt;name&gt;\"/>\n"},
	{FORMAT_CSV,
		"example.com,,,,_spf.example.org,TXT,incomplete,warning,not known for now: _spf.example.org "
		"TXT: "
		"no answer in time\r\n",
		"a\\009b,list,7,,,,bad-input,error,no <name>\r\n"},
	{FORMAT_SARIF,
		"\"text\":\"example.com: not known for now: _spf.example.org TXT: no answer in time\"},"
		"\"descriptor\":{\"id\":\"incomplete\",\"index\":0}",
		"\"text\":\"no <name>\"},\"descriptor\":{\"id\":\"bad-input\",\"index\":1},"
		"\"locations\":[{\"physicalLocation\":{\"artifactLocation\":{\"uri\":\"list\",\"uriBaseId\":"
		"\"%SRCROOT%\"},\"region\":{\"startLine\":7}}"},
};

START_TEST(temporary_failures_are_told)
{
	struct sample_verdict *s = sample_verdict(arena);
	sample_add_failure(arena, s, DNS_FAILURE_TIMEOUT);
	struct report_item item = report_item_of_verdict(arena, &s->verdict);
	unit_assert_has(write_item(others[_i].format, &item), others[_i].failure);
}
END_TEST

START_TEST(bad_input_is_told)
{
	const struct verdict verdict = {.input = SLICE("a\tb"),
		.input_line = 7,
		.error = SLICE("no <name>"),
		.level = VERDICT_UNKNOWN};
	struct report_item item = report_item_of_verdict(arena, &verdict);
	item.file = SLICE("list");
	unit_assert_has(write_item(others[_i].format, &item), others[_i].error);
}
END_TEST

START_TEST(what_passes)
{
	static const char *const expected[FORMAT_COUNT] = {
		[FORMAT_GCC] = "",
		[FORMAT_GITHUB] = "",
		[FORMAT_JUNIT] = "  <testsuite name=\"example.com\" tests=\"1\" failures=\"0\" errors=\"0\" "
				 "skipped=\"0\">\n"
				 "    <testcase classname=\"example.com\" name=\"mail authentication\">\n"
				 "    </testcase>\n  </testsuite>\n",
		[FORMAT_CSV] = "",
		[FORMAT_SARIF] = "",
	};
	struct sample_verdict *s = sample_verdict(arena);
	struct report_item item = report_item_of_verdict(arena, &s->verdict);
	enum writer_format format = others[_i].format;
	unit_assert_slice(write_item(format, &item), slice_cstr(expected[format]));
	const struct writer_options quiet = {.quiet = true};
	ck_assert_uint_eq(write_with(format, &quiet, &item).len, 0);
}
END_TEST

START_TEST(csv_has_a_line_a_domain)
{
	struct sample_verdict *s = sample_verdict(arena);
	const struct writer_options options = {.domains = true};
	const struct verdict bad = {.input = SLICE("@x,y"), .error = SLICE("no")};
	struct finding *finding = findings_add(&s->verdict.findings, RULE_SPF_PTR);
	*findings_add(&s->verdict.findings, RULE_DMARC_P_NONE) = (struct finding){.rule = RULE_DMARC_P_NONE};
	(void)finding;
	findings_add(&s->verdict.findings, RULE_SPF_PTR);
	writer_put_verdict(writer_get(FORMAT_CSV), &out, unit_arena(), &options, &s->verdict);
	unit_assert_slice(buf_slice(&out),
		SLICE("example.com,pass,valid,3,fail,valid,none,example.com,spf-ptr dmarc-p-none\r\n"));
	buf_clear(&out);
	writer_put_verdict(writer_get(FORMAT_CSV), &out, unit_arena(), &options, &bad);
	unit_assert_slice(buf_slice(&out), SLICE("\"\\064x,y\",error,,,,,,,\r\n"));
}
END_TEST

START_TEST(bad_lines_name_their_list)
{
	const struct writer_options options = {.input_file = "domains.txt"};
	const struct verdict bad = {.input = SLICE("x"), .input_line = 3, .error = SLICE("no")};
	writer_put_verdict(writer_get(FORMAT_GCC), &out, unit_arena(), &options, &bad);
	unit_assert_slice(without_ends(), SLICE("domains.txt:3: error: no [bad-input]\n"));
}
END_TEST

/* --- documents ------------------------------------------------------------------------------------ */

static void write_document(enum writer_format format, const struct report_item *items, size_t item_count)
{
	const struct writer_options options = {.fail_on = SEVERITY_ERROR};
	struct document document;
	document_init(&document, writer_get(format), &options);
	buf_clear(&out);
	for (size_t i = 0; i < item_count; i++) {
		struct buf one;
		buf_init(&one);
		writer_get(format)->item(&one, unit_arena(), &options, &items[i]);
		document_add(&document, &out, buf_slice(&one), true);
		buf_free(&one);
	}
	document_end(&document, &out);
	document_free(&document);
}

START_TEST(sarif_documents)
{
	struct findings list;
	struct sample_verdict *s = sample_verdict(arena);
	sample_add_failure(arena, s, DNS_FAILURE_SERVFAIL);
	struct report_item items[3] = {hostile_item(&list)};
	items[1] = report_item_of_verdict(arena, &s->verdict);
	items[2] = items[1];
	items[2].subject = SLICE("example.net");
	write_document(FORMAT_SARIF, items, 3);
	struct slice text = buf_slice(&out);
	ck_assert_uint_eq(count(text, '\0'), 0);
	unit_assert_has(text, "\"executionSuccessful\": false");
	unit_assert_has(text, "]}]},\n        {\"level\":\"error\"");
	write_document(FORMAT_SARIF, items, 1);
	unit_assert_has(
		buf_slice(&out), "\"executionSuccessful\": true, \"toolExecutionNotifications\": []}]\n");
	for (enum rule_id rule = 0; rule < RULE_COUNT; rule++)
		unit_assert_has(
			buf_slice(&out), arena_printf(arena, "{\"id\":\"%s\",", rule_get(rule)->id).ptr);
}
END_TEST

static size_t count_of(struct slice text, const char *part)
{
	size_t found = 0, at = 0;
	while ((at = slice_search_nocase(text, slice_cstr(part))) < text.len) {
		text = slice_from(text, at + 1);
		found++;
	}
	return found;
}

START_TEST(findings_of_a_shared_record_are_told_once)
{
	static const enum writer_format formats[] = {FORMAT_GCC, FORMAT_GITHUB, FORMAT_SARIF};
	struct slice paths[2][2] = {{SLICE("a.example"), SLICE("include:x.example")},
		{SLICE("b.example"), SLICE("include:x.example")}};
	struct findings lists[2];
	struct report_item items[2] = {hostile_item(&lists[0]), hostile_item(&lists[1])};
	for (size_t i = 0; i < 2; i++) {
		items[i].subject = paths[i][0];
		lists[i].items[0].place.path = paths[i];
		lists[i].items[0].place.path_count = 2;
	}
	for (size_t in_a_file = 0; in_a_file < 2; in_a_file++) {
		write_document(formats[_i], items, 1);
		size_t once = count_of(buf_slice(&out), "]]><&x>");
		write_document(formats[_i], items, 2);
		ck_assert_uint_gt(once, 0);
		ck_assert_uint_eq(count_of(buf_slice(&out), "]]><&x>"), in_a_file == 1 ? once : 2 * once);
		for (size_t i = 0; i < 2; i++)
			in_file(&lists[i].items[0], "db.example");
	}
}
END_TEST

START_TEST(github_documents)
{
	struct findings first, second;
	struct report_item items[2] = {hostile_item(&first), hostile_item(&second)};
	first.items[0].severity = SEVERITY_INFO;
	write_document(FORMAT_GITHUB, items, 2);
	struct slice text = buf_slice(&out);
	ck_assert(slice_starts(text, SLICE("::error ")));
	unit_assert_has(text, "\n::notice ");
	ck_assert_uint_eq(count(text, '\n'), 2);
	ck_assert_uint_eq(count(text, '\0'), 0);
}
END_TEST

static void work(struct arena *failing, void *context)
{
	const struct writer_options options = {.fail_on = SEVERITY_ERROR};
	buf_clear(&out);
	for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
		writer_get(others[i].format)->item(&out, failing, &options, context);
}

START_TEST(lack_of_memory)
{
	struct findings list;
	struct report_item item = hostile_item(&list);
	struct sample_verdict *s = sample_verdict(arena);
	sample_add_failure(arena, s, DNS_FAILURE_TIMEOUT);
	item.incomplete = s->verdict.incomplete;
	item.incomplete_count = s->verdict.incomplete_count;
	unit_fail_every_allocation(work, &item);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("write_items");
	TCase *tests = tcase_create("write_items");
	int formats = (int)(sizeof others / sizeof others[0]);
	tcase_add_checked_fixture(tests, setup, cleanup);
	tcase_add_test(tests, gcc_has_one_line);
	tcase_add_test(tests, github_escapes_what_ends_a_command);
	tcase_add_test(tests, github_has_parts);
	tcase_add_test(tests, csv_is_quoted_and_no_formula);
	tcase_add_test(tests, junit_is_xml);
	tcase_add_test(tests, junit_threshold);
	tcase_add_test(tests, junit_names_are_unique);
	tcase_add_test(tests, sarif_results);
	tcase_add_test(tests, sarif_messages_have_no_links);
	tcase_add_test(tests, sarif_fixes);
	tcase_add_test(tests, sarif_is_bounded);
	tcase_add_loop_test(tests, temporary_failures_are_told, 0, formats);
	tcase_add_loop_test(tests, bad_input_is_told, 0, formats);
	tcase_add_loop_test(tests, what_passes, 0, formats);
	tcase_add_test(tests, csv_has_a_line_a_domain);
	tcase_add_test(tests, bad_lines_name_their_list);
	tcase_add_test(tests, sarif_documents);
	tcase_add_loop_test(tests, findings_of_a_shared_record_are_told_once, 0, 3);
	tcase_add_test(tests, github_documents);
	tcase_add_test(tests, lack_of_memory);
	suite_add_tcase(suite, tests);
	return unit_run(suite);
}
