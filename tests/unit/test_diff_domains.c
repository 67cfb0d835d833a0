/* Tests of cli/diff_domains: which domains of two sides are compared, and in which order. */
#include "cli/diff_domains.h"

#include "support/unit.h"

static const struct sources nothing;

static bool load(void *context, struct arena *arena, struct slice path, struct slice *out, struct slice *why)
{
	(void)arena;
	(void)path;
	(void)why;
	*out = slice_cstr(context);
	return true;
}

/* A zone of example.com with these lines. */
static const struct zonefile *zone_of(struct arena *arena, const char *lines)
{
	static const char head[] = "$ORIGIN example.com.\n@ 3600 IN SOA ns h 1 1 1 1 1\n";
	char *text = arena_alloc(arena, sizeof head + strlen(lines));
	strcat(strcpy(text, head), lines);
	const struct zonefile_loader loader = {load, text};
	struct zonefile *zone = arena_alloc(arena, sizeof *zone);
	struct zonefile_error error;
	ck_assert_msg(zonefile_read(arena, SLICE("db"), (struct name){NULL, 0}, true, &loader, zone, &error),
		"%.*s", (int)error.message.len, error.message.ptr);
	return zone;
}

/* "example.com _spf.example.com!": the domains, parts with "!". */
static struct slice describe(struct arena *arena, const struct diff_domains *domains)
{
	struct slice list = SLICE("");
	for (size_t i = 0; i < domains->count; i++) {
		struct slice name = name_text(arena, domains->items[i].name);
		list = arena_printf(arena, "%.*s%s%.*s%s", (int)list.len, list.ptr, i > 0 ? " " : "",
			(int)name.len, name.ptr, domains->items[i].is_part ? "!" : "");
	}
	return list;
}

static const struct {
	const char *name;
	const char *before, *after; /* lines of zones */
	const char *found;
} rows[] = {
	{"nothing", "www A 192.0.2.1\n", "@ TXT \"v=DKIM1\"\n", ""},
	{"the one of either side", "b TXT \"v=spf1 -all\"\n", "a TXT \"v=spf1 -all\"\n",
		"a.example.com b.example.com"},
	{"each once", "a TXT \"v=spf1 -all\"\n_dmarc.a TXT \"v=DMARC1\"\n", "A TXT \"v=spf1 +all\"\n",
		"a.example.com"},
	{"parents before what is below them", "b.a TXT \"v=spf1\"\nz TXT \"v=spf1\"\n",
		"a TXT \"v=spf1\"\n@ TXT \"v=spf1\"\n",
		"example.com a.example.com b.a.example.com z.example.com"},
	{"near misses", "a TXT \"v=spf1-all\"\nb TXT \"v=spf10 -all\"\nc TXT \"spf is nice\"\n", "",
		"a.example.com b.example.com"},
	{"split strings", "a TXT \"v=spf1\" \" -all\"\n", "", "a.example.com"},
	{"any text or alias at _dmarc", "_dmarc.a TXT \"p=none\"\n_dmarc.b CNAME _dmarc.example.net.\n",
		"_dmarc.c A 192.0.2.1\n", "a.example.com b.example.com"},
	{"permissions for reports are no domains", "example.net._report._dmarc TXT \"v=DMARC1\"\n", "", ""},
	{"parts of the records of others", "_spf TXT \"v=spf1 -all\"\na._spf TXT \"v=spf1 -all\"\n", "",
		"_spf.example.com! a._spf.example.com!"},
	{"one with a policy is no part", "_spf TXT \"v=spf1 -all\"\n", "_dmarc._spf TXT \"v=DMARC1\"\n",
		"_spf.example.com"},
	{"wildcards", "*.a TXT \"v=spf1 -all\"\n", "", "*.a.example.com"},
	{"aliases of records", "a CNAME s\ns TXT \"v=spf1 -all\"\n", "b CNAME a\nx CNAME y\n",
		"a.example.com b.example.com s.example.com"},
	{"a chain against the order", "a CNAME b\nb CNAME c\nc CNAME d\nd TXT \"v=spf1 -all\"\n", "",
		"a.example.com b.example.com c.example.com d.example.com"},
	{"aliases in a loop", "a CNAME b\nb CNAME a\nd TXT \"v=spf1 -all\"\n", "", "d.example.com"},
	{"an alias of a name with a policy alone", "a CNAME b\n_dmarc.b TXT \"v=DMARC1\"\n", "",
		"b.example.com"},
	{"a policy for all names", "*.a TXT \"v=DMARC1; p=none\"\n*.b TXT \"x\"\n", "", "a.example.com"},
	{"other types", "a SPF \"v=spf1 -all\"\n", "", ""},
};

START_TEST(zones)
{
	struct arena *arena = unit_arena();
	const struct zonefile *before = zone_of(arena, rows[_i].before);
	const struct zonefile *after = zone_of(arena, rows[_i].after);
	const struct diff_sides_one sides[DIFF_SIDES] = {{.zones = {&before, 1}}, {.zones = {&after, 1}}};
	struct diff_domains domains;
	diff_domains_find(arena, sides, &nothing, &domains);
	unit_assert_slice(describe(arena, &domains), slice_cstr(rows[_i].found));
}
END_TEST

/* A record of --record, a file of --zone. */
START_TEST(what_lies_over_counts)
{
	struct arena *arena = unit_arena();
	const struct zonefile *zone = zone_of(arena, "a TXT \"v=spf1 -all\"\n");
	struct zonefile_record record;
	struct zonefile_error error;
	ck_assert(zonefile_parse_record(
		arena, SLICE("_dmarc.b.example TXT v=DMARC1; p=none"), &record, &error));
	const struct sources over = {.zones = {&zone, 1}, .records = &record, .record_count = 1};
	const struct diff_sides_one sides[DIFF_SIDES] = {{.is_live = true}, {.is_live = true}};
	struct diff_domains domains;
	diff_domains_find(arena, sides, &over, &domains);
	unit_assert_slice(describe(arena, &domains), SLICE("a.example.com b.example"));
}
END_TEST

START_TEST(a_saved_run_has_a_list)
{
	struct arena *arena = unit_arena();
	struct name names[2];
	ck_assert_int_eq(name_from_text(arena, SLICE("b.example"), &names[0]), NAME_OK);
	ck_assert_int_eq(name_from_text(arena, SLICE("_a.example"), &names[1]), NAME_OK);
	const struct snapshot_data saved = {.domains = names, .domain_count = 2};
	const struct diff_sides_one sides[DIFF_SIDES] = {{.is_live = true}, {.saved = &saved}};
	struct diff_domains domains;
	diff_domains_find(arena, sides, &nothing, &domains);
	unit_assert_slice(describe(arena, &domains), SLICE("_a.example! b.example"));
}
END_TEST

START_TEST(named_ones_keep_their_order)
{
	struct arena *arena = unit_arena();
	const struct slice names[] = {SLICE("b.example"), SLICE("a.example"), SLICE("B.Example."),
		SLICE("_a.example"), SLICE("a.example")};
	struct diff_domains domains;
	struct slice error;
	ck_assert(diff_domains_parse(arena, names, 5, &domains, &error));
	unit_assert_slice(describe(arena, &domains), SLICE("b.example a.example _a.example"));
	const struct slice bad = SLICE("192.0.2.1");
	ck_assert(!diff_domains_parse(arena, &bad, 1, &domains, &error));
	ck_assert_uint_gt(error.len, 0);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("diff_domains");
	TCase *tcase = tcase_create("diff_domains");
	tcase_add_loop_test(tcase, zones, 0, (int)(sizeof rows / sizeof rows[0]));
	tcase_add_test(tcase, what_lies_over_counts);
	tcase_add_test(tcase, a_saved_run_has_a_list);
	tcase_add_test(tcase, named_ones_keep_their_order);
	suite_add_tcase(suite, tcase);
	return unit_run(suite);
}
