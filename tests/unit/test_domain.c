/* Arguments that are to be domains: names, and what is said of all the other things people paste. */
#include "support/unit.h"

#include "cli/domain.h"

#define L63 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

static const struct {
	const char *text;
	const char *name; /* or NULL */
	const char *error;
} rows[] = {
	{"example.com", "example.com", NULL},
	{"Example.COM.", "example.com", NULL},
	{"_spf.example.com", "_spf.example.com", NULL},
	{"xn--mnchen-3ya.example", "xn--mnchen-3ya.example", NULL},
	{"m\xc3\xbcnchen.example", "xn--mnchen-3ya.example", NULL},
	{"M\xc3\x9cNCHEN.example", "xn--mnchen-3ya.example", NULL},
	{"1.example.com", "1.example.com", NULL},
	{"1.2.3.4.example", "1.2.3.4.example", NULL},
	{L63 ".example", L63 ".example", NULL},
	{"", NULL, "the domain is empty"},
	{".", NULL, "'.' is no domain: it has an empty label"},
	{"example..com", NULL, "'example..com' is no domain: it has an empty label"},
	{".example.com", NULL, "'.example.com' is no domain: it has an empty label"},
	{"example.com..", NULL, "'example.com..' is no domain: it has an empty label"},
	{L63 "a.example", NULL,
		"'" L63 "a.example' is no domain: label '" L63 "a' has 64 bytes, more than 63"},
	{"example", NULL,
		"'example' is a single label; a domain with mail has at least two, as 'example.com'"},
	{"example.", NULL,
		"'example.' is a single label; a domain with mail has at least two, as 'example.com'"},
	{"192.0.2.1", NULL, "'192.0.2.1' is an IP address, not a domain"},
	{"192.0.2.300", NULL, "'192.0.2.300' is an IP address, not a domain"},
	{"192.0.2.0/24", NULL, "'192.0.2.0/24' is an IP address, not a domain"},
	{"2001:db8::1", NULL, "'2001:db8::1' is an IP address, not a domain"},
	{"[2001:db8::1]", NULL, "'[2001:db8::1]' is an IP address, not a domain"},
	{"[192.0.2.1]", NULL, "'[192.0.2.1]' is an IP address, not a domain"},
	{"user@example.com", NULL,
		"'user@example.com' is a mail address, not a domain; did you mean 'example.com'?"},
	{"mailto:user@example.com", NULL,
		"'mailto:user@example.com' is a mail address, not a domain; did you mean 'example.com'?"},
	{"<user@example.com>", NULL,
		"'<user@example.com>' is a mail address, not a domain; did you mean 'example.com'?"},
	{"@", NULL, "'@' is a mail address, not a domain"},
	{"https://example.com/a?b", NULL,
		"'https://example.com/a?b' is a URL, not a domain; did you mean 'example.com'?"},
	{"http://example.com:8080", NULL,
		"'http://example.com:8080' is a URL, not a domain; did you mean 'example.com'?"},
	{"https://u@example.com/", NULL,
		"'https://u@example.com/' is a URL, not a domain; did you mean 'example.com'?"},
	{"https://", NULL, "'https://' is a URL, not a domain"},
	{"example.com/x", NULL,
		"'example.com/x' is no domain: label 'com/x' holds '/'; did you mean 'example.com'?"},
	{"example.com;", NULL,
		"'example.com;' is no domain: label 'com;' holds ';'; did you mean 'example.com'?"},
	{"example.com:25", NULL,
		"'example.com:25' is no domain: label 'com:25' holds ':'; did you mean 'example.com'?"},
	{"example.com example.org", NULL,
		"'example.com example.org' is no domain: label 'com example' holds a blank; "
		"did you mean 'example.com'?"},
	{" example.com", NULL, "' example.com' is no domain: label ' example' holds a blank"},
	{"exam ple.com", NULL, "'exam ple.com' is no domain: label 'exam ple' holds a blank"},
	{"*.example.com", NULL, "'*.example.com' is no domain: label '*' holds '*'"},
	{"a\tb.example", NULL,
		"'a\\009b.example' is no domain: label 'a\\009b' holds a control character (\\009)"},
	{"m\xfcnchen.example", NULL, "'m\\252nchen.example' is no domain: label 'm\\252nchen' is not UTF-8"},
};

START_TEST(domain)
{
	struct arena *arena = unit_arena();
	struct slice error = {NULL, 0};
	struct name name;
	bool good = domain_parse(arena, slice_cstr(rows[_i].text), &name, &error);
	if (rows[_i].name != NULL) {
		ck_assert_msg(good, "%s: %.*s", rows[_i].text, (int)error.len, error.ptr);
		unit_assert_slice(name_text(arena, name), slice_cstr(rows[_i].name));
	} else {
		ck_assert_msg(!good, "%s: accepted", rows[_i].text);
		unit_assert_slice(error, slice_cstr(rows[_i].error));
	}
}
END_TEST

/* What libidn2 refuses differs from version to version; these two are refused by all. */
START_TEST(not_convertible)
{
	struct arena *arena = unit_arena();
	struct slice error = {NULL, 0};
	struct name name;
	ck_assert(!domain_parse(arena, SLICE("a.\xe2\x80\xa2.example"), &name, &error));
	unit_assert_slice(
		error, SLICE("'a.\xe2\x80\xa2.example' is no domain: label '\xe2\x80\xa2' cannot be "
			     "written as an international domain name (IDNA2008)"));
}
END_TEST

START_TEST(too_long)
{
	struct arena *arena = unit_arena();
	struct slice error = {NULL, 0};
	struct name name;
	const char *label = L63 ".";
	const char *text = arena_printf(arena, "%s%s%s%.61s", label, label, label, L63).ptr;
	ck_assert_uint_eq(strlen(text), 253);
	ck_assert(domain_parse(arena, slice_cstr(text), &name, &error));
	text = arena_printf(arena, "%s%s%s%.62s", label, label, label, L63).ptr;
	ck_assert(!domain_parse(arena, slice_cstr(text), &name, &error));
	ck_assert_msg(strstr(error.ptr, "longer than 253 bytes") != NULL, "%s", error.ptr);
	char *huge = arena_alloc(arena, 100000);
	memset(huge, 'a', 99999);
	ck_assert(!domain_parse(arena, slice_of(huge, 99999), &name, &error));
	ck_assert_uint_lt(error.len, 300);
}
END_TEST

START_TEST(nul_inside)
{
	struct arena *arena = unit_arena();
	struct slice error = {NULL, 0};
	struct name name;
	ck_assert(!domain_parse(arena, SLICE("exa\0mple.com"), &name, &error));
	unit_assert_slice(error, SLICE("'exa\\000mple.com' is no domain: label 'exa\\000mple' holds a "
				       "control character (\\000)"));
}
END_TEST

static void parse_one(struct arena *arena, void *context)
{
	struct slice error;
	struct name name;
	(void)context;
	ck_assert(!domain_parse(arena, SLICE("example.com;"), &name, &error));
}

START_TEST(out_of_memory)
{
	unit_fail_every_allocation(parse_one, NULL);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("domain");
	TCase *tcase = tcase_create("domain");
	tcase_add_loop_test(tcase, domain, 0, (int)(sizeof rows / sizeof rows[0]));
	tcase_add_test(tcase, not_convertible);
	tcase_add_test(tcase, too_long);
	tcase_add_test(tcase, nul_inside);
	tcase_add_test(tcase, out_of_memory);
	suite_add_tcase(suite, tcase);
	return unit_run(suite);
}
