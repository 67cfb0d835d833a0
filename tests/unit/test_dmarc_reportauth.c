/* test_dmarc_reportauth: may reports go to another domain (RFC 9990 4, RFC 9991)? Rows with a number are
 * tricky cases. */
#include "dmarc/dmarc_reportauth.h"

#include "support/fixture.h"
#include "support/unit.h"

#define COUNT(array) ((int)(sizeof(array) / sizeof *(array)))

struct job {
	const char *domain;
	const char *text;
	enum dmarc_tag_id tag;
	struct dmarc_destination *destinations;
	size_t count;
	struct findings findings;
};

static void work(struct view *view, struct arena *arena, void *context)
{
	struct job *job = context;
	struct name domain;
	ck_assert_int_eq(name_from_text(arena, slice_cstr(job->domain), &domain), NAME_OK);
	const struct dmarc_record *record = dmarc_record_parse(arena, slice_cstr(job->text));
	struct finding_place place = {
		.name = SLICE("_dmarc.example.com"), .type = SLICE("TXT"), .record = record->text};
	findings_init(&job->findings, arena);
	dmarc_reportauth(view, arena, record, job->tag, domain, &place, &job->findings, &job->destinations,
		&job->count);
}

/* One line a destination: "internal yes", "external yes|no|unknown NAME [> REDIRECT]", "?" when external
 * is unknown; then the findings as "rule@bytes". */
static struct slice outcome(struct arena *arena, const struct job *job)
{
	static const char *const words[] = {"yes", "no", "unknown"};
	struct slice all = SLICE("");
	for (size_t i = 0; i < job->count; i++) {
		const struct dmarc_destination *d = &job->destinations[i];
		struct slice name = name_is_none(d->authorization_name)
					    ? SLICE("-")
					    : name_text(arena, d->authorization_name);
		const char *kind = !d->external_known ? "?" : d->external ? "external" : "internal";
		all = arena_printf(arena, "%.*s%s %s %.*s%s%.*s\n", (int)all.len, all.ptr, kind,
			words[d->authorized], (int)name.len, name.ptr, d->redirected ? " > " : "",
			(int)d->redirect.len, d->redirected ? d->redirect.ptr : "");
	}
	for (size_t i = 0; i < job->findings.count; i++) {
		struct slice about = finding_text(&job->findings.items[i]);
		all = arena_printf(arena, "%.*s%s@%.*s\n", (int)all.len, all.ptr,
			rule_get(job->findings.items[i].rule)->id, (int)about.len, about.ptr);
	}
	return all;
}

#define RUA  "v=DMARC1; p=none; rua=mailto:r@vendor.example"
#define NAME "example.com._report._dmarc.vendor.example"

static const struct {
	const char *name;
	const char *domain; /* where the record was found */
	const char *text;
	enum dmarc_tag_id tag;
	const char *zone;
	const char *outcome;
} rows[] = {
	{"own domain", "example.com", "v=DMARC1; p=none; rua=mailto:r@example.com", DMARC_TAG_RUA, "",
		"internal yes -\n"},
	{"case of the host", "example.com", "v=DMARC1; p=none; rua=mailto:r@Example.COM", DMARC_TAG_RUA, "",
		"internal yes -\n"},
	{"subdomain", "example.com", "v=DMARC1; p=none; rua=mailto:r@sub.example.com", DMARC_TAG_RUA,
		"_dmarc.example.com TXT v=DMARC1; p=none\n", "internal yes -\n"},
	{"53", "example.com", RUA, DMARC_TAG_RUA, NAME " TXT v=DMARC1\n", "external yes " NAME "\n"},
	{"53 with semicolon", "example.com", RUA, DMARC_TAG_RUA, NAME " TXT v=DMARC1;\n",
		"external yes " NAME "\n"},
	{"54", "example.com", RUA, DMARC_TAG_RUA, NAME " TXT v=DMARC1\n" NAME " TXT v=spf1 -all\n",
		"external yes " NAME "\n"},
	{"several are fine", "example.com", RUA, DMARC_TAG_RUA,
		NAME " TXT v=DMARC1\n" NAME " TXT v=DMARC1;\n", "external yes " NAME "\n"},
	{"55", "example.com", RUA, DMARC_TAG_RUA, NAME " TXT v=DMARC1; rua=mailto:x@third.example\n",
		"external no " NAME " > mailto:x@third.example\n"
		"dmarc-report-override@mailto:r@vendor.example\n"},
	{"redirect to the same host", "example.com", RUA, DMARC_TAG_RUA,
		NAME " TXT v=DMARC1; rua=mailto:x@Vendor.example\n",
		"external yes " NAME " > mailto:x@Vendor.example\n"},
	{"rua does not redirect ruf", "example.com", "v=DMARC1; p=none; ruf=mailto:r@vendor.example",
		DMARC_TAG_RUF, NAME " TXT v=DMARC1; rua=mailto:x@third.example\n", "external yes " NAME "\n"},
	{"ruf redirects ruf", "example.com", "v=DMARC1; p=none; ruf=mailto:r@vendor.example", DMARC_TAG_RUF,
		NAME " TXT v=DMARC1; ruf=mailto:x@third.example\n",
		"external no " NAME " > mailto:x@third.example\n"
		"dmarc-report-override@mailto:r@vendor.example\n"},
	{"56", "sub.example.com", "v=DMARC1; p=none; rua=mailto:r@example.com", DMARC_TAG_RUA,
		"_dmarc.sub.example.com TXT v=DMARC1; p=none\n",
		"external no sub.example.com._report._dmarc.example.com\n"
		"dmarc-external-unauthorized@mailto:r@example.com\n"},
	{"56 authorized", "sub.example.com", "v=DMARC1; p=none; rua=mailto:r@example.com", DMARC_TAG_RUA,
		"_dmarc.sub.example.com TXT v=DMARC1; p=none\n"
		"sub.example.com._report._dmarc.example.com TXT v=DMARC1\n",
		"external yes sub.example.com._report._dmarc.example.com\n"},
	{"57", "example.com", RUA, DMARC_TAG_RUA,
		"a.example.com._report._dmarc.vendor.example TXT v=DMARC1\n",
		"external no " NAME "\ndmarc-external-unauthorized@mailto:r@vendor.example\n"},
	{"58", "bank", "v=DMARC1; p=none; psd=y; ruf=mailto:r@vendor.example", DMARC_TAG_RUF, "", ""},
	{"wildcard", "example.com", RUA, DMARC_TAG_RUA, "*._report._dmarc.vendor.example TXT v=DMARC1;\n",
		"external yes " NAME "\n"},
	{"wildcard hidden by a neighbour", "example.com", RUA, DMARC_TAG_RUA,
		"*._report._dmarc.vendor.example TXT v=DMARC1;\n"
		"other.com._report._dmarc.vendor.example TXT v=DMARC1;\n",
		"external no " NAME "\ndmarc-external-unauthorized@mailto:r@vendor.example\n"},
	{"nothing", "example.com", RUA, DMARC_TAG_RUA, "",
		"external no " NAME "\ndmarc-external-unauthorized@mailto:r@vendor.example\n"},
	{"near miss", "example.com", RUA, DMARC_TAG_RUA, NAME " TXT v=dmarc1\n",
		"external no " NAME "\ndmarc-external-record-bad@\n"},
	{"unrelated", "example.com", RUA, DMARC_TAG_RUA, NAME " TXT v=spf1 -all\n",
		"external no " NAME "\ndmarc-external-record-bad@\n"},
	{"alias", "example.com", RUA, DMARC_TAG_RUA,
		NAME " CNAME ok.vendor.example\nok.vendor.example TXT v=DMARC1\n", "external yes " NAME "\n"},
	{"https", "example.com", "v=DMARC1; p=none; rua=https://vendor.example/r", DMARC_TAG_RUA,
		NAME " TXT v=DMARC1\n", "external yes " NAME "\n"},
	{"invalid ones are not asked", "example.com", "v=DMARC1; p=none; rua=r@vendor.example,mailto:x",
		DMARC_TAG_RUA, "", "? unknown -\n? unknown -\n"},
	{"two", "example.com", "v=DMARC1; p=none; rua=mailto:a@example.com,mailto:b@vendor.example",
		DMARC_TAG_RUA, NAME " TXT v=DMARC1\n", "internal yes -\nexternal yes " NAME "\n"},
	{"two at one stranger's: said once", "example.com",
		"v=DMARC1; p=none; rua=mailto:a@vendor.example,mailto:b@vendor.example", DMARC_TAG_RUA, "",
		"external no " NAME "\nexternal no " NAME
		"\ndmarc-external-unauthorized@mailto:a@vendor.example\n"},
	{"two strangers: said twice", "example.com",
		"v=DMARC1; p=none; rua=mailto:a@vendor.example,mailto:b@other.example", DMARC_TAG_RUA, "",
		"external no " NAME "\nexternal no example.com._report._dmarc.other.example\n"
		"dmarc-external-unauthorized@mailto:a@vendor.example\n"
		"dmarc-external-unauthorized@mailto:b@other.example\n"},
	{"redirect to no address at all", "example.com", RUA, DMARC_TAG_RUA,
		NAME " TXT v=DMARC1; rua=r@vendor.example\n", "external yes " NAME "\n"},
	{"answer fails", "example.com", RUA, DMARC_TAG_RUA, NAME " TXT !timeout\n",
		"external unknown " NAME "\n"},
	{"walk fails", "example.com", RUA, DMARC_TAG_RUA, "_dmarc.vendor.example TXT !timeout\n",
		"? unknown " NAME "\n"},
	{"own walk fails", "example.com", RUA, DMARC_TAG_RUA, "_dmarc.com TXT !timeout\n",
		"? unknown " NAME "\n"},
	{"no tag", "example.com", "v=DMARC1; p=none", DMARC_TAG_RUA, "", ""},
};

START_TEST(test_rows)
{
	struct arena *arena = unit_arena();
	struct job job = {.domain = rows[_i].domain, .text = rows[_i].text, .tag = rows[_i].tag};
	/* A name of each, so that no zone is empty. */
	const char *zone = arena_printf(arena, "example.com A 192.0.2.1\n%s", rows[_i].zone).ptr;
	struct fixture *fixture = fixture_open(arena, zone);
	for (int order = 0; order < FIXTURE_ORDERS; order++) {
		fixture_set_order(fixture, (enum fixture_order)order, 3);
		fixture_run(fixture, work, &job);
		struct slice actual = outcome(arena, &job);
		ck_assert_msg(slice_equal(actual, slice_cstr(rows[_i].outcome)), "%s:\n%.*snot\n%s",
			rows[_i].name, (int)actual.len, actual.ptr, rows[_i].outcome);
	}
}
END_TEST

/* The finding tells the other side what to publish and where. */
START_TEST(test_arguments)
{
	struct arena *arena = unit_arena();
	struct job job = {.domain = "example.com", .text = RUA, .tag = DMARC_TAG_RUA};
	fixture_run(fixture_open(arena, "example.com A 192.0.2.1\n"), work, &job);
	ck_assert_uint_eq(job.findings.count, 1);
	const struct finding *finding = &job.findings.items[0];
	unit_assert_slice(finding->args[0], SLICE("vendor.example"));
	unit_assert_slice(finding->args[1], SLICE("example.com"));
	unit_assert_slice(finding->args[2], SLICE(NAME));
	unit_assert_slice(finding->args[3], SLICE("v=DMARC1;"));
	unit_assert_slice(finding->place.name, SLICE("_dmarc.example.com"));
	ck_assert_int_eq(finding->severity, SEVERITY_WARNING);
}
END_TEST

/* Walks and authorization are asked in one round. */
START_TEST(test_rounds)
{
	struct job job = {.domain = "example.com", .text = RUA, .tag = DMARC_TAG_RUA};
	struct fixture *fixture = fixture_open(unit_arena(), NAME " TXT v=DMARC1\n");
	fixture_run(fixture, work, &job);
	ck_assert_uint_eq(fixture_rounds(fixture), 1);
}
END_TEST

/* RFC 9990 4, step 2: a name that does not fit into DNS authorizes nobody, and nothing is asked. */
START_TEST(test_too_long)
{
	struct arena *arena = unit_arena();
	char domain[300] = "", text[400] = "v=DMARC1; p=none; rua=mailto:r@";
	for (int i = 0; i < 2; i++)
		strcat(domain, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.");
	strcat(text, domain);
	strcat(domain, "example.com");
	strcat(text, "vendor.example");
	struct job job = {.domain = domain, .text = text, .tag = DMARC_TAG_RUA};
	fixture_run(fixture_open(arena, "example.com A 192.0.2.1\n"), work, &job);
	ck_assert_uint_eq(job.count, 1);
	ck_assert(job.destinations[0].external);
	ck_assert_int_eq(job.destinations[0].authorized, DMARC_UNAUTHORIZED);
	ck_assert(name_is_none(job.destinations[0].authorization_name));
	ck_assert_uint_eq(job.findings.count, 1);
}
END_TEST

START_TEST(test_many)
{
	struct arena *arena = unit_arena();
	struct slice text = SLICE("v=DMARC1; p=none; rua=mailto:r@example.com");
	for (int i = 0; i < 40; i++)
		text = arena_printf(arena, "%.*s,mailto:r@h%d.example", (int)text.len, text.ptr, i);
	struct job job = {.domain = "example.com", .text = text.ptr, .tag = DMARC_TAG_RUA};
	fixture_run(fixture_open(arena, "example.com A 192.0.2.1\n"), work, &job);
	ck_assert_uint_eq(job.count, DMARC_MAX_DESTINATIONS);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("dmarc_reportauth");
	TCase *tests = tcase_create("reportauth");
	tcase_add_loop_test(tests, test_rows, 0, COUNT(rows));
	tcase_add_test(tests, test_arguments);
	tcase_add_test(tests, test_rounds);
	tcase_add_test(tests, test_too_long);
	tcase_add_test(tests, test_many);
	suite_add_tcase(suite, tests);
	return unit_run(suite);
}
