/* bytemap: where each byte of a text came from, when the text was taken out of another one: strings of a
 * zone file without their quotes and escapes, a record out of what dig prints.
 *
 *     source   "v=spf1 " "a\045all"          text   v=spf1 a-all
 *     runs     text 0 from 1, step 1      text 7 from 11, step 1
 *              text 8 from 12, step 4     text 9 from 16, step 1
 */
#ifndef BASE_BYTEMAP_H
#define BASE_BYTEMAP_H

#include "base/arena.h"

/* Bytes of the text from `offset` up to the next run, each made of `step` bytes of the source. */
struct bytemap_run {
	size_t offset; /* in the text */
	size_t source; /* offset in the source of what the first one was made of */
	size_t step;
};

/* Invariant: runs ascend by offset, the first one begins at 0; `len` is the length of the text. */
struct bytemap {
	struct arena *arena;
	struct bytemap_run *runs;
	size_t count;
	size_t capacity;
	size_t len;
};

void bytemap_init(struct bytemap *map, struct arena *arena);

/* The next `len` bytes of the text come from `source` on. */
void bytemap_add(struct bytemap *map, size_t source, size_t len, size_t step);

/* The bytes of the source that `span` of the text was made of, with all between them. An empty span is
 * behind the byte before it. An empty map is the identity. */
struct span bytemap_source(const struct bytemap *map, struct span span);

/* `text` as written in a master file, with its escapes (RFC 1035 5.1), to its bytes at `out`, which has
 * room for all of it; `source` is where it stands in the source of `map` (may be NULL). False, with
 * nothing of use in them, for a backslash that is cut or names no byte. */
bool bytemap_unescape(struct slice text, size_t source, struct bytemap *map, char *out, size_t *len);

#endif
