/* diff_changes_dmarc: what a change does to DMARC, as findings (RFC 9989 4.7, 4.10; RFC 7489 6.3).
 *
 * Policies by reading and level that one tag changes in the same way are one finding:
 *
 *     p=reject -> p=none     the domain, its subdomains, names that do not exist; both readings
 */
#include "inspect/diff_changes.h"

#include "inspect/diff_policy.h"
#include "inspect/diff_text.h"

#define CELLS (DIFF_READINGS * DIFF_LEVELS)

/* Levels of each reading (bits) that change alike. */
struct group {
	enum diff_direction direction;
	struct slice before, after; /* in words */
	const struct finding_place *place;
	struct span span;
	unsigned levels[DIFF_READINGS];
};

/* --- what decides --------------------------------------------------------------------------- */

/* t or pct, when without it the policy would not have changed that way; else the tag with the policy. */
static struct span deciding_span(
	const struct diff_policy *before, const struct diff_policy *after, enum diff_direction direction)
{
	struct diff_policy full = *after;
	full.policy = after->asked;
	full.pct = 100;
	unsigned was = diff_policy_strength(before), is = diff_policy_strength(&full);
	if (direction == DIFF_WEAKER && is >= was && after->modifier.len > 0)
		return after->modifier;
	if (direction == DIFF_STRONGER && before->applies && before->asked == after->asked &&
		after->modifier.len > 0)
		return after->modifier;
	return after->tag;
}

static struct group group_of(struct arena *arena, const struct diff *diff, size_t reading, size_t level)
{
	const struct diff_policy *before = &diff->before->policies[reading][level];
	const struct diff_policy *after = &diff->after->policies[reading][level];
	struct group group = {
		.direction = diff->policies[reading][level],
		.before = diff_text_policy(arena, before),
		.after = diff_text_policy(arena, after),
		.place = after->place != NULL ? after->place : &diff->after->dmarc_place,
	};
	if (after->applies)
		group.span = deciding_span(before, after, group.direction);
	group.levels[reading] = 1U << level;
	return group;
}

static bool is_alike(const struct group *a, const struct group *b)
{
	return a->direction == b->direction && slice_equal(a->before, b->before) &&
	       slice_equal(a->after, b->after) && slice_equal(a->place->name, b->place->name) &&
	       a->span.offset == b->span.offset && a->span.len == b->span.len;
}

static void add_group(struct group *groups, size_t *count, const struct group *group)
{
	size_t i = 0;
	while (i < *count && !is_alike(&groups[i], group))
		i++;
	if (i == *count)
		groups[(*count)++] = *group;
	for (size_t r = 0; r < DIFF_READINGS; r++)
		groups[i].levels[r] |= group->levels[r];
}

/* --- in words ------------------------------------------------------------------------------- */

static struct slice levels_text(struct arena *arena, const struct diff *diff, unsigned levels)
{
	struct slice texts[DIFF_LEVELS];
	size_t count = 0;
	if ((levels & 1U << DIFF_OWN) != 0)
		texts[count++] = name_bytes(arena, diff->domain);
	if ((levels & 1U << DIFF_SUBDOMAIN) != 0)
		texts[count++] = SLICE("subdomains");
	if ((levels & 1U << DIFF_NONEXISTENT) != 0)
		texts[count++] = SLICE("subdomains that do not exist");
	return diff_text_list(arena, texts, count);
}

static void report_levels(struct arena *arena, struct diff *out, const struct group *group, unsigned levels,
	enum detail detail, bool denied)
{
	bool weaker = group->direction == DIFF_WEAKER;
	if (levels == 0)
		return;
	struct finding *finding =
		diff_changes_add(out, weaker ? RULE_CHANGE_POLICY_WEAKENED : RULE_CHANGE_POLICY_STRENGTHENED,
			group->place, denied && weaker);
	finding->detail = detail;
	finding->args[0] = levels_text(arena, out, levels);
	finding->args[1] = group->after;
	finding->args[2] = group->before;
	diff_changes_point(finding, group->span);
}

static void report_policies(struct arena *arena, struct diff *out, bool denied)
{
	struct group groups[CELLS];
	size_t count = 0;
	for (size_t cell = 0; cell < CELLS; cell++) {
		size_t reading = cell / DIFF_LEVELS, level = cell % DIFF_LEVELS;
		if (out->policies[reading][level] == DIFF_SAME)
			continue;
		struct group group = group_of(arena, out, reading, level);
		add_group(groups, &count, &group);
	}
	for (size_t i = 0; i < count; i++) {
		unsigned newer = groups[i].levels[DIFF_RFC9989], older = groups[i].levels[DIFF_RFC7489];
		report_levels(arena, out, &groups[i], newer & older, DETAIL_CHANGE_ALL_RECEIVERS, denied);
		report_levels(arena, out, &groups[i], newer & ~older, DETAIL_CHANGE_RFC9989, denied);
		report_levels(arena, out, &groups[i], older & ~newer, DETAIL_CHANGE_RFC7489, denied);
	}
}

/* --- alignment and reports ------------------------------------------------------------------ */

static void report_strictness(
	struct diff *out, const char *what, enum diff_direction direction, struct span span)
{
	bool stricter = direction == DIFF_STRONGER;
	if (direction == DIFF_SAME)
		return;
	struct finding *finding =
		diff_changes_add(out, RULE_CHANGE_ALIGNMENT, &out->after->dmarc_place, false);
	finding->severity = stricter ? SEVERITY_WARNING : SEVERITY_INFO;
	finding->args[0] = slice_cstr(what);
	finding->args[1] = stricter ? SLICE("strict") : SLICE("relaxed");
	finding->args[2] = stricter ? SLICE("relaxed") : SLICE("strict");
	diff_changes_point(finding, span);
}

static void report_organization(struct arena *arena, struct diff *out)
{
	if (!out->organization_changed)
		return;
	struct finding *finding =
		diff_changes_add(out, RULE_CHANGE_ORGANIZATION, &out->after->dmarc_place, false);
	finding->args[0] = name_bytes(arena, out->after->alignment.organization);
	finding->args[1] = name_bytes(arena, out->before->alignment.organization);
}

/* That nobody gets aggregate reports any more is worth a warning. */
static void report_reports(struct arena *arena, struct diff *out, bool aggregate)
{
	const struct diff_side *before = out->before, *after = out->after;
	const struct diff_list *list = aggregate ? &out->rua : &out->ruf;
	size_t left = aggregate ? after->rua_count : after->ruf_count;
	size_t had = aggregate ? before->rua_count : before->ruf_count;
	if (list->gained_count == 0 && list->lost_count == 0)
		return;
	struct finding *finding = diff_changes_add(out, RULE_CHANGE_REPORTS, &out->after->dmarc_place, false);
	if (aggregate && left == 0)
		finding->severity = SEVERITY_WARNING;
	finding->args[0] = aggregate ? SLICE("aggregate") : SLICE("failure");
	finding->args[1] = diff_text_list(arena, aggregate ? after->rua : after->ruf, left);
	finding->args[2] = diff_text_list(arena, aggregate ? before->rua : before->ruf, had);
	diff_changes_point(finding, aggregate ? after->rua_span : after->ruf_span);
}

void diff_changes_dmarc(struct arena *arena, unsigned deny, struct diff *out)
{
	report_policies(arena, out, (deny & DIFF_DENY_WEAKEN) != 0);
	report_strictness(out, "DKIM", out->strict_dkim, out->after->dkim_span);
	report_strictness(out, "SPF", out->strict_spf, out->after->aspf_span);
	report_organization(arena, out);
	report_reports(arena, out, true);
	report_reports(arena, out, false);
}
