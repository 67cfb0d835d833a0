/* Tests of config/config_remark and config/config_date: comments of zone files to exceptions, and what is
 * said of wrong ones. */
#include "config/config_remark.h"

#include "config/config_date.h"
#include "support/unit.h"

static bool load(void *context, struct arena *arena, struct slice path, struct slice *out, struct slice *why)
{
	(void)arena;
	(void)path;
	(void)why;
	*out = slice_cstr(context);
	return true;
}

static bool read_text(struct arena *arena, const char *text, const struct suppression **out, size_t *count,
	struct zonefile_error *error)
{
	char *copy = arena_alloc(arena, strlen(text) + 1);
	memcpy(copy, text, strlen(text));
	const struct zonefile_loader loader = {load, copy};
	struct zonefile *zone = arena_alloc(arena, sizeof *zone);
	struct name origin;
	name_from_text(arena, SLICE("example.com"), &origin);
	ck_assert(zonefile_read(arena, SLICE("db"), origin, false, &loader, zone, error));
	return config_remark_read(arena, zone, out, count, error);
}

/* --- dates ---------------------------------------------------------------------------------------- */

static const struct {
	const char *text;
	int day; /* 0: none */
} days[] = {
	{"2027-03-31", 20270331},
	{"2028-02-29", 20280229},
	{"2000-02-29", 20000229},
	{"0001-01-01", 10101},
	{"9999-12-31", 99991231},
	{"2027-02-29", 0},
	{"2100-02-29", 0},
	{"2027-04-31", 0},
	{"2027-13-01", 0},
	{"2027-00-01", 0},
	{"2027-01-00", 0},
	{"0000-01-01", 0},
	{"2027-3-31", 0},
	{"2027-03-311", 0},
	{"2027/03/31", 0},
	{"20270331", 0},
	{"+027-03-31", 0},
	{"2027-03- 1", 0},
	{"", 0},
};

START_TEST(days_are_read)
{
	int day = 0;
	ck_assert_msg(config_date_parse(slice_cstr(days[_i].text), &day) == (days[_i].day != 0), "%s",
		days[_i].text);
	ck_assert_int_eq(day, days[_i].day);
}
END_TEST

/* --- remarks --------------------------------------------------------------------------------------- */

START_TEST(remarks_are_exceptions)
{
	struct arena *arena = unit_arena();
	const struct suppression *list;
	size_t count;
	struct zonefile_error error = {0};
	ck_assert(read_text(arena,
		"a TXT ( x ; mailauth: ignore spf-ptr  the  reason \n )\n"
		"; mailauth is great\n; mailauth:ignore dmarc-p-none until 2027-03-31 reports\nb TXT x\n",
		&list, &count, &error));
	ck_assert_uint_eq(count, 2);
	ck_assert_int_eq((int)list[0].rule, RULE_SPF_PTR);
	unit_assert_slice(list[0].reason, SLICE("the  reason"));
	unit_assert_slice(list[0].file, SLICE("db"));
	ck_assert(list[0].in_zone && !list[0].has_expiry);
	ck_assert(list[0].line == 1 && list[0].column == 23);
	ck_assert(list[0].first_line == 1 && list[0].last_line == 2);
	ck_assert_int_eq((int)list[1].rule, RULE_DMARC_P_NONE);
	unit_assert_slice(list[1].reason, SLICE("reports"));
	ck_assert(list[1].has_expiry && list[1].until == 20270331);
	ck_assert(list[1].line == 4 && list[1].first_line == 5 && list[1].last_line == 5);
}
END_TEST

static const struct {
	const char *remark;
	size_t column;
	const char *message; /* begins so */
} bad[] = {
	{"", 21, "\"mailauth:\" is followed by: ignore RULE"},
	{"ignroe spf-ptr x", 21, "unknown word \"ignroe\" behind \"mailauth:\"; did you mean \"ignore\"?"},
	{"please", 21, "unknown word \"please\" behind \"mailauth:\"; what can be"},
	{"ignore", 27, "a rule is missing"},
	{"ignore spf-prt x", 28, "unknown rule \"spf-prt\"; did you mean \"spf-ptr\"?"},
	{"ignore nothing-like-it x", 28, "unknown rule \"nothing-like-it\"; 'mailauth explain'"},
	{"ignore spf-ptr", 35, "the reason is missing: write why spf-ptr"},
	{"ignore spf-ptr until 2027-02-30 x", 42, "\"until\" takes a day"},
	{"ignore spf-ptr until then", 42, "\"until\" takes a day"},
	{"ignore spf-ptr until 2027-02-28", 52, "the reason is missing"},
	{"ignore spf-ptr Until 2027-02-28 x", 36, "a last day is written as \"until 2027-03-31\""},
	{"ignore spf-ptr until: 2027-02-28 x", 36, "a last day is written as \"until 2027-03-31\""},
	{"ignore spf-ptr 2027-02-28 x", 36, "a last day is written as \"until 2027-03-31\""},
	{"ignore spf-ptr@example.com x", 35, "no name is given here"},
	{"ignore spf-prt@example.com x", 28, "unknown rule \"spf-prt\"; did you mean \"spf-ptr\"?"},
	{"ignore config-suppression-unused x", 28, "this rule is about exceptions"},
};

START_TEST(wrong_remarks_are_errors)
{
	struct arena *arena = unit_arena();
	const struct suppression *list;
	size_t count;
	struct zonefile_error error = {0};
	struct slice text = arena_printf(arena, "\na TXT x ; mailauth: %s\n", bad[_i].remark);
	ck_assert(!read_text(arena, text.ptr, &list, &count, &error));
	ck_assert_msg(slice_starts(error.message, slice_cstr(bad[_i].message)), "%s: %.*s", bad[_i].remark,
		(int)error.message.len, error.message.ptr);
	ck_assert_uint_eq(error.place.line, 2);
	ck_assert_msg(error.place.column == bad[_i].column, "%s: %zu", bad[_i].remark, error.place.column);
	unit_assert_slice(error.place.file, SLICE("db"));
}
END_TEST

START_TEST(remarks_about_nothing_are_errors)
{
	static const char *const texts[] = {"a TXT x\n; mailauth: ignore spf-ptr why\n",
		"\n$TTL 5 ; mailauth: ignore spf-ptr why\na TXT x\n"};
	for (size_t i = 0; i < 2; i++) {
		const struct suppression *list;
		size_t count;
		struct zonefile_error error = {0};
		ck_assert(!read_text(unit_arena(), texts[i], &list, &count, &error));
		ck_assert(slice_starts(error.message, SLICE("no record that this is about")));
		ck_assert_uint_eq(error.place.line, 2);
	}
}
END_TEST

static void read_one(struct arena *arena, void *context)
{
	const struct suppression *list;
	size_t count;
	struct zonefile_error error;
	read_text(arena, context, &list, &count, &error);
}

START_TEST(lack_of_memory)
{
	char good[] = "a TXT x ; mailauth: ignore spf-ptr why\n", wrong[] = "a TXT x ; mailauth: ignore x\n";
	unit_fail_every_allocation(read_one, good);
	unit_fail_every_allocation(read_one, wrong);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("config_remark");
	TCase *tests = tcase_create("config_remark");
	tcase_add_loop_test(tests, days_are_read, 0, (int)(sizeof days / sizeof *days));
	tcase_add_test(tests, remarks_are_exceptions);
	tcase_add_loop_test(tests, wrong_remarks_are_errors, 0, (int)(sizeof bad / sizeof *bad));
	tcase_add_test(tests, remarks_about_nothing_are_errors);
	tcase_add_test(tests, lack_of_memory);
	suite_add_tcase(suite, tests);
	return unit_run(suite);
}
