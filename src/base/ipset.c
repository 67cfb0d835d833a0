/* ipset: sets of addresses as ascending runs; see ipset.h.
 *
 * Every operation is one pass over both sets. A set is kept as few runs as it can be, so two equal sets
 * have equal runs:
 *
 *     192.0.2.0/25 and 192.0.2.128/25    is    one run 192.0.2.0 - 192.0.2.255    is    192.0.2.0/24 again
 */
#include "base/ipset.h"

#include <assert.h>

#include <stdlib.h>
#include <string.h>

#define ADDRESS_BYTES                                                                                        \
	16 /* of ip_range; IPv4 leaves the last twelve 0, so one memcmp() orders both families */
#define MAX_PREFIXES 256 /* more than any run of 128 bits falls into: at most two of each length */
#define COUNT_BYTES  17	 /* 2^128 addresses need 129 bits */
#define COUNT_DIGITS 39	 /* 2^128 in decimal */

static size_t width(enum ip_family family)
{
	return family == IP_V4 ? 4 : 16;
}

static int compare(const unsigned char *a, const unsigned char *b)
{
	return memcmp(a, b, ADDRESS_BYTES);
}

/* Adds 1; false, and the address is all zeros, when it was the last one. */
static bool increment(unsigned char *address, size_t bytes)
{
	for (size_t i = bytes; i-- > 0;) {
		if (++address[i] != 0)
			return true;
	}
	return false;
}

/* Takes off 1; not for the first address of all. */
static void decrement(unsigned char *address, size_t bytes)
{
	for (size_t i = bytes; i-- > 0;) {
		if (address[i]-- != 0)
			return;
	}
}

/* The address behind `last` in *next; false when there is none. */
static bool after(enum ip_family family, const unsigned char *last, unsigned char *next)
{
	memcpy(next, last, ADDRESS_BYTES);
	return increment(next, width(family));
}

/* --- building ----------------------------------------------------------------------------- */

/* A set under construction: room for all runs that can come. */
struct builder {
	enum ip_family family;
	struct ip_range *ranges;
	size_t count;
};

static struct builder builder_for(struct arena *arena, enum ip_family family, size_t room)
{
	struct builder builder = {.family = family};
	if (room > 0)
		builder.ranges = arena_alloc(arena, room * sizeof *builder.ranges);
	return builder;
}

/* Adds a run that begins at or behind the beginning of the one before; joins them when they overlap or
 * touch. */
static void builder_add(struct builder *builder, const struct ip_range *range)
{
	if (builder->count > 0) {
		struct ip_range *previous = &builder->ranges[builder->count - 1];
		unsigned char next[ADDRESS_BYTES];
		if (!after(builder->family, previous->last, next))
			return; /* it already reaches the end of the address space */
		if (compare(range->first, next) <= 0) {
			if (compare(range->last, previous->last) > 0)
				memcpy(previous->last, range->last, ADDRESS_BYTES);
			return;
		}
	}
	assert(builder->ranges != NULL);
	builder->ranges[builder->count++] = *range;
}

static struct ipset builder_set(const struct builder *builder)
{
	return (struct ipset){.family = builder->family, .ranges = builder->ranges, .count = builder->count};
}

static struct ip_range range_of(struct prefix prefix)
{
	struct ip_range range;
	struct prefix masked = prefix_masked(prefix);
	memcpy(range.first, masked.ip.bytes, ADDRESS_BYTES);
	memcpy(range.last, masked.ip.bytes, ADDRESS_BYTES);
	size_t whole = masked.length / 8, bytes = width(prefix.ip.family);
	if (whole < bytes) {
		range.last[whole] |= (unsigned char)(0xffu >> masked.length % 8);
		memset(range.last + whole + 1, 0xff, bytes - whole - 1);
	}
	return range;
}

static int compare_ranges(const void *a, const void *b)
{
	return compare(((const struct ip_range *)a)->first, ((const struct ip_range *)b)->first);
}

struct ipset ipset_empty(enum ip_family family)
{
	return (struct ipset){.family = family};
}

struct ipset ipset_all(struct arena *arena, enum ip_family family)
{
	struct prefix everything = {.ip = {.family = family}, .length = 0};
	return ipset_of(arena, family, &everything, 1);
}

struct ipset ipset_of(struct arena *arena, enum ip_family family, const struct prefix *prefixes, size_t count)
{
	struct builder sorted = builder_for(arena, family, count);
	for (size_t i = 0; i < count; i++) {
		if (prefixes[i].ip.family == family)
			sorted.ranges[sorted.count++] = range_of(prefixes[i]);
	}
	if (sorted.count == 0)
		return ipset_empty(family);
	qsort(sorted.ranges, sorted.count, sizeof *sorted.ranges, compare_ranges);

	/* Joined in place: what is written never passes what is read. */
	struct builder joined = {.family = family, .ranges = sorted.ranges};
	for (size_t i = 0; i < sorted.count; i++) {
		struct ip_range range = sorted.ranges[i];
		builder_add(&joined, &range);
	}
	return builder_set(&joined);
}

/* --- arithmetic --------------------------------------------------------------------------- */

struct ipset ipset_union(struct arena *arena, struct ipset a, struct ipset b)
{
	if (a.count == 0)
		return b;
	if (b.count == 0)
		return a;
	struct builder out = builder_for(arena, a.family, a.count + b.count);
	size_t i = 0, j = 0;
	while (i < a.count || j < b.count) {
		bool from_a =
			j == b.count || (i < a.count && compare(a.ranges[i].first, b.ranges[j].first) <= 0);
		builder_add(&out, from_a ? &a.ranges[i++] : &b.ranges[j++]);
	}
	return builder_set(&out);
}

struct ipset ipset_intersect(struct arena *arena, struct ipset a, struct ipset b)
{
	if (a.count == 0 || b.count == 0)
		return ipset_empty(a.family);
	struct builder out = builder_for(arena, a.family, a.count + b.count);
	size_t i = 0, j = 0;
	while (i < a.count && j < b.count) {
		const struct ip_range *x = &a.ranges[i], *y = &b.ranges[j];
		struct ip_range both;
		memcpy(both.first, compare(x->first, y->first) > 0 ? x->first : y->first, ADDRESS_BYTES);
		bool x_ends_first = compare(x->last, y->last) < 0;
		memcpy(both.last, x_ends_first ? x->last : y->last, ADDRESS_BYTES);
		if (compare(both.first, both.last) <= 0)
			builder_add(&out, &both);
		if (x_ends_first)
			i++;
		else
			j++;
	}
	return builder_set(&out);
}

/* What of `range` is not in `b`, from run *from of `b` on; *from moves to the first run that may touch a
 * later range. */
static void subtract_range(struct builder *out, struct ip_range range, struct ipset b, size_t *from)
{
	size_t bytes = width(out->family);
	for (; *from < b.count; ++*from) {
		const struct ip_range *hole = &b.ranges[*from];
		if (compare(hole->last, range.first) < 0)
			continue;
		if (compare(hole->first, range.last) > 0)
			break;
		if (compare(hole->first, range.first) > 0) {
			struct ip_range before = range;
			memcpy(before.last, hole->first, ADDRESS_BYTES);
			decrement(before.last, bytes);
			builder_add(out, &before);
		}
		if (compare(hole->last, range.last) >= 0)
			return; /* nothing is left, and the hole may reach into the next run */
		after(out->family, hole->last, range.first);
	}
	builder_add(out, &range);
}

struct ipset ipset_subtract(struct arena *arena, struct ipset a, struct ipset b)
{
	if (a.count == 0 || b.count == 0)
		return a;
	struct builder out = builder_for(arena, a.family, a.count + b.count);
	size_t from = 0;
	for (size_t i = 0; i < a.count; i++)
		subtract_range(&out, a.ranges[i], b, &from);
	return builder_set(&out);
}

/* --- questions ---------------------------------------------------------------------------- */

bool ipset_is_empty(struct ipset set)
{
	return set.count == 0;
}

bool ipset_is_all(struct ipset set)
{
	if (set.count != 1)
		return false;
	for (size_t i = 0; i < width(set.family); i++) {
		if (set.ranges[0].first[i] != 0 || set.ranges[0].last[i] != 0xff)
			return false;
	}
	return true;
}

bool ipset_equal(struct ipset a, struct ipset b)
{
	if (a.family != b.family || a.count != b.count)
		return false;
	for (size_t i = 0; i < a.count; i++) {
		if (compare(a.ranges[i].first, b.ranges[i].first) != 0 ||
			compare(a.ranges[i].last, b.ranges[i].last) != 0)
			return false;
	}
	return true;
}

bool ipset_contains(struct ipset set, struct ip ip)
{
	if (ip.family != set.family)
		return false;
	size_t low = 0, high = set.count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (compare(set.ranges[middle].last, ip.bytes) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low < set.count && compare(set.ranges[low].first, ip.bytes) <= 0;
}

/* --- as networks -------------------------------------------------------------------------- */

/* The largest network that begins at `first` and ends at or before `last`. */
static struct prefix widest_at(
	enum ip_family family, const unsigned char *first, const unsigned char *last, struct ip_range *range)
{
	struct prefix best = {.ip = {.family = family}, .length = ip_bits(family)};
	memcpy(best.ip.bytes, first, ADDRESS_BYTES);
	*range = range_of(best);
	while (best.length > 0) {
		struct prefix wider = best;
		wider.length--;
		struct ip_range reached = range_of(wider);
		if (compare(reached.first, first) != 0 || compare(reached.last, last) > 0)
			break;
		best = wider;
		*range = reached;
	}
	return best;
}

/* Splits a run into networks; returns how many. */
static size_t split(enum ip_family family, const struct ip_range *range, struct prefix *out)
{
	unsigned char at[ADDRESS_BYTES];
	memcpy(at, range->first, ADDRESS_BYTES);
	for (size_t count = 0;;) {
		struct ip_range taken;
		out[count++] = widest_at(family, at, range->last, &taken);
		if (compare(taken.last, range->last) >= 0 || !after(family, taken.last, at))
			return count;
	}
}

const struct prefix *ipset_prefixes(struct arena *arena, struct ipset set, size_t *count)
{
	struct prefix *prefixes = NULL;
	size_t capacity = 0;
	*count = 0;
	for (size_t i = 0; i < set.count; i++) {
		struct prefix parts[MAX_PREFIXES];
		size_t part_count = split(set.family, &set.ranges[i], parts);
		for (size_t j = 0; j < part_count; j++) {
			prefixes = arena_grow(arena, prefixes, *count, &capacity, sizeof *prefixes);
			prefixes[(*count)++] = parts[j];
		}
	}
	return prefixes;
}

/* --- counting ----------------------------------------------------------------------------- */

static uint64_t number_v4(const unsigned char *address)
{
	return (uint64_t)address[0] << 24 | (uint64_t)address[1] << 16 | (uint64_t)address[2] << 8 |
	       address[3];
}

uint64_t ipset_count_v4(struct ipset set)
{
	uint64_t total = 0;
	for (size_t i = 0; i < set.count; i++)
		total += number_v4(set.ranges[i].last) - number_v4(set.ranges[i].first) + 1;
	return total;
}

/* total += last - first + 1, with `bytes` long addresses; total is a big-endian number. */
static void add_run(unsigned char total[COUNT_BYTES], const struct ip_range *range, size_t bytes)
{
	int carry = 1;
	for (size_t i = 0; i < COUNT_BYTES; i++) {
		unsigned char *digit = &total[COUNT_BYTES - 1 - i];
		int sum = *digit + carry;
		if (i < bytes)
			sum += range->last[bytes - 1 - i] - range->first[bytes - 1 - i];
		carry = sum < 0 ? -1 : sum / 256;
		*digit = (unsigned char)(sum & 0xff);
	}
}

/* Divides by ten and returns the remainder. */
static unsigned divide_by_ten(unsigned char number[COUNT_BYTES])
{
	unsigned rest = 0;
	for (size_t i = 0; i < COUNT_BYTES; i++) {
		unsigned value = rest * 256 + number[i];
		number[i] = (unsigned char)(value / 10);
		rest = value % 10;
	}
	return rest;
}

struct slice ipset_count_text(struct arena *arena, struct ipset set)
{
	unsigned char total[COUNT_BYTES] = {0};
	for (size_t i = 0; i < set.count; i++)
		add_run(total, &set.ranges[i], width(set.family));

	static const unsigned char zero[COUNT_BYTES];
	char digits[COUNT_DIGITS];
	size_t at = COUNT_DIGITS;
	do
		digits[--at] = (char)('0' + divide_by_ten(total));
	while (memcmp(total, zero, COUNT_BYTES) != 0);
	return arena_copy(arena, slice_of(digits + at, COUNT_DIGITS - at));
}
