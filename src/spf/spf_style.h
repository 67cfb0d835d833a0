/* spf_style: what is legal in an SPF record but superfluous, misleading or of no use (RFC 7208 4.6.2, 5.7, 6,
 * 7.3, 11.5; RFC 6652). */
#ifndef SPF_SPF_STYLE_H
#define SPF_SPF_STYLE_H

#include "spf/spf_reading.h"
#include "spf/spf_record.h"

/* `terms` are all terms of `record`, whose all, redirect and exp are set. Remarks are made of valid records
 * only: of a broken one the mistakes come first. */
void spf_style_report(struct spf_reading *reading, const struct spf_record *record);

/* In a record that was reached by include the reporting modifiers are ignored (RFC 6652 4.1): turns what the
 * reader of the record said of `ra` into that. */
void spf_style_included(struct finding *finding);

#endif
