/* unit: see unit.h. */
#include "support/unit.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

/* One test runs at a time, in a process of its own unless CK_FORK=no. */
static struct escape test_escape;
static struct arena test_arena;

int unit_run(Suite *suite)
{
	SRunner *runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	int failed = srunner_ntests_failed(runner);
	int ran = srunner_ntests_run(runner);
	srunner_free(runner);
	arena_free(&test_arena);
	return failed == 0 && ran > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

struct arena *unit_arena(void)
{
	if (test_arena.escape == NULL)
		arena_init(&test_arena, &test_escape);
	else
		arena_free(&test_arena);
	if (setjmp(test_escape.env) != 0) {
		fputs("out of memory in a test\n", stderr);
		abort();
	}
	return &test_arena;
}

/* True when `work` got to its end although the n-th request for memory was to fail: it made fewer. */
static bool survives(void (*work)(struct arena *, void *), void *context, long n)
{
	struct escape escape = {.fail_at = n};
	struct arena arena;
	arena_init(&arena, &escape);
	if (setjmp(escape.env) != 0) {
		arena_free(&arena);
		return false;
	}
	work(&arena, context);
	arena_free(&arena);
	ck_assert_msg(escape.fail_at > 0, "a failed allocation was not noticed");
	return true;
}

void unit_fail_every_allocation(void (*work)(struct arena *arena, void *context), void *context)
{
	long n = 1;
	while (!survives(work, context, n))
		n++;
	ck_assert_msg(n > 1, "nothing was allocated");
}

static void print_slice(const char *label, struct slice bytes)
{
	fprintf(stderr, "  %s \"", label);
	for (size_t i = 0; i < bytes.len; i++) {
		if (bytes.ptr[i] >= ' ' && bytes.ptr[i] <= '~')
			fputc(bytes.ptr[i], stderr);
		else
			fprintf(stderr, "\\%03d", (unsigned char)bytes.ptr[i]);
	}
	fputs("\"\n", stderr);
}

void unit_assert_slice_at(const char *file, int line, struct slice actual, struct slice expected)
{
	if (slice_equal(actual, expected))
		return;
	fprintf(stderr, "%s:%d: not the bytes expected\n", file, line);
	print_slice("actual  ", actual);
	print_slice("expected", expected);
	ck_abort_msg("bytes differ at %s:%d", file, line);
}

void unit_assert_has(struct slice text, const char *part)
{
	size_t len = strlen(part);
	for (size_t at = 0; at + len <= text.len; at++)
		if (memcmp(text.ptr + at, part, len) == 0)
			return;
	ck_abort_msg("\"%s\" is not in:\n%.*s", part, (int)text.len, text.ptr);
}

void unit_assert_has_not(struct slice text, const char *part)
{
	ck_assert_msg(slice_search_nocase(text, slice_cstr(part)) == text.len, "\"%s\" is in:\n%.*s", part,
		(int)text.len, text.ptr);
}
