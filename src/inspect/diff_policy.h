/* diff_policy: DMARC before and after: policies by reading and level, alignment, reports. */
#ifndef INSPECT_DIFF_POLICY_H
#define INSPECT_DIFF_POLICY_H

#include "inspect/diff.h"

/* Fills policies, strict_dkim, strict_spf, organization_changed, reports_known, rua and ruf of `out`, whose
 * sides are set. */
void diff_policy_compare(struct arena *arena, struct diff *out);

/* How much a policy asks for: 0 without a record, 100 for none, 200 for quarantine, 300 for reject, and
 * between them with pct (RFC 7489 6.6.4: mail that pct leaves out gets the next lower policy). */
unsigned diff_policy_strength(const struct diff_policy *policy);

/* True when some policy has that direction. */
bool diff_policy_has(const struct diff *diff, enum diff_direction direction);

/* True when something of DMARC differs that receivers act on. */
bool diff_policy_differs(const struct diff *diff);

#endif
