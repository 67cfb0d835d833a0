/* diff_domains: see diff_domains.h.
 *
 *     example.com         TXT "v=spf1 include:_spf.example.com -all"     example.com
 *     _spf.example.com    TXT "v=spf1 ip4:192.0.2.0/24 -all"             _spf.example.com, a part
 *     _dmarc.example.com  TXT "v=DMARC1; p=reject"                       example.com
 *     www.example.com     CNAME example.com.                             www.example.com
 */
#include "cli/diff_domains.h"

#include <stdlib.h>

#include "cli/domain.h"
#include "lint/lint_record.h"

#define MAX_ALIASES 8 /* in a row */

/* A name that was found; `number`: of what was found, for a stable order. */
struct found {
	struct name name;
	size_t number;
	bool has_dmarc;
};

/* A name that is an alias: what stands at its target holds for it too. */
struct other_name {
	struct name owner, target;
	bool taken;
};

struct finder {
	struct arena *arena;
	struct found *items;
	size_t count, capacity;
	struct other_name *aliases;
	size_t alias_count, alias_capacity;
};

static void add(struct finder *finder, struct name name, bool has_dmarc)
{
	finder->items = arena_grow(
		finder->arena, finder->items, finder->count, &finder->capacity, sizeof *finder->items);
	finder->items[finder->count] = (struct found){name, finder->count, has_dmarc};
	finder->count++;
}

static void add_alias(struct finder *finder, struct name owner, struct name target)
{
	finder->aliases = arena_grow(finder->arena, finder->aliases, finder->alias_count,
		&finder->alias_capacity, sizeof *finder->aliases);
	finder->aliases[finder->alias_count++] = (struct other_name){owner, target, false};
}

static enum lint_type guess(struct arena *arena, const struct record *record)
{
	const struct txt_data *txt = &record->data.txt;
	if (record->type != RRTYPE_TXT || record->malformed)
		return LINT_NONE;
	struct arena_mark mark = arena_mark(arena);
	enum lint_type type = lint_record_guess(arena, txt->joined, txt->count > 1 ? txt->strings[0].len : 0);
	arena_rewind(arena, mark);
	return type;
}

/* A policy at *.example.com answers at _dmarc.example.com. */
static void look_at(struct finder *finder, struct arena *scratch, const struct zonefile_record *record)
{
	uint16_t type = record->record.type;
	struct slice first = name_first_label(record->owner);
	if (slice_equal(first, SLICE("_dmarc"))) {
		if (type == RRTYPE_TXT || type == RRTYPE_CNAME)
			add(finder, name_parent(record->owner), true);
		return;
	}
	if (type == RRTYPE_CNAME && !record->record.malformed)
		add_alias(finder, record->owner, record->record.data.target);
	enum lint_type kind = guess(scratch, &record->record);
	if (kind == LINT_SPF)
		add(finder, record->owner, false);
	else if (kind == LINT_DMARC && slice_equal(first, SLICE("*")))
		add(finder, name_parent(record->owner), true);
}

static void look_at_zones(struct finder *finder, struct arena *scratch, struct zonefile_list zones)
{
	for (size_t z = 0; z < zones.count; z++)
		for (size_t i = 0; i < zones.items[z]->count; i++)
			look_at(finder, scratch, &zones.items[z]->records[i]);
}

static void look_at_side(struct finder *finder, struct arena *scratch, const struct diff_sides_one *side)
{
	look_at_zones(finder, scratch, side->zones);
	for (size_t i = 0; side->saved != NULL && i < side->saved->domain_count; i++)
		add(finder, side->saved->domains[i], false);
}

static bool has_underscore(struct name name)
{
	for (; !name_is_root(name); name = name_parent(name))
		if (slice_starts(name_first_label(name), SLICE("_")))
			return true;
	return false;
}

/* The order of the output; of one name, what was found first is first. */
static int by_place(const void *left, const void *right)
{
	const struct found *a = left, *b = right;
	int order = name_compare_hierarchy(a->name, b->name);
	return order != 0 ? order : (a->number > b->number) - (a->number < b->number);
}

/* True when an SPF record was found at `name`; of the items the first `count` are sorted. */
static bool has_spf(const struct finder *finder, size_t count, struct name name)
{
	size_t low = 0, high = count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (name_compare_hierarchy(finder->items[middle].name, name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < count && name_equal(finder->items[low].name, name); low++)
		if (!finder->items[low].has_dmarc)
			return true;
	return false;
}

static void sort(struct finder *finder)
{
	if (finder->count > 1)
		qsort(finder->items, finder->count, sizeof *finder->items, by_place);
}

/* Aliases of names with SPF records, of those, and so on. */
static void add_aliases(struct finder *finder)
{
	size_t known = 0;
	for (size_t hop = 0; hop < MAX_ALIASES && known < finder->count; hop++) {
		known = finder->count;
		for (size_t i = 0; i < finder->alias_count; i++) {
			struct other_name *alias = &finder->aliases[i];
			if (alias->taken || !has_spf(finder, known, alias->target))
				continue;
			alias->taken = true;
			add(finder, alias->owner, false);
		}
		sort(finder);
	}
}

/* Each name once: the sorted names of `finder`. */
static void list_once(struct arena *arena, const struct finder *finder, struct diff_domains *out)
{
	struct diff_domain *items = arena_alloc(arena, (finder->count + 1) * sizeof *items);
	size_t count = 0;
	for (size_t i = 0; i < finder->count; i++) {
		const struct found *found = &finder->items[i];
		if (count == 0 || !name_equal(items[count - 1].name, found->name))
			items[count++] = (struct diff_domain){found->name, has_underscore(found->name)};
		if (found->has_dmarc)
			items[count - 1].is_part = false;
	}
	*out = (struct diff_domains){items, count};
}

void diff_domains_find(struct arena *arena, const struct diff_sides_one sides[DIFF_SIDES],
	const struct sources *over, struct diff_domains *out)
{
	struct arena found, scratch;
	struct finder finder = {.arena = &found};
	arena_init(&found, arena->escape);
	arena_init(&scratch, arena->escape);
	for (size_t i = 0; i < DIFF_SIDES; i++)
		look_at_side(&finder, &scratch, &sides[i]);
	look_at_zones(&finder, &scratch, over->zones);
	for (size_t i = 0; i < over->record_count; i++)
		look_at(&finder, &scratch, &over->records[i]);
	sort(&finder);
	add_aliases(&finder);
	list_once(arena, &finder, out);
	arena_free(&found);
	arena_free(&scratch);
}

static int by_name(const void *left, const void *right)
{
	const struct found *a = left, *b = right;
	int order = name_compare(a->name, b->name);
	return order != 0 ? order : (a->number > b->number) - (a->number < b->number);
}

bool diff_domains_parse(struct arena *arena, const struct slice *arguments, size_t count,
	struct diff_domains *out, struct slice *error)
{
	struct diff_domain *items = arena_alloc(arena, (count + 1) * sizeof *items);
	struct found *sorted = arena_alloc(arena, (count + 1) * sizeof *sorted);
	bool *is_new = arena_alloc(arena, count + 1);
	*out = (struct diff_domains){items, 0};
	for (size_t i = 0; i < count; i++) {
		if (!domain_parse(arena, arguments[i], &items[i].name, error))
			return false;
		sorted[i] = (struct found){.name = items[i].name, .number = i};
	}
	if (count > 1)
		qsort(sorted, count, sizeof *sorted, by_name);
	for (size_t i = 0; i < count; i++)
		is_new[sorted[i].number] = i == 0 || !name_equal(sorted[i - 1].name, sorted[i].name);
	for (size_t i = 0; i < count; i++)
		if (is_new[i])
			items[out->count++] = items[i];
	return true;
}
