/* plain_path: see plain_path.h. */
#include "report/plain_path.h"

struct slice plain_path(struct arena *arena, struct slice path)
{
	bool is_absolute = slice_starts(path, SLICE("/"));
	char *out = arena_alloc(arena, path.len + 1);
	size_t len = 0;
	if (is_absolute)
		out[len++] = '/';
	for (size_t at = 0, end; at < path.len; at = end + 1) {
		end = slice_find(path, '/', at);
		struct slice step = slice_at(path, span_of(at, end - at));
		if (step.len == 0 || slice_equal(step, SLICE(".")))
			continue;
		if (len > (is_absolute ? 1 : 0))
			out[len++] = '/';
		memcpy(out + len, step.ptr, step.len);
		len += step.len;
	}
	return len > 0 ? slice_of(out, len) : path;
}
