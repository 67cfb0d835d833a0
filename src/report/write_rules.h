/* write_rules: the rule table for `mailauth explain`, as text and as JSON (mailauth/rules/1). */
#ifndef REPORT_WRITE_RULES_H
#define REPORT_WRITE_RULES_H

#include "report/writer.h"

/* One rule with its explanation, effects and examples. Of the options, color, unicode and width count. */
void write_rules_text_one(
	struct buf *out, struct arena *scratch, const struct writer_options *options, enum rule_id rule);

/* One line or two a rule, in groups: the answer to `explain` without a name. */
void write_rules_text_list(struct buf *out, struct arena *scratch, const struct writer_options *options);

/* Every rule as write_rules_text_one() shows it, a blank line between them. */
void write_rules_text_all(struct buf *out, struct arena *scratch, const struct writer_options *options);

/* One rule, or all of them, as an object with the array `rules`. */
void write_rules_json_one(struct buf *out, struct arena *scratch, enum rule_id rule);
void write_rules_json_all(struct buf *out, struct arena *scratch);

#endif
