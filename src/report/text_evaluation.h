/* text_evaluation: the parts of the text output that spf and simulate share: the client, the result, the
 * term that decided. */
#ifndef REPORT_TEXT_EVALUATION_H
#define REPORT_TEXT_EVALUATION_H

#include "report/text_trace.h"

/* "label    shown" with `shown` folded; the label stands at TEXT_BODY. */
void text_evaluation_fact(
	const struct text *text, enum text_style style, const char *label, struct slice shown);

/* The record that decided, with carets under the term that did, and the counts. */
void text_evaluation_verdict(const struct text *text, const struct spf_verdict *verdict);

/* "192.0.2.1, which says HELO mail.example.com, sends mail from user@example.com" */
struct slice text_evaluation_client(
	const struct text *text, const struct spf_request *request, bool has_helo);

/* The questions that were asked, for --verbose. */
void text_evaluation_cost(const struct text *text, const struct verdict_cost *cost);

#endif
