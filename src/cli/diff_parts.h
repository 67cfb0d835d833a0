/* diff_parts: names as _spf.example.com, parts of the SPF records of others: `mailauth diff` tells what
 * changes there where it is used, when every side that has a record there has a domain that reaches it.
 *
 *     before   example.com includes _spf.example.com                 told for example.com only
 *     after    example.com does not, _spf.example.com is still there   told for _spf.example.com too
 */
#ifndef CLI_DIFF_PARTS_H
#define CLI_DIFF_PARTS_H

#include "cli/diff_domains.h"
#include "inspect/diff.h"

/* One of them. */
struct diff_part {
	struct slice name; /* as text, in `list` below sorted by it */
	bool is_reached[DIFF_SIDES];
};

struct diff_parts {
	struct diff_part *list;
	size_t count;
};

/* The parts among `domains`; none of them is reached yet. */
void diff_parts_list(struct arena *arena, const struct diff_domains *domains, struct diff_parts *out);

/* Notes what a domain that is no part reaches through include and redirect on side `which`. */
void diff_parts_reach(struct diff_parts *parts, size_t which, const struct diff_side *side);

/* True when `name` is in the list, and reached on every side in `sides` that has an SPF record there. As more
 * domains are looked at a name can come to be reached; never the other way round. */
bool diff_parts_are_told(
	const struct diff_parts *parts, struct slice name, const struct diff_side *const sides[DIFF_SIDES]);

#endif
