/* write_text: a verdict for people, at most 80 columns wide. */
#ifndef REPORT_WRITE_TEXT_H
#define REPORT_WRITE_TEXT_H

#include "report/writer.h"

extern const struct writer write_text_writer;

#endif
