/* snapshot_write: answers to the text of a saved run; see snapshot_format.h. */
#ifndef DNS_SNAPSHOT_WRITE_H
#define DNS_SNAPSHOT_WRITE_H

#include "dns/snapshot.h"

/* Appends the text of `count` answers and `domain_count` domains, both in any order, which is changed here.
 * Memory from `arena` is of no use afterwards. */
void snapshot_write_text(struct arena *arena, const struct snapshot_meta *meta, struct name *domains,
	size_t domain_count, const struct answer **answers, size_t count, struct buf *out);

#endif
