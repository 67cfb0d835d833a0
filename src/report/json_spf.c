/* json_spf: see json_spf.h; the order of keys is that of mailauth-json(5). */
#include "report/json_spf.h"

#include "report/json_parts.h"

/* valid, which is null when there is nothing to judge. */
static void put_valid(struct json *json, enum section_status status)
{
	json_key(json, "valid");
	if (status == STATUS_VALID || status == STATUS_INVALID)
		json_bool(json, status == STATUS_VALID);
	else
		json_null(json);
}

static void put_node(struct json *json, const struct spf_node *node);

static void put_prefixes(struct json *json, const struct prefix *prefixes, size_t count)
{
	json_array(json);
	for (size_t i = 0; i < count; i++)
		json_string(json, prefix_text(json->arena, prefixes[i]));
	json_end_array(json);
}

static void put_qualifier(struct json *json, const struct spf_term *term)
{
	char qualifier = spf_qualifier_char(term->qualifier);
	json_key(json, "qualifier");
	if (term->is_modifier)
		json_null(json);
	else
		json_string(json, slice_of(&qualifier, 1));
}

static void put_target(struct json *json, const struct spf_tree_term *term)
{
	json_key(json, "target");
	if (term->has_target)
		json_bytes(json, term->target);
	else
		json_null(json);
}

static void put_term(struct json *json, const struct spf_tree_term *term)
{
	json_object(json);
	json_key(json, "text");
	json_bytes(json, term->text);
	json_key(json, "kind");
	json_text(json, spf_kind_text(term->term->kind));
	put_qualifier(json, term->term);
	put_target(json, term);
	json_key(json, "outcome");
	json_text(json, spf_outcome_text(term->outcome));
	json_key(json, "lookups");
	json_number(json, term->lookups);
	json_key(json, "void_lookups");
	if (term->voids_known)
		json_number(json, term->void_lookups);
	else
		json_null(json);
	json_key(json, "span");
	json_parts_span(json, term->term->span);
	json_key(json, "networks");
	put_prefixes(json, term->networks, term->network_count);
	json_key(json, "tree");
	put_node(json, term->tree);
	json_end_object(json);
}

/* One record of the tree with what it leads to. As deep as the walk went (SPF_TREE_MAX_TERMS). */
static void put_node(struct json *json, const struct spf_node *node)
{
	if (node == NULL) {
		json_null(json);
		return;
	}
	const struct answer *answer = node->selection == NULL ? NULL : node->selection->answer;
	if (answer != NULL && answer->kind == ANSWER_TEMPORARY)
		answer = NULL;
	const struct record *txt = node->selection == NULL ? NULL : node->selection->record;
	json_object(json);
	json_key(json, "domain");
	json_parts_name(json, node->domain);
	json_key(json, "record");
	if (txt == NULL)
		json_null(json);
	else
		json_bytes(json, txt->data.txt.joined);
	json_key(json, "ttl");
	if (txt == NULL || answer == NULL)
		json_null(json);
	else
		json_number(json, answer->ttl);
	json_key(json, "origin");
	json_parts_origin(json, txt != NULL ? &txt->origin : answer != NULL ? &answer->origin : NULL);
	json_key(json, "lookups");
	json_number(json, node->lookups);
	json_key(json, "void_lookups");
	json_number(json, node->void_lookups);
	json_key(json, "terms");
	json_array(json);
	for (size_t i = 0; i < node->count; i++)
		put_term(json, &node->terms[i]);
	json_end_array(json);
	json_end_object(json);
}

static void put_void_detail(struct json *json, const struct spf_void_detail *voids)
{
	json_key(json, "void_detail");
	json_object(json);
	json_key(json, "ipv4");
	json_number(json, voids->ipv4);
	json_key(json, "ipv6");
	json_number(json, voids->ipv6);
	json_key(json, "queries_ipv4");
	json_number(json, voids->queries_ipv4);
	json_key(json, "queries_ipv6");
	json_number(json, voids->queries_ipv6);
	json_end_object(json);
}

static void put_counts(struct json *json, const struct spf_tree *tree)
{
	json_key(json, "lookups");
	json_number(json, tree->lookups);
	json_key(json, "lookup_limit");
	json_number(json, SPF_LOOKUP_LIMIT);
	json_key(json, "void_lookups");
	json_number(json, tree->void_lookups);
	json_key(json, "void_lookup_limit");
	json_number(json, SPF_VOID_LIMIT);
	put_void_detail(json, &tree->voids);
	json_key(json, "default");
	if (tree->root->record != NULL && tree->default_known)
		json_text(json, spf_result_text(tree->default_result));
	else
		json_null(json);
}

static void put_set(struct json *json, const char *key, struct ipset set)
{
	size_t count = 0;
	const struct prefix *prefixes = ipset_prefixes(json->arena, set, &count);
	json_key(json, key);
	put_prefixes(json, prefixes, count);
}

static void put_networks(struct json *json, const struct spf_tree *tree)
{
	json_key(json, "networks");
	json_object(json);
	put_set(json, "ipv4", tree->ipv4);
	put_set(json, "ipv6", tree->ipv6);
	json_key(json, "ipv4_addresses");
	json_number(json, ipset_count_v4(tree->ipv4));
	json_key(json, "complete");
	json_bool(json, tree->complete);
	json_end_object(json);
}

/* False where nothing is known: it cannot be fetched now, or needs a message. */
static bool explanation_known(const struct spf_explanation *explanation)
{
	return explanation->resolved &&
	       (explanation->answer == NULL || explanation->answer->kind != ANSWER_TEMPORARY);
}

static void put_explanation(struct json *json, const struct spf_explanation *explanation)
{
	json_key(json, "explanation");
	if (explanation == NULL) {
		json_null(json);
		return;
	}
	json_object(json);
	json_key(json, "domain");
	json_bytes(json, explanation->domain);
	json_key(json, "record");
	if (explanation->has_record)
		json_bytes(json, explanation->record);
	else
		json_null(json);
	json_key(json, "valid");
	if (explanation_known(explanation))
		json_bool(json, explanation->valid);
	else
		json_null(json);
	json_key(json, "reachable");
	json_bool(json, explanation->reachable);
	json_key(json, "example");
	if (explanation->valid)
		json_bytes(json, explanation->example);
	else
		json_null(json);
	json_end_object(json);
}

void json_spf(struct json *json, const struct verdict_spf *spf)
{
	const struct spf_tree *tree = spf->tree;
	const struct spf_selection *selection = tree->root->selection;
	const struct record *txt = selection == NULL ? NULL : selection->record;
	json_object(json);
	json_key(json, "status");
	json_text(json, section_status_text(spf->status));
	put_valid(json, spf->status);
	json_parts_record(json, txt);
	json_parts_strings(json, txt);
	json_parts_source(json, selection == NULL ? NULL : selection->answer, txt);
	json_parts_records(json, selection == NULL ? NULL : selection->candidates,
		selection == NULL ? 0 : selection->candidate_count);
	put_counts(json, tree);
	json_key(json, "tree");
	put_node(json, tree->root);
	put_networks(json, tree);
	put_explanation(json, spf->explanation);
	json_end_object(json);
}
