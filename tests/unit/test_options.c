/* The command line: what is accepted, and the one line that says what is not. */
#include "support/unit.h"

#include <string.h>

#include "base/buf.h"
#include "cli/complain.h"
#include "cli/options.h"
#include "cli/usage.h"
#include "cli/value.h"

#define MAX_WORDS 12

/* `words` at their blanks; "_" stands for a blank, "''" for an empty word. */
static int split(struct arena *arena, const char *words, char *out[MAX_WORDS])
{
	struct slice rest = slice_cstr(words);
	int count = 0;
	out[count++] = (char *)(size_t)arena_cstr(arena, SLICE("mailauth"));
	while (rest.len > 0) {
		size_t blank = slice_find(rest, ' ', 0);
		struct slice word = slice_head(rest, blank);
		char *copy = (char *)(size_t)arena_cstr(
			arena, slice_equal(word, SLICE("''")) ? slice_head(word, 0) : word);
		for (char *c = copy; *c != '\0'; c++)
			*c = *c == '_' ? ' ' : *c;
		ck_assert_int_lt(count, MAX_WORDS);
		out[count++] = copy;
		rest = slice_from(rest, blank + 1);
	}
	return count;
}

/* The line as it was understood: "check|--zone=db -q|example.com". */
static const char *describe(struct arena *arena, const struct options *options)
{
	const char *text = options->command == COMMAND_COUNT ? "-" : commands_get(options->command)->name;
	text = arena_printf(arena, "%s|", text).ptr;
	for (size_t i = 0; i < options->use_count; i++) {
		const struct option_use *use = &options->uses[i];
		text = arena_printf(arena, "%s%s%s%s%.*s", text, i > 0 ? " " : "", use->spelled,
			use->value.ptr != NULL ? "=" : "", (int)use->value.len,
			use->value.ptr != NULL ? use->value.ptr : "")
			       .ptr;
	}
	text = arena_printf(arena, "%s|", text).ptr;
	for (size_t i = 0; i < options->argument_count; i++)
		text = arena_printf(arena, "%s%s%s", text, i > 0 ? " " : "", options->arguments[i].ptr).ptr;
	return text;
}

static const struct {
	const char *words;
	const char *understood; /* or NULL */
	const char *error;
} rows[] = {
	{"check example.com", "check||example.com", NULL},
	{"check example.com --json", "check|--json|example.com", NULL},
	{"--json check example.com -v", "check|--json -v|example.com", NULL},
	{"check --zone=db -- --json", "check|--zone=db|--json", NULL},
	{"check --zone db --zone - x.y", "check|--zone=db --zone=-|x.y", NULL},
	{"check --zone= x.y", "check|--zone=|x.y", NULL},
	{"check -qvj8 x.y", "check|-q -v -j=8|x.y", NULL},
	{"check -j 8 x.y", "check|-j=8|x.y", NULL},
	{"check -s 192.0.2.1 -s192.0.2.2 x.y", "check|-s=192.0.2.1 -s=192.0.2.2|x.y", NULL},
	{"check -i -", "check|-i=-|", NULL},
	{"check --sender '' x.y", "check|--sender=|x.y", NULL},
	{"check --sender -x@example.com x.y", "check|--sender=-x@example.com|x.y", NULL},
	{"check --record example.com_TXT_v=spf1_-all x.y", "check|--record=example.com TXT v=spf1 -all|x.y",
		NULL},
	{"--help", "-|--help|", NULL},
	{"check -h", "check|-h|", NULL},
	{"-V", "-|-V|", NULL},
	{"explain --all", "explain|--all|", NULL},
	{"check - x.y", "check||- x.y", NULL},
	{"check --sever 192.0.2.1 x.y", NULL, "unknown option '--sever'; did you mean '--server'?"},
	{"check --sever=192.0.2.1 x.y", NULL, "unknown option '--sever'; did you mean '--server'?"},
	{"check --conc 3 x.y", NULL, "unknown option '--conc'; did you mean '--concurrency'?"},
	{"check --frobnicate x.y", NULL, "unknown option '--frobnicate'"},
	{"check -x x.y", NULL, "unknown option '-x'"},
	{"check -Q x.y", NULL, "unknown option '-Q'; did you mean '-q'?"},
	{"check -qx x.y", NULL, "unknown option '-x'"},
	{"check -json x.y", NULL, "unknown option '-json'; did you mean '--json'?"},
	{"check -format=json x.y", NULL, "unknown option '-format=json'; did you mean '--format'?"},
	{"check --json=yes x.y", NULL, "option '--json' takes no argument"},
	{"check x.y --server", NULL, "option '--server' needs an argument: ADDR[:PORT]"},
	{"check x.y -s", NULL, "option '-s' needs an argument: ADDR[:PORT]"},
	{"check --server --tcp x.y", NULL,
		"option '--server' needs an argument (ADDR[:PORT]), but '--tcp' follows"},
	{"check --timeout -q x.y", NULL, "option '--timeout' needs an argument (DURATION), but '-q' follows"},
	{"check --json --json x.y", NULL, "option '--json' is given twice"},
	{"check -i a --input b", NULL, "options '-i' and '--input' are the same: it is given twice"},
	{"check --input a -i b", NULL, "options '--input' and '-i' are the same: it is given twice"},
	{"check --json -f text x.y", NULL, "options '--json' and '-f' exclude each other"},
	{"explain --threads 2", NULL,
		"option '--threads' is not one of 'mailauth explain'; it belongs to 'mailauth check' and "
		"'mailauth diff'"},
	{"explain --expect pass", NULL,
		"option '--expect' is not one of 'mailauth explain'; it belongs to 'mailauth spf' and "
		"'mailauth "
		"simulate'"},
	{"explain --receiver a", NULL,
		"option '--receiver' is not one of 'mailauth explain'; it belongs to 'mailauth spf', "
		"'mailauth "
		"simulate' and 'mailauth expand'"},
	{"--all check x.y", NULL,
		"option '--all' is not one of 'mailauth check'; it belongs to 'mailauth explain'"},
	{"chekc x.y", NULL, "unknown command 'chekc'; did you mean 'check'?"},
	{"example.com", NULL, "unknown command 'example.com'; did you mean 'mailauth check example.com'?"},
	{"frobnicate", NULL, "unknown command 'frobnicate'; 'mailauth --help' lists them"},
	{"--json", NULL, "no command given; 'mailauth --help' lists them"},
	{"check --\x1b[31m x.y", NULL, "unknown option '--\\027[31m'"},
};

START_TEST(command_line)
{
	struct arena *arena = unit_arena();
	char *argv[MAX_WORDS];
	struct options options;
	struct slice error = {NULL, 0};
	int argc = split(arena, rows[_i].words, argv);
	bool good = options_parse(arena, argc, argv, &options, &error);
	if (rows[_i].understood != NULL) {
		ck_assert_msg(good, "%s: %.*s", rows[_i].words, (int)error.len, error.ptr);
		ck_assert_str_eq(describe(arena, &options), rows[_i].understood);
	} else {
		ck_assert_msg(!good, "%s: accepted", rows[_i].words);
		unit_assert_slice(error, slice_cstr(rows[_i].error));
	}
}
END_TEST

static const struct {
	const char *words;
	const char *format; /* or NULL */
	const char *error;
} format_rows[] = {
	{"check x.y", "text", NULL},
	{"check x.y --json", "json", NULL},
	{"check x.y -f jsonl", "jsonl", NULL},
	{"check x.y -f jsno", NULL, "unknown format 'jsno'; did you mean 'json'?"},
	{"check x.y -f yaml", NULL,
		"unknown format 'yaml'; it can be text, json, jsonl, csv, sarif, junit, github or gcc"},
	{"explain --format json", "json", NULL},
	{"explain --format pdf", NULL, "unknown format 'pdf'; it can be text or json"},
};

START_TEST(formats)
{
	struct arena *arena = unit_arena();
	char *argv[MAX_WORDS];
	struct options options;
	struct slice error = {NULL, 0}, format;
	int argc = split(arena, format_rows[_i].words, argv);
	ck_assert(options_parse(arena, argc, argv, &options, &error));
	bool good = options_format(arena, &options, &format, &error);
	ck_assert_int_eq(good, format_rows[_i].format != NULL);
	if (good)
		unit_assert_slice(format, slice_cstr(format_rows[_i].format));
	else
		unit_assert_slice(error, slice_cstr(format_rows[_i].error));
}
END_TEST

static const struct {
	const char *text;
	int ms; /* -1: refused */
} durations[] = {
	{"1500ms", 1500},
	{"2s", 2000},
	{"2", 2000},
	{"0.5s", 500},
	{"0.25", 250},
	{"1.005s", 1005},
	{"1ms", 1},
	{"3600s", 3600000},
	{"3600000ms", 3600000},
	{"0", -1},
	{"0ms", -1},
	{"3601", -1},
	{"3600.001", -1},
	{"", -1},
	{"s", -1},
	{"ms", -1},
	{".5", -1},
	{"1.", -1},
	{"1.0005", -1},
	{"1.5ms", -1},
	{"-1", -1},
	{"+1", -1},
	{" 1", -1},
	{"1 s", -1},
	{"1m", -1},
	{"1e3", -1},
	{"99999999999999999999", -1},
};

START_TEST(duration)
{
	struct arena *arena = unit_arena();
	struct slice error = {NULL, 0};
	int ms = -1;
	bool good = value_duration(arena, "--timeout", slice_cstr(durations[_i].text), &ms, &error);
	ck_assert_msg(ms == durations[_i].ms, "%s: %d", durations[_i].text, ms);
	ck_assert_int_eq(good, durations[_i].ms != -1);
}
END_TEST

START_TEST(number_names_its_range)
{
	struct arena *arena = unit_arena();
	struct slice error = {NULL, 0};
	const struct value_range range = {1, 20};
	unsigned number = 0;
	ck_assert(value_count(arena, "--tries", SLICE("20"), range, &number, &error));
	ck_assert_uint_eq(number, 20);
	ck_assert(!value_count(arena, "--tries", SLICE("21"), range, &number, &error));
	unit_assert_slice(error, SLICE("option '--tries' takes a number from 1 to 20, not '21'"));
	ck_assert(!value_count(arena, "--tries", SLICE("0"), range, &number, &error));
	ck_assert(!value_count(arena, "--tries", SLICE("3x"), range, &number, &error));
}
END_TEST

/* No line of any help is wider than a terminal. */
START_TEST(help_fits)
{
	struct buf help;
	buf_init(&help);
	usage_help(&help, (enum command_id)_i);
	struct slice rest = buf_slice(&help);
	ck_assert_uint_gt(rest.len, 0);
	while (rest.len > 0) {
		size_t end = slice_find(rest, '\n', 0);
		ck_assert_msg(end <= 80, "%.*s", (int)end, rest.ptr);
		ck_assert(end == 0 || rest.ptr[end - 1] != ' ');
		rest = slice_from(rest, end + 1);
	}
	buf_free(&help);
}
END_TEST

/* Two rows with one letter or name could not both be reached. */
START_TEST(names_are_unique)
{
	for (size_t i = 0; i < OPTION_COUNT; i++) {
		const struct option *a = options_get((enum option_id)i);
		ck_assert(a->commands != 0 && a->help[0] != '\0');
		for (size_t k = 0; k < i; k++) {
			const struct option *b = options_get((enum option_id)k);
			ck_assert_str_ne(a->name, b->name);
			ck_assert(a->letter == 0 || a->letter != b->letter);
		}
	}
}
END_TEST

START_TEST(quotes_are_safe)
{
	struct arena *arena = unit_arena();
	char text[200];
	memset(text, 'x', sizeof text);
	ck_assert_str_eq(complain_quote(arena, SLICE("a\033b\\")), "'a\\027b\\\\'");
	ck_assert_uint_eq(strlen(complain_quote(arena, slice_of(text, sizeof text))), COMPLAIN_MAX_QUOTE + 5);
	/* Two bytes of a character are not torn apart. */
	memcpy(text + COMPLAIN_MAX_QUOTE - 1, "\xc3\xbc", 2);
	ck_assert_uint_eq(strlen(complain_quote(arena, slice_of(text, sizeof text))), COMPLAIN_MAX_QUOTE + 4);
}
END_TEST

static void parse_much(struct arena *arena, void *context)
{
	char *argv[MAX_WORDS];
	struct options options;
	struct slice error;
	(void)context;
	int argc = split(arena, "check --server 192.0.2.1 -qv --sever", argv);
	ck_assert(!options_parse(arena, argc, argv, &options, &error));
}

START_TEST(out_of_memory)
{
	unit_fail_every_allocation(parse_much, NULL);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("options");
	TCase *tcase = tcase_create("options");
	tcase_add_loop_test(tcase, command_line, 0, (int)(sizeof rows / sizeof rows[0]));
	tcase_add_loop_test(tcase, formats, 0, (int)(sizeof format_rows / sizeof format_rows[0]));
	tcase_add_loop_test(tcase, duration, 0, (int)(sizeof durations / sizeof durations[0]));
	tcase_add_loop_test(tcase, help_fits, 0, COMMAND_COUNT + 1);
	tcase_add_test(tcase, number_names_its_range);
	tcase_add_test(tcase, names_are_unique);
	tcase_add_test(tcase, quotes_are_safe);
	tcase_add_test(tcase, out_of_memory);
	suite_add_tcase(suite, tcase);
	return unit_run(suite);
}
