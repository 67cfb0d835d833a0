/* diff_copy: see diff_copy.h. */
#include "inspect/diff_copy.h"

#include <stdint.h>
#include <stdlib.h>

void diff_copy_init(struct diff_copy *copy, struct arena *arena, struct arena *scratch)
{
	memset(copy, 0, sizeof *copy);
	copy->arena = arena;
	copy->scratch = scratch;
}

struct slice diff_copy_slice(struct diff_copy *copy, struct slice from)
{
	if (from.len == 0)
		return (struct slice){NULL, 0};
	size_t slot = ((uintptr_t)from.ptr / 8 + from.len) % DIFF_COPY_SLOTS;
	if (copy->slots[slot].from.ptr != from.ptr || copy->slots[slot].from.len != from.len) {
		copy->slots[slot].from = from;
		copy->slots[slot].to = arena_copy(copy->arena, from);
	}
	return copy->slots[slot].to;
}

void *diff_copy_array(struct arena *arena, const void *from, size_t count, size_t size)
{
	if (count == 0)
		return NULL;
	void *to = arena_alloc(arena, count * size);
	memcpy(to, from, count * size);
	return to;
}

struct finding_place diff_copy_place(struct diff_copy *copy, const struct finding_place *from)
{
	struct finding_place to = *from;
	to.name = diff_copy_slice(copy, from->name);
	to.type = diff_copy_slice(copy, from->type);
	to.record = diff_copy_slice(copy, from->record);
	to.file = diff_copy_slice(copy, from->file);
	to.source = diff_copy_slice(copy, from->source);
	to.borders = diff_copy_array(copy->arena, from->borders, from->border_count, sizeof *from->borders);
	struct slice *path = diff_copy_array(copy->arena, from->path, from->path_count, sizeof *path);
	for (size_t i = 0; i < from->path_count; i++)
		path[i] = diff_copy_slice(copy, from->path[i]);
	to.path = path;
	return to;
}

static const struct fix *copy_fix(struct diff_copy *copy, const struct fix *from)
{
	if (from == NULL)
		return NULL;
	struct fix *to = diff_copy_array(copy->arena, from, 1, sizeof *from);
	struct fix_edit *edits = diff_copy_array(copy->arena, from->edits, from->count, sizeof *edits);
	for (size_t i = 0; i < from->count; i++)
		edits[i].replacement = diff_copy_slice(copy, from->edits[i].replacement);
	to->edits = edits;
	to->record = diff_copy_slice(copy, from->record);
	return to;
}

static struct finding copy_finding(struct diff_copy *copy, const struct finding *from)
{
	struct finding to = *from;
	for (size_t i = 0; i < FINDING_MAX_ARGS; i++)
		to.args[i] = diff_copy_slice(copy, from->args[i]);
	to.place = diff_copy_place(copy, &from->place);
	to.fix = copy_fix(copy, from->fix);
	struct file_edit *edits =
		diff_copy_array(copy->arena, from->file_edits, from->file_edit_count, sizeof *edits);
	for (size_t i = 0; i < from->file_edit_count; i++)
		edits[i].replacement = diff_copy_slice(copy, from->file_edits[i].replacement);
	to.file_edits = edits;
	return to;
}

void diff_copy_findings(struct diff_copy *copy, const struct findings *from, struct findings *to)
{
	findings_init(to, copy->arena);
	to->count = to->capacity = from->count;
	if (from->count > 0)
		to->items = arena_alloc(copy->arena, from->count * sizeof *to->items);
	for (size_t i = 0; i < from->count; i++)
		to->items[i] = copy_finding(copy, &from->items[i]);
}

struct ipset diff_copy_set(struct arena *arena, struct ipset from)
{
	from.ranges = diff_copy_array(arena, from.ranges, from.count, sizeof *from.ranges);
	return from;
}

/* Sorts slices and drops repeated ones; returns how many are left. */
static size_t sort_once(struct slice *items, size_t count)
{
	if (count == 0)
		return 0;
	size_t kept = 1;
	qsort(items, count, sizeof *items, slice_order);
	for (size_t i = 1; i < count; i++)
		if (!slice_equal(items[kept - 1], items[i]))
			items[kept++] = items[i];
	return kept;
}

size_t diff_copy_sorted(
	struct diff_copy *copy, const struct slice *from, size_t count, const struct slice **to)
{
	struct slice *sorted = diff_copy_array(copy->scratch, from, count, sizeof *from);
	count = sort_once(sorted, count);
	for (size_t i = 0; i < count; i++)
		sorted[i] = diff_copy_slice(copy, sorted[i]);
	*to = diff_copy_array(copy->arena, sorted, count, sizeof *sorted);
	return count;
}
