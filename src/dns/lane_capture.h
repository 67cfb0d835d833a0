/* lane_capture: what passes the socket of a lane that carries one packet: the reply's bytes as they came,
 * for a c-ares that would hand over its own version of them or drop them, and names in place of which it was
 * given others (wire_standin.h).
 *
 *     lane_capture_start()     the query that is sent next
 *     lane_capture_query()     bytes of c-ares on their way out
 *     lane_capture_received()  bytes from the wire on their way to c-ares
 *     lane_capture_reply()     the reply, when it is there
 */
#ifndef DNS_LANE_CAPTURE_H
#define DNS_LANE_CAPTURE_H

#include <sys/uio.h>

#include "dns/wire_standin.h"

#define LANE_CAPTURE_QUERY_MAX 512 /* bytes of a query with all that c-ares adds */
#define LANE_CAPTURE_QUESTION  (NAME_MAX_WIRE + 4)

/* All zero: nothing is captured, and bytes pass unchanged. */
struct lane_capture {
	bool is_tcp;		/* a length stands in front of each message (RFC 1035 4.2.2) */
	unsigned char begin[4]; /* of what was sent: length (TCP) and ID */
	size_t begin_len;
	char question[LANE_CAPTURE_QUESTION]; /* as asked: name, type, class */
	size_t question_len;
	unsigned char *bytes; /* of the reply; over TCP with its length in front */
	size_t len;
	size_t capacity;
	struct wire_standin standin;
	size_t sent, received; /* bytes on the wire */
};

void lane_capture_free(struct lane_capture *capture);

/* Before `query` (header, one question, perhaps an OPT record) goes to c-ares: forgets all and puts a
 * stand-in for the name into it, where one is needed. lane_capture_restore() puts the name back. */
void lane_capture_start(struct lane_capture *capture, bool is_tcp, unsigned char *query, size_t len);
void lane_capture_restore(const struct lane_capture *capture, unsigned char *query, size_t len);

/* The first bytes of `parts`, at most LANE_CAPTURE_QUERY_MAX of them, as they go on the wire. Returns their
 * number. */
size_t lane_capture_query(
	const struct lane_capture *capture, const struct iovec *parts, int count, unsigned char *out);

/* `count` bytes of those went out. */
void lane_capture_sent(struct lane_capture *capture, const unsigned char *bytes, size_t count);

/* `bytes` came in; changes them to what c-ares is to see. False: out of memory. */
bool lane_capture_received(struct lane_capture *capture, unsigned char *bytes, size_t count);

/* The message that came when it is to what was sent; else empty. The rule is that of c-ares: the ID, and the
 * question in any letters. Other messages are ignored, whoever sent them. */
struct slice lane_capture_reply(const struct lane_capture *capture);

#endif
