/* arena: memory that is given back all at once, and the way out when there is none left.
 *
 * The core (records, evaluators, findings) allocates only here, never frees, and never sees a failed
 * allocation: when the system has no more memory the arena jumps to its escape, which the one who started the
 * work has set:
 *
 *     struct escape escape = {0};
 *     struct arena arena;
 *     arena_init(&arena, &escape);
 *     if (setjmp(escape.env) != 0) {
 *             arena_free(&arena);
 *             return STATUS_OUT_OF_MEMORY;
 *     }
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <setjmp.h>
#include <stddef.h>

#include "base/slice.h"

/* Where to go when memory runs out. One for each thread of work; setjmp() must have been called on `env`
 * by a frame that is still there. */
struct escape {
	jmp_buf env;
	long fail_at; /* for tests: the fail_at-th request to the system from now on fails; 0 never */
};

struct arena_block;

/* Invariant: `used` <= size of `block`; blocks are chained from the newest to the oldest. */
struct arena {
	struct arena_block *block;
	size_t used;  /* bytes of the newest block */
	size_t total; /* bytes taken from the system */
	struct escape *escape;
};

/* A state of an arena to go back to. */
struct arena_mark {
	struct arena_block *block;
	size_t used;
};

/* An arena owns nothing until the first allocation. `escape` outlives it. */
void arena_init(struct arena *arena, struct escape *escape);
void arena_free(struct arena *arena);

struct arena_mark arena_mark(const struct arena *arena);

/* Gives back everything allocated since `mark`. */
void arena_rewind(struct arena *arena, struct arena_mark mark);

/* `size` bytes, zeroed, aligned for any object. Never NULL: leaves through the escape instead. */
void *arena_alloc(struct arena *arena, size_t size);

/* Room for one more item in an array of arena memory: returns `items`, or a larger copy of it when
 * *capacity is reached. The old copy stays in the arena. */
void *arena_grow(struct arena *arena, void *items, size_t count, size_t *capacity, size_t item_size);

/* Copies of bytes; the second one is terminated by NUL (which is not counted). */
struct slice arena_copy(struct arena *arena, struct slice bytes);
const char *arena_cstr(struct arena *arena, struct slice bytes);

/* `a` and `b` in one piece; any bytes, while arena_printf() takes a text up to its first NUL. */
struct slice arena_concat(struct arena *arena, struct slice a, struct slice b);

struct slice arena_printf(struct arena *arena, const char *format, ...)
	__attribute__((format(printf, 2, 3), nonnull(2)));

/* malloc(), realloc() that leave through the escape and count for fail_at, for memory outside an arena (the
 * caller frees it). */
void *escape_malloc(struct escape *escape, size_t size);
void *escape_realloc(struct escape *escape, void *old, size_t size);

/* Leaves through the escape: for a library call that reported a lack of memory. */
_Noreturn void escape_out_of_memory(struct escape *escape);

#endif
