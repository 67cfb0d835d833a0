/* told: see told.h. A table with open addresses; a text that moves to a larger one may find no place
 * there. */
#include "report/told.h"

#include <stdlib.h>

#include "base/hash.h"

#define MIN_SIZE 256

struct told_text {
	uint64_t hash;
	size_t offset, len; /* in told->bytes; no length: the place is free */
};

void told_init(struct told *told)
{
	*told = (struct told){.texts = NULL};
	buf_init(&told->bytes);
}

void told_free(struct told *told)
{
	buf_free(&told->bytes);
	free(told->texts);
	told_init(told);
}

static bool is_same(const struct told *told, const struct told_text *text, uint64_t hash, struct slice bytes)
{
	return text->hash == hash &&
	       slice_equal(slice_at(buf_slice(&told->bytes), span_of(text->offset, text->len)), bytes);
}

/* The place of the text, or a free one for it; NULL: there is none. */
static struct told_text *find(const struct told *told, uint64_t hash, struct slice bytes)
{
	for (size_t try = 0; try < TOLD_MAX_TRIES && try < told->size; try++) {
		struct told_text *text = &told->texts[(hash + try) & (told->size - 1)];
		if (text->len == 0 || is_same(told, text, hash, bytes))
			return text;
	}
	return NULL;
}

static void grow(struct told *told)
{
	struct told larger = *told;
	larger.size = told->size > 0 ? 2 * told->size : MIN_SIZE;
	larger.texts = calloc(larger.size, sizeof *larger.texts);
	if (larger.texts == NULL) {
		told->failed = true;
		return;
	}
	for (size_t i = 0; i < told->size; i++) {
		const struct told_text *text = &told->texts[i];
		struct slice bytes = slice_at(buf_slice(&told->bytes), span_of(text->offset, text->len));
		struct told_text *place = text->len > 0 ? find(&larger, text->hash, bytes) : NULL;
		if (place != NULL)
			*place = *text;
	}
	free(told->texts);
	told->texts = larger.texts;
	told->size = larger.size;
}

bool told_again(struct told *told, struct slice bytes)
{
	uint64_t hash = hash_add(HASH_START, bytes);
	if (bytes.len == 0 || told->failed)
		return false;
	if (2 * (told->count + 1) > told->size)
		grow(told);
	struct told_text *text = find(told, hash, bytes);
	if (text != NULL && text->len > 0)
		return true;
	if (text == NULL || bytes.len > TOLD_MAX_BYTES - told->bytes.len)
		return false;
	*text = (struct told_text){hash, told->bytes.len, bytes.len};
	buf_add(&told->bytes, bytes);
	told->count++;
	if (told->bytes.failed) {
		text->len = 0;
		told->failed = true;
	}
	return false;
}
