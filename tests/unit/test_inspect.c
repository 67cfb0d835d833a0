/* Tests of the whole verdict on one domain: statuses, level, findings and what is incomplete, and how many
 * rounds of questions it took.
 *
 * Findings are written as the text of the row: each as "rule@name", in the order of the verdict; incomplete
 * ones as "name TYPE reason".
 */
#include "inspect/driver.h"
#include "support/inspection.h"
#include "support/unit.h"

#define SPF   "example.com TXT v=spf1 -all\n"
#define MX    "example.com MX 10 mx.example.net\n"
#define DMARC "_dmarc.example.com TXT v=DMARC1; p=reject; rua=mailto:reports@example.com\n"

struct row {
	const char *name;
	const char *zone;
	const char *domain;
	enum section_status spf, dmarc;
	enum verdict_level level;
	const char *errors; /* findings of that severity */
	const char *warnings;
	const char *incomplete;
};

static const struct row rows[] = {
	{"all is well", SPF MX DMARC, "example.com", STATUS_VALID, STATUS_VALID, VERDICT_PASS, "", "", ""},
	{"nothing", "example.com A 192.0.2.1\n", "example.com", STATUS_NONE, STATUS_NONE, VERDICT_FAIL,
		"dmarc-none@_dmarc.example.com", "spf-none@example.com", ""},
	{"nothing, and it gets mail", "example.com MX 10 mail.example.com\n", "example.com", STATUS_NONE,
		STATUS_NONE, VERDICT_FAIL, "spf-none@example.com dmarc-none@_dmarc.example.com", "", ""},
	{"no SPF, null MX", "example.com MX 0 .\n" DMARC, "example.com", STATUS_NONE, STATUS_VALID,
		VERDICT_WARN, "", "spf-none@example.com dmarc-rua-no-mx@_dmarc.example.com", ""},
	{"no SPF, MX cannot be asked", "example.com MX !timeout\n" DMARC, "example.com", STATUS_NONE,
		STATUS_VALID, VERDICT_UNKNOWN, "", "spf-none@example.com", "example.com MX timeout"},
	{"whether it gets mail is not known", "example.com MX !timeout\n" SPF DMARC, "example.com",
		STATUS_VALID, STATUS_VALID, VERDICT_UNKNOWN, "", "", "example.com MX timeout"},
	{"no domain", "example.net A 192.0.2.1\n", "example.com", STATUS_NONE, STATUS_NONE, VERDICT_FAIL,
		"spf-nxdomain@example.com dmarc-nxdomain@_dmarc.example.com", "", ""},
	{"no domain, but the parent's policy covers it", MX DMARC, "no.example.com", STATUS_NONE,
		STATUS_VALID, VERDICT_FAIL, "spf-nxdomain@no.example.com", "", ""},
	{"SPF cannot be asked", "example.com TXT !servfail\n" MX DMARC, "example.com", STATUS_UNKNOWN,
		STATUS_VALID, VERDICT_UNKNOWN, "", "", "example.com TXT servfail"},
	{"DMARC cannot be asked", SPF "_dmarc.example.com TXT !refused\n", "example.com", STATUS_VALID,
		STATUS_UNKNOWN, VERDICT_UNKNOWN, "", "", "_dmarc.example.com TXT refused"},
	{"neither can be asked", "example.com TXT !timeout\n_dmarc.example.com TXT !timeout\n", "example.com",
		STATUS_UNKNOWN, STATUS_UNKNOWN, VERDICT_UNKNOWN, "", "",
		"_dmarc.example.com TXT timeout, example.com TXT timeout"},
	{"an include cannot be asked",
		"example.com TXT v=spf1 include:a.example.net -all\na.example.net TXT !timeout\n" MX DMARC,
		"example.com", STATUS_UNKNOWN, STATUS_VALID, VERDICT_UNKNOWN, "", "",
		"a.example.net TXT timeout"},
	{"broken, whatever the include says",
		"example.com TXT v=spf1 include:a.example.net moo -all\na.example.net TXT !timeout\n" MX
			DMARC,
		"example.com", STATUS_INVALID, STATUS_VALID, VERDICT_FAIL,
		"spf-unknown-mechanism@example.com", "dmarc-without-auth@_dmarc.example.com",
		"a.example.net TXT timeout"},
	{"an alias in a circle",
		"example.com TXT v=spf1 include:a.example.net -all\na.example.net CNAME "
		"b.example.net\nb.example.net CNAME a.example.net\n" MX DMARC,
		"example.com", STATUS_UNKNOWN, STATUS_VALID, VERDICT_UNKNOWN, "", "",
		"a.example.net TXT loop"},
	{"two SPF records", SPF "example.com TXT v=spf1 mx -all\n" MX DMARC, "example.com", STATUS_INVALID,
		STATUS_VALID, VERDICT_FAIL, "spf-multiple@example.com",
		"dmarc-without-auth@_dmarc.example.com", ""},
	{"two DMARC records", SPF DMARC "_dmarc.example.com TXT v=DMARC1; p=none\n", "example.com",
		STATUS_VALID, STATUS_INVALID, VERDICT_FAIL, "dmarc-multiple@_dmarc.example.com", "", ""},
	{"two records below, one above",
		"a.example.com TXT v=spf1 -all\n_dmarc.a.example.com TXT v=DMARC1; "
		"p=none\n_dmarc.a.example.com TXT v=DMARC1; p=reject\n" MX DMARC,
		"a.example.com", STATUS_VALID, STATUS_VALID, VERDICT_FAIL,
		"dmarc-multiple@_dmarc.a.example.com", "", ""},
	{"DMARC is off", SPF "_dmarc.example.com TXT v=DMARC1; adkim=s\n", "example.com", STATUS_VALID,
		STATUS_INVALID, VERDICT_FAIL, "dmarc-policy-unusable@_dmarc.example.com", "", ""},
	{"DMARC at the domain itself", SPF "example.com TXT v=DMARC1; p=reject\n", "example.com",
		STATUS_VALID, STATUS_NONE, VERDICT_FAIL, "dmarc-wrong-name@example.com", "", ""},
	{"DMARC at doubled names",
		SPF "_dmarc.example.com.example.com TXT v=DMARC1; p=reject\ndmarc.example.com TXT v=DMARC1; "
		    "p=reject\n_dmarc._dmarc.example.com TXT v=DMARC1; p=reject\n",
		"example.com", STATUS_VALID, STATUS_NONE, VERDICT_FAIL,
		"dmarc-wrong-name@_dmarc._dmarc.example.com dmarc-wrong-name@dmarc.example.com "
		"dmarc-wrong-name@_dmarc.example.com.example.com",
		"", ""},
	{"a probe fails", SPF "dmarc.example.com TXT !timeout\n", "example.com", STATUS_VALID, STATUS_NONE,
		VERDICT_UNKNOWN, "", "", "dmarc.example.com TXT timeout"},
	{"a lower-case version", SPF "_dmarc.example.com TXT v=dmarc1; p=reject\n", "example.com",
		STATUS_VALID, STATUS_NONE, VERDICT_FAIL, "dmarc-version@_dmarc.example.com", "", ""},
	{"reports to strangers",
		SPF "vendor.example MX 10 mx.vendor.example\n_dmarc.example.com TXT v=DMARC1; p=reject; "
		    "rua=mailto:a@vendor.example\n",
		"example.com", STATUS_VALID, STATUS_VALID, VERDICT_WARN, "",
		"dmarc-external-unauthorized@_dmarc.example.com", ""},
	{"whether reports may go there is not known",
		SPF "vendor.example MX 10 mx.vendor.example\n_dmarc.example.com TXT v=DMARC1; p=reject; "
		    "rua=mailto:a@vendor.example\nexample.com._report._dmarc.vendor.example TXT !timeout\n",
		"example.com", STATUS_VALID, STATUS_VALID, VERDICT_UNKNOWN, "", "",
		"example.com._report._dmarc.vendor.example TXT timeout"},
	{"an explanation that cannot be asked",
		"example.com TXT v=spf1 -all exp=why.example.com\nwhy.example.com TXT !timeout\n" MX DMARC,
		"example.com", STATUS_VALID, STATUS_VALID, VERDICT_UNKNOWN, "", "",
		"why.example.com TXT timeout"},
	{"one record in between",
		"a.b.example.com TXT v=spf1 -all\n_dmarc.b.example.com TXT v=DMARC1; p=reject; "
		"rua=mailto:r@b.example.com\nb.example.com MX 10 mx.example.net\n",
		"a.b.example.com", STATUS_VALID, STATUS_VALID, VERDICT_WARN, "",
		"dmarc-walk-diverges@_dmarc.a.b.example.com", ""},
};

static struct slice findings_of(struct arena *arena, const struct verdict *verdict, enum severity severity)
{
	struct slice text = {"", 0};
	for (size_t i = 0; i < verdict->findings.count; i++) {
		const struct finding *finding = &verdict->findings.items[i];
		if (finding->severity != severity)
			continue;
		text = arena_printf(arena, "%.*s%s%s@%.*s", (int)text.len, text.ptr, text.len > 0 ? " " : "",
			rule_get(finding->rule)->id, (int)finding->place.name.len, finding->place.name.ptr);
	}
	return text;
}

static struct slice incomplete_of(struct arena *arena, const struct verdict *verdict)
{
	struct slice text = {"", 0};
	for (size_t i = 0; i < verdict->incomplete_count; i++) {
		const struct answer *answer = verdict->incomplete[i];
		struct slice name = name_text(arena, answer->question.name);
		struct slice type = rrtype_text(arena, answer->question.type);
		text = arena_printf(arena, "%.*s%s%.*s %.*s %s", (int)text.len, text.ptr,
			text.len > 0 ? ", " : "", (int)name.len, name.ptr, (int)type.len, type.ptr,
			dns_failure_text(answer->failure));
	}
	return text;
}

static void expect(const struct row *row, const char *what, struct slice actual, const char *expected)
{
	ck_assert_msg(slice_equal(actual, slice_cstr(expected)), "%s: %s\n  actual   %.*s\n  expected %s",
		row->name, what, (int)actual.len, actual.ptr, expected);
}

START_TEST(verdicts)
{
	const struct row *row = &rows[_i];
	struct arena *arena = unit_arena();
	struct inspection inspection;
	const struct inspect_request request = inspection_request(arena, row->domain);
	inspection_run(arena, fixture_open(arena, row->zone), &request, &inspection);
	const struct verdict *verdict = &inspection.verdict;
	expect(row, "spf", slice_cstr(section_status_text(verdict->spf.status)),
		section_status_text(row->spf));
	expect(row, "dmarc", slice_cstr(section_status_text(verdict->dmarc.status)),
		section_status_text(row->dmarc));
	expect(row, "errors", findings_of(arena, verdict, SEVERITY_ERROR), row->errors);
	expect(row, "warnings", findings_of(arena, verdict, SEVERITY_WARNING), row->warnings);
	expect(row, "incomplete", incomplete_of(arena, verdict), row->incomplete);
	expect(row, "level", slice_cstr(verdict_level_text(verdict->level)), verdict_level_text(row->level));
}
END_TEST

/* What cannot be looked up is not told as a fact. */
START_TEST(no_mx_answer_is_no_claim_about_mail)
{
	struct arena *arena = unit_arena();
	struct inspection inspection;
	const struct inspect_request request = inspection_request(arena, "example.com");
	struct fixture *fixture = fixture_open(arena, "example.com MX !timeout\n" DMARC);
	inspection_run(arena, fixture, &request, &inspection);
	ck_assert_int_eq(inspection.verdict.findings.items[0].rule, RULE_SPF_NONE);
	ck_assert_int_eq(inspection.verdict.findings.items[0].detail, DETAIL_SPF_MAIL_UNKNOWN);
}
END_TEST

/* --- rounds --- */

struct round_row {
	const char *name;
	const char *zone;
	size_t rounds;
	size_t questions;
};

static const struct round_row round_rows[] = {
	/* TXT, MX, the wildcard; _dmarc.example.com, _dmarc.com */
	{"both records", SPF MX DMARC, 1, 5},
	/* the first run asks for MX; mail's A, AAAA and TXT wait for it, not for the record */
	{"mx",
		"example.com TXT v=spf1 mx -all\nexample.com MX 10 mail.example.com\nmail.example.com A "
		"192.0.2.1\n" DMARC,
		2, 8},
	/* redirect: 1; mx and exp: 2; addresses are asked with the exchanges known from round 1 */
	{"redirect, mx and exp",
		"example.com TXT v=spf1 redirect=_spf.example.com\nexample.com MX 10 "
		"mx1.example.com\nexample.com MX 20 mx2.example.com\n"
		"mx1.example.com A 192.0.2.10\nmx2.example.com A 192.0.2.11\n"
		"_spf.example.com TXT v=spf1 mx:example.com ~all exp=_exp.example.com\n_exp.example.com TXT "
		"Go away\n" DMARC,
		3, 13},
	/* five questions, each known only from the answer before it */
	{"a chain of five",
		"example.com TXT v=spf1 include:a.example.net -all\na.example.net TXT v=spf1 "
		"include:b.example.net -all\n"
		"b.example.net TXT v=spf1 include:c.example.net -all\nc.example.net TXT v=spf1 "
		"a:d.example.net -all\n"
		"d.example.net A 192.0.2.1\n" DMARC,
		5, 12},
	{"the chain, and twenty names beside it",
		"example.com TXT v=spf1 include:a.example.net a:h1.example.com a:h2.example.com "
		"a:h3.example.com a:h4.example.com "
		"a:h5.example.com a:h6.example.com a:h7.example.com a:h8.example.com a:h9.example.com "
		"a:h10.example.com -all\n"
		"a.example.net TXT v=spf1 include:b.example.net -all\nb.example.net TXT v=spf1 "
		"include:c.example.net -all\n"
		"c.example.net TXT v=spf1 a:d.example.net -all\nd.example.net A 192.0.2.1\n" DMARC,
		5, 32},
};

START_TEST(rounds_are_the_longest_chain)
{
	const struct round_row *row = &round_rows[_i];
	struct arena *arena = unit_arena();
	struct fixture *fixture = fixture_open(arena, row->zone);
	struct inspection inspection;
	const struct inspect_request request = inspection_request(arena, "example.com");
	inspection_run(arena, fixture, &request, &inspection);
	size_t count;
	fixture_questions(fixture, &count);
	ck_assert_msg(fixture_rounds(fixture) == row->rounds, "%s: %zu rounds, expected %zu", row->name,
		fixture_rounds(fixture), row->rounds);
	ck_assert_msg(
		count == row->questions, "%s: %zu questions, expected %zu", row->name, count, row->questions);
}
END_TEST

/* --- limits --- */

/* Twelve names that each include the next one many times: 2^n ways, few questions. */
START_TEST(a_tree_of_a_million_branches_ends_at_once)
{
	struct arena *arena = unit_arena();
	struct slice zone = SLICE(DMARC "example.com TXT v=spf1 include:n0.example.net -all\n");
	for (unsigned i = 0; i < 30; i++)
		zone = arena_printf(arena,
			"%.*sn%u.example.net TXT v=spf1 include:n%u.example.net include:n%u.example.net "
			"-all\n",
			(int)zone.len, zone.ptr, i, i + 1, i + 1);
	struct inspection inspection;
	const struct inspect_request request = inspection_request(arena, "example.com");
	inspection_run(arena, fixture_open(arena, arena_cstr(arena, zone)), &request, &inspection);
	ck_assert_int_eq(inspection.verdict.spf.status, STATUS_INVALID);
	ck_assert_int_eq(inspection.verdict.level, VERDICT_FAIL);
	ck_assert_uint_le(inspection.runs, 40);
}
END_TEST

static struct slice long_text(struct arena *arena, const char *start, const char *part, size_t size)
{
	char *text = arena_alloc(arena, size);
	size_t len = strlen(start), part_len = strlen(part);
	memcpy(text, start, len);
	while (len + part_len < size) {
		memcpy(&text[len], part, part_len);
		len += part_len;
	}
	return slice_of(text, len);
}

/* In strings of 200 bytes. */
static struct slice rdata_of(struct arena *arena, struct slice text)
{
	char *data = arena_alloc(arena, text.len + text.len / 200 + 2);
	size_t len = 0;
	for (size_t at = 0; at < text.len; at += 200) {
		struct slice part = slice_head(slice_from(text, at), 200);
		data[len++] = (char)part.len;
		memcpy(&data[len], part.ptr, part.len);
		len += part.len;
	}
	return slice_of(data, len);
}

struct huge_row {
	const char *name, *owner, *start, *part;
};

static const struct huge_row huge_rows[] = {
	{"unknown mechanisms", "example.com", "v=spf1 ", "x "},
	{"bad addresses", "example.com", "v=spf1 ", "ip4:999.0.2.1 "},
	{"terms without space", "example.com", "v=spf1 ", "ip4:192.0.2.1~all"},
	{"includes", "example.com", "v=spf1 ", "include:example.net "},
	{"modifiers", "example.com", "v=spf1 ", "a=%{"},
	{"controls", "example.com", "v=spf1 ", "\001\377"},
	{"tags", "_dmarc.example.com", "v=DMARC1; ", "p=x;"},
	{"no tags", "_dmarc.example.com", "v=DMARC1; ", "p;;"},
	{"networks", "example.com", "v=spf1 ", "ip4:10.0.0.0/8 "},
	{"addresses", "_dmarc.example.com", "v=DMARC1; p=none; rua=", "mailto:a@b.example,"},
	{"bad addresses in rua", "_dmarc.example.com", "v=DMARC1; p=none; rua=", "a b,"},
	{"escaped", "_dmarc.example.com", "v=DMARC1; ", "p=none\\; "},
	{"near miss", "_dmarc.example.com", "v=dmarc1; ", "p=none&#59; "},
};

START_TEST(a_record_of_64_kib_is_judged_in_no_time)
{
	const struct huge_row *row = &huge_rows[_i];
	struct arena *arena = unit_arena();
	struct fixture *fixture = fixture_open(arena, "example.com A 192.0.2.1\n");
	fixture_add(fixture, row->owner, RRTYPE_TXT,
		rdata_of(arena, long_text(arena, row->start, row->part, 64900)));
	struct inspection inspection;
	const struct inspect_request request = inspection_request(arena, "example.com");
	inspection_run(arena, fixture, &request, &inspection);
	ck_assert_int_ne(inspection.verdict.level, VERDICT_PASS);
}
END_TEST

/* --- memory --- */

struct client {
	struct fixture *fixture;
	struct inspect_request request;
	bool started, finished;
};

static bool next(void *context, struct inspect_request *out, size_t *ticket, bool *again)
{
	struct client *client = context;
	*again = false;
	if (client->started)
		return false;
	*out = client->request;
	*ticket = 0;
	client->started = true;
	return true;
}

static void done(void *context, size_t ticket, const struct verdict *verdict)
{
	(void)ticket, (void)verdict;
	((struct client *)context)->finished = true;
}

static struct source *open_source(
	void *context, struct source_sink sink, struct escape *escape, const char **why)
{
	(void)escape, (void)why;
	return fixture_source(((struct client *)context)->fixture, sink);
}

static enum driver_status run_with_failure(const char *zone, long fail_at)
{
	struct arena *arena = unit_arena();
	struct client client = {
		.fixture = fixture_open(arena, zone), .request = inspection_request(arena, "example.com")};
	const struct driver_client calls = {.next = next, .done = done, .context = &client};
	const struct driver_options options = {.concurrency = 1,
		.max_time_ms = 20000,
		.open_source = open_source,
		.source_context = &client,
		.fail_at = fail_at};
	enum driver_status status = driver_run(&options, &calls, NULL);
	ck_assert(status == DRIVER_OUT_OF_MEMORY || client.finished);
	return status;
}

/* Each request for memory of an inspection fails once. */
START_TEST(lack_of_memory)
{
	static const char zone[] =
		"example.com TXT v=spf1 include:a.example.net mx moo -all exp=why.example.com\n"
		"example.com MX 10 mail.example.com\nmail.example.com A 192.0.2.1\n"
		"a.example.net CNAME b.example.net\nb.example.net TXT v=spf1 ip4:192.0.2.0/24 -all\n"
		"_dmarc.example.com TXT v=DMARC1; p=rejct; rua=mailto:a@vendor.example\n";
	long n = 1;
	enum driver_status status;
	while ((status = run_with_failure(zone, n)) == DRIVER_OUT_OF_MEMORY)
		n++;
	ck_assert_int_eq(status, DRIVER_OK);
	ck_assert_int_gt(n, 50);
}
END_TEST

#define ROWS(table) ((int)(sizeof(table) / sizeof(table)[0]))

int main(void)
{
	inspection_begin();
	Suite *suite = suite_create("inspect");
	TCase *cases = tcase_create("verdicts");
	tcase_add_loop_test(cases, verdicts, 0, ROWS(rows));
	tcase_add_test(cases, no_mx_answer_is_no_claim_about_mail);
	suite_add_tcase(suite, cases);
	TCase *rounds = tcase_create("rounds");
	tcase_add_loop_test(rounds, rounds_are_the_longest_chain, 0, ROWS(round_rows));
	suite_add_tcase(suite, rounds);
	TCase *limits = tcase_create("limits");
	tcase_set_timeout(limits, 20);
	tcase_add_test(limits, a_tree_of_a_million_branches_ends_at_once);
	tcase_add_loop_test(limits, a_record_of_64_kib_is_judged_in_no_time, 0, ROWS(huge_rows));
	tcase_add_test(limits, lack_of_memory);
	suite_add_tcase(suite, limits);
	int status = unit_run(suite);
	inspection_end();
	return status;
}
