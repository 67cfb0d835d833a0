/* International names to A-labels and back. */
#include "dns/idn.h"

#include "support/unit.h"

struct row {
	const char *text;
	enum idn_status status;
	const char *ascii;
};

static const struct row rows[] = {
	{"", IDN_OK, ""},
	{"example.com", IDN_OK, "example.com"},
	{"Example.COM.", IDN_OK, "Example.COM."},
	{"exa_mple.com", IDN_OK, "exa_mple.com"},
	{"_dmarc.example.com", IDN_OK, "_dmarc.example.com"},
	{"a..b", IDN_OK, "a..b"},
	{"xn--bcher-kva.example", IDN_OK, "xn--bcher-kva.example"},
	{"b\xc3\xbc"
	 "cher.example",
		IDN_OK, "xn--bcher-kva.example"},
	{"B\xc3\x9c"
	 "CHER.example",
		IDN_OK, "xn--bcher-kva.example"},
	{"bu\xcc\x88"
	 "cher.example",
		IDN_OK, "xn--bcher-kva.example"},
	{"_dmarc.b\xc3\xbc"
	 "cher.example",
		IDN_OK, "_dmarc.xn--bcher-kva.example"},
	{"stra\xc3\x9f"
	 "e.example",
		IDN_OK, "xn--strae-oqa.example"},
	{"\xe4\xbe\x8b\xe3\x81\x88.jp", IDN_OK, "xn--r8jz45g.jp"},
	{"\xf0\x9f\x92\xa9\xe2\x80\xae.example", IDN_NOT_ALLOWED, NULL},
	{"-\xc3\xbc.example", IDN_NOT_ALLOWED, NULL},
	{"a\xe2\x80\x8b"
	 "b.example",
		IDN_OK, "ab.example"},
	{"\xff.example", IDN_NOT_UTF8, NULL},
	{"\xc3", IDN_NOT_UTF8, NULL},
};

START_TEST(to_ascii)
{
	const struct row *row = &rows[_i];
	struct slice out = SLICE("untouched");
	enum idn_status status = idn_to_ascii(unit_arena(), slice_cstr(row->text), &out);
	ck_assert_msg(status == row->status, "%s: %d", row->text, (int)status);
	unit_assert_slice(out, slice_cstr(row->ascii == NULL ? "untouched" : row->ascii));
}
END_TEST

START_TEST(odd_input)
{
	struct arena *arena = unit_arena();
	struct slice out;
	char *text = arena_alloc(arena, 100000);
	for (size_t i = 0; i < 100000; i += 2)
		memcpy(text + i, "\xc3\xbc", 2);
	ck_assert_int_eq(idn_to_ascii(arena, slice_of(text, 100000), &out), IDN_NOT_ALLOWED);
	ck_assert_int_eq(idn_to_ascii(arena, slice_of(text, 1000), &out), IDN_NOT_ALLOWED);
	ck_assert_int_eq(idn_to_ascii(arena, slice_of("\xc3\xbc\0x", 4), &out), IDN_NOT_ALLOWED);
	ck_assert_int_eq(idn_to_ascii(arena, slice_of("a\0x", 3), &out), IDN_OK);
	memcpy(text, "xn--", 4);
	unit_assert_slice(idn_to_unicode(arena, slice_of(text, 100000)), slice_of(text, 100000));
}
END_TEST

struct unicode_row {
	const char *ascii, *shown;
};

static const struct unicode_row unicode_rows[] = {
	{"example.com", "example.com"},
	{"xn--bcher-kva.example", "b\xc3\xbc"
				  "cher.example"},
	{"_dmarc.xn--bcher-kva.example", "_dmarc.b\xc3\xbc"
					 "cher.example"},
	{"xn--r8jz45g.jp", "\xe4\xbe\x8b\xe3\x81\x88.jp"},
	{"xn--e1afmkfd.xn--p1ai", "\xd0\xbf\xd1\x80\xd0\xb8\xd0\xbc\xd0\xb5\xd1\x80.\xd1\x80\xd1\x84"},
	{"xn--80ak6aa92e.com", "xn--80ak6aa92e.com"}, /* Cyrillic letters that look like "apple" */
	{"xn--e1afmkfd.com", "xn--e1afmkfd.com"},
	{"xn--pypal-4ve.com", "xn--pypal-4ve.com"},	  /* one Cyrillic letter */
	{"xn--4dbrk0ce.example", "xn--4dbrk0ce.example"}, /* from right to left */
	{"xn--a", "xn--a"},
	{"xn--", "xn--"},
	{"xn---", "xn---"},
	{"xn--\\195\\188", "xn--\\195\\188"},
};

START_TEST(to_unicode)
{
	const struct unicode_row *row = &unicode_rows[_i];
	unit_assert_slice(idn_to_unicode(unit_arena(), slice_cstr(row->ascii)), slice_cstr(row->shown));
}
END_TEST

static void convert(struct arena *arena, void *context)
{
	struct slice out;
	(void)context;
	idn_to_ascii(arena,
		SLICE("b\xc3\xbc"
		      "cher.example"),
		&out);
	idn_to_unicode(arena, out);
}

START_TEST(lack_of_memory)
{
	unit_fail_every_allocation(convert, NULL);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("idn");
	TCase *tests = tcase_create("tests");
	tcase_add_loop_test(tests, to_ascii, 0, (int)(sizeof rows / sizeof rows[0]));
	tcase_add_loop_test(tests, to_unicode, 0, (int)(sizeof unicode_rows / sizeof unicode_rows[0]));
	tcase_add_test(tests, odd_input);
	tcase_add_test(tests, lack_of_memory);
	suite_add_tcase(suite, tests);
	return unit_run(suite);
}
