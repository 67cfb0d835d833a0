/* Tests of the filter and of what follows from it: order of findings, duplicates, level of the verdict. */
#include "inspect/filter.h"
#include "support/unit.h"

/* Rules with a fixed severity each. */
#define ERROR_RULE   RULE_SPF_UNKNOWN_MECHANISM
#define WARNING_RULE RULE_SPF_ALL_NEUTRAL
#define INFO_RULE    RULE_SPF_TRAILING_DOT

static struct finding *add(struct verdict *verdict, enum rule_id rule, const char *name, size_t offset)
{
	struct finding *finding = findings_add(&verdict->findings, rule);
	finding->place.name = slice_cstr(name);
	finding->place.type = SLICE("TXT");
	finding->place.record = SLICE("v=spf1 ?all");
	finding->has_span = true;
	finding->span = span_of(offset, 1);
	return finding;
}

static struct verdict new_verdict(void)
{
	struct verdict verdict = {.level = VERDICT_PASS};
	findings_init(&verdict.findings, unit_arena());
	return verdict;
}

/* --- --ignore --- */

struct glob_row {
	const char *glob, *name;
	bool ignored;
};

static const struct glob_row glob_rows[] = {
	{"", "example.com", true},
	{"*", "example.com", true},
	{"example.com", "example.com", true},
	{"EXAMPLE.com", "example.COM", true},
	{"example.com.", "example.com", true},
	{"example.com", "www.example.com", false},
	{"example.com", "example.co", false},
	{"*.example.com", "www.example.com", true},
	{"*.example.com", "a.b.c.example.com", true},
	{"*.example.com", "example.com", false},
	{"*example.com", "example.com", true},
	{"_spf.*", "_spf.example.com", true},
	{"_spf.*.com", "_spf.a.b.example.com", true},
	{"_spf.*.com", "_spf.example.net", false},
	{"*.a.*.a.*", "x.a.a.a.y", true},
	{"*a*b*", "xxbxxaxx", false},
	{"**", "example.com", true},
	{"example.com*", "example.com", true},
	{"example.?om", "example.com", false},
	{"*.*.*.*.*", "example.com", false},
	{".", "example.com", false},
};

START_TEST(ignore_by_name)
{
	const struct glob_row *row = &glob_rows[_i];
	struct verdict verdict = new_verdict();
	add(&verdict, ERROR_RULE, row->name, 0);
	add(&verdict, INFO_RULE, row->name, 1);
	const struct filter_ignore ignore = {ERROR_RULE, slice_cstr(row->glob)};
	struct filter filter;
	filter_init(&filter);
	filter.ignores = &ignore;
	filter.ignore_count = 1;
	filter_apply(&filter, &verdict);
	ck_assert_msg(
		verdict.findings.count == (row->ignored ? 1 : 2), "glob %s, name %s", row->glob, row->name);
	ck_assert_int_eq(verdict.findings.items[verdict.findings.count - 1].rule, INFO_RULE);
	ck_assert_int_eq(verdict.level, row->ignored ? VERDICT_PASS : VERDICT_FAIL);
}
END_TEST

START_TEST(a_long_glob_takes_no_time)
{
	char glob[400], name[254];
	for (size_t i = 0; i < sizeof glob; i++)
		glob[i] = i % 2 == 0 ? '*' : 'a';
	memset(name, 'a', sizeof name);
	glob[sizeof glob - 1] = 'b';
	struct verdict verdict = new_verdict();
	add(&verdict, ERROR_RULE, "", 0)->place.name = slice_of(name, sizeof name);
	const struct filter_ignore ignore = {ERROR_RULE, slice_of(glob, sizeof glob)};
	struct filter filter;
	filter_init(&filter);
	filter.ignores = &ignore;
	filter.ignore_count = 1;
	filter_apply(&filter, &verdict);
	ck_assert_uint_eq(verdict.findings.count, 1);
}
END_TEST

/* --- --severity --- */

struct level_row {
	const char *name;
	enum severity error_to, warning_to, info_to; /* of the three rules */
	size_t left;
	enum verdict_level level, level_incomplete;
};

static const struct level_row level_rows[] = {
	{"as it is", SEVERITY_ERROR, SEVERITY_WARNING, SEVERITY_INFO, 3, VERDICT_FAIL, VERDICT_FAIL},
	{"error off", SEVERITY_OFF, SEVERITY_WARNING, SEVERITY_INFO, 2, VERDICT_WARN, VERDICT_UNKNOWN},
	{"error to info", SEVERITY_INFO, SEVERITY_WARNING, SEVERITY_INFO, 3, VERDICT_WARN, VERDICT_UNKNOWN},
	{"all off", SEVERITY_OFF, SEVERITY_OFF, SEVERITY_OFF, 0, VERDICT_PASS, VERDICT_UNKNOWN},
	{"only info", SEVERITY_OFF, SEVERITY_OFF, SEVERITY_INFO, 1, VERDICT_PASS, VERDICT_UNKNOWN},
	{"info to error", SEVERITY_OFF, SEVERITY_OFF, SEVERITY_ERROR, 1, VERDICT_FAIL, VERDICT_FAIL},
	{"warning to error", SEVERITY_OFF, SEVERITY_ERROR, SEVERITY_OFF, 1, VERDICT_FAIL, VERDICT_FAIL},
};

static void apply_levels(const struct level_row *row, struct verdict *verdict)
{
	struct filter filter;
	filter_init(&filter);
	const enum rule_id rules[] = {ERROR_RULE, WARNING_RULE, INFO_RULE};
	const enum severity levels[] = {row->error_to, row->warning_to, row->info_to};
	for (size_t i = 0; i < 3; i++) {
		ck_assert_int_eq(filter.levels[rules[i]], rule_get(rules[i])->severity);
		filter.levels[rules[i]] = levels[i];
		filter.changed[rules[i]] = true;
	}
	filter_apply(&filter, verdict);
}

START_TEST(levels)
{
	const struct level_row *row = &level_rows[_i];
	for (size_t incomplete = 0; incomplete < 2; incomplete++) {
		struct verdict verdict = new_verdict();
		verdict.incomplete_count = incomplete;
		add(&verdict, INFO_RULE, "example.com", 2);
		add(&verdict, WARNING_RULE, "example.com", 1);
		add(&verdict, ERROR_RULE, "example.com", 0);
		apply_levels(row, &verdict);
		ck_assert_msg(verdict.findings.count == row->left, "%s", row->name);
		ck_assert_msg(
			verdict.level == (incomplete ? row->level_incomplete : row->level), "%s", row->name);
		for (size_t i = 1; i < verdict.findings.count; i++)
			ck_assert_int_ge(
				verdict.findings.items[i - 1].severity, verdict.findings.items[i].severity);
	}
}
END_TEST

/* A severity that an evaluator chose stays unless the user names the rule. */
START_TEST(a_chosen_severity_stays)
{
	struct verdict verdict = new_verdict();
	add(&verdict, WARNING_RULE, "example.com", 0)->severity = SEVERITY_ERROR;
	struct filter filter;
	filter_init(&filter);
	filter_apply(&filter, &verdict);
	ck_assert_int_eq(verdict.findings.items[0].severity, SEVERITY_ERROR);
	ck_assert_int_eq(verdict.level, VERDICT_FAIL);
}
END_TEST

struct status_row {
	enum section_status spf, dmarc;
	enum verdict_level level;
};

static const struct status_row status_rows[] = {
	{STATUS_VALID, STATUS_VALID, VERDICT_PASS},
	{STATUS_NONE, STATUS_INVALID, VERDICT_PASS},
	{STATUS_UNKNOWN, STATUS_VALID, VERDICT_UNKNOWN},
	{STATUS_VALID, STATUS_UNKNOWN, VERDICT_UNKNOWN},
};

START_TEST(an_unknown_section_makes_the_verdict_unknown)
{
	struct verdict verdict = new_verdict();
	verdict.spf.status = status_rows[_i].spf;
	verdict.dmarc.status = status_rows[_i].dmarc;
	verdict_set_level(&verdict);
	ck_assert_int_eq(verdict.level, status_rows[_i].level);
}
END_TEST

START_TEST(a_bad_line_is_unknown)
{
	struct verdict verdict = new_verdict();
	verdict.error = SLICE("no domain");
	verdict_set_level(&verdict);
	ck_assert_int_eq(verdict.level, VERDICT_UNKNOWN);
}
END_TEST

/* --- order and duplicates --- */

START_TEST(errors_first_then_record_by_record)
{
	struct verdict verdict = new_verdict();
	add(&verdict, INFO_RULE, "z.example", 9);
	add(&verdict, ERROR_RULE, "a.example", 5);
	add(&verdict, WARNING_RULE, "z.example", 3);
	add(&verdict, ERROR_RULE, "z.example", 7);
	add(&verdict, ERROR_RULE, "a.example", 1);
	add(&verdict, ERROR_RULE, "z.example", 2)->has_span = false;
	verdict_sort_findings(&verdict.findings);
	static const struct {
		enum rule_id rule;
		const char *name;
		size_t offset;
	} expected[] = {
		{ERROR_RULE, "z.example", 2}, /* about the whole record, which was reached first */
		{ERROR_RULE, "z.example", 7},
		{ERROR_RULE, "a.example", 1},
		{ERROR_RULE, "a.example", 5},
		{WARNING_RULE, "z.example", 3},
		{INFO_RULE, "z.example", 9},
	};
	ck_assert_uint_eq(verdict.findings.count, 6);
	for (size_t i = 0; i < 6; i++) {
		const struct finding *finding = &verdict.findings.items[i];
		ck_assert_int_eq(finding->rule, expected[i].rule);
		unit_assert_slice(finding->place.name, slice_cstr(expected[i].name));
		ck_assert_uint_eq(finding->span.offset, expected[i].offset);
	}
}
END_TEST

START_TEST(what_was_found_twice_is_said_once)
{
	struct verdict verdict = new_verdict();
	add(&verdict, ERROR_RULE, "example.com", 5)->args[0] = SLICE("first");
	add(&verdict, ERROR_RULE, "example.com", 5)->args[0] = SLICE("second"); /* through another include */
	add(&verdict, ERROR_RULE, "example.com", 6);
	add(&verdict, WARNING_RULE, "example.com", 5);
	add(&verdict, ERROR_RULE, "example.net", 5);
	add(&verdict, ERROR_RULE, "example.com", 5)->place.record = SLICE("another text");
	verdict_sort_findings(&verdict.findings);
	ck_assert_uint_eq(verdict.findings.count, 5);
	unit_assert_slice(verdict.findings.items[0].args[0], SLICE("first"));
}
END_TEST

START_TEST(of_two_severities_the_worse_one_stays)
{
	struct verdict verdict = new_verdict();
	add(&verdict, WARNING_RULE, "example.com", 5);
	add(&verdict, WARNING_RULE, "example.com", 5)->severity = SEVERITY_ERROR;
	verdict_sort_findings(&verdict.findings);
	ck_assert_uint_eq(verdict.findings.count, 1);
	ck_assert_int_eq(verdict.findings.items[0].severity, SEVERITY_ERROR);
}
END_TEST

/* --- words and memory --- */

START_TEST(words)
{
	ck_assert_str_eq(section_status_text(STATUS_VALID), "valid");
	ck_assert_str_eq(section_status_text(STATUS_INVALID), "invalid");
	ck_assert_str_eq(section_status_text(STATUS_NONE), "none");
	ck_assert_str_eq(section_status_text(STATUS_UNKNOWN), "unknown");
	ck_assert_str_eq(verdict_level_text(VERDICT_PASS), "pass");
	ck_assert_str_eq(verdict_level_text(VERDICT_WARN), "warn");
	ck_assert_str_eq(verdict_level_text(VERDICT_FAIL), "fail");
	ck_assert_str_eq(verdict_level_text(VERDICT_UNKNOWN), "unknown");
}
END_TEST

static void sort_and_filter(struct arena *arena, void *context)
{
	(void)context;
	struct verdict verdict = {.level = VERDICT_PASS};
	findings_init(&verdict.findings, arena);
	for (size_t i = 0; i < 100; i++)
		add(&verdict, i % 2 == 0 ? ERROR_RULE : INFO_RULE, "example.com", i);
	struct filter filter;
	filter_init(&filter);
	verdict_sort_findings(&verdict.findings);
	filter_apply(&filter, &verdict);
}

START_TEST(lack_of_memory)
{
	unit_fail_every_allocation(sort_and_filter, NULL);
}
END_TEST

#define ROWS(table) ((int)(sizeof(table) / sizeof(table)[0]))

int main(void)
{
	Suite *suite = suite_create("filter");
	TCase *cases = tcase_create("filter");
	tcase_add_loop_test(cases, ignore_by_name, 0, ROWS(glob_rows));
	tcase_add_test(cases, a_long_glob_takes_no_time);
	tcase_add_loop_test(cases, levels, 0, ROWS(level_rows));
	tcase_add_test(cases, a_chosen_severity_stays);
	tcase_add_loop_test(cases, an_unknown_section_makes_the_verdict_unknown, 0, ROWS(status_rows));
	tcase_add_test(cases, a_bad_line_is_unknown);
	tcase_add_test(cases, errors_first_then_record_by_record);
	tcase_add_test(cases, what_was_found_twice_is_said_once);
	tcase_add_test(cases, of_two_severities_the_worse_one_stays);
	tcase_add_test(cases, words);
	tcase_add_test(cases, lack_of_memory);
	suite_add_tcase(suite, cases);
	return unit_run(suite);
}
