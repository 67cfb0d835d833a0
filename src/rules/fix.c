/* fix: see fix.h. */
#include "rules/fix.h"

#include <assert.h>

/* Length of `record` after the edits. */
static size_t edited_length(struct slice record, const struct fix_edit *edits, size_t count)
{
	size_t length = record.len;
	for (size_t i = 0; i < count; i++)
		length = length - edits[i].span.len + edits[i].replacement.len;
	return length;
}

static char *append(char *end, struct slice bytes)
{
	if (bytes.len > 0)
		memcpy(end, bytes.ptr, bytes.len);
	return end + bytes.len;
}

/* `record` after the edits. */
static struct slice edited(
	struct arena *arena, struct slice record, const struct fix_edit *edits, size_t count)
{
	size_t length = edited_length(record, edits, count);
	char *bytes = arena_alloc(arena, length + 1);
	char *end = bytes;
	size_t done = 0;
	for (size_t i = 0; i < count; i++) {
		end = append(end, slice_at(record, span_of(done, edits[i].span.offset - done)));
		end = append(end, edits[i].replacement);
		done = span_end(edits[i].span);
	}
	append(end, slice_from(record, done));
	return slice_of(bytes, length);
}

/* True when the edits ascend, do not overlap and lie in `record`. */
static bool edits_are_ordered(struct slice record, const struct fix_edit *edits, size_t count)
{
	size_t done = 0;
	for (size_t i = 0; i < count; i++) {
		if (edits[i].span.offset < done || span_end(edits[i].span) > record.len)
			return false;
		done = span_end(edits[i].span);
	}
	return true;
}

const struct fix *fix_edits(
	struct arena *arena, struct slice record, const struct fix_edit *edits, size_t count, bool safe)
{
	assert(edits_are_ordered(record, edits, count));
	struct fix *fix = arena_alloc(arena, sizeof *fix);
	struct fix_edit *copy = arena_alloc(arena, count * sizeof *copy);
	for (size_t i = 0; i < count; i++) {
		copy[i].span = edits[i].span;
		copy[i].replacement = arena_copy(arena, edits[i].replacement);
	}
	fix->safe = safe;
	fix->edits = copy;
	fix->count = count;
	fix->record = edited(arena, record, edits, count);
	return fix;
}

const struct fix *fix_replace(
	struct arena *arena, struct slice record, struct span span, struct slice replacement, bool safe)
{
	struct fix_edit edit = {span, replacement};
	return fix_edits(arena, record, &edit, 1, safe);
}

const struct fix *fix_record(struct arena *arena, struct slice record, bool safe)
{
	struct fix *fix = arena_alloc(arena, sizeof *fix);
	fix->safe = safe;
	fix->record = arena_copy(arena, record);
	return fix;
}

struct fix_edit fix_difference(struct slice old, struct slice new)
{
	size_t start = 0, end = 0, shorter = old.len < new.len ? old.len : new.len;
	while (start < shorter && old.ptr[start] == new.ptr[start])
		start++;
	while (end < shorter - start && old.ptr[old.len - 1 - end] == new.ptr[new.len - 1 - end])
		end++;
	return (struct fix_edit){
		span_of(start, old.len - end - start), slice_at(new, span_of(start, new.len - end - start))};
}
