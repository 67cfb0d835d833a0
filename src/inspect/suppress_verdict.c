/* suppress_verdict: see suppress_verdict.h. */
#include "inspect/suppress_verdict.h"

struct noter {
	struct suppress_list *list;
	struct arena *arena; /* for names as text */
};

static void note_name(const struct noter *noter, struct name name)
{
	struct arena_mark mark = arena_mark(noter->arena);
	if (!name_is_none(name))
		suppress_note_name(noter->list, name_text(noter->arena, name));
	arena_rewind(noter->arena, mark);
}

static void note_answer(const struct noter *noter, const struct answer *answer)
{
	for (size_t i = 0; answer != NULL && i < answer->count; i++) {
		const struct origin *origin = &answer->records[i].origin;
		suppress_note_lines(noter->list, origin->file, origin->line, origin->line);
	}
}

/* `depth`: records above it, at most SPF_TREE_MAX_DEPTH. */
static void note_node(const struct noter *noter, const struct spf_node *node, unsigned depth)
{
	if (node == NULL || depth > SPF_TREE_MAX_DEPTH)
		return;
	note_name(noter, node->domain);
	note_answer(noter, node->selection != NULL ? node->selection->answer : NULL);
	for (size_t i = 0; i < node->count; i++) {
		const struct spf_tree_term *term = &node->terms[i];
		note_node(noter, term->tree, depth + 1);
		for (size_t side = 0; side < SPF_FAMILIES; side++)
			if (term->sides[side].tree != term->tree)
				note_node(noter, term->sides[side].tree, depth + 1);
	}
}

static void note_dmarc(const struct noter *noter, const struct verdict_dmarc *dmarc)
{
	const struct dmarc_walk *walk = &dmarc->discovery.walk;
	for (size_t i = 0; i < walk->count; i++) {
		/* The first is asked in any case; above it only a name with a record is somebody's. */
		if (i == 0 || walk->steps[i].txt != NULL)
			note_name(noter, walk->steps[i].name);
		note_answer(noter, walk->steps[i].answer);
	}
}

void suppress_verdict_note(struct suppress_list *list, const struct verdict *verdict)
{
	const struct noter noter = {list, verdict->findings.arena};
	if (suppress_is_empty(list) || verdict->error.len > 0 || verdict->incomplete_count > 0)
		return;
	note_name(&noter, verdict->domain);
	if (verdict->spf.tree != NULL)
		note_node(&noter, verdict->spf.tree->root, 0);
	if (verdict->spf.explanation != NULL) {
		suppress_note_name(list, verdict->spf.explanation->domain);
		note_answer(&noter, verdict->spf.explanation->answer);
	}
	note_dmarc(&noter, &verdict->dmarc);
	for (size_t i = 0; i < verdict->findings.count; i++)
		suppress_note_name(list, verdict->findings.items[i].place.name);
}
