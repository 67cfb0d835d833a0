/* cross_lint: see cross_lint.h. */
#include "inspect/cross_lint.h"

#include "dmarc/dmarc_lint.h"
#include "dmarc/dmarc_version.h"
#include "inspect/comment_cut.h"
#include "inspect/cross_mail.h"
#include "spf/spf_tree_place.h"

/* Every TXT of the walk that is or was meant as a DMARC record, so that each finding has a text for its
 * span. Data that has not the form of its type is nothing to judge. */
static void list_candidates(struct arena *scratch, struct verdict_dmarc *dmarc)
{
	const struct record **list = NULL;
	size_t count = 0, capacity = 0;
	for (size_t i = 0; i < dmarc->discovery.walk.count; i++) {
		const struct answer *answer = dmarc->discovery.walk.steps[i].answer;
		for (size_t j = 0; answer != NULL && j < answer->count; j++) {
			const struct record *txt = &answer->records[j];
			if (txt->malformed || (!dmarc_record_is_dmarc(txt->data.txt.joined) &&
						      !dmarc_version_is_near(txt->data.txt.joined)))
				continue;
			list = arena_grow(scratch, list, count, &capacity, sizeof(const struct record *));
			list[count++] = txt;
		}
	}
	dmarc->candidates = list;
	dmarc->candidate_count = count;
}

/* SPF text that a zone file has cut off. */
static void lint_cut_spf(struct arena *scratch, struct verdict *out)
{
	const struct spf_node *root = out->spf.tree->root;
	for (size_t i = 0; i < root->selection->candidate_count; i++) {
		const struct record *record = root->selection->candidates[i];
		if (record->comment.len == 0)
			continue;
		struct finding_place place = spf_tree_place_root(scratch, root).place;
		place = spf_tree_place_record(place, record);
		comment_cut_report(scratch, record, &place, &out->findings);
	}
}

static void lint_cut_step(const struct inspect_request *request, struct arena *scratch,
	const struct dmarc_walk_step *step, struct findings *findings)
{
	for (size_t i = 0; step->answer != NULL && i < step->answer->count; i++) {
		const struct record *record = &step->answer->records[i];
		if (record->comment.len == 0)
			continue;
		const struct finding_place place =
			dmarc_lint_place(scratch, request->domain, step->name, record);
		comment_cut_report(scratch, record, &place, findings);
	}
}

/* The same of the DMARC records that are judged: the domain's own, or those at all names walked. */
static void lint_cut_dmarc(const struct inspect_request *request, struct arena *scratch, struct verdict *out)
{
	const struct dmarc_discovery *discovery = &out->dmarc.discovery;
	for (size_t i = 0; i < discovery->walk.count; i++) {
		lint_cut_step(request, scratch, &discovery->walk.steps[i], &out->findings);
		if (i == 0 && discovery->found == &discovery->walk.steps[0])
			return;
	}
}

void cross_lint(
	const struct inspect_request *request, struct view *view, struct arena *scratch, struct verdict *out)
{
	const struct dmarc_lint_request dmarc = {
		.author = request->domain,
		.discovery = &out->dmarc.discovery,
		.rfc7489 = request->psl != NULL ? &out->dmarc.rfc7489 : NULL,
		.psl = request->psl,
	};
	dmarc_lint(view, scratch, &dmarc, &out->findings);
	list_candidates(scratch, &out->dmarc);
	lint_cut_spf(scratch, out);
	lint_cut_dmarc(request, scratch, out);
	cross_mail(request, view, scratch, out);
}
