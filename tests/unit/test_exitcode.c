/* Exit statuses: of one verdict under every --fail-on, and of a run over many. */
#include "support/unit.h"

#include "cli/exitcode.h"

/* Worst first. */
static const enum exitcode order[] = {
	EXITCODE_INTERNAL, EXITCODE_USAGE, EXITCODE_FINDINGS, EXITCODE_INCOMPLETE, EXITCODE_CLEAN};

START_TEST(worse)
{
	for (int k = 0; k < 5; k++) {
		enum exitcode expected = order[_i < k ? _i : k];
		ck_assert_int_eq(exitcode_worse(order[_i], order[k]), expected);
		ck_assert_int_eq(exitcode_worse(order[k], order[_i]), expected);
	}
}
END_TEST

static const struct {
	const char *name;
	enum severity worst; /* of one finding; SEVERITY_OFF: no finding */
	bool incomplete;
	int status[4]; /* under error, warning, info, never */
} rows[] = {
	{"clean", SEVERITY_OFF, false, {0, 0, 0, 0}},
	{"info", SEVERITY_INFO, false, {0, 0, 1, 0}},
	{"warning", SEVERITY_WARNING, false, {0, 1, 1, 0}},
	{"error", SEVERITY_ERROR, false, {1, 1, 1, 0}},
	{"timeout", SEVERITY_OFF, true, {3, 3, 3, 3}},
	{"timeout and info", SEVERITY_INFO, true, {3, 3, 1, 3}},
	{"timeout and warning", SEVERITY_WARNING, true, {3, 1, 1, 3}},
	{"timeout and error", SEVERITY_ERROR, true, {1, 1, 1, 3}},
};

START_TEST(of_verdict)
{
	struct finding finding = {.severity = rows[_i].worst};
	struct verdict verdict = {.level = rows[_i].incomplete ? VERDICT_UNKNOWN : VERDICT_PASS,
		.findings = {.items = &finding, .count = rows[_i].worst != SEVERITY_OFF},
		.incomplete_count = rows[_i].incomplete};
	for (int level = 0; level < 4; level++)
		ck_assert_msg(
			(int)exitcode_of(&verdict, (enum exitcode_fail_on)level) == rows[_i].status[level],
			"%s, level %d", rows[_i].name, level);
}
END_TEST

START_TEST(of_bad_line)
{
	struct verdict verdict = {.level = VERDICT_UNKNOWN, .error = SLICE("the domain is empty")};
	ck_assert_int_eq(exitcode_of(&verdict, EXITCODE_FAIL_ON_NEVER), EXITCODE_USAGE);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("exitcode");
	TCase *tcase = tcase_create("exitcode");
	tcase_add_loop_test(tcase, worse, 0, 5);
	tcase_add_loop_test(tcase, of_verdict, 0, (int)(sizeof rows / sizeof rows[0]));
	tcase_add_test(tcase, of_bad_line);
	suite_add_tcase(suite, tcase);
	return unit_run(suite);
}
