/* diff_networks: see diff_networks.h.
 *
 * Where no message is needed, the difference of two sets is all there is to say. A term that needs one
 * (exists:%{i}..., ptr) sets apart all who get there, so what changes behind it would not be seen:
 *
 *     before  v=spf1 exists:%{i}.l.example -all                      everybody: it depends
 *     after   v=spf1 exists:%{i}.l.example ip4:192.0.2.0/24 -all     everybody: it depends
 *
 * 192.0.2.1 may pass with more messages than before. So three things are compared besides: who passes when
 * no such term matches, who gets to each of them that grants something, and, when there are some that do
 * not grant (-exists), which they are and in which order.
 */
#include "inspect/diff_networks.h"

#include <stdlib.h>

/* --- lists ---------------------------------------------------------------------------------- */

void diff_networks_lists(struct arena *arena, const struct slice *before, size_t before_count,
	const struct slice *after, size_t after_count, struct diff_list *out)
{
	struct slice *gained = arena_alloc(arena, (after_count + 1) * sizeof *gained);
	struct slice *lost = arena_alloc(arena, (before_count + 1) * sizeof *lost);
	*out = (struct diff_list){.gained = gained, .lost = lost};
	for (size_t b = 0, a = 0; b < before_count || a < after_count;) {
		int order = b == before_count  ? 1
			    : a == after_count ? -1
					       : slice_compare(before[b], after[a]);
		if (order < 0)
			lost[out->lost_count++] = before[b];
		else if (order > 0)
			gained[out->gained_count++] = after[a];
		b += order <= 0;
		a += order >= 0;
	}
}

/* --- terms that need a message -------------------------------------------------------------- */

static int compare_opens(const struct diff_open *a, const struct diff_open *b)
{
	int order = slice_compare(a->key, b->key);
	return order != 0 ? order : (a->grants > b->grants) - (a->grants < b->grants);
}

/* Who gets to a granting term in `after` and did not in `before`. */
static struct ipset newly_reached(struct arena *arena, const struct diff_side *before,
	const struct diff_side *after, enum ip_family family)
{
	struct ipset sum = ipset_empty(family);
	for (size_t b = 0, a = 0; a < after->open_count; a++) {
		const struct diff_open *open = &after->opens[a];
		struct ipset reached = ipset_empty(family);
		while (b < before->open_count && compare_opens(&before->opens[b], open) < 0)
			b++;
		if (b < before->open_count && compare_opens(&before->opens[b], open) == 0)
			reached = before->opens[b].reach[family];
		if (open->grants && !ipset_equal(reached, open->reach[family]))
			sum = ipset_union(arena, sum, ipset_subtract(arena, open->reach[family], reached));
	}
	return sum;
}

static int by_position(const void *left, const void *right)
{
	const struct diff_open *const *a = left, *const *b = right;
	return ((*a)->position > (*b)->position) - ((*a)->position < (*b)->position);
}

static const struct diff_open **in_order(struct arena *arena, const struct diff_side *side)
{
	const struct diff_open **list =
		arena_alloc(arena, (side->open_count + 1) * sizeof(const struct diff_open *));
	for (size_t i = 0; i < side->open_count; i++)
		list[i] = &side->opens[i];
	qsort(list, side->open_count, sizeof(const struct diff_open *), by_position);
	return list;
}

static bool have_same_order(
	struct arena *arena, const struct diff_side *before, const struct diff_side *after)
{
	const struct diff_open **b = in_order(arena, before), **a = in_order(arena, after);
	if (before->open_count != after->open_count)
		return false;
	for (size_t i = 0; i < before->open_count; i++)
		if (compare_opens(b[i], a[i]) != 0)
			return false;
	return true;
}

static bool denies(const struct diff_side *side)
{
	for (size_t i = 0; i < side->open_count; i++)
		if (!side->opens[i].grants)
			return true;
	return false;
}

/* A term that takes something away (-exists) has come, gone or moved: for whom it matters is not told apart
 * from the others who get to such terms. */
static bool is_reordered(struct arena *arena, const struct diff_side *before, const struct diff_side *after)
{
	return (denies(before) || denies(after)) && !have_same_order(arena, before, after);
}

/* All that some message may let pass. */
static struct ipset can_pass(struct arena *arena, const struct diff_side *side, enum ip_family family)
{
	struct ipset sum = side->otherwise[family].by_result[SPF_PASS];
	for (size_t i = 0; i < side->open_count; i++)
		if (side->opens[i].grants)
			sum = ipset_union(arena, sum, side->opens[i].reach[family]);
	return sum;
}

/* Who passes with some message in `after` that did not let it pass in `before`, as far as that is not told
 * by by_result. */
static struct ipset may_pass(struct arena *arena, const struct diff_side *before,
	const struct diff_side *after, enum ip_family family)
{
	const struct spf_tree_partition *was = &before->families[family], *is = &after->families[family];
	if (before->open_count == 0 && after->open_count == 0)
		return ipset_empty(family);
	struct ipset sum = ipset_subtract(arena, after->otherwise[family].by_result[SPF_PASS],
		before->otherwise[family].by_result[SPF_PASS]);
	sum = ipset_union(arena, sum, newly_reached(arena, before, after, family));
	if (is_reordered(arena, before, after)) {
		struct ipset both = ipset_intersect(arena, was->unknown, is->unknown);
		sum = ipset_union(arena, sum, ipset_intersect(arena, both, can_pass(arena, after, family)));
	}
	sum = ipset_subtract(arena, sum, was->by_result[SPF_PASS]);
	return ipset_subtract(arena, sum, is->by_result[SPF_PASS]);
}

/* --- the sets ------------------------------------------------------------------------------- */

static void compare_sets(struct arena *arena, struct ipset before, struct ipset after, enum ip_family family,
	struct diff_networks *out)
{
	out->gained[family] = out->lost[family] = ipset_empty(family);
	if (ipset_equal(before, after))
		return;
	out->gained[family] = ipset_subtract(arena, after, before);
	out->lost[family] = ipset_subtract(arena, before, after);
}

static void clear(struct diff *out)
{
	for (size_t f = 0; f < SPF_FAMILIES; f++) {
		struct ipset empty = ipset_empty((enum ip_family)f);
		for (size_t i = 0; i < SPF_RESULTS; i++)
			out->networks[i].gained[f] = out->networks[i].lost[f] = empty;
		out->unresolved.gained[f] = out->unresolved.lost[f] = empty;
		out->may_pass[f] = out->may_fail[f] = empty;
	}
}

/* Where no message is needed on one side, by_result tells. */
static bool is_otherwise_changed(struct arena *arena, const struct diff *diff, enum ip_family family)
{
	const struct diff_side *before = diff->before, *after = diff->after;
	struct ipset both =
		ipset_intersect(arena, before->families[family].unknown, after->families[family].unknown);
	for (size_t i = 0; i < SPF_RESULTS && !ipset_is_empty(both); i++) {
		struct ipset was = ipset_intersect(arena, both, before->otherwise[family].by_result[i]);
		struct ipset is = ipset_intersect(arena, both, after->otherwise[family].by_result[i]);
		if (!ipset_equal(was, is))
			return true;
	}
	return false;
}

void diff_networks_compare(struct arena *arena, struct diff *out)
{
	const struct diff_side *before = out->before, *after = out->after;
	clear(out);
	if (!out->spf_known)
		return;
	for (size_t f = 0; f < SPF_FAMILIES; f++) {
		enum ip_family family = (enum ip_family)f;
		const struct spf_tree_partition *was = &before->families[f], *is = &after->families[f];
		for (size_t i = 0; i < SPF_RESULTS; i++)
			compare_sets(arena, was->by_result[i], is->by_result[i], family, &out->networks[i]);
		compare_sets(arena, was->unknown, is->unknown, family, &out->unresolved);
		out->may_pass[f] = may_pass(arena, before, after, family);
		out->may_fail[f] = may_pass(arena, after, before, family);
		out->otherwise_changed = out->otherwise_changed || is_otherwise_changed(arena, out, family);
	}
	diff_networks_lists(arena, before->unresolved, before->unresolved_count, after->unresolved,
		after->unresolved_count, &out->unresolved_terms);
}

static bool is_empty(const struct diff_networks *networks)
{
	bool empty = true;
	for (size_t f = 0; f < SPF_FAMILIES; f++)
		empty = empty && ipset_is_empty(networks->gained[f]) && ipset_is_empty(networks->lost[f]);
	return empty;
}

bool diff_networks_differ(const struct diff *diff)
{
	for (size_t i = 0; i < SPF_RESULTS; i++)
		if (!is_empty(&diff->networks[i]))
			return true;
	for (size_t f = 0; f < SPF_FAMILIES; f++)
		if (!ipset_is_empty(diff->may_pass[f]) || !ipset_is_empty(diff->may_fail[f]))
			return true;
	return diff->otherwise_changed || !is_empty(&diff->unresolved) ||
	       diff->unresolved_terms.gained_count > 0 || diff->unresolved_terms.lost_count > 0;
}
