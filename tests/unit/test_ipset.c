/* Sets of addresses: arithmetic as written in a table, and against a plain bitmap of all addresses of a
 * small network. */
#include "base/ascii.h"
#include "base/ipset.h"

#include <stdlib.h>

#include "support/unit.h"

#define MAX_NETWORKS 16

/* "192.0.2.0/24 192.0.2.1" as a set; a missing length is a single address. */
static struct ipset set_of(struct arena *arena, enum ip_family family, const char *text)
{
	struct prefix prefixes[MAX_NETWORKS];
	size_t count = 0;
	struct slice rest = slice_trim(slice_cstr(text));
	while (rest.len > 0) {
		struct slice word = slice_head(rest, slice_find(rest, ' ', 0));
		rest = slice_trim(slice_from(rest, word.len));
		struct slice address = slice_head(word, slice_find(word, '/', 0));
		struct prefix *prefix = &prefixes[count++];
		ck_assert_uint_le(count, MAX_NETWORKS);
		ck_assert(ip_parse(address, &prefix->ip));
		uint64_t length = ip_bits(prefix->ip.family);
		if (address.len < word.len)
			ck_assert(ascii_parse_uint(slice_from(word, address.len + 1), length, &length));
		prefix->length = (unsigned char)length;
	}
	return ipset_of(arena, family, prefixes, count);
}

static struct slice text_of(struct arena *arena, struct ipset set)
{
	struct slice text = SLICE("");
	size_t count;
	const struct prefix *prefixes = ipset_prefixes(arena, set, &count);
	for (size_t i = 0; i < count; i++) {
		struct slice one = prefix_text(arena, prefixes[i]);
		text = arena_printf(arena, "%.*s%s%.*s", (int)text.len, text.ptr, i > 0 ? " " : "",
			(int)one.len, one.ptr);
	}
	return text;
}

/* --- the table ---------------------------------------------------------------------------- */

static const struct row {
	const char *name;
	enum ip_family family;
	char operation; /* of | & - */
	const char *a, *b, *result, *count;
} rows[] = {
	{"nothing", IP_V4, '|', "", "", "", "0"},
	{"touching halves become one", IP_V4, '|', "192.0.2.0/25", "192.0.2.128/25", "192.0.2.0/24", "256"},
	{"host bits are masked", IP_V4, '|', "192.0.2.55/24", "", "192.0.2.0/24", "256"},
	{"unsorted and overlapping", IP_V4, '|', "192.0.2.9 192.0.2.8/29 192.0.2.0/29", "192.0.2.1",
		"192.0.2.0/28", "16"},
	{"other family is left out", IP_V4, '|', "2001:db8::/32 192.0.2.1", "", "192.0.2.1/32", "1"},
	{"apart stays apart", IP_V4, '|', "192.0.2.1", "192.0.2.3", "192.0.2.1/32 192.0.2.3/32", "2"},
	{"a run that is no network", IP_V4, '|', "192.0.2.1 192.0.2.2 192.0.2.3 192.0.2.4", "",
		"192.0.2.1/32 192.0.2.2/31 192.0.2.4/32", "4"},
	{"everything", IP_V4, '|', "0.0.0.0/1", "128.0.0.0/1", "0.0.0.0/0", "4294967296"},
	{"everything and more", IP_V4, '|', "0.0.0.0/0", "255.255.255.255", "0.0.0.0/0", "4294967296"},
	{"all of IPv6", IP_V6, '|', "::/0", "2001:db8::1", "::/0", "340282366920938463463374607431768211456"},
	{"IPv6 halves", IP_V6, '|', "2001:db8::/33", "2001:db8:8000::/33", "2001:db8::/32",
		"79228162514264337593543950336"},
	{"no common address", IP_V4, '&', "192.0.2.0/24", "198.51.100.0/24", "", "0"},
	{"one inside the other", IP_V4, '&', "192.0.2.0/24", "192.0.2.64/26 198.51.100.1", "192.0.2.64/26",
		"64"},
	{"with all", IP_V6, '&', "::/0", "2001:db8::1", "2001:db8::1/128", "1"},
	{"a hole", IP_V4, '-', "192.0.2.0/29", "192.0.2.2", "192.0.2.0/31 192.0.2.3/32 192.0.2.4/30", "7"},
	{"first and last", IP_V4, '-', "192.0.2.0/30", "192.0.2.0 192.0.2.3", "192.0.2.1/32 192.0.2.2/32",
		"2"},
	{"all of it", IP_V4, '-', "192.0.2.1 192.0.2.3", "192.0.2.0/24", "", "0"},
	{"a hole over two runs", IP_V4, '-', "192.0.2.0/28 192.0.2.32/28",
		"192.0.2.8/29 192.0.2.16/28 192.0.2.32/29", "192.0.2.0/29 192.0.2.40/29", "16"},
	{"everything but the ends", IP_V4, '-', "0.0.0.0/0", "0.0.0.0/1 128.0.0.0/2 255.255.255.255",
		"192.0.0.0/3 224.0.0.0/4 240.0.0.0/5 248.0.0.0/6 252.0.0.0/7 254.0.0.0/8 255.0.0.0/9 "
		"255.128.0.0/10 "
		"255.192.0.0/11 255.224.0.0/12 255.240.0.0/13 255.248.0.0/14 255.252.0.0/15 255.254.0.0/16 "
		"255.255.0.0/17 255.255.128.0/18 255.255.192.0/19 255.255.224.0/20 255.255.240.0/21 "
		"255.255.248.0/22 "
		"255.255.252.0/23 255.255.254.0/24 255.255.255.0/25 255.255.255.128/26 255.255.255.192/27 "
		"255.255.255.224/28 255.255.255.240/29 255.255.255.248/30 255.255.255.252/31 "
		"255.255.255.254/32",
		"1073741823"},
	{"IPv6 last", IP_V6, '-', "2001:db8::/126", "2001:db8::3", "2001:db8::/127 2001:db8::2/128", "3"},
};

START_TEST(test_table)
{
	const struct row *row = &rows[_i];
	struct arena *arena = unit_arena();
	struct ipset a = set_of(arena, row->family, row->a), b = set_of(arena, row->family, row->b);
	struct ipset result = row->operation == '|'   ? ipset_union(arena, a, b)
			      : row->operation == '&' ? ipset_intersect(arena, a, b)
						      : ipset_subtract(arena, a, b);
	ck_assert_msg(result.family == row->family, "%s: family", row->name);
	struct slice text = text_of(arena, result);
	ck_assert_msg(
		slice_equal(text, slice_cstr(row->result)), "%s: %.*s", row->name, (int)text.len, text.ptr);
	struct slice count = ipset_count_text(arena, result);
	ck_assert_msg(slice_equal(count, slice_cstr(row->count)), "%s: %.*s addresses", row->name,
		(int)count.len, count.ptr);
	if (row->family == IP_V4)
		ck_assert_uint_eq(ipset_count_v4(result), strtoull(row->count, NULL, 10));
	ck_assert_int_eq(ipset_is_empty(result), row->result[0] == '\0');
}
END_TEST

START_TEST(test_all)
{
	struct arena *arena = unit_arena();
	ck_assert(ipset_is_all(ipset_all(arena, IP_V4)));
	ck_assert(ipset_is_all(ipset_all(arena, IP_V6)));
	ck_assert(ipset_is_all(set_of(arena, IP_V4, "0.0.0.0/1 128.0.0.0/1")));
	ck_assert(!ipset_is_all(set_of(arena, IP_V4, "0.0.0.0/1 128.0.0.0/2")));
	ck_assert(!ipset_is_all(ipset_empty(IP_V6)));
	ck_assert(!ipset_equal(ipset_all(arena, IP_V4), ipset_all(arena, IP_V6)));
	ck_assert(!ipset_equal(set_of(arena, IP_V4, "192.0.2.1"), set_of(arena, IP_V4, "192.0.2.2")));
	ck_assert(ipset_equal(ipset_empty(IP_V4), ipset_empty(IP_V4)));
}
END_TEST

/* --- against a bitmap --------------------------------------------------------------------- */

#define BITMAP 256 /* addresses 192.0.2.0 - 192.0.2.255 */

static struct ip address(unsigned low)
{
	struct ip ip = {.family = IP_V4, .bytes = {192, 0, 2, (unsigned char)low}};
	return ip;
}

static struct ipset random_set(struct arena *arena, unsigned *seed, bool *bitmap)
{
	struct prefix prefixes[12];
	size_t count = 0;
	for (; count < 12 && rand_r(seed) % 12 != 0; count++) {
		unsigned length = 24 + (unsigned)rand_r(seed) % 9;
		prefixes[count] =
			(struct prefix){address((unsigned)rand_r(seed) % BITMAP), (unsigned char)length};
		for (unsigned i = 0; i < BITMAP; i++)
			bitmap[i] |= prefix_contains(prefixes[count], address(i));
	}
	return ipset_of(arena, IP_V4, prefixes, count);
}

static void assert_is(struct ipset set, const bool *expected)
{
	uint64_t count = 0;
	for (unsigned i = 0; i < BITMAP; i++) {
		ck_assert_msg(ipset_contains(set, address(i)) == expected[i], "address %u", i);
		count += expected[i];
	}
	ck_assert_uint_eq(ipset_count_v4(set), count);
}

START_TEST(test_bitmap)
{
	struct arena *arena = unit_arena();
	unsigned seed = 7208;
	for (int round = 0; round < 500; round++) {
		bool a[BITMAP] = {0}, b[BITMAP] = {0}, either[BITMAP], both[BITMAP], only[BITMAP];
		struct ipset x = random_set(arena, &seed, a), y = random_set(arena, &seed, b);
		for (unsigned i = 0; i < BITMAP; i++) {
			either[i] = a[i] || b[i];
			both[i] = a[i] && b[i];
			only[i] = a[i] && !b[i];
		}
		assert_is(ipset_union(arena, x, y), either);
		assert_is(ipset_intersect(arena, x, y), both);
		assert_is(ipset_subtract(arena, x, y), only);
		size_t count;
		const struct prefix *prefixes = ipset_prefixes(arena, x, &count);
		ck_assert(ipset_equal(x, ipset_of(arena, IP_V4, prefixes, count)));
	}
}
END_TEST

static void work(struct arena *arena, void *context)
{
	(void)context;
	struct prefix prefixes[1000];
	for (unsigned i = 0; i < 1000; i++) {
		struct ip ip = {
			.family = IP_V4, .bytes = {10, (unsigned char)(i >> 7), (unsigned char)(i << 1), 1}};
		prefixes[i] = (struct prefix){ip, 32};
	}
	struct ipset set = ipset_of(arena, IP_V4, prefixes, 1000);
	struct ipset rest = ipset_subtract(arena, ipset_all(arena, IP_V4), set);
	size_t count;
	ipset_prefixes(arena, ipset_union(arena, rest, ipset_intersect(arena, set, rest)), &count);
	ipset_count_text(arena, rest);
}

START_TEST(test_memory)
{
	unit_fail_every_allocation(work, NULL);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("ipset");
	TCase *tests = tcase_create("ipset");
	tcase_add_loop_test(tests, test_table, 0, (int)(sizeof rows / sizeof *rows));
	tcase_add_test(tests, test_all);
	tcase_add_test(tests, test_bitmap);
	tcase_add_test(tests, test_memory);
	suite_add_tcase(suite, tests);
	return unit_run(suite);
}
