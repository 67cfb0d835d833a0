/* nearest: which of some known words was probably meant ("did you mean"), and the list of them all. */
#ifndef BASE_NEAREST_H
#define BASE_NEAREST_H

#include "base/arena.h"

#define NEAREST_MAX_WORD 32 /* longer words are never near to anything */

/* Insertions, deletions, substitutions and swaps of neighbours that make `b` of `a`, letters of any case; at
 * most `limit` + 1, which stands for "more". */
size_t nearest_distance(struct slice a, struct slice b, size_t limit);

/* Index of the word of `words` nearest to `text`, the first of equals; `count` when none is near enough: one
 * edit for words of up to four bytes, two for up to eight, three for longer ones, and always fewer than the
 * word has bytes. */
size_t nearest_word(struct slice text, const struct slice *words, size_t count);

/* The same of words that end with NUL, or the only one that begins with `typed`; NULL when there is none. */
const char *nearest_meant(struct arena *arena, struct slice typed, const char *const *words, size_t count);

/* "none, quarantine or reject": all words, of which there is one at least. Ends with NUL. */
const char *nearest_list(struct arena *arena, const char *const *words, size_t count);

#endif
