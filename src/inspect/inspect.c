/* inspect: SPF, explanation and DMARC of one domain over one view; see inspect.h.
 *
 * Nothing here waits: an evaluator that misses an answer goes on with a stand-in, so that the first run
 * already asks all that can be seen:
 *
 *     run 1   example.com TXT, _dmarc.example.com TXT, _dmarc.com TXT, example.com MX
 *     run 2   the includes of the record, _report._dmarc of the report addresses
 *     ...     until a run misses nothing: that one counts, whatever the runs before it thought
 */
#include "inspect/inspect.h"

#include <stdlib.h>

#include "dmarc/dmarc_lint.h"
#include "inspect/cross_lint.h"

/* --- SPF --- */

/* mailauth-json(5): invalid when two or more are selected, on a syntax error anywhere in the tree, or when
 * the worst case is permerror. What is broken already stays so, whatever the missing rest says. */
static enum section_status spf_status(const struct spf_tree *tree)
{
	const struct spf_selection *selection = tree->root->selection;
	if (selection->answer->kind == ANSWER_TEMPORARY)
		return STATUS_UNKNOWN;
	if (selection->selected == 0)
		return STATUS_NONE;
	if (selection->selected > 1 || tree->permerror)
		return STATUS_INVALID;
	return tree->temporary ? STATUS_UNKNOWN : STATUS_VALID;
}

static void inspect_spf(
	const struct inspect_request *request, struct view *view, struct arena *scratch, struct verdict *out)
{
	struct verdict_spf *spf = &out->spf;
	/* Needed when there is no record, which is not known in the first run: asked ahead. */
	if (view_is_pending(view_get(view, request->domain, RRTYPE_TXT)))
		view_get(view, request->domain, RRTYPE_MX);
	spf->tree =
		spf_tree_walk(view, scratch, request->domain, &request->sample, request->psl, &out->findings);
	spf->explanation = spf_explain_inspect(
		view, scratch, request->domain, spf->tree, &request->sample, &out->findings);
	spf->status = spf_status(spf->tree);
}

/* --- DMARC --- */

/* RFC 9989 4.10, 4.10.1: the record that applies decides. Without one, several at a name are a mistake and no
 * record at all is none. */
static enum section_status dmarc_status(const struct verdict_dmarc *dmarc)
{
	const struct dmarc_discovery *discovery = &dmarc->discovery;
	if (discovery->temporary)
		return STATUS_UNKNOWN;
	if (discovery->found != NULL)
		return dmarc->record->valid && discovery->policies.applies ? STATUS_VALID : STATUS_INVALID;
	return dmarc->txt != NULL ? STATUS_INVALID : STATUS_NONE;
}

/* The first of the records at a name with several: shown when nothing applies. */
static const struct record *first_of_several(const struct dmarc_walk_step *step)
{
	for (size_t i = 0; i < step->answer->count; i++) {
		const struct record *txt = &step->answer->records[i];
		if (!txt->malformed && dmarc_record_is_dmarc(txt->data.txt.joined))
			return txt;
	}
	return NULL;
}

/* The first step with several records; NULL without. */
static const struct dmarc_walk_step *step_with_several(const struct dmarc_walk *walk)
{
	for (size_t i = 0; i < walk->count; i++) {
		if (walk->steps[i].outcome == DMARC_WALK_MULTIPLE)
			return &walk->steps[i];
	}
	return NULL;
}

static void show_record(struct verdict_dmarc *dmarc, const struct dmarc_walk_step *step,
	const struct record *txt, const struct dmarc_record *record)
{
	dmarc->txt = txt;
	dmarc->record = record;
	dmarc->location = step->domain;
	dmarc->answer = step->answer;
}

static void choose_record(struct arena *scratch, struct verdict_dmarc *dmarc)
{
	const struct dmarc_walk_step *found = dmarc->discovery.found;
	const struct dmarc_walk_step *several = step_with_several(&dmarc->discovery.walk);
	if (found != NULL) {
		show_record(dmarc, found, found->txt, found->record);
	} else if (several != NULL) {
		const struct record *txt = first_of_several(several);
		show_record(dmarc, several, txt, dmarc_record_parse(scratch, txt->data.txt.joined));
	}
}

/* RFC 7489 7.1 asks for no consent within the registered domain: what the findings from `first` on say does
 * not concern older receivers then. {0} of each is the host of the address. */
static void spare_older(const struct psl *psl, struct arena *scratch, struct name policy_domain,
	struct findings *findings, size_t first)
{
	struct name host;
	for (size_t i = first; psl != NULL && i < findings->count; i++) {
		struct finding *finding = &findings->items[i];
		if (name_from_text(scratch, finding->args[0], &host) != NAME_OK)
			continue;
		struct name registered = psl_registrable(psl, host);
		if (!name_is_none(registered) && name_equal(registered, psl_registrable(psl, policy_domain)))
			finding->effects[RECEIVER_RFC7489] = EFFECT_NONE;
	}
}

static void inspect_destinations(
	const struct inspect_request *request, struct view *view, struct arena *scratch, struct verdict *out)
{
	struct verdict_dmarc *dmarc = &out->dmarc;
	size_t first = out->findings.count;
	const struct dmarc_walk_step *found = dmarc->discovery.found;
	const struct finding_place place =
		dmarc_lint_place(scratch, request->domain, found->name, found->txt);
	dmarc_reportauth(view, scratch, found->record, DMARC_TAG_RUA, found->domain, &place, &out->findings,
		&dmarc->rua, &dmarc->rua_count);
	dmarc_reportauth(view, scratch, found->record, DMARC_TAG_RUF, found->domain, &place, &out->findings,
		&dmarc->ruf, &dmarc->ruf_count);
	spare_older(request->psl, scratch, found->domain, &out->findings, first);
}

static void inspect_dmarc(
	const struct inspect_request *request, struct view *view, struct arena *scratch, struct verdict *out)
{
	struct verdict_dmarc *dmarc = &out->dmarc;
	dmarc_discover(view, scratch, request->domain, &dmarc->discovery);
	if (request->psl != NULL)
		dmarc_rfc7489_discover(view, scratch, request->psl, request->domain, &dmarc->rfc7489);
	choose_record(scratch, dmarc);
	dmarc->status = dmarc_status(dmarc);
	if (dmarc->discovery.found != NULL)
		inspect_destinations(request, view, scratch, out);
}

/* --- what could not be seen --- */

static int compare_failures(const void *left, const void *right)
{
	const struct answer *const *a = left, *const *b = right;
	return question_compare(&(*a)->question, &(*b)->question);
}

/* Every temporary failure that this run was given, by question; the view says each question once. An
 * evaluator that has what it needs asks nothing more, so each of them may have hidden something. */
static void list_incomplete(const struct view *view, struct arena *scratch, struct verdict *out)
{
	size_t count;
	const struct answer *const *failures = view_failures(view, &count);
	if (count == 0)
		return;
	const struct answer **sorted = arena_alloc(scratch, count * sizeof(const struct answer *));
	for (size_t i = 0; i < count; i++)
		sorted[i] = failures[i];
	qsort(sorted, count, sizeof(const struct answer *), compare_failures);
	out->incomplete = sorted;
	out->incomplete_count = count;
}

enum eval_state inspect(
	const struct inspect_request *request, struct view *view, struct arena *scratch, struct verdict *out)
{
	*out = (struct verdict){.input = request->input,
		.input_line = request->input_line,
		.domain = request->domain,
		.cost.elapsed_ms = -1};
	if (request->psl != NULL)
		out->psl_time = psl_time(request->psl);
	findings_init(&out->findings, scratch);
	inspect_spf(request, view, scratch, out);
	inspect_dmarc(request, view, scratch, out);
	cross_lint(request, view, scratch, out);
	if (view_end_run(view) == EVAL_NEEDS_ANSWERS)
		return EVAL_NEEDS_ANSWERS;
	list_incomplete(view, scratch, out);
	verdict_sort_findings(&out->findings);
	verdict_set_level(out);
	return EVAL_DONE;
}
