/* Tests of server_address: what is one, and its text. */
#include "dns/server_address.h"

#include "support/unit.h"

struct row {
	const char *text;
	const char *canonical; /* NULL: not an address */
	bool is_loopback;
};

static const struct row rows[] = {
	{"192.0.2.53", "192.0.2.53:53", false},
	{"192.0.2.53:5353", "192.0.2.53:5353", false},
	{"127.0.0.53", "127.0.0.53:53", true},
	{"127.255.255.254:1", "127.255.255.254:1", true},
	{"2001:db8::53", "[2001:db8::53]:53", false},
	{"2001:DB8:0:0::53", "[2001:db8::53]:53", false},
	{"[2001:db8::53]", "[2001:db8::53]:53", false},
	{"[2001:db8::53]:65535", "[2001:db8::53]:65535", false},
	{"::1", "[::1]:53", true},
	{"[::1]:5300", "[::1]:5300", true},
	{"", NULL, false},
	{":53", NULL, false},
	{"192.0.2.53:", NULL, false},
	{"192.0.2.53:0", NULL, false},
	{"192.0.2.53:65536", NULL, false},
	{"192.0.2.53:5a", NULL, false},
	{"192.0.2.53:53:53", NULL, false},
	{"192.0.2", NULL, false},
	{"192.0.2.256", NULL, false},
	{"[192.0.2.53]:53", NULL, false},
	{"[2001:db8::53", NULL, false},
	{"[2001:db8::53]53", NULL, false},
	{"[2001:db8::53]:", NULL, false},
	{"[]", NULL, false},
	{"]", NULL, false},
	{"[", NULL, false},
	{"2001:db8::53::1", NULL, false},
	{"ns.example.com", NULL, false},
	{" 192.0.2.53", NULL, false},
};

START_TEST(test_parse)
{
	const struct row *row = &rows[_i];
	struct arena *arena = unit_arena();
	struct server_address address;
	bool is_valid = server_address_parse(slice_cstr(row->text), &address);
	ck_assert_int_eq(is_valid, row->canonical != NULL);
	if (is_valid) {
		unit_assert_slice(server_address_text(arena, address), slice_cstr(row->canonical));
		ck_assert_int_eq(server_address_is_loopback(address), row->is_loopback);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("server_address");
	TCase *tcase = tcase_create("server_address");
	tcase_add_loop_test(tcase, test_parse, 0, (int)(sizeof rows / sizeof rows[0]));
	suite_add_tcase(suite, tcase);
	return unit_run(suite);
}
