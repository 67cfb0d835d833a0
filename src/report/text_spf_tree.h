/* text_spf_tree: the tree of SPF records as a drawing, with the lookups of each branch in the margin. */
#ifndef REPORT_TEXT_SPF_TREE_H
#define REPORT_TEXT_SPF_TREE_H

#include "report/text.h"

#define TEXT_SPF_TREE_MAX_DEPTH 10 /* levels drawn: as many as ten lookups can reach */
#define TEXT_SPF_TREE_MAX_TERMS                                                                              \
	400 /* terms drawn of the whole tree: hostile records have tens of thousands */

void text_spf_tree(const struct text *text, const struct spf_tree *tree);

#endif
