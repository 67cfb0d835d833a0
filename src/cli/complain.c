/* complain: messages on standard error; see complain.h. */
#include "cli/complain.h"

#include <stdio.h>

#include "base/ascii.h"
#include "report/text.h"

#define CARET_BEFORE 50 /* bytes of the user's text that are shown around carets */
#define CARET_BEHIND 20

void complain(struct slice message)
{
	/* One call: lines of several threads do not mix. Where standard error cannot be written, nobody
	 * can be told. */
	fprintf(stderr, "mailauth: %.*s\n", (int)message.len, message.ptr);
}

void complain_line(struct slice message)
{
	fprintf(stderr, "%.*s\n", (int)message.len, message.ptr);
}

const char *complain_quote(struct arena *arena, struct slice text)
{
	return ascii_quote(arena, text, COMPLAIN_MAX_QUOTE);
}

/* Bytes of `text` from `offset` on, escaped, at most `most` of them and whole characters. */
static struct slice shown(struct arena *arena, struct slice text, size_t offset, size_t most)
{
	return ascii_escape(arena, slice_at(text, span_of(offset, most)));
}

struct slice complain_at(struct arena *arena, struct slice message, struct slice text, struct span span)
{
	size_t from = span.offset > CARET_BEFORE ? span.offset - CARET_BEFORE : 0;
	while (from > 0 && from < span.offset && ((unsigned char)text.ptr[from] & 0xc0) == 0x80)
		from++; /* not in the middle of a character */
	struct slice before = shown(arena, text, from, span.offset - from);
	struct slice inside =
		shown(arena, text, span.offset, span.len < CARET_BEFORE ? span.len : CARET_BEFORE);
	struct slice behind = shown(arena, text, span_end(span), CARET_BEHIND);
	size_t width = text_width(inside);
	char *carets = arena_alloc(arena, width + 2);
	memset(carets, '^', width > 0 ? width : 1);
	return arena_printf(arena, "%.*s\n  %s%.*s%.*s%.*s\n  %*s%s", (int)message.len, message.ptr,
		from > 0 ? "..." : "", (int)before.len, before.ptr, (int)inside.len, inside.ptr,
		(int)behind.len, behind.ptr, (int)(text_width(before) + (from > 0 ? 3 : 0)), "", carets);
}

const char *complain_hint(struct arena *arena, const char *spelling)
{
	if (spelling == NULL)
		return "";
	return arena_printf(arena, "; did you mean %s?", complain_quote(arena, slice_cstr(spelling))).ptr;
}
