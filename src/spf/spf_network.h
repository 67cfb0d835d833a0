/* spf_network: the addresses and prefix lengths in a term (RFC 7208 5.3, 5.6, 12). */
#ifndef SPF_SPF_NETWORK_H
#define SPF_SPF_NETWORK_H

#include "base/ip.h"
#include "spf/spf_reading.h"

/* Reads "address[/length]" of `family` at `value`; mistakes become findings. `term` is the whole term, for
 * the fix of a value that belongs to another mechanism; `name` is that of the mechanism. */
bool spf_network_parse(struct spf_reading *reading, enum ip_family family, struct span term, struct span name,
	struct span value, struct prefix *out);

/* Reads a dual-cidr-length, "/24", "//64" or "/24//64", at `span`, which begins with '/'. */
bool spf_network_parse_dual(
	struct spf_reading *reading, struct span span, unsigned char *ip4_length, unsigned char *ip6_length);

/* Where the length at the end of an argument begins: at the first '/' of the digits and slashes that end it,
 * but not within "%{...}"; the end of `argument` when there is none. A domain-spec never ends so. RFC 7208
 * 12 */
size_t spf_network_find_length(struct slice argument);

/* "192.0.2.1" or "2001:db8::/32", with or without a length. */
bool spf_network_is_network(struct slice text, enum ip_family *family);

#endif
