/* lint_record: see lint_record.h. RFC 7208 4.5, 6.2; RFC 9989 4.7. */
#include "lint/lint_record.h"

#include <stdlib.h>

#include "base/ascii.h"
#include "dmarc/dmarc_version.h"
#include "inspect/verdict.h"
#include "lint/lint_spf.h"
#include "spf/spf_explain_text.h"
#include "spf/spf_near.h"

#define EXAMPLE_TIME 1767225600 /* 1 January 2026 */

const char *lint_type_text(enum lint_type type)
{
	switch (type) {
	case LINT_SPF:
		return "spf";
	case LINT_DMARC:
		return "dmarc";
	case LINT_EXP:
		return "exp";
	case LINT_NONE:
		break;
	}
	return NULL;
}

/* --- the kind ---------------------------------------------------------------------------------- */

static bool is_near_spf(struct arena *arena, struct slice text, size_t first_string)
{
	struct findings ignored;
	struct arena_mark mark = arena_mark(arena);
	findings_init(&ignored, arena);
	struct spf_reading reading = {.arena = arena, .text = text, .findings = &ignored};
	bool near = spf_near_report(&reading, first_string);
	arena_rewind(arena, mark);
	return near;
}

enum lint_type lint_record_guess(struct arena *arena, struct slice text, size_t first_string)
{
	if (slice_starts_nocase(text, SLICE("v=spf1")))
		return LINT_SPF;
	if (dmarc_record_is_dmarc(text) || dmarc_version_is_near(text))
		return LINT_DMARC;
	if (is_near_spf(arena, text, first_string))
		return LINT_SPF;
	return slice_search_nocase(text, SLICE("%{")) < text.len ? LINT_EXP : LINT_NONE;
}

/* --- SPF ---------------------------------------------------------------------------------------- */

/* A text that is to be a record of a kind and has nothing of it: the version is missing. */
static void report_foreign(struct lint_record *record, enum rule_id rule, enum detail detail)
{
	size_t end = slice_find(record->text, ' ', 0);
	struct finding *finding = findings_add_at(&record->findings, rule, span_of(0, end));
	finding->detail = detail;
	finding->args[0] = slice_head(record->text, end);
}

/* The border behind the first string, where there is one. */
static size_t first_string(const struct lint_record *record)
{
	return record->string_count > 1 ? record->strings[0].len : 0;
}

static bool is_spf(struct slice text)
{
	return slice_starts_nocase(text, SLICE("v=spf1")) && (text.len == 6 || text.ptr[6] == ' ');
}

static void judge_spf(struct arena *arena, struct lint_record *record)
{
	struct spf_reading reading = {.arena = arena, .text = record->text, .findings = &record->findings};
	const struct finding_place nowhere = {.line = 0};
	if (is_spf(record->text)) {
		record->spf = spf_record_parse(arena, record->text, record->strings, record->string_count);
		record->valid = record->spf->valid;
		findings_adopt(&record->findings, &record->spf->findings, &nowhere);
		lint_spf(arena, record->spf, record->name, &record->findings);
	} else if (!spf_near_report(&reading, first_string(record))) {
		report_foreign(record, RULE_SPF_VERSION_LIKE, DETAIL_VERSION_MISSING);
	}
}

/* --- DMARC -------------------------------------------------------------------------------------- */

static void judge_dmarc(struct arena *arena, struct lint_record *record)
{
	const struct finding_place nowhere = {.line = 0};
	if (dmarc_record_is_dmarc(record->text)) {
		record->dmarc = dmarc_record_parse(arena, record->text);
		record->valid = record->dmarc->valid;
		findings_adopt(&record->findings, &record->dmarc->findings, &nowhere);
	} else if (!dmarc_version_check(arena, record->text, &record->findings)) {
		report_foreign(record, RULE_DMARC_VERSION, DETAIL_DMARC_VERSION_MISSING);
	}
}

/* --- exp ---------------------------------------------------------------------------------------- */

static void judge_exp(struct arena *arena, struct lint_record *record)
{
	static const struct ip client = {IP_V4, {192, 0, 2, 1}};
	static const enum ip_family family = IP_V4;
	static const int64_t time = EXAMPLE_TIME;
	const struct macro_values values = {
		.sender = SLICE("user@example.com"),
		.local_part = SLICE("user"),
		.sender_domain = SLICE("example.com"),
		.domain = SLICE("example.com"),
		.validated = SLICE("unknown"),
		.helo = SLICE("mail.example.net"),
		.receiver = SLICE("mx.example.org"),
		.ip = &client,
		.family = &family,
		.time = &time,
	};
	const struct finding_place nowhere = {.line = 0};
	struct findings ignored;
	struct slice example;
	findings_init(&ignored, arena);
	record->exp =
		macro_parse(arena, record->text, span_of(0, record->text.len), MACRO_EXPLANATION, &ignored);
	record->valid = spf_explain_text(arena, record->text, &values, &nowhere, &record->findings, &example);
}

void lint_record_judge(struct arena *arena, struct lint_record *record)
{
	switch (record->type) {
	case LINT_NONE:
		return;
	case LINT_SPF:
		judge_spf(arena, record);
		return;
	case LINT_DMARC:
		judge_dmarc(arena, record);
		return;
	case LINT_EXP:
		judge_exp(arena, record);
		return;
	}
}

/* --- places ------------------------------------------------------------------------------------- */

struct lint_place lint_record_begin(const struct lint_record *record)
{
	const struct lint_origin *origin = &record->origin;
	size_t start = origin->line_start;
	return (struct lint_place){origin->line, start, slice_find(origin->source, '\n', start)};
}

/* Findings mostly come in the order of their bytes: the way is short. */
void lint_record_move(const struct lint_origin *origin, size_t offset, struct lint_place *place)
{
	if (offset < place->start) {
		place->line = origin->line;
		place->start = origin->line_start;
		place->end = slice_find(origin->source, '\n', place->start);
	}
	while (place->end < offset && place->end < origin->source.len) {
		place->line++;
		place->start = place->end + 1;
		place->end = slice_find(origin->source, '\n', place->start);
	}
}

static const size_t *borders_of(struct arena *arena, const struct lint_record *record)
{
	size_t at = 0;
	if (record->string_count < 2)
		return NULL;
	size_t *borders = arena_alloc(arena, record->string_count * sizeof *borders);
	for (size_t i = 0; i + 1 < record->string_count; i++)
		borders[i] = at += record->strings[i].len;
	return borders;
}

/* The line that the place is in, when it looks otherwise than the record, and the bytes in it. */
static void place_source(const struct lint_record *record, struct span bytes, const struct lint_place *at,
	struct finding_place *place)
{
	struct slice whole = slice_at(record->origin.source, span_of(at->start, at->end - at->start));
	size_t before = bytes.offset - at->start;
	if (whole.len > 0 && whole.ptr[whole.len - 1] == '\r')
		whole.len--;
	if (slice_equal(whole, record->text))
		return;
	place->source = whole;
	place->source_span = span_of(before < whole.len ? before : whole.len, bytes.len);
	if (span_end(place->source_span) > whole.len) /* it goes on in the next line */
		place->source_span.len = whole.len - place->source_span.offset;
}

/* The bytes of the file; those of an empty text are behind its first quote. */
static struct span source_bytes(const struct lint_record *record, struct span span)
{
	const struct lint_origin *origin = &record->origin;
	if (record->text.len > 0 || origin->column == 0)
		return bytemap_source(&record->map, span);
	size_t at = origin->line_start + origin->column - 1;
	bool quoted = at < origin->source.len && origin->source.ptr[at] == '"';
	return span_of(at + quoted, 0);
}

/* `at` moves to the line of the first byte. */
static void place_span(const struct lint_record *record, struct span span, struct lint_place *at,
	struct finding_place *place)
{
	if (record->origin.file.len == 0)
		return;
	place->line = record->origin.line;
	place->column = record->origin.column;
	if (record->origin.source.len == 0)
		return;
	struct span bytes = source_bytes(record, span);
	lint_record_move(&record->origin, bytes.offset, at);
	place->line = at->line;
	place->column = bytes.offset - at->start + 1;
	place->lines = slice_from(record->origin.source, record->origin.line_start);
	place->first_line = record->origin.line;
	place_source(record, bytes, at, place);
	struct lint_place end = *at;
	lint_record_move(&record->origin, span_end(bytes), &end);
	place->end_line = end.line;
	place->end_column = span_end(bytes) - end.start + 1;
}

void lint_record_place_span(const struct lint_record *record, struct span span, struct finding_place *place)
{
	struct lint_place at = lint_record_begin(record);
	place_span(record, span, &at, place);
}

void lint_record_place(struct arena *arena, struct lint_record *record)
{
	const size_t *borders = record->findings.count > 0 ? borders_of(arena, record) : NULL;
	struct lint_place at = lint_record_begin(record);
	for (size_t i = 0; i < record->findings.count; i++) {
		struct finding *finding = &record->findings.items[i];
		struct span span = finding->has_span ? finding->span : span_of(0, record->text.len);
		finding->place = (struct finding_place){.name = record->name,
			.type = record->rrtype.len > 0 ? record->rrtype : SLICE("TXT"),
			.record = record->text,
			.file = record->origin.file,
			.borders = borders,
			.border_count = borders == NULL ? 0 : record->string_count - 1};
		place_span(record, span, &at, &finding->place);
	}
	verdict_sort_findings(&record->findings);
}

void lint_record_place_plain(struct arena *arena, struct lint_record *record)
{
	(void)arena;
	for (size_t i = 0; i < record->findings.count; i++)
		record->findings.items[i].place = (struct finding_place){
			.name = record->name, .type = SLICE("TXT"), .record = record->text};
	verdict_sort_findings(&record->findings);
}

void lint_record(struct arena *arena, const struct lint_paste *paste, enum lint_type wanted,
	const struct lint_origin *origin, struct lint_record *out)
{
	*out = (struct lint_record){.type = wanted,
		.name = ascii_escape_rest(arena, paste->name),
		.text = paste->text,
		.strings = paste->strings,
		.string_count = paste->string_count,
		.unwrapped = paste->unwrapped,
		.map = paste->map,
		.origin = *origin};
	findings_init(&out->findings, arena);
	if (wanted == LINT_NONE)
		out->type = lint_record_guess(arena, paste->text, first_string(out));
	lint_record_judge(arena, out);
	lint_record_place(arena, out);
}
