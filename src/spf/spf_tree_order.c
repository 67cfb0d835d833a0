/* spf_tree_order: see spf_tree_order.h.
 *
 *     v=spf1 ?include:_spf.example.net ip4:192.0.2.7 -all      _spf.example.net: ip4:192.0.2.0/24
 *     192.0.2.7 is neutral: the include has it already
 */
#include "spf/spf_tree_order.h"

#include "spf/spf_tree_networks.h"

#define MAX_TERMS      100 /* of a record that is looked at */
#define MAX_EXCEPTIONS 10  /* terms that do not say pass */

struct reach {
	const struct spf_tree_term *term;
	struct ipset sets[SPF_FAMILIES];
	bool known;
};

static bool is_ip(const struct spf_tree_term *term)
{
	return spf_kind_is_network(term->term->kind);
}

static void reach_of_include(struct arena *arena, struct reach *reach)
{
	static const struct spf_sample none;
	for (size_t i = 0; i < SPF_FAMILIES; i++) {
		const struct spf_node *tree = reach->term->sides[i].tree;
		reach->known = reach->known && tree != NULL && tree->complete && !tree->permerror;
		if (reach->known)
			reach->sets[i] = spf_tree_networks(arena, tree, (enum ip_family)i, &none);
	}
}

static struct reach reach_of(struct arena *arena, const struct spf_tree_term *term)
{
	struct reach reach = {.term = term, .known = term->outcome == SPF_OUTCOME_OK};
	for (size_t i = 0; i < SPF_FAMILIES; i++)
		reach.sets[i] = ipset_of(arena, (enum ip_family)i, term->networks, term->network_count);
	if (term->term->kind == SPF_INCLUDE)
		reach_of_include(arena, &reach);
	else if (!is_ip(term) && term->term->kind != SPF_A && term->term->kind != SPF_MX)
		reach.known = false;
	return reach;
}

/* All addresses of `late` are in `early`, and there are some. */
static bool has_all(struct arena *arena, const struct reach *early, const struct reach *late)
{
	bool any = false;
	for (size_t i = 0; i < SPF_FAMILIES; i++) {
		any = any || !ipset_is_empty(late->sets[i]);
		if (!ipset_is_empty(ipset_subtract(arena, late->sets[i], early->sets[i])))
			return false;
	}
	return any;
}

/* The directives that are reached before `all`; 0 when there are too many, or nothing to compare. */
static size_t list_terms(const struct spf_node *node, const struct spf_tree_term *terms[MAX_TERMS])
{
	size_t count = 0, exceptions = 0;
	for (size_t i = 0; i < node->count; i++) {
		const struct spf_term *term = node->terms[i].term;
		if (!term->valid || term->is_modifier || term->kind == SPF_UNKNOWN)
			continue;
		if (term == node->record->all)
			break;
		exceptions += term->qualifier != SPF_QUALIFIER_PASS;
		if (count == MAX_TERMS || exceptions > MAX_EXCEPTIONS)
			return 0;
		terms[count++] = &node->terms[i];
	}
	return exceptions > 0 ? count : 0;
}

static const struct reach *shadow_of(struct arena *arena, const struct reach *reaches, size_t index)
{
	const struct reach *late = &reaches[index];
	for (size_t i = 0; i < index && late->known; i++) {
		const struct reach *early = &reaches[i];
		bool differs = early->term->term->qualifier != late->term->term->qualifier;
		bool is_told = is_ip(early->term) && is_ip(late->term);
		if (early->known && differs && !is_told && has_all(arena, early, late))
			return early;
	}
	return NULL;
}

void spf_tree_order_report(struct arena *arena, const struct spf_tree_place *place, struct findings *findings)
{
	const struct spf_tree_term *terms[MAX_TERMS];
	struct reach reaches[MAX_TERMS];
	size_t count = list_terms(place->node, terms);
	for (size_t i = 0; i < count; i++)
		reaches[i] = reach_of(arena, terms[i]);
	for (size_t i = 1; i < count; i++) {
		const struct reach *early = shadow_of(arena, reaches, i);
		if (early == NULL)
			continue;
		struct finding *finding =
			spf_tree_place_report(findings, RULE_SPF_NEGATIVE_ORDER, place, terms[i]);
		finding->args[0] = terms[i]->text;
		finding->args[1] = early->term->text;
	}
}
