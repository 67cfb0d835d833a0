/* spf_reading: what the parts of the SPF record parser share while they read one record. */
#ifndef SPF_SPF_READING_H
#define SPF_SPF_READING_H

#include "rules/finding.h"

/* Each fix holds a whole record: past this many bytes of them in one record, findings come without one. */
#define SPF_MAX_FIX_BYTES ((size_t)1 << 20)

struct spf_reading {
	struct arena *arena;
	struct slice text;	   /* the record */
	struct findings *findings; /* of the record */
	size_t fix_bytes;	   /* spent on fixes */
};

/* A new finding about `span`, with its bytes as argument 0. Valid until the next one. */
struct finding *spf_reading_report(
	struct spf_reading *reading, enum rule_id rule, enum detail detail, struct span span);

/* True when a term of `fixed` lets everybody pass ("all", "ip4:0.0.0.0/0") that does not in the record as it
 * is: that is for people to decide, and no such fix is safe. */
bool spf_reading_opens(const struct spf_reading *reading, struct slice fixed);

/* Adds a fix to `finding`, unless the budget is spent. `safe` is taken back where the fix opens the record. */
void spf_reading_fix(struct spf_reading *reading, struct finding *finding, struct span span,
	struct slice replacement, bool safe);
void spf_reading_fix_edits(struct spf_reading *reading, struct finding *finding, const struct fix_edit *edits,
	size_t count, bool safe);

#endif
