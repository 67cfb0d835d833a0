/* zonefile_check: see zonefile_check.h. */
#include "dns/zonefile_check.h"

#include <stdlib.h>

#include "dns/zonefile_scan.h"

bool zonefile_check_owner(struct arena *arena, struct name apex, struct name owner,
	struct zonefile_place place, struct zonefile_error *error)
{
	if (name_is_none(apex) || name_is_within(owner, apex))
		return true;
	return zonefile_scan_fail(arena, error, place, "%s is outside the zone %s",
		zonefile_scan_shown(arena, name_text(arena, owner)),
		zonefile_scan_shown(arena, name_text(arena, apex)));
}

/* The first CNAME of a name, and the first record that cannot stand beside it. */
struct cname {
	struct name owner;
	const struct zonefile_record *alias;
	const struct zonefile_record *other;
};

static int compare_cnames(const void *left, const void *right)
{
	const struct cname *a = left, *b = right;
	return name_compare(a->owner, b->owner);
}

/* One item for each name with a CNAME, in the order of names. */
static struct cname *list_cnames(struct arena *arena, const struct zonefile *zone, size_t *count)
{
	struct cname *list = NULL;
	size_t capacity = 0, total = 0;
	*count = 0;
	for (size_t i = 0; i < zone->count; i++) {
		if (zone->records[i].record.type != RRTYPE_CNAME)
			continue;
		list = arena_grow(arena, list, total, &capacity, sizeof *list);
		list[total++] = (struct cname){.owner = zone->records[i].owner};
	}
	if (total > 1)
		qsort(list, total, sizeof *list, compare_cnames);
	for (size_t i = 0; i < total; i++)
		if (*count == 0 || !name_equal(list[*count - 1].owner, list[i].owner))
			list[(*count)++] = list[i];
	return list;
}

/* Signatures and their kin stand beside a CNAME (RFC 4034 3, 4, RFC 2181 10.1). */
static bool goes_with_cname(uint16_t type)
{
	enum { SIG = 24, KEY = 25, NXT = 30, RRSIG = 46, NSEC = 47 };
	return type == SIG || type == KEY || type == NXT || type == RRSIG || type == NSEC;
}

/* Notes `record` in its name's item; false when it cannot stand beside what was noted before. */
static bool fits_cname(struct cname *cname, const struct zonefile_record *record)
{
	if (goes_with_cname(record->record.type))
		return true;
	bool is_alias = record->record.type == RRTYPE_CNAME;
	bool is_copy = is_alias && cname->alias != NULL &&
		       slice_equal(cname->alias->record.rdata, record->record.rdata);
	if (is_alias && cname->alias == NULL)
		cname->alias = record;
	else if (!is_copy && cname->other == NULL)
		cname->other = record;
	return cname->alias == NULL || cname->other == NULL;
}

/* RFC 1034 3.6.2: a CNAME stands alone. */
static bool check_cnames(struct arena *arena, const struct zonefile *zone, struct zonefile_error *error)
{
	size_t count;
	struct cname *list = list_cnames(arena, zone, &count);
	for (size_t i = 0; i < zone->count && count > 0; i++) {
		const struct zonefile_record *record = &zone->records[i];
		const struct cname key = {.owner = record->owner};
		struct cname *cname = bsearch(&key, list, count, sizeof *list, compare_cnames);
		if (cname != NULL && !fits_cname(cname, record))
			return zonefile_scan_fail(arena, error, record->place,
				"%s has a CNAME and other data (also in line %zu): a CNAME stands alone",
				zonefile_scan_shown(arena, name_text(arena, record->owner)),
				record == cname->alias ? cname->other->record.origin.line
						       : cname->alias->record.origin.line);
	}
	return true;
}

/* Records that came before the SOA were not compared with it yet. */
bool zonefile_check_owners(struct arena *arena, const struct zonefile *zone, struct zonefile_error *error)
{
	for (size_t i = 0; i < zone->count; i++) {
		const struct zonefile_record *record = &zone->records[i];
		if (!zonefile_check_owner(arena, zone->apex, record->owner, record->place, error))
			return false;
	}
	return true;
}

bool zonefile_check(struct arena *arena, const struct zonefile *zone, struct zonefile_error *error)
{
	return zonefile_check_owners(arena, zone, error) && check_cnames(arena, zone, error);
}
