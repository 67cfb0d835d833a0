/* report_item: see report_item.h. */
#include "report/report_item.h"

#include <stdlib.h>

#include "base/ascii.h"
#include "base/hash.h"
#include "report/failure_text.h"
#include "report/writer.h"
#include "rules/message.h"

#define MAX_SHOWN_RECORD 1000 /* bytes of a corrected record that are worth a reader's time */

struct report_item report_item_of_verdict(struct arena *arena, const struct verdict *verdict)
{
	bool is_bad = verdict->error.len > 0;
	return (struct report_item){
		.subject = is_bad ? ascii_escape(arena, verdict->input) : name_text(arena, verdict->domain),
		.line = verdict->input_line,
		.level = verdict->level,
		.findings = &verdict->findings,
		.incomplete = verdict->incomplete,
		.incomplete_count = verdict->incomplete_count,
		.error = verdict->error,
	};
}

struct report_item report_item_of_findings(const struct findings *findings)
{
	static const enum verdict_level levels[] = {
		[SEVERITY_OFF] = VERDICT_PASS,
		[SEVERITY_INFO] = VERDICT_PASS,
		[SEVERITY_WARNING] = VERDICT_WARN,
		[SEVERITY_ERROR] = VERDICT_FAIL,
	};
	enum severity worst = SEVERITY_OFF;
	for (size_t i = 0; i < findings->count; i++)
		if (findings->items[i].severity > worst)
			worst = findings->items[i].severity;
	return (struct report_item){.level = levels[worst], .findings = findings};
}

bool report_item_is_shown(const struct writer_options *options, const struct report_item *item)
{
	return !options->quiet || item->level != VERDICT_PASS || item->error.len > 0;
}

bool report_item_is_file(struct slice file)
{
	return file.len > 0 && !slice_equal(file, SLICE("-"));
}

struct slice report_item_file_text(struct arena *arena, struct slice file)
{
	return slice_equal(file, SLICE("-")) ? SLICE("<stdin>") : ascii_escape(arena, file);
}

struct slice report_item_title(struct arena *arena, const struct report_item *item)
{
	if (item->subject.len > 0)
		return item->subject;
	if (item->file.len == 0)
		return SLICE("record");
	struct slice file = report_item_file_text(arena, item->file);
	if (item->line == 0)
		return file;
	return arena_printf(arena, "%.*s:%zu", (int)file.len, file.ptr, item->line);
}

/* The steps between the subject and the record. */
static struct slice way_to(struct arena *arena, const struct finding_place *place)
{
	struct slice way = SLICE("");
	for (size_t i = 0; i < place->path_count; i++) {
		struct slice step = place->path[i];
		way = arena_printf(arena, "%.*s%s%.*s", (int)way.len, way.ptr, i == 0 ? "" : " > ",
			(int)step.len, step.ptr);
	}
	return way;
}

struct slice report_item_message(
	struct arena *arena, const struct report_item *item, const struct finding *finding)
{
	const struct finding_place *place = &finding->place;
	const struct slice *also = item->also == NULL ? NULL : &item->also[finding - item->findings->items];
	struct slice message = message_text(arena, finding);
	if (place->path_count >= 2 && !slice_equal(place->name, item->subject)) {
		struct slice way = way_to(arena, place);
		message = arena_printf(arena, "%.*s (reached through %.*s)", (int)message.len, message.ptr,
			(int)way.len, way.ptr);
	}
	if (also == NULL || also->len == 0)
		return message;
	return arena_printf(arena, "%.*s; %.*s", (int)message.len, message.ptr, (int)also->len, also->ptr);
}

struct slice report_item_message_there(
	struct arena *arena, const struct report_item *item, const struct finding *finding)
{
	bool is_told_once = finding->place.file.len > 0 && item->also == NULL;
	return is_told_once ? message_text(arena, finding) : report_item_message(arena, item, finding);
}

struct slice report_item_fix(struct arena *arena, const struct finding *finding, const char *line_end)
{
	const struct fix *fix = finding->fix;
	struct slice advice = message_advice(arena, finding);
	if (advice.len == 0)
		advice = message_fix_title(arena, finding);
	if (advice.len == 0)
		return advice;
	advice = arena_printf(arena, "fix: %.*s", (int)advice.len, advice.ptr);
	if (fix == NULL || fix->record.len > MAX_SHOWN_RECORD)
		return advice;
	struct slice record = ascii_escape(arena, fix->record);
	return arena_printf(arena, "%.*s%s%s: %.*s", (int)advice.len, advice.ptr, line_end,
		fix->safe ? "the record then reads" : "the record could read (check that you mean it)",
		(int)record.len, record.ptr);
}

struct slice report_item_failure(struct arena *arena, const struct answer *answer)
{
	struct slice failure = failure_text_plain(arena, answer);
	return arena_printf(arena, "not known for now: %.*s", (int)failure.len, failure.ptr);
}

/* A NUL between the parts: none of the texts has one. */
static uint64_t hash_of(const struct finding *finding)
{
	const struct slice parts[] = {slice_cstr(rule_get(finding->rule)->id), finding->place.name,
		finding->place.type, finding_text(finding)};
	uint64_t hash = HASH_START;
	for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
		hash = hash_add(hash, parts[i]);
		hash = hash_add(hash, slice_of("", 1));
	}
	return hash;
}

struct numbered {
	uint64_t hash;
	size_t index;
};

static int compare_numbered(const void *left, const void *right)
{
	const struct numbered *a = left, *b = right;
	if (a->hash != b->hash)
		return a->hash < b->hash ? -1 : 1;
	return a->index < b->index ? -1 : a->index > b->index;
}

struct report_item_print *report_item_prints(struct arena *arena, const struct report_item *item)
{
	size_t count = item->findings->count;
	struct report_item_print *prints = arena_alloc(arena, (count + 1) * sizeof *prints);
	struct numbered *sorted = arena_alloc(arena, (count + 1) * sizeof *sorted);
	for (size_t i = 0; i < count; i++)
		sorted[i] = (struct numbered){hash_of(&item->findings->items[i]), i};
	qsort(sorted, count, sizeof *sorted, compare_numbered);
	for (size_t i = 0; i < count; i++) {
		bool again = i > 0 && sorted[i].hash == sorted[i - 1].hash;
		size_t before = again ? prints[sorted[i - 1].index].occurrence : 0;
		prints[sorted[i].index] = (struct report_item_print){sorted[i].hash, before + 1};
	}
	return prints;
}
