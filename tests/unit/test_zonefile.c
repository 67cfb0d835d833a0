/* Zone files: what is read, and what is refused where. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "dns/zonefile.h"
#include "dns/zonefile_rdata.h"
#include "support/unit.h"

struct file {
	const char *path;
	const char *text;
};

#define MAX_FILES 4

static bool load_text(
	void *context, struct arena *arena, struct slice path, struct slice *out, struct slice *why)
{
	const struct file *files = context;
	(void)arena;
	for (size_t i = 0; i < MAX_FILES && files[i].path != NULL; i++) {
		if (slice_equal(path, slice_cstr(files[i].path))) {
			*out = slice_cstr(files[i].text);
			return true;
		}
	}
	*why = SLICE("no such file");
	return false;
}

static struct name name_of(struct arena *arena, const char *text)
{
	struct name name;
	ck_assert_int_eq(name_from_master(arena, slice_cstr(text), &name), NAME_OK);
	return name;
}

/* --- what is read ----------------------------------------------------------------------------- */

/* Data as a test shows it: strings in brackets, addresses and names as text, all else in hexadecimal. */
static struct slice show_data(struct arena *arena, const struct record *record)
{
	struct slice out = slice_of("", 0);
	switch (record->type) {
	case RRTYPE_TXT:
	case RRTYPE_SPF:
		for (size_t i = 0; i < record->data.txt.count; i++)
			out = arena_printf(arena, "%.*s[%.*s]", (int)out.len, out.ptr,
				(int)record->data.txt.strings[i].len, record->data.txt.strings[i].ptr);
		return out;
	case RRTYPE_MX:
		return arena_printf(arena, "%u %s", (unsigned)record->data.mx.preference,
			name_text(arena, record->data.mx.exchange).ptr);
	case RRTYPE_CNAME:
	case RRTYPE_NS:
	case RRTYPE_PTR:
	case RRTYPE_DNAME:
		return name_text(arena, record->data.target);
	default:
		for (size_t i = 0; i < record->rdata.len; i++)
			out = arena_printf(arena, "%.*s%02x", (int)out.len, out.ptr,
				(unsigned)(unsigned char)record->rdata.ptr[i]);
		return out;
	}
}

/* "LINE NAME TTL TYPE DATA\n" for each record. */
static struct slice show(struct arena *arena, const struct zonefile *zone)
{
	struct slice out = slice_of("", 0);
	for (size_t i = 0; i < zone->count; i++) {
		const struct zonefile_record *record = &zone->records[i];
		struct slice type = rrtype_text(arena, record->record.type);
		struct slice owner = name_text(arena, record->owner);
		struct slice data = show_data(arena, &record->record);
		out = arena_printf(arena, "%.*s%zu %.*s %u %.*s %.*s\n", (int)out.len, out.ptr,
			record->record.origin.line, (int)owner.len, owner.ptr, (unsigned)record->record.ttl,
			(int)type.len, type.ptr, (int)data.len, data.ptr);
	}
	return out;
}

struct good_row {
	const char *label;
	const char *text;
	const char *expected;
	struct file more[MAX_FILES - 1];
};

static const struct good_row good_rows[] = {
	{"empty", "", "", {{0}}},
	{"comments and blank lines", "; one\n\n   ; two\n\t\n", "", {{0}}},
	{"no final newline", "a 60 A 192.0.2.1", "1 a.example.com 60 A c0000201\n", {{0}}},
	{"ttl and class in either order", "a 60 IN A 192.0.2.1\nb IN 61 A 192.0.2.2\nc IN A 192.0.2.3\n",
		"1 a.example.com 60 A c0000201\n2 b.example.com 61 A c0000202\n3 c.example.com 61 A "
		"c0000203\n",
		{{0}}},
	{"no ttl at all", "a A 192.0.2.1\n", "1 a.example.com 3600 A c0000201\n", {{0}}},
	{"$TTL goes before the last ttl", "$TTL 1h30m\na 60 A 192.0.2.1\nb A 192.0.2.2\n",
		"2 a.example.com 60 A c0000201\n3 b.example.com 5400 A c0000202\n", {{0}}},
	{"units", "$TTL 1w2d3h4m5s\na A 192.0.2.1\n", "2 a.example.com 788645 A c0000201\n", {{0}}},
	{"owner left out", "a 60 A 192.0.2.1\n  A 192.0.2.2\n\tTXT x\n",
		"1 a.example.com 60 A c0000201\n2 a.example.com 60 A c0000202\n3 a.example.com 60 TXT [x]\n",
		{{0}}},
	{"$ORIGIN, relative to the one before",
		"$ORIGIN sub\na 60 A 192.0.2.1\n$ORIGIN example.net.\n@ 60 A 192.0.2.2\n",
		"2 a.sub.example.com 60 A c0000201\n4 example.net 60 A c0000202\n", {{0}}},
	{"absolute names", "a.example.org. 60 MX 10 mail.example.net.\n",
		"1 a.example.org 60 MX 10 mail.example.net\n", {{0}}},
	{"escaped final dot is part of the label", "a\\. 60 A 192.0.2.1\n",
		"1 a\\..example.com 60 A c0000201\n", {{0}}},
	{"escaped backslash before the final dot", "a\\\\. 60 A 192.0.2.1\n", "1 a\\\\ 60 A c0000201\n",
		{{0}}},
	{"escapes in names", "a\\046b\\;c 60 CNAME @\n", "1 a\\.b\\059c.example.com 60 CNAME example.com\n",
		{{0}}},
	{"letters of any case", "A.EXAMPLE.com. 60 in txt x\n", "1 a.example.com 60 TXT [x]\n", {{0}}},
	{"null MX", "@ 60 MX 0 .\n", "1 example.com 60 MX 0 .\n", {{0}}},
	{"strings", "@ 60 TXT \"v=spf1 \" \"-all\" x\n", "1 example.com 60 TXT [v=spf1 ][-all][x]\n", {{0}}},
	{"strings without a blank between", "@ 60 TXT \"a\"\"b\"c\"d\"\n",
		"1 example.com 60 TXT [a][b][c][d]\n", {{0}}},
	{"empty string", "@ 60 TXT \"\"\n", "1 example.com 60 TXT []\n", {{0}}},
	{"quoted semicolon and parenthesis", "@ 60 TXT \"a;(b\" c\\;d\n",
		"1 example.com 60 TXT [a;(b][c;d]\n", {{0}}},
	{"escapes in strings", "@ 60 TXT \"\\097\\\"\\\\\" \\097\\ b\n",
		"1 example.com 60 TXT [a\"\\][a b]\n", {{0}}},
	{"semicolon cuts an unquoted record", "@ 60 TXT v=DMARC1; p=none\n",
		"1 example.com 60 TXT [v=DMARC1]\n", {{0}}},
	{"parentheses over lines", "@ 60 TXT ( \"a\" ; one\n\n  \"b\"\n) c\nb 60 A 192.0.2.1\n",
		"1 example.com 60 TXT [a][b][c]\n5 b.example.com 60 A c0000201\n", {{0}}},
	{"parentheses inside parentheses", "@ 60 TXT (a (b) c)\n", "1 example.com 60 TXT [a][b][c]\n", {{0}}},
	{"carriage returns", "a 60 A 192.0.2.1\r\n\r\n  TXT \"x\" ; y\r\n",
		"1 a.example.com 60 A c0000201\n3 a.example.com 60 TXT [x]\n", {{0}}},
	{"byte order mark",
		"\xef\xbb\xbf"
		"a 60 A 192.0.2.1\n",
		"1 a.example.com 60 A c0000201\n", {{0}}},
	{"AAAA, PTR, DNAME, SPF", "a 60 AAAA 2001:db8::1\nb 60 PTR c\nd 60 DNAME e\nf 60 SPF \"x\"\n",
		"1 a.example.com 60 AAAA 20010db8000000000000000000000001\n2 b.example.com 60 PTR "
		"c.example.com\n"
		"3 d.example.com 60 DNAME e.example.com\n4 f.example.com 60 SPF [x]\n",
		{{0}}},
	{"generic data of a known type", "a 60 TXT \\# 3 02 6162\nb 60 TYPE1 \\# 4 c000 0201\n",
		"1 a.example.com 60 TXT [ab]\n2 b.example.com 60 A c0000201\n", {{0}}},
	{"generic data of an unknown type", "a 60 CLASS1 TYPE65280 \\# 2 abcd\nb 60 TYPE65281 \\# 0\n",
		"1 a.example.com 60 TYPE65280 abcd\n2 b.example.com 60 TYPE65281 \n", {{0}}},
	{"types that are not read", "a 60 CAA 0 issue \"ca.example.net\"\n  SVCB 1 . alpn=\"h2,h3\"\n",
		"1 a.example.com 60 CAA \n2 a.example.com 60 SVCB \n", {{0}}},
	{"SOA's minimum as last resort", "@ SOA ns hostmaster 1 2h 3h 4w 5m\na A 192.0.2.1\n",
		"1 example.com 300 SOA "
		"026e73076578616d706c6503636f6d000a686f73746d6173746572076578616d706c6503636f6d00"
		"0000000100001c2000002a300024ea000000012c\n2 a.example.com 300 A c0000201\n",
		{{0}}},
	{"the same SOA at the end, as dig prints a transfer",
		"@ 60 SOA . . 1 2 3 4 5\na 60 A 192.0.2.1\n@ 60 SOA . . 1 2 3 4 5\n",
		"1 example.com 60 SOA 00000000000100000002000000030000000400000005\n2 a.example.com 60 A "
		"c0000201\n",
		{{0}}},
	{"signatures beside a CNAME", "a 60 CNAME b\na 60 RRSIG CNAME 13 3 60 1 2 3 @ x\na 60 CNAME b\n",
		"1 a.example.com 60 CNAME b.example.com\n2 a.example.com 60 RRSIG \n3 a.example.com 60 CNAME "
		"b.example.com\n",
		{{0}}},
	{"include", "a 60 A 192.0.2.1\n$INCLUDE b.zone ; more\n  TXT y\n",
		"1 a.example.com 60 A c0000201\n1 b.example.com 60 TXT [x]\n3 a.example.com 60 TXT [y]\n",
		{{"d/b.zone", "b TXT x\n"}}},
	{"include with an origin, which ends with the file", "$INCLUDE \"b.zone\" sub\nc 60 TXT y\n",
		"1 b.sub.example.com 60 TXT [x]\n2 c.example.com 60 TXT [y]\n",
		{{"d/b.zone", "b 60 TXT x\n$ORIGIN example.org.\n"}}},
	{"include beside the file that includes", "$INCLUDE s/b.zone\n", "1 c.example.com 60 TXT [x]\n",
		{{"d/s/b.zone", "$INCLUDE c.zone\n"}, {"d/s/c.zone", "c 60 TXT x\n"}}},
};

static bool read_files(struct arena *arena, const char *text, const struct file *more, const char *origin,
	bool need_soa, struct zonefile *zone, struct zonefile_error *error)
{
	struct file files[MAX_FILES] = {{"d/top.zone", text}};
	const struct zonefile_loader loader = {load_text, files};
	struct name name = {NULL, 0};
	for (size_t i = 0; i + 1 < MAX_FILES; i++)
		files[i + 1] = more[i];
	if (origin != NULL)
		name = name_of(arena, origin);
	return zonefile_read(arena, SLICE("d/top.zone"), name, need_soa, &loader, zone, error);
}

START_TEST(reads)
{
	const struct good_row *row = &good_rows[_i];
	struct arena *arena = unit_arena();
	struct zonefile zone;
	struct zonefile_error error;
	bool read = read_files(arena, row->text, row->more, "example.com", false, &zone, &error);
	ck_assert_msg(read, "%s: line %zu: %.*s", row->label, read ? 0 : error.place.line,
		read ? 0 : (int)error.message.len, read ? "" : error.message.ptr);
	unit_assert_slice(show(arena, &zone), slice_cstr(row->expected));
}
END_TEST

/* --- comments for mailauth --------------------------------------------------------------------- */

struct remark_row {
	const char *label;
	const char *text;
	const char *expected; /* "FILE:LINE:COLUMN FIRST-LAST TEXT\n" */
	struct file more[MAX_FILES - 1];
};

static const struct remark_row remark_rows[] = {
	{"behind a record", "a A 192.0.2.1 ; mailauth: ignore x y\n", "top.zone:1:27 1-1 ignore x y\n",
		{{0}}},
	{"right behind a word, CR LF", "a TXT x;mailauth:y \r\nb A 192.0.2.2\r\n", "top.zone:1:18 1-1 y\n",
		{{0}}},
	{"letters of any case, tabs", "a A 192.0.2.1 ;\tMailAuth:\tz", "top.zone:1:27 1-1 z\n", {{0}}},
	{"within a record",
		"a TXT ( \"x\" ; mailauth: one\n ; mailauth: two\n\n \"y\"\n) ; mailauth: three\n",
		"top.zone:1:25 1-5 one\ntop.zone:2:14 1-5 two\ntop.zone:5:15 1-5 three\n", {{0}}},
	{"before a parenthesis' first word", "a TXT x\n  ( ; mailauth: one\n  TXT y )\n",
		"top.zone:2:17 3-3 one\n", {{0}}},
	{"on its own lines", "; mailauth: one\n\n; other\n  ; mailauth: two\na A 192.0.2.1\nb A 192.0.2.2\n",
		"top.zone:1:13 5-5 one\ntop.zone:4:15 5-5 two\n", {{0}}},
	{"with a directive between", "; mailauth: one\n$TTL 5\na A 192.0.2.1\n", "top.zone:1:13 3-3 one\n",
		{{0}}},
	{"behind a directive", "$TTL 5 ; mailauth: one\na A 192.0.2.1\n", "top.zone:1:20 0-0 one\n", {{0}}},
	{"at the end", "a A 192.0.2.1\n; mailauth: one\n", "top.zone:2:13 0-0 one\n", {{0}}},
	{"in quotes", "a TXT \"; mailauth: one\" x\\; ; mailauth is great\n", "", {{0}}},
	{"not at the start", "a A 192.0.2.1 ; see mailauth: x\n;; mailauth: y\nb A 192.0.2.1\n", "", {{0}}},
	{"empty", "a A 192.0.2.1 ; mailauth:\n", "top.zone:1:26 1-1 \n", {{0}}},
	{"included; none goes from file to file", "; mailauth: one\n$INCLUDE b.zone\nc A 192.0.2.1\n",
		"b.zone:1:27 1-1 two\nb.zone:2:13 0-0 three\ntop.zone:1:13 3-3 one\n",
		{{"d/b.zone", "b A 192.0.2.1 ; mailauth: two\n; mailauth: three\n"}}},
};

static struct slice show_remarks(struct arena *arena, const struct zonefile *zone)
{
	struct slice out = slice_of("", 0);
	for (size_t i = 0; i < zone->remark_count; i++) {
		const struct zonefile_remark *remark = &zone->remarks[i];
		struct slice file = slice_from(remark->place.file, 2);
		out = arena_printf(arena, "%.*s%.*s:%zu:%zu %zu-%zu %.*s\n", (int)out.len, out.ptr,
			(int)file.len, file.ptr, remark->place.line, remark->place.column, remark->first_line,
			remark->last_line, (int)remark->text.len, remark->text.ptr);
	}
	return out;
}

START_TEST(keeps_remarks)
{
	const struct remark_row *row = &remark_rows[_i];
	struct arena *arena = unit_arena();
	struct zonefile zone;
	struct zonefile_error error = {0};
	bool read = read_files(arena, row->text, row->more, "example.com", false, &zone, &error);
	ck_assert_msg(read, "%s: %.*s", row->label, (int)error.message.len, error.message.ptr);
	unit_assert_slice(show_remarks(arena, &zone), slice_cstr(row->expected));
}
END_TEST

/* The comment right behind an unquoted last word, and words of text, in both ways to read. */
START_TEST(keeps_words_and_comments)
{
	static const struct file none[MAX_FILES - 1];
	struct arena *arena = unit_arena();
	struct zonefile zone;
	struct zonefile_error error;
	ck_assert(read_files(arena,
		"a TXT v=DMARC1; p=none \r\nb TXT x ; y\nc TXT \"x\";y\nd A 192.0.2.1;y\ne TXT ( x;one\n "
		"y;two\n )\n",
		none, "example.com", false, &zone, &error));
	static const char *const comments[] = {" p=none ", "", "", "", "two"};
	static const size_t words[] = {1, 1, 1, 0, 2};
	for (size_t i = 0; i < 5; i++) {
		unit_assert_slice(zone.records[i].record.comment, slice_cstr(comments[i]));
		ck_assert_uint_eq(zone.records[i].word_count, words[i]);
	}
}
END_TEST

/* --- what is refused -------------------------------------------------------------------------- */

#define TEN(text) text text text text text text text text text text

struct bad_row {
	const char *label;
	const char *text;
	size_t line, column;
	const char *message; /* or its beginning, before an asterisk */
	struct file more[MAX_FILES - 1];
	const char *file; /* NULL: the top file */
};

static const struct bad_row bad_rows[] = {
	{"quote that ends with its line", "a 60 TXT \"x\" \"y\nb 60 A 192.0.2.1\n", 1, 14,
		"unterminated quote*", {{0}}, 0},
	{"quote that ends with the file", "@ 60 TXT \"v=spf1", 1, 10, "unterminated quote*", {{0}}, 0},
	{"quote whose end is escaped", "@ 60 TXT \"v=spf1\\\"\n", 1, 10, "unterminated quote*", {{0}}, 0},
	{"parenthesis that ends with the file", "@ 60 A 192.0.2.1\n@ 60 TXT ( (\"a\")\nb 60 A\n", 2, 10,
		"unterminated \"(\"*", {{0}}, 0},
	{"closing parenthesis alone", "@ 60 TXT a )\n", 1, 12, "\")\" without \"(\" before it", {{0}}, 0},
	{"blank owner of nothing", "\n  60 A 192.0.2.1\n", 2, 3, "the line begins with a blank*", {{0}}, 0},
	{"quoted owner", "\"a\" 60 A 192.0.2.1\n", 1, 1, "the owner's name is expected*", {{0}}, 0},
	{"type missing", "a 60 IN\n", 1, 6, "the record ends before its type", {{0}}, 0},
	{"unknown type", "a 60 TEXT x\n", 1, 6, "unknown record type \"TEXT\"", {{0}}, 0},
	{"string for a type", "a 60 \"TXT\" x\n", 1, 6, "a record type is expected, not \"TXT\"", {{0}}, 0},
	{"type of questions", "a 60 TYPE255 \\# 0\n", 1, 6, "not a type of data: \"TYPE255\"", {{0}}, 0},
	{"other class", "a CH TXT x\n", 1, 3, "only class IN can be read, not \"CH\"", {{0}}, 0},
	{"ttl too large", "a 2147483648 A 192.0.2.1\n", 1, 3, "not a TTL: \"2147483648\"", {{0}}, 0},
	{"ttl with a bad unit", "a 1x A 192.0.2.1\n", 1, 3, "not a TTL: \"1x\"", {{0}}, 0},
	{"data missing", "a 60 A\n", 1, 6, "data is missing: A takes one IPv4 address", {{0}}, 0},
	{"data left over", "a 60 A 192.0.2.1 x\n", 1, 18, "one word too many: A takes one IPv4 address",
		{{0}}, 0},
	{"text missing", "a 60 TXT ; x\n", 1, 6, "data is missing: TXT takes at least one string", {{0}}, 0},
	{"bad IPv4 address", "a 60 A 192.0.2.256\n", 1, 8, "an IPv4 address is expected, not \"192.0.2.256\"",
		{{0}}, 0},
	{"bad IPv6 address", "a 60 AAAA 192.0.2.1\n", 1, 11, "an IPv6 address is expected, not \"192.0.2.1\"",
		{{0}}, 0},
	{"MX without preference", "a 60 MX mail\n", 1, 9,
		"a number from 0 to 65535 is expected, not \"mail\"", {{0}}, 0},
	{"MX without name", "a 60 MX 10\n", 1, 6, "data is missing: MX takes a preference and a name", {{0}},
		0},
	{"empty label", "a..b 60 A 192.0.2.1\n", 1, 1, "the name has an empty label*", {{0}}, 0},
	{"label of 64 bytes", "a 60 MX 10 aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n",
		1, 12, "a label of the name is longer than 63 bytes", {{0}}, 0},
	{"bad escape in a name", "a\\25x 60 A 192.0.2.1\n", 1, 1, "the name has a backslash*", {{0}}, 0},
	{"bad escape in a string", "a 60 TXT x \"\\256\"\n", 1, 12, "the string has a backslash*", {{0}}, 0},
	{"control bytes are shown escaped", "a 60 A \x1b[1m\n", 1, 8,
		"an IPv4 address is expected, not \"\\027[1m\"", {{0}}, 0},
	{"$ORIGIN without name", "$ORIGIN\n", 1, 1, "$ORIGIN takes one name", {{0}}, 0},
	{"$TTL with words", "$TTL 1 2\n", 1, 1, "$TTL takes one period", {{0}}, 0},
	{"bad $TTL", "$TTL x\n", 1, 6, "not a TTL: \"x\"", {{0}}, 0},
	{"unknown directive", "a 60 A 192.0.2.1\n$GENERATE 1-2 a A 192.0.2.$\n", 2, 1,
		"unknown directive \"$GENERATE\"", {{0}}, 0},
	{"generic length", "a 60 TXT \\# 3 6162\n", 1, 13, "3 bytes are announced, 2 follow", {{0}}, 0},
	{"generic digits", "a 60 TXT \\# 2 61g2\n", 1, 15, "hexadecimal digits are expected, not \"61g2\"",
		{{0}}, 0},
	{"generic half byte", "a 60 TXT \\# 2 61 6\n", 1, 18,
		"an even number of digits is expected, not \"6\"", {{0}}, 0},
	{"generic without length", "a 60 TXT \\#\n", 1, 10, "the number of bytes is expected, not \"\\\\#\"",
		{{0}}, 0},
	{"generic data of the wrong form", "a 60 A \\# 3 010203\n", 1, 8,
		"the data does not have the form of its type", {{0}}, 0},
	{"generic SOA that is too short", "@ 60 SOA \\# 2 0102\n", 1, 10,
		"the data does not have the form of its type", {{0}}, 0},
	{"CNAME, then other data", "a 60 CNAME b\nb 60 A 192.0.2.1\na 60 TXT x\n", 3, 10,
		"a.example.com has a CNAME and other data (also in line 1): a CNAME stands alone", {{0}}, 0},
	{"other data, then CNAME", "a 60 TXT x\na 60 CNAME b\na 60 TXT y\n", 2, 12,
		"a.example.com has a CNAME and other data (also in line 1): a CNAME stands alone", {{0}}, 0},
	{"two CNAMEs", "a 60 CNAME b\na 60 CNAME c\n", 2, 12,
		"a.example.com has a CNAME and other data (also in line 1): a CNAME stands alone", {{0}}, 0},
	{"second SOA", "@ 60 SOA . . 1 2 3 4 5\nb 60 SOA . . 1 2 3 4 5\n", 2, 6,
		"a second SOA record, of b.example.com; line 1 has the one of example.com", {{0}}, 0},
	{"other SOA at the apex", "@ 60 SOA . . 1 2 3 4 5\n@ 60 SOA . . 2 2 3 4 5\n", 2, 6,
		"a second SOA record*", {{0}}, 0},
	{"outside the zone", "@ 60 SOA . . 1 2 3 4 5\nexample.net. 60 A 192.0.2.1\n", 2, 1,
		"example.net is outside the zone example.com", {{0}}, 0},
	{"outside the zone, before its SOA", "example.net. 60 A 192.0.2.1\n@ 60 SOA . . 1 2 3 4 5\n", 1, 19,
		"example.net is outside the zone example.com", {{0}}, 0},
	{"include without file", "$INCLUDE\n", 1, 1, "$INCLUDE takes a file*", {{0}}, 0},
	{"include of nothing", "\n$INCLUDE x.zone\n", 2, 10, "cannot read d/x.zone: no such file", {{0}}, 0},
	{"error in an included file", "\n$INCLUDE x.zone\n", 1, 7, "an IPv4 address is expected, not \"x\"",
		{{"d/x.zone", "b 1 A x\n"}}, "d/x.zone"},
	{"include of itself", "$INCLUDE top.zone\n", 1, 1, "files are included more than 8 deep", {{0}}, 0},
	{"ten times ten times ten files", TEN("$INCLUDE a.zone\n"), 10, 10,
		"cannot read d/a.zone: more than 1000 files are included",
		{{"d/a.zone", TEN("$INCLUDE b.zone\n")}, {"d/b.zone", TEN("$INCLUDE c.zone\n")},
			{"d/c.zone", ";\n"}},
		0},
};

static bool matches(struct slice text, const char *pattern)
{
	size_t len = strlen(pattern);
	if (len > 0 && pattern[len - 1] == '*')
		return slice_starts(text, slice_of(pattern, len - 1));
	return slice_equal(text, slice_cstr(pattern));
}

START_TEST(refuses)
{
	const struct bad_row *row = &bad_rows[_i];
	struct zonefile zone;
	struct zonefile_error error;
	ck_assert_msg(!read_files(unit_arena(), row->text, row->more, "example.com", false, &zone, &error),
		"%s: was read", row->label);
	ck_assert_msg(matches(error.message, row->message), "%s: \"%.*s\"", row->label,
		(int)error.message.len, error.message.ptr);
	ck_assert_msg(error.place.line == row->line && error.place.column == row->column, "%s: at %zu:%zu",
		row->label, error.place.line, error.place.column);
	unit_assert_slice(error.place.file, slice_cstr(row->file == NULL ? "d/top.zone" : row->file));
}
END_TEST

struct origin_row {
	const char *text;
	const char *origin;
	size_t line, column;
	const char *message; /* NULL: it is read */
};

static const struct origin_row origin_rows[] = {
	{"@ IN SOA . . 1 2 3 4 5\n", NULL, 1, 1,
		"relative name \"@\" and no $ORIGIN; give the zone's name, as in example.com=FILE"},
	{"example.com. IN SOA ns . 1 2 3 4 5\n", NULL, 1, 21, "relative name \"ns\" and no $ORIGIN*"},
	{"$ORIGIN example.com\n", NULL, 1, 9, "relative name \"example.com\" and no $ORIGIN*"},
	{"$ORIGIN example.com.\n@ IN SOA . . 1 2 3 4 5\n", NULL, 0, 0, NULL},
	{"example.com. IN SOA . . 1 2 3 4 5\n", NULL, 0, 0, NULL},
	{"@ IN SOA . . 1 2 3 4 5\n", "example.com", 0, 0, NULL},
	{"@ 60 A 192.0.2.1\n", "example.com", 1, 1, "no SOA record*"},
	{"", "example.com", 1, 1, "no SOA record*"},
};

START_TEST(needs_origin_and_soa)
{
	static const struct file none[MAX_FILES - 1];
	const struct origin_row *row = &origin_rows[_i];
	struct arena *arena = unit_arena();
	struct zonefile zone;
	struct zonefile_error error = {{{NULL, 0}, 0, 0}, {"", 0}};
	bool read = read_files(arena, row->text, none, row->origin, true, &zone, &error);
	ck_assert_int_eq(read, row->message == NULL);
	if (read) {
		unit_assert_slice(name_text(arena, zone.apex), SLICE("example.com"));
		return;
	}
	ck_assert_msg(
		matches(error.message, row->message), "\"%.*s\"", (int)error.message.len, error.message.ptr);
	ck_assert_uint_eq(error.place.line, row->line);
	ck_assert_uint_eq(error.place.column, row->column);
}
END_TEST

/* A string of n bytes: 255 is the longest. */
START_TEST(string_lengths)
{
	static const struct file none[MAX_FILES - 1];
	struct arena *arena = unit_arena();
	struct zonefile zone;
	struct zonefile_error error;
	char text[400] = "@ 60 TXT ok \"";
	memset(text + 13, 'x', 255);
	strcpy(text + 13 + 255, "\"\n");
	ck_assert(read_files(arena, text, none, "example.com", false, &zone, &error));
	ck_assert_uint_eq(zone.records[0].record.data.txt.strings[1].len, 255);
	strcpy(text + 13 + 255, "x\"\n");
	ck_assert(!read_files(arena, text, none, "example.com", false, &zone, &error));
	ck_assert_uint_eq(error.place.column, 13);
	ck_assert(slice_starts(error.message, SLICE("a string of 256 bytes")));
}
END_TEST

START_TEST(binary_files)
{
	struct arena *arena = unit_arena();
	struct zonefile zone;
	struct zonefile_error error;
	char path[] = "/tmp/zonefile.XXXXXX";
	int fd = mkstemp(path);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq((int)write(fd, "; a\n;b\0c\n", 9), 9);
	close(fd);
	bool read = zonefile_read(
		arena, slice_cstr(path), name_of(arena, "example.com"), true, NULL, &zone, &error);
	unlink(path);
	ck_assert(!read);
	unit_assert_slice(error.message, SLICE("a NUL byte: this is a binary file, not a zone file"));
	ck_assert_uint_eq(error.place.line, 2);
	ck_assert_uint_eq(error.place.column, 3);
}
END_TEST

/* --- the file system -------------------------------------------------------------------------- */

static char folder[64];

static const char *in_folder(const char *name)
{
	static char path[4][128];
	static size_t next;
	char *out = path[next++ % 4];
	snprintf(out, sizeof path[0], "%s/%s", folder, name);
	return out;
}

static void write_file(const char *name, const char *text)
{
	FILE *file = fopen(in_folder(name), "w");
	ck_assert_ptr_nonnull(file);
	fputs(text, file);
	ck_assert_int_eq(fclose(file), 0);
}

static void make_folder(void)
{
	strcpy(folder, "/tmp/zonefiles.XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	ck_assert_int_eq(mkdir(in_folder("in"), 0700), 0);
	ck_assert_int_eq(mkdir(in_folder("in/sub"), 0700), 0);
	ck_assert_int_eq(mkdir(in_folder("in2"), 0700), 0);
	write_file("secret", "a 60 TXT secret\n");
	write_file("in2/secret", "a 60 TXT secret\n");
	write_file("in/a.zone", "a 60 TXT a\n");
	write_file("in/sub/b.zone", "$INCLUDE ../a.zone\n");
	write_file("in/sub/out.zone", "$INCLUDE ../../secret\n");
	ck_assert_int_eq(symlink("../secret", in_folder("in/link")), 0);
	ck_assert_int_eq(symlink("loop", in_folder("in/loop")), 0);
	ck_assert_int_eq(symlink("sub/b.zone", in_folder("in/inner")), 0);
}

static void remove_folder(void)
{
	static const char *const names[] = {"in/inner", "in/loop", "in/link", "in/sub/out.zone",
		"in/sub/b.zone", "in/a.zone", "in/top.zone", "in2/secret", "secret", "in2", "in/sub", "in"};
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		remove(in_folder(names[i]));
	rmdir(folder);
}

struct disk_row {
	const char *include;
	const char *message; /* NULL: it is read */
};

static const struct disk_row disk_rows[] = {
	{"a.zone", NULL},
	{"./a.zone", NULL},
	{"sub/../a.zone", NULL},
	{"sub/b.zone", NULL},
	{"inner", "*"}, /* leads to in/sub/b.zone, but "../a.zone" is seen from in/ */
	{"../secret", "cannot include \"../secret\": it is outside the folder of the zone file"},
	{"../in2/secret", "cannot include \"../in2/secret\": it is outside the folder of the zone file"},
	{"link", "cannot include \"link\": it is outside the folder of the zone file"},
	{"/etc/passwd", "cannot include \"/etc/passwd\": it is outside the folder of the zone file"},
	{"sub/out.zone", "cannot include \"../../secret\": it is outside the folder of the zone file"},
	{"loop", "cannot include \"loop\": Too many levels of symbolic links"},
	{"nothing", "cannot include \"nothing\": No such file or directory"},
	{"sub", "*"},
};

START_TEST(includes_from_disk)
{
	const struct disk_row *row = &disk_rows[_i];
	struct arena *arena = unit_arena();
	struct zonefile zone;
	struct zonefile_error error;
	make_folder();
	char text[64];
	snprintf(text, sizeof text, "$INCLUDE %s\n", row->include);
	write_file("in/top.zone", text);
	bool read = zonefile_read(arena, slice_cstr(in_folder("in/top.zone")), name_of(arena, "example.com"),
		false, NULL, &zone, &error);
	remove_folder();
	ck_assert_msg(read == (row->message == NULL), "%s", row->include);
	if (read)
		ck_assert_uint_eq(zone.count, 1);
	else
		ck_assert_msg(matches(error.message, row->message), "%.*s", (int)error.message.len,
			error.message.ptr);
}
END_TEST

static const struct disk_row top_rows[] = {
	{"in", "cannot read the file: Is a directory"},
	{"in/loop", "cannot read the file: Too many levels of symbolic links"},
	{"in/nothing", "cannot read the file: No such file or directory"},
	{"in/a.zone", NULL},
};

START_TEST(top_files_from_disk)
{
	const struct disk_row *row = &top_rows[_i];
	struct arena *arena = unit_arena();
	struct zonefile zone;
	struct zonefile_error error;
	make_folder();
	bool read = zonefile_read(arena, slice_cstr(in_folder(row->include)), name_of(arena, "example.com"),
		false, NULL, &zone, &error);
	remove_folder();
	ck_assert_msg(read == (row->message == NULL), "%s", row->include);
	if (!read) {
		unit_assert_slice(error.message, slice_cstr(row->message));
		ck_assert_uint_eq(error.place.line, 0);
	}
}
END_TEST

/* --- single records --------------------------------------------------------------------------- */

struct record_row {
	const char *text;
	const char *expected; /* as show() without line */
	size_t column;
	const char *message;
};

static const struct record_row record_rows[] = {
	{"example.com TXT v=spf1 -all", "example.com 3600 TXT [v=spf1 -all]", 17, NULL},
	{"example.com. 300 IN TXT  v=DMARC1; p=none ", "example.com 300 TXT [v=DMARC1; p=none ]", 26, NULL},
	{"example.com in 5m txt a\\b(\"c\"", "example.com 300 TXT [a\\b(\"c\"]", 23, NULL},
	{"example.com TXT \"a\" b\\059", "example.com 3600 TXT [a][b;]", 17, NULL},
	{"example.com MX 10 mail.example.net", "example.com 3600 MX 10 mail.example.net", 16, NULL},
	{"example.com CNAME www.example.org.", "example.com 3600 CNAME www.example.org", 19, NULL},
	{"b\xc3\xbc"
	 "cher.example TXT x",
		"xn--bcher-kva.example 3600 TXT [x]", 21, NULL},
	{"_dmarc.b\xc3\xbc"
	 "cher.example A 192.0.2.1",
		"_dmarc.xn--bcher-kva.example 3600 A c0000201", 26, NULL},
	{"", NULL, 1, "a record is NAME [TTL] [IN] TYPE DATA"},
	{"example.com", NULL, 1, "the record ends before its type"},
	{"example.com TXT", NULL, 13, "no data behind the type*"},
	{"example.com 300 IN TXT  ", NULL, 20, "no data behind the type*"},
	{"@ TXT x", NULL, 1, "write the whole name instead of \"@\""},
	{"example.com TEXT x", NULL, 13, "unknown record type \"TEXT\""},
	{"example.com TXT \"x", NULL, 17, "unterminated quote*"},
	{"example.com A 192.0.2.1\nexample.com A 192.0.2.2", NULL, 1, "more than one record"},
	{"example.com A 1.2.3", NULL, 15, "an IPv4 address is expected, not \"1.2.3\""},
	{"\xff.example TXT x", NULL, 1, "\"\\255.example\" cannot be an international domain name"},
};

START_TEST(single_records)
{
	const struct record_row *row = &record_rows[_i];
	struct arena *arena = unit_arena();
	struct zonefile_record record;
	struct zonefile_error error;
	bool read = zonefile_parse_record(arena, slice_cstr(row->text), &record, &error);
	ck_assert_msg(read == (row->expected != NULL), "%s", row->text);
	if (!read) {
		ck_assert_msg(matches(error.message, row->message), "%.*s", (int)error.message.len,
			error.message.ptr);
		ck_assert_uint_eq(error.place.column, row->column);
		ck_assert_uint_eq(error.place.file.len, 0);
		return;
	}
	const struct zonefile one = {.records = &record, .count = 1, .apex = record.owner};
	struct slice shown = show(arena, &one);
	unit_assert_slice(slice_from(slice_head(shown, shown.len - 1), 2), slice_cstr(row->expected));
	ck_assert_uint_eq(record.place.column, row->column);
	ck_assert_int_eq(record.record.origin.kind, ORIGIN_RECORD);
}
END_TEST

/* Typed text is split at 255 bytes; its first byte at column 16 of the whole. */
START_TEST(long_literal)
{
	struct arena *arena = unit_arena();
	struct zonefile_record record;
	struct zonefile_error error;
	size_t len = 70000;
	char *text = arena_alloc(arena, len + 1);
	memset(text, 'x', len);
	memcpy(text, "example.org TXT ", 16);
	ck_assert(zonefile_parse_record(arena, slice_of(text, 16 + 511), &record, &error));
	ck_assert_uint_eq(record.record.data.txt.count, 3);
	ck_assert_uint_eq(record.record.data.txt.strings[0].len, 255);
	ck_assert_uint_eq(record.record.data.txt.strings[2].len, 1);
	ck_assert_uint_eq(record.record.data.txt.joined.len, 511);
	ck_assert(zonefile_parse_record(arena, slice_of(text, 16 + 65278), &record, &error));
	ck_assert_uint_le(record.record.rdata.len, 65535);
	ck_assert(!zonefile_parse_record(arena, slice_of(text, len), &record, &error));
	unit_assert_slice(error.message, SLICE("the text is too long for one record"));
}
END_TEST

static void read_everything(struct arena *arena, void *context)
{
	static const struct file none[MAX_FILES - 1];
	struct zonefile zone;
	struct zonefile_error error;
	struct zonefile_record record;
	(void)context;
	ck_assert(read_files(arena, "$TTL 60\n@ SOA . . 1 2 3 4 5\na TXT a\\098\n MX 1 b\nb CNAME c\n", none,
		"example.com", true, &zone, &error));
	ck_assert(!read_files(arena, "a 60 A x\n", none, "example.com", true, &zone, &error));
	ck_assert(zonefile_parse_record(arena,
		SLICE("b\xc3\xbc"
		      "cher.example TXT x"),
		&record, &error));
}

START_TEST(lack_of_memory)
{
	unit_fail_every_allocation(read_everything, NULL);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("zonefile");
	TCase *rows = tcase_create("rows");
#define LOOP(test, table) tcase_add_loop_test(rows, test, 0, (int)(sizeof(table) / sizeof(table)[0]))
	LOOP(reads, good_rows);
	LOOP(refuses, bad_rows);
	LOOP(needs_origin_and_soa, origin_rows);
	LOOP(includes_from_disk, disk_rows);
	LOOP(top_files_from_disk, top_rows);
	LOOP(single_records, record_rows);
	LOOP(keeps_remarks, remark_rows);
	tcase_add_test(rows, keeps_words_and_comments);
	tcase_add_test(rows, string_lengths);
	tcase_add_test(rows, long_literal);
	tcase_add_test(rows, binary_files);
	tcase_add_test(rows, lack_of_memory);
	suite_add_tcase(suite, rows);
	return unit_run(suite);
}
