/* lint_fix: see lint_fix.h.
 *
 * For each byte of the text it is known which byte of the old one it is, or that it is new; so the edits
 * of all rounds together are read off in the end.
 */
#include "lint/lint_fix.h"

#define MAX_ROUNDS 32  /* of applying and judging again */
#define MAX_EDITS  256 /* of one round */
#define NEW	   SIZE_MAX

struct fixer {
	struct arena *arena;
	const struct filter *filter;
	bool unsafe;
	struct lint_record current;
	size_t *origins; /* for each byte of current.text: its offset in the old text, or NEW */
};

bool lint_fix_mends(enum rule_id rule)
{
	return rule != RULE_SPF_MULTIPLE && rule != RULE_DMARC_MULTIPLE && rule != RULE_SPF_CNAME_CONFLICT &&
	       rule != RULE_DMARC_CNAME_CONFLICT && rule != RULE_SPF_RRTYPE99 &&
	       rule != RULE_DMARC_WRONG_NAME;
}

static bool is_usable(const struct fixer *fixer, const struct finding *finding)
{
	return finding->fix != NULL && (finding->fix->safe || fixer->unsafe) &&
	       lint_fix_mends(finding->rule) && !slice_equal(finding->fix->record, fixer->current.text);
}

/* --- one round ---------------------------------------------------------------------------------- */

/* Edits in ascending order. */
struct edits {
	struct fix_edit items[MAX_EDITS];
	size_t count;
};

/* True when `edit` keeps away from all that are there: neither overlaps nor touches, so that their order
 * cannot matter. */
static bool is_apart(const struct edits *edits, const struct fix_edit *edit)
{
	for (size_t i = 0; i < edits->count; i++)
		if (edit->span.offset <= span_end(edits->items[i].span) &&
			edits->items[i].span.offset <= span_end(edit->span))
			return false;
	return true;
}

static void insert(struct edits *edits, struct fix_edit edit)
{
	size_t at = edits->count++;
	for (; at > 0 && edits->items[at - 1].span.offset > edit.span.offset; at--)
		edits->items[at] = edits->items[at - 1];
	edits->items[at] = edit;
}

static void add_fix(struct edits *edits, const struct fix *fix)
{
	if (edits->count + fix->count > MAX_EDITS)
		return;
	for (size_t i = 0; i < fix->count; i++)
		if (!is_apart(edits, &fix->edits[i]))
			return;
	for (size_t i = 0; i < fix->count; i++)
		insert(edits, fix->edits[i]);
}

/* The edits of this round: a whole record alone, when the first fix is one; else those that keep apart. */
static void choose(const struct fixer *fixer, struct edits *edits)
{
	const struct findings *findings = &fixer->current.findings;
	edits->count = 0;
	for (size_t i = 0; i < findings->count; i++) {
		if (!is_usable(fixer, &findings->items[i]))
			continue;
		const struct fix *fix = findings->items[i].fix;
		if (fix->count > 0)
			add_fix(edits, fix);
		else if (edits->count == 0) {
			insert(edits, fix_difference(fixer->current.text, fix->record));
			return;
		}
	}
}

static void apply(struct fixer *fixer, const struct edits *edits)
{
	struct slice old = fixer->current.text;
	size_t length = old.len, used = 0, done = 0;
	for (size_t i = 0; i < edits->count; i++)
		length = length - edits->items[i].span.len + edits->items[i].replacement.len;
	char *bytes = arena_alloc(fixer->arena, length + 1);
	size_t *origins = arena_alloc(fixer->arena, (length + 1) * sizeof *origins);
	for (size_t i = 0; i <= edits->count; i++) {
		size_t end = i < edits->count ? edits->items[i].span.offset : old.len;
		for (; done < end; done++, used++) {
			bytes[used] = old.ptr[done];
			origins[used] = fixer->origins[done];
		}
		if (i == edits->count)
			break;
		for (size_t k = 0; k < edits->items[i].replacement.len; k++, used++) {
			bytes[used] = edits->items[i].replacement.ptr[k];
			origins[used] = NEW;
		}
		done = span_end(edits->items[i].span);
	}
	fixer->current.text = slice_of(bytes, length);
	fixer->origins = origins;
}

/* Findings about a text that stands nowhere: where it will stand, for exceptions that are about lines. */
static void place_again(struct fixer *fixer)
{
	struct lint_record *current = &fixer->current;
	lint_record_place_plain(fixer->arena, current);
	for (size_t i = 0; i < current->findings.count; i++) {
		current->findings.items[i].place.file = current->origin.file;
		current->findings.items[i].place.line = current->origin.line;
	}
}

static void judge_again(struct fixer *fixer)
{
	struct lint_record *current = &fixer->current;
	struct slice *strings = arena_alloc(fixer->arena, sizeof *strings);
	*strings = current->text;
	current->strings = strings;
	current->string_count = 1;
	current->spf = NULL;
	current->dmarc = NULL;
	current->exp = NULL;
	current->valid = false;
	findings_init(&current->findings, fixer->arena);
	lint_record_judge(fixer->arena, current);
	place_again(fixer);
	filter_findings(fixer->filter, &current->findings);
}

/* --- the result ----------------------------------------------------------------------------------- */

/* The edits that make the text of the old one. */
static void read_off(const struct fixer *fixer, struct slice old, struct lint_fix *out)
{
	struct slice text = fixer->current.text;
	struct fix_edit *edits = NULL;
	size_t capacity = 0, next = 0;
	for (size_t at = 0; at <= text.len;) {
		size_t start = at;
		while (at < text.len && fixer->origins[at] == NEW)
			at++;
		size_t origin = at < text.len ? fixer->origins[at] : old.len;
		struct fix_edit edit = {
			span_of(next, origin - next), slice_at(text, span_of(start, at - start))};
		if ((edit.span.len > 0 || edit.replacement.len > 0) &&
			!slice_equal(slice_at(old, edit.span), edit.replacement)) {
			edits = arena_grow(fixer->arena, edits, out->count, &capacity, sizeof *edits);
			edits[out->count++] = edit;
		}
		next = origin + 1;
		at++;
	}
	out->edits = edits;
}

/* What is left of findings that are not about the text alone. */
static void keep_others(const struct lint_record *record, struct findings *left)
{
	for (size_t i = 0; i < record->findings.count; i++) {
		const struct finding *finding = &record->findings.items[i];
		if (!lint_fix_mends(finding->rule))
			*findings_add(left, finding->rule) = *finding;
	}
}

static bool has_long_string(const struct lint_record *record)
{
	for (size_t i = 0; i < record->findings.count; i++)
		if (record->findings.items[i].rule == RULE_SPF_TXT_STRING_255)
			return true;
	return false;
}

void lint_fix(struct arena *arena, const struct lint_record *record, const struct filter *filter, bool unsafe,
	struct lint_fix *out)
{
	struct fixer fixer = {.arena = arena, .filter = filter, .unsafe = unsafe, .current = *record};
	struct edits *edits = arena_alloc(arena, sizeof *edits);
	fixer.origins = arena_alloc(arena, (record->text.len + 1) * sizeof *fixer.origins);
	for (size_t i = 0; i < record->text.len; i++)
		fixer.origins[i] = i;
	for (size_t round = 0; round < MAX_ROUNDS; round++) {
		choose(&fixer, edits);
		if (edits->count == 0)
			break;
		apply(&fixer, edits);
		judge_again(&fixer);
	}
	bool resplit = has_long_string(record);
	*out = (struct lint_fix){.text = fixer.current.text};
	findings_init(&out->left, arena);
	read_off(&fixer, record->text, out);
	out->changed = out->count > 0 || resplit;
	if (resplit && out->count == 0)
		judge_again(&fixer);
	for (size_t i = 0; i < fixer.current.findings.count; i++)
		if (!out->changed || lint_fix_mends(fixer.current.findings.items[i].rule))
			*findings_add(&out->left, fixer.current.findings.items[i].rule) =
				fixer.current.findings.items[i];
	if (out->changed)
		keep_others(record, &out->left);
}
