/* write_diff_seen: the findings of a comparison that were told already, so that one about a record that many
 * domains share (a policy that is inherited, a list that is included) is told once, with the domains.
 *
 *     example.com       weaker DMARC policy for example.com, subdomains ...   at new:3:18
 *     www.example.com   weaker DMARC policy for www.example.com, subdomains ...   the same
 *
 * Two are the same when rule, level, detail, place and arguments are; the domain at the start of an argument
 * counts as equal. They are compared byte for byte: nobody can make two findings look the same.
 */
#ifndef REPORT_WRITE_DIFF_SEEN_H
#define REPORT_WRITE_DIFF_SEEN_H

#include "inspect/diff.h"

#define WRITE_DIFF_SEEN_NAMES 3 /* domains that are named besides the first one */

struct write_diff_seen_item {
	struct slice key;
	uint64_t hash;
	struct slice domain;			   /* the first one, as text */
	struct slice names[WRITE_DIFF_SEEN_NAMES]; /* of the others the first ones */
	size_t others;
};

/* Zeroed with its arena set: empty. A table with open addressing. */
struct write_diff_seen {
	struct arena *arena;
	struct write_diff_seen_item **slots;
	size_t capacity, count;
};

/* Notes that `finding` is about `domain` too. *is_new: it is the first one. Memory of one finding, whatever
 * the number of its domains. */
struct write_diff_seen_item *write_diff_seen_note(struct write_diff_seen *seen, struct arena *scratch,
	struct name domain, const struct finding *finding, bool *is_new);

/* The same for another text about a domain; no finding has such a key. */
struct write_diff_seen_item *write_diff_seen_note_text(
	struct write_diff_seen *seen, struct name domain, struct slice text, bool *is_new);

/* "the same for www.example.com", "the same for 12 more domains: a, b, c and 9 more"; empty for none. */
struct slice write_diff_seen_text(struct arena *arena, const struct write_diff_seen_item *item);

#endif
