/* comment_cut: see comment_cut.h. Told only where the comment goes on as such a text does: a DMARC tag with
 * its value right behind the semicolon (RFC 9989 4.8), SPF terms (RFC 7208 4.6.1). */
#include "inspect/comment_cut.h"

#include "base/ascii.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static bool is_spf(struct slice text)
{
	return slice_equal_nocase(text, SLICE("v=spf1"));
}

static bool is_dmarc(struct slice text)
{
	return slice_starts_nocase(text, SLICE("v=DMARC1"));
}

static size_t skip_blanks(struct slice text, size_t at)
{
	return at + ascii_wsp_run(text, at);
}

/* --- DMARC ---------------------------------------------------------------------------------------- */

/* End of the tag's name at `at`; `at` itself when there is none. */
static size_t name_end(struct slice text, size_t at)
{
	while (at < text.len && (ascii_is_alnum(text.ptr[at]) || text.ptr[at] == '-' || text.ptr[at] == '_'))
		at++;
	return at;
}

/* End of the value at `at`. A blank ends it, unless a comma is beside it: a list of addresses. */
static size_t value_end(struct slice text, size_t at)
{
	size_t end = at;
	while (at < text.len && text.ptr[at] != ';' && text.ptr[at] != '"' && text.ptr[at] != '\\') {
		if (ascii_is_wsp(text.ptr[at])) {
			size_t next = skip_blanks(text, at);
			bool lists = end > 0 && text.ptr[end - 1] == ',';
			if (next == text.len || (!lists && text.ptr[next] != ','))
				break;
			at = next;
			continue;
		}
		end = ++at;
	}
	return end;
}

/* End of the "tag=value" that begins at or behind `at`, blanks passed over; 0 when none does. */
static size_t tag_end(struct slice text, size_t at)
{
	size_t start = skip_blanks(text, at), name = name_end(text, start);
	size_t equals = skip_blanks(text, name);
	if (name == start || !ascii_is_alpha(text.ptr[start]) || equals >= text.len ||
		text.ptr[equals] != '=')
		return 0;
	size_t value = skip_blanks(text, equals + 1), end = value_end(text, value);
	return end > value ? end : 0;
}

/* End of the tags that `text` begins with; 0: it begins with none. */
static size_t tags_end(struct slice text)
{
	size_t end = 0, at = 0, next;
	while ((next = tag_end(text, at)) > 0) {
		end = next;
		at = skip_blanks(text, end);
		if (at >= text.len || text.ptr[at] != ';')
			break;
		at++;
	}
	return end;
}

/* --- SPF ------------------------------------------------------------------------------------------ */

static const struct slice term_names[] = {
	{"all", 3},
	{"a", 1},
	{"mx", 2},
	{"ptr", 3},
	{"ip4", 3},
	{"ip6", 3},
	{"include", 7},
	{"exists", 6},
	{"redirect", 8},
	{"exp", 3},
};

enum term { TERM_NO, TERM_WORD /* it may be one, and may be English */, TERM_SURE };

static enum term term_of(struct slice word)
{
	bool qualified = word.len > 0 && ascii_is_one_of(word.ptr[0], "+-~?");
	struct slice rest = slice_from(word, qualified ? 1 : 0);
	size_t end = 0;
	while (end < rest.len && !ascii_is_one_of(rest.ptr[end], ":=/"))
		end++;
	for (size_t i = 0; i < COUNT(term_names); i++)
		if (slice_equal_nocase(slice_head(rest, end), term_names[i]))
			return qualified || end + 1 < rest.len ? TERM_SURE : TERM_WORD;
	return TERM_NO;
}

/* End of the terms that `text` begins with; 0: it begins with none that is sure. */
static size_t terms_end(struct slice text)
{
	size_t end = 0, at = 0;
	for (;;) {
		size_t start = skip_blanks(text, at);
		for (at = start; at < text.len && !ascii_is_one_of(text.ptr[at], " \t;\"\\");)
			at++;
		enum term term = term_of(slice_at(text, span_of(start, at - start)));
		if (term == TERM_NO)
			return end;
		if (term == TERM_SURE)
			end = at;
	}
}

/* --- the finding ----------------------------------------------------------------------------------- */

bool comment_cut_find(const struct record *record, struct slice *out)
{
	struct slice comment = slice_trim(record->comment);
	if (comment.len == 0 || record->malformed || record->type != RRTYPE_TXT)
		return false;
	struct slice text = record->data.txt.joined;
	*out = slice_head(comment, is_dmarc(text) ? tags_end(comment)
				   : is_spf(text) ? terms_end(comment)
						  : 0);
	return out->len > 0;
}

/* What is said of the text that is left only because the rest was cut off. */
static const enum rule_id consequences[] = {
	RULE_DMARC_POLICY_UNUSABLE,
	RULE_DMARC_P_MISSING,
	RULE_DMARC_RUA_MISSING,
	RULE_DMARC_VERSION,
	RULE_SPF_ALL_MISSING,
};

static bool is_consequence(const struct finding *finding, const struct finding_place *place)
{
	if (!slice_equal(finding->place.name, place->name) || finding->place.line != place->line ||
		!slice_equal(finding->place.record, place->record))
		return false;
	for (size_t i = 0; i < COUNT(consequences); i++)
		if (finding->rule == consequences[i])
			return true;
	return false;
}

static void drop_consequences(struct findings *findings, const struct finding_place *place)
{
	size_t kept = 0;
	for (size_t i = 0; i < findings->count; i++)
		if (!is_consequence(&findings->items[i], place))
			findings->items[kept++] = findings->items[i];
	findings->count = kept;
}

bool comment_cut_report(struct arena *arena, const struct record *record, const struct finding_place *place,
	struct findings *findings)
{
	struct slice cut, text = record->data.txt.joined;
	if (!comment_cut_find(record, &cut))
		return false;
	struct slice rest = slice_from(slice_trim(record->comment), cut.len);
	bool all = slice_find(rest, '=', 0) == rest.len; /* and not a tag or term that could not be read */
	bool dmarc = is_dmarc(text), ended = text.ptr[text.len - 1] == ';';
	struct slice lost = arena_concat(arena, dmarc && !ended ? SLICE("; ") : SLICE(" "), cut);
	drop_consequences(findings, place);
	struct finding *finding = findings_add_at(
		findings, dmarc ? RULE_DMARC_ZONE_COMMENT : RULE_SPF_ZONE_COMMENT, span_of(0, text.len));
	finding->place = *place;
	finding->args[0] = text;
	finding->fix = fix_replace(arena, text, span_of(text.len, 0), lost, all);
	return true;
}
