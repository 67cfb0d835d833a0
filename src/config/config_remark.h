/* config_remark: comments of zone files that are exceptions:
 *
 *     @  IN TXT "v=spf1 ?all"   ; mailauth: ignore spf-all-neutral the new list is being collected
 *     ; mailauth: ignore dmarc-p-none until 2027-03-31 reports are being read
 *     _dmarc IN TXT "v=DMARC1; p=none; rua=mailto:d@example.com"
 *
 * A comment within or behind a record is about that record, one on lines of its own about the next record of
 * its file (blank lines, other comments and directives may be between). Only comments that begin with
 * "mailauth:", in letters of any case, are looked at.
 */
#ifndef CONFIG_CONFIG_REMARK_H
#define CONFIG_CONFIG_REMARK_H

#include "dns/zonefile.h"
#include "inspect/suppress.h"

/* The exceptions written in `zone` (in_zone), by file name, then by place; those of a file that is included
 * twice are there once. They borrow from `zone`. False with *error: an unknown rule, a bad date, no reason, a
 * word other than "ignore", no record that it is about. */
bool config_remark_read(struct arena *arena, const struct zonefile *zone, const struct suppression **out,
	size_t *count, struct zonefile_error *error);

#endif
