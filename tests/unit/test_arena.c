/* The arena: alignment, zeroes, growth, going back, and the way out. */
#include "base/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>

#include "support/unit.h"

START_TEST(zeroed_and_aligned)
{
	struct arena *arena = unit_arena();
	struct arena_mark start = arena_mark(arena);
	for (int round = 0; round < 2; round++) {
		for (size_t size = 0; size < 3000; size += 7) {
			unsigned char *memory = arena_alloc(arena, size);
			ck_assert_uint_eq((uintptr_t)memory % alignof(max_align_t), 0);
			for (size_t i = 0; i < size; i++)
				ck_assert_uint_eq(memory[i], 0);
			memset(memory, 0xff, size);
		}
		arena_rewind(arena, start);
	}
	ck_assert_uint_eq(arena->total, 0);
}
END_TEST

/* What was there before the mark stays; what came behind it is used again. */
START_TEST(rewinds)
{
	struct arena *arena = unit_arena();
	char *kept = arena_alloc(arena, 16);
	memcpy(kept, "kept", 5);
	struct arena_mark mark = arena_mark(arena);
	void *first = arena_alloc(arena, 16);
	size_t total = arena->total;
	arena_alloc(arena, 1 << 20);
	ck_assert_uint_gt(arena->total, total);
	arena_rewind(arena, mark);
	ck_assert_uint_eq(arena->total, total);
	ck_assert_ptr_eq(arena_alloc(arena, 16), first);
	ck_assert_str_eq(kept, "kept");
	arena_rewind(arena, mark);
	arena_rewind(arena, mark);
	arena_free(arena);
	ck_assert_uint_eq(arena->total, 0);
}
END_TEST

START_TEST(copies)
{
	struct arena *arena = unit_arena();
	struct slice copy = arena_copy(arena, SLICE("a\0b"));
	unit_assert_slice(copy, SLICE("a\0b"));
	ck_assert_int_eq(copy.ptr[3], 0);
	ck_assert_str_eq(arena_cstr(arena, SLICE("abc")), "abc");
	ck_assert_str_eq(arena_cstr(arena, slice_of(NULL, 0)), "");
	unit_assert_slice(arena_concat(arena, SLICE("a\0b"), SLICE("\0c")), SLICE("a\0b\0c"));
	unit_assert_slice(arena_concat(arena, slice_of(NULL, 0), SLICE("x")), SLICE("x"));
	unit_assert_slice(arena_concat(arena, SLICE("x"), slice_of(NULL, 0)), SLICE("x"));
	unit_assert_slice(arena_printf(arena, "%d-%s", 7, "x"), SLICE("7-x"));
	ck_assert_int_eq(arena_printf(arena, "%s", "").ptr[0], 0);
}
END_TEST

START_TEST(grows)
{
	struct arena *arena = unit_arena();
	int *items = NULL;
	size_t capacity = 0;
	for (size_t count = 0; count < 1000; count++) {
		items = arena_grow(arena, items, count, &capacity, sizeof *items);
		ck_assert_uint_gt(capacity, count);
		items[count] = (int)count;
	}
	for (int i = 0; i < 1000; i++)
		ck_assert_int_eq(items[i], i);
}
END_TEST

/* Returns true when `work` left through the escape. */
static bool leaves(void (*work)(struct arena *), long fail_at)
{
	struct escape escape = {.fail_at = fail_at};
	struct arena arena;
	arena_init(&arena, &escape);
	if (setjmp(escape.env) != 0) {
		arena_free(&arena);
		return true;
	}
	work(&arena);
	arena_free(&arena);
	return false;
}

static void take_two_blocks(struct arena *arena)
{
	arena_alloc(arena, 1);
	arena_alloc(arena, 1 << 20);
}

static void take_too_much(struct arena *arena)
{
	arena_alloc(arena, SIZE_MAX - 3);
}

static void grow_too_much(struct arena *arena)
{
	size_t capacity = SIZE_MAX / 4;
	arena_grow(arena, NULL, SIZE_MAX / 4, &capacity, 16);
}

static void concat_too_much(struct arena *arena)
{
	arena_concat(arena, SLICE("x"), slice_of("", SIZE_MAX - 1));
}

static void take_nothing(struct arena *arena)
{
	free(escape_malloc(arena->escape, 0));
	free(escape_realloc(arena->escape, escape_malloc(arena->escape, 4), 8));
}

static void give_up(struct arena *arena)
{
	escape_out_of_memory(arena->escape);
}

START_TEST(escapes)
{
	ck_assert(leaves(take_two_blocks, 1));
	ck_assert(leaves(take_two_blocks, 2));
	ck_assert(!leaves(take_two_blocks, 3));
	ck_assert(!leaves(take_two_blocks, 0));
	ck_assert(leaves(take_too_much, 0));
	ck_assert(leaves(grow_too_much, 0));
	ck_assert(leaves(concat_too_much, 0));
	ck_assert(!leaves(take_nothing, 0));
	ck_assert(leaves(give_up, 0));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("arena");
	TCase *tests = tcase_create("tests");
	tcase_add_test(tests, zeroed_and_aligned);
	tcase_add_test(tests, rewinds);
	tcase_add_test(tests, copies);
	tcase_add_test(tests, grows);
	tcase_add_test(tests, escapes);
	suite_add_tcase(suite, tests);
	return unit_run(suite);
}
