/* config_rule: see config_rule.h. */
#include "config/config_rule.h"

#include "base/ascii.h"
#include "dns/idn.h"

bool config_rule_find(struct config_line *line, struct config_word id, enum rule_id *out)
{
	const char *ids[RULE_COUNT];
	*out = rule_find(id.text);
	if (*out != RULE_COUNT)
		return true;
	if (id.text.len == 0)
		return config_line_fail(
			line, id.offset, SLICE("a rule is missing; 'mailauth explain' lists them"));
	for (size_t i = 0; i < RULE_COUNT; i++)
		ids[i] = rule_get((enum rule_id)i)->id;
	const char *hint = config_line_hint(line, id.text, ids, RULE_COUNT);
	return config_line_fail(line, id.offset,
		arena_printf(line->arena, "unknown rule %s%s", config_line_quote(line, id.text),
			hint[0] != '\0' ? hint : "; 'mailauth explain' lists them"));
}

/* Label by label: a `*` is no letter of IDNA. */
static bool convert_glob(struct config_line *line, struct slice glob, size_t offset, struct slice *out)
{
	char *bytes = arena_alloc(line->arena, glob.len * 8 + 64); /* "xn--" and Punycode of each label */
	size_t used = 0, room = glob.len * 8 + 64;
	for (size_t start = 0, end; start <= glob.len; start = end + 1) {
		end = slice_find(glob, '.', start);
		struct slice label = slice_at(glob, span_of(start, end - start)), ascii = label;
		if (!ascii_is_all(label) &&
			(idn_to_ascii(line->arena, label, &ascii) != IDN_OK || used + ascii.len + 1 > room))
			return config_line_fail(line, offset + start,
				arena_printf(line->arena, "%s cannot be a label of a domain name",
					config_line_quote(line, label)));
		if (ascii.len > 0)
			memcpy(bytes + used, ascii.ptr, ascii.len);
		used += ascii.len;
		if (end < glob.len)
			bytes[used++] = '.';
	}
	*out = slice_of(bytes, used);
	return true;
}

bool config_rule_parse(
	struct config_line *line, struct config_word word, enum rule_id *rule, struct slice *glob)
{
	size_t at = slice_find(word.text, '@', 0);
	const struct config_word id = {slice_head(word.text, at), word.offset};
	*glob = slice_from(word.text, at + 1);
	if (!config_rule_find(line, id, rule))
		return false;
	if (at < word.text.len && glob->len == 0)
		return config_line_fail(line, word.offset + at, SLICE("no name behind the @"));
	return ascii_is_all(*glob) || convert_glob(line, *glob, word.offset + at + 1, glob);
}
