/* Saved runs from any bytes; what was read is kept, written, and read again: the text must not change any
 * more. */
#include <stdint.h>
#include <stdlib.h>

#include "dns/snapshot.h"
#include "lint/lint_locate.h"

/* Keeps what was read and appends it as text. False: out of memory. */
static bool write_again(const struct snapshot_data *data, struct buf *out)
{
	struct snapshot *snapshot = snapshot_open(0);
	if (snapshot == NULL)
		return false;
	for (size_t i = 0; i < data->domain_count; i++)
		snapshot_add_domain(snapshot, data->domains[i]);
	for (size_t i = 0; i < data->count; i++)
		snapshot_keep(snapshot, &data->answers[i]);
	snapshot_write(snapshot, &data->meta, out);
	snapshot_close(snapshot);
	return !out->failed;
}

/* A finding about each record of a zone file gets its place in the lines that were saved. */
static void locate(struct arena *arena, const struct snapshot_meta *meta)
{
	const struct lint_locate *index = lint_locate_open(arena, meta->zones);
	for (size_t i = 0; meta->zones.count > 0 && i < meta->zones.items[0]->count; i++) {
		const struct record *record = &meta->zones.items[0]->records[i].record;
		struct findings findings;
		findings_init(&findings, arena);
		struct finding *finding = findings_add(&findings, RULE_SPF_PTR);
		finding->place.file = record->origin.file;
		finding->place.line = record->origin.line;
		finding->place.record = record->data.txt.joined;
		lint_locate_findings(index, arena, &findings);
	}
}

static void check(
	struct arena *arena, const struct snapshot_data *data, struct buf *first, struct buf *second)
{
	struct snapshot_data again;
	struct zonefile_error error;
	if (!write_again(data, first))
		return;
	if (!snapshot_read(arena, SLICE("again.dns"), buf_slice(first), &again, &error))
		abort();
	if (write_again(&again, second) && !slice_equal(buf_slice(first), buf_slice(second)))
		abort();
	locate(arena, &data->meta);
	struct local_source *source = snapshot_source(arena, &again, SLICE("again.dns"), true);
	for (size_t i = 0; i < again.count; i++) {
		struct answer answer;
		if (!source->ops->lookup(source, arena, &data->answers[i].question, &answer))
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice text = slice_of((const char *)data, size);
	struct escape escape = {.fail_at = 0};
	struct arena arena;
	struct snapshot_data saved;
	struct zonefile_error error;
	struct buf first, second;
	arena_init(&arena, &escape);
	buf_init(&first);
	buf_init(&second);
	if (setjmp(escape.env) == 0 && snapshot_read(&arena, SLICE("fuzz.dns"), text, &saved, &error))
		check(&arena, &saved, &first, &second);
	buf_free(&first);
	buf_free(&second);
	arena_free(&arena);
	return 0;
}
