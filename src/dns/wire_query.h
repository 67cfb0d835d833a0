/* wire_query: a question as the packet that asks it (RFC 1035 4.1, RFC 6891 6.1, RFC 6840 5.7).
 *
 *     header   id 0 (the lane draws one), RD, AD: "tell me whether you validated"
 *     question one, class IN
 *     OPT      1232 bytes of UDP payload, without options, and always last: c-ares may have to cut it off
 */
#ifndef DNS_WIRE_QUERY_H
#define DNS_WIRE_QUERY_H

#include "dns/answer.h"

#define WIRE_QUERY_UDP_SIZE 1232			  /* what survives every path without fragments */
#define WIRE_QUERY_MAX	    (12 + NAME_MAX_WIRE + 4 + 11) /* header, question, OPT */

/* Writes the packet for `question` into `packet` and returns its length. `edns`: with an OPT record. */
size_t wire_query(const struct question *question, bool edns, unsigned char packet[WIRE_QUERY_MAX]);

#endif
