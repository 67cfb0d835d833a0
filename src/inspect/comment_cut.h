/* comment_cut: text that a zone file loses because a semicolon outside quotes begins a comment (RFC 1035
 * 5.1):
 *
 *     _dmarc TXT v=DMARC1; p=reject; rua=mailto:d@example.com ; new
 *
 * publishes "v=DMARC1". What was meant as text: "p=reject; rua=mailto:d@example.com".
 */
#ifndef INSPECT_COMMENT_CUT_H
#define INSPECT_COMMENT_CUT_H

#include "dns/answer.h"
#include "rules/finding.h"

/* The part of record->comment that surely was meant as part of the text, without blanks at both ends. False:
 * there is none, or the text is neither SPF nor DMARC. Linear. */
bool comment_cut_find(const struct record *record, struct slice *out);

/* Adds dmarc-zone-comment or spf-zone-comment when text was lost, and takes the findings about the same
 * record out that only follow from it. True when it did. `place`: of the record, as its findings have it. */
bool comment_cut_report(struct arena *arena, const struct record *record, const struct finding_place *place,
	struct findings *findings);

#endif
