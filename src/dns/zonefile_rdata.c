/* zonefile_rdata: see zonefile_rdata.h.
 *
 *     MX 10 mail      ->   00 0a  04 mail 07 example 03 com 00      (origin example.com)
 *     TXT "ab" c      ->   02 ab 01 c
 */
#include "dns/zonefile_rdata.h"

#include "base/ascii.h"
#include "base/ip.h"

/* What the words of a type are. */
enum field {
	FIELD_END,
	FIELD_NAME,
	FIELD_16,
	FIELD_32,
	FIELD_PERIOD,
	FIELD_IPV4,
	FIELD_IPV6,
	FIELD_STRINGS /* one or more, up to the end */
};

#define MAX_FIELDS 8

struct layout {
	uint16_t type;
	const char *takes; /* for messages: "MX takes ..." */
	enum field fields[MAX_FIELDS];
};

static const struct layout layouts[] = {
	{RRTYPE_A, "one IPv4 address", {FIELD_IPV4}},
	{RRTYPE_NS, "one name", {FIELD_NAME}},
	{RRTYPE_CNAME, "one name", {FIELD_NAME}},
	{RRTYPE_SOA, "two names and five numbers",
		{FIELD_NAME, FIELD_NAME, FIELD_32, FIELD_PERIOD, FIELD_PERIOD, FIELD_PERIOD, FIELD_PERIOD}},
	{RRTYPE_PTR, "one name", {FIELD_NAME}},
	{RRTYPE_MX, "a preference and a name", {FIELD_16, FIELD_NAME}},
	{RRTYPE_TXT, "at least one string", {FIELD_STRINGS}},
	{RRTYPE_AAAA, "one IPv6 address", {FIELD_IPV6}},
	{RRTYPE_DNAME, "one name", {FIELD_NAME}},
	{RRTYPE_SPF, "at least one string", {FIELD_STRINGS}},
};

/* Rdata being put together. */
struct wire {
	char *bytes;
	size_t len;
	size_t capacity;
};

static void put(struct arena *arena, struct wire *wire, const void *bytes, size_t len)
{
	if (wire->capacity - wire->len < len) {
		size_t capacity = (wire->len + len) * 2;
		char *larger = arena_alloc(arena, capacity);
		if (wire->len > 0)
			memcpy(larger, wire->bytes, wire->len);
		wire->bytes = larger;
		wire->capacity = capacity;
	}
	if (len > 0)
		memcpy(wire->bytes + wire->len, bytes, len);
	wire->len += len;
}

static void put_number(struct arena *arena, struct wire *wire, uint64_t number, size_t bytes)
{
	for (size_t i = bytes; i-- > 0;) {
		unsigned char byte = (unsigned char)(number >> (8 * i));
		put(arena, wire, &byte, 1);
	}
}

static bool fail_word(const struct zonefile_scope *scope, const struct zonefile_token *word, const char *what)
{
	return zonefile_scan_fail(scope->arena, scope->error, word->place, "%s, not \"%s\"", what,
		zonefile_scan_shown(scope->arena, word->text));
}

/* --- names and numbers ---------------------------------------------------------------------------------- */

/* True when the text ends in a dot that is not escaped. */
static bool is_absolute(struct slice text)
{
	size_t backslashes = 0;
	if (text.len == 0 || text.ptr[text.len - 1] != '.')
		return false;
	while (backslashes + 1 < text.len && text.ptr[text.len - 2 - backslashes] == '\\')
		backslashes++;
	return backslashes % 2 == 0;
}

static const char *name_error_text(enum name_error error)
{
	switch (error) {
	case NAME_OK:
		return "";
	case NAME_EMPTY_LABEL:
		return "the name has an empty label (two dots in a row, or one at its start)";
	case NAME_LABEL_TOO_LONG:
		return "a label of the name is longer than 63 bytes";
	case NAME_TOO_LONG:
		return "the name is longer than 255 bytes";
	case NAME_BAD_ESCAPE:
		return "the name has a backslash that is not followed by three digits up to 255 or another "
		       "character";
	}
	return "";
}

bool zonefile_rdata_name(
	const struct zonefile_scope *scope, const struct zonefile_token *word, struct name *out)
{
	bool is_origin = !word->quoted && slice_equal(word->text, SLICE("@"));
	bool absolute = is_absolute(word->text);
	struct name name;
	if (word->text.len == 0)
		return fail_word(scope, word, "a name is expected");
	if (!absolute && name_is_none(scope->origin))
		return zonefile_scan_fail(scope->arena, scope->error, word->place,
			"relative name \"%s\" and no $ORIGIN; give the zone's name, as in "
			"example.com=FILE",
			zonefile_scan_shown(scope->arena, word->text));
	if (is_origin) {
		*out = scope->origin;
		return true;
	}
	enum name_error error = name_from_master(scope->arena, word->text, &name);
	if (error == NAME_OK && !absolute)
		error = name_join(scope->arena, name, scope->origin, &name);
	if (error != NAME_OK)
		return zonefile_scan_fail(
			scope->arena, scope->error, word->place, "%s", name_error_text(error));
	*out = name;
	return true;
}

/* Seconds of a unit; 0: no unit. */
static uint64_t unit_seconds(char unit)
{
	static const struct {
		char unit;
		uint32_t seconds;
	} units[] = {{'s', 1}, {'m', 60}, {'h', 3600}, {'d', 86400}, {'w', 604800}};
	for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
		if (units[i].unit == ascii_lower(unit))
			return units[i].seconds;
	return 0;
}

bool zonefile_rdata_period(struct slice text, uint32_t *out)
{
	uint64_t total = 0, part;
	if (ascii_parse_uint(text, INT32_MAX, &total)) {
		*out = (uint32_t)total;
		return true;
	}
	if (text.len == 0)
		return false;
	while (text.len > 0) {
		size_t digits = 0;
		while (digits < text.len && ascii_is_digit(text.ptr[digits]))
			digits++;
		uint64_t unit = digits < text.len ? unit_seconds(text.ptr[digits]) : 0;
		if (unit == 0 || !ascii_parse_uint(slice_head(text, digits), INT32_MAX, &part))
			return false;
		total += part * unit;
		if (total > INT32_MAX)
			return false;
		text = slice_from(text, digits + 1);
	}
	*out = (uint32_t)total;
	return true;
}

/* --- strings ---------------------------------------------------------------------------------- */

/* The bytes of a word with its escapes taken off; NULL pointer: a bad escape. */
static struct slice unescape(struct arena *arena, struct slice text)
{
	if (slice_find(text, '\\', 0) == text.len)
		return text;
	char *out = arena_alloc(arena, text.len);
	size_t used = 0;
	while (text.len > 0) {
		char byte = text.ptr[0];
		text = slice_from(text, 1);
		if (byte == '\\' && !ascii_read_escape(&text, &byte))
			return slice_of(NULL, 0);
		out[used++] = byte;
	}
	return slice_of(out, used);
}

/* The bytes of one word as character-strings: one, unless they are too many. */
static void put_strings(struct arena *arena, struct slice bytes, struct wire *wire)
{
	do {
		struct slice string = slice_head(bytes, ZONEFILE_MAX_STRING);
		put_number(arena, wire, string.len, 1);
		put(arena, wire, string.ptr, string.len);
		bytes = slice_from(bytes, string.len);
	} while (bytes.len > 0);
}

static bool parse_string(
	const struct zonefile_scope *scope, const struct zonefile_token *word, struct wire *wire)
{
	struct slice bytes = unescape(scope->arena, word->text);
	if (bytes.ptr == NULL)
		return zonefile_scan_fail(scope->arena, scope->error, word->place,
			"the string has a backslash that is not followed by three digits up to 255 or "
			"another character");
	if (bytes.len > ZONEFILE_MAX_STRING && !scope->splits)
		return zonefile_scan_fail(scope->arena, scope->error, word->place,
			"a string of %zu bytes, and DNS takes at most 255: split it into \"...\" \"...\", "
			"which mail "
			"programs put together again",
			bytes.len);
	if (wire->len + 1 + bytes.len + bytes.len / ZONEFILE_MAX_STRING > ZONEFILE_MAX_RDATA)
		return zonefile_scan_fail(scope->arena, scope->error, word->place,
			"the record's data is longer than %d bytes", ZONEFILE_MAX_RDATA);
	put_strings(scope->arena, bytes, wire);
	return true;
}

bool zonefile_rdata_literal(struct arena *arena, struct slice text, struct slice *out)
{
	struct wire wire = {0};
	if (text.len == 0 || text.len > ZONEFILE_MAX_RDATA - ZONEFILE_MAX_RDATA / ZONEFILE_MAX_STRING)
		return false;
	while (text.len > 0) {
		struct slice string = slice_head(text, ZONEFILE_MAX_STRING);
		put_number(arena, &wire, string.len, 1);
		put(arena, &wire, string.ptr, string.len);
		text = slice_from(text, string.len);
	}
	*out = slice_of(wire.bytes, wire.len);
	return true;
}

/* --- fields ----------------------------------------------------------------------------------- */

static bool parse_number(const struct zonefile_scope *scope, const struct zonefile_token *word, size_t bytes,
	const char *what, struct wire *wire)
{
	uint64_t number;
	if (!ascii_parse_uint(word->text, bytes == 2 ? UINT16_MAX : UINT32_MAX, &number))
		return fail_word(scope, word, what);
	put_number(scope->arena, wire, number, bytes);
	return true;
}

static bool parse_period(
	const struct zonefile_scope *scope, const struct zonefile_token *word, struct wire *wire)
{
	uint32_t seconds;
	if (!zonefile_rdata_period(word->text, &seconds))
		return fail_word(scope, word, "seconds, or a period as 1h30m, are expected");
	put_number(scope->arena, wire, seconds, 4);
	return true;
}

static bool parse_address(const struct zonefile_scope *scope, const struct zonefile_token *word,
	enum ip_family family, struct wire *wire)
{
	struct ip ip = {IP_V4, {0}};
	bool valid = family == IP_V4 ? ip_parse_v4(word->text, &ip) : ip_parse_v6(word->text, &ip);
	if (!valid)
		return fail_word(scope, word,
			family == IP_V4 ? "an IPv4 address is expected" : "an IPv6 address is expected");
	put(scope->arena, wire, ip.bytes, family == IP_V4 ? 4 : 16);
	return true;
}

/* An absolute name, with or without its final dot, letters as they are. */
static bool parse_exact_name(
	const struct zonefile_scope *scope, const struct zonefile_token *word, struct wire *wire)
{
	struct slice bytes;
	if (word->text.len == 0)
		return fail_word(scope, word, "a name is expected");
	enum name_error error = name_wire_from_master(scope->arena, word->text, &bytes);
	if (error != NAME_OK)
		return zonefile_scan_fail(
			scope->arena, scope->error, word->place, "%s", name_error_text(error));
	put(scope->arena, wire, bytes.ptr, bytes.len);
	return true;
}

static bool parse_name(
	const struct zonefile_scope *scope, const struct zonefile_token *word, struct wire *wire)
{
	struct name name = {NULL, 0};
	if (scope->exact)
		return parse_exact_name(scope, word, wire);
	if (!zonefile_rdata_name(scope, word, &name))
		return false;
	put(scope->arena, wire, name.wire, name.len);
	return true;
}

static bool parse_field(const struct zonefile_scope *scope, enum field field,
	const struct zonefile_token *word, struct wire *wire)
{
	switch (field) {
	case FIELD_END:
		return true;
	case FIELD_NAME:
		return parse_name(scope, word, wire);
	case FIELD_16:
		return parse_number(scope, word, 2, "a number from 0 to 65535 is expected", wire);
	case FIELD_32:
		return parse_number(scope, word, 4, "a number from 0 to 4294967295 is expected", wire);
	case FIELD_PERIOD:
		return parse_period(scope, word, wire);
	case FIELD_IPV4:
		return parse_address(scope, word, IP_V4, wire);
	case FIELD_IPV6:
		return parse_address(scope, word, IP_V6, wire);
	case FIELD_STRINGS:
		return parse_string(scope, word, wire);
	}
	return false;
}

/* The field a word is, when all words before it were right. */
static enum field field_at(const struct layout *layout, size_t i)
{
	if (layout->fields[0] == FIELD_STRINGS)
		return FIELD_STRINGS;
	return i < MAX_FIELDS ? layout->fields[i] : FIELD_END;
}

static size_t field_count(const struct layout *layout)
{
	size_t count = 0;
	while (count < MAX_FIELDS && layout->fields[count] != FIELD_END)
		count++;
	return count;
}

static bool fail_count(const struct zonefile_scope *scope, const struct zonefile_data *data,
	const struct zonefile_token *word, const char *what, const struct layout *layout)
{
	return zonefile_scan_fail(scope->arena, scope->error, word->place, "%s: %s takes %s", what,
		zonefile_scan_shown(scope->arena, rrtype_text(scope->arena, data->type)), layout->takes);
}

static bool parse_layout(const struct zonefile_scope *scope, const struct zonefile_data *data,
	const struct layout *layout, struct slice *out)
{
	struct wire wire = {0};
	for (size_t i = 0; i < data->count; i++) {
		enum field field = field_at(layout, i);
		if (field == FIELD_END)
			return fail_count(scope, data, &data->words[i], "one word too many", layout);
		if (!parse_field(scope, field, &data->words[i], &wire))
			return false;
	}
	if (data->count < field_count(layout))
		return fail_count(scope, data, data->type_word, "data is missing", layout);
	*out = slice_of(wire.bytes, wire.len);
	return true;
}

/* --- any type --------------------------------------------------------------------------------- */

static bool is_generic(const struct zonefile_data *data)
{
	return data->count > 0 && !data->words[0].quoted && slice_equal(data->words[0].text, SLICE("\\#"));
}

/* Hexadecimal words to bytes; a byte may begin in one word and end in the next. */
static bool parse_hex(const struct zonefile_scope *scope, const struct zonefile_data *data, struct wire *wire)
{
	int high = -1;
	for (size_t w = 2; w < data->count; w++) {
		const struct zonefile_token *word = &data->words[w];
		for (size_t i = 0; i < word->text.len; i++) {
			int digit = ascii_hex_value(word->text.ptr[i]);
			if (digit < 0)
				return fail_word(scope, word, "hexadecimal digits are expected");
			if (high >= 0)
				put_number(scope->arena, wire, (uint64_t)high * 16 + (uint64_t)digit, 1);
			high = high >= 0 ? -1 : digit;
		}
	}
	if (high >= 0)
		return fail_word(
			scope, &data->words[data->count - 1], "an even number of digits is expected");
	return true;
}

/* RFC 3597 5: \# LENGTH HEX... */
static bool parse_generic(
	const struct zonefile_scope *scope, const struct zonefile_data *data, struct slice *out)
{
	struct wire wire = {0};
	uint64_t len;
	const struct zonefile_token *length = data->count > 1 ? &data->words[1] : &data->words[0];
	if (!ascii_parse_uint(length->text, ZONEFILE_MAX_RDATA, &len))
		return fail_word(scope, length, "the number of bytes is expected");
	if (!parse_hex(scope, data, &wire))
		return false;
	if (wire.len != len)
		return zonefile_scan_fail(scope->arena, scope->error, length->place,
			"%u bytes are announced, %zu follow", (unsigned)len, wire.len);
	*out = slice_of(wire.bytes, wire.len);
	return true;
}

bool zonefile_rdata_parse(
	const struct zonefile_scope *scope, const struct zonefile_data *data, struct slice *out)
{
	if (is_generic(data))
		return parse_generic(scope, data, out);
	for (size_t i = 0; i < sizeof layouts / sizeof layouts[0]; i++)
		if (layouts[i].type == data->type)
			return parse_layout(scope, data, &layouts[i], out);
	if (scope->exact)
		return zonefile_scan_fail(scope->arena, scope->error, data->type_word->place,
			"data of type %s is written as \\# LENGTH HEX",
			zonefile_scan_shown(scope->arena, rrtype_text(scope->arena, data->type)));
	*out = slice_of(NULL, 0);
	return true;
}
