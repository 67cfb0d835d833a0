/* ip: an IPv4 or IPv6 address, and a network of either (RFC 7208 5.6, RFC 4291 2.2, RFC 5952). */
#ifndef BASE_IP_H
#define BASE_IP_H

#include "base/arena.h"

enum ip_family { IP_V4, IP_V6 };

/* Bytes in network order; IP_V4 uses the first four, the others are 0. */
struct ip {
	enum ip_family family;
	unsigned char bytes[16];
};

/* `length` leading bits count: 0-32 or 0-128. Host bits are kept as they were written unless
 * prefix_masked() was called. */
struct prefix {
	struct ip ip;
	unsigned char length;
};

/* 32 or 128. */
unsigned char ip_bits(enum ip_family family);

/* Exactly four decimal octets without leading zeros (RFC 7208 12, qnum). */
bool ip_parse_v4(struct slice text, struct ip *out);

/* Any text form of RFC 4291 2.2; no zone id, no brackets; `::` stands for at least one group. */
bool ip_parse_v6(struct slice text, struct ip *out);

/* Either of them. */
bool ip_parse(struct slice text, struct ip *out);

/* An address of the form ::ffff:a.b.c.d becomes the IPv4 address it maps (RFC 7208 5); any other one is
 * returned as it is. */
struct ip ip_unmapped(struct ip ip);
bool ip_is_mapped(struct ip ip);

/* Dotted quad, or RFC 5952 text. */
struct slice ip_text(struct arena *arena, struct ip ip);

/* "192.0.2.0/24": always with the length. */
struct slice prefix_text(struct arena *arena, struct prefix prefix);

/* The value of the macro %{i}: dotted quad, or 32 nibbles with dots between them, lower case (RFC 7208
 * 7.3). */
struct slice ip_macro_text(struct arena *arena, struct ip ip);

/* The name under in-addr.arpa or ip6.arpa whose PTR records name this address, as text without final dot
 * (RFC 1035 3.5, RFC 3596 2.5). */
struct slice ip_reverse_name(struct arena *arena, struct ip ip);

bool ip_equal(struct ip a, struct ip b);

/* The same network with its host bits set to 0. */
struct prefix prefix_masked(struct prefix prefix);

/* False when the families differ. */
bool prefix_contains(struct prefix prefix, struct ip ip);

/* A network of IPv4-mapped addresses as one of IPv4 (RFC 7208 5): ::ffff:192.0.2.0/120 is 192.0.2.0/24. Any
 * other as it is. */
struct prefix prefix_unmapped(struct prefix prefix);

#endif
