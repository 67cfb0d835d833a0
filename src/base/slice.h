/* slice: a borrowed run of bytes, and span: a place in one.
 *
 * Nothing here ends at NUL, owns memory or modifies bytes. Records from DNS are slices; what a parser
 * finds in them is told as spans, so that a caret can be drawn under the very bytes.
 */
#ifndef BASE_SLICE_H
#define BASE_SLICE_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct slice {
	const char *ptr; /* may be NULL when len is 0 */
	size_t len;	 /* bytes */
};

struct span {
	size_t offset; /* bytes from the start of the text it belongs to */
	size_t len;    /* bytes */
};

/* The slice of a string literal; the "" refuses anything else. */
#define SLICE(literal) ((struct slice){"" literal, sizeof(literal) - 1})

static inline struct slice slice_of(const char *ptr, size_t len)
{
	return (struct slice){ptr, len};
}

static inline struct slice slice_cstr(const char *text)
{
	return (struct slice){text, strlen(text)};
}

/* The part of `s` that begins at `offset`; empty when offset is at or behind the end. */
static inline struct slice slice_from(struct slice s, size_t offset)
{
	if (offset > s.len)
		offset = s.len;
	if (offset == 0)
		return s; /* nothing is added to a pointer that may be NULL */
	return (struct slice){s.ptr + offset, s.len - offset};
}

/* The first `len` bytes of `s`, or all of it. */
static inline struct slice slice_head(struct slice s, size_t len)
{
	return (struct slice){s.ptr, len < s.len ? len : s.len};
}

/* The bytes of `s` at `span`, cut to what there is. */
static inline struct slice slice_at(struct slice s, struct span span)
{
	return slice_head(slice_from(s, span.offset), span.len);
}

static inline struct span span_of(size_t offset, size_t len)
{
	return (struct span){offset, len};
}

static inline size_t span_end(struct span span)
{
	return span.offset + span.len;
}

bool slice_equal(struct slice a, struct slice b);

/* Equal when A-Z and a-z are taken as the same; other bytes as they are. */
bool slice_equal_nocase(struct slice a, struct slice b);
bool slice_starts(struct slice s, struct slice prefix);
bool slice_starts_nocase(struct slice s, struct slice prefix);

/* Order of memcmp(), the shorter one first where one is the start of the other. */
int slice_compare(struct slice a, struct slice b);

/* The same for qsort() and bsearch() over slices. */
int slice_order(const void *a, const void *b);

/* Offset of the first `byte` at or after `from`; s.len when there is none. */
size_t slice_find(struct slice s, char byte, size_t from);

/* Offset of the first occurrence of `needle`, letters of any case; s.len when there is none. */
size_t slice_search_nocase(struct slice s, struct slice needle);

/* `s` without the spaces and tabs at both ends. */
struct slice slice_trim(struct slice s);

/* `text` without the LF or CR LF, or the CR of a cut line, at its end. */
struct slice slice_without_line_end(struct slice text);

#endif
