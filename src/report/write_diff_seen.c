/* write_diff_seen: see write_diff_seen.h. */
#include "report/write_diff_seen.h"

#include <string.h>

#include "base/hash.h"

#define FIRST_CAPACITY 64 /* a power of two; at most half of the slots are taken */

/* --- keys ----------------------------------------------------------------------------------------- */

/* Texts one behind the other, each with its length, so that no two lists read the same. */
static struct slice pack(struct arena *arena, const struct slice *texts, size_t count)
{
	size_t len = 0;
	for (size_t i = 0; i < count; i++)
		len += sizeof(size_t) + texts[i].len;
	char *bytes = arena_alloc(arena, len + 1), *at = bytes;
	for (size_t i = 0; i < count; i++) {
		memcpy(at, &texts[i].len, sizeof(size_t));
		at += sizeof(size_t);
		if (texts[i].len > 0)
			memcpy(at, texts[i].ptr, texts[i].len);
		at += texts[i].len;
	}
	return slice_of(bytes, len);
}

static struct slice key_of(struct arena *arena, struct name domain, const struct finding *finding)
{
	const struct finding_place *place = &finding->place;
	const struct slice own = name_bytes(arena, domain);
	unsigned long starts = 0; /* arguments that start with the domain */
	struct slice texts[5 + FINDING_MAX_ARGS] = {
		place->name, place->type, place->file, slice_at(place->record, finding->span)};
	for (size_t i = 0; i < FINDING_MAX_ARGS; i++) {
		texts[5 + i] = finding->args[i];
		if (own.len == 0 || !slice_starts(finding->args[i], own))
			continue;
		texts[5 + i] = slice_from(finding->args[i], own.len);
		starts |= 1UL << i;
	}
	texts[4] = arena_printf(arena, "%d %d %d %lu %zu %zu %zu %zu", (int)finding->rule,
		(int)finding->severity, (int)finding->detail, starts, place->line, place->column,
		finding->has_span ? finding->span.offset + 1 : 0, place->record.len);
	return pack(arena, texts, sizeof texts / sizeof texts[0]);
}

/* --- the table ------------------------------------------------------------------------------------ */

/* The slot of the key: taken by it, or empty. */
static struct write_diff_seen_item **slot_of(
	const struct write_diff_seen *seen, struct slice key, uint64_t hash)
{
	size_t at = (size_t)hash & (seen->capacity - 1);
	while (seen->slots[at] != NULL &&
		(seen->slots[at]->hash != hash || !slice_equal(seen->slots[at]->key, key)))
		at = (at + 1) & (seen->capacity - 1);
	return &seen->slots[at];
}

static void grow(struct write_diff_seen *seen)
{
	struct write_diff_seen old = *seen;
	seen->capacity = old.capacity == 0 ? FIRST_CAPACITY : old.capacity * 2;
	seen->slots = arena_alloc(seen->arena, seen->capacity * sizeof *seen->slots);
	for (size_t i = 0; i < seen->capacity; i++)
		seen->slots[i] = NULL;
	for (size_t i = 0; i < old.capacity; i++)
		if (old.slots[i] != NULL)
			*slot_of(seen, old.slots[i]->key, old.slots[i]->hash) = old.slots[i];
}

/* A key of a finding begins with a length, which no text does. */
struct write_diff_seen_item *write_diff_seen_note_text(
	struct write_diff_seen *seen, struct name domain, struct slice key, bool *is_new)
{
	uint64_t hash = hash_add(HASH_START, key);
	if (seen->count * 2 >= seen->capacity)
		grow(seen);
	struct write_diff_seen_item **slot = slot_of(seen, key, hash);
	*is_new = *slot == NULL;
	if (*is_new) {
		*slot = arena_alloc(seen->arena, sizeof **slot);
		**slot = (struct write_diff_seen_item){.key = arena_copy(seen->arena, key),
			.hash = hash,
			.domain = name_text(seen->arena, domain)};
		seen->count++;
		return *slot;
	}
	if ((*slot)->others < WRITE_DIFF_SEEN_NAMES)
		(*slot)->names[(*slot)->others] = name_text(seen->arena, domain);
	(*slot)->others++;
	return *slot;
}

struct write_diff_seen_item *write_diff_seen_note(struct write_diff_seen *seen, struct arena *scratch,
	struct name domain, const struct finding *finding, bool *is_new)
{
	return write_diff_seen_note_text(seen, domain, key_of(scratch, domain, finding), is_new);
}

struct slice write_diff_seen_text(struct arena *arena, const struct write_diff_seen_item *item)
{
	struct slice list = SLICE("");
	size_t named = item->others < WRITE_DIFF_SEEN_NAMES ? item->others : WRITE_DIFF_SEEN_NAMES;
	for (size_t i = 0; i < named; i++)
		list = arena_printf(arena, "%.*s%s%.*s", (int)list.len, list.ptr, i == 0 ? "" : ", ",
			(int)item->names[i].len, item->names[i].ptr);
	if (item->others > named)
		list = arena_printf(
			arena, "%.*s and %zu more", (int)list.len, list.ptr, item->others - named);
	if (item->others == 0)
		return list;
	if (item->others == 1)
		return arena_printf(arena, "the same for %.*s", (int)list.len, list.ptr);
	return arena_printf(
		arena, "the same for %zu more domains: %.*s", item->others, (int)list.len, list.ptr);
}
