/* diff_findings: see diff_findings.h.
 *
 * Two findings are the same when rule, name, type and the bytes they are about are, in whatever spelling
 * (without bytes: the arguments). Of equal ones the first are paired, and what is left over on one side is
 * new or fixed:
 *
 *     before  A A B      after  A C      unchanged A, new C, fixed A B
 *
 * A temporary failure hides findings, and can change the arguments of one that is about a sum. So a finding
 * that only one side has counts as new or fixed only when the other side is complete, and, while its own is
 * not, only when the other has none of that rule at that name.
 */
#include "inspect/diff_findings.h"

#include <stdlib.h>

#include "base/ascii.h"
#include "spf/spf_term.h"

#define MAX_NETWORK 64 /* bytes: no term with a network is longer */

struct entry {
	const struct finding *finding;
	struct slice text; /* that it is about, in one spelling */
	size_t number;	   /* where it stands in its side */
	bool paired;
	bool is_certain; /* not paired: no temporary failure can be the cause */
};

struct entries {
	struct entry *items;
	size_t count;
};

static int compare_numbers(size_t a, size_t b)
{
	return (a > b) - (a < b);
}

static int compare_owners(const struct finding *a, const struct finding *b)
{
	int order = compare_numbers(a->rule, b->rule);
	if (order == 0)
		order = slice_compare(a->place.name, b->place.name);
	if (order == 0)
		order = slice_compare(a->place.type, b->place.type);
	return order;
}

static int compare_findings(const struct entry *left, const struct entry *right)
{
	const struct finding *a = left->finding, *b = right->finding;
	int order = compare_owners(a, b);
	if (order == 0)
		order = compare_numbers(a->has_span, b->has_span);
	if (order == 0 && a->has_span)
		return slice_compare(left->text, right->text);
	for (size_t i = 0; order == 0 && i < FINDING_MAX_ARGS; i++)
		order = slice_compare(a->args[i], b->args[i]);
	return order;
}

/* The bytes in lower case; a network as an SPF term with its length ("+IP4:192.0.2.1" is
 * "ip4:192.0.2.1/32"). */
static struct slice one_spelling(struct arena *arena, const struct finding *finding)
{
	struct slice text = finding_text(finding);
	struct spf_term term;
	if (text.len > 0 && text.len <= MAX_NETWORK && spf_term_try(arena, text, &term) &&
		(term.kind == SPF_IP4 || term.kind == SPF_IP6)) {
		struct slice network = prefix_text(arena, term.network);
		return arena_printf(
			arena, "%c%.*s", spf_qualifier_char(term.qualifier), (int)network.len, network.ptr);
	}
	char *lower = arena_alloc(arena, text.len + 1);
	for (size_t i = 0; i < text.len; i++)
		lower[i] = ascii_lower(text.ptr[i]);
	return slice_of(lower, text.len);
}

static int compare_entries(const void *left, const void *right)
{
	const struct entry *a = left, *b = right;
	int order = compare_findings(a, b);
	return order != 0 ? order : compare_numbers(a->number, b->number);
}

static int by_number(const void *left, const void *right)
{
	const struct entry *a = left, *b = right;
	return compare_numbers(a->number, b->number);
}

static struct entries sorted(struct arena *arena, const struct findings *findings)
{
	struct entries out = {.count = findings->count};
	out.items = arena_alloc(arena, (out.count + 1) * sizeof *out.items);
	for (size_t i = 0; i < out.count; i++)
		out.items[i] = (struct entry){.finding = &findings->items[i],
			.text = one_spelling(arena, &findings->items[i]),
			.number = i};
	qsort(out.items, out.count, sizeof *out.items, compare_entries);
	return out;
}

static void pair(struct entries *before, struct entries *after)
{
	for (size_t b = 0, a = 0; b < before->count && a < after->count;) {
		int order = compare_findings(&before->items[b], &after->items[a]);
		if (order == 0)
			before->items[b].paired = after->items[a].paired = true;
		b += order <= 0;
		a += order >= 0;
	}
}

/* `entries` are sorted. */
static bool has_owner(const struct entries *entries, const struct finding *finding)
{
	size_t low = 0, high = entries->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (compare_owners(entries->items[middle].finding, finding) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low < entries->count && compare_owners(entries->items[low].finding, finding) == 0;
}

static void add(struct findings *list, const struct finding *finding)
{
	*findings_add(list, finding->rule) = *finding;
}

/* True when one that only `side` has is certainly missing on the other side. */
static bool is_certain(const struct diff_side *side, const struct diff_side *other,
	const struct entries *there, const struct entry *entry)
{
	if (other->incomplete_count > 0)
		return false;
	return side->incomplete_count == 0 || !has_owner(there, entry->finding);
}

/* Entries in the order of their side; paired ones to `both` (NULL: nowhere), the others to `only`. */
static void sort_out(struct diff *out, struct entries *entries, struct findings *both, struct findings *only)
{
	if (entries->count > 0)
		qsort(entries->items, entries->count, sizeof *entries->items, by_number);
	for (size_t i = 0; i < entries->count; i++) {
		const struct entry *entry = &entries->items[i];
		if (entry->paired && both != NULL)
			add(both, entry->finding);
		else if (!entry->paired && entry->is_certain)
			add(only, entry->finding);
		else
			out->uncertain_findings += !entry->paired;
	}
}

void diff_findings_compare(struct arena *arena, struct diff *out)
{
	struct entries before = sorted(arena, &out->before->findings);
	struct entries after = sorted(arena, &out->after->findings);
	findings_init(&out->new_findings, arena);
	findings_init(&out->fixed_findings, arena);
	findings_init(&out->unchanged_findings, arena);
	pair(&before, &after);
	for (size_t i = 0; i < after.count; i++)
		after.items[i].is_certain = is_certain(out->after, out->before, &before, &after.items[i]);
	for (size_t i = 0; i < before.count; i++)
		before.items[i].is_certain = is_certain(out->before, out->after, &after, &before.items[i]);
	sort_out(out, &after, &out->unchanged_findings, &out->new_findings);
	sort_out(out, &before, NULL, &out->fixed_findings);
}
