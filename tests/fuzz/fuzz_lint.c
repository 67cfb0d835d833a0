/* Any bytes as what somebody pastes, as a list of records and as a zone file: maps and spans stay inside,
 * fixes end, what is changed in a zone file is what the record was to be, and every format stays text. */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/ascii.h"
#include "lint/lint_fix.h"
#include "lint/lint_patch.h"
#include "lint/lint_stream.h"
#include "lint/lint_zone.h"
#include "report/write_lint.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool load(void *context, struct arena *arena, struct slice path, struct slice *out, struct slice *why)
{
	(void)arena;
	if (slice_equal(path, SLICE("x"))) {
		*out = *(struct slice *)context;
		return true;
	}
	*why = SLICE("no such file");
	return false;
}

/* Whatever a stranger publishes, what is written is UTF-8 without controls; a NUL stands between parts, and units have
 * their end. */
static void check_text(struct slice text)
{
	while (text.len > 0) {
		size_t len = ascii_utf8_length(text);
		char byte = text.ptr[0];
		assert(len > 0);
		assert((unsigned char)byte >= 0x20 || byte == '\n' || byte == '\r' || byte == '\0' ||
			byte == WRITER_UNIT_END);
		text = slice_from(text, len);
	}
}

static void check_formats(struct arena *arena, const struct lint_record *record)
{
	const struct writer_options options = {.fail_on = SEVERITY_WARNING};
	struct buf out;
	buf_init(&out);
	for (enum writer_format format = FORMAT_SARIF; format <= FORMAT_CSV; format++)
		write_lint(format, &out, arena, &options, record);
	check_text(buf_slice(&out));
	buf_free(&out);
}

static void check_record(struct arena *arena, const struct lint_record *record)
{
	struct filter filter;
	struct lint_fix fix;
	for (size_t i = 0; i < record->findings.count; i++) {
		const struct finding *finding = &record->findings.items[i];
		assert(!finding->has_span || span_end(finding->span) <= record->text.len);
		assert(span_end(finding->place.source_span) <= finding->place.source.len);
	}
	check_formats(arena, record);
	filter_init(&filter);
	lint_fix(arena, record, &filter, true, &fix);
	assert(slice_equal(fix_edits(arena, record->text, fix.edits, fix.count, true)->record, fix.text));
}

static void check_stream(struct arena *arena, struct slice input)
{
	struct lint_stream stream;
	struct lint_stream_item item;
	enum lint_stream_status status;
	if (!lint_stream_open_text(&stream, arena, input))
		return;
	while ((status = lint_stream_next(&stream, arena, &item)) != LINT_STREAM_END) {
		assert(status == LINT_STREAM_RECORD || status == LINT_STREAM_BAD);
		if (status == LINT_STREAM_BAD)
			continue;
		const struct lint_origin origin = {
			.file = SLICE("x"), .source = item.lines, .line = item.line};
		struct lint_record record;
		lint_record(arena, &item.paste, LINT_NONE, &origin, &record);
		check_record(arena, &record);
	}
}

static bool read_zone(struct arena *arena, struct slice *input, struct lint_zone *zone)
{
	const struct zonefile_loader loader = {load, input};
	struct zonefile_error error;
	struct name origin;
	name_from_text(arena, SLICE("example.com"), &origin);
	return lint_zone(arena, SLICE("x"), origin, &loader, zone, &error);
}

static void check_zone(struct arena *arena, struct slice input)
{
	struct lint_zone zone, again;
	struct lint_patch patch;
	struct filter filter;
	size_t count;
	if (!read_zone(arena, &input, &zone))
		return;
	struct slice *wanted = arena_alloc(arena, (zone.count + 1) * sizeof *wanted);
	filter_init(&filter);
	lint_patch_init(&patch, arena);
	for (size_t i = 0; i < zone.count; i++) {
		struct lint_fix fix;
		check_record(arena, &zone.records[i]);
		lint_fix(arena, &zone.records[i], &filter, true, &fix);
		bool written = !fix.changed || lint_patch_record(&patch, &zone.records[i], zone.sources[i],
						       fix.edits, fix.count);
		wanted[i] = written ? fix.text : zone.records[i].text;
	}
	const struct lint_patch_file *files = lint_patch_files(&patch, &count);
	if (count == 0)
		return;
	struct slice new = files[0].new;
	if (!read_zone(arena, &new, &again))
		abort();
	for (size_t i = 0, j = 0; i < zone.count && j < again.count; i++, j++)
		assert(again.count != zone.count || slice_equal(again.records[j].text, wanted[i]));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct escape escape = {.fail_at = 0};
	struct arena arena;
	struct slice input = slice_of((const char *)data, size);
	arena_init(&arena, &escape);
	if (setjmp(escape.env) != 0)
		abort();
	check_stream(&arena, input);
	check_zone(&arena, input);
	arena_free(&arena);
	return 0;
}
