/* dmarc_address: see dmarc_address.h (RFC 6068, RFC 5321 4.1.2; RFC 9989 4.8 for what has to be encoded). */
#include "dmarc/dmarc_address.h"

#include "base/ascii.h"

#define MOST_SPLIT 16 /* addresses without commas between them */

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const struct slice mailto = {"mailto:", 7};

static size_t count_byte(struct slice text, char byte)
{
	size_t count = 0;
	for (size_t i = 0; i < text.len; i++)
		count += text.ptr[i] == byte;
	return count;
}

/* --- the mailbox of a mailto URI --- */

/* A host name as mail uses them: letters, digits, hyphens; underscores are seen, too. */
static bool is_domain(struct slice text)
{
	size_t label = 0;
	if (text.len == 0 || text.len > 253)
		return false;
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		if (c == '.' && label == 0)
			return false;
		if (c != '.' && !ascii_is_alnum(c) && c != '-' && c != '_')
			return false;
		label = c == '.' ? 0 : label + 1;
		if (label > 63)
			return false;
	}
	return label > 0;
}

enum detail dmarc_address_fault(struct slice mailbox, struct slice *host)
{
	size_t at = slice_find(mailbox, '@', 0);
	if (slice_starts(mailbox, SLICE("//")))
		return DETAIL_DMARC_URI_SLASHES;
	if (slice_starts_nocase(mailbox, mailto))
		return DETAIL_DMARC_URI_SCHEME_TYPO;
	if (at == mailbox.len || at == 0)
		return DETAIL_DMARC_URI_NO_MAILBOX;
	if (slice_find(mailbox, '@', at + 1) < mailbox.len)
		return DETAIL_DMARC_URI_TWO_AT;
	if (!is_domain(slice_from(mailbox, at + 1)))
		return DETAIL_DMARC_URI_HOST;
	*host = slice_from(mailbox, at + 1);
	return DETAIL_NONE;
}

bool dmarc_address_is_misspelt_scheme(struct slice scheme)
{
	static const char *const seen[] = {"mail", "email", "e-mail", "maito", "malto", "mailt", "milto",
		"mailo", "mailtto", "maiilto", "mailito", "maiito", "mailot", "mialto", "amilto", "mailtos",
		"mail-to", "mailt0", "smtp"};
	for (size_t i = 0; i < COUNT(seen); i++)
		if (slice_equal_nocase(scheme, slice_cstr(seen[i])))
			return true;
	return false;
}

bool dmarc_address_is_sure(enum detail fault)
{
	return fault == DETAIL_DMARC_URI_NO_SCHEME || fault == DETAIL_DMARC_URI_OBFUSCATED ||
	       fault == DETAIL_DMARC_URI_SCHEME_TYPO || fault == DETAIL_DMARC_URI_SLASHES ||
	       fault == DETAIL_DMARC_URI_QUOTED;
}

/* --- two addresses in one --- */

/* A second "mailto:" with an address before it: "mailto:a@x.example mailto:b@y.example", also glued. */
static bool second_scheme(struct slice text, struct span *gap)
{
	struct slice rest = slice_from(text, 1);
	size_t hit = slice_search_nocase(rest, mailto);
	if (hit == rest.len)
		return false;
	size_t end = hit + 1;
	size_t start = end;
	while (start > 0 && ascii_is_wsp(text.ptr[start - 1]))
		start--;
	*gap = span_of(start, end - start);
	bool glued = start == end && !ascii_is_alnum(text.ptr[start - 1]);
	return !glued && slice_find(slice_head(text, start), '@', 0) < start;
}

/* An '@' that is neither the first nor the last byte: a whole address, not " @ " between words. */
static bool holds_address(struct slice word)
{
	return word.len > 2 && slice_find(slice_head(word, word.len - 1), '@', 1) < word.len - 1;
}

static struct slice word_at(struct slice text, size_t start)
{
	size_t end = start;
	while (end < text.len && !ascii_is_wsp(text.ptr[end]))
		end++;
	return slice_at(text, span_of(start, end - start));
}

/* Two neighbouring words that both hold an address. */
static bool two_words(struct slice text, struct span *gap)
{
	bool before = false;
	size_t before_end = 0;
	for (size_t i = 0; i < text.len;) {
		i += ascii_wsp_run(text, i);
		struct slice word = word_at(text, i);
		bool address = holds_address(word);
		*gap = span_of(before_end, i - before_end);
		if (before && address)
			return true;
		before = address;
		i += word.len;
		before_end = i;
	}
	return false;
}

bool dmarc_address_missing_comma(struct slice text, struct span *gap)
{
	return text.len > 0 && (second_scheme(text, gap) || two_words(text, gap));
}

struct slice dmarc_address_split(struct arena *arena, struct slice text)
{
	struct slice list = slice_of(NULL, 0);
	struct span gap;
	for (size_t i = 0; i < MOST_SPLIT; i++) {
		bool more = dmarc_address_missing_comma(text, &gap);
		struct slice item = dmarc_address_repair(arena, more ? slice_head(text, gap.offset) : text);
		if (item.len == 0)
			return item;
		list = arena_printf(arena, "%.*s%s%.*s", (int)list.len, list.len > 0 ? list.ptr : "",
			list.len > 0 ? "," : "", (int)item.len, item.ptr);
		if (!more)
			return list;
		text = slice_from(text, span_end(gap));
	}
	return slice_of(NULL, 0);
}

/* --- what is wrong --- */

static bool has_any(struct slice text, bool (*is)(char c))
{
	for (size_t i = 0; i < text.len; i++)
		if (is(text.ptr[i]))
			return true;
	return false;
}

static bool is_non_ascii(char c)
{
	return ((unsigned char)c & 0x80) != 0;
}

static bool is_wrapping(char c)
{
	return ascii_is_one_of(c, "<>\"");
}

enum detail dmarc_address_why_no_uri(struct slice text)
{
	bool has_at = count_byte(text, '@') > 0;
	if (dmarc_address_repair_is_disguised(text))
		return DETAIL_DMARC_URI_OBFUSCATED;
	if (has_any(text, is_non_ascii))
		return DETAIL_DMARC_URI_NON_ASCII;
	if (has_any(text, is_wrapping))
		return DETAIL_DMARC_URI_QUOTED;
	if (has_any(text, ascii_is_wsp))
		return DETAIL_DMARC_URI_SPACE;
	if (slice_starts_nocase(text, SLICE("mailto")) && !slice_starts_nocase(text, mailto))
		return DETAIL_DMARC_URI_SCHEME_TYPO;
	if (slice_find(text, ':', 0) == text.len)
		return has_at ? DETAIL_DMARC_URI_NO_SCHEME : DETAIL_DMARC_URI_NO_MAILBOX;
	if (slice_find(text, '!', 0) < text.len)
		return DETAIL_DMARC_URI_EXCLAMATION;
	return DETAIL_DMARC_URI_CHARACTER;
}
