/* message: findings in English, for all writers.
 *
 * Templates come from rules.def. {0} to {3} are the finding's arguments, {text} the bytes it is about, {name}
 * the owner, {detail} the phrase of its detail; all of them escaped (ascii_escape) and cut at
 * MESSAGE_MAX_ARGUMENT bytes with "..." .
 */
#ifndef RULES_MESSAGE_H
#define RULES_MESSAGE_H

#include "rules/finding.h"

#define MESSAGE_MAX_ARGUMENT 300

struct slice message_text(struct arena *arena, const struct finding *finding);
struct slice message_advice(struct arena *arena, const struct finding *finding);

/* What receivers of that kind do; empty when the rule does not concern them. */
struct slice message_effect(struct arena *arena, const struct finding *finding, enum receiver receiver);

/* "RFC 7208 section 4.6.4"; empty when there is no standard. */
struct slice message_reference(struct arena *arena, const struct finding *finding);

/* What the fix does, as a short imperative ("replace \"ipv4\" with \"ip4\""); empty without fix. */
struct slice message_fix_title(struct arena *arena, const struct finding *finding);

#endif
