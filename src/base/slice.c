/* slice: comparing and searching runs of bytes; see slice.h. */
#include "base/slice.h"

#include "base/ascii.h"

bool slice_equal(struct slice a, struct slice b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

static bool bytes_equal_nocase(const char *a, const char *b, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (ascii_lower(a[i]) != ascii_lower(b[i]))
			return false;
	return true;
}

bool slice_equal_nocase(struct slice a, struct slice b)
{
	return a.len == b.len && bytes_equal_nocase(a.ptr, b.ptr, a.len);
}

bool slice_starts(struct slice s, struct slice prefix)
{
	return s.len >= prefix.len && slice_equal(slice_head(s, prefix.len), prefix);
}

bool slice_starts_nocase(struct slice s, struct slice prefix)
{
	return s.len >= prefix.len && slice_equal_nocase(slice_head(s, prefix.len), prefix);
}

int slice_compare(struct slice a, struct slice b)
{
	size_t common = a.len < b.len ? a.len : b.len;
	int order = common == 0 ? 0 : memcmp(a.ptr, b.ptr, common);
	if (order != 0)
		return order;
	return a.len < b.len ? -1 : a.len > b.len;
}

int slice_order(const void *a, const void *b)
{
	const struct slice *left = a, *right = b;
	return slice_compare(*left, *right);
}

size_t slice_find(struct slice s, char byte, size_t from)
{
	if (from >= s.len)
		return s.len;
	const char *hit = memchr(s.ptr + from, byte, s.len - from);
	return hit == NULL ? s.len : (size_t)(hit - s.ptr);
}

size_t slice_search_nocase(struct slice s, struct slice needle)
{
	for (size_t i = 0; needle.len <= s.len && i <= s.len - needle.len; i++)
		if (bytes_equal_nocase(s.ptr + i, needle.ptr, needle.len))
			return i;
	return s.len;
}

struct slice slice_trim(struct slice s)
{
	while (s.len > 0 && ascii_is_wsp(s.ptr[0]))
		s = slice_from(s, 1);
	while (s.len > 0 && ascii_is_wsp(s.ptr[s.len - 1]))
		s.len--;
	return s;
}

struct slice slice_without_line_end(struct slice text)
{
	if (text.len > 0 && text.ptr[text.len - 1] == '\n')
		text.len--;
	if (text.len > 0 && text.ptr[text.len - 1] == '\r')
		text.len--;
	return text;
}
