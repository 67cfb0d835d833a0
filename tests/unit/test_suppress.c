/* Tests of exceptions: what they cover, until when, and what is said about them at the end. */
#include "inspect/suppress.h"

#include "inspect/glob.h"
#include "support/unit.h"

#define TODAY 20270331

#define RULE  RULE_SPF_PTR
#define OTHER RULE_SPF_ALL_NEUTRAL

enum told { NOTHING, UNUSED, EXPIRED };

/* One exception, one finding of RULE or none, names and lines that were judged. */
struct row {
	const char *name;
	struct suppression item;
	const char *finding; /* its name; NULL: there is none */
	const char *file;
	size_t line;
	const char *judged; /* a name; NULL: none */
	bool covered;
	enum told told;
};

#define FROM_FILE(glob, has_date, last)                                                                      \
	{                                                                                                    \
		.rule = RULE, .name_glob = {glob, sizeof(glob) - 1}, .has_expiry = has_date, .until = last   \
	}
#define FROM_ZONE(first, last_one)                                                                           \
	{                                                                                                    \
		.rule = RULE, .in_zone = true, .file = {"db", 2}, .first_line = first, .last_line = last_one \
	}

static const struct row rows[] = {
	{"any name", FROM_FILE("", true, 20300101), "example.com", "", 0, NULL, true, NOTHING},
	{"this name", FROM_FILE("example.com", true, 20300101), "example.com", "", 0, NULL, true, NOTHING},
	{"a name with a dot", FROM_FILE("EXAMPLE.com.", true, 20300101), "example.com", "", 0, NULL, true,
		NOTHING},
	{"names below", FROM_FILE("*.example.com", true, 20300101), "a.b.example.com", "", 0, NULL, true,
		NOTHING},
	{"another name", FROM_FILE("example.net", true, 20300101), "example.com", "", 0, NULL, false,
		NOTHING},
	{"no name", FROM_FILE("*", true, 20300101), "", "", 0, NULL, true, NOTHING},
	{"the last day", FROM_FILE("", true, TODAY), "example.com", "", 0, NULL, true, NOTHING},
	{"the day after", FROM_FILE("", true, TODAY - 1), "example.com", "", 0, NULL, false, EXPIRED},
	{"a month ago", FROM_FILE("", true, 20270301), "example.com", "", 0, NULL, false, EXPIRED},
	{"without an end", FROM_FILE("", false, 0), "example.com", "", 0, NULL, true, NOTHING},
	{"expired for another name", FROM_FILE("example.net", true, 20200101), "example.com", "", 0, NULL,
		false, NOTHING},
	{"nothing found", FROM_FILE("", true, 20300101), NULL, "", 0, "example.com", false, UNUSED},
	{"nothing found, no name known", FROM_FILE("", true, 20300101), NULL, "", 0, "", false, UNUSED},
	{"nothing judged", FROM_FILE("", true, 20300101), NULL, "", 0, NULL, false, NOTHING},
	{"nothing found there", FROM_FILE("example.com", true, 20300101), NULL, "", 0, "example.com", false,
		UNUSED},
	{"nothing judged there", FROM_FILE("example.net", true, 20300101), NULL, "", 0, "example.com", false,
		NOTHING},
	{"no name to compare with", FROM_FILE("example.net", true, 20300101), NULL, "", 0, "", false,
		NOTHING},
	{"expired and nothing found", FROM_FILE("example.com", true, 20200101), NULL, "", 0, "example.com",
		false, UNUSED},
	{"first line of a record", FROM_ZONE(3, 5), "example.com", "db", 3, NULL, true, NOTHING},
	{"last line of a record", FROM_ZONE(3, 5), "example.com", "db", 5, NULL, true, NOTHING},
	{"line before", FROM_ZONE(3, 5), "example.com", "db", 2, NULL, false, NOTHING},
	{"line behind", FROM_ZONE(3, 5), "example.com", "db", 6, NULL, false, NOTHING},
	{"another file", FROM_ZONE(3, 5), "example.com", "dc", 3, NULL, false, NOTHING},
	{"no file", FROM_ZONE(3, 5), "example.com", "", 0, "example.com", false, NOTHING},
};

static struct findings find(struct arena *arena, const struct row *row)
{
	struct findings findings;
	findings_init(&findings, arena);
	findings_add(&findings, OTHER);
	if (row->finding == NULL)
		return findings;
	struct finding *finding = findings_add(&findings, RULE);
	finding->place.name = slice_cstr(row->finding);
	finding->place.file = slice_cstr(row->file);
	finding->place.line = row->line;
	return findings;
}

static void check_told(const char *name, const struct findings *findings, enum told told)
{
	static const enum rule_id rules[] = {
		[UNUSED] = RULE_CONFIG_SUPPRESSION_UNUSED, [EXPIRED] = RULE_CONFIG_SUPPRESSION_EXPIRED};
	ck_assert_msg(findings->count == (told == NOTHING ? 0 : 1), "%s: %zu told", name, findings->count);
	ck_assert_msg(told == NOTHING || findings->items[0].rule == rules[told], "%s: %s", name,
		findings->count > 0 ? rule_get(findings->items[0].rule)->id : "");
}

START_TEST(what_is_covered)
{
	struct arena *arena = unit_arena();
	const struct row *row = &rows[_i];
	struct findings findings = find(arena, row), told;
	struct suppress_list list;
	suppress_init(&list, arena, &row->item, 1, TODAY);
	if (row->judged != NULL)
		suppress_note_name(&list, slice_cstr(row->judged));
	suppress_findings(&list, &findings);
	ck_assert_msg(findings.count == (row->finding == NULL || row->covered ? 1 : 2), "%s", row->name);
	ck_assert_int_eq(findings.items[0].rule, OTHER);
	findings_init(&told, arena);
	suppress_report(&list, &told);
	check_told(row->name, &told, row->told);
}
END_TEST

/* Marks by lines: a comment is unused when its record was judged. */
struct line_row {
	const char *file;
	size_t first, last;
	enum told told;
};

static const struct line_row line_rows[] = {
	{"db", 3, 3, UNUSED},
	{"db", 5, 9, UNUSED},
	{"db", 1, 3, UNUSED},
	{"db", 1, 2, NOTHING},
	{"db", 6, 6, NOTHING},
	{"dc", 3, 3, NOTHING},
	{"", 3, 3, NOTHING},
};

START_TEST(which_lines_were_judged)
{
	static const struct suppression item = FROM_ZONE(3, 5);
	struct arena *arena = unit_arena();
	const struct line_row *row = &line_rows[_i];
	struct suppress_list list;
	struct findings told;
	suppress_init(&list, arena, &item, 1, TODAY);
	suppress_note_lines(&list, slice_cstr(row->file), row->first, row->last);
	findings_init(&told, arena);
	suppress_report(&list, &told);
	check_told(row->file, &told, row->told);
}
END_TEST

/* --- several -------------------------------------------------------------------------------------- */

static const struct suppression several[] = {
	FROM_FILE("", true, 20200101),
	FROM_ZONE(7, 7),
	FROM_FILE("example.com", true, 20300101),
	FROM_ZONE(3, 5),
	FROM_FILE("*.net", true, 20300101),
	FROM_ZONE(3, 5),
};
#define SEVERAL (sizeof several / sizeof several[0])

/* An expired one is not needed while another covers the same; all that cover are used. */
START_TEST(several_cover_one_finding)
{
	struct arena *arena = unit_arena();
	struct suppress_list list;
	suppress_init(&list, arena, several, SEVERAL, TODAY);
	const struct row row = {.finding = "example.com", .file = "db", .line = 4};
	struct findings findings = find(arena, &row), told;
	suppress_note_name(&list, SLICE("example.com"));
	suppress_note_lines(&list, SLICE("db"), 1, 9);
	suppress_findings(&list, &findings);
	ck_assert_uint_eq(findings.count, 1);
	findings_init(&told, arena);
	suppress_report(&list, &told);
	ck_assert_uint_eq(told.count, 2);
	ck_assert_int_eq(told.items[0].rule, RULE_CONFIG_SUPPRESSION_UNUSED); /* the expired one */
	ck_assert_int_eq(told.items[1].rule, RULE_CONFIG_SUPPRESSION_UNUSED); /* line 7 */
	unit_assert_slice(told.items[1].place.file, SLICE("db"));
}
END_TEST

/* Items are found by the end of their patterns: as many as a look at each of them finds. */
START_TEST(no_pattern_is_missed)
{
	static const char *const globs[] = {"", "*", "a.example.com", "A.EXAMPLE.com.", "*.example.com",
		"*example.com", "a.*", "*a*e*", "b.example.com", "example.com", "*.com", "*.COM.", "*m",
		"com", "**", "*.example.com", "a*com", ".", "z", "\xff*"};
	static const char *const names[] = {"a.example.com", "B.Example.Com", "example.com", "com", "m", "",
		"x", "aexample.com", "z\xff"};
	enum { COUNT = sizeof globs / sizeof globs[0] };
	struct suppression items[COUNT];
	for (size_t i = 0; i < COUNT; i++)
		items[i] = (struct suppression){.rule = RULE, .name_glob = slice_cstr(globs[i])};
	for (size_t n = 0; n < sizeof names / sizeof names[0]; n++) {
		struct suppress_list list;
		struct slice name = slice_cstr(names[n]);
		suppress_init(&list, unit_arena(), items, COUNT, TODAY);
		suppress_note_name(&list, name);
		for (size_t i = 0; i < COUNT; i++)
			ck_assert_msg(atomic_load(&list.marks[i].was_judged) ==
					      (globs[i][0] == '\0' || glob_matches(items[i].name_glob, name)),
				"%s, %s", globs[i], names[n]);
	}
}
END_TEST

/* Lists behind each other are one. */
START_TEST(lists_are_chained)
{
	struct arena *arena = unit_arena();
	struct suppress_list first, second;
	suppress_init(&first, arena, &several[0], 1, TODAY);
	suppress_init(&second, arena, &several[2], 1, TODAY);
	first.next = &second;
	const struct row row = {.finding = "example.com", .file = ""};
	struct findings findings = find(arena, &row), told;
	suppress_findings(&first, &findings);
	ck_assert_uint_eq(findings.count, 1);
	findings_init(&told, arena);
	suppress_report(&first, &told);
	ck_assert_uint_eq(told.count, 0);
}
END_TEST

START_TEST(what_a_run_cannot_find_is_not_unused)
{
	struct arena *arena = unit_arena();
	bool can_find[RULE_COUNT] = {false};
	struct suppress_list list;
	struct findings told;
	suppress_init(&list, arena, &several[2], 1, TODAY);
	list.can_find = can_find;
	suppress_note_name(&list, SLICE("example.com"));
	findings_init(&told, arena);
	suppress_report(&list, &told);
	ck_assert_uint_eq(told.count, 0);
	can_find[RULE] = true;
	suppress_report(&list, &told);
	ck_assert_uint_eq(told.count, 1);
}
END_TEST

START_TEST(a_report_tells_rule_name_date_and_reason)
{
	struct arena *arena = unit_arena();
	const struct suppression item = {.rule = RULE,
		.name_glob = SLICE("*.example.com"),
		.reason = SLICE("the old gateway"),
		.has_expiry = true,
		.until = 20261231,
		.file = SLICE(".mailauth"),
		.line = 4,
		.column = 10};
	struct suppress_list list;
	const struct row row = {.finding = "a.example.com", .file = ""};
	struct findings findings = find(arena, &row), told;
	suppress_init(&list, arena, &item, 1, TODAY);
	suppress_findings(&list, &findings);
	findings_init(&told, arena);
	suppress_report(&list, &told);
	ck_assert_uint_eq(told.count, 1);
	const struct finding *finding = &told.items[0];
	unit_assert_slice(finding->args[0], SLICE("spf-ptr at *.example.com"));
	unit_assert_slice(finding->args[1], SLICE("2026-12-31"));
	unit_assert_slice(finding->args[2], SLICE("the old gateway"));
	unit_assert_slice(finding->place.file, SLICE(".mailauth"));
	ck_assert_uint_eq(finding->place.line, 4);
	ck_assert_uint_eq(finding->place.column, 10);
	ck_assert_int_eq(finding->severity, SEVERITY_WARNING);
}
END_TEST

START_TEST(no_list_does_nothing)
{
	const struct row row = {.finding = "example.com", .file = ""};
	struct findings findings = find(unit_arena(), &row), told;
	suppress_findings(NULL, &findings);
	ck_assert_uint_eq(findings.count, 2);
	suppress_note_name(NULL, SLICE("example.com"));
	suppress_note_lines(NULL, SLICE("db"), 1, 2);
	findings_init(&told, findings.arena);
	suppress_report(NULL, &told);
	ck_assert_uint_eq(told.count, 0);
}
END_TEST

/* A comment for each record of a large zone: no time is lost in looking for the one of a line. */
START_TEST(many_comments_take_no_time)
{
	enum { MANY = 200000 };
	struct arena *arena = unit_arena();
	struct suppression *items = arena_alloc(arena, MANY * sizeof *items);
	struct suppress_list list;
	for (size_t i = 0; i < MANY; i++)
		items[i] = (struct suppression)FROM_ZONE(i * 2 + 1, i * 2 + 1);
	suppress_init(&list, arena, items, MANY, TODAY);
	for (size_t i = 0; i < MANY; i++) {
		struct finding item = {.rule = RULE, .place = {.file = SLICE("db"), .line = i * 2 + 1}};
		struct findings one = {.arena = arena, .items = &item, .count = 1, .capacity = 1};
		suppress_note_lines(&list, SLICE("db"), i * 2 + 1, i * 2 + 1);
		suppress_note_name(&list, SLICE("example.com"));
		suppress_findings(&list, &one);
		ck_assert_uint_eq(one.count, 0);
	}
}
END_TEST

static void work(struct arena *arena, void *context)
{
	(void)context;
	struct suppress_list list;
	const struct row row = {.finding = "example.com", .file = "db", .line = 4};
	struct findings findings = find(arena, &row), told;
	suppress_init(&list, arena, several, SEVERAL, TODAY);
	suppress_note_lines(&list, SLICE("db"), 1, 9);
	suppress_findings(&list, &findings);
	findings_init(&told, arena);
	suppress_report(&list, &told);
}

START_TEST(lack_of_memory_is_noticed)
{
	unit_fail_every_allocation(work, NULL);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("suppress");
	TCase *tests = tcase_create("suppress");
	tcase_add_loop_test(tests, what_is_covered, 0, (int)(sizeof rows / sizeof rows[0]));
	tcase_add_loop_test(tests, which_lines_were_judged, 0, (int)(sizeof line_rows / sizeof line_rows[0]));
	tcase_add_test(tests, several_cover_one_finding);
	tcase_add_test(tests, no_pattern_is_missed);
	tcase_add_test(tests, lists_are_chained);
	tcase_add_test(tests, what_a_run_cannot_find_is_not_unused);
	tcase_add_test(tests, a_report_tells_rule_name_date_and_reason);
	tcase_add_test(tests, no_list_does_nothing);
	tcase_add_test(tests, many_comments_take_no_time);
	tcase_add_test(tests, lack_of_memory_is_noticed);
	suite_add_tcase(suite, tests);
	return unit_run(suite);
}
