/* diff_parts: see diff_parts.h. */
#include "cli/diff_parts.h"

#include <stdlib.h>

static int by_name(const void *left, const void *right)
{
	const struct diff_part *a = left, *b = right;
	return slice_compare(a->name, b->name);
}

static struct diff_part *find(const struct diff_parts *parts, struct slice name)
{
	const struct diff_part key = {.name = name};
	return parts->count == 0 ? NULL
				 : bsearch(&key, parts->list, parts->count, sizeof *parts->list, by_name);
}

void diff_parts_list(struct arena *arena, const struct diff_domains *domains, struct diff_parts *out)
{
	size_t count = 0;
	for (size_t i = 0; i < domains->count; i++)
		count += domains->items[i].is_part;
	*out = (struct diff_parts){arena_alloc(arena, (count + 1) * sizeof *out->list), 0};
	for (size_t i = 0; i < domains->count; i++)
		if (domains->items[i].is_part)
			out->list[out->count++].name = name_text(arena, domains->items[i].name);
	if (out->count > 1)
		qsort(out->list, out->count, sizeof *out->list, by_name);
}

void diff_parts_reach(struct diff_parts *parts, size_t which, const struct diff_side *side)
{
	for (size_t i = 0; i < side->reached_count; i++) {
		struct diff_part *part = find(parts, side->reached[i]);
		if (part != NULL)
			part->is_reached[which] = true;
	}
}

bool diff_parts_are_told(
	const struct diff_parts *parts, struct slice name, const struct diff_side *const sides[DIFF_SIDES])
{
	const struct diff_part *part = find(parts, name);
	if (part == NULL)
		return false;
	for (size_t which = 0; which < DIFF_SIDES; which++)
		if (sides[which]->spf_status != STATUS_NONE && !part->is_reached[which])
			return false;
	return true;
}
