/* spf_size: how large the answer with an SPF record is (RFC 7208 3.4). */
#ifndef SPF_SPF_SIZE_H
#define SPF_SPF_SIZE_H

#include "spf/spf_tree_place.h"

/* Bytes of the whole answer over DNS: header, question, aliases and all TXT records, with owner names
 * compressed and without EDNS. */
size_t spf_size_of_answer(const struct answer *answer);

/* Adds a finding when the answer with the record at `place` was too long for UDP, or is longer than 512
 * bytes. True when there was one. */
bool spf_size_report(struct arena *arena, const struct spf_tree_place *place, struct findings *findings);

#endif
