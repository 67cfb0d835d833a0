/* zone_argument: see zone_argument.h. */
#include "cli/zone_argument.h"

#include "cli/complain.h"
#include "cli/value.h"

/* The parts of [ORIGIN=]FILE. A file name that holds "=" is written with a slash before it: "./a=b". */
struct parts {
	struct slice origin; /* empty: not given */
	struct slice file;
};

static struct parts split(struct slice value)
{
	size_t equals = slice_find(value, '=', 0);
	if (equals == value.len || slice_find(value, '/', 0) < equals)
		return (struct parts){slice_of(NULL, 0), value};
	return (struct parts){slice_head(value, equals), slice_from(value, equals + 1)};
}

size_t zone_argument_file(struct slice value)
{
	return value.len - split(value).file.len;
}

bool zone_argument_read(struct arena *arena, const char *spelled, struct slice value, struct slice *file,
	struct name *origin, struct slice *error)
{
	struct parts parts = split(value);
	*origin = (struct name){NULL, 0};
	*file = parts.file;
	if (parts.file.len == 0) {
		*error = arena_printf(arena, "option '%s' needs a file: [ORIGIN=]FILE, not %s", spelled,
			complain_quote(arena, value));
		return false;
	}
	return parts.origin.ptr == NULL || value_name(arena, spelled, parts.origin, origin, error);
}

bool zone_argument_name(struct slice file, struct slice *out)
{
	const struct slice before = SLICE("db."), behind = SLICE(".zone");
	for (size_t slash = 0; (slash = slice_find(file, '/', 0)) < file.len;)
		file = slice_from(file, slash + 1);
	if (slice_starts(file, SLICE(".")))
		return false;
	if (file.len > behind.len && slice_equal(slice_from(file, file.len - behind.len), behind))
		*out = slice_head(file, file.len - behind.len);
	else if (file.len > before.len && slice_starts(file, before))
		*out = slice_from(file, before.len);
	else
		return false;
	return true;
}
