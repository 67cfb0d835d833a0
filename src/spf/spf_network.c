/* spf_network: see spf_network.h. What a value is instead of an address is recognised, so that the finding
 * says it. */
#include "spf/spf_network.h"

#include "base/ascii.h"
#include "spf/spf_domain_spec.h"

/* Why the text behind '/' is no prefix length up to `max`; DETAIL_NONE when it is one. No leading zeros. RFC
 * 7208 12 */
static enum detail length_mistake(struct slice digits, unsigned max, unsigned char *out)
{
	uint64_t value;
	if (digits.len == 0)
		return DETAIL_CIDR_EMPTY;
	for (size_t i = 0; i < digits.len; i++)
		if (!ascii_is_digit(digits.ptr[i]))
			return DETAIL_CIDR_NOT_A_NUMBER;
	if (digits.len > 1 && digits.ptr[0] == '0')
		return DETAIL_CIDR_LEADING_ZERO;
	if (!ascii_parse_uint(digits, max, &value))
		return max == 32 ? DETAIL_CIDR_OVER_32 : DETAIL_CIDR_OVER_128;
	*out = (unsigned char)value;
	return DETAIL_NONE;
}

static struct slice without_slashes(struct slice length)
{
	while (length.len > 0 && length.ptr[0] == '/')
		length = slice_from(length, 1);
	return length;
}

static struct slice without_zeros(struct slice digits)
{
	while (digits.len > 1 && digits.ptr[0] == '0')
		digits = slice_from(digits, 1);
	return digits;
}

/* `length` is the slash or slashes and what follows. */
static void refuse_length(struct spf_reading *reading, enum detail wrong, struct span length, unsigned max)
{
	struct finding *finding = spf_reading_report(reading, RULE_SPF_CIDR_INVALID, wrong, length);
	struct slice written = without_slashes(slice_at(reading->text, length));
	struct slice digits = without_zeros(written);
	unsigned char ignored;
	if (wrong != DETAIL_CIDR_LEADING_ZERO || length_mistake(digits, max, &ignored) != DETAIL_NONE)
		return;
	struct span zeros = span_of(span_end(length) - written.len, written.len - digits.len);
	spf_reading_fix(reading, finding, zeros, SLICE(""), true);
}

/* Reads "/length" at `span`; nothing there is fine. */
static bool parse_length(
	struct spf_reading *reading, struct span span, enum ip_family family, unsigned char *out)
{
	unsigned max = ip_bits(family);
	if (span.len == 0)
		return true;
	struct slice digits = slice_from(slice_at(reading->text, span), 1);
	enum detail wrong = length_mistake(digits, max, out);
	if (slice_find(digits, '/', 0) < digits.len)
		wrong = DETAIL_CIDR_DOUBLE_SLASH;
	if (wrong == DETAIL_NONE)
		return true;
	refuse_length(reading, wrong, span, max);
	return false;
}

/* The offset of "//" in `text`, which may be its start; text.len: none. */
static size_t find_double_slash(struct slice text)
{
	for (size_t i = 0; i + 1 < text.len; i++)
		if (text.ptr[i] == '/' && text.ptr[i + 1] == '/')
			return i;
	return text.len;
}

bool spf_network_parse_dual(
	struct spf_reading *reading, struct span span, unsigned char *ip4_length, unsigned char *ip6_length)
{
	struct slice text = slice_at(reading->text, span);
	size_t split = find_double_slash(text);
	struct slice digits = slice_at(text, span_of(1, split > 0 ? split - 1 : 0));
	enum detail wrong = DETAIL_NONE;
	if (slice_find(digits, '/', 0) < digits.len)
		wrong = DETAIL_CIDR_ONE_SLASH_TWICE;
	else if (split > 0)
		wrong = length_mistake(digits, 32, ip4_length);
	if (wrong != DETAIL_NONE) {
		refuse_length(reading, wrong, span_of(span.offset, split), 32);
		return false;
	}
	if (split == text.len)
		return true;
	wrong = length_mistake(slice_from(text, split + 2), 128, ip6_length);
	if (wrong == DETAIL_NONE)
		return true;
	refuse_length(reading, wrong, span_of(span.offset + split, text.len - split), 128);
	return false;
}

size_t spf_network_find_length(struct slice argument)
{
	size_t start = argument.len;
	for (size_t i = argument.len; i > 0; i--) {
		char c = argument.ptr[i - 1];
		if (c == '/')
			start = i - 1;
		else if (!ascii_is_digit(c))
			break;
	}
	return start;
}

bool spf_network_is_network(struct slice text, enum ip_family *family)
{
	struct ip ip;
	size_t slash = spf_network_find_length(text);
	if (!ip_parse(slice_head(text, slash), &ip))
		return false;
	*family = ip.family;
	return true;
}

static size_t count_bytes(struct slice text, char byte)
{
	size_t count = 0;
	for (size_t i = 0; i < text.len; i++)
		count += text.ptr[i] == byte;
	return count;
}

static bool has_only(struct slice text, const char *others)
{
	for (size_t i = 0; i < text.len; i++)
		if (!ascii_is_digit(text.ptr[i]) && memchr(others, text.ptr[i], strlen(others)) == NULL)
			return false;
	return true;
}

/* Four numbers with dots that are no address: too large, or written with leading zeros. */
static enum detail quad_mistake(struct slice address)
{
	for (size_t at = 0; at <= address.len;) {
		size_t end = slice_find(address, '.', at);
		struct slice octet = slice_at(address, span_of(at, end - at));
		uint64_t value;
		if (octet.len == 0)
			return DETAIL_IP4_NOT_FOUR;
		if (!ascii_parse_uint(octet, 255, &value))
			return DETAIL_IP4_OCTET_TOO_LARGE;
		if (octet.len > 1 && octet.ptr[0] == '0')
			return DETAIL_IP4_LEADING_ZERO;
		at = end + 1;
	}
	return DETAIL_IP4_NOT_FOUR;
}

static enum detail ip4_mistake(struct slice address)
{
	struct ip ip;
	if (address.len == 0)
		return DETAIL_IP_EMPTY;
	if (ip_parse_v6(address, &ip))
		return DETAIL_IP4_IS_IP6;
	if (has_only(address, "."))
		return count_bytes(address, '.') == 3 ? quad_mistake(address) : DETAIL_IP4_NOT_FOUR;
	if (has_only(address, ".-") || slice_find(address, '*', 0) < address.len)
		return DETAIL_IP_RANGE;
	if (has_only(address, ".:") && count_bytes(address, ':') == 1)
		return DETAIL_IP_PORT;
	bool begins_as_address = has_only(slice_head(address, slice_find(address, '.', 0)), "");
	if (spf_domain_spec_is_host(address) && !begins_as_address)
		return DETAIL_IP_HOST_NAME;
	return DETAIL_IP4_NO_ADDRESS;
}

static enum detail ip6_mistake(struct slice address)
{
	struct ip ip;
	if (address.len == 0)
		return DETAIL_IP_EMPTY;
	if (ip_parse_v4(address, &ip))
		return DETAIL_IP6_IS_IP4;
	if (slice_find(address, '[', 0) < address.len || slice_find(address, ']', 0) < address.len)
		return DETAIL_IP6_BRACKETS;
	if (slice_find(address, '-', 0) < address.len && slice_find(address, ':', 0) < address.len)
		return DETAIL_IP_RANGE;
	if (spf_domain_spec_is_host(address))
		return DETAIL_IP_HOST_NAME;
	if (address.ptr[0] == ':' && address.len > 1 && address.ptr[1] != ':')
		return DETAIL_IP6_COLON;
	return DETAIL_IP6_NO_ADDRESS;
}

/* "192.0.2.*" is 192.0.2.0/24. */
static bool wildcard_network(struct arena *arena, struct slice address, struct slice *out)
{
	struct ip ip;
	if (address.len < 2 || address.ptr[address.len - 1] != '*')
		return false;
	struct slice head = slice_head(address, address.len - 1);
	struct slice zero = arena_printf(arena, "%.*s0", (int)head.len, head.ptr);
	if (!ip_parse_v4(zero, &ip))
		return false;
	*out = arena_printf(arena, "%.*s/24", (int)zero.len, zero.ptr);
	return true;
}

/* What to write instead of a value that is surely meant otherwise. */
static void fix_address(struct spf_reading *reading, struct finding *finding, struct span name,
	struct span address, struct span length)
{
	struct slice text = slice_at(reading->text, address);
	struct slice network;
	struct ip ip;
	if (finding->detail == DETAIL_IP4_IS_IP6)
		spf_reading_fix(reading, finding, name, SLICE("ip6"), true);
	else if (finding->detail == DETAIL_IP6_IS_IP4)
		spf_reading_fix(reading, finding, name, SLICE("ip4"), true);
	else if (finding->detail == DETAIL_IP_HOST_NAME)
		spf_reading_fix(reading, finding, name, SLICE("a"), false);
	else if (finding->detail == DETAIL_IP6_COLON && ip_parse_v6(slice_from(text, 1), &ip))
		spf_reading_fix(reading, finding, span_of(address.offset, 1), SLICE(""), true);
	else if (finding->detail == DETAIL_IP6_BRACKETS && text.len > 2 &&
		 ip_parse_v6(slice_at(text, span_of(1, text.len - 2)), &ip))
		spf_reading_fix(reading, finding, address, slice_at(text, span_of(1, text.len - 2)), true);
	else if (finding->detail == DETAIL_IP_PORT &&
		 ip_parse_v4(slice_head(text, slice_find(text, ':', 0)), &ip))
		spf_reading_fix(reading, finding, address, slice_head(text, slice_find(text, ':', 0)), true);
	else if (length.len == 0 && text.len < 16 && wildcard_network(reading->arena, text, &network))
		spf_reading_fix(reading, finding, address, network, true);
}

static void refuse_address(struct spf_reading *reading, enum ip_family family, struct span term,
	struct span name, struct span address, struct span length)
{
	enum rule_id rule = family == IP_V4 ? RULE_SPF_IP4_INVALID : RULE_SPF_IP6_INVALID;
	struct slice text = slice_at(reading->text, address);
	if (text.len == 0) {
		spf_reading_report(reading, rule, DETAIL_IP_EMPTY, term);
		return;
	}
	if (slice_find(text, '%', 0) < text.len) {
		bool is_macro = slice_search_nocase(text, SLICE("%{")) < text.len;
		if (is_macro || family == IP_V4) {
			spf_reading_report(reading, RULE_SPF_MACRO_IN_IP, DETAIL_NONE, address);
			return;
		}
		spf_reading_report(reading, rule, DETAIL_IP6_ZONE, address);
		return;
	}
	enum detail wrong = family == IP_V4 ? ip4_mistake(text) : ip6_mistake(text);
	struct finding *finding = spf_reading_report(reading, rule, wrong, address);
	fix_address(reading, finding, name, address, length);
}

bool spf_network_parse(struct spf_reading *reading, enum ip_family family, struct span term, struct span name,
	struct span value, struct prefix *out)
{
	struct slice text = slice_at(reading->text, value);
	size_t slash = slice_find(text, '/', 0);
	struct span address = span_of(value.offset, slash);
	struct span length = span_of(value.offset + slash, text.len - slash);
	struct slice address_text = slice_at(reading->text, address);
	out->length = ip_bits(family);
	if (family == IP_V4 ? !ip_parse_v4(address_text, &out->ip) : !ip_parse_v6(address_text, &out->ip)) {
		refuse_address(reading, family, term, name, address, length);
		/* An address of the other family has lengths of its own. */
		struct ip other;
		unsigned char ignored;
		if (!ip_parse(address_text, &other))
			other.family = family;
		parse_length(reading, length, other.family, &ignored);
		return false;
	}
	return parse_length(reading, length, family, &out->length);
}
