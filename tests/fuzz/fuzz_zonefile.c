/* Zone files from any bytes; what was read is then asked, and the bytes are read as single records too. */
#include <stdint.h>
#include <stdlib.h>

#include "config/config_remark.h"
#include "dns/source_zone.h"
#include "lint/lint_locate.h"

/* Every $INCLUDE finds the file itself: depth and number of files must end it. */
static bool load(void *context, struct arena *arena, struct slice path, struct slice *out, struct slice *why)
{
	(void)arena;
	(void)path;
	(void)why;
	*out = *(const struct slice *)context;
	return true;
}

/* Each owner, a name below it and the one above it get an answer, or are left to others. */
static void ask(struct arena *arena, const struct zonefile *zone)
{
	struct local_source *source = source_zone_open(arena, zone);
	for (size_t i = 0; i < zone->count && i < 100; i++) {
		struct name names[3] = {zone->records[i].owner, name_parent(zone->records[i].owner)};
		if (name_prepend(arena, SLICE("x"), names[0], &names[2]) != NAME_OK)
			names[2] = names[0];
		for (size_t n = 0; n < 3; n++) {
			const struct question question = {names[n], RRTYPE_TXT};
			struct answer answer;
			source->ops->name_exists(source, names[n]);
			if (source->ops->lookup(source, arena, &question, &answer))
				answer_copy(arena, &answer);
		}
	}
}

/* Every text record as a finding of its own: found, and in the file. */
static void locate(struct arena *arena, const struct zonefile *zone, struct slice text)
{
	struct findings list;
	findings_init(&list, arena);
	for (size_t i = 0; i < zone->count && i < 100; i++) {
		const struct record *record = &zone->records[i].record;
		if (record->type != RRTYPE_TXT || record->malformed)
			continue;
		struct slice joined = record->data.txt.joined;
		struct finding *finding =
			findings_add_at(&list, RULE_SPF_PTR, span_of(joined.len / 2, joined.len));
		finding->place.file = record->origin.file;
		finding->place.line = record->origin.line;
		finding->place.record = joined;
	}
	lint_locate_findings(lint_locate_open(arena, (struct zonefile_list){&zone, 1}), arena, &list);
	for (size_t i = 0; i < list.count; i++) {
		const struct finding_place *place = &list.items[i].place;
		if (place->line == 0 || place->end_line < place->line || place->column > text.len + 1 ||
			place->end_column > text.len + 1)
			abort();
	}
}

static void read_remarks(struct arena *arena, const struct zonefile *zone)
{
	const struct suppression *list;
	struct zonefile_error error;
	size_t count;
	config_remark_read(arena, zone, &list, &count, &error);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice text = slice_of((const char *)data, size);
	const struct zonefile_loader loader = {load, &text};
	struct escape escape = {.fail_at = 0};
	struct arena arena;
	struct name origin;
	struct zonefile zone;
	struct zonefile_record record;
	struct zonefile_error error;
	arena_init(&arena, &escape);
	if (setjmp(escape.env) == 0) {
		name_from_text(&arena, SLICE("example.com"), &origin);
		if (zonefile_read(&arena, SLICE("fuzz.zone"), origin, false, &loader, &zone, &error)) {
			ask(&arena, &zone);
			locate(&arena, &zone, text);
			read_remarks(&arena, &zone);
		}
		zonefile_parse_record(&arena, text, &record, &error);
	}
	arena_free(&arena);
	return 0;
}
