/* text_source: see text_source.h. */
#include "report/text_source.h"

#define MAX_LISTED 6 /* strings whose length is told */

static struct slice origin_text(const struct text *text, const struct origin *origin)
{
	struct slice file = text_raw(text, origin->file);
	struct slice server = text_raw(text, origin->server);
	switch (origin->kind) {
	case ORIGIN_SERVER:
		return arena_printf(text->arena, "from %.*s", (int)server.len, server.ptr);
	case ORIGIN_ZONE:
		if (origin->line == 0)
			return arena_printf(text->arena, "from %.*s", (int)file.len, file.ptr);
		return arena_printf(
			text->arena, "from %.*s, line %zu", (int)file.len, file.ptr, origin->line);
	case ORIGIN_RECORD:
		return SLICE("given with --record");
	case ORIGIN_REPLAY:
		return arena_printf(
			text->arena, "from saved run %.*s, line %zu", (int)file.len, file.ptr, origin->line);
	}
	return SLICE("");
}

struct slice text_source(const struct text *text, const struct answer *answer, const struct record *txt)
{
	struct slice origin = origin_text(text, txt != NULL ? &txt->origin : &answer->origin);
	const char *security = answer->authentic ? "authenticated (DNSSEC)" : "not authenticated";
	if (answer->origin.kind != ORIGIN_SERVER)
		return arena_printf(
			text->arena, "%.*s, TTL %u", (int)origin.len, origin.ptr, (unsigned)answer->ttl);
	return arena_printf(text->arena, "%.*s%s, TTL %u, %s", (int)origin.len, origin.ptr,
		answer->over_tcp ? " over TCP" : "", (unsigned)answer->ttl, security);
}

struct slice text_source_strings(const struct text *text, const struct record *txt)
{
	const struct txt_data *data = &txt->data.txt;
	if (data->count < 2)
		return SLICE("");
	struct slice list = SLICE("");
	for (size_t i = 0; i < data->count && i < MAX_LISTED; i++)
		list = arena_printf(text->arena, "%.*s%s%zu", (int)list.len, list.ptr, i == 0 ? "" : " + ",
			data->strings[i].len);
	return arena_printf(text->arena, ", %zu strings: %.*s%s bytes", data->count, (int)list.len, list.ptr,
		data->count > MAX_LISTED ? " + ..." : "");
}
