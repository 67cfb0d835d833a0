/* text_source: where an answer came from, for --verbose. */
#ifndef REPORT_TEXT_SOURCE_H
#define REPORT_TEXT_SOURCE_H

#include "report/text.h"

/* "from 192.0.2.53:53, TTL 300, not authenticated (no DNSSEC)"; `txt` may be NULL. */
struct slice text_source(const struct text *text, const struct answer *answer, const struct record *txt);

/* ", 2 strings of 255 and 45 bytes"; empty for a record of one string. */
struct slice text_source_strings(const struct text *text, const struct record *txt);

#endif
