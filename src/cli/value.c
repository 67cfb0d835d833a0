/* value: numbers, durations and names; see value.h. */
#include "cli/value.h"

#include "base/ascii.h"
#include "cli/complain.h"
#include "dns/idn.h"

bool value_count(struct arena *arena, const char *option, struct slice text, struct value_range range,
	unsigned *out, struct slice *error)
{
	uint64_t number;
	if (ascii_parse_uint(text, range.most, &number) && number >= range.least) {
		*out = (unsigned)number;
		return true;
	}
	*error = arena_printf(arena, "option '%s' takes a number from %u to %u, not %s", option, range.least,
		range.most, complain_quote(arena, text));
	return false;
}

/* Takes the unit off the end: how many milliseconds it has. */
static unsigned take_unit(struct slice *text)
{
	if (text->len >= 2 && slice_equal(slice_from(*text, text->len - 2), SLICE("ms"))) {
		text->len -= 2;
		return 1;
	}
	if (text->len >= 1 && text->ptr[text->len - 1] == 's')
		text->len -= 1;
	return 1000;
}

/* Up to three digits behind a decimal point, as thousandths. */
static bool parse_thousandths(struct slice digits, uint64_t *out)
{
	uint64_t number;
	if (digits.len > 3 || !ascii_parse_uint(digits, 999, &number))
		return false;
	for (size_t i = digits.len; i < 3; i++)
		number *= 10;
	*out = number;
	return true;
}

static bool parse_duration(struct slice text, uint64_t *out_ms)
{
	uint64_t whole, part = 0;
	unsigned unit = take_unit(&text);
	size_t point = slice_find(text, '.', 0);
	/* A fraction of a millisecond is no duration we can wait for. */
	if (point < text.len && (unit == 1 || !parse_thousandths(slice_from(text, point + 1), &part)))
		return false;
	if (!ascii_parse_uint(slice_head(text, point), VALUE_MAX_DURATION_MS, &whole))
		return false;
	*out_ms = whole * unit + part;
	return true;
}

bool value_duration(
	struct arena *arena, const char *option, struct slice text, int *out_ms, struct slice *error)
{
	uint64_t ms;
	if (parse_duration(text, &ms) && ms >= 1 && ms <= VALUE_MAX_DURATION_MS) {
		*out_ms = (int)ms;
		return true;
	}
	*error = arena_printf(arena,
		"option '%s' takes a time from 1ms to 3600s, as '1500ms', '2s' or '2' (seconds), not %s",
		option, complain_quote(arena, text));
	return false;
}

bool value_name(
	struct arena *arena, const char *option, struct slice text, struct name *out, struct slice *error)
{
	struct slice ascii;
	if (text.len > 0 && idn_to_ascii(arena, text, &ascii) == IDN_OK &&
		name_from_master(arena, ascii, out) == NAME_OK)
		return true;
	*error = arena_printf(
		arena, "option '%s': %s cannot be a domain name", option, complain_quote(arena, text));
	return false;
}
