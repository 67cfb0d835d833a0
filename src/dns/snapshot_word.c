/* snapshot_word: single words of a saved run: bytes with escapes, numbers, names; see snapshot_reader.h. */
#include "base/ascii.h"
#include "base/bytemap.h"
#include "dns/snapshot_reader.h"
#include "dns/zonefile_rdata.h"

const char *snapshot_word_shown(const struct snapshot_reader *reader, struct slice text)
{
	return zonefile_scan_shown(reader->arena, text);
}

bool snapshot_word_fail_escape(const struct snapshot_reader *reader, const struct zonefile_token *word)
{
	return zonefile_scan_fail(reader->arena, reader->error, word->place,
		"\"%s\" has a backslash that is not followed by three digits up to 255 or another character",
		snapshot_word_shown(reader, word->text));
}

bool snapshot_word_bytes(const struct snapshot_reader *reader, const struct zonefile_token *word,
	struct slice text, struct slice *out)
{
	char *bytes = arena_alloc(reader->arena, text.len);
	size_t len;
	if (!bytemap_unescape(text, 0, NULL, bytes, &len))
		return snapshot_word_fail_escape(reader, word);
	*out = slice_of(bytes, len);
	return true;
}

bool snapshot_word_number(const struct snapshot_reader *reader, const struct zonefile_token *word,
	struct slice text, uint64_t most, uint64_t *out)
{
	return ascii_parse_uint(text, most, out) ||
	       zonefile_scan_fail(reader->arena, reader->error, word->place,
		       "a number up to %llu is expected, not \"%s\"", (unsigned long long)most,
		       snapshot_word_shown(reader, text));
}

bool snapshot_word_name(
	const struct snapshot_reader *reader, const struct zonefile_token *word, struct name *out)
{
	const struct zonefile_scope scope = {
		.arena = reader->arena, .origin = {"", 1}, .error = reader->error};
	return zonefile_rdata_name(&scope, word, out);
}

bool snapshot_word_find(struct slice text, const char *const *words, size_t count, uint64_t *out)
{
	for (size_t i = 0; i < count; i++) {
		*out = i;
		if (slice_equal(slice_cstr(words[i]), text))
			return true;
	}
	return false;
}
