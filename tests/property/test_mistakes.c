/* Records that people really publish, by their number in the collection they come from, with the rules
 * that have to fire and none else at error level. Valid ones give no error. Names are replaced by
 * reserved ones.
 */
#include <stdio.h>

#include "lint/lint_zone.h"
#include "support/inspection.h"
#include "support/unit.h"

#define MAX_RULES 4

struct row {
	const char *number;
	const char *record;	      /* "|" is a border between two strings */
	const char *rules[MAX_RULES]; /* all that fire at error level, and others that must */
};

static const struct row rows[] = {
	{"2", "v=spf1include:spf.example.net?all", {"spf-version-junk"}},
	{"3", "v=spf1 mx a ~all;", {"spf-all-argument"}},
	{"4", "v=spf1 ip4:192.0.2.209-all", {"spf-missing-space"}},
	{"5", "v=spf1 ip4:192.0.2.81~all", {"spf-missing-space"}},
	{"7", "v=spf1 +ip4:relay.example.net -all", {"spf-ip4-invalid"}},
	{"8", "v=spf1 include.spf.example.com", {"spf-unknown-mechanism"}},
	{"9", "v=spf1 include=spf.example.com -all", {"spf-mechanism-equals"}},
	{"10", "v=spf1 include: marketing.example.com", {"spf-space-in-term"}},
	{"11", "v=spf1 ipv4:192.0.2.1 -all", {"spf-unknown-mechanism"}},
	{"12", "v=ipv4 192.0.2.1 -all", {"spf-version-like"}},
	{"13", "v=spf1 a:spf.example.fr/24 include:_spf.example.com -all", {NULL}},
	{"14", "v=spf1 v=spf1 redirect=spf.example.com -all",
		{"spf-modifier-unknown", "spf-redirect-ignored"}},
	{"17", "v=spf1 a mx ptr include:mx.example.net ~all", {"spf-ptr"}},
	{"18", "v=spf1 dom=example.org a:mail.example.com -all", {"spf-modifier-unknown"}},
	{"19", "v=spf1 mx ra=postmaster -all", {"spf-modifier-unknown"}},
	{"20", "v=spf1 ip4:192.0.2.1|ip4:192.0.2.2 -all", {"spf-txt-split-glue"}},
	{"20, with a space", "v=spf1 ip4:192.0.2.1 |ip4:192.0.2.2 -all", {NULL}},
	{"23",
		"v=spf1 a:a.example.net a:b.example.net a:c.example.net a:d.example.net a:e.example.net "
		"a:f.example.net a:g.example.net a:h.example.net a:mail.example.net a mx -all",
		{"spf-lookup-limit"}},
	{"24, one", "v=spf1 ip4:0.0.0.0/0 -all", {"spf-range-all"}},
	{"24, two", "v=spf1 ip4:0.0.0.0/1 ip4:128.0.0.0/1 -all", {"spf-range-all"}},
	{"25", "v=spf1 ip4:192.0.2.1 +a +mx + ?all", {"spf-unknown-mechanism"}},
	{"26, addresses", "v=spf1 ip4:192.0.2.1, ip4:192.0.2.2 -all", {"spf-separator"}},
	{"26, includes", "v=spf1 include:a.example,b.example -all", {"spf-separator"}},
	{"27, apart", "v=spf1 ip4:192.0.2.1 \xe2\x80\x93 all", {"spf-non-ascii"}},
	{"27, joined",
		"v=spf1 ip4:192.0.2.1 \xe2\x80\x93"
		"all",
		{"spf-non-ascii"}},
	{"28, octet", "v=spf1 ip4:192.0.2.300 -all", {"spf-ip4-invalid"}},
	{"28, prefix", "v=spf1 ip4:10.0.0.0/33 -all", {"spf-cidr-invalid"}},
	{"29", "v=spf1 include:_spf.example.com", {"spf-all-missing"}},
	{"30, +all", "v=spf1 +all", {"spf-all-pass"}},
	{"30, all", "v=spf1 all", {"spf-all-pass"}},
	{"31, twice", "v=spf1 redirect=_spf.a.example redirect=_spf.b.example", {"spf-redirect-twice"}},
	{"31, colon", "v=spf1 redirect:_spf.a.example", {"spf-modifier-colon"}},
	{"32", "v=spf1 exists -all exp", {"spf-empty-domain-spec"}},
	{"34", "spf2.0/pra include:_spf.example.com -all", {"spf-senderid"}},
	{"35", "v=dmarc1;p=none;", {"dmarc-version"}},
	{"36", "v=DMARC; p=none; pct=100; rua=mailto:postmaster@example.org", {"dmarc-version"}},
	{"37", "v=DMARCl; p=reject; sp- reject; aspf-s; adkim=s; ri=604800", {"dmarc-version"}},
	{"38", "p=reject;rua=mailto:rua@example.com;ruf=mailto:ruf@example.com", {"dmarc-version"}},
	{"39", " v=DMARC1; p=none; rua=mailto:a@example.com", {"dmarc-version"}},
	{"41, fo", "v=DMARC1;p=none;fo:0;adkim=r;rua=mailto:a@example.com", {"dmarc-separator"}},
	{"41, rf", "v=DMARC1;p=none;rf:afrf;rua=mailto:a@example.com", {"dmarc-separator"}},
	{"42", "v=dmarc1\\; p=none\\; rua= mailto:dmarc_feedback@example.de &amp\\;lt\\;",
		{"dmarc-version", "dmarc-separator"}},
	{"43, p", "v=DMARC1;p=none;p", {"dmarc-syntax"}},
	{"43, name", "v=DMARC1;p=none;pct=0;example.net", {"dmarc-syntax"}},
	{"44", "v=DMARC1;p=reject;pct=;rua=mailto:a@example.com", {"dmarc-syntax"}},
	{"45, bare", "v=DMARC1; p=none; rua=dmarc@example.app", {"dmarc-uri-invalid"}},
	{"45, no mailbox", "v=DMARC1; p=none; rua=mailto:example.com", {"dmarc-uri-invalid"}},
	{"46, p", "v=DMARC1; p=jerect; rua=mailto:a@example.com", {"dmarc-p-invalid"}},
	{"46, sp", "v=DMARC1; p=reject; sp=whatever; rua=mailto:a@example.com", {"dmarc-sp-invalid"}},
	{"47", "v=DMARC1; policy=reject; rua=mailto:a@example.com", {"dmarc-p-missing"}},
	{"48, comma", "v=DMARC1; p=none; fo=1,d; rua=mailto:a@example.com; ruf=mailto:a@example.com",
		{"dmarc-fo-invalid"}},
	{"48, both", "v=DMARC1; p=none; fo=0:1:s; rua=mailto:a@example.com; ruf=mailto:a@example.com",
		{"dmarc-fo-redundant"}},
	{"49, semicolon", "v=DMARC1; p=none; rua=mailto:a@x.example;mailto:b@x.example", {"dmarc-separator"}},
	{"49, blank", "v=DMARC1; p=none; rua=mailto:a@x.example b@x.example", {"dmarc-uri-invalid"}},
	{"50", "v=DMARC1; p=quarantine; rua=mailto:dmarc_report@example.io; pct=100; sp=none;",
		{"dmarc-sp-none", "dmarc-pct"}},
	{"54, quotes", "\"v=DMARC1; p=reject\"", {"dmarc-version"}},
	{"54, typographic", "\xe2\x80\x9cv=DMARC1; p=reject\xe2\x80\x9d", {"dmarc-version"}},
	{"55", "v=DMARC1; p=reject; ri=3600; rf=afrf", {"dmarc-ri", "dmarc-rf", "dmarc-rua-missing"}},
	{"58", "v=spf1 ip4:192.0.2.0/24| ip4:198.51.100.0/24 ~all", {NULL}},
};

#define ROWS ((int)(sizeof rows / sizeof *rows))

/* The strings of a row's record as a paste that took nothing off. */
static struct lint_paste paste_of(struct arena *arena, const char *record)
{
	struct slice rest = slice_cstr(record);
	struct slice *strings = arena_alloc(arena, (rest.len + 1) * sizeof *strings);
	char *text = arena_alloc(arena, rest.len + 1);
	size_t count = 0, used = 0;
	for (bool more = true; more;) {
		size_t end = slice_find(rest, '|', 0);
		memcpy(text + used, rest.ptr, end);
		strings[count++] = slice_of(text + used, end);
		used += end;
		more = end < rest.len;
		rest = slice_from(rest, end + 1);
	}
	struct lint_paste paste = {.text = slice_of(text, used), .strings = strings, .string_count = count};
	bytemap_init(&paste.map, arena);
	bytemap_add(&paste.map, 0, used, 1);
	return paste;
}

static bool is_expected(const struct row *row, const char *id)
{
	for (size_t i = 0; i < MAX_RULES && row->rules[i] != NULL; i++)
		if (strcmp(row->rules[i], id) == 0)
			return true;
	return false;
}

static bool fires(const struct findings *findings, const char *id)
{
	for (size_t i = 0; i < findings->count; i++)
		if (strcmp(rule_get(findings->items[i].rule)->id, id) == 0)
			return true;
	return false;
}

START_TEST(mistake)
{
	const struct row *row = &rows[_i];
	struct arena *arena = unit_arena();
	struct lint_paste paste = paste_of(arena, row->record);
	const struct lint_origin origin = {.source = paste.text, .line = 1};
	struct lint_record record;
	lint_record(arena, &paste, LINT_NONE, &origin, &record);
	ck_assert_msg(record.type != LINT_NONE, "%s: not recognized", row->number);
	for (size_t i = 0; i < record.findings.count; i++) {
		const struct rule *rule = rule_get(record.findings.items[i].rule);
		ck_assert_msg(
			record.findings.items[i].severity < SEVERITY_ERROR || is_expected(row, rule->id),
			"%s: %s fires", row->number, rule->id);
	}
	for (size_t i = 0; i < MAX_RULES && row->rules[i] != NULL; i++)
		ck_assert_msg(fires(&record.findings, row->rules[i]), "%s: %s does not fire", row->number,
			row->rules[i]);
}
END_TEST

/* --- what only a zone shows ------------------------------------------------------------------------ */

static const struct row zone_rows[] = {
	{"1",
		"example.com. TXT \"v=spf1 include:_spf.example.net ~all\"\n"
		"example.com. TXT \"v=spf1 include:servers.example.net ?all\"\n",
		{"spf-multiple"}},
	{"34", "example.com. SPF \"v=spf1 -all\"\n", {"spf-rrtype99"}},
	{"40",
		"_dmarc.example.com. TXT \"v=DMARC1; p=none; fo=1; rua=mailto:a@example.com\"\n"
		"_dmarc.example.com. TXT \"v=DMARC1; p=none\"\n",
		{"dmarc-multiple"}},
	{"51, apex", "example.com. TXT \"v=DMARC1; p=none; rua=mailto:a@example.com\"\n",
		{"dmarc-wrong-name"}},
	{"51, doubled",
		"_dmarc.example.com.example.com. TXT \"v=DMARC1; p=none; rua=mailto:a@example.com\"\n",
		{"dmarc-wrong-name"}},
	{"52", "_dmarc.x.example.com. TXT \"google-site-verification=abc\"\n", {NULL}},
	{"53",
		"_dmarc.example.com. TXT \"v=DMARC1; p=quarantine; rua=mailto:a@example.com\"\n"
		"_dmarc.example.com. CNAME example.com.hosted.example.net.\n",
		{"dmarc-cname-conflict"}},
};

#define ZONE_ROWS ((int)(sizeof zone_rows / sizeof *zone_rows))

static bool load(void *context, struct arena *arena, struct slice path, struct slice *out, struct slice *why)
{
	(void)arena;
	(void)path;
	(void)why;
	*out = slice_cstr(context);
	return true;
}

START_TEST(mistake_in_a_zone)
{
	const struct row *row = &zone_rows[_i];
	struct arena *arena = unit_arena();
	const struct zonefile_loader loader = {load, (void *)(uintptr_t)row->record};
	struct zonefile_error error;
	struct lint_zone zone;
	bool fired[MAX_RULES] = {false};
	ck_assert(lint_zone(arena, SLICE("db.example"), (struct name){NULL, 0}, &loader, &zone, &error));
	for (size_t r = 0; r < zone.count; r++) {
		const struct findings *findings = &zone.records[r].findings;
		for (size_t i = 0; i < findings->count; i++) {
			const char *id = rule_get(findings->items[i].rule)->id;
			ck_assert_msg(findings->items[i].severity < SEVERITY_ERROR || is_expected(row, id),
				"%s: %s fires", row->number, id);
		}
		for (size_t i = 0; i < MAX_RULES && row->rules[i] != NULL; i++)
			fired[i] = fired[i] || fires(findings, row->rules[i]);
	}
	for (size_t i = 0; i < MAX_RULES && row->rules[i] != NULL; i++)
		ck_assert_msg(fired[i], "%s: %s does not fire", row->number, row->rules[i]);
}
END_TEST

/* --- what only DNS shows ---------------------------------------------------------------------------- */

#define GOOD_DMARC "_dmarc.example.com TXT v=DMARC1; p=reject; rua=mailto:a@example.com\n"

static const struct row dns_rows[] = {
	{"6", GOOD_DMARC "example.com TXT v=spf1 ip4:198.51.100.1 include:example.com -all\n",
		{"spf-include-loop"}},
	{"15",
		GOOD_DMARC
		"example.com TXT v=spf1 include:spf.example.net -all\nspf.example.net A 198.51.100.2\n",
		{"spf-include-none"}},
	{"16",
		GOOD_DMARC "example.com TXT v=spf1 include:spf.example.net a mx -all\n"
			   "example.com MX 10 mail.example.com\nmail.example.com A 198.51.100.1\n"
			   "spf.example.net TXT v=spf1 ip4:198.51.100.1 -all\n",
		{"spf-a-no-address"}},
	{"21",
		GOOD_DMARC "example.com TXT v=spf1 include:%{ir}.%{d}._spf.example.net -all\n"
			   "*._spf.example.net TXT v=spf1 include:%{ir}.%{d}._spf.example.net -all\n",
		{"spf-macro-unresolved"}},
	{"22",
		GOOD_DMARC
		"example.com TXT v=spf1 mx a include:1.example.net include:2.example.net ~all\n"
		"example.com A 198.51.100.1\nexample.com AAAA 2001:db8::1\nexample.com MX 10 example.com\n"
		"1.example.net TXT v=spf1 a:a.example.net a:b.example.net a:c.example.net "
		"a:d.example.net -all\n"
		"2.example.net TXT v=spf1 a:e.example.net a:f.example.net a:g.example.net "
		"a:h.example.net -all\n"
		"*.example.net A 198.51.100.9\n*.example.net AAAA 2001:db8::9\n",
		{"spf-lookup-limit"}},
	{"33", GOOD_DMARC "example.com TXT v=spf1 include:spf.gone.example -all\n",
		{"spf-include-unregistered"}},
	{"52", "example.com TXT v=spf1 -all\n*.example.com TXT v=spf1 -all\n",
		{"dmarc-none", "dmarc-wildcard"}},
	{"56",
		"example.com TXT v=spf1 -all\n_dmarc.example.com TXT v=DMARC1; p=none; sp=reject; "
		"rua=mailto:a@example.com\n"
		"_dmarc.com TXT v=DMARC1; p=none; psd=n; rua=mailto:a@com\n",
		{"dmarc-sp-ignored"}},
	{"57",
		"example.com TXT v=spf1 -all\n_dmarc.example.com TXT v=DMARC1; p=reject; "
		"rua=mailto:a@example.net\n"
		"example.net MX 10 mail.example.net\nmail.example.net A 198.51.100.1\n",
		{"dmarc-external-unauthorized"}},
};

#define DNS_ROWS ((int)(sizeof dns_rows / sizeof *dns_rows))

START_TEST(mistake_in_dns)
{
	const struct row *row = &dns_rows[_i];
	struct arena *arena = unit_arena();
	struct inspection result;
	struct inspect_request request = inspection_request(arena, "example.com");
	inspection_run(arena, fixture_open(arena, row->record), &request, &result);
	const struct findings *findings = &result.verdict.findings;
	for (size_t i = 0; i < findings->count; i++) {
		const char *id = rule_get(findings->items[i].rule)->id;
		ck_assert_msg(findings->items[i].severity < SEVERITY_ERROR || is_expected(row, id),
			"%s: %s fires", row->number, id);
	}
	for (size_t i = 0; i < MAX_RULES && row->rules[i] != NULL; i++)
		ck_assert_msg(
			fires(findings, row->rules[i]), "%s: %s does not fire", row->number, row->rules[i]);
}
END_TEST

int main(void)
{
	inspection_begin();
	Suite *suite = suite_create("mistakes");
	TCase *tests = tcase_create("mistakes");
	tcase_add_loop_test(tests, mistake, 0, ROWS);
	tcase_add_loop_test(tests, mistake_in_a_zone, 0, ZONE_ROWS);
	tcase_add_loop_test(tests, mistake_in_dns, 0, DNS_ROWS);
	suite_add_tcase(suite, tests);
	int status = unit_run(suite);
	inspection_end();
	return status;
}
