/* dmarc_lint: see dmarc_lint.h (RFC 9989 4.7, 4.10, 4.10.1; RFC 7489 6.6.3).
 *
 * The names of the walk up to the record that applies, then that record, then what follows when there is
 * none. One cause is said once: a near miss or several records at a name explain why there is no record.
 */
#include "dmarc/dmarc_lint.h"

#include "dmarc/dmarc_misplaced.h"
#include "dmarc/dmarc_select.h"
#include "dmarc/dmarc_version.h"

struct lint {
	struct view *view;
	struct arena *arena;
	const struct dmarc_lint_request *request;
	const struct dmarc_discovery *discovery;
	struct findings *findings;
	bool is_explained; /* why there is no record, or another one */
};

struct finding_place dmarc_lint_place(
	struct arena *arena, struct name author, struct name owner, const struct record *record)
{
	struct slice *path = arena_alloc(arena, sizeof *path);
	*path = name_text(arena, author);
	struct finding_place place = {
		.name = name_text(arena, owner), .type = SLICE("TXT"), .path = path, .path_count = 1};
	if (record == NULL)
		return place;
	place.record = record->malformed ? record->rdata : record->data.txt.joined;
	place.file = record->origin.file;
	place.line = record->origin.line;
	return place;
}

static struct finding_place place_of(
	const struct lint *lint, const struct dmarc_walk_step *step, const struct record *record)
{
	return dmarc_lint_place(lint->arena, lint->request->author, step->name, record);
}

static struct finding *add(
	struct lint *lint, enum rule_id rule, const struct dmarc_walk_step *step, const struct record *record)
{
	struct finding *finding = findings_add(lint->findings, rule);
	finding->place = place_of(lint, step, record);
	return finding;
}

static struct slice text_of(const struct lint *lint, struct name name)
{
	return name_bytes(lint->arena, name);
}

/* --- the names of the walk --- */

/* RFC 9989 4.10: all of them are discarded. */
static void lint_multiple(struct lint *lint, const struct dmarc_walk_step *step)
{
	const struct dmarc_selection *selection = dmarc_select(lint->view, step->answer);
	struct finding *finding = add(lint, RULE_DMARC_MULTIPLE, step, selection->first);
	finding->args[0] = arena_printf(lint->arena, "%zu", selection->count);
	/* RFC 7489 6.6.3: older receivers ask at the domain itself and at the registered domain only. */
	const struct dmarc_rfc7489 *older = lint->request->rfc7489;
	bool registered = older != NULL && name_equal(step->domain, older->organizational_domain);
	if (!registered && !name_equal(step->domain, lint->request->author))
		finding->effects[RECEIVER_RFC7489] = EFFECT_NONE;
	lint->is_explained = true;
}

/* A text that is no DMARC record but was meant as one. Beside a good record it only confuses. */
static bool lint_near_miss(struct lint *lint, const struct dmarc_walk_step *step, const struct record *record)
{
	struct findings found;
	struct finding_place place = place_of(lint, step, record);
	findings_init(&found, lint->arena);
	if (!dmarc_version_check(lint->arena, record->data.txt.joined, &found))
		return false;
	for (size_t i = 0; i < found.count && step->record != NULL; i++) {
		found.items[i].severity = SEVERITY_WARNING;
		finding_effect_all(
			&found.items[i], EFFECT_NONE, EFFECT_DMARC_TEXT_IGNORED, EFFECT_DMARC_TEXT_IGNORED);
	}
	findings_adopt(lint->findings, &found, &place);
	lint->is_explained = true;
	return true;
}

/* SPF at this name was meant for another one. */
static void lint_unrelated(struct lint *lint, const struct dmarc_walk_step *step, const struct record *record)
{
	bool is_spf = slice_starts_nocase(record->data.txt.joined, SLICE("v=spf1"));
	struct finding *finding =
		add(lint, is_spf ? RULE_DMARC_SPF_HERE : RULE_DMARC_UNRELATED_TXT, step, record);
	finding->args[0] = text_of(lint, lint->request->author);
	finding->has_span = record->data.txt.joined.len > 0;
	finding->span = span_of(0, record->data.txt.joined.len);
}

static void lint_step(struct lint *lint, const struct dmarc_walk_step *step)
{
	if (step->answer == NULL)
		return;
	if (step->outcome == DMARC_WALK_MULTIPLE)
		lint_multiple(lint, step);
	for (size_t i = 0; i < step->answer->count; i++) {
		const struct record *record = &step->answer->records[i];
		if (record->malformed || dmarc_record_is_dmarc(record->data.txt.joined))
			continue;
		bool first = step == &lint->discovery->walk.steps[0];
		if (!lint_near_miss(lint, step, record) && first)
			lint_unrelated(lint, step, record);
	}
}

/* The domain's own record ends it, and a name that could not be asked: whether anything behind it matters is
 * not known. Behind a record in between the walk goes on: what is above decides whether that one applies. */
static void lint_walk(struct lint *lint)
{
	const struct dmarc_walk *walk = &lint->discovery->walk;
	for (size_t i = 0; i < walk->count; i++) {
		const struct dmarc_walk_step *step = &walk->steps[i];
		if (step->outcome == DMARC_WALK_TEMPORARY)
			return;
		lint_step(lint, step);
		if (i == 0 && step == lint->discovery->found)
			return;
	}
}

/* --- the record that applies --- */

static const char *const selected_names[] = {"p", "sp", "np"};
static const enum dmarc_tag_id selected_ids[] = {DMARC_TAG_P, DMARC_TAG_SP, DMARC_TAG_NP};

static void point_at(struct finding *finding, const struct dmarc_tag *tag)
{
	finding->has_span = tag != NULL;
	if (tag != NULL)
		finding->span = tag->span;
}

/* RFC 9989 4.7: sp and np count only in the record of the Organizational Domain, or of a public suffix. False
 * while that is not certain. */
static bool subdomain_tags_count(const struct lint *lint, const struct dmarc_walk_step *found)
{
	const struct dmarc_discovery *discovery = lint->discovery;
	if (!name_equal(found->domain, lint->request->author))
		return true;
	return !discovery->walk.temporary && name_equal(discovery->organizational_domain, found->domain);
}

static bool is_about_subdomain_tags(enum rule_id rule)
{
	return rule == RULE_DMARC_SP_NONE || rule == RULE_DMARC_NP_NONE || rule == RULE_DMARC_SP_WEAKER;
}

/* psd=y is right at a public suffix; whether this is one only the list can tell. */
static void lint_record(struct lint *lint, const struct dmarc_walk_step *found)
{
	struct finding_place place = place_of(lint, found, found->txt);
	const struct psl *psl = lint->request->psl;
	bool suffix = psl != NULL && psl_is_suffix(psl, found->domain);
	bool subdomains = subdomain_tags_count(lint, found);
	struct findings kept;
	findings_init(&kept, lint->arena);
	for (size_t i = 0; i < found->record->findings.count; i++) {
		const struct finding *finding = &found->record->findings.items[i];
		if ((finding->rule != RULE_DMARC_PSD || !suffix) &&
			(subdomains || !is_about_subdomain_tags(finding->rule)))
			*findings_add(&kept, finding->rule) = *finding;
	}
	findings_adopt(lint->findings, &kept, &place);
}

/* psd=n below the registered domain cuts this name off (RFC 9989 4.10.2); at the registered domain it is a
 * defence (11.8). */
static void lint_cut_off(struct lint *lint, const struct dmarc_walk_step *found)
{
	const struct psl *psl = lint->request->psl;
	if (psl == NULL || found->record->psd != 'n')
		return;
	struct name registrable = psl_registrable(psl, found->domain);
	if (name_is_none(registrable) || name_equal(registrable, found->domain))
		return;
	struct finding *finding = add(lint, RULE_DMARC_PSD, found, found->txt);
	finding->severity = SEVERITY_INFO;
	point_at(finding, dmarc_record_tag(found->record, DMARC_TAG_PSD));
}

static void lint_inherited(struct lint *lint, const struct dmarc_walk_step *found)
{
	const struct dmarc_discovery *discovery = lint->discovery;
	if (!discovery->policies.applies)
		return; /* RFC 9989 4.10.1: the record switches DMARC off, and there is nothing to inherit */
	if (!discovery->existence_known && found->record->has_np)
		return; /* which tag gives the policy is open */
	struct finding *finding = add(lint, RULE_DMARC_INHERITED, found, found->txt);
	finding->args[0] = text_of(lint, lint->request->author);
	finding->args[1] = text_of(lint, found->domain);
	finding->args[2] = slice_cstr(dmarc_policy_text(discovery->selected));
	finding->args[3] = slice_cstr(selected_names[discovery->selected_tag]);
	point_at(finding, dmarc_record_tag(found->record, selected_ids[discovery->selected_tag]));
}

/* A record below the Organizational Domain is used for its own name only (RFC 9989 4.7). */
static void lint_ignored(struct lint *lint, const struct dmarc_walk_step *found, enum dmarc_tag_id id)
{
	const struct dmarc_discovery *discovery = lint->discovery;
	const struct dmarc_tag *tag = dmarc_record_tag(found->record, id);
	if (tag == NULL || discovery->walk.temporary ||
		name_equal(found->domain, discovery->organizational_domain))
		return;
	struct finding *finding = add(lint, RULE_DMARC_SP_IGNORED, found, found->txt);
	point_at(finding, tag);
	finding->args[0] = tag->name;
	finding->args[1] = text_of(lint, found->domain);
	finding->args[2] = text_of(lint, discovery->organizational_domain);
}

static void lint_found(struct lint *lint, const struct dmarc_walk_step *found)
{
	lint_record(lint, found);
	lint_cut_off(lint, found);
	if (!name_equal(found->domain, lint->request->author)) {
		lint_inherited(lint, found);
		return;
	}
	lint_ignored(lint, found, DMARC_TAG_SP);
	lint_ignored(lint, found, DMARC_TAG_NP);
}

/* --- no record --- */

/* A walk that still misses an answer has found nothing yet; that says nothing. */
static bool is_pending(const struct dmarc_walk *walk)
{
	for (size_t i = 0; i < walk->count; i++)
		if (walk->steps[i].answer != NULL && view_is_pending(walk->steps[i].answer))
			return true;
	return false;
}

static void lint_none(struct lint *lint)
{
	struct name author = lint->request->author;
	if (lint->discovery->walk.count == 0 || is_pending(&lint->discovery->walk) ||
		!lint->discovery->existence_known)
		return;
	if (lint->discovery->domain_exists && dmarc_misplaced_probe(lint->view, lint->arena, author,
						      lint->findings) != DMARC_MISPLACED_NONE)
		return;
	enum rule_id rule = lint->discovery->domain_exists ? RULE_DMARC_NONE : RULE_DMARC_NXDOMAIN;
	add(lint, rule, &lint->discovery->walk.steps[0], NULL)->args[0] = text_of(lint, author);
}

/* --- older and newer receivers --- */

static struct slice described(struct lint *lint, struct name location, bool applies, enum dmarc_policy policy)
{
	struct slice name;
	if (name_is_none(location))
		return SLICE("no record");
	name = text_of(lint, location);
	if (!applies)
		return arena_printf(
			lint->arena, "the record of %.*s, which switches DMARC off", (int)name.len, name.ptr);
	return arena_printf(lint->arena, "the record of %.*s with the policy %s", (int)name.len, name.ptr,
		dmarc_policy_text(policy));
}

static bool has_multiple(const struct dmarc_walk *walk)
{
	for (size_t i = 0; i < walk->count; i++)
		if (walk->steps[i].outcome == DMARC_WALK_MULTIPLE)
			return true;
	return false;
}

/* Another record, or another policy of the same one. A bad np, t and pct make a difference, too; that is
 * said about them. */
static bool diverges(const struct dmarc_discovery *newer, const struct dmarc_rfc7489 *older)
{
	if (newer->found == NULL || name_is_none(older->location))
		return (newer->found == NULL) != name_is_none(older->location);
	if (!name_equal(newer->found->domain, older->location))
		return true;
	const struct dmarc_record *record = newer->found->record;
	bool bad_np = dmarc_record_tag(record, DMARC_TAG_NP) != NULL && !record->has_np;
	return newer->policies.applies && older->applies && !bad_np && newer->selected != older->policy;
}

static void lint_divergence(struct lint *lint)
{
	const struct dmarc_discovery *newer = lint->discovery;
	const struct dmarc_rfc7489 *older = lint->request->rfc7489;
	if (older->temporary || has_multiple(&newer->walk) || newer->walk.count == 0 ||
		!diverges(newer, older))
		return;
	struct finding *finding = add(lint, RULE_DMARC_WALK_DIVERGES, &newer->walk.steps[0], NULL);
	struct name location = {NULL, 0};
	if (newer->found != NULL)
		location = newer->found->domain;
	finding->args[0] = text_of(lint, lint->request->author);
	finding->args[1] = described(lint, location, newer->policies.applies, newer->selected);
	finding->args[2] = described(lint, older->location, older->applies, older->policy);
}

/* More labels than the walk has steps: it jumps (RFC 9989 4.10, step 4). */
static void lint_deep(struct lint *lint)
{
	struct name author = lint->request->author;
	size_t labels = name_labels(author);
	const struct dmarc_walk_step *found = lint->discovery->found;
	if (labels <= DMARC_MAX_WALK || (found != NULL && name_equal(found->domain, author)))
		return;
	struct finding *finding = add(lint, RULE_DMARC_DEEP_AUTHOR, &lint->discovery->walk.steps[0], NULL);
	finding->args[0] = text_of(lint, author);
	finding->args[1] = arena_printf(lint->arena, "%zu", labels);
}

void dmarc_lint(struct view *view, struct arena *arena, const struct dmarc_lint_request *request,
	struct findings *findings)
{
	struct lint lint = {.view = view,
		.arena = arena,
		.request = request,
		.discovery = request->discovery,
		.findings = findings};
	lint_walk(&lint);
	if (lint.discovery->temporary)
		return;
	if (lint.discovery->found != NULL)
		lint_found(&lint, lint.discovery->found);
	else if (!lint.is_explained)
		lint_none(&lint);
	if (request->rfc7489 != NULL)
		lint_divergence(&lint);
	lint_deep(&lint);
}
