/* smtp_reply: see smtp_reply.h. */
#include "inspect/smtp_reply.h"

#include "base/ascii.h"

/* Printable ASCII of `text`; every other run of bytes becomes one space. */
static struct slice printable(struct arena *arena, struct slice text)
{
	char *out = arena_alloc(arena, text.len + 1);
	size_t used = 0;
	for (size_t i = 0; i < text.len; i++) {
		bool visible = ascii_is_visible(text.ptr[i]);
		if (visible || (used > 0 && out[used - 1] != ' '))
			out[used++] = visible ? text.ptr[i] : ' ';
	}
	while (used > 0 && out[used - 1] == ' ')
		used--;
	return slice_of(out, used);
}

/* Bytes of the next line's text: up to a blank where possible. */
static size_t line_length(struct slice text, size_t room)
{
	if (text.len <= room)
		return text.len;
	for (size_t len = room; len > room / 2; len--)
		if (text.ptr[len] == ' ')
			return len;
	return room;
}

struct slice smtp_reply(struct arena *arena, const char *code, const char *enhanced, struct slice text)
{
	struct slice rest = printable(arena, text), reply = slice_of(NULL, 0);
	size_t room = SMTP_REPLY_MAX_LINE - 2 - strlen(code) - strlen(enhanced) - 2;
	do {
		struct slice line = slice_head(rest, line_length(rest, room));
		rest = slice_from(rest, line.len);
		if (rest.len > 0 && rest.ptr[0] == ' ')
			rest = slice_from(rest, 1);
		reply = arena_printf(arena, "%.*s%s%s%c%s %.*s", (int)reply.len,
			reply.len > 0 ? reply.ptr : "", reply.len > 0 ? "\r\n" : "", code,
			rest.len > 0 ? '-' : ' ', enhanced, (int)line.len, line.ptr);
	} while (rest.len > 0);
	return reply;
}
