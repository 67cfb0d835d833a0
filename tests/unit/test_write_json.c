/* Tests of report/write_json: every key of a made-up verdict with its value, then one change at a time. */
#include "report/writer.h"
#include "support/sample_verdict.h"
#include "support/unit.h"

static struct buf output;
static struct escape escape;
static struct arena memory;

static struct sample_verdict *sample(void)
{
	arena_init(&memory, &escape);
	return sample_verdict(&memory);
}

static void cleanup(void)
{
	arena_free(&memory);
	buf_free(&output);
}

static struct slice write_line(struct sample_verdict *s)
{
	const struct writer_options options = {0};
	buf_clear(&output);
	writer_get(FORMAT_JSONL)->verdict(&output, unit_arena(), &options, &s->verdict);
	return buf_slice(&output);
}

#define SPF_TEXT   "v=spf1 mx include:_spf.example.net exists:%{i}.l.example.com exp=exp.example.com -all"
#define DMARC_TEXT "v=DMARC1; p=none; rua=mailto:dmarc@example.com,mailto:example@reports.example"
#define ORIGIN	   "{\"kind\":\"server\",\"server\":\"192.0.2.53:53\",\"file\":null,\"line\":null}"

/* In parts, because a string literal has at most 4,095 bytes. */
static const char *const expected[] = {
	"{\"schema\":\"mailauth/check/"
	"1\",\"domain\":\"example.com\",\"input\":\"Example.COM.\",\"input_line\":null,"
	"\"error\":null,\"verdict\":\"pass\","
	"\"spf\":{\"status\":\"valid\",\"valid\":true,\"record\":\"" SPF_TEXT "\",\"record_base64\":null,"
	"\"strings\":[\"" SPF_TEXT "\"],\"ttl\":3600,\"authenticated\":false,\"origin\":" ORIGIN ","
	"\"records\":[\"" SPF_TEXT
	"\"],\"lookups\":3,\"lookup_limit\":10,\"void_lookups\":0,\"void_lookup_limit\":2,"
	"\"void_detail\":{\"ipv4\":0,\"ipv6\":0,\"queries_ipv4\":0,\"queries_ipv6\":0},\"default\":\"fail\","
	"\"tree\":{\"domain\":\"example.com\",\"record\":\"" SPF_TEXT "\",\"ttl\":3600,\"origin\":" ORIGIN ","
	"\"lookups\":3,\"void_lookups\":0,\"terms\":["
	"{\"text\":\"mx\",\"kind\":\"mx\",\"qualifier\":\"+\",\"target\":\"example.com\",\"outcome\":\"ok\","
	"\"lookups\":1,"
	"\"void_lookups\":0,\"span\":[7, 2],\"networks\":[\"192.0.2.1/32\"],\"tree\":null},"
	"{\"text\":\"include:_spf.example.net\",\"kind\":\"include\",\"qualifier\":\"+\",\"target\":\"_spf."
	"example.net\","
	"\"outcome\":\"ok\",\"lookups\":1,\"void_lookups\":0,\"span\":[10, 24],\"networks\":[],"
	"\"tree\":{\"domain\":\"_spf.example.net\",\"record\":\"v=spf1 ip4:198.51.100.0/24 "
	"~all\",\"ttl\":300,"
	"\"origin\":" ORIGIN ",\"lookups\":0,\"void_lookups\":0,\"terms\":["
	"{\"text\":\"ip4:198.51.100.0/24\",\"kind\":\"ip4\",\"qualifier\":\"+\",\"target\":\"198.51.100.0/"
	"24\","
	"\"outcome\":\"ok\",\"lookups\":0,\"void_lookups\":0,\"span\":[7, "
	"19],\"networks\":[\"198.51.100.0/24\"],\"tree\":null},"
	"{\"text\":\"~all\",\"kind\":\"all\",\"qualifier\":\"~\",\"target\":null,\"outcome\":\"ok\","
	"\"lookups\":0,"
	"\"void_lookups\":0,\"span\":[27, 4],\"networks\":[],\"tree\":null}]}},"
	"{\"text\":\"exists:%{i}.l.example.com\",\"kind\":\"exists\",\"qualifier\":\"+\",\"target\":null,"
	"\"outcome\":\"unresolved\",\"lookups\":1,\"void_lookups\":null,\"span\":[35, "
	"25],\"networks\":[],\"tree\":null},"
	"{\"text\":\"exp=exp.example.com\",\"kind\":\"exp\",\"qualifier\":null,\"target\":\"exp.example."
	"com\","
	"\"outcome\":\"ok\",\"lookups\":0,\"void_lookups\":0,\"span\":[61, "
	"19],\"networks\":[],\"tree\":null},"
	"{\"text\":\"-all\",\"kind\":\"all\",\"qualifier\":\"-\",\"target\":null,\"outcome\":\"ok\","
	"\"lookups\":0,"
	"\"void_lookups\":0,\"span\":[81, 4],\"networks\":[],\"tree\":null}]},"
	"\"networks\":{\"ipv4\":[\"192.0.2.1/32\",\"198.51.100.0/"
	"24\"],\"ipv6\":[],\"ipv4_addresses\":257,\"complete\":false},"
	"\"explanation\":{\"domain\":\"exp.example.com\",\"record\":\"%{i} may not send for "
	"%{d}\",\"valid\":true,"
	"\"reachable\":true,\"example\":\"192.0.2.99 may not send for example.com\"}},",
	"\"dmarc\":{\"status\":\"valid\",\"valid\":true,\"record\":\"" DMARC_TEXT "\",\"record_base64\":null,"
	"\"records\":[\"" DMARC_TEXT
	"\"],\"location\":\"example.com\",\"ttl\":600,\"authenticated\":false,\"origin\":" ORIGIN ","
	"\"policy\":\"none\",\"subdomain_policy\":\"none\",\"nonexistent_policy\":\"none\",\"selected_"
	"policy\":\"none\","
	"\"selected_tag\":\"p\",\"testing\":false,\"applied_policy\":\"none\",\"organizational_domain\":"
	"\"example.com\","
	"\"walk\":[{\"name\":\"_dmarc.example.com\",\"outcome\":\"record\"},{\"name\":\"_dmarc.com\","
	"\"outcome\":\"none\"}],"
	"\"tags\":{\"v\":{\"value\":\"DMARC1\",\"explicit\":true,\"valid\":true,\"span\":[0, 8]},"
	"\"p\":{\"value\":\"none\",\"explicit\":true,\"valid\":true,\"span\":[10, 6]},"
	"\"sp\":{\"value\":\"none\",\"explicit\":false,\"valid\":true,\"span\":null},"
	"\"np\":{\"value\":\"none\",\"explicit\":false,\"valid\":true,\"span\":null},"
	"\"adkim\":{\"value\":\"r\",\"explicit\":false,\"valid\":true,\"span\":null},"
	"\"aspf\":{\"value\":\"r\",\"explicit\":false,\"valid\":true,\"span\":null},"
	"\"psd\":{\"value\":\"u\",\"explicit\":false,\"valid\":true,\"span\":null},"
	"\"t\":{\"value\":\"n\",\"explicit\":false,\"valid\":true,\"span\":null},"
	"\"rua\":{\"value\":\"mailto:dmarc@example.com,mailto:example@reports.example\",\"explicit\":true,"
	"\"valid\":true,"
	"\"span\":[18, 59]},"
	"\"ruf\":{\"value\":null,\"explicit\":false,\"valid\":true,\"span\":null},"
	"\"fo\":{\"value\":\"0\",\"explicit\":false,\"valid\":true,\"span\":null}},"
	"\"rua\":[{\"uri\":\"mailto:dmarc@example.com\",\"valid\":true,\"external\":false,\"authorized\":"
	"true,"
	"\"authorization_name\":null,\"destination\":null},"
	"{\"uri\":\"mailto:example@reports.example\",\"valid\":true,\"external\":true,\"authorized\":false,"
	"\"authorization_name\":\"example.com._report._dmarc.reports.example\",\"destination\":null}],"
	"\"ruf\":[],"
	"\"rfc7489\":{\"location\":\"example.com\",\"policy\":\"none\",\"organizational_domain\":\"example."
	"com\"}},"
	"\"findings\":[],\"incomplete\":[],\"dns\":{\"queries\":9,\"from_cache\":1,\"elapsed_ms\":12},"
	"\"findings_omitted\":0}\n",
};

START_TEST(every_key_in_its_order)
{
	struct slice text = write_line(sample());
	for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
		struct slice part = slice_cstr(expected[i]);
		unit_assert_slice(slice_head(text, part.len), part);
		text = slice_from(text, part.len);
	}
	ck_assert_uint_eq(text.len, 0);
}
END_TEST

static struct finding *add_finding(struct sample_verdict *s)
{
	struct finding *finding =
		findings_add_at(&s->verdict.findings, RULE_SPF_UNKNOWN_MECHANISM, span_of(7, 4));
	finding->place.name = SLICE("_spf.example.net");
	finding->place.type = SLICE("TXT");
	finding->place.record = SLICE("v=spf1 ipv4:192.0.2.0/24 -all");
	return finding;
}

START_TEST(findings_have_all_keys)
{
	struct sample_verdict *s = sample();
	struct finding *finding = add_finding(s);
	static const struct slice path[2] = {{"example.com", 11}, {"include:_spf.example.net", 24}};
	finding->place.path = path;
	finding->place.path_count = 2;
	finding->place.file = SLICE("example.net.zone");
	finding->place.line = 12;
	finding->place.column = 5;
	finding_effect_all(finding, EFFECT_DMARC_WORKS, EFFECT_NONE, EFFECT_NONE);
	finding->fix = fix_replace(&memory, finding->place.record, finding->span, SLICE("ip4"), true);
	struct slice text = write_line(s);
	unit_assert_has(text,
		"\"findings\":[{\"rule\":\"spf-unknown-mechanism\",\"severity\":\"error\",\"message\":\"");
	unit_assert_has(text,
		"\"effects\":{\"rfc7208\":\"receivers apply the record\",\"rfc7489\":null,\"rfc9989\":null},"
		"\"reference\":\"RFC 7208 section ");
	unit_assert_has(text,
		"\"name\":\"_spf.example.net\",\"type\":\"TXT\",\"record\":\"v=spf1 ipv4:192.0.2.0/24 -all\","
		"\"span\":[7, 4],\"text\":\"ipv4\",\"path\":[\"example.com\",\"include:_spf.example.net\"],"
		"\"file\":\"example.net.zone\",\"line\":12,\"column\":5,"
		"\"fix\":{\"safe\":true,\"title\":\"replace \\\"ipv4\\\" with \\\"ip4\\\"\","
		"\"edits\":[{\"span\":[7, 4],\"replacement\":\"ip4\"}],\"record\":\"v=spf1 ip4:192.0.2.0/24 "
		"-all\"}}]");
}
END_TEST

START_TEST(findings_about_nothing_in_particular_have_nulls)
{
	struct sample_verdict *s = sample();
	struct finding *finding = add_finding(s);
	finding->has_span = false;
	finding->place.record = SLICE("");
	unit_assert_has(write_line(s),
		"\"record\":null,\"span\":null,\"text\":null,\"path\":[],\"file\":null,\"line\":null,"
		"\"column\":null,\"fix\":null}]");
}
END_TEST

START_TEST(bytes_that_are_no_text_come_in_base64_too)
{
	struct sample_verdict *s = sample();
	sample_set_text(&memory, &s->root_txt, SLICE("v=spf1 \x80\\\"\n -all"));
	unit_assert_has(write_line(s), "\"record\":\"v=spf1 \\\\128\\\\\\\\\\\"\\\\010 -all\","
				       "\"record_base64\":\"dj1zcGYxIIBcIgogLWFsbA==\","
				       "\"strings\":[\"v=spf1 \\\\128\\\\\\\\\\\"\\\\010 -all\"]");
}
END_TEST

START_TEST(temporary_failures_are_listed)
{
	struct sample_verdict *s = sample();
	s->verdict.level = VERDICT_UNKNOWN;
	sample_add_failure(&memory, s, DNS_FAILURE_SERVFAIL);
	s->failure.rcode = 2;
	struct slice text = write_line(s);
	unit_assert_has(text, "\"verdict\":\"unknown\"");
	unit_assert_has(text, "\"incomplete\":[{\"name\":\"_spf.example.org\",\"type\":\"TXT\",\"reason\":"
			      "\"servfail\",\"rcode\":2}]");
	s->failure.failure = DNS_FAILURE_TIMEOUT;
	s->failure.rcode = 0;
	unit_assert_has(write_line(s), "\"reason\":\"timeout\",\"rcode\":null}]");
}
END_TEST

START_TEST(nothing_known_of_spf_is_null)
{
	struct sample_verdict *s = sample();
	s->verdict.spf.status = STATUS_UNKNOWN;
	s->verdict.spf.explanation = NULL;
	s->root_answer.kind = ANSWER_TEMPORARY;
	s->root_selection.record = NULL;
	s->root_selection.candidate_count = 0;
	s->root.record = NULL;
	s->root.count = 0;
	unit_assert_has(write_line(s),
		"\"spf\":{\"status\":\"unknown\",\"valid\":null,\"record\":null,\"record_base64\":null,"
		"\"strings\":null,\"ttl\":null,\"authenticated\":null,\"origin\":null,\"records\":[],");
	unit_assert_has(write_line(s),
		"\"default\":null,\"tree\":{\"domain\":\"example.com\",\"record\":null,\"ttl\":null,"
		"\"origin\":null,");
	unit_assert_has(write_line(s), "\"explanation\":null},\"dmarc\"");
}
END_TEST

START_TEST(nothing_known_of_dmarc_is_null)
{
	struct sample_verdict *s = sample();
	struct verdict_dmarc *dmarc = &s->verdict.dmarc;
	dmarc->status = STATUS_NONE;
	dmarc->discovery.found = NULL;
	dmarc->txt = NULL;
	dmarc->record = NULL;
	dmarc->answer = NULL;
	dmarc->location = (struct name){0};
	dmarc->candidate_count = dmarc->rua_count = 0;
	dmarc->rfc7489 = (struct dmarc_rfc7489){0};
	struct slice text = write_line(s);
	unit_assert_has(text,
		"\"dmarc\":{\"status\":\"none\",\"valid\":null,\"record\":null,\"record_base64\":null,"
		"\"records\":[],"
		"\"location\":null,\"ttl\":null,\"authenticated\":null,\"origin\":null,\"policy\":null,"
		"\"subdomain_policy\":null,\"nonexistent_policy\":null,\"selected_policy\":null,\"selected_"
		"tag\":null,"
		"\"testing\":null,\"applied_policy\":null,\"organizational_domain\":\"example.com\",");
	unit_assert_has(text,
		"\"tags\":null,\"rua\":[],\"ruf\":[],"
		"\"rfc7489\":{\"location\":null,\"policy\":null,\"organizational_domain\":null}}");
}
END_TEST

START_TEST(what_is_not_known_of_a_destination_is_null)
{
	struct sample_verdict *s = sample();
	s->destinations[1].external_known = false;
	s->destinations[1].authorized = DMARC_AUTHORIZATION_UNKNOWN;
	s->destinations[0].redirected = true;
	s->destinations[0].redirect = SLICE("mailto:other@example.com");
	unit_assert_has(write_line(s),
		"\"destination\":\"mailto:other@example.com\"},"
		"{\"uri\":\"mailto:example@reports.example\",\"valid\":true,\"external\":null,"
		"\"authorized\":null,");
}
END_TEST

START_TEST(explanations_that_are_not_known_are_null)
{
	struct sample_verdict *s = sample();
	s->explanation_answer.kind = ANSWER_TEMPORARY;
	s->explanation.valid = s->explanation.has_record = false;
	unit_assert_has(write_line(s), "\"record\":null,\"valid\":null,\"reachable\":true,\"example\":null}");
	s->explanation_answer.kind = ANSWER_NODATA;
	unit_assert_has(
		write_line(s), "\"record\":null,\"valid\":false,\"reachable\":true,\"example\":null}");
}
END_TEST

START_TEST(a_bad_line_has_no_sections)
{
	struct sample_verdict *s = sample();
	s->verdict = (struct verdict){.input = SLICE("a..b"),
		.input_line = 7,
		.error = SLICE("a label is empty"),
		.level = VERDICT_UNKNOWN,
		.cost = {.elapsed_ms = -1}};
	unit_assert_slice(write_line(s),
		SLICE("{\"schema\":\"mailauth/check/1\",\"domain\":null,\"input\":\"a..b\",\"input_line\":7,"
		      "\"error\":\"a label is empty\",\"verdict\":\"unknown\",\"spf\":null,\"dmarc\":null,"
		      "\"findings\":[],\"incomplete\":[],\"dns\":{\"queries\":0,\"from_cache\":0,\"elapsed_"
		      "ms\":null},"
		      "\"findings_omitted\":0}\n"));
}
END_TEST

/* What lies around a verdict, with the verdict itself cut down to its first key. */
static void write_document(struct sample_verdict *s, bool array, size_t count)
{
	struct writer_options options = {.array = array};
	const struct writer *writer = writer_get(FORMAT_JSON);
	s->verdict = (struct verdict){.input = SLICE("x"), .error = SLICE("x")};
	buf_clear(&output);
	writer->begin(&output, &options);
	for (size_t i = 0; i < count; i++) {
		if (i > 0)
			writer->between(&output, &options);
		writer->verdict(&output, unit_arena(), &options, &s->verdict);
	}
	writer->end(&output, &options);
}

START_TEST(documents_are_objects_or_arrays)
{
	struct sample_verdict *s = sample();
	write_document(s, false, 1);
	ck_assert(slice_starts(buf_slice(&output), SLICE("{\n  \"schema\": \"mailauth/check/1\",\n")));
	unit_assert_has(buf_slice(&output), "  \"findings_omitted\": 0\n}\n");
	write_document(s, true, 2);
	ck_assert(slice_starts(buf_slice(&output), SLICE("[\n  {\n    \"schema\": \"mailauth/check/1\",\n")));
	unit_assert_has(buf_slice(&output), "    \"findings_omitted\": 0\n  },\n  {\n    \"schema\"");
	unit_assert_has(buf_slice(&output), "    \"findings_omitted\": 0\n  }\n]\n");
	write_document(s, true, 0);
	unit_assert_slice(buf_slice(&output), SLICE("[\n]\n"));
}
END_TEST

START_TEST(quiet_leaves_a_pass_out_of_lists)
{
	static const struct {
		enum writer_format format;
		bool array;
		enum verdict_level level;
		bool written;
	} quiet[] = {
		{FORMAT_JSONL, false, VERDICT_PASS, false}, {FORMAT_JSONL, false, VERDICT_WARN, true},
		{FORMAT_JSON, true, VERDICT_PASS, false}, {FORMAT_JSON, true, VERDICT_UNKNOWN, true},
		{FORMAT_JSON, false, VERDICT_PASS, true}, /* a document is never empty */
	};
	struct sample_verdict *s = sample();
	for (size_t i = 0; i < sizeof quiet / sizeof *quiet; i++) {
		struct writer_options options = {.quiet = true, .array = quiet[i].array};
		s->verdict.level = quiet[i].level;
		buf_clear(&output);
		writer_get(quiet[i].format)->verdict(&output, unit_arena(), &options, &s->verdict);
		ck_assert_msg((buf_slice(&output).len > 0) == quiet[i].written, "row %zu", i);
	}
}
END_TEST

START_TEST(hostile_findings_are_bounded)
{
	struct sample_verdict *s = sample();
	char *record = arena_alloc(&memory, 65535);
	memset(record, 0xff, 65535);
	for (size_t i = 0; i < 1000; i++)
		add_finding(s)->place.record = slice_of(record, 65535);
	struct slice text = write_line(s);
	ck_assert_uint_lt(text.len, (size_t)20 << 20);
	ck_assert_uint_lt(slice_search_nocase(text, SLICE("\"findings_omitted\":9")), text.len);
}
END_TEST

static void work(struct arena *arena, void *context)
{
	struct sample_verdict *s = context;
	struct writer_options options = {0};
	buf_clear(&output);
	for (size_t i = 0; i < 5; i++)
		writer_get(FORMAT_JSON)->verdict(&output, arena, &options, &s->verdict);
}

START_TEST(lack_of_memory_is_noticed)
{
	struct sample_verdict *s = sample();
	add_finding(s);
	sample_add_failure(&memory, s, DNS_FAILURE_TIMEOUT);
	unit_fail_every_allocation(work, s);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("write_json");
	TCase *tests = tcase_create("write_json");
	tcase_add_checked_fixture(tests, NULL, cleanup);
	tcase_add_test(tests, every_key_in_its_order);
	tcase_add_test(tests, findings_have_all_keys);
	tcase_add_test(tests, findings_about_nothing_in_particular_have_nulls);
	tcase_add_test(tests, bytes_that_are_no_text_come_in_base64_too);
	tcase_add_test(tests, temporary_failures_are_listed);
	tcase_add_test(tests, nothing_known_of_spf_is_null);
	tcase_add_test(tests, nothing_known_of_dmarc_is_null);
	tcase_add_test(tests, what_is_not_known_of_a_destination_is_null);
	tcase_add_test(tests, explanations_that_are_not_known_are_null);
	tcase_add_test(tests, a_bad_line_has_no_sections);
	tcase_add_test(tests, documents_are_objects_or_arrays);
	tcase_add_test(tests, quiet_leaves_a_pass_out_of_lists);
	tcase_add_test(tests, hostile_findings_are_bounded);
	tcase_add_test(tests, lack_of_memory_is_noticed);
	suite_add_tcase(suite, tests);
	return unit_run(suite);
}
