/* spf_foreign: see spf_foreign.h. RFC 7208 3.1, 12: a record is visible ASCII and SP, anything else is a
 * syntax error. */
#include "spf/spf_foreign.h"

#include "base/ascii.h"
#include "dns/idn.h"
#include "spf/spf_term.h"

#define LONGEST_NAME 512 /* bytes of an international name that is worth a fix */
#define MAX_EDITS    64	 /* foreign characters of one term that a fix replaces; more: no fix */

/* What a character stands for. Single bytes are Windows-1252 and Latin-1: they do not begin a UTF-8
 * character. */
static const struct {
	const char *bytes;
	const char *ascii;
} characters[] = {
	{"\t", " "},
	{"\r\n", " "},
	{"\n", " "},
	{"\r", " "},
	{"\xc2\xa0", " "},
	{"\xe2\x80\xaf", " "},
	{"\xe3\x80\x80", " "},
	{"\xe2\x80\x82", " "},
	{"\xe2\x80\x83", " "},
	{"\xe2\x80\x89", " "},
	{"\xe2\x80\x90", "-"},
	{"\xe2\x80\x91", "-"},
	{"\xe2\x80\x92", "-"},
	{"\xe2\x80\x93", "-"},
	{"\xe2\x80\x94", "-"},
	{"\xe2\x80\x95", "-"},
	{"\xe2\x88\x92", "-"},
	{"\xef\xbc\x8d", "-"},
	{"\xef\xbc\x9a", ":"},
	{"\xef\xbc\x9d", "="},
	{"\xef\xbc\x8f", "/"},
	{"\xef\xbc\x8e", "."},
	{"\xe3\x80\x82", "."},
	{"\xef\xbd\x9e", "~"},
	{"\xcb\x9c", "~"},
	{"\xe2\x88\xbc", "~"},
	{"\xe2\x80\x98", ""},
	{"\xe2\x80\x99", ""},
	{"\xe2\x80\x9a", ""},
	{"\xe2\x80\x9b", ""},
	{"\xe2\x80\x9c", ""},
	{"\xe2\x80\x9d", ""},
	{"\xe2\x80\x9e", ""},
	{"\xe2\x80\x9f", ""},
	{"\xc2\xab", ""},
	{"\xc2\xbb", ""},
	{"\xe2\x80\x8b", ""},
	{"\xe2\x80\x8c", ""},
	{"\xe2\x80\x8d", ""},
	{"\xef\xbb\xbf", ""},
	{"\xe2\x81\xa0", ""},
	{"\xc2\xad", ""},
	{"\x96", "-"},
	{"\x97", "-"},
	{"\x91", ""},
	{"\x92", ""},
	{"\x93", ""},
	{"\x94", ""},
	{"\xa0", " "},
};

static bool is_foreign(char c)
{
	return !ascii_is_visible(c) && c != ' ';
}

bool spf_foreign_is_in(struct slice text)
{
	for (size_t i = 0; i < text.len; i++)
		if (is_foreign(text.ptr[i]))
			return true;
	return false;
}

/* The known character at the start of `text` in ASCII, its length in *len; NULL: not known. */
static const char *known_character(struct slice text, size_t *len)
{
	for (size_t i = 0; i < sizeof characters / sizeof characters[0]; i++) {
		struct slice bytes = slice_cstr(characters[i].bytes);
		if (slice_starts(text, bytes)) {
			*len = bytes.len;
			return characters[i].ascii;
		}
	}
	return NULL;
}

size_t spf_foreign_length(struct slice text)
{
	size_t len = 0;
	if (text.len == 0 || !is_foreign(text.ptr[0]))
		return 0;
	if (known_character(text, &len) != NULL)
		return len;
	len = ascii_utf8_length(text);
	return len == 0 ? 1 : len;
}

/* What there is of foreign characters in a term. */
struct survey {
	struct span first; /* the first run of them */
	bool only_spaces;
	bool has_control; /* a control character that is no white space */
	bool all_known;
	struct fix_edit edits[MAX_EDITS];
	size_t count;
};

static void survey_character(struct survey *survey, struct slice text, size_t at, size_t len)
{
	size_t known_len;
	const char *ascii = known_character(slice_from(text, at), &known_len);
	if (survey->first.len == 0)
		survey->first.offset = at;
	if (span_end(survey->first) == at)
		survey->first.len += len;
	if (ascii == NULL || ascii[0] != ' ')
		survey->only_spaces = false;
	unsigned char byte = (unsigned char)text.ptr[at];
	if (ascii == NULL && (byte < 0x20 || byte == 0x7f))
		survey->has_control = true;
	if (ascii == NULL || survey->count == MAX_EDITS)
		survey->all_known = false;
	else
		survey->edits[survey->count++] = (struct fix_edit){span_of(at, len), slice_cstr(ascii)};
}

/* Spans are relative to `text`. */
static struct survey survey_text(struct slice text)
{
	struct survey survey = {.only_spaces = true, .all_known = true};
	for (size_t i = 0; i < text.len;) {
		size_t len = spf_foreign_length(slice_from(text, i));
		if (len > 0)
			survey_character(&survey, text, i, len);
		i += len > 0 ? len : 1;
	}
	return survey;
}

bool spf_foreign_to_ascii(struct arena *arena, struct slice text, struct slice *out)
{
	char *ascii = arena_alloc(arena, text.len + 1);
	size_t used = 0;
	for (size_t i = 0; i < text.len;) {
		size_t len = 1;
		if (!is_foreign(text.ptr[i])) {
			ascii[used++] = text.ptr[i++];
			continue;
		}
		const char *known = known_character(slice_from(text, i), &len);
		if (known == NULL)
			return false;
		if (known[0] != '\0')
			ascii[used++] = known[0];
		i += len;
	}
	*out = slice_of(ascii, used);
	return true;
}

/* True when every piece of `ascii` between spaces is a term. */
static bool all_terms(struct arena *arena, struct slice ascii)
{
	for (size_t at = 0; at < ascii.len;) {
		size_t end = slice_find(ascii, ' ', at);
		if (end > at && !spf_term_try(arena, slice_at(ascii, span_of(at, end - at)), NULL))
			return false;
		at = end + 1;
	}
	return true;
}

/* A dash that stands alone before `next`: "– all". The fix takes away the space as well. */
static bool fix_lone_dash(struct spf_reading *reading, struct finding *finding, struct slice ascii,
	struct span span, struct span next)
{
	struct spf_term term;
	enum spf_qualifier qualifier;
	struct slice text = slice_at(reading->text, next);
	if (ascii.len != 1 || !spf_term_qualifier(ascii.ptr[0], &qualifier) || text.len == 0)
		return false;
	if (!spf_term_try(reading->arena, text, &term) || term.is_modifier || term.name.offset != 0)
		return false;
	spf_reading_fix(reading, finding, span_of(span.offset, next.offset - span.offset), ascii, true);
	return true;
}

static void fix_characters(struct spf_reading *reading, struct finding *finding, struct survey *survey,
	struct span span, struct slice ascii)
{
	for (size_t i = 0; i < survey->count; i++)
		survey->edits[i].span.offset += span.offset;
	spf_reading_fix_edits(
		reading, finding, survey->edits, survey->count, all_terms(reading->arena, ascii));
}

/* "include:b\xc3\xbccher.example": the name as DNS has it. RFC 5890 2.3.2.1 */
static void fix_international(struct spf_reading *reading, struct finding *finding, struct span span)
{
	struct spf_parts parts = spf_term_split(reading->text, span);
	struct slice text = slice_at(reading->text, span), rest = slice_at(reading->text, parts.rest), ascii;
	size_t colon = parts.rest.offset - span.offset + 1;
	if ((parts.separator != ':' && parts.separator != '=') || rest.len > LONGEST_NAME || rest.len < 2)
		return;
	size_t slash = slice_find(text, '/', colon);
	struct slice name = slice_at(text, span_of(colon, slash - colon));
	if (idn_to_ascii(reading->arena, name, &ascii) != IDN_OK)
		return;
	struct slice term = arena_printf(reading->arena, "%.*s%.*s%.*s", (int)colon, text.ptr, (int)ascii.len,
		ascii.ptr, (int)(text.len - slash), text.ptr + slash);
	if (spf_term_try(reading->arena, term, NULL))
		spf_reading_fix(reading, finding, span, term, true);
}

bool spf_foreign_report(struct spf_reading *reading, struct span span, struct span next)
{
	struct slice text = slice_at(reading->text, span);
	if (!spf_foreign_is_in(text))
		return false;
	struct survey survey = survey_text(text);
	struct span first = span_of(span.offset + survey.first.offset, survey.first.len);
	enum rule_id rule = survey.only_spaces ? RULE_SPF_SEPARATOR : RULE_SPF_NON_ASCII;
	enum detail detail = survey.only_spaces	  ? DETAIL_SEPARATOR_WHITE_SPACE
			     : survey.all_known	  ? DETAIL_FOREIGN_TYPOGRAPHY
			     : survey.has_control ? DETAIL_FOREIGN_CONTROL
						  : DETAIL_FOREIGN_LETTER;
	struct finding *finding = spf_reading_report(reading, rule, detail, first);
	struct slice ascii;
	if (!survey.all_known || !spf_foreign_to_ascii(reading->arena, text, &ascii)) {
		fix_international(reading, finding, span);
		return true;
	}
	if (!fix_lone_dash(reading, finding, ascii, span, next))
		fix_characters(reading, finding, &survey, span, ascii);
	return true;
}
