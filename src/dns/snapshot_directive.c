/* snapshot_directive: lines of a saved run that begin with "$": what is known about the whole run.
 *
 *     $psl 1788134400 builtin:5e45a7f2...
 *     $time 1790000000
 *     $domain example.com
 *     ...
 *     $end 2
 */
#include "base/bytemap.h"
#include "dns/snapshot_reader.h"
#include "dns/snapshot_written.h"

static bool read_psl(struct snapshot_reader *reader, const struct zonefile_entry *line)
{
	const struct zonefile_token *words = line->tokens;
	uint64_t time;
	if (!snapshot_word_number(reader, &words[1], words[1].text, INT64_MAX, &time) ||
		!snapshot_word_bytes(reader, &words[2], words[2].text, &reader->meta.psl_hash))
		return false;
	reader->meta.psl_time = (long long)time;
	return reader->meta.psl_hash.len > 0 ||
	       zonefile_scan_fail(reader->arena, reader->error, words[2].place, "the hash is empty");
}

static bool read_time(struct snapshot_reader *reader, const struct zonefile_entry *line)
{
	const struct zonefile_token *words = line->tokens;
	uint64_t time;
	if (!snapshot_word_number(reader, &words[1], words[1].text, INT64_MAX, &time))
		return false;
	reader->meta.has_time = true;
	reader->meta.time = (int64_t)time;
	return true;
}

static bool read_receiver(struct snapshot_reader *reader, const struct zonefile_entry *line)
{
	const struct zonefile_token *words = line->tokens;
	if (!snapshot_word_bytes(reader, &words[1], words[1].text, &reader->meta.receiver))
		return false;
	return reader->meta.receiver.len > 0 ||
	       zonefile_scan_fail(reader->arena, reader->error, words[1].place, "the name is empty");
}

static bool read_domain(struct snapshot_reader *reader, const struct zonefile_entry *line)
{
	const struct zonefile_token *words = line->tokens;
	reader->domains = arena_grow(reader->arena, reader->domains, reader->domain_count,
		&reader->domain_capacity, sizeof *reader->domains);
	struct snapshot_domain *domain = &reader->domains[reader->domain_count];
	*domain = (struct snapshot_domain){.place = words[1].place, .index = reader->domain_count};
	reader->domain_count++;
	return snapshot_word_name(reader, &words[1], &domain->name);
}

/* Words with line ends between them. */
static bool read_lines_of(const struct snapshot_reader *reader, const struct zonefile_token *words,
	size_t count, struct slice *out)
{
	size_t most = 0, used = 0, len;
	for (size_t i = 0; i < count; i++)
		most += words[i].text.len + 1;
	char *bytes = arena_alloc(reader->arena, most);
	for (size_t i = 0; i < count; i++) {
		if (i > 0)
			bytes[used++] = '\n';
		if (!bytemap_unescape(words[i].text, 0, NULL, bytes + used, &len))
			return snapshot_word_fail_escape(reader, &words[i]);
		used += len;
	}
	*out = slice_of(bytes, used);
	return true;
}

/* FILE LINE "line" ... */
static bool read_written(struct snapshot_reader *reader, const struct zonefile_entry *line)
{
	const struct zonefile_token *words = line->tokens;
	struct slice file = slice_of(NULL, 0), lines = slice_of(NULL, 0);
	uint64_t number;
	if (!snapshot_word_bytes(reader, &words[1], words[1].text, &file) ||
		!snapshot_word_number(reader, &words[2], words[2].text, ZONEFILE_MAX_BYTES, &number))
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
static bool read_remark(struct snapshot_reader *reader, const struct zonefile_entry *line)
{
	const struct zonefile_token *words = line->tokens;
	struct zonefile_remark remark = {.text = {NULL, 0}};
	uint64_t numbers[4];
	for (size_t i = 0; i < 4; i++)
		if (!snapshot_word_number(
			    reader, &words[2 + i], words[2 + i].text, ZONEFILE_MAX_BYTES, &numbers[i]))
			return false;
	if (!snapshot_word_bytes(reader, &words[1], words[1].text, &remark.place.file) ||
		!snapshot_word_bytes(reader, &words[6], words[6].text, &remark.text))
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

static bool read_end(struct snapshot_reader *reader, const struct zonefile_entry *line)
{
	const struct zonefile_token *words = line->tokens;
	uint64_t count;
	if (!snapshot_word_number(reader, &words[1], words[1].text, SIZE_MAX, &count))
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
	bool (*read)(struct snapshot_reader *reader, const struct zonefile_entry *line);
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

static bool is_given(const struct snapshot_reader *reader, const struct directive *directive)
{
	if (directive->read == read_psl)
		return reader->meta.psl_hash.len > 0;
	if (directive->read == read_time)
		return reader->meta.has_time;
	return directive->read == read_receiver && reader->meta.receiver.len > 0;
}

bool snapshot_directive_read(struct snapshot_reader *reader, const struct zonefile_entry *line)
{
	const struct zonefile_token *word = &line->tokens[0];
	const struct directive *directive = NULL;
	for (size_t i = 0; i < sizeof directives / sizeof directives[0]; i++)
		if (slice_equal(slice_cstr(directives[i].word), word->text))
			directive = &directives[i];
	if (directive == NULL)
		return zonefile_scan_fail(reader->arena, reader->error, word->place,
			"unknown directive \"%s\"", snapshot_word_shown(reader, word->text));
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
