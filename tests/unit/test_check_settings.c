/* The options of `mailauth check`: every usage error in its words, and what the good ones become. */
#include "support/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli/check_settings.h"

#define MAX_WORDS 12

/* `words` at their blanks as a command line of `mailauth check`; "_" stands for a blank. */
static bool read_settings(
	struct arena *arena, const char *words, struct check_settings *out, struct slice *error)
{
	char *argv[MAX_WORDS] = {(char *)(size_t)arena_cstr(arena, SLICE("mailauth"))};
	struct options *options = arena_alloc(arena, sizeof *options);
	struct slice rest = arena_printf(arena, "check %s", words);
	int argc = 1;
	while (rest.len > 0) {
		size_t blank = slice_find(rest, ' ', 0);
		ck_assert_int_lt(argc, MAX_WORDS);
		argv[argc] = (char *)(size_t)arena_cstr(arena, slice_head(rest, blank));
		for (char *c = argv[argc++]; *c != '\0'; c++)
			*c = *c == '_' ? ' ' : *c;
		rest = slice_from(rest, blank + 1);
	}
	return options_parse(arena, argc, argv, options, error) &&
	       check_settings_read(arena, options, out, error);
}

static const struct {
	const char *words;
	const char *error;
} errors[] = {
	{"--json", "no domain given; 'mailauth check example.com' checks one"},
	{"-i list example.com", "option '-i' and a domain ('example.com') exclude each other"},
	{"example.com example", "'example' is a single label; a domain with mail has at least two, as "
				"'example.com'"},
	{"-f jsno x.example", "unknown format 'jsno'; did you mean 'json'?"},
	{"--color alwys x.example", "unknown colour mode 'alwys'; did you mean 'always'?"},
	{"--fail-on warn x.example", "unknown level 'warn'; did you mean 'warning'?"},
	{"--fail-on off x.example", "unknown level 'off'; it can be error, warning, info or never"},
	{"--ignore spf-multipel x.example", "unknown rule 'spf-multipel'; did you mean 'spf-multiple'?"},
	{"--ignore zzzzzzzzzz x.example", "unknown rule 'zzzzzzzzzz'; 'mailauth explain' lists them"},
	{"--ignore spf-multiple@ x.example", "option '--ignore' 'spf-multiple@': no name behind the @"},
	{"--severity spf-multiple x.example",
		"option '--severity' takes RULE=LEVEL, as 'spf-multiple=warning'"},
	{"--severity spf-multiple=eror x.example", "unknown level 'eror'; did you mean 'error'?"},
	{"--severity spf-multiple=never x.example",
		"unknown level 'never'; it can be off, info, warning or error"},
	{"--severity spf-multiple=off --severity spf-multiple=info x.example",
		"option '--severity' gives rule 'spf-multiple' two levels"},
	{"--timeout 0 x.example", "option '--timeout' takes a time from 1ms to 3600s, as '1500ms', '2s' or "
				  "'2' (seconds), not '0'"},
	{"--max-time 2h x.example", "option '--max-time' takes a time from 1ms to 3600s, as '1500ms', '2s' "
				    "or '2' (seconds), not '2h'"},
	{"--tries 21 x.example", "option '--tries' takes a number from 1 to 20, not '21'"},
	{"-j 0 x.example", "option '-j' takes a number from 1 to 2000, not '0'"},
	{"--threads many x.example", "option '--threads' takes a number from 1 to 64, not 'many'"},
	{"-s ns.example.com x.example",
		"option '-s' takes an address, as 192.0.2.53, 192.0.2.53:5353 or [2001:db8::53]:5353, not "
		"'ns.example.com'"},
	{"--ip 192.0.2 x.example",
		"option '--ip' takes an address, as 192.0.2.1 or 2001:db8::1, not '192.0.2'"},
	{"--sender <> x.example", "option '--sender' is empty, so '--helo' has to be given"},
	{"--zone - -i -", "'--zone' and '-i' cannot both read standard input (-)"},
	{"--zone - --zone a.example=- x.example",
		"'--zone' and '--zone' cannot both read standard input (-)"},
	{"--zone a.example= x.example", "option '--zone' needs a file: [ORIGIN=]FILE, not 'a.example='"},
	{"--zone a..b=f x.example", "option '--zone': 'a..b' cannot be a domain name"},
	{"--remove x.example x.example",
		"option '--remove' takes a name and a type, as 'example.com TXT', not 'x.example'"},
	{"--remove x.example_TXT_y x.example",
		"option '--remove' takes a name and a type, as 'example.com TXT', not 'x.example TXT y'"},
	{"--remove x.example_TXTT x.example",
		"option '--remove': unknown record type 'TXTT'; did you mean 'TXT'?"},
};

START_TEST(usage_errors)
{
	struct check_settings settings;
	struct slice error = {NULL, 0};
	ck_assert_msg(!read_settings(unit_arena(), errors[_i].words, &settings, &error), "%s: accepted",
		errors[_i].words);
	unit_assert_slice(error, slice_cstr(errors[_i].error));
}
END_TEST

START_TEST(defaults)
{
	struct check_settings settings;
	struct slice error = {NULL, 0};
	bool good = read_settings(unit_arena(), "x.example", &settings, &error);
	ck_assert_msg(good, "%.*s", (int)error.len, error.ptr);
	ck_assert_str_eq(settings.writer->name, "text");
	ck_assert(!settings.output.array && !settings.output.quiet && !settings.output.verbose);
	ck_assert_uint_eq(settings.output.width, 80);
	ck_assert_int_eq(settings.fail_on, EXITCODE_FAIL_ON_ERROR);
	ck_assert_int_eq(settings.limits.max_time_ms, 20000);
	ck_assert_uint_eq(settings.limits.concurrency, 256);
	ck_assert_uint_eq(settings.limits.threads, 1);
	ck_assert_int_eq(settings.sources.net.timeout_ms, 8000);
	ck_assert_int_eq(settings.sources.net.tries, 3);
	ck_assert_uint_eq(settings.sources.local_count, 0);
	ck_assert(!settings.sources.offline && !settings.sources.net.tcp_only);
	ck_assert(!settings.sample.has_ip && !settings.sample.has_sender && !settings.sample.has_helo);
	ck_assert_ptr_null(settings.input);
}
END_TEST

START_TEST(everything)
{
	struct check_settings settings;
	struct slice error = {NULL, 0};
	bool good = read_settings(unit_arena(),
		"--timeout=1500ms --tries=2 --max-time=3 --tcp -j9 --threads=2 -i list --fail-on=info -qv",
		&settings, &error);
	ck_assert_msg(good, "%.*s", (int)error.len, error.ptr);
	ck_assert_int_eq(settings.sources.net.timeout_ms, 1500);
	ck_assert_int_eq(settings.sources.net.tries, 2);
	ck_assert_int_eq(settings.limits.max_time_ms, 3000);
	ck_assert(settings.sources.net.tcp_only && !settings.sources.net.trust_ad);
	ck_assert_uint_eq(settings.limits.concurrency, 9);
	ck_assert_uint_eq(settings.limits.threads, 2);
	ck_assert_str_eq(settings.input, "list");
	ck_assert_int_eq(settings.fail_on, EXITCODE_FAIL_ON_INFO);
	ck_assert(settings.output.quiet && settings.output.verbose && settings.output.array);
}
END_TEST

START_TEST(filter_of_rules)
{
	struct check_settings settings;
	struct slice error = {NULL, 0};
	bool good = read_settings(unit_arena(),
		"--ignore spf-multiple --ignore dmarc-none@*.x.example --severity spf-none=off x.example "
		"y.example",
		&settings, &error);
	ck_assert_msg(good, "%.*s", (int)error.len, error.ptr);
	ck_assert_uint_eq(settings.filter.ignore_count, 2);
	ck_assert_int_eq(settings.filter.ignores[0].rule, rule_find(SLICE("spf-multiple")));
	ck_assert_uint_eq(settings.filter.ignores[0].name_glob.len, 0);
	unit_assert_slice(settings.filter.ignores[1].name_glob, SLICE("*.x.example"));
	enum rule_id none = rule_find(SLICE("spf-none"));
	ck_assert(settings.filter.changed[none]);
	ck_assert_int_eq(settings.filter.levels[none], SEVERITY_OFF);
	ck_assert(settings.output.array);
}
END_TEST

START_TEST(samples)
{
	struct check_settings settings;
	struct slice error = {NULL, 0};
	ck_assert(read_settings(
		unit_arena(), "--sender <a@b.example> --ip ::ffff:192.0.2.1 x.example", &settings, &error));
	unit_assert_slice(settings.sample.sender, SLICE("a@b.example"));
	/* RFC 7208 5: a mapped address is an IPv4 address. */
	ck_assert_int_eq(settings.sample.ip.family, IP_V4);
	ck_assert(read_settings(
		unit_arena(), "--sender <> --helo mail.b.example x.example", &settings, &error));
	unit_assert_slice(settings.sample.sender, SLICE("mail.b.example"));
}
END_TEST

static const struct {
	const char *name;
	const char *bytes;
	const char *place; /* what stands before the message */
} zones[] = {
	{"cut off in a quote", "@ IN SOA a b 1 2 3 4 5\n@ TXT \"v=spf1\n", ":2:7: "},
	{"no such type", "@ IN SOA a b 1 2 3 4 5\n@ IN TXTT x\n", ":2:6: "},
};

START_TEST(zone_errors)
{
	struct arena *arena = unit_arena();
	struct check_settings settings;
	struct slice error = {NULL, 0};
	char path[] = "/tmp/mailauth-test-XXXXXX";
	int fd = mkstemp(path);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(
		(int)write(fd, zones[_i].bytes, strlen(zones[_i].bytes)), (int)strlen(zones[_i].bytes));
	close(fd);
	bool good = read_settings(
		arena, arena_printf(arena, "--zone x.example=%s x.example", path).ptr, &settings, &error);
	unlink(path);
	ck_assert_msg(!good, "%s: accepted", zones[_i].name);
	struct slice start = arena_printf(arena, "%s%s", path, zones[_i].place);
	ck_assert_msg(slice_starts(error, start), "%s: %.*s", zones[_i].name, (int)error.len, error.ptr);
}
END_TEST

/* A folder is no zone file: FILE: message, without a line. */
START_TEST(zone_that_is_none)
{
	struct check_settings settings;
	struct slice error = {NULL, 0};
	ck_assert(!read_settings(
		unit_arena(), "--zone x.example=/nonexistent/zone x.example", &settings, &error));
	ck_assert_msg(slice_starts(error, SLICE("/nonexistent/zone: ")), "%.*s", (int)error.len, error.ptr);
	ck_assert(!read_settings(unit_arena(), "--zone x.example=/ x.example", &settings, &error));
	ck_assert_msg(slice_starts(error, SLICE("/: ")), "%.*s", (int)error.len, error.ptr);
}
END_TEST

/* A record given by hand wins over the zone that also has its name. */
START_TEST(records_before_zones)
{
	struct arena *arena = unit_arena();
	struct check_settings settings;
	struct slice error = {NULL, 0};
	bool good = read_settings(arena,
		"--zone tests/data/example/broken.example.zone --record "
		"two-spf.broken.example_TXT_v=spf1_-all x.example",
		&settings, &error);
	ck_assert_msg(good, "%.*s", (int)error.len, error.ptr);
	ck_assert_uint_eq(settings.sources.local_count, 2);
	struct question question = {.type = RRTYPE_TXT};
	struct answer answer;
	const struct local_source *first = settings.sources.locals[0];
	ck_assert_int_eq(name_from_text(arena, SLICE("two-spf.broken.example"), &question.name), NAME_OK);
	ck_assert(first->ops->lookup(first, arena, &question, &answer));
	ck_assert_uint_eq(answer.count, 1);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("check_settings");
	TCase *tcase = tcase_create("check_settings");
	tcase_add_loop_test(tcase, usage_errors, 0, (int)(sizeof errors / sizeof errors[0]));
	tcase_add_loop_test(tcase, zone_errors, 0, (int)(sizeof zones / sizeof zones[0]));
	tcase_add_test(tcase, defaults);
	tcase_add_test(tcase, everything);
	tcase_add_test(tcase, filter_of_rules);
	tcase_add_test(tcase, samples);
	tcase_add_test(tcase, zone_that_is_none);
	tcase_add_test(tcase, records_before_zones);
	suite_add_tcase(suite, tcase);
	return unit_run(suite);
}
