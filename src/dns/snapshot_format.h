/* snapshot_format: the words of a saved run's text, shared by who writes and who reads it.
 *
 *     mailauth-dns/1
 *     $psl 1788134400 builtin:5e45a7f2...
 *     $time 1790000000
 *     $domain example.com
 *
 *     example.com TXT records ttl=300 ad server=192.0.2.53:53
 *             300 TXT "v=spf1 include:_spf.example.net " "-all"
 *     _spf.example.net TXT temporary reason=timeout server=192.0.2.53:53
 *     $end 2
 *
 * A line that begins without a blank is a directive or a question with its answer; those with a blank are
 * the records of the question above. Words are as in master files, with their escapes; a comment begins
 * with ";", or is a line that begins with "#". What an attribute that is not written stands for: 0, false,
 * empty, `from=server`; of a record: the origin of its answer.
 */
#ifndef DNS_SNAPSHOT_FORMAT_H
#define DNS_SNAPSHOT_FORMAT_H

#include "dns/answer.h"

#define SNAPSHOT_FORMAT_MAGIC	"mailauth-dns/"
#define SNAPSHOT_FORMAT_VERSION 1

/* A bool of struct answer that is written as a word of its own. */
struct snapshot_format_flag {
	const char *word;
	size_t offset;
};

#define SNAPSHOT_FORMAT_FLAGS 4
extern const struct snapshot_format_flag snapshot_format_flags[SNAPSHOT_FORMAT_FLAGS];

#define SNAPSHOT_FORMAT_KINDS	(ANSWER_TEMPORARY + 1)
#define SNAPSHOT_FORMAT_ORIGINS (ORIGIN_REPLAY + 1)

/* "records", "server": in the order of the enums. */
extern const char *const snapshot_format_kinds[SNAPSHOT_FORMAT_KINDS];
extern const char *const snapshot_format_origins[SNAPSHOT_FORMAT_ORIGINS];

/* What `owner_exists` is of an answer of this kind when no word says it: `exists` or `absent`. */
bool snapshot_format_exists(enum answer_kind kind);

bool snapshot_format_same_origin(const struct origin *a, const struct origin *b);

#endif
