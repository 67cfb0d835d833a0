/* diff_side: what counts of a verdict, copied (see diff.h).
 *
 * What is only needed on the way is made in the verdict's own arena and given back: a side keeps a few
 * kilobytes.
 */
#include "inspect/diff_tree.h"

#include "base/ascii.h"
#include "dmarc/dmarc_lint.h"
#include "spf/spf_tree_place.h"

/* --- SPF ------------------------------------------------------------------------------------ */

static void keep(struct arena *arena, struct spf_tree_partition *part)
{
	for (size_t i = 0; i < SPF_RESULTS; i++)
		part->by_result[i] = diff_copy_set(arena, part->by_result[i]);
	part->unknown = diff_copy_set(arena, part->unknown);
}

/* Where nobody gets to a term that needs a message, as nearly everywhere, both partitions are one. */
static void copy_partition(struct diff_copy *copy, const struct spf_node *root, struct diff_side *side)
{
	const struct spf_sample none = {0};
	for (size_t f = 0; f < SPF_FAMILIES; f++) {
		enum ip_family family = (enum ip_family)f;
		struct spf_tree_partition *part = &side->families[f];
		spf_tree_networks_partition(copy->scratch, root, family, &none, part);
		keep(copy->arena, part);
		side->otherwise[f] = *part;
		if (ipset_is_empty(part->unknown))
			continue;
		spf_tree_networks_otherwise(copy->scratch, root, family, &none, &side->otherwise[f]);
		keep(copy->arena, &side->otherwise[f]);
	}
}

/* Only a text that somebody can be shown counts (RFC 7208 6.2). */
static void copy_explanation(
	struct diff_copy *copy, const struct spf_explanation *explanation, struct diff_side *side)
{
	side->explanation_known = side->spf_known;
	if (explanation == NULL)
		return;
	if (!explanation->resolved ||
		(explanation->answer != NULL && explanation->answer->kind == ANSWER_TEMPORARY))
		side->explanation_known = false;
	else if (explanation->valid && explanation->reachable)
		side->explanation = diff_copy_slice(copy, explanation->record);
}

static void copy_spf(struct diff_copy *copy, const struct verdict_spf *spf, struct diff_side *side)
{
	const struct spf_tree *tree = spf->tree;
	side->spf_status = spf->status;
	side->spf_known = tree != NULL && !tree->temporary && spf->status != STATUS_UNKNOWN;
	for (size_t f = 0; f < SPF_FAMILIES; f++) {
		for (size_t i = 0; i < SPF_RESULTS; i++)
			side->families[f].by_result[i] = ipset_empty((enum ip_family)f);
		side->families[f].unknown = ipset_empty((enum ip_family)f);
		side->otherwise[f] = side->families[f];
	}
	if (tree == NULL)
		return;
	side->lookups = tree->lookups;
	side->void_lookups = tree->void_lookups;
	struct spf_tree_place root = spf_tree_place_root(copy->scratch, tree->root);
	side->spf_place = diff_copy_place(copy, &root.place);
	if (side->spf_known) {
		copy_partition(copy, tree->root, side);
		diff_tree_copy(copy, spf, side);
	}
	copy_explanation(copy, spf->explanation, side);
}

/* --- policies ------------------------------------------------------------------------------- */

/* The span of the first tag of that name; of length 0 when it is not written. */
static struct span span_of_tag(const struct dmarc_record *record, enum dmarc_tag_id id)
{
	const struct dmarc_tag *tag = record == NULL ? NULL : dmarc_record_tag(record, id);
	return tag == NULL ? span_of(0, 0) : tag->span;
}

/* The place of a DMARC record; places of one record are one. */
static const struct finding_place *place_of(
	struct diff_copy *copy, struct diff_side *side, struct name location, const struct record *txt)
{
	struct name owner;
	if (txt == NULL || name_prepend(copy->scratch, SLICE("_dmarc"), location, &owner) != NAME_OK)
		return NULL;
	const struct finding_place there = dmarc_lint_place(copy->scratch, side->domain, owner, txt);
	for (size_t i = 0; i < DIFF_READINGS * DIFF_LEVELS; i++) {
		const struct finding_place *known = side->policies[i / DIFF_LEVELS][i % DIFF_LEVELS].place;
		if (known != NULL && slice_equal(known->name, there.name))
			return known;
	}
	struct finding_place *place = arena_alloc(copy->arena, sizeof *place);
	*place = diff_copy_place(copy, &there);
	return place;
}

static enum dmarc_tag_id tag_of(const struct dmarc_record *record, enum diff_level level)
{
	if (level == DIFF_NONEXISTENT && dmarc_record_tag(record, DMARC_TAG_NP) != NULL)
		return DMARC_TAG_NP;
	if (level != DIFF_OWN && dmarc_record_tag(record, DMARC_TAG_SP) != NULL)
		return DMARC_TAG_SP;
	return DMARC_TAG_P;
}

/* The policy of RFC 9989 for a level that the record of `step` decides with its `rule` of use. */
static void set_rfc9989(struct diff_copy *copy, struct diff_side *side, enum diff_level level,
	const struct dmarc_walk_step *step, enum diff_level use, enum dmarc_policy asked)
{
	struct diff_policy *policy = &side->policies[DIFF_RFC9989][level];
	const struct dmarc_record *record = step->record;
	policy->applies = dmarc_policies_of(record).applies;
	policy->asked = asked;
	policy->policy = dmarc_policy_applied(asked, record->testing);
	policy->tag = span_of_tag(record, tag_of(record, use));
	policy->modifier = span_of_tag(record, DMARC_TAG_T);
	policy->place = place_of(copy, side, step->domain, step->txt);
}

static void copy_rfc9989(
	struct diff_copy *copy, const struct dmarc_discovery *discovery, struct diff_side *side)
{
	static const enum diff_level levels[] = {
		[DMARC_SELECTED_P] = DIFF_OWN,
		[DMARC_SELECTED_SP] = DIFF_SUBDOMAIN,
		[DMARC_SELECTED_NP] = DIFF_NONEXISTENT,
	};
	struct diff_policy *policies = side->policies[DIFF_RFC9989];
	const struct dmarc_walk_step *below = dmarc_discover_below(&discovery->walk, side->domain);
	policies[DIFF_OWN].known = !discovery->temporary;
	if (!discovery->temporary && discovery->found != NULL)
		set_rfc9989(copy, side, DIFF_OWN, discovery->found, levels[discovery->selected_tag],
			discovery->selected);
	policies[DIFF_SUBDOMAIN].known = policies[DIFF_NONEXISTENT].known = !discovery->walk.temporary;
	if (discovery->walk.temporary || below == NULL)
		return;
	const struct dmarc_policies there = dmarc_policies_of(below->record);
	set_rfc9989(copy, side, DIFF_SUBDOMAIN, below, DIFF_SUBDOMAIN, there.subdomain);
	set_rfc9989(copy, side, DIFF_NONEXISTENT, below, DIFF_NONEXISTENT, there.nonexistent);
}

static struct diff_policy older_policy(const struct dmarc_record *record, enum diff_level use,
	const struct finding_place *place, enum dmarc_policy policy, unsigned pct)
{
	struct diff_policy out = {
		.known = true, .policy = policy, .asked = policy, .pct = pct, .place = place};
	if (record == NULL)
		return out;
	out.tag = span_of_tag(record, use == DIFF_OWN || dmarc_record_tag(record, DMARC_TAG_SP) == NULL
					      ? DMARC_TAG_P
					      : DMARC_TAG_SP);
	out.modifier = span_of_tag(record, DMARC_TAG_PCT);
	return out;
}

/* Without a public suffix list nothing is known of this reading. */
static void copy_rfc7489(struct diff_copy *copy, const struct dmarc_rfc7489 *found, struct diff_side *side)
{
	struct diff_policy *policies = side->policies[DIFF_RFC7489];
	const struct dmarc_rfc7489_below *below = &found->below;
	if (name_is_none(found->organizational_domain))
		return;
	if (!found->temporary) {
		bool own = found->record == NULL || name_equal(found->location, side->domain);
		policies[DIFF_OWN] = older_policy(found->record, own ? DIFF_OWN : DIFF_SUBDOMAIN,
			place_of(copy, side, found->location, found->txt), found->policy, found->pct);
		policies[DIFF_OWN].applies = found->applies;
	}
	if (!below->temporary) {
		policies[DIFF_SUBDOMAIN] = older_policy(below->record, DIFF_SUBDOMAIN,
			place_of(copy, side, below->location, below->txt), below->policy, below->pct);
		policies[DIFF_SUBDOMAIN].applies = below->applies;
	}
	policies[DIFF_NONEXISTENT] = policies[DIFF_SUBDOMAIN];
}

/* --- the rest of DMARC ---------------------------------------------------------------------- */

static void copy_alignment(
	struct diff_copy *copy, const struct dmarc_discovery *discovery, struct diff_side *side)
{
	struct diff_alignment *alignment = &side->alignment;
	struct name organization = discovery->organizational_domain;
	alignment->organization_known = !discovery->walk.temporary && !name_is_none(organization);
	if (alignment->organization_known)
		alignment->organization.wire =
			arena_copy(copy->arena, slice_of(organization.wire, organization.len)).ptr;
	alignment->organization.len = alignment->organization_known ? organization.len : 0;
	if (discovery->temporary || discovery->found == NULL || !discovery->policies.applies)
		return;
	const struct dmarc_record *record = discovery->found->record;
	alignment->known = true;
	alignment->strict_dkim = record->strict_dkim;
	alignment->strict_spf = record->strict_spf;
	side->rua_span = span_of_tag(record, DMARC_TAG_RUA);
	side->ruf_span = span_of_tag(record, DMARC_TAG_RUF);
	side->dkim_span = span_of_tag(record, DMARC_TAG_ADKIM);
	side->aspf_span = span_of_tag(record, DMARC_TAG_ASPF);
}

/* Scheme and host count in any case, the mailbox before the host does not. The host of an address is what
 * follows the last @, up to the headers. */
static struct slice one_spelling(struct arena *arena, const struct dmarc_uri *uri)
{
	char *text = arena_alloc(arena, uri->text.len + 1);
	bool is_host = !uri->is_mailto;
	memcpy(text, uri->text.ptr, uri->text.len);
	for (size_t i = 0; i < uri->text.len && text[i] != ':'; i++)
		text[i] = ascii_lower(text[i]);
	for (size_t i = slice_find(uri->text, is_host ? '/' : '@', 0); i < uri->text.len; i++) {
		size_t left = uri->text.len - i;
		if (!slice_equal_nocase(slice_head(slice_of(text + i, left), uri->host.len), uri->host))
			continue;
		for (size_t j = i; j < i + uri->host.len; j++)
			text[j] = ascii_lower(text[j]);
		break;
	}
	return slice_of(text, uri->text.len);
}

/* False when it is not known of one whether it may be used. */
static bool copy_uris(struct diff_copy *copy, const struct dmarc_destination *from, size_t count,
	const struct slice **out, size_t *out_count)
{
	struct slice *texts = arena_alloc(copy->scratch, (count + 1) * sizeof *texts);
	size_t used = 0;
	bool known = true;
	for (size_t i = 0; i < count; i++) {
		known = known && from[i].authorized != DMARC_AUTHORIZATION_UNKNOWN;
		if (!from[i].uri->valid || from[i].authorized != DMARC_AUTHORIZED)
			continue;
		texts[used++] =
			from[i].redirected ? from[i].redirect : one_spelling(copy->scratch, from[i].uri);
	}
	*out_count = diff_copy_sorted(copy, texts, used, out);
	return known;
}

/* RFC 9991 2: nobody sends failure reports for a record with psd=y. */
static void copy_reports(struct diff_copy *copy, const struct verdict_dmarc *dmarc, struct diff_side *side)
{
	const struct dmarc_discovery *discovery = &dmarc->discovery;
	side->reports_known = !discovery->temporary;
	if (discovery->temporary || discovery->found == NULL || !discovery->policies.applies)
		return;
	bool rua = copy_uris(copy, dmarc->rua, dmarc->rua_count, &side->rua, &side->rua_count);
	bool ruf = copy_uris(copy, dmarc->ruf, dmarc->ruf_count, &side->ruf, &side->ruf_count);
	side->reports_known = rua && ruf;
	if (discovery->found->record->psd == 'y')
		side->ruf_count = 0;
}

static void copy_dmarc(struct diff_copy *copy, const struct verdict_dmarc *dmarc, struct diff_side *side)
{
	const struct dmarc_walk_step *found = dmarc->discovery.found;
	struct name owner;
	side->dmarc_status = dmarc->status;
	for (size_t i = 0; i < DIFF_READINGS * DIFF_LEVELS; i++)
		side->policies[i / DIFF_LEVELS][i % DIFF_LEVELS].pct = 100;
	copy_rfc9989(copy, &dmarc->discovery, side);
	copy_rfc7489(copy, &dmarc->rfc7489, side);
	copy_alignment(copy, &dmarc->discovery, side);
	copy_reports(copy, dmarc, side);
	side->dmarc_known = dmarc->status != STATUS_UNKNOWN && !dmarc->discovery.temporary &&
			    !dmarc->discovery.walk.temporary && !dmarc->rfc7489.temporary &&
			    !dmarc->rfc7489.below.temporary;
	if (name_prepend(copy->scratch, SLICE("_dmarc"), side->domain, &owner) != NAME_OK)
		owner = side->domain;
	struct finding_place place = dmarc_lint_place(copy->scratch, side->domain,
		found != NULL ? found->name : owner, found != NULL ? found->txt : NULL);
	side->dmarc_place = diff_copy_place(copy, &place);
}

/* --- the whole ------------------------------------------------------------------------------ */

static void copy_incomplete(struct diff_copy *copy, const struct verdict *verdict, struct diff_side *side)
{
	if (verdict->incomplete_count == 0)
		return;
	const struct answer **list =
		arena_alloc(copy->arena, verdict->incomplete_count * sizeof(const struct answer *));
	for (size_t i = 0; i < verdict->incomplete_count; i++)
		list[i] = answer_copy(copy->arena, verdict->incomplete[i]);
	side->incomplete = list;
	side->incomplete_count = verdict->incomplete_count;
}

void diff_side_of(struct arena *arena, const struct verdict *verdict, struct diff_side *out)
{
	struct arena *scratch = verdict->findings.arena == NULL ? arena : verdict->findings.arena;
	struct arena_mark mark = arena_mark(scratch);
	struct diff_copy *copy = arena_alloc(scratch, sizeof *copy);
	diff_copy_init(copy, arena, scratch);
	*out = (struct diff_side){.spf_known = false};
	out->domain.wire = arena_copy(arena, slice_of(verdict->domain.wire, verdict->domain.len)).ptr;
	out->domain.len = verdict->domain.len;
	copy_spf(copy, &verdict->spf, out);
	if (verdict->spf.tree != NULL) /* else the verdict is about a line that is no domain */
		copy_dmarc(copy, &verdict->dmarc, out);
	diff_copy_findings(copy, &verdict->findings, &out->findings);
	copy_incomplete(copy, verdict, out);
	if (scratch != arena)
		arena_rewind(scratch, mark);
}
