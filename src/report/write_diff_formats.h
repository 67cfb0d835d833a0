/* write_diff_formats: the formats of write_diff. */
#ifndef REPORT_WRITE_DIFF_FORMATS_H
#define REPORT_WRITE_DIFF_FORMATS_H

#include "report/write_diff.h"

extern const struct write_diff write_diff_text_format;
extern const struct write_diff write_diff_json_format;
extern const struct write_diff write_diff_json_lines_format;
extern const struct write_diff write_diff_markdown_format;

#define WRITE_DIFF_ITEM_FORMATS 5
extern const struct write_diff write_diff_item_formats[WRITE_DIFF_ITEM_FORMATS];

#endif
