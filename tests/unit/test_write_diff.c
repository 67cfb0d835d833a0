/* Tests of report/write_diff: comparisons made by hand, in every format. */
#include "report/write_diff.h"

#include "base/ascii.h"
#include "report/write_diff_formats.h"
#include "support/unit.h"

static struct buf output;

static const struct writer_options plain = {.width = 80, .array = true};

/* A comparison that finds nothing, to be changed by tests. Its memory is not the writer's. */
struct sample {
	struct diff diff;
	struct diff_side before, after;
	struct answer failure;
	const struct answer *failures[1];
};

static struct escape escape;
static struct arena memory;

static struct name name_of(const char *text)
{
	struct name name;
	ck_assert_int_eq(name_from_text(&memory, slice_cstr(text), &name), NAME_OK);
	return name;
}

static void clear_sets(struct ipset sets[SPF_FAMILIES])
{
	sets[IP_V4] = ipset_empty(IP_V4);
	sets[IP_V6] = ipset_empty(IP_V6);
}

static void clear_networks(struct diff_networks *networks)
{
	clear_sets(networks->gained);
	clear_sets(networks->lost);
}

static void init_side(struct diff_side *side)
{
	*side = (struct diff_side){.spf_known = true,
		.dmarc_known = true,
		.reports_known = true,
		.explanation_known = true,
		.lookups = 3,
		.spf_place = {.record = SLICE("v=spf1 -all")}};
	for (size_t r = 0; r < DIFF_READINGS; r++)
		for (size_t l = 0; l < DIFF_LEVELS; l++)
			side->policies[r][l] = (struct diff_policy){
				.known = true, .applies = true, .policy = DMARC_REJECT, .pct = 100};
	findings_init(&side->findings, &memory);
}

static struct sample *sample(void)
{
	arena_free(&memory); /* of an earlier one */
	arena_init(&memory, &escape);
	struct sample *sample = arena_alloc(&memory, sizeof *sample);
	struct diff *diff = &sample->diff;
	init_side(&sample->before);
	init_side(&sample->after);
	*diff = (struct diff){.domain = name_of("example.com"),
		.spf_known = true,
		.dmarc_known = true,
		.reports_known = true,
		.before = &sample->before,
		.after = &sample->after};
	for (size_t i = 0; i < SPF_RESULTS; i++)
		clear_networks(&diff->networks[i]);
	clear_networks(&diff->unresolved);
	clear_sets(diff->may_pass);
	clear_sets(diff->may_fail);
	findings_init(&diff->new_findings, &memory);
	findings_init(&diff->fixed_findings, &memory);
	findings_init(&diff->unchanged_findings, &memory);
	findings_init(&diff->changes, &memory);
	return sample;
}

static void cleanup(void)
{
	arena_free(&memory);
	buf_free(&output);
}

static struct ipset networks_of(
	enum ip_family family, const char *address, unsigned char length, size_t count)
{
	struct prefix *prefixes = arena_alloc(&memory, count * sizeof *prefixes);
	for (size_t i = 0; i < count; i++) {
		ck_assert(ip_parse(slice_cstr(address), &prefixes[i].ip));
		prefixes[i].ip.bytes[2] = (unsigned char)(prefixes[i].ip.bytes[2] + 2 * i);
		prefixes[i].length = length;
	}
	return ipset_of(&memory, family, prefixes, count);
}

/* A widened network: what softfailed passes. */
static struct sample *widened(size_t count)
{
	struct sample *s = sample();
	struct ipset set = networks_of(IP_V4, "198.51.100.0", 24, count);
	s->diff.changed = s->diff.on_mail = true;
	s->diff.networks[SPF_PASS].gained[IP_V4] = set;
	s->diff.networks[SPF_SOFTFAIL].lost[IP_V4] = set;
	return s;
}

static struct finding *add_finding(struct findings *list, enum severity severity)
{
	struct finding *finding = findings_add_at(list, RULE_SPF_UNKNOWN_MECHANISM, span_of(7, 4));
	finding->severity = severity;
	finding->args[0] = SLICE("ipv4");
	finding->place.name = SLICE("example.com");
	finding->place.type = SLICE("TXT");
	finding->place.record = SLICE("v=spf1 ipv4:192.0.2.0/24 -all");
	finding->place.file = SLICE("db.example");
	finding->place.line = 4;
	return finding;
}

static void add_failure(struct sample *s, struct diff_side *side)
{
	const struct question question = {name_of("_spf.example.net"), RRTYPE_TXT};
	s->failure = answer_failure(question, DNS_FAILURE_TIMEOUT);
	s->failures[0] = &s->failure;
	side->incomplete = s->failures;
	side->incomplete_count = 1;
	side->spf_known = s->diff.spf_known = false;
}

static struct slice write_as(const char *format, const struct writer_options *options, const struct sample *s)
{
	struct write_diff_run run;
	buf_clear(&output);
	write_diff_begin(&run, unit_arena(), write_diff_find(slice_cstr(format)), &output, options,
		SLICE("old"), SLICE("new"));
	if (s != NULL)
		write_diff_domain(&run, unit_arena(), &s->diff);
	write_diff_end(&run, unit_arena());
	ck_assert(!output.failed);
	return buf_slice(&output);
}

static void assert_text(struct slice actual, const char *expected)
{
	unit_assert_slice(actual, slice_cstr(expected));
}

/* --- text ------------------------------------------------------------------------------------------ */

START_TEST(nothing_changed)
{
	assert_text(write_as("text", &plain, sample()), "example.com  no effect on mail\n"
							"\n"
							"no effect on mail: 1 domain compared\n");
}
END_TEST

START_TEST(a_respelled_record_is_told)
{
	struct sample *s = sample();
	s->after.spf_place.record = SLICE("v=spf1  -all");
	unit_assert_has(write_as("text", &plain, s),
		"example.com  no effect on mail (the SPF record is written differently)\n");
}
END_TEST

START_TEST(quiet_says_nothing_of_what_is_the_same)
{
	struct writer_options quiet = plain;
	quiet.quiet = true;
	assert_text(write_as("text", &quiet, sample()), "");
	unit_assert_has(
		write_as("text", &quiet, widened(1)), "example.com  CHANGED: 256 more IPv4 addresses pass\n");
}
END_TEST

START_TEST(the_page)
{
	struct sample *s = widened(1);
	const struct slice rua = SLICE("mailto:d@example.net");
	s->after.lookups = 4;
	s->before.void_lookups = 1;
	s->diff.rua = (struct diff_list){.lost = &rua, .lost_count = 1};
	for (size_t r = 0; r < DIFF_READINGS; r++) {
		s->after.policies[r][DIFF_OWN].policy = DMARC_NONE;
		s->diff.policies[r][DIFF_OWN] = DIFF_WEAKER;
	}
	s->after.policies[DIFF_RFC7489][DIFF_SUBDOMAIN].pct = 50;
	s->diff.policies[DIFF_RFC7489][DIFF_SUBDOMAIN] = DIFF_WEAKER;
	s->diff.denied = DIFF_DENY_WIDEN | DIFF_DENY_WEAKEN;
	add_finding(&s->diff.fixed_findings, SEVERITY_ERROR);
	add_finding(&s->diff.unchanged_findings, SEVERITY_WARNING);
	assert_text(write_as("text", &plain, s),
		"example.com\n"
		"  DENIED (widen, weaken): 256 more IPv4 addresses pass; 1 more lookup; 1 fewer\n"
		"  void lookup; policy weaker; other report addresses; fixed: 1 error\n"
		"\n"
		"SPF    pass          +256 IPv4 addresses\n"
		"                     + 198.51.100.0/24\n"
		"       softfail      -256 IPv4 addresses\n"
		"                     - 198.51.100.0/24\n"
		"       lookups       3 -> 4 (at most 10)\n"
		"       void lookups  1 -> 0 (at most 2)\n"
		"DMARC  policy        reject -> none (weaker)\n"
		"       subdomains    reject -> reject for 50% (weaker) by RFC 7489\n"
		"       reports       - mailto:d@example.net\n"
		"\n"
		"fixed: error[spf-unknown-mechanism] at example.com: \"ipv4\" is not an SPF\n"
		"  mechanism\n"
		"\n"
		"as before: 1 warning (mailauth check shows it)\n"
		"\n"
		"1 domain compared, 1 with an effect on mail; 1 denied (widen, weaken)\n");
}
END_TEST

START_TEST(long_lists_are_cut)
{
	struct slice text = write_as("text", &plain, widened(14));
	unit_assert_has(text, "+3584 IPv4 addresses");
	unit_assert_has(text, "and 4 more networks (-v shows them)\n");
	unit_assert_has(text, "and 11 more networks (-v shows them)\n");
	unit_assert_has_not(text, "198.51.126.0/24");
	struct writer_options verbose = plain;
	verbose.verbose = true;
	text = write_as("text", &verbose, widened(14));
	unit_assert_has(text, "+ 198.51.126.0/24");
	unit_assert_has(text, "- 198.51.126.0/24");
	unit_assert_has_not(text, "more networks");
}
END_TEST

START_TEST(counts_of_addresses)
{
	struct sample *s = sample();
	s->diff.changed = s->diff.on_mail = true;
	s->diff.networks[SPF_PASS].gained[IP_V6] = networks_of(IP_V6, "2001:db8::", 32, 1);
	s->diff.networks[SPF_PASS].lost[IP_V6] = networks_of(IP_V6, "2001:db8:1::1", 128, 1);
	s->diff.networks[SPF_PASS].gained[IP_V4] = ipset_all(&memory, IP_V4);
	s->diff.may_pass[IP_V4] = networks_of(IP_V4, "192.0.2.1", 32, 1);
	struct slice text = write_as("text", &plain, s);
	unit_assert_has(text, "all IPv4 addresses pass; 1 more IPv6 network passes;");
	unit_assert_has(text, "; 1 IPv6 address\n  no longer passes; 1 more IPv4 address may pass\n");
	unit_assert_has(text, "SPF    pass          +all IPv4 addresses, +1 IPv6 network, -1 IPv6 address\n");
	unit_assert_has(text, "       may pass      +1 IPv4 address\n");
}
END_TEST

START_TEST(new_findings_have_carets)
{
	struct sample *s = sample();
	s->diff.changed = true;
	add_finding(&s->diff.new_findings, SEVERITY_ERROR);
	struct slice text = write_as("text", &plain, s);
	unit_assert_has(text, "example.com  no effect on mail; new: 1 error\n");
	unit_assert_has(text, "\nerror[spf-unknown-mechanism]: \"ipv4\"");
	unit_assert_has(text, "\n  db.example:4\n");
	unit_assert_has(text, "           ^^^^\n");
}
END_TEST

START_TEST(what_is_missing_is_no_difference)
{
	struct sample *s = sample();
	add_failure(s, &s->after);
	struct slice text = write_as("text", &plain, s);
	unit_assert_has(text, "example.com  INCOMPLETE: not everything can be compared for now\n");
	unit_assert_has(text, "SPF    not compared for now\n");
	unit_assert_has(text, "  after: _spf.example.net TXT: no answer in time\n");
	unit_assert_has(text, "1 domain compared, no effect found; 1 incomplete\n");
}
END_TEST

/* --- JSON ------------------------------------------------------------------------------------------ */

START_TEST(json_is_one_document)
{
	struct slice text = write_as("json", &plain, NULL);
	assert_text(text, "{\n"
			  "  \"schema\": \"mailauth/diff/1\",\n"
			  "  \"before\": \"old\",\n"
			  "  \"after\": \"new\",\n"
			  "  \"domains\": []\n"
			  "}\n");
	text = write_as("json", &plain, widened(1));
	unit_assert_has(text, "\"domains\": [\n    {\n      \"domain\": \"example.com\",\n");
	unit_assert_has(text, "\n    }\n  ]\n}\n");
}
END_TEST

START_TEST(json_lines)
{
	struct sample *s = widened(1);
	s->diff.networks[SPF_PASS].gained[IP_V6] = networks_of(IP_V6, "2001:db8::", 32, 1);
	s->diff.denied = DIFF_DENY_WIDEN | DIFF_DENY_NEW_WARNINGS;
	add_failure(s, &s->before);
	s->diff.spf_known = true;
	struct slice text = write_as("jsonl", &plain, s);
	ck_assert(slice_starts(text, SLICE("{\"schema\":\"mailauth/diff/1\",\"domain\":\"example.com\","
					   "\"changed\":true,\"networks\":{\"pass\":{\"gained\":["
					   "\"198.51.100.0/24\",\"2001:db8::/32\"],\"lost\":[],"
					   "\"ipv4_addresses\":{\"gained\":256,\"lost\":0},"
					   "\"ipv6_addresses\":{\"gained\":"
					   "\"79228162514264337593543950336\",\"lost\":\"0\"}},")));
	unit_assert_has(text, "\"own\":{\"before\":\"reject\",\"after\":\"reject\",\"direction\":\"same\","
			      "\"before_pct\":100,\"after_pct\":100}");
	unit_assert_has(text, "\"lookups\":{\"before\":null,\"after\":3}");
	unit_assert_has(text, "\"incomplete\":[{\"name\":\"_spf.example.net\",\"type\":\"TXT\",\"reason\":"
			      "\"timeout\",\"rcode\":null,\"side\":\"before\"}]");
	unit_assert_has(text, "\"denied\":[\"widen\",\"new-warnings\"]");
	ck_assert_uint_eq(slice_find(text, '\n', 0), text.len - 1);
}
END_TEST

START_TEST(json_knows_what_is_not_known)
{
	struct sample *s = sample();
	add_failure(s, &s->after);
	s->diff.reports_known = false;
	s->after.policies[DIFF_RFC9989][DIFF_OWN].known = false;
	s->before.policies[DIFF_RFC9989][DIFF_OWN].applies = false;
	struct slice text = write_as("jsonl", &plain, s);
	unit_assert_has(text, "\"networks\":null,");
	unit_assert_has(text, "\"own\":{\"before\":\"absent\",\"after\":null,\"direction\":null,");
	unit_assert_has(text, "\"reports\":null,");
	unit_assert_has(text, "\"lookups\":{\"before\":3,\"after\":null}");
}
END_TEST

/* --- Markdown --------------------------------------------------------------------------------------- */

START_TEST(markdown_of_nothing)
{
	assert_text(write_as("markdown", &plain, sample()),
		"### mailauth: no effect on mail: 1 domain compared\n"
		"\n"
		"No effect on mail: <code>example.com</code>\n");
}
END_TEST

/* No byte from DNS is markup, mention, or the end of its block. */
START_TEST(markdown_is_inert)
{
	struct sample *s = widened(1);
	const struct slice rua = SLICE("mailto:x@y\n```\n</details><b>@team|`````");
	s->diff.domain = name_of("a|b`<i>@team_x*.example.com");
	s->diff.rua = (struct diff_list){.gained = &rua, .gained_count = 1};
	struct slice text = write_as("markdown", &plain, s);
	unit_assert_has(
		text, "| <code>a&#124;b&#96;&#60;i&#62;&#92;064team&#95;x&#42;.example.com</code> | ");
	unit_assert_has(text, "\n``````text\nSPF ");
	unit_assert_has(text, "\n``````\n\n</details>\n");
	unit_assert_has_not(text, "\n```\n");
	unit_assert_has(text, "+ mailto:x@y\\010```\\010</details><b>@team|`````\n");
}
END_TEST

START_TEST(markdown_has_what_is_denied_first)
{
	struct write_diff_run run;
	struct sample *s = widened(1);
	struct diff second = s->diff;
	second.domain = name_of("example.net");
	second.denied = DIFF_DENY_WIDEN;
	buf_clear(&output);
	write_diff_begin(&run, unit_arena(), write_diff_find(SLICE("markdown")), &output, &plain,
		SLICE("old"), SLICE("new"));
	write_diff_domain(&run, unit_arena(), &s->diff);
	write_diff_domain(&run, unit_arena(), &second);
	write_diff_end(&run, unit_arena());
	struct slice text = buf_slice(&output);
	unit_assert_has(text,
		"|---|---|\n"
		"| <code>example.net</code> | **denied: widen**: 256 more IPv4 addresses pass |\n"
		"| <code>example.com</code> | 256 more IPv4 addresses pass |\n");
	ck_assert_uint_lt(slice_search_nocase(text, SLICE("<summary><code>example.net")),
		slice_search_nocase(text, SLICE("<summary><code>example.com")));
}
END_TEST

/* A comment has a largest size; what is left out is counted. */
START_TEST(markdown_fits_a_comment)
{
	struct write_diff_run run;
	struct sample *s = widened(10);
	buf_clear(&output);
	write_diff_begin(&run, unit_arena(), write_diff_find(SLICE("markdown")), &output, &plain,
		SLICE("old"), SLICE("new"));
	for (size_t i = 0; i < 1000; i++) {
		s->diff.denied = i == 999 ? DIFF_DENY_WIDEN : 0;
		write_diff_domain(&run, unit_arena(), &s->diff);
	}
	write_diff_end(&run, unit_arena());
	struct slice text = buf_slice(&output);
	ck_assert_uint_lt(text.len, 65536);
	unit_assert_has(text, "**denied: widen**");
	unit_assert_has(text, " more | left out here");
	unit_assert_has(text, " more are left out here");
}
END_TEST

/* --- lists ------------------------------------------------------------------------------------------ */

START_TEST(lists_have_changes_and_new_findings)
{
	struct sample *s = widened(1);
	add_finding(&s->diff.changes, SEVERITY_WARNING);
	add_finding(&s->diff.new_findings, SEVERITY_ERROR);
	add_finding(&s->diff.fixed_findings, SEVERITY_INFO);
	struct slice text = write_as("gcc", &plain, s);
	ck_assert_uint_lt(
		slice_search_nocase(text, SLICE("error:")), slice_search_nocase(text, SLICE("warning:")));
	unit_assert_has_not(text, "info:");
	unit_assert_has(write_as("csv", &plain, s), "example.com,db.example,4,");
}
END_TEST

START_TEST(junit_fails_by_what_is_denied)
{
	struct sample *s = widened(1);
	add_finding(&s->diff.new_findings, SEVERITY_ERROR);
	unit_assert_has_not(write_as("junit", &plain, s), "<failure");
	s->diff.denied = DIFF_DENY_NEW_ERRORS;
	unit_assert_has(write_as("junit", &plain, s), "<failure");
}
END_TEST

/* --- all -------------------------------------------------------------------------------------------- */

static const char *const formats[] = {
	"text", "json", "jsonl", "markdown", "csv", "sarif", "junit", "github", "gcc"};

START_TEST(every_format_is_known)
{
	ck_assert_ptr_nonnull(write_diff_find(slice_cstr(formats[_i])));
	struct sample *s = widened(2);
	add_failure(s, &s->before);
	add_finding(&s->diff.new_findings, SEVERITY_WARNING);
	ck_assert_uint_gt(write_as(formats[_i], &plain, s).len, 0);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("write_diff");
	TCase *tcase = tcase_create("write_diff");
	tcase_add_checked_fixture(tcase, NULL, cleanup);
	tcase_add_test(tcase, nothing_changed);
	tcase_add_test(tcase, a_respelled_record_is_told);
	tcase_add_test(tcase, quiet_says_nothing_of_what_is_the_same);
	tcase_add_test(tcase, the_page);
	tcase_add_test(tcase, long_lists_are_cut);
	tcase_add_test(tcase, counts_of_addresses);
	tcase_add_test(tcase, new_findings_have_carets);
	tcase_add_test(tcase, what_is_missing_is_no_difference);
	tcase_add_test(tcase, json_is_one_document);
	tcase_add_test(tcase, json_lines);
	tcase_add_test(tcase, json_knows_what_is_not_known);
	tcase_add_test(tcase, markdown_of_nothing);
	tcase_add_test(tcase, markdown_is_inert);
	tcase_add_test(tcase, markdown_has_what_is_denied_first);
	tcase_add_test(tcase, markdown_fits_a_comment);
	tcase_add_test(tcase, lists_have_changes_and_new_findings);
	tcase_add_test(tcase, junit_fails_by_what_is_denied);
	tcase_add_loop_test(tcase, every_format_is_known, 0, (int)(sizeof formats / sizeof formats[0]));
	suite_add_tcase(suite, tcase);
	return unit_run(suite);
}
