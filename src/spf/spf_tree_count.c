/* spf_tree_count: see spf_tree_count.h. The worst case is a client that no term matches before the last
 * one: every term counts, with everything below it, and one that is reached twice counts twice.
 *
 *     v=spf1 include:a mx -all      a: v=spf1 a exists:b -all
 *            1+2       1            lookups: 4
 */
#include "spf/spf_tree_count.h"

#include "spf/spf_tree_term.h"

static unsigned max(unsigned a, unsigned b)
{
	return a > b ? a : b;
}

static void add_voids(struct spf_void_detail *sum, const struct spf_void_detail *part)
{
	sum->ipv4 += part->ipv4;
	sum->ipv6 += part->ipv6;
	sum->queries_ipv4 += part->queries_ipv4;
	sum->queries_ipv6 += part->queries_ipv6;
}

/* --- terms -------------------------------------------------------------------------------- */

static void count_voids(struct spf_tree_term *term)
{
	const struct spf_side *v4 = &term->sides[IP_V4], *v6 = &term->sides[IP_V6];
	term->voids = (struct spf_void_detail){
		.ipv4 = v4->void_lookups,
		.ipv6 = v6->void_lookups,
		.queries_ipv4 = v4->void_queries,
		.queries_ipv6 = v6->void_queries,
	};
	if (v4->tree != NULL) {
		term->voids.ipv4 += v4->tree->voids.ipv4;
		term->voids.queries_ipv4 += v4->tree->voids.queries_ipv4;
	}
	if (v6->tree != NULL) {
		term->voids.ipv6 += v6->tree->voids.ipv6;
		term->voids.queries_ipv6 += v6->tree->voids.queries_ipv6;
	}
	term->void_lookups = max(term->voids.ipv4, term->voids.ipv6);
	/* Whether a client has a reverse name is not known before it comes. */
	term->voids_known =
		term->outcome != SPF_OUTCOME_UNRESOLVED && !(term->term->kind == SPF_PTR && v4->walked);
}

static void count_lookups(struct spf_tree_term *term)
{
	unsigned below = 0;
	for (size_t i = 0; i < SPF_FAMILIES; i++) {
		if (term->sides[i].tree != NULL)
			below = max(below, term->sides[i].tree->lookups);
	}
	term->lookups = term->own_lookups + below;
}

/* --- records ------------------------------------------------------------------------------ */

static void judge_side(struct spf_node *node, const struct spf_term *term, const struct spf_side *side)
{
	switch (side->outcome) {
	case SPF_OUTCOME_OK:
		node->complete = node->complete && term->kind != SPF_PTR;
		break;
	case SPF_OUTCOME_NONE:
		/* RFC 7208 5.2, 6.1; for the others it is no match */
		node->permerror = node->permerror || spf_tree_term_is_link(term);
		break;
	case SPF_OUTCOME_PERMERROR:
		node->permerror = true;
		break;
	case SPF_OUTCOME_TEMPORARY:
		node->temporary = true;
		node->complete = false;
		break;
	case SPF_OUTCOME_LOOP:
		node->permerror = node->loops = true;
		break;
	case SPF_OUTCOME_UNRESOLVED:
		node->complete = false;
		break;
	case SPF_OUTCOME_CUT:
		node->permerror = node->cut = true;
		node->complete = false;
		break;
	}
	if (side->only_sample)
		node->complete = false;
	if (side->tree != NULL) {
		node->temporary = node->temporary || side->tree->temporary;
		node->loops = node->loops || side->tree->loops;
		node->cut = node->cut || side->tree->cut;
		node->complete = node->complete && side->tree->complete;
	}
}

void spf_tree_count(struct spf_node *node)
{
	node->temporary = node->selection->answer->kind == ANSWER_TEMPORARY;
	node->complete = !node->temporary;
	node->permerror = node->selection->selected > 1 || (node->record != NULL && !node->record->valid);
	for (size_t i = 0; i < node->count; i++) {
		struct spf_tree_term *term = &node->terms[i];
		for (size_t family = 0; family < SPF_FAMILIES; family++) {
			if (term->sides[family].walked)
				judge_side(node, term->term, &term->sides[family]);
		}
		count_lookups(term);
		count_voids(term);
		node->lookups += term->lookups;
		add_voids(&node->voids, &term->voids);
	}
	node->void_lookups = max(node->voids.ipv4, node->voids.ipv6);
}

/* --- the default -------------------------------------------------------------------------- */

enum spf_result spf_tree_count_result(enum spf_qualifier qualifier)
{
	static const enum spf_result results[] = {
		[SPF_QUALIFIER_PASS] = SPF_PASS,
		[SPF_QUALIFIER_FAIL] = SPF_FAIL,
		[SPF_QUALIFIER_SOFTFAIL] = SPF_SOFTFAIL,
		[SPF_QUALIFIER_NEUTRAL] = SPF_NEUTRAL,
	};
	return results[qualifier];
}

const struct spf_tree_term *spf_tree_count_redirect(const struct spf_node *node)
{
	for (size_t i = 0; i < node->count; i++) {
		const struct spf_term *term = node->terms[i].term;
		if (node->record->all == NULL && term == node->record->redirect)
			return &node->terms[i];
	}
	return NULL;
}

static bool redirect_default(const struct spf_tree_term *redirect, enum spf_result *out)
{
	const struct spf_node *tree = redirect->tree;
	switch (redirect->outcome) {
	case SPF_OUTCOME_OK:
		return spf_tree_count_default(tree, out);
	case SPF_OUTCOME_NONE:
	case SPF_OUTCOME_PERMERROR:
	case SPF_OUTCOME_LOOP:
	case SPF_OUTCOME_CUT:
		*out = SPF_PERMERROR;
		return true;
	case SPF_OUTCOME_TEMPORARY:
	case SPF_OUTCOME_UNRESOLVED:
		return false;
	}
	return false;
}

bool spf_tree_count_default(const struct spf_node *node, enum spf_result *out)
{
	*out = SPF_NEUTRAL; /* RFC 7208 4.7 */
	if (node->selection->answer->kind == ANSWER_TEMPORARY)
		return false;
	if (node->record == NULL) {
		*out = SPF_NONE;
		return true;
	}
	if (node->permerror) {
		*out = SPF_PERMERROR; /* such an address reaches the broken term */
		return true;
	}
	const struct spf_tree_term *redirect = spf_tree_count_redirect(node);
	if (redirect != NULL)
		return redirect_default(redirect, out);
	if (node->record->all != NULL)
		*out = spf_tree_count_result(node->record->all->qualifier);
	return true;
}

void spf_tree_count_whole(struct spf_tree *tree)
{
	const struct spf_node *root = tree->root;
	bool over = root->loops || root->cut;
	tree->lookups = over ? max(root->lookups, SPF_LOOKUP_LIMIT + 1) : root->lookups;
	tree->voids = root->voids;
	tree->void_lookups = root->void_lookups;
	tree->cut = root->cut;
	tree->temporary = root->temporary;
	tree->complete = root->complete;
	tree->permerror =
		root->permerror || tree->lookups > SPF_LOOKUP_LIMIT || tree->void_lookups > SPF_VOID_LIMIT;
	tree->default_known = spf_tree_count_default(root, &tree->default_result);
	/* An address that nothing matches meets every term, and so every limit that is crossed for both
	 * families. */
	if (tree->default_known && root->record != NULL &&
		(tree->lookups > SPF_LOOKUP_LIMIT ||
			(root->voids.ipv4 > SPF_VOID_LIMIT && root->voids.ipv6 > SPF_VOID_LIMIT)))
		tree->default_result = SPF_PERMERROR;
}
