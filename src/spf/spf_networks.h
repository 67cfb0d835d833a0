/* spf_networks: what the addresses of ip4 and ip6 terms give away: nobody can send from there, another term
 * has them already, or their order matters (RFC 7208 4.6.2, 5.6; RFC 1918, 6890). */
#ifndef SPF_SPF_NETWORKS_H
#define SPF_SPF_NETWORKS_H

#include "spf/spf_reading.h"
#include "spf/spf_record.h"

/* `terms` are all terms of `record`, whose all is set. Remarks about what is merely superfluous are made of
 * valid records only. Time: n log n. */
void spf_networks_report(struct spf_reading *reading, const struct spf_record *record);

/* True when all of `network` is set aside for private use, documentation or another purpose, so that no
 * mail comes from there. */
bool spf_networks_is_special(struct prefix network);

#endif
