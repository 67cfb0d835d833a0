/* idn: international names through libidn2; see idn.h.
 *
 * libidn2 is asked without its STD3 rules, which would delete the underscore of "_dmarc", and only for
 * text that has a byte above 127: any other text is already what is asked for. Non-transitional: "ß" is
 * not "ss" (RFC 5891, UTS 46 4).
 */
#include "dns/idn.h"

#include <idn2.h>

#include "base/ascii.h"

/* A name of 255 bytes has at most four bytes of UTF-8 for one of its own. */
#define MAX_TEXT ((size_t)NAME_MAX_WIRE * 5)

/* Into the arena, and libidn2's memory back. */
static struct slice take(struct arena *arena, char *text)
{
	/* Lack of memory leaves from within arena_copy(): a buffer carries the bytes over. */
	char buffer[MAX_TEXT];
	struct slice bytes = slice_head(slice_cstr(text), sizeof buffer);
	memcpy(buffer, text, bytes.len);
	idn2_free(text);
	return arena_copy(arena, slice_of(buffer, bytes.len));
}

enum idn_status idn_to_ascii(struct arena *arena, struct slice text, struct slice *out)
{
	char *ascii = NULL;
	if (ascii_is_all(text)) {
		*out = text;
		return IDN_OK;
	}
	if (!ascii_is_utf8(text))
		return IDN_NOT_UTF8;
	if (text.len >= MAX_TEXT || memchr(text.ptr, '\0', text.len) != NULL)
		return IDN_NOT_ALLOWED;
	int status = idn2_to_ascii_8z(arena_cstr(arena, text), &ascii, IDN2_NONTRANSITIONAL | IDN2_NFC_INPUT);
	if (status == IDN2_MALLOC)
		escape_out_of_memory(arena->escape);
	if (status != IDN2_OK)
		return IDN_NOT_ALLOWED;
	*out = take(arena, ascii);
	return IDN_OK;
}

/* --- for people ------------------------------------------------------------------------------- */

/* Which letters a person can tell from ASCII ones. */
enum look {
	LOOK_LATIN,    /* with accents: may stand among ASCII letters */
	LOOK_CLEAR,    /* unlike any Latin letter: in a label without ASCII letters */
	LOOK_ALIKE,    /* like Latin letters: in a name without ASCII letters */
	LOOK_DECEPTIVE /* the rest; also what runs from right to left, which reorders the line around it */
};

struct look_range {
	uint32_t first, last;
	enum look look;
};

static const struct look_range look_ranges[] = {
	{0xdf, 0x130, LOOK_LATIN}, {0x132, 0x17e, LOOK_LATIN},	    /* without the dotless i */
	{0x386, 0x3ff, LOOK_ALIKE},				    /* Greek */
	{0x400, 0x52f, LOOK_ALIKE},				    /* Cyrillic */
	{0x900, 0xdff, LOOK_CLEAR},				    /* of India */
	{0xe00, 0xeff, LOOK_CLEAR},				    /* Thai, Lao */
	{0x10d0, 0x10ff, LOOK_CLEAR},				    /* Georgian */
	{0x1200, 0x137f, LOOK_CLEAR},				    /* Ethiopic */
	{0x1780, 0x17dd, LOOK_CLEAR},				    /* Khmer */
	{0x1e00, 0x1eff, LOOK_LATIN}, {0x3041, 0x3096, LOOK_CLEAR}, /* Hiragana */
	{0x30a1, 0x30fe, LOOK_CLEAR},				    /* Katakana */
	{0x4e00, 0x9fff, LOOK_CLEAR},				    /* Han */
	{0xac00, 0xd7a3, LOOK_CLEAR},				    /* Hangul */
};

static enum look look_of(uint32_t code)
{
	for (size_t i = 0; i < sizeof look_ranges / sizeof look_ranges[0]; i++)
		if (code >= look_ranges[i].first && code <= look_ranges[i].last)
			return look_ranges[i].look;
	return LOOK_DECEPTIVE;
}

/* The code point of the valid character at the start of `text`. */
static uint32_t code_at(struct slice text, size_t len)
{
	static const unsigned char lead_bits[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
	uint32_t code = (unsigned char)text.ptr[0] & lead_bits[len];
	for (size_t i = 1; i < len; i++)
		code = code << 6 | ((unsigned char)text.ptr[i] & 0x3fu);
	return code;
}

/* What a label, or a whole name, is made of. */
struct looks {
	bool ascii_letters;
	bool seen[LOOK_DECEPTIVE + 1];
};

static struct looks looks_of(struct slice text)
{
	struct looks looks = {0};
	while (text.len > 0) {
		size_t len = ascii_utf8_length(text);
		if (len == 1)
			looks.ascii_letters = looks.ascii_letters || ascii_is_alpha(text.ptr[0]);
		else
			looks.seen[len == 0 ? LOOK_DECEPTIVE : look_of(code_at(text, len))] = true;
		text = slice_from(text, len == 0 ? 1 : len);
	}
	return looks;
}

static bool is_clear(struct slice name)
{
	struct looks whole = looks_of(name);
	if (whole.seen[LOOK_DECEPTIVE] || (whole.seen[LOOK_ALIKE] && whole.ascii_letters))
		return false;
	while (name.len > 0) {
		size_t dot = slice_find(name, '.', 0);
		struct looks label = looks_of(slice_head(name, dot));
		bool other = label.seen[LOOK_CLEAR] || label.seen[LOOK_ALIKE];
		if (other && (label.ascii_letters || label.seen[LOOK_LATIN]))
			return false;
		name = slice_from(name, dot + 1);
	}
	return true;
}

static bool has_a_label(struct slice text)
{
	for (size_t at = 0; at < text.len; at = slice_find(text, '.', at) + 1)
		if (slice_starts_nocase(slice_from(text, at), SLICE("xn--")))
			return true;
	return false;
}

struct slice idn_to_unicode(struct arena *arena, struct slice text)
{
	char *decoded = NULL;
	struct slice again;
	if (text.len >= MAX_TEXT || !has_a_label(text) || !ascii_is_all(text) ||
		memchr(text.ptr, '\0', text.len) != NULL)
		return text;
	int status = idn2_to_unicode_8z8z(arena_cstr(arena, text), &decoded, 0);
	if (status == IDN2_MALLOC)
		escape_out_of_memory(arena->escape);
	if (status != IDN2_OK)
		return text;
	struct slice shown = take(arena, decoded);
	/* Only what would come back as the very same name. */
	bool same = idn_to_ascii(arena, shown, &again) == IDN_OK && slice_equal_nocase(again, text);
	return same && is_clear(shown) && ascii_is_plain(shown) ? shown : text;
}
