/* ascii: character classes, numbers and escapes that do not depend on the locale. */
#ifndef BASE_ASCII_H
#define BASE_ASCII_H

#include <stdbool.h>
#include <stdint.h>

#include "base/slice.h"

struct arena;

static inline bool ascii_is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

static inline bool ascii_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static inline bool ascii_is_alpha(char c)
{
	return ascii_is_upper(c) || (c >= 'a' && c <= 'z');
}

static inline bool ascii_is_alnum(char c)
{
	return ascii_is_alpha(c) || ascii_is_digit(c);
}

/* WSP of RFC 5234: space and tab. */
static inline bool ascii_is_wsp(char c)
{
	return c == ' ' || c == '\t';
}

/* True when `c` is a byte of the text `set`; never for NUL. */
static inline bool ascii_is_one_of(char c, const char *set)
{
	return c != '\0' && strchr(set, c) != NULL;
}

/* Length of the run of spaces and tabs that begins at `at`. */
static inline size_t ascii_wsp_run(struct slice text, size_t at)
{
	size_t len = 0;
	while (at + len < text.len && ascii_is_wsp(text.ptr[at + len]))
		len++;
	return len;
}

/* Takes the next word off *rest: what stands up to the next space or tab, those before it left out. An empty one
 * points to the end. */
struct slice ascii_take_word(struct slice *rest);

/* VCHAR of RFC 5234: 0x21-0x7E. */
static inline bool ascii_is_visible(char c)
{
	return c >= 0x21 && c <= 0x7e;
}

static inline char ascii_lower(char c)
{
	if (!ascii_is_upper(c))
		return c;
	return (char)(c - 'A' + 'a');
}

/* Value of a hexadecimal digit, -1 for any other byte. */
int ascii_hex_value(char c);

/* Reads all of `text` as decimal digits. False, and *out untouched, when it is empty, has another byte or
 * exceeds `max`. Leading zeros are accepted; who must refuse them looks at the text. */
bool ascii_parse_uint(struct slice text, uint64_t max, uint64_t *out);

/* `text` as it may be shown to a person or put into JSON: printable ASCII and whole, valid UTF-8
 * characters above U+009F as they are; a backslash as \\; every other byte as \DDD (decimal, as in master
 * files, RFC 1035 5.1). Bidirectional controls and line separators of Unicode are escaped as well: they
 * would change what a reader sees. */
struct slice ascii_escape(struct arena *arena, struct slice text);

/* The same for text that has such escapes already, as a name in a file: its backslashes stay. */
struct slice ascii_escape_rest(struct arena *arena, struct slice text);

/* `text` between single quotes, escaped, for a message; of a text of more than `most` bytes the whole
 * characters that fit, with "..." behind them. Ends with NUL. */
const char *ascii_quote(struct arena *arena, struct slice text, size_t most);

/* True when every byte is ASCII; and when the bytes are valid UTF-8 (RFC 3629 4). */
bool ascii_is_all(struct slice text);
bool ascii_is_utf8(struct slice text);

/* True when ascii_escape() would return the same bytes. */
bool ascii_is_plain(struct slice text);

/* Takes what follows the backslash of a master-file escape off *text: three digits up to 255, or any
 * other byte, which stands for itself (RFC 1035 5.1). False, and both untouched, when it is cut or names
 * no byte. */
bool ascii_read_escape(struct slice *text, char *byte);

/* Bytes of the valid UTF-8 character at the start of `text`; 0 when there is none (empty, cut, overlong,
 * surrogate). */
size_t ascii_utf8_length(struct slice text);

/* The code point at the start of `text`, its bytes in *len; *len is 0 when there is no valid character. */
uint32_t ascii_utf8_decode(struct slice text, size_t *len);

#endif
