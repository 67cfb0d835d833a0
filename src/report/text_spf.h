/* text_spf: what the text output says about SPF. */
#ifndef REPORT_TEXT_SPF_H
#define REPORT_TEXT_SPF_H

#include "report/text.h"

#define TEXT_BODY  7  /* column at which records and labels stand */
#define TEXT_VALUE 20 /* column of what stands behind a label */

void text_spf(const struct text *text, const struct verdict_spf *spf, struct name domain);

#endif
