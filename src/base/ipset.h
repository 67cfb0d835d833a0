/* ipset: a set of addresses of one family, with exact arithmetic.
 *
 * A set is a value: operations return a new one and leave their arguments alone. Memory comes from the
 * arena given and lives as long as it.
 */
#ifndef BASE_IPSET_H
#define BASE_IPSET_H

#include <stdint.h>

#include "base/ip.h"

/* First and last address of a run, both in it; network order, IPv4 in the first four bytes. */
struct ip_range {
	unsigned char first[16];
	unsigned char last[16];
};

/* Invariant: ranges ascend, do not overlap and do not touch. */
struct ipset {
	enum ip_family family;
	const struct ip_range *ranges;
	size_t count;
};

struct ipset ipset_empty(enum ip_family family);
struct ipset ipset_all(struct arena *arena, enum ip_family family);

/* Networks of the other family are left out. */
struct ipset ipset_of(
	struct arena *arena, enum ip_family family, const struct prefix *prefixes, size_t count);

struct ipset ipset_union(struct arena *arena, struct ipset a, struct ipset b);
struct ipset ipset_intersect(struct arena *arena, struct ipset a, struct ipset b);

/* What is in `a` and not in `b`. */
struct ipset ipset_subtract(struct arena *arena, struct ipset a, struct ipset b);

bool ipset_is_empty(struct ipset set);
bool ipset_is_all(struct ipset set);
bool ipset_equal(struct ipset a, struct ipset b);
bool ipset_contains(struct ipset set, struct ip ip);

/* The fewest networks that make up the set, ascending. */
const struct prefix *ipset_prefixes(struct arena *arena, struct ipset set, size_t *count);

/* Number of addresses: exact for IPv4 (at most 2^32). */
uint64_t ipset_count_v4(struct ipset set);

/* The same for both families as decimal digits: up to 2^128. */
struct slice ipset_count_text(struct arena *arena, struct ipset set);

#endif
