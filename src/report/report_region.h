/* report_region: where a finding stands in its file, with columns counted as editors and services count
 * characters: in UTF-16 code units. mailauth itself counts bytes.
 *
 *     line    v=spf1 é ipv4:192.0.2.1 -all        the finding is about ipv4
 *     bytes   column 11                            UTF-16: column 10
 */
#ifndef REPORT_REPORT_REGION_H
#define REPORT_REPORT_REGION_H

#include "rules/finding.h"

/* From 1; 0: not known. A column is known only with its line, and an end only with a start. The end is that
 * of the character behind the last one. */
struct report_region {
	size_t line, column;
	size_t end_line, end_column;
};

#define REPORT_REGION_POINTS 256

/* What is remembered of the line that was looked at last, so that thousands of findings in one line do not
 * count its characters from the start each time. All zero at first; the line must live as long. */
struct report_region_columns {
	struct slice text;
	struct slice lines; /* as in finding_place; `rest` begins with line `line` of it */
	struct slice rest;
	size_t line;
	size_t stride; /* bytes from one point to the next, at least */
	size_t count;
	struct report_region_point {
		size_t bytes, units; /* from the start of the line */
	} points[REPORT_REGION_POINTS];
};

/* Where the finding's bytes stand. Where the text of the line is not at hand, columns stay bytes. */
struct report_region report_region_of(struct report_region_columns *columns, const struct finding *finding);

/* The same for a change of the file. */
struct report_region report_region_of_edit(
	struct report_region_columns *columns, const struct finding *finding, const struct file_edit *edit);

#endif
