/* arena: blocks from malloc(), handed out in pieces; see arena.h. */
#include "base/arena.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* Blocks grow with the arena: an answer in the table needs a few hundred bytes, an inspection of a large
 * tree megabytes. */
#define FIRST_BLOCK   ((size_t)1 << 10)
#define LARGEST_BLOCK ((size_t)64 << 10)

struct arena_block {
	struct arena_block *older;
	size_t size; /* bytes of data */
	alignas(max_align_t) char data[];
};

_Noreturn void escape_out_of_memory(struct escape *escape)
{
	longjmp(escape->env, 1);
}

void *escape_realloc(struct escape *escape, void *old, size_t size)
{
	if (escape->fail_at > 0 && --escape->fail_at == 0)
		escape_out_of_memory(escape);
	void *memory = realloc(old, size == 0 ? 1 : size);
	if (memory == NULL)
		escape_out_of_memory(escape);
	return memory;
}

void *escape_malloc(struct escape *escape, size_t size)
{
	return escape_realloc(escape, NULL, size);
}

void arena_init(struct arena *arena, struct escape *escape)
{
	*arena = (struct arena){.escape = escape};
}

struct arena_mark arena_mark(const struct arena *arena)
{
	return (struct arena_mark){arena->block, arena->used};
}

void arena_rewind(struct arena *arena, struct arena_mark mark)
{
	while (arena->block != mark.block) {
		struct arena_block *block = arena->block;
		arena->block = block->older;
		arena->total -= block->size;
		free(block);
	}
	arena->used = mark.used;
}

void arena_free(struct arena *arena)
{
	arena_rewind(arena, (struct arena_mark){NULL, 0});
}

static void add_block(struct arena *arena, size_t size)
{
	struct arena_block *block = escape_malloc(arena->escape, sizeof *block + size);
	block->older = arena->block;
	block->size = size;
	arena->block = block;
	arena->used = 0;
	arena->total += size;
}

static size_t block_size(const struct arena *arena, size_t need)
{
	size_t size = arena->total < FIRST_BLOCK ? FIRST_BLOCK : arena->total;
	if (size > LARGEST_BLOCK)
		size = LARGEST_BLOCK;
	return size < need ? need : size;
}

void *arena_alloc(struct arena *arena, size_t size)
{
	const size_t align = alignof(max_align_t);
	if (size > SIZE_MAX / 2)
		escape_out_of_memory(arena->escape);
	size = (size + align - 1) / align * align;
	if (arena->block == NULL || arena->block->size - arena->used < size)
		add_block(arena, block_size(arena, size));
	void *memory = arena->block->data + arena->used;
	arena->used += size;
	return memset(memory, 0, size);
}

void *arena_grow(struct arena *arena, void *items, size_t count, size_t *capacity, size_t item_size)
{
	if (count < *capacity)
		return items;
	size_t larger = *capacity == 0 ? 8 : *capacity * 2;
	if (larger > SIZE_MAX / 2 / item_size)
		escape_out_of_memory(arena->escape);
	void *copy = arena_alloc(arena, larger * item_size);
	if (count > 0)
		memcpy(copy, items, count * item_size);
	*capacity = larger;
	return copy;
}

struct slice arena_copy(struct arena *arena, struct slice bytes)
{
	return slice_of(arena_cstr(arena, bytes), bytes.len);
}

struct slice arena_concat(struct arena *arena, struct slice a, struct slice b)
{
	if (a.len > SIZE_MAX - 1 - b.len)
		escape_out_of_memory(arena->escape);
	char *bytes = arena_alloc(arena, a.len + b.len + 1);
	if (a.len > 0)
		memcpy(bytes, a.ptr, a.len);
	if (b.len > 0)
		memcpy(bytes + a.len, b.ptr, b.len);
	return slice_of(bytes, a.len + b.len);
}

const char *arena_cstr(struct arena *arena, struct slice bytes)
{
	char *copy = arena_alloc(arena, bytes.len + 1);
	if (bytes.len > 0)
		memcpy(copy, bytes.ptr, bytes.len);
	return copy;
}

struct slice arena_printf(struct arena *arena, const char *format, ...)
{
	va_list args, again;
	va_start(args, format);
	va_copy(again, args);
	int len = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (len < 0)
		escape_out_of_memory(arena->escape);
	char *text = arena_alloc(arena, (size_t)len + 1);
	vsnprintf(text, (size_t)len + 1, format, again);
	va_end(again);
	return slice_of(text, (size_t)len);
}
