/* buf: bytes that grow at the end: what a writer makes and the program prints.
 *
 * The buffer owns its memory. Failure is sticky: after it every call does nothing, and the one who prints
 * checks `failed` once, at the end.
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/slice.h"

/* Invariant: len <= capacity; data is NULL only while capacity is 0. */
struct buf {
	char *data;
	size_t len;
	size_t capacity;
	bool failed;
};

void buf_init(struct buf *buf);
void buf_free(struct buf *buf);

/* Forgets the content and keeps the memory. */
void buf_clear(struct buf *buf);

void buf_add(struct buf *buf, struct slice bytes);
void buf_byte(struct buf *buf, char byte);
void buf_text(struct buf *buf, const char *text);
void buf_repeat(struct buf *buf, char byte, size_t count);
void buf_uint(struct buf *buf, uint64_t number);
void buf_printf(struct buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* What is in the buffer, valid until the next call that changes it. */
struct slice buf_slice(const struct buf *buf);

#endif
