/* wire_standin: a host name that is sent in the place of a name that is none.
 *
 * A label may have any byte (RFC 2181 11), and SPF asks for such names: the local part of a sender is often
 * one of "news+user=example.net" (RFC 7208 7.2, %{l}). Newer versions of c-ares send questions about host
 * names only. So they are given another name of the same form, and the real one is put in on its way out
 * and taken out on its way back:
 *
 *     to c-ares   4 a x b x 7 e x a m p l e 0
 *     on the wire 4 a + b = 7 e x a m p l e 0
 */
#ifndef DNS_WIRE_STANDIN_H
#define DNS_WIRE_STANDIN_H

#include "dns/name.h"

/* Where the name begins in a message: behind the header (RFC 1035 4.1). */
#define WIRE_STANDIN_OFFSET 12

struct wire_standin {
	unsigned char real[NAME_MAX_WIRE];
	unsigned char shown[NAME_MAX_WIRE];
	size_t len;	/* of both */
	bool is_needed; /* they differ */
};

/* Fills *standin for the name in wire form that `message`, a query, asks about. */
void wire_standin_init(struct wire_standin *standin, const unsigned char *message, size_t len);

/* In bytes that begin at offset `at` of a message: the name from one form to the other. Bytes that are not
 * those of the name are left alone. */
void wire_standin_show(const struct wire_standin *standin, size_t at, unsigned char *bytes, size_t len);
void wire_standin_reveal(const struct wire_standin *standin, size_t at, unsigned char *bytes, size_t len);

#endif
