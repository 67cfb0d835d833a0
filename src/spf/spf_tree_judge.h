/* spf_tree_judge: what one term of a tree means (the rules about targets). */
#ifndef SPF_SPF_TREE_JUDGE_H
#define SPF_SPF_TREE_JUDGE_H

#include "spf/spf_tree_place.h"

struct spf_tree_judge {
	struct view *view;
	struct arena *arena;
	const struct psl *psl;		 /* or NULL */
	const struct spf_sample *sample; /* never NULL */
	struct findings *findings;
};

/* Findings about a, mx, ptr and exists. */
void spf_tree_judge_lookup(
	struct spf_tree_judge *judge, const struct spf_tree_place *place, const struct spf_tree_term *term);

/* Findings about include and redirect themselves, after those of the record they lead to; `reported`: that
 * record has an error of its own. */
void spf_tree_judge_link(struct spf_tree_judge *judge, const struct spf_tree_place *place,
	const struct spf_tree_term *term, bool reported);

/* True when the reader of the record's text has said that the target of `term` is not what was meant
 * ("https://...", two terms glued together): then it is no news that DNS has nothing there. */
bool spf_tree_judge_is_misread(const struct spf_node *node, const struct spf_term *term);

#endif
