/* snapshot_written: see snapshot_written.h. */
#include "dns/snapshot_written.h"

#include <stdlib.h>

#include "dns/zonefile_head.h"
#include "dns/zonefile_text.h"

/* Where a record of an answer stands, and the record there. */
struct place {
	struct slice file;
	size_t line;
	const struct zonefile_record *record; /* NULL: not found yet */
};

static bool is_text(uint16_t type)
{
	return type == RRTYPE_TXT || type == RRTYPE_SPF;
}

static int compare_places(const void *left, const void *right)
{
	const struct place *a = left, *b = right;
	int order = slice_compare(a->file, b->file);
	return order != 0 ? order : (a->line > b->line) - (a->line < b->line);
}

/* --- writing ---------------------------------------------------------------------------------- */

/* The places of all text records that came from zone files, sorted. */
static struct place *find_places(
	struct arena *arena, const struct answer *const *answers, size_t count, size_t *found)
{
	size_t most = 0;
	for (size_t i = 0; i < count; i++)
		most += answers[i]->count;
	struct place *places = arena_alloc(arena, most * sizeof *places);
	*found = 0;
	for (size_t i = 0; i < count; i++) {
		for (size_t r = 0; r < answers[i]->count; r++) {
			const struct record *record = &answers[i]->records[r];
			if (is_text(record->type) && record->origin.kind == ORIGIN_ZONE)
				places[(*found)++] =
					(struct place){record->origin.file, record->origin.line, NULL};
		}
	}
	if (*found > 1)
		qsort(places, *found, sizeof *places, compare_places);
	return places;
}

/* Notes the record at the first of the equal places; a file that is read twice has it twice. */
static void note_record(struct place *places, size_t count, const struct zonefile_record *record)
{
	const struct place key = {record->record.origin.file, record->record.origin.line, NULL};
	size_t low = 0, high = count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (compare_places(&places[middle], &key) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	if (low < count && compare_places(&places[low], &key) == 0)
		places[low].record = record;
}

/* The lines of the record, without the last line end; empty: they cannot be told. */
static struct slice lines_of(struct arena *arena, const struct zonefile_record *record)
{
	struct zonefile_error error;
	struct zonefile_entry entry;
	struct zonefile_scan scan;
	struct slice source = record->source;
	size_t back = record->words[0].place.line - record->record.origin.line;
	size_t at = (size_t)(record->words[0].text.ptr - source.ptr);
	for (;; at--) {
		while (at > 0 && source.ptr[at - 1] != '\n')
			at--;
		if (back-- == 0 || at == 0)
			break;
	}
	zonefile_scan_init(&scan, arena, slice_of(NULL, 0), source, &error);
	scan.at = scan.line_start = at > scan.at ? at : scan.at; /* behind a byte order mark */
	if (zonefile_scan_next(&scan, &entry) != ZONEFILE_SCAN_ENTRY)
		return slice_of(NULL, 0);
	return slice_at(source, span_of(at, scan.at - at));
}

static void put_place(struct buf *out, const char *word, struct slice file, size_t line)
{
	buf_text(out, word);
	if (file.len == 0)
		buf_text(out, "\"\"");
	zonefile_text_word(out, file);
	buf_byte(out, ' ');
	buf_uint(out, line);
}

static void put_record(struct arena *arena, const struct zonefile_record *record, struct buf *out)
{
	struct arena_mark mark = arena_mark(arena);
	struct slice lines = lines_of(arena, record);
	if (lines.len > 0) {
		put_place(out, "$written ", record->record.origin.file, record->record.origin.line);
		for (size_t at = 0, end; at <= lines.len; at = end + 1) {
			end = slice_find(lines, '\n', at);
			buf_byte(out, ' ');
			zonefile_text_string(out, slice_at(lines, span_of(at, end - at)));
		}
		buf_byte(out, '\n');
	}
	arena_rewind(arena, mark);
}

static void put_remark(const struct zonefile_remark *remark, struct buf *out)
{
	put_place(out, "$remark ", remark->place.file, remark->place.line);
	buf_printf(out, " %zu %zu %zu ", remark->place.column, remark->first_line, remark->last_line);
	zonefile_text_string(out, remark->text);
	buf_byte(out, '\n');
}

void snapshot_written_put(struct arena *arena, struct zonefile_list zones,
	const struct answer *const *answers, size_t count, struct buf *out)
{
	size_t place_count;
	struct place *places = find_places(arena, answers, count, &place_count);
	for (size_t i = 0; i < zones.count; i++)
		for (size_t r = 0; r < zones.items[i]->count; r++)
			if (zones.items[i]->records[r].words != NULL)
				note_record(places, place_count, &zones.items[i]->records[r]);
	for (size_t i = 0; i < place_count; i++)
		if (places[i].record != NULL)
			put_record(arena, places[i].record, out);
	for (size_t i = 0; i < zones.count; i++)
		for (size_t r = 0; r < zones.items[i]->remark_count; r++)
			put_remark(&zones.items[i]->remarks[r], out);
}

/* --- reading ---------------------------------------------------------------------------------- */

bool snapshot_written_read(
	struct arena *arena, struct slice file, size_t line, struct slice lines, struct zonefile_record *out)
{
	struct zonefile_error error;
	const struct zonefile_scope scope = {.arena = arena, .error = &error, .splits = true};
	struct zonefile_entry entry;
	struct zonefile_head head;
	struct zonefile_scan scan;
	zonefile_scan_init(&scan, arena, file, lines, &error);
	scan.line = line;
	if (zonefile_scan_next(&scan, &entry) != ZONEFILE_SCAN_ENTRY)
		return false;
	size_t at = entry.blank_owner ? 0 : 1;
	if (entry.count <= at || !zonefile_head_read(&scope, entry.tokens, entry.count, &at, &head) ||
		!is_text(head.type) || at == entry.count)
		return false;
	if (!entry.tokens[at].quoted && slice_equal(entry.tokens[at].text, SLICE("\\#")))
		return false; /* its bytes are not written as text */
	struct zonefile_token *words = arena_alloc(arena, (entry.count - at) * sizeof *words);
	memcpy(words, &entry.tokens[at], (entry.count - at) * sizeof *words);
	*out = (struct zonefile_record){.record.origin = {.kind = ORIGIN_ZONE, .file = file, .line = line},
		.words = words,
		.word_count = entry.count - at,
		.source = lines};
	return scan.at == lines.len && entry.tokens[0].place.line == line &&
	       zonefile_head_data(&scope, &head, words, out->word_count, out);
}
