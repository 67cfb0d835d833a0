/* text_dmarc: what the text output says about DMARC. */
#ifndef REPORT_TEXT_DMARC_H
#define REPORT_TEXT_DMARC_H

#include "report/text.h"

void text_dmarc(const struct text *text, const struct verdict_dmarc *dmarc, struct name domain);

#endif
