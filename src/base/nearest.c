/* nearest: edit distance with swaps of neighbours (optimal string alignment); see nearest.h.
 *
 *     inlcude   is   include   with one swap
 *     al        is   all       with one insertion
 */
#include "base/nearest.h"

#include "base/ascii.h"

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Three rows of the table of distances are enough: the current one, the one before, and the one before that
 * for swaps. */
struct rows {
	size_t row[3][NEAREST_MAX_WORD + 1];
};

static size_t cell(const struct rows *rows, size_t i, size_t j, struct slice a, struct slice b)
{
	const size_t *above = rows->row[(i - 1) % 3];
	const size_t *here = rows->row[i % 3];
	char x = ascii_lower(a.ptr[i - 1]), y = ascii_lower(b.ptr[j - 1]);
	size_t best = least(above[j] + 1, here[j - 1] + 1);
	best = least(best, above[j - 1] + (x != y));
	bool swapped = i > 1 && j > 1 && x == ascii_lower(b.ptr[j - 2]) && y == ascii_lower(a.ptr[i - 2]);
	if (swapped)
		best = least(best, rows->row[(i - 2) % 3][j - 2] + 1);
	return best;
}

size_t nearest_distance(struct slice a, struct slice b, size_t limit)
{
	if (a.len > NEAREST_MAX_WORD || b.len > NEAREST_MAX_WORD)
		return limit + 1;
	struct rows rows = {0};
	for (size_t j = 0; j <= b.len; j++)
		rows.row[0][j] = j;
	for (size_t i = 1; i <= a.len; i++) {
		rows.row[i % 3][0] = i;
		for (size_t j = 1; j <= b.len; j++)
			rows.row[i % 3][j] = cell(&rows, i, j, a, b);
	}
	return least(rows.row[a.len % 3][b.len], limit + 1);
}

/* How many edits a word of `len` bytes may be away. */
static size_t tolerance(size_t len)
{
	size_t edits = len <= 4 ? 1 : len <= 8 ? 2 : 3;
	return len == 0 ? 0 : least(edits, len - 1);
}

size_t nearest_word(struct slice text, const struct slice *words, size_t count)
{
	size_t limit = tolerance(text.len);
	size_t best = limit + 1, found = count;
	for (size_t i = 0; i < count; i++) {
		size_t distance = nearest_distance(text, words[i], limit);
		if (distance < best && distance < words[i].len) {
			best = distance;
			found = i;
		}
	}
	return found;
}

/* The only word that begins with `typed`: nobody's names are shortened, but this is what was meant. */
static const char *only_start(struct slice typed, const char *const *words, size_t count)
{
	const char *found = NULL;
	for (size_t i = 0; i < count; i++) {
		if (typed.len < 2 || !slice_starts_nocase(slice_cstr(words[i]), typed))
			continue;
		if (found != NULL)
			return NULL;
		found = words[i];
	}
	return found;
}

const char *nearest_meant(struct arena *arena, struct slice typed, const char *const *words, size_t count)
{
	struct slice *known = arena_alloc(arena, count * sizeof *known);
	for (size_t i = 0; i < count; i++)
		known[i] = slice_cstr(words[i]);
	size_t near = nearest_word(typed, known, count);
	return near < count ? words[near] : only_start(typed, words, count);
}

const char *nearest_list(struct arena *arena, const char *const *words, size_t count)
{
	const char *list = words[0];
	for (size_t i = 1; i < count; i++)
		list = arena_printf(arena, "%s%s%s", list, i + 1 == count ? " or " : ", ", words[i]).ptr;
	return list;
}
