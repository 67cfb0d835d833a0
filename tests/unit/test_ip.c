/* Tests of base/ip: what is an address and what only looks like one, and all texts made of them. */
#include "base/ip.h"

#include "support/unit.h"

static const char *const v4_valid[] = {
	"0.0.0.0", "255.255.255.255", "192.0.2.1", "10.20.30.40", "1.22.133.249"};

static const char *const v4_invalid[] = {"", "1", "1.2.3", "1.2.3.4.5", "1.2.3.", ".1.2.3", "1..2.3",
	"256.0.0.1", "1.2.3.300", "01.2.3.4", "1.2.3.04", "00.0.0.0", "1.2.3.4 ", " 1.2.3.4", "1.2.3.-4",
	"1.2.3.+4", "0x1.2.3.4", "1.2.3.4/24", "1.2.3.4a", "1234.1.1.1", "::1", "1.2.3.4:25",
	"99999999999999999999.1.1.1"};

START_TEST(v4_is_exact)
{
	struct ip ip;
	ck_assert(ip_parse_v4(slice_cstr(v4_valid[_i]), &ip));
	ck_assert_int_eq((int)ip.family, IP_V4);
	unit_assert_slice(ip_text(unit_arena(), ip), slice_cstr(v4_valid[_i]));
}
END_TEST

START_TEST(v4_refuses)
{
	struct ip ip = {.family = IP_V6};
	ck_assert_msg(!ip_parse_v4(slice_cstr(v4_invalid[_i]), &ip), "%s", v4_invalid[_i]);
	ck_assert_int_eq((int)ip.family, IP_V6);
}
END_TEST

/* RFC 4291 2.2 in, RFC 5952 out. */
static const struct {
	const char *text, *canonical;
} v6_valid[] = {
	{"::", "::"},
	{"::1", "::1"},
	{"1::", "1::"},
	{"2001:DB8::1", "2001:db8::1"},
	{"2001:0db8:0000:0000:0000:0000:0000:0001", "2001:db8::1"},
	{"2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"},
	{"2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"},
	{"2001:0:0:1:0:0:0:1", "2001:0:0:1::1"},
	{"1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"},
	{"::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8"},
	{"1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"},
	{"1:2:3::5:6:7:8", "1:2:3:0:5:6:7:8"},
	{"0:0:3:4:5:6:0:0", "::3:4:5:6:0:0"},
	{"fe80::abcd", "fe80::abcd"},
	{"::ffff:192.0.2.1", "::ffff:192.0.2.1"},
	{"::FFFF:C000:0201", "::ffff:192.0.2.1"},
	{"::192.0.2.1", "::c000:201"},
	{"1:2:3:4:5:6:192.0.2.1", "1:2:3:4:5:6:c000:201"},
	{"64:ff9b::192.0.2.33", "64:ff9b::c000:221"},
	{"CAFE:BABE::", "cafe:babe::"},
};

static const char *const v6_invalid[] = {"", ":", ":::", "1", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3",
	":1", "1:", ":CAFE::BABE", "1:2:3:4:5:6:7:", ":2:3:4:5:6:7:8", "12345::", "::g", "::1%eth0", "[::1]",
	"::1/64", "1:2:3:4:5:6:7::8", "::1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:192.0.2.1", "::192.0.2",
	"::192.0.2.1:1", "192.0.2.1::", "192.0.2.1", "::ffff:192.0.2.256", "::ffff:192.0.02.1", " ::1",
	"::1 ", "1:2:3:4:5:6:7:8::", "1:::2", "::00001", "2001:db8::1.2.3.4.5"};

START_TEST(v6_takes_every_form)
{
	struct ip ip, again;
	struct slice text = slice_cstr(v6_valid[_i].text), canonical = slice_cstr(v6_valid[_i].canonical);
	ck_assert_msg(ip_parse_v6(text, &ip), "%s", v6_valid[_i].text);
	unit_assert_slice(ip_text(unit_arena(), ip), canonical);
	ck_assert(ip_parse(canonical, &again) && ip_equal(ip, again));
}
END_TEST

START_TEST(v6_refuses)
{
	struct ip ip;
	ck_assert_msg(!ip_parse_v6(slice_cstr(v6_invalid[_i]), &ip), "%s", v6_invalid[_i]);
}
END_TEST

/* Text does not end at NUL, and nothing behind its length is read. */
START_TEST(text_is_bounded)
{
	struct ip ip;
	ck_assert(!ip_parse(slice_of("192.0.2.1\0", 10), &ip));
	ck_assert(!ip_parse(slice_of("::1\0", 4), &ip));
	ck_assert(ip_parse(slice_of("192.0.2.123", 10), &ip));
	unit_assert_slice(ip_text(unit_arena(), ip), SLICE("192.0.2.12"));
}
END_TEST

static struct ip address(const char *text)
{
	struct ip ip;
	ck_assert(ip_parse(slice_cstr(text), &ip));
	return ip;
}

START_TEST(mapped_addresses_are_ipv4)
{
	ck_assert(ip_is_mapped(address("::ffff:192.0.2.1")));
	ck_assert(!ip_is_mapped(address("::192.0.2.1")));
	ck_assert(!ip_is_mapped(address("192.0.2.1")));
	ck_assert(!ip_is_mapped(address("0:0:0:0:1:ffff:0:1")));
	ck_assert(ip_equal(ip_unmapped(address("::ffff:192.0.2.1")), address("192.0.2.1")));
	ck_assert(ip_equal(ip_unmapped(address("2001:db8::1")), address("2001:db8::1")));
	ck_assert(!ip_equal(address("::"), address("0.0.0.0")));
}
END_TEST

START_TEST(mapped_networks_are_ipv4)
{
	static const struct {
		const char *ip;
		unsigned char length;
		const char *unmapped;
	} rows[] = {
		{"::ffff:192.0.2.0", 120, "192.0.2.0/24"},
		{"::ffff:0.0.0.0", 96, "0.0.0.0/0"},
		{"::ffff:0.0.0.0", 95, "::ffff:0.0.0.0/95"}, /* holds others too */
		{"192.0.2.0", 24, "192.0.2.0/24"},
		{"2001:db8::", 120, "2001:db8::/120"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct prefix prefix = {address(rows[i].ip), rows[i].length};
		unit_assert_slice(
			prefix_text(unit_arena(), prefix_unmapped(prefix)), slice_cstr(rows[i].unmapped));
	}
}
END_TEST

START_TEST(names_and_macros)
{
	struct arena *arena = unit_arena();
	struct ip v4 = address("192.0.2.3"), v6 = address("2001:db8::cb01");
	unit_assert_slice(ip_macro_text(arena, v4), SLICE("192.0.2.3"));
	unit_assert_slice(ip_macro_text(arena, v6),
		SLICE("2.0.0.1.0.d.b.8.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.c.b.0.1"));
	unit_assert_slice(ip_reverse_name(arena, v4), SLICE("3.2.0.192.in-addr.arpa"));
	unit_assert_slice(ip_reverse_name(arena, v6),
		SLICE("1.0.b.c.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa"));
}
END_TEST

static const struct {
	const char *ip;
	unsigned char length;
	const char *masked, *inside, *outside;
} prefix_rows[] = {
	{"192.0.2.55", 24, "192.0.2.0/24", "192.0.2.255", "192.0.3.0"},
	{"192.0.2.55", 32, "192.0.2.55/32", "192.0.2.55", "192.0.2.54"},
	{"192.0.2.55", 31, "192.0.2.54/31", "192.0.2.54", "192.0.2.56"},
	{"192.0.2.55", 0, "0.0.0.0/0", "255.255.255.255", "::"},
	{"192.0.2.55", 1, "128.0.0.0/1", "255.0.0.0", "127.255.255.255"},
	{"2001:db8::1", 32, "2001:db8::/32", "2001:db8:ffff::", "2001:db9::"},
	{"2001:db8:ffff::1", 33, "2001:db8:8000::/33", "2001:db8:8000::1", "2001:db8:7fff::"},
	{"2001:db8::1", 128, "2001:db8::1/128", "2001:db8::1", "2001:db8::"},
	{"2001:db8::1", 0, "::/0", "ffff::", "0.0.0.0"},
};

START_TEST(prefixes_contain)
{
	struct prefix prefix = {address(prefix_rows[_i].ip), prefix_rows[_i].length};
	unit_assert_slice(
		prefix_text(unit_arena(), prefix_masked(prefix)), slice_cstr(prefix_rows[_i].masked));
	ck_assert(prefix_contains(prefix, address(prefix_rows[_i].inside)));
	ck_assert(!prefix_contains(prefix, address(prefix_rows[_i].outside)));
}
END_TEST

static void make_texts(struct arena *arena, void *context)
{
	(void)context;
	struct ip v4 = address("192.0.2.3"), v6 = address("2001:db8::cb01:0:1");
	ip_text(arena, v6);
	ip_text(arena, address("::ffff:192.0.2.1"));
	prefix_text(arena, (struct prefix){v4, 24});
	ip_macro_text(arena, v6);
	ip_reverse_name(arena, v6);
}

START_TEST(lack_of_memory_leaves_by_the_escape)
{
	unit_fail_every_allocation(make_texts, NULL);
}
END_TEST

#define ROWS(table) ((int)(sizeof(table) / sizeof(table)[0]))

int main(void)
{
	Suite *suite = suite_create("ip");
	TCase *tests = tcase_create("ip");
	tcase_add_loop_test(tests, v4_is_exact, 0, ROWS(v4_valid));
	tcase_add_loop_test(tests, v4_refuses, 0, ROWS(v4_invalid));
	tcase_add_loop_test(tests, v6_takes_every_form, 0, ROWS(v6_valid));
	tcase_add_loop_test(tests, v6_refuses, 0, ROWS(v6_invalid));
	tcase_add_test(tests, text_is_bounded);
	tcase_add_test(tests, mapped_addresses_are_ipv4);
	tcase_add_test(tests, mapped_networks_are_ipv4);
	tcase_add_test(tests, names_and_macros);
	tcase_add_loop_test(tests, prefixes_contain, 0, ROWS(prefix_rows));
	tcase_add_test(tests, lack_of_memory_leaves_by_the_escape);
	suite_add_tcase(suite, tests);
	return unit_run(suite);
}
