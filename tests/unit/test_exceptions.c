/* Tests of the exceptions of a run: which rules it can find, which day it is, lists of zones that come and
 * go, and what is left at the end. */
#include "cli/exceptions.h"

#include <stdlib.h>

#include "support/unit.h"

static const char config_text[] =
	"suppress spf-ptr@example.com until 2027-01-31 text\n"
	"suppress spf-void@example.com until 2027-01-31 needs DNS\n"
	"suppress spf-cname-conflict@example.com until 2027-01-31 needs a zone file\n"
	"suppress dmarc-p-none@example.com until 2027-01-31 text\n"
	"suppress spf-multiple@example.com until 2027-01-31 needs a name\n";

static const struct zonefile_list no_zones = {NULL, 0};

static struct config read_config(struct arena *arena)
{
	struct config config;
	struct zonefile_error error;
	ck_assert(config_read(arena, SLICE(".mailauth"), slice_cstr(config_text), &config, &error));
	return config;
}

static bool load(void *context, struct arena *arena, struct slice path, struct slice *out, struct slice *why)
{
	(void)arena;
	(void)path;
	(void)why;
	*out = slice_cstr(context);
	return true;
}

static struct zonefile read_zone(struct arena *arena, const char *text)
{
	const struct zonefile_loader loader = {load, (void *)(size_t)text};
	struct zonefile zone;
	struct zonefile_error error;
	struct name origin;
	ck_assert_int_eq(name_from_text(arena, SLICE("example.com"), &origin), NAME_OK);
	ck_assert_msg(
		zonefile_read_as_written(arena, SLICE("db"), origin, &loader, &zone, &error), "the zone");
	return zone;
}

/* The lines of the exceptions that are called unused when example.com was judged and nothing found. */
struct scope_row {
	enum exceptions_scope scope;
	const char *lines;
};

static const struct scope_row scope_rows[] = {
	{EXCEPTIONS_DOMAINS, "1245"},
	{EXCEPTIONS_RECORDS, "14"},
	{EXCEPTIONS_ZONE_RECORDS, "134"},
};

START_TEST(a_run_speaks_of_rules_it_can_find)
{
	struct arena *arena = unit_arena();
	const struct config config = read_config(arena);
	struct exceptions exceptions;
	struct filter filter;
	struct findings told;
	struct slice error;
	setenv("SOURCE_DATE_EPOCH", "1798761600", 1); /* 2027-01-01 */
	ck_assert(exceptions_open(arena, scope_rows[_i].scope, &config, no_zones, &exceptions, &error));
	suppress_note_name(exceptions_list(&exceptions), SLICE("example.com"));
	filter_init(&filter);
	exceptions_finish(&exceptions, &filter, &told);
	ck_assert_uint_eq(told.count, strlen(scope_rows[_i].lines));
	for (size_t i = 0; i < told.count; i++) {
		ck_assert_int_eq(told.items[i].rule, RULE_CONFIG_SUPPRESSION_UNUSED);
		ck_assert_uint_eq(told.items[i].place.line, (size_t)(scope_rows[_i].lines[i] - '0'));
	}
}
END_TEST

START_TEST(the_day_may_be_fixed)
{
	struct arena *arena = unit_arena();
	const struct config config = {.options = NULL};
	struct exceptions exceptions;
	struct slice error;
	setenv("SOURCE_DATE_EPOCH", "1798761600", 1);
	ck_assert(exceptions_open(arena, EXCEPTIONS_DOMAINS, &config, no_zones, &exceptions, &error));
	ck_assert_int_eq(exceptions_list(&exceptions)->today, 20270101);
	setenv("SOURCE_DATE_EPOCH", "now", 1);
	ck_assert(!exceptions_open(arena, EXCEPTIONS_DOMAINS, &config, no_zones, &exceptions, &error));
	unit_assert_slice(error, SLICE("SOURCE_DATE_EPOCH is to be seconds since 1970, not 'now'"));
	unsetenv("SOURCE_DATE_EPOCH");
	ck_assert(exceptions_open(arena, EXCEPTIONS_DOMAINS, &config, no_zones, &exceptions, &error));
	ck_assert_int_gt(exceptions_list(&exceptions)->today, 20250101);
}
END_TEST

static const char zone_text[] = "@ 60 TXT \"v=spf1 ?all\" ; mailauth: ignore spf-ptr not there\n"
				"a 60 TXT \"v=spf1 ?all\" ; mailauth: ignore spf-all-neutral here\n";

static struct findings one_finding(struct arena *arena, size_t line)
{
	struct findings findings;
	findings_init(&findings, arena);
	struct finding *finding = findings_add(&findings, RULE_SPF_ALL_NEUTRAL);
	finding->place.file = SLICE("db");
	finding->place.line = line;
	return findings;
}

/* Comments hold while their zone is judged, and what is wrong with them is kept. */
START_TEST(zones_come_and_go)
{
	struct arena *arena = unit_arena();
	const struct config config = {.options = NULL};
	const struct zonefile zone = read_zone(arena, zone_text);
	struct exceptions exceptions;
	struct filter filter;
	struct findings told;
	struct slice error;
	ck_assert(exceptions_open(arena, EXCEPTIONS_ZONE_RECORDS, &config, no_zones, &exceptions, &error));
	filter_init(&filter);
	filter.suppressions = exceptions_list(&exceptions);
	for (int i = 0; i < 2; i++) {
		struct findings first = one_finding(arena, 1), second = one_finding(arena, 2);
		ck_assert(exceptions_begin_zone(&exceptions, &zone, &error));
		suppress_note_lines(filter.suppressions, SLICE("db"), 1, 1);
		filter_findings(&filter, &first);
		filter_findings(&filter, &second);
		ck_assert_uint_eq(first.count, 1);
		ck_assert_uint_eq(second.count, 0);
		exceptions_end_zone(&exceptions);
	}
	struct findings after = one_finding(arena, 2);
	filter_findings(&filter, &after);
	ck_assert_uint_eq(after.count, 1);
	exceptions_finish(&exceptions, &filter, &told);
	ck_assert_uint_eq(told.count, 2);
	ck_assert_uint_eq(told.items[1].place.line, 1);
}
END_TEST

START_TEST(comments_of_zones_stand_behind_the_lines_of_the_file)
{
	struct arena *arena = unit_arena();
	const struct config config = read_config(arena);
	const struct zonefile zone = read_zone(arena, zone_text);
	const struct zonefile *items[] = {&zone};
	const struct zonefile_list zones = {items, 1};
	struct exceptions exceptions;
	struct slice error;
	ck_assert(exceptions_open(arena, EXCEPTIONS_DOMAINS, &config, zones, &exceptions, &error));
	const struct suppress_list *list = exceptions_list(&exceptions);
	ck_assert_uint_eq(list->count, 7);
	ck_assert(!list->items[4].in_zone && list->items[5].in_zone && list->items[6].in_zone);
}
END_TEST

START_TEST(a_bad_comment_is_told_with_its_place)
{
	struct arena *arena = unit_arena();
	const struct config config = {.options = NULL};
	const struct zonefile zone =
		read_zone(arena, "@ 60 TXT \"v=spf1 -all\" ; mailauth: ignore spf-prt x\n");
	const struct zonefile *items[] = {&zone};
	const struct zonefile_list zones = {items, 1};
	struct exceptions exceptions;
	struct slice error;
	ck_assert(!exceptions_open(arena, EXCEPTIONS_DOMAINS, &config, zones, &exceptions, &error));
	unit_assert_slice(error, SLICE("db:1:43: unknown rule \"spf-prt\"; did you mean \"spf-ptr\"?"));
	ck_assert(exceptions_open(arena, EXCEPTIONS_ZONE_RECORDS, &config, no_zones, &exceptions, &error));
	ck_assert(!exceptions_begin_zone(&exceptions, &zone, &error));
}
END_TEST

/* Levels and --ignore concern them, and they do not cover themselves. */
START_TEST(the_filter_concerns_them)
{
	struct arena *arena = unit_arena();
	const struct config config = read_config(arena);
	struct exceptions exceptions;
	struct filter filter;
	struct findings told;
	struct slice error;
	ck_assert(exceptions_open(arena, EXCEPTIONS_RECORDS, &config, no_zones, &exceptions, &error));
	suppress_note_name(exceptions_list(&exceptions), SLICE("example.com"));
	filter_init(&filter);
	filter.suppressions = exceptions_list(&exceptions);
	filter.levels[RULE_CONFIG_SUPPRESSION_UNUSED] = SEVERITY_ERROR;
	filter.changed[RULE_CONFIG_SUPPRESSION_UNUSED] = true;
	exceptions_finish(&exceptions, &filter, &told);
	ck_assert_uint_eq(told.count, 2);
	ck_assert_int_eq(told.items[0].severity, SEVERITY_ERROR);
	const struct filter_ignore ignore = {.rule = RULE_CONFIG_SUPPRESSION_UNUSED};
	filter.ignores = &ignore;
	filter.ignore_count = 1;
	exceptions_finish(&exceptions, &filter, &told);
	ck_assert_uint_eq(told.count, 0);
}
END_TEST

static void work(struct arena *arena, void *context)
{
	const struct config *config = context;
	const struct zonefile zone = read_zone(arena, zone_text);
	const struct zonefile *items[] = {&zone};
	const struct zonefile_list zones = {items, 1};
	struct exceptions exceptions;
	struct filter filter;
	struct findings told;
	struct slice error;
	filter_init(&filter);
	exceptions_open(arena, EXCEPTIONS_ZONE_RECORDS, config, zones, &exceptions, &error);
	suppress_note_name(exceptions_list(&exceptions), SLICE("example.com"));
	exceptions_begin_zone(&exceptions, &zone, &error);
	suppress_note_lines(exceptions_list(&exceptions), SLICE("db"), 1, 2);
	exceptions_end_zone(&exceptions);
	exceptions_finish(&exceptions, &filter, &told);
}

START_TEST(lack_of_memory_is_noticed)
{
	struct config config = read_config(unit_arena());
	unit_fail_every_allocation(work, &config);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("exceptions");
	TCase *tests = tcase_create("exceptions");
	tcase_add_loop_test(
		tests, a_run_speaks_of_rules_it_can_find, 0, (int)(sizeof scope_rows / sizeof scope_rows[0]));
	tcase_add_test(tests, the_day_may_be_fixed);
	tcase_add_test(tests, zones_come_and_go);
	tcase_add_test(tests, comments_of_zones_stand_behind_the_lines_of_the_file);
	tcase_add_test(tests, a_bad_comment_is_told_with_its_place);
	tcase_add_test(tests, the_filter_concerns_them);
	tcase_add_test(tests, lack_of_memory_is_noticed);
	suite_add_tcase(suite, tests);
	return unit_run(suite);
}
