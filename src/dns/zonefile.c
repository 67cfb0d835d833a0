/* zonefile: master files: entries to records, directives, included files; see zonefile.h.
 *
 *     $ORIGIN example.com.
 *     @     3600 IN SOA ns.example.net. hostmaster 1 1d 2h 4w 5m
 *           TXT "v=spf1 mx -all"                         owner and class of the record before
 *     mail  1h   A 192.0.2.25
 *
 * Where RFC 1035 leaves room, this reads as BIND does: TTL and class in either order; without both a TTL
 * and $TTL the last TTL given holds, then the SOA's minimum; what an included file does to the origin and
 * the owner ends with it. The first error ends the reading.
 */
#include "dns/zonefile.h"

#include "dns/zonefile_check.h"
#include "dns/zonefile_head.h"
#include "dns/zonefile_load.h"
#include "dns/zonefile_scan.h"

#define DEFAULT_TTL 3600 /* where nothing in the file says one */
#define MAX_COMMENT 4096 /* bytes of a comment that may have been meant as text */

/* The whole reading, over all files. */
struct reader {
	struct arena *arena;
	const struct zonefile_loader *loader;
	struct zonefile_error *error;
	struct slice top;
	struct zonefile_record *records;
	size_t count;
	size_t capacity;
	struct name apex;
	struct zonefile_place apex_place;
	struct slice apex_rdata;
	bool has_default_ttl, has_last_ttl, has_minimum;
	uint32_t default_ttl, last_ttl, minimum;
	size_t files;
	size_t bytes;
	size_t depth;	 /* of files that include */
	bool as_written; /* more is let through */
	struct zonefile_remark *remarks;
	size_t remark_count;
	size_t remark_capacity;
};

/* What ends with a file. */
struct context {
	struct slice file;
	struct slice text; /* of the file */
	struct name origin;
	struct name owner; /* of the record before; none: there was none */
};

static bool fail(const struct reader *reader, struct zonefile_place place, const char *text)
{
	return zonefile_scan_fail(reader->arena, reader->error, place, "%s", text);
}

static bool fail_word(const struct reader *reader, const struct zonefile_token *word, const char *what)
{
	return zonefile_scan_fail(reader->arena, reader->error, word->place, "%s \"%s\"", what,
		zonefile_scan_shown(reader->arena, word->text));
}

static struct zonefile_scope scope_of(const struct reader *reader, struct name origin)
{
	return (struct zonefile_scope){.arena = reader->arena,
		.origin = origin,
		.error = reader->error,
		.splits = reader->as_written};
}

/* --- records ---------------------------------------------------------------------------------- */

static uint32_t minimum_of(struct slice soa)
{
	uint32_t value = 0;
	for (size_t i = soa.len - 4; i < soa.len; i++)
		value = value << 8 | (unsigned char)soa.ptr[i];
	return value;
}

/* The TTL of a record that says none: $TTL (RFC 2308 4), the last one said (RFC 1035 5.1), the SOA's
 * minimum. */
static uint32_t implied_ttl(const struct reader *reader)
{
	if (reader->has_default_ttl)
		return reader->default_ttl;
	if (reader->has_last_ttl)
		return reader->last_ttl;
	return reader->has_minimum ? reader->minimum : DEFAULT_TTL;
}

/* A zone has one SOA; the same one again is what a transfer printed by dig ends with. */
static bool note_soa(struct reader *reader, struct name owner, const struct zonefile_token *word,
	struct slice rdata, bool *repeated)
{
	*repeated = false;
	if (name_is_none(reader->apex)) {
		reader->apex = owner;
		reader->apex_place = word->place;
		reader->apex_rdata = rdata;
		return true;
	}
	*repeated = name_equal(reader->apex, owner) && slice_equal(reader->apex_rdata, rdata);
	if (*repeated)
		return true;
	return zonefile_scan_fail(reader->arena, reader->error, word->place,
		"a second SOA record, of %s; line %zu has the one of %s",
		zonefile_scan_shown(reader->arena, name_text(reader->arena, owner)), reader->apex_place.line,
		zonefile_scan_shown(reader->arena, name_text(reader->arena, reader->apex)));
}

static bool add_record(struct reader *reader, struct zonefile_record record)
{
	reader->records = arena_grow(
		reader->arena, reader->records, reader->count, &reader->capacity, sizeof *reader->records);
	reader->records[reader->count++] = record;
	return true;
}

static bool is_soa_data(struct slice rdata)
{
	return rdata.len >= 22; /* two names and five numbers */
}

/* Keeps what later records take over, and checks where this one stands. */
static bool finish_record(struct reader *reader, const struct zonefile_entry *entry,
	const struct zonefile_head *head, struct zonefile_record *record)
{
	bool repeated = false;
	if (head->has_ttl)
		reader->last_ttl = head->ttl;
	reader->has_last_ttl = reader->has_last_ttl || head->has_ttl;
	if (head->type == RRTYPE_SOA) {
		if (!is_soa_data(record->record.rdata))
			return fail(reader, record->place, "the data does not have the form of its type");
		if (!note_soa(reader, record->owner, head->type_word, record->record.rdata, &repeated))
			return false;
		reader->has_minimum = true;
		reader->minimum = minimum_of(record->record.rdata);
	}
	if (!zonefile_check_owner(
		    reader->arena, reader->apex, record->owner, entry->tokens[0].place, reader->error))
		return false;
	record->record.ttl = head->has_ttl ? head->ttl : implied_ttl(reader);
	return repeated || add_record(reader, *record);
}

static bool read_owner(
	const struct reader *reader, const struct zonefile_entry *entry, struct context *context)
{
	const struct zonefile_token *word = &entry->tokens[0];
	const struct zonefile_scope scope = scope_of(reader, context->origin);
	if (entry->blank_owner && name_is_none(context->owner))
		return fail(
			reader, word->place, "the line begins with a blank, and there is no owner before it");
	if (entry->blank_owner)
		return true;
	if (word->quoted)
		return fail_word(reader, word, "the owner's name is expected, not a string:");
	return zonefile_rdata_name(&scope, word, &context->owner);
}

/* The comment that begins right behind a word without quotes; empty: there is none. */
static struct slice comment_behind(struct slice text, const struct zonefile_token *word)
{
	size_t at = (size_t)(word->text.ptr - text.ptr) + word->text.len;
	if (word->quoted || at >= text.len || text.ptr[at] != ';')
		return slice_of(NULL, 0);
	size_t end = slice_find(text, '\n', at);
	struct slice comment = slice_without_line_end(slice_at(text, span_of(at + 1, end - at - 1)));
	return comment.len <= MAX_COMMENT ? comment : slice_of(NULL, 0);
}

/* Text of a record as its words have it. The generic form has no strings. */
static void keep_words(const struct reader *reader, const struct context *context,
	const struct zonefile_token *words, size_t count, struct zonefile_record *record)
{
	bool is_text = record->record.type == RRTYPE_TXT || record->record.type == RRTYPE_SPF;
	if (!is_text || (!words[0].quoted && slice_equal(words[0].text, SLICE("\\#"))))
		return;
	struct zonefile_token *copy = arena_alloc(reader->arena, count * sizeof *copy);
	memcpy(copy, words, count * sizeof *copy);
	record->words = copy;
	record->word_count = count;
	record->source = context->text;
	record->record.comment = comment_behind(context->text, &words[count - 1]);
}

static bool read_record(struct reader *reader, struct context *context, const struct zonefile_entry *entry)
{
	struct zonefile_head head;
	size_t at = entry->blank_owner ? 0 : 1;
	const struct zonefile_scope scope = scope_of(reader, context->origin);
	if (!read_owner(reader, entry, context) ||
		!zonefile_head_read(&scope, entry->tokens, entry->count, &at, &head))
		return false;
	struct zonefile_record record = {.owner = context->owner,
		.record.origin = {
			.kind = ORIGIN_ZONE, .file = context->file, .line = entry->tokens[0].place.line}};
	if (!zonefile_head_data(&scope, &head, &entry->tokens[at], entry->count - at, &record))
		return false;
	keep_words(reader, context, &entry->tokens[at], entry->count - at, &record);
	return finish_record(reader, entry, &head, &record);
}

/* --- directives ------------------------------------------------------------------------------- */

static bool read_file(struct reader *reader, struct context context, const struct zonefile_place *from);

static bool read_origin(struct reader *reader, struct context *context, const struct zonefile_entry *entry)
{
	const struct zonefile_scope scope = scope_of(reader, context->origin);
	if (entry->count != 2)
		return fail(reader, entry->tokens[0].place, "$ORIGIN takes one name");
	return zonefile_rdata_name(&scope, &entry->tokens[1], &context->origin);
}

static bool read_ttl(struct reader *reader, struct context *context, const struct zonefile_entry *entry)
{
	(void)context;
	if (entry->count != 2)
		return fail(reader, entry->tokens[0].place, "$TTL takes one period");
	if (!zonefile_rdata_period(entry->tokens[1].text, &reader->default_ttl))
		return fail_word(reader, &entry->tokens[1], "not a TTL:");
	reader->has_default_ttl = true;
	return true;
}

/* Where the included file is: beside this one, and never outside the folder of the top file. */
static bool find_include(const struct reader *reader, const struct context *context,
	const struct zonefile_token *word, struct slice *path)
{
	struct slice why;
	if (word->text.len == 0 || memchr(word->text.ptr, '\\', word->text.len) != NULL)
		return fail_word(reader, word, "not a file name:");
	if (slice_equal(reader->top, SLICE("-")))
		return fail(reader, word->place, "a zone on standard input cannot include files");
	*path = zonefile_load_join(reader->arena, context->file, word->text);
	if (reader->loader == NULL && !zonefile_load_is_inside(reader->arena, reader->top, *path, &why))
		return zonefile_scan_fail(reader->arena, reader->error, word->place,
			"cannot include \"%s\": %s", zonefile_scan_shown(reader->arena, word->text),
			zonefile_scan_shown(reader->arena, why));
	return true;
}

static bool read_include(struct reader *reader, struct context *context, const struct zonefile_entry *entry)
{
	struct context inner = *context;
	const struct zonefile_scope scope = scope_of(reader, context->origin);
	if (entry->count != 2 && entry->count != 3)
		return fail(
			reader, entry->tokens[0].place, "$INCLUDE takes a file and, if you like, an origin");
	if (!find_include(reader, context, &entry->tokens[1], &inner.file))
		return false;
	if (entry->count == 3 && !zonefile_rdata_name(&scope, &entry->tokens[2], &inner.origin))
		return false;
	if (reader->depth == ZONEFILE_MAX_DEPTH)
		return fail(reader, entry->tokens[0].place, "files are included more than 8 deep");
	reader->depth++;
	struct zonefile_place from = entry->tokens[1].place;
	bool read = read_file(reader, inner, &from);
	reader->depth--;
	return read;
}

struct directive {
	struct slice word;
	bool (*read)(struct reader *reader, struct context *context, const struct zonefile_entry *entry);
};

static bool read_directive(struct reader *reader, struct context *context, const struct zonefile_entry *entry)
{
	static const struct directive directives[] = {
		{{"$INCLUDE", 8}, read_include},
		{{"$ORIGIN", 7}, read_origin},
		{{"$TTL", 4}, read_ttl},
	};
	for (size_t i = 0; i < sizeof directives / sizeof directives[0]; i++)
		if (slice_equal_nocase(directives[i].word, entry->tokens[0].text))
			return directives[i].read(reader, context, entry);
	return fail_word(reader, &entry->tokens[0], "unknown directive");
}

/* --- files ------------------------------------------------------------------------------------ */

/* A zone file has no NUL byte; what has one is a picture, a program, UTF-16. */
static bool is_text(const struct reader *reader, struct slice file, struct slice text)
{
	size_t nul = slice_find(text, '\0', 0);
	struct zonefile_place place = {file, 1, nul + 1};
	if (nul == text.len)
		return true;
	for (size_t at = slice_find(text, '\n', 0); at < nul; at = slice_find(text, '\n', at + 1)) {
		place.line++;
		place.column = nul - at;
	}
	return fail(reader, place, "a NUL byte: this is a binary file, not a zone file");
}

static bool load(struct reader *reader, struct slice path, struct slice *out, struct slice *why)
{
	if (++reader->files > ZONEFILE_MAX_FILES) {
		*why = SLICE("more than 1000 files are included");
		return false;
	}
	if (reader->loader != NULL)
		return reader->loader->load(reader->loader->context, reader->arena, path, out, why);
	return zonefile_load_file(reader->arena, path, ZONEFILE_MAX_BYTES - reader->bytes, out, why);
}

static void add_remark(
	struct reader *reader, const struct zonefile_scan_remark *remark, size_t first_line, size_t last_line)
{
	reader->remarks = arena_grow(reader->arena, reader->remarks, reader->remark_count,
		&reader->remark_capacity, sizeof *reader->remarks);
	reader->remarks[reader->remark_count++] =
		(struct zonefile_remark){remark->text, remark->place, first_line, last_line};
}

/* Remarks in and before a record are about it. */
static void take_remarks(
	struct reader *reader, struct zonefile_scan *scan, const struct zonefile_entry *entry)
{
	for (size_t i = 0; i < scan->remark_count; i++)
		add_remark(reader, &scan->remarks[i], entry->tokens[0].place.line, entry->last_line);
	scan->remark_count = 0;
}

/* Remarks of a directive are about nothing; those before it wait for a record. */
static void drop_remarks(struct reader *reader, struct zonefile_scan *scan)
{
	while (scan->remark_count > 0 && !scan->remarks[scan->remark_count - 1].is_before)
		add_remark(reader, &scan->remarks[--scan->remark_count], 0, 0);
}

/* What is left when the file ends. */
static void drop_all_remarks(struct reader *reader, struct zonefile_scan *scan)
{
	for (size_t i = 0; i < scan->remark_count; i++)
		add_remark(reader, &scan->remarks[i], 0, 0);
}

static bool is_directive(const struct zonefile_entry *entry)
{
	return !entry->blank_owner && !entry->tokens[0].quoted &&
	       slice_starts(entry->tokens[0].text, SLICE("$"));
}

/* Entries of a file, up to the first error. */
static size_t count_entries(const struct reader *reader, struct slice file, struct slice text)
{
	struct zonefile_scan scan;
	struct zonefile_entry entry;
	struct zonefile_error error;
	size_t count = 0;
	struct arena_mark mark = arena_mark(reader->arena);
	zonefile_scan_init(&scan, reader->arena, file, text, &error);
	while (zonefile_scan_next(&scan, &entry) == ZONEFILE_SCAN_ENTRY)
		count++;
	arena_rewind(reader->arena, mark);
	return count;
}

/* Room for the records of a file at once: growing with them would leave each smaller copy in the arena,
 * which is more than the records need. Twice the room when a file is one of many that are included. */
static void make_room(struct reader *reader, struct slice file, struct slice text)
{
	size_t wanted = reader->count + count_entries(reader, file, text);
	if (wanted <= reader->capacity)
		return;
	if (wanted < 2 * reader->capacity)
		wanted = 2 * reader->capacity;
	struct zonefile_record *records = arena_alloc(reader->arena, wanted * sizeof *records);
	if (reader->count > 0)
		memcpy(records, reader->records, reader->count * sizeof *records);
	reader->records = records;
	reader->capacity = wanted;
}

static bool read_entries(struct reader *reader, struct context *context, struct slice text)
{
	struct zonefile_scan scan;
	struct zonefile_entry entry;
	enum zonefile_scan_result result;
	make_room(reader, context->file, text);
	zonefile_scan_init(&scan, reader->arena, context->file, text, reader->error);
	while ((result = zonefile_scan_next(&scan, &entry)) == ZONEFILE_SCAN_ENTRY) {
		bool directs = is_directive(&entry);
		if (!(directs ? read_directive : read_record)(reader, context, &entry))
			return false;
		if (directs)
			drop_remarks(reader, &scan);
		else
			take_remarks(reader, &scan, &entry);
	}
	drop_all_remarks(reader, &scan);
	return result == ZONEFILE_SCAN_END;
}

/* `from`: the place that includes it; NULL: the top file. */
static bool read_file(struct reader *reader, struct context context, const struct zonefile_place *from)
{
	struct slice text, why;
	struct zonefile_place whole = {.file = context.file};
	if (!load(reader, context.file, &text, &why))
		return zonefile_scan_fail(reader->arena, reader->error, from == NULL ? whole : *from,
			"cannot read %s: %s",
			from == NULL ? "the file" : zonefile_scan_shown(reader->arena, context.file),
			zonefile_scan_shown(reader->arena, why));
	reader->bytes += text.len;
	context.text = text;
	return is_text(reader, context.file, text) && read_entries(reader, &context, text);
}

/* What both ways to read begin with. */
static bool read_all(struct reader *reader, struct name origin, struct zonefile *out)
{
	const struct context context = {.file = reader->top, .origin = origin};
	if (!read_file(reader, context, NULL))
		return false;
	*out = (struct zonefile){.records = reader->records,
		.count = reader->count,
		.apex = reader->apex,
		.remarks = reader->remarks,
		.remark_count = reader->remark_count};
	return true;
}

bool zonefile_read(struct arena *arena, struct slice path, struct name origin, bool need_soa,
	const struct zonefile_loader *loader, struct zonefile *out, struct zonefile_error *error)
{
	struct reader reader = {.arena = arena, .loader = loader, .error = error, .top = path};
	if (!read_all(&reader, origin, out))
		return false;
	if (need_soa && name_is_none(out->apex))
		return fail(&reader, (struct zonefile_place){.file = path, .line = 1, .column = 1},
			"no SOA record: a zone file has one, for the name the zone begins at");
	return zonefile_check(arena, out, error);
}

bool zonefile_read_as_written(struct arena *arena, struct slice path, struct name origin,
	const struct zonefile_loader *loader, struct zonefile *out, struct zonefile_error *error)
{
	struct reader reader = {
		.arena = arena, .loader = loader, .error = error, .top = path, .as_written = true};
	return read_all(&reader, origin, out) && zonefile_check_owners(arena, out, error);
}
