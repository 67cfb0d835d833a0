/* Tests of days: what is one, and which one is today. */
#include "config/config_date.h"
#include "support/unit.h"

struct date_row {
	const char *text;
	int day; /* 0: none */
};

static const struct date_row date_rows[] = {
	{"2027-03-31", 20270331},
	{"0001-01-01", 10101},
	{"9999-12-31", 99991231},
	{"2028-02-29", 20280229},
	{"2000-02-29", 20000229},
	{"2027-02-29", 0},
	{"1900-02-29", 0},
	{"2027-04-31", 0},
	{"2027-01-32", 0},
	{"2027-13-01", 0},
	{"2027-00-01", 0},
	{"2027-01-00", 0},
	{"0000-01-01", 0},
	{"2027-3-31", 0},
	{"2027-03-3", 0},
	{"2027-03-310", 0},
	{"2027/03/31", 0},
	{"20270331", 0},
	{"31-03-2027", 0},
	{"+027-03-31", 0},
	{"2027-03- 1", 0},
	{"", 0},
};

START_TEST(dates)
{
	const struct date_row *row = &date_rows[_i];
	int day = 0;
	ck_assert_msg(config_date_parse(slice_cstr(row->text), &day) == (row->day != 0), "%s", row->text);
	ck_assert_int_eq(day, row->day);
}
END_TEST

struct today_row {
	const char *epoch;
	int day; /* 0: no number of seconds */
};

static const struct today_row today_rows[] = {
	{"0", 19700101},
	{"86399", 19700101},
	{"86400", 19700102},
	{"1803859199", 20270228},
	{"1803859200", 20270301},
	{"1835395200", 20280229},
	{"253402300799", 99991231},
	{"253402300800", 0},
	{"-1", 0},
	{"", 0},
	{"2027-03-01", 0},
};

START_TEST(today_may_be_fixed)
{
	const struct today_row *row = &today_rows[_i];
	int day = 0;
	ck_assert_msg(config_date_today(row->epoch, &day) == (row->day != 0), "%s", row->epoch);
	ck_assert_int_eq(day, row->day);
}
END_TEST

START_TEST(today_is_a_day)
{
	int day;
	ck_assert(config_date_today(NULL, &day));
	ck_assert_int_gt(day, 20250101);
	ck_assert_int_lt(day, 99991231);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("config_date");
	TCase *tests = tcase_create("config_date");
	tcase_add_loop_test(tests, dates, 0, (int)(sizeof date_rows / sizeof date_rows[0]));
	tcase_add_loop_test(tests, today_may_be_fixed, 0, (int)(sizeof today_rows / sizeof today_rows[0]));
	tcase_add_test(tests, today_is_a_day);
	suite_add_tcase(suite, tests);
	return unit_run(suite);
}
