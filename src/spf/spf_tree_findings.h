/* spf_tree_findings: what a tree means for the one who published it. */
#ifndef SPF_SPF_TREE_FINDINGS_H
#define SPF_SPF_TREE_FINDINGS_H

#include "spf/spf_tree.h"

/* Adds the findings of every record reached and those of the tree itself. A record that is reached twice
 * is spoken of once, and one cause gives one finding: where a record is broken, the finding is there, with
 * its path, and what includes it is silent, unless the cause is too far away to be seen
 * (spf-include-permerror). Asks for the MX of a domain without record and for a record at a wrong name, for
 * the registrable domain of a missing include, and for the names of the client of `sample` where they
 * matter. */
void spf_tree_findings(struct view *view, struct arena *arena, const struct spf_tree *tree,
	const struct spf_sample *sample, const struct psl *psl, struct findings *findings);

#endif
