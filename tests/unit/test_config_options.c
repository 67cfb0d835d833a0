/* Tests of the lines of a configuration file as options: which come first, which count, what is wrong. */
#include "cli/config_options.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/buf.h"
#include "support/unit.h"

#define MAX_WORDS 16

static char folder[] = "/tmp/mailauth-test-XXXXXX";

static const char *path_of(struct arena *arena, const char *name)
{
	return arena_printf(arena, "%s/%s", folder, name).ptr;
}

static void write_file(struct arena *arena, const char *name, const char *text)
{
	FILE *file = fopen(path_of(arena, name), "w");
	ck_assert_ptr_nonnull(file);
	ck_assert_int_ge(fputs(text, file), 0);
	ck_assert_int_eq(fclose(file), 0);
}

/* `words` at their blanks, behind "mailauth --config FOLDER/conf". */
static bool read_line(struct arena *arena, const char *words, struct options *out, struct slice *error)
{
	char *argv[MAX_WORDS] = {(char *)(size_t) "mailauth", (char *)(size_t) "--config",
		(char *)(size_t)path_of(arena, "conf")};
	struct slice rest = slice_cstr(words);
	struct config config;
	int argc = 3;
	while (rest.len > 0) {
		size_t blank = slice_find(rest, ' ', 0);
		ck_assert_int_lt(argc, MAX_WORDS);
		argv[argc++] = (char *)(size_t)arena_cstr(arena, slice_head(rest, blank));
		rest = slice_from(rest, blank + 1);
	}
	return options_parse(arena, argc, argv, out, error) &&
	       config_options_read(arena, out, &config, error);
}

/* "timeout=5s f; --json": values, "f" for those of the file. */
static struct slice uses_text(struct arena *arena, const struct options *options)
{
	const char *text = "";
	for (size_t i = 0; i < options->use_count; i++) {
		const struct option_use *use = &options->uses[i];
		if (use->id == OPTION_CONFIG)
			continue;
		struct slice value = use->value;
		if (slice_starts(value, slice_cstr(folder)))
			value = slice_from(value, strlen(folder));
		text = arena_printf(arena, "%s%s%s%s%.*s", text, text[0] == '\0' ? "" : ", ", use->spelled,
			value.ptr == NULL ? "" : "=", (int)value.len, value.ptr == NULL ? "" : value.ptr)
			       .ptr;
		ck_assert(value.ptr == NULL || value.ptr[value.len] == '\0');
		ck_assert_msg(use->from_file == (use->spelled[0] != '-'), "%s", use->spelled);
	}
	return slice_cstr(text);
}

struct good_row {
	const char *file, *words, *uses;
};

static const struct good_row good_rows[] = {
	{"", "check x.example", ""},
	{"option tcp\nfail-on info", "check x.example", "tcp, fail-on=info"},
	{"option tcp\nfail-on info", "check --tries 2 x.example", "tcp, fail-on=info, --tries=2"},
	{"option tries 5", "check --tries 2 x.example", "--tries=2"},
	{"option json", "check --format jsonl x.example", "--format=jsonl"},
	{"option format jsonl", "check --json x.example", "--json"},
	{"option format jsonl", "check x.example", "format=jsonl"},
	{"option format jsonl", "expand x", ""},
	{"option format text", "expand x", "format=text"},
	{"ignore spf-ptr", "check --ignore spf-a-cname x.example", "ignore=spf-ptr, --ignore=spf-a-cname"},
	{"option server 192.0.2.1\noption server 192.0.2.2", "check --server 192.0.2.3 x.example",
		"server=192.0.2.1, server=192.0.2.2, --server=192.0.2.3"},
	{"option --server=192.0.2.1", "lint v=spf1", ""},
	{"option quiet\noption verbose", "lint v=spf1", "quiet"},
	{"severity spf-ptr=off\nseverity spf-ptr=off", "lint v=spf1",
		"severity=spf-ptr=off, severity=spf-ptr=off"},
	{"option zone data", "check x.example", "zone=/data"},
	{"option zone x.example=data", "check --offline x.example", "zone=x.example=FOLDER/data, --offline"},
	{"option zone data", "lint v=spf1", ""},
	{"option zone data", "lint --zone other", "--zone=other"},
	{"option zone data", "lint", "zone=/data"},
	{"option input data", "check", "input=/data"},
	{"option input data", "check x.example", ""},
	{"option input data", "check -i -", "-i=-"},
	{"option format json\noption quiet", "lint --fix v=spf1", "quiet, --fix"},
	{"option format json", "lint v=spf1", "format=json"},
	{"option psl data", "check x.example", "psl=/data"},
	{"option psl nowhere", "spf x.example", ""},
};

START_TEST(lines_become_options)
{
	const struct good_row *row = &good_rows[_i];
	struct arena *arena = unit_arena();
	struct options options;
	struct slice error = SLICE("");
	write_file(arena, "conf", row->file);
	ck_assert_msg(read_line(arena, row->words, &options, &error), "%s: %.*s", row->file, (int)error.len,
		error.ptr);
	struct slice expected = slice_cstr(row->uses);
	size_t at = slice_search_nocase(expected, SLICE("FOLDER"));
	if (at < expected.len)
		expected =
			arena_printf(arena, "%.*s%s%s", (int)at, expected.ptr, folder, expected.ptr + at + 6);
	unit_assert_slice(uses_text(arena, &options), expected);
}
END_TEST

struct bad_row {
	const char *file, *error; /* behind "FOLDER/conf:" */
};

static const struct bad_row bad_rows[] = {
	{"\noption verbos", "2:8: unknown option 'verbos'; did you mean 'verbose'?"},
	{"option -v", "1:8: unknown option '-v'"},
	{"option fix", "1:8: option 'fix' is for the command line only"},
	{"option help", "1:8: option 'help' is for the command line only"},
	{"option no-config", "1:8: option 'no-config' is for the command line only"},
	{"option save-dns x", "1:8: option 'save-dns' is for the command line only"},
	{"option ip 192.0.2.1", "1:8: option 'ip' is for the command line only"},
	{"option json=yes", "1:13: option 'json' takes no argument"},
	{"option server", "1:14: option 'server' needs an argument: ADDR[:PORT]"},
	{"option tcp\noption tcp", "2:8: option 'tcp' is given twice: 'tcp' is in line 1"},
	{"option json\noption format=json", "2:8: option 'format' is given twice: 'json' is in line 1"},
	{"fail-on info\noption fail-on info", "2:8: option 'fail-on' is given twice: 'fail-on' is in line 1"},
	{"severity spf-ptr=off\n severity spf-ptr=info", "2:11: rule 'spf-ptr' has another level in line 1"},
	{"option tries 0", "1:14: option 'tries' takes a number from 1 to 20, not '0'"},
	{"option format sarif-2", "1:15: unknown format 'sarif-2'"},
	{"option zone -", "1:13: option 'zone' needs the name of a file here"},
	{"option zone x.example=-", "1:13: option 'zone' needs the name of a file here"},
	{"option replay -", "1:15: option 'replay' needs the name of a file here"},
	{"option psl=", "1:12: option 'psl' needs the name of a file here"},
	{"supress", "1:1: unknown word 'supress'; did you mean 'suppress'?"},
};

START_TEST(bad_lines_are_told_with_their_place)
{
	const struct bad_row *row = &bad_rows[_i];
	struct arena *arena = unit_arena();
	struct options options;
	struct slice error = SLICE("");
	write_file(arena, "conf", row->file);
	ck_assert_msg(!read_line(arena, "check x.example", &options, &error), "%s is accepted", row->file);
	struct slice expected = arena_printf(arena, "%s/conf:%s", folder, row->error);
	/* A list of words may be behind it. */
	unit_assert_slice(slice_head(error, expected.len), expected);
}
END_TEST

START_TEST(what_is_no_command_for_it)
{
	struct arena *arena = unit_arena();
	struct options options;
	struct slice error;
	char *argv[] = {(char *)(size_t) "mailauth", (char *)(size_t) "explain", NULL};
	struct config config = {.option_count = 9};
	ck_assert(options_parse(arena, 2, argv, &options, &error));
	ck_assert(config_options_read(arena, &options, &config, &error));
	ck_assert_uint_eq(config.option_count, 0);
	ck_assert_uint_eq(options.use_count, 0);
}
END_TEST

static void work(struct arena *arena, void *context)
{
	(void)context;
	struct options options;
	struct slice error;
	read_line(arena, "check --tries 2 x.example", &options, &error);
}

START_TEST(lack_of_memory_is_noticed)
{
	write_file(unit_arena(), "conf",
		"option zone data\noption format text\nseverity spf-ptr=off\noption threads 2\n"
		"suppress spf-ptr until 2030-01-01 x\noption verbos\n");
	unit_fail_every_allocation(work, NULL);
}
END_TEST

int main(void)
{
	if (mkdtemp(folder) == NULL)
		return EXIT_FAILURE;
	char name[sizeof folder + 8];
	snprintf(name, sizeof name, "%s/data", folder);
	FILE *data = fopen(name, "w");
	if (data == NULL || fclose(data) != 0)
		return EXIT_FAILURE;
	Suite *suite = suite_create("config_options");
	TCase *tests = tcase_create("config_options");
	tcase_add_loop_test(tests, lines_become_options, 0, (int)(sizeof good_rows / sizeof good_rows[0]));
	tcase_add_loop_test(
		tests, bad_lines_are_told_with_their_place, 0, (int)(sizeof bad_rows / sizeof bad_rows[0]));
	tcase_add_test(tests, what_is_no_command_for_it);
	tcase_add_test(tests, lack_of_memory_is_noticed);
	suite_add_tcase(suite, tests);
	int status = unit_run(suite);
	unlink(name);
	snprintf(name, sizeof name, "%s/conf", folder);
	unlink(name);
	rmdir(folder);
	return status;
}
