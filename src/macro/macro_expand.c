/* macro_expand: see macro_expand.h. One expansion, in the order of RFC 7208 7.3:
 *
 *     %{l1r-} with l = "strong-bad"
 *         split at "-"      strong  bad
 *         reverse           bad  strong
 *         keep rightmost 1  strong
 *         join with "."     strong
 *
 * No list is made of the parts: a 64 KiB record has room for thousands of expansions of one long value.
 */
#include "macro/macro_expand.h"

#include "base/ascii.h"

#include <inttypes.h>

#define NAME_MAX_TEXT 253 /* RFC 7208 7.3 */

/* The family that %{v} is about; NULL: not known. */
static const enum ip_family *known_family(const struct macro_values *values)
{
	return values->ip != NULL ? &values->ip->family : values->family;
}

static struct slice v_value(const struct macro_values *values)
{
	const enum ip_family *family = known_family(values);
	if (family == NULL)
		return (struct slice){0};
	return *family == IP_V4 ? SLICE("in-addr") : SLICE("ip6");
}

static struct slice time_value(struct arena *arena, const struct macro_values *values)
{
	if (values->time == NULL)
		return slice_of(NULL, 0);
	return arena_printf(arena, "%" PRId64, *values->time);
}

/* What a letter stands for; ptr is NULL when that is not known. RFC 7208 7.2 */
static struct slice letter_value(struct arena *arena, char letter, const struct macro_values *values)
{
	const struct slice texts[] = {values->sender, values->local_part, values->sender_domain,
		values->domain, values->validated, values->helo, values->receiver};
	static const struct slice text_letters = {"slodphr", 7};
	size_t index = slice_find(text_letters, letter, 0);
	if (index < text_letters.len)
		return texts[index];
	if (letter == 'v')
		return v_value(values);
	if (letter == 't')
		return time_value(arena, values);
	if (values->ip == NULL)
		return (struct slice){0};
	return letter == 'i' ? ip_macro_text(arena, *values->ip) : ip_text(arena, *values->ip);
}

static bool is_delimiter(const struct macro_piece *piece, char c)
{
	if (piece->delimiters.len == 0)
		return c == '.';
	return slice_find(piece->delimiters, c, 0) < piece->delimiters.len;
}

/* Where the rightmost parts that are kept begin. Every delimiter byte splits: leading, trailing and
 * adjacent ones leave empty parts. */
static size_t tail_start(const struct macro_piece *piece, struct slice value)
{
	size_t parts = 0;
	for (size_t i = value.len; i > 0 && piece->has_keep; i--)
		if (is_delimiter(piece, value.ptr[i - 1]) && ++parts == piece->keep)
			return i;
	return 0;
}

/* Where the leftmost ones end: of the reversed list they are the rightmost. */
static size_t head_end(const struct macro_piece *piece, struct slice value)
{
	size_t parts = 0;
	for (size_t i = 0; i < value.len && piece->has_keep; i++)
		if (is_delimiter(piece, value.ptr[i]) && ++parts == piece->keep)
			return i;
	return value.len;
}

/* The parts of `value` with dots between them. */
static struct slice join(struct arena *arena, const struct macro_piece *piece, struct slice value)
{
	char *out = arena_alloc(arena, value.len + 1);
	for (size_t i = 0; i < value.len; i++)
		out[i] = is_delimiter(piece, value.ptr[i]) ? '.' : value.ptr[i];
	return slice_of(out, value.len);
}

/* The same, the last part first. */
static struct slice join_reversed(struct arena *arena, const struct macro_piece *piece, struct slice value)
{
	char *out = arena_alloc(arena, value.len + 1);
	size_t used = 0, end = value.len;
	for (size_t i = value.len; i > 0; i--) {
		if (!is_delimiter(piece, value.ptr[i - 1]))
			continue;
		memcpy(out + used, value.ptr + i, end - i);
		used += end - i;
		out[used++] = '.';
		end = i - 1;
	}
	if (end > 0)
		memcpy(out + used, value.ptr, end);
	return slice_of(out, value.len);
}

static struct slice transform(struct arena *arena, const struct macro_piece *piece, struct slice value)
{
	/* "%{l}" keeps its dashes and its empty parts: nothing is split. */
	if (!piece->has_keep && !piece->reverse && piece->delimiters.len == 0)
		return value;
	if (piece->reverse)
		return join_reversed(arena, piece, slice_head(value, head_end(piece, value)));
	return join(arena, piece, slice_from(value, tail_start(piece, value)));
}

/* unreserved of RFC 3986 2.3 */
static bool is_unreserved(char c)
{
	return ascii_is_alnum(c) || c == '-' || c == '.' || c == '_' || c == '~';
}

/* Every other octet as %XX. RFC 7208 7.3 */
static struct slice url_escape(struct arena *arena, struct slice value)
{
	static const char digits[] = "0123456789ABCDEF";
	char *out = arena_alloc(arena, value.len * 3 + 1);
	size_t used = 0;
	for (size_t i = 0; i < value.len; i++) {
		unsigned char byte = (unsigned char)value.ptr[i];
		if (is_unreserved(value.ptr[i])) {
			out[used++] = value.ptr[i];
			continue;
		}
		out[used++] = '%';
		out[used++] = digits[byte >> 4];
		out[used++] = digits[byte & 0xf];
	}
	return slice_of(out, used);
}

bool macro_expand_piece(struct arena *arena, const struct macro_piece *piece,
	const struct macro_values *values, struct slice *out)
{
	struct slice value = letter_value(arena, piece->letter, values);
	if (value.ptr == NULL)
		return false;
	value = transform(arena, piece, value);
	*out = piece->url_escape ? url_escape(arena, value) : value;
	return true;
}

/* The text of one piece, whatever its kind; false when it is an expansion whose value is not known. */
static bool piece_text(struct arena *arena, const struct macro_string *macro, const struct macro_piece *piece,
	const struct macro_values *values, struct slice *out)
{
	switch (piece->kind) {
	case MACRO_LITERAL:
		*out = slice_at(macro->text, piece->span);
		return true;
	case MACRO_PERCENT:
		*out = SLICE("%");
		return true;
	case MACRO_SPACE:
		*out = SLICE(" ");
		return true;
	case MACRO_URL_SPACE:
		*out = SLICE("%20");
		return true;
	case MACRO_EXPAND:
		break;
	}
	return macro_expand_piece(arena, piece, values, out);
}

bool macro_expand(struct arena *arena, const struct macro_string *macro, const struct macro_values *values,
	struct slice *out, char *missing)
{
	struct slice *texts = arena_alloc(arena, (macro->count + 1) * sizeof *texts);
	size_t len = 0;
	for (size_t i = 0; i < macro->count; i++) {
		if (!piece_text(arena, macro, &macro->pieces[i], values, &texts[i])) {
			*missing = macro->pieces[i].letter;
			return false;
		}
		len += texts[i].len;
	}
	char *text = arena_alloc(arena, len + 1);
	size_t used = 0;
	for (size_t i = 0; i < macro->count; i++) {
		if (texts[i].len > 0)
			memcpy(text + used, texts[i].ptr, texts[i].len);
		used += texts[i].len;
	}
	*out = slice_of(text, len);
	return true;
}

struct slice macro_name(struct slice expansion)
{
	/* One final dot is accepted and not counted. RFC 7208 7.3 */
	if (expansion.len > 0 && expansion.ptr[expansion.len - 1] == '.')
		expansion.len--;
	while (expansion.len > NAME_MAX_TEXT) {
		size_t dot = slice_find(expansion, '.', 0);
		if (dot == expansion.len)
			break; /* one label: nothing to drop, and no name either */
		expansion = slice_from(expansion, dot + 1);
	}
	return expansion;
}
