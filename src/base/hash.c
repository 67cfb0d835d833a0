/* hash: see hash.h. */
#include "base/hash.h"

#define PRIME UINT64_C(0x100000001b3)

uint64_t hash_add(uint64_t hash, struct slice bytes)
{
	for (size_t i = 0; i < bytes.len; i++)
		hash = (hash ^ (unsigned char)bytes.ptr[i]) * PRIME;
	return hash;
}
