/* diff_domains: see diff_domains.h.
 *
 *     example.com         TXT "v=spf1 include:_spf.example.com -all"     example.com
 *     _spf.example.com    TXT "v=spf1 ip4:192.0.2.0/24 -all"             _spf.example.com, a part
 *     _dmarc.example.com  TXT "v=DMARC1; p=reject"                       example.com
 */
#include "cli/diff_domains.h"

#include <stdlib.h>

#include "cli/domain.h"
#include "lint/lint_record.h"

/* A name that was found; `number`: of what was found, for a stable order. */
struct found {
	struct name name;
	size_t number;
	bool has_dmarc;
};

struct finder {
	struct arena *arena;
	struct found *items;
	size_t count, capacity;
};

static void add(struct finder *finder, struct name name, bool has_dmarc)
{
	finder->items = arena_grow(
		finder->arena, finder->items, finder->count, &finder->capacity, sizeof *finder->items);
	finder->items[finder->count] = (struct found){name, finder->count, has_dmarc};
	finder->count++;
}

static bool looks_like_spf(struct arena *arena, const struct record *record)
{
	const struct txt_data *txt = &record->data.txt;
	if (record->type != RRTYPE_TXT || record->malformed)
		return false;
	struct arena_mark mark = arena_mark(arena);
	enum lint_type type = lint_record_guess(arena, txt->joined, txt->count > 1 ? txt->strings[0].len : 0);
	arena_rewind(arena, mark);
	return type == LINT_SPF;
}

static void look_at(struct finder *finder, struct arena *scratch, const struct zonefile_record *record)
{
	uint16_t type = record->record.type;
	bool is_dmarc = slice_equal(name_first_label(record->owner), SLICE("_dmarc"));
	if (is_dmarc && (type == RRTYPE_TXT || type == RRTYPE_CNAME))
		add(finder, name_parent(record->owner), true);
	else if (looks_like_spf(scratch, &record->record))
		add(finder, record->owner, false);
}

static void look_at_side(struct finder *finder, struct arena *scratch, const struct diff_sides_one *side)
{
	for (size_t z = 0; z < side->zone_count; z++)
		for (size_t i = 0; i < side->zones[z]->count; i++)
			look_at(finder, scratch, &side->zones[z]->records[i]);
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

/* Each name once: the sorted names of `finder`. */
static void list_once(struct finder *finder, struct diff_domains *out)
{
	struct diff_domain *items = arena_alloc(finder->arena, (finder->count + 1) * sizeof *items);
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

void diff_domains_find(
	struct arena *arena, const struct diff_sides_one sides[DIFF_SIDES], struct diff_domains *out)
{
	struct finder finder = {.arena = arena};
	struct arena scratch;
	arena_init(&scratch, arena->escape);
	for (size_t i = 0; i < DIFF_SIDES; i++)
		look_at_side(&finder, &scratch, &sides[i]);
	arena_free(&scratch);
	if (finder.count > 1)
		qsort(finder.items, finder.count, sizeof *finder.items, by_place);
	list_once(&finder, out);
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
