/* dmarc_discover: which record applies to an Author Domain, and what it asks for (RFC 9989 4.7, 4.10).
 *
 *     author a.b.example.com      the walk asks          and finds
 *                                 _dmarc.a.b.example.com nothing
 *                                 _dmarc.b.example.com   p=reject
 *                                 _dmarc.example.com     p=none
 *                                 _dmarc.com             nothing
 *
 * The Organizational Domain is example.com (fewest labels): its record applies, that of b.example.com does
 * not. All names are asked at once. A temporary failure at a name that decides leaves the result unknown.
 */
#include "dmarc/dmarc_discover.h"

#include "dmarc/dmarc_select.h"

const char *dmarc_walk_outcome_text(enum dmarc_walk_outcome outcome)
{
	static const char *const texts[] = {"record", "none", "multiple", "nxdomain", "temporary"};
	return texts[outcome];
}

/* --- the walk (RFC 9989 4.10) --- */

/* Steps 3 and 4: one label less, or seven labels when that would still be more than seven. */
static struct name next_target(struct name name)
{
	return name_labels(name) <= DMARC_MAX_WALK ? name_parent(name)
						   : name_suffix(name, DMARC_MAX_WALK - 1);
}

static enum dmarc_walk_outcome outcome_of(
	const struct answer *answer, const struct dmarc_selection *selection)
{
	if (selection->count > 0)
		return selection->count == 1 ? DMARC_WALK_RECORD : DMARC_WALK_MULTIPLE;
	switch (answer->kind) {
	case ANSWER_NXDOMAIN:
		return DMARC_WALK_NXDOMAIN;
	case ANSWER_TEMPORARY:
		return DMARC_WALK_TEMPORARY;
	case ANSWER_RECORDS:
	case ANSWER_NODATA:
	case ANSWER_ALIAS:
		break;
	}
	return DMARC_WALK_NONE;
}

/* The root has no record by definition; a name that is too long with _dmarc before it cannot have one. */
static void ask_step(struct view *view, struct arena *arena, struct dmarc_walk_step *step)
{
	step->outcome = DMARC_WALK_NONE;
	if (name_prepend(arena, SLICE("_dmarc"), step->domain, &step->name) != NAME_OK) {
		step->name = step->domain;
		return;
	}
	step->answer = dmarc_select_readable(view, view_get(view, step->name, RRTYPE_TXT));
	const struct dmarc_selection *selection = dmarc_select(view, step->answer);
	step->outcome = outcome_of(step->answer, selection);
	if (step->outcome != DMARC_WALK_RECORD)
		return;
	step->txt = selection->first;
	step->record = selection->record;
}

static bool ends_walk(const struct dmarc_walk_step *step)
{
	return step->record != NULL && step->record->psd != 'u';
}

void dmarc_walk(struct view *view, struct arena *arena, struct name start, struct dmarc_walk *walk)
{
	size_t asked = 0;
	*walk = (struct dmarc_walk){.count = 0};
	for (struct name name = start; name_labels(name) > 0 && asked < DMARC_MAX_WALK;
		name = next_target(name)) {
		walk->steps[asked].domain = name;
		ask_step(view, arena, &walk->steps[asked++]);
	}
	while (walk->count < asked) {
		const struct dmarc_walk_step *step = &walk->steps[walk->count++];
		walk->temporary |= step->outcome == DMARC_WALK_TEMPORARY;
		if (ends_walk(step))
			break;
	}
}

/* --- the Organizational Domain (RFC 9989 4.10.2) --- */

/* The last record of the walk: that with psd=n or psd=y, or else the one with the fewest labels. */
static const struct dmarc_walk_step *last_record(const struct dmarc_walk *walk)
{
	for (size_t i = walk->count; i > 0; i--)
		if (walk->steps[i - 1].record != NULL)
			return &walk->steps[i - 1];
	return NULL;
}

struct name dmarc_organizational_domain(const struct dmarc_walk *walk, struct name start)
{
	const struct dmarc_walk_step *last = last_record(walk);
	if (last == NULL)
		return start;
	if (last->record->psd == 'y' && !name_equal(last->domain, start))
		return name_suffix(start, name_labels(last->domain) + 1);
	return last->domain;
}

/* --- the record that applies (RFC 9989 4.10.1) --- */

static const struct dmarc_walk_step *step_at(const struct dmarc_walk *walk, struct name domain)
{
	for (size_t i = 0; i < walk->count; i++)
		if (walk->steps[i].record != NULL && name_equal(walk->steps[i].domain, domain))
			return &walk->steps[i];
	return NULL;
}

/* The Author Domain's own record, else that of the Organizational Domain, else that of the public suffix.
 * Records between are never used. */
static const struct dmarc_walk_step *find_record(const struct dmarc_walk *walk, struct name author)
{
	const struct dmarc_walk_step *own = step_at(walk, author);
	if (own != NULL)
		return own;
	const struct dmarc_walk_step *organization = step_at(walk, dmarc_organizational_domain(walk, author));
	if (organization != NULL)
		return organization;
	const struct dmarc_walk_step *last = last_record(walk);
	return last != NULL && last->record->psd == 'y' ? last : NULL;
}

/* The walk from a name below asks the same names, but skips those with more than seven labels when it has
 * more than eight itself. It has no record at its start, so a psd=y at `start` makes that name its own
 * Organizational Domain, without a record. */
const struct dmarc_walk_step *dmarc_discover_below(const struct dmarc_walk *walk, struct name start)
{
	const struct dmarc_walk_step *last = last_record(walk);
	if (last == NULL)
		return NULL;
	if (name_equal(last->domain, start))
		return name_labels(start) < DMARC_MAX_WALK ? last : NULL;
	if (last->record->psd != 'y')
		return last;
	struct name organization = name_suffix(start, name_labels(last->domain) + 1);
	bool is_seen = name_labels(organization) < DMARC_MAX_WALK;
	const struct dmarc_walk_step *step = is_seen ? step_at(walk, organization) : NULL;
	return step != NULL ? step : last;
}

/* --- the policy (RFC 9989 4.7, 4.10.1) --- */

struct dmarc_policies dmarc_policies_of(const struct dmarc_record *record)
{
	struct dmarc_policies policies = {.applies = false};
	if (record == NULL)
		return policies;
	policies.applies = record->policy_usable || record->has_usable_rua;
	if (!record->policy_usable)
		return policies;
	policies.domain = record->p;
	policies.subdomain = record->has_sp ? record->sp : policies.domain;
	policies.nonexistent = record->has_np ? record->np : policies.subdomain;
	return policies;
}

enum dmarc_policy dmarc_policy_applied(enum dmarc_policy selected, bool testing)
{
	switch (selected) {
	case DMARC_REJECT:
		return testing ? DMARC_QUARANTINE : DMARC_REJECT;
	case DMARC_QUARANTINE:
		return testing ? DMARC_NONE : DMARC_QUARANTINE;
	case DMARC_NONE:
		break;
	}
	return DMARC_NONE;
}

static void select_policy(struct dmarc_discovery *out, struct name author)
{
	const struct dmarc_record *record = out->found->record;
	bool own = name_equal(out->found->domain, author);
	bool usable = record->policy_usable;
	out->selected_tag = DMARC_SELECTED_P;
	out->selected = out->policies.domain;
	if (!own && out->domain_exists) {
		out->selected_tag = usable && record->has_sp ? DMARC_SELECTED_SP : DMARC_SELECTED_P;
		out->selected = out->policies.subdomain;
	} else if (!own) {
		enum dmarc_selected fallback = record->has_sp ? DMARC_SELECTED_SP : DMARC_SELECTED_P;
		out->selected_tag =
			usable ? (record->has_np ? DMARC_SELECTED_NP : fallback) : DMARC_SELECTED_P;
		out->selected = out->policies.nonexistent;
	}
	out->applied = dmarc_policy_applied(out->selected, record->testing);
}

/* --- does the Author Domain exist (RFC 9989 3.2.13) --- */

/* Only NXDOMAIN says no. TXT is asked because SPF needs it anyway; a name below that exists proves that
 * the domain does. */
static void find_existence(struct view *view, struct name author, struct dmarc_discovery *out)
{
	const struct answer *answer = view_get(view, author, RRTYPE_TXT);
	const struct answer *below = out->walk.count > 0 ? out->walk.steps[0].answer : NULL;
	bool below_exists = below != NULL && below->owner_exists && below->kind != ANSWER_TEMPORARY;
	out->existence_known = below_exists || answer->kind != ANSWER_TEMPORARY;
	out->domain_exists = below_exists || answer->kind != ANSWER_NXDOMAIN || answer->owner_exists;
}

/* True when sp and np differ and it is not known which one is for this domain. */
static bool policy_is_open(const struct dmarc_discovery *out, struct name author)
{
	return !out->existence_known && !name_equal(out->found->domain, author) &&
	       out->policies.nonexistent != out->policies.subdomain;
}

void dmarc_discover(struct view *view, struct arena *arena, struct name author, struct dmarc_discovery *out)
{
	*out = (struct dmarc_discovery){.temporary = false};
	dmarc_walk(view, arena, author, &out->walk);
	find_existence(view, author, out);
	out->organizational_domain = dmarc_organizational_domain(&out->walk, author);
	/* The Author Domain's own record applies whatever stands above it. */
	bool own = step_at(&out->walk, author) != NULL;
	out->temporary = out->walk.temporary && !own;
	if (out->temporary)
		return;
	out->found = find_record(&out->walk, author);
	if (out->found == NULL)
		return;
	out->policies = dmarc_policies_of(out->found->record);
	out->temporary = policy_is_open(out, author);
	if (!out->temporary)
		select_policy(out, author);
}
