/* spf_tree_term: one term of a tree: its target, and what DNS has there (RFC 7208 4.6.4, 4.8, 5, 7). */
#ifndef SPF_SPF_TREE_TERM_H
#define SPF_SPF_TREE_TERM_H

#include "spf/spf_tree.h"

/* Where a term stands. */
struct spf_tree_term_context {
	struct arena *arena;
	struct name inspected;
	const struct spf_sample *sample;
	struct name domain;   /* owner of the record */
	const bool *families; /* SPF_FAMILIES of them: whose clients get here */
};

/* include and redirect: a record stands behind it. */
bool spf_tree_term_is_link(const struct spf_term *term);

/* Fills in target, addresses and own costs of a valid term that needs DNS; the record behind a link is
 * left to the walk. */
void spf_tree_term_look(
	const struct spf_tree_term_context *context, struct view *view, struct spf_tree_term *out);

/* The same for one term too many: it counts, and nothing is asked for it. */
void spf_tree_term_cut(const struct spf_tree_term_context *context, struct spf_tree_term *out);

/* Puts together what people see of the sides, when all is known of them. */
void spf_tree_term_merge(struct spf_tree_term *out);

/* Fills in a term that needs no DNS, or is not valid. */
void spf_tree_term_read(const struct spf_tree_term_context *context, struct spf_tree_term *out);

#endif
