/* Tests of wire: whole messages, byte by byte, and what is read from them. */
#include "dns/wire.h"

#include <stdlib.h>

#include "base/ascii.h"
#include "support/unit.h"

/* clang-format off */
/* Pieces of messages. A literal ends after each escape that a digit could follow. */
#define ID       "\x12\x34"
#define NOERROR  "\x81\x80" /* QR RD, RA */
#define COUNTS(qd, an, ns, ar) "\0" qd "\0" an "\0" ns "\0" ar
#define EXAMPLE  "\7example\3com\0"         /* at offset 12 */
#define ASKED    EXAMPLE "\0\x10" "\0\1"    /* to offset 29 */
#define ASKED_MX EXAMPLE "\0\x0f" "\0\1"
#define AT_NAME  "\xc0\x0c"
#define AT_COM   "\xc0\x14"
#define A_TXT    "\0\x10" "\0\1"
#define A_CNAME  "\0\5" "\0\1"
#define A_MX     "\0\x0f" "\0\1"
#define A_SOA    "\0\6" "\0\1"
#define A_NS     "\0\2" "\0\1"
#define A_DNAME  "\0\x27" "\0\1"
#define TTL300   "\0\0\1\x2c"
#define TTL60    "\0\0\0\x3c"
#define SOA_DATA "\0\x18" "\1m\0" "\0" "\0\0\0\1" "\0\0\0\2" "\0\0\0\3" "\0\0\0\4" "\0\0\0\x3c"
#define OPT      "\0" "\0\x29" "\4\xd0" "\0\0\0\0" "\0\0"
#define MESSAGE(...) {__VA_ARGS__, sizeof(__VA_ARGS__) - 1}
/* clang-format on */

struct row {
	const char *name;
	struct slice message;
	uint16_t type; /* asked for example.com; 0: TXT */
	enum wire_status status;
	enum dns_failure failure;
	uint16_t rcode;
	const char *answers; /* see show_answer() */
};

/* clang-format off */
static const struct row rows[] = {
	{"one record",
		MESSAGE(ID NOERROR COUNTS("\1", "\1", "\0", "\0") ASKED AT_NAME A_TXT TTL300 "\0\4" "\3abc"),
		0, WIRE_ANSWERED, 0, 0, "example.com records 300 exists: \\003abc\n"},
	{"records are put in order, copies kept, smallest TTL",
		MESSAGE(ID NOERROR COUNTS("\1", "\3", "\0", "\1") ASKED AT_NAME A_TXT TTL300 "\0\2" "\1b"
		AT_NAME A_TXT TTL60 "\0\2" "\1a" AT_NAME A_TXT TTL300 "\0\2" "\1b" OPT),
		0, WIRE_ANSWERED, 0, 0, "example.com records 60 exists: \\001a, \\001b, \\001b\n"},
	{"the name is echoed in other letters",
		MESSAGE(ID NOERROR COUNTS("\1", "\1", "\0", "\0") "\7EXAmple\3Com\0" A_TXT AT_NAME A_TXT
		TTL300 "\0\2" "\1a"),
		0, WIRE_ANSWERED, 0, 0, "example.com records 300 exists: \\001a\n"},
	{"AD",
		MESSAGE(ID "\x81\xa0" COUNTS("\1", "\1", "\0", "\0") ASKED AT_NAME A_TXT TTL300 "\0\2" "\1a"),
		0, WIRE_ANSWERED, 0, 0, "example.com records 300 exists ad: \\001a\n"},
	{"TTL with the highest bit is 0",
		MESSAGE(ID NOERROR COUNTS("\1", "\1", "\0", "\0") ASKED AT_NAME A_TXT "\x80\0\0\1" "\0\2"
		"\1a"),
		0, WIRE_ANSWERED, 0, 0, "example.com records 0 exists: \\001a\n"},
	{"other types, owners and classes are left out",
		MESSAGE(ID NOERROR COUNTS("\1", "\4", "\0", "\0") ASKED AT_NAME A_TXT TTL300 "\0\2" "\1a"
		AT_NAME "\0\x2e" "\0\1" TTL60 "\0\1" "x" AT_COM A_TXT TTL60 "\0\2" "\1c" AT_NAME "\0\x10"
		"\0\3" TTL60 "\0\2" "\1h"),
		0, WIRE_ANSWERED, 0, 0, "example.com records 300 exists: \\001a\n"},
	{"a broken string is kept and marked",
		MESSAGE(ID NOERROR COUNTS("\1", "\2", "\0", "\0") ASKED AT_NAME A_TXT TTL300 "\0\2" "\1a"
		AT_NAME A_TXT TTL300 "\0\2" "\7x"),
		0, WIRE_ANSWERED, 0, 0, "example.com records 300 exists: \\001a, \\007x (malformed)\n"},
	{"data of no length",
		MESSAGE(ID NOERROR COUNTS("\1", "\1", "\0", "\0") ASKED AT_NAME A_TXT TTL300 "\0\0"),
		0, WIRE_ANSWERED, 0, 0, "example.com records 300 exists:  (malformed)\n"},
	{"names in data are written out",
		MESSAGE(ID NOERROR COUNTS("\1", "\2", "\0", "\0") ASKED_MX AT_NAME A_MX TTL300 "\0\7" "\0\x0a"
		"\2mx" AT_NAME AT_NAME A_MX TTL300 "\0\3" "\0\0" "\0"),
		RRTYPE_MX, WIRE_ANSWERED, 0, 0,
		"example.com records 300 exists: \\000\\000\\000, "
		"\\000\\010\\002mx\\007example\\003com\\000\n"},
	{"a name in data that points to itself",
		MESSAGE(ID NOERROR COUNTS("\1", "\1", "\0", "\0") ASKED_MX AT_NAME A_MX TTL300 "\0\4" "\0\x0a"
		"\xc0\x2b"),
		RRTYPE_MX, WIRE_ANSWERED, 0, 0,
		"example.com records 300 exists: \\000\\010\\192+ (malformed)\n"},
	{"a name in data that goes on behind it",
		MESSAGE(ID NOERROR COUNTS("\1", "\1", "\0", "\1") ASKED_MX AT_NAME A_MX TTL300 "\0\3" "\0\x0a"
		"\1" OPT),
		RRTYPE_MX, WIRE_ANSWERED, 0, 0,
		"example.com records 300 exists: \\000\\010\\001 (malformed)\n"},
	{"bytes behind the name in data",
		MESSAGE(ID NOERROR COUNTS("\1", "\1", "\0", "\0") ASKED_MX AT_NAME A_MX TTL300 "\0\5" "\0\x0a"
		AT_NAME "x"),
		RRTYPE_MX, WIRE_ANSWERED, 0, 0,
		"example.com records 300 exists: \\000\\010\\192\\012x (malformed)\n"},
	{"NODATA lives as long as MINIMUM says",
		MESSAGE(ID NOERROR COUNTS("\1", "\0", "\1", "\0") ASKED AT_COM A_SOA TTL300 SOA_DATA),
		0, WIRE_ANSWERED, 0, 0, "example.com nodata 60 exists\n"},
	{"NODATA lives as long as the SOA",
		MESSAGE(ID NOERROR COUNTS("\1", "\0", "\1", "\0") ASKED AT_COM A_SOA "\0\0\0\7" SOA_DATA),
		0, WIRE_ANSWERED, 0, 0, "example.com nodata 7 exists\n"},
	{"NODATA without SOA",
		MESSAGE(ID NOERROR COUNTS("\1", "\0", "\0", "\0") ASKED),
		0, WIRE_ANSWERED, 0, 0, "example.com nodata 0 exists\n"},
	{"NODATA with the SOA of another zone",
		MESSAGE(ID NOERROR COUNTS("\1", "\0", "\1", "\0") ASKED "\3net\0" A_SOA TTL300 SOA_DATA),
		0, WIRE_ANSWERED, 0, 0, "example.com nodata 0 exists\n"},
	{"NODATA with a cut SOA",
		MESSAGE(ID NOERROR COUNTS("\1", "\0", "\1", "\0") ASKED AT_COM A_SOA TTL300 "\0\4" "\1m\0"
		"\0"),
		0, WIRE_ANSWERED, 0, 0, "example.com nodata 0 exists\n"},
	{"NXDOMAIN",
		MESSAGE(ID "\x81\x83" COUNTS("\1", "\0", "\1", "\0") ASKED AT_COM A_SOA TTL300 SOA_DATA),
		0, WIRE_ANSWERED, 0, 3, "example.com nxdomain 60\n"},
	{"NXDOMAIN and a record",
		MESSAGE(ID "\x81\x83" COUNTS("\1", "\1", "\0", "\0") ASKED AT_NAME A_TXT TTL300 "\0\2" "\1a"),
		0, WIRE_MALFORMED, 0, 3, ""},
	{"records of another owner alone say nothing",
		MESSAGE(ID NOERROR COUNTS("\1", "\1", "\0", "\0") ASKED AT_COM A_TXT TTL300 "\0\2" "\1a"),
		0, WIRE_MALFORMED, 0, 0, ""},
	{"records of another class alone say nothing",
		MESSAGE(ID NOERROR COUNTS("\1", "\1", "\0", "\0") ASKED AT_NAME "\0\x10" "\0\3" TTL300 "\0\2"
		"\1a"),
		0, WIRE_MALFORMED, 0, 0, ""},
	{"only another type is NODATA",
		MESSAGE(ID NOERROR COUNTS("\1", "\1", "\0", "\0") ASKED AT_NAME "\0\1" "\0\1" TTL300 "\0\4"
		"\1\2\3\4"),
		0, WIRE_ANSWERED, 0, 0, "example.com nodata 0 exists\n"},
	{"an alias and what it leads to",
		MESSAGE(ID NOERROR COUNTS("\1", "\2", "\0", "\0") ASKED AT_NAME A_CNAME TTL300 "\0\4" "\1A"
		AT_COM "\1a" AT_COM A_TXT TTL60 "\0\2" "\1x"),
		0, WIRE_ANSWERED, 0, 0,
		"example.com alias 300 exists: \\001A\\003com\\000\na.com records 60 exists: \\001x\n"},
	{"the order of the records does not matter",
		MESSAGE(ID NOERROR COUNTS("\1", "\3", "\0", "\0") ASKED "\1b" AT_COM A_TXT TTL60 "\0\2" "\1x"
		"\1a" AT_COM A_CNAME TTL300 "\0\4" "\1b" AT_COM AT_NAME A_CNAME TTL300 "\0\4" "\1a" AT_COM),
		0, WIRE_ANSWERED, 0, 0,
		"example.com alias 300 exists: \\001a\\003com\\000\n"
		"a.com alias 300 exists: \\001b\\003com\\000\n"
		"b.com records 60 exists: \\001x\n"},
	{"NXDOMAIN is about the end of the chain",
		MESSAGE(ID "\x81\x83" COUNTS("\1", "\1", "\1", "\0") ASKED AT_NAME A_CNAME TTL300 "\0\4" "\1a"
		AT_COM AT_COM A_SOA TTL300 SOA_DATA),
		0, WIRE_ANSWERED, 0, 3,
		"example.com alias 300 exists: \\001a\\003com\\000\na.com nxdomain 60\n"},
	{"NODATA at the end of the chain, by its SOA",
		MESSAGE(ID NOERROR COUNTS("\1", "\1", "\1", "\0") ASKED AT_NAME A_CNAME TTL300 "\0\4" "\1a"
		AT_COM AT_COM A_SOA TTL300 SOA_DATA),
		0, WIRE_ANSWERED, 0, 0,
		"example.com alias 300 exists: \\001a\\003com\\000\na.com nodata 60 exists\n"},
	{"without SOA the end of the chain stays open",
		MESSAGE(ID NOERROR COUNTS("\1", "\1", "\0", "\0") ASKED AT_NAME A_CNAME TTL300 "\0\4" "\1a"
		AT_COM),
		0, WIRE_ANSWERED, 0, 0, "example.com alias 300 exists: \\001a\\003com\\000\n"},
	{"the SOA of another zone leaves it open as well",
		MESSAGE(ID NOERROR COUNTS("\1", "\1", "\1", "\0") ASKED AT_NAME A_CNAME TTL300 "\0\4" "\1a"
		AT_COM AT_NAME A_SOA TTL300 SOA_DATA),
		0, WIRE_ANSWERED, 0, 0, "example.com alias 300 exists: \\001a\\003com\\000\n"},
	{"a loop ends",
		MESSAGE(ID NOERROR COUNTS("\1", "\2", "\0", "\0") ASKED AT_NAME A_CNAME TTL300 "\0\4" "\1a"
		AT_COM "\1a" AT_COM A_CNAME TTL300 "\0\2" AT_NAME),
		0, WIRE_ANSWERED, 0, 0,
		"example.com alias 300 exists: \\001a\\003com\\000\n"
		"a.com alias 300 exists: \\007example\\003com\\000\n"},
	{"an alias of itself",
		MESSAGE(ID NOERROR COUNTS("\1", "\1", "\0", "\0") ASKED AT_NAME A_CNAME TTL300 "\0\2"
		AT_NAME),
		0, WIRE_ANSWERED, 0, 0, "example.com alias 300 exists: \\007example\\003com\\000\n"},
	{"two aliases of one name: the first in order",
		MESSAGE(ID NOERROR COUNTS("\1", "\2", "\0", "\0") ASKED AT_NAME A_CNAME TTL300 "\0\4" "\1b"
		AT_COM AT_NAME A_CNAME TTL300 "\0\4" "\1a" AT_COM),
		0, WIRE_ANSWERED, 0, 0, "example.com alias 300 exists: \\001a\\003com\\000\n"},
	{"an alias whose target cannot be read",
		MESSAGE(ID NOERROR COUNTS("\1", "\1", "\0", "\0") ASKED AT_NAME A_CNAME TTL300 "\0\2"
		"\xc0\xff"),
		0, WIRE_MALFORMED, 0, 0, ""},
	{"asked for CNAME, it is the record",
		MESSAGE(ID NOERROR COUNTS("\1", "\1", "\0", "\0") EXAMPLE A_CNAME AT_NAME A_CNAME TTL300
		"\0\4" "\1a" AT_COM),
		RRTYPE_CNAME, WIRE_ANSWERED, 0, 0, "example.com records 300 exists: \\001a\\003com\\000\n"},
	{"DNAME with its CNAME",
		MESSAGE(ID NOERROR COUNTS("\1", "\2", "\0", "\0") ASKED AT_COM A_DNAME TTL300 "\0\5" "\3net\0"
		AT_NAME A_CNAME TTL60 "\0\x0d" "\7example\3net\0"),
		0, WIRE_ANSWERED, 0, 0, "example.com alias 60 exists: \\007example\\003net\\000\n"},
	{"DNAME without",
		MESSAGE(ID NOERROR COUNTS("\1", "\1", "\0", "\0") ASKED AT_COM A_DNAME TTL300 "\0\5"
		"\3net\0"),
		0, WIRE_ANSWERED, 0, 0, "example.com alias 300 exists: \\007example\\003net\\000\n"},
	{"SERVFAIL",
		MESSAGE(ID "\x81\x82" COUNTS("\1", "\0", "\0", "\0") ASKED),
		0, WIRE_FAILED, DNS_FAILURE_SERVFAIL, 2, ""},
	{"SERVFAIL, header alone",
		MESSAGE(ID "\x81\x82" COUNTS("\0", "\0", "\0", "\0")),
		0, WIRE_FAILED, DNS_FAILURE_SERVFAIL, 2, ""},
	{"REFUSED",
		MESSAGE(ID "\x81\x85" COUNTS("\1", "\0", "\0", "\0") ASKED),
		0, WIRE_FAILED, DNS_FAILURE_REFUSED, 5, ""},
	{"FORMERR",
		MESSAGE(ID "\x81\x81" COUNTS("\1", "\0", "\0", "\0") ASKED),
		0, WIRE_FAILED, DNS_FAILURE_RCODE, 1, ""},
	{"NOTAUTH",
		MESSAGE(ID "\x81\x89" COUNTS("\1", "\0", "\0", "\0") ASKED),
		0, WIRE_FAILED, DNS_FAILURE_RCODE, 9, ""},
	{"BADVERS, with the bits in OPT",
		MESSAGE(ID NOERROR COUNTS("\1", "\0", "\0", "\1") ASKED "\0" "\0\x29" "\4\xd0" "\1\0\0\0"
		"\0\0"),
		0, WIRE_FAILED, DNS_FAILURE_RCODE, 16, ""},
	{"BADCOOKIE, with bits in both",
		MESSAGE(ID "\x81\x87" COUNTS("\1", "\0", "\0", "\1") ASKED "\0" "\0\x29" "\4\xd0" "\1\0\0\0"
		"\0\0"),
		0, WIRE_FAILED, DNS_FAILURE_RCODE, 23, ""},
	{"SERVFAIL with a record",
		MESSAGE(ID "\x81\x82" COUNTS("\1", "\1", "\0", "\0") ASKED AT_NAME A_TXT TTL300 "\0\2" "\1a"),
		0, WIRE_FAILED, DNS_FAILURE_SERVFAIL, 2, ""},
	{"a referral is no NODATA",
		MESSAGE(ID "\x81\0" COUNTS("\1", "\0", "\1", "\0") ASKED AT_COM A_NS TTL300 "\0\3" "\1n\0"),
		0, WIRE_FAILED, DNS_FAILURE_REFUSED, 0, ""},
	{"TC",
		MESSAGE(ID "\x83\x80" COUNTS("\1", "\0", "\0", "\0") ASKED),
		0, WIRE_TRUNCATED, 0, 0, ""},
	{"TC, cut in a record",
		MESSAGE(ID "\x83\x80" COUNTS("\1", "\2", "\0", "\0") ASKED AT_NAME A_TXT TTL300 "\0\x40"),
		0, WIRE_TRUNCATED, 0, 0, ""},
	{"no bytes",
		{"", 0},
		0, WIRE_MALFORMED, 0, 0, ""},
	{"a cut header",
		MESSAGE(ID NOERROR "\0\1"),
		0, WIRE_MALFORMED, 0, 0, ""},
	{"a cut question",
		MESSAGE(ID NOERROR COUNTS("\1", "\0", "\0", "\0") "\7example"),
		0, WIRE_MALFORMED, 0, 0, ""},
	{"fewer records than announced",
		MESSAGE(ID NOERROR COUNTS("\1", "\2", "\0", "\0") ASKED AT_NAME A_TXT TTL300 "\0\2" "\1a"),
		0, WIRE_MALFORMED, 0, 0, ""},
	{"data longer than the message",
		MESSAGE(ID NOERROR COUNTS("\1", "\1", "\0", "\0") ASKED AT_NAME A_TXT TTL300 "\0\3" "\1a"),
		0, WIRE_MALFORMED, 0, 0, ""},
	{"a cut authority section",
		MESSAGE(ID NOERROR COUNTS("\1", "\0", "\1", "\0") ASKED AT_COM A_SOA),
		0, WIRE_MALFORMED, 0, 0, ""},
	{"an owner that points to itself",
		MESSAGE(ID NOERROR COUNTS("\1", "\1", "\0", "\0") ASKED "\xc0\x1d" A_TXT TTL300 "\0\2" "\1a"),
		0, WIRE_MALFORMED, 0, 0, ""},
	{"an owner that points ahead",
		MESSAGE(ID NOERROR COUNTS("\1", "\1", "\0", "\0") ASKED "\xc0\x20" A_TXT TTL300 "\0\2" "\1a"),
		0, WIRE_MALFORMED, 0, 0, ""},
	{"an owner that points into the header",
		MESSAGE(ID NOERROR COUNTS("\1", "\2", "\0", "\0") ASKED AT_NAME A_TXT TTL300 "\0\2" "\1a"
		"\xc0\6" A_TXT TTL300 "\0\2" "\1a"),
		0, WIRE_MALFORMED, 0, 0, ""},
	{"a label of a reserved kind",
		MESSAGE(ID NOERROR COUNTS("\1", "\2", "\0", "\0") ASKED AT_NAME A_TXT TTL300 "\0\2" "\1a"
		"\x40" "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\0" A_TXT TTL300
		"\0\2" "\1a"),
		0, WIRE_MALFORMED, 0, 0, ""},
	{"QR is not set",
		MESSAGE(ID "\1\0" COUNTS("\1", "\1", "\0", "\0") ASKED AT_NAME A_TXT TTL300 "\0\2" "\1a"),
		0, WIRE_UNRELATED, 0, 0, ""},
	{"another opcode",
		MESSAGE(ID "\xa1\x80" COUNTS("\1", "\1", "\0", "\0") ASKED AT_NAME A_TXT TTL300 "\0\2" "\1a"),
		0, WIRE_UNRELATED, 0, 0, ""},
	{"another name",
		MESSAGE(ID NOERROR COUNTS("\1", "\0", "\0", "\0") "\7example\3net\0" A_TXT),
		0, WIRE_UNRELATED, 0, 0, ""},
	{"another type",
		MESSAGE(ID NOERROR COUNTS("\1", "\0", "\0", "\0") ASKED_MX),
		0, WIRE_UNRELATED, 0, 0, ""},
	{"another class",
		MESSAGE(ID NOERROR COUNTS("\1", "\0", "\0", "\0") EXAMPLE "\0\x10" "\0\3"),
		0, WIRE_UNRELATED, 0, 0, ""},
	{"no question",
		MESSAGE(ID NOERROR COUNTS("\0", "\0", "\0", "\0")),
		0, WIRE_UNRELATED, 0, 0, ""},
	{"two questions",
		MESSAGE(ID NOERROR COUNTS("\2", "\0", "\0", "\0") ASKED ASKED),
		0, WIRE_UNRELATED, 0, 0, ""},
};
/* clang-format on */

static const char *const kinds[] = {"records", "nodata", "nxdomain", "alias", "temporary"};

/* "NAME KIND TTL [exists] [ad][: RDATA [(malformed)], ...]" */
static struct slice show_answer(struct arena *arena, const struct answer *answer)
{
	struct slice name = name_text(arena, answer->question.name);
	struct slice text = arena_printf(arena, "%.*s %s %u%s%s", (int)name.len, name.ptr,
		kinds[answer->kind], (unsigned)answer->ttl, answer->owner_exists ? " exists" : "",
		answer->authentic ? " ad" : "");
	for (size_t i = 0; i < answer->count; i++) {
		struct slice data = ascii_escape(arena, answer->records[i].rdata);
		text = arena_printf(arena, "%.*s%s%.*s%s", (int)text.len, text.ptr, i == 0 ? ": " : ", ",
			(int)data.len, data.len > 0 ? data.ptr : "",
			answer->records[i].malformed ? " (malformed)" : "");
	}
	return arena_printf(arena, "%.*s\n", (int)text.len, text.ptr);
}

static struct slice show_answers(struct arena *arena, const struct wire_reply *reply)
{
	struct slice text = SLICE("");
	for (size_t i = 0; i < reply->count; i++) {
		struct slice line = show_answer(arena, &reply->answers[i]);
		text = arena_printf(arena, "%.*s%.*s", (int)text.len, text.ptr, (int)line.len, line.ptr);
	}
	return text;
}

static const struct wire_context context = {
	.origin = {.kind = ORIGIN_SERVER, .server = {"192.0.2.53:53", 13}},
	.trust_ad = true,
};

static struct wire_reply read_example(struct arena *arena, struct slice message, uint16_t type)
{
	struct question *question = arena_alloc(arena, sizeof *question);
	name_from_text(arena, SLICE("example.com"), &question->name);
	question->type = type == 0 ? RRTYPE_TXT : type;
	return wire_read(arena, message, question, &context);
}

START_TEST(test_read)
{
	const struct row *row = &rows[_i];
	struct arena *arena = unit_arena();
	struct wire_reply reply = read_example(arena, row->message, row->type);
	ck_assert_msg(reply.status == row->status, "%s: status %d", row->name, (int)reply.status);
	ck_assert_msg(reply.failure == row->failure, "%s: failure %d", row->name, (int)reply.failure);
	ck_assert_msg(reply.rcode == row->rcode, "%s: rcode %d", row->name, (int)reply.rcode);
	struct slice shown = show_answers(arena, &reply);
	ck_assert_msg(slice_equal(shown, slice_cstr(row->answers)), "%s: %.*s", row->name, (int)shown.len,
		shown.ptr);
}
END_TEST

/* Every message cut after any of its bytes is never an answer. */
START_TEST(test_read_cut)
{
	const struct row *row = &rows[_i];
	struct arena *arena = unit_arena();
	for (size_t len = 0; len < row->message.len && row->status == WIRE_ANSWERED; len++) {
		/* A copy, so that a read beyond its end is seen by the sanitizer. */
		char *copy = malloc(len + 1);
		memcpy(copy + 1, row->message.ptr, len);
		struct wire_reply reply = read_example(arena, slice_of(copy + 1, len), row->type);
		ck_assert_msg(reply.status != WIRE_ANSWERED, "%s: cut at %zu", row->name, len);
		free(copy);
	}
}
END_TEST

START_TEST(test_context)
{
	struct arena *arena = unit_arena();
	struct question question = {.type = RRTYPE_TXT};
	name_from_text(arena, SLICE("example.com"), &question.name);
	struct wire_context tcp = context;
	tcp.trust_ad = false;
	tcp.over_tcp = true;
	tcp.truncated = true;
	static const char message[] =
		ID "\x81\xa0" COUNTS("\1", "\1", "\0", "\0") ASKED AT_NAME A_TXT TTL300 "\0\4"
											"\1a"
											"\1b";
	struct wire_reply reply = wire_read(arena, slice_of(message, sizeof message - 1), &question, &tcp);
	ck_assert_uint_eq(reply.count, 1);
	const struct answer *answer = &reply.answers[0];
	ck_assert(!answer->authentic && answer->over_tcp && answer->truncated);
	unit_assert_slice(answer->origin.server, SLICE("192.0.2.53:53"));
	unit_assert_slice(answer->records[0].origin.server, SLICE("192.0.2.53:53"));
	ck_assert_uint_eq(answer->records[0].data.txt.count, 2);
	unit_assert_slice(answer->records[0].data.txt.joined, SLICE("ab"));
}
END_TEST

/* A message of 64 KiB in which every owner is a chain of pointers through all others before it. */
START_TEST(test_pointer_chain)
{
	struct arena *arena = unit_arena();
	static unsigned char message[65535] = {0x12, 0x34, 0x81, 0x80, 0, 1, 0x15, 0, 0, 0, 0, 0};
	static const char question[] = ASKED;
	memcpy(message + 12, question, sizeof question - 1);
	size_t at = 12 + sizeof question - 1, before = 12;
	for (; at + 12 < sizeof message && before < 0x3fff; at += 12) {
		message[at] = (unsigned char)(0xc0 | before >> 8);
		message[at + 1] = (unsigned char)before;
		memcpy(message + at + 2, "\0\x10\0\1\0\0\0\0\0\0", 10);
		before = at;
	}
	struct wire_reply reply = read_example(arena, slice_of((const char *)message, at), 0);
	ck_assert_int_eq(reply.status, WIRE_MALFORMED);
}
END_TEST

/* A good record, and one whose owner is a name of `labels` labels of one byte. */
static enum wire_status read_long_owner(struct arena *arena, size_t labels)
{
	char message[512];
	static const char start[] =
		ID NOERROR COUNTS("\1", "\2", "\0", "\0") ASKED AT_NAME A_TXT TTL300 "\0\2"
										     "\1a";
	static const char end[] = "\0" A_TXT TTL300 "\0\2"
				  "\1a";
	size_t len = sizeof start - 1;
	memcpy(message, start, len);
	for (size_t i = 0; i < labels; i++) {
		message[len++] = 1;
		message[len++] = 'a';
	}
	memcpy(message + len, end, sizeof end - 1);
	return read_example(arena, slice_of(message, len + sizeof end - 1), 0).status;
}

START_TEST(test_long_owner)
{
	struct arena *arena = unit_arena();
	ck_assert_int_eq(read_long_owner(arena, 127), WIRE_ANSWERED);
	ck_assert_int_eq(read_long_owner(arena, 128), WIRE_MALFORMED);
}
END_TEST

/* A chain in one message that is longer than anybody follows. */
START_TEST(test_long_chain)
{
	struct arena *arena = unit_arena();
	char message[1024];
	static const char start[] = ID NOERROR COUNTS("\1", "\x1e", "\0", "\0") ASKED;
	size_t len = sizeof start - 1;
	memcpy(message, start, len);
	for (char i = 0; i < 30; i++) {
		char owner[] = {1, (char)('a' + i - 1), '\xc0', 0x14};
		memcpy(message + len, i == 0 ? AT_NAME : owner, i == 0 ? 2 : 4);
		len += i == 0 ? 2 : 4;
		memcpy(message + len, A_CNAME TTL300 "\0\4", 10);
		len += 10;
		owner[1]++;
		memcpy(message + len, owner, 4);
		len += 4;
	}
	struct wire_reply reply = read_example(arena, slice_of(message, len), 0);
	ck_assert_int_eq(reply.status, WIRE_ANSWERED);
	ck_assert_uint_eq(reply.count, 16);
	ck_assert_int_eq(reply.answers[15].kind, ANSWER_ALIAS);
}
END_TEST

static void read_all(struct arena *arena, void *unused)
{
	(void)unused;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		read_example(arena, rows[i].message, rows[i].type);
}

START_TEST(test_out_of_memory)
{
	unit_fail_every_allocation(read_all, NULL);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("wire");
	TCase *tcase = tcase_create("wire");
	int count = (int)(sizeof rows / sizeof rows[0]);
	tcase_add_loop_test(tcase, test_read, 0, count);
	tcase_add_loop_test(tcase, test_read_cut, 0, count);
	tcase_add_test(tcase, test_context);
	tcase_add_test(tcase, test_pointer_chain);
	tcase_add_test(tcase, test_long_owner);
	tcase_add_test(tcase, test_long_chain);
	tcase_add_test(tcase, test_out_of_memory);
	suite_add_tcase(suite, tcase);
	return unit_run(suite);
}
