/* server_address: where a name server listens: "192.0.2.53", "192.0.2.53:5353", "2001:db8::53",
 * "[2001:db8::53]:5353". */
#ifndef DNS_SERVER_ADDRESS_H
#define DNS_SERVER_ADDRESS_H

#include <stdint.h>

#include "base/ip.h"

#define SERVER_ADDRESS_PORT 53

struct server_address {
	struct ip ip;
	uint16_t port; /* of UDP and TCP; never 0 */
};

/* False, and *out untouched, when `text` is anything else. */
bool server_address_parse(struct slice text, struct server_address *out);

/* "192.0.2.53:53", "[2001:db8::53]:53": always with the port. */
struct slice server_address_text(struct arena *arena, struct server_address address);

/* 127.0.0.0/8 and ::1: nobody is between us and that server. */
bool server_address_is_loopback(struct server_address address);

#endif
