/* filter: --severity and --ignore on a finished verdict; see filter.h.
 *
 *     --ignore spf-ptr@*.example.com    leaves the rule out for a.example.com and a.b.example.com
 */
#include "inspect/filter.h"

#include "inspect/glob.h"
#include "inspect/suppress_verdict.h"

void filter_init(struct filter *filter)
{
	*filter = (struct filter){.ignores = NULL};
	for (enum rule_id rule = 0; rule < RULE_COUNT; rule++)
		filter->levels[rule] = rule_get(rule)->severity;
}

static bool is_ignored(const struct filter *filter, const struct finding *finding)
{
	for (size_t i = 0; i < filter->ignore_count; i++) {
		const struct filter_ignore *ignore = &filter->ignores[i];
		if (ignore->rule != finding->rule)
			continue;
		if (ignore->name_glob.len == 0 || glob_matches(ignore->name_glob, finding->place.name))
			return true;
	}
	return false;
}

/* Errors first again; findings of one severity keep their order. */
static void order_by_severity(struct findings *findings)
{
	struct finding *ordered = arena_alloc(findings->arena, findings->count * sizeof *ordered);
	size_t count = 0;
	for (enum severity severity = SEVERITY_ERROR; severity > SEVERITY_OFF; severity--) {
		for (size_t i = 0; i < findings->count; i++) {
			if (findings->items[i].severity == severity)
				ordered[count++] = findings->items[i];
		}
	}
	findings->items = ordered;
	findings->capacity = findings->count;
}

void filter_findings(const struct filter *filter, struct findings *findings)
{
	size_t kept = 0;
	suppress_findings(filter->suppressions, findings);
	for (size_t i = 0; i < findings->count; i++) {
		struct finding finding = findings->items[i];
		if (filter->changed[finding.rule])
			finding.severity = filter->levels[finding.rule];
		if (finding.severity != SEVERITY_OFF && !is_ignored(filter, &finding))
			findings->items[kept++] = finding;
	}
	findings->count = kept;
	if (kept > 0)
		order_by_severity(findings);
}

void filter_apply(const struct filter *filter, struct verdict *verdict)
{
	suppress_verdict_note(filter->suppressions, verdict);
	filter_findings(filter, &verdict->findings);
	verdict_set_level(verdict);
}
