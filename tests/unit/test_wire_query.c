/* Tests of wire_query: packets byte by byte. */
#include "dns/wire_query.h"

#include "support/unit.h"

/* clang-format off */
#define OPT "\0" "\0\x29" "\4\xd0" "\0\0\0\0" "\0\0"
#define PACKET(...) {__VA_ARGS__, sizeof(__VA_ARGS__) - 1}
/* clang-format on */

struct row {
	const char *name;
	uint16_t type;
	bool edns;
	struct slice packet;
};

/* clang-format off */
static const struct row rows[] = {
	{"Example.com", RRTYPE_TXT, true,
		PACKET("\0\0" "\1\x20" "\0\1" "\0\0" "\0\0" "\0\1" "\7example\3com\0" "\0\x10" "\0\1" OPT)},
	{"example.com", RRTYPE_MX, false,
		PACKET("\0\0" "\1\x20" "\0\1" "\0\0" "\0\0" "\0\0" "\7example\3com\0" "\0\x0f" "\0\1")},
	{".", RRTYPE_NS, true,
		PACKET("\0\0" "\1\x20" "\0\1" "\0\0" "\0\0" "\0\1" "\0" "\0\2" "\0\1" OPT)},
	{"example.com", 65280, true,
		PACKET("\0\0" "\1\x20" "\0\1" "\0\0" "\0\0" "\0\1" "\7example\3com\0" "\xff\0" "\0\1" OPT)},
};
/* clang-format on */

START_TEST(test_packet)
{
	const struct row *row = &rows[_i];
	unsigned char packet[WIRE_QUERY_MAX];
	struct question question = {.type = row->type};
	ck_assert_int_eq(name_from_text(unit_arena(), slice_cstr(row->name), &question.name), NAME_OK);
	size_t len = wire_query(&question, row->edns, packet);
	unit_assert_slice(slice_of((const char *)packet, len), row->packet);
}
END_TEST

/* The longest name there is fills the packet exactly. */
START_TEST(test_longest)
{
	char wire[NAME_MAX_WIRE] = {0};
	unsigned char packet[WIRE_QUERY_MAX];
	for (size_t at = 0; at < NAME_MAX_WIRE - 1; at += 2) {
		wire[at] = 1;
		wire[at + 1] = 'a';
	}
	struct question question = {{wire, sizeof wire}, RRTYPE_TXT};
	ck_assert_uint_eq(wire_query(&question, true, packet), WIRE_QUERY_MAX);
	ck_assert_mem_eq(packet + 12, wire, sizeof wire);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("wire_query");
	TCase *tcase = tcase_create("wire_query");
	tcase_add_loop_test(tcase, test_packet, 0, (int)(sizeof rows / sizeof rows[0]));
	tcase_add_test(tcase, test_longest);
	suite_add_tcase(suite, tcase);
	return unit_run(suite);
}
