/* snapshot_format: see snapshot_format.h. */
#include "dns/snapshot_format.h"

#include <stddef.h>

const struct snapshot_format_flag snapshot_format_flags[SNAPSHOT_FORMAT_FLAGS] = {
	{"ad", offsetof(struct answer, authentic)},
	{"tc", offsetof(struct answer, truncated)},
	{"tcp", offsetof(struct answer, over_tcp)},
	{"wildcard", offsetof(struct answer, from_wildcard)},
};

const char *const snapshot_format_kinds[SNAPSHOT_FORMAT_KINDS] = {
	[ANSWER_RECORDS] = "records",
	[ANSWER_NODATA] = "nodata",
	[ANSWER_NXDOMAIN] = "nxdomain",
	[ANSWER_ALIAS] = "alias",
	[ANSWER_TEMPORARY] = "temporary",
};

const char *const snapshot_format_origins[SNAPSHOT_FORMAT_ORIGINS] = {
	[ORIGIN_SERVER] = "server",
	[ORIGIN_ZONE] = "zone",
	[ORIGIN_RECORD] = "record",
	[ORIGIN_REPLAY] = "replay",
};

bool snapshot_format_exists(enum answer_kind kind)
{
	return kind != ANSWER_NXDOMAIN && kind != ANSWER_TEMPORARY;
}

bool snapshot_format_same_origin(const struct origin *a, const struct origin *b)
{
	return a->kind == b->kind && a->line == b->line && slice_equal(a->server, b->server) &&
	       slice_equal(a->file, b->file);
}
