/* suppress: see suppress.h.
 *
 *     suppress spf-ptr@*.example.com until 2027-03-31 ...
 *     today 2027-03-31: in force; the day after: expired, and a finding that it would cover stays
 *
 * Items of zone files are looked up by line: a zone may have as many as it has records. Those of the
 * configuration are looked up by the end of a name, as there may be one for each of many domains:
 *
 *     _dmarc.example.com     items that end with _dmarc.example.com, dmarc.example.com, ..., "com", "om", "m", ""
 */
#include "inspect/suppress.h"

#include <stdlib.h>

#include "base/ascii.h"
#include "inspect/glob.h"

/* --- the list ------------------------------------------------------------------------------------- */

struct entry {
	struct slice file; /* or the end of a pattern */
	size_t line;
	size_t index;
};

static int compare_entries(const void *left, const void *right)
{
	const struct entry *a = left, *b = right;
	int order = slice_compare(a->file, b->file);
	if (order == 0)
		order = (a->line > b->line) - (a->line < b->line);
	return order != 0 ? order : (a->index > b->index) - (a->index < b->index);
}

/* What every name ends with that the item is for. */
static struct slice tail_of(const struct suppression *item)
{
	struct slice tail = item->name_glob;
	if (tail.len > 1 && tail.ptr[tail.len - 1] == '.') /* as glob_matches() takes it */
		tail.len--;
	for (size_t at = tail.len; at-- > 0;)
		if (tail.ptr[at] == '*')
			return slice_from(tail, at + 1);
	return tail;
}

/* Without regard to case. */
static int compare_tails(struct slice a, struct slice b)
{
	size_t len = a.len < b.len ? a.len : b.len;
	for (size_t i = 0; i < len; i++) {
		int order = (unsigned char)ascii_lower(a.ptr[i]) - (unsigned char)ascii_lower(b.ptr[i]);
		if (order != 0)
			return order;
	}
	return (a.len > b.len) - (a.len < b.len);
}

static int compare_named(const void *left, const void *right)
{
	const struct entry *a = left, *b = right;
	int order = compare_tails(a->file, b->file);
	return order != 0 ? order : (a->index > b->index) - (a->index < b->index);
}

static void order_items(struct suppress_list *list, struct arena *arena)
{
	struct entry *entries = arena_alloc(arena, list->count * sizeof *entries);
	size_t *order = arena_alloc(arena, list->count * sizeof *order), named = list->count;
	for (size_t i = 0; i < list->count; i++) {
		const struct suppression *item = &list->items[i];
		if (item->in_zone)
			entries[list->zone_count++] = (struct entry){item->file, item->first_line, i};
		else
			entries[--named] = (struct entry){tail_of(item), 0, i};
	}
	if (list->zone_count > 1)
		qsort(entries, list->zone_count, sizeof *entries, compare_entries);
	if (list->count - named > 1)
		qsort(entries + named, list->count - named, sizeof *entries, compare_named);
	for (size_t i = 0; i < list->count; i++)
		order[i] = entries[i].index;
	list->order = order;
}

void suppress_init(struct suppress_list *list, struct arena *arena, const struct suppression *items,
	size_t count, int today)
{
	*list = (struct suppress_list){.items = items, .count = count, .today = today};
	list->marks = arena_alloc(arena, count * sizeof *list->marks);
	for (size_t i = 0; i < count; i++) {
		atomic_init(&list->marks[i].was_judged, false);
		atomic_init(&list->marks[i].was_used, false);
	}
	order_items(list, arena);
}

/* Order does not matter: marks are only set, and read when all threads have ended. */
static void set(atomic_bool *mark)
{
	if (!atomic_load_explicit(mark, memory_order_relaxed))
		atomic_store_explicit(mark, true, memory_order_relaxed);
}

static bool is_set(const atomic_bool *mark)
{
	return atomic_load_explicit(mark, memory_order_relaxed);
}

static bool is_expired(const struct suppress_list *list, const struct suppression *item)
{
	return item->has_expiry && item->until < list->today;
}

/* The first place in `order` of an item of a zone whose lines do not end before `line` of `file`. */
static size_t first_at(const struct suppress_list *list, struct slice file, size_t line)
{
	size_t low = 0, high = list->zone_count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct suppression *item = &list->items[list->order[middle]];
		int order = slice_compare(item->file, file);
		if (order < 0 || (order == 0 && item->last_line < line))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* True when order[at] is about lines up to `last_line` of `file`. */
static bool is_within(const struct suppress_list *list, size_t at, struct slice file, size_t last_line)
{
	if (at >= list->zone_count)
		return false;
	const struct suppression *item = &list->items[list->order[at]];
	return slice_equal(item->file, file) && item->first_line <= last_line;
}

/* --- findings ------------------------------------------------------------------------------------- */

static bool matches_name(const struct suppression *item, struct slice name)
{
	return item->name_glob.len == 0 || glob_matches(item->name_glob, name);
}

/* The first place in `order` of an item of the configuration whose pattern does not end before `tail`. */
static size_t first_with(const struct suppress_list *list, struct slice tail)
{
	size_t low = list->zone_count, high = list->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (compare_tails(tail_of(&list->items[list->order[middle]]), tail) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Calls `found` for each item of the configuration that is for `name`. */
static void each_named(struct suppress_list *list, struct slice name,
	void (*found)(struct suppress_list *list, size_t index, void *context), void *context)
{
	if (list->zone_count == list->count)
		return;
	for (size_t start = 0; start <= name.len; start++) {
		struct slice tail = slice_from(name, start);
		for (size_t at = first_with(list, tail); at < list->count; at++) {
			const struct suppression *item = &list->items[list->order[at]];
			if (compare_tails(tail_of(item), tail) != 0)
				break;
			if (matches_name(item, name))
				found(list, list->order[at], context);
		}
	}
}

/* True, with its mark set, when item `index` covers findings of `rule` that are where it is for. */
static bool use(struct suppress_list *list, size_t index, enum rule_id rule, bool expired)
{
	const struct suppression *item = &list->items[index];
	if (item->rule != rule || is_expired(list, item) != expired)
		return false;
	set(&list->marks[index].was_used);
	return true;
}

struct covering {
	enum rule_id rule;
	bool expired, covered;
};

static void cover(struct suppress_list *list, size_t index, void *context)
{
	struct covering *covering = context;
	covering->covered = use(list, index, covering->rule, covering->expired) || covering->covered;
}

/* By those in force, or, with `expired`, by those that have expired. All that cover the finding are marked,
 * so that none of them is called unused. */
static bool is_covered(struct suppress_list *list, const struct finding *finding, bool expired)
{
	const struct finding_place *place = &finding->place;
	struct covering covering = {finding->rule, expired, false};
	each_named(list, place->name, cover, &covering);
	for (size_t at = first_at(list, place->file, place->line);
		place->line > 0 && is_within(list, at, place->file, place->line); at++)
		cover(list, list->order[at], &covering);
	return covering.covered;
}

static bool is_covered_by_any(struct suppress_list *first, const struct finding *finding)
{
	bool covered = false;
	for (struct suppress_list *list = first; list != NULL; list = list->next)
		covered = is_covered(list, finding, false) || covered;
	for (struct suppress_list *list = first; list != NULL && !covered; list = list->next)
		is_covered(list, finding, true);
	return covered;
}

bool suppress_is_empty(const struct suppress_list *list)
{
	while (list != NULL && list->count == 0)
		list = list->next;
	return list == NULL;
}

void suppress_findings(struct suppress_list *list, struct findings *findings)
{
	size_t kept = 0;
	if (suppress_is_empty(list))
		return;
	for (size_t i = 0; i < findings->count; i++)
		if (!is_covered_by_any(list, &findings->items[i]))
			findings->items[kept++] = findings->items[i];
	findings->count = kept;
}

/* --- what was judged ------------------------------------------------------------------------------ */

static void note_judged(struct suppress_list *list, size_t index, void *context)
{
	(void)context;
	set(&list->marks[index].was_judged);
}

void suppress_note_name(struct suppress_list *list, struct slice name)
{
	for (; list != NULL; list = list->next)
		each_named(list, name, note_judged, NULL);
}

void suppress_note_lines(struct suppress_list *list, struct slice file, size_t first_line, size_t last_line)
{
	for (; list != NULL && file.len > 0; list = list->next)
		for (size_t at = first_at(list, file, first_line); is_within(list, at, file, last_line); at++)
			set(&list->marks[list->order[at]].was_judged);
}

/* --- the end of a run ----------------------------------------------------------------------------- */

static struct slice date_text(struct arena *arena, int day)
{
	return arena_printf(arena, "%04d-%02d-%02d", day / 10000, day / 100 % 100, day % 100);
}

/* "spf-ptr", "spf-ptr at *.example.com" */
static struct slice item_text(struct arena *arena, const struct suppression *item)
{
	struct slice id = slice_cstr(rule_get(item->rule)->id);
	if (item->name_glob.len == 0)
		return id;
	return arena_concat(arena, arena_concat(arena, id, SLICE(" at ")), item->name_glob);
}

static void report_item(const struct suppress_list *list, size_t index, struct findings *out)
{
	const struct suppression *item = &list->items[index];
	bool used = is_set(&list->marks[index].was_used), judged = is_set(&list->marks[index].was_judged);
	bool expired = is_expired(list, item);
	struct finding *finding = NULL;
	if (expired && used)
		finding = findings_add(out, RULE_CONFIG_SUPPRESSION_EXPIRED);
	else if (!used && judged && (list->can_find == NULL || list->can_find[item->rule]))
		finding = findings_add(out, RULE_CONFIG_SUPPRESSION_UNUSED);
	if (finding == NULL)
		return;
	finding->args[0] = item_text(out->arena, item);
	finding->args[1] = item->has_expiry ? date_text(out->arena, item->until) : SLICE("");
	finding->args[2] = item->reason;
	finding->place.name = item->name_glob;
	finding->place.file = item->file;
	finding->place.line = item->line;
	finding->place.column = item->column;
}

void suppress_report(const struct suppress_list *list, struct findings *out)
{
	for (; list != NULL; list = list->next)
		for (size_t i = 0; i < list->count; i++)
			report_item(list, i, out);
}
