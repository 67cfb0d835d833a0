/* text_finding: findings and temporary failures for people. */
#ifndef REPORT_TEXT_FINDING_H
#define REPORT_TEXT_FINDING_H

#include "report/text.h"

#define TEXT_FINDING_MAX 100 /* findings shown of one verdict; the rest is counted */

/* All findings of a verdict, each behind an empty line. */
void text_finding_list(const struct text *text, const struct findings *findings);

/* The temporary failures and what they mean for the verdict; `is_final`: it is the same without them. */
void text_finding_incomplete(
	const struct text *text, const struct answer *const *failures, size_t count, bool is_final);

/* "example.com TXT: no answer in time"; the name that failed is told when it is that of an alias. */
struct slice text_finding_failure(const struct text *text, const struct answer *answer);

/* "2 errors, 1 warning"; empty when there are none. */
struct slice text_finding_counts(const struct text *text, const struct findings *findings);

#endif
