/* spf_reading: see spf_reading.h. */
#include "spf/spf_reading.h"

struct finding *spf_reading_report(
	struct spf_reading *reading, enum rule_id rule, enum detail detail, struct span span)
{
	struct finding *finding = findings_add_at(reading->findings, rule, span);
	finding->detail = detail;
	finding->args[0] = slice_at(reading->text, span);
	return finding;
}

/* "all", "+all", "ip4:0.0.0.0/0", "mx//0". */
static bool is_open(struct slice term)
{
	size_t sign = term.len > 0 && term.ptr[0] == '+' ? 1 : 0;
	return slice_equal_nocase(slice_from(term, sign), SLICE("all")) ||
	       (term.len > 2 && slice_equal(slice_from(term, term.len - 2), SLICE("/0")));
}

/* What is no SPF record lets nobody pass. */
static size_t count_open(struct slice record)
{
	size_t count = 0;
	if (!slice_starts_nocase(record, SLICE("v=spf1 ")))
		return 0;
	for (size_t at = 0; at < record.len;) {
		size_t end = slice_find(record, ' ', at);
		count += is_open(slice_at(record, span_of(at, end - at)));
		at = end + 1;
	}
	return count;
}

bool spf_reading_opens(const struct spf_reading *reading, struct slice fixed)
{
	return count_open(fixed) > count_open(reading->text);
}

static const struct fix *guarded(struct spf_reading *reading, const struct fix *fix)
{
	if (!fix->safe || !spf_reading_opens(reading, fix->record))
		return fix;
	return fix_edits(reading->arena, reading->text, fix->edits, fix->count, false);
}

void spf_reading_fix_edits(struct spf_reading *reading, struct finding *finding, const struct fix_edit *edits,
	size_t count, bool safe)
{
	if (reading->fix_bytes > SPF_MAX_FIX_BYTES)
		return;
	reading->fix_bytes += reading->text.len;
	finding->fix = guarded(reading, fix_edits(reading->arena, reading->text, edits, count, safe));
}

void spf_reading_fix(struct spf_reading *reading, struct finding *finding, struct span span,
	struct slice replacement, bool safe)
{
	struct fix_edit edit = {span, replacement};
	spf_reading_fix_edits(reading, finding, &edit, 1, safe);
}
