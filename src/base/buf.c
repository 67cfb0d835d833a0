/* buf: a growing run of bytes with a sticky failure; see buf.h. */
#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#define FIRST_CAPACITY 256

void buf_init(struct buf *buf)
{
	*buf = (struct buf){0};
}

void buf_free(struct buf *buf)
{
	free(buf->data);
	buf_init(buf);
}

void buf_clear(struct buf *buf)
{
	buf->len = 0;
	buf->failed = false;
}

/* Room for `more` bytes behind the end; false, and failed, when there is no memory. */
static bool buf_reserve(struct buf *buf, size_t more)
{
	if (buf->failed)
		return false;
	if (more <= buf->capacity - buf->len)
		return true;
	size_t capacity = buf->capacity == 0 ? FIRST_CAPACITY : buf->capacity;
	while (capacity - buf->len < more) {
		if (capacity > SIZE_MAX / 2) {
			buf->failed = true;
			return false;
		}
		capacity *= 2;
	}
	char *data = realloc(buf->data, capacity);
	if (data == NULL) {
		buf->failed = true;
		return false;
	}
	buf->data = data;
	buf->capacity = capacity;
	return true;
}

void buf_add(struct buf *buf, struct slice bytes)
{
	if (bytes.len == 0 || !buf_reserve(buf, bytes.len))
		return;
	memcpy(buf->data + buf->len, bytes.ptr, bytes.len);
	buf->len += bytes.len;
}

void buf_byte(struct buf *buf, char byte)
{
	buf_add(buf, slice_of(&byte, 1));
}

void buf_text(struct buf *buf, const char *text)
{
	buf_add(buf, slice_cstr(text));
}

void buf_repeat(struct buf *buf, char byte, size_t count)
{
	if (count == 0 || !buf_reserve(buf, count))
		return;
	memset(buf->data + buf->len, byte, count);
	buf->len += count;
}

void buf_uint(struct buf *buf, uint64_t number)
{
	char digits[20];
	size_t at = sizeof digits;
	do {
		digits[--at] = (char)('0' + number % 10);
		number /= 10;
	} while (number > 0);
	buf_add(buf, slice_of(digits + at, sizeof digits - at));
}

void buf_printf(struct buf *buf, const char *format, ...)
{
	va_list args, again;
	va_start(args, format);
	va_copy(again, args);
	int len = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (len < 0)
		buf->failed = true;
	else if (buf_reserve(buf, (size_t)len + 1)) {
		vsnprintf(buf->data + buf->len, (size_t)len + 1, format, again);
		buf->len += (size_t)len;
	}
	va_end(again);
}

struct slice buf_slice(const struct buf *buf)
{
	return slice_of(buf->data, buf->len);
}
