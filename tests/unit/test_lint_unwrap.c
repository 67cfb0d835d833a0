/* What people paste, and the record in it. */
#include "lint/lint_unwrap.h"

#include "support/unit.h"

struct row {
	const char *name;
	const char *input;
	const char *text;
	const char *owner;
	size_t strings;
	const char *unwrapped; /* words that must be among those that are said; "": nothing was taken off */
};

static const struct row rows[] = {
	{"bare", "v=spf1 -all", "v=spf1 -all", "", 1, ""},
	{"bare, line end", "v=spf1 -all\n", "v=spf1 -all", "", 1, "line end"},
	{"bare, CR LF", "v=spf1 -all\r\n", "v=spf1 -all", "", 1, "line end"},
	{"quotes", "\"v=spf1 -all\"", "v=spf1 -all", "", 1, "quotes"},
	{"two strings", "\"v=spf1 \" \"-all\"", "v=spf1 -all", "", 2, "borders"},
	{"two strings that touch", "\"v=spf1 \"\"-all\"", "v=spf1 -all", "", 2, "borders"},
	{"escaped semicolon in quotes", "\"v=DMARC1\\; p=none\"", "v=DMARC1; p=none", "", 1, "escapes"},
	{"escaped byte", "\"v=spf1 \\045all\"", "v=spf1 -all", "", 1, "escapes"},
	{"escaped semicolon without quotes is published", "v=DMARC1\\; p=none", "v=DMARC1\\; p=none", "", 1,
		""},
	{"quotes in the data", "\"\\\"v=DMARC1; p=reject\\\"\"", "\"v=DMARC1; p=reject\"", "", 1, "escapes"},
	{"one quote is published", "\"v=spf1 -all", "\"v=spf1 -all", "", 1, ""},
	{"one quote at the end is published", "v=spf1 -all\"", "v=spf1 -all\"", "", 1, ""},
	{"blank before it may be published", " v=spf1 -all", " v=spf1 -all", "", 1, ""},
	{"blank in the quotes is published", "\" v=spf1 -all\"", " v=spf1 -all", "", 1, "quotes"},
	{"no-break spaces around", "\xc2\xa0v=spf1 -all \xc2\xa0", "v=spf1 -all", "", 1, "no-break"},
	{"no-break space within", "v=spf1\xc2\xa0-all", "v=spf1\xc2\xa0-all", "", 1, ""},
	{"byte order mark", "\xef\xbb\xbfv=spf1 -all", "v=spf1 -all", "", 1, "no-break"},
	{"smart quotes", "\xe2\x80\x9cv=DMARC1; p=none\xe2\x80\x9d", "v=DMARC1; p=none", "", 1, "quotation"},
	{"one smart quote is published", "\xe2\x80\x9cv=DMARC1; p=none", "\xe2\x80\x9cv=DMARC1; p=none", "",
		1, ""},
	{"single quotes", "'v=spf1 -all'", "v=spf1 -all", "", 1, "quotation"},
	{"dig", "_dmarc.example.com.\t300\tIN\tTXT\t\"v=DMARC1; p=none\"", "v=DMARC1; p=none",
		"_dmarc.example.com", 1, "owner, TTL"},
	{"master file without TTL", "_dmarc IN TXT (\"v=DMARC1; \" \"p=none\")", "v=DMARC1; p=none", "_dmarc",
		2, "parentheses"},
	{"over lines", "_dmarc IN TXT ( \"v=DMARC1; \"\n\t\"p=none\" )", "v=DMARC1; p=none", "_dmarc", 2,
		"parentheses"},
	{"only a type", "TXT \"v=spf1 -all\"", "v=spf1 -all", "", 1, "owner, TTL"},
	{"class and type", "IN TXT \"v=spf1 -all\"", "v=spf1 -all", "", 1, "owner, TTL"},
	{"comment behind", "\"v=spf1 -all\" ; old", "v=spf1 -all", "", 1, "comment"},
	{"no quotes behind the type", "example.com. TXT v=spf1 mx -all", "v=spf1 mx -all", "example.com", 1,
		"owner, TTL"},
	{"semicolons without quotes", "_dmarc TXT v=DMARC1; p=none", "v=DMARC1; p=none", "_dmarc", 1,
		"owner, TTL"},
	{"escaped semicolons without quotes", "_dmarc TXT v=DMARC1\\; p=none", "v=DMARC1; p=none", "_dmarc",
		1, "escapes"},
	{"type SPF", "example.com. 60 IN SPF \"v=spf1 -all\"", "v=spf1 -all", "example.com", 1, "owner, TTL"},
	{"nslookup", "example.com\ttext = \"v=spf1 mx -all\"", "v=spf1 mx -all", "example.com", 1,
		"nslookup"},
	{"nslookup, strings below", "example.com\ttext =\n\n\t\"v=spf1 mx \"\n\t\"-all\"\n", "v=spf1 mx -all",
		"example.com", 2, "nslookup"},
	{"host", "example.com descriptive text \"v=spf1 mx -all\"", "v=spf1 mx -all", "example.com", 1,
		"host"},
	{"a panel's row", "example.com\tTXT\tv=spf1 mx -all\t3600", "v=spf1 mx -all", "example.com", 1,
		"a TTL behind"},
	{"a panel's row, automatic TTL", "@\tTXT\tv=spf1 mx -all\tAuto\n", "v=spf1 mx -all", "@", 1,
		"a TTL behind"},
	{"a panel's row, TTL with a unit", "@\tTXT\tv=spf1 mx -all\t1 hour", "v=spf1 mx -all", "@", 1,
		"a TTL behind"},
	{"a panel's row, the type first", "TXT\t_dmarc\tv=DMARC1; p=none\tAuto", "v=DMARC1; p=none", "_dmarc",
		1, "a TTL behind"},
	{"type, name, TTL, quotes", "TXT @ 300 \"v=spf1 mx -all\"", "v=spf1 mx -all", "@", 1, "owner, TTL"},
	{"a tab before a term is published", "@ TXT v=spf1 mx\t-all", "v=spf1 mx\t-all", "@", 1, "owner"},
	{"words of SPF are no types", "mx a -all", "mx a -all", "", 1, ""},
	{"text with TXT in it", "v=spf1 TXT -all", "v=spf1 TXT -all", "", 1, ""},
	{"bad escape", "\"v=spf1 \\999\"", "\"v=spf1 \\999\"", "", 1, ""},
	{"semicolon behind the quotes", "\"v=spf1 -all\";", "v=spf1 -all", "", 1, "comment"},
	{"empty", "", "", "", 1, ""},
	{"empty string", "\"\"", "", "", 1, "quotes"},
};

START_TEST(record_is_found)
{
	const struct row *row = &rows[_i];
	struct lint_paste paste;
	lint_unwrap(unit_arena(), slice_cstr(row->input), &paste);
	ck_assert_msg(paste.kind == LINT_PASTE_RECORD, "%s", row->name);
	ck_assert_msg(slice_equal(paste.text, slice_cstr(row->text)), "%s: %.*s", row->name,
		(int)paste.text.len, paste.text.ptr);
	ck_assert_msg(slice_equal(paste.name, slice_cstr(row->owner)), "%s: owner %.*s", row->name,
		(int)paste.name.len, paste.name.ptr);
	ck_assert_msg(paste.string_count == row->strings, "%s: %zu strings", row->name, paste.string_count);
	if (row->unwrapped[0] == '\0')
		ck_assert_msg(paste.unwrapped.len == 0, "%s: %.*s", row->name, (int)paste.unwrapped.len,
			paste.unwrapped.ptr);
	else
		ck_assert_msg(slice_search_nocase(paste.unwrapped, slice_cstr(row->unwrapped)) <
				      paste.unwrapped.len,
			"%s: %.*s", row->name, (int)paste.unwrapped.len, paste.unwrapped.ptr);
}
END_TEST

/* Every byte of the record comes from where the map says: itself, or an escape of it. */
START_TEST(map_is_exact)
{
	const struct row *row = &rows[_i];
	struct slice input = slice_cstr(row->input);
	struct lint_paste paste;
	lint_unwrap(unit_arena(), input, &paste);
	for (size_t i = 0; i < paste.text.len; i++) {
		struct slice from = slice_at(input, bytemap_source(&paste.map, span_of(i, 1)));
		ck_assert_msg(from.len > 0, "%s: byte %zu", row->name, i);
		bool same = from.len == 1 && from.ptr[0] == paste.text.ptr[i];
		ck_assert_msg(same || from.ptr[0] == '\\', "%s: byte %zu", row->name, i);
	}
}
END_TEST

START_TEST(other_lines_are_no_records)
{
	static const char *const lines[] = {"example.com. 300 IN A 192.0.2.1", "example.com. IN MX 10 mail",
		"Server:\t\t192.0.2.53", "Address:\t192.0.2.53#53", "Non-authoritative answer:"};
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		struct lint_paste paste;
		lint_unwrap(unit_arena(), slice_cstr(lines[i]), &paste);
		ck_assert_msg(paste.kind == LINT_PASTE_OTHER, "%s", lines[i]);
	}
}
END_TEST

START_TEST(records_go_on)
{
	struct arena *arena = unit_arena();
	ck_assert(lint_unwrap_goes_on(arena, SLICE("_dmarc IN TXT ( \"v=DMARC1; \"\n")));
	ck_assert(lint_unwrap_goes_on(arena, SLICE("_dmarc IN TXT (\n")));
	ck_assert(lint_unwrap_goes_on(arena, SLICE("(\n")));
	ck_assert(lint_unwrap_goes_on(arena, SLICE("example.com\ttext =\n")));
	ck_assert(!lint_unwrap_goes_on(arena, SLICE("_dmarc IN TXT (\"v=DMARC1; p=none\")\n")));
	ck_assert(!lint_unwrap_goes_on(arena, SLICE("\"v=spf1 (\"\n")));
	ck_assert(!lint_unwrap_goes_on(arena, SLICE("v=spf1 ( -all\n")));
	ck_assert(!lint_unwrap_goes_on(arena, SLICE("some words (\n")));
}
END_TEST

static void unwrap_all(struct arena *arena, void *context)
{
	(void)context;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct lint_paste paste;
		lint_unwrap(arena, slice_cstr(rows[i].input), &paste);
	}
}

START_TEST(lack_of_memory)
{
	unit_fail_every_allocation(unwrap_all, NULL);
}
END_TEST

int main(void)
{
	const int count = (int)(sizeof rows / sizeof *rows);
	Suite *suite = suite_create("lint_unwrap");
	TCase *tests = tcase_create("lint_unwrap");
	tcase_add_loop_test(tests, record_is_found, 0, count);
	tcase_add_loop_test(tests, map_is_exact, 0, count);
	tcase_add_test(tests, other_lines_are_no_records);
	tcase_add_test(tests, records_go_on);
	tcase_add_test(tests, lack_of_memory);
	suite_add_tcase(suite, tests);
	return unit_run(suite);
}
