/* nearest: which of some known words was probably meant ("did you mean"). */
#ifndef BASE_NEAREST_H
#define BASE_NEAREST_H

#include "base/slice.h"

#define NEAREST_MAX_WORD 32 /* longer words are never near to anything */

/* Insertions, deletions, substitutions and swaps of neighbours that make `b` of `a`, letters of any case; at
 * most `limit` + 1, which stands for "more". */
size_t nearest_distance(struct slice a, struct slice b, size_t limit);

/* Index of the word of `words` nearest to `text`, the first of equals; `count` when none is near enough: one
 * edit for words of up to four bytes, two for up to eight, three for longer ones, and always fewer than the
 * word has bytes. */
size_t nearest_word(struct slice text, const struct slice *words, size_t count);

#endif
