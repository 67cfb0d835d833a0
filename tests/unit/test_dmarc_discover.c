/* test_dmarc_discover: the tree walk, the record that applies, and what is said about it. Rows with a
 * number are those of the tricky cases; both readings stand in one row.
 *
 * RFC 9989: "ORG LOCATION TAG=SELECTED>APPLIED", "ORG LOCATION off", "ORG -" without a record, "?" for
 * unknown. RFC 7489: "ORG LOCATION POLICY", and the same words.
 */
#include "dmarc/dmarc_discover.h"

#include "dmarc/dmarc_lint.h"
#include "dmarc/dmarc_reportauth.h"
#include "dmarc/dmarc_rfc7489.h"
#include "support/fixture.h"
#include "support/unit.h"

struct job {
	const char *author;
	const char *other; /* a second domain whose Organizational Domain is asked for, or NULL */
	const struct psl *psl;
	bool reports; /* judge the report addresses, too */
	struct dmarc_discovery discovery;
	struct dmarc_rfc7489 older;
	struct slice other_org;
	struct findings findings;
};

static struct name name_of(struct arena *arena, const char *text)
{
	struct name name;
	ck_assert_int_eq(name_from_text(arena, slice_cstr(text), &name), NAME_OK);
	return name;
}

static void judge_reports(struct view *view, struct arena *arena, struct job *job)
{
	const struct dmarc_walk_step *found = job->discovery.found;
	struct dmarc_destination *destinations;
	size_t count;
	if (found == NULL)
		return;
	struct finding_place place = dmarc_lint_place(arena, found->domain, found->name, found->txt);
	dmarc_reportauth(view, arena, found->record, DMARC_TAG_RUA, found->domain, &place, &job->findings,
		&destinations, &count);
}

static void work(struct view *view, struct arena *arena, void *context)
{
	struct job *job = context;
	struct name author = name_of(arena, job->author);
	dmarc_discover(view, arena, author, &job->discovery);
	dmarc_rfc7489_discover(view, arena, job->psl, author, &job->older);
	if (job->other != NULL) {
		struct dmarc_walk walk;
		struct name other = name_of(arena, job->other);
		dmarc_walk(view, arena, other, &walk);
		job->other_org = name_text(arena, dmarc_organizational_domain(&walk, other));
	}
	struct dmarc_lint_request request = {author, &job->discovery, &job->older, job->psl};
	findings_init(&job->findings, arena);
	dmarc_lint(view, arena, &request, &job->findings);
	if (job->reports)
		judge_reports(view, arena, job);
}

static struct slice newer_text(struct arena *arena, const struct dmarc_discovery *d)
{
	static const char *const tags[] = {"p", "sp", "np"};
	struct slice org = name_text(arena, d->organizational_domain);
	if (d->temporary)
		return SLICE("?");
	if (d->found == NULL)
		return arena_printf(arena, "%.*s -", (int)org.len, org.ptr);
	struct slice at = name_text(arena, d->found->domain);
	if (!d->policies.applies)
		return arena_printf(arena, "%.*s %.*s off", (int)org.len, org.ptr, (int)at.len, at.ptr);
	return arena_printf(arena, "%.*s %.*s %s=%s>%s", (int)org.len, org.ptr, (int)at.len, at.ptr,
		tags[d->selected_tag], dmarc_policy_text(d->selected), dmarc_policy_text(d->applied));
}

static struct slice older_text(struct arena *arena, const struct dmarc_rfc7489 *d)
{
	struct slice org = name_text(arena, d->organizational_domain);
	if (d->temporary)
		return SLICE("?");
	if (name_is_none(d->location))
		return arena_printf(arena, "%.*s -", (int)org.len, org.ptr);
	struct slice at = name_text(arena, d->location);
	return arena_printf(arena, "%.*s %.*s %s", (int)org.len, org.ptr, (int)at.len, at.ptr,
		d->applies ? dmarc_policy_text(d->policy) : "off");
}

/* Findings that this part makes, without those of the record's own text. */
static struct slice lint_text(struct arena *arena, const struct findings *findings)
{
	static const enum rule_id rules[] = {RULE_DMARC_NONE, RULE_DMARC_NXDOMAIN, RULE_DMARC_MULTIPLE,
		RULE_DMARC_INHERITED, RULE_DMARC_WALK_DIVERGES, RULE_DMARC_WRONG_NAME,
		RULE_DMARC_UNRELATED_TXT, RULE_DMARC_DEEP_AUTHOR, RULE_DMARC_SP_IGNORED, RULE_DMARC_VERSION,
		RULE_DMARC_SEPARATOR, RULE_DMARC_PSD};
	struct slice all = SLICE("");
	for (size_t i = 0; i < findings->count; i++) {
		const struct finding *finding = &findings->items[i];
		struct slice about = finding_text(finding);
		for (size_t j = 0; j < sizeof rules / sizeof *rules; j++)
			if (finding->rule == rules[j])
				all = arena_printf(arena, "%.*s%s%s@%.*s", (int)all.len, all.ptr,
					all.len > 0 ? " " : "", rule_get(finding->rule)->id + 6,
					(int)about.len, about.ptr);
	}
	return all;
}

static void assert_text(const char *row, const char *what, struct slice actual, const char *expected)
{
	ck_assert_msg(slice_equal(actual, slice_cstr(expected)), "%s: %s is \"%.*s\", not \"%s\"", row, what,
		(int)actual.len, actual.ptr, expected);
}

#define RUA  "; rua=mailto:d@example.com"
#define TXT  " TXT v=DMARC1; "
#define DEEP "a.b.c.d.e.f.g.h.example.com"

static const struct {
	const char *name;
	const char *zone;
	const char *author;
	const char *newer;
	const char *older;
	const char *lint;
} rows[] = {
	{"own record", "_dmarc.example.com" TXT "p=reject\n", "example.com",
		"example.com example.com p=reject>reject", "example.com example.com reject", ""},
	{"1",
		"_dmarc.a.example.com" TXT "p=none\n_dmarc.a.example.com" TXT "p=quarantine\n"
		"_dmarc.example.com" TXT "p=reject\n",
		"a.example.com", "example.com example.com p=reject>reject", "example.com -",
		"multiple@ inherited@p=reject"},
	{"2", "_dmarc.example.com" TXT "p=none\n_dmarc.example.com" TXT "p=reject\n", "example.com",
		"example.com -", "example.com -", "multiple@"},
	{"3",
		"_dmarc.b.example.com" TXT "p=reject\n_dmarc.example.com" TXT
		"p=none\na.b.example.com A 192.0.2.1\n",
		"a.b.example.com", "example.com example.com p=none>none", "example.com example.com none",
		"inherited@p=none"},
	{"4", "_dmarc.b.example.com" TXT "p=reject\na.b.example.com A 192.0.2.1\n", "a.b.example.com",
		"b.example.com b.example.com p=reject>reject", "example.com -",
		"inherited@p=reject walk-diverges@"},
	{"7",
		"_dmarc.news.example.com" TXT "p=reject; psd=n\n_dmarc.example.com" TXT "p=none\n"
		"x.news.example.com A 192.0.2.1\n",
		"x.news.example.com", "news.example.com news.example.com p=reject>reject",
		"example.com example.com none", "psd@psd=n inherited@p=reject walk-diverges@"},
	{"8", "_dmarc.zz" TXT "p=reject\na.zz A 192.0.2.1\n", "a.zz", "zz zz p=reject>reject", "a.zz -",
		"inherited@p=reject walk-diverges@"},
	{"9", "_dmarc.zz" TXT "p=reject\n_dmarc.a.zz" TXT "p=reject; psd=n\n", "a.zz",
		"a.zz a.zz p=reject>reject", "a.zz a.zz reject", ""},
	{"10", "_dmarc.bank" TXT "p=reject; psd=y\nshop.bank A 192.0.2.1\n", "shop.bank",
		"shop.bank bank p=reject>reject", "shop.bank -", "inherited@p=reject walk-diverges@"},
	{"10, sp", "_dmarc.bank" TXT "p=reject; sp=quarantine; psd=y\nshop.bank A 192.0.2.1\n", "shop.bank",
		"shop.bank bank sp=quarantine>quarantine", "shop.bank -",
		"inherited@sp=quarantine walk-diverges@"},
	{"11",
		"_dmarc.bank" TXT "p=reject; psd=y\n_dmarc.mail.shop.bank" TXT
		"p=none\nx.mail.shop.bank A 192.0.2.1\n",
		"x.mail.shop.bank", "shop.bank bank p=reject>reject", "shop.bank -",
		"inherited@p=reject walk-diverges@"},
	{"12", "_dmarc.bank" TXT "p=quarantine; psd=y\n", "bank", "bank bank p=quarantine>quarantine",
		"bank bank quarantine", ""},
	{"13", "_dmarc.customer.example.com" TXT "p=reject\nx.customer.example.com A 192.0.2.1\n",
		"x.customer.example.com", "customer.example.com customer.example.com p=reject>reject",
		"example.com -", "inherited@p=reject walk-diverges@"},
	{"14", "_dmarc.example.com TXT v=DMARC1" RUA "\n", "example.com",
		"example.com example.com p=none>none", "example.com example.com none", ""},
	{"15", "_dmarc.a.example.com TXT v=DMARC1\n_dmarc.example.com" TXT "p=reject\n", "a.example.com",
		"example.com a.example.com off", "example.com a.example.com off", ""},
	{"15b", "_dmarc.a.example.com" TXT "adkim=s\n_dmarc.example.com" TXT "p=reject\n", "a.example.com",
		"example.com a.example.com off", "example.com a.example.com off", ""},
	{"16", "_dmarc.example.com" TXT "p=rejct" RUA "\n", "example.com",
		"example.com example.com p=none>none", "example.com example.com none", ""},
	{"17", "_dmarc.example.com" TXT "p=reject; sp=rejct" RUA "\n", "example.com",
		"example.com example.com p=none>none", "example.com example.com none", ""},
	{"18", "_dmarc.example.com" TXT "p=reject; sp=rejct\n", "example.com", "example.com example.com off",
		"example.com example.com off", ""},
	{"19", "_dmarc.example.com" TXT "p=reject; np=rejct\n", "example.com", "example.com example.com off",
		"example.com example.com reject", ""},
	{"20", "_dmarc.example.com" TXT "p=reject; t=y\n", "example.com",
		"example.com example.com p=reject>quarantine", "example.com example.com reject", ""},
	{"21", "_dmarc.example.com" TXT "p=quarantine; t=y\n", "example.com",
		"example.com example.com p=quarantine>none", "example.com example.com quarantine", ""},
	{"22", "_dmarc.example.com" TXT "p=reject; pct=0\n", "example.com",
		"example.com example.com p=reject>reject", "example.com example.com reject", ""},
	{"24", "_dmarc.example.com" TXT "p=reject; t=y; pct=0\n", "example.com",
		"example.com example.com p=reject>quarantine", "example.com example.com reject", ""},
	{"25", "_dmarc.example.com TXT v=DMARC1" RUA "; p=reject\n", "example.com",
		"example.com example.com p=reject>reject", "example.com example.com reject", ""},
	{"27", "_dmarc.example.com TXT v=DMARC1 p=reject\n", "example.com", "example.com -", "example.com -",
		"version@ "},
	{"28", "_dmarc.example.com TXT v=dmarc1; p=reject\n", "example.com", "example.com -", "example.com -",
		"version@dmarc1"},
	{"29", "_dmarc.example.com TXT p=reject; v=DMARC1\n", "example.com", "example.com -", "example.com -",
		"version@v=DMARC1"},
	{"42", "_dmarc.example.com" TXT "p=none; np=reject\n", "nope.example.com",
		"example.com example.com np=reject>reject", "example.com example.com none",
		"inherited@np=reject walk-diverges@"},
	{"43", "_dmarc.example.com" TXT "p=none; np=reject\nx.nope.example.com A 192.0.2.1\n",
		"nope.example.com", "example.com example.com p=none>none", "example.com example.com none",
		"inherited@p=none"},
	{"43b", "_dmarc.example.com" TXT "p=none; np=reject\nnope.example.com MX 10 mx.example.com\n",
		"nope.example.com", "example.com example.com p=none>none", "example.com example.com none",
		"inherited@p=none"},
	{"44", "_dmarc.example.com" TXT "p=none; np=reject\n*.example.com A 192.0.2.1\n", "nope.example.com",
		"example.com example.com p=none>none", "example.com example.com none", "inherited@p=none"},
	{"45", "_dmarc.example.com" TXT "p=reject; sp=none\n", "x.example.com",
		"example.com example.com sp=none>none", "example.com example.com none", "inherited@sp=none"},
	{"46",
		"_dmarc.b.example.com" TXT "p=reject; sp=none\n_dmarc.example.com" TXT
		"p=reject; sp=quarantine\n"
		"a.b.example.com A 192.0.2.1\n",
		"a.b.example.com", "example.com example.com sp=quarantine>quarantine",
		"example.com example.com quarantine", "inherited@sp=quarantine"},
	{"47", "_dmarc.b.c.d.e.f.g.example.com" TXT "p=reject\na.b.c.d.e.f.g.example.com A 192.0.2.1\n",
		"a.b.c.d.e.f.g.example.com", "a.b.c.d.e.f.g.example.com -", "example.com -",
		"none@ deep-author@"},
	{"59", "_dmarc.example.com TXT \"v=DMARC1; p=rej\" \"ect\"\n", "example.com",
		"example.com example.com p=reject>reject", "example.com example.com reject", ""},
	{"61", "_dmarc.example.com CNAME d.vendor.example\nd.vendor.example" TXT "p=reject\n", "example.com",
		"example.com example.com p=reject>reject", "example.com example.com reject", ""},
	{"62", "example.com" TXT "p=reject\n", "example.com", "example.com -", "example.com -",
		"wrong-name@"},
	{"63", "_dmarc.example.com" TXT "p=reject; x_tag=1; ext=2\n", "example.com",
		"example.com example.com p=reject>reject", "example.com example.com reject", ""},
	{"64", "_dmarc.example.com" TXT "p=reject; sp=\n", "example.com", "example.com example.com off",
		"example.com example.com off", ""},
	/* fixtures of RFC 9989 */
	{"B.4.2", "_dmarc.example.com" TXT "p=reject\n_dmarc.signing.example.com" TXT "p=none\n",
		"a.b.c.d.e.f.g.h.i.j.k.example.com", "example.com example.com p=reject>reject",
		"example.com example.com reject", "inherited@p=reject deep-author@"},
	{"B.4.3", "_dmarc.bank" TXT "p=none; psd=y\n_dmarc.giant.bank" TXT "p=reject\n", "giant.bank",
		"giant.bank giant.bank p=reject>reject", "giant.bank giant.bank reject", ""},
	{"4.10.2 both", "_dmarc.mail.example.com" TXT "p=none\n_dmarc.example.com" TXT "p=reject\n",
		"a.mail.example.com", "example.com example.com p=reject>reject",
		"example.com example.com reject", "inherited@p=reject"},
	{"4.10.2 psd=y above",
		"_dmarc.com" TXT "p=reject; psd=y\nexample.com A 192.0.2.1\n"
		"a.mail.example.com A 192.0.2.1\n",
		"a.mail.example.com", "example.com com p=reject>reject", "example.com -",
		"inherited@p=reject walk-diverges@"},
	{"4.10.2 psd=y at example.com",
		"_dmarc.mail.example.com" TXT "p=none\n_dmarc.example.com" TXT "p=reject; psd=y\n"
		"a.mail.example.com A 192.0.2.1\n",
		"a.mail.example.com", "mail.example.com mail.example.com p=none>none",
		"example.com example.com reject", "inherited@p=none walk-diverges@"},
	{"4.10.1 above, without a usable policy: nothing is inherited",
		"_dmarc.example.com" TXT "p=rejekt\na.example.com A 192.0.2.1\n", "a.example.com",
		"example.com example.com off", "example.com example.com off", ""},
	{"5.1.8", "_dmarc.example.com" TXT "p=reject\n_dmarc.b.c.d.e.f.g.example.com" TXT "p=none; psd=n\n",
		"mail.a.b.c.d.e.f.g.example.com", "example.com example.com p=reject>reject",
		"example.com example.com reject", "inherited@p=reject deep-author@"},
	/* further ones */
	{"nothing", "example.com A 192.0.2.1\n", "example.com", "example.com -", "example.com -", "none@"},
	{"no domain", "example.net A 192.0.2.1\n", "example.com", "example.com -", "example.com -",
		"nxdomain@"},
	{"dangling alias exists", "example.com CNAME gone.example.net\n", "example.com", "example.com -",
		"example.com -", "none@"},
	{"psd=y on an ordinary domain", "_dmarc.example.com" TXT "p=reject; psd=y\n", "example.com",
		"example.com example.com p=reject>reject", "example.com example.com reject", "psd@psd=y"},
	{"sp below the organization",
		"_dmarc.b.example.com" TXT "p=none; sp=reject; np=reject\n_dmarc.example.com" TXT "p=none\n",
		"b.example.com", "example.com b.example.com p=none>none", "example.com b.example.com none",
		"sp-ignored@sp=reject sp-ignored@np=reject"},
	{"unrelated",
		"_dmarc.example.com" TXT
		"p=reject\n_dmarc.example.com TXT hello\n_dmarc.example.com TXT v=spf1 -all\n",
		"example.com", "example.com example.com p=reject>reject", "example.com example.com reject",
		"unrelated-txt@hello"},
	{"near miss above", "_dmarc.example.com TXT v=dmarc1; p=reject\na.example.com A 192.0.2.1\n",
		"a.example.com", "a.example.com -", "example.com -", "version@dmarc1"},
	{"near miss beside", "_dmarc.example.com" TXT "p=reject\n_dmarc.example.com TXT v=dmarc1; p=none\n",
		"example.com", "example.com example.com p=reject>reject", "example.com example.com reject",
		"version@dmarc1"},
	{"doubled domain", "_dmarc.example.com.example.com" TXT "p=none\nexample.com A 192.0.2.1\n",
		"example.com", "example.com -", "example.com -", "wrong-name@"},
	{"doubled label", "_dmarc._dmarc.example.com" TXT "p=none\n", "example.com", "example.com -",
		"example.com -", "wrong-name@"},
	{"without the underscore", "dmarc.example.com TXT v=DMARC1\\; p=none\n", "example.com",
		"example.com -", "example.com -", "wrong-name@"},
	/* temporary failures */
	{"own name fails", "_dmarc.example.com TXT !timeout\n_dmarc.com" TXT "p=none\n", "example.com", "?",
		"?", ""},
	{"own record, TLD fails", "_dmarc.example.com" TXT "p=reject\n_dmarc.com TXT !servfail\n",
		"example.com", "example.com example.com p=reject>reject", "example.com example.com reject",
		""},
	{"above fails", "a.example.com A 192.0.2.1\n_dmarc.example.com TXT !timeout\n", "a.example.com", "?",
		"?", ""},
	{"between fails",
		"_dmarc.b.example.com TXT !refused\n_dmarc.example.com" TXT
		"p=reject\na.b.example.com A 192.0.2.1\n",
		"a.b.example.com", "?", "example.com example.com reject", ""},
	{"behind psd=n fails",
		"_dmarc.example.com" TXT
		"p=reject; psd=n\n_dmarc.com TXT !timeout\na.example.com A 192.0.2.1\n",
		"a.example.com", "example.com example.com p=reject>reject", "example.com example.com reject",
		"inherited@p=reject"},
	{"existence fails, matters",
		"_dmarc.example.com" TXT "p=none; np=reject\na.example.com TXT !timeout\n", "a.example.com",
		"?", "example.com example.com none", ""},
	{"existence fails, does not matter",
		"_dmarc.example.com" TXT "p=reject\na.example.com TXT !timeout\n", "a.example.com",
		"example.com example.com p=reject>reject", "example.com example.com reject",
		"inherited@p=reject"},
	{"probe fails", "example.com A 192.0.2.1\ndmarc.example.com TXT !timeout\n", "example.com",
		"example.com -", "example.com -", ""},
};

#define COUNT(array) ((int)(sizeof(array) / sizeof *(array)))

static const struct psl *list(void)
{
	static struct psl *psl;
	if (psl == NULL)
		psl = psl_open(NULL);
	ck_assert_ptr_nonnull(psl);
	return psl;
}

START_TEST(test_rows)
{
	struct arena *arena = unit_arena();
	struct job job = {.author = rows[_i].author, .psl = list()};
	struct fixture *fixture = fixture_open(arena, rows[_i].zone);
	for (int order = 0; order < FIXTURE_ORDERS; order++) {
		fixture_set_order(fixture, (enum fixture_order)order, 7);
		fixture_run(fixture, work, &job);
		assert_text(rows[_i].name, "RFC 9989", newer_text(arena, &job.discovery), rows[_i].newer);
		assert_text(rows[_i].name, "RFC 7489", older_text(arena, &job.older), rows[_i].older);
		assert_text(rows[_i].name, "lint", lint_text(arena, &job.findings), rows[_i].lint);
	}
}
END_TEST

/* Organizational Domains of the rows about alignment: author and another identifier. */
static const struct {
	const char *name;
	const char *zone;
	const char *author, *author_org;
	const char *other, *other_org;
} organizations[] = {
	{"5", "_dmarc.b.example.com" TXT "p=none\n", "b.example.com", "b.example.com", "example.com",
		"example.com"},
	{"6", "_dmarc.news.example.com" TXT "p=none; psd=n\n_dmarc.example.com" TXT "p=none\n",
		"news.example.com", "news.example.com", "example.com", "example.com"},
	{"8", "_dmarc.zz" TXT "p=reject\n", "a.zz", "zz", "evil.zz", "zz"},
	{"9", "_dmarc.zz" TXT "p=reject\n_dmarc.a.zz" TXT "p=reject; psd=n\n", "a.zz", "a.zz", "evil.zz",
		"zz"},
	{"52", "_dmarc.example.co.uk" TXT "p=none\n", "example.co.uk", "example.co.uk", "co.uk", "co.uk"},
	{"B.4.1", "_dmarc.example.com" TXT "p=none\n_dmarc.signing.example.com" TXT "p=none\n", "example.com",
		"example.com", "signing.example.com", "example.com"},
	{"B.4.3a", "_dmarc.bank.example" TXT "p=none; psd=y\n_dmarc.giant.bank.example" TXT "p=none\n",
		"giant.bank.example", "giant.bank.example", "mail.giant.bank.example", "giant.bank.example"},
	{"B.4.3b", "_dmarc.bank.example" TXT "p=none; psd=y\n_dmarc.giant.bank.example" TXT "p=none\n",
		"giant.bank.example", "giant.bank.example", "mail.mega.bank.example", "mega.bank.example"},
	{"4.10.2 psd=n", "_dmarc.mail.example.com" TXT "p=none; psd=n\n_dmarc.example.com" TXT "p=none\n",
		"a.mail.example.com", "mail.example.com", "example.com", "example.com"},
	{"4.10.2 com", "_dmarc.com" TXT "p=none; psd=y\n", "a.mail.example.com", "example.com", "com", "com"},
};

START_TEST(test_organizations)
{
	struct arena *arena = unit_arena();
	struct job job = {
		.author = organizations[_i].author, .other = organizations[_i].other, .psl = list()};
	fixture_run(fixture_open(arena, organizations[_i].zone), work, &job);
	assert_text(organizations[_i].name, "author", name_text(arena, job.discovery.organizational_domain),
		organizations[_i].author_org);
	assert_text(organizations[_i].name, "other", job.other_org, organizations[_i].other_org);
}
END_TEST

/* --- the names that are asked (RFC 9989 4.10, B.4.2, 5.1.8) --- */

static const struct {
	const char *author;
	const char *names;
} walks[] = {
	{"com", "com"},
	{"example.com", "example.com com"},
	{"a.b.c.d.e.f.g.h", "a.b.c.d.e.f.g.h b.c.d.e.f.g.h c.d.e.f.g.h d.e.f.g.h e.f.g.h f.g.h g.h h"},
	{"a.b.c.d.e.f.g.example.com",
		"a.b.c.d.e.f.g.example.com c.d.e.f.g.example.com d.e.f.g.example.com e.f.g.example.com "
		"f.g.example.com g.example.com example.com com"},
	{"a.b.c.d.e.f.g.h.i.j.mail.example.com",
		"a.b.c.d.e.f.g.h.i.j.mail.example.com g.h.i.j.mail.example.com h.i.j.mail.example.com "
		"i.j.mail.example.com j.mail.example.com mail.example.com example.com com"},
};

START_TEST(test_walk_names)
{
	struct arena *arena = unit_arena();
	struct job job = {.author = walks[_i].author, .psl = list()};
	fixture_run(fixture_open(arena, "example.net A 192.0.2.1\n"), work, &job);
	struct slice all = SLICE("");
	for (size_t i = 0; i < job.discovery.walk.count; i++) {
		struct slice name = name_text(arena, job.discovery.walk.steps[i].domain);
		all = arena_printf(arena, "%.*s%s%.*s", (int)all.len, all.ptr, i > 0 ? " " : "",
			(int)name.len, name.ptr);
	}
	assert_text(walks[_i].author, "walk", all, walks[_i].names);
}
END_TEST

/* All names and the existence of the domain are asked in one round; probes for a misplaced record need a
 * second one. */
START_TEST(test_rounds)
{
	struct arena *arena = unit_arena();
	struct job job = {.author = "a.b.example.com", .psl = list()};
	struct fixture *fixture = fixture_open(arena, "_dmarc.example.com" TXT "p=reject\n");
	fixture_run(fixture, work, &job);
	ck_assert_uint_eq(fixture_rounds(fixture), 1);
	ck_assert(job.discovery.existence_known);
	ck_assert(!job.discovery.domain_exists);
}
END_TEST

/* Any answer may fail: nothing becomes "none", and no finding appears or grows. */
static bool has_finding(const struct findings *findings, const struct finding *wanted)
{
	for (size_t i = 0; i < findings->count; i++)
		if (findings->items[i].rule == wanted->rule &&
			findings->items[i].severity >= wanted->severity)
			return true;
	return false;
}

START_TEST(test_any_answer_may_fail)
{
	struct arena *arena = unit_arena();
	struct job whole = {.author = rows[_i].author, .psl = list()}, cut = whole;
	struct fixture *fixture = fixture_open(arena, rows[_i].zone);
	size_t count;
	fixture_run(fixture, work, &whole);
	const struct question *asked = fixture_questions(fixture, &count);
	struct question *questions = arena_alloc(arena, count * sizeof *questions);
	memcpy(questions, asked, count * sizeof *questions);
	for (size_t i = 0; i < count; i++) {
		fixture_break(fixture, questions[i], DNS_FAILURE_TIMEOUT);
		fixture_run(fixture, work, &cut);
		ck_assert_msg(cut.discovery.temporary || cut.discovery.found != NULL ||
				      whole.discovery.found == NULL,
			"%s: question %zu", rows[_i].name, i);
		for (size_t j = 0; j < cut.findings.count; j++)
			ck_assert_msg(has_finding(&whole.findings, &cut.findings.items[j]),
				"%s: question %zu: %s", rows[_i].name, i,
				rule_get(cut.findings.items[j].rule)->id);
		fixture_mend(fixture);
	}
}
END_TEST

/* The rules whose examples are zones: fire on the bad one at exactly the bytes they name, and not on the
 * good one. */
static bool fires(struct arena *arena, const struct rule *rule, const char *zone, const char *about)
{
	struct job job = {.author = "example.com", .psl = list(), .reports = true};
	fixture_run(fixture_open(arena, zone), work, &job);
	for (size_t i = 0; i < job.findings.count; i++) {
		struct finding *finding = &job.findings.items[i];
		if (rule_get(finding->rule) == rule &&
			(about == NULL || slice_equal(finding_text(finding), slice_cstr(about))))
			return true;
	}
	return false;
}

/* Rules that need more than DMARC (cross_mail). */
static bool needs_more(enum rule_id id)
{
	return id == RULE_DMARC_WILDCARD || id == RULE_DMARC_NP_DEFEATED || id == RULE_DMARC_PARKED ||
	       id == RULE_DMARC_WITHOUT_AUTH || id == RULE_DMARC_RUA_NO_MX;
}

START_TEST(test_zone_examples)
{
	struct arena *arena = unit_arena();
	enum rule_id id = (enum rule_id)_i;
	const struct rule *rule = rule_get(id);
	if (strncmp(rule->id, "dmarc-", 6) != 0 || rule->example != EXAMPLE_ZONE || rule->bad[0] == '\0' ||
		needs_more(id))
		return;
	ck_assert_msg(fires(arena, rule, rule->bad, rule->about), "%s: bad", rule->id);
	ck_assert_msg(!fires(arena, rule, rule->good, NULL), "%s: good", rule->id);
}
END_TEST

/* A name that leaves no room for _dmarc cannot have a record; its ancestors can. */
START_TEST(test_long_name)
{
	struct arena *arena = unit_arena();
	char name[300] = "";
	for (int i = 0; i < 3; i++)
		strcat(name, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.");
	strcat(name, "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb.example.com");
	struct job job = {.author = name, .psl = list()};
	fixture_run(fixture_open(arena, "_dmarc.example.com" TXT "p=reject\n"), work, &job);
	ck_assert_ptr_null(job.discovery.walk.steps[0].answer);
	assert_text("long", "RFC 9989", newer_text(arena, &job.discovery),
		"example.com example.com p=reject>reject");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("dmarc_discover");
	TCase *tests = tcase_create("discover");
	tcase_set_timeout(tests, 30);
	tcase_add_loop_test(tests, test_rows, 0, COUNT(rows));
	tcase_add_loop_test(tests, test_organizations, 0, COUNT(organizations));
	tcase_add_loop_test(tests, test_walk_names, 0, COUNT(walks));
	tcase_add_test(tests, test_rounds);
	tcase_add_loop_test(tests, test_any_answer_may_fail, 0, COUNT(rows));
	tcase_add_loop_test(tests, test_zone_examples, 0, RULE_COUNT);
	tcase_add_test(tests, test_long_name);
	suite_add_tcase(suite, tests);
	return unit_run(suite);
}
