/* Tests of dns/lane_capture.h. */
#include "dns/lane_capture.h"

#include <check.h>

#include "support/unit.h"

#define QUESTION       "\3a+b\7example\0\0\x10\0\1"
#define QUESTION_SHOWN "\3axb\7example\0\0\x10\0\1"
#define QUERY	       "\xab\xcd\1\0\0\1\0\0\0\0\0\0" QUESTION
#define QUERY_SHOWN    "\xab\xcd\1\0\0\1\0\0\0\0\0\0" QUESTION_SHOWN
#define REPLY	       "\xab\xcd\x81\x80\0\1\0\0\0\0\0\0" QUESTION
#define REPLY_SHOWN    "\xab\xcd\x81\x80\0\1\0\0\0\0\0\0" QUESTION_SHOWN
#define SIZE	       (sizeof QUERY - 1)

/* A capture whose query is on the wire. */
static void begin(struct lane_capture *capture, bool is_tcp)
{
	unsigned char query[SIZE], out[LANE_CAPTURE_QUERY_MAX];
	unsigned char length[2] = {0, SIZE};
	*capture = (struct lane_capture){.len = 0};
	memcpy(query, QUERY, SIZE);
	lane_capture_start(capture, is_tcp, query, SIZE);
	ck_assert_mem_eq(query, QUERY_SHOWN, SIZE);
	struct iovec parts[2] = {{length, is_tcp ? 2 : 0}, {query, SIZE}};
	size_t len = lane_capture_query(capture, parts, 2, out);
	ck_assert_uint_eq(len, SIZE + parts[0].iov_len);
	ck_assert_mem_eq(out + parts[0].iov_len, QUERY, SIZE);
	lane_capture_sent(capture, out, len);
	lane_capture_restore(capture, query, SIZE);
	ck_assert_mem_eq(query, QUERY, SIZE);
}

static const struct row {
	const char *name;
	const char *bytes;
	size_t len;
	bool is_reply;
} rows[] = {
	{"the reply", REPLY, SIZE, true},
	{"letters of another case", "\xab\xcd\x81\x80\0\1\0\0\0\0\0\0\3A+B\7eXample\0\0\x10\0\1", SIZE, true},
	{"no question at all", "\xab\xcd\x81\x81\0\0\0\0\0\0\0\0", 12, true},
	{"another ID", "\xab\xce\x81\x80\0\1\0\0\0\0\0\0" QUESTION, SIZE, false},
	{"another name", "\xab\xcd\x81\x80\0\1\0\0\0\0\0\0\3axb\7example\0\0\x10\0\1", SIZE, false},
	{"another type", "\xab\xcd\x81\x80\0\1\0\0\0\0\0\0\3a+b\7example\0\0\x01\0\1", SIZE, false},
	{"cut in the question", REPLY, SIZE - 1, false},
	{"shorter than a header", REPLY, 11, false},
};

START_TEST(test_udp)
{
	struct lane_capture capture;
	unsigned char bytes[SIZE];
	begin(&capture, false);
	memcpy(bytes, rows[_i].bytes, rows[_i].len);
	ck_assert(lane_capture_received(&capture, bytes, rows[_i].len));
	struct slice reply = lane_capture_reply(&capture);
	ck_assert_msg((reply.len > 0) == rows[_i].is_reply, "%s", rows[_i].name);
	if (reply.len > 0)
		ck_assert_mem_eq(reply.ptr, rows[_i].bytes, rows[_i].len);
	/* What comes first and is no reply does not hide the reply behind it. */
	memcpy(bytes, REPLY, SIZE);
	ck_assert(lane_capture_received(&capture, bytes, SIZE));
	ck_assert_mem_eq(bytes, REPLY_SHOWN, SIZE);
	ck_assert_uint_gt(lane_capture_reply(&capture).len, 0);
	lane_capture_free(&capture);
}
END_TEST

START_TEST(test_tcp_in_pieces)
{
	unsigned char stream[2 + SIZE], seen[2 + SIZE];
	stream[0] = 0;
	stream[1] = SIZE;
	memcpy(stream + 2, REPLY, SIZE);
	for (size_t piece = 1; piece <= sizeof stream; piece++) {
		struct lane_capture capture;
		begin(&capture, true);
		for (size_t at = 0; at < sizeof stream; at += piece) {
			size_t len = sizeof stream - at < piece ? sizeof stream - at : piece;
			ck_assert_uint_eq(lane_capture_reply(&capture).len, 0);
			memcpy(seen + at, stream + at, len);
			ck_assert(lane_capture_received(&capture, seen + at, len));
		}
		struct slice reply = lane_capture_reply(&capture);
		ck_assert_uint_eq(reply.len, SIZE);
		ck_assert_mem_eq(reply.ptr, REPLY, SIZE);
		ck_assert_mem_eq(seen + 2, REPLY_SHOWN, SIZE);
		lane_capture_free(&capture);
	}
}
END_TEST

/* A stream without end is not kept. */
START_TEST(test_tcp_is_bounded)
{
	struct lane_capture capture;
	unsigned char bytes[4096];
	begin(&capture, true);
	for (size_t i = 0; i < 100; i++) {
		memset(bytes, 0xff, sizeof bytes);
		ck_assert(lane_capture_received(&capture, bytes, sizeof bytes));
	}
	ck_assert_uint_le(capture.len, 2 + 65535);
	lane_capture_free(&capture);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("lane_capture");
	TCase *tcase = tcase_create("capture");
	suite_add_tcase(suite, tcase);
	tcase_add_loop_test(tcase, test_udp, 0, (int)(sizeof rows / sizeof rows[0]));
	tcase_add_test(tcase, test_tcp_in_pieces);
	tcase_add_test(tcase, test_tcp_is_bounded);
	return unit_run(suite);
}
