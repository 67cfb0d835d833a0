/* bytemap: see bytemap.h. */
#include "base/bytemap.h"

#include "base/ascii.h"

void bytemap_init(struct bytemap *map, struct arena *arena)
{
	*map = (struct bytemap){.arena = arena};
}

/* True when bytes from `source` on go on where the last run ends. */
static bool goes_on(const struct bytemap *map, size_t source, size_t step)
{
	if (map->count == 0)
		return false;
	const struct bytemap_run *last = &map->runs[map->count - 1];
	return last->step == step && last->source + (map->len - last->offset) * step == source;
}

void bytemap_add(struct bytemap *map, size_t source, size_t len, size_t step)
{
	if (len > 0 && !goes_on(map, source, step)) {
		map->runs = arena_grow(map->arena, map->runs, map->count, &map->capacity, sizeof *map->runs);
		map->runs[map->count++] = (struct bytemap_run){map->len, source, step};
	}
	map->len += len;
}

/* The run that byte `at` of the text is in. */
static const struct bytemap_run *run_at(const struct bytemap *map, size_t at)
{
	size_t low = 0, high = map->count;
	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;
		if (map->runs[middle].offset <= at)
			low = middle;
		else
			high = middle;
	}
	return &map->runs[low];
}

/* What byte `at` of the text was made of. */
static struct span source_of(const struct bytemap *map, size_t at)
{
	const struct bytemap_run *run = run_at(map, at);
	return span_of(run->source + (at - run->offset) * run->step, run->step);
}

struct span bytemap_source(const struct bytemap *map, struct span span)
{
	if (map->count == 0)
		return span;
	if (span.offset > map->len)
		span = span_of(map->len, 0);
	if (span_end(span) > map->len)
		span.len = map->len - span.offset;
	if (span.len == 0)
		return span.offset == 0 ? span_of(source_of(map, 0).offset, 0)
					: span_of(span_end(source_of(map, span.offset - 1)), 0);
	size_t start = source_of(map, span.offset).offset;
	size_t end = span_end(source_of(map, span_end(span) - 1));
	return end > start ? span_of(start, end - start) : span_of(start, 0);
}

/* Takes what comes before the next backslash off *text. */
static size_t take_plain(struct slice *text, char *out)
{
	size_t len = slice_find(*text, '\\', 0);
	memcpy(out, text->ptr, len);
	*text = slice_from(*text, len);
	return len;
}

/* Takes one escape off *text: its length there, 0 for a bad one. */
static size_t take_escape(struct slice *text, char *out)
{
	size_t before = text->len;
	struct slice rest = slice_from(*text, 1);
	if (!ascii_read_escape(&rest, out))
		return 0;
	*text = rest;
	return before - rest.len;
}

bool bytemap_unescape(struct slice text, size_t source, struct bytemap *map, char *out, size_t *len)
{
	const size_t total = text.len;
	*len = 0;
	while (text.len > 0) {
		size_t at = source + total - text.len;
		bool escaped = text.ptr[0] == '\\';
		size_t taken = escaped ? take_escape(&text, out + *len) : take_plain(&text, out + *len);
		size_t made = escaped ? 1 : taken;
		if (taken == 0)
			return false;
		if (map != NULL)
			bytemap_add(map, at, made, escaped ? taken : 1);
		*len += made;
	}
	return true;
}
