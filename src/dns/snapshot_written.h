/* snapshot_written: how the text records of a run's answers are written in the zone files they come from, so
 * that a replay knows columns and changes of files that are not there:
 *
 *     $written db.example.com 12 "@  IN TXT ( \"v=spf1 \"" "            \"-all\" ) ; a comment"
 *     $remark db.example.com 12 40 12 13 "ignore spf-all-neutral the new list is being collected"
 *
 * The lines of one record, each a string, from LINE on; a comment for mailauth with its line and column and
 * the first and last line of the record that it is about (0: none).
 */
#ifndef DNS_SNAPSHOT_WRITTEN_H
#define DNS_SNAPSHOT_WRITTEN_H

#include "base/buf.h"
#include "dns/zonefile_scan.h"

/* Appends both kinds of lines: records of `zones` that are in one of the answers, all remarks. Memory from
 * `arena` is of no use afterwards. */
void snapshot_written_put(struct arena *arena, struct zonefile_list zones,
	const struct answer *const *answers, size_t count, struct buf *out);

/* The record that `lines`, put together with line ends between them, write at `line` of `file`: with words,
 * places and source, and without owner. False: that is no record of text. */
bool snapshot_written_read(
	struct arena *arena, struct slice file, size_t line, struct slice lines, struct zonefile_record *out);

#endif
