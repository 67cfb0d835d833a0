/* dmarc_misplaced: see dmarc_misplaced.h. */
#include "dmarc/dmarc_misplaced.h"

#include "dmarc/dmarc_lint.h"
#include "dmarc/dmarc_record.h"
#include "dmarc/dmarc_version.h"

#define PROBES 4

static bool is_meant(const struct record *record)
{
	struct slice text = record->data.txt.joined;
	return !record->malformed && (dmarc_record_is_dmarc(text) || dmarc_version_is_near(text));
}

/* _dmarc._dmarc.D, dmarc.D, _dmarc.D.D, D. Names that are too long for DNS are left out. */
static size_t probe_names(struct arena *arena, struct name domain, struct name names[PROBES])
{
	size_t count = 0;
	struct name doubled;
	if (name_prepend(arena, SLICE("_dmarc._dmarc"), domain, &names[count]) == NAME_OK)
		count++;
	if (name_prepend(arena, SLICE("dmarc"), domain, &names[count]) == NAME_OK)
		count++;
	if (name_join(arena, domain, domain, &doubled) == NAME_OK &&
		name_prepend(arena, SLICE("_dmarc"), doubled, &names[count]) == NAME_OK)
		count++;
	names[count++] = domain;
	return count;
}

static bool say(
	struct arena *arena, struct name domain, const struct answer *answer, struct findings *findings)
{
	for (size_t i = 0; i < answer->count; i++) {
		if (!is_meant(&answer->records[i]))
			continue;
		struct finding *finding = findings_add(findings, RULE_DMARC_WRONG_NAME);
		finding->place = dmarc_lint_place(arena, domain, answer->question.name, &answer->records[i]);
		finding->args[0] = name_bytes(arena, domain);
		return true;
	}
	return false;
}

enum dmarc_misplaced dmarc_misplaced_probe(
	struct view *view, struct arena *arena, struct name domain, struct findings *findings)
{
	struct name names[PROBES];
	bool found = false, unknown = false;
	size_t count = probe_names(arena, domain, names);
	for (size_t i = 0; i < count; i++) {
		const struct answer *answer = view_get(view, names[i], RRTYPE_TXT);
		unknown |= answer->kind == ANSWER_TEMPORARY;
		found |= say(arena, domain, answer, findings);
	}
	if (found)
		return DMARC_MISPLACED_FOUND;
	return unknown ? DMARC_MISPLACED_UNKNOWN : DMARC_MISPLACED_NONE;
}
