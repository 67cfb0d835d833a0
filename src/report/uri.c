/* uri: see uri.h. */
#include "report/uri.h"

#include "base/ascii.h"

/* RFC 3986 2.3, and what is in `also`. */
static bool stays(char byte, const char *also)
{
	return ascii_is_alnum(byte) || ascii_is_one_of(byte, "-._~") || ascii_is_one_of(byte, also);
}

static struct slice encode(struct arena *arena, struct slice raw, const char *also)
{
	static const char digits[] = "0123456789ABCDEF";
	char *out = arena_alloc(arena, 3 * raw.len + 1);
	size_t len = 0;
	for (size_t i = 0; i < raw.len; i++) {
		unsigned char byte = (unsigned char)raw.ptr[i];
		if (stays(raw.ptr[i], also)) {
			out[len++] = raw.ptr[i];
			continue;
		}
		out[len++] = '%';
		out[len++] = digits[byte >> 4];
		out[len++] = digits[byte & 15];
	}
	return slice_of(out, len);
}

bool uri_is_absolute(struct slice path)
{
	return slice_starts(path, SLICE("/"));
}

struct slice uri_of_file(struct arena *arena, struct slice path)
{
	while (slice_starts(path, SLICE("./")))
		path = slice_from(path, 2);
	struct slice encoded = encode(arena, path, "/");
	if (!uri_is_absolute(path))
		return encoded;
	return arena_concat(arena, SLICE("file://"), encoded);
}

struct slice uri_of_record(struct arena *arena, struct slice name, struct slice type)
{
	struct slice encoded = encode(arena, name, "");
	struct slice query = encode(arena, type, "");
	return arena_printf(
		arena, "dns:%.*s?type=%.*s", (int)encoded.len, encoded.ptr, (int)query.len, query.ptr);
}
