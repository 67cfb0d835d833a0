/* Tests of lint/lint_stream: records of one line and of several, what is passed over, what cannot be read. */
#include "lint/lint_stream.h"

#include <stdio.h>
#include <unistd.h>

#include "support/unit.h"

#define MAX_ITEMS 6

struct row {
	const char *name;
	const char *input;
	const char *texts[MAX_ITEMS]; /* "!...": a message about lines that cannot be read */
	size_t lines[MAX_ITEMS];
};

static const struct row rows[] = {
	{"nothing", "", {NULL}, {0}},
	{"one line", "v=spf1 -all\n", {"v=spf1 -all"}, {1}},
	{"no line end", "v=spf1 -all", {"v=spf1 -all"}, {1}},
	{"CR LF", "v=spf1 -all\r\nv=spf1 mx\r\n", {"v=spf1 -all", "v=spf1 mx"}, {1, 2}},
	{"blank lines and comments", "\n; <<>> DiG\n  \nv=spf1 -all\n\t; x\n", {"v=spf1 -all"}, {4}},
	{"parentheses", "_dmarc IN TXT ( \"v=DMARC1; \" ; (\n\n \"p=none\" )\nv=spf1 -all\n",
		{"v=DMARC1; p=none", "v=spf1 -all"}, {1, 4}},
	{"only parentheses", "(\n\"v=spf1 \"\n\"-all\"\n)\n", {"v=spf1 -all"}, {1}},
	{"parentheses that stay open", "a IN TXT ( \"v=spf1\"\nv=spf1 -all\n",
		{"a IN TXT ( \"v=spf1\"\nv=spf1 -all"}, {1}},
	{"nslookup", "Server:\t192.0.2.53\n\nexample.com\ttext =\n\n\t\"v=spf1 \"\n\t\"-all\"\nv=spf1 mx\n",
		{"v=spf1 -all", "v=spf1 mx"}, {3, 7}},
	{"other types", "a. 1 IN A 192.0.2.1\na. 1 IN TXT \"v=spf1 -all\"\n", {"v=spf1 -all"}, {2}},
	{"directive", "$TTL 300\nv=spf1 -all\n", {"!a directive", "v=spf1 -all"}, {1, 2}},
};

/* Reads all of `stream` and compares. */
static void compare(struct lint_stream *stream, struct arena *arena, const struct row *row)
{
	struct lint_stream_item item;
	size_t i = 0;
	for (;; i++) {
		enum lint_stream_status status = lint_stream_next(stream, arena, &item);
		const char *want = i < MAX_ITEMS ? row->texts[i] : NULL;
		if (status == LINT_STREAM_END) {
			ck_assert_msg(want == NULL, "%s: only %zu", row->name, i);
			break;
		}
		ck_assert_msg(
			want != NULL, "%s: too many: %.*s", row->name, (int)item.lines.len, item.lines.ptr);
		ck_assert_msg(item.line == row->lines[i], "%s: line %zu", row->name, item.line);
		if (status == LINT_STREAM_BAD)
			ck_assert_msg(want[0] == '!' && strncmp(item.why, want + 1, strlen(want + 1)) == 0,
				"%s: %s", row->name, item.why);
		else
			unit_assert_slice(item.paste.text, slice_cstr(want));
	}
}

START_TEST(records_of_a_text)
{
	struct arena *arena = unit_arena();
	struct lint_stream stream;
	ck_assert(lint_stream_open_text(&stream, arena, slice_cstr(rows[_i].input)));
	compare(&stream, arena, &rows[_i]);
}
END_TEST

START_TEST(records_of_a_pipe)
{
	struct arena *arena = unit_arena();
	struct lint_stream stream;
	int ends[2];
	size_t len = strlen(rows[_i].input);
	ck_assert_int_eq(pipe(ends), 0);
	ck_assert_int_eq((int)write(ends[1], rows[_i].input, len), (int)len);
	close(ends[1]);
	lint_stream_open(&stream, arena, ends[0]);
	compare(&stream, arena, &rows[_i]);
	close(ends[0]);
}
END_TEST

/* The one line that is too long is named, and what follows is read. */
START_TEST(long_lines)
{
	struct arena *arena = unit_arena();
	struct lint_stream stream;
	struct lint_stream_item item;
	FILE *file = tmpfile();
	ck_assert_ptr_nonnull(file);
	for (size_t i = 0; i < 3 * LINT_STREAM_BUFFER; i++)
		putc('x', file);
	fputs("\nv=spf1 ", file);
	for (size_t i = 0; i < LINT_STREAM_MAX_RECORD; i++)
		putc('x', file);
	fputs("\nv=spf1 -all\n", file);
	ck_assert_int_eq(fflush(file), 0);
	rewind(file);
	lint_stream_open(&stream, arena, fileno(file));
	ck_assert_int_eq((int)lint_stream_next(&stream, arena, &item), LINT_STREAM_BAD);
	ck_assert_uint_eq(item.line, 1);
	ck_assert_int_eq((int)lint_stream_next(&stream, arena, &item), LINT_STREAM_BAD);
	ck_assert_uint_eq(item.line, 2);
	ck_assert_int_eq((int)lint_stream_next(&stream, arena, &item), LINT_STREAM_RECORD);
	ck_assert_uint_eq(item.line, 3);
	unit_assert_slice(item.paste.text, SLICE("v=spf1 -all"));
	ck_assert_int_eq((int)lint_stream_next(&stream, arena, &item), LINT_STREAM_END);
	fclose(file);
}
END_TEST

START_TEST(binary_ends_it)
{
	struct arena *arena = unit_arena();
	struct lint_stream stream;
	struct lint_stream_item item;
	ck_assert(lint_stream_open_text(&stream, arena, SLICE("v=spf1\nP\0K\nv=spf1 -all\n")));
	ck_assert_int_eq((int)lint_stream_next(&stream, arena, &item), LINT_STREAM_RECORD);
	ck_assert_int_eq((int)lint_stream_next(&stream, arena, &item), LINT_STREAM_BAD);
	ck_assert_uint_eq(item.line, 2);
	ck_assert_int_eq((int)lint_stream_next(&stream, arena, &item), LINT_STREAM_END);
}
END_TEST

START_TEST(reading_can_fail)
{
	struct arena *arena = unit_arena();
	struct lint_stream stream;
	struct lint_stream_item item;
	lint_stream_open(&stream, arena, -1);
	ck_assert_int_eq((int)lint_stream_next(&stream, arena, &item), LINT_STREAM_FAILED);
	ck_assert_int_ne(stream.error, 0);
}
END_TEST

static void read_all(struct arena *arena, void *context)
{
	struct lint_stream stream;
	struct lint_stream_item item;
	(void)context;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		lint_stream_open_text(&stream, arena, slice_cstr(rows[i].input));
		while (lint_stream_next(&stream, arena, &item) != LINT_STREAM_END)
			;
	}
}

START_TEST(lack_of_memory)
{
	unit_fail_every_allocation(read_all, NULL);
}
END_TEST

int main(void)
{
	const int count = (int)(sizeof rows / sizeof *rows);
	Suite *suite = suite_create("lint_stream");
	TCase *tests = tcase_create("lint_stream");
	tcase_add_loop_test(tests, records_of_a_text, 0, count);
	tcase_add_loop_test(tests, records_of_a_pipe, 0, count);
	tcase_add_test(tests, long_lines);
	tcase_add_test(tests, binary_ends_it);
	tcase_add_test(tests, reading_can_fail);
	tcase_add_test(tests, lack_of_memory);
	suite_add_tcase(suite, tests);
	return unit_run(suite);
}
