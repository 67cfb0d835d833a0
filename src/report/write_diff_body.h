/* write_diff_body: all there is to say about what changed at a domain, as text. */
#ifndef REPORT_WRITE_DIFF_BODY_H
#define REPORT_WRITE_DIFF_BODY_H

#include "report/text.h"
#include "report/write_diff.h"

/* Blocks, each behind an empty line: SPF, DMARC, what is missing, findings. What was said of an earlier domain
 * is one line, without -v. */
void write_diff_body(const struct text *text, struct write_diff_seen *seen, const struct diff *diff);

#endif
