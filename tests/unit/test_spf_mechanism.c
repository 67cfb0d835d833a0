/* One term of check_host(): what it counts, what it is about, what it asks, whether it matches (RFC 7208
 * 4.6.4, 5.3-5.7); validated names (7.3). Whole records are in test_spf_check.c.
 */
#include "spf/spf_mechanism.h"

#include "support/fixture.h"
#include "support/unit.h"

struct run {
	struct spf_request request;
	const char *record;
	unsigned lookups_before, voids_before;
	/* of the last run */
	enum spf_match match;
	struct slice expanded;
	unsigned lookups, voids;
	size_t answers;
	struct slice validated;
};

/* Evaluates the first term of the record. */
static void evaluate(struct view *view, struct arena *arena, void *context)
{
	struct run *run = context;
	struct spf_evaluation e = {.request = &run->request,
		.view = view,
		.arena = arena,
		.lookups = run->lookups_before,
		.void_lookups = run->voids_before};
	const struct spf_record *record = spf_record_parse(arena, slice_cstr(run->record), NULL, 0);
	ck_assert_msg(record->valid, "%s", run->record);
	struct spf_trace_step *step =
		spf_evaluation_step(&e, record, &record->terms[0], SLICE("example.com"), 0);
	run->match = spf_mechanism_begin(&e, step);
	if (run->match == SPF_MATCH)
		run->match = spf_mechanism_match(&e, step);
	run->expanded = step->expanded;
	run->lookups = e.lookups;
	run->voids = e.void_lookups;
	run->answers = 0;
	for (const struct spf_trace_answer *noted = step->answers; noted != NULL; noted = noted->next)
		run->answers++;
}

#define PTR_ZONE                                                                                             \
	"1.2.0.192.in-addr.arpa PTR a.example.com\n1.2.0.192.in-addr.arpa PTR b.example.net\n"               \
	"a.example.com A 192.0.2.1\nb.example.net A 192.0.2.9\n"
#define NO_VOIDS 0, 0

static const struct {
	const char *name, *zone, *record, *ip;
	unsigned lookups_before, voids_before;
	enum spf_match match;
	const char *expanded;
	unsigned lookups, voids;
	size_t answers;
} rows[] = {
	{"ip4", "", "v=spf1 ip4:192.0.2.0/24", "192.0.2.1", NO_VOIDS, SPF_MATCH, "", 0, 0, 0},
	{"ip4, other", "", "v=spf1 ip4:192.0.2.0/25", "192.0.2.129", NO_VOIDS, SPF_NO_MATCH, "", 0, 0, 0},
	{"ip4/0", "", "v=spf1 ip4:0.0.0.0/0", "203.0.113.1", NO_VOIDS, SPF_MATCH, "", 0, 0, 0},
	{"ip6::/0 for IPv4", "", "v=spf1 ip6:::/0", "192.0.2.1", NO_VOIDS, SPF_NO_MATCH, "", 0, 0, 0},
	{"a", "example.com A 192.0.2.1\n", "v=spf1 a", "192.0.2.1", NO_VOIDS, SPF_MATCH, "example.com", 1, 0,
		1},
	{"a of the other family", "example.com A 192.0.2.1\n", "v=spf1 a", "2001:db8::1", NO_VOIDS,
		SPF_NO_MATCH, "example.com", 1, 1, 1},
	{"a, nothing", "", "v=spf1 a:x.example", "192.0.2.1", NO_VOIDS, SPF_NO_MATCH, "x.example", 1, 1, 1},
	{"a, third void", "", "v=spf1 a:x.example", "192.0.2.1", 2, 2, SPF_MATCH_PERMERROR, "x.example", 3, 3,
		1},
	{"a, fails", "x.example A !refused\n", "v=spf1 a:x.example", "192.0.2.1", NO_VOIDS,
		SPF_MATCH_TEMPERROR, "x.example", 1, 0, 1},
	{"a, eleventh lookup", "example.com A 192.0.2.1\n", "v=spf1 a", "192.0.2.1", 10, 0,
		SPF_MATCH_PERMERROR, "", 10, 0, 0},
	{"a, tenth lookup", "example.com A 192.0.2.1\n", "v=spf1 a", "192.0.2.1", 9, 0, SPF_MATCH,
		"example.com", 10, 0, 1},
	{"a, alias", "example.com CNAME h.example\nh.example A 192.0.2.1\n", "v=spf1 a", "192.0.2.1",
		NO_VOIDS, SPF_MATCH, "example.com", 1, 0, 1},
	{"mx asks for two", "example.com MX 10 m.example\nm.example A 192.0.2.1\n", "v=spf1 mx", "192.0.2.1",
		NO_VOIDS, SPF_MATCH, "example.com", 1, 0, 2},
	{"mx, host without address is no void", "example.com MX 10 m.example\n", "v=spf1 mx", "192.0.2.1",
		NO_VOIDS, SPF_NO_MATCH, "example.com", 1, 0, 2},
	{"mx, nothing", "example.com A 192.0.2.1\n", "v=spf1 mx", "192.0.2.1", NO_VOIDS, SPF_NO_MATCH,
		"example.com", 1, 1, 1},
	{"mx, in order",
		"example.com MX 10 m.example\nexample.com MX 20 n.example\nm.example A 192.0.2.1\nn.example "
		"A !timeout\n",
		"v=spf1 mx", "192.0.2.1", NO_VOIDS, SPF_MATCH, "example.com", 1, 0, 2},
	{"exists, any address", "x.example A 127.0.0.2\n", "v=spf1 exists:x.example", "2001:db8::1", NO_VOIDS,
		SPF_MATCH, "x.example", 1, 0, 1},
	{"exists, AAAA is not asked", "x.example AAAA 2001:db8::1\n", "v=spf1 exists:x.example",
		"2001:db8::1", NO_VOIDS, SPF_NO_MATCH, "x.example", 1, 1, 1},
	{"ptr", PTR_ZONE, "v=spf1 ptr", "192.0.2.1", NO_VOIDS, SPF_MATCH, "example.com", 1, 0, 2},
	{"ptr, not validated", PTR_ZONE, "v=spf1 ptr:example.net", "192.0.2.1", NO_VOIDS, SPF_NO_MATCH,
		"example.net", 1, 0, 2},
	{"ptr, label border", "1.2.0.192.in-addr.arpa PTR bad-example.com\nbad-example.com A 192.0.2.1\n",
		"v=spf1 ptr", "192.0.2.1", NO_VOIDS, SPF_NO_MATCH, "example.com", 1, 0, 1},
	{"ptr, no name", "", "v=spf1 ptr", "192.0.2.1", NO_VOIDS, SPF_NO_MATCH, "example.com", 1, 1, 1},
	{"ptr, name fails", "1.2.0.192.in-addr.arpa PTR a.example.com\na.example.com A !timeout\n",
		"v=spf1 ptr", "192.0.2.1", NO_VOIDS, SPF_NO_MATCH, "example.com", 1, 0, 2},
	{"p is a lookup of its own", PTR_ZONE "a.example.com.x.example A 127.0.0.2\n",
		"v=spf1 exists:%{p}.x.example", "192.0.2.1", NO_VOIDS, SPF_MATCH, "a.example.com.x.example",
		2, 0, 4},
	{"p as eleventh", PTR_ZONE, "v=spf1 exists:%{p}.x.example", "192.0.2.1", 9, 0, SPF_MATCH_PERMERROR,
		"example.com", 10, 0, 0},
	{"no name after expansion", "", "v=spf1 a:%{d}..example", "192.0.2.1", NO_VOIDS, SPF_NO_MATCH,
		"example.com..example", 1, 0, 0},
};

START_TEST(terms)
{
	struct arena *arena = unit_arena();
	struct run run = {.record = rows[_i].record,
		.lookups_before = rows[_i].lookups_before,
		.voids_before = rows[_i].voids_before};
	ck_assert(ip_parse(slice_cstr(rows[_i].ip), &run.request.ip));
	ck_assert(spf_request_identify(
		arena, &run.request, SLICE("user@example.com"), SLICE("h.example"), slice_of(NULL, 0)));
	fixture_run(fixture_open(arena, rows[_i].zone), evaluate, &run);
	ck_assert_msg(run.match == rows[_i].match, "%s: %s", rows[_i].name, spf_match_text(run.match));
	if (rows[_i].expanded[0] != '\0')
		unit_assert_slice(run.expanded, slice_cstr(rows[_i].expanded));
	ck_assert_msg(run.lookups == rows[_i].lookups, "%s: %u lookups", rows[_i].name, run.lookups);
	ck_assert_msg(run.voids == rows[_i].voids, "%s: %u voids", rows[_i].name, run.voids);
	ck_assert_msg(run.answers == rows[_i].answers, "%s: %zu answers", rows[_i].name, run.answers);
}
END_TEST

/* --- validated names ----------------------------------------------------------------------------- */

static void validate(struct view *view, struct arena *arena, void *context)
{
	struct run *run = context;
	struct spf_evaluation e = {.request = &run->request, .view = view, .arena = arena};
	run->validated = spf_evaluation_validated(&e, SLICE("example.com"));
}

#define REVERSE "1.2.0.192.in-addr.arpa PTR "

static const struct {
	const char *name, *zone, *validated;
} name_rows[] = {
	{"no name", "", "unknown"},
	{"DNS fails", REVERSE "!timeout\n", "unknown"},
	{"leads elsewhere", REVERSE "a.example.net\na.example.net A 192.0.2.9\n", "unknown"},
	{"any name", REVERSE "a.example.net\na.example.net A 192.0.2.1\n", "a.example.net"},
	{"below the domain first",
		REVERSE "a.example.net\n" REVERSE "z.example.com\na.example.net A 192.0.2.1\n"
			"z.example.com A 192.0.2.1\n",
		"z.example.com"},
	{"the domain itself before it",
		REVERSE "a.example.com\n" REVERSE "example.com\na.example.com A 192.0.2.1\n"
			"example.com A 192.0.2.1\n",
		"example.com"},
	{"one that fails is passed over",
		REVERSE "a.example.com\n" REVERSE "b.example.com\na.example.com A !timeout\n"
			"b.example.com A 192.0.2.1\n",
		"b.example.com"},
};

START_TEST(names)
{
	struct arena *arena = unit_arena();
	struct run run = {0};
	ck_assert(ip_parse(SLICE("192.0.2.1"), &run.request.ip));
	fixture_run(fixture_open(arena, name_rows[_i].zone), validate, &run);
	unit_assert_slice(run.validated, slice_cstr(name_rows[_i].validated));
}
END_TEST

/* The first ten names count (RFC 7208 4.6.4). */
START_TEST(ten_names_are_looked_at)
{
	struct arena *arena = unit_arena();
	struct slice zone = SLICE("*.many.example A 192.0.2.9\n");
	struct run run = {0};
	size_t asked;
	for (int i = 0; i < 30; i++)
		zone = arena_printf(arena, "%.*s" REVERSE "n%d.many.example\n", (int)zone.len, zone.ptr, i);
	ck_assert(ip_parse(SLICE("192.0.2.1"), &run.request.ip));
	struct fixture *dns = fixture_open(arena, zone.ptr);
	fixture_run(dns, validate, &run);
	fixture_questions(dns, &asked);
	ck_assert_uint_eq(asked, 11);
}
END_TEST

#define ROWS(table) ((int)(sizeof(table) / sizeof(table)[0]))

int main(void)
{
	Suite *suite = suite_create("spf_mechanism");
	TCase *cases = tcase_create("terms");
	tcase_add_loop_test(cases, terms, 0, ROWS(rows));
	tcase_add_loop_test(cases, names, 0, ROWS(name_rows));
	tcase_add_test(cases, ten_names_are_looked_at);
	suite_add_tcase(suite, cases);
	return unit_run(suite);
}
