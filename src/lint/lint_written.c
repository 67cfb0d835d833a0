/* lint_written: see lint_written.h. RFC 1035 5.1. */
#include "lint/lint_written.h"

#include "lint/lint_fix.h"
#include "lint/lint_patch.h"

/* Where the line begins in which the record's first data word stands. */
static size_t line_start(const struct zonefile_record *source)
{
	const struct zonefile_token *word = &source->words[0];
	size_t at = (size_t)(word->text.ptr - source->source.ptr) - (word->quoted ? 1 : 0);
	return at - (word->place.column - 1);
}

void lint_written_read(struct arena *arena, const struct zonefile_record *source, struct lint_record *out)
{
	struct slice *strings = arena_alloc(arena, source->word_count * sizeof *strings);
	char *bytes = arena_alloc(arena, source->record.data.txt.joined.len + 1);
	size_t used = 0, len;
	bytemap_init(&out->map, arena);
	for (size_t i = 0; i < source->word_count; i++) {
		struct slice text = source->words[i].text;
		bytemap_unescape(
			text, (size_t)(text.ptr - source->source.ptr), &out->map, bytes + used, &len);
		strings[i] = slice_of(bytes + used, len);
		used += len;
	}
	out->text = slice_of(bytes, used);
	out->strings = strings;
	out->string_count = source->word_count;
	out->origin = (struct lint_origin){.file = source->place.file,
		.source = source->source,
		.line = source->place.line,
		.line_start = line_start(source),
		.column = source->place.column};
}

/* --- edits --------------------------------------------------------------------------------------- */

static void add_edits(struct arena *arena, const struct lint_record *record, struct lint_patch *patch,
	struct finding *finding)
{
	struct file_edit *edits = arena_alloc(arena, (patch->count + 1) * sizeof *edits);
	struct lint_place at = lint_record_begin(record);
	lint_patch_sort(patch);
	for (size_t i = 0; i < patch->count; i++) {
		const struct lint_patch_edit *edit = &patch->edits[i];
		edits[i].replacement = edit->replacement;
		lint_record_move(&record->origin, edit->span.offset, &at);
		edits[i].line = at.line;
		edits[i].column = edit->span.offset - at.start + 1;
		lint_record_move(&record->origin, span_end(edit->span), &at);
		edits[i].end_line = at.line;
		edits[i].end_column = span_end(edit->span) - at.start + 1;
	}
	finding->file_edits = edits;
	finding->file_edit_count = patch->count;
}

/* Bytes that are the same within quotes and without. */
static bool is_plain(struct slice text)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.ptr[i] == '"' || text.ptr[i] == '\\' || text.ptr[i] < 0x20 || text.ptr[i] == 0x7f)
			return false;
	return true;
}

/* The text that was pasted, changed byte by byte. False: it is not known how it would be written. */
static bool patch_paste(struct lint_patch *patch, const struct lint_record *record,
	const struct fix_edit *edits, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct span span = bytemap_source(&record->map, edits[i].span);
		bool as_it_is = slice_equal(
			slice_at(record->origin.source, span), slice_at(record->text, edits[i].span));
		if (!as_it_is || (record->unwrapped.len > 0 && !is_plain(edits[i].replacement)))
			return false;
		lint_patch_add(patch, (struct lint_patch_edit){record->origin.file, record->origin.source,
					      span, edits[i].replacement});
	}
	return true;
}

void lint_written_edits(struct arena *arena, const struct lint_record *record,
	const struct zonefile_record *source, struct finding *finding)
{
	const struct fix *fix = finding->fix;
	struct lint_patch patch;
	if (fix == NULL || record->origin.file.len == 0 || record->origin.source.len == 0 ||
		!lint_fix_mends(finding->rule))
		return;
	const struct fix_edit whole = fix_difference(record->text, fix->record);
	const struct fix_edit *edits = fix->count > 0 ? fix->edits : &whole;
	size_t count = fix->count > 0 ? fix->count : slice_equal(record->text, fix->record) ? 0 : 1;
	lint_patch_init(&patch, arena);
	bool patched = source != NULL ? lint_patch_record(&patch, record, source, edits, count)
				      : patch_paste(&patch, record, edits, count);
	if (patched)
		add_edits(arena, record, &patch, finding);
}

void lint_written_all_edits(
	struct arena *arena, struct lint_record *record, const struct zonefile_record *source)
{
	for (size_t i = 0; i < record->findings.count; i++)
		lint_written_edits(arena, record, source, &record->findings.items[i]);
}
