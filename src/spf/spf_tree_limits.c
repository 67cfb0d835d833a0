/* spf_tree_limits: see spf_tree_limits.h. Where a temporary failure hides a part of the tree, numbers are
 * too small: "near" a limit is said only of a tree that is all there.
 */
#include "spf/spf_tree_limits.h"

#include <assert.h>

#include <inttypes.h>

#include "spf/spf_networks.h"

#define LOOKUPS_NEAR	8      /* of ten: the next service that is included may be too much */
#define RANGE_LENGTH	16     /* a shorter IPv4 prefix is huge */
#define RANGE_ADDRESSES 100000 /* of all terms together */
#define LISTED_VOIDS	5

/* What is added up. */
enum measure { MEASURE_LOOKUPS, MEASURE_VOIDS_V4, MEASURE_VOIDS_V6 };

static unsigned own_part(const struct spf_tree_term *term, enum measure measure)
{
	switch (measure) {
	case MEASURE_LOOKUPS:
		return term->own_lookups;
	case MEASURE_VOIDS_V4:
		return term->sides[IP_V4].void_lookups;
	case MEASURE_VOIDS_V6:
		return term->sides[IP_V6].void_lookups;
	}
	return 0;
}

static unsigned whole_part(const struct spf_tree_term *term, enum measure measure)
{
	switch (measure) {
	case MEASURE_LOOKUPS:
		return term->lookups;
	case MEASURE_VOIDS_V4:
		return term->voids.ipv4;
	case MEASURE_VOIDS_V6:
		return term->voids.ipv6;
	}
	return 0;
}

/* The record below `term` that clients of the measure's family reach. */
static const struct spf_node *below(const struct spf_tree_term *term, enum measure measure)
{
	const struct spf_node *v4 = term->sides[IP_V4].tree, *v6 = term->sides[IP_V6].tree;
	if (measure == MEASURE_VOIDS_V6 || v4 == NULL)
		return v6;
	return measure == MEASURE_LOOKUPS && v6 != NULL && v6->lookups > v4->lookups ? v6 : v4;
}

/* The term of `node` with which the sum passes *left; *left is then what is left before it. Redirect
 * counts last. */
static const struct spf_tree_term *crossing(const struct spf_node *node, enum measure measure, unsigned *left)
{
	const struct spf_tree_term *redirect = NULL;
	for (size_t i = 0; i < node->count; i++) {
		const struct spf_tree_term *term = &node->terms[i];
		if (term->term->kind == SPF_REDIRECT && whole_part(term, measure) > 0) {
			redirect = term;
			continue;
		}
		if (whole_part(term, measure) > *left)
			return term;
		*left -= whole_part(term, measure);
	}
	return redirect;
}

/* Where a limit is crossed: the term to show in the publisher's own record, and the very term below it. */
struct crossing {
	struct spf_tree_place place;
	const struct spf_tree_term *shown;
	const struct spf_tree_term *deepest;
	const struct spf_node *deepest_node;
};

static struct crossing find_crossing(
	struct arena *arena, const struct spf_tree_place *root, enum measure measure, unsigned limit)
{
	struct crossing found = {.place = *root};
	const struct spf_node *node = root->node;
	unsigned left = limit;
	while (node != NULL) {
		const struct spf_tree_term *term = crossing(node, measure, &left);
		if (term == NULL)
			break;
		found.deepest = term;
		found.deepest_node = node;
		const struct spf_node *next = own_part(term, measure) > left ? NULL : below(term, measure);
		if (found.place.node == node)
			found.shown = term;
		if (found.place.node == node && next != NULL && term->term->kind == SPF_REDIRECT)
			found.place = spf_tree_place_below(arena, &found.place, term, next);
		left -= next != NULL ? own_part(term, measure) : 0;
		node = next;
	}
	return found;
}

/* --- lookups ------------------------------------------------------------------------------ */

static void judge_lookups(struct arena *arena, const struct spf_tree *tree, const struct spf_tree_place *root,
	struct findings *findings)
{
	unsigned lookups = tree->root->lookups;
	if (lookups > SPF_LOOKUP_LIMIT) {
		struct crossing at = find_crossing(arena, root, MEASURE_LOOKUPS, SPF_LOOKUP_LIMIT);
		struct finding *finding =
			spf_tree_place_report(findings, RULE_SPF_LOOKUP_LIMIT, &at.place, at.shown);
		assert(at.deepest != NULL); /* what is over the limit is over it at some term */
		bool is_more = tree->cut || tree->root->loops;
		finding->args[0] = arena_printf(arena, "%s%u", is_more ? "at least " : "", lookups);
		finding->args[1] = at.deepest->text;
		finding->args[2] = name_bytes(arena, at.deepest_node->domain);
	} else if (lookups >= LOOKUPS_NEAR && !tree->temporary && !tree->root->loops) {
		struct finding *finding = spf_tree_place_report(findings, RULE_SPF_LOOKUP_NEAR, root, NULL);
		finding->args[0] = arena_printf(arena, "%u", lookups);
	}
}

/* --- voids -------------------------------------------------------------------------------- */

static struct slice clients_text(bool v4, bool v6)
{
	if (v4 && v6)
		return SLICE("every client");
	return v4 ? SLICE("clients with an IPv4 address") : SLICE("clients with an IPv6 address");
}

struct void_list {
	struct arena *arena;
	struct slice text;
	size_t count;
};

static void add_text(struct void_list *list, struct slice text)
{
	list->text = arena_concat(list->arena, list->text, text);
}

static void add_void(struct void_list *list, const struct spf_tree_term *term, enum measure measure)
{
	if (list->count++ > 0)
		add_text(list, SLICE(", "));
	if (list->count > LISTED_VOIDS) {
		add_text(list, SLICE("..."));
		return;
	}
	add_text(list, slice_cstr(spf_kind_text(term->term->kind)));
	add_text(list, SLICE(":"));
	add_text(list, name_bytes(list->arena, term->sides[measure == MEASURE_VOIDS_V6].name));
}

/* The terms that find nothing, in the order of evaluation. */
static void list_voids(struct void_list *list, const struct spf_node *node, enum measure measure)
{
	for (size_t i = 0; i < node->count && list->count <= LISTED_VOIDS; i++) {
		const struct spf_tree_term *term = &node->terms[i];
		if (own_part(term, measure) > 0) {
			add_void(list, term, measure);
		} else if (whole_part(term, measure) > 0 && below(term, measure) != NULL) {
			list_voids(list, below(term, measure), measure);
		}
	}
}

static void judge_voids(struct arena *arena, const struct spf_tree *tree, const struct spf_tree_place *root,
	struct findings *findings)
{
	const struct spf_void_detail *voids = &tree->voids;
	bool v4 = voids->ipv4 > SPF_VOID_LIMIT, v6 = voids->ipv6 > SPF_VOID_LIMIT;
	if (v4 || v6) {
		enum measure measure = v4 ? MEASURE_VOIDS_V4 : MEASURE_VOIDS_V6;
		struct crossing at = find_crossing(arena, root, measure, SPF_VOID_LIMIT);
		struct void_list list = {.arena = arena};
		list_voids(&list, tree->root, measure);
		struct finding *finding =
			spf_tree_place_report(findings, RULE_SPF_VOID_LIMIT, &at.place, at.shown);
		finding->args[0] = arena_printf(arena, "%u", v4 ? voids->ipv4 : voids->ipv6);
		finding->args[1] = clients_text(v4, v6);
		finding->args[2] = list.text;
		return;
	}
	v4 = voids->queries_ipv4 > SPF_VOID_LIMIT;
	v6 = voids->queries_ipv6 > SPF_VOID_LIMIT;
	if ((v4 || v6) && !tree->temporary) {
		struct finding *finding = spf_tree_place_report(findings, RULE_SPF_VOID_QUERIES, root, NULL);
		finding->args[0] = arena_printf(arena, "%u", v4 ? voids->queries_ipv4 : voids->queries_ipv6);
		finding->args[1] = clients_text(v4, v6);
	}
}

void spf_tree_limits(struct arena *arena, const struct spf_tree *tree, const struct spf_tree_place *root,
	struct findings *findings)
{
	judge_lookups(arena, tree, root, findings);
	judge_voids(arena, tree, root, findings);
}

/* --- ranges ------------------------------------------------------------------------------- */

static bool is_reached_pass(const struct spf_record *record, const struct spf_term *term)
{
	return !term->is_modifier && term->qualifier == SPF_QUALIFIER_PASS && term->valid &&
	       (record->all == NULL || term < record->all);
}

/* The first IPv4 network of a term that is shorter than a /16; NULL without. */
static const struct prefix *huge_network(const struct spf_tree_term *term)
{
	for (size_t i = 0; i < term->network_count; i++) {
		if (term->networks[i].ip.family == IP_V4 && term->networks[i].length < RANGE_LENGTH)
			return &term->networks[i];
	}
	return NULL;
}

/* The ip4 terms of the record are all addresses: spf-range-all says so, from the text alone. */
static bool names_all(struct arena *arena, const struct spf_node *node)
{
	struct prefix *prefixes = arena_alloc(arena, (node->count + 1) * sizeof *prefixes);
	size_t count = 0;
	for (size_t i = 0; i < node->count; i++) {
		const struct spf_term *term = node->terms[i].term;
		if (term->kind == SPF_IP4 && is_reached_pass(node->record, term))
			prefixes[count++] = term->network;
	}
	return ipset_is_all(ipset_of(arena, IP_V4, prefixes, count));
}

bool spf_tree_limits_ranges(
	struct arena *arena, const struct spf_tree_place *place, struct findings *findings)
{
	const struct spf_node *node = place->node;
	if (names_all(arena, node))
		return true;
	bool found = false;
	for (size_t i = 0; i < node->count; i++) {
		const struct spf_tree_term *term = &node->terms[i];
		const struct prefix *network = huge_network(term);
		if (network == NULL || !is_reached_pass(node->record, term->term))
			continue;
		found = true;
		if (term->term->kind == SPF_IP4 && spf_networks_is_special(*network))
			continue;	  /* large, but nobody sends from there: said from the text alone */
		if (network->length == 0) /* "a/0": spf-range-all says it */
			continue;
		struct finding *finding = spf_tree_place_report(findings, RULE_SPF_RANGE_HUGE, place, term);
		finding->args[0] = prefix_text(arena, *network);
		finding->args[1] = arena_printf(arena, "%" PRIu64, (uint64_t)1 << (32 - network->length));
	}
	return found;
}

void spf_tree_limits_total(struct arena *arena, const struct spf_tree *tree,
	const struct spf_tree_place *root, struct findings *findings)
{
	uint64_t count = ipset_count_v4(tree->ipv4);
	if (count <= RANGE_ADDRESSES || tree->temporary)
		return;
	if (tree->default_known && tree->default_result == SPF_PASS)
		return;
	struct finding *finding = spf_tree_place_report(findings, RULE_SPF_RANGE_HUGE, root, NULL);
	finding->args[0] = SLICE("the record with everything that it includes");
	finding->args[1] = arena_printf(arena, "%" PRIu64, count);
}

/* --- includes that are not needed --------------------------------------------------------- */

/* Nothing but networks: they could stand in the record that includes it. */
static bool is_flat(const struct spf_node *node)
{
	for (size_t i = 0; i < node->count; i++) {
		enum spf_kind kind = node->terms[i].term->kind;
		if (kind != SPF_IP4 && kind != SPF_IP6 && kind != SPF_ALL)
			return false;
	}
	return node->count > 0 && !node->permerror;
}

static bool is_same_organization(const struct psl *psl, struct name a, struct name b)
{
	struct name first = psl_registrable(psl, a), second = psl_registrable(psl, b);
	return !name_is_none(first) && !name_is_none(second) && name_equal(first, second);
}

void spf_tree_limits_own_includes(struct arena *arena, const struct spf_tree *tree,
	const struct spf_tree_place *place, const struct psl *psl, struct findings *findings)
{
	if (psl == NULL || tree->root->lookups < LOOKUPS_NEAR || tree->temporary || tree->root->loops)
		return;
	for (size_t i = 0; i < place->node->count; i++) {
		const struct spf_tree_term *term = &place->node->terms[i];
		if (term->term->kind != SPF_INCLUDE || term->tree == NULL || !is_flat(term->tree) ||
			!is_same_organization(psl, term->tree->domain, place->node->domain))
			continue;
		struct finding *finding =
			spf_tree_place_report(findings, RULE_SPF_INCLUDE_SELF_ORG, place, term);
		finding->args[0] = name_bytes(arena, term->tree->domain);
		finding->args[1] = arena_printf(arena, "%u", tree->root->lookups);
	}
}
