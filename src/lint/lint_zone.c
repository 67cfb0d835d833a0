/* lint_zone: see lint_zone.h.
 *
 *     1. entries     TXT, SPF and CNAME records, sorted by owner, type and data
 *     2. groups      all entries of one owner: what each is, and what they are together
 *     3. exp         texts at the names that exp= of the SPF records found leads to
 *     4. the result  in the order of the file
 */
#include "lint/lint_zone.h"

#include <stdlib.h>

#include "inspect/comment_cut.h"
#include "lint/lint_written.h"
#include "spf/spf_select.h"

#define MAX_STRING 255 /* RFC 1035 3.3 */

struct entry {
	const struct zonefile_record *record;
	size_t number; /* in the file */
	bool copy;     /* the same data is there already: name servers keep one (RFC 2181 5) */
	bool judged;
	struct lint_record result;
};

struct linter {
	struct arena *arena;
	const struct zonefile *zone;
	struct entry *entries;
	size_t count;
	struct name *texts; /* where exp= leads */
	size_t text_count;
	size_t text_capacity;
};

/* The entries of one owner. */
struct group {
	struct entry *first;
	size_t count;
	bool has_cname;
};

/* --- entries ------------------------------------------------------------------------------------ */

static int compare_entries(const void *left, const void *right)
{
	const struct entry *a = left, *b = right;
	int order = name_compare(a->record->owner, b->record->owner);
	if (order == 0)
		order = (a->record->record.type > b->record->record.type) -
			(a->record->record.type < b->record->record.type);
	if (order == 0)
		order = slice_compare(a->record->record.rdata, b->record->record.rdata);
	return order != 0 ? order : (a->number > b->number) - (a->number < b->number);
}

static bool is_wanted(const struct zonefile_record *record)
{
	uint16_t type = record->record.type;
	return type == RRTYPE_TXT || type == RRTYPE_SPF || type == RRTYPE_CNAME;
}

static void list_entries(struct linter *linter)
{
	linter->entries = arena_alloc(linter->arena, (linter->zone->count + 1) * sizeof *linter->entries);
	for (size_t i = 0; i < linter->zone->count; i++)
		if (is_wanted(&linter->zone->records[i]))
			linter->entries[linter->count++] =
				(struct entry){.record = &linter->zone->records[i], .number = i};
	if (linter->count > 1)
		qsort(linter->entries, linter->count, sizeof *linter->entries, compare_entries);
	for (size_t i = 1; i < linter->count; i++) {
		const struct zonefile_record *a = linter->entries[i - 1].record,
					     *b = linter->entries[i].record;
		linter->entries[i].copy = name_equal(a->owner, b->owner) &&
					  a->record.type == b->record.type &&
					  slice_equal(a->record.rdata, b->record.rdata);
	}
}

static bool is_txt(const struct entry *entry)
{
	return entry->record->record.type == RRTYPE_TXT && !entry->record->record.malformed;
}

static void begin_result(struct linter *linter, struct entry *entry, enum lint_type type)
{
	const struct zonefile_record *record = entry->record;
	struct lint_record *out = &entry->result;
	*out = (struct lint_record){.type = type,
		.name = name_text(linter->arena, record->owner),
		.rrtype = rrtype_text(linter->arena, record->record.type),
		.text = record->record.data.txt.joined,
		.strings = record->record.data.txt.strings,
		.string_count = record->record.data.txt.count,
		.origin = {.file = record->place.file,
			.line = record->place.line,
			.column = record->place.column}};
	findings_init(&out->findings, linter->arena);
	if (record->words != NULL)
		lint_written_read(linter->arena, record, out);
	entry->judged = true;
}

/* --- what a record is ------------------------------------------------------------------------------ */

static bool is_dmarc_name(struct name owner)
{
	return slice_equal(name_first_label(owner), SLICE("_dmarc"));
}

/* x._report._dmarc.D: permission to send reports, not a policy (RFC 9990 4). */
static bool is_report_name(struct name owner)
{
	for (; !name_is_root(owner); owner = name_parent(owner))
		if (slice_equal(name_first_label(owner), SLICE("_report")) &&
			is_dmarc_name(name_parent(owner)))
			return true;
	return false;
}

static enum lint_type type_of(struct linter *linter, const struct entry *entry)
{
	const struct txt_data *txt = &entry->record->record.data.txt;
	enum lint_type type =
		lint_record_guess(linter->arena, txt->joined, txt->count > 1 ? txt->strings[0].len : 0);
	if (type == LINT_DMARC && is_report_name(entry->record->owner) && dmarc_record_is_dmarc(txt->joined))
		return LINT_NONE;
	return type == LINT_EXP ? LINT_NONE : type;
}

static void report_long_strings(struct linter *linter, struct lint_record *result)
{
	size_t at = 0;
	for (size_t i = 0; i < result->string_count; i++) {
		size_t len = result->strings[i].len;
		if (len > MAX_STRING) {
			struct finding *finding =
				findings_add_at(&result->findings, RULE_SPF_TXT_STRING_255, span_of(at, len));
			finding->args[0] = arena_printf(linter->arena, "%zu", len);
			finding->fix = fix_record(linter->arena, result->text, true);
		}
		at += len;
	}
}

/* The name at which an explanation stands, when it is written without macros (RFC 7208 6.2). */
static void note_explanation(struct linter *linter, const struct lint_record *result)
{
	const struct spf_term *exp = result->spf == NULL ? NULL : result->spf->exp;
	struct name name;
	if (exp == NULL || exp->domain_spec == NULL || exp->domain_spec->count != 1 ||
		exp->domain_spec->pieces[0].kind != MACRO_LITERAL ||
		name_from_text(linter->arena, slice_at(result->text, exp->value), &name) != NAME_OK)
		return;
	linter->texts = arena_grow(linter->arena, linter->texts, linter->text_count, &linter->text_capacity,
		sizeof *linter->texts);
	linter->texts[linter->text_count++] = name;
}

/* Where nobody looks for SPF. RFC 7208 3 */
static void report_spf_at_dmarc(struct linter *linter, struct entry *entry)
{
	if (!is_dmarc_name(entry->record->owner))
		return;
	struct finding *finding = findings_add(&entry->result.findings, RULE_DMARC_SPF_HERE);
	finding->args[0] = name_bytes(linter->arena, name_parent(entry->record->owner));
	entry->result.valid = false;
}

static void judge_entry(struct linter *linter, struct entry *entry, enum lint_type type)
{
	const struct finding_place nowhere = {.line = 0};
	begin_result(linter, entry, type);
	lint_record_judge(linter->arena, &entry->result);
	if (comment_cut_report(linter->arena, &entry->record->record, &nowhere, &entry->result.findings))
		entry->result.valid = false;
	report_long_strings(linter, &entry->result);
	if (type != LINT_SPF)
		return;
	note_explanation(linter, &entry->result);
	report_spf_at_dmarc(linter, entry);
}

/* --- a name ------------------------------------------------------------------------------------------ */

/* RFC 7208 4.5, with the fix that puts the records together. */
static void report_several_spf(struct linter *linter, struct group group, struct entry *first)
{
	struct record *records = arena_alloc(linter->arena, group.count * sizeof *records);
	struct answer answer = {.kind = ANSWER_RECORDS, .records = records};
	for (size_t i = 0; i < group.count; i++)
		if (is_txt(&group.first[i]) && !group.first[i].copy)
			records[answer.count++] = group.first[i].record->record;
	const struct spf_selection *selection = spf_select_among(linter->arena, &answer);
	for (size_t i = 0; i < selection->findings.count; i++) {
		const struct findings one = {.items = &selection->findings.items[i], .count = 1};
		const struct finding_place nowhere = {.line = 0};
		if (one.items[0].rule == RULE_SPF_MULTIPLE)
			findings_adopt(&first->result.findings, &one, &nowhere);
	}
}

/* RFC 9989 4.10: all of them are discarded. */
static void report_several_dmarc(struct linter *linter, struct entry *first, size_t count)
{
	struct finding *finding = findings_add(&first->result.findings, RULE_DMARC_MULTIPLE);
	finding->args[0] = arena_printf(linter->arena, "%zu", count);
}

static bool is_selected(const struct entry *entry, enum lint_type type)
{
	return entry->judged && !entry->copy &&
	       (type == LINT_SPF ? entry->result.spf != NULL : entry->result.dmarc != NULL);
}

/* Several records of a kind at one name: none of them counts. */
static void judge_several(struct linter *linter, struct group group, enum lint_type type)
{
	struct entry *first = NULL;
	size_t count = 0;
	for (size_t i = 0; i < group.count; i++) {
		struct entry *entry = &group.first[i];
		if (!is_selected(entry, type))
			continue;
		count++;
		first = first == NULL || entry->number < first->number ? entry : first;
	}
	if (count < 2)
		return;
	for (size_t i = 0; i < group.count; i++)
		if (is_selected(&group.first[i], type)) {
			group.first[i].result.valid = false;
			group.first[i].result.is_one_of_several = &group.first[i] != first;
		}
	if (type == LINT_SPF)
		report_several_spf(linter, group, first);
	else
		report_several_dmarc(linter, first, count);
}

/* What was meant as a record and is none only confuses where a good one stands beside it. */
static void soften_near_misses(struct group group)
{
	bool has_dmarc = false;
	for (size_t i = 0; i < group.count; i++)
		has_dmarc = has_dmarc || is_selected(&group.first[i], LINT_DMARC);
	for (size_t i = 0; i < group.count && has_dmarc; i++) {
		struct entry *entry = &group.first[i];
		if (!entry->judged || entry->result.type != LINT_DMARC || entry->result.dmarc != NULL)
			continue;
		for (size_t f = 0; f < entry->result.findings.count; f++)
			entry->result.findings.items[f].severity = SEVERITY_WARNING;
	}
}

static void report_cname(struct linter *linter, struct group group)
{
	for (size_t i = 0; i < group.count; i++) {
		struct entry *entry = &group.first[i];
		if (!entry->judged || !is_txt(entry))
			continue;
		struct finding *finding = findings_add(
			&entry->result.findings, entry->result.type == LINT_DMARC ? RULE_DMARC_CNAME_CONFLICT
										  : RULE_SPF_CNAME_CONFLICT);
		finding->args[0] = name_bytes(linter->arena, entry->record->owner);
	}
}

static void judge_old_type(struct linter *linter, struct entry *entry)
{
	begin_result(linter, entry, LINT_SPF);
	struct finding *finding = findings_add_at(
		&entry->result.findings, RULE_SPF_RRTYPE99, span_of(0, entry->result.text.len));
	finding->args[0] = entry->result.name;
}

static void judge_group(struct linter *linter, struct group group)
{
	for (size_t i = 0; i < group.count; i++) {
		struct entry *entry = &group.first[i];
		if (entry->record->record.type == RRTYPE_SPF && !entry->record->record.malformed)
			judge_old_type(linter, entry);
		if (!is_txt(entry))
			continue;
		enum lint_type type = type_of(linter, entry);
		if (type != LINT_NONE)
			judge_entry(linter, entry, type);
	}
	judge_several(linter, group, LINT_SPF);
	judge_several(linter, group, LINT_DMARC);
	soften_near_misses(group);
	if (group.has_cname)
		report_cname(linter, group);
}

/* The entries from `at` on that have one owner. */
static struct group group_at(const struct linter *linter, size_t at)
{
	struct group group = {.first = &linter->entries[at]};
	while (at + group.count < linter->count &&
		name_equal(group.first[group.count].record->owner, group.first->record->owner)) {
		if (group.first[group.count].record->record.type == RRTYPE_CNAME)
			group.has_cname = true;
		group.count++;
	}
	return group;
}

/* The first entry whose owner is `name` or behind it. */
static size_t find_owner(const struct linter *linter, struct name name)
{
	size_t low = 0, high = linter->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (name_compare(linter->entries[middle].record->owner, name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* --- other names -------------------------------------------------------------------------------------- */

static void judge_explanations(struct linter *linter)
{
	for (size_t i = 0; i < linter->text_count; i++) {
		for (size_t at = find_owner(linter, linter->texts[i]); at < linter->count; at++) {
			struct entry *entry = &linter->entries[at];
			if (!name_equal(entry->record->owner, linter->texts[i]))
				break;
			if (is_txt(entry) && !entry->judged)
				judge_entry(linter, entry, LINT_EXP);
		}
	}
}

static bool has_dmarc(const struct linter *linter, struct name owner)
{
	for (size_t at = find_owner(linter, owner); at < linter->count; at++) {
		if (!name_equal(linter->entries[at].record->owner, owner))
			break;
		if (linter->entries[at].record->record.type == RRTYPE_CNAME ||
			is_selected(&linter->entries[at], LINT_DMARC))
			return true;
	}
	return false;
}

/* The domain that a DMARC record at `owner` was probably meant for, when no receiver looks there (RFC
 * 9989 4.5): D itself, dmarc.D, _dmarc._dmarc.D, _dmarc.D.D as web panels make it. */
static bool meant_domain(struct arena *arena, struct name owner, struct name *domain)
{
	struct name below = name_parent(owner), doubled;
	if (!is_dmarc_name(owner)) {
		*domain = slice_equal(name_first_label(owner), SLICE("dmarc")) ? below : owner;
		return true;
	}
	if (is_dmarc_name(below)) {
		*domain = name_parent(below);
		return true;
	}
	size_t labels = name_labels(below);
	*domain = name_suffix(below, labels / 2);
	return labels % 2 == 0 && labels >= 4 && name_join(arena, *domain, *domain, &doubled) == NAME_OK &&
	       name_equal(doubled, below);
}

static void report_wrong_name(struct linter *linter, struct entry *entry)
{
	struct name domain, right;
	if (!is_selected(entry, LINT_DMARC) || !meant_domain(linter->arena, entry->record->owner, &domain) ||
		name_prepend(linter->arena, SLICE("_dmarc"), domain, &right) != NAME_OK ||
		has_dmarc(linter, right))
		return;
	struct finding *finding = findings_add(&entry->result.findings, RULE_DMARC_WRONG_NAME);
	finding->args[0] = name_bytes(linter->arena, domain);
	entry->result.valid = false;
}

/* --- the result --------------------------------------------------------------------------------------- */

static int by_number(const void *left, const void *right)
{
	const struct entry *const *a = left, *const *b = right;
	return ((*a)->number > (*b)->number) - ((*a)->number < (*b)->number);
}

static void list_results(struct linter *linter, struct lint_zone *out)
{
	const struct entry **list =
		arena_alloc(linter->arena, (linter->count + 1) * sizeof(const struct entry *));
	struct lint_record *records = arena_alloc(linter->arena, (linter->count + 1) * sizeof *records);
	const struct zonefile_record **sources =
		arena_alloc(linter->arena, (linter->count + 1) * sizeof(const struct zonefile_record *));
	size_t count = 0;
	for (size_t i = 0; i < linter->count; i++)
		if (linter->entries[i].judged)
			list[count++] = &linter->entries[i];
	if (count > 1)
		qsort(list, count, sizeof(const struct entry *), by_number);
	for (size_t i = 0; i < count; i++) {
		records[i] = list[i]->result;
		sources[i] = list[i]->record;
		lint_record_place(linter->arena, &records[i]);
		lint_written_all_edits(linter->arena, &records[i], sources[i]);
	}
	*out = (struct lint_zone){
		.records = records, .sources = sources, .count = count, .zone = linter->zone};
}

bool lint_zone(struct arena *arena, struct slice path, struct name origin,
	const struct zonefile_loader *loader, struct lint_zone *out, struct zonefile_error *error)
{
	struct zonefile *zone = arena_alloc(arena, sizeof *zone);
	struct linter linter = {.arena = arena, .zone = zone};
	if (!zonefile_read_as_written(arena, path, origin, loader, zone, error))
		return false;
	list_entries(&linter);
	for (size_t at = 0; at < linter.count;) {
		struct group group = group_at(&linter, at);
		judge_group(&linter, group);
		at += group.count;
	}
	judge_explanations(&linter);
	for (size_t i = 0; i < linter.count; i++)
		report_wrong_name(&linter, &linter.entries[i]);
	list_results(&linter, out);
	return true;
}
