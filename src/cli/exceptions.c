/* exceptions: see exceptions.h. */
#include "cli/exceptions.h"

#include <stdlib.h>

#include "cli/complain.h"
#include "cli/file_place.h"
#include "config/config_date.h"
#include "config/config_remark.h"
#include "lint/lint_record.h"
#include "rules/message.h"

/* --- which rules a run can find --------------------------------------------------------------------- */

/* Whether its text alone shows what is wrong with the rule's example. */
static bool is_shown_by_text(struct arena *arena, const struct rule *rule, enum lint_type type)
{
	struct arena_mark mark = arena_mark(arena);
	struct slice text = slice_cstr(rule->bad);
	struct lint_paste paste = {.text = text, .strings = &text, .string_count = 1};
	const struct lint_origin origin = {.line = 0};
	struct lint_record record;
	bool shown = false;
	lint_record(arena, &paste, type, &origin, &record);
	for (size_t i = 0; i < record.findings.count; i++)
		shown = shown || rule_get(record.findings.items[i].rule) == rule;
	arena_rewind(arena, mark);
	return shown;
}

static bool domains_can_find(const struct rule *rule, bool compared)
{
	return rule->example != EXAMPLE_FILE && rule->example != EXAMPLE_CONFIG &&
	       (compared || rule->example != EXAMPLE_CHANGE);
}

static bool records_can_find(struct arena *arena, const struct rule *rule, bool in_zone)
{
	switch (rule->example) {
	case EXAMPLE_SPF:
		return is_shown_by_text(arena, rule, LINT_SPF);
	case EXAMPLE_DMARC:
		return is_shown_by_text(arena, rule, LINT_DMARC);
	case EXAMPLE_EXP:
		return is_shown_by_text(arena, rule, LINT_EXP);
	case EXAMPLE_FILE:
		return in_zone;
	case EXAMPLE_ZONE: /* may need what DNS says of other names: not sure, so nothing is said */
	case EXAMPLE_CONFIG:
	case EXAMPLE_CHANGE:
		break;
	}
	return false;
}

static bool scope_can_find(struct arena *arena, enum exceptions_scope scope, const struct rule *rule)
{
	switch (scope) {
	case EXCEPTIONS_DOMAINS:
	case EXCEPTIONS_CHANGES:
		return domains_can_find(rule, scope == EXCEPTIONS_CHANGES);
	case EXCEPTIONS_RECORDS:
	case EXCEPTIONS_ZONE_RECORDS:
		break;
	}
	return records_can_find(arena, rule, scope == EXCEPTIONS_ZONE_RECORDS);
}

/* A list of `items`, with can_find of the rules that they name; the others do not matter. */
static void init_list(struct exceptions *exceptions, struct suppress_list *list,
	const struct suppression *items, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		enum rule_id rule = items[i].rule;
		if (!exceptions->is_known[rule])
			exceptions->can_find[rule] =
				scope_can_find(exceptions->arena, exceptions->scope, rule_get(rule));
		exceptions->is_known[rule] = true;
	}
	suppress_init(list, exceptions->arena, items, count, exceptions->today);
	list->can_find = exceptions->can_find;
}

/* --- the list ------------------------------------------------------------------------------------- */

static bool read_zone(struct arena *arena, const struct zonefile *zone, const struct suppression **items,
	size_t *count, struct slice *error)
{
	struct zonefile_error problem = {.place = {.line = 0}};
	if (config_remark_read(arena, zone, items, count, &problem))
		return true;
	*error = file_place_error(arena, problem.place.file, &problem);
	return false;
}

/* A growing list of items of several sources. */
struct items {
	struct suppression *items;
	size_t count, capacity;
};

static void add_items(struct arena *arena, struct items *list, const struct suppression *items, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		list->items =
			arena_grow(arena, list->items, list->count, &list->capacity, sizeof *list->items);
		list->items[list->count++] = items[i];
	}
}

static bool find_today(struct arena *arena, int *today, struct slice *error)
{
	const char *epoch = getenv("SOURCE_DATE_EPOCH");
	if (config_date_today(epoch, today))
		return true;
	*error = epoch == NULL ? SLICE("what day it is today cannot be told")
			       : arena_printf(arena, "SOURCE_DATE_EPOCH is to be seconds since 1970, not %s",
					 complain_quote(arena, slice_cstr(epoch)));
	return false;
}

bool exceptions_open(struct arena *arena, enum exceptions_scope scope, const struct config *config,
	struct zonefile_list zones, struct exceptions *out, struct slice *error)
{
	struct items all = {.count = 0};
	*out = (struct exceptions){.arena = arena, .scope = scope};
	findings_init(&out->told, arena);
	if (!find_today(arena, &out->today, error))
		return false;
	add_items(arena, &all, config->suppressions, config->suppression_count);
	for (size_t i = 0; i < zones.count; i++) {
		const struct suppression *items;
		size_t count;
		if (!read_zone(arena, zones.items[i], &items, &count, error))
			return false;
		add_items(arena, &all, items, count);
	}
	init_list(out, &out->list, all.items, all.count);
	return true;
}

struct suppress_list *exceptions_list(struct exceptions *exceptions)
{
	return &exceptions->list;
}

bool exceptions_begin_zone(struct exceptions *exceptions, const struct zonefile *zone, struct slice *error)
{
	const struct suppression *items;
	size_t count;
	if (!read_zone(exceptions->arena, zone, &items, &count, error))
		return false;
	init_list(exceptions, &exceptions->zone_list, items, count);
	exceptions->list.next = &exceptions->zone_list;
	return true;
}

void exceptions_end_zone(struct exceptions *exceptions)
{
	exceptions->list.next = NULL;
	suppress_report(&exceptions->zone_list, &exceptions->told);
}

/* --- the end -------------------------------------------------------------------------------------- */

void exceptions_finish(struct exceptions *exceptions, const struct filter *filter, struct findings *out)
{
	struct filter levels = *filter;
	levels.suppressions = NULL; /* they do not cover themselves */
	findings_init(out, exceptions->arena);
	suppress_report(&exceptions->list, out);
	for (size_t i = 0; i < exceptions->told.count; i++)
		*findings_add(out, exceptions->told.items[i].rule) = exceptions->told.items[i];
	filter_findings(&levels, out);
}

void exceptions_complain(struct arena *arena, const struct findings *findings)
{
	for (size_t i = 0; i < findings->count; i++) {
		const struct finding *finding = &findings->items[i];
		const struct finding_place *place = &finding->place;
		struct slice message = message_text(arena, finding);
		const struct zonefile_error told = {{place->file, place->line, place->column},
			arena_printf(arena, "%s: %.*s [%s]", severity_text(finding->severity),
				(int)message.len, message.ptr, rule_get(finding->rule)->id)};
		complain_line(file_place_error(arena, place->file, &told));
	}
}
