/* cmd_lint: `mailauth lint`: judges records by their text: those of arguments, of files with a record a
 * line, of zone files.
 *
 *     argument or file --lint_stream--> lint_record --filter--> written, or mended and written
 *     zone file        --lint_zone--->
 *
 * Each record is forgotten when it is written, so memory does not grow with the file (a zone file is read
 * as a whole).
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/ascii.h"
#include "cli/complain.h"
#include "cli/exceptions.h"
#include "cli/file_place.h"
#include "cli/lint_settings.h"
#include "cli/replace_file.h"
#include "cli/run_status.h"
#include "cli/sources.h"
#include "lint/lint_fix.h"
#include "lint/lint_patch.h"
#include "lint/lint_stream.h"
#include "lint/lint_written.h"
#include "lint/lint_zone.h"
#include "report/document.h"
#include "report/write_lint.h"

#define FLUSH_BYTES ((size_t)64 << 10)

struct run {
	struct arena *arena;  /* of the program */
	struct arena scratch; /* of one record */
	const struct lint_settings *settings;
	struct document document;
	struct exceptions exceptions;
	struct output *output;
	struct buf out;
	struct lint_patch patch; /* --diff, --in-place */
	size_t found;		 /* records that could be judged, and lines that could not be read */
	bool last_was_long;
	size_t mended, left;
	enum exitcode status;
};

static void note(struct run *run, enum exitcode status)
{
	run->status = exitcode_worse(run->status, status);
}

static bool flush(struct run *run)
{
	bool written = !run->out.failed && output_write(run->output, buf_slice(&run->out));
	buf_clear(&run->out);
	return written;
}

/* True when results still arrive where they should. */
static bool flush_when_full(struct run *run)
{
	return run->out.len < FLUSH_BYTES || flush(run);
}

static void write_record(struct run *run, const struct lint_record *record);

/* In a list of findings what could not be read has its line, too: a report with nothing in it is good news.
 */
static void write_failure(struct run *run, struct slice path, size_t line, struct slice why)
{
	const struct lint_record record = {.origin = {.file = path, .line = line}, .error = why};
	if (run->document.writer->item != NULL && !run->settings->fix)
		write_record(run, &record);
}

static void fail_at(struct run *run, struct arena *arena, struct slice path, size_t line, const char *why)
{
	const struct zonefile_error problem = {{.file = path, .line = line}, slice_cstr(why)};
	complain(path.len == 0 ? problem.message : file_place_error(arena, path, &problem));
	write_failure(run, path, line, slice_cstr(why));
	note(run, EXITCODE_USAGE);
}

/* --- a record ------------------------------------------------------------------------------------- */

/* In text, a list of records without findings is a list of lines. */
static void write_record(struct run *run, const struct lint_record *record)
{
	bool is_long = record->findings.count > 0 || record->unwrapped.len > 0;
	bool apart = run->settings->format != FORMAT_TEXT || is_long || run->last_was_long;
	struct buf one;
	buf_init(&one);
	write_lint(run->settings->format, &one, &run->scratch, &run->settings->output, record);
	document_add(&run->document, &run->out, buf_slice(&one), apart);
	if (one.len > 0)
		run->last_was_long = is_long;
	run->out.failed = run->out.failed || one.failed;
	buf_free(&one);
}

/* The record on a line; escaped when it has bytes that a line, or a terminal, cannot have. */
static void put_plain_record(struct run *run, struct slice text)
{
	bool plain = true;
	for (size_t i = 0; i < text.len; i++)
		plain = plain && (ascii_is_visible(text.ptr[i]) || text.ptr[i] == ' ');
	buf_add(&run->out, plain ? text : ascii_escape(&run->scratch, text));
	buf_byte(&run->out, '\n');
}

static void count_left(struct run *run, const struct findings *left)
{
	run->left += left->count;
	note(run, exitcode_of_findings(left, run->settings->fail_on));
}

static void mend_record(struct run *run, const struct lint_record *record)
{
	struct lint_fix fix;
	if (record->type == LINT_NONE) {
		put_plain_record(run, record->text);
		return;
	}
	lint_fix(&run->scratch, record, &run->settings->filter, run->settings->unsafe, &fix);
	put_plain_record(run, fix.text);
	run->mended += fix.changed;
	count_left(run, &fix.left);
}

/* For exceptions: this name, and this line, were looked at. */
static void note_judged(struct run *run, const struct lint_record *record)
{
	struct suppress_list *list = exceptions_list(&run->exceptions);
	const struct lint_origin *origin = &record->origin;
	if (record->type == LINT_NONE)
		return;
	suppress_note_name(list, record->name);
	suppress_note_lines(list, origin->file, origin->line, origin->line);
}

/* A judged record that stands by itself. */
static void finish_record(struct run *run, struct lint_record *record)
{
	note_judged(run, record);
	filter_findings(&run->settings->filter, &record->findings);
	run->found += record->type != LINT_NONE;
	if (run->settings->fix) {
		mend_record(run, record);
		return;
	}
	note(run, exitcode_of_findings(&record->findings, run->settings->fail_on));
	write_record(run, record);
}

/* --- records a line ------------------------------------------------------------------------------ */

static void take_bad_lines(struct run *run, struct slice path, const struct lint_stream_item *item)
{
	const struct lint_record record = {
		.origin = {.file = path, .line = item->line}, .error = slice_cstr(item->why)};
	run->found++;
	fail_at(run, &run->scratch, path, item->line, item->why);
	if ((run->settings->format == FORMAT_JSON || run->settings->format == FORMAT_JSONL) &&
		!run->settings->fix)
		write_record(run, &record);
}

static void take_item(struct run *run, struct slice path, const struct lint_stream_item *item)
{
	struct lint_record record;
	const struct lint_origin origin = {
		.file = path, .source = item->lines, .line = path.len > 0 ? item->line : 1};
	lint_record(&run->scratch, &item->paste, run->settings->type, &origin, &record);
	lint_written_all_edits(&run->scratch, &record, NULL);
	finish_record(run, &record);
}

static void run_stream(struct run *run, struct lint_stream *stream, struct slice path)
{
	struct lint_stream_item item;
	enum lint_stream_status status;
	bool goes_on = true;
	do {
		struct arena_mark mark = arena_mark(&run->scratch);
		status = lint_stream_next(stream, &run->scratch, &item);
		if (status == LINT_STREAM_RECORD)
			take_item(run, path, &item);
		else if (status == LINT_STREAM_BAD)
			take_bad_lines(run, path, &item);
		else if (status == LINT_STREAM_FAILED) {
			run->found++;
			fail_at(run, &run->scratch, path, 0, strerror(stream->error));
		}
		goes_on = flush_when_full(run);
		arena_rewind(&run->scratch, mark);
	} while (goes_on && (status == LINT_STREAM_RECORD || status == LINT_STREAM_BAD));
}

/* Nothing to judge is no success: "dig | mailauth lint -" with a name server that does not answer. */
static void run_list(struct run *run, struct lint_stream *stream, struct slice path)
{
	size_t before = run->found;
	run_stream(run, stream, path);
	if (run->found == before)
		fail_at(run, run->arena, path, 0, "no SPF or DMARC record in it");
}

static void run_file(struct run *run, struct slice path)
{
	struct lint_stream stream;
	struct stat status;
	bool is_stdin = slice_equal(path, SLICE("-"));
	int fd = is_stdin ? STDIN_FILENO : open(path.ptr, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0 || fstat(fd, &status) != 0) {
		fail_at(run, run->arena, path, 0, strerror(errno));
	} else if (S_ISDIR(status.st_mode)) {
		fail_at(run, run->arena, path, 0, strerror(EISDIR));
	} else {
		struct arena_mark mark = arena_mark(run->arena);
		lint_stream_open(&stream, run->arena, fd);
		run_list(run, &stream, path);
		arena_rewind(run->arena, mark);
	}
	if (fd >= 0 && !is_stdin)
		close(fd);
}

/* True when the argument is what a program has printed over several lines. */
static bool is_printout(struct slice text)
{
	size_t end = slice_find(text, '\n', 0);
	return end + 1 < text.len && slice_find(text, '"', 0) < text.len;
}

static void run_argument(struct run *run, struct slice text)
{
	struct lint_stream stream;
	struct lint_stream_item item = {.lines = text, .line = 1};
	if (is_printout(text)) {
		if (lint_stream_open_text(&stream, run->arena, text))
			run_stream(run, &stream, SLICE(""));
		else
			fail_at(run, run->arena, SLICE(""), 0, "the text is too long for one argument");
		return;
	}
	lint_unwrap(run->arena, text, &item.paste);
	if (item.paste.text.len > LINT_STREAM_MAX_RECORD) {
		fail_at(run, run->arena, SLICE(""), 0, "the record is longer than 65535 bytes");
		return;
	}
	size_t first = item.paste.string_count > 1 ? item.paste.strings[0].len : 0;
	if (run->settings->type == LINT_NONE &&
		lint_record_guess(run->arena, item.paste.text, first) == LINT_NONE) {
		fail_at(run, run->arena, SLICE(""), 0,
			arena_printf(run->arena,
				"%s is neither an SPF nor a DMARC record; '--type' tells what it is to be",
				complain_quote(run->arena, item.paste.text))
				.ptr);
		return;
	}
	take_item(run, SLICE(""), &item);
}

/* --- zone files ------------------------------------------------------------------------------------- */

/* NAME TTL TXT "...", as a line of a zone file. */
static void put_zone_record(struct run *run, const struct lint_record *record,
	const struct zonefile_record *source, struct slice text)
{
	struct slice strings = lint_patch_strings(&run->scratch, text);
	struct slice type = rrtype_text(&run->scratch, source->record.type);
	buf_printf(&run->out, "%.*s. %u IN %.*s ", (int)record->name.len, record->name.ptr,
		(unsigned)source->record.ttl, (int)type.len, type.ptr);
	buf_add(&run->out, strings);
	buf_byte(&run->out, '\n');
}

static void mend_zone_record(
	struct run *run, struct lint_record *record, const struct zonefile_record *source)
{
	const struct lint_settings *settings = run->settings;
	struct lint_fix fix;
	lint_fix(&run->scratch, record, &settings->filter, settings->unsafe, &fix);
	bool writes = settings->diff || settings->in_place;
	if (fix.changed && writes && !lint_patch_record(&run->patch, record, source, fix.edits, fix.count)) {
		count_left(run, &record->findings);
		return;
	}
	if (fix.changed && !writes)
		put_zone_record(run, record, source, fix.text);
	run->mended += fix.changed;
	count_left(run, &fix.left);
}

static void run_zone(struct run *run, const struct lint_source *source)
{
	struct zonefile_error problem = {0};
	struct lint_zone zone;
	struct slice error;
	if (!lint_zone(run->arena, source->text, source->origin, NULL, &zone, &problem)) {
		complain(file_place_error(run->arena, source->text, &problem));
		write_failure(run, problem.place.file.len > 0 ? problem.place.file : source->text,
			problem.place.line, problem.message);
		note(run, EXITCODE_USAGE);
		return;
	}
	if (!exceptions_begin_zone(&run->exceptions, zone.zone, &error)) {
		complain(error);
		note(run, EXITCODE_USAGE);
		return;
	}
	for (size_t i = 0; i < zone.count && flush_when_full(run); i++) {
		struct lint_record record = zone.records[i];
		struct arena_mark mark = arena_mark(&run->scratch);
		if (run->settings->fix) {
			note_judged(run, &record);
			filter_findings(&run->settings->filter, &record.findings);
			mend_zone_record(run, &record, zone.sources[i]);
		} else {
			finish_record(run, &record);
		}
		arena_rewind(&run->scratch, mark);
	}
	exceptions_end_zone(&run->exceptions);
}

/* --diff and --in-place: after all files are read, so that a broken one leaves all as they are. */
static void write_patch(struct run *run)
{
	size_t count;
	const struct lint_patch_file *files = lint_patch_files(&run->patch, &count);
	if (run->status == EXITCODE_USAGE || run->status == EXITCODE_INTERNAL)
		return;
	for (size_t i = 0; i < count; i++) {
		struct slice why;
		if (run->settings->diff) {
			lint_patch_diff(&run->out, &files[i]);
		} else if (!replace_file(run->arena, files[i].path, files[i].old, files[i].new, &why)) {
			fail_at(run, run->arena, files[i].path, 0,
				arena_printf(run->arena, "not written: %.*s", (int)why.len, why.ptr).ptr);
		}
	}
}

/* --- all --------------------------------------------------------------------------------------------- */

static void run_source(struct run *run, const struct lint_source *source)
{
	switch (source->kind) {
	case LINT_SOURCE_RECORD:
		run_argument(run, source->text);
		return;
	case LINT_SOURCE_FILE:
		if (source->text.len == 0)
			fail_at(run, run->arena, source->text, 0, "the record is empty");
		else
			run_file(run, source->text);
		return;
	case LINT_SOURCE_ZONE:
		run_zone(run, source);
		return;
	}
}

/* What happened, beside corrected records on standard output. */
static void say_mended(const struct run *run)
{
	if (run->settings->output.quiet || run->status == EXITCODE_USAGE)
		return;
	complain(arena_printf(run->arena, "%zu %s corrected, %zu %s left", run->mended,
		run->mended == 1 ? "record" : "records", run->left, run->left == 1 ? "finding" : "findings"));
}

/* What is wrong with the exceptions that somebody has written down; nothing after a run that was cut short.
 */
static void judge_exceptions(struct run *run, struct findings *out)
{
	findings_init(out, run->arena);
	if (run->status == EXITCODE_USAGE || run->status == EXITCODE_INTERNAL)
		return;
	exceptions_finish(&run->exceptions, &run->settings->filter, out);
	note(run, exitcode_of_findings(out, run->settings->fail_on));
}

static void run_all(struct run *run)
{
	struct findings exceptions;
	bool listed = false;
	for (size_t i = 0; i < run->settings->source_count; i++)
		run_source(run, &run->settings->sources[i]);
	judge_exceptions(run, &exceptions);
	if (run->settings->diff || run->settings->in_place) {
		write_patch(run);
	} else if (!run->settings->fix) {
		listed = document_add_findings(&run->document, &run->out, run->arena, &exceptions);
		document_end(&run->document, &run->out);
	}
	if (run->settings->fix)
		say_mended(run);
	if (run->out.failed)
		note(run, run_status_no_memory());
	flush(run);
	if (!listed)
		exceptions_complain(run->arena, &exceptions);
}

static bool has_zone(const struct lint_settings *settings)
{
	for (size_t i = 0; i < settings->source_count; i++)
		if (settings->sources[i].kind == LINT_SOURCE_ZONE)
			return true;
	return false;
}

enum exitcode cmd_lint(struct cli *cli)
{
	struct lint_settings settings;
	struct run *run = arena_alloc(cli->arena, sizeof *run);
	struct slice error;
	if (!lint_settings_read(cli->arena, cli->options, &settings, &error) ||
		!exceptions_open(cli->arena,
			has_zone(&settings) ? EXCEPTIONS_ZONE_RECORDS : EXCEPTIONS_RECORDS, cli->config,
			(struct zonefile_list){NULL, 0}, &run->exceptions, &error)) {
		complain(error);
		return EXITCODE_USAGE;
	}
	settings.filter.suppressions = exceptions_list(&run->exceptions);
	run->arena = cli->arena;
	run->settings = &settings;
	run->output = cli->output;
	arena_init(&run->scratch, cli->arena->escape);
	buf_init(&run->out);
	document_init(&run->document, writer_get(settings.format), &settings.output);
	lint_patch_init(&run->patch, cli->arena);
	run_all(run);
	document_free(&run->document);
	buf_free(&run->out);
	arena_free(&run->scratch);
	return run->status;
}
