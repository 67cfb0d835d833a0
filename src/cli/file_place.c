/* file_place: see file_place.h. */
#include "cli/file_place.h"

#include "base/ascii.h"

static struct slice name_of(struct arena *arena, struct slice path)
{
	return slice_equal(path, SLICE("-")) ? SLICE("standard input") : ascii_escape(arena, path);
}

struct slice file_place_error(struct arena *arena, struct slice file, const struct zonefile_error *problem)
{
	const struct zonefile_place *place = &problem->place;
	struct slice name = name_of(arena, place->file.len > 0 ? place->file : file);
	struct slice message = problem->message;
	if (place->line == 0)
		return arena_printf(
			arena, "%.*s: %.*s", (int)name.len, name.ptr, (int)message.len, message.ptr);
	if (place->column == 0)
		return arena_printf(arena, "%.*s:%zu: %.*s", (int)name.len, name.ptr, place->line,
			(int)message.len, message.ptr);
	return arena_printf(arena, "%.*s:%zu:%zu: %.*s", (int)name.len, name.ptr, place->line, place->column,
		(int)message.len, message.ptr);
}
