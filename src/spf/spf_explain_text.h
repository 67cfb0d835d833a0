/* spf_explain_text: the text that exp= leads to: whether receivers can use it, and what a sender gets to
 * read (RFC 7208 6.2). */
#ifndef SPF_SPF_EXPLAIN_TEXT_H
#define SPF_SPF_EXPLAIN_TEXT_H

#include "macro/macro_expand.h"
#include "rules/finding.h"

/* Judges `text`, where a TXT record at `place` has it; true when receivers can use it: *example is then
 * what it becomes with `values`. */
bool spf_explain_text(struct arena *arena, struct slice text, const struct macro_values *values,
	const struct finding_place *place, struct findings *findings, struct slice *example);

#endif
