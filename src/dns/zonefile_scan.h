/* zonefile_scan: master-file text to entries, the words of one record or directive (RFC 1035 5.1).
 *
 *     mail  300 IN TXT ( "v=spf1"      ; a comment
 *                        " -all" )
 *
 * is one entry of six tokens. Escapes are left in the tokens; quotes, parentheses and comments are gone; of
 * comments those that begin with "mailauth:" are kept.
 */
#ifndef DNS_ZONEFILE_SCAN_H
#define DNS_ZONEFILE_SCAN_H

#include "dns/zonefile.h"

struct zonefile_entry {
	const struct zonefile_token *tokens; /* valid until the next call */
	size_t count;			     /* at least 1 */
	bool blank_owner; /* the line began with a blank: the owner is that of the record before */
	size_t last_line; /* with the parentheses around it */
};

/* A comment for mailauth. `is_before`: it stood on a line of its own, before the entry. */
struct zonefile_scan_remark {
	struct slice text;
	struct zonefile_place place;
	bool is_before;
};

/* Set with zonefile_scan_init(). Positions may be set to begin in the middle of a text. */
struct zonefile_scan {
	struct arena *arena;
	struct zonefile_error *error;
	struct slice file;
	struct slice text;
	size_t at;	   /* offset of the next byte */
	size_t line;	   /* its line */
	size_t line_start; /* offset of that line's first byte */
	size_t depth;	   /* open parentheses */
	struct zonefile_place open;
	struct zonefile_token *tokens;
	size_t count;
	size_t capacity;
	/* Of all entries so far: who reads the scan takes them off. */
	struct zonefile_scan_remark *remarks;
	size_t remark_count;
	size_t remark_capacity;
};

enum zonefile_scan_result { ZONEFILE_SCAN_ENTRY, ZONEFILE_SCAN_END, ZONEFILE_SCAN_ERROR };

/* To read `text` from its beginning; a byte order mark is passed over. */
void zonefile_scan_init(struct zonefile_scan *scan, struct arena *arena, struct slice file, struct slice text,
	struct zonefile_error *error);

/* The next entry in *out; after ZONEFILE_SCAN_ERROR the scan's error is set. */
enum zonefile_scan_result zonefile_scan_next(struct zonefile_scan *scan, struct zonefile_entry *out);

/* Fills *error; always false, so that callers can return it. */
bool zonefile_scan_fail(struct arena *arena, struct zonefile_error *error, struct zonefile_place place,
	const char *format, ...) __attribute__((format(printf, 4, 5)));

/* `text` for an error message: escaped, and cut when it is long. */
const char *zonefile_scan_shown(struct arena *arena, struct slice text);

#endif
