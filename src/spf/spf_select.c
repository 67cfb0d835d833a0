/* spf_select: see spf_select.h. RFC 7208 4.5: of the TXT records at a name those count that begin with
 * "v=spf1" and then end or go on with a space; none is "none", two are permerror.
 */
#include "spf/spf_select.h"

#include <assert.h>

#include "spf/spf_merge.h"
#include "spf/spf_near.h"

#define MAX_MERGED 16 /* records of one name that a fix puts together */

/* "v=spf1" and its end, or one SP; letters of any case. RFC 7208 4.5, 12 */
static bool is_spf(struct slice text)
{
	return slice_starts_nocase(text, SLICE("v=spf1")) && (text.len == 6 || text.ptr[6] == ' ');
}

struct selector {
	struct arena *arena;
	struct spf_selection *selection;
	const struct record **candidates;
	const struct record *selected[MAX_MERGED];
};

/* Looks at a record that is not an SPF record. True when it was surely meant as one. */
static bool report_near(struct selector *selector, const struct record *record)
{
	struct findings *findings = &selector->selection->findings;
	size_t before = findings->count;
	struct spf_reading reading = {
		.arena = selector->arena, .text = record->data.txt.joined, .findings = findings};
	size_t first = record->data.txt.count > 1 ? record->data.txt.strings[0].len : 0;
	if (!spf_near_report(&reading, first))
		return false;
	for (size_t i = before; i < findings->count; i++)
		findings->items[i].place.record = record->data.txt.joined;
	return true;
}

static void look_at(struct selector *selector, const struct record *record)
{
	struct spf_selection *selection = selector->selection;
	bool selected = is_spf(record->data.txt.joined);
	if (selected) {
		if (selection->record == NULL)
			selection->record = record;
		if (selection->selected < MAX_MERGED)
			selector->selected[selection->selected] = record;
		selection->selected++;
	}
	if (selected || report_near(selector, record))
		selector->candidates[selection->candidate_count++] = record;
}

/* Beside the real record a near miss hurts nobody, and mended it would be a second one. RFC 7208 4.5 */
static void excuse_near(struct findings *findings)
{
	for (size_t i = 0; i < findings->count; i++) {
		struct finding *finding = &findings->items[i];
		finding_effect_all(finding, EFFECT_SPF_IGNORED_BESIDE, EFFECT_NONE, EFFECT_NONE);
		finding->fix = NULL;
		if (finding->severity == SEVERITY_ERROR)
			finding->severity = SEVERITY_WARNING;
		if (finding->rule != RULE_SPF_SENDERID)
			finding->is_harmless = true;
	}
}

static const struct spf_record *parse(struct arena *arena, const struct record *record)
{
	assert(record != NULL); /* one was selected */
	const struct txt_data *txt = &record->data.txt;
	return spf_record_parse(arena, txt->joined, txt->strings, txt->count);
}

static void report_multiple(struct selector *selector)
{
	struct spf_selection *selection = selector->selection;
	struct finding *finding = findings_add(&selection->findings, RULE_SPF_MULTIPLE);
	finding->args[0] = arena_printf(selector->arena, "%zu", selection->selected);
	finding->place.record = selection->record->data.txt.joined;
	if (selection->selected > MAX_MERGED)
		return;
	const struct spf_record *records[MAX_MERGED];
	for (size_t i = 0; i < selection->selected; i++)
		records[i] = i == 0 ? selection->parsed : parse(selector->arena, selector->selected[i]);
	struct slice merged = spf_merge(selector->arena, records, selection->selected);
	if (merged.ptr != NULL)
		finding->fix = fix_record(selector->arena, merged, false);
}

static const void *make(struct arena *arena, const struct answer *answer)
{
	struct spf_selection *selection = arena_alloc(arena, sizeof *selection);
	struct selector selector = {.arena = arena, .selection = selection};
	*selection = (struct spf_selection){.answer = answer};
	findings_init(&selection->findings, arena);
	if (answer->kind != ANSWER_RECORDS)
		return selection;
	selector.candidates = arena_alloc(arena, (answer->count + 1) * sizeof *selector.candidates);
	selection->candidates = selector.candidates;
	for (size_t i = 0; i < answer->count; i++)
		if (answer->records[i].type == RRTYPE_TXT && !answer->records[i].malformed)
			look_at(&selector, &answer->records[i]);
	if (selection->record != NULL) {
		excuse_near(&selection->findings);
		selection->parsed = parse(arena, selection->record);
	}
	if (selection->selected > 1)
		report_multiple(&selector);
	return selection;
}

const struct spf_selection *spf_select(struct view *view, const struct answer *txt)
{
	const struct spf_selection *selection = view_memo(view, txt, VIEW_MEMO_SPF, make);
	if (selection->selected > 0)
		return selection;
	/* Nothing was selected: a record that cannot be read may be the one. */
	const struct answer *readable = view_unreadable(view, txt);
	return readable == txt ? selection : view_memo(view, readable, VIEW_MEMO_SPF, make);
}

const struct spf_selection *spf_select_among(struct arena *arena, const struct answer *txt)
{
	return make(arena, txt);
}
