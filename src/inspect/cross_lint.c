/* cross_lint: see cross_lint.h. */
#include "inspect/cross_lint.h"

#include "dmarc/dmarc_lint.h"
#include "dmarc/dmarc_version.h"
#include "inspect/cross_mail.h"

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
	cross_mail(request, view, scratch, out);
}
