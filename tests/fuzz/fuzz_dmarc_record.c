/* fuzz_dmarc_record: any bytes as a DMARC record: every span lies in the text, every fix is a record,
 * nothing hangs. */
#include <stdint.h>
#include <stdlib.h>

#include "dmarc/dmarc_record.h"
#include "dmarc/dmarc_version.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(int holds)
{
	if (!holds)
		abort();
}

static void check_findings(const struct findings *findings, struct slice text)
{
	for (size_t i = 0; i < findings->count; i++) {
		const struct finding *finding = &findings->items[i];
		check(finding->span.offset <= text.len && span_end(finding->span) <= text.len);
		check(!finding->has_span || text.len == 0 || finding->span.len > 0);
		check(finding->fix == NULL || dmarc_record_is_dmarc(finding->fix->record));
	}
}

static void parse(struct arena *arena, struct slice text)
{
	const struct dmarc_record *record = dmarc_record_parse(arena, text);
	check_findings(&record->findings, text);
	check(record->count > 0 && record->tags[0].id == DMARC_TAG_V);
	check(!record->policy_usable || record->has_p);
	check(record->pct <= 100 && record->rua.count <= DMARC_MAX_URIS);
	for (size_t i = 0; i < record->count; i++)
		check(span_end(record->tags[i].value) <= span_end(record->tags[i].span));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct escape escape = {.fail_at = 0};
	struct arena arena;
	struct findings near;
	struct slice text = slice_of((const char *)data, size);
	arena_init(&arena, &escape);
	if (setjmp(escape.env) == 0) {
		findings_init(&near, &arena);
		if (dmarc_record_is_dmarc(text))
			parse(&arena, text);
		else
			check(dmarc_version_check(&arena, text, &near) == dmarc_version_is_near(text));
		check_findings(&near, text);
	}
	arena_free(&arena);
	return 0;
}
