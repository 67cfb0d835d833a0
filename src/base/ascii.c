/* ascii: numbers and escapes; see ascii.h. */
#include "base/ascii.h"

#include "base/arena.h"

struct slice ascii_take_word(struct slice *rest)
{
	size_t start = ascii_wsp_run(*rest, 0), end = start;
	while (end < rest->len && !ascii_is_wsp(rest->ptr[end]))
		end++;
	struct slice word = slice_at(*rest, span_of(start, end - start));
	*rest = slice_from(*rest, end);
	return word;
}

int ascii_hex_value(char c)
{
	if (ascii_is_digit(c))
		return c - '0';
	char lower = ascii_lower(c);
	return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

bool ascii_parse_uint(struct slice text, uint64_t max, uint64_t *out)
{
	uint64_t value = 0;
	if (text.len == 0)
		return false;
	for (size_t i = 0; i < text.len; i++) {
		if (!ascii_is_digit(text.ptr[i]))
			return false;
		uint64_t digit = (uint64_t)(text.ptr[i] - '0');
		if (digit > max || value > (max - digit) / 10)
			return false;
		value = value * 10 + digit;
	}
	*out = value;
	return true;
}

bool ascii_read_escape(struct slice *text, char *byte)
{
	uint64_t value;
	if (text->len == 0)
		return false;
	if (!ascii_is_digit(text->ptr[0])) {
		*byte = text->ptr[0];
		*text = slice_from(*text, 1);
		return true;
	}
	if (text->len < 3 || !ascii_parse_uint(slice_head(*text, 3), 255, &value))
		return false;
	*byte = (char)(unsigned char)value;
	*text = slice_from(*text, 3);
	return true;
}

/* How many bytes a UTF-8 lead byte announces, with the smallest code point that needs them; 0 for no lead
 * byte. */
static size_t utf8_announced(unsigned char lead, uint32_t *smallest, uint32_t *bits)
{
	if (lead >= 0xc2 && lead <= 0xdf) {
		*smallest = 0x80, *bits = lead & 0x1fu;
		return 2;
	}
	if (lead >= 0xe0 && lead <= 0xef) {
		*smallest = 0x800, *bits = lead & 0x0fu;
		return 3;
	}
	if (lead >= 0xf0 && lead <= 0xf4) {
		*smallest = 0x10000, *bits = lead & 0x07u;
		return 4;
	}
	return 0;
}

uint32_t ascii_utf8_decode(struct slice text, size_t *len)
{
	uint32_t smallest = 0, code = 0;
	*len = 0;
	if (text.len == 0)
		return 0;
	unsigned char lead = (unsigned char)text.ptr[0];
	if (lead < 0x80) {
		*len = 1;
		return lead;
	}
	size_t need = utf8_announced(lead, &smallest, &code);
	if (need == 0 || need > text.len)
		return 0;
	for (size_t i = 1; i < need; i++) {
		unsigned char next = (unsigned char)text.ptr[i];
		if ((next & 0xc0) != 0x80)
			return 0;
		code = code << 6 | (next & 0x3fu);
	}
	if (code < smallest || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff))
		return 0;
	*len = need;
	return code;
}

size_t ascii_utf8_length(struct slice text)
{
	size_t len;
	ascii_utf8_decode(text, &len);
	return len;
}

bool ascii_is_all(struct slice text)
{
	for (size_t i = 0; i < text.len; i++)
		if ((unsigned char)text.ptr[i] >= 0x80)
			return false;
	return true;
}

bool ascii_is_utf8(struct slice text)
{
	while (text.len > 0) {
		size_t len = ascii_utf8_length(text);
		if (len == 0)
			return false;
		text = slice_from(text, len);
	}
	return true;
}

/* C1 controls, spaces that are not the ordinary one, zero-width and bidirectional controls, line
 * separators, byte order mark, and the tag characters: they look like nothing or like a space, or reorder
 * the line around them. */
static bool code_is_deceptive(uint32_t code)
{
	return (code >= 0x80 && code <= 0xa0) || code == 0xad || code == 0x061c || code == 0x1680 ||
	       code == 0x180e || (code >= 0x2000 && code <= 0x200f) || (code >= 0x2028 && code <= 0x202f) ||
	       (code >= 0x205f && code <= 0x206f) || code == 0x3000 || code == 0xfeff ||
	       (code >= 0xfff0 && code <= 0xfffb) || (code >= 0xe0000 && code <= 0xe0fff);
}

/* Bytes at the start of `text` that may be shown as they are; 0: the first byte has to be escaped. */
static size_t plain_length(struct slice text)
{
	size_t len;
	uint32_t code = ascii_utf8_decode(text, &len);
	if (len == 1)
		return code >= 0x20 && code <= 0x7e && code != '\\' ? 1 : 0;
	return len > 1 && !code_is_deceptive(code) ? len : 0;
}

bool ascii_is_plain(struct slice text)
{
	while (text.len > 0) {
		size_t len = plain_length(text);
		if (len == 0)
			return false;
		text = slice_from(text, len);
	}
	return true;
}

static size_t escape_byte(char *out, unsigned char byte)
{
	if (byte == '\\') {
		out[0] = '\\';
		out[1] = '\\';
		return 2;
	}
	out[0] = '\\';
	out[1] = (char)('0' + byte / 100);
	out[2] = (char)('0' + byte / 10 % 10);
	out[3] = (char)('0' + byte % 10);
	return 4;
}

static struct slice escape(struct arena *arena, struct slice text, bool keeps_backslashes)
{
	if (ascii_is_plain(text))
		return text;
	char *out = arena_alloc(arena, text.len * 4);
	size_t used = 0;
	while (text.len > 0) {
		size_t len = keeps_backslashes && text.ptr[0] == '\\' ? 1 : plain_length(text);
		if (len > 0) {
			memcpy(out + used, text.ptr, len);
			used += len;
		} else {
			used += escape_byte(out + used, (unsigned char)text.ptr[0]);
			len = 1;
		}
		text = slice_from(text, len);
	}
	return slice_of(out, used);
}

struct slice ascii_escape(struct arena *arena, struct slice text)
{
	return escape(arena, text, false);
}

struct slice ascii_escape_rest(struct arena *arena, struct slice text)
{
	return escape(arena, text, true);
}

/* The whole characters of `text` that fit into `most` bytes. */
static struct slice cut(struct slice text, size_t most)
{
	size_t len = 0;
	while (len < text.len) {
		size_t step = ascii_utf8_length(slice_from(text, len));
		step = step == 0 ? 1 : step;
		if (len + step > most)
			break;
		len += step;
	}
	return slice_head(text, len);
}

const char *ascii_quote(struct arena *arena, struct slice text, size_t most)
{
	struct slice head = cut(text, most);
	struct slice safe = ascii_escape(arena, head);
	return arena_printf(arena, "'%.*s%s'", (int)safe.len, safe.ptr, head.len < text.len ? "..." : "").ptr;
}
