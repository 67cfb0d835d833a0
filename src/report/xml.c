/* xml: see xml.h. */
#include "report/xml.h"

#include "base/ascii.h"

#define REPLACEMENT "\xef\xbf\xbd"

/* What stands for one ASCII character; NULL: itself. */
static const char *escape_of(char c, bool in_attribute)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>': /* "]]>" must not stand in text */
		return "&gt;";
	case '"':
		return in_attribute ? "&quot;" : NULL;
	case '\t':
		return in_attribute ? "&#9;" : NULL;
	case '\n':
		return in_attribute ? "&#10;" : NULL;
	case '\r': /* would be read as a line feed */
		return "&#13;";
	default:
		return (unsigned char)c < 0x20 ? REPLACEMENT : NULL;
	}
}

/* The character at the start of `text`, of `len` bytes (0: none that is valid). */
static void put_character(struct buf *out, struct slice text, size_t len, bool in_attribute)
{
	struct slice bytes = slice_head(text, len);
	const char *escape = len == 1 ? escape_of(text.ptr[0], in_attribute) : NULL;
	bool is_none = len == 0 || slice_equal(bytes, SLICE("\xef\xbf\xbe")) ||
		       slice_equal(bytes, SLICE("\xef\xbf\xbf"));
	if (is_none)
		buf_text(out, REPLACEMENT);
	else if (escape != NULL)
		buf_text(out, escape);
	else
		buf_add(out, bytes);
}

static void put(struct buf *out, struct slice text, bool in_attribute)
{
	while (text.len > 0) {
		size_t len = ascii_utf8_length(text);
		put_character(out, text, len, in_attribute);
		text = slice_from(text, len == 0 ? 1 : len);
	}
}

void xml_text(struct buf *out, struct slice text)
{
	put(out, text, false);
}

void xml_attribute(struct buf *out, const char *name, struct slice value)
{
	buf_printf(out, " %s=\"", name);
	put(out, value, true);
	buf_byte(out, '"');
}

void xml_attribute_number(struct buf *out, const char *name, size_t number)
{
	buf_printf(out, " %s=\"%zu\"", name, number);
}
