/* spf_tree_place: where in a tree a finding is: the record, and how it was reached. */
#ifndef SPF_SPF_TREE_PLACE_H
#define SPF_SPF_TREE_PLACE_H

#include "spf/spf_tree.h"

/* A record on the way from the inspected domain. */
struct spf_tree_place {
	const struct spf_node *node;
	struct finding_place place; /* of the record that was selected */
	bool own;		    /* the inspected domain's record, or where its redirects lead */
};

/* The place of the root. */
struct spf_tree_place spf_tree_place_root(struct arena *arena, const struct spf_node *root);

/* The place of the record that `term` of `parent` leads to. */
struct spf_tree_place spf_tree_place_below(struct arena *arena, const struct spf_tree_place *parent,
	const struct spf_tree_term *term, const struct spf_node *node);

/* `place` for another TXT record of the same name. */
struct finding_place spf_tree_place_record(struct finding_place place, const struct record *record);

/* "include:_spf.example.net": a step of a path. */
struct slice spf_tree_place_step(struct arena *arena, const struct spf_tree_term *term, struct name target);

/* "example.com > include:_spf.example.net": a path for people. */
struct slice spf_tree_place_path(struct arena *arena, const struct finding_place *place);

/* A new finding about `term` of the record there; about the whole record when `term` is NULL. */
struct finding *spf_tree_place_report(struct findings *findings, enum rule_id rule,
	const struct spf_tree_place *place, const struct spf_tree_term *term);

#endif
