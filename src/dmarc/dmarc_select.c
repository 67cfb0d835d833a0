/* dmarc_select: see dmarc_select.h. The selection is kept beside the answer, so a record is parsed once. */
#include "dmarc/dmarc_select.h"

static const void *select_records(struct arena *arena, const struct answer *answer)
{
	struct dmarc_selection *selection = arena_alloc(arena, sizeof *selection);
	for (size_t i = 0; i < answer->count; i++) {
		const struct record *record = &answer->records[i];
		if (record->type != RRTYPE_TXT || record->malformed ||
			!dmarc_record_is_dmarc(record->data.txt.joined))
			continue;
		selection->count++;
		if (selection->first == NULL)
			selection->first = record;
	}
	if (selection->first != NULL)
		selection->record = dmarc_record_parse(arena, selection->first->data.txt.joined);
	return selection;
}

const struct dmarc_selection *dmarc_select(struct view *view, const struct answer *answer)
{
	static const struct dmarc_selection none;
	if (answer->count == 0)
		return &none;
	return view_memo(view, answer, VIEW_MEMO_DMARC, select_records);
}

const struct answer *dmarc_select_readable(struct view *view, const struct answer *answer)
{
	return dmarc_select(view, answer)->count > 0 ? answer : view_unreadable(view, answer);
}
