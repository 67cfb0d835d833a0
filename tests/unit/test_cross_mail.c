/* Tests of inspect/cross_mail and of the rules that need a tree: for each rule rows in which it fires, at
 * which name and bytes, and rows in which something is nearly so and it does not.
 */
#include "inspect/cross_mail.h"

#include "spf/spf_size.h"
#include "support/inspection.h"
#include "support/unit.h"

#define SPF   "example.com TXT v=spf1 ip4:198.51.100.25 -all\n"
#define MX    "example.com MX 10 mx.example.net\n"
#define NO_MX "example.com MX 0 .\n"
#define RUA                                                                                                  \
	"; rua=mailto:r@example.org\nexample.org MX 10 "                                                     \
	"mx.example.net\nexample.com._report._dmarc.example.org TXT v=DMARC1\n"
#define DMARC "_dmarc.example.com TXT v=DMARC1; p=reject" RUA
#define HOST  "mail.example.com A 192.0.2.25\nmail.example.com AAAA 2001:db8::25\n"

static const struct row {
	const char *name;
	enum rule_id rule;
	const char *zone;
	const char *expected; /* "SEVERITY NAME [bytes]"; "": it does not fire */
} rows[] = {
	/* --- no mail --- */
	{"parked as it should be", RULE_SPF_PARKED, "example.com TXT v=spf1 -all\n" NO_MX DMARC, ""},
	{"parked by a redirect", RULE_SPF_PARKED,
		"example.com TXT v=spf1 redirect=none.example.net\nnone.example.net TXT v=spf1 -all\n" NO_MX
			DMARC,
		""},
	{"parked, and a host may send", RULE_SPF_PARKED, SPF NO_MX DMARC, "warning example.com []"},
	{"parked with softfail", RULE_SPF_PARKED, "example.com TXT v=spf1 ~all\n" NO_MX DMARC,
		"warning example.com []"},
	{"a broken record has its own finding", RULE_SPF_PARKED,
		"example.com TXT v=spf1 ~all moo\n" NO_MX DMARC, ""},
	{"no MX is not null MX", RULE_SPF_PARKED, SPF DMARC, ""},
	{"null MX beside another is none", RULE_SPF_PARKED, SPF NO_MX MX DMARC, ""},
	{"MX not known", RULE_SPF_PARKED, SPF "example.com MX !timeout\n" DMARC, ""},
	{"parked, and the include is not known", RULE_SPF_PARKED,
		"example.com TXT v=spf1 include:a.example.net -all\na.example.net TXT !timeout\n" NO_MX DMARC,
		""},
	{"parked and p=none", RULE_DMARC_PARKED,
		"example.com TXT v=spf1 -all\n" NO_MX "_dmarc.example.com TXT v=DMARC1; p=none" RUA,
		"warning _dmarc.example.com [p=none]"},
	{"one finding for p", RULE_DMARC_P_NONE,
		"example.com TXT v=spf1 -all\n" NO_MX "_dmarc.example.com TXT v=DMARC1; p=none" RUA, ""},
	{"parked and sp=none", RULE_DMARC_PARKED,
		"example.com TXT v=spf1 -all\n" NO_MX
		"_dmarc.example.com TXT v=DMARC1; p=reject; sp=none" RUA,
		"warning _dmarc.example.com [sp=none]"},
	{"parked and rejected", RULE_DMARC_PARKED, "example.com TXT v=spf1 -all\n" NO_MX DMARC, ""},
	{"p=none of a domain with mail", RULE_DMARC_PARKED,
		SPF MX "_dmarc.example.com TXT v=DMARC1; p=none" RUA, ""},

	/* --- DMARC without SPF --- */
	{"reject while SPF is broken", RULE_DMARC_WITHOUT_AUTH, "example.com TXT v=spf1 mx -all;\n" MX DMARC,
		"warning _dmarc.example.com [p=reject]"},
	{"reject without SPF", RULE_DMARC_WITHOUT_AUTH, MX DMARC, "warning _dmarc.example.com [p=reject]"},
	{"reject without SPF where no mail is", RULE_DMARC_WITHOUT_AUTH, NO_MX DMARC, ""},
	{"reject without SPF and MX", RULE_DMARC_WITHOUT_AUTH, DMARC, ""},
	{"none while SPF is broken", RULE_DMARC_WITHOUT_AUTH,
		"example.com TXT v=spf1 mx -all;\n" MX "_dmarc.example.com TXT v=DMARC1; p=none" RUA, ""},
	{"SPF not known", RULE_DMARC_WITHOUT_AUTH, "example.com TXT !timeout\n" MX DMARC, ""},
	{"reject with SPF", RULE_DMARC_WITHOUT_AUTH, SPF MX DMARC, ""},
	{"two SPF records", RULE_DMARC_WITHOUT_AUTH, SPF "example.com TXT v=spf1 mx -all\n" MX DMARC,
		"warning _dmarc.example.com [p=reject]"},
	{"SPF breaks behind a host that passes", RULE_DMARC_WITHOUT_AUTH,
		"example.com TXT v=spf1 ip4:192.0.2.1 include:a.example.net -all\n" MX DMARC, ""},
	{"SPF breaks before a host could pass", RULE_DMARC_WITHOUT_AUTH,
		"example.com TXT v=spf1 include:a.example.net ip4:192.0.2.1 -all\n" MX DMARC,
		"warning _dmarc.example.com [p=reject]"},
	{"SPF breaks behind what depends on the message", RULE_DMARC_WITHOUT_AUTH,
		"example.com TXT v=spf1 exists:%{i}.example.com include:a.example.net -all\n" MX DMARC, ""},

	/* --- mailboxes of reports --- */
	{"a mailbox with MX", RULE_DMARC_RUA_NO_MX, SPF DMARC, ""},
	{"a mailbox without", RULE_DMARC_RUA_NO_MX,
		SPF "_dmarc.example.com TXT v=DMARC1; p=reject; rua=mailto:r@m.example.com\nm.example.com "
		    "TXT x\n",
		"warning _dmarc.example.com [mailto:r@m.example.com]"},
	{"a mailbox at a name that is not there, said once", RULE_DMARC_RUA_NO_MX,
		SPF "_dmarc.example.com TXT v=DMARC1; p=reject; "
		    "rua=mailto:a@m.example.com,mailto:b@M.example.com\n",
		"warning _dmarc.example.com [mailto:a@m.example.com]"},
	{"a mailbox with null MX", RULE_DMARC_RUA_NO_MX,
		SPF NO_MX "_dmarc.example.com TXT v=DMARC1; p=reject; rua=mailto:r@example.com\n",
		"warning _dmarc.example.com [mailto:r@example.com]"},
	{"a mailbox with an address alone", RULE_DMARC_RUA_NO_MX,
		SPF "_dmarc.example.com TXT v=DMARC1; p=reject; rua=mailto:r@m.example.com\nm.example.com "
		    "AAAA 2001:db8::1\n",
		""},
	{"a mailbox whose address is not known", RULE_DMARC_RUA_NO_MX,
		SPF "_dmarc.example.com TXT v=DMARC1; p=reject; rua=mailto:r@m.example.com\nm.example.com A "
		    "!timeout\n",
		""},
	{"an address without host, and a broken one", RULE_DMARC_RUA_NO_MX,
		SPF "_dmarc.example.com TXT v=DMARC1; p=reject; rua=mailto:a@example.com!9q,mailto:\n", ""},
	{"the same for ruf", RULE_DMARC_RUA_NO_MX,
		SPF "_dmarc.example.com TXT v=DMARC1; p=reject; ruf=mailto:r@m.example.com" RUA,
		"warning _dmarc.example.com [mailto:r@m.example.com]"},

	/* --- HELO --- */
	{"a server without record", RULE_SPF_NO_HELO,
		"example.com TXT v=spf1 mx -all\nexample.com MX 10 mail.example.com\n" HOST DMARC,
		"info example.com []"},
	{"a server with one", RULE_SPF_NO_HELO,
		"example.com TXT v=spf1 mx -all\nexample.com MX 10 mail.example.com\nmail.example.com TXT "
		"v=spf1 a -all\n" HOST DMARC,
		""},
	{"a server without address", RULE_SPF_NO_HELO,
		"example.com TXT v=spf1 mx -all\nexample.com MX 10 mail.example.com\n" DMARC, ""},
	{"somebody else's server", RULE_SPF_NO_HELO, "example.com TXT v=spf1 mx -all\n" MX DMARC, ""},
	{"a server that only receives", RULE_SPF_NO_HELO,
		SPF "example.com MX 10 mail.example.com\n" HOST DMARC, ""},
	{"a server whose record is not known", RULE_SPF_NO_HELO,
		"example.com TXT v=spf1 mx -all\nexample.com MX 10 mail.example.com\nmail.example.com TXT "
		"!servfail\n" HOST DMARC,
		""},

	/* --- wildcards --- */
	{"SPF in a wildcard", RULE_SPF_WILDCARD, SPF "*.example.com TXT v=spf1 -all\n" DMARC,
		"info *.example.com []"},
	{"another wildcard", RULE_SPF_WILDCARD, SPF "*.example.com A 192.0.2.1\n" DMARC, ""},
	{"the probe fails", RULE_SPF_WILDCARD,
		SPF "*.example.com TXT v=spf1 -all\n" CROSS_MAIL_PROBE ".example.com TXT !timeout\n" DMARC,
		""},
	{"DMARC from a wildcard", RULE_DMARC_WILDCARD, SPF "*.example.com TXT v=DMARC1; p=reject" RUA,
		"warning _dmarc.example.com []"},
	{"SPF from a wildcard at _dmarc", RULE_DMARC_WILDCARD, SPF "*.example.com TXT v=spf1 -all\n",
		"warning _dmarc.example.com []"},
	{"which is not told as SPF there", RULE_DMARC_SPF_HERE, SPF "*.example.com TXT v=spf1 -all\n", ""},
	{"nor as SPF at a wrong name", RULE_SPF_WRONG_NAME, "*.example.com TXT v=spf1 mx -all\n" MX, ""},
	{"any text from a wildcard", RULE_DMARC_WILDCARD, SPF "*.example.com TXT token=1\n",
		"warning _dmarc.example.com []"},
	{"which is not told as unrelated", RULE_DMARC_UNRELATED_TXT, SPF "*.example.com TXT token=1\n", ""},
	{"a record of its own beside a wildcard", RULE_DMARC_WILDCARD,
		SPF "*.example.com TXT token=1\n" DMARC, ""},
	{"np where all names exist", RULE_DMARC_NP_DEFEATED,
		SPF "*.example.com A 192.0.2.1\n_dmarc.example.com TXT v=DMARC1; p=none; np=reject" RUA,
		"warning _dmarc.example.com [np=reject]"},
	{"np that says what sp does", RULE_DMARC_NP_DEFEATED,
		SPF "*.example.com A 192.0.2.1\n_dmarc.example.com TXT v=DMARC1; p=reject; np=reject" RUA,
		""},
	{"np without wildcard", RULE_DMARC_NP_DEFEATED,
		SPF "www.example.com A 192.0.2.1\n_dmarc.example.com TXT v=DMARC1; p=none; np=reject" RUA,
		""},

	/* --- wrong names --- */
	{"SPF at _dmarc", RULE_DMARC_SPF_HERE, SPF DMARC "_dmarc.example.com TXT v=spf1 mx -all\n",
		"warning _dmarc.example.com [v=spf1 mx -all]"},
	{"SPF at _dmarc alone", RULE_SPF_WRONG_NAME, DMARC "_dmarc.example.com TXT v=spf1 mx -all\n",
		"warning _dmarc.example.com []"},
	{"is one finding", RULE_DMARC_SPF_HERE, DMARC "_dmarc.example.com TXT v=spf1 mx -all\n", ""},
	{"SPF at _spf alone", RULE_SPF_WRONG_NAME, DMARC "_spf.example.com TXT v=spf1 mx -all\n",
		"warning _spf.example.com []"},
	{"SPF at _spf and at the domain", RULE_SPF_WRONG_NAME,
		SPF DMARC "_spf.example.com TXT v=spf1 mx -all\n", ""},
	{"SPF at www", RULE_SPF_WRONG_NAME, DMARC "www.example.com TXT v=spf1 mx -all\n",
		"warning www.example.com []"},
	{"a web host that sends nothing", RULE_SPF_WRONG_NAME, DMARC "www.example.com TXT v=spf1 -all\n", ""},

	/* --- the tree --- */
	{"an exchange that is an alias", RULE_SPF_MX_CNAME,
		"example.com TXT v=spf1 mx -all\n" MX
		"mx.example.net CNAME m.example.net\nm.example.net A 192.0.2.1\n" DMARC,
		"info example.com [mx]"},
	{"an exchange that is none", RULE_SPF_MX_CNAME,
		"example.com TXT v=spf1 mx -all\n" MX "mx.example.net A 192.0.2.1\n" DMARC, ""},
	{"an alias in somebody's record", RULE_SPF_A_CNAME,
		"example.com TXT v=spf1 include:a.example.net -all\na.example.net TXT v=spf1 a:b.example.net "
		"-all\n"
		"b.example.net CNAME c.example.net\nc.example.net A 192.0.2.1\n" DMARC,
		""},
	{"an include shadows an address", RULE_SPF_NEGATIVE_ORDER,
		"example.com TXT v=spf1 ?include:a.example.net ip4:192.0.2.7 -all\na.example.net TXT v=spf1 "
		"ip4:192.0.2.0/24 -all\n" DMARC,
		"warning example.com [ip4:192.0.2.7]"},
	{"an include shadows a part", RULE_SPF_NEGATIVE_ORDER,
		"example.com TXT v=spf1 ?include:a.example.net ip4:192.0.2.0/23 -all\na.example.net TXT "
		"v=spf1 ip4:192.0.2.0/24 -all\n" DMARC,
		""},
	{"an include is shadowed by a", RULE_SPF_NEGATIVE_ORDER,
		"example.com TXT v=spf1 a -include:a.example.net ~all\nexample.com A "
		"192.0.2.7\na.example.net TXT v=spf1 ip4:192.0.2.7 -all\n" DMARC,
		"warning example.com [-include:a.example.net]"},
	{"the include is not known", RULE_SPF_NEGATIVE_ORDER,
		"example.com TXT v=spf1 ?include:a.example.net ip4:192.0.2.7 -all\na.example.net TXT v=spf1 "
		"ip4:192.0.2.0/24 a:b.example.net -all\n"
		"b.example.net A !timeout\n" DMARC,
		""},
	{"eight lookups, and an include of one's own", RULE_SPF_INCLUDE_SELF_ORG,
		"example.com TXT v=spf1 a:a.n.example a:b.n.example a:c.n.example a:d.n.example "
		"a:e.n.example "
		"a:f.n.example a:g.n.example include:_s.example.com -all\n_s.example.com TXT v=spf1 "
		"ip4:192.0.2.1 -all\n"
		"*.n.example A 192.0.2.1\n*.n.example AAAA 2001:db8::1\n" DMARC,
		"info example.com [include:_s.example.com]"},
	{"eight lookups, and one of somebody else", RULE_SPF_INCLUDE_SELF_ORG,
		"example.com TXT v=spf1 a:a.n.example a:b.n.example a:c.n.example a:d.n.example "
		"a:e.n.example "
		"a:f.n.example a:g.n.example include:_s.example.net -all\n_s.example.net TXT v=spf1 "
		"ip4:192.0.2.1 -all\n"
		"*.n.example A 192.0.2.1\n*.n.example AAAA 2001:db8::1\n" DMARC,
		""},
	{"an include of one's own, and lookups to spare", RULE_SPF_INCLUDE_SELF_ORG,
		"example.com TXT v=spf1 include:_s.example.com -all\n_s.example.com TXT v=spf1 ip4:192.0.2.1 "
		"-all\n" DMARC,
		""},

	/* --- included records --- */
	{"a private address in an include does no harm", RULE_SPF_RANGE_PRIVATE,
		"example.com TXT v=spf1 include:a.example.net -all\na.example.net TXT v=spf1 ip4:10.0.0.1 "
		"ip4:10.0.0.3 -all\n" DMARC,
		"info a.example.net [ip4:10.0.0.1]"},
	{"behind a redirect it is the publisher's own", RULE_SPF_RANGE_PRIVATE,
		"example.com TXT v=spf1 redirect=a.example.net\na.example.net TXT v=spf1 ip4:10.0.0.1 "
		"-all\n" DMARC,
		"warning a.example.net [ip4:10.0.0.1]"},
	{"10/8 is not huge", RULE_SPF_RANGE_HUGE, "example.com TXT v=spf1 ip4:10.0.0.0/8 -all\n" DMARC, ""},
	{"ra in an include", RULE_SPF_RA_USELESS,
		"example.com TXT v=spf1 include:a.example.net -all\na.example.net TXT v=spf1 "
		"ip4:198.51.100.1 -all ra=a\n" DMARC,
		"info a.example.net [ra=a]"},
	{"ra in one's own record", RULE_SPF_RA_USELESS, "example.com TXT v=spf1 mx -all ra=a\n" DMARC, ""},
};

static struct slice line_of(struct arena *arena, const struct finding *finding)
{
	struct slice text = finding_text(finding);
	return arena_printf(arena, "%s %.*s [%.*s]", severity_text(finding->severity),
		(int)finding->place.name.len, finding->place.name.ptr, (int)text.len,
		text.ptr == NULL ? "" : text.ptr);
}

START_TEST(rules)
{
	const struct row *row = &rows[_i];
	struct arena *arena = unit_arena();
	struct inspection inspection;
	struct slice lines = SLICE("");
	const struct inspect_request request = inspection_request(arena, "example.com");
	inspection_run(arena, fixture_open(arena, row->zone), &request, &inspection);
	const struct findings *findings = &inspection.verdict.findings;
	for (size_t i = 0; i < findings->count; i++) {
		if (findings->items[i].rule != row->rule)
			continue;
		struct slice line = line_of(arena, &findings->items[i]);
		lines = arena_printf(arena, "%.*s%s%.*s", (int)lines.len, lines.ptr,
			lines.len > 0 ? "; " : "", (int)line.len, line.ptr);
	}
	ck_assert_msg(slice_equal(lines, slice_cstr(row->expected)), "%s: %s\n  is  \"%.*s\"\n  not \"%s\"",
		row->name, rule_get(row->rule)->id, (int)lines.len, lines.ptr, row->expected);
}
END_TEST

/* What every administrator with a common setup sees: nothing, or little. */
static const struct {
	const char *name, *zone;
	size_t count;
} healthy[] = {
	{"own servers",
		"example.com TXT v=spf1 a:mail.example.com -all\nexample.com MX 10 mail.example.com\n" HOST
			DMARC,
		0},
	{"a provider",
		"example.com TXT v=spf1 include:_spf.example.net ~all\n" MX DMARC
		"_spf.example.net TXT v=spf1 include:_n1.example.net include:_n2.example.net ~all\n"
		"_n1.example.net TXT v=spf1 ip4:198.51.100.0/24 ip4:203.0.113.0/25 ~all\n"
		"_n2.example.net TXT v=spf1 ip6:2001:db8:4000::/36 ~all\n",
		4}, /* that ~all is in four records: shown as one remark, and three of them do no harm */
	{"no mail", "example.com TXT v=spf1 -all\n" NO_MX DMARC, 0},
};

START_TEST(healthy_domains_are_left_alone)
{
	struct arena *arena = unit_arena();
	struct inspection inspection;
	const struct inspect_request request = inspection_request(arena, "example.com");
	inspection_run(arena, fixture_open(arena, healthy[_i].zone), &request, &inspection);
	size_t count = 0;
	for (size_t i = 0; i < inspection.verdict.findings.count; i++)
		count += inspection.verdict.findings.items[i].severity != SEVERITY_OFF &&
			 inspection.verdict.findings.items[i].rule != RULE_SPF_RANGE_DOC;
	ck_assert_msg(count == healthy[_i].count, "%s: %zu findings, the first is %s", healthy[_i].name,
		count, count == 0 ? "" : rule_get(inspection.verdict.findings.items[0].rule)->id);
	ck_assert_int_eq(inspection.verdict.level, VERDICT_PASS);
}
END_TEST

/* --- names of registries --- */

START_TEST(a_public_suffix_is_told)
{
	static const char *const domains[] = {"co.uk", "example.co.uk"};
	for (size_t d = 0; d < 2; d++) {
		struct arena *arena = unit_arena();
		struct inspection inspection;
		const struct inspect_request request = inspection_request(arena, domains[d]);
		inspection_run(
			arena, fixture_open(arena, "example.co.uk TXT v=spf1 -all\n"), &request, &inspection);
		size_t count = 0;
		for (size_t i = 0; i < inspection.verdict.findings.count; i++)
			count += inspection.verdict.findings.items[i].rule == RULE_DMARC_PUBLIC_SUFFIX;
		ck_assert_uint_eq(count, d == 0 ? 1 : 0);
	}
}
END_TEST

/* --- names of a client --- */

START_TEST(more_than_ten_names_of_a_client)
{
	for (size_t names = 10; names <= 11; names++) {
		struct arena *arena = unit_arena();
		struct slice zone = SLICE("example.com TXT v=spf1 ptr -all\n");
		for (size_t i = 0; i < names; i++)
			zone = arena_printf(arena, "%.*s1.2.0.192.in-addr.arpa PTR h%zu.example.com\n",
				(int)zone.len, zone.ptr, i);
		struct inspection inspection;
		struct inspect_request request = inspection_request(arena, "example.com");
		request.sample.has_ip = ip_parse(SLICE("192.0.2.1"), &request.sample.ip);
		inspection_run(arena, fixture_open(arena, arena_cstr(arena, zone)), &request, &inspection);
		size_t count = 0;
		for (size_t i = 0; i < inspection.verdict.findings.count; i++)
			count += inspection.verdict.findings.items[i].rule == RULE_SPF_PTR_LIMIT;
		ck_assert_uint_eq(count, names == 11 ? 1 : 0);
	}
}
END_TEST

/* --- sizes --- */

/* The rule for an answer with TXT data of `len` bytes; RULE_COUNT: none. */
static enum rule_id size_rule(size_t len, bool truncated)
{
	struct arena *arena = unit_arena();
	struct answer *answer = arena_alloc(arena, sizeof *answer);
	struct record *record = arena_alloc(arena, sizeof *record);
	struct spf_selection *selection = arena_alloc(arena, sizeof *selection);
	struct spf_node node = {.selection = selection};
	struct findings findings;
	ck_assert_int_eq(name_from_text(arena, SLICE("example.com"), &node.domain), NAME_OK);
	record->rdata = slice_of(arena_alloc(arena, len + 1), len);
	*answer = (struct answer){
		.kind = ANSWER_RECORDS, .records = record, .count = 1, .truncated = truncated};
	answer->question.name = node.domain;
	selection->answer = answer;
	selection->record = record;
	findings_init(&findings, arena);
	const struct spf_tree_place place = spf_tree_place_root(arena, &node);
	ck_assert(spf_size_report(arena, &place, &findings) == (findings.count == 1));
	return findings.count == 0 ? RULE_COUNT : findings.items[0].rule;
}

/* 12 bytes of header, 13 + 4 of question, 12 before the data. */
START_TEST(size_of_an_answer)
{
	ck_assert_int_eq(size_rule(512 - 41, false), RULE_COUNT);
	ck_assert_int_eq(size_rule(512 - 40, false), RULE_SPF_SIZE_512);
	ck_assert_int_eq(size_rule(100, true), RULE_SPF_UDP_TRUNCATED);
	ck_assert_int_eq(size_rule(2000, true), RULE_SPF_UDP_TRUNCATED);
}
END_TEST

int main(void)
{
	inspection_begin();
	Suite *suite = suite_create("cross_mail");
	TCase *tests = tcase_create("cross_mail");
	tcase_add_loop_test(tests, rules, 0, (int)(sizeof rows / sizeof *rows));
	tcase_add_loop_test(
		tests, healthy_domains_are_left_alone, 0, (int)(sizeof healthy / sizeof *healthy));
	tcase_add_test(tests, a_public_suffix_is_told);
	tcase_add_test(tests, more_than_ten_names_of_a_client);
	tcase_add_test(tests, size_of_an_answer);
	suite_add_tcase(suite, tests);
	int status = unit_run(suite);
	inspection_end();
	return status;
}
