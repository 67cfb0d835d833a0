/* Lists of domains: what of a line counts, long lines, pipes that have nothing yet. */
#include "support/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli/input.h"

static struct input input;

/* An unnamed file with these bytes, as the descriptor of `input`. */
static void open_bytes(struct slice bytes)
{
	FILE *file = tmpfile();
	ck_assert_ptr_nonnull(file);
	ck_assert_uint_eq(fwrite(bytes.ptr, 1, bytes.len, file), bytes.len);
	ck_assert_int_eq(fflush(file), 0);
	int fd = dup(fileno(file));
	fclose(file);
	ck_assert_int_eq((int)lseek(fd, 0, SEEK_SET), 0);
	input = (struct input){.fd = fd};
}

/* "1:example.com 3:example.net": every line with a domain; "!" after the number of one that is too long. */
static const char *read_all(struct arena *arena, enum input_status *last)
{
	const char *all = "";
	struct input_line line;
	while ((*last = input_next(&input, true, &line)) == INPUT_LINE)
		all = arena_printf(arena, "%s%s%zu%s:%.*s", all, all[0] != '\0' ? " " : "", line.number,
			line.too_long ? "!" : "", line.too_long ? 3 : (int)line.text.len, line.text.ptr)
			      .ptr;
	return all;
}

static const struct {
	const char *name;
	struct slice bytes;
	const char *lines;
} rows[] = {
	{"empty", {"", 0}, ""},
	{"one line", {"example.com\n", 12}, "1:example.com"},
	{"no line end", {"example.com", 11}, "1:example.com"},
	{"CRLF", {"a.example\r\nb.example\r\n", 22}, "1:a.example 2:b.example"},
	{"blank lines", {"\n\r\n \t\na.example\n\n", 17}, "4:a.example"},
	{"blanks around", {" \ta.example \t\n", 14}, "1:a.example"},
	{"comments", {"# x\na.example # y\n#\nb.example\t#z\n", 33}, "2:a.example 4:b.example"},
	{"no comment", {"a#b.example\n", 12}, "1:a#b.example"},
	{"byte order mark",
		{"\xEF\xBB\xBF"
		 "a.example\n",
			13},
		"1:a.example"},
	{"mark and comment", {"\xEF\xBB\xBF# x\nb.example\n", 17}, "2:b.example"},
	{"two words", {"a.example b.example\n", 20}, "1:a.example b.example"},
};

START_TEST(lines)
{
	enum input_status last;
	open_bytes(rows[_i].bytes);
	ck_assert_str_eq(read_all(unit_arena(), &last), rows[_i].lines);
	ck_assert_int_eq(last, INPUT_END);
	/* The end stays the end. */
	struct input_line line;
	ck_assert_int_eq(input_next(&input, true, &line), INPUT_END);
	input_close(&input);
}
END_TEST

START_TEST(nul_stays)
{
	struct input_line line;
	open_bytes(SLICE("a\0b.example\n"));
	ck_assert_int_eq(input_next(&input, true, &line), INPUT_LINE);
	unit_assert_slice(line.text, SLICE("a\0b.example"));
	input_close(&input);
}
END_TEST

static const struct {
	size_t length; /* of the first line, all 'x' */
	bool newline;
	const char *lines;
} long_rows[] = {
	{INPUT_MAX_LINE + 1, true, "1!:xxx 2:b.example"},
	{INPUT_BUFFER - 1, true, "1!:xxx 2:b.example"},
	{INPUT_BUFFER, true, "1!:xxx 2:b.example"},
	{INPUT_BUFFER + 1, true, "1!:xxx 2:b.example"},
	{3 * INPUT_BUFFER, true, "1!:xxx 2:b.example"},
	{3 * INPUT_BUFFER + 17, true, "1!:xxx 2:b.example"},
	{3 * INPUT_BUFFER, false, "1!:xxx"},
	{INPUT_MAX_LINE + 1, false, "1!:xxx"},
};

START_TEST(long_lines)
{
	struct arena *arena = unit_arena();
	enum input_status last;
	size_t length = long_rows[_i].length;
	char *bytes = arena_alloc(arena, length + 16);
	memset(bytes, 'x', length);
	if (long_rows[_i].newline)
		memcpy(bytes + length, "\nb.example\n", 11);
	open_bytes(slice_of(bytes, length + (long_rows[_i].newline ? 11 : 0)));
	ck_assert_str_eq(read_all(arena, &last), long_rows[_i].lines);
	ck_assert_int_eq(last, INPUT_END);
	input_close(&input);
}
END_TEST

START_TEST(longest_line)
{
	struct arena *arena = unit_arena();
	struct input_line line;
	char *bytes = arena_alloc(arena, INPUT_MAX_LINE + 1);
	memset(bytes, 'x', INPUT_MAX_LINE);
	bytes[INPUT_MAX_LINE] = '\n';
	open_bytes(slice_of(bytes, INPUT_MAX_LINE + 1));
	ck_assert_int_eq(input_next(&input, true, &line), INPUT_LINE);
	ck_assert(!line.too_long);
	ck_assert_uint_eq(line.text.len, INPUT_MAX_LINE);
	input_close(&input);
}
END_TEST

/* A long comment is a comment, and the line behind it is a line. */
START_TEST(long_comment)
{
	struct arena *arena = unit_arena();
	enum input_status last;
	char *bytes = arena_alloc(arena, 2 * INPUT_BUFFER);
	memset(bytes, '#', 2 * INPUT_BUFFER);
	memcpy(bytes + 2 * INPUT_BUFFER - 11, "\nb.example\n", 11);
	open_bytes(slice_of(bytes, 2 * INPUT_BUFFER));
	ck_assert_str_eq(read_all(arena, &last), "2:b.example");
	input_close(&input);
}
END_TEST

START_TEST(many_lines)
{
	struct arena *arena = unit_arena();
	struct input_line line;
	size_t count = 0;
	char *bytes = arena_alloc(arena, 50000 * 12);
	for (size_t i = 0; i < 50000; i++)
		memcpy(bytes + i * 12, "example.com\n", 12);
	open_bytes(slice_of(bytes, 50000 * 12));
	while (input_next(&input, true, &line) == INPUT_LINE) {
		ck_assert_uint_eq(line.number, ++count);
		unit_assert_slice(line.text, SLICE("example.com"));
	}
	ck_assert_uint_eq(count, 50000);
	input_close(&input);
}
END_TEST

START_TEST(pipe_has_nothing_yet)
{
	int ends[2];
	struct input_line line;
	ck_assert_int_eq(pipe(ends), 0);
	input = (struct input){.fd = ends[0]};
	ck_assert_int_eq(input_next(&input, false, &line), INPUT_NOT_YET);
	ck_assert_int_eq((int)write(ends[1], "exam", 4), 4);
	ck_assert_int_eq(input_next(&input, false, &line), INPUT_NOT_YET);
	ck_assert_int_eq((int)write(ends[1], "ple.com\n", 8), 8);
	ck_assert_int_eq(input_next(&input, false, &line), INPUT_LINE);
	unit_assert_slice(line.text, SLICE("example.com"));
	close(ends[1]);
	ck_assert_int_eq(input_next(&input, false, &line), INPUT_END);
	input_close(&input);
}
END_TEST

START_TEST(cannot_be_read)
{
	struct input_line line;
	ck_assert(!input_open(&input, "/nonexistent/list"));
	ck_assert_int_eq(input.error, ENOENT);
	ck_assert(!input_open(&input, "/"));
	ck_assert_int_eq(input.error, EISDIR);
	input = (struct input){.fd = open("/dev/null", O_WRONLY)};
	ck_assert_int_eq(input_next(&input, true, &line), INPUT_FAILED);
	ck_assert_int_eq(input.error, EBADF);
	ck_assert_int_eq(input_next(&input, true, &line), INPUT_FAILED);
	input_close(&input);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("input");
	TCase *tcase = tcase_create("input");
	tcase_add_loop_test(tcase, lines, 0, (int)(sizeof rows / sizeof rows[0]));
	tcase_add_loop_test(tcase, long_lines, 0, (int)(sizeof long_rows / sizeof long_rows[0]));
	tcase_add_test(tcase, nul_stays);
	tcase_add_test(tcase, longest_line);
	tcase_add_test(tcase, long_comment);
	tcase_add_test(tcase, many_lines);
	tcase_add_test(tcase, pipe_has_nothing_yet);
	tcase_add_test(tcase, cannot_be_read);
	suite_add_tcase(suite, tcase);
	return unit_run(suite);
}
