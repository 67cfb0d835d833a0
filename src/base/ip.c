/* ip: addresses and networks from and to text; see ip.h.
 *
 * What is accepted is exactly what RFC 7208 5.6 and RFC 4291 2.2 print, not what inet_pton() or inet_aton()
 * of some system takes: no leading zeros, no short forms, no zone id.
 */
#include "base/ip.h"

#include "base/ascii.h"

#define V6_GROUPS     8
#define V6_MAX_DIGITS 4	 /* of one group */
#define V6_MAX_TEXT   45 /* the longest form: eight groups, the last two as a dotted quad */

unsigned char ip_bits(enum ip_family family)
{
	return family == IP_V4 ? 32 : 128;
}

static size_t ip_octets(enum ip_family family)
{
	return family == IP_V4 ? 4 : 16;
}

/* qnum: DIGIT / %x31-39 DIGIT / "1" 2DIGIT / "2" %x30-34 DIGIT / "25" %x30-35. RFC 7208 12 */
static bool parse_qnum(struct slice text, unsigned char *out)
{
	uint64_t value;
	if (text.len > 3 || (text.len > 1 && text.ptr[0] == '0') || !ascii_parse_uint(text, 255, &value))
		return false;
	*out = (unsigned char)value;
	return true;
}

bool ip_parse_v4(struct slice text, struct ip *out)
{
	struct ip ip = {.family = IP_V4};
	size_t at = 0;
	for (size_t i = 0; i < 4; i++) {
		size_t end = slice_find(text, '.', at);
		if ((i < 3) != (end < text.len))
			return false;
		if (!parse_qnum(slice_at(text, span_of(at, end - at)), &ip.bytes[i]))
			return false;
		at = end + 1;
	}
	*out = ip;
	return true;
}

/* Reads one group of hexadecimal digits at the start of `text`; returns how many there are, 0 for none or
 * too many. */
static size_t parse_group(struct slice text, unsigned *out)
{
	unsigned value = 0;
	size_t digits = 0;
	while (digits < text.len && ascii_hex_value(text.ptr[digits]) >= 0) {
		if (digits == V6_MAX_DIGITS)
			return 0;
		value = value << 4 | (unsigned)ascii_hex_value(text.ptr[digits++]);
	}
	*out = value;
	return digits;
}

/* Groups being read; `gap` is the index of the first group behind "::", V6_GROUPS + 1 while there is none. */
struct v6_groups {
	unsigned values[V6_GROUPS];
	size_t count;
	size_t gap;
};

static void put_group(struct v6_groups *groups, unsigned value)
{
	groups->values[groups->count++] = value;
}

/* A dotted quad at the end stands for two groups. RFC 4291 2.2, form 3 */
static bool parse_final_quad(struct v6_groups *groups, struct slice text)
{
	struct ip quad;
	if (groups->count > V6_GROUPS - 2 || !ip_parse_v4(text, &quad))
		return false;
	put_group(groups, (unsigned)quad.bytes[0] << 8 | quad.bytes[1]);
	put_group(groups, (unsigned)quad.bytes[2] << 8 | quad.bytes[3]);
	return true;
}

/* Takes the colons behind a group: one before another group, or the only "::". False: neither. */
static bool parse_colons(struct v6_groups *groups, struct slice *text)
{
	if (slice_starts(*text, SLICE("::"))) {
		if (groups->gap <= V6_GROUPS)
			return false;
		groups->gap = groups->count;
		*text = slice_from(*text, 2);
		return true;
	}
	if (text->len < 2 || text->ptr[0] != ':')
		return false;
	*text = slice_from(*text, 1);
	return true;
}

static bool parse_groups(struct v6_groups *groups, struct slice text)
{
	if (slice_starts(text, SLICE("::")) && !parse_colons(groups, &text))
		return false;
	while (text.len > 0) {
		unsigned value;
		size_t digits = parse_group(text, &value);
		if (digits == 0 || groups->count == V6_GROUPS)
			return false;
		if (digits < text.len && text.ptr[digits] == '.')
			return parse_final_quad(groups, text);
		put_group(groups, value);
		text = slice_from(text, digits);
		if (text.len > 0 && !parse_colons(groups, &text))
			return false;
	}
	return true;
}

bool ip_parse_v6(struct slice text, struct ip *out)
{
	struct v6_groups groups = {.gap = V6_GROUPS + 1};
	if (text.len > V6_MAX_TEXT || !parse_groups(&groups, text))
		return false;
	bool has_gap = groups.gap <= V6_GROUPS;
	/* "::" stands for at least one group. */
	if (has_gap ? groups.count >= V6_GROUPS : groups.count != V6_GROUPS)
		return false;
	struct ip ip = {.family = IP_V6};
	for (size_t i = 0; i < groups.count; i++) {
		size_t place = has_gap && i >= groups.gap ? i + V6_GROUPS - groups.count : i;
		ip.bytes[2 * place] = (unsigned char)(groups.values[i] >> 8);
		ip.bytes[2 * place + 1] = (unsigned char)(groups.values[i] & 0xff);
	}
	*out = ip;
	return true;
}

bool ip_parse(struct slice text, struct ip *out)
{
	return ip_parse_v4(text, out) || ip_parse_v6(text, out);
}

static const unsigned char mapped_start[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

bool ip_is_mapped(struct ip ip)
{
	return ip.family == IP_V6 && memcmp(ip.bytes, mapped_start, sizeof mapped_start) == 0;
}

struct ip ip_unmapped(struct ip ip)
{
	if (!ip_is_mapped(ip))
		return ip;
	struct ip v4 = {.family = IP_V4};
	memcpy(v4.bytes, ip.bytes + sizeof mapped_start, 4);
	return v4;
}

static unsigned v6_group(struct ip ip, size_t index)
{
	return (unsigned)ip.bytes[2 * index] << 8 | ip.bytes[2 * index + 1];
}

/* The longest run of at least two zero groups, the first of equals; len 0: none. RFC 5952 4.2 */
static struct span longest_zeros(struct ip ip)
{
	struct span best = {0, 0};
	for (size_t i = 0; i < V6_GROUPS; i++) {
		size_t len = 0;
		while (i + len < V6_GROUPS && v6_group(ip, i + len) == 0)
			len++;
		if (len > best.len)
			best = span_of(i, len);
		i += len;
	}
	return best.len >= 2 ? best : span_of(0, 0);
}

static struct slice v4_text(struct arena *arena, const unsigned char *bytes)
{
	return arena_printf(arena, "%u.%u.%u.%u", (unsigned)bytes[0], (unsigned)bytes[1], (unsigned)bytes[2],
		(unsigned)bytes[3]);
}

static struct slice groups_text(struct arena *arena, struct ip ip)
{
	struct span zeros = longest_zeros(ip);
	struct slice text = SLICE("");
	for (size_t i = 0; i < V6_GROUPS; i++) {
		const char *colon = i == 0 || i == span_end(zeros) ? "" : ":";
		if (zeros.len > 0 && i == zeros.offset) {
			text = arena_printf(arena, "%.*s::", (int)text.len, text.ptr);
			i = span_end(zeros) - 1;
			continue;
		}
		if (zeros.len == 0 && i > 0)
			colon = ":";
		text = arena_printf(arena, "%.*s%s%x", (int)text.len, text.ptr, colon, v6_group(ip, i));
	}
	return text;
}

struct slice ip_text(struct arena *arena, struct ip ip)
{
	if (ip.family == IP_V4)
		return v4_text(arena, ip.bytes);
	if (!ip_is_mapped(ip))
		return groups_text(arena, ip);
	/* The mixed notation is for addresses known to hold an IPv4 one. RFC 5952 5 */
	struct slice quad = v4_text(arena, ip.bytes + sizeof mapped_start);
	return arena_printf(arena, "::ffff:%.*s", (int)quad.len, quad.ptr);
}

struct slice prefix_text(struct arena *arena, struct prefix prefix)
{
	struct slice ip = ip_text(arena, prefix.ip);
	return arena_printf(arena, "%.*s/%u", (int)ip.len, ip.ptr, (unsigned)prefix.length);
}

static char nibble(const unsigned char *bytes, size_t index)
{
	unsigned byte = bytes[index / 2];
	return "0123456789abcdef"[index % 2 == 0 ? byte >> 4 : byte & 0xf];
}

#define V6_NIBBLES 32

/* All nibbles with dots between them, the first or the last of the address in front. */
static struct slice nibbles_text(struct arena *arena, struct ip ip, bool reverse)
{
	char *text = arena_alloc(arena, 2 * V6_NIBBLES);
	for (size_t i = 0; i < V6_NIBBLES; i++) {
		text[2 * i] = nibble(ip.bytes, reverse ? V6_NIBBLES - 1 - i : i);
		text[2 * i + 1] = '.';
	}
	return slice_of(text, 2 * V6_NIBBLES - 1);
}

struct slice ip_macro_text(struct arena *arena, struct ip ip)
{
	return ip.family == IP_V4 ? v4_text(arena, ip.bytes) : nibbles_text(arena, ip, false);
}

struct slice ip_reverse_name(struct arena *arena, struct ip ip)
{
	if (ip.family == IP_V4)
		return arena_printf(arena, "%u.%u.%u.%u.in-addr.arpa", (unsigned)ip.bytes[3],
			(unsigned)ip.bytes[2], (unsigned)ip.bytes[1], (unsigned)ip.bytes[0]);
	struct slice nibbles = nibbles_text(arena, ip, true);
	return arena_printf(arena, "%.*s.ip6.arpa", (int)nibbles.len, nibbles.ptr);
}

bool ip_equal(struct ip a, struct ip b)
{
	return a.family == b.family && memcmp(a.bytes, b.bytes, ip_octets(a.family)) == 0;
}

/* The bits of octet `index` that lie within the first `length` bits of an address. */
static unsigned char octet_mask(size_t index, unsigned length)
{
	size_t before = index * 8;
	if (length <= before)
		return 0;
	size_t bits = length - before < 8 ? length - before : 8;
	return (unsigned char)((0xff00u >> bits) & 0xff);
}

struct prefix prefix_masked(struct prefix prefix)
{
	for (size_t i = 0; i < sizeof prefix.ip.bytes; i++)
		prefix.ip.bytes[i] = (unsigned char)(prefix.ip.bytes[i] & octet_mask(i, prefix.length));
	return prefix;
}

bool prefix_contains(struct prefix prefix, struct ip ip)
{
	if (prefix.ip.family != ip.family)
		return false;
	for (size_t i = 0; i < ip_octets(ip.family); i++)
		if (((prefix.ip.bytes[i] ^ ip.bytes[i]) & octet_mask(i, prefix.length)) != 0)
			return false;
	return true;
}

struct prefix prefix_unmapped(struct prefix prefix)
{
	if (prefix.length < 96 || !ip_is_mapped(prefix.ip))
		return prefix;
	return (struct prefix){ip_unmapped(prefix.ip), (unsigned char)(prefix.length - 96)};
}
