/* verdict: the words of its enums, the order of its findings, and its level; see verdict.h.
 *
 * Findings come from several evaluators in the order of their walk. People want the errors first and
 * everything about one record together, so each finding gets the number of its record (the first finding
 * about a record gives the number) and the list is sorted by severity, record, span.
 */
#include "inspect/verdict.h"

#include <stdlib.h>

const char *section_status_text(enum section_status status)
{
	switch (status) {
	case STATUS_VALID:
		return "valid";
	case STATUS_INVALID:
		return "invalid";
	case STATUS_NONE:
		return "none";
	case STATUS_UNKNOWN:
		return "unknown";
	}
	return "";
}

const char *verdict_level_text(enum verdict_level level)
{
	switch (level) {
	case VERDICT_PASS:
		return "pass";
	case VERDICT_WARN:
		return "warn";
	case VERDICT_FAIL:
		return "fail";
	case VERDICT_UNKNOWN:
		return "unknown";
	}
	return "";
}

/* A finding on its way through the sort; `number`: where it stood, so that no two are equal. */
struct sorted {
	const struct finding *finding;
	size_t number;
	size_t record; /* number of the first finding about the same record */
};

static int compare_sizes(size_t a, size_t b)
{
	return (a > b) - (a < b);
}

/* Most bytes that are compared are the same memory: records are parsed once and shared. */
static int compare_bytes(struct slice a, struct slice b)
{
	if (a.ptr == b.ptr && a.len == b.len)
		return 0;
	return slice_compare(a, b);
}

static int compare_records(const struct finding *a, const struct finding *b)
{
	int order = compare_bytes(a->place.name, b->place.name);
	if (order == 0)
		order = compare_bytes(a->place.type, b->place.type);
	if (order == 0)
		order = compare_bytes(a->place.record, b->place.record);
	return order;
}

static int compare_spans(const struct finding *a, const struct finding *b)
{
	int order = compare_sizes(a->has_span, b->has_span); /* about the whole record: first */
	if (order == 0 && a->has_span)
		order = compare_sizes(a->span.offset, b->span.offset);
	if (order == 0 && a->has_span)
		order = compare_sizes(a->span.len, b->span.len);
	return order;
}

/* What makes two findings the same one. */
static int compare_subjects(const struct finding *a, const struct finding *b)
{
	int order = compare_records(a, b);
	if (order == 0)
		order = compare_sizes(a->rule, b->rule);
	if (order == 0)
		order = compare_sizes(a->detail, b->detail);
	if (order == 0)
		order = compare_spans(a, b);
	return order;
}

/* Equal ones together, the worst first, then the one found first. */
static int by_subject(const void *left, const void *right)
{
	const struct sorted *a = left, *b = right;
	int order = compare_subjects(a->finding, b->finding);
	if (order == 0)
		order = compare_sizes(b->finding->severity, a->finding->severity);
	return order != 0 ? order : compare_sizes(a->number, b->number);
}

static int for_reading(const void *left, const void *right)
{
	const struct sorted *a = left, *b = right;
	int order = compare_sizes(b->finding->severity, a->finding->severity);
	if (order == 0)
		order = compare_sizes(a->record, b->record);
	if (order == 0)
		order = compare_spans(a->finding, b->finding);
	return order != 0 ? order : compare_sizes(a->number, b->number);
}

/* `items` are sorted by subject: those of one record stand together. */
static void number_records(struct sorted *items, size_t count)
{
	for (size_t first = 0, end; first < count; first = end) {
		size_t lowest = items[first].number;
		for (end = first; end < count; end++) {
			if (compare_records(items[first].finding, items[end].finding) != 0)
				break;
			if (items[end].number < lowest)
				lowest = items[end].number;
		}
		for (size_t i = first; i < end; i++)
			items[i].record = lowest;
	}
}

static size_t drop_repeated(struct sorted *items, size_t count)
{
	size_t kept = 0;
	for (size_t i = 0; i < count; i++) {
		if (kept == 0 || compare_subjects(items[kept - 1].finding, items[i].finding) != 0)
			items[kept++] = items[i];
	}
	return kept;
}

void verdict_sort_findings(struct findings *findings)
{
	size_t count = findings->count;
	if (count == 0)
		return;
	struct sorted *items = arena_alloc(findings->arena, count * sizeof *items);
	struct finding *copy = arena_alloc(findings->arena, count * sizeof *copy);
	for (size_t i = 0; i < count; i++) {
		copy[i] = findings->items[i];
		items[i] = (struct sorted){.finding = &copy[i], .number = i};
	}
	qsort(items, count, sizeof *items, by_subject);
	number_records(items, count);
	count = drop_repeated(items, count);
	qsort(items, count, sizeof *items, for_reading);
	for (size_t i = 0; i < count; i++)
		findings->items[i] = *items[i].finding;
	findings->count = count;
}

static enum severity worst_severity(const struct findings *findings)
{
	enum severity worst = SEVERITY_OFF;
	for (size_t i = 0; i < findings->count; i++) {
		if (findings->items[i].severity > worst)
			worst = findings->items[i].severity;
	}
	return worst;
}

static bool is_incomplete(const struct verdict *verdict)
{
	return verdict->error.len > 0 || verdict->incomplete_count > 0 ||
	       verdict->spf.status == STATUS_UNKNOWN || verdict->dmarc.status == STATUS_UNKNOWN;
}

void verdict_set_level(struct verdict *verdict)
{
	enum severity worst = worst_severity(&verdict->findings);
	if (worst == SEVERITY_ERROR)
		verdict->level = VERDICT_FAIL;
	else if (is_incomplete(verdict))
		verdict->level = VERDICT_UNKNOWN;
	else
		verdict->level = worst == SEVERITY_WARNING ? VERDICT_WARN : VERDICT_PASS;
}
