/* Tests of report/json: commas, nesting, escapes, valid UTF-8. */
#include "report/json.h"

#include "base/ascii.h"
#include "support/unit.h"

static struct buf output;

static struct json start(bool pretty, size_t depth)
{
	struct json json;
	buf_init(&output);
	json_init(&json, &output, unit_arena(), pretty, depth);
	return json;
}

static void assert_output(const char *expected)
{
	unit_assert_slice(buf_slice(&output), slice_cstr(expected));
	buf_free(&output);
}

static void write_sample(struct json *json)
{
	json_object(json);
	json_key(json, "a");
	json_number(json, 1);
	json_key(json, "b");
	json_array(json);
	json_bool(json, true);
	json_object(json);
	json_end_object(json);
	json_array(json);
	json_end_array(json);
	json_null(json);
	json_end_array(json);
	json_key(json, "span");
	json_flat_array(json);
	json_number(json, 7);
	json_number(json, 14);
	json_end_array(json);
	json_key(json, "c");
	json_bool(json, false);
	json_end_object(json);
}

START_TEST(compact_form)
{
	struct json json = start(false, 0);
	write_sample(&json);
	assert_output("{\"a\":1,\"b\":[true,{},[],null],\"span\":[7, 14],\"c\":false}");
}
END_TEST

START_TEST(pretty_form)
{
	struct json json = start(true, 0);
	write_sample(&json);
	assert_output("{\n  \"a\": 1,\n  \"b\": [\n    true,\n    {},\n    [],\n    null\n  ],\n"
		      "  \"span\": [7, 14],\n  \"c\": false\n}");
}
END_TEST

START_TEST(pretty_form_in_an_array)
{
	struct json json = start(true, 1);
	json_object(&json);
	json_key(&json, "a");
	json_text(&json, NULL);
	json_end_object(&json);
	assert_output("\n  {\n    \"a\": null\n  }");
}
END_TEST

START_TEST(depth_is_not_limited_and_indents_no_further)
{
	struct json json = start(true, 0);
	for (size_t i = 0; i < 5000; i++)
		json_array(&json);
	for (size_t i = 0; i < 5000; i++)
		json_end_array(&json);
	ck_assert_uint_lt(output.len, 5000 * 2 * (2 * JSON_MAX_INDENT + 2));
	ck_assert_uint_eq(json.depth, 0);
	buf_free(&output);
}
END_TEST

static const struct {
	const char *name;
	struct slice raw;
	const char *bytes;  /* json_bytes() */
	const char *string; /* json_string() */
} texts[] = {
	{"plain", {"abc", 3}, "\"abc\"", "\"abc\""},
	{"empty", {"", 0}, "\"\"", "\"\""},
	{"quote", {"a\"b", 3}, "\"a\\\"b\"", "\"a\\\"b\""},
	{"backslash", {"a\\b", 3}, "\"a\\\\\\\\b\"", "\"a\\\\b\""},
	{"newline", {"a\nb", 3}, "\"a\\\\010b\"", "\"a\\u000ab\""},
	{"nul", {"\0", 1}, "\"\\\\000\"", "\"\\u0000\""},
	{"delete", {"\x7f", 1}, "\"\\\\127\"", "\"\\u007f\""},
	{"umlaut", {"\xc3\xbc", 2}, "\"\xc3\xbc\"", "\"\xc3\xbc\""},
	{"bad byte", {"\xff", 1}, "\"\\\\255\"", "\"\xef\xbf\xbd\""},
	{"cut character", {"\xe6\xbc", 2}, "\"\\\\230\\\\188\"", "\"\xef\xbf\xbd\xef\xbf\xbd\""},
	{"surrogate", {"\xed\xa0\x80", 3}, "\"\\\\237\\\\160\\\\128\"",
		"\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\""},
	{"bidi", {"\xe2\x80\xae", 3}, "\"\\\\226\\\\128\\\\174\"", "\"\xe2\x80\xae\""},
};

START_TEST(bytes_are_escaped)
{
	struct json json = start(false, 0);
	json_bytes(&json, texts[_i].raw);
	assert_output(texts[_i].bytes);
}
END_TEST

START_TEST(strings_are_escaped)
{
	struct json json = start(false, 0);
	json_string(&json, texts[_i].raw);
	assert_output(texts[_i].string);
}
END_TEST

START_TEST(keys_are_escaped)
{
	struct json json = start(false, 0);
	json_object(&json);
	json_key_bytes(&json, SLICE("a\"\x01"));
	json_bytes_or_null(&json, SLICE(""));
	json_end_object(&json);
	assert_output("{\"a\\\"\\\\001\":null}");
}
END_TEST

/* RFC 4648 10. */
static const struct {
	const char *raw;
	const char *expected;
} base64[] = {
	{"", "\"\""},
	{"f", "\"Zg==\""},
	{"fo", "\"Zm8=\""},
	{"foo", "\"Zm9v\""},
	{"foob", "\"Zm9vYg==\""},
	{"fooba", "\"Zm9vYmE=\""},
	{"foobar", "\"Zm9vYmFy\""},
	{"\xfb\xff\xfe", "\"+//+\""},
};

START_TEST(base64_vectors)
{
	struct json json = start(false, 0);
	json_base64(&json, slice_cstr(base64[_i].raw));
	assert_output(base64[_i].expected);
}
END_TEST

START_TEST(every_byte_pair_gives_valid_utf8)
{
	struct json json = start(false, 0);
	json_array(&json);
	for (int first = 0; first < 256; first++) {
		char raw[3] = {(char)first, (char)(255 - first), (char)(first * 7)};
		json_bytes(&json, slice_of(raw, 3));
		json_string(&json, slice_of(raw, 3));
	}
	json_end_array(&json);
	for (size_t i = 0; i < output.len;) {
		size_t len = ascii_utf8_length(slice_from(buf_slice(&output), i));
		ck_assert_uint_gt(len, 0);
		ck_assert((unsigned char)output.data[i] >= ' ');
		i += len;
	}
	buf_free(&output);
}
END_TEST

static void work(struct arena *arena, void *context)
{
	(void)context;
	struct json json;
	buf_clear(&output);
	json_init(&json, &output, arena, true, 0);
	json_array(&json);
	for (size_t i = 0; i < 1000; i++)
		json_bytes(&json, SLICE("\xff many bytes that have to be escaped \xff"));
	json_end_array(&json);
}

START_TEST(lack_of_memory_is_noticed)
{
	buf_init(&output);
	unit_fail_every_allocation(work, NULL);
	buf_free(&output);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("json");
	TCase *tests = tcase_create("json");
	tcase_add_test(tests, compact_form);
	tcase_add_test(tests, pretty_form);
	tcase_add_test(tests, pretty_form_in_an_array);
	tcase_add_test(tests, depth_is_not_limited_and_indents_no_further);
	tcase_add_loop_test(tests, bytes_are_escaped, 0, sizeof texts / sizeof texts[0]);
	tcase_add_loop_test(tests, strings_are_escaped, 0, sizeof texts / sizeof texts[0]);
	tcase_add_test(tests, keys_are_escaped);
	tcase_add_loop_test(tests, base64_vectors, 0, sizeof base64 / sizeof base64[0]);
	tcase_add_test(tests, every_byte_pair_gives_valid_utf8);
	tcase_add_test(tests, lack_of_memory_is_noticed);
	suite_add_tcase(suite, tests);
	return unit_run(suite);
}
