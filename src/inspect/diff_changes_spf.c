/* diff_changes_spf: what a change does to SPF, as findings (RFC 7208 4.6.2, 4.6.4).
 *
 * Each group of addresses that newly pass is told at the term that lets them in, which is often in another
 * record than the domain's own; whoever no longer passes is told at the record that has lost the term.
 */
#include "inspect/diff_changes.h"

#include "inspect/diff_terms.h"
#include "inspect/diff_text.h"

#define MAX_SHARES 8  /* findings of one kind; the rest is summed up in one more */
#define MAX_LOSSES 64 /* terms that are looked for in other records; the rest is told at the domain's own */
#define CLASSES	   (SPF_RESULTS + 1) /* results, and the one that depends on a message */
#define DEPENDS	   SPF_RESULTS

struct spf_changes {
	struct arena *arena;
	struct diff *out;
	unsigned deny;
	struct diff_terms before, after;
};

static bool are_empty(const struct ipset *sets)
{
	return ipset_is_empty(sets[IP_V4]) && ipset_is_empty(sets[IP_V6]);
}

/* --- who newly passes ----------------------------------------------------------------------- */

static void add_to(struct arena *arena, struct ipset *sum, const struct ipset *sets)
{
	for (size_t f = 0; f < SPF_FAMILIES; f++)
		sum[f] = ipset_union(arena, sum[f], sets[f]);
}

static void take_from(struct arena *arena, struct ipset *sum, const struct ipset *sets)
{
	for (size_t f = 0; f < SPF_FAMILIES; f++)
		sum[f] = ipset_subtract(arena, sum[f], sets[f]);
}

/* One finding for each of the largest shares, at its term, and one for the others. */
static void report_shares(struct spf_changes *c, enum rule_id rule, const struct ipset *sets)
{
	const struct diff_side *after = c->out->after;
	bool denied = (c->deny & DIFF_DENY_WIDEN) != 0;
	struct ipset others[SPF_FAMILIES] = {sets[IP_V4], sets[IP_V6]};
	size_t count;
	if (are_empty(sets))
		return;
	const struct diff_share *shares = diff_terms_shares(&c->after, sets, &count);
	for (size_t i = 0; i < count && i < MAX_SHARES; i++) {
		const struct diff_term *term = &after->terms[shares[i].term];
		take_from(c->arena, others, shares[i].sets);
		struct finding *finding = diff_changes_add(c->out, rule, term->place, denied);
		finding->args[0] = diff_text_sets(c->arena, shares[i].sets);
		diff_changes_point(finding, term->span);
	}
	if (!are_empty(others)) {
		struct finding *finding = diff_changes_add(c->out, rule, &after->spf_place, denied);
		finding->args[0] = diff_text_sets(c->arena, others);
		finding->args[3] = SLICE(", by other terms than those named one by one");
	}
}

static void report_open(struct spf_changes *c, const struct diff_open *open, const struct ipset *sets)
{
	const struct diff_side *after = c->out->after;
	const struct diff_term *term = NULL;
	if (open != NULL && open->term != DIFF_NO_TERM)
		term = &after->terms[diff_terms_shown(&c->after, open->term)];
	struct finding *finding = diff_changes_add(c->out, RULE_CHANGE_PASS_POSSIBLE,
		term != NULL ? term->place : &after->spf_place, (c->deny & DIFF_DENY_WIDEN) != 0);
	finding->args[0] = diff_text_sets(c->arena, sets);
	if (term != NULL)
		diff_changes_point(finding, term->span);
}

static void split(struct arena *arena, struct ipset *from, const struct ipset *by, struct ipset *out)
{
	for (size_t f = 0; f < SPF_FAMILIES; f++) {
		out[f] = ipset_intersect(arena, from[f], by[f]);
		from[f] = ipset_subtract(arena, from[f], by[f]);
	}
}

/* Takes from `left` those who get to a term that grants something, and is new if that is asked for. */
static void report_opens(struct spf_changes *c, struct ipset *left, bool is_new)
{
	const struct diff_side *after = c->out->after;
	struct ipset part[SPF_FAMILIES];
	for (size_t i = 0, told = 0; i < after->open_count && told < MAX_SHARES && !are_empty(left); i++) {
		const struct diff_open *open = &after->opens[i];
		if (!open->grants || open->term == DIFF_NO_TERM || c->after.is_new[open->term] != is_new)
			continue;
		split(c->arena, left, open->reach, part);
		if (are_empty(part))
			continue;
		report_open(c, open, part);
		told++;
	}
}

/* First those who pass when no term that needs a message matches, then those who get to such a term. */
static void report_possible(struct spf_changes *c)
{
	const struct diff_side *after = c->out->after;
	struct ipset left[SPF_FAMILIES], part[SPF_FAMILIES], passing[SPF_FAMILIES];
	for (size_t f = 0; f < SPF_FAMILIES; f++) {
		left[f] = c->out->may_pass[f];
		passing[f] = ipset_subtract(c->arena, after->otherwise[f].by_result[SPF_PASS],
			c->out->before->otherwise[f].by_result[SPF_PASS]);
	}
	split(c->arena, left, passing, part);
	report_shares(c, RULE_CHANGE_PASS_POSSIBLE, part);
	report_opens(c, left, true);
	report_opens(c, left, false);
	if (!are_empty(left))
		report_open(c, NULL, left);
}

/* --- who no longer passes ------------------------------------------------------------------- */

static struct ipset class_of(const struct spf_tree_partition *part, size_t class)
{
	return class == DEPENDS ? part->unknown : part->by_result[class];
}

static struct slice class_text(size_t class)
{
	return class == DEPENDS ? SLICE("a result that depends on the message")
				: slice_cstr(spf_result_text((enum spf_result) class));
}

/* What those of `sets` get in `after`. */
static struct slice results_text(struct spf_changes *c, const struct ipset *sets)
{
	struct slice texts[CLASSES];
	size_t count = 0;
	for (size_t i = 0; i < CLASSES; i++) {
		bool any = false;
		for (size_t f = 0; f < SPF_FAMILIES; f++) {
			struct ipset class = class_of(&c->out->after->families[f], i);
			any = any || !ipset_is_empty(ipset_intersect(c->arena, class, sets[f]));
		}
		if (any)
			texts[count++] = class_text(i);
	}
	return diff_text_list(c->arena, texts, count);
}

/* Addresses that have lost their pass in one record. */
struct loss {
	const struct finding_place *place; /* in `after` */
	struct ipset sets[SPF_FAMILIES];
	struct slice terms[MAX_SHARES]; /* what is gone there */
	size_t count;
};

/* Where in `after` the loss of a term is told: its record, when that is still reached. */
static const struct finding_place *place_of_loss(struct spf_changes *c, unsigned term)
{
	const struct diff_side *after = c->out->after;
	if (!c->before.is_new[term])
		return &after->spf_place;
	const struct finding_place *place = diff_terms_record(after, c->out->before->terms[term].place->name);
	return place != NULL ? place : &after->spf_place;
}

static struct loss *loss_at(struct loss *losses, size_t *count, const struct finding_place *place)
{
	for (size_t i = 0; i < *count; i++)
		if (losses[i].place == place || i + 1 == MAX_SHARES)
			return &losses[i];
	losses[*count] = (struct loss){.place = place, .sets = {ipset_empty(IP_V4), ipset_empty(IP_V6)}};
	return &losses[(*count)++];
}

static void report_loss(struct spf_changes *c, const struct loss *loss)
{
	struct finding *finding = diff_changes_add(c->out, RULE_CHANGE_PASS_NARROWED, loss->place, false);
	finding->args[0] = diff_text_sets(c->arena, loss->sets);
	finding->args[1] = results_text(c, loss->sets);
	/* What is behind a broken term, or in a broken record, is not gone. */
	if (loss->count == 0 || slice_equal(finding->args[1], class_text(SPF_PERMERROR)))
		return;
	finding->args[3] = arena_concat(c->arena, SLICE("; what let them pass is gone: "),
		diff_text_list(c->arena, loss->terms, loss->count));
}

static void report_narrowed(struct spf_changes *c)
{
	struct loss losses[MAX_SHARES];
	size_t share_count, count = 0;
	const struct ipset *lost = c->out->networks[SPF_PASS].lost;
	struct ipset others[SPF_FAMILIES] = {lost[IP_V4], lost[IP_V6]};
	if (are_empty(lost))
		return;
	const struct diff_share *shares = diff_terms_shares(&c->before, lost, &share_count);
	for (size_t i = 0; i < share_count && i < MAX_LOSSES; i++) {
		unsigned term = shares[i].term;
		struct loss *loss = loss_at(losses, &count, place_of_loss(c, term));
		add_to(c->arena, loss->sets, shares[i].sets);
		take_from(c->arena, others, shares[i].sets);
		if (c->before.is_new[term] && loss->count < MAX_SHARES)
			loss->terms[loss->count++] = diff_terms_text(&c->out->before->terms[term]);
	}
	if (!are_empty(others))
		add_to(c->arena, loss_at(losses, &count, &c->out->after->spf_place)->sets, others);
	for (size_t i = 0; i < count; i++)
		report_loss(c, &losses[i]);
}

/* Those who passed with some message that is now refused. */
static void report_may_fail(struct spf_changes *c)
{
	if (are_empty(c->out->may_fail))
		return;
	struct finding *finding =
		diff_changes_add(c->out, RULE_CHANGE_PASS_NARROWED, &c->out->after->spf_place, false);
	finding->args[0] = diff_text_sets(c->arena, c->out->may_fail);
	finding->args[1] = results_text(c, c->out->may_fail);
	finding->args[3] = SLICE("; with some messages only");
}

/* --- other results -------------------------------------------------------------------------- */

/* To be refused, or to find the record broken, can cost mail that got through. */
static enum severity severity_of(size_t from, size_t to)
{
	if (to == SPF_PERMERROR)
		return SEVERITY_WARNING;
	return to == SPF_FAIL && from != SPF_PERMERROR ? SEVERITY_WARNING : SEVERITY_INFO;
}

/* The term `all` of the domain's own record, when it is new and gives that result. */
static const struct diff_term *new_all(struct spf_changes *c, size_t result)
{
	static const enum spf_qualifier qualifiers[SPF_RESULTS] = {[SPF_FAIL] = SPF_QUALIFIER_FAIL,
		[SPF_SOFTFAIL] = SPF_QUALIFIER_SOFTFAIL,
		[SPF_NEUTRAL] = SPF_QUALIFIER_NEUTRAL};
	const struct diff_side *after = c->out->after;
	for (size_t i = 0; result < SPF_RESULTS && i < after->term_count; i++) {
		const struct diff_term *term = &after->terms[i];
		if (term->kind == SPF_ALL && term->up == DIFF_NO_TERM && c->after.is_new[i] &&
			term->qualifier == qualifiers[result] && term->qualifier != SPF_QUALIFIER_PASS)
			return term;
	}
	return NULL;
}

static void report_moved(
	struct spf_changes *c, size_t from, size_t to, const struct ipset *sets, struct slice when)
{
	const struct diff_term *all = new_all(c, to);
	struct finding *finding = diff_changes_add(
		c->out, RULE_CHANGE_RESULTS, all != NULL ? all->place : &c->out->after->spf_place, false);
	finding->severity = severity_of(from, to);
	finding->args[3] = when;
	finding->args[0] = diff_text_sets(c->arena, sets);
	finding->args[1] = class_text(to);
	finding->args[2] = class_text(from);
	if (all != NULL)
		diff_changes_point(finding, all->span);
}

static bool has_gained(const struct diff *diff, size_t class)
{
	const struct diff_networks *networks = class == DEPENDS ? &diff->unresolved : &diff->networks[class];
	return !are_empty(networks->gained);
}

/* Pairs of results other than pass. Who may newly pass is told already. */
static void report_results(struct spf_changes *c)
{
	const struct diff *diff = c->out;
	for (size_t pair = 0; pair < CLASSES * CLASSES; pair++) {
		size_t from = pair / CLASSES, to = pair % CLASSES;
		struct ipset moved[SPF_FAMILIES];
		if (from == to || from == SPF_PASS || to == SPF_PASS || !has_gained(diff, to))
			continue;
		for (size_t f = 0; f < SPF_FAMILIES; f++) {
			moved[f] = ipset_intersect(c->arena, class_of(&diff->before->families[f], from),
				class_of(&diff->after->families[f], to));
			if (to == DEPENDS)
				moved[f] = ipset_subtract(c->arena, moved[f], diff->may_pass[f]);
			if (from == DEPENDS)
				moved[f] = ipset_subtract(c->arena, moved[f], diff->may_fail[f]);
		}
		if (!are_empty(moved))
			report_moved(c, from, to, moved, SLICE(""));
	}
}

/* The same for those whose result depends on the message before and after. */
static void report_otherwise(struct spf_changes *c)
{
	const struct diff *diff = c->out;
	for (size_t pair = 0; diff->otherwise_changed && pair < CLASSES * CLASSES; pair++) {
		size_t from = pair / CLASSES, to = pair % CLASSES;
		struct ipset moved[SPF_FAMILIES];
		if (from == to || from == SPF_PASS || to == SPF_PASS)
			continue;
		for (size_t f = 0; f < SPF_FAMILIES; f++) {
			struct ipset both = ipset_intersect(c->arena, diff->before->families[f].unknown,
				diff->after->families[f].unknown);
			moved[f] = ipset_intersect(c->arena, class_of(&diff->before->otherwise[f], from),
				class_of(&diff->after->otherwise[f], to));
			moved[f] = ipset_intersect(c->arena, both, moved[f]);
		}
		if (!are_empty(moved))
			report_moved(
				c, from, to, moved, SLICE(", when no term that needs a message matches"));
	}
}

/* --- costs and explanation ------------------------------------------------------------------ */

static void report_count(
	struct spf_changes *c, const char *what, unsigned before, unsigned after, unsigned limit)
{
	const struct diff_side *side = c->out->after;
	unsigned at = diff_terms_new_lookup(&c->after);
	if (after <= before)
		return;
	struct finding *finding = diff_changes_add(c->out, RULE_CHANGE_LOOKUPS_GROWN,
		at != DIFF_NO_TERM ? side->terms[at].place : &side->spf_place,
		(c->deny & DIFF_DENY_LOOKUPS) != 0);
	if (finding->severity < SEVERITY_WARNING && after > limit && before <= limit)
		finding->severity = SEVERITY_WARNING;
	finding->args[0] = slice_cstr(what);
	finding->args[1] = arena_printf(c->arena, "%u", after);
	finding->args[2] = arena_printf(c->arena, "%u", before);
	finding->args[3] = arena_printf(c->arena, "%u", limit);
	if (at != DIFF_NO_TERM)
		diff_changes_point(finding, side->terms[at].span);
}

static void report_explanation(struct spf_changes *c)
{
	if (!c->out->explanation_changed)
		return;
	struct finding *finding =
		diff_changes_add(c->out, RULE_CHANGE_EXPLANATION, &c->out->after->spf_place, false);
	finding->args[0] = c->out->after->explanation;
	finding->args[1] = c->out->before->explanation;
}

void diff_changes_spf(struct arena *arena, unsigned deny, struct diff *out)
{
	const struct diff_side *before = out->before, *after = out->after;
	struct spf_changes c = {
		arena, out, deny, diff_terms_of(arena, before, after), diff_terms_of(arena, after, before)};
	report_shares(&c, RULE_CHANGE_PASS_WIDENED, out->networks[SPF_PASS].gained);
	report_possible(&c);
	report_narrowed(&c);
	report_may_fail(&c);
	report_results(&c);
	report_otherwise(&c);
	report_count(&c, "DNS lookups", before->lookups, after->lookups, SPF_LOOKUP_LIMIT);
	report_count(&c, "DNS lookups that find nothing", before->void_lookups, after->void_lookups,
		SPF_VOID_LIMIT);
	report_explanation(&c);
}
