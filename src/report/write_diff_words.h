/* write_diff_words: a comparison in a few words, for text and Markdown. Nothing here holds bytes from DNS. */
#ifndef REPORT_WRITE_DIFF_WORDS_H
#define REPORT_WRITE_DIFF_WORDS_H

#include "report/text.h"
#include "report/write_diff.h"

/* `list` and `more` with `separator` between them; the other one where one is empty. */
struct slice write_diff_words_join(
	const struct text *text, struct slice list, const char *separator, struct slice more);

/* "256 more IPv4 addresses" (`more`: "more " or ""): of IPv6 large sets are counted in networks, for nobody
 * reads their numbers. */
struct slice write_diff_words_addresses(const struct text *text, struct ipset set, const char *more);

bool write_diff_words_networks_differ(const struct diff_networks *networks);

/* True when the policy of a level is another one, as far as both are known. */
bool write_diff_words_level_differs(const struct diff *diff, size_t reading, size_t level);

/* "256 more IPv4 addresses pass; policy weaker; new: 1 error": what changed; empty: nothing. */
struct slice write_diff_words_summary(const struct text *text, const struct diff *diff);

/* "widen, weaken" */
struct slice write_diff_words_denials(const struct text *text, unsigned denials);

/* "12 domains compared, 2 with an effect on mail; 1 incomplete; 1 denied (widen)" */
struct slice write_diff_words_total(const struct text *text, const struct write_diff_total *total);

#endif
