/* Tests of report/write_text: the whole page for a made-up verdict, then one change at a time. */
#include <stdlib.h>

#include "base/ascii.h"
#include "report/text.h"
#include "report/writer.h"
#include "support/sample_verdict.h"
#include "support/unit.h"

static struct buf output;

static const struct writer_options plain = {.width = 80};

/* The sample's text in `output`. */
static struct slice write_with(struct sample_verdict *sample, const struct writer_options *options)
{
	buf_clear(&output);
	writer_get(FORMAT_TEXT)->verdict(&output, unit_arena(), options, &sample->verdict);
	return buf_slice(&output);
}

/* The verdict lives in an arena of its own: the writer's is unit_arena(). */
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

/* No line is wider than the page, none ends in a blank, and there are no controls. */
static void assert_page(struct slice text, size_t width)
{
	for (size_t at = 0; at < text.len;) {
		size_t end = slice_find(text, '\n', at);
		struct slice line = slice_at(text, span_of(at, end - at));
		ck_assert_uint_lt(end, text.len);
		ck_assert_msg(text_width(line) <= width, "%.*s", (int)line.len, line.ptr);
		ck_assert_msg(
			line.len == 0 || line.ptr[line.len - 1] != ' ', "%.*s|", (int)line.len, line.ptr);
		for (size_t i = 0; i < line.len; i++)
			ck_assert((unsigned char)line.ptr[i] >= ' ' && line.ptr[i] != 0x7f);
		at = end + 1;
	}
}

static struct finding *add_finding(struct sample_verdict *s)
{
	struct finding *finding =
		findings_add_at(&s->verdict.findings, RULE_SPF_UNKNOWN_MECHANISM, span_of(7, 4));
	finding->place.name = SLICE("example.com");
	finding->place.type = SLICE("TXT");
	finding->place.record = SLICE("v=spf1 ipv4:192.0.2.0/24 -all");
	s->verdict.level = VERDICT_FAIL;
	return finding;
}

static const char page[] =
	"example.com  PASS: no mistakes found\n"
	"\n"
	"SPF    v=spf1 mx include:_spf.example.net exists:%{i}.l.example.com\n"
	"       exp=exp.example.com -all\n"
	"       result       valid (a change takes up to 1 hour to spread: TTL 3600)\n"
	"       lookups      3 of 10 allowed\n"
	"       void         at least 0 of 2 allowed (lookups that find nothing)\n"
	"       may send     257 IPv4 addresses, no IPv6 address; more depends on the\n"
	"                    message (macros)\n"
	"       others get   fail: receivers may refuse such mail\n"
	"       explanation  at exp.example.com:\n"
	"                      %{i} may not send for %{d}\n"
	"                    a refused sender may be shown, for example:\n"
	"                      192.0.2.99 may not send for example.com\n"
	"\n"
	"lookups\n"
	"    1  |- mx                            192.0.2.1\n"
	"    1  |- include:_spf.example.net\n"
	"       |  |- ip4:198.51.100.0/24        256 addresses\n"
	"       |  `- ~all                       the record above goes on\n"
	"    1  |- exists:%{i}.l.example.com     depends on the message\n"
	"       |- exp=exp.example.com           the explanation, see above\n"
	"       `- -all                          everyone else: fail\n"
	"\n"
	"DMARC  v=DMARC1; p=none;\n"
	"       rua=mailto:dmarc@example.com,mailto:example@reports.example\n"
	"       result       valid\n"
	"       found at     _dmarc.example.com (at the domain itself)\n"
	"       policy       none (p): mail that fails is delivered as usual\n"
	"                    so the record only asks for reports and protects nobody yet\n"
	"       subdomains   none: mail that fails is delivered as usual\n"
	"       reports to   mailto:dmarc@example.com\n"
	"                    mailto:example@reports.example\n"
	"                      another organization, which does not agree: no reports are\n"
	"                      sent. It has to publish the TXT record \"v=DMARC1;\" at\n"
	"                      example.com._report._dmarc.reports.example\n";

START_TEST(the_whole_page)
{
	struct slice text = write_with(sample(), &plain);
	unit_assert_slice(text, slice_cstr(page));
	assert_page(text, 80);
}
END_TEST

START_TEST(quiet_says_nothing_of_a_pass)
{
	struct writer_options options = plain;
	options.quiet = true;
	struct sample_verdict *s = sample();
	ck_assert_uint_eq(write_with(s, &options).len, 0);
	s->verdict.level = VERDICT_WARN;
	unit_assert_has(write_with(s, &options), "example.com  WARN: ");
}
END_TEST

static const struct {
	enum verdict_level level;
	const char *expected;
} levels[] = {
	{VERDICT_PASS, "example.com  PASS: no mistakes found\n"},
	{VERDICT_WARN, "example.com  WARN: it works, but something should be changed\n"},
	{VERDICT_FAIL, "example.com  FAIL: something is broken or dangerous\n"},
	{VERDICT_UNKNOWN, "example.com  UNKNOWN: not everything could be looked up, so this is not final\n"},
};

START_TEST(the_first_line_says_the_verdict)
{
	struct sample_verdict *s = sample();
	s->verdict.level = levels[_i].level;
	ck_assert(slice_starts(write_with(s, &plain), slice_cstr(levels[_i].expected)));
}
END_TEST

START_TEST(a_first_line_that_is_too_long_is_two)
{
	struct sample_verdict *s = sample();
	s->verdict.level = VERDICT_UNKNOWN;
	s->verdict.domain = sample_name(&memory, "newsletter.example.com");
	struct slice text = write_with(s, &plain);
	ck_assert(slice_starts(text, SLICE("newsletter.example.com  UNKNOWN\n"
					   "  not everything could be looked up, so this is not final\n\n")));
	assert_page(text, 80);
}
END_TEST

START_TEST(findings_are_counted_in_the_first_line)
{
	struct sample_verdict *s = sample();
	add_finding(s);
	add_finding(s);
	add_finding(s)->severity = SEVERITY_WARNING;
	add_finding(s)->severity = SEVERITY_INFO;
	unit_assert_has(write_with(s, &plain), "example.com  FAIL: 2 errors, 1 warning, 1 remark\n"
					       "  something is broken or dangerous\n");
}
END_TEST

START_TEST(international_names_are_shown_both_ways)
{
	struct writer_options options = plain;
	struct sample_verdict *s = sample();
	s->verdict.domain = sample_name(&memory, "xn--bcher-kva.example");
	unit_assert_has(write_with(s, &options), "xn--bcher-kva.example  PASS");
	options.unicode = true;
	unit_assert_has(write_with(s, &options), "xn--bcher-kva.example (b\xc3\xbc"
						 "cher.example)  PASS");
}
END_TEST

START_TEST(a_finding_points_at_its_bytes)
{
	struct sample_verdict *s = sample();
	struct finding *finding = add_finding(s);
	static const struct slice path[2] = {{"example.com", 11}, {"include:_spf.example.net", 24}};
	finding->place.name = SLICE("_spf.example.net");
	finding->place.path = path;
	finding->place.path_count = 2;
	finding->place.file = SLICE("zones/example.net");
	finding->place.line = 12;
	finding->place.column = 5;
	finding->fix = fix_replace(&memory, finding->place.record, finding->span, SLICE("ip4"), true);
	struct slice text = write_with(s, &plain);
	unit_assert_has(text, "\nerror[spf-unknown-mechanism]: ");
	unit_assert_has(text,
		"\n  _spf.example.net TXT (reached through example.com > include:_spf.example.net)\n"
		"  zones/example.net:12:5\n"
		"    v=spf1 ipv4:192.0.2.0/24 -all\n"
		"           ^^^^\n"
		"  effect: ");
	unit_assert_has(text, "          the record then reads:\n          v=spf1 ip4:192.0.2.0/24 -all\n");
	unit_assert_has(text, "  more:   RFC 7208 section ");
	unit_assert_has(text, "; mailauth explain spf-unknown-mechanism\n");
	assert_page(text, 80);
}
END_TEST

START_TEST(what_is_said_twice_is_said_once)
{
	struct sample_verdict *s = sample();
	add_finding(s);
	add_finding(s)->span = span_of(25, 4);
	add_finding(s)->place.name = SLICE("other.example.com");
	unit_assert_has(write_with(s, &plain), "\n  example.com TXT\n"
					       "    v=spf1 ipv4:192.0.2.0/24 -all\n"
					       "           ^^^^\n"
					       "    v=spf1 ipv4:192.0.2.0/24 -all\n"
					       "                             ^^^^\n"
					       "  other.example.com TXT\n"
					       "    v=spf1 ipv4:192.0.2.0/24 -all\n"
					       "           ^^^^\n"
					       "  effect: ");
	add_finding(s)->args[1] = s->verdict.findings.items[0].args[1] = SLICE("x");
	s->verdict.findings.items[3].effects[RECEIVER_RFC7208] = EFFECT_SPF_WORKS;
	unit_assert_has(write_with(s, &plain), "\n  effect: receivers accept it\n");
}
END_TEST

START_TEST(several_records_are_all_shown)
{
	struct sample_verdict *s = sample();
	const struct record *candidates[2] = {&s->root_txt, &s->child_txt};
	s->root_selection.selected = 2;
	s->root_selection.candidates = candidates;
	s->root_selection.candidate_count = 2;
	s->verdict.spf.status = STATUS_INVALID;
	struct slice text = write_with(s, &plain);
	unit_assert_has(text, "       exp=exp.example.com -all\n"
			      "       v=spf1 ip4:198.51.100.0/24 ~all\n"
			      "       result       permerror: there are 2 SPF records");
	unit_assert_has_not(text, "may send");
}
END_TEST

/* RFC 9990 4: what the record of the other organization says about where to. */
START_TEST(redirected_reports_are_told)
{
	struct sample_verdict *s = sample();
	s->destinations[1].redirected = true;
	s->destinations[1].redirect = SLICE("mailto:a@other.example");
	unit_assert_has(write_with(s, &plain),
		"                      another organization, which names mailto:a@other.example\n"
		"                      at another domain instead: no reports are sent\n");
	s->destinations[1].authorized = DMARC_AUTHORIZED;
	s->destinations[1].redirect = SLICE("mailto:a@reports.example");
	unit_assert_has(write_with(s, &plain),
		"                      another organization, which agrees to get them, at\n"
		"                      mailto:a@reports.example\n");
}
END_TEST

START_TEST(a_permission_whose_name_is_too_long_is_not_asked_for)
{
	struct sample_verdict *s = sample();
	s->destinations[1].authorization_name = (struct name){0};
	unit_assert_has(write_with(s, &plain),
		"                      another organization; the name at which it could agree is\n"
		"                      too long for DNS, so no reports are sent\n");
}
END_TEST

START_TEST(lookups_over_the_limit_are_told)
{
	struct sample_verdict *s = sample();
	s->tree.lookups = 12;
	unit_assert_has(write_with(s, &plain), "lookups      12, but only 10 are allowed\n");
	s->tree.cut = true;
	unit_assert_has(write_with(s, &plain), "lookups      at least 12, but only 10 are allowed\n");
}
END_TEST

START_TEST(a_fix_that_may_be_wrong_says_so)
{
	struct sample_verdict *s = sample();
	struct finding *finding = add_finding(s);
	finding->fix = fix_record(&memory, SLICE("v=spf1 mx -all"), false);
	unit_assert_has(write_with(s, &plain),
		"          the record could read (check that you mean it):\n          v=spf1 mx -all\n");
}
END_TEST

START_TEST(effects_that_differ_are_told_apart)
{
	struct sample_verdict *s = sample();
	struct finding *finding = add_finding(s);
	finding_effect_all(finding, EFFECT_NONE, EFFECT_DMARC_WORKS, EFFECT_DMARC_OFF);
	struct slice text = write_with(s, &plain);
	unit_assert_has(text, "  effect: by RFC 9989: DMARC is switched off");
	unit_assert_has(text, "          by the older RFC 7489: receivers apply the record\n");
	finding_effect_all(finding, EFFECT_NONE, EFFECT_DMARC_WORKS, EFFECT_DMARC_WORKS);
	unit_assert_has(write_with(s, &plain), "  effect: receivers apply the record\n");
	unit_assert_has_not(write_with(s, &plain), "RFC 7489");
}
END_TEST

START_TEST(many_findings_are_counted)
{
	struct sample_verdict *s = sample();
	for (size_t i = 0; i < 103; i++)
		add_finding(s)->effects[RECEIVER_RFC7208] =
			i % 2 == 0 ? EFFECT_SPF_WORKS : EFFECT_SPF_NEUTRAL;
	unit_assert_has(write_with(s, &plain), "\n... and 3 findings more; --format json shows them\n");
}
END_TEST

START_TEST(a_temporary_failure_is_said)
{
	static const enum dns_failure failures[] = {DNS_FAILURE_TIMEOUT, DNS_FAILURE_SERVFAIL,
		DNS_FAILURE_REFUSED, DNS_FAILURE_RCODE, DNS_FAILURE_MALFORMED, DNS_FAILURE_UNREACHABLE,
		DNS_FAILURE_LOOP, DNS_FAILURE_DEADLINE, DNS_FAILURE_LIMIT, DNS_FAILURE_OFFLINE};
	static const char *const words[] = {"no answer in time", "the name server failed (SERVFAIL)",
		"refuses", "error code", "cannot be read", "no name server can be reached", "run in a circle",
		"--max-time", "too many questions", "DNS is not asked"};
	struct sample_verdict *s = sample();
	sample_add_failure(&memory, s, failures[_i]);
	struct slice text = write_with(s, &plain);
	unit_assert_has(text, "\nincomplete: DNS did not answer everything, so this verdict is not final\n"
			      "  _spf.example.org TXT: ");
	unit_assert_has(text, words[_i]);
}
END_TEST

START_TEST(an_alias_that_failed_is_named)
{
	struct sample_verdict *s = sample();
	sample_add_failure(&memory, s, DNS_FAILURE_SERVFAIL);
	s->failure.owner = sample_name(&memory, "spf.vendor.example");
	unit_assert_has(
		write_with(s, &plain), "  _spf.example.org TXT (an alias of spf.vendor.example): the name");
}
END_TEST

START_TEST(a_bad_line_is_one_message)
{
	struct sample_verdict *s = sample();
	s->verdict = (struct verdict){.input = SLICE("a..b\x1b"),
		.input_line = 7,
		.error = SLICE("a label is empty"),
		.level = VERDICT_UNKNOWN};
	unit_assert_slice(
		write_with(s, &plain), SLICE("a..b\\027 (line 7): not checked: a label is empty\n"));
}
END_TEST

START_TEST(verbose_adds_where_answers_came_from)
{
	struct writer_options options = plain;
	options.verbose = true;
	struct sample_verdict *s = sample();
	static const struct slice strings[2] = {{"v=spf1 mx include:_spf.example.net ", 35},
		{"exists:%{i}.l.example.com exp=exp.example.com -all", 50}};
	s->root_txt.data.txt.strings = strings;
	s->root_txt.data.txt.count = 2;
	struct slice text = write_with(s, &options);
	unit_assert_has(text, "answer       from 192.0.2.53:53, TTL 3600, not authenticated, 2 strings:\n"
			      "                    35 + 50 bytes\n");
	unit_assert_has(text, "|  from 192.0.2.53:53, TTL 300, not authenticated\n");
	unit_assert_has(text, "asked        _dmarc.example.com, _dmarc.com\n");
	unit_assert_has(text, "\nDNS    9 questions, 1 of them shared with other domains; 12 ms\n"
			      "       public suffix list of 2026-01-01\n");
	assert_page(text, 80);
}
END_TEST

START_TEST(no_record_is_said_plainly)
{
	struct sample_verdict *s = sample();
	s->root.record = NULL;
	s->root.count = 0;
	s->root_selection.record = NULL;
	s->root_selection.selected = 0;
	s->verdict.spf.status = STATUS_NONE;
	s->verdict.dmarc.discovery.found = NULL;
	s->verdict.dmarc.txt = NULL;
	s->verdict.dmarc.record = NULL;
	s->verdict.dmarc.status = STATUS_NONE;
	s->verdict.dmarc.rfc7489.applies = false;
	struct slice text = write_with(s, &plain);
	unit_assert_has(text, "SPF    no SPF record at example.com\n       result       none: ");
	unit_assert_has(
		text, "DMARC  no DMARC record at _dmarc.example.com, _dmarc.com\n       result       none: ");
	unit_assert_has_not(text, "\nlookups\n");
}
END_TEST

START_TEST(unknown_is_not_none)
{
	struct sample_verdict *s = sample();
	s->root.record = NULL;
	s->root.count = 0;
	s->root_selection.record = NULL;
	s->verdict.spf.status = STATUS_UNKNOWN;
	s->verdict.dmarc.txt = NULL;
	s->verdict.dmarc.record = NULL;
	s->verdict.dmarc.discovery.found = NULL;
	s->verdict.dmarc.discovery.temporary = true;
	s->verdict.dmarc.status = STATUS_UNKNOWN;
	struct slice text = write_with(s, &plain);
	unit_assert_has(text, "SPF    could not be looked up now\n");
	unit_assert_has(text, "DMARC  could not be looked up now\n");
	unit_assert_has_not(text, "no SPF record");
	unit_assert_has_not(text, "no DMARC record");
	unit_assert_has_not(text, "older rules");
}
END_TEST

static const struct {
	enum spf_outcome outcome;
	const char *expected;
} outcomes[] = {
	{SPF_OUTCOME_NONE, "include:_spf.example.net      no SPF record there\n"},
	{SPF_OUTCOME_PERMERROR, "include:_spf.example.net      broken: permerror\n"},
	{SPF_OUTCOME_TEMPORARY, "include:_spf.example.net      DNS did not answer\n"},
	{SPF_OUTCOME_LOOP, "include:_spf.example.net      leads back to itself: a loop\n"},
	{SPF_OUTCOME_UNRESOLVED, "include:_spf.example.net      depends on the message\n"},
	{SPF_OUTCOME_CUT, "include:_spf.example.net      not followed\n"},
};

START_TEST(outcomes_stand_beside_the_terms)
{
	struct sample_verdict *s = sample();
	s->root_tree_terms[1].outcome = outcomes[_i].outcome;
	s->root_tree_terms[1].tree = NULL;
	unit_assert_has(write_with(s, &plain), outcomes[_i].expected);
}
END_TEST

START_TEST(broken_records_get_no_list_of_senders)
{
	struct sample_verdict *s = sample();
	s->verdict.spf.status = STATUS_INVALID;
	s->root_record.valid = false;
	s->root.permerror = true;
	s->root_tree_terms[0].outcome = SPF_OUTCOME_PERMERROR;
	s->root_terms[0].valid = false;
	struct slice text = write_with(s, &plain);
	unit_assert_has(text, "result       permerror: receivers treat the whole record as broken\n");
	unit_assert_has(text, "|- mx                            not valid: permerror\n");
	unit_assert_has_not(text, "may send");
}
END_TEST

START_TEST(long_lists_of_networks_are_counted)
{
	struct sample_verdict *s = sample();
	struct spf_tree_term *terms = arena_alloc(&memory, 21 * sizeof *terms);
	for (size_t i = 0; i < 20; i++)
		terms[i] = s->child_tree_terms[0];
	terms[20] = s->child_tree_terms[1];
	s->child.terms = terms;
	s->child.count = 21;
	unit_assert_has(write_with(s, &plain), "|  |- (20 times ip4)\n       |  `- ~all");
	struct writer_options options = plain;
	options.verbose = true;
	unit_assert_has_not(write_with(s, &options), "times ip4");
}
END_TEST

START_TEST(huge_trees_are_drawn_in_part)
{
	struct sample_verdict *s = sample();
	struct spf_tree_term *terms = arena_alloc(&memory, 30000 * sizeof *terms);
	for (size_t i = 0; i < 30000; i++)
		terms[i] = s->root_tree_terms[0];
	s->root.terms = terms;
	s->root.count = 30000;
	struct slice text = write_with(s, &plain);
	unit_assert_has(text, "`- (29600 more terms)\n");
	ck_assert_uint_lt(text.len, 40000);
}
END_TEST

START_TEST(deep_trees_are_drawn_in_part)
{
	struct sample_verdict *s = sample();
	struct spf_node *node = &s->child;
	for (size_t i = 0; i < 24; i++) {
		struct spf_node *parent = arena_alloc(&memory, sizeof *parent);
		struct spf_tree_term *term = arena_alloc(&memory, sizeof *term);
		*term = s->root_tree_terms[1];
		term->tree = node;
		*parent = (struct spf_node){.domain = s->child.domain,
			.selection = &s->child_selection,
			.record = &s->child_record,
			.terms = term,
			.count = 1};
		node = parent;
	}
	s->root_tree_terms[1].tree = node;
	struct slice text = write_with(s, &plain);
	unit_assert_has(text, "(deeper records are not drawn)\n");
	assert_page(text, 80);
}
END_TEST

START_TEST(inherited_policies_name_their_tag)
{
	struct sample_verdict *s = sample();
	struct verdict_dmarc *dmarc = &s->verdict.dmarc;
	s->verdict.domain = sample_name(&memory, "mail.example.com");
	dmarc->discovery.selected_tag = DMARC_SELECTED_SP;
	dmarc->discovery.selected = DMARC_REJECT;
	dmarc->discovery.applied = DMARC_REJECT;
	dmarc->rfc7489.policy = DMARC_REJECT;
	struct slice text = write_with(s, &plain);
	unit_assert_has(text, "found at     _dmarc.example.com (the organizational domain)\n");
	unit_assert_has(text, "policy       reject (sp, else p): mail that fails is to be refused\n");
	unit_assert_has_not(text, "older rules");
}
END_TEST

START_TEST(the_older_reading_is_told_where_it_differs)
{
	struct sample_verdict *s = sample();
	s->verdict.dmarc.rfc7489.policy = DMARC_REJECT;
	s->verdict.dmarc.rfc7489.pct = 25;
	unit_assert_has(write_with(s, &plain),
		"older rules  receivers that still follow RFC 7489 apply reject from\n"
		"                    _dmarc.example.com, to 25% of the mail, and quarantine to\n"
		"                    the rest (pct)\n");
	s->verdict.dmarc.rfc7489.applies = false;
	unit_assert_has(write_with(s, &plain), "receivers that still follow RFC 7489 apply no DMARC policy");
}
END_TEST

START_TEST(explanations_that_nobody_sees_are_named)
{
	struct sample_verdict *s = sample();
	s->explanation.reachable = false;
	unit_assert_has(write_with(s, &plain), "nobody is ever shown it");
	s->explanation.valid = false;
	unit_assert_has(write_with(s, &plain), "it cannot be used, so receivers refuse without it");
	s->explanation_answer.kind = ANSWER_TEMPORARY;
	unit_assert_has(write_with(s, &plain), "explanation  at exp.example.com: DNS did not answer");
	s->explanation.resolved = false;
	unit_assert_has(write_with(s, &plain), "explanation  its place depends on the message");
}
END_TEST

START_TEST(colour_changes_nothing_but_colour)
{
	struct writer_options options = plain;
	struct sample_verdict *s = sample();
	add_finding(s);
	struct slice without = arena_copy(&memory, write_with(s, &plain));
	options.color = true;
	struct slice with = write_with(s, &options);
	char *stripped = arena_alloc(&memory, with.len);
	size_t len = 0;
	for (size_t i = 0; i < with.len; i++) {
		if (with.ptr[i] == '\033')
			i = slice_find(with, 'm', i);
		else
			stripped[len++] = with.ptr[i];
	}
	ck_assert_uint_gt(with.len, without.len);
	unit_assert_slice(slice_of(stripped, len), without);
}
END_TEST

START_TEST(drawing_characters_need_unicode)
{
	struct writer_options options = plain;
	options.unicode = true;
	struct slice text = write_with(sample(), &options);
	unit_assert_has(text, "\xe2\x94\x9c\xe2\x94\x80 mx");
	unit_assert_has(text, "\xe2\x94\x94\xe2\x94\x80 -all");
	assert_page(text, 80);
}
END_TEST

/* Hostile text wherever text from DNS is shown: no line overflows and nothing raw comes out. */
START_TEST(hostile_bytes_are_tame)
{
	struct sample_verdict *s = sample();
	struct writer_options options = {.width = 80, .verbose = true, .unicode = _i % 2 == 1};
	char *bytes = arena_alloc(&memory, 3000);
	srand((unsigned)_i);
	for (size_t i = 0; i < 3000; i++)
		bytes[i] = (char)(rand() % (_i % 3 == 0 ? 256 : 64));
	struct slice raw = slice_of(bytes, 3000);
	sample_set_text(&memory, &s->root_txt, raw);
	sample_set_text(&memory, &s->dmarc_txt, raw);
	s->root_tree_terms[0].text = raw;
	s->root_tree_terms[2].text = slice_head(raw, 200);
	s->explanation.domain = slice_head(raw, 300);
	s->explanation.record = raw;
	s->explanation.example = raw;
	s->uris[0].text = raw;
	s->verdict.domain = sample_name(&memory, "\x1b\xff.\x9b"
						 "a");
	struct finding *finding = add_finding(s);
	finding->place.record = raw;
	finding->span = span_of(100, 2000);
	finding->fix = fix_replace(&memory, raw, finding->span, slice_head(raw, 40), false);
	struct slice text = write_with(s, &options);
	assert_page(text, 80);
	for (size_t i = 0; i < text.len;) {
		size_t len = ascii_utf8_length(slice_from(text, i));
		ck_assert(len == 1 || (len > 1 && options.unicode));
		i += len;
	}
}
END_TEST

static void work(struct arena *arena, void *context)
{
	struct sample_verdict *s = context;
	struct writer_options options = {.width = 80, .verbose = true};
	buf_clear(&output);
	for (size_t i = 0; i < 5; i++)
		writer_get(FORMAT_TEXT)->verdict(&output, arena, &options, &s->verdict);
}

START_TEST(lack_of_memory_is_noticed)
{
	struct sample_verdict *s = sample();
	add_finding(s);
	sample_add_failure(&memory, s, DNS_FAILURE_TIMEOUT);
	unit_fail_every_allocation(work, s);
}
END_TEST

START_TEST(formats_are_found_by_name)
{
	ck_assert_int_eq((int)writer_find(SLICE("text")), FORMAT_TEXT);
	ck_assert_int_eq((int)writer_find(SLICE("json")), FORMAT_JSON);
	ck_assert_int_eq((int)writer_find(SLICE("jsonl")), FORMAT_JSONL);
	ck_assert_int_eq((int)writer_find(SLICE("JSON")), FORMAT_COUNT);
	ck_assert_int_eq((int)writer_find(SLICE("")), FORMAT_COUNT);
}
END_TEST

#define COUNT(array) ((int)(sizeof(array) / sizeof(array)[0]))

int main(void)
{
	Suite *suite = suite_create("write_text");
	TCase *tests = tcase_create("write_text");
	tcase_add_checked_fixture(tests, NULL, cleanup);
	tcase_add_test(tests, the_whole_page);
	tcase_add_test(tests, quiet_says_nothing_of_a_pass);
	tcase_add_loop_test(tests, the_first_line_says_the_verdict, 0, COUNT(levels));
	tcase_add_test(tests, a_first_line_that_is_too_long_is_two);
	tcase_add_test(tests, findings_are_counted_in_the_first_line);
	tcase_add_test(tests, international_names_are_shown_both_ways);
	tcase_add_test(tests, a_finding_points_at_its_bytes);
	tcase_add_test(tests, what_is_said_twice_is_said_once);
	tcase_add_test(tests, several_records_are_all_shown);
	tcase_add_test(tests, redirected_reports_are_told);
	tcase_add_test(tests, a_permission_whose_name_is_too_long_is_not_asked_for);
	tcase_add_test(tests, lookups_over_the_limit_are_told);
	tcase_add_test(tests, a_fix_that_may_be_wrong_says_so);
	tcase_add_test(tests, effects_that_differ_are_told_apart);
	tcase_add_test(tests, many_findings_are_counted);
	tcase_add_loop_test(tests, a_temporary_failure_is_said, 0, 10);
	tcase_add_test(tests, an_alias_that_failed_is_named);
	tcase_add_test(tests, a_bad_line_is_one_message);
	tcase_add_test(tests, verbose_adds_where_answers_came_from);
	tcase_add_test(tests, no_record_is_said_plainly);
	tcase_add_test(tests, unknown_is_not_none);
	tcase_add_loop_test(tests, outcomes_stand_beside_the_terms, 0, COUNT(outcomes));
	tcase_add_test(tests, broken_records_get_no_list_of_senders);
	tcase_add_test(tests, long_lists_of_networks_are_counted);
	tcase_add_test(tests, huge_trees_are_drawn_in_part);
	tcase_add_test(tests, deep_trees_are_drawn_in_part);
	tcase_add_test(tests, inherited_policies_name_their_tag);
	tcase_add_test(tests, the_older_reading_is_told_where_it_differs);
	tcase_add_test(tests, explanations_that_nobody_sees_are_named);
	tcase_add_test(tests, colour_changes_nothing_but_colour);
	tcase_add_test(tests, drawing_characters_need_unicode);
	tcase_add_loop_test(tests, hostile_bytes_are_tame, 0, 30);
	tcase_add_test(tests, lack_of_memory_is_noticed);
	tcase_add_test(tests, formats_are_found_by_name);
	suite_add_tcase(suite, tests);
	return unit_run(suite);
}
