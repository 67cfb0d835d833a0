/* uri: see uri.h. */
#include "report/uri.h"

#include "base/ascii.h"
#include "report/plain_path.h"

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
	struct slice encoded = encode(arena, plain_path(arena, path), "/");
	if (!uri_is_absolute(path))
		return encoded;
	return arena_concat(arena, SLICE("file://"), encoded);
}

struct slice uri_of_name(struct arena *arena, struct slice name)
{
	if (name.len == 0 || slice_equal(name, SLICE(".")) || slice_equal(name, SLICE("..")))
		return arena_printf(arena, "_%.*s", (int)name.len, name.ptr);
	return encode(arena, name, "");
}

struct slice uri_of_record(struct arena *arena, struct slice name, struct slice type)
{
	struct slice encoded = uri_of_name(arena, name);
	struct slice rrtype = uri_of_name(arena, type);
	return arena_printf(
		arena, "dns/%.*s/%.*s", (int)encoded.len, encoded.ptr, (int)rrtype.len, rrtype.ptr);
}
