/* source_zone: the answers of a name server that has this zone (RFC 1034 4.3.2, RFC 4592, RFC 6672); see
 * source_zone.h.
 *
 * Owners are sorted by a key, the labels from the right, so that a name and all names below it stand
 * together:
 *
 *     mail.example.com   ->   03 com 07 example 04 mail
 *
 * An ancestor's key is the beginning of its descendants' keys: whether a name exists, if only because of
 * a name below it (an empty non-terminal, RFC 4592 2.2.2), is one binary search. Copies of a record count
 * once, as in every name server (RFC 2181 5).
 */
#include "dns/source_zone.h"

#include <stdlib.h>

#define MAX_LABELS ((NAME_MAX_WIRE - 1) / 2)
#define YXDOMAIN   6 /* RFC 6672 2.2: the name that a DNAME leads to is too long */

/* A name's key, with the key's length for each number of labels: end[0] is the root's. */
struct key {
	char bytes[NAME_MAX_WIRE];
	size_t end[MAX_LABELS + 1];
	size_t labels;
};

struct item {
	struct slice key;
	const struct zonefile_record *record;
};

/* A name that owns records. Invariant: items are sorted by type, then rdata. */
struct owner {
	struct slice key;
	const struct item *items;
	size_t count;
};

struct source_zone {
	struct local_source base;
	const struct zonefile *zone;
	size_t apex_labels;
	struct owner *owners; /* sorted by key */
	size_t owner_count;
	struct origin origin; /* of the SOA */
	uint32_t negative_ttl;
};

/* --- index ------------------------------------------------------------------------------------ */

/* From the last label of the key, which is the first of the name, to its first. */
static void fill_key(struct name name, struct key *key)
{
	size_t left = name.len - 1;
	key->labels = name_labels(name);
	key->end[0] = 0;
	for (size_t i = key->labels; i > 0; i--) {
		size_t len = name_first_label(name).len + 1;
		key->end[i] = left;
		left -= len;
		memcpy(key->bytes + left, name.wire, len);
		name = name_parent(name);
	}
}

/* The key of the rightmost `labels` labels. */
static struct slice key_of(const struct key *key, size_t labels)
{
	return slice_of(key->bytes, key->end[labels]);
}

static int compare_items(const void *left, const void *right)
{
	const struct item *a = left, *b = right;
	int order = slice_compare(a->key, b->key);
	if (order == 0 && a->record->record.type != b->record->record.type)
		order = a->record->record.type < b->record->record.type ? -1 : 1;
	if (order == 0)
		order = slice_compare(a->record->record.rdata, b->record->record.rdata);
	if (order == 0 && a->record != b->record)
		order = a->record < b->record ? -1 : 1; /* as in the file */
	return order;
}

static struct item *sorted_items(struct arena *arena, const struct zonefile *zone)
{
	struct item *items = arena_alloc(arena, zone->count * sizeof *items);
	struct name before = {NULL, 0};
	struct key key;
	for (size_t i = 0; i < zone->count; i++) {
		const struct zonefile_record *record = &zone->records[i];
		if (i > 0 && name_equal(record->owner, before)) {
			items[i] = (struct item){items[i - 1].key, record};
			continue;
		}
		fill_key(record->owner, &key);
		items[i] = (struct item){arena_copy(arena, key_of(&key, key.labels)), record};
		before = record->owner;
	}
	if (zone->count > 1)
		qsort(items, zone->count, sizeof *items, compare_items);
	return items;
}

static size_t count_owners(const struct item *items, size_t count)
{
	size_t owners = 0;
	for (size_t i = 0; i < count; i++)
		owners += i == 0 || !slice_equal(items[i - 1].key, items[i].key);
	return owners;
}

static void add_owners(struct arena *arena, struct source_zone *source)
{
	const struct item *items = sorted_items(arena, source->zone);
	size_t total = source->zone->count, count = 0;
	struct owner *owners = arena_alloc(arena, count_owners(items, total) * sizeof *owners);
	for (size_t i = 0; i < total; i++) {
		if (count > 0 && slice_equal(owners[count - 1].key, items[i].key))
			owners[count - 1].count++;
		else
			owners[count++] = (struct owner){items[i].key, &items[i], 1};
	}
	source->owners = owners;
	source->owner_count = count;
}

/* Index of the first owner whose key is not before `key`. */
static size_t lower_bound(const struct source_zone *source, struct slice key)
{
	size_t low = 0, high = source->owner_count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (slice_compare(source->owners[middle].key, key) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* The owner with this very key; NULL: the name owns nothing. */
static const struct owner *find_owner(const struct source_zone *source, struct slice key)
{
	size_t at = lower_bound(source, key);
	return at < source->owner_count && slice_equal(source->owners[at].key, key) ? &source->owners[at]
										    : NULL;
}

/* RFC 4592 2.2: a name exists when it, or a name below it, owns something. */
static bool key_exists(const struct source_zone *source, struct slice key)
{
	size_t at = lower_bound(source, key);
	return at < source->owner_count && slice_starts(source->owners[at].key, key);
}

/* The first record of `type`; NULL: none. */
static const struct item *find_type(const struct owner *owner, uint16_t type)
{
	size_t low = 0, high = owner->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (owner->items[middle].record->record.type < type)
			low = middle + 1;
		else
			high = middle;
	}
	return low < owner->count && owner->items[low].record->record.type == type ? &owner->items[low]
										   : NULL;
}

/* --- answers ---------------------------------------------------------------------------------- */

static struct answer negative(
	const struct source_zone *source, const struct question *question, enum answer_kind kind)
{
	return (struct answer){.question = *question,
		.kind = kind,
		.owner_exists = kind == ANSWER_NODATA,
		.ttl = source->negative_ttl,
		.origin = source->origin,
		.owner = question->name};
}

static struct answer positive(struct arena *arena, const struct question *question, const struct owner *owner,
	const struct item *first)
{
	const struct item *end = owner->items + owner->count;
	struct record *records = arena_alloc(arena, (size_t)(end - first) * sizeof *records);
	struct answer answer = {.question = *question,
		.kind = ANSWER_RECORDS,
		.owner_exists = true,
		.ttl = first->record->record.ttl,
		.origin = first->record->record.origin,
		.owner = question->name,
		.records = records};
	for (const struct item *item = first; item < end; item++) {
		const struct record *record = &item->record->record;
		if (record->type != first->record->record.type)
			break;
		if (record->ttl < answer.ttl)
			answer.ttl = record->ttl;
		if (answer.count == 0 || !slice_equal(records[answer.count - 1].rdata, record->rdata))
			records[answer.count++] = *record;
	}
	return answer;
}

/* RFC 1034 4.3.2, step 3a: the name is there. */
static struct answer answer_from(const struct source_zone *source, struct arena *arena,
	const struct question *question, const struct owner *owner)
{
	const struct item *alias = find_type(owner, RRTYPE_CNAME);
	const struct item *first = find_type(owner, question->type);
	if (first != NULL)
		return positive(arena, question, owner, first);
	if (alias == NULL)
		return negative(source, question, ANSWER_NODATA);
	struct answer answer = positive(arena, question, owner, alias);
	answer.kind = ANSWER_ALIAS;
	answer.count = 1;
	return answer;
}

/* RFC 6672 3.2: the labels below the DNAME's owner, put before its target, as a CNAME with the DNAME's
 * TTL. */
static struct answer answer_from_dname(
	struct arena *arena, const struct question *question, const struct record *dname, size_t labels_below)
{
	char prefix[NAME_MAX_WIRE];
	struct name target, below = {prefix, 0};
	struct name rest = question->name;
	for (size_t i = 0; i < labels_below; i++)
		rest = name_parent(rest);
	below.len = question->name.len - rest.len + 1;
	memcpy(prefix, question->name.wire, below.len - 1);
	prefix[below.len - 1] = 0;
	if (name_join(arena, below, dname->data.target, &target) != NAME_OK) {
		struct answer failure = answer_failure(*question, DNS_FAILURE_RCODE);
		failure.rcode = YXDOMAIN;
		failure.origin = dname->origin;
		return failure;
	}
	struct record *alias = arena_alloc(arena, sizeof *alias);
	*alias = (struct record){.type = RRTYPE_CNAME,
		.ttl = dname->ttl,
		.rdata = slice_of(target.wire, target.len),
		.origin = dname->origin,
		.data.target = target};
	return (struct answer){.question = *question,
		.kind = ANSWER_ALIAS,
		.owner_exists = true,
		.ttl = dname->ttl,
		.origin = dname->origin,
		.owner = question->name,
		.records = alias,
		.count = 1};
}

/* --- lookup ----------------------------------------------------------------------------------- */

/* What is met on the way down from the apex to a name. */
struct descent {
	bool is_delegated;	    /* a cut at or above the name: another zone's data */
	const struct record *dname; /* of the topmost ancestor that has one */
	size_t dname_labels;	    /* labels of that ancestor */
};

static struct descent descend(const struct source_zone *source, const struct key *key)
{
	struct descent descent = {0};
	for (size_t labels = source->apex_labels; labels <= key->labels; labels++) {
		const struct owner *owner = find_owner(source, key_of(key, labels));
		if (owner == NULL)
			continue;
		if (labels > source->apex_labels && find_type(owner, RRTYPE_NS) != NULL) {
			descent.is_delegated = true;
			return descent;
		}
		const struct item *dname = find_type(owner, RRTYPE_DNAME);
		if (dname != NULL && labels < key->labels) {
			descent.dname = &dname->record->record;
			descent.dname_labels = labels;
			return descent;
		}
	}
	return descent;
}

/* RFC 4592 3.3.1: the nearest ancestor that exists. The apex always does. */
static size_t closest_encloser(const struct source_zone *source, const struct key *key)
{
	size_t labels = key->labels - 1;
	while (labels > source->apex_labels && !key_exists(source, key_of(key, labels)))
		labels--;
	return labels;
}

/* RFC 4592 3.3.2: the name is not there; a wildcard at the closest encloser answers for it. False: a
 * wildcard that delegates. */
static bool answer_missing(const struct source_zone *source, struct arena *arena,
	const struct question *question, struct key *key, struct answer *out)
{
	static const char asterisk[] = {1, '*'};
	size_t start = key->end[closest_encloser(source, key)];
	if (start + sizeof asterisk > sizeof key->bytes) {
		*out = negative(source, question, ANSWER_NXDOMAIN);
		return true;
	}
	memcpy(key->bytes + start, asterisk, sizeof asterisk);
	struct slice wildcard = slice_of(key->bytes, start + sizeof asterisk);
	const struct owner *owner = find_owner(source, wildcard);
	if (owner != NULL && find_type(owner, RRTYPE_NS) != NULL)
		return false;
	if (owner != NULL)
		*out = answer_from(source, arena, question, owner);
	else
		*out = negative(
			source, question, key_exists(source, wildcard) ? ANSWER_NODATA : ANSWER_NXDOMAIN);
	out->from_wildcard = out->kind != ANSWER_NXDOMAIN;
	return true;
}

static bool source_zone_lookup(const struct local_source *local, struct arena *arena,
	const struct question *question, struct answer *out)
{
	const struct source_zone *source = (const struct source_zone *)local;
	struct key key;
	if (name_is_none(source->zone->apex) || !name_is_within(question->name, source->zone->apex))
		return false;
	fill_key(question->name, &key);
	struct descent descent = descend(source, &key);
	if (descent.is_delegated)
		return false;
	if (descent.dname != NULL) {
		*out = answer_from_dname(arena, question, descent.dname, key.labels - descent.dname_labels);
		return true;
	}
	const struct owner *owner = find_owner(source, key_of(&key, key.labels));
	if (owner == NULL && !key_exists(source, key_of(&key, key.labels)))
		return answer_missing(source, arena, question, &key, out);
	*out = owner == NULL ? negative(source, question, ANSWER_NODATA)
			     : answer_from(source, arena, question, owner);
	return true;
}

/* A delegation proves its own name, not those below it: glue is not the zone's data. */
static bool source_zone_name_exists(const struct local_source *local, struct name name)
{
	const struct source_zone *source = (const struct source_zone *)local;
	struct key key;
	if (name_is_none(source->zone->apex))
		return false;
	fill_key(name, &key);
	if (name_is_within(name, source->zone->apex) && key.labels > source->apex_labels) {
		struct key above;
		fill_key(name_parent(name), &above);
		if (descend(source, &above).is_delegated)
			return false;
	}
	return key_exists(source, key_of(&key, key.labels));
}

static uint32_t soa_minimum(struct slice rdata)
{
	uint32_t value = 0;
	for (size_t i = rdata.len < 4 ? rdata.len : rdata.len - 4; i < rdata.len; i++)
		value = value << 8 | (unsigned char)rdata.ptr[i];
	return value;
}

/* RFC 2308 3: negative answers live as long as the SOA record, at most its minimum. */
static void note_soa(struct source_zone *source)
{
	for (size_t i = 0; i < source->zone->count; i++) {
		const struct record *record = &source->zone->records[i].record;
		if (record->type != RRTYPE_SOA)
			continue;
		uint32_t minimum = soa_minimum(record->rdata);
		source->negative_ttl = record->ttl < minimum ? record->ttl : minimum;
		source->origin = record->origin;
		return;
	}
}

struct local_source *source_zone_open(struct arena *arena, const struct zonefile *zone)
{
	static const struct local_ops ops = {source_zone_lookup, source_zone_name_exists};
	struct source_zone *source = arena_alloc(arena, sizeof *source);
	*source = (struct source_zone){.base.ops = &ops, .zone = zone, .origin.kind = ORIGIN_ZONE};
	source->apex_labels = name_labels(zone->apex);
	note_soa(source);
	add_owners(arena, source);
	return &source->base;
}
