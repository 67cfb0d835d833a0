/* finding: see finding.h. */
#include "rules/finding.h"

void findings_init(struct findings *list, struct arena *arena)
{
	*list = (struct findings){.arena = arena};
}

static struct finding *append(struct findings *list)
{
	list->items = arena_grow(list->arena, list->items, list->count, &list->capacity, sizeof *list->items);
	struct finding *finding = &list->items[list->count++];
	*finding = (struct finding){0};
	return finding;
}

struct finding *findings_add(struct findings *list, enum rule_id rule)
{
	const struct rule *row = rule_get(rule);
	struct finding *finding = append(list);
	finding->rule = rule;
	finding->severity = row->severity;
	for (size_t i = 0; i < RECEIVER_COUNT; i++)
		finding->effects[i] = row->effects[i];
	return finding;
}

struct finding *findings_add_at(struct findings *list, enum rule_id rule, struct span span)
{
	struct finding *finding = findings_add(list, rule);
	finding->has_span = true;
	finding->span = span;
	return finding;
}

/* The first room of a list: no more than the `count` findings that are about to come. Most lists are of one
 * record and stay as they are. */
static void make_room(struct findings *list, size_t count)
{
	if (list->capacity > 0 || count == 0)
		return;
	list->items = arena_alloc(list->arena, count * sizeof *list->items);
	list->capacity = count;
}

void findings_adopt(struct findings *list, const struct findings *from, const struct finding_place *place)
{
	make_room(list, from->count);
	for (size_t i = 0; i < from->count; i++) {
		struct finding *finding = append(list);
		*finding = from->items[i];
		finding->place = *place;
	}
}

struct slice finding_text(const struct finding *finding)
{
	if (!finding->has_span)
		return (struct slice){0};
	return slice_at(finding->place.record, finding->span);
}

void finding_effect_all(
	struct finding *finding, enum effect rfc7208, enum effect rfc7489, enum effect rfc9989)
{
	finding->effects[RECEIVER_RFC7208] = rfc7208;
	finding->effects[RECEIVER_RFC7489] = rfc7489;
	finding->effects[RECEIVER_RFC9989] = rfc9989;
}
