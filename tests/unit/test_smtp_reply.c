/* The reply that a sending server is shown (RFC 5321 4.2, 4.5.3.1.5): folded, and safe whatever the text
 * is. */
#include "inspect/smtp_reply.h"

#include "support/unit.h"

static const struct {
	const char *text, *reply;
} rows[] = {
	{"no", "550 5.7.23 no"},
	{"", "550 5.7.23 "},
	{"two  words", "550 5.7.23 two words"},
	{"a\r\n250 ok", "550 5.7.23 a 250 ok"},
	{"\r\n\r\n", "550 5.7.23 "},
	{"  na\xc3\xafve \x1b[31m ", "550 5.7.23 na ve [31m"},
};

START_TEST(short_replies)
{
	unit_assert_slice(smtp_reply(unit_arena(), "550", "5.7.23", slice_cstr(rows[_i].text)),
		slice_cstr(rows[_i].reply));
}
END_TEST

/* Checks each line's form and length; returns how many there are. */
static size_t check_lines(struct slice reply)
{
	size_t count = 0;
	while (reply.len > 0) {
		size_t end = slice_find(reply, '\r', 0);
		struct slice line = slice_head(reply, end);
		ck_assert_uint_le(line.len + 2, SMTP_REPLY_MAX_LINE);
		ck_assert(slice_starts(line, end < reply.len ? SLICE("550-5.7.23 ") : SLICE("550 5.7.23 ")));
		reply = slice_from(reply, end + 2);
		count++;
	}
	return count;
}

START_TEST(long_text_is_folded)
{
	struct arena *arena = unit_arena();
	char *text = arena_alloc(arena, 65535);
	memset(text, 'x', 65535);
	ck_assert_uint_eq(check_lines(smtp_reply(arena, "550", "5.7.23", slice_of(text, 500))), 2);
	ck_assert_uint_eq(check_lines(smtp_reply(arena, "550", "5.7.23", slice_of(text, 499))), 1);
	text[400] = ' ';
	struct slice reply = smtp_reply(arena, "550", "5.7.23", slice_of(text, 700));
	ck_assert_uint_eq(check_lines(reply), 2);
	ck_assert_uint_eq(slice_find(reply, '\r', 0), 11 + 400); /* at the blank, which goes */
	ck_assert_uint_gt(check_lines(smtp_reply(arena, "550", "5.7.23", slice_of(text, 65535))), 100);
}
END_TEST

static void reply(struct arena *arena, void *context)
{
	(void)context;
	smtp_reply(arena, "550", "5.7.23", SLICE("The sending host is not authorized"));
}

START_TEST(lack_of_memory)
{
	unit_fail_every_allocation(reply, NULL);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("smtp_reply");
	TCase *cases = tcase_create("replies");
	tcase_add_loop_test(cases, short_replies, 0, (int)(sizeof rows / sizeof rows[0]));
	tcase_add_test(cases, long_text_is_folded);
	tcase_add_test(cases, lack_of_memory);
	suite_add_tcase(suite, cases);
	return unit_run(suite);
}
