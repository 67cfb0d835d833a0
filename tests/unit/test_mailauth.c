/* The public functions, used as a program does. */
#include "mailauth/mailauth.h"

#include <stdlib.h>
#include <string.h>

#include "support/unit.h"

static const char *const zones[] = {"tests/data/example/computersolutions.cn.zone",
	"tests/data/example/broken.example.zone", "tests/data/example/root.zone"};

static struct mailauth_options offline_options(void)
{
	struct mailauth_options options = MAILAUTH_OPTIONS_DEFAULT;
	options.zone_files = zones;
	options.zone_file_count = 3;
	options.offline = 1;
	return options;
}

struct row {
	const char *domain;
	enum mailauth_status status;
	enum mailauth_level level;
	const char *part; /* of the JSON */
};

static const struct row rows[] = {
	{"computersolutions.cn", MAILAUTH_OK, MAILAUTH_WARN, "\"domain\": \"computersolutions.cn\""},
	{"ComputerSolutions.CN.", MAILAUTH_OK, MAILAUTH_WARN, "\"input\": \"ComputerSolutions.CN.\""},
	{"two-spf.broken.example", MAILAUTH_OK, MAILAUTH_FAIL, "\"rule\": \"spf-multiple\""},
	{"nothing.example", MAILAUTH_OK, MAILAUTH_FAIL, "\"rule\": \"spf-nxdomain\""},
	{"localhost", MAILAUTH_BAD_DOMAIN, MAILAUTH_PASS, NULL},
	{"", MAILAUTH_BAD_DOMAIN, MAILAUTH_PASS, NULL},
	{"a..example", MAILAUTH_BAD_DOMAIN, MAILAUTH_PASS, NULL},
	{"192.0.2.1", MAILAUTH_BAD_DOMAIN, MAILAUTH_PASS, NULL},
};

START_TEST(checks)
{
	const struct row *row = &rows[_i];
	struct mailauth_options options = offline_options();
	enum mailauth_level level = MAILAUTH_PASS;
	char *json = NULL;
	ck_assert_int_eq(mailauth_check(&options, row->domain, &json, &level), row->status);
	ck_assert_int_eq(level, row->level);
	if (row->part == NULL)
		ck_assert_ptr_null(json);
	else
		ck_assert_msg(strstr(json, row->part) != NULL, "%s", json);
	mailauth_free(json);
}
END_TEST

/* Outside of the zones nothing is known, and that is not the same as nothing being there. */
START_TEST(offline_is_unknown)
{
	struct mailauth_options options = offline_options();
	enum mailauth_level level = MAILAUTH_PASS;
	options.zone_file_count = 1;
	ck_assert_int_eq(mailauth_check(&options, "example.net", NULL, &level), MAILAUTH_OK);
	ck_assert_int_eq(level, MAILAUTH_UNKNOWN);
}
END_TEST

START_TEST(bad_options)
{
	static const char *const bad_servers[] = {"nonsense:port"}, *const bad_zones[] = {"tests/data"};
	struct mailauth_options options = MAILAUTH_OPTIONS_DEFAULT;
	options.servers = bad_servers;
	options.server_count = 1;
	ck_assert_int_eq(mailauth_check(&options, "example.com", NULL, NULL), MAILAUTH_BAD_OPTION);
	options = offline_options();
	options.zone_files = bad_zones;
	options.zone_file_count = 1;
	ck_assert_int_eq(mailauth_check(&options, "example.com", NULL, NULL), MAILAUTH_BAD_OPTION);
	options = offline_options();
	options.psl_file = "tests/data";
	ck_assert_int_eq(mailauth_check(&options, "example.com", NULL, NULL), MAILAUTH_BAD_OPTION);
}
END_TEST

START_TEST(texts)
{
	for (int status = MAILAUTH_OK; status <= MAILAUTH_INTERNAL; status++)
		ck_assert_str_ne(mailauth_status_text((enum mailauth_status)status), "unknown status");
	ck_assert_int_ge((int)strlen(mailauth_version()), 5);
	mailauth_free(NULL);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("mailauth");
	TCase *tests = tcase_create("public functions");
	tcase_add_loop_test(tests, checks, 0, sizeof rows / sizeof rows[0]);
	tcase_add_test(tests, offline_is_unknown);
	tcase_add_test(tests, bad_options);
	tcase_add_test(tests, texts);
	suite_add_tcase(suite, tests);
	return unit_run(suite);
}
