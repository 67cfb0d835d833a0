/* Which identifiers of a message align, in which mode, and what DMARC says then (RFC 9989 4.4, 5.3.5,
 * 5.3.6). Policies and the whole way of a message are in test_simulate.c.
 */
#include "dmarc/dmarc_align.h"

#include "support/fixture.h"
#include "support/unit.h"

struct run {
	struct name author;
	struct dmarc_identifier spf, dkim;
	struct dmarc_discovery discovery;
	struct dmarc_judgement judgement;
};

static void evaluate(struct view *view, struct arena *arena, void *context)
{
	struct run *run = context;
	dmarc_discover(view, arena, run->author, &run->discovery);
	dmarc_align_judge(
		view, arena, run->author, &run->discovery, &run->spf, &run->dkim, 1, &run->judgement);
}

#define D(name, record) "_dmarc." name " TXT " record "\n"
#define EXAMPLE		D("example.com", "v=DMARC1; p=reject")
#define STRICT		D("example.com", "v=DMARC1; p=reject; aspf=s; adkim=s")

static const struct {
	const char *name, *zone, *author;
	enum dmarc_auth_result spf_result;
	const char *spf;
	enum dmarc_auth_result dkim_result;
	const char *dkim;
	enum dmarc_alignment spf_alignment, dkim_alignment;
	enum dmarc_result result;
} rows[] = {
	{"same name", EXAMPLE, "example.com", DMARC_AUTH_PASS, "example.com", DMARC_AUTH_NO_PASS,
		"example.com", DMARC_ALIGNED_STRICT, DMARC_NOT_ALIGNED, DMARC_RESULT_PASS},
	{"below", EXAMPLE, "example.com", DMARC_AUTH_PASS, "mail.example.com", DMARC_AUTH_PASS,
		"a.b.example.com", DMARC_ALIGNED_RELAXED, DMARC_ALIGNED_RELAXED, DMARC_RESULT_PASS},
	{"above", EXAMPLE, "news.example.com", DMARC_AUTH_PASS, "example.com", DMARC_AUTH_NO_PASS,
		"x.example", DMARC_ALIGNED_RELAXED, DMARC_NOT_ALIGNED, DMARC_RESULT_PASS},
	{"siblings", EXAMPLE, "news.example.com", DMARC_AUTH_PASS, "mail.example.com", DMARC_AUTH_NO_PASS,
		"x.example", DMARC_ALIGNED_RELAXED, DMARC_NOT_ALIGNED, DMARC_RESULT_PASS},
	{"not on a label border", EXAMPLE, "example.com", DMARC_AUTH_PASS, "badexample.com",
		DMARC_AUTH_NO_PASS, "x.example", DMARC_NOT_ALIGNED, DMARC_NOT_ALIGNED, DMARC_RESULT_FAIL},
	{"strict", STRICT, "example.com", DMARC_AUTH_PASS, "mail.example.com", DMARC_AUTH_PASS,
		"mail.example.com", DMARC_NOT_ALIGNED, DMARC_NOT_ALIGNED, DMARC_RESULT_FAIL},
	{"strict, same name", STRICT, "example.com", DMARC_AUTH_PASS, "mail.example.com", DMARC_AUTH_PASS,
		"example.com", DMARC_NOT_ALIGNED, DMARC_ALIGNED_STRICT, DMARC_RESULT_PASS},
	{"temporary, would align", EXAMPLE, "example.com", DMARC_AUTH_TEMPERROR, "mail.example.com",
		DMARC_AUTH_NO_PASS, "x.example", DMARC_NOT_ALIGNED, DMARC_NOT_ALIGNED,
		DMARC_RESULT_TEMPERROR},
	{"temporary, would not", EXAMPLE, "example.com", DMARC_AUTH_TEMPERROR, "mail.example.net",
		DMARC_AUTH_NO_PASS, "x.example", DMARC_NOT_ALIGNED, DMARC_NOT_ALIGNED, DMARC_RESULT_FAIL},
	{"temporary, strict", STRICT, "example.com", DMARC_AUTH_TEMPERROR, "mail.example.com",
		DMARC_AUTH_NO_PASS, "x.example", DMARC_NOT_ALIGNED, DMARC_NOT_ALIGNED, DMARC_RESULT_FAIL},
	{"temporary beside a pass", EXAMPLE, "example.com", DMARC_AUTH_TEMPERROR, "example.com",
		DMARC_AUTH_PASS, "example.com", DMARC_NOT_ALIGNED, DMARC_ALIGNED_STRICT, DMARC_RESULT_PASS},
	{"walk fails", EXAMPLE "_dmarc.example.net TXT !timeout\n", "example.com", DMARC_AUTH_PASS,
		"mail.example.net", DMARC_AUTH_NO_PASS, "x.example", DMARC_ALIGNMENT_UNKNOWN,
		DMARC_NOT_ALIGNED, DMARC_RESULT_TEMPERROR},
	{"walk that is not needed", EXAMPLE "_dmarc.com TXT !timeout\n", "example.com", DMARC_AUTH_PASS,
		"example.com", DMARC_AUTH_NO_PASS, "x.example", DMARC_ALIGNED_STRICT, DMARC_NOT_ALIGNED,
		DMARC_RESULT_PASS},
	{"no record", "example.com A 192.0.2.1\n", "example.com", DMARC_AUTH_PASS, "example.com",
		DMARC_AUTH_PASS, "example.com", DMARC_NOT_ALIGNED, DMARC_NOT_ALIGNED, DMARC_RESULT_NONE},
};

static struct dmarc_identifier identifier(
	struct arena *arena, enum dmarc_auth_result result, const char *domain)
{
	struct dmarc_identifier identifier = {.result = result, .has_domain = true};
	ck_assert_int_eq(name_from_text(arena, slice_cstr(domain), &identifier.domain), NAME_OK);
	return identifier;
}

START_TEST(alignment)
{
	struct arena *arena = unit_arena();
	struct run run = {.author = identifier(arena, DMARC_AUTH_PASS, rows[_i].author).domain,
		.spf = identifier(arena, rows[_i].spf_result, rows[_i].spf),
		.dkim = identifier(arena, rows[_i].dkim_result, rows[_i].dkim)};
	fixture_run(fixture_open(arena, rows[_i].zone), evaluate, &run);
	ck_assert_msg(run.judgement.spf == rows[_i].spf_alignment, "%s: SPF %d", rows[_i].name,
		(int)run.judgement.spf);
	ck_assert_msg(run.judgement.dkim[0] == rows[_i].dkim_alignment, "%s: DKIM %d", rows[_i].name,
		(int)run.judgement.dkim[0]);
	ck_assert_msg(run.judgement.result == rows[_i].result, "%s: %s", rows[_i].name,
		dmarc_result_text(run.judgement.result));
	ck_assert(run.judgement.has_disposition == (rows[_i].result != DMARC_RESULT_TEMPERROR));
}
END_TEST

/* A null reverse-path whose HELO is no domain. */
START_TEST(without_a_domain_nothing_aligns)
{
	struct arena *arena = unit_arena();
	struct run run = {.author = identifier(arena, DMARC_AUTH_PASS, "example.com").domain,
		.spf = {.result = DMARC_AUTH_PASS},
		.dkim = identifier(arena, DMARC_AUTH_NO_PASS, "example.com")};
	fixture_run(fixture_open(arena, EXAMPLE), evaluate, &run);
	ck_assert_int_eq(run.judgement.spf, DMARC_NOT_ALIGNED);
	ck_assert_int_eq(run.judgement.result, DMARC_RESULT_FAIL);
	ck_assert_int_eq(run.judgement.disposition, DMARC_REJECT);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("dmarc_align");
	TCase *cases = tcase_create("identifiers");
	tcase_add_loop_test(cases, alignment, 0, (int)(sizeof rows / sizeof rows[0]));
	tcase_add_test(cases, without_a_domain_nothing_aligns);
	suite_add_tcase(suite, cases);
	return unit_run(suite);
}
