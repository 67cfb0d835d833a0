/* diff_spelling: see diff_spelling.h. */
#include "inspect/diff_spelling.h"

#include <stdlib.h>

#include "base/ascii.h"
#include "spf/spf_network.h"
#include "spf/spf_term.h"

#define MAX_TERM 512 /* bytes: a name has at most 253, and a macro or two */

void diff_spelling_lower(char *text, size_t len)
{
	bool inside = false;
	for (size_t i = 0; i < len; i++) {
		if (text[i] == '{')
			inside = true;
		else if (text[i] == '}')
			inside = false;
		else if (!inside)
			text[i] = ascii_lower(text[i]);
	}
}

struct slice diff_spelling_lowered(struct arena *arena, struct slice text)
{
	char *copy = arena_alloc(arena, text.len + 1);
	for (size_t i = 0; i < text.len; i++)
		copy[i] = text.ptr[i];
	diff_spelling_lower(copy, text.len);
	return slice_of(copy, text.len);
}

/* --- valid SPF terms ------------------------------------------------------------------------ */

/* What the term is about: `a` alone is about the name of its record (RFC 7208 5.3, 5.4, 5.5). */
static struct slice target_of(struct arena *arena, const struct finding *finding, const struct spf_term *term)
{
	struct slice value = diff_spelling_lowered(arena, slice_at(finding_text(finding), term->value));
	bool has_lengths = term->kind == SPF_A || term->kind == SPF_MX;
	bool has_default = has_lengths || term->kind == SPF_PTR;
	if (has_lengths)
		value = slice_head(value, spf_network_find_length(value));
	if (value.len == 0 && has_default)
		value = diff_spelling_lowered(arena, finding->place.name);
	if (value.len > 1 && value.ptr[value.len - 1] == '.')
		value.len--;
	return value;
}

static struct slice term_text(struct arena *arena, const struct finding *finding, const struct spf_term *term)
{
	char qualifier = term->is_modifier ? '=' : spf_qualifier_char(term->qualifier);
	if (spf_kind_is_network(term->kind)) {
		struct slice network = prefix_text(arena, term->network);
		return arena_printf(arena, "%c%.*s", qualifier, (int)network.len, network.ptr);
	}
	struct slice name = diff_spelling_lowered(arena, slice_at(finding_text(finding), term->name));
	struct slice target = target_of(arena, finding, term);
	struct slice text = arena_printf(
		arena, "%c%.*s:%.*s", qualifier, (int)name.len, name.ptr, (int)target.len, target.ptr);
	if (term->kind == SPF_A || term->kind == SPF_MX)
		text = arena_concat(arena, text,
			arena_printf(
				arena, "/%u//%u", (unsigned)term->ip4_length, (unsigned)term->ip6_length));
	return text;
}

/* --- everything else ------------------------------------------------------------------------ */

static bool is_joint(char c)
{
	return ascii_is_one_of(c, "=,;");
}

/* Blanks count as one, beside = , ; and at the ends not at all. A plus in front says nothing. */
static struct slice squeeze(struct arena *arena, struct slice text)
{
	char *out = arena_alloc(arena, text.len + 1);
	size_t used = 0;
	if (text.len > 0 && text.ptr[0] == '+')
		text = slice_from(text, 1);
	for (size_t i = 0; i < text.len; i++) {
		size_t blanks = ascii_wsp_run(text, i);
		i += blanks;
		if (i == text.len)
			break;
		if (blanks > 0 && used > 0 && !is_joint(out[used - 1]) && !is_joint(text.ptr[i]))
			out[used++] = ' ';
		out[used++] = text.ptr[i];
	}
	while (used > 0 && out[used - 1] == ';')
		used--;
	diff_spelling_lower(out, used);
	return slice_of(out, used);
}

static int compare_items(const void *left, const void *right)
{
	return slice_compare(*(const struct slice *)left, *(const struct slice *)right);
}

/* Of rua=b,a the order says nothing (RFC 9989 4.7). */
static struct slice sort_list(struct arena *arena, struct slice text)
{
	size_t start = slice_find(text, '=', 0) + 1, count = 0;
	if (slice_find(text, ',', 0) == text.len || start > text.len)
		return text;
	struct slice *items = arena_alloc(arena, (text.len - start + 1) * sizeof *items);
	for (size_t at = start, comma; at <= text.len; at = comma + 1) {
		comma = slice_find(text, ',', at);
		items[count++] = slice_at(text, span_of(at, comma - at));
	}
	qsort(items, count, sizeof *items, compare_items);
	char *sorted = arena_alloc(arena, text.len + 1);
	size_t used = start;
	memcpy(sorted, text.ptr, start);
	for (size_t i = 0; i < count; i++) {
		if (i > 0)
			sorted[used++] = ',';
		for (size_t b = 0; b < items[i].len; b++)
			sorted[used++] = items[i].ptr[b];
	}
	return slice_of(sorted, used);
}

struct slice diff_spelling_of(struct arena *arena, const struct finding *finding)
{
	struct slice text = finding_text(finding);
	struct spf_term term;
	if (text.len > 0 && text.len <= MAX_TERM && spf_term_try(arena, text, &term) &&
		term.kind != SPF_UNKNOWN)
		return term_text(arena, finding, &term);
	return sort_list(arena, squeeze(arena, text));
}
