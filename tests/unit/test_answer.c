/* Record data from hostile bytes, order, copies, names of types and failures. */
#include "dns/answer.h"

#include <stdlib.h>

#include "base/ascii.h"
#include "dns/table.h"
#include "support/unit.h"

struct decode_row {
	const char *label;
	uint16_t type;
	struct slice rdata;
	const char *shown; /* NULL: malformed */
};

#define LONGEST "\x3f" FILL63
#define FILL63	"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define FILL61	"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define BYTES(literal)                                                                                       \
	{                                                                                                    \
		literal, sizeof(literal) - 1                                                                 \
	}

static const struct decode_row decode_rows[] = {
	{"one string", RRTYPE_TXT, BYTES("\2ab"), "[ab]"},
	{"strings with NUL and quotes", RRTYPE_TXT, BYTES("\2a\0\1\"\0"), "[a\\000][\"][]"},
	{"empty string", RRTYPE_SPF, BYTES("\0"), "[]"},
	{"no string", RRTYPE_TXT, BYTES(""), NULL},
	{"string that is cut", RRTYPE_TXT, BYTES("\1a\3bc"), NULL},
	{"length byte alone", RRTYPE_TXT, BYTES("\1a\1"), NULL},
	{"address", RRTYPE_A, BYTES("\300\0\2\1"), "c0000201"},
	{"short address", RRTYPE_A, BYTES("\300\0\2"), NULL},
	{"long address", RRTYPE_A, BYTES("\300\0\2\1\1"), NULL},
	{"no address", RRTYPE_A, BYTES(""), NULL},
	{"IPv6 address", RRTYPE_AAAA, BYTES("\x20\1\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\1"),
		"20010db8000000000000000000000001"},
	{"short IPv6 address", RRTYPE_AAAA, BYTES("\300\0\2\1"), NULL},
	{"name", RRTYPE_CNAME, BYTES("\1A\3b.C\0"), "a.b\\.c"},
	{"root", RRTYPE_NS, BYTES("\0"), "."},
	{"no name", RRTYPE_PTR, BYTES(""), NULL},
	{"name without end", RRTYPE_CNAME, BYTES("\1a\1b"), NULL},
	{"name that is cut", RRTYPE_CNAME, BYTES("\1a\5b\0"), NULL},
	{"bytes behind a name", RRTYPE_CNAME, BYTES("\1a\0\0"), NULL},
	{"pointer", RRTYPE_CNAME, BYTES("\xc0\x0c"), NULL},
	{"label of 64", RRTYPE_CNAME, BYTES("\x40" FILL63 "a\0"), NULL},
	{"name of 255", RRTYPE_DNAME, BYTES(LONGEST LONGEST LONGEST "\x3d" FILL61 "\0"),
		FILL63 "." FILL63 "." FILL63 "." FILL61},
	{"name of 256", RRTYPE_DNAME, BYTES(LONGEST LONGEST LONGEST "\x3e" FILL61 "a\0"), NULL},
	{"mail server", RRTYPE_MX, BYTES("\1\2\1m\0"), "258 m"},
	{"null MX", RRTYPE_MX, BYTES("\0\0\0"), "0 ."},
	{"MX without name", RRTYPE_MX, BYTES("\0\1"), NULL},
	{"MX of one byte", RRTYPE_MX, BYTES("\0"), NULL},
	{"unknown type", 65280, BYTES("\377"), ""},
	{"unknown type without data", 65280, BYTES(""), ""},
};

static struct slice show(struct arena *arena, const struct record *record)
{
	struct slice out = slice_of("", 0);
	size_t bytes = record->type == RRTYPE_A ? 4 : record->type == RRTYPE_AAAA ? 16 : 0;
	for (size_t i = 0; i < bytes; i++)
		out = arena_printf(arena, "%.*s%02x", (int)out.len, out.ptr, record->data.address[i]);
	if (record->type == RRTYPE_MX)
		return arena_printf(arena, "%d %s", record->data.mx.preference,
			name_text(arena, record->data.mx.exchange).ptr);
	if (record->type == RRTYPE_TXT || record->type == RRTYPE_SPF)
		for (size_t i = 0; i < record->data.txt.count; i++) {
			struct slice text = ascii_escape(arena, record->data.txt.strings[i]);
			out = arena_printf(
				arena, "%.*s[%.*s]", (int)out.len, out.ptr, (int)text.len, text.ptr);
		}
	if (!name_is_none(record->data.target) && out.len == 0)
		return name_text(arena, record->data.target);
	return out;
}

/* The rdata is copied to its exact size, so that the sanitizer sees a byte too far. */
START_TEST(decodes)
{
	const struct decode_row *row = &decode_rows[_i];
	struct arena *arena = unit_arena();
	char *bytes = malloc(row->rdata.len + 1);
	memcpy(bytes, row->rdata.ptr, row->rdata.len);
	bytes = realloc(bytes, row->rdata.len == 0 ? 1 : row->rdata.len);
	struct record record = {.type = row->type, .rdata = slice_of(bytes, row->rdata.len)};
	record_decode(arena, &record);
	ck_assert_msg(record.malformed == (row->shown == NULL), "%s", row->label);
	if (row->shown != NULL)
		unit_assert_slice(show(arena, &record), slice_cstr(row->shown));
	else
		ck_assert_uint_eq(record.data.txt.count, 0);
	free(bytes);
}
END_TEST

/* 64 KiB of empty strings, and of full ones. */
START_TEST(large_text)
{
	struct arena *arena = unit_arena();
	char *bytes = arena_alloc(arena, 65535);
	struct record record = {.type = RRTYPE_TXT, .rdata = slice_of(bytes, 65535)};
	record_decode(arena, &record);
	ck_assert_uint_eq(record.data.txt.count, 65535);
	ck_assert_uint_eq(record.data.txt.joined.len, 0);
	memset(bytes, 255, 65535);
	record.rdata.len = 65280; /* 255 strings of 256 bytes */
	record_decode(arena, &record);
	ck_assert(!record.malformed);
	ck_assert_uint_eq(record.data.txt.count, 255);
	ck_assert_uint_eq(record.data.txt.joined.len, 255 * 255);
}
END_TEST

START_TEST(sorts)
{
	static const struct origin first = {.kind = ORIGIN_ZONE, .line = 1},
				   second = {.kind = ORIGIN_ZONE, .line = 2};
	struct record records[] = {{.rdata = BYTES("b"), .origin = second}, {.rdata = BYTES("ab")},
		{.rdata = BYTES("b"), .origin = first}, {.rdata = BYTES("\377")}, {.rdata = BYTES("")},
		{.rdata = BYTES("a")}};
	static const char *const order[] = {"", "a", "ab", "b", "b", "\377"};
	records_sort(records, 6);
	for (size_t i = 0; i < 6; i++)
		unit_assert_slice(records[i].rdata, slice_cstr(order[i]));
	ck_assert_uint_eq(records[3].origin.line, 1);
	records_sort(NULL, 0);
}
END_TEST

/* --- copies ----------------------------------------------------------------------------------- */

/* An answer whose every byte is in `bytes`, to be overwritten after the copy. */
struct sample {
	char server[8], file[8], wire[16], rdata[8];
	struct alias chain[1];
	struct record records[2];
	struct answer_memo memo;
};

static struct answer fill_sample(struct arena *arena, struct sample *sample)
{
	struct slice server = slice_of(sample->server, 4), file = slice_of(sample->file, 3);
	memcpy(sample->server, "::1#", 4);
	memcpy(sample->file, "abc", 3);
	memcpy(sample->wire, "\1a\2bc\0", 6);
	memcpy(sample->rdata, "\2hi\1!", 5);
	struct name name = {sample->wire, 6};
	sample->chain[0] = (struct alias){name, name_parent(name), 7};
	sample->records[0] = (struct record){.type = RRTYPE_TXT,
		.ttl = 5,
		.rdata = slice_of(sample->rdata, 5),
		.origin = {ORIGIN_SERVER, server, file, 3}};
	sample->records[1] = (struct record){
		.type = RRTYPE_TXT, .malformed = true, .ttl = 6, .origin = {ORIGIN_ZONE, {NULL, 0}, file, 4}};
	record_decode(arena, &sample->records[0]);
	return (struct answer){.question = {name, RRTYPE_TXT},
		.kind = ANSWER_RECORDS,
		.rcode = 1,
		.authentic = true,
		.owner_exists = true,
		.ttl = 5,
		.origin = {ORIGIN_SERVER, server, {NULL, 0}, 0},
		.chain = sample->chain,
		.chain_count = 1,
		.owner = name_parent(name),
		.records = sample->records,
		.count = 2,
		.memo = &sample->memo};
}

START_TEST(copies)
{
	struct arena *arena = unit_arena();
	struct sample sample;
	struct answer answer = fill_sample(arena, &sample);
	const struct answer *copy = answer_copy(arena, &answer);
	memset(&sample, 0xee, sizeof sample);
	unit_assert_slice(name_text(arena, copy->question.name), SLICE("a.bc"));
	unit_assert_slice(name_text(arena, copy->owner), SLICE("bc"));
	unit_assert_slice(name_text(arena, copy->chain[0].owner), SLICE("a.bc"));
	unit_assert_slice(name_text(arena, copy->chain[0].target), SLICE("bc"));
	ck_assert_uint_eq(copy->chain[0].ttl, 7);
	ck_assert_uint_eq(copy->count, 2);
	unit_assert_slice(copy->records[0].data.txt.joined, SLICE("hi!"));
	unit_assert_slice(copy->records[0].data.txt.strings[1], SLICE("!"));
	unit_assert_slice(copy->records[0].origin.server, SLICE("::1#"));
	unit_assert_slice(copy->records[0].origin.file, SLICE("abc"));
	ck_assert_uint_eq(copy->records[0].origin.line, 3);
	ck_assert(copy->records[1].malformed);
	ck_assert_uint_eq(copy->records[1].ttl, 6);
	unit_assert_slice(copy->origin.server, SLICE("::1#"));
	ck_assert_int_eq(copy->authentic, true);
	ck_assert_uint_eq(copy->rcode, 1);
	ck_assert_ptr_null(copy->memo);
}
END_TEST

START_TEST(failures)
{
	struct name name = {"\1a", 3};
	const struct answer answer = answer_failure((struct question){name, RRTYPE_MX}, DNS_FAILURE_TIMEOUT);
	ck_assert_int_eq(answer.kind, ANSWER_TEMPORARY);
	ck_assert_int_eq(answer.failure, DNS_FAILURE_TIMEOUT);
	ck_assert_uint_eq(answer.question.type, RRTYPE_MX);
	ck_assert(name_equal(answer.owner, name));
	ck_assert(!answer.owner_exists);
	ck_assert_str_eq(dns_failure_text(DNS_FAILURE_TIMEOUT), "timeout");
	ck_assert_str_eq(dns_failure_text(DNS_FAILURE_OFFLINE), "offline");
	for (int i = DNS_FAILURE_NONE; i <= DNS_FAILURE_OFFLINE; i++)
		for (int j = DNS_FAILURE_NONE; j < i; j++)
			ck_assert_str_ne(
				dns_failure_text((enum dns_failure)i), dns_failure_text((enum dns_failure)j));
}
END_TEST

START_TEST(types)
{
	struct arena *arena = unit_arena();
	for (unsigned type = 1; type <= UINT16_MAX; type++)
		ck_assert_uint_eq(rrtype_number(rrtype_text(arena, (uint16_t)type)), type);
	unit_assert_slice(rrtype_text(arena, RRTYPE_TXT), SLICE("TXT"));
	unit_assert_slice(rrtype_text(arena, 65280), SLICE("TYPE65280"));
	ck_assert_uint_eq(rrtype_number(SLICE("aaaa")), RRTYPE_AAAA);
	ck_assert_uint_eq(rrtype_number(SLICE("type16")), RRTYPE_TXT);
	ck_assert_uint_eq(rrtype_number(SLICE("TYPE")), 0);
	ck_assert_uint_eq(rrtype_number(SLICE("TYPE65536")), 0);
	ck_assert_uint_eq(rrtype_number(SLICE("TYPE1x")), 0);
	ck_assert_uint_eq(rrtype_number(SLICE("TX")), 0);
	ck_assert_uint_eq(rrtype_number(SLICE("")), 0);
}
END_TEST

static void copy_sample(struct arena *arena, void *context)
{
	struct sample sample;
	(void)context;
	const struct answer answer = fill_sample(arena, &sample);
	answer_copy(arena, &answer);
}

START_TEST(lack_of_memory)
{
	unit_fail_every_allocation(copy_sample, NULL);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("answer");
	TCase *tests = tcase_create("tests");
	tcase_add_loop_test(tests, decodes, 0, (int)(sizeof decode_rows / sizeof decode_rows[0]));
	tcase_add_test(tests, large_text);
	tcase_add_test(tests, sorts);
	tcase_add_test(tests, copies);
	tcase_add_test(tests, failures);
	tcase_add_test(tests, types);
	tcase_add_test(tests, lack_of_memory);
	suite_add_tcase(suite, tests);
	return unit_run(suite);
}
