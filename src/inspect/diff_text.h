/* diff_text: addresses, lists and policies in words, for the messages about a change. */
#ifndef INSPECT_DIFF_TEXT_H
#define INSPECT_DIFF_TEXT_H

#include "inspect/diff.h"

/* "256 IPv4 addresses (203.0.113.0/24)", "every IPv4 address, 2 IPv6 networks (0.0.0.0/0, ...)". */
struct slice diff_text_sets(struct arena *arena, const struct ipset *sets);

/* "a, b and c"; of many only the first ones. "nobody" for none. */
struct slice diff_text_list(struct arena *arena, const struct slice *items, size_t count);

/* "reject", "quarantine with pct=50", "no policy". */
struct slice diff_text_policy(struct arena *arena, const struct diff_policy *policy);

#endif
