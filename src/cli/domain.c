/* domain: text to a domain name, or the reason why it is none; see domain.h.
 *
 * In this order: what is plainly something else (URL, mail address, IP address), then label by label,
 * then the whole.
 *
 *     https://example.com/x   is a URL; did you mean 'example.com'?
 *     example..com            has an empty label
 *     example com             label 'example com' holds a blank
 */
#include "cli/domain.h"

#include "base/ascii.h"
#include "base/ip.h"
#include "cli/complain.h"
#include "cli/zone_argument.h"
#include "dns/idn.h"

#define MAX_TEXT 1024 /* bytes; 253 characters of four bytes are fewer */

/* The start of `text` up to any of `stops`. */
static struct slice up_to(struct slice text, const char *stops)
{
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] != '\0' && strchr(stops, text.ptr[i]) != NULL)
			return slice_head(text, i);
	}
	return text;
}

static bool is_label_byte(char c)
{
	/* The underscore is no letter of host names, but _spf.example.com is a name people inspect. */
	return ascii_is_alnum(c) || c == '-' || c == '_' || (unsigned char)c >= 0x80;
}

/* Whether a suggestion would be accepted: at least two labels of bytes that may be there. */
static bool is_likely_domain(struct slice text)
{
	size_t dots = 0;
	for (size_t i = 0; i < text.len; i++) {
		if (!is_label_byte(text.ptr[i]) && text.ptr[i] != '.')
			return false;
		if (text.ptr[i] == '.' && (i == 0 || text.ptr[i - 1] == '.'))
			return false;
		dots += text.ptr[i] == '.' && i + 1 < text.len;
	}
	return dots > 0 && text.len <= NAME_MAX_WIRE;
}

/* "; did you mean 'example.com'?" when `meant` could be a domain, else "". */
static const char *hint(struct arena *arena, struct slice meant)
{
	return is_likely_domain(meant) ? complain_hint(arena, arena_cstr(arena, meant)) : "";
}

static bool is_digits_and_dots(struct slice text)
{
	for (size_t i = 0; i < text.len; i++) {
		if (!ascii_is_digit(text.ptr[i]) && text.ptr[i] != '.')
			return false;
	}
	return text.len > 0 && ascii_is_digit(text.ptr[0]);
}

/* 192.0.2.1, 192.0.2.0/24, 192.0.2.300, 2001:db8::1, [2001:db8::1]:25 */
static bool is_address(struct slice text)
{
	struct ip ip;
	struct slice bare = text;
	if (bare.len > 0 && bare.ptr[0] == '[')
		bare = up_to(slice_from(bare, 1), "]");
	bare = up_to(bare, "/%");
	if (bare.len > 0 && bare.ptr[bare.len - 1] == '.')
		bare.len--;
	return ip_parse(bare, &ip) || (is_digits_and_dots(bare) && slice_find(bare, '.', 0) < bare.len);
}

/* Something that is plainly no domain, said in its own words. */
static bool is_something_else(struct arena *arena, struct slice text, struct slice *error)
{
	const char *quoted = complain_quote(arena, text);
	size_t scheme = slice_search_nocase(text, SLICE("://"));
	size_t at = text.len;
	while (at > 0 && text.ptr[at - 1] != '@')
		at--;
	struct slice behind_at = up_to(slice_from(text, at), "/?#:> ");
	struct slice zone;
	if (scheme < text.len) {
		struct slice host = up_to(slice_from(text, scheme + 3), "/?#");
		host = at > scheme ? behind_at : up_to(host, ":");
		*error = arena_printf(arena, "%s is a URL, not a domain%s", quoted, hint(arena, host));
		return true;
	}
	if (at > 0) {
		*error = arena_printf(
			arena, "%s is a mail address, not a domain%s", quoted, hint(arena, behind_at));
		return true;
	}
	if (is_address(text)) {
		*error = arena_printf(arena, "%s is an IP address, not a domain", quoted);
		return true;
	}
	/* What the shell makes of "--zone zones/?*.zone": only the first file is the option's. */
	if (slice_find(text, '/', 0) < text.len && zone_argument_name(text, &zone)) {
		*error = arena_printf(arena,
			"%s is a file, not a domain; each zone file needs a --zone of its own", quoted);
		return true;
	}
	return false;
}

/* How a byte is named that no domain has. */
static const char *byte_name(struct arena *arena, char c)
{
	if (c == ' ')
		return "a blank";
	if (ascii_is_visible(c))
		return complain_quote(arena, slice_of(&c, 1));
	return arena_printf(arena, "a control character (\\%03u)", (unsigned)(unsigned char)c).ptr;
}

static bool check_bytes(struct arena *arena, struct slice text, struct slice label, struct slice *error)
{
	for (size_t i = 0; i < label.len; i++) {
		if (is_label_byte(label.ptr[i]))
			continue;
		size_t good = (size_t)(label.ptr - text.ptr) + i;
		*error = arena_printf(arena, "%s is no domain: label %s holds %s%s",
			complain_quote(arena, text), complain_quote(arena, label),
			byte_name(arena, label.ptr[i]), hint(arena, slice_head(text, good)));
		return false;
	}
	return true;
}

/* One label of what is asked for: in ASCII. */
static bool check_length(struct arena *arena, struct slice text, struct slice label, struct slice *error)
{
	const char *quoted = complain_quote(arena, text);
	if (label.len > 0 && label.len <= NAME_MAX_LABEL)
		return true;
	if (label.len == 0)
		*error = arena_printf(arena, "%s is no domain: it has an empty label", quoted);
	else
		*error = arena_printf(arena, "%s is no domain: label %s has %zu bytes, more than %d", quoted,
			complain_quote(arena, label), label.len, NAME_MAX_LABEL);
	return false;
}

/* A label with bytes outside ASCII has to have an A-label (RFC 5890 2.3.2.1); the others are as long as
 * they are. */
static bool check_international(
	struct arena *arena, struct slice text, struct slice label, struct slice *error)
{
	struct slice ascii;
	const char *reason = NULL;
	if (ascii_is_all(label))
		return check_length(arena, text, label, error);
	switch (idn_to_ascii(arena, label, &ascii)) {
	case IDN_OK:
		return true;
	case IDN_NOT_UTF8:
		reason = "is not UTF-8";
		break;
	case IDN_NOT_ALLOWED:
		reason = "cannot be written as an international domain name (IDNA2008)";
		break;
	}
	*error = arena_printf(arena, "%s is no domain: label %s %s", complain_quote(arena, text),
		complain_quote(arena, label), reason);
	return false;
}

typedef bool label_check(struct arena *arena, struct slice text, struct slice label, struct slice *error);

/* `check` on every label of `name`, which is `text` or made from it. */
static bool check_labels(
	struct arena *arena, struct slice text, struct slice name, label_check *check, struct slice *error)
{
	size_t start = 0;
	while (start <= name.len) {
		size_t dot = slice_find(name, '.', start);
		if (!check(arena, text, slice_at(name, span_of(start, dot - start)), error))
			return false;
		start = dot + 1;
	}
	return true;
}

static struct slice without_final_dot(struct slice text)
{
	return text.len > 0 && text.ptr[text.len - 1] == '.' ? slice_head(text, text.len - 1) : text;
}

/* The whole name in ASCII. */
static bool to_name(
	struct arena *arena, struct slice text, struct slice ascii, struct name *out, struct slice *error)
{
	if (name_from_text(arena, ascii, out) != NAME_OK) {
		*error = arena_printf(
			arena, "%s is no domain: it is longer than 253 bytes", complain_quote(arena, text));
		return false;
	}
	return true;
}

bool domain_parse_any(struct arena *arena, struct slice text, struct name *out, struct slice *error)
{
	struct slice ascii, whole = without_final_dot(text);
	if (text.len == 0) {
		*error = SLICE("the domain is empty");
		return false;
	}
	if (text.len > MAX_TEXT) {
		*error = arena_printf(
			arena, "%s is no domain: it is longer than 253 bytes", complain_quote(arena, text));
		return false;
	}
	if (is_something_else(arena, text, error))
		return false;
	if (!check_labels(arena, text, whole, check_bytes, error) ||
		!check_labels(arena, text, whole, check_international, error))
		return false;
	/* Full stops of other scripts become dots only here. */
	if (idn_to_ascii(arena, whole, &ascii) != IDN_OK) {
		*error = arena_printf(arena,
			"%s is no domain: it cannot be written as an international domain name",
			complain_quote(arena, text));
		return false;
	}
	return check_labels(arena, text, ascii, check_length, error) &&
	       to_name(arena, text, ascii, out, error);
}

bool domain_parse(struct arena *arena, struct slice text, struct name *out, struct slice *error)
{
	if (!domain_parse_any(arena, text, out, error))
		return false;
	if (name_labels(*out) >= 2)
		return true;
	*error = arena_printf(arena,
		"%s is a single label; a domain with mail has at least two, as 'example.com'",
		complain_quote(arena, text));
	return false;
}

struct span domain_mistake(struct slice text)
{
	size_t scheme = slice_search_nocase(text, SLICE("://"));
	size_t start = 0;
	if (scheme < text.len)
		return span_of(0, scheme + 3);
	if (is_address(text))
		return span_of(0, text.len);
	for (size_t i = 0; i < text.len; i++)
		if (!is_label_byte(text.ptr[i]) && text.ptr[i] != '.')
			return span_of(i, 1);
	while (start < text.len) {
		size_t dot = slice_find(text, '.', start);
		if (dot == start)
			return span_of(dot, 1);
		if (dot - start > NAME_MAX_LABEL)
			return span_of(start, dot - start);
		start = dot + 1;
	}
	return span_of(0, text.len);
}
