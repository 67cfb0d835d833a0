/* Tests of dns/wire_standin.h. */
#include "dns/wire_standin.h"

#include <check.h>

#include "support/unit.h"

#define HEADER "\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00"

static const struct row {
	const char *name;
	const char *real, *shown; /* the name in wire form, without its last 0 */
	size_t len;
} rows[] = {
	{"a host name stays", "\3www\7example", "\3www\7example", 12},
	{"underscore, slash and star are sent as they are", "\6_dmarc\3a/b\1*", "\6_dmarc\3a/b\1*", 13},
	{"a sender's local part", "\5n+u=x\7example", "\5nxuxx\7example", 14},
	{"a dot within a label is no border", "\3a.b\7example", "\3axb\7example", 12},
	{"controls, NUL and bytes above ASCII", "\4\x01\0\xc3\\\1b", "\4xxxx\1b", 7},
	{"a length that looks like another byte",
		"\x2b"
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa+\1b",
		"\x2b"
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaax\1b",
		46},
};

static size_t message(unsigned char *out, const char *name, size_t len)
{
	memcpy(out, HEADER, WIRE_STANDIN_OFFSET);
	memcpy(out + WIRE_STANDIN_OFFSET, name, len);
	memcpy(out + WIRE_STANDIN_OFFSET + len, "\0\0\x10\0\1+", 6); /* end, TXT, IN, and a byte behind it */
	return WIRE_STANDIN_OFFSET + len + 6;
}

START_TEST(test_there_and_back)
{
	const struct row *row = &rows[_i];
	unsigned char real[100], shown[100], bytes[100];
	struct wire_standin standin;
	size_t len = message(real, row->real, row->len);
	message(shown, row->shown, row->len);
	wire_standin_init(&standin, real, len);
	ck_assert_msg(standin.is_needed == (memcmp(real, shown, len) != 0), "%s", row->name);
	memcpy(bytes, real, len);
	wire_standin_show(&standin, 0, bytes, len);
	ck_assert_msg(memcmp(bytes, shown, len) == 0, "%s", row->name);
	wire_standin_reveal(&standin, 0, bytes, len);
	ck_assert_msg(memcmp(bytes, real, len) == 0, "%s", row->name);
}
END_TEST

/* A TCP stream comes in any pieces; its length stands at offsets "below 0". */
START_TEST(test_pieces)
{
	const struct row *row = &rows[_i];
	unsigned char real[100], bytes[100], shown[100];
	struct wire_standin standin;
	size_t len = message(real + 2, row->real, row->len) + 2;
	real[0] = 0;
	real[1] = '+';
	wire_standin_init(&standin, real + 2, len - 2);
	memcpy(shown, real, 2);
	message(shown + 2, row->shown, row->len);
	for (size_t piece = 1; piece <= len; piece++) {
		memcpy(bytes, real, len);
		for (size_t at = 0; at < len; at += piece)
			wire_standin_show(&standin, at - 2, bytes + at, len - at < piece ? len - at : piece);
		ck_assert_msg(memcmp(bytes, shown, len) == 0, "%s in pieces of %zu", row->name, piece);
	}
}
END_TEST

START_TEST(test_other_messages_stay)
{
	unsigned char query[100], other[100], before[100];
	struct wire_standin standin;
	size_t len = message(query, "\3a+b\7example", 12);
	wire_standin_init(&standin, query, len);
	message(other, "\3a-c\7example", 12);
	memcpy(before, other, len);
	wire_standin_show(&standin, 0, other, len);
	ck_assert_mem_eq(other, before, len);
}
END_TEST

START_TEST(test_messages_that_are_cut)
{
	unsigned char query[100];
	struct wire_standin standin;
	size_t len = message(query, "\3a+b\7example", 12);
	for (size_t cut = 0; cut < len; cut++) {
		wire_standin_init(&standin, query, cut);
		ck_assert_uint_le(standin.len, NAME_MAX_WIRE);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("wire_standin");
	TCase *tcase = tcase_create("stand-in");
	suite_add_tcase(suite, tcase);
	tcase_add_loop_test(tcase, test_there_and_back, 0, (int)(sizeof rows / sizeof rows[0]));
	tcase_add_loop_test(tcase, test_pieces, 0, (int)(sizeof rows / sizeof rows[0]));
	tcase_add_test(tcase, test_other_messages_stay);
	tcase_add_test(tcase, test_messages_that_are_cut);
	return unit_run(suite);
}
