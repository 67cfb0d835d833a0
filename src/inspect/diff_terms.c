/* diff_terms: see diff_terms.h (RFC 7208 4.6.2: the first term that matches decides; 5.2: what fails in an
 * include goes on behind it).
 *
 * The addresses are sent through the terms as a set, as in spf_tree_networks.c; who is matched is taken out
 * and noted at the term. A run of terms without lookups is halved until one is left, so that thousands of
 * them take n log n steps.
 */
#include "inspect/diff_terms.h"

#include <stdlib.h>

#include "base/ascii.h"

struct slice diff_terms_text(const struct diff_term *term)
{
	return slice_at(term->place->record, term->span);
}

/* --- which terms are new -------------------------------------------------------------------- */

static int compare_nocase(struct slice a, struct slice b)
{
	for (size_t i = 0; i < a.len && i < b.len; i++) {
		int order = (unsigned char)ascii_lower(a.ptr[i]) - (unsigned char)ascii_lower(b.ptr[i]);
		if (order != 0)
			return order;
	}
	return (a.len > b.len) - (a.len < b.len);
}

/* "+" says nothing. */
static struct slice without_plus(const struct diff_term *term)
{
	struct slice text = diff_terms_text(term);
	return text.len > 0 && text.ptr[0] == '+' ? slice_from(text, 1) : text;
}

static int compare_terms(const struct diff_term *a, const struct diff_term *b)
{
	int order = slice_compare(a->place->name, b->place->name);
	return order != 0 ? order : compare_nocase(without_plus(a), without_plus(b));
}

static int by_text(const void *left, const void *right)
{
	const struct diff_term *const *a = left, *const *b = right;
	return compare_terms(*a, *b);
}

static bool has_term(const struct diff_term *const *sorted, size_t count, const struct diff_term *term)
{
	return bsearch(&term, sorted, count, sizeof(const struct diff_term *), by_text) != NULL;
}

struct diff_terms diff_terms_of(
	struct arena *arena, const struct diff_side *side, const struct diff_side *other)
{
	const struct diff_term **sorted =
		arena_alloc(arena, (other->term_count + 1) * sizeof(const struct diff_term *));
	bool *is_new = arena_alloc(arena, (side->term_count + 1) * sizeof *is_new);
	for (size_t i = 0; i < other->term_count; i++)
		sorted[i] = &other->terms[i];
	qsort(sorted, other->term_count, sizeof(const struct diff_term *), by_text);
	for (size_t i = 0; i < side->term_count; i++)
		is_new[i] = !has_term(sorted, other->term_count, &side->terms[i]);
	return (struct diff_terms){arena, side, is_new};
}

unsigned diff_terms_shown(const struct diff_terms *terms, unsigned term)
{
	const struct diff_term *all = terms->side->terms;
	unsigned shown = term;
	for (unsigned i = term; i != DIFF_NO_TERM; i = all[i].up)
		if (terms->is_new[i])
			shown = i;
	for (unsigned i = shown; i != DIFF_NO_TERM; i = all[i].up)
		if (all[i].place->file.len > 0)
			return i;
	return shown;
}

unsigned diff_terms_new_lookup(const struct diff_terms *terms)
{
	for (unsigned i = 0; i < terms->side->term_count; i++)
		if (terms->is_new[i] && spf_kind_asks_dns(terms->side->terms[i].kind))
			return diff_terms_shown(terms, i);
	return DIFF_NO_TERM;
}

const struct finding_place *diff_terms_record(const struct diff_side *side, struct slice name)
{
	for (size_t i = 0; i < side->term_count; i++)
		if (slice_equal(side->terms[i].place->name, name))
			return side->terms[i].place;
	return NULL;
}

/* --- who passes by which term --------------------------------------------------------------- */

/* A term and who passes by it. */
struct part {
	unsigned term; /* where it is shown */
	struct ipset set;
};

struct sharing {
	const struct diff_terms *terms;
	enum ip_family family;
	struct part *parts;
	size_t count, capacity;
};

/* Whom a stretch of the evaluation leaves over: those that nothing matched, and those that a term without +
 * has taken out of this record. */
struct rest {
	struct ipset unmatched, denied;
};

static void note(struct sharing *s, unsigned term, struct ipset set)
{
	if (ipset_is_empty(set))
		return;
	s->parts = arena_grow(s->terms->arena, s->parts, s->count, &s->capacity, sizeof *s->parts);
	s->parts[s->count++] = (struct part){diff_terms_shown(s->terms, term), set};
}

/* Who of `set` the term matches. */
static struct ipset matched(struct sharing *s, const struct diff_term *term, struct ipset set)
{
	struct arena *arena = s->terms->arena;
	if (term->kind == SPF_ALL || (term->matches_all & 1U << s->family) != 0)
		return set;
	return ipset_intersect(arena, set, ipset_of(arena, s->family, term->networks, term->network_count));
}

/* One term without anything below it. `grants`: who passes here passes. */
static struct ipset take(struct sharing *s, unsigned at, struct ipset set, bool grants)
{
	const struct diff_term *term = &s->terms->side->terms[at];
	struct ipset taken = matched(s, term, set);
	if (term->qualifier != SPF_QUALIFIER_PASS)
		return taken;
	if (grants)
		note(s, at, taken);
	return ipset_empty(s->family);
}

static struct ipset networks_of(struct sharing *s, unsigned from, unsigned to)
{
	const struct diff_term *all = s->terms->side->terms;
	struct prefix *prefixes = arena_alloc(s->terms->arena, (to - from) * sizeof *prefixes);
	size_t count = 0;
	for (unsigned i = from; i < to; i++)
		if (all[i].network_count > 0)
			prefixes[count++] = all[i].networks[0];
	return ipset_of(s->terms->arena, s->family, prefixes, count);
}

/* A run of ip4 and ip6 terms; returns who of `set` is denied. */
static struct ipset take_run(struct sharing *s, unsigned from, unsigned to, struct ipset set, bool grants)
{
	struct arena *arena = s->terms->arena;
	if (ipset_is_empty(set))
		return set;
	if (to - from == 1)
		return take(s, from, set, grants);
	unsigned middle = from + (to - from) / 2;
	struct ipset first = networks_of(s, from, middle);
	struct ipset left = take_run(s, from, middle, ipset_intersect(arena, set, first), grants);
	struct ipset right = take_run(s, middle, to, ipset_subtract(arena, set, first), grants);
	return ipset_union(arena, left, right);
}

static struct rest go(struct sharing *s, unsigned from, unsigned to, struct ipset set, bool grants);

/* Returns the term to go on with. */
static unsigned go_run(struct sharing *s, unsigned at, unsigned to, struct rest *rest, bool grants)
{
	struct arena *arena = s->terms->arena;
	unsigned end = at;
	while (end < to && spf_kind_is_network(s->terms->side->terms[end].kind))
		end++;
	struct ipset all = networks_of(s, at, end);
	struct ipset denied = take_run(s, at, end, ipset_intersect(arena, rest->unmatched, all), grants);
	rest->denied = ipset_union(arena, rest->denied, denied);
	rest->unmatched = ipset_subtract(arena, rest->unmatched, all);
	return end;
}

/* Who passes below an include without + is denied here. */
static void go_link(struct sharing *s, unsigned at, struct rest *rest, bool grants)
{
	struct arena *arena = s->terms->arena;
	const struct diff_term *term = &s->terms->side->terms[at];
	bool passes = term->qualifier == SPF_QUALIFIER_PASS;
	struct rest below = go(s, at + 1, term->end, rest->unmatched, grants && passes);
	struct ipset left = ipset_union(arena, below.unmatched, below.denied);
	if (!passes)
		rest->denied = ipset_union(arena, rest->denied, ipset_subtract(arena, rest->unmatched, left));
	rest->unmatched = left;
}

static void go_term(struct sharing *s, unsigned at, struct rest *rest, bool grants)
{
	struct arena *arena = s->terms->arena;
	const struct diff_term *term = &s->terms->side->terms[at];
	if (term->kind == SPF_INCLUDE || term->kind == SPF_REDIRECT) {
		go_link(s, at, rest, grants);
		return;
	}
	struct ipset taken = matched(s, term, rest->unmatched);
	struct ipset denied = take(s, at, rest->unmatched, grants);
	rest->unmatched = ipset_subtract(arena, rest->unmatched, taken);
	rest->denied = ipset_union(arena, rest->denied, denied);
}

/* The terms from `from` on, up to `to`, of one record. As deep as the tree: SPF_TREE_MAX_DEPTH. */
static struct rest go(struct sharing *s, unsigned from, unsigned to, struct ipset set, bool grants)
{
	const struct diff_term *all = s->terms->side->terms;
	struct rest rest = {set, ipset_empty(s->family)};
	for (unsigned at = from; at < to && !ipset_is_empty(rest.unmatched);) {
		if (spf_kind_is_network(all[at].kind)) {
			at = go_run(s, at, to, &rest, grants);
			continue;
		}
		if ((all[at].families & 1U << s->family) != 0)
			go_term(s, at, &rest, grants);
		at = all[at].end;
	}
	return rest;
}

/* --- shares --------------------------------------------------------------------------------- */

static int by_term(const void *left, const void *right)
{
	const struct part *a = left, *b = right;
	if (a->term != b->term)
		return a->term < b->term ? -1 : 1;
	return (int)a->set.family - (int)b->set.family;
}

static struct ipset unite(struct arena *arena, const struct part *parts, size_t count)
{
	if (count == 1)
		return parts[0].set;
	return ipset_union(
		arena, unite(arena, parts, count / 2), unite(arena, parts + count / 2, count - count / 2));
}

static size_t gather(struct arena *arena, struct part *parts, size_t count, struct diff_share *shares)
{
	size_t used = 0;
	if (count > 0)
		qsort(parts, count, sizeof *parts, by_term);
	for (size_t first = 0, end; first < count; first = end) {
		for (end = first; end < count && by_term(&parts[first], &parts[end]) == 0;)
			end++;
		if (used == 0 || shares[used - 1].term != parts[first].term) {
			shares[used++] = (struct diff_share){
				.term = parts[first].term, .sets = {ipset_empty(IP_V4), ipset_empty(IP_V6)}};
		}
		shares[used - 1].sets[parts[first].set.family] = unite(arena, parts + first, end - first);
	}
	return used;
}

/* Numbers as decimal digits. */
static int compare_counts(struct slice a, struct slice b)
{
	if (a.len != b.len)
		return a.len < b.len ? -1 : 1;
	return slice_compare(a, b);
}

struct ranked {
	struct diff_share share;
	struct slice counts[SPF_FAMILIES];
};

static int by_size(const void *left, const void *right)
{
	const struct ranked *a = left, *b = right;
	int order = compare_counts(b->counts[IP_V4], a->counts[IP_V4]);
	if (order == 0)
		order = compare_counts(b->counts[IP_V6], a->counts[IP_V6]);
	return order != 0 ? order : (a->share.term > b->share.term) - (a->share.term < b->share.term);
}

static void rank(struct arena *arena, struct diff_share *shares, size_t count)
{
	struct ranked *ranked = arena_alloc(arena, (count + 1) * sizeof *ranked);
	for (size_t i = 0; i < count; i++) {
		ranked[i].share = shares[i];
		for (size_t f = 0; f < SPF_FAMILIES; f++)
			ranked[i].counts[f] = ipset_count_text(arena, shares[i].sets[f]);
	}
	qsort(ranked, count, sizeof *ranked, by_size);
	for (size_t i = 0; i < count; i++)
		shares[i] = ranked[i].share;
}

struct diff_share *diff_terms_shares(const struct diff_terms *terms, const struct ipset *sets, size_t *count)
{
	struct sharing s = {.terms = terms};
	for (size_t f = 0; f < SPF_FAMILIES; f++) {
		s.family = (enum ip_family)f;
		go(&s, 0, (unsigned)terms->side->term_count, sets[f], true);
	}
	struct diff_share *shares = arena_alloc(terms->arena, (s.count + 1) * sizeof *shares);
	*count = gather(terms->arena, s.parts, s.count, shares);
	rank(terms->arena, shares, *count);
	return shares;
}
