/* spf_near: see spf_near.h.
 *
 *     v=spf1;mx -all            spf-version-junk      the version is right, what follows is not
 *     "v=spf1" "mx -all"        spf-txt-split-glue    the same at a border of strings
 *      v=spf1 mx -all           spf-version-like      something before it
 *     spf1 mx -all              spf-version-like      something like it
 *     spf2.0/pra mx -all        spf-senderid
 */
#include "spf/spf_near.h"

#include "base/ascii.h"
#include "base/nearest.h"
#include "spf/spf_foreign.h"
#include "spf/spf_term.h"

#define MAX_BODY_WORDS 50 /* words behind a doubtful version that are looked at */
#define LONGEST_HEAD   32 /* bytes in which a version is looked for */

static const struct slice version = {"v=spf1", 6};

/* Ways to write the version that are not one typing error away, the longer one first where one begins with
 * the other. `sure`: it is SPF whatever follows. */
static const struct {
	const char *text;
	bool sure;
	enum detail detail;
} spellings[] = {
	{"v = spf1", true, DETAIL_VERSION_SPELLING},
	{"v =spf1", true, DETAIL_VERSION_SPELLING},
	{"v= spf1", true, DETAIL_VERSION_SPELLING},
	{"v spf1", true, DETAIL_VERSION_SPELLING},
	{"v=spf 1", true, DETAIL_VERSION_SPELLING},
	{"v=spf v1", true, DETAIL_VERSION_SPELLING},
	{"version=spf1", true, DETAIL_VERSION_SPELLING},
	{"spf=spf1", true, DETAIL_VERSION_SPELLING},
	{"v=spf2.0", false, DETAIL_VERSION_OTHER},
	{"v=spf2", false, DETAIL_VERSION_OTHER},
	{"v=spf3", false, DETAIL_VERSION_OTHER},
	{"v=spfv1", true, DETAIL_VERSION_SPELLING},
	{"v=ipv4", false, DETAIL_VERSION_SPELLING},
	{"v=ipv6", false, DETAIL_VERSION_SPELLING},
	{"v=ip4", false, DETAIL_VERSION_SPELLING},
	{"spf=1", false, DETAIL_VERSION_SPELLING},
	{"spf1", false, DETAIL_VERSION_SPELLING},
	{"spf", false, DETAIL_VERSION_SPELLING},
};

/* The end of the word that begins at `at`: at a space or a TAB. */
static size_t word_end(struct slice text, size_t at)
{
	while (at < text.len && !ascii_is_wsp(text.ptr[at]))
		at++;
	return at;
}

static bool is_directive(struct arena *arena, struct slice word)
{
	struct spf_term term;
	return spf_term_try(arena, word, &term) && term.kind != SPF_UNKNOWN;
}

/* True when a mechanism, redirect or exp stands among the words at or after `at`. */
static bool body_has_terms(struct arena *arena, struct slice text, size_t at)
{
	for (size_t words = 0; at < text.len && words < MAX_BODY_WORDS; words++) {
		size_t end = word_end(text, at);
		if (is_directive(arena, slice_at(text, span_of(at, end - at))))
			return true;
		at = end + 1;
	}
	return false;
}

/* --- v=spf1 and something else than a space ---------------------------------------------------------- */

/* Bytes behind the version that have to go: punctuation, or one foreign character. */
static size_t junk_length(struct slice rest)
{
	size_t len = spf_foreign_length(rest);
	if (len > 0)
		return len;
	/* "v=spf1.0" */
	if (rest.ptr[0] == '.' && rest.len > 1 && ascii_is_digit(rest.ptr[1])) {
		for (len = 1; len < rest.len && ascii_is_digit(rest.ptr[len]);)
			len++;
		return len;
	}
	enum spf_qualifier ignored;
	while (len < rest.len && ascii_is_visible(rest.ptr[len]) && !ascii_is_alnum(rest.ptr[len]) &&
		!spf_term_qualifier(rest.ptr[len], &ignored) && rest.ptr[len] != '%')
		len++;
	return len;
}

static void report_glued(struct spf_reading *reading)
{
	size_t end = word_end(reading->text, version.len);
	struct span second = span_of(version.len, end - version.len);
	struct finding *finding = spf_reading_report(reading, RULE_SPF_TXT_SPLIT_GLUE, DETAIL_NONE, second);
	finding->args[1] = slice_head(reading->text, version.len);
	finding_effect_all(finding, EFFECT_SPF_IGNORED_RECORD, EFFECT_NONE, EFFECT_NONE);
	spf_reading_fix(reading, finding, span_of(version.len, 0), SLICE(" "), true);
}

static void report_junk(struct spf_reading *reading, size_t first_string)
{
	struct slice text = reading->text, rest = slice_from(text, version.len);
	size_t junk = junk_length(rest), end = word_end(text, version.len);
	struct slice word = slice_at(text, span_of(version.len, end - version.len));
	bool is_term = is_directive(reading->arena, word);
	if (first_string == version.len && is_term) {
		report_glued(reading);
		return;
	}
	size_t shown = junk > 0 ? version.len + junk : end;
	struct finding *finding =
		spf_reading_report(reading, RULE_SPF_VERSION_JUNK, DETAIL_NONE, span_of(0, shown));
	struct slice behind = slice_from(rest, junk);
	bool has_space = behind.len == 0 || behind.ptr[0] == ' ';
	bool is_number = junk == 0 && ascii_is_digit(rest.ptr[0]);
	if (is_number) /* another version: what was meant is not known for sure */
		spf_reading_fix(reading, finding, span_of(version.len, end - version.len), SLICE(""), false);
	else
		spf_reading_fix(reading, finding, span_of(version.len, junk),
			has_space ? SLICE("") : SLICE(" "), junk > 0 || is_term);
}

/* --- something before it, or something like it ------------------------------------------------------- */

static bool is_wrapping(char c)
{
	return c == '"' || c == '\'' || c == '\\' || c == '`' || c == '(' || c == ')';
}

/* Bytes at the start that are white space, quotes or foreign characters; *detail tells which came first. */
static size_t leading_junk(struct slice text, enum detail *detail)
{
	size_t at = 0;
	*detail = DETAIL_NONE;
	while (at < text.len && at < LONGEST_HEAD) {
		struct slice rest = slice_from(text, at);
		size_t foreign = spf_foreign_length(rest);
		bool is_space = ascii_is_wsp(rest.ptr[0]);
		if (foreign == 0 && !is_space && !is_wrapping(rest.ptr[0]))
			break;
		bool is_quote = is_wrapping(rest.ptr[0]) || slice_starts(rest, SLICE("\xe2\x80\x9c")) ||
				slice_starts(rest, SLICE("\xe2\x80\x9d")) ||
				slice_starts(rest, SLICE("\xe2\x80\x9e"));
		enum detail found = is_space   ? DETAIL_VERSION_SPACE_BEFORE
				    : is_quote ? DETAIL_VERSION_QUOTE_BEFORE
					       : DETAIL_VERSION_BYTES_BEFORE;
		if (*detail == DETAIL_NONE)
			*detail = found;
		at += foreign > 0 ? foreign : 1;
	}
	return at;
}

/* The record as it should be: without quotes around it and with plain characters. */
static void fix_whole(struct spf_reading *reading, struct finding *finding, struct slice body, bool safe)
{
	struct slice ascii;
	/* What a list or a program text has behind the quote. */
	if (body.len > 1 && is_wrapping(body.ptr[body.len - 2]) &&
		(body.ptr[body.len - 1] == ',' || body.ptr[body.len - 1] == ';'))
		body.len--;
	while (body.len > 0 && (is_wrapping(body.ptr[body.len - 1]) || ascii_is_wsp(body.ptr[body.len - 1])))
		body.len--;
	if (!spf_foreign_to_ascii(reading->arena, body, &ascii))
		return;
	ascii = slice_trim(ascii);
	struct slice start = ascii.len == 0 ? SLICE("v=spf1") : SLICE("v=spf1 ");
	char *record = arena_alloc(reading->arena, start.len + ascii.len + 1);
	memcpy(record, start.ptr, start.len);
	if (ascii.len > 0)
		memcpy(record + start.len, ascii.ptr, ascii.len);
	struct slice fixed = slice_of(record, start.len + ascii.len);
	finding->fix = fix_record(reading->arena, fixed, safe && !spf_reading_opens(reading, fixed));
}

static void report_like(
	struct spf_reading *reading, enum detail detail, struct span shown, size_t body_at, bool safe)
{
	struct finding *finding = spf_reading_report(reading, RULE_SPF_VERSION_LIKE, detail, shown);
	while (body_at < reading->text.len &&
		(reading->text.ptr[body_at] == ';' || reading->text.ptr[body_at] == ',' ||
			reading->text.ptr[body_at] == ':'))
		body_at++;
	fix_whole(reading, finding, slice_from(reading->text, body_at), safe);
}

static bool ends_version(struct slice rest)
{
	return rest.len == 0 || !ascii_is_alnum(rest.ptr[0]);
}

/* A known other spelling at `at`: reports it. */
static bool report_spelling(struct spf_reading *reading, size_t at)
{
	struct slice head = slice_from(reading->text, at);
	for (size_t i = 0; i < sizeof spellings / sizeof spellings[0]; i++) {
		struct slice spelling = slice_cstr(spellings[i].text);
		if (!slice_starts_nocase(head, spelling) || !ends_version(slice_from(head, spelling.len)))
			continue;
		size_t end = at + spelling.len;
		if (!spellings[i].sure &&
			!body_has_terms(reading->arena, reading->text, word_end(reading->text, end)))
			continue;
		/* The scope of a Sender ID version, as in v=spf2.0/pra, is no term. */
		size_t body_at = end < reading->text.len && reading->text.ptr[end] == '/'
					 ? word_end(reading->text, end)
					 : end;
		report_like(reading, spellings[i].detail, span_of(at, spelling.len), body_at,
			spellings[i].detail == DETAIL_VERSION_SPELLING);
		return true;
	}
	return false;
}

/* A word one or two typing errors away from v=spf1; two only when SPF terms follow. */
static bool report_typing_error(struct spf_reading *reading, size_t at)
{
	struct slice text = reading->text;
	size_t end = at;
	while (end < text.len && !ascii_is_wsp(text.ptr[end]) && text.ptr[end] != ';' &&
		text.ptr[end] != ',' && end - at < LONGEST_HEAD)
		end++;
	struct slice word = slice_at(text, span_of(at, end - at)), ascii;
	if (!spf_foreign_to_ascii(reading->arena, word, &ascii))
		return false;
	size_t distance = nearest_distance(ascii, version, 2);
	bool has_terms = body_has_terms(reading->arena, text, end);
	bool is_like = distance == 0 || (distance == 1 && ascii.len > 4 && (has_terms || end == text.len)) ||
		       (distance == 2 && ascii.len > 4 && has_terms);
	if (!is_like)
		return false;
	bool is_other = slice_starts_nocase(word, SLICE("v=spf")) && ascii_is_digit(word.ptr[word.len - 1]);
	report_like(reading, is_other ? DETAIL_VERSION_OTHER : DETAIL_VERSION_SPELLING, span_of(at, end - at),
		end, has_terms);
	return true;
}

/* Terms and a final all, but no version. */
static bool report_missing(struct spf_reading *reading, size_t at)
{
	struct slice text = slice_trim(slice_from(reading->text, at));
	while (text.len > 0 && is_wrapping(text.ptr[text.len - 1]))
		text.len--;
	size_t first = word_end(text, 0), last = text.len;
	while (last > 0 && !ascii_is_wsp(text.ptr[last - 1]))
		last--;
	struct spf_term all;
	if (last <= first || !is_directive(reading->arena, slice_head(text, first)) ||
		!spf_term_try(reading->arena, slice_from(text, last), &all) || all.kind != SPF_ALL)
		return false;
	size_t start = (size_t)(text.ptr - reading->text.ptr);
	report_like(reading, DETAIL_VERSION_MISSING, span_of(start, first), start, true);
	return true;
}

bool spf_near_report(struct spf_reading *reading, size_t first_string)
{
	struct slice text = reading->text;
	enum detail before;
	if (slice_starts_nocase(text, SLICE("spf2.0/"))) {
		spf_reading_report(reading, RULE_SPF_SENDERID, DETAIL_NONE, span_of(0, word_end(text, 0)));
		return true;
	}
	if (slice_starts_nocase(text, version)) {
		report_junk(reading, first_string);
		return true;
	}
	size_t at = leading_junk(text, &before);
	if (at > 0 && slice_starts_nocase(slice_from(text, at), version)) {
		report_like(reading, before, span_of(0, at), at + version.len, true);
		return true;
	}
	return report_spelling(reading, at) || report_typing_error(reading, at) ||
	       report_missing(reading, at);
}
