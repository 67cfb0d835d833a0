/* write_json: a verdict as JSON (mailauth/check/1), pretty or one line each. */
#ifndef REPORT_WRITE_JSON_H
#define REPORT_WRITE_JSON_H

#include "report/writer.h"

extern const struct writer write_json_writer;
extern const struct writer write_json_lines_writer;

#endif
