/* source_records: records given by hand, and sets taken away; see source_records.h.
 *
 * A set given replaces what DNS has for its name and type. A set taken away is answered with NODATA, not
 * NXDOMAIN: whether the name has other data is not known here, and "no data" is true in both cases. A
 * name with a CNAME has nothing else (RFC 1034 3.6.2), so taking that away leaves no data of any type.
 */
#include "dns/source_records.h"

#include <stdlib.h>

struct source_records {
	struct local_source base;
	const struct zonefile_record **sets; /* sorted by type, name, rdata: sets and copies stand together */
	size_t count;
	struct question *removed; /* sorted */
	size_t removed_count;
};

static int compare_with_question(const struct zonefile_record *record, const struct question *question)
{
	const struct question own = {record->owner, record->record.type};
	return question_compare(&own, question);
}

static int compare_records(const void *left, const void *right)
{
	const struct zonefile_record *a = *(const struct zonefile_record *const *)left;
	const struct zonefile_record *b = *(const struct zonefile_record *const *)right;
	const struct question question = {b->owner, b->record.type};
	int order = compare_with_question(a, &question);
	if (order == 0)
		order = slice_compare(a->record.rdata, b->record.rdata);
	return order != 0 ? order : (a > b) - (a < b);
}

/* The records of `question` in *out (memory from `arena`), copies left out; false: no such set was given. */
static bool find_set(const struct source_records *source, struct arena *arena,
	const struct question *question, struct answer *out)
{
	size_t low = 0, high = source->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (compare_with_question(source->sets[middle], question) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	size_t end = low;
	while (end < source->count && compare_with_question(source->sets[end], question) == 0)
		end++;
	if (end == low)
		return false;
	struct record *records = arena_alloc(arena, (end - low) * sizeof *records);
	const struct record *first = &source->sets[low]->record;
	*out = (struct answer){.question = *question,
		.kind = ANSWER_RECORDS,
		.owner_exists = true,
		.ttl = first->ttl,
		.origin = first->origin,
		.owner = question->name,
		.records = records};
	for (size_t i = low; i < end; i++) {
		const struct record *record = &source->sets[i]->record;
		if (record->ttl < out->ttl)
			out->ttl = record->ttl;
		if (out->count == 0 || !slice_equal(records[out->count - 1].rdata, record->rdata))
			records[out->count++] = *record;
	}
	return true;
}

static bool is_removed(const struct source_records *source, struct name name, uint16_t type)
{
	const struct question question = {name, type};
	return source->removed_count > 0 && bsearch(&question, source->removed, source->removed_count,
						    sizeof *source->removed, question_order) != NULL;
}

static bool source_records_lookup(const struct local_source *local, struct arena *arena,
	const struct question *question, struct answer *out)
{
	const struct source_records *source = (const struct source_records *)local;
	const struct question alias = {question->name, RRTYPE_CNAME};
	if (find_set(source, arena, question, out))
		return true;
	if (find_set(source, arena, &alias, out)) {
		out->question = *question;
		out->kind = ANSWER_ALIAS;
		out->count = 1;
		return true;
	}
	if (!is_removed(source, question->name, question->type) &&
		!is_removed(source, question->name, RRTYPE_CNAME))
		return false;
	*out = (struct answer){.question = *question,
		.kind = ANSWER_NODATA,
		.owner_exists = true,
		.origin.kind = ORIGIN_RECORD,
		.owner = question->name};
	return true;
}

/* Linear: the records are few, typed by hand, and this is asked only when a name does not exist elsewhere. */
static bool source_records_name_exists(const struct local_source *local, struct name name)
{
	const struct source_records *source = (const struct source_records *)local;
	for (size_t i = 0; i < source->count; i++)
		if (name_is_within(source->sets[i]->owner, name))
			return true;
	return false;
}

struct local_source *source_records_open(struct arena *arena, const struct zonefile_record *records,
	size_t record_count, const struct question *removed, size_t removed_count)
{
	static const struct local_ops ops = {source_records_lookup, source_records_name_exists};
	struct source_records *source = arena_alloc(arena, sizeof *source);
	source->base.ops = &ops;
	source->sets = arena_alloc(arena, record_count * sizeof(const struct zonefile_record *));
	source->count = record_count;
	for (size_t i = 0; i < record_count; i++)
		source->sets[i] = &records[i];
	if (record_count > 1)
		qsort(source->sets, record_count, sizeof(const struct zonefile_record *), compare_records);
	source->removed = arena_alloc(arena, removed_count * sizeof *source->removed);
	source->removed_count = removed_count;
	for (size_t i = 0; i < removed_count; i++)
		source->removed[i] = removed[i];
	if (removed_count > 1)
		qsort(source->removed, removed_count, sizeof *source->removed, question_order);
	return &source->base;
}
