/* spf_tree: the walk through includes and redirects; see spf_tree.h.
 *
 * The walk never stops at a term: it goes on behind what is broken, missing or not answered yet, so that
 * one run asks every question that can be seen. It goes level by level, so that where it is cut a run with
 * more answers sees the same and more: a tree of millions of branches costs no more questions than its
 * bounds. What the tree means is worked out afterwards: spf_tree_count() adds up, spf_tree_networks() finds
 * who passes, spf_tree_findings() judges.
 *
 *     example.com        v=spf1 include:_spf.example.net mx -all
 *       _spf.example.net v=spf1 ip4:192.0.2.0/24 redirect=example.com      a name on its own path: a loop
 */
#include "spf/spf_tree.h"

#include "spf/spf_tree_count.h"
#include "spf/spf_tree_findings.h"
#include "spf/spf_tree_networks.h"
#include "spf/spf_tree_term.h"

/* Whose clients come by: which families. */
struct families {
	bool has[SPF_FAMILIES];
};

/* A record in the queue of those to walk. Its node has a selection once it was entered. */
struct visit {
	struct spf_node *node;
	struct families families;
	const struct visit *up; /* the record that led here; NULL for the root */
	unsigned depth;
	struct visit *next;
	struct visit *previous;
};

struct walk {
	struct view *view;
	struct arena *arena;
	struct name inspected;
	const struct spf_sample *sample;
	size_t lookup_terms; /* visited so far */
	size_t all_terms;
	struct visit *last; /* end of the queue */
};

const char *spf_outcome_text(enum spf_outcome outcome)
{
	static const char *const texts[] = {
		[SPF_OUTCOME_OK] = "ok",
		[SPF_OUTCOME_NONE] = "none",
		[SPF_OUTCOME_PERMERROR] = "permerror",
		[SPF_OUTCOME_TEMPORARY] = "temporary",
		[SPF_OUTCOME_LOOP] = "loop",
		[SPF_OUTCOME_UNRESOLVED] = "unresolved",
		[SPF_OUTCOME_CUT] = "cut",
	};
	return texts[outcome];
}

const char *spf_result_text(enum spf_result result)
{
	static const char *const texts[] = {
		[SPF_NONE] = "none",
		[SPF_NEUTRAL] = "neutral",
		[SPF_PASS] = "pass",
		[SPF_FAIL] = "fail",
		[SPF_SOFTFAIL] = "softfail",
		[SPF_TEMPERROR] = "temperror",
		[SPF_PERMERROR] = "permerror",
	};
	return texts[result];
}

/* --- include and redirect ----------------------------------------------------------------- */

static bool is_on_path(const struct visit *visit, struct name name)
{
	for (; visit != NULL; visit = visit->up) {
		if (name_equal(visit->node->domain, name))
			return true;
	}
	return false;
}

static struct visit *enqueue(
	struct walk *walk, struct name domain, struct families families, const struct visit *up)
{
	struct visit *visit = arena_alloc(walk->arena, sizeof *visit);
	visit->node = arena_alloc(walk->arena, sizeof *visit->node);
	visit->node->domain = domain;
	visit->families = families;
	visit->up = up;
	visit->depth = up == NULL ? 1 : up->depth + 1;
	visit->previous = walk->last;
	if (walk->last != NULL)
		walk->last->next = visit;
	walk->last = visit;
	return visit;
}

static void enter(
	struct walk *walk, struct spf_side *side, struct families families, const struct visit *visit)
{
	if (is_on_path(visit, side->name))
		side->outcome = SPF_OUTCOME_LOOP;
	else
		side->tree = enqueue(walk, side->name, families, visit)->node;
}

/* The record is walked once where both families have the same target, once for each where %{v} makes two
 * of it. */
static void enter_sides(struct walk *walk, struct spf_tree_term *out, const struct visit *visit)
{
	struct spf_side *v4 = &out->sides[IP_V4], *v6 = &out->sides[IP_V6];
	bool enters_v4 = v4->walked && !name_is_none(v4->name);
	bool enters_v6 = v6->walked && !name_is_none(v6->name);
	if (enters_v4 && enters_v6 && name_equal(v4->name, v6->name)) {
		enter(walk, v4, (struct families){{true, true}}, visit);
		v6->outcome = v4->outcome;
		v6->tree = v4->tree;
		return;
	}
	if (enters_v4)
		enter(walk, v4, (struct families){{[IP_V4] = true}}, visit);
	if (enters_v6)
		enter(walk, v6, (struct families){{[IP_V6] = true}}, visit);
}

/* What a record means for the term that led there. RFC 7208 5.2, 6.1: none is permerror there, and is told
 * apart for people. */
static enum spf_outcome outcome_of(const struct spf_node *node)
{
	if (node->selection->answer->kind == ANSWER_TEMPORARY)
		return SPF_OUTCOME_TEMPORARY;
	if (node->record == NULL)
		return SPF_OUTCOME_NONE;
	return node->permerror ? SPF_OUTCOME_PERMERROR : SPF_OUTCOME_OK;
}

/* After the record below was walked and counted. */
static void leave(struct spf_side *side)
{
	if (side->tree == NULL)
		return;
	if (side->tree->selection == NULL) {
		side->tree = NULL;
		side->outcome = SPF_OUTCOME_CUT;
		return;
	}
	enum answer_kind kind = side->tree->selection->answer->kind;
	side->void_queries = kind == ANSWER_NODATA || kind == ANSWER_NXDOMAIN;
	side->outcome = outcome_of(side->tree);
}

/* --- one record --------------------------------------------------------------------------- */

static void walk_term(struct walk *walk, struct spf_tree_term *out, const struct visit *visit)
{
	const struct spf_tree_term_context context = {
		.arena = walk->arena,
		.inspected = walk->inspected,
		.sample = walk->sample,
		.domain = visit->node->domain,
		.families = visit->families.has,
	};
	if (!out->term->valid || !spf_kind_asks_dns(out->term->kind)) {
		spf_tree_term_read(&context, out);
	} else if (walk->lookup_terms >= SPF_TREE_MAX_TERMS) {
		spf_tree_term_cut(&context, out);
	} else {
		walk->lookup_terms++;
		spf_tree_term_look(&context, walk->view, out);
		if (spf_tree_term_is_link(out->term))
			enter_sides(walk, out, visit);
	}
}

/* Never reached: a directive behind `all`, or a redirect beside one. RFC 7208 5.1, 6.1 */
static bool is_dead(const struct spf_record *record, const struct spf_term *term)
{
	if (term->kind == SPF_REDIRECT)
		return record->all != NULL || term != record->redirect;
	return record->all != NULL && term > record->all && !term->is_modifier;
}

static void walk_terms(struct walk *walk, const struct visit *visit)
{
	struct spf_node *node = visit->node;
	const struct spf_record *record = node->record;
	struct spf_tree_term *redirect = NULL;
	node->terms = arena_alloc(walk->arena, (record->count + 1) * sizeof *node->terms);
	node->count = record->count;
	walk->all_terms += record->count;
	for (size_t i = 0; i < record->count; i++) {
		struct spf_tree_term *out = &node->terms[i];
		out->term = &record->terms[i];
		out->text = slice_at(record->text, out->term->span);
		if (out->term->valid && is_dead(record, out->term))
			out->outcome = SPF_OUTCOME_CUT;
		else if (out->term == record->redirect)
			redirect = out; /* wherever it stands, it comes last. RFC 7208 6.1 */
		else
			walk_term(walk, out, visit);
	}
	if (redirect != NULL)
		walk_term(walk, redirect, visit);
}

static bool is_past_bounds(const struct walk *walk, const struct visit *visit)
{
	return walk->lookup_terms >= SPF_TREE_MAX_TERMS || walk->all_terms >= SPF_TREE_ALL_TERMS ||
	       visit->depth > SPF_TREE_MAX_DEPTH;
}

static void walk_record(struct walk *walk, const struct visit *visit)
{
	struct spf_node *node = visit->node;
	if (is_past_bounds(walk, visit))
		return;
	node->selection = spf_select(walk->view, view_get(walk->view, node->domain, RRTYPE_TXT));
	node->record = node->selection->parsed;
	if (node->record != NULL && node->selection->selected == 1)
		walk_terms(walk, visit);
}

static void finish_record(const struct visit *visit)
{
	struct spf_node *node = visit->node;
	if (node->selection == NULL)
		return;
	for (size_t i = 0; i < node->count; i++) {
		struct spf_tree_term *term = &node->terms[i];
		if (!term->sides[IP_V4].walked && !term->sides[IP_V6].walked)
			continue;
		leave(&term->sides[IP_V4]);
		leave(&term->sides[IP_V6]);
		spf_tree_term_merge(term);
	}
	spf_tree_count(node);
}

/* What is found below stands behind its parent in the queue: forwards to walk, backwards to add up. */
static const struct spf_node *walk_all(struct walk *walk, struct name domain)
{
	struct visit *root = enqueue(walk, domain, (struct families){{true, true}}, NULL);
	for (struct visit *visit = root; visit != NULL; visit = visit->next)
		walk_record(walk, visit);
	for (struct visit *visit = walk->last; visit != NULL; visit = visit->previous)
		finish_record(visit);
	return root->node;
}

/* --- the whole ---------------------------------------------------------------------------- */

const struct spf_tree *spf_tree_walk(struct view *view, struct arena *arena, struct name domain,
	const struct spf_sample *sample, const struct psl *psl, struct findings *findings)
{
	struct spf_sample message = {0};
	if (sample != NULL)
		message = *sample;
	message.ip = ip_unmapped(message.ip);
	struct walk walk = {.view = view, .arena = arena, .inspected = domain, .sample = &message};
	const struct spf_node *root = walk_all(&walk, domain);
	struct spf_tree *tree = arena_alloc(arena, sizeof *tree);
	tree->root = root;
	spf_tree_count_whole(tree);
	tree->ipv4 = spf_tree_networks(arena, root, IP_V4, &message);
	tree->ipv6 = spf_tree_networks(arena, root, IP_V6, &message);
	if (findings != NULL)
		spf_tree_findings(view, arena, tree, &message, psl, findings);
	return tree;
}
