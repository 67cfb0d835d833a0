/* snapshot_question: a question of a saved run with its answer, and the records in the lines below.
 *
 *     snapshot_question_read()      example.com TXT records ttl=300
 *     snapshot_question_record()            300 TXT "v=spf1 -all"
 *     snapshot_question_end()       the next line is no record: those above get their order
 */
#include <stdlib.h>

#include "dns/snapshot_format.h"
#include "dns/snapshot_reader.h"
#include "dns/zonefile_rdata.h"

/* --- records ---------------------------------------------------------------------------------- */

static bool check_type(const struct snapshot_reader *reader, const struct zonefile_token *word,
	const struct answer *answer, uint16_t type)
{
	uint16_t expected = answer->kind == ANSWER_ALIAS ? RRTYPE_CNAME : answer->question.type;
	if (type == 0)
		return zonefile_scan_fail(reader->arena, reader->error, word->place,
			"unknown record type \"%s\"", snapshot_word_shown(reader, word->text));
	if (type != expected)
		return zonefile_scan_fail(reader->arena, reader->error, word->place,
			"a record of type %s, where only %s can be", snapshot_word_shown(reader, word->text),
			snapshot_word_shown(reader, rrtype_text(reader->arena, expected)));
	return true;
}

static bool read_data(const struct snapshot_reader *reader, const struct zonefile_entry *line, size_t at,
	const struct answer *answer, struct record *out)
{
	const struct zonefile_scope scope = {.arena = reader->arena, .error = reader->error, .exact = true};
	const struct zonefile_token *type_word = &line->tokens[at];
	const struct zonefile_data data = {
		rrtype_number(type_word->text), type_word, type_word + 1, line->count - at - 1};
	if (!check_type(reader, type_word, answer, data.type))
		return false;
	if (data.count == 0)
		return zonefile_scan_fail(
			reader->arena, reader->error, type_word->place, "no data behind the type");
	out->type = data.type;
	if (!zonefile_rdata_parse(&scope, &data, &out->rdata))
		return false;
	record_decode(reader->arena, out);
	return true;
}

static bool check_count(
	const struct snapshot_reader *reader, const struct zonefile_token *word, const struct answer *answer)
{
	switch (answer->kind) {
	case ANSWER_RECORDS:
		return true;
	case ANSWER_ALIAS:
		return reader->item_count == 0 ||
		       zonefile_scan_fail(reader->arena, reader->error, word->place,
			       "an alias has one record, and this is the second");
	case ANSWER_NODATA:
	case ANSWER_NXDOMAIN:
	case ANSWER_TEMPORARY:
		break;
	}
	return zonefile_scan_fail(
		reader->arena, reader->error, word->place, "a record, where the question above has none");
}

bool snapshot_question_record(struct snapshot_reader *reader, const struct zonefile_entry *line)
{
	const struct zonefile_token *words = line->tokens;
	struct snapshot_attributes values = {0};
	uint64_t ttl;
	size_t at = 1;
	if (reader->count == 0)
		return zonefile_scan_fail(
			reader->arena, reader->error, words[0].place, "a record without a question above it");
	const struct answer *answer = &reader->entries[reader->count - 1].answer;
	if (!check_count(reader, &words[0], answer) ||
		!snapshot_word_number(reader, &words[0], words[0].text, UINT32_MAX, &ttl))
		return false;
	for (; at < line->count && snapshot_attribute_is(&words[at]); at++)
		if (!snapshot_attribute_read(reader, &words[at], SNAPSHOT_OF_RECORD, &values))
			return false;
	if (at == line->count)
		return zonefile_scan_fail(
			reader->arena, reader->error, words[at - 1].place, "the record ends before its type");
	struct snapshot_item item = {.line = words[0].place.line,
		.record = {
			.ttl = (uint32_t)ttl, .origin = snapshot_attribute_origin(&values, &answer->origin)}};
	if (!read_data(reader, line, at, answer, &item.record))
		return false;
	item.record.comment = values.text[SNAPSHOT_ATTRIBUTE_COMMENT];
	item.record.malformed |= snapshot_attribute_given(&values, SNAPSHOT_ATTRIBUTE_MALFORMED);
	if (answer->kind == ANSWER_ALIAS && item.record.malformed)
		return zonefile_scan_fail(reader->arena, reader->error, words[at].place,
			"the alias has no target that can be read");
	reader->items = arena_grow(
		reader->arena, reader->items, reader->item_count, &reader->item_capacity, sizeof item);
	reader->items[reader->item_count++] = item;
	return true;
}

/* --- questions -------------------------------------------------------------------------------- */

static int compare_items(const void *left, const void *right)
{
	const struct snapshot_item *a = left, *b = right;
	int order = record_compare(&a->record, &b->record);
	return order != 0 ? order : (a->line > b->line) - (a->line < b->line);
}

bool snapshot_question_end(struct snapshot_reader *reader)
{
	if (reader->count == 0)
		return true;
	struct snapshot_entry *entry = &reader->entries[reader->count - 1];
	bool needs_records = entry->answer.kind == ANSWER_RECORDS || entry->answer.kind == ANSWER_ALIAS;
	if (needs_records && reader->item_count == 0)
		return zonefile_scan_fail(
			reader->arena, reader->error, entry->place, "no record below this question");
	if (reader->item_count == 0)
		return true;
	struct record *records = arena_alloc(reader->arena, reader->item_count * sizeof *records);
	size_t *lines = arena_alloc(reader->arena, reader->item_count * sizeof *lines);
	if (reader->item_count > 1)
		qsort(reader->items, reader->item_count, sizeof *reader->items, compare_items);
	for (size_t i = 0; i < reader->item_count; i++) {
		records[i] = reader->items[i].record;
		lines[i] = reader->items[i].line;
	}
	entry->answer.records = records;
	entry->answer.count = reader->item_count;
	entry->lines.records = lines;
	reader->item_count = 0;
	return true;
}

static bool read_kind(
	const struct snapshot_reader *reader, const struct zonefile_token *word, enum answer_kind *out)
{
	uint64_t kind;
	if (word->quoted ||
		!snapshot_word_find(word->text, snapshot_format_kinds, SNAPSHOT_FORMAT_KINDS, &kind))
		return zonefile_scan_fail(reader->arena, reader->error, word->place,
			"records, nodata, nxdomain, alias or temporary is expected, not \"%s\"",
			snapshot_word_shown(reader, word->text));
	*out = (enum answer_kind)kind;
	return true;
}

static bool read_question(
	const struct snapshot_reader *reader, const struct zonefile_entry *line, struct answer *out)
{
	const struct zonefile_token *words = line->tokens;
	if (!snapshot_word_name(reader, &words[0], &out->question.name))
		return false;
	if (line->count < 3)
		return zonefile_scan_fail(reader->arena, reader->error, words[line->count - 1].place,
			"a question is NAME TYPE KIND, and this one ends here");
	out->question.type = rrtype_number(words[1].text);
	if (out->question.type == 0)
		return zonefile_scan_fail(reader->arena, reader->error, words[1].place,
			"unknown record type \"%s\"", snapshot_word_shown(reader, words[1].text));
	out->owner = out->question.name;
	return read_kind(reader, &words[2], &out->kind);
}

static void set_attributes(struct answer *answer, const struct snapshot_attributes *values)
{
	for (size_t i = 0; i < SNAPSHOT_FORMAT_FLAGS; i++)
		*(bool *)(void *)((char *)answer + snapshot_format_flags[i].offset) =
			snapshot_attribute_given(values, (enum snapshot_attribute)i);
	answer->owner_exists = snapshot_format_exists(answer->kind)
				       ? !snapshot_attribute_given(values, SNAPSHOT_ATTRIBUTE_ABSENT)
				       : snapshot_attribute_given(values, SNAPSHOT_ATTRIBUTE_EXISTS);
	answer->failure = (enum dns_failure)values->number[SNAPSHOT_ATTRIBUTE_REASON];
	answer->rcode = (uint16_t)values->number[SNAPSHOT_ATTRIBUTE_RCODE];
	answer->ttl = (uint32_t)values->number[SNAPSHOT_ATTRIBUTE_TTL];
	answer->origin = snapshot_attribute_origin(values, NULL);
}

bool snapshot_question_read(struct snapshot_reader *reader, const struct zonefile_entry *line)
{
	struct snapshot_entry entry = {
		.place = line->tokens[0].place, .lines.question = line->tokens[0].place.line};
	struct snapshot_attributes values = {0};
	if (!read_question(reader, line, &entry.answer))
		return false;
	for (size_t i = 3; i < line->count; i++)
		if (!snapshot_attribute_read(reader, &line->tokens[i], SNAPSHOT_OF_ANSWER, &values))
			return false;
	bool is_temporary = entry.answer.kind == ANSWER_TEMPORARY;
	if (is_temporary != snapshot_attribute_given(&values, SNAPSHOT_ATTRIBUTE_REASON))
		return zonefile_scan_fail(reader->arena, reader->error, line->tokens[2].place, "%s",
			is_temporary ? "a temporary failure needs its reason="
				     : "only temporary has a reason=");
	if (snapshot_attribute_given(&values, snapshot_format_exists(entry.answer.kind)
						      ? SNAPSHOT_ATTRIBUTE_EXISTS
						      : SNAPSHOT_ATTRIBUTE_ABSENT))
		return zonefile_scan_fail(reader->arena, reader->error, line->tokens[2].place,
			"%s says already whether the name exists", snapshot_format_kinds[entry.answer.kind]);
	set_attributes(&entry.answer, &values);
	reader->entries =
		arena_grow(reader->arena, reader->entries, reader->count, &reader->capacity, sizeof entry);
	reader->entries[reader->count++] = entry;
	return true;
}
