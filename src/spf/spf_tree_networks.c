/* spf_tree_networks: check_host() for all addresses of a family at once; see spf_tree_networks.h.
 *
 * What flows through the terms is not one client but all of them, as sets; each set has the lookups and
 * void lookups that its clients have spent so far. A term takes out those it matches; those that would
 * spend more than the limits get permerror.
 *
 *     v=spf1 -ip4:192.0.2.1 include:a ip4:192.0.2.0/24 -all       all of IPv4, 0 spent
 *            192.0.2.1 fails         the rest, 0 spent
 *                           a passes some; the others come back, with 1 or more spent
 *                                     of these 192.0.2.0/24 passes
 *                                                      the rest fails
 *
 * Two readers want different things of a term that is not known (its macros need a message, or DNS
 * failed). For the networks of a record it matches nobody: they are what passes for sure. In a partition
 * those who reach it are set apart, with all that it could mean for them.
 */
#include "spf/spf_tree_networks.h"

#include "spf/spf_tree_count.h"

#define SPENT_LOOKUPS (SPF_LOOKUP_LIMIT + 1) /* 0 to the limit */
#define SPENT_VOIDS   (SPF_VOID_LIMIT + 1)
#define QUALIFIERS    (SPF_QUALIFIER_NEUTRAL + 1)

/* The clients at one point of the evaluation, by what they have spent. Sets of different cells have no
 * common address. */
struct flow {
	struct ipset at[SPENT_LOOKUPS][SPENT_VOIDS];
};

/* How an evaluation ended, for whom. Those who got an answer go on behind an include, so what they have
 * spent is kept; for the others all is over: RFC 7208 4.6.4, 5.2. Everybody who went in is in exactly one
 * of them. */
struct outcome {
	struct flow matched
		[QUALIFIERS]; /* pass, fail, softfail, neutral; the last one also for no match at all */
	struct ipset temperror, permerror;
	struct ipset unknown; /* it depends on the message */
};

struct evaluation {
	struct arena *arena;
	enum ip_family family;
	const struct spf_sample *sample;
	bool is_partition;	      /* false: what is not known matches nobody */
	struct spf_tree_opens *opens; /* NULL: not wanted */
	struct name domain;	      /* of the record that is evaluated */
	bool grants;		      /* the includes above it have + */
};

static void evaluate(struct evaluation *e, const struct spf_node *node, struct flow *in, struct outcome *out);

/* --- flows -------------------------------------------------------------------------------- */

static void flow_clear(struct flow *flow, enum ip_family family)
{
	const struct ipset empty = ipset_empty(family);
	for (size_t i = 0; i < SPENT_LOOKUPS; i++) {
		for (size_t j = 0; j < SPENT_VOIDS; j++)
			flow->at[i][j] = empty;
	}
}

static bool flow_is_empty(const struct flow *flow)
{
	for (size_t i = 0; i < SPENT_LOOKUPS; i++) {
		for (size_t j = 0; j < SPENT_VOIDS; j++) {
			if (!ipset_is_empty(flow->at[i][j]))
				return false;
		}
	}
	return true;
}

static void flow_add(struct evaluation *e, struct flow *to, const struct flow *from)
{
	for (size_t i = 0; i < SPENT_LOOKUPS; i++) {
		for (size_t j = 0; j < SPENT_VOIDS; j++) {
			if (!ipset_is_empty(from->at[i][j])) /* nearly all are */
				to->at[i][j] = ipset_union(e->arena, to->at[i][j], from->at[i][j]);
		}
	}
}

/* Moves those of `from` who are in `set` to `to`. */
static void flow_move(struct evaluation *e, struct flow *from, struct ipset set, struct flow *to)
{
	for (size_t i = 0; i < SPENT_LOOKUPS; i++) {
		for (size_t j = 0; j < SPENT_VOIDS; j++) {
			struct ipset *cell = &from->at[i][j];
			if (ipset_is_empty(*cell))
				continue;
			struct ipset moved = ipset_intersect(e->arena, *cell, set);
			to->at[i][j] = ipset_union(e->arena, to->at[i][j], moved);
			*cell = ipset_subtract(e->arena, *cell, set);
		}
	}
}

static struct ipset flow_all(struct evaluation *e, const struct flow *flow)
{
	struct ipset all = ipset_empty(e->family);
	for (size_t i = 0; i < SPENT_LOOKUPS; i++) {
		for (size_t j = 0; j < SPENT_VOIDS; j++) {
			if (!ipset_is_empty(flow->at[i][j]))
				all = ipset_union(e->arena, all, flow->at[i][j]);
		}
	}
	return all;
}

/* The way of everybody in `flow` ends in `set`. */
static void flow_end(struct evaluation *e, struct flow *flow, struct ipset *set)
{
	*set = ipset_union(e->arena, *set, flow_all(e, flow));
	flow_clear(flow, e->family);
}

/* Everybody spends that much more. Who is past a limit then gets permerror: RFC 7208 4.6.4. */
static void flow_spend(
	struct evaluation *e, struct flow *flow, unsigned lookups, unsigned voids, struct outcome *out)
{
	struct flow spent;
	flow_clear(&spent, e->family);
	for (size_t i = 0; i < SPENT_LOOKUPS; i++) {
		for (size_t j = 0; j < SPENT_VOIDS; j++) {
			if (i + lookups < SPENT_LOOKUPS && j + voids < SPENT_VOIDS)
				spent.at[i + lookups][j + voids] = flow->at[i][j];
			else
				out->permerror = ipset_union(e->arena, out->permerror, flow->at[i][j]);
		}
	}
	*flow = spent;
}

static void outcome_clear(struct outcome *out, enum ip_family family)
{
	for (size_t i = 0; i < QUALIFIERS; i++)
		flow_clear(&out->matched[i], family);
	out->temperror = out->permerror = out->unknown = ipset_empty(family);
}

/* Takes over what is final in a nested evaluation. */
static void outcome_add_ends(struct evaluation *e, struct outcome *out, const struct outcome *nested)
{
	out->temperror = ipset_union(e->arena, out->temperror, nested->temperror);
	out->permerror = ipset_union(e->arena, out->permerror, nested->permerror);
	out->unknown = ipset_union(e->arena, out->unknown, nested->unknown);
}

/* --- terms without a tree ----------------------------------------------------------------- */

/* Who of all addresses matches a run of terms first, by qualifier. */
struct first_match {
	struct ipset by[QUALIFIERS];
};

static struct first_match match_same(
	struct evaluation *e, const struct spf_tree_term *terms, size_t count, enum spf_qualifier qualifier)
{
	struct first_match match;
	struct prefix *prefixes = arena_alloc(e->arena, count * sizeof *prefixes);
	for (size_t i = 0; i < count; i++)
		prefixes[i] = terms[i].networks[0];
	for (size_t i = 0; i < QUALIFIERS; i++)
		match.by[i] = ipset_empty(e->family);
	match.by[qualifier] = ipset_of(e->arena, e->family, prefixes, count);
	return match;
}

static bool have_same_qualifier(const struct spf_tree_term *terms, size_t count)
{
	for (size_t i = 1; i < count; i++) {
		if (terms[i].term->qualifier != terms[0].term->qualifier)
			return false;
	}
	return true;
}

/* Halves the run until its terms have one qualifier: a record of thousands of terms with changing ones
 * takes n log n steps. */
static struct first_match match_run(struct evaluation *e, const struct spf_tree_term *terms, size_t count)
{
	if (have_same_qualifier(terms, count))
		return match_same(e, terms, count, terms[0].term->qualifier);
	struct first_match first = match_run(e, terms, count / 2);
	struct first_match second = match_run(e, terms + count / 2, count - count / 2);
	struct ipset decided = ipset_empty(e->family);
	for (size_t i = 0; i < QUALIFIERS; i++)
		decided = ipset_union(e->arena, decided, first.by[i]);
	for (size_t i = 0; i < QUALIFIERS; i++)
		first.by[i] =
			ipset_union(e->arena, first.by[i], ipset_subtract(e->arena, second.by[i], decided));
	return first;
}

/* A run of ip4 and ip6 terms from `at` on; returns where it ends. */
static size_t evaluate_run(
	struct evaluation *e, const struct spf_node *node, size_t at, struct flow *in, struct outcome *out)
{
	size_t end = at;
	while (end < node->count && spf_kind_is_network(node->terms[end].term->kind))
		end++;
	struct first_match match = match_run(e, &node->terms[at], end - at);
	for (size_t i = 0; i < QUALIFIERS; i++)
		flow_move(e, in, match.by[i], &out->matched[i]);
	return end;
}

/* a, mx, ptr, exists that are known. */
static void evaluate_lookup(
	struct evaluation *e, const struct spf_tree_term *term, struct flow *in, struct outcome *out)
{
	const struct spf_side *side = &term->sides[e->family];
	flow_spend(e, in, 0, side->void_lookups, out);
	struct ipset matched = ipset_of(e->arena, e->family, term->networks, term->network_count);
	if (side->matches_all)
		matched = ipset_all(e->arena, e->family);
	flow_move(e, in, matched, &out->matched[term->term->qualifier]);
}

/* --- include and redirect ----------------------------------------------------------------- */

/* pass is a match, and fail, softfail and neutral are none. RFC 7208 5.2 */
static void evaluate_include(
	struct evaluation *e, const struct spf_tree_term *term, struct flow *in, struct outcome *out)
{
	struct outcome nested;
	bool grants = e->grants;
	e->grants = grants && term->term->qualifier == SPF_QUALIFIER_PASS;
	evaluate(e, term->sides[e->family].tree, in, &nested);
	e->grants = grants;
	outcome_add_ends(e, out, &nested);
	flow_add(e, &out->matched[term->term->qualifier], &nested.matched[SPF_QUALIFIER_PASS]);
	flow_clear(in, e->family);
	flow_add(e, in, &nested.matched[SPF_QUALIFIER_FAIL]);
	flow_add(e, in, &nested.matched[SPF_QUALIFIER_SOFTFAIL]);
	flow_add(e, in, &nested.matched[SPF_QUALIFIER_NEUTRAL]);
}

/* Its result is the result. RFC 7208 6.1 */
static void evaluate_redirect(
	struct evaluation *e, const struct spf_tree_term *term, struct flow *in, struct outcome *out)
{
	struct outcome nested;
	evaluate(e, term->sides[e->family].tree, in, &nested);
	outcome_add_ends(e, out, &nested);
	for (size_t i = 0; i < QUALIFIERS; i++)
		flow_add(e, &out->matched[i], &nested.matched[i]);
	flow_clear(in, e->family);
}

static void note_open(struct evaluation *e, const struct spf_tree_term *term, const struct flow *in)
{
	struct spf_tree_opens *opens = e->opens;
	if (opens == NULL || flow_is_empty(in))
		return;
	opens->items =
		arena_grow(e->arena, opens->items, opens->count, &opens->capacity, sizeof *opens->items);
	opens->items[opens->count++] = (struct spf_tree_open){
		.term = term,
		.domain = e->domain,
		.grants = e->grants && term->term->qualifier == SPF_QUALIFIER_PASS,
		.reach = flow_all(e, in),
	};
}

/* A term of which it is not known whom it matches. Without a partition everybody goes on behind it, and a
 * redirect has no behind. */
static void evaluate_unknown(
	struct evaluation *e, const struct spf_tree_term *term, struct flow *in, struct ipset *apart)
{
	note_open(e, term, in);
	if (e->is_partition || term->term->kind == SPF_REDIRECT)
		flow_end(e, in, apart);
}

static bool is_link(const struct spf_tree_term *term)
{
	return term->term->kind == SPF_INCLUDE || term->term->kind == SPF_REDIRECT;
}

static void evaluate_known(
	struct evaluation *e, const struct spf_tree_term *term, struct flow *in, struct outcome *out)
{
	const struct spf_side *side = &term->sides[e->family];
	switch (side->outcome) {
	case SPF_OUTCOME_TEMPORARY:
		if (!e->is_partition && !is_link(term)) /* what is known of an mx counts */
			evaluate_lookup(e, term, in, out);
		else
			evaluate_unknown(e, term, in, &out->temperror);
		return;
	case SPF_OUTCOME_UNRESOLVED:
		evaluate_unknown(e, term, in, &out->unknown);
		return;
	case SPF_OUTCOME_OK:
	case SPF_OUTCOME_NONE:
	case SPF_OUTCOME_PERMERROR:
	case SPF_OUTCOME_LOOP: /* who comes here comes here again, until the limit */
	case SPF_OUTCOME_CUT:
		break;
	}
	if (term->term->kind == SPF_PTR)
		evaluate_unknown(e, term, in, &out->unknown); /* a client's names are known when it comes */
	if (!is_link(term) && side->outcome != SPF_OUTCOME_PERMERROR && side->outcome != SPF_OUTCOME_CUT)
		evaluate_lookup(e, term, in, out);
	else if (side->tree == NULL || side->outcome == SPF_OUTCOME_NONE || side->outcome == SPF_OUTCOME_LOOP)
		flow_end(e, in, &out->permerror); /* RFC 7208 5.2, 6.1: none is permerror */
	else if (term->term->kind ==
		 SPF_INCLUDE) /* a broken record may let some pass before the broken term */
		evaluate_include(e, term, in, out);
	else
		evaluate_redirect(e, term, in, out);
}

/* A term that needs DNS: counted, then looked at. Where the target has the sample's %{i}, it is known for
 * that client alone; for the others the term is unresolved. */
static void evaluate_dns(
	struct evaluation *e, const struct spf_tree_term *term, struct flow *in, struct outcome *out)
{
	struct flow others;
	flow_clear(&others, e->family);
	flow_spend(e, in, term->own_lookups, 0, out);
	if (term->sides[e->family].only_sample) {
		struct prefix client = {e->sample->ip, ip_bits(e->family)};
		struct ipset rest = ipset_subtract(
			e->arena, ipset_all(e->arena, e->family), ipset_of(e->arena, e->family, &client, 1));
		flow_move(e, in, rest, &others);
	}
	evaluate_known(e, term, in, out);
	evaluate_unknown(e, term, &others, &out->unknown);
	flow_add(e, in, &others);
}

/* --- a record ----------------------------------------------------------------------------- */

/* Takes from `in` those that the term at `at` decides on; returns the term to go on with. */
static size_t evaluate_term(
	struct evaluation *e, const struct spf_node *node, size_t at, struct flow *in, struct outcome *out)
{
	const struct spf_tree_term *term = &node->terms[at];
	switch (term->term->kind) {
	case SPF_ALL:
		flow_add(e, &out->matched[term->term->qualifier], in);
		flow_clear(in, e->family);
		return node->count;
	case SPF_IP4:
	case SPF_IP6:
		return evaluate_run(e, node, at, in, out);
	case SPF_INCLUDE:
	case SPF_A:
	case SPF_MX:
	case SPF_PTR:
	case SPF_EXISTS:
		evaluate_dns(e, term, in, out);
		return at + 1;
	case SPF_REDIRECT: /* comes last, wherever it stands */
	case SPF_EXP:
	case SPF_UNKNOWN:
		return at + 1;
	}
	return at + 1;
}

static void evaluate(struct evaluation *e, const struct spf_node *node, struct flow *in, struct outcome *out)
{
	struct name above = e->domain;
	outcome_clear(out, e->family);
	bool is_usable = node->record != NULL && node->record->valid && node->selection->selected == 1;
	if (!is_usable) {
		flow_end(e, in, &out->permerror); /* RFC 7208 4.5, 4.6: before any term is looked at */
		return;
	}
	e->domain = node->domain;
	for (size_t at = 0; at < node->count && !flow_is_empty(in);)
		at = evaluate_term(e, node, at, in, out);
	const struct spf_tree_term *redirect = spf_tree_count_redirect(node);
	if (redirect != NULL && !flow_is_empty(in))
		evaluate_dns(e, redirect, in, out);
	else
		flow_add(e, &out->matched[SPF_QUALIFIER_NEUTRAL], in); /* RFC 7208 4.7 */
	e->domain = above;
}

static void evaluate_all(struct evaluation *e, const struct spf_node *node, struct outcome *out)
{
	struct flow everybody;
	e->grants = true;
	flow_clear(&everybody, e->family);
	everybody.at[0][0] = ipset_all(e->arena, e->family);
	evaluate(e, node, &everybody, out);
}

struct ipset spf_tree_networks(struct arena *arena, const struct spf_node *node, enum ip_family family,
	const struct spf_sample *sample)
{
	struct evaluation e = {.arena = arena, .family = family, .sample = sample};
	struct outcome out;
	evaluate_all(&e, node, &out);
	return flow_all(&e, &out.matched[SPF_QUALIFIER_PASS]);
}

static void part(struct evaluation *e, const struct spf_node *node, struct spf_tree_partition *out)
{
	struct arena *arena = e->arena;
	enum ip_family family = e->family;
	struct outcome outcome;
	for (size_t i = 0; i < SPF_RESULTS; i++)
		out->by_result[i] = ipset_empty(family);
	out->unknown = ipset_empty(family);
	if (node->record == NULL) { /* RFC 7208 4.4, 4.5 */
		bool temporary = node->selection->answer->kind == ANSWER_TEMPORARY;
		out->by_result[temporary ? SPF_TEMPERROR : SPF_NONE] = ipset_all(arena, family);
		return;
	}
	evaluate_all(e, node, &outcome);
	for (size_t i = 0; i < QUALIFIERS; i++)
		out->by_result[spf_tree_count_result((enum spf_qualifier)i)] =
			flow_all(e, &outcome.matched[i]);
	out->by_result[SPF_TEMPERROR] = outcome.temperror;
	out->by_result[SPF_PERMERROR] = outcome.permerror;
	out->unknown = outcome.unknown;
}

void spf_tree_networks_partition(struct arena *arena, const struct spf_node *node, enum ip_family family,
	const struct spf_sample *sample, struct spf_tree_partition *out)
{
	struct evaluation e = {.arena = arena, .family = family, .sample = sample, .is_partition = true};
	part(&e, node, out);
}

void spf_tree_networks_otherwise(struct arena *arena, const struct spf_node *node, enum ip_family family,
	const struct spf_sample *sample, struct spf_tree_partition *out)
{
	struct evaluation e = {.arena = arena, .family = family, .sample = sample};
	part(&e, node, out);
}

void spf_tree_networks_open(struct arena *arena, const struct spf_node *node, enum ip_family family,
	const struct spf_sample *sample, struct spf_tree_opens *out)
{
	struct evaluation e = {.arena = arena, .family = family, .sample = sample, .opens = out};
	struct outcome outcome;
	*out = (struct spf_tree_opens){.count = 0};
	evaluate_all(&e, node, &outcome);
}
