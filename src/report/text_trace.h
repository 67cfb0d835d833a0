/* text_trace: an evaluation of SPF as a story: each term that was looked at, what DNS said, and what
 * follows. */
#ifndef REPORT_TEXT_TRACE_H
#define REPORT_TEXT_TRACE_H

#include "report/text.h"
#include "spf/spf_check.h"

/* The numbered steps. `ip`: the client. */
void text_trace(const struct text *text, const struct spf_verdict *verdict, struct ip ip);

/* "the domain says that this host may not send its mail": a result in words. */
const char *text_trace_meaning(enum spf_result result);

enum text_style text_trace_style(enum spf_result result);

#endif
