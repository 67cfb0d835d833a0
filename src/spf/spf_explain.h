/* spf_explain: the explanation a rejected sender may be shown (RFC 7208 6.2). */
#ifndef SPF_SPF_EXPLAIN_H
#define SPF_SPF_EXPLAIN_H

#include "spf/spf_tree.h"

struct spf_explanation {
	struct slice domain; /* where the text is published; as the exp modifier's domain-spec expands */
	bool resolved;	     /* false: its macros need a message; then nothing else is known */
	const struct answer *answer; /* TXT there */
	bool has_record;
	struct slice record; /* the macro string, joined, raw */
	bool valid; /* is there, one record, ASCII, well formed; false too when answer->kind is temporary */
	bool reachable; /* a message can end in fail through a mechanism of the record that owns this exp */
	struct slice example; /* expansion for a sample message; empty when !valid */
};

/* The explanation that counts for `tree` (after redirects: that of the target, RFC 7208 6.2), or NULL when
 * there is none. Findings (target none, many, bad macro, non-ascii, unreachable; exp modifiers that can
 * never be used) with places. */
const struct spf_explanation *spf_explain_inspect(struct view *view, struct arena *arena, struct name domain,
	const struct spf_tree *tree, const struct spf_sample *sample, struct findings *findings);

#endif
