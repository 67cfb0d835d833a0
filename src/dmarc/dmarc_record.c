/* dmarc_record: the tag list of a DMARC record (RFC 9989 4.7, 4.8).
 *
 *     v=DMARC1; p=none ;; sp
 *     ^^^^^^^^            the version test: dmarc_record_is_dmarc()
 *               ^^^^^^    a tag; blanks around ";" and "=" belong to no value
 *                      ^^ two chunks that are no tags: said and dropped (RFC 9989 4.8)
 *
 * The record is cut at every ";", each chunk is read by itself, and every mistake becomes a finding. What
 * values mean is in dmarc_value.c, what the tags mean together in dmarc_advise.c.
 */
#include "dmarc/dmarc_record.h"

#include <stdlib.h>

#include "base/ascii.h"
#include "dmarc/dmarc_reader.h"
#include "dmarc/dmarc_repair.h"
#include "dmarc/dmarc_separator.h"

const char *dmarc_policy_text(enum dmarc_policy policy)
{
	static const char *const texts[] = {"none", "quarantine", "reject"};
	return texts[policy];
}

const struct dmarc_tag *dmarc_record_tag(const struct dmarc_record *record, enum dmarc_tag_id id)
{
	for (size_t i = 0; i < record->count; i++)
		if (record->tags[i].id == id)
			return &record->tags[i];
	return NULL;
}

/* The first chunk has to be a v tag of exactly "DMARC1", with nothing before it (RFC 9989 4.7, 4.10 step
 * 2). */
bool dmarc_record_is_dmarc(struct slice text)
{
	struct slice chunk = slice_head(text, slice_find(text, ';', 0));
	size_t equals = slice_find(chunk, '=', 0);
	if (equals == chunk.len || chunk.len == 0 || ascii_is_wsp(chunk.ptr[0]))
		return false;
	return slice_equal_nocase(slice_trim(slice_head(chunk, equals)), SLICE("v")) &&
	       slice_equal(slice_trim(slice_from(chunk, equals + 1)), SLICE("DMARC1"));
}

/* --- findings --- */

static struct span span_in(const struct dmarc_reader *reader, struct slice part)
{
	return span_of((size_t)(part.ptr - reader->text.ptr), part.len);
}

void dmarc_record_add_separator(
	struct dmarc_reader *reader, struct span span, enum detail detail, enum severity severity)
{
	struct finding *finding = findings_add_at(reader->findings, RULE_DMARC_SEPARATOR, span);
	finding->severity = severity;
	finding->detail = detail;
	finding->args[0] = dmarc_separator_advice(detail);
	if (detail == DETAIL_DMARC_LIST)
		finding_effect_all(
			finding, EFFECT_NONE, EFFECT_DMARC_REST_OF_LIST, EFFECT_DMARC_REST_OF_LIST);
	else if (severity != SEVERITY_ERROR)
		finding_effect_all(finding, EFFECT_NONE, EFFECT_DMARC_TAG_IGNORED, EFFECT_DMARC_TAG_IGNORED);
	if (reader->mends && !reader->mended_is_made) {
		reader->mended = dmarc_repair(reader->arena, reader->text, &reader->mended_is_guess);
		reader->mended_is_made = true;
	}
	if (reader->mended.len > 0)
		finding->fix = fix_record(reader->arena, reader->mended,
			(detail == DETAIL_DMARC_ESCAPED || detail == DETAIL_DMARC_UNSEEN) &&
				!reader->mended_is_guess);
}

static void add_syntax(struct dmarc_reader *reader, struct span span, enum detail detail)
{
	findings_add_at(reader->findings, RULE_DMARC_SYNTAX, span)->detail = detail;
}

/* --- chunks --- */

/* The tag before the chunk that is being read. */
static const struct dmarc_tag *last_tag(const struct dmarc_reader *reader)
{
	return reader->count == 0 ? NULL : &reader->tags[reader->count - 1];
}

/* rua=mailto:a@x.example;mailto:b@y.example: the second address is lost, said once a record. */
static bool is_lost_address(struct dmarc_reader *reader, struct slice chunk)
{
	const struct dmarc_tag *last = last_tag(reader);
	if (last == NULL || (last->id != DMARC_TAG_RUA && last->id != DMARC_TAG_RUF))
		return false;
	if (!dmarc_separator_is_address(chunk))
		return false;
	size_t at = span_in(reader, chunk).offset;
	while (reader->text.ptr[at] != ';')
		at--;
	if (!reader->list_is_said)
		dmarc_record_add_separator(reader, span_of(at, 1), DETAIL_DMARC_LIST, SEVERITY_WARNING);
	reader->list_is_said = true;
	return true;
}

static bool is_policy_tag(enum dmarc_tag_id id)
{
	return id == DMARC_TAG_P || id == DMARC_TAG_SP || id == DMARC_TAG_NP;
}

/* p:none. Without p there is no policy; the loss of another tag is milder. */
static bool is_without_equals(struct dmarc_reader *reader, struct slice chunk)
{
	struct span sign;
	if (!dmarc_separator_no_equals(chunk, &sign))
		return false;
	enum dmarc_tag_id id = dmarc_separator_tag(slice_trim(slice_head(chunk, sign.offset)));
	sign.offset += span_in(reader, chunk).offset;
	reader->is_lost[id] = true;
	dmarc_record_add_separator(
		reader, sign, DETAIL_DMARC_NO_EQUALS, is_policy_tag(id) ? SEVERITY_ERROR : SEVERITY_WARNING);
	return true;
}

/* A no-break space before a tag is a part of its name: the tag is lost. */
static bool is_behind_unseen(struct dmarc_reader *reader, struct slice chunk)
{
	size_t len = dmarc_separator_unseen(chunk);
	if (len == 0)
		return false;
	struct slice name = slice_from(chunk, len);
	enum dmarc_tag_id id = dmarc_separator_tag(slice_trim(slice_head(name, slice_find(name, '=', 0))));
	reader->is_lost[id] = true;
	dmarc_record_add_separator(reader, span_of(span_in(reader, chunk).offset, len), DETAIL_DMARC_UNSEEN,
		is_policy_tag(id) ? SEVERITY_ERROR : SEVERITY_WARNING);
	return true;
}

static bool is_tag_name(struct slice name)
{
	for (size_t i = 0; i < name.len; i++)
		if (!ascii_is_alpha(name.ptr[i]))
			return false;
	return name.len > 0;
}

static void add_tag(struct dmarc_reader *reader, struct slice chunk, struct slice name, struct slice value)
{
	reader->tags = arena_grow(
		reader->arena, reader->tags, reader->count, &reader->capacity, sizeof *reader->tags);
	struct dmarc_tag *tag = &reader->tags[reader->count++];
	tag->id = dmarc_separator_tag(name);
	tag->name = name;
	tag->span = span_in(reader, chunk);
	tag->value = span_in(reader, value);
}

/* A chunk without the blanks at its ends, and not empty. */
static void read_chunk(struct dmarc_reader *reader, struct slice chunk)
{
	size_t equals = slice_find(chunk, '=', 0);
	struct slice name = slice_trim(slice_head(chunk, equals));
	if (equals < chunk.len && is_tag_name(name))
		add_tag(reader, chunk, name, slice_trim(slice_from(chunk, equals + 1)));
	else if (!is_lost_address(reader, chunk) && !is_behind_unseen(reader, chunk) &&
		 !is_without_equals(reader, chunk))
		add_syntax(reader, span_in(reader, chunk),
			equals < chunk.len ? DETAIL_DMARC_TAG_NAME : DETAIL_DMARC_NO_TAG);
}

/* What is left of "&quot;;" and "\;;" is not the author's second ";". */
static bool is_after_damage(const struct dmarc_reader *reader, size_t start)
{
	return start > 0 && dmarc_separator_damage(slice_head(reader->text, start - 1)) > 0;
}

/* A run of empty chunks is one mistake; the ";" behind the last tag is none. */
static void read_chunks(struct dmarc_reader *reader)
{
	bool was_empty = false;
	for (size_t start = 0; start < reader->text.len;) {
		size_t end = slice_find(reader->text, ';', start);
		struct slice chunk = slice_trim(slice_at(reader->text, span_of(start, end - start)));
		if (chunk.len > 0) {
			read_chunk(reader, chunk);
			was_empty = false;
		} else if (end < reader->text.len) {
			if (!was_empty && !is_after_damage(reader, start))
				add_syntax(reader, span_of(end, 1), DETAIL_DMARC_EMPTY_CHUNK);
			was_empty = true;
		}
		start = end + 1;
	}
}

/* --- duplicates --- */

static int compare_names(struct slice a, struct slice b)
{
	size_t common = a.len < b.len ? a.len : b.len;
	for (size_t i = 0; i < common; i++) {
		char x = ascii_lower(a.ptr[i]), y = ascii_lower(b.ptr[i]);
		if (x != y)
			return x < y ? -1 : 1;
	}
	return a.len < b.len ? -1 : a.len > b.len;
}

/* By name, then by place. */
static int compare_tags(const void *a, const void *b)
{
	const struct dmarc_tag *x = *(const struct dmarc_tag *const *)a;
	const struct dmarc_tag *y = *(const struct dmarc_tag *const *)b;
	int order = compare_names(x->name, y->name);
	return order != 0 ? order : (x->span.offset > y->span.offset) - (x->span.offset < y->span.offset);
}

/* `count` tags of one name: the first gives the values (our choice: RFC 9989 says nothing,
 * and RFC 6376 3.2 makes such a list invalid as a whole). One finding, at the second one. */
static void mark_group(struct dmarc_reader *reader, struct dmarc_tag *const *group, size_t count)
{
	for (size_t i = 1; i < count; i++)
		group[i]->duplicate = true;
	if (count == 1)
		return;
	struct finding *finding = findings_add_at(reader->findings, RULE_DMARC_TAG_DUPLICATE, group[1]->span);
	finding->args[0] = group[0]->name;
	finding->args[1] = arena_printf(reader->arena, "%zu", count);
	reader->record->valid = false;
}

static void mark_duplicates(struct dmarc_reader *reader)
{
	struct dmarc_tag **sorted = arena_alloc(reader->arena, reader->count * sizeof(struct dmarc_tag *));
	for (size_t i = 0; i < reader->count; i++)
		sorted[i] = &reader->tags[i];
	qsort(sorted, reader->count, sizeof *sorted, compare_tags);
	for (size_t start = 0, end; start < reader->count; start = end) {
		for (end = start + 1; end < reader->count; end++)
			if (compare_names(sorted[start]->name, sorted[end]->name) != 0)
				break;
		mark_group(reader, sorted + start, end - start);
	}
}

static void note_first(struct dmarc_reader *reader)
{
	for (size_t i = 0; i < reader->count; i++) {
		struct dmarc_tag *tag = &reader->tags[i];
		if (tag->id != DMARC_TAG_OTHER && !tag->duplicate)
			reader->first[tag->id] = tag;
	}
}

/* --- the record --- */

static const struct dmarc_record *parse(struct arena *arena, struct slice text, bool mends)
{
	struct dmarc_record *record = arena_alloc(arena, sizeof *record);
	*record = (struct dmarc_record){.text = text, .valid = true, .psd = 'u', .pct = 100};
	findings_init(&record->findings, arena);
	struct dmarc_reader reader = {.arena = arena,
		.text = text,
		.record = record,
		.findings = &record->findings,
		.mends = mends};
	read_chunks(&reader);
	mark_duplicates(&reader);
	note_first(&reader);
	dmarc_value_judge(&reader);
	record->valid = record->valid && (record->policy_usable || record->has_usable_rua);
	record->tags = reader.tags;
	record->count = reader.count;
	dmarc_advise(&reader);
	return record;
}

const struct dmarc_record *dmarc_record_parse(struct arena *arena, struct slice text)
{
	return parse(arena, text, text.len <= DMARC_MAX_REPAIR);
}

const struct dmarc_record *dmarc_record_parse_plain(struct arena *arena, struct slice text)
{
	return parse(arena, text, false);
}
