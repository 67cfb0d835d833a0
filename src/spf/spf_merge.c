/* spf_merge: see spf_merge.h.
 *
 *     v=spf1 mx -all                          v=spf1 mx include:a.example ~all
 *     v=spf1 include:a.example mx ~all
 *
 * Which `all` was meant is not known: softfail loses no mail, so it wins over fail, and both over neutral
 * and pass. A redirect can only stay when no record has an `all` and there is but one; otherwise it becomes
 * an include.
 */
#include "spf/spf_merge.h"

struct merger {
	struct arena *arena;
	struct slice terms[SPF_MERGE_MAX_TERMS];
	size_t count;
	struct slice redirects[SPF_MERGE_MAX_TERMS]; /* values */
	size_t redirect_count;
	struct slice exp;
	const struct spf_term *all;
};

static void add_once(struct slice *list, size_t *count, struct slice text)
{
	for (size_t i = 0; i < *count; i++)
		if (slice_equal_nocase(list[i], text))
			return;
	list[(*count)++] = text;
}

/* The better of two qualifiers for a merged record is the smaller. */
static int rank(enum spf_qualifier qualifier)
{
	static const int ranks[] = {
		[SPF_QUALIFIER_SOFTFAIL] = 0,
		[SPF_QUALIFIER_FAIL] = 1,
		[SPF_QUALIFIER_NEUTRAL] = 2,
		[SPF_QUALIFIER_PASS] = 3,
	};
	return ranks[qualifier];
}

static void take_term(struct merger *merger, const struct spf_record *record, const struct spf_term *term)
{
	struct slice text = slice_at(record->text, term->span);
	bool is_version = slice_equal_nocase(text, SLICE("v=spf1"));
	if (term->kind == SPF_ALL) {
		if (merger->all == NULL || rank(term->qualifier) < rank(merger->all->qualifier))
			merger->all = term;
	} else if (term->kind == SPF_REDIRECT) {
		add_once(merger->redirects, &merger->redirect_count, slice_at(record->text, term->value));
	} else if (term->kind == SPF_EXP) {
		if (merger->exp.ptr == NULL)
			merger->exp = text;
	} else if (!is_version) {
		add_once(merger->terms, &merger->count, text);
	}
}

/* Terms behind `all` are dead and a redirect beside it as well: they are left behind. */
static void take_record(struct merger *merger, const struct spf_record *record)
{
	for (size_t i = 0; i < record->count; i++) {
		const struct spf_term *term = &record->terms[i];
		bool is_dead = record->all != NULL && !term->is_modifier && term > record->all;
		if (!is_dead && !(record->all != NULL && term->kind == SPF_REDIRECT))
			take_term(merger, record, term);
	}
}

static struct slice append(struct arena *arena, struct slice text, const char *start, struct slice part)
{
	return arena_printf(arena, "%.*s %s%.*s", (int)text.len, text.ptr, start, (int)part.len, part.ptr);
}

static struct slice write_merged(struct merger *merger)
{
	struct slice text = SLICE("v=spf1");
	bool keeps_redirect = merger->all == NULL && merger->redirect_count == 1;
	for (size_t i = 0; i < merger->count; i++)
		text = append(merger->arena, text, "", merger->terms[i]);
	for (size_t i = 0; i < merger->redirect_count && !keeps_redirect; i++)
		text = append(merger->arena, text, "include:", merger->redirects[i]);
	if (merger->all != NULL || merger->redirect_count > 1) {
		char qualifier = merger->all == NULL ? '~' : spf_qualifier_char(merger->all->qualifier);
		text = arena_printf(merger->arena, "%.*s %call", (int)text.len, text.ptr, qualifier);
	}
	if (keeps_redirect)
		text = append(merger->arena, text, "redirect=", merger->redirects[0]);
	return merger->exp.ptr == NULL ? text : append(merger->arena, text, "", merger->exp);
}

struct slice spf_merge(struct arena *arena, const struct spf_record *const *records, size_t count)
{
	size_t terms = 0;
	for (size_t i = 0; i < count; i++) {
		terms += records[i]->count;
		if (!records[i]->valid || terms > SPF_MERGE_MAX_TERMS)
			return (struct slice){0};
	}
	struct merger *merger = arena_alloc(arena, sizeof *merger);
	merger->arena = arena;
	for (size_t i = 0; i < count; i++)
		take_record(merger, records[i]);
	return write_merged(merger);
}
