/* dmarc_repair: see dmarc_repair.h.
 *
 *     "v=dmarc1\; p=none rua=a@example.com"
 *      clean()    quotes, backslashes and HTML entities go:  v=dmarc1; p=none rua=a@example.com
 *      pieces     cut at ";" and before embedded tags:       v=dmarc1 | p=none | rua=a@example.com
 *      each       what it was meant to be:                   v=DMARC1 | p=none | rua=mailto:a@example.com
 *
 * The result is parsed, and given up when it is not what it should be.
 */
#include "dmarc/dmarc_repair.h"

#include "base/ascii.h"
#include "base/nearest.h"
#include "dmarc/dmarc_address.h"
#include "dmarc/dmarc_reader.h"
#include "dmarc/dmarc_separator.h"

/* The record being written. Room for the worst growth: each byte of the old one may become "mailto:" and
 * more. */
#define GROWTH	 12
#define OVERHEAD 32

struct out {
	struct arena *arena;
	char *bytes;
	size_t len;
	bool seen[DMARC_TAG_OTHER]; /* known tags that are written; the first one counts */
	enum dmarc_tag_id last;	    /* the tag that was written last */
	bool is_guess;		    /* see dmarc_repair.h */
};

static void put(struct out *out, struct slice text)
{
	if (text.len > 0)
		memcpy(out->bytes + out->len, text.ptr, text.len);
	out->len += text.len;
}

/* --- clean --- */

/* Bytes that copying leaves behind, with what they become. */
static const struct {
	const char *text;
	const char *means;
} litter[] = {
	{"\"", ""},
	{"`", ""},
	{"\\", ""},
	{"\xc2\xa0", " "}, /* no-break space */
	{"\xc2\xab", ""},  /* quotes */
	{"\xc2\xbb", ""},
	{"\xe2\x80\x8b", ""},  /* zero-width space */
	{"\xe2\x80\xaf", " "}, /* narrow no-break space */
	{"\xe2\x81\xa0", ""},  /* word joiner */
	{"\xe2\x80\x98", ""},  /* curly quotes */
	{"\xe2\x80\x99", ""},
	{"\xe2\x80\x9c", ""},
	{"\xe2\x80\x9d", ""},
	{"\xe2\x80\x9e", ""},
	{"\xef\xbb\xbf", ""},  /* byte order mark */
	{"\xef\xbc\x9a", ":"}, /* full-width signs */
	{"\xef\xbc\x9b", ";"},
	{"\xef\xbc\x9d", "="},
	{"\r", " "},
	{"\n", " "},
};

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* Bytes of litter at the start of `text`, 0: none. */
static size_t litter_at(struct slice text, struct slice *means)
{
	for (size_t i = 0; i < COUNT(litter); i++) {
		if (!slice_starts(text, slice_cstr(litter[i].text)))
			continue;
		*means = slice_cstr(litter[i].means);
		return strlen(litter[i].text);
	}
	return 0;
}

/* An entity with its ";", which may be escaped itself. */
static size_t entity_at(struct slice text, char *byte)
{
	size_t len = dmarc_separator_entity(text);
	if (len == 0)
		return 0;
	*byte = dmarc_separator_entity_byte(slice_head(text, len));
	if (*byte == '"')
		*byte = ' ';
	if (len < text.len && text.ptr[len] == '\\')
		len++;
	return len < text.len && text.ptr[len] == ';' ? len + 1 : len;
}

static struct slice clean(struct arena *arena, struct slice text)
{
	char *bytes = arena_alloc(arena, text.len + 1);
	size_t len = 0;
	for (size_t i = 0; i < text.len;) {
		struct slice means = slice_at(text, span_of(i, 1));
		char byte;
		size_t used = entity_at(slice_from(text, i), &byte);
		if (used > 0)
			means = slice_of(&byte, 1);
		else
			used = litter_at(slice_from(text, i), &means);
		if (means.len > 0)
			bytes[len++] = means.ptr[0];
		i += used > 0 ? used : 1;
	}
	return slice_of(bytes, len);
}

/* --- pieces --- */

static struct slice address_or_same(struct out *out, struct slice item)
{
	struct slice host;
	bool mailto = slice_starts_nocase(item, SLICE("mailto:"));
	if (mailto && dmarc_address_fault(slice_from(item, strlen("mailto:")), &host) == DETAIL_NONE)
		return item;
	struct slice better = dmarc_address_repair(out->arena, item);
	if (better.len == 0)
		return item;
	/* Only the scheme was missing: nothing else was touched. */
	if (!slice_equal(slice_from(better, strlen("mailto:")), item))
		out->is_guess = true;
	return better;
}

static void put_addresses(struct out *out, struct slice list)
{
	bool first = true;
	for (size_t at = 0; at < list.len;) {
		size_t comma = slice_find(list, ',', at);
		struct slice item = slice_trim(slice_at(list, span_of(at, comma - at)));
		at = comma + 1;
		if (item.len == 0)
			continue;
		if (!first)
			put(out, SLICE(","));
		put(out, address_or_same(out, item));
		first = false;
	}
}

static bool is_policy_tag(enum dmarc_tag_id id)
{
	return id == DMARC_TAG_P || id == DMARC_TAG_SP || id == DMARC_TAG_NP;
}

static void put_policy(struct out *out, struct slice value)
{
	static const struct slice policies[] = {{"none", 4}, {"quarantine", 10}, {"reject", 6}};
	while (value.len > 0 && !ascii_is_alnum(value.ptr[0]))
		value = slice_from(value, 1);
	while (value.len > 0 && !ascii_is_alnum(value.ptr[value.len - 1]))
		value.len--;
	size_t near = nearest_word(value, policies, COUNT(policies));
	if (near == COUNT(policies) || !slice_equal_nocase(value, policies[near]))
		out->is_guess = true;
	put(out, near < COUNT(policies) ? policies[near] : value);
}

static void put_name(struct out *out, struct slice name)
{
	put(out, SLICE("; "));
	for (size_t i = 0; i < name.len; i++)
		out->bytes[out->len++] = ascii_lower(name.ptr[i]);
	put(out, SLICE("="));
}

static void put_tag(struct out *out, struct slice name, struct slice value)
{
	enum dmarc_tag_id id = dmarc_separator_tag(name);
	if (slice_equal_nocase(name, SLICE("policy")) && !out->seen[DMARC_TAG_P]) {
		name = SLICE("p");
		id = DMARC_TAG_P;
		out->is_guess = true;
	}
	if (id == DMARC_TAG_V || value.len == 0 || (id != DMARC_TAG_OTHER && out->seen[id])) {
		out->is_guess = true;
		return;
	}
	if (id != DMARC_TAG_OTHER)
		out->seen[id] = true;
	out->last = id;
	put_name(out, name);
	if (is_policy_tag(id))
		put_policy(out, value);
	else if (id == DMARC_TAG_RUA || id == DMARC_TAG_RUF)
		put_addresses(out, value);
	else
		put(out, value);
}

static bool is_letters(struct slice name)
{
	for (size_t i = 0; i < name.len; i++)
		if (!ascii_is_alpha(name.ptr[i]))
			return false;
	return name.len > 0;
}

/* One tag, or what is like one; anything else is left out. */
static void put_piece(struct out *out, struct slice piece)
{
	struct span sign;
	size_t equals = slice_find(piece, '=', 0);
	struct slice name = slice_trim(slice_head(piece, equals));
	if (equals < piece.len && is_letters(name)) {
		put_tag(out, name, slice_trim(slice_from(piece, equals + 1)));
	} else if ((out->last == DMARC_TAG_RUA || out->last == DMARC_TAG_RUF) &&
		   dmarc_separator_is_address(piece)) {
		put(out, SLICE(","));
		put_addresses(out, piece);
	} else if (dmarc_separator_no_equals(piece, &sign)) {
		put_tag(out, slice_trim(slice_head(piece, sign.offset)),
			slice_trim(slice_from(piece, span_end(sign))));
		out->is_guess = true;
	} else if (piece.len > 0) {
		out->is_guess = true;
	}
}

static bool is_version_byte(char c)
{
	return ascii_is_alnum(c) || c == '-' || c == '_' || c == '.';
}

/* Bytes of "v=DMARC1" or something like it at the start of `piece`; 0: none. */
static size_t version_length(struct slice piece)
{
	size_t at = 0;
	if (slice_starts_nocase(piece, SLICE("v")))
		for (at = 1; at < piece.len && memchr(" \t=:-", piece.ptr[at], 5) != NULL;)
			at++;
	if (!slice_starts_nocase(slice_from(piece, at), SLICE("dmarc")))
		return 0;
	at += strlen("dmarc");
	/* "DMARC1p=none": the version ends at the digit. */
	if (at < piece.len && piece.ptr[at] == '1' && at + 1 < piece.len && ascii_is_alpha(piece.ptr[at + 1]))
		return at + 1;
	while (at < piece.len && is_version_byte(piece.ptr[at]))
		at++;
	return at;
}

/* A chunk may hold several tags with blanks or commas between them. */
static void put_chunk(struct out *out, struct slice chunk)
{
	struct span gap;
	size_t version = version_length(chunk);
	chunk = slice_from(chunk, version);
	while (version > 0 && chunk.len > 0 && memchr(" \t,:.", chunk.ptr[0], 5) != NULL)
		chunk = slice_from(chunk, 1);
	while (dmarc_separator_embedded(chunk, &gap)) {
		put_piece(out, slice_trim(slice_head(chunk, gap.offset)));
		chunk = slice_from(chunk, span_end(gap));
	}
	put_piece(out, slice_trim(chunk));
}

/* --- the record --- */

static bool has_error(const struct dmarc_record *record)
{
	for (size_t i = 0; i < record->findings.count; i++)
		if (record->findings.items[i].severity == SEVERITY_ERROR)
			return true;
	return false;
}

static bool is_good(struct arena *arena, struct slice text)
{
	if (!dmarc_record_is_dmarc(text))
		return false;
	const struct dmarc_record *record = dmarc_record_parse_plain(arena, text);
	return record->valid && record->policy_usable && !has_error(record);
}

struct slice dmarc_repair(struct arena *arena, struct slice text, bool *is_guess)
{
	*is_guess = true;
	if (text.len > DMARC_MAX_REPAIR)
		return slice_of(NULL, 0);
	struct out out = {.arena = arena, .last = DMARC_TAG_OTHER};
	struct slice plain = clean(arena, text);
	out.bytes = arena_alloc(arena, plain.len * GROWTH + OVERHEAD);
	put(&out, SLICE("v=DMARC1"));
	for (size_t start = 0; start < plain.len;) {
		size_t end = slice_find(plain, ';', start);
		put_chunk(&out, slice_trim(slice_at(plain, span_of(start, end - start))));
		start = end + 1;
	}
	struct slice mended = slice_of(out.bytes, out.len);
	*is_guess = out.is_guess;
	return is_good(arena, mended) ? mended : slice_of(NULL, 0);
}
