/* hash: FNV-1a, 64 bits: to recognise the same text again. No protection against people who want two texts
 * to have one value. */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include <stdint.h>

#include "base/slice.h"

#define HASH_START UINT64_C(0xcbf29ce484222325)

/* The value of all bytes added so far (HASH_START: none) and of `bytes` behind them. */
uint64_t hash_add(uint64_t hash, struct slice bytes);

#endif
