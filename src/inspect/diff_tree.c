/* diff_tree: see diff_tree.h.
 *
 *     v=spf1 include:a ip4:192.0.2.1 -all        a: v=spf1 mx exists:%{i}.%{d} -all
 *
 *     0 include:a      end 4
 *     1   mx           up 0
 *     2   exists:...   up 0, open key "exists:%{i}.%{d} (of a)": elsewhere the text means another thing
 *     3   -all         up 0
 *     4 ip4:192.0.2.1
 *     5 -all
 */
#include "inspect/diff_tree.h"

#include <stdlib.h>

#include "inspect/diff_spelling.h"
#include "spf/spf_tree_count.h"
#include "spf/spf_tree_place.h"

struct flattening {
	struct diff_copy *copy;
	struct diff_term *terms;
	size_t count, capacity;
	struct slice *names;
	size_t name_count, name_capacity;
	struct name root;
};

/* --- terms that need a message -------------------------------------------------------------- */

static bool needs_message(const struct spf_tree_term *term)
{
	for (size_t i = 0; i < SPF_FAMILIES; i++) {
		const struct spf_side *side = &term->sides[i];
		if (side->walked && (side->outcome == SPF_OUTCOME_UNRESOLVED || side->only_sample ||
					    term->term->kind == SPF_PTR))
			return true;
	}
	return false;
}

/* The term in one spelling, "+" left out; with the owner of its record when that is part of its meaning. */
static struct slice open_key(
	struct arena *arena, struct name root, struct name owner, const struct spf_tree_term *tree_term)
{
	const struct spf_term *term = tree_term->term;
	char *text = arena_alloc(arena, tree_term->text.len + 2);
	size_t start = term->name.offset - term->span.offset, len = 0;
	if (!term->is_modifier && term->qualifier != SPF_QUALIFIER_PASS)
		text[len++] = spf_qualifier_char(term->qualifier);
	struct slice rest = slice_from(tree_term->text, start);
	memcpy(text + len, rest.ptr, rest.len);
	diff_spelling_lower(text, len + rest.len);
	struct slice key = slice_of(text, len + rest.len);
	bool uses_owner = term->domain_spec == NULL || macro_uses(term->domain_spec, 'd');
	if (!uses_owner || name_equal(owner, root))
		return key;
	struct slice name = name_text(arena, owner);
	return arena_concat(arena, key, arena_printf(arena, " (of %.*s)", (int)name.len, name.ptr));
}

/* --- the tree, flat ------------------------------------------------------------------------- */

static unsigned families_of(const struct spf_tree_term *term)
{
	unsigned families = 0;
	switch (term->term->kind) {
	case SPF_ALL:
		return 1U << IP_V4 | 1U << IP_V6;
	case SPF_IP4:
		return 1U << IP_V4;
	case SPF_IP6:
		return 1U << IP_V6;
	case SPF_INCLUDE:
	case SPF_A:
	case SPF_MX:
	case SPF_PTR:
	case SPF_EXISTS:
	case SPF_REDIRECT:
	case SPF_EXP:
	case SPF_UNKNOWN:
		break;
	}
	for (unsigned i = 0; i < SPF_FAMILIES; i++)
		families |= term->sides[i].walked ? 1U << i : 0;
	return families;
}

static unsigned matches_all(const struct spf_tree_term *term)
{
	unsigned families = 0;
	for (unsigned i = 0; i < SPF_FAMILIES; i++)
		families |= term->sides[i].walked && term->sides[i].matches_all ? 1U << i : 0;
	return families;
}

static void copy_networks(struct flattening *f, const struct spf_tree_term *from, struct diff_term *to)
{
	to->networks =
		diff_copy_array(f->copy->arena, from->networks, from->network_count, sizeof *from->networks);
	to->network_count = from->network_count;
}

/* Returns its index. */
static size_t add_term(struct flattening *f, const struct spf_tree_place *place,
	const struct finding_place *shown, const struct spf_tree_term *from, unsigned families, unsigned up)
{
	f->terms = arena_grow(f->copy->scratch, f->terms, f->count, &f->capacity, sizeof *f->terms);
	struct diff_term *to = &f->terms[f->count];
	*to = (struct diff_term){
		.place = shown,
		.span = from->term->span,
		.kind = from->term->kind,
		.qualifier = from->term->qualifier,
		.families = families,
		.matches_all = matches_all(from),
		.up = up,
		.end = (unsigned)f->count + 1,
	};
	copy_networks(f, from, to);
	if (needs_message(from))
		to->open_key = open_key(f->copy->arena, f->root, place->node->domain, from);
	return f->count++;
}

static void add_record(struct flattening *f, const struct spf_tree_place *place, unsigned up);

static void add_below(struct flattening *f, const struct spf_tree_place *place,
	const struct finding_place *shown, const struct spf_tree_term *term, const struct spf_node *node,
	unsigned families, unsigned up)
{
	size_t at = add_term(f, place, shown, term, families, up);
	struct spf_tree_place below = spf_tree_place_below(f->copy->scratch, place, term, node);
	f->names = arena_grow(f->copy->scratch, f->names, f->name_count, &f->name_capacity, sizeof *f->names);
	f->names[f->name_count++] = below.place.name;
	add_record(f, &below, (unsigned)at);
	f->terms[at].end = (unsigned)f->count;
}

/* One entry; two where %{v} leads the families to two records. */
static void add_link(struct flattening *f, const struct spf_tree_place *place,
	const struct finding_place *shown, const struct spf_tree_term *term, unsigned up)
{
	const struct spf_node *v4 = term->sides[IP_V4].tree, *v6 = term->sides[IP_V6].tree;
	if (v4 == NULL && v6 == NULL)
		add_term(f, place, shown, term, families_of(term), up);
	else if (v4 == v6)
		add_below(f, place, shown, term, v4, families_of(term), up);
	else {
		if (v4 != NULL)
			add_below(f, place, shown, term, v4, 1U << IP_V4, up);
		if (v6 != NULL)
			add_below(f, place, shown, term, v6, 1U << IP_V6, up);
	}
}

static void add_any(struct flattening *f, const struct spf_tree_place *place,
	const struct finding_place *shown, const struct spf_tree_term *term, unsigned up)
{
	switch (term->term->kind) {
	case SPF_INCLUDE:
	case SPF_REDIRECT:
		add_link(f, place, shown, term, up);
		return;
	case SPF_ALL:
	case SPF_A:
	case SPF_MX:
	case SPF_PTR:
	case SPF_IP4:
	case SPF_IP6:
	case SPF_EXISTS:
		add_term(f, place, shown, term, families_of(term), up);
		return;
	case SPF_EXP:
	case SPF_UNKNOWN:
		return;
	}
}

/* The recursion is at most SPF_TREE_MAX_DEPTH deep. What stands behind `all` is never reached. */
static void add_record(struct flattening *f, const struct spf_tree_place *place, unsigned up)
{
	const struct spf_node *node = place->node;
	if (node->record == NULL || !node->record->valid || node->selection->selected != 1)
		return;
	struct finding_place *shown = arena_alloc(f->copy->arena, sizeof *shown);
	*shown = diff_copy_place(f->copy, &place->place);
	const struct spf_tree_term *redirect = spf_tree_count_redirect(node);
	for (size_t i = 0; i < node->count; i++) {
		const struct spf_tree_term *term = &node->terms[i];
		if (term->term->kind != SPF_REDIRECT)
			add_any(f, place, shown, term, up);
		if (term->term->kind == SPF_ALL)
			return;
	}
	if (redirect != NULL)
		add_any(f, place, shown, redirect, up);
}

/* --- opens ---------------------------------------------------------------------------------- */

static int by_key(const void *left, const void *right)
{
	const struct diff_open *a = left, *b = right;
	int order = slice_compare(a->key, b->key);
	if (order == 0)
		order = (a->grants > b->grants) - (a->grants < b->grants);
	return order != 0 ? order : (a->position > b->position) - (a->position < b->position);
}

static bool is_same(const struct diff_open *a, const struct diff_open *b)
{
	return a->grants == b->grants && slice_equal(a->key, b->key);
}

/* Joins equal ones: the first place counts, and who gets to any of them. */
static size_t join_opens(struct arena *arena, struct diff_open *opens, size_t count)
{
	size_t kept = 0;
	if (count > 0)
		qsort(opens, count, sizeof *opens, by_key);
	for (size_t i = 0; i < count; i++) {
		if (kept == 0 || !is_same(&opens[kept - 1], &opens[i])) {
			opens[kept++] = opens[i];
			continue;
		}
		for (size_t f = 0; f < SPF_FAMILIES; f++)
			opens[kept - 1].reach[f] =
				ipset_union(arena, opens[kept - 1].reach[f], opens[i].reach[f]);
	}
	return kept;
}

/* Finds the term of each open: the first with that key. */
static void find_terms(struct diff_side *side, struct diff_open *opens)
{
	for (size_t i = side->term_count; i-- > 0;) {
		size_t low = 0, high = side->open_count;
		if (side->terms[i].open_key.len == 0)
			continue;
		while (low < high) {
			size_t middle = low + (high - low) / 2;
			if (slice_compare(opens[middle].key, side->terms[i].open_key) < 0)
				low = middle + 1;
			else
				high = middle;
		}
		for (; low < side->open_count && slice_equal(opens[low].key, side->terms[i].open_key); low++)
			opens[low].term = (unsigned)i;
	}
}

static size_t gather_opens(
	struct arena *scratch, const struct spf_node *root, enum ip_family family, struct diff_open **out)
{
	const struct spf_sample none = {0};
	struct spf_tree_opens found;
	spf_tree_networks_open(scratch, root, family, &none, &found);
	struct diff_open *opens = arena_alloc(scratch, (found.count + 1) * sizeof *opens);
	for (size_t i = 0; i < found.count; i++) {
		const struct spf_tree_open *open = &found.items[i];
		opens[i] = (struct diff_open){.grants = open->grants,
			.term = DIFF_NO_TERM,
			.key = open_key(scratch, root->domain, open->domain, open->term)};
		opens[i].reach[IP_V4] = ipset_empty(IP_V4);
		opens[i].reach[IP_V6] = ipset_empty(IP_V6);
		opens[i].reach[family] = open->reach;
	}
	*out = opens;
	return found.count;
}

static void copy_opens(struct diff_copy *copy, const struct spf_node *root, struct diff_side *side)
{
	struct diff_open *v4, *v6;
	size_t count_v4 = gather_opens(copy->scratch, root, IP_V4, &v4);
	size_t count_v6 = gather_opens(copy->scratch, root, IP_V6, &v6);
	struct diff_open *all = arena_alloc(copy->scratch, (count_v4 + count_v6 + 1) * sizeof *all);
	memcpy(all, v4, count_v4 * sizeof *all);
	memcpy(all + count_v4, v6, count_v6 * sizeof *all);
	for (size_t i = 0; i < count_v4 + count_v6; i++)
		all[i].position = (unsigned)i;
	size_t count = join_opens(copy->scratch, all, count_v4 + count_v6);
	struct diff_open *opens = diff_copy_array(copy->arena, all, count, sizeof *all);
	struct slice *keys = arena_alloc(copy->scratch, (count + 1) * sizeof *keys);
	for (size_t i = 0; i < count; i++) {
		keys[i] = opens[i].key = arena_copy(copy->arena, all[i].key);
		for (size_t f = 0; f < SPF_FAMILIES; f++)
			opens[i].reach[f] = diff_copy_set(copy->arena, all[i].reach[f]);
	}
	side->opens = opens;
	side->open_count = count;
	find_terms(side, opens);
	side->unresolved_count = diff_copy_sorted(copy, keys, count, &side->unresolved);
}

/* A side without terms that need a message, as nearly all are, costs nothing here. */
static bool has_open(const struct diff_side *side)
{
	for (size_t i = 0; i < side->term_count; i++)
		if (side->terms[i].open_key.len > 0)
			return true;
	return false;
}

void diff_tree_copy(struct diff_copy *copy, const struct verdict_spf *spf, struct diff_side *side)
{
	const struct spf_node *root = spf->tree->root;
	struct flattening f = {.copy = copy, .root = root->domain};
	struct spf_tree_place place = spf_tree_place_root(copy->scratch, root);
	add_record(&f, &place, DIFF_NO_TERM);
	side->terms = diff_copy_array(copy->arena, f.terms, f.count, sizeof *f.terms);
	side->term_count = f.count;
	side->reached_count = diff_copy_sorted(copy, f.names, f.name_count, &side->reached);
	if (has_open(side))
		copy_opens(copy, root, side);
}
