/* spf_policy: what is to be said about a record as a whole once its terms are parsed: what `all` decides,
 * what stands twice or behind it, networks that let everyone pass, and spelling that is legal but poor (RFC
 * 7208 4.7, 5.1, 6, 6.1). */
#ifndef SPF_SPF_POLICY_H
#define SPF_SPF_POLICY_H

#include "spf/spf_reading.h"
#include "spf/spf_record.h"

/* `terms` are all terms of `record`, whose all, redirect and exp are set. `all_is_broken`: something was
 * surely meant as `all`, or its qualifier is torn off: nothing is said about what `all` decides. */
void spf_policy_report(struct spf_reading *reading, const struct spf_record *record, bool all_is_broken);

#endif
