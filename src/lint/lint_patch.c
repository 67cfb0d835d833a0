/* lint_patch: see lint_patch.h. */
#include "lint/lint_patch.h"

#include <stdlib.h>

#include "base/ascii.h"
#include "inspect/comment_cut.h"

#define MAX_STRING 255 /* RFC 1035 3.3 */
#define CONTEXT	   3   /* lines around a change */

void lint_patch_init(struct lint_patch *patch, struct arena *arena)
{
	*patch = (struct lint_patch){.arena = arena};
}

/* --- strings ------------------------------------------------------------------------------------ */

/* Bytes that one byte takes within quotes. */
static size_t escaped_length(char c)
{
	if (c == '"' || c == '\\')
		return 2;
	return (unsigned char)c < 0x20 || (unsigned char)c > 0x7e ? 4 : 1;
}

static char *put_escaped(char *out, char c)
{
	unsigned char byte = (unsigned char)c;
	size_t len = escaped_length(c);
	if (len == 1) {
		*out++ = c;
		return out;
	}
	*out++ = '\\';
	if (len == 2) {
		*out++ = c;
		return out;
	}
	*out++ = (char)('0' + byte / 100);
	*out++ = (char)('0' + byte / 10 % 10);
	*out++ = (char)('0' + byte % 10);
	return out;
}

/* `text` as it stands within quotes. */
static struct slice escaped(struct arena *arena, struct slice text)
{
	size_t len = 0;
	for (size_t i = 0; i < text.len; i++)
		len += escaped_length(text.ptr[i]);
	char *bytes = arena_alloc(arena, len + 1), *end = bytes;
	for (size_t i = 0; i < text.len; i++)
		end = put_escaped(end, text.ptr[i]);
	return slice_of(bytes, len);
}

/* Length of the next string of `text`: behind the last blank that fits, so that terms stay whole. */
static size_t string_length(struct slice text)
{
	if (text.len <= MAX_STRING)
		return text.len;
	size_t len = MAX_STRING;
	while (len > 0 && text.ptr[len - 1] != ' ')
		len--;
	return len > 0 ? len : MAX_STRING;
}

struct slice lint_patch_strings(struct arena *arena, struct slice text)
{
	/* At worst each byte takes four, and each string five more: quotes, a blank. A string has at
	 * least one byte. */
	size_t used = 0, most = text.len * 4 + 3 * (text.len / (MAX_STRING / 2) + 2) + 3 * text.len;
	char *bytes = arena_alloc(arena, most);
	do {
		struct slice part = slice_head(text, string_length(text));
		struct slice shown = escaped(arena, part);
		if (used > 0)
			bytes[used++] = ' ';
		bytes[used++] = '"';
		if (shown.len > 0)
			memcpy(bytes + used, shown.ptr, shown.len);
		used += shown.len;
		bytes[used++] = '"';
		text = slice_from(text, part.len);
	} while (text.len > 0);
	return slice_of(bytes, used);
}

/* --- a record -------------------------------------------------------------------------------------- */

void lint_patch_add(struct lint_patch *patch, struct lint_patch_edit edit)
{
	patch->edits =
		arena_grow(patch->arena, patch->edits, patch->count, &patch->capacity, sizeof *patch->edits);
	patch->edits[patch->count++] = edit;
}

static void add(struct lint_patch *patch, const struct zonefile_record *source, struct span span,
	struct slice replacement)
{
	lint_patch_add(
		patch, (struct lint_patch_edit){source->place.file, source->source, span, replacement});
}

/* One string of the record: its bytes [start, end) of the text. */
struct string {
	const struct zonefile_token *word;
	size_t start, end;
	bool is_first;
};

/* The part of `edit` that falls on `string`. An insertion at a border goes to the string before it; the
 * replacement of an edit over several strings to the first of them. */
static bool part_of(const struct string *string, const struct fix_edit *edit, struct fix_edit *part)
{
	size_t from = edit->span.offset, to = span_end(edit->span);
	if (edit->span.len == 0) {
		*part = *edit;
		return from <= string->end && (from > string->start || (from == 0 && string->is_first));
	}
	bool begins = from >= string->start && from < string->end;
	if (from < string->start)
		from = string->start;
	if (to > string->end)
		to = string->end;
	*part = (struct fix_edit){
		span_of(from, to > from ? to - from : 0), begins ? edit->replacement : SLICE("")};
	return to > from;
}

static char *append(char *end, struct slice bytes)
{
	if (bytes.len > 0)
		memcpy(end, bytes.ptr, bytes.len);
	return end + bytes.len;
}

/* The string after the edits; *touched tells whether there are any. */
static struct slice edited(struct arena *arena, struct slice text, const struct string *string,
	const struct fix_edit *edits, size_t count, bool *touched)
{
	size_t most = string->end - string->start, at = string->start;
	struct fix_edit part;
	*touched = false;
	for (size_t i = 0; i < count; i++)
		most += part_of(string, &edits[i], &part) ? part.replacement.len : 0;
	char *bytes = arena_alloc(arena, most + 1), *end = bytes;
	for (size_t i = 0; i < count; i++) {
		if (!part_of(string, &edits[i], &part))
			continue;
		*touched = true;
		end = append(end, slice_at(text, span_of(at, part.span.offset - at)));
		end = append(end, part.replacement);
		at = span_end(part.span);
	}
	end = append(end, slice_at(text, span_of(at, string->end - at)));
	return slice_of(bytes, (size_t)(end - bytes));
}

/* The whole string, with its quotes, in the file. */
static struct span written_span(const struct zonefile_record *source, const struct zonefile_token *word)
{
	size_t at = (size_t)(word->text.ptr - source->source.ptr), quotes = word->quoted ? 1 : 0;
	return span_of(at - quotes, word->text.len + 2 * quotes);
}

/* Length of the comment behind `word` when the fix has made text of it: `new`, what stands in its place,
 * ends with what it began with. *rest: what stays a comment. */
static size_t comment_length(const struct zonefile_record *source, const struct zonefile_token *word,
	struct slice new, struct slice *rest)
{
	struct slice cut, comment = source->record.comment;
	*rest = slice_of(NULL, 0);
	if (word != &source->words[source->word_count - 1] || !comment_cut_find(&source->record, &cut) ||
		new.len < cut.len || !slice_equal(slice_from(new, new.len - cut.len), cut))
		return 0;
	size_t end = (size_t)(cut.ptr - comment.ptr) + cut.len;
	*rest = slice_trim(slice_from(comment, end));
	return (rest->len > 0 ? end : comment.len) + 1;
}

/* The string in quotes, in place of the word. */
static void write_anew(struct lint_patch *patch, const struct zonefile_record *source,
	const struct zonefile_token *word, struct slice new)
{
	struct slice rest, strings = lint_patch_strings(patch->arena, new);
	struct span span = written_span(source, word);
	span.len += comment_length(source, word, new, &rest);
	if (rest.len > 0 && rest.ptr[0] != ';')
		strings = arena_concat(patch->arena, strings, SLICE(" ;"));
	add(patch, source, span, strings);
}

static void change_string(struct lint_patch *patch, const struct lint_record *record,
	const struct zonefile_record *source, const struct string *string, const struct fix_edit *edits,
	size_t count)
{
	bool touched;
	struct slice new = edited(patch->arena, record->text, string, edits, count, &touched);
	bool is_short = new.len <= MAX_STRING;
	if (!touched && is_short)
		return;
	if (!string->word->quoted || !is_short || string->start == string->end) {
		write_anew(patch, source, string->word, new);
		return;
	}
	for (size_t i = 0; i < count; i++) {
		struct fix_edit part;
		if (part_of(string, &edits[i], &part))
			add(patch, source, bytemap_source(&record->map, part.span),
				escaped(patch->arena, part.replacement));
	}
}

bool lint_patch_record(struct lint_patch *patch, const struct lint_record *record,
	const struct zonefile_record *source, const struct fix_edit *edits, size_t count)
{
	size_t at = 0;
	if (source->words == NULL)
		return false;
	for (size_t i = 0; i < source->word_count; i++) {
		struct string string = {&source->words[i], at, at + record->strings[i].len, i == 0};
		change_string(patch, record, source, &string, edits, count);
		at = string.end;
	}
	return true;
}

/* --- files --------------------------------------------------------------------------------------- */

static int compare_edits(const void *left, const void *right)
{
	const struct lint_patch_edit *a = left, *b = right;
	int order = slice_compare(a->file, b->file);
	if (order == 0)
		order = (a->span.offset > b->span.offset) - (a->span.offset < b->span.offset);
	if (order == 0)
		order = (a->span.len > b->span.len) - (a->span.len < b->span.len);
	return order;
}

void lint_patch_sort(struct lint_patch *patch)
{
	if (patch->count > 1)
		qsort(patch->edits, patch->count, sizeof *patch->edits, compare_edits);
}

/* Edits `first` to `end` of one file. Of those that overlap (a file that is included under two names) the
 * first counts. */
static struct slice apply(const struct lint_patch *patch, size_t first, size_t end)
{
	struct slice old = patch->edits[first].source;
	size_t length = old.len, used = 0, done = 0;
	for (size_t i = first; i < end; i++)
		length += patch->edits[i].replacement.len;
	char *bytes = arena_alloc(patch->arena, length + 1);
	for (size_t i = first; i < end; i++) {
		const struct lint_patch_edit *edit = &patch->edits[i];
		if (edit->span.offset < done ||
			(i > first && edit->span.offset == patch->edits[i - 1].span.offset))
			continue;
		memcpy(bytes + used, old.ptr + done, edit->span.offset - done);
		used += edit->span.offset - done;
		if (edit->replacement.len > 0)
			memcpy(bytes + used, edit->replacement.ptr, edit->replacement.len);
		used += edit->replacement.len;
		done = span_end(edit->span);
	}
	memcpy(bytes + used, old.ptr + done, old.len - done);
	return slice_of(bytes, used + old.len - done);
}

const struct lint_patch_file *lint_patch_files(struct lint_patch *patch, size_t *count)
{
	struct lint_patch_file *files = arena_alloc(patch->arena, (patch->count + 1) * sizeof *files);
	*count = 0;
	lint_patch_sort(patch);
	for (size_t first = 0, end; first < patch->count; first = end) {
		for (end = first + 1; end < patch->count; end++)
			if (!slice_equal(patch->edits[end].file, patch->edits[first].file))
				break;
		files[(*count)++] = (struct lint_patch_file){
			patch->edits[first].file, patch->edits[first].source, apply(patch, first, end)};
	}
	return files;
}

/* --- the patch ----------------------------------------------------------------------------------- */

/* Two texts with the same number of lines, side by side. */
struct walk {
	struct slice old, new; /* what is left */
};

static bool next_line(struct walk *walk, struct slice *old, struct slice *new)
{
	if (walk->old.len == 0)
		return false;
	size_t old_len = slice_find(walk->old, '\n', 0), new_len = slice_find(walk->new, '\n', 0);
	*old = slice_head(walk->old, old_len + 1);
	*new = slice_head(walk->new, new_len + 1);
	walk->old = slice_from(walk->old, old_len + 1);
	walk->new = slice_from(walk->new, new_len + 1);
	return true;
}

static void put_line(struct buf *out, char sign, struct slice line)
{
	buf_byte(out, sign);
	buf_add(out, line);
	if (line.len == 0 || line.ptr[line.len - 1] != '\n')
		buf_text(out, "\n\\ No newline at end of file\n");
}

/* Lines that differ and stand together: all of the old ones, then the new ones. */
static void put_changes(struct buf *out, struct walk from, size_t lines)
{
	struct walk again = from;
	struct slice old, new;
	for (size_t i = 0; i < lines && next_line(&from, &old, &new); i++)
		put_line(out, '-', old);
	for (size_t i = 0; i < lines && next_line(&again, &old, &new); i++)
		put_line(out, '+', new);
}

/* `lines` lines from `from` on. */
static void put_hunk(struct buf *out, struct walk from, size_t first, size_t lines)
{
	struct walk changes = from;
	size_t pending = 0;
	struct slice old, new;
	buf_printf(out, "@@ -%zu,%zu +%zu,%zu @@\n", first, lines, first, lines);
	for (size_t i = 0; i < lines; i++) {
		struct walk before = from;
		if (!next_line(&from, &old, &new))
			break;
		if (!slice_equal(old, new)) {
			changes = pending++ == 0 ? before : changes;
			continue;
		}
		put_changes(out, changes, pending);
		pending = 0;
		put_line(out, ' ', old);
	}
	put_changes(out, changes, pending);
}

/* A path as git writes it: in quotes when a byte of it would end the line or the name. */
static void put_path(struct buf *out, const char *side, struct slice path)
{
	while (slice_starts(path, SLICE("./")))
		path = slice_from(path, 2);
	while (slice_starts(path, SLICE("/")))
		path = slice_from(path, 1);
	bool plain = true;
	for (size_t i = 0; i < path.len; i++)
		plain = plain && (unsigned char)path.ptr[i] >= 0x20 && path.ptr[i] != '"' &&
			path.ptr[i] != '\\' && path.ptr[i] != 0x7f;
	buf_printf(out, "%s%s/", plain ? "" : "\"", side);
	for (size_t i = 0; i < path.len; i++) {
		unsigned char c = (unsigned char)path.ptr[i];
		if (plain || (c >= 0x20 && c != '"' && c != '\\' && c != 0x7f))
			buf_byte(out, path.ptr[i]);
		else
			buf_printf(out, "\\%03o", c);
	}
	/* patch takes a name to end at a blank, unless a tab is behind it. */
	bool has_space = slice_find(path, ' ', 0) < path.len;
	buf_text(out, !plain ? "\"\n" : has_space ? "\t\n" : "\n");
}

void lint_patch_diff(struct buf *out, const struct lint_patch_file *file)
{
	struct walk walk = {file->old, file->new}, start = walk;
	struct walk recent[CONTEXT + 1]; /* where the last lines begin, as a ring */
	size_t line = 0, first = 0, last = 0;
	struct slice old, new;
	buf_text(out, "--- ");
	put_path(out, "a", file->path);
	buf_text(out, "+++ ");
	put_path(out, "b", file->path);
	for (;;) {
		recent[line % (CONTEXT + 1)] = walk;
		if (!next_line(&walk, &old, &new))
			break;
		line++;
		if (first > 0 && line > last + 2 * CONTEXT + 1) {
			put_hunk(out, start, first, last + CONTEXT - first + 1);
			first = 0;
		}
		if (slice_equal(old, new))
			continue;
		if (first == 0) {
			first = line > CONTEXT ? line - CONTEXT : 1;
			start = recent[(first - 1) % (CONTEXT + 1)];
		}
		last = line;
	}
	if (first > 0)
		put_hunk(out, start, first, (last + CONTEXT < line ? last + CONTEXT : line) - first + 1);
}
