/* failure_text: temporary failures of DNS in words, for all formats that people read. */
#ifndef REPORT_FAILURE_TEXT_H
#define REPORT_FAILURE_TEXT_H

#include "dns/answer.h"

/* "example.com TXT: no answer in time"; the name that failed is told when it is that of an alias. `name`
 * and `owner`: how those of the answer are shown. */
struct slice failure_text(
	struct arena *arena, struct slice name, struct slice owner, const struct answer *answer);

/* The same with A-labels. */
struct slice failure_text_plain(struct arena *arena, const struct answer *answer);

#endif
