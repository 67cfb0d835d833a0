/* spf_partition: see spf_partition.h. */
#include "spf/spf_partition.h"

/* --- terms that need a message ----------------------------------------------------------------- */

struct term_list {
	struct arena *arena;
	struct slice *items;
	size_t count, capacity;
};

static void add_once(struct term_list *list, struct slice text)
{
	for (size_t i = 0; i < list->count; i++)
		if (slice_equal(list->items[i], text))
			return;
	list->items = arena_grow(list->arena, list->items, list->count, &list->capacity, sizeof text);
	list->items[list->count++] = text;
}

static bool needs_message(const struct spf_tree_term *term)
{
	if (term->term->kind == SPF_PTR)
		return term->sides[IP_V4].walked || term->sides[IP_V6].walked;
	for (size_t i = 0; i < SPF_FAMILIES; i++)
		if (term->sides[i].walked &&
			(term->sides[i].outcome == SPF_OUTCOME_UNRESOLVED || term->sides[i].only_sample))
			return true;
	return false;
}

/* A tree is at most SPF_TREE_MAX_DEPTH records deep. A record that both families reach is one. */
static void list_unresolved(struct term_list *list, const struct spf_node *node)
{
	for (size_t i = 0; i < node->count; i++) {
		const struct spf_tree_term *term = &node->terms[i];
		const struct spf_node *v4 = term->sides[IP_V4].tree, *v6 = term->sides[IP_V6].tree;
		if (needs_message(term))
			add_once(list, term->text);
		if (v4 != NULL)
			list_unresolved(list, v4);
		if (v6 != NULL && v6 != v4)
			list_unresolved(list, v6);
	}
}

/* --- the sets ---------------------------------------------------------------------------------- */

static void restrict_to(struct arena *arena, struct ipset network, struct spf_tree_partition *out)
{
	for (size_t i = 0; i < SPF_RESULTS; i++)
		out->by_result[i] = ipset_intersect(arena, out->by_result[i], network);
	out->unknown = ipset_intersect(arena, out->unknown, network);
}

static void nothing_of(struct spf_tree_partition *out, enum ip_family family)
{
	for (size_t i = 0; i < SPF_RESULTS; i++)
		out->by_result[i] = ipset_empty(family);
	out->unknown = ipset_empty(family);
}

enum spf_result spf_partition_order(size_t index)
{
	static const enum spf_result order[SPF_RESULTS] = {
		SPF_PASS, SPF_FAIL, SPF_SOFTFAIL, SPF_NEUTRAL, SPF_NONE, SPF_TEMPERROR, SPF_PERMERROR};
	return order[index];
}

bool spf_partition_has(const struct spf_partition *partition, enum spf_result result)
{
	return !ipset_is_empty(partition->families[IP_V4].by_result[result]) ||
	       !ipset_is_empty(partition->families[IP_V6].by_result[result]);
}

bool spf_partition_has_unknown(const struct spf_partition *partition)
{
	return !ipset_is_empty(partition->families[IP_V4].unknown) ||
	       !ipset_is_empty(partition->families[IP_V6].unknown);
}

const char *spf_partition_words(struct arena *arena, const struct spf_partition *partition)
{
	const char *list = "";
	for (size_t i = 0; i < SPF_RESULTS; i++)
		if (spf_partition_has(partition, spf_partition_order(i)))
			list = arena_printf(arena, "%s%s%s", list, *list ? ", " : "",
				spf_result_text(spf_partition_order(i)))
				       .ptr;
	if (spf_partition_has_unknown(partition))
		list = arena_printf(arena, "%s%snot known", list, *list ? ", " : "").ptr;
	return list;
}

static void find_single(struct spf_partition *out)
{
	size_t count = 0;
	for (size_t i = 0; i < SPF_RESULTS; i++) {
		if (!spf_partition_has(out, (enum spf_result)i))
			continue;
		out->result = (enum spf_result)i;
		count++;
	}
	out->is_single = count == 1 && !spf_partition_has_unknown(out);
}

/* Every address gets none: there is no domain to ask (RFC 7208 4.3). */
static void all_none(struct arena *arena, struct spf_partition *out)
{
	for (size_t i = 0; i < SPF_FAMILIES; i++) {
		nothing_of(&out->families[i], (enum ip_family)i);
		out->families[i].by_result[SPF_NONE] = ipset_all(arena, (enum ip_family)i);
	}
}

static void walk(const struct spf_partition_request *request, struct view *view, struct arena *arena,
	struct name domain, struct spf_partition *out)
{
	struct term_list unresolved = {.arena = arena};
	const struct spf_tree *tree = spf_tree_walk(view, arena, domain, &request->sample, NULL, NULL);
	for (size_t i = 0; i < SPF_FAMILIES; i++)
		spf_tree_networks_partition(
			arena, tree->root, (enum ip_family)i, &request->sample, &out->families[i]);
	list_unresolved(&unresolved, tree->root);
	out->unresolved = unresolved.items;
	out->unresolved_count = unresolved.count;
}

enum eval_state spf_partition(const struct spf_partition_request *request, struct view *view,
	struct arena *arena, struct spf_partition *out)
{
	struct name domain;
	*out = (struct spf_partition){.result = SPF_NONE};
	if (spf_request_is_identity(arena, request->domain, &domain))
		walk(request, view, arena, domain, out);
	else
		all_none(arena, out);
	if (request->has_network) {
		enum ip_family family = request->network.ip.family;
		enum ip_family other = family == IP_V4 ? IP_V6 : IP_V4;
		restrict_to(arena, ipset_of(arena, family, &request->network, 1), &out->families[family]);
		nothing_of(&out->families[other], other);
	}
	find_single(out);
	return view_end_run(view);
}
