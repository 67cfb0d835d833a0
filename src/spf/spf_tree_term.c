/* spf_tree_term: see spf_tree_term.h. */
#include "spf/spf_tree_term.h"

#include <stdlib.h>

#include "spf/spf_side.h"
#include "spf/spf_target.h"

#define MIN_LABELS 2 /* of a domain that can have an SPF record, RFC 7208 4.3 */

bool spf_tree_term_is_link(const struct spf_term *term)
{
	return term->kind == SPF_INCLUDE || term->kind == SPF_REDIRECT;
}

/* --- the target --------------------------------------------------------------------------- */

static struct spf_target expand(
	const struct spf_tree_term_context *context, enum ip_family family, const struct macro_string *spec)
{
	const struct spf_target_request request = {
		.inspected = context->inspected,
		.sample = context->sample,
		.domain = context->domain,
		.family = family,
	};
	return spf_target_expand(context->arena, &request, spec);
}

/* check_host() needs a domain of two labels that is no address; the other mechanisms ask for any name.
 * RFC 7208 4.3 */
static bool is_usable(const struct spf_term *term, const struct spf_target *target)
{
	struct ip ip;
	bool is_address = target->text.ptr[0] == '[' || ip_parse(target->text, &ip);
	return !spf_tree_term_is_link(term) || (name_labels(target->name) >= MIN_LABELS && !is_address);
}

/* The target for the clients of one family; true when DNS can be asked for it. */
static bool begin_side(
	const struct spf_tree_term_context *context, struct spf_tree_term *out, enum ip_family family)
{
	struct spf_side *side = &out->sides[family];
	struct spf_target target = expand(context, family, out->term->domain_spec);
	/* A sample message has an address of one family: its side is the one with a name. */
	if (!out->has_target || (name_is_none(out->sides[IP_V4].name) && target.kind == SPF_TARGET_NAME))
		out->target = target.text;
	out->has_target = true;
	side->walked = true;
	side->only_sample = target.uses_ip;
	if (target.kind == SPF_TARGET_NAME && !is_usable(out->term, &target))
		target.kind = SPF_TARGET_BAD;
	switch (target.kind) {
	case SPF_TARGET_NAME:
		side->name = target.name;
		return true;
	case SPF_TARGET_UNRESOLVED:
		side->outcome = SPF_OUTCOME_UNRESOLVED;
		return false;
	case SPF_TARGET_BAD:
		/* Nothing is asked and nothing matches; for include and redirect it is `none`. RFC 7208
		 * 4.3, 4.8 */
		side->bad_name = true;
		side->outcome = spf_tree_term_is_link(out->term) ? SPF_OUTCOME_PERMERROR : SPF_OUTCOME_NONE;
		return false;
	}
	return false;
}

/* --- what is there ------------------------------------------------------------------------ */

static int compare_prefixes(const void *left, const void *right)
{
	const struct prefix *a = left, *b = right;
	if (a->ip.family != b->ip.family)
		return a->ip.family < b->ip.family ? -1 : 1;
	int order = memcmp(a->ip.bytes, b->ip.bytes, sizeof a->ip.bytes);
	return order != 0 ? order : (int)a->length - (int)b->length;
}

/* In ascending order, each once: two exchanges may share an address. */
static void set_networks(struct spf_tree_term *out, const struct spf_side_networks *networks)
{
	if (networks->count == 0)
		return;
	qsort(networks->items, networks->count, sizeof *networks->items, compare_prefixes);
	size_t kept = 1;
	for (size_t i = 1; i < networks->count; i++) {
		if (compare_prefixes(&networks->items[kept - 1], &networks->items[i]) != 0)
			networks->items[kept++] = networks->items[i];
	}
	out->networks = networks->items;
	out->network_count = kept;
}

void spf_tree_term_look(
	const struct spf_tree_term_context *context, struct view *view, struct spf_tree_term *out)
{
	static const enum ip_family order[SPF_FAMILIES] = {IP_V4, IP_V6};
	const struct macro_string *spec = out->term->domain_spec;
	struct spf_side_networks networks = {0};
	/* %{p} asks for PTR, which is counted too. RFC 7208 4.6.4 */
	out->own_lookups = spec != NULL && macro_uses(spec, 'p') ? 2 : 1;
	for (size_t i = 0; i < SPF_FAMILIES; i++) {
		if (!context->families[order[i]] || !begin_side(context, out, order[i]))
			continue;
		spf_side_look(view, context->arena, out->term, order[i], &out->sides[order[i]], &networks);
	}
	set_networks(out, &networks);
}

void spf_tree_term_cut(const struct spf_tree_term_context *context, struct spf_tree_term *out)
{
	out->own_lookups = 1;
	for (size_t i = 0; i < SPF_FAMILIES; i++) {
		out->sides[i].walked = context->families[i];
		out->sides[i].outcome = SPF_OUTCOME_CUT;
	}
}

#define OUTCOMES (SPF_OUTCOME_CUT + 1)

/* What people see where the families differ: the worse one when it is about the record, the better one
 * when it is only about which addresses there are (a host without IPv6 is no news). A target without a
 * record is permerror. RFC 7208 5.2, 6.1. Only a sample message makes one family known and the other
 * unresolved: then what is known. */
static enum spf_outcome merged_outcome(const struct spf_tree_term *out)
{
	static const enum spf_outcome of_links[OUTCOMES] = {SPF_OUTCOME_TEMPORARY, SPF_OUTCOME_LOOP,
		SPF_OUTCOME_PERMERROR, SPF_OUTCOME_NONE, SPF_OUTCOME_CUT, SPF_OUTCOME_OK,
		SPF_OUTCOME_UNRESOLVED};
	static const enum spf_outcome of_hosts[OUTCOMES] = {SPF_OUTCOME_TEMPORARY, SPF_OUTCOME_LOOP,
		SPF_OUTCOME_PERMERROR, SPF_OUTCOME_OK, SPF_OUTCOME_CUT, SPF_OUTCOME_NONE,
		SPF_OUTCOME_UNRESOLVED};
	const enum spf_outcome *order = spf_tree_term_is_link(out->term) ? of_links : of_hosts;
	for (size_t i = 0; i < OUTCOMES; i++) {
		for (size_t family = 0; family < SPF_FAMILIES; family++) {
			if (out->sides[family].walked && out->sides[family].outcome == order[i])
				return order[i];
		}
	}
	return SPF_OUTCOME_OK;
}

void spf_tree_term_merge(struct spf_tree_term *out)
{
	for (size_t i = SPF_FAMILIES; i-- > 0;) {
		const struct spf_node *tree = out->sides[i].tree;
		if (tree != NULL && tree->record != NULL)
			out->tree = tree;
	}
	out->outcome = merged_outcome(out);
}

/* --- terms that need no DNS --------------------------------------------------------------- */

static void read_network(const struct spf_tree_term_context *context, struct spf_tree_term *out)
{
	struct prefix *network = arena_alloc(context->arena, sizeof *network);
	*network = prefix_masked(out->term->network);
	out->networks = network;
	out->network_count = 1;
	out->has_target = true;
	out->target = prefix_text(context->arena, out->term->network);
}

/* exp is fetched only after a fail, costs nothing here, and is looked at by spf_explain. */
static void read_exp(const struct spf_tree_term_context *context, struct spf_tree_term *out)
{
	struct spf_target target = expand(context, IP_V4, out->term->domain_spec);
	out->has_target = true;
	out->target = target.text;
	if (target.kind == SPF_TARGET_UNRESOLVED)
		out->outcome = SPF_OUTCOME_UNRESOLVED;
}

void spf_tree_term_read(const struct spf_tree_term_context *context, struct spf_tree_term *out)
{
	if (!out->term->valid)
		out->outcome = SPF_OUTCOME_PERMERROR;
	else if (spf_kind_is_network(out->term->kind))
		read_network(context, out);
	else if (out->term->kind == SPF_EXP)
		read_exp(context, out);
}
