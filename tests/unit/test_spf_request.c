/* MAIL FROM and HELO to the identity that SPF checks (RFC 7208 2.3, 2.4, 4.3). */
#include "spf/spf_request.h"

#include "support/unit.h"

static const struct {
	const char *mail_from, *helo, *domain; /* as given */
	const char *sender, *local_part, *sender_domain, *checked, *helo_value;
	bool is_helo;
} rows[] = {
	{"user@example.com", "h.example", "", "user@example.com", "user", "example.com", "example.com",
		"h.example", false},
	{"<user@example.com>", "h.example", "", "user@example.com", "user", "example.com", "example.com",
		"h.example", false},
	{"user@example.com", "", "", "user@example.com", "user", "example.com", "example.com", "example.com",
		false},
	{"example.com", "h.example", "", "postmaster@example.com", "postmaster", "example.com", "example.com",
		"h.example", false},
	{"@example.com", "h.example", "", "postmaster@example.com", "postmaster", "example.com",
		"example.com", "h.example", false},
	{"", "h.example", "", "postmaster@h.example", "postmaster", "h.example", "h.example", "h.example",
		true},
	{"<>", "h.example", "", "postmaster@h.example", "postmaster", "h.example", "h.example", "h.example",
		true},
	{"\"a@b\"@example.com", "h.example", "", "\"a@b\"@example.com", "\"a@b\"", "example.com",
		"example.com", "h.example", false},
	{"user@example.com.", "h.example.", "", "user@example.com", "user", "example.com", "example.com",
		"h.example.", false},
	{"user@example.com", "h.example", "other.example", "user@example.com", "user", "example.com",
		"other.example", "h.example", false},
	{"user@b\xc3\xbc"
	 "cher.example",
		"h.example", "", "user@xn--bcher-kva.example", "user", "xn--bcher-kva.example",
		"xn--bcher-kva.example", "h.example", false},
	{"user@\xff.example", "h.example", "", "user@\xff.example", "user", "\xff.example", "\xff.example",
		"h.example", false},
	{"user@", "h.example", "", "user@", "user", "", "", "h.example", false},
};

START_TEST(identity)
{
	struct spf_request request = {0};
	ck_assert(spf_request_identify(unit_arena(), &request, slice_cstr(rows[_i].mail_from),
		slice_cstr(rows[_i].helo), slice_cstr(rows[_i].domain)));
	unit_assert_slice(request.sender, slice_cstr(rows[_i].sender));
	unit_assert_slice(request.local_part, slice_cstr(rows[_i].local_part));
	unit_assert_slice(request.sender_domain, slice_cstr(rows[_i].sender_domain));
	unit_assert_slice(request.domain, slice_cstr(rows[_i].checked));
	unit_assert_slice(request.helo, slice_cstr(rows[_i].helo_value));
	ck_assert(request.is_helo_identity == rows[_i].is_helo);
	unit_assert_slice(request.receiver, SLICE("unknown"));
}
END_TEST

START_TEST(nobody_is_no_identity)
{
	struct spf_request request = {0};
	ck_assert(!spf_request_identify(
		unit_arena(), &request, SLICE("<>"), slice_of(NULL, 0), SLICE("example.com")));
	/* One that is empty was given all the same. */
	ck_assert(spf_request_identify(unit_arena(), &request, SLICE("<>"), SLICE(""), slice_of(NULL, 0)));
	ck_assert(request.is_helo_identity);
	unit_assert_slice(request.domain, SLICE(""));
}
END_TEST

START_TEST(mapped_addresses_are_ipv4)
{
	struct spf_request request = {0};
	ck_assert(ip_parse(SLICE("::ffff:192.0.2.1"), &request.ip));
	ck_assert(spf_request_identify(unit_arena(), &request, SLICE("a@example.com"), SLICE(""), SLICE("")));
	ck_assert_int_eq(request.ip.family, IP_V4);
}
END_TEST

START_TEST(long_text_is_cut)
{
	struct spf_request request = {0};
	struct arena *arena = unit_arena();
	char *text = arena_alloc(arena, 100001);
	memset(text, 'a', 100000);
	memcpy(text + 50000, "@", 1);
	ck_assert(spf_request_identify(
		arena, &request, slice_of(text, 100000), slice_of(text, 50000), slice_of(NULL, 0)));
	ck_assert_uint_eq(request.local_part.len, SPF_MAX_IDENTITY);
	ck_assert_uint_eq(request.sender_domain.len, SPF_MAX_IDENTITY);
	ck_assert_uint_eq(request.helo.len, SPF_MAX_IDENTITY);
}
END_TEST

static const struct {
	const char *text;
	bool usable;
} usable_rows[] = {
	{"example.com", true},
	{"_spf.example.com", true},
	{"1-2.example", true},
	{"example", false},
	{"", false},
	{".", false},
	{"example.com.", false}, /* its one final dot was taken off before */
	{"a..example.com", false},
	{".example.com", false},
	{"192.0.2.1", false},
	{"[192.0.2.1]", false},
	{"2001:db8::1", false},
	{"[IPv6:2001:db8::1]", false},
	{"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.example", false}, /* 64 */
	{"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.example", true},
};

START_TEST(usable)
{
	struct name name;
	ck_assert_msg(spf_request_is_usable(unit_arena(), slice_cstr(usable_rows[_i].text), &name) ==
			      usable_rows[_i].usable,
		"%s", usable_rows[_i].text);
}
END_TEST

/* The identity is text of a stranger. */
START_TEST(no_name_of_a_stranger)
{
	static const char *const strangers[] = {"a b.example", "\xff.example", "\xe2\x98\x83.example",
		"a\x1b.example", "a.example\r\nX:", "a\x7f.example"};
	struct name name;
	ck_assert(spf_request_is_identity(unit_arena(), SLICE("_spf.example.com"), &name));
	for (size_t i = 0; i < sizeof strangers / sizeof strangers[0]; i++)
		ck_assert_msg(
			!spf_request_is_identity(unit_arena(), slice_cstr(strangers[i]), &name), "%zu", i);
	ck_assert(!spf_request_is_identity(unit_arena(), SLICE("example"), &name));
}
END_TEST

static void identify(struct arena *arena, void *context)
{
	struct spf_request request = {0};
	(void)context;
	ck_assert(spf_request_identify(arena, &request,
		SLICE("user@b\xc3\xbc"
		      "cher.example"),
		SLICE("h.example"), SLICE("example.com")));
}

START_TEST(lack_of_memory)
{
	unit_fail_every_allocation(identify, NULL);
}
END_TEST

#define ROWS(table) ((int)(sizeof(table) / sizeof(table)[0]))

int main(void)
{
	Suite *suite = suite_create("spf_request");
	TCase *cases = tcase_create("identity");
	tcase_add_loop_test(cases, identity, 0, ROWS(rows));
	tcase_add_loop_test(cases, usable, 0, ROWS(usable_rows));
	tcase_add_test(cases, nobody_is_no_identity);
	tcase_add_test(cases, mapped_addresses_are_ipv4);
	tcase_add_test(cases, long_text_is_cut);
	tcase_add_test(cases, no_name_of_a_stranger);
	tcase_add_test(cases, lack_of_memory);
	suite_add_tcase(suite, cases);
	return unit_run(suite);
}
