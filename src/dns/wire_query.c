/* wire_query: a question as the packet that asks it; see wire_query.h. */
#include "dns/wire_query.h"

#define FLAG_RD	 0x0100U /* RFC 1035 4.1.1 */
#define FLAG_AD	 0x0020U /* RFC 6840 5.7: the client understands the AD bit */
#define CLASS_IN 1

static unsigned char *put_u16(unsigned char *at, unsigned value)
{
	at[0] = (unsigned char)(value >> 8);
	at[1] = (unsigned char)(value & 0xff);
	return at + 2;
}

/* RFC 6891 6.1.2: the root, OPT, payload size, extended RCODE and flags 0, no options. */
static unsigned char *put_opt(unsigned char *at)
{
	*at++ = 0;
	at = put_u16(at, RRTYPE_OPT);
	at = put_u16(at, WIRE_QUERY_UDP_SIZE);
	at = put_u16(at, 0);
	at = put_u16(at, 0);
	return put_u16(at, 0);
}

size_t wire_query(const struct question *question, bool edns, unsigned char packet[WIRE_QUERY_MAX])
{
	unsigned char *at = packet;
	at = put_u16(at, 0); /* id */
	at = put_u16(at, FLAG_RD | FLAG_AD);
	at = put_u16(at, 1);
	at = put_u16(at, 0);
	at = put_u16(at, 0);
	at = put_u16(at, edns ? 1 : 0);
	memcpy(at, question->name.wire, question->name.len);
	at += question->name.len;
	at = put_u16(at, question->type);
	at = put_u16(at, CLASS_IN);
	if (edns)
		at = put_opt(at);
	return (size_t)(at - packet);
}
