/* spf_explain_text: see spf_explain_text.h. */
#include "spf/spf_explain_text.h"

#include "base/ascii.h"

/* A line of an SMTP reply has 512 octets with its CRLF (RFC 5321 4.5.3.1.5). "550 5.7.23 " and what mail
 * servers put before the explanation, such as "<user@example.com>: Recipient address rejected: ", need
 * some sixty of them. */
#define MAX_EXAMPLE 450
#define MAX_EDITS   256 /* characters that a fix replaces; with more of them there is no fix */

/* What editors and web forms make of plain characters. Single bytes are Windows-1252: they begin no UTF-8
 * character. */
static const struct {
	const char *bytes;
	const char *ascii;
} characters[] = {
	{"\xe2\x80\x98", "'"},
	{"\xe2\x80\x99", "'"},
	{"\xe2\x80\x9a", "'"},
	{"\xe2\x80\x9b", "'"},
	{"\xe2\x80\x9c", "\""},
	{"\xe2\x80\x9d", "\""},
	{"\xe2\x80\x9e", "\""},
	{"\xe2\x80\x9f", "\""},
	{"\xc2\xab", "\""},
	{"\xc2\xbb", "\""},
	{"\xc2\xb4", "'"},
	{"\xe2\x80\x90", "-"},
	{"\xe2\x80\x91", "-"},
	{"\xe2\x80\x92", "-"},
	{"\xe2\x80\x93", "-"},
	{"\xe2\x80\x94", "-"},
	{"\xe2\x80\xa6", "..."},
	{"\xc2\xa0", " "},
	{"\xe2\x80\xaf", " "},
	{"\xe2\x80\x8b", ""},
	{"\xef\xbb\xbf", ""},
	{"\x91", "'"},
	{"\x92", "'"},
	{"\x93", "\""},
	{"\x94", "\""},
	{"\x96", "-"},
	{"\x97", "-"},
	{"\x85", "..."},
	{"\xa0", " "},
};

static bool is_ascii(char c)
{
	return (unsigned char)c < 0x80;
}

/* The plain form of the character at the start of `text`, whose bytes are in *len; NULL: there is none. */
static const char *plain_form(struct slice text, size_t *len)
{
	for (size_t i = 0; i < sizeof characters / sizeof *characters; i++) {
		struct slice bytes = slice_cstr(characters[i].bytes);
		if (slice_starts(text, bytes)) {
			*len = bytes.len;
			return characters[i].ascii;
		}
	}
	return NULL;
}

/* --- characters that are not ASCII -------------------------------------------------------- */

/* The text with every foreign character in its plain form; NULL when one has none. */
static const struct fix *plain_fix(struct arena *arena, struct slice text)
{
	struct fix_edit edits[MAX_EDITS];
	size_t count = 0;
	for (size_t i = 0; i < text.len;) {
		size_t len = 1;
		if (!is_ascii(text.ptr[i])) {
			const char *plain = plain_form(slice_from(text, i), &len);
			if (plain == NULL || count == MAX_EDITS)
				return NULL;
			edits[count++] = (struct fix_edit){span_of(i, len), slice_cstr(plain)};
		}
		i += len;
	}
	return fix_edits(arena, text, edits, count, true);
}

/* "E2 80 99" */
static struct slice hex_text(struct arena *arena, struct slice bytes)
{
	static const char digits[] = "0123456789ABCDEF";
	char *text = arena_alloc(arena, bytes.len * 3 + 1);
	for (size_t i = 0; i < bytes.len; i++) {
		text[i * 3] = digits[(unsigned char)bytes.ptr[i] >> 4];
		text[i * 3 + 1] = digits[(unsigned char)bytes.ptr[i] & 0xf];
		text[i * 3 + 2] = ' ';
	}
	text[bytes.len * 3 - 1] = '\0';
	return slice_of(text, bytes.len * 3 - 1);
}

static bool judge_ascii(
	struct arena *arena, struct slice text, const struct finding_place *place, struct findings *findings)
{
	size_t at = 0;
	while (at < text.len && is_ascii(text.ptr[at]))
		at++;
	if (at == text.len)
		return true;
	size_t len = ascii_utf8_length(slice_from(text, at));
	struct span span = span_of(at, len == 0 ? 1 : len);
	struct finding *finding = findings_add_at(findings, RULE_SPF_EXP_TARGET_NON_ASCII, span);
	finding->place = *place;
	finding->args[0] = slice_at(text, span);
	finding->args[1] = hex_text(arena, slice_at(text, span));
	finding->fix = plain_fix(arena, text);
	return false;
}

/* --- syntax ------------------------------------------------------------------------------- */

static bool has_foreign(struct slice text)
{
	for (size_t i = 0; i < text.len; i++) {
		if (!is_ascii(text.ptr[i]))
			return true;
	}
	return false;
}

/* The first mistake that is not about a character which is no ASCII: receivers stop there. */
static void judge_syntax(struct slice text, const struct findings *mistakes,
	const struct finding_place *place, struct findings *findings)
{
	for (size_t i = 0; i < mistakes->count; i++) {
		const struct finding *mistake = &mistakes->items[i];
		if (!mistake->has_span || has_foreign(slice_at(text, mistake->span)))
			continue;
		struct finding *finding =
			findings_add_at(findings, RULE_SPF_EXP_TARGET_BAD_MACRO, mistake->span);
		finding->place = *place;
		finding->detail = mistake->detail;
		finding->args[0] = slice_at(text, mistake->span);
		return;
	}
}

bool spf_explain_text(struct arena *arena, struct slice text, const struct macro_values *values,
	const struct finding_place *place, struct findings *findings, struct slice *example)
{
	struct findings mistakes;
	char missing;
	findings_init(&mistakes, arena);
	const struct macro_string *macro =
		macro_parse(arena, text, span_of(0, text.len), MACRO_EXPLANATION, &mistakes);
	bool is_plain = judge_ascii(arena, text, place, findings);
	judge_syntax(text, &mistakes, place, findings);
	if (!is_plain || !macro->valid || !macro_expand(arena, macro, values, example, &missing))
		return false;
	if (example->len > MAX_EXAMPLE) {
		struct finding *finding = findings_add(findings, RULE_SPF_EXP_TARGET_TOO_LONG);
		finding->place = *place;
		finding->args[0] = arena_printf(arena, "%zu", example->len);
		finding->args[1] = arena_printf(arena, "%d", MAX_EXAMPLE);
	}
	return true;
}
