/* What a receiver does with a message: the tricky cases of DMARC by their numbers in our digest (those
 * that evaluation decides), the fixtures of RFC 9989, the reply, and what is asked. Both readings, RFC
 * 9989 and RFC 7489.
 */
#include "inspect/simulate.h"

#include <stdio.h>
#include <stdlib.h>

#include "support/fixture.h"
#include "support/unit.h"

#define MAX_DKIM 4

static struct psl *list;

struct run {
	struct simulate_request request;
	struct simulate_dkim dkim[MAX_DKIM];
	struct simulation simulation;
	struct arena *arena;
	struct fixture *dns;
	char newer[64], older[64]; /* "fail reject" */
};

static void print_judgement(char out[64], const struct dmarc_judgement *judgement)
{
	snprintf(out, 64, "%s %s", dmarc_result_text(judgement->result),
		judgement->has_disposition ? dmarc_policy_text(judgement->disposition) : "-");
}

static void evaluate(struct view *view, struct arena *arena, void *context)
{
	struct run *run = context;
	if (simulate(&run->request, view, arena, &run->simulation) != EVAL_DONE)
		return;
	print_judgement(run->newer, &run->simulation.dmarc);
	print_judgement(run->older, &run->simulation.rfc7489);
}

static struct name name_of(struct arena *arena, struct slice text)
{
	struct name name;
	ck_assert_int_eq(name_from_text(arena, text, &name), NAME_OK);
	return name;
}

/* "pass:example.com": the word before the colon is an index into `words`. */
static size_t split(struct slice text, const char *(*word)(int), int count, struct slice *domain)
{
	size_t colon = slice_find(text, ':', 0);
	*domain = slice_from(text, colon + 1);
	for (int i = 0; i < count; i++)
		if (slice_equal(slice_head(text, colon), slice_cstr(word(i))))
			return (size_t)i;
	ck_abort_msg("no result");
	return 0;
}

static const char *spf_word(int i)
{
	return spf_result_text((enum spf_result)i);
}

static const char *dkim_word(int i)
{
	return simulate_dkim_text((enum dkim_result)i);
}

/* "pass:a.example pass:b.example" */
static void set_dkim(struct run *run, const char *text)
{
	struct slice rest = slice_cstr(text);
	while (rest.len > 0) {
		size_t end = slice_find(rest, ' ', 0);
		struct simulate_dkim *dkim = &run->dkim[run->request.dkim_count++];
		dkim->result = (enum dkim_result)split(
			slice_head(rest, end), dkim_word, DKIM_RESULT_COUNT, &dkim->domain);
		dkim->name = name_of(run->arena, dkim->domain);
		rest = slice_from(rest, end + 1);
	}
	run->request.dkim = run->dkim;
}

static void start(struct run *run, const char *zone, const char *author)
{
	*run = (struct run){.arena = unit_arena()};
	run->dns = fixture_open(run->arena, zone);
	run->request.psl = list;
	run->request.from = slice_cstr(author);
	run->request.author = name_of(run->arena, slice_cstr(author));
}

/* --- tables ------------------------------------------------------------------------------------ */

struct row {
	const char *name, *zone, *author, *spf, *dkim, *newer, *older;
};

#define D(name, record) "_dmarc." name " TXT " record "\n"
#define RUA		"rua=mailto:d@example.com"
#define FAILS		"fail:other.example", ""
#define EXISTS(name)	name " A 192.0.2.1\n"

static const struct row tricky_rows[] = {
	{"1",
		D("a.example.com", "v=DMARC1; p=none") D("a.example.com", "v=DMARC1; p=quarantine")
			D("example.com", "v=DMARC1; p=reject"),
		"a.example.com", FAILS, "fail reject", "none none"},
	{"2", D("example.com", "v=DMARC1; p=none") D("example.com", "v=DMARC1; p=reject"), "example.com",
		FAILS, "none none", "none none"},
	{"3",
		D("b.example.com", "v=DMARC1; p=reject") D("example.com", "v=DMARC1; p=none")
			EXISTS("a.b.example.com"),
		"a.b.example.com", FAILS, "fail none", "fail none"},
	{"4", D("b.example.com", "v=DMARC1; p=reject"), "a.b.example.com", FAILS, "fail reject", "none none"},
	{"5", D("b.example.com", "v=DMARC1; p=reject"), "b.example.com", "none:other.example",
		"pass:example.com", "fail reject", "pass none"},
	{"6", D("news.example.com", "v=DMARC1; p=reject; psd=n") D("example.com", "v=DMARC1; p=none"),
		"news.example.com", "none:other.example", "pass:example.com", "fail reject", "pass none"},
	{"7", D("news.example.com", "v=DMARC1; p=reject; psd=n") D("example.com", "v=DMARC1; p=none"),
		"x.news.example.com", FAILS, "fail reject", "fail none"},
	{"8", D("zz", "v=DMARC1; p=reject"), "a.zz", "pass:evil.zz", "", "pass none", "none none"},
	{"9", D("zz", "v=DMARC1; p=reject") D("a.zz", "v=DMARC1; p=reject; psd=n"), "a.zz", "pass:evil.zz",
		"", "fail reject", "fail reject"},
	{"10", D("bank", "v=DMARC1; p=reject; psd=y") EXISTS("shop.bank"), "shop.bank", FAILS, "fail reject",
		"none none"},
	{"10 with sp", D("bank", "v=DMARC1; p=reject; sp=quarantine; psd=y") EXISTS("shop.bank"), "shop.bank",
		FAILS, "fail quarantine", "none none"},
	{"11",
		D("bank", "v=DMARC1; p=reject; psd=y") D("mail.shop.bank", "v=DMARC1; p=none")
			EXISTS("x.mail.shop.bank"),
		"x.mail.shop.bank", FAILS, "fail reject", "none none"},
	{"12", D("bank", "v=DMARC1; p=reject; sp=none; psd=y"), "bank", FAILS, "fail reject", "fail reject"},
	{"14", D("example.com", "v=DMARC1; " RUA), "example.com", FAILS, "fail none", "fail none"},
	{"15", D("a.example.com", "v=DMARC1") D("example.com", "v=DMARC1; p=reject"), "a.example.com", FAILS,
		"none none", "none none"},
	{"15 adkim", D("a.example.com", "v=DMARC1; adkim=s") D("example.com", "v=DMARC1; p=reject"),
		"a.example.com", FAILS, "none none", "none none"},
	{"16", D("example.com", "v=DMARC1; p=rejct; " RUA), "example.com", FAILS, "fail none", "fail none"},
	{"17", D("example.com", "v=DMARC1; p=reject; sp=rejct; " RUA), "example.com", FAILS, "fail none",
		"fail none"},
	{"18", D("example.com", "v=DMARC1; p=reject; sp=rejct"), "example.com", FAILS, "none none",
		"none none"},
	{"19", D("example.com", "v=DMARC1; p=reject; np=rejct"), "example.com", FAILS, "none none",
		"fail reject"},
	{"20", D("example.com", "v=DMARC1; p=reject; t=y"), "example.com", FAILS, "fail quarantine",
		"fail reject"},
	{"21", D("example.com", "v=DMARC1; p=quarantine; t=y"), "example.com", FAILS, "fail none",
		"fail quarantine"},
	{"22", D("example.com", "v=DMARC1; p=reject; pct=0"), "example.com", FAILS, "fail reject",
		"fail quarantine"},
	{"23", D("example.com", "v=DMARC1; p=reject; pct=50"), "example.com", FAILS, "fail reject",
		"fail reject"},
	{"24", D("example.com", "v=DMARC1; p=reject; t=y; pct=0"), "example.com", FAILS, "fail quarantine",
		"fail quarantine"},
	{"25", D("example.com", "v=DMARC1; " RUA "; p=reject"), "example.com", FAILS, "fail reject",
		"fail reject"},
	{"27", D("example.com", "v=DMARC1 p=reject"), "example.com", FAILS, "none none", "none none"},
	{"28", D("example.com", "v=dmarc1; p=reject"), "example.com", FAILS, "none none", "none none"},
	{"29", D("example.com", "p=reject; v=DMARC1"), "example.com", FAILS, "none none", "none none"},
	{"30", D("example.com", "v = DMARC1 ; p = reject"), "example.com", FAILS, "fail reject",
		"fail reject"},
	{"32", D("example.com", "v=DMARC1;; p=reject;"), "example.com", FAILS, "fail reject", "fail reject"},
	{"34", D("example.com", "v=DMARC1; p=reject; rua=d@example.com"), "example.com", FAILS, "fail reject",
		"fail reject"},
	{"35", D("example.com", "v=DMARC1; rua=d@example.com"), "example.com", FAILS, "none none",
		"none none"},
	{"36", D("example.com", "v=DMARC1; p=reject; rua=mailto:a@x.example;mailto:b@y.example"),
		"example.com", FAILS, "fail reject", "fail reject"},
	{"41", D("example.com", "v=DMARC1; p=reject; adkim=strict"), "example.com", "none:other.example",
		"pass:mail.example.com", "pass none", "pass none"},
	{"42", D("example.com", "v=DMARC1; p=none; np=reject"), "nope.example.com", FAILS, "fail reject",
		"fail none"},
	{"43", D("example.com", "v=DMARC1; p=none; np=reject") EXISTS("a.nope.example.com"),
		"nope.example.com", FAILS, "fail none", "fail none"},
	{"43 other type", D("example.com", "v=DMARC1; p=none; np=reject") EXISTS("nope.example.com"),
		"nope.example.com", FAILS, "fail none", "fail none"},
	{"44", D("example.com", "v=DMARC1; p=none; np=reject") EXISTS("*.example.com"), "nope.example.com",
		FAILS, "fail none", "fail none"},
	{"45", D("example.com", "v=DMARC1; p=reject; sp=none"), "x.example.com", FAILS, "fail none",
		"fail none"},
	{"46",
		D("b.example.com", "v=DMARC1; p=none; sp=none")
			D("example.com", "v=DMARC1; p=none; sp=reject") EXISTS("a.b.example.com"),
		"a.b.example.com", FAILS, "fail reject", "fail reject"},
	{"47", D("b.c.d.e.f.g.example.com", "v=DMARC1; p=reject"), "a.b.c.d.e.f.g.example.com", FAILS,
		"none none", "none none"},
	{"48", D("example.com", "v=DMARC1; p=reject"), "example.com", "temperror:example.com", "",
		"temperror -", "temperror -"},
	{"48 that could not align", D("example.com", "v=DMARC1; p=reject"), "example.com",
		"temperror:other.example", "", "fail reject", "fail reject"},
	{"48 DKIM", D("example.com", "v=DMARC1; p=reject"), "example.com", "fail:example.com",
		"temperror:example.com", "temperror -", "temperror -"},
	{"49", D("example.com", "v=DMARC1; p=reject"), "example.com", "temperror:example.com",
		"pass:example.com", "pass none", "pass none"},
	{"52", D("example.co.uk", "v=DMARC1; p=reject"), "example.co.uk", "none:other.example", "pass:co.uk",
		"fail reject", "fail reject"},
	{"59", "_dmarc.example.com TXT \"v=DMARC1; p=rej\" \"ect\"\n", "example.com", FAILS, "fail reject",
		"fail reject"},
	{"61", "_dmarc.example.com CNAME d.vendor.example\nd.vendor.example TXT v=DMARC1; p=reject\n",
		"example.com", FAILS, "fail reject", "fail reject"},
	{"62", "example.com TXT v=DMARC1; p=reject\n", "example.com", FAILS, "none none", "none none"},
	{"63", D("example.com", "v=DMARC1; p=reject; x_tag=1; ext=2"), "example.com", FAILS, "fail reject",
		"fail reject"},
	{"64", D("example.com", "v=DMARC1; p=reject; sp="), "example.com", FAILS, "none none", "none none"},
};

#define BANK D("bank.example", "v=DMARC1; p=reject; psd=y") D("giant.bank.example", "v=DMARC1; p=quarantine")

static const struct row fixture_rows[] = {
	{"B.4.1 SPF", D("example.com", "v=DMARC1; p=reject") D("signing.example.com", "v=DMARC1; p=none"),
		"example.com", "pass:example.com", "", "pass none", "pass none"},
	{"B.4.1 DKIM", D("example.com", "v=DMARC1; p=reject") D("signing.example.com", "v=DMARC1; p=none"),
		"example.com", "none:other.example", "pass:signing.example.com", "pass none", "pass none"},
	{"B.4.2 SPF", D("example.com", "v=DMARC1; p=reject") D("signing.example.com", "v=DMARC1; p=none"),
		"a.b.c.d.e.f.g.h.i.j.k.example.com", "pass:example.com", "", "pass none", "pass none"},
	{"B.4.2 DKIM", D("example.com", "v=DMARC1; p=reject") D("signing.example.com", "v=DMARC1; p=none"),
		"a.b.c.d.e.f.g.h.i.j.k.example.com", "none:other.example", "pass:signing.example.com",
		"pass none", "pass none"},
	{"B.4.3 SPF", BANK, "giant.bank.example", "pass:mail.giant.bank.example", "", "pass none",
		"pass none"},
	{"B.4.3 DKIM", BANK, "giant.bank.example", "none:other.example", "pass:mail.mega.bank.example",
		"fail quarantine", "pass none"},
	{"4.10.2 fewest labels",
		D("mail.example.com", "v=DMARC1; p=none") D("example.com", "v=DMARC1; p=reject"),
		"a.mail.example.com", "pass:b.example.com", "", "pass none", "pass none"},
	{"4.10.2 psd=n",
		D("mail.example.com", "v=DMARC1; p=reject; psd=n") D("example.com", "v=DMARC1; p=none"),
		"a.mail.example.com", "pass:b.example.com", "", "fail reject", "pass none"},
	{"4.10.2 psd=y above", D("com", "v=DMARC1; p=reject; psd=y") EXISTS("a.mail.example.com"),
		"a.mail.example.com", "pass:b.example.com", "", "pass none", "none none"},
	{"4.10.2 psd=y at example.com",
		D("mail.example.com", "v=DMARC1; p=quarantine") D("example.com", "v=DMARC1; p=reject; psd=y"),
		"a.mail.example.com", "pass:b.example.com", "", "fail quarantine", "pass none"},
	{"5.1.8 never seen",
		D("example.com", "v=DMARC1; p=reject; sp=quarantine") D("b.c.d.e.f.g.example.com",
			"v=DMARC1; p=none; psd=n") EXISTS("mail.a.b.c.d.e.f.g.example.com"),
		"mail.a.b.c.d.e.f.g.example.com", FAILS, "fail quarantine", "fail quarantine"},
	{"strict SPF", D("example.com", "v=DMARC1; p=reject; aspf=s"), "example.com", "pass:mail.example.com",
		"", "fail reject", "fail reject"},
	{"strict DKIM, second signature", D("example.com", "v=DMARC1; p=reject; adkim=s"), "example.com",
		"none:other.example", "pass:mail.example.com pass:example.com", "pass none", "pass none"},
	{"DKIM that fails", D("example.com", "v=DMARC1; p=reject"), "example.com", "none:other.example",
		"fail:example.com neutral:example.com", "fail reject", "fail reject"},
	{"discovery times out", "_dmarc.example.com TXT !timeout\n", "example.com", "pass:example.com", "",
		"temperror -", "temperror -"},
	{"walk above fails, own record", D("example.com", "v=DMARC1; p=reject") "_dmarc.com TXT !timeout\n",
		"example.com", "pass:example.com", "", "pass none", "pass none"},
	{"walk above fails, relaxed", D("example.com", "v=DMARC1; p=reject") "_dmarc.com TXT !timeout\n",
		"example.com", "pass:mail.example.com", "", "temperror -", "pass none"},
};

static void check_row(const struct row *row)
{
	struct run run;
	struct slice domain;
	start(&run, row->zone, row->author);
	run.request.spf_result = (enum spf_result)split(slice_cstr(row->spf), spf_word, SPF_RESULTS, &domain);
	run.request.spf_domain = name_of(run.arena, domain);
	set_dkim(&run, row->dkim);
	fixture_run(run.dns, evaluate, &run);
	ck_assert_msg(strcmp(run.newer, row->newer) == 0, "%s: RFC 9989: %s, not %s", row->name, run.newer,
		row->newer);
	ck_assert_msg(strcmp(run.older, row->older) == 0, "%s: RFC 7489: %s, not %s", row->name, run.older,
		row->older);
}

START_TEST(tricky)
{
	check_row(&tricky_rows[_i]);
}
END_TEST

START_TEST(fixtures)
{
	check_row(&fixture_rows[_i]);
}
END_TEST

/* --- with SPF evaluated ------------------------------------------------------------------------ */

static void evaluate_spf(struct run *run, const char *ip, const char *sender, const char *helo)
{
	run->request.evaluate_spf = true;
	ck_assert(ip_parse(slice_cstr(ip), &run->request.spf.ip));
	ck_assert(spf_request_identify(
		run->arena, &run->request.spf, slice_cstr(sender), slice_cstr(helo), slice_of(NULL, 0)));
	fixture_run(run->dns, evaluate, run);
}

#define ZONE                                                                                                 \
	"example.com TXT v=spf1 ip4:192.0.2.1 -all exp=e.example\ne.example TXT %{i} is not ours\n"          \
	"mail.example.com TXT v=spf1 ip4:192.0.2.0/24 -all\n" D("example.com", "v=DMARC1; p=reject; " RUA)

/* 50: a HELO name that passes does not count beside a MAIL FROM that fails. */
START_TEST(only_mail_from_counts)
{
	struct run run;
	start(&run, ZONE, "example.com");
	evaluate_spf(&run, "192.0.2.9", "user@example.com", "mail.example.com");
	ck_assert_str_eq(run.newer, "fail reject");
}
END_TEST

/* 51: with a null sender it is the HELO name. */
START_TEST(null_sender_uses_helo)
{
	struct run run;
	start(&run, ZONE, "example.com");
	evaluate_spf(&run, "192.0.2.9", "", "mail.example.com");
	ck_assert_str_eq(run.newer, "pass none");
	ck_assert_int_eq(run.simulation.dmarc.spf, DMARC_ALIGNED_RELAXED);
	ck_assert(!run.simulation.has_reply);
}
END_TEST

START_TEST(reply_quotes_the_explanation)
{
	struct run run;
	start(&run, ZONE, "example.com");
	evaluate_spf(&run, "192.0.2.9", "user@example.com", "h.example");
	ck_assert(run.simulation.has_reply);
	unit_assert_slice(
		run.simulation.smtp_reply, SLICE("550 5.7.1 The message fails DMARC, and example.com asks "
						 "for such mail to be rejected; example.com "
						 "explains: 192.0.2.9 is not ours"));
}
END_TEST

START_TEST(spf_fail_alone_gives_a_reply_too)
{
	struct run run;
	start(&run, "example.com TXT v=spf1 -all\n", "example.com");
	evaluate_spf(&run, "192.0.2.9", "user@example.com", "h.example");
	ck_assert_str_eq(run.newer, "none none");
	unit_assert_slice(
		run.simulation.smtp_reply, SLICE("550 5.7.23 The sending host is not authorized by SPF"));
}
END_TEST

START_TEST(reports_go_where_they_may)
{
	struct run run;
	start(&run,
		D("example.com", "v=DMARC1; p=none; "
				 "rua=mailto:a@example.com,mailto:b@v.example,mailto:c@w.example") "example."
												   "com._"
												   "report._"
												   "dmarc.v."
												   "example "
												   "TXT "
												   "v="
												   "DMARC1\n",
		"example.com");
	run.request.spf_domain = run.request.author;
	fixture_run(run.dns, evaluate, &run);
	ck_assert_uint_eq(run.simulation.rua_count, 3);
	ck_assert(!run.simulation.rua[0].external);
	ck_assert_int_eq(run.simulation.rua[1].authorized, DMARC_AUTHORIZED);
	ck_assert_int_eq(run.simulation.rua[2].authorized, DMARC_UNAUTHORIZED);
}
END_TEST

#define ROWS(table) ((int)(sizeof(table) / sizeof(table)[0]))

int main(void)
{
	list = psl_open(NULL);
	if (list == NULL)
		return EXIT_FAILURE;
	Suite *suite = suite_create("simulate");
	TCase *cases = tcase_create("messages");
	tcase_add_loop_test(cases, tricky, 0, ROWS(tricky_rows));
	tcase_add_loop_test(cases, fixtures, 0, ROWS(fixture_rows));
	tcase_add_test(cases, only_mail_from_counts);
	tcase_add_test(cases, null_sender_uses_helo);
	tcase_add_test(cases, reply_quotes_the_explanation);
	tcase_add_test(cases, spf_fail_alone_gives_a_reply_too);
	tcase_add_test(cases, reports_go_where_they_may);
	suite_add_tcase(suite, cases);
	int status = unit_run(suite);
	psl_close(list);
	return status;
}
