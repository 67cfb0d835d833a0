/* wire: the bytes a name server sent, as answers (RFC 1035 4.1, 2181, 2308, 6604, 6672, 6891).
 *
 * Every byte is hostile. The reader checks that the message answers the question at all, then takes from it
 * only what the question leads to: from the asked name along the CNAMEs in the message to the records of the
 * asked type.
 *
 *     question  www.example.com TXT
 *     message   www.example.com CNAME a.example.net,  a.example.net TXT "x"
 *     answers   [0] www.example.com TXT: ANSWER_ALIAS with the CNAME
 *               [1] a.example.net   TXT: ANSWER_RECORDS with "x"
 *
 * A broken message says nothing. A record whose data has not the form of its type, in a message that is whole
 * otherwise, is kept and marked `malformed`.
 */
#ifndef DNS_WIRE_H
#define DNS_WIRE_H

#include "dns/answer.h"

enum wire_status {
	WIRE_ANSWERED,	/* answers[0] is for the question, the others come with it */
	WIRE_TRUNCATED, /* TC: ask again over TCP */
	WIRE_FAILED,	/* the server says that it cannot or will not: `failure`, `rcode` */
	WIRE_MALFORMED, /* cut, contradictory, or with names that have no end */
	WIRE_UNRELATED	/* not a response, or to another question */
};

/* How the message came; goes into the answers. */
struct wire_context {
	struct origin origin;
	bool trust_ad; /* believe the AD bit */
	bool over_tcp;
	bool truncated; /* an answer over UDP was cut before */
};

/* What a message says. `rcode` with the extended bits of OPT; answers live in the arena given. */
struct wire_reply {
	enum wire_status status;
	enum dns_failure failure;
	uint16_t rcode;
	const struct answer *answers;
	size_t count;
};

/* Reads `message`, the reply to `question`. The ID is not looked at: the lane matched it. The answers borrow
 * `question->name` and context->origin's text; everything else is in `arena`. */
struct wire_reply wire_read(struct arena *arena, struct slice message, const struct question *question,
	const struct wire_context *context);

#endif
