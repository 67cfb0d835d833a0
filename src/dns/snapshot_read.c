/* snapshot_read: the text of a saved run to answers; see snapshot_format.h.
 *
 * Lines are cut into words as those of master files are (zonefile_scan), so every error has its place. A
 * file is taken as a whole or not at all: what is behind $end, a question asked twice, a count that is not
 * right are errors like bad data.
 */
#include <stdlib.h>

#include "base/ascii.h"
#include "base/bytemap.h"
#include "dns/snapshot.h"
#include "dns/snapshot_format.h"
#include "dns/snapshot_written.h"
#include "dns/zonefile_rdata.h"

/* Words behind the kind of an answer, and before the type of a record. */
enum attribute {
	ATTRIBUTE_AD, /* the flags, in the order of snapshot_format_flags */
	ATTRIBUTE_TC,
	ATTRIBUTE_TCP,
	ATTRIBUTE_WILDCARD,
	ATTRIBUTE_EXISTS,
	ATTRIBUTE_ABSENT,
	ATTRIBUTE_MALFORMED,
	ATTRIBUTE_COMMENT,
	ATTRIBUTE_REASON,
	ATTRIBUTE_RCODE,
	ATTRIBUTE_TTL,
	ATTRIBUTE_FROM,
	ATTRIBUTE_SERVER,
	ATTRIBUTE_FILE,
	ATTRIBUTE_LINE,
	ATTRIBUTE_COUNT
};

enum value { VALUE_NONE, VALUE_TEXT, VALUE_NUMBER, VALUE_REASON, VALUE_FROM };

enum { OF_ANSWER = 1, OF_RECORD = 2 };

static const struct {
	const char *word;
	enum value value;
	uint64_t most; /* VALUE_NUMBER */
	unsigned of;
} attributes[ATTRIBUTE_COUNT] = {
	[ATTRIBUTE_AD] = {"ad", VALUE_NONE, 0, OF_ANSWER},
	[ATTRIBUTE_TC] = {"tc", VALUE_NONE, 0, OF_ANSWER},
	[ATTRIBUTE_TCP] = {"tcp", VALUE_NONE, 0, OF_ANSWER},
	[ATTRIBUTE_WILDCARD] = {"wildcard", VALUE_NONE, 0, OF_ANSWER},
	[ATTRIBUTE_EXISTS] = {"exists", VALUE_NONE, 0, OF_ANSWER},
	[ATTRIBUTE_ABSENT] = {"absent", VALUE_NONE, 0, OF_ANSWER},
	[ATTRIBUTE_MALFORMED] = {"malformed", VALUE_NONE, 0, OF_RECORD},
	[ATTRIBUTE_COMMENT] = {"comment", VALUE_TEXT, 0, OF_RECORD},
	[ATTRIBUTE_REASON] = {"reason", VALUE_REASON, 0, OF_ANSWER},
	[ATTRIBUTE_RCODE] = {"rcode", VALUE_NUMBER, UINT16_MAX, OF_ANSWER},
	[ATTRIBUTE_TTL] = {"ttl", VALUE_NUMBER, UINT32_MAX, OF_ANSWER},
	[ATTRIBUTE_FROM] = {"from", VALUE_FROM, 0, OF_ANSWER | OF_RECORD},
	[ATTRIBUTE_SERVER] = {"server", VALUE_TEXT, 0, OF_ANSWER | OF_RECORD},
	[ATTRIBUTE_FILE] = {"file", VALUE_TEXT, 0, OF_ANSWER | OF_RECORD},
	[ATTRIBUTE_LINE] = {"line", VALUE_NUMBER, SIZE_MAX, OF_ANSWER | OF_RECORD},
};

/* The attributes of one line. */
struct values {
	unsigned given; /* bit N: attribute N */
	uint64_t
		number[ATTRIBUTE_COUNT]; /* VALUE_NUMBER, and the enum's member of VALUE_REASON, VALUE_FROM */
	struct slice text[ATTRIBUTE_COUNT];
};

/* A record, with its line in the file. */
struct item {
	struct record record;
	size_t line;
};

/* An answer, with its place in the file. */
struct entry {
	struct answer answer;
	struct snapshot_lines lines;
	struct zonefile_place place;
};

struct domain {
	struct name name;
	struct zonefile_place place;
	size_t index; /* in the order of the file */
};

struct reader {
	struct arena *arena;
	struct zonefile_error *error;
	struct zonefile_scan scan;
	struct snapshot_meta meta;
	bool has_psl;
	struct domain *domains;
	size_t domain_count, domain_capacity;
	struct zonefile_record *written;
	size_t written_count, written_capacity;
	struct zonefile_remark *remarks;
	size_t remark_count, remark_capacity;
	struct entry *entries;
	size_t count, capacity;
	struct item *items; /* records of the last entry */
	size_t item_count, item_capacity;
	bool ended; /* by $end */
};

static const char *shown(const struct reader *reader, struct slice text)
{
	return zonefile_scan_shown(reader->arena, text);
}

static bool has_bit(const struct values *values, enum attribute attribute)
{
	return (values->given >> attribute & 1) != 0;
}

/* --- words ------------------------------------------------------------------------------------ */

static bool fail_escape(const struct reader *reader, const struct zonefile_token *word)
{
	return zonefile_scan_fail(reader->arena, reader->error, word->place,
		"\"%s\" has a backslash that is not followed by three digits up to 255 or another character",
		shown(reader, word->text));
}

static bool read_bytes(
	const struct reader *reader, const struct zonefile_token *word, struct slice text, struct slice *out)
{
	char *bytes = arena_alloc(reader->arena, text.len);
	size_t len;
	if (!bytemap_unescape(text, 0, NULL, bytes, &len))
		return fail_escape(reader, word);
	*out = slice_of(bytes, len);
	return true;
}

static bool read_number(const struct reader *reader, const struct zonefile_token *word, struct slice text,
	uint64_t most, uint64_t *out)
{
	return ascii_parse_uint(text, most, out) ||
	       zonefile_scan_fail(reader->arena, reader->error, word->place,
		       "a number up to %llu is expected, not \"%s\"", (unsigned long long)most,
		       shown(reader, text));
}

/* A name of a question or directive, absolute with or without its final dot. */
static bool read_name(const struct reader *reader, const struct zonefile_token *word, struct name *out)
{
	const struct zonefile_scope scope = {
		.arena = reader->arena, .origin = {"", 1}, .error = reader->error};
	return zonefile_rdata_name(&scope, word, out);
}

/* Index of `text` among `words`; false: it is none of them. */
static bool find_word(struct slice text, const char *const *words, size_t count, uint64_t *out)
{
	for (size_t i = 0; i < count; i++) {
		*out = i;
		if (slice_equal(slice_cstr(words[i]), text))
			return true;
	}
	return false;
}

static bool find_reason(struct slice text, uint64_t *out)
{
	for (int i = DNS_FAILURE_NONE + 1; i <= DNS_FAILURE_OFFLINE; i++) {
		*out = (uint64_t)i;
		if (slice_equal(slice_cstr(dns_failure_text((enum dns_failure)i)), text))
			return true;
	}
	return false;
}

/* --- attributes ------------------------------------------------------------------------------- */

static enum attribute find_attribute(struct slice word)
{
	for (int i = 0; i < ATTRIBUTE_COUNT; i++)
		if (slice_equal(slice_cstr(attributes[i].word), word))
			return (enum attribute)i;
	return ATTRIBUTE_COUNT;
}

static bool read_value(const struct reader *reader, const struct zonefile_token *word, struct slice value,
	enum attribute attribute, struct values *out)
{
	uint64_t *number = &out->number[attribute];
	switch (attributes[attribute].value) {
	case VALUE_NONE:
		return true;
	case VALUE_TEXT:
		return read_bytes(reader, word, value, &out->text[attribute]);
	case VALUE_NUMBER:
		return read_number(reader, word, value, attributes[attribute].most, number);
	case VALUE_REASON:
		return find_reason(value, number) ||
		       zonefile_scan_fail(reader->arena, reader->error, word->place,
			       "unknown reason \"%s\" of a failure", shown(reader, value));
	case VALUE_FROM:
		return find_word(value, snapshot_format_origins, SNAPSHOT_FORMAT_ORIGINS, number) ||
		       zonefile_scan_fail(reader->arena, reader->error, word->place, "unknown origin \"%s\"",
			       shown(reader, value));
	}
	return false;
}

/* "word" or "word=value" of a line of the kind `of`. */
static bool read_attribute(
	const struct reader *reader, const struct zonefile_token *word, unsigned of, struct values *out)
{
	size_t equals = slice_find(word->text, '=', 0);
	enum attribute attribute = find_attribute(slice_head(word->text, equals));
	if (word->quoted || attribute == ATTRIBUTE_COUNT || (attributes[attribute].of & of) == 0)
		return zonefile_scan_fail(reader->arena, reader->error, word->place, "unknown word \"%s\"",
			shown(reader, word->text));
	if ((attributes[attribute].value == VALUE_NONE) != (equals == word->text.len))
		return zonefile_scan_fail(reader->arena, reader->error, word->place, "\"%s\" %s",
			attributes[attribute].word,
			equals == word->text.len ? "needs a value behind \"=\"" : "takes no value");
	if (has_bit(out, attribute))
		return zonefile_scan_fail(reader->arena, reader->error, word->place, "\"%s\" is given twice",
			attributes[attribute].word);
	out->given |= 1u << attribute;
	return read_value(reader, word, slice_from(word->text, equals + 1), attribute, out);
}

/* The origin that the attributes tell; nothing but a line: that of `answer`, on this line. */
static struct origin origin_of(const struct values *values, const struct origin *answer)
{
	const unsigned all = 1u << ATTRIBUTE_FROM | 1u << ATTRIBUTE_SERVER | 1u << ATTRIBUTE_FILE;
	struct origin origin = {.kind = (enum origin_kind)values->number[ATTRIBUTE_FROM],
		.server = values->text[ATTRIBUTE_SERVER],
		.file = values->text[ATTRIBUTE_FILE]};
	if (answer != NULL && (values->given & all) == 0)
		origin = *answer;
	if (answer == NULL || has_bit(values, ATTRIBUTE_LINE) || (values->given & all) != 0)
		origin.line = (size_t)values->number[ATTRIBUTE_LINE];
	return origin;
}

/* --- directives ------------------------------------------------------------------------------- */

static bool read_psl(struct reader *reader, const struct zonefile_entry *line)
{
	const struct zonefile_token *words = line->tokens;
	uint64_t time;
	if (!read_number(reader, &words[1], words[1].text, INT64_MAX, &time) ||
		!read_bytes(reader, &words[2], words[2].text, &reader->meta.psl_hash))
		return false;
	reader->meta.psl_time = (long long)time;
	return reader->meta.psl_hash.len > 0 ||
	       zonefile_scan_fail(reader->arena, reader->error, words[2].place, "the hash is empty");
}

static bool read_time(struct reader *reader, const struct zonefile_entry *line)
{
	const struct zonefile_token *words = line->tokens;
	uint64_t time;
	if (!read_number(reader, &words[1], words[1].text, INT64_MAX, &time))
		return false;
	reader->meta.has_time = true;
	reader->meta.time = (int64_t)time;
	return true;
}

static bool read_receiver(struct reader *reader, const struct zonefile_entry *line)
{
	const struct zonefile_token *words = line->tokens;
	if (!read_bytes(reader, &words[1], words[1].text, &reader->meta.receiver))
		return false;
	return reader->meta.receiver.len > 0 ||
	       zonefile_scan_fail(reader->arena, reader->error, words[1].place, "the name is empty");
}

static bool read_domain(struct reader *reader, const struct zonefile_entry *line)
{
	const struct zonefile_token *words = line->tokens;
	reader->domains = arena_grow(reader->arena, reader->domains, reader->domain_count,
		&reader->domain_capacity, sizeof *reader->domains);
	struct domain *domain = &reader->domains[reader->domain_count];
	*domain = (struct domain){.place = words[1].place, .index = reader->domain_count};
	reader->domain_count++;
	return read_name(reader, &words[1], &domain->name);
}

/* Words with line ends between them. */
static bool read_lines_of(
	const struct reader *reader, const struct zonefile_token *words, size_t count, struct slice *out)
{
	size_t most = 0, used = 0, len;
	for (size_t i = 0; i < count; i++)
		most += words[i].text.len + 1;
	char *bytes = arena_alloc(reader->arena, most);
	for (size_t i = 0; i < count; i++) {
		if (i > 0)
			bytes[used++] = '\n';
		if (!bytemap_unescape(words[i].text, 0, NULL, bytes + used, &len))
			return fail_escape(reader, &words[i]);
		used += len;
	}
	*out = slice_of(bytes, used);
	return true;
}

/* FILE LINE "line" ... */
static bool read_written(struct reader *reader, const struct zonefile_entry *line)
{
	const struct zonefile_token *words = line->tokens;
	struct slice file = slice_of(NULL, 0), lines = slice_of(NULL, 0);
	uint64_t number;
	if (!read_bytes(reader, &words[1], words[1].text, &file) ||
		!read_number(reader, &words[2], words[2].text, ZONEFILE_MAX_BYTES, &number))
		return false;
	if (!read_lines_of(reader, &words[3], line->count - 3, &lines))
		return false;
	reader->written = arena_grow(reader->arena, reader->written, reader->written_count,
		&reader->written_capacity, sizeof *reader->written);
	return snapshot_written_read(reader->arena, file, (size_t)number, lines,
		       &reader->written[reader->written_count++]) ||
	       zonefile_scan_fail(reader->arena, reader->error, words[3].place,
		       "no text record of a zone file, from its first line to its last");
}

/* FILE LINE COLUMN FIRST LAST TEXT */
static bool read_remark(struct reader *reader, const struct zonefile_entry *line)
{
	const struct zonefile_token *words = line->tokens;
	struct zonefile_remark remark = {.text = {NULL, 0}};
	uint64_t numbers[4];
	for (size_t i = 0; i < 4; i++)
		if (!read_number(reader, &words[2 + i], words[2 + i].text, ZONEFILE_MAX_BYTES, &numbers[i]))
			return false;
	if (!read_bytes(reader, &words[1], words[1].text, &remark.place.file) ||
		!read_bytes(reader, &words[6], words[6].text, &remark.text))
		return false;
	remark.place.line = (size_t)numbers[0];
	remark.place.column = (size_t)numbers[1];
	remark.first_line = (size_t)numbers[2];
	remark.last_line = (size_t)numbers[3];
	reader->remarks = arena_grow(reader->arena, reader->remarks, reader->remark_count,
		&reader->remark_capacity, sizeof *reader->remarks);
	reader->remarks[reader->remark_count++] = remark;
	return true;
}

static bool read_end(struct reader *reader, const struct zonefile_entry *line)
{
	const struct zonefile_token *words = line->tokens;
	uint64_t count;
	if (!read_number(reader, &words[1], words[1].text, SIZE_MAX, &count))
		return false;
	reader->ended = true;
	return count == reader->count || zonefile_scan_fail(reader->arena, reader->error, words[1].place,
						 "%llu questions are announced, %zu stand above",
						 (unsigned long long)count, reader->count);
}

struct directive {
	const char *word;
	size_t words;  /* with itself */
	bool has_more; /* or more of them */
	const char *takes;
	bool (*read)(struct reader *reader, const struct zonefile_entry *line);
};

static const struct directive directives[] = {
	{"$psl", 3, false, "a time and a hash", read_psl},
	{"$time", 2, false, "seconds since 1970", read_time},
	{"$receiver", 2, false, "a name", read_receiver},
	{"$domain", 2, false, "a domain", read_domain},
	{"$written", 4, true, "a file, a line and what is written there", read_written},
	{"$remark", 7, false, "a file, a line, a column, two lines of a record and the text", read_remark},
	{"$end", 2, false, "the number of questions", read_end},
};

static bool is_given(const struct reader *reader, const struct directive *directive)
{
	if (directive->read == read_psl)
		return reader->meta.psl_hash.len > 0;
	if (directive->read == read_time)
		return reader->meta.has_time;
	return directive->read == read_receiver && reader->meta.receiver.len > 0;
}

static bool read_directive(struct reader *reader, const struct zonefile_entry *line)
{
	const struct zonefile_token *word = &line->tokens[0];
	const struct directive *directive = NULL;
	for (size_t i = 0; i < sizeof directives / sizeof directives[0]; i++)
		if (slice_equal(slice_cstr(directives[i].word), word->text))
			directive = &directives[i];
	if (directive == NULL)
		return zonefile_scan_fail(reader->arena, reader->error, word->place,
			"unknown directive \"%s\"", shown(reader, word->text));
	if (line->count < directive->words || (line->count > directive->words && !directive->has_more))
		return zonefile_scan_fail(reader->arena, reader->error, word->place, "%s takes %s",
			directive->word, directive->takes);
	if (is_given(reader, directive))
		return zonefile_scan_fail(
			reader->arena, reader->error, word->place, "%s is given twice", directive->word);
	if (reader->count > 0 && directive->read != read_end)
		return zonefile_scan_fail(reader->arena, reader->error, word->place,
			"%s belongs before the first question", directive->word);
	return directive->read(reader, line);
}

/* --- records ---------------------------------------------------------------------------------- */

/* Words before the type. None of them is one. */
static bool is_attribute(const struct zonefile_token *word)
{
	return !word->quoted && (slice_find(word->text, '=', 0) < word->text.len ||
					find_attribute(word->text) != ATTRIBUTE_COUNT);
}

static bool check_type(const struct reader *reader, const struct zonefile_token *word,
	const struct answer *answer, uint16_t type)
{
	uint16_t expected = answer->kind == ANSWER_ALIAS ? RRTYPE_CNAME : answer->question.type;
	if (type == 0)
		return zonefile_scan_fail(reader->arena, reader->error, word->place,
			"unknown record type \"%s\"", shown(reader, word->text));
	if (type != expected)
		return zonefile_scan_fail(reader->arena, reader->error, word->place,
			"a record of type %s, where only %s can be", shown(reader, word->text),
			shown(reader, rrtype_text(reader->arena, expected)));
	return true;
}

static bool read_data(const struct reader *reader, const struct zonefile_entry *line, size_t at,
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
	const struct reader *reader, const struct zonefile_token *word, const struct answer *answer)
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

static bool read_record(struct reader *reader, const struct zonefile_entry *line)
{
	const struct zonefile_token *words = line->tokens;
	struct values values = {0};
	uint64_t ttl;
	size_t at = 1;
	if (reader->count == 0)
		return zonefile_scan_fail(
			reader->arena, reader->error, words[0].place, "a record without a question above it");
	const struct answer *answer = &reader->entries[reader->count - 1].answer;
	if (!check_count(reader, &words[0], answer) ||
		!read_number(reader, &words[0], words[0].text, UINT32_MAX, &ttl))
		return false;
	for (; at < line->count && is_attribute(&words[at]); at++)
		if (!read_attribute(reader, &words[at], OF_RECORD, &values))
			return false;
	if (at == line->count)
		return zonefile_scan_fail(
			reader->arena, reader->error, words[at - 1].place, "the record ends before its type");
	struct item item = {.line = words[0].place.line,
		.record = {.ttl = (uint32_t)ttl, .origin = origin_of(&values, &answer->origin)}};
	if (!read_data(reader, line, at, answer, &item.record))
		return false;
	item.record.comment = values.text[ATTRIBUTE_COMMENT];
	item.record.malformed |= has_bit(&values, ATTRIBUTE_MALFORMED);
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
	const struct item *a = left, *b = right;
	int order = record_compare(&a->record, &b->record);
	return order != 0 ? order : (a->line > b->line) - (a->line < b->line);
}

/* The question above is at its end: its records get their order. */
static bool end_question(struct reader *reader)
{
	if (reader->count == 0)
		return true;
	struct entry *entry = &reader->entries[reader->count - 1];
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

static bool read_kind(const struct reader *reader, const struct zonefile_token *word, enum answer_kind *out)
{
	uint64_t kind;
	if (word->quoted || !find_word(word->text, snapshot_format_kinds, SNAPSHOT_FORMAT_KINDS, &kind))
		return zonefile_scan_fail(reader->arena, reader->error, word->place,
			"records, nodata, nxdomain, alias or temporary is expected, not \"%s\"",
			shown(reader, word->text));
	*out = (enum answer_kind)kind;
	return true;
}

static bool read_question(const struct reader *reader, const struct zonefile_entry *line, struct answer *out)
{
	const struct zonefile_token *words = line->tokens;
	if (!read_name(reader, &words[0], &out->question.name))
		return false;
	if (line->count < 3)
		return zonefile_scan_fail(reader->arena, reader->error, words[line->count - 1].place,
			"a question is NAME TYPE KIND, and this one ends here");
	out->question.type = rrtype_number(words[1].text);
	if (out->question.type == 0)
		return zonefile_scan_fail(reader->arena, reader->error, words[1].place,
			"unknown record type \"%s\"", shown(reader, words[1].text));
	out->owner = out->question.name;
	return read_kind(reader, &words[2], &out->kind);
}

static void set_attributes(struct answer *answer, const struct values *values)
{
	for (size_t i = 0; i < SNAPSHOT_FORMAT_FLAGS; i++)
		*(bool *)(void *)((char *)answer + snapshot_format_flags[i].offset) =
			has_bit(values, (enum attribute)i);
	answer->owner_exists = snapshot_format_exists(answer->kind) ? !has_bit(values, ATTRIBUTE_ABSENT)
								    : has_bit(values, ATTRIBUTE_EXISTS);
	answer->failure = (enum dns_failure)values->number[ATTRIBUTE_REASON];
	answer->rcode = (uint16_t)values->number[ATTRIBUTE_RCODE];
	answer->ttl = (uint32_t)values->number[ATTRIBUTE_TTL];
	answer->origin = origin_of(values, NULL);
}

static bool read_answer(struct reader *reader, const struct zonefile_entry *line)
{
	struct entry entry = {.place = line->tokens[0].place, .lines.question = line->tokens[0].place.line};
	struct values values = {0};
	if (!read_question(reader, line, &entry.answer))
		return false;
	for (size_t i = 3; i < line->count; i++)
		if (!read_attribute(reader, &line->tokens[i], OF_ANSWER, &values))
			return false;
	bool is_temporary = entry.answer.kind == ANSWER_TEMPORARY;
	if (is_temporary != has_bit(&values, ATTRIBUTE_REASON))
		return zonefile_scan_fail(reader->arena, reader->error, line->tokens[2].place, "%s",
			is_temporary ? "a temporary failure needs its reason="
				     : "only temporary has a reason=");
	if (has_bit(&values, snapshot_format_exists(entry.answer.kind) ? ATTRIBUTE_EXISTS : ATTRIBUTE_ABSENT))
		return zonefile_scan_fail(reader->arena, reader->error, line->tokens[2].place,
			"%s says already whether the name exists", snapshot_format_kinds[entry.answer.kind]);
	set_attributes(&entry.answer, &values);
	reader->entries =
		arena_grow(reader->arena, reader->entries, reader->count, &reader->capacity, sizeof entry);
	reader->entries[reader->count++] = entry;
	return true;
}

/* --- the file --------------------------------------------------------------------------------- */

/* Over blank lines and comments: those that begin with "#" are words to the scanner. */
static void pass_comments(struct zonefile_scan *scan)
{
	while (scan->at < scan->text.len) {
		size_t at = scan->at + ascii_wsp_run(scan->text, scan->at);
		if (at < scan->text.len && ascii_is_one_of(scan->text.ptr[at], "#;"))
			at = slice_find(scan->text, '\n', at);
		else if (at < scan->text.len && scan->text.ptr[at] == '\r')
			at++;
		if (at < scan->text.len && scan->text.ptr[at] != '\n')
			return;
		scan->at = at < scan->text.len ? at + 1 : at;
		scan->line += at < scan->text.len;
		scan->line_start = scan->at;
	}
}

static enum zonefile_scan_result next_line(struct reader *reader, struct zonefile_entry *out)
{
	pass_comments(&reader->scan);
	return zonefile_scan_next(&reader->scan, out);
}

static struct zonefile_place here(const struct reader *reader)
{
	const struct zonefile_scan *scan = &reader->scan;
	return (struct zonefile_place){scan->file, scan->line, scan->at - scan->line_start + 1};
}

static bool fail_magic(const struct reader *reader)
{
	return zonefile_scan_fail(reader->arena, reader->error,
		((struct zonefile_place){reader->scan.file, 1, 1}),
		"no saved run: it would begin with \"" SNAPSHOT_FORMAT_MAGIC "%d\"", SNAPSHOT_FORMAT_VERSION);
}

static bool read_magic(struct reader *reader)
{
	struct zonefile_entry line;
	uint64_t version;
	if (!snapshot_is_one(reader->scan.text))
		return fail_magic(reader);
	if (zonefile_scan_next(&reader->scan, &line) != ZONEFILE_SCAN_ENTRY)
		return false;
	struct slice number = slice_from(line.tokens[0].text, sizeof SNAPSHOT_FORMAT_MAGIC - 1);
	if (line.count != 1 || !ascii_parse_uint(number, UINT32_MAX, &version))
		return fail_magic(reader);
	return version == SNAPSHOT_FORMAT_VERSION ||
	       zonefile_scan_fail(reader->arena, reader->error, line.tokens[0].place,
		       "a saved run of version %llu; this mailauth reads version %d",
		       (unsigned long long)version, SNAPSHOT_FORMAT_VERSION);
}

static bool read_line(struct reader *reader, const struct zonefile_entry *line)
{
	if (reader->ended)
		return zonefile_scan_fail(
			reader->arena, reader->error, line->tokens[0].place, "nothing may stand behind $end");
	if (line->blank_owner)
		return read_record(reader, line);
	if (!end_question(reader))
		return false;
	if (!line->tokens[0].quoted && slice_starts(line->tokens[0].text, SLICE("$")))
		return read_directive(reader, line);
	return read_answer(reader, line);
}

static bool read_lines(struct reader *reader)
{
	struct zonefile_entry line;
	enum zonefile_scan_result result;
	while ((result = next_line(reader, &line)) == ZONEFILE_SCAN_ENTRY)
		if (!read_line(reader, &line))
			return false;
	if (result == ZONEFILE_SCAN_ERROR)
		return false;
	return reader->ended || zonefile_scan_fail(reader->arena, reader->error, here(reader),
					"the file was cut: there is no $end");
}

/* --- what all of it must be ------------------------------------------------------------------- */

static int compare_entries(const void *left, const void *right)
{
	const struct entry *a = left, *b = right;
	int order = question_compare(&a->answer.question, &b->answer.question);
	return order != 0 ? order : (a->place.line > b->place.line) - (a->place.line < b->place.line);
}

/* Sorts; no question may be there twice. */
static bool finish_answers(struct reader *reader, struct snapshot_data *out)
{
	struct answer *answers = arena_alloc(reader->arena, reader->count * sizeof *answers);
	struct snapshot_lines *lines = arena_alloc(reader->arena, reader->count * sizeof *lines);
	if (reader->count > 1)
		qsort(reader->entries, reader->count, sizeof *reader->entries, compare_entries);
	for (size_t i = 0; i < reader->count; i++) {
		const struct entry *entry = &reader->entries[i];
		if (i > 0 && question_compare(&answers[i - 1].question, &entry->answer.question) == 0)
			return zonefile_scan_fail(reader->arena, reader->error, entry->place,
				"the same question as in line %zu", reader->entries[i - 1].place.line);
		answers[i] = entry->answer;
		lines[i] = entry->lines;
	}
	out->answers = answers;
	out->lines = lines;
	out->count = reader->count;
	return true;
}

static int compare_domains(const void *left, const void *right)
{
	const struct domain *a = left, *b = right;
	int order = name_compare(a->name, b->name);
	return order != 0 ? order : (a->index > b->index) - (a->index < b->index);
}

static bool finish_domains(struct reader *reader, struct snapshot_data *out)
{
	struct name *names = arena_alloc(reader->arena, reader->domain_count * sizeof *names);
	if (reader->domain_count > 1)
		qsort(reader->domains, reader->domain_count, sizeof *reader->domains, compare_domains);
	for (size_t i = 0; i < reader->domain_count; i++) {
		const struct domain *domain = &reader->domains[i];
		if (i > 0 && name_equal(domain[-1].name, domain->name))
			return zonefile_scan_fail(reader->arena, reader->error, domain->place,
				"the same domain as in line %zu", domain[-1].place.line);
		names[domain->index] = domain->name;
	}
	out->domains = names;
	out->domain_count = reader->domain_count;
	return true;
}

static void finish_zones(const struct reader *reader, struct snapshot_meta *meta)
{
	if (reader->written_count == 0 && reader->remark_count == 0)
		return;
	struct zonefile *zone = arena_alloc(reader->arena, sizeof *zone);
	const struct zonefile **zones = arena_alloc(reader->arena, sizeof(const struct zonefile *));
	*zone = (struct zonefile){.records = reader->written,
		.count = reader->written_count,
		.remarks = reader->remarks,
		.remark_count = reader->remark_count};
	zones[0] = zone;
	meta->zones = zones;
	meta->zone_count = 1;
}

bool snapshot_is_one(struct slice text)
{
	if (slice_starts(text, SLICE("\xef\xbb\xbf")))
		text = slice_from(text, 3);
	return slice_starts(text, SLICE(SNAPSHOT_FORMAT_MAGIC));
}

bool snapshot_read(struct arena *arena, struct slice file, struct slice text, struct snapshot_data *out,
	struct zonefile_error *error)
{
	struct reader reader = {.arena = arena, .error = error};
	zonefile_scan_init(&reader.scan, arena, file, text, error);
	*out = (struct snapshot_data){0};
	if (!read_magic(&reader) || !read_lines(&reader))
		return false;
	struct snapshot_data data = {.meta = reader.meta};
	if (!finish_answers(&reader, &data) || !finish_domains(&reader, &data))
		return false;
	finish_zones(&reader, &data.meta);
	*out = data;
	return true;
}
