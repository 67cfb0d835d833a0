/* spf_suspect: see spf_suspect.h. The work on a term is linear: at most MAX_PIECES parts and MAX_TRIES
 * guesses. */
#include "spf/spf_suspect.h"

#include "base/ascii.h"
#include "spf/spf_unknown.h"

#define MAX_PIECES 64 /* terms that are looked for in one; the rest is taken as a part of the last */
#define MAX_TRIES  16 /* places where a term could begin that are tried in vain */

struct pieces {
	struct span items[MAX_PIECES]; /* in the record */
	size_t count;
};

static bool is_term(struct spf_reading *reading, struct span span)
{
	return spf_term_try(reading->arena, slice_at(reading->text, span), NULL);
}

enum spf_kind spf_suspect_report_plain(struct spf_reading *reading, struct span span)
{
	struct spf_term term = spf_term_parse(reading, span);
	if (term.kind == SPF_UNKNOWN && !term.valid && !term.is_modifier)
		return spf_unknown_report(reading, &term);
	return term.kind;
}

/* --- no space between terms -------------------------------------------------------------------------- */

/* Ends a mechanism's name: nothing that goes on with it. */
static bool is_name_end(struct slice rest)
{
	return rest.len == 0 || !ascii_is_alnum(rest.ptr[0]);
}

/* True when a name of a mechanism or modifier and its separator stand at the start of `text`. A name without
 * a separator counts only behind a qualifier; "all" only at the end. */
static bool begins_with_name(struct slice text, bool has_qualifier)
{
	/* Each byte of a record is asked about: most are out by the first letters of the names. */
	if (text.len == 0 || !ascii_is_one_of(ascii_lower(text.ptr[0]), "aeimpr"))
		return false;
	for (int i = 0; i < SPF_UNKNOWN; i++) {
		enum spf_kind kind = (enum spf_kind)i;
		struct slice name = slice_cstr(spf_kind_text(kind));
		if (!slice_starts_nocase(text, name))
			continue;
		struct slice rest = slice_from(text, name.len);
		bool is_modifier = kind == SPF_REDIRECT || kind == SPF_EXP;
		if (kind == SPF_ALL ? has_qualifier && rest.len == 0
				    : rest.len > 0 && rest.ptr[0] == (is_modifier ? '=' : ':'))
			return true;
		if (has_qualifier && !is_modifier && kind != SPF_ALL && is_name_end(rest) &&
			!spf_term_needs_value(kind))
			return true;
	}
	return false;
}

/* True when a term that cannot be part of another one seems to begin at `at`, before `end`. "a:" and "mx:"
 * behind a letter may be the end of a longer word. */
static bool begins_term(struct slice text, size_t at, size_t end)
{
	struct slice term = slice_at(text, span_of(at, end - at));
	enum spf_qualifier ignored;
	bool has_qualifier = term.len > 0 && spf_term_qualifier(term.ptr[0], &ignored);
	bool in_word = at > 0 && ascii_is_alpha(text.ptr[at - 1]);
	if (in_word && !has_qualifier && slice_find(slice_head(term, 3), ':', 0) <= 2 && term.len > 2)
		return false;
	return begins_with_name(slice_from(term, has_qualifier), has_qualifier);
}

/* "~all" at the end is a term whatever stands before it, if that has a mechanism's name at all. */
static bool is_final_all(struct slice text)
{
	enum spf_qualifier ignored;
	return text.len == 4 && spf_term_qualifier(text.ptr[0], &ignored) &&
	       slice_equal_nocase(slice_from(text, 1), SLICE("all"));
}

static bool has_known_name(struct slice text, struct span span)
{
	return spf_term_mechanism(slice_at(text, spf_term_split(text, span).name)) != SPF_UNKNOWN;
}

/* True when the bytes before `at` are one term and those behind it begin another. */
static bool is_junction(struct spf_reading *reading, size_t start, size_t at, size_t end)
{
	struct span head = span_of(start, at - start);
	if (is_final_all(slice_at(reading->text, span_of(at, end - at))) &&
		has_known_name(reading->text, head))
		return true;
	return is_term(reading, head);
}

/* Splits `span` where a term begins right behind another one. */
static struct pieces split_glued(struct spf_reading *reading, struct span span)
{
	struct pieces pieces = {.count = 0};
	size_t start = span.offset, end = span_end(span);
	size_t tries = 0;
	for (size_t at = start + 1; at < end && tries < MAX_TRIES && pieces.count + 1 < MAX_PIECES; at++) {
		if (!begins_term(reading->text, at, end))
			continue;
		if (is_junction(reading, start, at, end)) {
			pieces.items[pieces.count++] = span_of(start, at - start);
			start = at;
		} else {
			tries++;
		}
	}
	pieces.items[pieces.count++] = span_of(start, end - start);
	return pieces;
}

/* Splits `span` at the one border of strings where both sides are terms. */
static struct pieces split_at_border(
	struct spf_reading *reading, const struct spf_term *term, struct spf_borders borders)
{
	struct span span = term->span;
	struct pieces whole = {.items = {span}, .count = 1};
	for (size_t i = 0; i < borders.count && i < MAX_TRIES; i++) {
		size_t at = borders.offsets[i];
		struct span head = span_of(span.offset, at - span.offset);
		struct span tail = span_of(at, span_end(span) - at);
		/* What is a term as a whole was split only for its length, unless the tail can be nothing
		 * else. */
		bool sure = begins_term(reading->text, at, span_end(span));
		if ((!term->valid || sure) && is_term(reading, head) && is_term(reading, tail))
			return (struct pieces){.items = {head, tail}, .count = 2};
	}
	return whole;
}

static bool is_border(struct spf_borders borders, size_t offset)
{
	for (size_t i = 0; i < borders.count && borders.offsets[i] <= offset; i++)
		if (borders.offsets[i] == offset)
			return true;
	return false;
}

static bool all_terms(struct spf_reading *reading, const struct pieces *pieces)
{
	for (size_t i = 0; i < pieces->count; i++)
		if (!is_term(reading, pieces->items[i]))
			return false;
	return true;
}

static void report_pieces(struct spf_reading *reading, const struct pieces *pieces)
{
	for (size_t i = 0; i < pieces->count; i++)
		spf_suspect_report_plain(reading, pieces->items[i]);
}

/* What a valid term that is surely not meant so does to receivers. */
static void adapt_effect(struct finding *finding, const struct spf_term *term)
{
	if (term->valid)
		spf_term_has_no_target(finding, term->kind);
}

/* True when all of them are terms that SPF defines: then they were surely meant as such. A "v=spf1" among
 * them is the start of another record, whose terms would be dead behind the first one's `all`. */
static bool all_known(struct spf_reading *reading, const struct pieces *pieces)
{
	struct spf_term term;
	for (size_t i = 0; i < pieces->count; i++)
		if (!spf_term_try(reading->arena, slice_at(reading->text, pieces->items[i]), &term) ||
			term.kind == SPF_UNKNOWN)
			return false;
	return true;
}

static void fix_glued(struct spf_reading *reading, struct finding *finding, const struct pieces *pieces)
{
	struct fix_edit edits[MAX_PIECES];
	for (size_t i = 1; i < pieces->count; i++)
		edits[i - 1] = (struct fix_edit){span_of(pieces->items[i].offset, 0), SLICE(" ")};
	spf_reading_fix_edits(reading, finding, edits, pieces->count - 1, all_known(reading, pieces));
}

static bool report_glued(struct spf_reading *reading, const struct spf_term *term, struct spf_borders borders)
{
	if (term->valid && term->domain_spec == NULL)
		return false;
	struct pieces pieces = split_glued(reading, term->span);
	if (pieces.count == 1)
		pieces = split_at_border(reading, term, borders);
	if (pieces.count == 1)
		return false;
	/* In a domain-spec ':' and '-' are ordinary bytes: only whole terms on both sides tell. */
	if (term->valid && !all_terms(reading, &pieces))
		return false;
	struct span second = pieces.items[1];
	enum rule_id rule =
		is_border(borders, second.offset) ? RULE_SPF_TXT_SPLIT_GLUE : RULE_SPF_MISSING_SPACE;
	struct finding *finding = spf_reading_report(reading, rule, DETAIL_NONE, second);
	finding->args[1] = slice_at(reading->text, pieces.items[0]);
	adapt_effect(finding, term);
	fix_glued(reading, finding, &pieces);
	report_pieces(reading, &pieces);
	return true;
}

/* --- something else than a space between terms ------------------------------------------------------- */

static bool is_separator(char c)
{
	return c == ',' || c == ';' || c == '|';
}

/* Offset of the next separator at or after `from`, not within "%{...}"; a backslash before it belongs to it.
 * text.len: none. */
static size_t find_separator(struct slice text, size_t from)
{
	bool in_braces = false;
	for (size_t i = from; i < text.len; i++) {
		char c = text.ptr[i];
		if (c == '{' && i > 0 && text.ptr[i - 1] == '%')
			in_braces = true;
		else if (c == '}')
			in_braces = false;
		else if (!in_braces && is_separator(c))
			return i > from && text.ptr[i - 1] == '\\' ? i - 1 : i;
	}
	return text.len;
}

static size_t separator_length(struct slice text, size_t at)
{
	size_t len = 0;
	while (at + len < text.len && (is_separator(text.ptr[at + len]) || text.ptr[at + len] == '\\'))
		len++;
	return len;
}

/* The pieces between separators; empty ones are left out. `first` is the first separator. */
static struct pieces split_separated(struct slice text, struct span span, struct span *first)
{
	struct pieces pieces = {.count = 0};
	struct slice term = slice_at(text, span);
	for (size_t at = 0; at < term.len && pieces.count < MAX_PIECES;) {
		bool is_last = pieces.count + 1 == MAX_PIECES;
		size_t end = is_last ? term.len : find_separator(term, at);
		if (end > at)
			pieces.items[pieces.count++] = span_of(span.offset + at, end - at);
		size_t len = separator_length(term, end);
		if (first->len == 0 && len > 0)
			*first = span_of(span.offset + end, len);
		at = end + len;
	}
	return pieces;
}

/* "ip4:192.0.2.1,192.0.2.2": what has to stand before the second piece to make it a term; empty: nothing or
 * no help. */
static struct slice missing_start(struct spf_reading *reading, struct span first, struct span piece)
{
	struct spf_parts parts = spf_term_split(reading->text, first);
	if (parts.separator != ':' || is_term(reading, piece))
		return SLICE("");
	struct span start = span_of(first.offset, parts.rest.offset + 1 - first.offset);
	struct slice text = slice_at(reading->text, start), value = slice_at(reading->text, piece);
	struct slice both =
		arena_printf(reading->arena, "%.*s%.*s", (int)text.len, text.ptr, (int)value.len, value.ptr);
	return spf_term_try(reading->arena, both, NULL) ? text : SLICE("");
}

/* Replaces what is between the pieces; true when then all of them are terms. */
static bool make_edits(struct spf_reading *reading, struct span span, const struct pieces *pieces,
	struct fix_edit edits[MAX_PIECES + 1], size_t *count)
{
	size_t end = span.offset;
	bool all = pieces->count > 0;
	*count = 0;
	for (size_t i = 0; i < pieces->count; i++) {
		struct span piece = pieces->items[i];
		struct slice start = i == 0 ? SLICE("") : missing_start(reading, pieces->items[0], piece);
		if (start.len == 0 && !is_term(reading, piece))
			all = false;
		struct slice space =
			arena_printf(reading->arena, "%s%.*s", i == 0 ? "" : " ", (int)start.len, start.ptr);
		if (piece.offset > end)
			edits[(*count)++] = (struct fix_edit){span_of(end, piece.offset - end), space};
		end = span_end(piece);
	}
	if (end < span_end(span))
		edits[(*count)++] = (struct fix_edit){span_of(end, span_end(span) - end), SLICE("")};
	return all;
}

/* True when one of the pieces is a term, or is one with the start of the first. */
static bool has_term(struct spf_reading *reading, const struct pieces *pieces)
{
	for (size_t i = 0; i < pieces->count; i++)
		if (is_term(reading, pieces->items[i]) ||
			missing_start(reading, pieces->items[0], pieces->items[i]).len > 0)
			return true;
	return pieces->count == 0;
}

/* What is wrong in the pieces themselves: a value without its mechanism's name is judged as a value. */
static void report_separated(struct spf_reading *reading, const struct pieces *pieces)
{
	struct spf_parts parts = spf_term_split(reading->text, pieces->items[0]);
	enum spf_kind kind = spf_term_mechanism(slice_at(reading->text, parts.name));
	bool is_list = kind != SPF_UNKNOWN && parts.separator == ':';
	for (size_t i = 0; i < pieces->count; i++) {
		struct span piece = pieces->items[i];
		struct slice own = slice_at(reading->text, spf_term_split(reading->text, piece).name);
		if (i > 0 && is_list && spf_term_mechanism(own) == SPF_UNKNOWN && !is_term(reading, piece))
			spf_term_parse_value(reading, kind, piece);
		else
			spf_suspect_report_plain(reading, piece);
	}
}

static bool report_separator(struct spf_reading *reading, const struct spf_term *term)
{
	struct slice text = slice_at(reading->text, term->span);
	if (find_separator(text, 0) == text.len || (term->valid && term->domain_spec == NULL))
		return false;
	struct span first = {0, 0};
	struct pieces pieces = split_separated(reading->text, term->span, &first);
	if (!has_term(reading, &pieces))
		return false;
	struct fix_edit edits[MAX_PIECES + 1];
	size_t count;
	bool all = make_edits(reading, term->span, &pieces, edits, &count);
	struct finding *finding =
		spf_reading_report(reading, RULE_SPF_SEPARATOR, DETAIL_SEPARATOR_PUNCTUATION, first);
	adapt_effect(finding, term);
	if (pieces.count == 0)
		edits[0].span = span_of(term->span.offset - 1, term->span.len + 1);
	if (all || pieces.count == 0)
		spf_reading_fix_edits(reading, finding, edits, count, true);
	/* In a valid domain-spec the separator is an ordinary byte: nothing else is wrong. */
	if (pieces.count > 0 && !term->valid)
		report_separated(reading, &pieces);
	return true;
}

/* --- all with something behind it -------------------------------------------------------------------- */

/* "-all.", "~all;", "-all\"": nothing but punctuation behind "all". */
static bool report_all(struct spf_reading *reading, const struct spf_term *term)
{
	struct slice text = slice_at(reading->text, term->span);
	enum spf_qualifier ignored;
	size_t start = spf_term_qualifier(text.ptr[0], &ignored) ? 1 : 0;
	size_t end = start + 3;
	if (text.len <= end || !slice_equal_nocase(slice_at(text, span_of(start, 3)), SLICE("all")))
		return false;
	for (size_t i = end; i < text.len; i++)
		if (ascii_is_alnum(text.ptr[i]) || !ascii_is_visible(text.ptr[i]))
			return false;
	struct span junk = span_of(term->span.offset + end, text.len - end);
	struct finding *finding = spf_reading_report(reading, RULE_SPF_ALL_ARGUMENT, DETAIL_NONE, junk);
	spf_reading_fix(reading, finding, junk, SLICE(""), true);
	return true;
}

bool spf_suspect_report(struct spf_reading *reading, const struct spf_term *term, struct spf_borders borders)
{
	if (!term->valid && report_all(reading, term))
		return true;
	return report_separator(reading, term) || report_glued(reading, term, borders);
}
