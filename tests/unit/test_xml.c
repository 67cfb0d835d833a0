/* Tests of report/xml: what comes out is XML 1.0, whatever goes in. */
#include "report/xml.h"

#include "support/unit.h"

static const struct {
	const char *name;
	struct slice in;
	const char *text, *attribute;
} rows[] = {
	{"plain", {"v=spf1 -all", 11}, "v=spf1 -all", "v=spf1 -all"},
	{"nothing", {"", 0}, "", ""},
	{"markup", {"<a b=\"c\">&]]>", 13}, "&lt;a b=\"c\"&gt;&amp;]]&gt;",
		"&lt;a b=&quot;c&quot;&gt;&amp;]]&gt;"},
	{"line ends", {"a\tb\nc\r\n", 7}, "a\tb\nc&#13;\n", "a&#9;b&#10;c&#13;&#10;"},
	{"controls", {"\0\x01\x1f\x7f", 4}, "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\x7f",
		"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\x7f"},
	{"UTF-8", {"\xc3\xa9\xf0\x9d\x84\x9e", 6}, "\xc3\xa9\xf0\x9d\x84\x9e", "\xc3\xa9\xf0\x9d\x84\x9e"},
	{"no UTF-8", {"\xff\xc3", 2}, "\xef\xbf\xbd\xef\xbf\xbd", "\xef\xbf\xbd\xef\xbf\xbd"},
	{"a surrogate", {"\xed\xa0\x80", 3}, "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd",
		"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},
	{"U+FFFE and U+FFFF", {"\xef\xbf\xbe\xef\xbf\xbf", 6}, "\xef\xbf\xbd\xef\xbf\xbd",
		"\xef\xbf\xbd\xef\xbf\xbd"},
};

static struct buf out;

static void cleanup(void)
{
	buf_free(&out);
}

START_TEST(texts)
{
	xml_text(&out, rows[_i].in);
	unit_assert_slice(buf_slice(&out), slice_cstr(rows[_i].text));
}
END_TEST

START_TEST(attributes)
{
	xml_attribute(&out, "x", rows[_i].in);
	struct slice expected = arena_printf(unit_arena(), " x=\"%s\"", rows[_i].attribute);
	unit_assert_slice(buf_slice(&out), expected);
}
END_TEST

START_TEST(numbers)
{
	xml_attribute_number(&out, "line", 0);
	xml_attribute_number(&out, "of", 12);
	unit_assert_slice(buf_slice(&out), SLICE(" line=\"0\" of=\"12\""));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("xml");
	TCase *tests = tcase_create("xml");
	int count = (int)(sizeof rows / sizeof rows[0]);
	tcase_add_checked_fixture(tests, NULL, cleanup);
	tcase_add_loop_test(tests, texts, 0, count);
	tcase_add_loop_test(tests, attributes, 0, count);
	tcase_add_test(tests, numbers);
	suite_add_tcase(suite, tests);
	return unit_run(suite);
}
