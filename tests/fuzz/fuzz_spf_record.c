/* Fuzz target for spf_record: "v=spf1 " and any bytes, split into strings of the length that the first byte
 * tells. */
#include "spf/spf_record.h"

#include <assert.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define START "v=spf1 "

static void check_record(const struct spf_record *record)
{
	bool all_valid = true;
	for (size_t i = 0; i < record->count; i++) {
		const struct spf_term *term = &record->terms[i];
		struct slice text = slice_at(record->text, term->span);
		assert(text.len > 0 && text.len == term->span.len && slice_find(text, ' ', 0) == text.len);
		assert(term->name.offset >= term->span.offset &&
			span_end(term->value) <= span_end(term->span));
		assert(term->domain_spec == NULL || term->domain_spec->valid || !term->valid);
		all_valid = all_valid && term->valid;
	}
	assert(record->valid == all_valid || record->count == SPF_MAX_TERMS);
	assert(record->valid || record->findings.count > 0);
	assert(record->all == NULL || record->all->valid);
}

/* Spans lie in the record; a fix, applied once, is a record again. */
static void check_findings(struct arena *arena, const struct spf_record *record)
{
	for (size_t i = 0; i < record->findings.count; i++) {
		const struct finding *finding = &record->findings.items[i];
		assert(span_end(finding->span) <= record->text.len);
		if (finding->fix == NULL || i > 3)
			continue;
		assert(slice_starts_nocase(finding->fix->record, SLICE("v=spf1")));
		spf_record_parse(arena, finding->fix->record, NULL, 0);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct escape escape = {0};
	struct arena arena;
	arena_init(&arena, &escape);
	if (size == 0 || setjmp(escape.env) != 0)
		return 0;
	size_t len = sizeof START - 1 + size - 1, step = (size_t)data[0] + 1, count = 0;
	char *bytes = arena_alloc(&arena, len);
	memcpy(bytes, START, sizeof START - 1);
	memcpy(bytes + sizeof START - 1, data + 1, size - 1);
	struct slice text = slice_of(bytes, len);
	struct slice *strings = arena_alloc(&arena, (len / step + 1) * sizeof *strings);
	for (size_t at = 0; at < len; at += step)
		strings[count++] = slice_at(text, span_of(at, step));
	const struct spf_record *record = spf_record_parse(&arena, text, strings, count);
	check_record(record);
	check_findings(&arena, record);
	arena_free(&arena);
	return 0;
}
