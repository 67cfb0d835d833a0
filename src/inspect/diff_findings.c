/* diff_findings: see diff_findings.h.
 *
 * Two findings are the same when rule, name, type and what they are about are: the bytes in whatever
 * spelling, without bytes the arguments; of some rules only an argument counts, or nothing. Of equal ones
 * the first are paired, none with a less severe one before it, and what is left over on one side is new or
 * fixed:
 *
 *     before  A A B      after  A C      unchanged A, new C, fixed A B
 *
 * A temporary failure hides findings, and can change the arguments of one that is about a sum. So a finding
 * that only one side has counts as new or fixed only when the other side is complete, and, while its own is
 * not, only when the other has none of that rule at that name. What follows from the text of SPF records
 * alone is certain when those of the other side are all known.
 */
#include "inspect/diff_findings.h"

#include <stdlib.h>

#include "inspect/diff_spelling.h"

struct entry {
	const struct finding *finding;
	struct slice name; /* that it is about; empty: the whole of the domain */
	struct slice key;  /* what it is about, in one spelling */
	size_t number;	   /* where it stands in its side */
	bool paired;
	bool is_certain; /* not paired: no temporary failure can be the cause */
};

struct entries {
	struct entry *items;
	size_t count;
};

/* --- what is the same ----------------------------------------------------------------------- */

#define NO_ARGUMENT FINDING_MAX_ARGS

/* Rules whose findings point at one of several places that are all part of it, so that other bytes or
 * numbers are no other finding. `argument`: the one that counts. */
static const struct {
	enum rule_id rule;
	unsigned argument;
	bool is_of_domain; /* the name counts neither: the limit is crossed in another record */
} loose_rules[] = {
	{RULE_SPF_LOOKUP_LIMIT, NO_ARGUMENT, true},
	{RULE_SPF_LOOKUP_NEAR, NO_ARGUMENT, true},
	{RULE_SPF_VOID_LIMIT, NO_ARGUMENT, true},
	{RULE_SPF_VOID_QUERIES, NO_ARGUMENT, true},
	{RULE_SPF_SIZE_450, NO_ARGUMENT, false},
	{RULE_SPF_SIZE_512, NO_ARGUMENT, false},
	{RULE_SPF_UDP_TRUNCATED, NO_ARGUMENT, false},
	{RULE_SPF_RANGE_HUGE, 0, false},	    /* the network */
	{RULE_DMARC_INHERITED, NO_ARGUMENT, false}, /* from there, whatever it asks for */
	{RULE_DMARC_SIZE, NO_ARGUMENT, false},
	{RULE_DMARC_URI_MANY, NO_ARGUMENT, false},
	{RULE_DMARC_RUA_NO_MX, 0, false},	      /* the host, at the first of its mailboxes */
	{RULE_DMARC_EXTERNAL_UNAUTHORIZED, 2, false}, /* the name at which it would agree */
	{RULE_DMARC_EXTERNAL_RECORD_BAD, 2, false},
};

static struct slice arguments_text(struct arena *arena, const struct finding *finding)
{
	struct slice text = SLICE("");
	for (size_t i = 0; i < FINDING_MAX_ARGS; i++)
		if (finding->args[i].len > 0)
			text = arena_concat(arena, arena_concat(arena, text, arena_printf(arena, "%zu:", i)),
				finding->args[i]);
	return diff_spelling_lowered(arena, text);
}

static struct entry entry_of(struct arena *arena, const struct finding *finding, size_t number)
{
	struct entry entry = {.finding = finding, .name = finding->place.name, .number = number};
	for (size_t i = 0; i < sizeof loose_rules / sizeof loose_rules[0]; i++) {
		if (loose_rules[i].rule != finding->rule)
			continue;
		if (loose_rules[i].is_of_domain)
			entry.name = SLICE("");
		if (loose_rules[i].argument != NO_ARGUMENT)
			entry.key = diff_spelling_lowered(arena, finding->args[loose_rules[i].argument]);
		return entry;
	}
	entry.key = finding->has_span ? diff_spelling_of(arena, finding) : arguments_text(arena, finding);
	return entry;
}

static int compare_numbers(size_t a, size_t b)
{
	return (a > b) - (a < b);
}

static int compare_owners(const struct entry *a, const struct entry *b)
{
	int order = compare_numbers(a->finding->rule, b->finding->rule);
	if (order == 0)
		order = slice_compare(a->name, b->name);
	if (order == 0)
		order = slice_compare(a->finding->place.type, b->finding->place.type);
	return order;
}

static int compare_findings(const struct entry *a, const struct entry *b)
{
	int order = compare_owners(a, b);
	return order != 0 ? order : slice_compare(a->key, b->key);
}

/* The most severe of equal ones first. */
static int compare_entries(const void *left, const void *right)
{
	const struct entry *a = left, *b = right;
	int order = compare_findings(a, b);
	if (order == 0)
		order = compare_numbers(b->finding->severity, a->finding->severity);
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
		out.items[i] = entry_of(arena, &findings->items[i], i);
	qsort(out.items, out.count, sizeof *out.items, compare_entries);
	return out;
}

/* One that is more severe now than what is left of its like before is new. */
static void pair(struct entries *before, struct entries *after)
{
	for (size_t b = 0, a = 0; b < before->count && a < after->count;) {
		struct entry *was = &before->items[b], *is = &after->items[a];
		int order = compare_findings(was, is);
		if (order == 0 && is->finding->severity > was->finding->severity) {
			a++;
			continue;
		}
		if (order == 0)
			was->paired = is->paired = true;
		b += order <= 0;
		a += order >= 0;
	}
}

/* `entries` are sorted. */
static bool has_owner(const struct entries *entries, const struct entry *entry)
{
	size_t low = 0, high = entries->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (compare_owners(&entries->items[middle], entry) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low < entries->count && compare_owners(&entries->items[low], entry) == 0;
}

static void add(struct findings *list, const struct finding *finding)
{
	*findings_add(list, finding->rule) = *finding;
}

/* True for the rules of the text of SPF records (rules_spf.def): with the records everything is known. */
static bool is_of_spf_text(enum rule_id rule)
{
	return rule < RULE_SPF_NONE;
}

/* True when one that only `side` has is certainly missing on the other side. */
static bool is_certain(const struct diff_side *side, const struct diff_side *other,
	const struct entries *there, const struct entry *entry)
{
	if (is_of_spf_text(entry->finding->rule) && other->explanation_known)
		return true;
	if (other->incomplete_count > 0)
		return false;
	return side->incomplete_count == 0 || !has_owner(there, entry);
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
