/* test_dmarc_rfc7489: the older discovery by itself (RFC 7489 3.2, 6.6.3). The tricky cases in both
 * readings are rows of test_dmarc_discover. */
#include "dmarc/dmarc_rfc7489.h"

#include "support/fixture.h"
#include "support/unit.h"

#define COUNT(array) ((int)(sizeof(array) / sizeof *(array)))
#define TXT	     " TXT v=DMARC1; "

struct job {
	const char *author;
	const struct psl *psl;
	struct dmarc_rfc7489 found;
};

static void work(struct view *view, struct arena *arena, void *context)
{
	struct job *job = context;
	struct name author;
	ck_assert_int_eq(name_from_text(arena, slice_cstr(job->author), &author), NAME_OK);
	dmarc_rfc7489_discover(view, arena, job->psl, author, &job->found);
}

static const struct {
	const char *name;
	const char *zone;
	const char *author;
	const char *location; /* "" none, "?" unknown */
	const char *organization;
	bool applies;
	enum dmarc_policy policy;
	unsigned pct;
} rows[] = {
	{"own", "_dmarc.a.example.com" TXT "p=quarantine\n_dmarc.example.com" TXT "p=reject\n",
		"a.example.com", "a.example.com", "example.com", true, DMARC_QUARANTINE, 100},
	{"p above", "_dmarc.example.com" TXT "p=reject\n", "a.b.example.com", "example.com", "example.com",
		true, DMARC_REJECT, 100},
	{"sp above", "_dmarc.example.com" TXT "p=reject; sp=none\n", "a.b.example.com", "example.com",
		"example.com", true, DMARC_NONE, 100},
	{"own sp does not count", "_dmarc.a.example.com" TXT "p=reject; sp=none\n", "a.example.com",
		"a.example.com", "example.com", true, DMARC_REJECT, 100},
	{"between", "_dmarc.b.example.com" TXT "p=reject\n", "a.b.example.com", "", "example.com", false,
		DMARC_NONE, 100},
	{"deep", "_dmarc.example.co.uk" TXT "p=reject\n", "a.b.c.d.e.f.g.h.i.example.co.uk", "example.co.uk",
		"example.co.uk", true, DMARC_REJECT, 100},
	{"public suffix", "_dmarc.co.uk" TXT "p=reject\n", "co.uk", "co.uk", "co.uk", true, DMARC_REJECT,
		100},
	{"public suffix above", "_dmarc.co.uk" TXT "p=reject; psd=y\n", "example.co.uk", "", "example.co.uk",
		false, DMARC_NONE, 100},
	{"several, own",
		"_dmarc.a.example.com" TXT "p=none\n_dmarc.a.example.com" TXT "p=reject\n"
		"_dmarc.example.com" TXT "p=reject\n",
		"a.example.com", "", "example.com", false, DMARC_NONE, 100},
	{"several, above", "_dmarc.example.com" TXT "p=none\n_dmarc.example.com" TXT "p=reject\n",
		"a.example.com", "", "example.com", false, DMARC_NONE, 100},
	{"one is SPF", "_dmarc.example.com" TXT "p=reject\n_dmarc.example.com TXT v=spf1 -all\n",
		"example.com", "example.com", "example.com", true, DMARC_REJECT, 100},
	{"no p, rua", "_dmarc.example.com" TXT "rua=mailto:a@example.com\n", "example.com", "example.com",
		"example.com", true, DMARC_NONE, 100},
	{"no p, no rua", "_dmarc.example.com" TXT "adkim=s\n", "example.com", "example.com", "example.com",
		false, DMARC_NONE, 100},
	{"sp bad", "_dmarc.example.com" TXT "p=reject; sp=x\n", "example.com", "example.com", "example.com",
		false, DMARC_NONE, 100},
	{"sp bad, rua", "_dmarc.example.com" TXT "p=reject; sp=x; rua=mailto:a@example.com\n", "example.com",
		"example.com", "example.com", true, DMARC_NONE, 100},
	{"np is not known", "_dmarc.example.com" TXT "p=reject; np=x\n", "example.com", "example.com",
		"example.com", true, DMARC_REJECT, 100},
	{"psd and t are not known", "_dmarc.example.com" TXT "p=reject; psd=y; t=y\n", "a.example.com",
		"example.com", "example.com", true, DMARC_REJECT, 100},
	{"pct", "_dmarc.example.com" TXT "p=reject; pct=20\n", "example.com", "example.com", "example.com",
		true, DMARC_REJECT, 20},
	{"own fails", "_dmarc.a.example.com TXT !timeout\n_dmarc.example.com" TXT "p=none\n", "a.example.com",
		"?", "example.com", false, DMARC_NONE, 100},
	{"above fails", "_dmarc.example.com TXT !servfail\n", "a.example.com", "?", "example.com", false,
		DMARC_NONE, 100},
	{"above fails, not needed", "_dmarc.a.example.com" TXT "p=reject\n_dmarc.example.com TXT !servfail\n",
		"a.example.com", "a.example.com", "example.com", true, DMARC_REJECT, 100},
};

static struct psl *list(void)
{
	struct psl *psl = psl_open(NULL);
	ck_assert_ptr_nonnull(psl);
	return psl;
}

START_TEST(test_rows)
{
	struct arena *arena = unit_arena();
	struct psl *psl = list();
	struct job job = {.author = rows[_i].author, .psl = psl};
	struct fixture *fixture = fixture_open(arena, rows[_i].zone);
	fixture_run(fixture, work, &job);
	bool unknown = strcmp(rows[_i].location, "?") == 0;
	struct slice location =
		name_is_none(job.found.location) ? SLICE("") : name_text(arena, job.found.location);
	ck_assert_msg(job.found.temporary == unknown, "%s", rows[_i].name);
	unit_assert_slice(location, slice_cstr(unknown ? "" : rows[_i].location));
	unit_assert_slice(
		name_text(arena, job.found.organizational_domain), slice_cstr(rows[_i].organization));
	ck_assert_msg(job.found.applies == rows[_i].applies, "%s", rows[_i].name);
	ck_assert_msg(job.found.policy == rows[_i].policy, "%s", rows[_i].name);
	ck_assert_msg(job.found.pct == rows[_i].pct, "%s", rows[_i].name);
	ck_assert_msg((job.found.record != NULL) == (location.len > 0), "%s", rows[_i].name);
	ck_assert_msg(fixture_rounds(fixture) == 1, "%s", rows[_i].name);
	psl_close(psl);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("dmarc_rfc7489");
	TCase *tests = tcase_create("discovery");
	tcase_add_loop_test(tests, test_rows, 0, COUNT(rows));
	suite_add_tcase(suite, tests);
	return unit_run(suite);
}
