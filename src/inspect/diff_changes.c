/* diff_changes: see diff_changes.h. */
#include "inspect/diff_changes.h"

#include "inspect/diff_policy.h"

struct finding *diff_changes_add(
	struct diff *out, enum rule_id rule, const struct finding_place *place, bool denied)
{
	struct finding *finding = findings_add(&out->changes, rule);
	finding->place = *place;
	if (denied)
		finding->severity = SEVERITY_ERROR;
	return finding;
}

void diff_changes_point(struct finding *finding, struct span span)
{
	finding->has_span = span.len > 0 && finding->place.record.len > 0;
	finding->span = finding->has_span ? span : span_of(0, 0);
}

/* The worst first, otherwise as they came. */
static void put_worst_first(struct arena *arena, struct findings *findings)
{
	static const enum severity order[] = {SEVERITY_ERROR, SEVERITY_WARNING, SEVERITY_INFO, SEVERITY_OFF};
	struct finding *sorted = arena_alloc(arena, (findings->count + 1) * sizeof *sorted);
	size_t used = 0;
	for (size_t s = 0; s < sizeof order / sizeof *order; s++)
		for (size_t i = 0; i < findings->count; i++)
			if (findings->items[i].severity == order[s])
				sorted[used++] = findings->items[i];
	findings->items = sorted;
	findings->capacity = findings->count + 1;
}

static bool has_severity(const struct findings *findings, enum severity least)
{
	for (size_t i = 0; i < findings->count; i++)
		if (findings->items[i].severity >= least)
			return true;
	return false;
}

static bool is_wider(const struct diff *diff)
{
	for (size_t f = 0; f < SPF_FAMILIES; f++)
		if (!ipset_is_empty(diff->networks[SPF_PASS].gained[f]) || !ipset_is_empty(diff->may_pass[f]))
			return true;
	return false;
}

static bool costs_more(const struct diff *diff)
{
	return diff->spf_known && (diff->after->lookups > diff->before->lookups ||
					  diff->after->void_lookups > diff->before->void_lookups);
}

static unsigned denials(const struct diff *diff)
{
	unsigned bits = 0;
	bits |= is_wider(diff) ? DIFF_DENY_WIDEN : 0;
	bits |= diff_policy_has(diff, DIFF_WEAKER) ? DIFF_DENY_WEAKEN : 0;
	bits |= costs_more(diff) ? DIFF_DENY_LOOKUPS : 0;
	bits |= has_severity(&diff->new_findings, SEVERITY_ERROR) ? DIFF_DENY_NEW_ERRORS : 0;
	bits |= has_severity(&diff->new_findings, SEVERITY_WARNING) ? DIFF_DENY_NEW_WARNINGS : 0;
	return bits;
}

void diff_changes_list(struct arena *arena, unsigned deny, struct diff *out)
{
	findings_init(&out->changes, arena);
	if (out->spf_known)
		diff_changes_spf(arena, deny, out);
	diff_changes_dmarc(arena, deny, out);
	put_worst_first(arena, &out->changes);
	out->denied = deny & denials(out);
}
