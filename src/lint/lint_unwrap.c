/* lint_unwrap: see lint_unwrap.h.
 *
 *     1. the ends      line ends, no-break spaces, a byte order mark
 *     2. the form      only strings in quotes; or [NAME] [TTL] [CLASS] TXT; or NAME text = (nslookup);
 *                      or NAME descriptive text (host); else the text is the record
 *     3. the data      strings in quotes are joined and their escapes resolved (RFC 1035 5.1); data
 *                      without quotes is one text
 */
#include "lint/lint_unwrap.h"

#include "base/ascii.h"
#include "dns/zonefile_scan.h"

enum part {
	PART_LINE_END = 1 << 0,
	PART_BLANKS = 1 << 1,
	PART_TYPOGRAPHIC = 1 << 2,
	PART_HEAD = 1 << 3,
	PART_NSLOOKUP = 1 << 4,
	PART_HOST = 1 << 5,
	PART_PARENTHESES = 1 << 6,
	PART_QUOTES = 1 << 7,
	PART_STRINGS = 1 << 8,
	PART_ESCAPES = 1 << 9,
	PART_COMMENT = 1 << 10,
	PART_TTL_BEHIND = 1 << 11
};

static const struct {
	enum part part;
	const char *words;
} part_words[] = {
	{PART_LINE_END, "a line end"},
	{PART_BLANKS, "no-break spaces around it"},
	{PART_HEAD, "what stands before the data (owner, TTL, class, type)"},
	{PART_NSLOOKUP, "the \"text =\" of nslookup"},
	{PART_HOST, "the \"descriptive text\" of host"},
	{PART_PARENTHESES, "parentheses"},
	{PART_TYPOGRAPHIC, "quotation marks around it"},
	{PART_QUOTES, "quotes"},
	{PART_STRINGS, "the borders of its strings"},
	{PART_ESCAPES, "the backslashes of escapes"},
	{PART_COMMENT, "a comment behind it"},
	{PART_TTL_BEHIND, "a TTL behind it"},
};

#define LONGEST_TTL 10 /* bytes: "24 minutes" */

#define COUNT(array) (sizeof(array) / sizeof *(array))

struct unwrapper {
	struct arena *arena;
	struct slice input;
	struct lint_paste *out;
	unsigned parts;
};

static size_t offset_of(const struct unwrapper *u, struct slice part)
{
	return part.len == 0 && part.ptr == NULL ? 0 : (size_t)(part.ptr - u->input.ptr);
}

/* "quotes, and the backslashes of escapes" */
static struct slice words_of(struct arena *arena, unsigned parts)
{
	struct slice words = SLICE("");
	for (size_t i = 0; i < COUNT(part_words); i++) {
		if ((parts & part_words[i].part) == 0)
			continue;
		words = words.len == 0 ? slice_cstr(part_words[i].words)
				       : arena_printf(arena, "%.*s; %s", (int)words.len, words.ptr,
						 part_words[i].words);
	}
	return words;
}

/* --- the ends ---------------------------------------------------------------------------------- */

/* Characters without ink that web pages put around what is copied from them: no-break and other spaces,
 * marks of width 0. */
static const char *const invisible[] = {
	"\xc2\xa0", "\xe2\x80\xaf", "\xe2\x80\x89", "\xe2\x80\x8b", "\xe2\x81\xa0", "\xef\xbb\xbf"};

static size_t invisible_at_start(struct slice text)
{
	for (size_t i = 0; i < COUNT(invisible); i++)
		if (slice_starts(text, slice_cstr(invisible[i])))
			return strlen(invisible[i]);
	return 0;
}

static size_t invisible_at_end(struct slice text)
{
	for (size_t i = 0; i < COUNT(invisible); i++) {
		size_t len = strlen(invisible[i]);
		if (text.len >= len &&
			slice_equal(slice_from(text, text.len - len), slice_cstr(invisible[i])))
			return len;
	}
	return 0;
}

/* `text` without such characters at its ends, and the blanks that stand among them. Blanks alone stay:
 * they may be published. */
static struct slice without_invisible(struct unwrapper *u, struct slice text)
{
	struct slice kept = text, rest = text;
	size_t len;
	while (rest.len > 0 && ((len = invisible_at_start(rest)) > 0 || ascii_is_wsp(rest.ptr[0]))) {
		rest = slice_from(rest, len > 0 ? len : 1);
		if (len > 0) {
			kept = slice_from(rest, ascii_wsp_run(rest, 0));
			u->parts |= PART_BLANKS;
		}
	}
	rest = kept;
	while (rest.len > 0 && ((len = invisible_at_end(rest)) > 0 || ascii_is_wsp(rest.ptr[rest.len - 1]))) {
		rest.len -= len > 0 ? len : 1;
		if (len > 0) {
			kept = rest;
			while (kept.len > 0 && ascii_is_wsp(kept.ptr[kept.len - 1]))
				kept.len--;
			u->parts |= PART_BLANKS;
		}
	}
	return kept;
}

/* Pairs that stand around a whole text in a word processor, a web page, or a shell's command line. */
static const struct {
	const char *open, *close;
} marks[] = {
	{"\xe2\x80\x9c", "\xe2\x80\x9d"},
	{"\xe2\x80\x9d", "\xe2\x80\x9d"},
	{"\xe2\x80\x9e", "\xe2\x80\x9c"},
	{"\xe2\x80\x9e", "\xe2\x80\x9d"},
	{"\xc2\xab", "\xc2\xbb"},
	{"\xe2\x80\x98", "\xe2\x80\x99"},
	{"'", "'"},
	{"`", "`"},
};

static struct slice without_marks(struct unwrapper *u, struct slice text)
{
	struct slice trimmed = slice_trim(text);
	for (size_t i = 0; i < COUNT(marks); i++) {
		struct slice open = slice_cstr(marks[i].open), close = slice_cstr(marks[i].close);
		if (trimmed.len < open.len + close.len || !slice_starts(trimmed, open) ||
			!slice_equal(slice_from(trimmed, trimmed.len - close.len), close))
			continue;
		u->parts |= PART_TYPOGRAPHIC;
		return slice_at(trimmed, span_of(open.len, trimmed.len - open.len - close.len));
	}
	return text;
}

/* --- text without quotes ------------------------------------------------------------------------ */

static void set_strings(struct unwrapper *u, struct slice text, size_t count)
{
	struct slice *strings = arena_alloc(u->arena, count * sizeof *strings);
	strings[0] = text;
	u->out->text = text;
	u->out->strings = strings;
	u->out->string_count = 1;
}

static void take_bare(struct unwrapper *u, struct slice text)
{
	text = without_invisible(u, without_marks(u, without_invisible(u, text)));
	set_strings(u, text, 1);
	bytemap_init(&u->out->map, u->arena);
	bytemap_add(&u->out->map, offset_of(u, text), text.len, 1);
}

/* The row of a web panel without its last column, when that is a TTL: "3600", "1 hour", "Auto". */
static struct slice without_ttl(struct unwrapper *u, struct slice text)
{
	size_t tab = text.len;
	while (tab > 0 && text.ptr[tab - 1] != '\t')
		tab--;
	struct slice last = slice_from(text, tab);
	bool is_number = last.len > 0 && last.len <= LONGEST_TTL && ascii_is_digit(last.ptr[0]);
	if (tab == 0 || (!is_number && !slice_equal_nocase(last, SLICE("auto"))))
		return text;
	u->parts |= PART_TTL_BEHIND;
	return slice_trim(slice_head(text, tab - 1));
}

/* Data of a master-file line without quotes: there "\;" stands for ";". */
static void take_unquoted(struct unwrapper *u, struct slice text)
{
	struct slice trimmed = without_ttl(u, slice_trim(text));
	size_t len;
	text = without_invisible(u, without_marks(u, without_invisible(u, trimmed)));
	bytemap_init(&u->out->map, u->arena);
	char *bytes = arena_alloc(u->arena, text.len + 1);
	if (slice_find(text, '\\', 0) == text.len ||
		!bytemap_unescape(text, offset_of(u, text), &u->out->map, bytes, &len)) {
		take_bare(u, text);
		return;
	}
	u->parts |= PART_ESCAPES;
	set_strings(u, slice_of(bytes, len), 1);
}

/* --- strings in quotes --------------------------------------------------------------------------- */

/* False when one of them has a bad escape. */
static bool take_quoted(struct unwrapper *u, const struct zonefile_token *tokens, size_t count)
{
	size_t total = 0, used = 0, len;
	for (size_t i = 0; i < count; i++)
		total += tokens[i].text.len;
	char *bytes = arena_alloc(u->arena, total + 1);
	struct slice *strings = arena_alloc(u->arena, count * sizeof *strings);
	bytemap_init(&u->out->map, u->arena);
	for (size_t i = 0; i < count; i++) {
		struct slice text = tokens[i].text;
		if (!bytemap_unescape(text, offset_of(u, text), &u->out->map, bytes + used, &len))
			return false;
		strings[i] = slice_of(bytes + used, len);
		used += len;
	}
	u->out->text = slice_of(bytes, used);
	u->out->strings = strings;
	u->out->string_count = count;
	u->parts |= PART_QUOTES | (count > 1 ? PART_STRINGS : 0u) | (used < total ? PART_ESCAPES : 0u);
	return true;
}

static bool all_quoted(const struct zonefile_token *tokens, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!tokens[i].quoted)
			return false;
	return count > 0;
}

/* --- the form -------------------------------------------------------------------------------------- */

static bool is_word(const struct zonefile_token *token, const char *word)
{
	return !token->quoted && slice_equal_nocase(token->text, slice_cstr(word));
}

/* A TTL or a class. */
static bool is_ttl_or_class(const struct zonefile_token *token)
{
	return !token->quoted &&
	       ((token->text.len > 0 && ascii_is_digit(token->text.ptr[0])) || is_word(token, "IN") ||
		       is_word(token, "CH") || is_word(token, "HS"));
}

/* Something that can be an owner: a record's text has an equals sign. */
static bool is_owner(const struct zonefile_token *token)
{
	return !token->quoted && slice_find(token->text, '=', 0) == token->text.len;
}

#define MAX_HEAD 4 /* owner, TTL, class, type */

static bool is_text_type(uint16_t type)
{
	return type == RRTYPE_TXT || type == RRTYPE_SPF;
}

/* The type that the word at `i` names, where one can stand: "TXT" first; TXT and SPF behind a name;
 * others only behind a TTL or class, because "a" and "mx" are words of SPF. 0: none. */
static uint16_t type_at(const struct zonefile_token *tokens, size_t i)
{
	uint16_t type = tokens[i].quoted ? 0 : rrtype_number(tokens[i].text);
	if (i == 0)
		return type == RRTYPE_TXT ? type : 0;
	return is_text_type(type) || is_ttl_or_class(&tokens[i - 1]) ? type : 0;
}

/* Index of the type in [NAME] [TTL] [CLASS] TYPE; count when there is none. */
static size_t find_type(const struct zonefile_token *tokens, size_t count)
{
	for (size_t i = 0; i < count && i < MAX_HEAD; i++) {
		if (type_at(tokens, i) != 0)
			return i;
		if (i == 0 ? !is_owner(&tokens[i]) : !is_ttl_or_class(&tokens[i]))
			break;
	}
	return count;
}

static struct slice without_final_dot(struct slice name)
{
	return slice_head(name, name.len > 1 && name.ptr[name.len - 1] == '.' ? name.len - 1 : name.len);
}

static void set_name(struct unwrapper *u, const struct zonefile_token *token)
{
	if (!is_ttl_or_class(token))
		u->out->name = without_final_dot(token->text);
}

static bool is_nslookup(const struct zonefile_token *tokens, size_t count)
{
	return count > 2 && is_word(&tokens[1], "text") && is_word(&tokens[2], "=");
}

/* "TXT @ 3600 v=spf1 ...", as web panels list it: index of the record; 0: this is not the form. */
static size_t find_data_of_panel(const struct zonefile_token *tokens, size_t count)
{
	size_t at = 2;
	if (count < 3 || !is_owner(&tokens[1]) || is_ttl_or_class(&tokens[1]))
		return 0;
	if (at + 1 < count && is_ttl_or_class(&tokens[at]))
		at++;
	return tokens[at].quoted || slice_starts_nocase(tokens[at].text, SLICE("v=")) ? at : 0;
}

/* Where the data begins; 0: at the first word; count: this is none of the forms. */
static size_t find_data(struct unwrapper *u, const struct zonefile_token *tokens, size_t count)
{
	size_t type = find_type(tokens, count);
	if (all_quoted(tokens, count))
		return 0;
	if (type + 1 < count) {
		u->out->kind = is_text_type(type_at(tokens, type)) ? LINT_PASTE_RECORD : LINT_PASTE_OTHER;
		u->parts |= PART_HEAD;
		size_t panel = type == 0 ? find_data_of_panel(tokens, count) : 0;
		if (panel > 0)
			set_name(u, &tokens[1]);
		else if (type > 0)
			set_name(u, &tokens[0]);
		return panel > 0 ? panel : type + 1;
	}
	if (is_nslookup(tokens, count) && count > 3) {
		u->parts |= PART_NSLOOKUP;
		set_name(u, &tokens[0]);
		return 3;
	}
	if (count > 3 && is_word(&tokens[1], "descriptive") && is_word(&tokens[2], "text")) {
		u->parts |= PART_HOST;
		set_name(u, &tokens[0]);
		return 3;
	}
	return count;
}

/* True when a parenthesis opens between words. */
static bool has_parenthesis(const struct unwrapper *u, const struct zonefile_token *tokens, size_t first)
{
	size_t end = offset_of(u, tokens[first].text), at = 0;
	for (size_t i = 0; i < first; i++)
		at = offset_of(u, tokens[i].text) + tokens[i].text.len;
	return slice_find(slice_at(u->input, span_of(at, end - at)), '(', 0) < end - at;
}

static void note_comment(struct unwrapper *u, struct slice body, const struct zonefile_token *last)
{
	struct slice rest =
		slice_from(body, offset_of(u, last->text) + last->text.len + 1 - offset_of(u, body));
	if (slice_find(rest, ';', 0) < rest.len)
		u->parts |= PART_COMMENT;
}

/* Lines that nslookup and dig print around answers. */
static bool is_noise(struct slice line)
{
	static const char *const starts[] = {
		"Server:", "Address:", "Non-authoritative answer", "Authoritative answers can", "*** "};
	for (size_t i = 0; i < COUNT(starts); i++)
		if (slice_starts(line, slice_cstr(starts[i])))
			return true;
	return false;
}

/* nslookup on some systems: the strings stand in the lines below. */
static bool take_lines_below(struct unwrapper *u, struct zonefile_scan *scan, struct zonefile_token owner)
{
	struct zonefile_token *tokens = NULL;
	struct zonefile_entry entry;
	size_t count = 0, capacity = 0;
	enum zonefile_scan_result result;
	while ((result = zonefile_scan_next(scan, &entry)) == ZONEFILE_SCAN_ENTRY) {
		for (size_t i = 0; i < entry.count; i++) {
			tokens = arena_grow(u->arena, tokens, count, &capacity, sizeof *tokens);
			tokens[count++] = entry.tokens[i];
		}
	}
	if (result != ZONEFILE_SCAN_END || !all_quoted(tokens, count) || !take_quoted(u, tokens, count))
		return false;
	u->parts |= PART_NSLOOKUP;
	set_name(u, &owner);
	return true;
}

/* True when `body` has one of the forms; *u->out is then filled. */
static bool take_form(struct unwrapper *u, struct slice body)
{
	struct zonefile_error ignored;
	struct zonefile_scan scan;
	struct zonefile_entry entry, more;
	zonefile_scan_init(&scan, u->arena, slice_of(NULL, 0), body, &ignored);
	if (zonefile_scan_next(&scan, &entry) != ZONEFILE_SCAN_ENTRY)
		return false;
	const struct zonefile_token *tokens = entry.tokens;
	size_t count = entry.count;
	if (is_nslookup(tokens, count) && count == 3)
		return take_lines_below(u, &scan, tokens[0]);
	size_t first = find_data(u, tokens, count);
	if (first == count)
		return false;
	if (u->out->kind == LINT_PASTE_OTHER)
		return true;
	bool parenthesis = has_parenthesis(u, tokens, first);
	if (all_quoted(tokens + first, count - first)) {
		if (!take_quoted(u, tokens + first, count - first))
			return false;
		note_comment(u, body, &tokens[count - 1]);
		if (parenthesis)
			u->parts |= PART_PARENTHESES;
		return zonefile_scan_next(&scan, &more) == ZONEFILE_SCAN_END;
	}
	if (first == 0 || parenthesis)
		return false;
	take_unquoted(u, slice_from(body, offset_of(u, tokens[first].text) - offset_of(u, body) -
						  (tokens[first].quoted ? 1 : 0)));
	return true;
}

void lint_unwrap(struct arena *arena, struct slice input, struct lint_paste *out)
{
	struct unwrapper u = {.arena = arena, .input = input, .out = out};
	*out = (struct lint_paste){.kind = LINT_PASTE_RECORD};
	struct slice body = slice_without_line_end(input);
	if (body.len < input.len)
		u.parts |= PART_LINE_END;
	struct slice inner = without_invisible(&u, body);
	unsigned parts = u.parts;
	/* Most texts are the record itself. */
	bool plain = slice_starts(inner, SLICE("v=")) || inner.len == 0;
	if (!plain && is_noise(inner)) {
		out->kind = LINT_PASTE_OTHER;
		return;
	}
	if (plain || !take_form(&u, inner)) {
		u.parts = parts;
		*out = (struct lint_paste){.kind = LINT_PASTE_RECORD};
		take_bare(&u, inner);
	}
	out->unwrapped = words_of(arena, u.parts);
}

bool lint_unwrap_goes_on(struct arena *arena, struct slice input)
{
	struct slice body = slice_trim(slice_without_line_end(input));
	if (slice_starts(body, SLICE("v=")))
		return false;
	/* nslookup: "example.com  text =", and the strings in the lines below. */
	if (body.len > 6 && slice_equal(slice_from(body, body.len - 6), SLICE("text =")))
		return true;
	if (slice_find(body, '(', 0) == body.len)
		return false;
	struct zonefile_error ignored;
	struct zonefile_scan scan;
	struct zonefile_entry entry;
	zonefile_scan_init(&scan, arena, slice_of(NULL, 0), body, &ignored);
	if (zonefile_scan_next(&scan, &entry) != ZONEFILE_SCAN_ERROR || scan.depth == 0)
		return false;
	return scan.count == 0 || all_quoted(scan.tokens, scan.count) ||
	       find_type(scan.tokens, scan.count) < scan.count;
}
