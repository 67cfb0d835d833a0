/* diff_text: see diff_text.h. */
#include "inspect/diff_text.h"

#define SHOWN_NETWORKS 4
#define SHOWN_ITEMS    4

static struct slice join(struct arena *arena, struct slice text, const char *between, struct slice more)
{
	if (text.len == 0)
		return more;
	return arena_concat(arena, arena_concat(arena, text, slice_cstr(between)), more);
}

/* --- addresses ------------------------------------------------------------------------------ */

static bool are_single(const struct prefix *prefixes, size_t count, enum ip_family family)
{
	for (size_t i = 0; i < count; i++)
		if (prefixes[i].length != ip_bits(family))
			return false;
	return true;
}

/* IPv6 networks are counted as such: numbers of their addresses say nothing to people. */
static struct slice count_text(
	struct arena *arena, struct ipset set, const struct prefix *prefixes, size_t count)
{
	if (set.family == IP_V4) {
		uint64_t addresses = ipset_count_v4(set);
		if (ipset_is_all(set))
			return SLICE("every IPv4 address");
		return arena_printf(arena, "%llu IPv4 %s", (unsigned long long)addresses,
			addresses == 1 ? "address" : "addresses");
	}
	if (ipset_is_all(set))
		return SLICE("every IPv6 address");
	if (are_single(prefixes, count, IP_V6))
		return arena_printf(arena, "%zu IPv6 %s", count, count == 1 ? "address" : "addresses");
	return arena_printf(arena, "%zu IPv6 %s", count, count == 1 ? "network" : "networks");
}

static struct slice networks_text(struct arena *arena, const struct prefix *prefixes, size_t count)
{
	struct slice text = {NULL, 0};
	for (size_t i = 0; i < count && i < SHOWN_NETWORKS; i++)
		text = join(arena, text, ", ", prefix_text(arena, prefixes[i]));
	if (count > SHOWN_NETWORKS)
		text = join(arena, text, " and ", arena_printf(arena, "%zu more", count - SHOWN_NETWORKS));
	return text;
}

struct slice diff_text_sets(struct arena *arena, const struct ipset *sets)
{
	struct slice text = {NULL, 0};
	for (size_t f = 0; f < SPF_FAMILIES; f++) {
		if (ipset_is_empty(sets[f]))
			continue;
		size_t count;
		const struct prefix *prefixes = ipset_prefixes(arena, sets[f], &count);
		struct slice one = count_text(arena, sets[f], prefixes, count);
		if (!ipset_is_all(sets[f])) {
			struct slice networks = networks_text(arena, prefixes, count);
			one = arena_printf(
				arena, "%.*s (%.*s)", (int)one.len, one.ptr, (int)networks.len, networks.ptr);
		}
		text = join(arena, text, ", ", one);
	}
	return text;
}

/* --- lists and policies --------------------------------------------------------------------- */

struct slice diff_text_list(struct arena *arena, const struct slice *items, size_t count)
{
	struct slice text = {NULL, 0};
	if (count == 0)
		return SLICE("nobody");
	for (size_t i = 0; i < count && i < SHOWN_ITEMS; i++)
		text = join(arena, text, i + 1 == count ? " and " : ", ", items[i]);
	if (count > SHOWN_ITEMS)
		text = join(arena, text, " and ", arena_printf(arena, "%zu more", count - SHOWN_ITEMS));
	return text;
}

struct slice diff_text_policy(struct arena *arena, const struct diff_policy *policy)
{
	if (!policy->applies)
		return SLICE("no policy");
	const char *text = dmarc_policy_text(policy->policy);
	if (policy->pct == 100 || policy->policy == DMARC_NONE)
		return slice_cstr(text);
	return arena_printf(arena, "%s with pct=%u", text, policy->pct);
}
