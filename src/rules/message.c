/* message: see message.h.
 *
 *     template   "{0}" is not an SPF mechanism
 *     argument   ipv4<NUL>
 *     message    "ipv4\000" is not an SPF mechanism
 */
#include "rules/message.h"

#include "base/ascii.h"

enum value { VALUE_TEXT = FINDING_MAX_ARGS, VALUE_NAME, VALUE_DETAIL, VALUE_COUNT };

static const struct slice value_marks[VALUE_COUNT] = {
	{"{0}", 3},
	{"{1}", 3},
	{"{2}", 3},
	{"{3}", 3},
	{"{text}", 6},
	{"{name}", 6},
	{"{detail}", 8},
};

#define ELLIPSIS "..."

/* Bytes of the character or escape at the start of what ascii_escape() made. */
static size_t shown_length(struct slice text)
{
	if (text.ptr[0] != '\\')
		return ascii_utf8_length(text);
	return text.len > 1 && ascii_is_digit(text.ptr[1]) ? 4 : 2;
}

/* The start of `raw` that surely is enough, not cut within a character. */
static struct slice raw_head(struct slice raw)
{
	size_t len = MESSAGE_MAX_ARGUMENT;
	if (raw.len <= len)
		return raw;
	for (size_t back = 0; back < 4; back++)
		if (((unsigned char)raw.ptr[len - back] & 0xc0) != 0x80)
			return slice_head(raw, len - back);
	return slice_head(raw, len);
}

/* Escaped text cut between characters; `whole`: nothing was left out before. */
static struct slice cut(struct arena *arena, struct slice text, bool whole)
{
	if (whole && text.len <= MESSAGE_MAX_ARGUMENT)
		return text;
	size_t len = 0;
	while (len < text.len) {
		size_t next = len + shown_length(slice_from(text, len));
		if (next > MESSAGE_MAX_ARGUMENT - strlen(ELLIPSIS))
			break;
		len = next;
	}
	return arena_printf(arena, "%.*s" ELLIPSIS, (int)len, text.ptr);
}

/* An argument as it is shown. */
static struct slice shown(struct arena *arena, struct slice raw)
{
	struct slice head = raw_head(raw);
	return cut(arena, ascii_escape(arena, head), head.len == raw.len);
}

static void fill_values(struct arena *arena, const struct finding *finding, struct slice values[VALUE_COUNT])
{
	for (size_t i = 0; i < FINDING_MAX_ARGS; i++)
		values[i] = shown(arena, finding->args[i]);
	values[VALUE_TEXT] = shown(arena, finding_text(finding));
	values[VALUE_NAME] = cut(arena, finding->place.name, true); /* is escaped */
	values[VALUE_DETAIL] = slice_cstr(rule_detail_text(finding->detail));
}

/* The value whose mark stands at the start of `text`; VALUE_COUNT: none. */
static size_t mark_at(struct slice text)
{
	size_t i = 0;
	while (i < VALUE_COUNT && !slice_starts(text, value_marks[i]))
		i++;
	return i;
}

/* Writes `template` with its marks replaced to `out`, or only counts when that is NULL. Braces that are no
 * mark, as in "%{i}", stay. */
static size_t fill(struct slice template, const struct slice values[VALUE_COUNT], char *out)
{
	size_t len = 0;
	for (size_t i = 0; i < template.len;) {
		size_t brace = slice_find(template, '{', i);
		struct slice piece = slice_at(template, span_of(i, brace > i ? brace - i : 1));
		size_t value = brace > i ? VALUE_COUNT : mark_at(slice_from(template, i));
		i += value < VALUE_COUNT ? value_marks[value].len : piece.len;
		if (value < VALUE_COUNT)
			piece = values[value];
		if (out != NULL && piece.len > 0)
			memcpy(out + len, piece.ptr, piece.len);
		len += piece.len;
	}
	return len;
}

static struct slice filled(struct arena *arena, const char *template, const struct finding *finding)
{
	struct slice values[VALUE_COUNT];
	fill_values(arena, finding, values);
	size_t len = fill(slice_cstr(template), values, NULL);
	char *bytes = arena_alloc(arena, len + 1);
	fill(slice_cstr(template), values, bytes);
	return slice_of(bytes, len);
}

struct slice message_text(struct arena *arena, const struct finding *finding)
{
	return filled(arena, rule_get(finding->rule)->message, finding);
}

struct slice message_advice(struct arena *arena, const struct finding *finding)
{
	return finding->is_harmless ? SLICE("") : filled(arena, rule_get(finding->rule)->advice, finding);
}

struct slice message_effect(struct arena *arena, const struct finding *finding, enum receiver receiver)
{
	(void)arena;
	return slice_cstr(rule_effect_text(finding->effects[receiver]));
}

struct slice message_reference(struct arena *arena, const struct finding *finding)
{
	const struct rule *rule = rule_get(finding->rule);
	if (rule->standard[0] == '\0')
		return (struct slice){0};
	if (rule->section[0] == '\0')
		return slice_cstr(rule->standard);
	return arena_printf(arena, "%s section %s", rule->standard, rule->section);
}

struct slice message_fix_title(struct arena *arena, const struct finding *finding)
{
	const struct fix *fix = finding->fix;
	if (fix == NULL)
		return (struct slice){0};
	if (fix->count == 0)
		return SLICE("replace the record");
	if (fix->count > 1)
		return arena_printf(arena, "change the record at %zu places", fix->count);
	struct slice old = shown(arena, slice_at(finding->place.record, fix->edits[0].span));
	struct slice new = shown(arena, fix->edits[0].replacement);
	if (new.len == 0)
		return arena_printf(arena, "remove \"%.*s\"", (int)old.len, old.ptr);
	if (old.len == 0)
		return arena_printf(arena, "insert \"%.*s\"", (int)new.len, new.ptr);
	return arena_printf(
		arena, "replace \"%.*s\" with \"%.*s\"", (int)old.len, old.ptr, (int)new.len, new.ptr);
}
