/* zonefile: master files (RFC 1035 5, RFC 2308 4, RFC 3597 5) to records with the place of each in its
 * file.
 *
 * $ORIGIN, $TTL, $INCLUDE (relative to the file that includes, at most ZONEFILE_MAX_DEPTH deep, never
 * outside the folder of the top file), parentheses, quotes, \DDD, several strings, relative names. Every
 * type is kept; the ones mailauth reads are decoded.
 */
#ifndef DNS_ZONEFILE_H
#define DNS_ZONEFILE_H

#include "dns/answer.h"

#define ZONEFILE_MAX_DEPTH 8
#define ZONEFILE_MAX_FILES 1000		     /* included ones too, each as often as it is */
#define ZONEFILE_MAX_BYTES ((size_t)1 << 30) /* of all of them */

/* Where something is: line and column (bytes) count from 1; 0: the whole file, or the whole line. */
struct zonefile_place {
	struct slice file;
	size_t line;
	size_t column;
};

/* A word or a string of a file. */
struct zonefile_token {
	struct slice text; /* as written, without the quotes around it */
	bool quoted;
	struct zonefile_place place;
};

/* One record; `record.origin` has file and line. */
struct zonefile_record {
	struct name owner;
	struct record record;
	struct zonefile_place place; /* of the record's first data byte */
	/* Of TXT and SPF records: the data's words, one for each string (one of more than 255 bytes is
	 * several in `record`), and the whole text of the file, which they are slices of. NULL for other
	 * types and data in the form \#. */
	const struct zonefile_token *words;
	size_t word_count;
	struct slice source;
};

/* A comment for mailauth: "; mailauth: TEXT". It is about the record in or behind which it stands, or, when
 * it stands on a line of its own, about the next record of its file; blank lines, other comments and
 * directives may be between. */
struct zonefile_remark {
	struct slice text;	     /* behind "mailauth:", without blanks at both ends */
	struct zonefile_place place; /* of its first byte */
	/* Lines of the record; 0: there is none, as behind a directive and behind the last record. */
	size_t first_line, last_line;
};

struct zonefile {
	const struct zonefile_record *records; /* in file order */
	size_t count;
	struct name apex;		       /* owner of the SOA; none without */
	const struct zonefile_remark *remarks; /* in the order of what they are about */
	size_t remark_count;
};

/* Zone files that answer together, in the order they are asked. */
struct zonefile_list {
	const struct zonefile **items;
	size_t count;
};

/* What was wrong, for "FILE:LINE:COLUMN: message". */
struct zonefile_error {
	struct zonefile_place place;
	struct slice message;
};

/* Where the bytes of a file come from; NULL in zonefile_read(): the file system. For tests and fuzzing. */
struct zonefile_loader {
	/* The content of `path` in *out (memory from `arena`), or false with *why. */
	bool (*load)(
		void *context, struct arena *arena, struct slice path, struct slice *out, struct slice *why);
	void *context;
};

/* Reads `path` ("-": standard input). `origin`: the name relative names end in until an $ORIGIN; none:
 * "@" and relative names are errors, with a hint. `need_soa`: a file without SOA is an error. False with
 * *error on the first error. */
bool zonefile_read(struct arena *arena, struct slice path, struct name origin, bool need_soa,
	const struct zonefile_loader *loader, struct zonefile *out, struct zonefile_error *error);

/* The same for who wants to judge what is written: no SOA is needed, and these are no errors: strings of
 * more than 255 bytes, a CNAME beside other records. */
bool zonefile_read_as_written(struct arena *arena, struct slice path, struct name origin,
	const struct zonefile_loader *loader, struct zonefile *out, struct zonefile_error *error);

/* One record as text, "NAME [TTL] [IN] TYPE DATA", as --record takes it (NAME is absolute
 * with or without the final dot; TXT data that does not begin with a quote is taken exactly as typed and
 * split at 255 bytes). False with *error (file is empty; column counts in `text`). */
bool zonefile_parse_record(
	struct arena *arena, struct slice text, struct zonefile_record *out, struct zonefile_error *error);

#endif
