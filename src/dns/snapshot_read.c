/* snapshot_read: the text of a saved run to answers; see snapshot_format.h.
 *
 * Lines are cut into words as those of master files are (zonefile_scan), so every error has its place. A
 * file is taken as a whole or not at all: what is behind $end, a question asked twice, a count that is not
 * right are errors like bad data.
 */
#include <stdlib.h>

#include "base/ascii.h"
#include "dns/snapshot_format.h"
#include "dns/snapshot_reader.h"

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

static enum zonefile_scan_result next_line(struct snapshot_reader *reader, struct zonefile_entry *out)
{
	pass_comments(&reader->scan);
	return zonefile_scan_next(&reader->scan, out);
}

static struct zonefile_place here(const struct snapshot_reader *reader)
{
	const struct zonefile_scan *scan = &reader->scan;
	return (struct zonefile_place){scan->file, scan->line, scan->at - scan->line_start + 1};
}

static bool fail_magic(const struct snapshot_reader *reader)
{
	return zonefile_scan_fail(reader->arena, reader->error,
		((struct zonefile_place){reader->scan.file, 1, 1}),
		"no saved run: it would begin with \"" SNAPSHOT_FORMAT_MAGIC "%d\"", SNAPSHOT_FORMAT_VERSION);
}

static bool read_magic(struct snapshot_reader *reader)
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

static bool read_line(struct snapshot_reader *reader, const struct zonefile_entry *line)
{
	if (reader->ended)
		return zonefile_scan_fail(
			reader->arena, reader->error, line->tokens[0].place, "nothing may stand behind $end");
	if (line->blank_owner)
		return snapshot_question_record(reader, line);
	if (!snapshot_question_end(reader))
		return false;
	if (!line->tokens[0].quoted && slice_starts(line->tokens[0].text, SLICE("$")))
		return snapshot_directive_read(reader, line);
	return snapshot_question_read(reader, line);
}

static bool read_lines(struct snapshot_reader *reader)
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
	const struct snapshot_entry *a = left, *b = right;
	int order = question_compare(&a->answer.question, &b->answer.question);
	return order != 0 ? order : (a->place.line > b->place.line) - (a->place.line < b->place.line);
}

/* Sorts; no question may be there twice. */
static bool finish_answers(struct snapshot_reader *reader, struct snapshot_data *out)
{
	struct answer *answers = arena_alloc(reader->arena, reader->count * sizeof *answers);
	struct snapshot_lines *lines = arena_alloc(reader->arena, reader->count * sizeof *lines);
	if (reader->count > 1)
		qsort(reader->entries, reader->count, sizeof *reader->entries, compare_entries);
	for (size_t i = 0; i < reader->count; i++) {
		const struct snapshot_entry *entry = &reader->entries[i];
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
	const struct snapshot_domain *a = left, *b = right;
	int order = name_compare(a->name, b->name);
	return order != 0 ? order : (a->index > b->index) - (a->index < b->index);
}

static bool finish_domains(struct snapshot_reader *reader, struct snapshot_data *out)
{
	struct name *names = arena_alloc(reader->arena, reader->domain_count * sizeof *names);
	if (reader->domain_count > 1)
		qsort(reader->domains, reader->domain_count, sizeof *reader->domains, compare_domains);
	for (size_t i = 0; i < reader->domain_count; i++) {
		const struct snapshot_domain *domain = &reader->domains[i];
		if (i > 0 && name_equal(domain[-1].name, domain->name))
			return zonefile_scan_fail(reader->arena, reader->error, domain->place,
				"the same domain as in line %zu", domain[-1].place.line);
		names[domain->index] = domain->name;
	}
	out->domains = names;
	out->domain_count = reader->domain_count;
	return true;
}

static void finish_zones(const struct snapshot_reader *reader, struct snapshot_meta *meta)
{
	if (reader->written_count == 0 && reader->remark_count == 0)
		return;
	struct zonefile *zone = arena_alloc(reader->arena, sizeof *zone);
	const struct zonefile **items = arena_alloc(reader->arena, sizeof(const struct zonefile *));
	*zone = (struct zonefile){.records = reader->written,
		.count = reader->written_count,
		.remarks = reader->remarks,
		.remark_count = reader->remark_count};
	items[0] = zone;
	meta->zones = (struct zonefile_list){items, 1};
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
	struct snapshot_reader reader = {.arena = arena, .error = error};
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
