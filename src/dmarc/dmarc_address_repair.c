/* dmarc_address_repair: what a broken report address was meant to be (RFC 6068; RFC 9989 4.8).
 *
 *     "<mailto:dmarc [at] example.com>"     wrappings and the scheme go, stand-ins become what they stand for
 *      dmarc@example.com                    what is still not clear afterwards is not repaired
 */
#include "base/ascii.h"
#include "dmarc/dmarc_address.h"

#define LONGEST_REPAIRED 512 /* bytes; nobody types more than that by mistake */

static const struct slice mailto = {"mailto:", 7};

struct token {
	const char *text;
	const char *means;
};

/* What stands for a byte inside an obfuscated address. */
static const struct token tokens[] = {
	{"(.)", "."}, {"(@)", "@"}, {"(at)", "@"}, {"(dot)", "."}, {"<at>", "@"}, {"<dot>", "."},
	{"[.]", "."}, {"[@]", "@"}, {"[at]", "@"}, {"[dot]", "."}, {"{at}", "@"}, {"{dot}", "."},
	{"\xef\xbc\xa0", "@"}, /* the full-width @ */
};

/* The same as words between blanks. */
static const struct token words[] = {{"at", "@"}, {"dot", "."}, {"@", "@"}, {".", "."}};

/* What gets around an address when it is copied: quotes of all kinds, no-break and zero-width spaces. */
static const char *const wrappings[] = {
	"\"",
	"'",
	"`",
	"<",
	">",
	"\\",
	"\xc2\xa0",
	"\xc2\xab",
	"\xc2\xbb",
	"\xe2\x80\x8b",
	"\xe2\x80\x98",
	"\xe2\x80\x99",
	"\xe2\x80\x9c",
	"\xe2\x80\x9d",
	"\xef\xbb\xbf",
};

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* Bytes of the token at the start of `text`, its meaning in *means; 0: none. */
static size_t token_length(struct slice text, const char **means)
{
	for (size_t i = 0; i < COUNT(tokens); i++) {
		if (!slice_starts_nocase(text, slice_cstr(tokens[i].text)))
			continue;
		*means = tokens[i].means;
		return strlen(tokens[i].text);
	}
	return 0;
}

/* The same for a word with the blanks around it. */
static size_t word_length(struct slice text, const char **means)
{
	size_t before = ascii_wsp_run(text, 0);
	if (before == 0)
		return 0;
	for (size_t i = 0; i < COUNT(words); i++) {
		size_t end = before + strlen(words[i].text);
		size_t after = ascii_wsp_run(text, end);
		if (after == 0 || !slice_starts_nocase(slice_from(text, before), slice_cstr(words[i].text)))
			continue;
		*means = words[i].means;
		return end + after;
	}
	return 0;
}

static bool strip_one(struct slice *text)
{
	for (size_t i = 0; i < COUNT(wrappings); i++) {
		struct slice wrapping = slice_cstr(wrappings[i]);
		if (slice_starts(*text, wrapping)) {
			*text = slice_from(*text, wrapping.len);
			return true;
		}
		if (text->len >= wrapping.len &&
			slice_equal(slice_from(*text, text->len - wrapping.len), wrapping)) {
			text->len -= wrapping.len;
			return true;
		}
	}
	return false;
}

static struct slice strip_wrappings(struct slice text)
{
	do
		text = slice_trim(text);
	while (strip_one(&text));
	while (text.len > 0 && ascii_is_one_of(text.ptr[text.len - 1], ".:"))
		text.len--;
	return text;
}

/* `text` behind its scheme, or behind what was to be one: "mailto:", "mailto//:", "mailto=", "maito:",
 * "mailto ". */
static struct slice skip_scheme(struct slice text)
{
	size_t len = 0;
	while (len < text.len && (ascii_is_alnum(text.ptr[len]) || text.ptr[len] == '-'))
		len++;
	struct slice word = slice_head(text, len);
	size_t end = len;
	while (end < text.len && ascii_is_one_of(text.ptr[end], ":=/ \t"))
		end++;
	bool is_scheme = slice_equal_nocase(word, SLICE("mailto")) || dmarc_address_is_misspelt_scheme(word);
	return is_scheme && end > len ? slice_from(text, end) : text;
}

/* Bytes at text[i] that a lonely blank may be dropped beside. */
static bool is_joint(struct slice text, size_t i)
{
	return i < text.len && ascii_is_one_of(text.ptr[i], "@.");
}

/* Bytes that may stand in the mailbox of a mailto URI, and the '!' that decode() encodes. */
static bool is_kept(struct slice text, size_t i)
{
	char c = text.ptr[i];
	if (c == '%')
		return i + 2 < text.len && ascii_hex_value(text.ptr[i + 1]) >= 0 &&
		       ascii_hex_value(text.ptr[i + 2]) >= 0;
	return ascii_is_alnum(c) || ascii_is_one_of(c, "-._~@+$&'*=!/");
}

/* The address in `text` with every stand-in replaced; false: something is left that is not clear. */
static bool decode(struct slice text, char *out, size_t *len)
{
	*len = 0;
	for (size_t i = 0; i < text.len;) {
		const char *means = NULL;
		size_t used = token_length(slice_from(text, i), &means);
		if (used == 0)
			used = word_length(slice_from(text, i), &means);
		if (used > 0) {
			out[(*len)++] = means[0];
			i += used;
			continue;
		}
		char c = text.ptr[i];
		size_t blanks = ascii_wsp_run(text, i);
		if (blanks > 0) {
			if (!is_joint(text, i + blanks) && !(i > 0 && is_joint(text, i - 1)))
				return false;
			i += blanks;
			continue;
		}
		if (!is_kept(text, i))
			return false;
		if (c == '!') {
			memcpy(out + *len, "%21", 3);
			*len += 3;
		} else {
			out[(*len)++] = c;
		}
		i++;
	}
	return true;
}

struct slice dmarc_address_repair(struct arena *arena, struct slice text)
{
	if (text.len == 0 || text.len > LONGEST_REPAIRED)
		return slice_of(NULL, 0);
	char *out = arena_alloc(arena, mailto.len + text.len * 3);
	memcpy(out, mailto.ptr, mailto.len);
	size_t len;
	/* The wrapping may stand on both sides of the scheme. */
	struct slice inner = skip_scheme(strip_wrappings(text));
	inner = skip_scheme(strip_wrappings(inner));
	if (!decode(inner, out + mailto.len, &len))
		return slice_of(NULL, 0);
	struct slice host = {0};
	struct slice mailbox = slice_of(out + mailto.len, len);
	if (dmarc_address_fault(mailbox, &host) != DETAIL_NONE || slice_find(host, '.', 0) == host.len)
		return slice_of(NULL, 0);
	return slice_of(out, mailto.len + len);
}

bool dmarc_address_repair_is_disguised(struct slice text)
{
	for (size_t i = 0; i < text.len && i < LONGEST_REPAIRED; i++) {
		const char *means;
		struct slice rest = slice_from(text, i);
		if (token_length(rest, &means) > 0 || word_length(rest, &means) > 0)
			return true;
	}
	return false;
}
