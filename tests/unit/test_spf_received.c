/* The header fields of a receiver (RFC 7208 9.1, 9.2; RFC 8601 2.7.2): what they say, and that no
 * stranger's byte gets out of its value. */
#include "spf/spf_received.h"

#include "support/unit.h"

static const struct spf_term mechanism_term = {.kind = SPF_IP4};

static void make(struct arena *arena, const char *sender, const char *helo, enum spf_result result,
	const char *mechanism, const char *reason, struct spf_request *request, struct spf_verdict *verdict)
{
	*request = (struct spf_request){.receiver = SLICE("mx.example.org")};
	ck_assert(ip_parse(SLICE("2001:db8::1"), &request->ip));
	ck_assert(spf_request_identify(
		arena, request, slice_cstr(sender), slice_cstr(helo), slice_of(NULL, 0)));
	*verdict = (struct spf_verdict){.result = result, .reason = slice_cstr(reason)};
	if (mechanism != NULL) {
		verdict->mechanism = &mechanism_term;
		verdict->mechanism_text = slice_cstr(mechanism);
	}
}

static const struct {
	const char *name, *sender, *helo;
	enum spf_result result;
	const char *mechanism, *reason, *received, *results;
} rows[] = {
	{"pass", "user@example.com", "h.example", SPF_PASS, "ip6:2001:db8::/32", "",
		"Received-SPF: pass (mx.example.org: client is designated as permitted sender by domain of "
		"user@example.com) "
		"client-ip=\"2001:db8::1\"; envelope-from=\"user@example.com\"; helo=h.example; "
		"receiver=mx.example.org; "
		"identity=mailfrom; mechanism=\"ip6:2001:db8::/32\"",
		"Authentication-Results: mx.example.org; spf=pass smtp.mailfrom=example.com"},
	{"default", "user@example.com", "h.example", SPF_NEUTRAL, NULL, "",
		"Received-SPF: neutral (mx.example.org: client is neither permitted nor denied by domain of "
		"user@example.com) "
		"client-ip=\"2001:db8::1\"; envelope-from=\"user@example.com\"; helo=h.example; "
		"receiver=mx.example.org; "
		"identity=mailfrom; mechanism=default",
		"Authentication-Results: mx.example.org; spf=neutral smtp.mailfrom=example.com"},
	{"null sender", "", "h.example", SPF_TEMPERROR, NULL, "timeout",
		"Received-SPF: temperror (mx.example.org: a temporary DNS error prevented the check of "
		"domain of "
		"postmaster@h.example) client-ip=\"2001:db8::1\"; helo=h.example; receiver=mx.example.org; "
		"identity=helo; "
		"problem=timeout",
		"Authentication-Results: mx.example.org; spf=temperror smtp.helo=h.example"},
	{"line ends, quotes, parentheses", "a\"b\\c(d\r\nX: y@example.com", "h\r\nInjected: yes", SPF_PASS,
		"all", "",
		"Received-SPF: pass (mx.example.org: client is designated as permitted sender by domain of "
		"a\"b\\\\c\\(d??X: y@example.com) client-ip=\"2001:db8::1\"; "
		"envelope-from=\"a\\\"b\\\\c(d??X: y@example.com\"; helo=\"h??Injected: yes\"; "
		"receiver=mx.example.org; "
		"identity=mailfrom; mechanism=all",
		"Authentication-Results: mx.example.org; spf=pass smtp.mailfrom=example.com"},
	{"a domain that is no token", "u@b;spf=pass.example", "h.example", SPF_NONE, NULL, "no",
		"Received-SPF: none (mx.example.org: no SPF record applies to domain of "
		"u@b;spf=pass.example) "
		"client-ip=\"2001:db8::1\"; envelope-from=\"u@b;spf=pass.example\"; helo=h.example; "
		"receiver=mx.example.org; "
		"identity=mailfrom; problem=no",
		"Authentication-Results: mx.example.org; spf=none smtp.mailfrom=\"b;spf=pass.example\""},
};

START_TEST(fields)
{
	struct arena *arena = unit_arena();
	struct spf_request request;
	struct spf_verdict verdict;
	make(arena, rows[_i].sender, rows[_i].helo, rows[_i].result, rows[_i].mechanism, rows[_i].reason,
		&request, &verdict);
	unit_assert_slice(spf_received_field(arena, &request, &verdict), slice_cstr(rows[_i].received));
	unit_assert_slice(
		spf_received_authentication_results(arena, &request, &verdict), slice_cstr(rows[_i].results));
}
END_TEST

/* Every byte, in every place: the fields stay one line of printable ASCII. */
START_TEST(no_byte_ends_the_line)
{
	for (int byte = 0; byte < 256; byte++) {
		struct arena *arena = unit_arena();
		char text[] = {'a', (char)byte, 'b'};
		struct spf_request request = {.receiver = slice_of(text, 3)};
		struct spf_verdict verdict = {.result = SPF_PASS,
			.mechanism = &mechanism_term,
			.mechanism_text = slice_of(text, 3)};
		ck_assert(ip_parse(SLICE("192.0.2.1"), &request.ip));
		ck_assert(spf_request_identify(
			arena, &request, slice_of(text, 3), slice_of(text, 3), slice_of(NULL, 0)));
		struct slice both[] = {spf_received_field(arena, &request, &verdict),
			spf_received_authentication_results(arena, &request, &verdict)};
		for (size_t f = 0; f < 2; f++)
			for (size_t i = 0; i < both[f].len; i++)
				ck_assert_msg(
					both[f].ptr[i] >= ' ' && both[f].ptr[i] <= '~', "byte %d", byte);
	}
}
END_TEST

START_TEST(long_values_are_cut)
{
	struct arena *arena = unit_arena();
	struct spf_request request;
	struct spf_verdict verdict;
	make(arena, "user@example.com", "h.example", SPF_PASS, "all", "", &request, &verdict);
	char *text = arena_alloc(arena, 60000);
	memset(text, 'x', 60000);
	verdict.mechanism_text = slice_of(text, 60000);
	ck_assert_uint_lt(spf_received_field(arena, &request, &verdict).len, 998);
}
END_TEST

static void write_fields(struct arena *arena, void *context)
{
	struct spf_request request;
	struct spf_verdict verdict;
	(void)context;
	make(arena, "user@example.com", "h.example", SPF_PASS, "mx", "", &request, &verdict);
	spf_received_field(arena, &request, &verdict);
	spf_received_authentication_results(arena, &request, &verdict);
}

START_TEST(lack_of_memory)
{
	unit_fail_every_allocation(write_fields, NULL);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("spf_received");
	TCase *cases = tcase_create("fields");
	tcase_add_loop_test(cases, fields, 0, (int)(sizeof rows / sizeof rows[0]));
	tcase_add_test(cases, no_byte_ends_the_line);
	tcase_add_test(cases, long_values_are_cut);
	tcase_add_test(cases, lack_of_memory);
	suite_add_tcase(suite, cases);
	return unit_run(suite);
}
