/* lane_capture: see lane_capture.h. */
#include "dns/lane_capture.h"

#include <stdlib.h>

#define TCP_MESSAGE_MAX (2 + 65535)
#define HEADER_SIZE	WIRE_STANDIN_OFFSET
#define QUESTION_END	4 /* type and class, behind the name */

void lane_capture_free(struct lane_capture *capture)
{
	free(capture->bytes);
	capture->bytes = NULL;
}

/* Where in a message the byte stands that comes after `total` others. A datagram is a message; over TCP
 * the two bytes of the length have the offsets "below 0", which are past any message. */
static size_t message_offset(const struct lane_capture *capture, size_t total)
{
	return capture->is_tcp ? total - 2 : 0;
}

/* --- the query ----------------------------------------------------------------------------------------- */

void lane_capture_start(struct lane_capture *capture, bool is_tcp, unsigned char *query, size_t len)
{
	size_t at = HEADER_SIZE;
	while (at < len && query[at] != 0)
		at += 1 + (size_t)query[at];
	capture->is_tcp = is_tcp;
	capture->question_len = at + 1 + QUESTION_END - HEADER_SIZE;
	memcpy(capture->question, query + HEADER_SIZE, capture->question_len);
	capture->len = 0;
	capture->begin_len = 0;
	capture->sent = 0;
	capture->received = 0;
	wire_standin_init(&capture->standin, query, len);
	wire_standin_show(&capture->standin, 0, query, len);
}

void lane_capture_restore(const struct lane_capture *capture, unsigned char *query, size_t len)
{
	wire_standin_reveal(&capture->standin, 0, query, len);
}

size_t lane_capture_query(
	const struct lane_capture *capture, const struct iovec *parts, int count, unsigned char *out)
{
	size_t len = 0;
	for (int i = 0; i < count; i++) {
		size_t room = LANE_CAPTURE_QUERY_MAX - len;
		size_t part = parts[i].iov_len < room ? parts[i].iov_len : room;
		memcpy(out + len, parts[i].iov_base, part);
		len += part;
	}
	wire_standin_reveal(&capture->standin, message_offset(capture, capture->sent), out, len);
	return len;
}

void lane_capture_sent(struct lane_capture *capture, const unsigned char *bytes, size_t count)
{
	for (size_t i = 0; i < count && capture->begin_len < sizeof capture->begin; i++)
		capture->begin[capture->begin_len++] = bytes[i];
	capture->sent += count;
}

/* --- the reply ----------------------------------------------------------------------------------------- */

/* The whole message; empty when there is none yet. */
static struct slice message_of(const struct lane_capture *capture)
{
	struct slice received = slice_of((const char *)capture->bytes, capture->len);
	if (!capture->is_tcp)
		return received;
	if (received.len < 2)
		return slice_of(NULL, 0);
	size_t len = (size_t)(capture->bytes[0] << 8 | capture->bytes[1]);
	return received.len - 2 < len ? slice_of(NULL, 0) : slice_at(received, span_of(2, len));
}

struct slice lane_capture_reply(const struct lane_capture *capture)
{
	struct slice message = message_of(capture);
	struct slice question = slice_of(capture->question, capture->question_len);
	size_t prefix = capture->is_tcp ? 2 : 0;
	if (capture->begin_len < prefix + 2 || message.len < HEADER_SIZE ||
		memcmp(message.ptr, capture->begin + prefix, 2) != 0)
		return slice_of(NULL, 0);
	bool has_no_question = message.ptr[4] == 0 && message.ptr[5] == 0;
	if (!has_no_question &&
		!slice_equal_nocase(slice_at(message, span_of(HEADER_SIZE, question.len)), question))
		return slice_of(NULL, 0);
	return message;
}

/* Room for `count` more bytes. False: out of memory. */
static bool reserve(struct lane_capture *capture, size_t count)
{
	if (capture->len + count <= capture->capacity)
		return true;
	unsigned char *larger = realloc(capture->bytes, capture->len + count);
	if (larger == NULL)
		return false;
	capture->bytes = larger;
	capture->capacity = capture->len + count;
	return true;
}

/* Over UDP the first datagram that fits is the reply; over TCP the stream is put together, up to the size
 * of a message. */
static bool keep(struct lane_capture *capture, const unsigned char *bytes, size_t count)
{
	if (lane_capture_reply(capture).len > 0)
		return true;
	if (!capture->is_tcp)
		capture->len = 0;
	if (capture->len + count > TCP_MESSAGE_MAX)
		return true;
	if (!reserve(capture, count))
		return false;
	memcpy(capture->bytes + capture->len, bytes, count);
	capture->len += count;
	return true;
}

bool lane_capture_received(struct lane_capture *capture, unsigned char *bytes, size_t count)
{
	bool kept = keep(capture, bytes, count);
	wire_standin_show(&capture->standin, message_offset(capture, capture->received), bytes, count);
	capture->received += count;
	return kept;
}
