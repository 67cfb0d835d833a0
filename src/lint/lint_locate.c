/* lint_locate: see lint_locate.h.
 *
 *     index     TXT and SPF records of all zones, sorted by file and line, as findings name them
 *     a place   file and line --> the record there whose text is the finding's --> bytes of the file
 */
#include "lint/lint_locate.h"

#include <stdlib.h>

#include "lint/lint_written.h"

struct lint_locate {
	const struct zonefile_record **records; /* sorted by compare_places() */
	size_t count;
};

static int compare_places(struct slice file, size_t line, const struct zonefile_record *record)
{
	const struct origin *origin = &record->record.origin;
	int order = file.ptr == origin->file.ptr && file.len == origin->file.len
			    ? 0
			    : slice_compare(file, origin->file);
	return order != 0 ? order : (line > origin->line) - (line < origin->line);
}

static int compare_records(const void *left, const void *right)
{
	const struct zonefile_record *const *a = left, *const *b = right;
	return compare_places((*a)->record.origin.file, (*a)->record.origin.line, *b);
}

static bool is_text(const struct zonefile_record *record)
{
	return record->record.type == RRTYPE_TXT || record->record.type == RRTYPE_SPF;
}

static size_t count_texts(struct zonefile_list zones)
{
	size_t texts = 0;
	for (size_t i = 0; i < zones.count; i++)
		for (size_t r = 0; r < zones.items[i]->count; r++)
			texts += is_text(&zones.items[i]->records[r]);
	return texts;
}

const struct lint_locate *lint_locate_open(struct arena *arena, struct zonefile_list zones)
{
	struct lint_locate *locate = arena_alloc(arena, sizeof *locate);
	locate->records =
		arena_alloc(arena, (count_texts(zones) + 1) * sizeof(const struct zonefile_record *));
	for (size_t i = 0; i < zones.count; i++)
		for (size_t r = 0; r < zones.items[i]->count; r++)
			if (is_text(&zones.items[i]->records[r]))
				locate->records[locate->count++] = &zones.items[i]->records[r];
	if (locate->count > 1)
		qsort(locate->records, locate->count, sizeof(const struct zonefile_record *),
			compare_records);
	return locate;
}

/* The first record at this place or behind it. */
static size_t lower_bound(const struct lint_locate *locate, struct slice file, size_t line)
{
	size_t low = 0, high = locate->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (compare_places(file, line, locate->records[middle]) > 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* A file that is included twice has the same record twice. One that two zones name may have been changed
 * between: then the text decides. */
static const struct zonefile_record *find(const struct lint_locate *locate, const struct finding_place *place)
{
	if (locate == NULL || place->file.len == 0 || place->line == 0)
		return NULL;
	for (size_t at = lower_bound(locate, place->file, place->line); at < locate->count; at++) {
		const struct zonefile_record *record = locate->records[at];
		if (compare_places(place->file, place->line, record) != 0)
			break;
		if (slice_equal(record->record.data.txt.joined, place->record))
			return record;
	}
	return NULL;
}

/* The record as lint has it. */
static struct lint_record read_record(struct arena *arena, const struct zonefile_record *source)
{
	struct lint_record record = {.type = LINT_NONE};
	if (source->words != NULL)
		lint_written_read(arena, source, &record);
	else
		record.origin = (struct lint_origin){.file = source->place.file,
			.line = source->place.line,
			.column = source->place.column};
	return record;
}

static struct span span_or_all(const struct finding *finding)
{
	return finding->has_span ? finding->span : span_of(0, finding->place.record.len);
}

void lint_locate_findings(const struct lint_locate *locate, struct arena *arena, struct findings *findings)
{
	const struct zonefile_record *source = NULL;
	struct lint_record record = {.type = LINT_NONE};
	for (size_t i = 0; i < findings->count; i++) {
		struct finding *finding = &findings->items[i];
		const struct zonefile_record *found = find(locate, &finding->place);
		if (found == NULL)
			continue;
		if (found != source) /* findings of a record stand together */
			record = read_record(arena, found);
		source = found;
		lint_record_place_span(&record, span_or_all(finding), &finding->place);
		if (source->words != NULL)
			lint_written_edits(arena, &record, source, finding);
	}
}
