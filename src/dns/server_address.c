/* server_address: where a name server listens; see server_address.h. */
#include "dns/server_address.h"

#include "base/ascii.h"

static bool parse_port(struct slice text, uint16_t *out)
{
	uint64_t number;
	if (!ascii_parse_uint(text, UINT16_MAX, &number) || number == 0)
		return false;
	*out = (uint16_t)number;
	return true;
}

/* "[ADDRESS]" or "[ADDRESS]:PORT" */
static bool parse_bracketed(struct slice text, struct server_address *out)
{
	size_t close = slice_find(text, ']', 0);
	struct slice behind = slice_from(text, close + 1);
	if (close == text.len || !ip_parse_v6(slice_at(text, span_of(1, close - 1)), &out->ip))
		return false;
	return behind.len == 0 || (behind.ptr[0] == ':' && parse_port(slice_from(behind, 1), &out->port));
}

/* "ADDRESS" of either family, or "IPV4:PORT" */
static bool parse_plain(struct slice text, struct server_address *out)
{
	if (ip_parse(text, &out->ip))
		return true;
	size_t colon = slice_find(text, ':', 0);
	return ip_parse_v4(slice_head(text, colon), &out->ip) &&
	       parse_port(slice_from(text, colon + 1), &out->port);
}

bool server_address_parse(struct slice text, struct server_address *out)
{
	struct server_address address = {.port = SERVER_ADDRESS_PORT};
	bool is_bracketed = text.len > 0 && text.ptr[0] == '[';
	if (!(is_bracketed ? parse_bracketed(text, &address) : parse_plain(text, &address)))
		return false;
	*out = address;
	return true;
}

struct slice server_address_text(struct arena *arena, struct server_address address)
{
	struct slice ip = ip_text(arena, address.ip);
	const char *open = address.ip.family == IP_V6 ? "[" : "";
	const char *close = address.ip.family == IP_V6 ? "]" : "";
	return arena_printf(arena, "%s%.*s%s:%u", open, (int)ip.len, ip.ptr, close, (unsigned)address.port);
}

bool server_address_is_loopback(struct server_address address)
{
	static const unsigned char loopback_v6[16] = {[15] = 1};
	if (address.ip.family == IP_V4)
		return address.ip.bytes[0] == 127;
	return memcmp(address.ip.bytes, loopback_v6, sizeof loopback_v6) == 0;
}
