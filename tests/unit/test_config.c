/* Tests of the reader of the configuration file: every kind of line, good and bad, with columns. */
#include "config/config.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "support/unit.h"

/* --- what was read, as text ------------------------------------------------------------------------ */

static void put_place(struct buf *out, const struct zonefile_place *place)
{
	buf_printf(out, "%zu:%zu ", place->line, place->column);
}

static void put_option(struct buf *out, const struct config_option *option)
{
	put_place(out, &option->place);
	buf_add(out, option->name);
	if (option->has_value) {
		buf_text(out, " [");
		buf_add(out, option->value);
		buf_printf(out, "] %zu", option->value_place.column);
	}
	buf_byte(out, '\n');
}

static void put_suppression(struct buf *out, const struct suppression *item)
{
	ck_assert(item->has_expiry && !item->in_zone);
	unit_assert_slice(item->file, SLICE("dir/.mailauth"));
	buf_printf(out, "%zu:%zu %s [", item->line, item->column, rule_get(item->rule)->id);
	buf_add(out, item->name_glob);
	buf_printf(out, "] %d [", item->until);
	buf_add(out, item->reason);
	buf_text(out, "]\n");
}

static void put_expectation(struct buf *out, struct arena *arena, const struct config_expectation *item)
{
	static const char *const subjects[] = {"spf", "dmarc", "lookups", "voids", "verdict", "default"};
	static const char *const relations[] = {"=", "<", "<=", ">", ">="};
	put_place(out, &item->place);
	buf_add(out, name_text(arena, item->domain));
	buf_printf(out, " %s ", subjects[item->subject]);
	if (item->subject == CONFIG_SPF) {
		buf_add(out, prefix_text(arena, item->network));
		buf_text(out, " <");
		buf_add(out, item->sender);
		buf_text(out, "> ");
	} else if (item->subject == CONFIG_LOOKUPS || item->subject == CONFIG_VOIDS) {
		buf_text(out, relations[item->relation]);
	}
	buf_printf(out, "%u [", item->value);
	buf_add(out, item->text);
	buf_text(out, "]\n");
}

static void put_config(struct buf *out, struct arena *arena, const struct config *config)
{
	for (size_t i = 0; i < config->option_count; i++)
		put_option(out, &config->options[i]);
	for (size_t i = 0; i < config->suppression_count; i++)
		put_suppression(out, &config->suppressions[i]);
	for (size_t i = 0; i < config->expectation_count; i++)
		put_expectation(out, arena, &config->expectations[i]);
}

static bool read(struct arena *arena, struct slice text, struct config *config, struct zonefile_error *error)
{
	return config_read(arena, SLICE("dir/.mailauth"), text, config, error);
}

/* --- good lines ------------------------------------------------------------------------------------ */

struct good_row {
	const char *name, *text, *read;
};

static const struct good_row good_rows[] = {
	{"nothing", "", ""},
	{"blank lines and comments", "\n \t\n# a\n  #b\n#\n", ""},
	{"fail-on", "fail-on warning", "1:1 fail-on [warning] 9\n"},
	{"never", "fail-on  never\n", "1:1 fail-on [never] 10\n"},
	{"blanks around", "  fail-on\twarning \t\n", "1:3 fail-on [warning] 11\n"},
	{"CR LF", "\r\nfail-on info\r\n", "2:1 fail-on [info] 9\n"},
	{"a byte order mark",
		"\xEF\xBB\xBF"
		"fail-on info",
		"1:1 fail-on [info] 9\n"},
	{"a comment behind", "fail-on info # for now", "1:1 fail-on [info] 9\n"},
	{"an empty comment behind", "fail-on info #", "1:1 fail-on [info] 9\n"},
	{"ignore", "ignore spf-ptr", "1:1 ignore [spf-ptr] 8\n"},
	{"ignore with a name", "ignore spf-ptr@*.example.com", "1:1 ignore [spf-ptr@*.example.com] 8\n"},
	{"an international name",
		"ignore spf-ptr@*.b\xC3\xBC"
		"cher.example",
		"1:1 ignore [spf-ptr@*.xn--bcher-kva.example] 8\n"},
	{"severity", "severity spf-ptr=error", "1:1 severity [spf-ptr=error] 10\n"},
	{"option with value", "option timeout 5s", "1:8 timeout [5s] 16\n"},
	{"option with =", "option timeout=5s", "1:8 timeout [5s] 16\n"},
	{"option with dashes", "option --timeout 5s", "1:10 timeout [5s] 18\n"},
	{"option with dashes and =", "option --timeout=5s", "1:10 timeout [5s] 18\n"},
	{"option with = and nothing", "option psl=", "1:8 psl [] 12\n"},
	{"option without value", "option tcp", "1:8 tcp\n"},
	{"a value with blanks and =", "option record example.com TXT v=spf1  -all",
		"1:8 record [example.com TXT v=spf1  -all] 15\n"},
	{"an option nobody knows", "option frobnicate on", "1:8 frobnicate [on] 19\n"},
	{"option ignore", "option ignore spf-ptr", "1:8 ignore [spf-ptr] 15\n"},
	{"option severity", "option --severity=spf-ptr=off", "1:10 severity [spf-ptr=off] 19\n"},
	{"option fail-on", "option fail-on=never", "1:8 fail-on [never] 16\n"},
	{"suppress", "suppress spf-ptr until 2027-03-31 why not", "1:10 spf-ptr [] 20270331 [why not]\n"},
	{"suppress with a name", "suppress spf-ptr@*.example.com until 2028-02-29 a",
		"1:10 spf-ptr [*.example.com] 20280229 [a]\n"},
	{"a number in the reason", "suppress spf-ptr until 2027-03-31 ticket #42 # see there",
		"1:10 spf-ptr [] 20270331 [ticket #42]\n"},
	{"UTF-8 in the reason", "suppress spf-ptr until 2027-03-31 n\xC3\xB6tig \xE2\x82\xAC",
		"1:10 spf-ptr [] 20270331 [n\xC3\xB6tig \xE2\x82\xAC]\n"},
	{"a backslash in the reason", "suppress spf-ptr until 2027-03-31 a\\b",
		"1:10 spf-ptr [] 20270331 [a\\b]\n"},
	{"expect spf", "expect example.com spf 192.0.2.1 pass",
		"1:1 example.com spf 192.0.2.1/32 <> 2 [example.com spf 192.0.2.1 pass]\n"},
	{"of a network", "expect Example.COM. spf 2001:db8::1/32 softfail",
		"1:1 example.com spf 2001:db8::/32 <> 4 [Example.COM. spf 2001:db8::1/32 softfail]\n"},
	{"a mapped network", "expect example.com spf ::ffff:192.0.2.0/120 none",
		"1:1 example.com spf 192.0.2.0/24 <> 0 [example.com spf ::ffff:192.0.2.0/120 none]\n"},
	{"with a sender", " expect example.com spf 0.0.0.0/0 from a@example.net fail",
		"1:2 example.com spf 0.0.0.0/0 <a@example.net> 3 [example.com spf 0.0.0.0/0 from "
		"a@example.net fail]\n"},
	{"expect dmarc", "expect example.com dmarc reject",
		"1:1 example.com dmarc 2 [example.com dmarc reject]\n"},
	{"expect dmarc absent", "expect example.com dmarc absent",
		"1:1 example.com dmarc 3 [example.com dmarc absent]\n"},
	{"expect lookups", "expect example.com lookups <= 7",
		"1:1 example.com lookups <=7 [example.com lookups <= 7]\n"},
	{"without blanks", "expect example.com lookups<=7",
		"1:1 example.com lookups <=7 [example.com lookups<=7]\n"},
	{"==", "expect example.com voids ==0", "1:1 example.com voids =0 [example.com voids ==0]\n"},
	{"=", "expect example.com voids = 0", "1:1 example.com voids =0 [example.com voids = 0]\n"},
	{"<", "expect example.com voids < 3", "1:1 example.com voids <3 [example.com voids < 3]\n"},
	{">", "expect example.com voids > 3", "1:1 example.com voids >3 [example.com voids > 3]\n"},
	{">=", "expect example.com voids >= 3", "1:1 example.com voids >=3 [example.com voids >= 3]\n"},
	{"expect verdict", "expect example.com verdict warn",
		"1:1 example.com verdict 1 [example.com verdict warn]\n"},
	{"expect default", "expect example.com default softfail",
		"1:1 example.com default 4 [example.com default softfail]\n"},
	{"an international domain",
		"expect b\xC3\xBC"
		"cher.example dmarc none # now",
		"1:1 xn--bcher-kva.example dmarc 0 [b\xC3\xBC"
		"cher.example dmarc none]\n"},
	{"an underscore", "expect _spf.example.com lookups < 9",
		"1:1 _spf.example.com lookups <9 [_spf.example.com lookups < 9]\n"},
	{"several lines", "option tcp\nfail-on info\noption tries 2\n",
		"1:8 tcp\n2:1 fail-on [info] 9\n3:8 tries [2] 14\n"},
};

START_TEST(good_lines)
{
	const struct good_row *row = &good_rows[_i];
	struct arena *arena = unit_arena();
	struct config config;
	struct zonefile_error error;
	struct buf out;
	buf_init(&out);
	bool good = read(arena, slice_cstr(row->text), &config, &error);
	ck_assert_msg(good, "%s: %zu:%zu %.*s", row->name, error.place.line, error.place.column,
		(int)error.message.len, error.message.ptr);
	put_config(&out, arena, &config);
	unit_assert_slice(buf_slice(&out), slice_cstr(row->read));
	unit_assert_slice(config.file, SLICE("dir/.mailauth"));
	buf_free(&out);
}
END_TEST

/* --- bad lines ------------------------------------------------------------------------------------- */

struct bad_row {
	const char *name, *text;
	size_t line, column;
	const char *message;
};

static const struct bad_row bad_rows[] = {
	{"a keyword with a letter missing", "\nsupress spf-ptr", 2, 1,
		"unknown word 'supress'; did you mean 'suppress'?"},
	{"no keyword", "timeout 5s", 1, 1,
		"unknown word 'timeout'; it can be expect, fail-on, ignore, option, severity or suppress"},
	{"fail-on alone", "fail-on", 1, 8, "a level is missing: error, warning, info or never"},
	{"a level", "fail-on warnin", 1, 9, "unknown level 'warnin'; did you mean 'warning'?"},
	{"two levels", "fail-on info error", 1, 14,
		"'error' is too much; the line is written 'fail-on LEVEL'"},
	{"a comment without blank", "fail-on info #later", 1, 14,
		"a comment behind a line is written with a blank: '# why'"},
	{"ignore alone", "ignore ", 1, 7, "a rule is missing; 'mailauth explain' lists them"},
	{"a rule", "ignore spf-prt", 1, 8, "unknown rule 'spf-prt'; did you mean 'spf-ptr'?"},
	{"no rule at all", "ignore everything", 1, 8,
		"unknown rule 'everything'; 'mailauth explain' lists them"},
	{"no name", "ignore spf-ptr@", 1, 15, "no name behind the @"},
	{"a bad label", "ignore spf-ptr@a.\xE2\x82\xAC*.example", 1, 18,
		"'\xE2\x82\xAC*' cannot be a label of a domain name"},
	{"ignore with a reason", "ignore spf-ptr we like it", 1, 16,
		"'we' is too much; the line is written 'ignore RULE[@NAME]'"},
	{"severity without level", "severity spf-ptr", 1, 17, "a level is missing, as in 'spf-ptr=warning'"},
	{"severity with a level", "severity spf-ptr=warn", 1, 18,
		"unknown level 'warn'; did you mean 'warning'?"},
	{"severity with no level", "severity spf-ptr=fatal", 1, 18,
		"unknown level 'fatal'; it can be off, info, warning or error"},
	{"severity with a rule", "severity spf-pt=off", 1, 10,
		"unknown rule 'spf-pt'; did you mean 'spf-ptr'?"},
	{"option alone", "option", 1, 7, "the name of an option is missing, as in 'option timeout 5s'"},
	{"suppress without date", "suppress spf-ptr the gateway", 1, 18,
		"an exception needs its last day here: 'until YYYY-MM-DD', then the reason"},
	{"suppress without all", "suppress spf-ptr", 1, 17,
		"an exception needs its last day here: 'until YYYY-MM-DD', then the reason"},
	{"until nothing", "suppress spf-ptr until", 1, 23,
		"a date is missing: the last day on which the exception holds, as 2027-03-31"},
	{"no date", "suppress spf-ptr until summer it", 1, 24,
		"'summer' is no date; one is written as 2027-03-31"},
	{"no day of the calendar", "suppress spf-ptr until 2027-02-29 x", 1, 24,
		"'2027-02-29' is no date; one is written as 2027-03-31"},
	{"no reason", "suppress spf-ptr until 2027-03-31 ", 1, 34,
		"the reason is missing: say why this is accepted"},
	{"a comment for a reason", "suppress spf-ptr until 2027-03-31 # x", 1, 34,
		"the reason is missing: say why this is accepted"},
	{"a rule about exceptions", "suppress config-suppression-unused until 2027-03-31 x", 1, 10,
		"this rule is about exceptions itself; 'ignore' leaves it out"},
	{"expect alone", "expect", 1, 7, "a domain is missing, as in 'expect example.com dmarc reject'"},
	{"a single label", "expect example dmarc reject", 1, 8, "'example' cannot be a domain name"},
	{"an empty label", "expect example..com dmarc reject", 1, 8,
		"'example..com' cannot be a domain name"},
	{"an address", "expect a@example.com dmarc reject", 1, 8, "'a@example.com' cannot be a domain name"},
	{"no expectation", "expect example.com", 1, 19,
		"an expectation is missing: spf, dmarc, lookups, voids, verdict or default"},
	{"an expectation", "expect example.com dmark reject", 1, 20,
		"unknown expectation 'dmark'; did you mean 'dmarc'?"},
	{"spf alone", "expect example.com spf", 1, 23,
		"an address is missing, as 192.0.2.1 or 2001:db8::/32"},
	{"an octet", "expect example.com spf 192.0.2.256 pass", 1, 24,
		"'192.0.2.256' is no address and no network, as 192.0.2.1 or 2001:db8::/32"},
	{"a length", "expect example.com spf 192.0.2.1/33 pass", 1, 34,
		"the length of this network is a number from 0 to 32"},
	{"no length", "expect example.com spf 2001:db8::/ pass", 1, 35,
		"the length of this network is a number from 0 to 128"},
	{"no result", "expect example.com spf 192.0.2.1", 1, 33,
		"a result is missing: none, neutral, pass, fail, softfail, temperror or permerror"},
	{"a result", "expect example.com spf 192.0.2.1 passs", 1, 34,
		"unknown result 'passs'; did you mean 'pass'?"},
	{"no sender", "expect example.com spf 192.0.2.1 from", 1, 38,
		"a sender is missing behind 'from', as user@example.com"},
	{"a null sender", "expect example.com spf 192.0.2.1 from <> pass", 1, 39,
		"'<>' is no sender; one is written as user@example.com"},
	{"too much", "expect example.com spf 192.0.2.1 pass fail", 1, 39,
		"'fail' is too much; the line is written 'expect DOMAIN spf IP[/LENGTH] [from SENDER] "
		"RESULT'"},
	{"a policy", "expect example.com dmarc rejcet", 1, 26,
		"unknown policy 'rejcet'; did you mean 'reject'?"},
	{"two policies", "expect example.com dmarc reject none", 1, 33,
		"'none' is too much; the line is written 'expect DOMAIN dmarc POLICY'"},
	{"no relation", "expect example.com lookups 7", 1, 28,
		"a relation is missing: <=, <, =, > or >=, as in 'lookups <= 7'"},
	{"no number", "expect example.com lookups <=", 1, 30, "a number is missing"},
	{"not a number", "expect example.com lookups <= ten", 1, 31, "'ten' is no number from 0 to 1000000"},
	{"a large number", "expect example.com lookups <= 1000001", 1, 31,
		"'1000001' is no number from 0 to 1000000"},
	{"two numbers", "expect example.com lookups <= 7 8", 1, 31, "'7 8' is no number from 0 to 1000000"},
	{"a verdict", "expect example.com verdict unknown", 1, 28,
		"unknown verdict 'unknown'; it can be pass, warn or fail"},
	{"a default", "expect example.com default reject", 1, 28,
		"unknown result 'reject'; it can be none, neutral, pass, fail, softfail, temperror or "
		"permerror"},
	{"a control byte", "fail-on info\x01", 1, 13, "a control character: '\\001'"},
	{"one in a comment", "# a\x1b[0m", 1, 4, "a control character: '\\027'"},
	{"a C1 control", "# \xC2\x85", 1, 3, "a control character: '\\194\\133'"},
	{"a bidirectional control", "suppress spf-ptr until 2027-03-31 a\xE2\x80\xAE", 1, 36,
		"a control character: '\\226\\128\\174'"},
	{"CR within a line", "fail-on\rinfo", 1, 8, "a control character: '\\013'"},
	{"Latin-1", "suppress spf-ptr until 2027-03-31 n\xF6tig", 1, 36, "a byte that is not UTF-8: '\\246'"},
};

START_TEST(bad_lines)
{
	const struct bad_row *row = &bad_rows[_i];
	struct arena *arena = unit_arena();
	struct config config;
	struct zonefile_error error;
	ck_assert_msg(!read(arena, slice_cstr(row->text), &config, &error), "%s is accepted", row->name);
	unit_assert_slice(error.message, slice_cstr(row->message));
	unit_assert_slice(error.place.file, SLICE("dir/.mailauth"));
	ck_assert_msg(error.place.line == row->line && error.place.column == row->column,
		"%s: %zu:%zu, not %zu:%zu", row->name, error.place.line, error.place.column, row->line,
		row->column);
}
END_TEST

START_TEST(a_nul_is_no_end)
{
	struct arena *arena = unit_arena();
	struct config config;
	struct zonefile_error error;
	ck_assert(!read(arena, SLICE("fail-on info\n\0x"), &config, &error));
	ck_assert_uint_eq(error.place.line, 2);
	unit_assert_slice(error.message, SLICE("a control character: '\\000'"));
}
END_TEST

/* --- limits ----------------------------------------------------------------------------------------- */

static struct slice repeated(struct arena *arena, const char *text, size_t len)
{
	char *bytes = arena_alloc(arena, len + 1);
	for (size_t i = 0; i < len; i++)
		bytes[i] = text[i % strlen(text)];
	return slice_of(bytes, len);
}

START_TEST(a_line_may_have_4096_bytes)
{
	struct arena *arena = unit_arena();
	struct config config;
	struct zonefile_error error;
	ck_assert(read(arena, repeated(arena, "#", 4096), &config, &error));
	ck_assert(!read(arena, repeated(arena, "#", 4097), &config, &error));
	ck_assert_uint_eq(error.place.column, 4097);
	unit_assert_slice(error.message, SLICE("the line is longer than 4096 bytes"));
}
END_TEST

START_TEST(a_file_may_have_a_mebibyte)
{
	struct arena *arena = unit_arena();
	struct config config;
	struct zonefile_error error;
	ck_assert(read(arena, repeated(arena, "fail-on warning\n", CONFIG_MAX_BYTES), &config, &error));
	ck_assert_uint_eq(config.option_count, CONFIG_MAX_BYTES / 16);
	ck_assert(!read(arena, repeated(arena, "\n", CONFIG_MAX_BYTES + 1), &config, &error));
	ck_assert_uint_eq(error.place.line, 0);
	unit_assert_slice(error.message, SLICE("the file is larger than 1 MiB"));
}
END_TEST

START_TEST(a_long_word_is_cut_in_the_message)
{
	struct arena *arena = unit_arena();
	struct config config;
	struct zonefile_error error;
	ck_assert(!read(arena, repeated(arena, "\xC3\xBC", 400), &config, &error));
	struct slice expected = arena_printf(
		arena, "unknown word '%.60s...'; it can be ", repeated(arena, "\xC3\xBC", 60).ptr);
	unit_assert_slice(slice_head(error.message, expected.len), expected);
}
END_TEST

static void work(struct arena *arena, void *context)
{
	(void)context;
	struct config config;
	struct zonefile_error error;
	for (size_t i = 0; i < sizeof good_rows / sizeof good_rows[0]; i++)
		config_read(arena, SLICE(".mailauth"), slice_cstr(good_rows[i].text), &config, &error);
	for (size_t i = 0; i < sizeof bad_rows / sizeof bad_rows[0]; i++)
		config_read(arena, SLICE(".mailauth"), slice_cstr(bad_rows[i].text), &config, &error);
}

START_TEST(lack_of_memory_is_noticed)
{
	unit_fail_every_allocation(work, NULL);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("config");
	TCase *tests = tcase_create("config");
	tcase_add_loop_test(tests, good_lines, 0, (int)(sizeof good_rows / sizeof good_rows[0]));
	tcase_add_loop_test(tests, bad_lines, 0, (int)(sizeof bad_rows / sizeof bad_rows[0]));
	tcase_add_test(tests, a_nul_is_no_end);
	tcase_add_test(tests, a_line_may_have_4096_bytes);
	tcase_add_test(tests, a_file_may_have_a_mebibyte);
	tcase_add_test(tests, a_long_word_is_cut_in_the_message);
	tcase_add_test(tests, lack_of_memory_is_noticed);
	suite_add_tcase(suite, tests);
	return unit_run(suite);
}
