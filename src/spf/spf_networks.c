/* spf_networks: see spf_networks.h.
 *
 * Networks either lie within each other or have nothing in common. Sorted by address and then by length, all
 * networks around one are on a stack when it comes by:
 *
 *     ip4:192.0.2.7 -ip4:192.0.2.0/25 ip4:192.0.2.0/24        sorted: /24, /25, .7
 *     .7       stack: /24 /25; it stands before both and passes as /24 does, but -/25 is in between: needed
 *     -/25     stack: /24; it stands before it: an exception, as it has to be
 */
#include "spf/spf_networks.h"

#include <stdlib.h>

#define MAX_NESTED 129 /* networks of different lengths around one address */
#define QUALIFIERS 4

/* --- addresses that nobody sends from ----------------------------------------------------------------- */

struct special {
	struct prefix network;
	enum rule_id rule;
	enum detail detail;
};

#define V4(a, b, c, length)                                                                                  \
	{                                                                                                    \
		{IP_V4, {a, b, c}}, length                                                                   \
	}
#define V6(a, b, c, d, length)                                                                               \
	{                                                                                                    \
		{IP_V6, {a, b, c, d}}, length                                                                \
	}

/* RFC 6890 and what was added since; IPv4 multicast RFC 5771, IPv6 RFC 4291 2.4, 2.7. */
static const struct special specials[] = {
	{V4(10, 0, 0, 8), RULE_SPF_RANGE_PRIVATE, DETAIL_RANGE_PRIVATE},
	{V4(172, 16, 0, 12), RULE_SPF_RANGE_PRIVATE, DETAIL_RANGE_PRIVATE},
	{V4(192, 168, 0, 16), RULE_SPF_RANGE_PRIVATE, DETAIL_RANGE_PRIVATE},
	{V4(100, 64, 0, 10), RULE_SPF_RANGE_PRIVATE, DETAIL_RANGE_SHARED},
	{V4(0, 0, 0, 8), RULE_SPF_RANGE_RESERVED, DETAIL_RANGE_NO_HOST},
	{V4(127, 0, 0, 8), RULE_SPF_RANGE_RESERVED, DETAIL_RANGE_LOOPBACK},
	{V4(169, 254, 0, 16), RULE_SPF_RANGE_RESERVED, DETAIL_RANGE_LINK},
	{V4(192, 0, 0, 24), RULE_SPF_RANGE_RESERVED, DETAIL_RANGE_RESERVED},
	{V4(198, 18, 0, 15), RULE_SPF_RANGE_RESERVED, DETAIL_RANGE_RESERVED},
	{V4(224, 0, 0, 4), RULE_SPF_RANGE_RESERVED, DETAIL_RANGE_MULTICAST},
	{V4(240, 0, 0, 4), RULE_SPF_RANGE_RESERVED, DETAIL_RANGE_RESERVED},
	{V4(192, 0, 2, 24), RULE_SPF_RANGE_DOC, DETAIL_NONE},
	{V4(198, 51, 100, 24), RULE_SPF_RANGE_DOC, DETAIL_NONE},
	{V4(203, 0, 113, 24), RULE_SPF_RANGE_DOC, DETAIL_NONE},
	{V6(0xfc, 0, 0, 0, 7), RULE_SPF_RANGE_PRIVATE, DETAIL_RANGE_PRIVATE},
	{V6(0, 0, 0, 0, 128), RULE_SPF_RANGE_RESERVED, DETAIL_RANGE_NO_HOST},
	{{{IP_V6, {[15] = 1}}, 128}, RULE_SPF_RANGE_RESERVED, DETAIL_RANGE_LOOPBACK},
	{V6(0xfe, 0x80, 0, 0, 10), RULE_SPF_RANGE_RESERVED, DETAIL_RANGE_LINK},
	{V6(0xfe, 0xc0, 0, 0, 10), RULE_SPF_RANGE_PRIVATE, DETAIL_RANGE_PRIVATE},
	{V6(0xff, 0, 0, 0, 8), RULE_SPF_RANGE_RESERVED, DETAIL_RANGE_MULTICAST},
	{V6(0x01, 0, 0, 0, 64), RULE_SPF_RANGE_RESERVED, DETAIL_RANGE_RESERVED},
	{{{IP_V6, {0x20, 0x01, 0, 0x02}}, 48}, RULE_SPF_RANGE_RESERVED, DETAIL_RANGE_RESERVED},
	{V6(0x20, 0x01, 0x0d, 0xb8, 32), RULE_SPF_RANGE_DOC, DETAIL_NONE},
	{V6(0x3f, 0xff, 0, 0, 20), RULE_SPF_RANGE_DOC, DETAIL_NONE},
};

static const struct special *special_of(struct prefix network)
{
	for (size_t i = 0; i < sizeof specials / sizeof *specials; i++)
		if (network.length >= specials[i].network.length &&
			prefix_contains(specials[i].network, network.ip))
			return &specials[i];
	return NULL;
}

bool spf_networks_is_special(struct prefix network)
{
	return special_of(network) != NULL;
}

/* --- networks within each other ----------------------------------------------------------------------- */

enum fate {
	FATE_NEEDED,
	FATE_DUPLICATE, /* the same network stands before it */
	FATE_COVERED,	/* a wider one says the same of it */
	FATE_SHADOWED	/* a term before it says something else of it, and decides */
};

struct entry {
	const struct spf_term *term;
	struct prefix network; /* masked */
	enum fate fate;
	const struct spf_term *by;
};

struct terms {
	const struct spf_record *record;
	struct entry *entries; /* in the order of the record */
	size_t count;
	/* others[q][i]: directives before the i-th term of the record with another qualifier than q. */
	size_t *others[QUALIFIERS];
};

static bool is_reached(const struct spf_record *record, const struct spf_term *term)
{
	return term->valid && !term->is_modifier && (record->all == NULL || term < record->all);
}

/* A network that can match: an IPv4-mapped one does not (RFC 7208 5), and that is said elsewhere. */
static bool is_network(const struct spf_term *term)
{
	return spf_kind_is_network(term->kind) && !(term->kind == SPF_IP6 && ip_is_mapped(term->network.ip));
}

static void collect(struct arena *arena, const struct spf_record *record, struct terms *out)
{
	*out = (struct terms){.record = record};
	out->entries = arena_alloc(arena, (record->count + 1) * sizeof *out->entries);
	for (size_t q = 0; q < QUALIFIERS; q++)
		out->others[q] = arena_alloc(arena, (record->count + 1) * sizeof *out->others[q]);
	for (size_t i = 0; i < record->count; i++) {
		const struct spf_term *term = &record->terms[i];
		bool counts = is_reached(record, term);
		for (size_t q = 0; q < QUALIFIERS; q++)
			out->others[q][i + 1] = out->others[q][i] + (counts && (size_t)term->qualifier != q);
		if (counts && is_network(term))
			out->entries[out->count++] =
				(struct entry){.term = term, .network = prefix_masked(term->network)};
	}
}

static int compare_networks(struct prefix a, struct prefix b)
{
	if (a.ip.family != b.ip.family)
		return a.ip.family < b.ip.family ? -1 : 1;
	int order = memcmp(a.ip.bytes, b.ip.bytes, sizeof a.ip.bytes);
	return order != 0 ? order : (int)a.length - (int)b.length;
}

static int compare_entries(const void *left, const void *right)
{
	const struct entry *a = *(struct entry *const *)left, *b = *(struct entry *const *)right;
	int order = compare_networks(a->network, b->network);
	if (order != 0)
		return order;
	return a->term < b->term ? -1 : a->term > b->term;
}

static bool says_the_same(const struct entry *a, const struct entry *b)
{
	return a->term->qualifier == b->term->qualifier;
}

/* No directive with another qualifier stands between the two: which of them matches makes no difference. */
static bool nothing_else_between(
	const struct terms *terms, const struct entry *early, const struct entry *late)
{
	const size_t *others = terms->others[early->term->qualifier];
	return others[late->term - terms->record->terms] == others[early->term - terms->record->terms];
}

/* Of the networks around `entry` the one that stands first decides. */
static void judge_entry(
	const struct terms *terms, struct entry *entry, struct entry *const *around, size_t count)
{
	const struct entry *first = around[0];
	for (size_t i = 1; i < count; i++)
		if (around[i]->term < first->term)
			first = around[i];
	entry->by = first->term;
	if (first->term > entry->term)
		entry->fate = says_the_same(entry, first) && nothing_else_between(terms, entry, first)
				      ? FATE_COVERED
				      : FATE_NEEDED;
	else if (!says_the_same(entry, first))
		entry->fate = FATE_SHADOWED;
	else
		entry->fate =
			compare_networks(entry->network, first->network) == 0 ? FATE_DUPLICATE : FATE_COVERED;
}

/* The same network a second time tells nothing new of what lies within it. */
static void judge_entries(struct arena *arena, const struct terms *terms)
{
	struct entry **sorted = arena_alloc(arena, (terms->count + 1) * sizeof *sorted);
	struct entry *stack[MAX_NESTED];
	size_t depth = 0;
	for (size_t i = 0; i < terms->count; i++)
		sorted[i] = &terms->entries[i];
	qsort(sorted, terms->count, sizeof *sorted, compare_entries);
	for (size_t i = 0; i < terms->count; i++) {
		struct entry *entry = sorted[i];
		while (depth > 0 && !prefix_contains(stack[depth - 1]->network, entry->network.ip))
			depth--;
		if (depth > 0)
			judge_entry(terms, entry, stack, depth);
		if (depth == 0 || compare_networks(stack[depth - 1]->network, entry->network) != 0)
			stack[depth++] = entry;
	}
}

/* --- findings ----------------------------------------------------------------------------------------- */

/* The term with the space before it. */
static struct span with_space(struct span span)
{
	return span_of(span.offset - 1, span.len + 1);
}

static void report_superfluous(struct spf_reading *reading, const struct entry *entry, enum rule_id rule)
{
	struct finding *finding = spf_reading_report(reading, rule, DETAIL_NONE, entry->term->span);
	finding->args[1] = slice_at(reading->text, entry->by->span);
	spf_reading_fix(reading, finding, with_space(entry->term->span), SLICE(""), true);
}

/* An exception has to stand before the rule: the fix moves it there. The same network twice is no exception:
 * which of the two was meant, only the author knows. */
static void report_shadowed(struct spf_reading *reading, const struct entry *entry)
{
	struct finding *finding =
		spf_reading_report(reading, RULE_SPF_NEGATIVE_ORDER, DETAIL_NONE, entry->term->span);
	struct slice text = slice_at(reading->text, entry->term->span);
	finding->args[1] = slice_at(reading->text, entry->by->span);
	if (compare_networks(entry->network, prefix_masked(entry->by->network)) == 0)
		return;
	const struct fix_edit edits[] = {
		{span_of(entry->by->span.offset, 0),
			arena_printf(reading->arena, "%.*s ", (int)text.len, text.ptr)},
		{with_space(entry->term->span), SLICE("")},
	};
	spf_reading_fix_edits(reading, finding, edits, 2, false);
}

static void report_fate(struct spf_reading *reading, const struct entry *entry)
{
	switch (entry->fate) {
	case FATE_NEEDED:
		return;
	case FATE_DUPLICATE:
		report_superfluous(reading, entry, RULE_SPF_IP_DUPLICATE);
		return;
	case FATE_COVERED:
		report_superfluous(reading, entry, RULE_SPF_IP_COVERED);
		return;
	case FATE_SHADOWED:
		report_shadowed(reading, entry);
		return;
	}
}

/* "192.0.2.1/24": one host was meant, or the network. RFC 7208 5.6 */
static void report_host_bits(struct spf_reading *reading, const struct entry *entry)
{
	if (entry->network.length == 0 || ip_equal(entry->network.ip, entry->term->network.ip))
		return;
	struct finding *finding =
		spf_reading_report(reading, RULE_SPF_HOST_BITS, DETAIL_NONE, entry->term->value);
	finding->args[1] = prefix_text(reading->arena, entry->network);
	finding->args[2] = ip_text(reading->arena, entry->term->network.ip);
	spf_reading_fix(reading, finding, entry->term->value, finding->args[1], false);
}

/* True when nobody can send from there, so that the rest does not matter. */
static bool report_special(struct spf_reading *reading, const struct entry *entry)
{
	const struct special *special = special_of(entry->network);
	if (special == NULL || entry->term->qualifier != SPF_QUALIFIER_PASS)
		return false;
	spf_reading_report(reading, special->rule, special->detail, entry->term->span);
	return special->rule != RULE_SPF_RANGE_DOC;
}

void spf_networks_report(struct spf_reading *reading, const struct spf_record *record)
{
	struct terms terms;
	collect(reading->arena, record, &terms);
	judge_entries(reading->arena, &terms);
	for (size_t i = 0; i < terms.count; i++) {
		const struct entry *entry = &terms.entries[i];
		bool is_useless = report_special(reading, entry);
		if (record->valid || entry->fate == FATE_SHADOWED)
			report_fate(reading, entry);
		if (record->valid && !is_useless && entry->fate == FATE_NEEDED)
			report_host_bits(reading, entry);
	}
}
