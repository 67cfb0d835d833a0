/* Tests of macro/macro_expand: the vectors of RFC 7208 7.4 and of the test suite, and the rules of 7.3 one
 * by one. */
#include "macro/macro_expand.h"

#include "support/unit.h"

struct sender {
	const char *local_part, *domain, *ip;
};

static const struct sender rfc = {"strong-bad", "email.example.com", "192.0.2.3"};
static const struct sender rfc_v6 = {"strong-bad", "email.example.com", "2001:db8::cb01"};
static const struct sender suite_names = {"philip-gladstone-test", "example.com", "192.0.2.3"};
static const struct sender suite_plus = {"foo-bar+zip+quux", "example.com", "192.0.2.3"};
static const struct sender suite_signs = {"~jack&jill=up-a_b3.c", "example.com", "192.0.2.3"};
static const struct sender dots = {".a..b.", "example.com", "192.0.2.3"};
static const struct sender mapped = {"x", "example.com", "::ffff:192.0.2.1"};

static const struct {
	const struct sender *sender;
	const char *macro, *expansion;
} rows[] = {
	/* RFC 7208 7.4, the single macros */
	{&rfc, "%{s}", "strong-bad@email.example.com"},
	{&rfc, "%{o}", "email.example.com"},
	{&rfc, "%{d}", "email.example.com"},
	{&rfc, "%{d4}", "email.example.com"},
	{&rfc, "%{d3}", "email.example.com"},
	{&rfc, "%{d2}", "example.com"},
	{&rfc, "%{d1}", "com"},
	{&rfc, "%{dr}", "com.example.email"},
	{&rfc, "%{d2r}", "example.email"},
	{&rfc, "%{l}", "strong-bad"},
	{&rfc, "%{l-}", "strong.bad"},
	{&rfc, "%{lr}", "strong-bad"},
	{&rfc, "%{lr-}", "bad.strong"},
	{&rfc, "%{l1r-}", "strong"},
	/* the macro strings */
	{&rfc, "%{ir}.%{v}._spf.%{d2}", "3.2.0.192.in-addr._spf.example.com"},
	{&rfc, "%{lr-}.lp._spf.%{d2}", "bad.strong.lp._spf.example.com"},
	{&rfc, "%{lr-}.lp.%{ir}.%{v}._spf.%{d2}", "bad.strong.lp.3.2.0.192.in-addr._spf.example.com"},
	{&rfc, "%{ir}.%{v}.%{l1r-}.lp._spf.%{d2}", "3.2.0.192.in-addr.strong.lp._spf.example.com"},
	{&rfc, "%{d2}.trusted-domains.example.net", "example.com.trusted-domains.example.net"},
	{&rfc_v6, "%{ir}.%{v}._spf.%{d2}",
		"1.0.b.c.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6._spf.example.com"},
	/* the test suite */
	{&suite_names, "%{l2r-}", "gladstone.philip"},
	{&suite_plus, "%{l2r+-}", "bar.foo"},
	{&suite_signs, "%{L}", "~jack%26jill%3Dup-a_b3.c"},
	{&rfc, "macro%%percent%_%_space%-url-space.example.com",
		"macro%percent  space%20url-space.example.com"},
	/* RFC 7208 7.3: splitting and joining */
	{&suite_plus, "%{l+}", "foo-bar.zip.quux"},
	{&suite_plus, "%{l1+}", "quux"},
	{&suite_plus, "%{l1r+}", "foo-bar"},
	{&suite_plus, "%{l99+}", "foo-bar.zip.quux"},
	{&suite_plus, "%{l-}", "foo.bar+zip+quux"},
	{&rfc, "%{d10}", "email.example.com"},
	{&rfc, "%{d127}", "email.example.com"},
	{&rfc, "%{d4294967297}", "email.example.com"}, /* saturates; one more than 2^32 */
	{&rfc, "%{d18446744073709551617r}", "com.example.email"},
	{&rfc, "%{s2-}", "strong.bad@email.example.com"},
	{&rfc, "%{s1-@}", NULL},	       /* @ is no delimiter */
	{&rfc, "%{d1-}", "email.example.com"}, /* the dot is none when others are listed */
	{&dots, "%{l}", ".a..b."},
	{&dots, "%{l9}", ".a..b."}, /* empty parts stay */
	{&dots, "%{lr}", ".b..a."},
	{&dots, "%{l1}", ""},
	{&dots, "%{l2}", "b."},
	{&dots, "%{l3}", ".b."},
	/* capitals: escaped after the transformation */
	{&suite_signs, "%{L1r=}", "~jack%26jill"},
	{&suite_plus, "%{Lr+}", "quux.zip.foo-bar"},
	{&suite_plus, "%{L}", "foo-bar%2Bzip%2Bquux"},
	{&rfc, "%{S}", "strong-bad%40email.example.com"},
	{&rfc_v6, "%{C}", "2001%3Adb8%3A%3Acb01"},
	/* the other letters */
	{&rfc, "%{i} %{c} %{v} %{p} %{h} %{r} %{t}",
		"192.0.2.3 192.0.2.3 in-addr unknown mail.example.org mx.example.net 1700000000"},
	{&rfc_v6, "%{c} %{v}", "2001:db8::cb01 ip6"},
	{&mapped, "%{c}", "::ffff:192.0.2.1"},
	{&rfc, "", ""},
};

static struct macro_values values_of(struct arena *arena, const struct sender *sender, struct ip *ip)
{
	static const int64_t time = 1700000000;
	ck_assert(ip_parse(slice_cstr(sender->ip), ip));
	return (struct macro_values){
		.sender = arena_printf(arena, "%s@%s", sender->local_part, sender->domain),
		.local_part = slice_cstr(sender->local_part),
		.sender_domain = slice_cstr(sender->domain),
		.domain = slice_cstr(sender->domain),
		.validated = SLICE("unknown"),
		.helo = SLICE("mail.example.org"),
		.receiver = SLICE("mx.example.net"),
		.ip = ip,
		.time = &time,
	};
}

static const struct macro_string *parsed(struct arena *arena, const char *text)
{
	struct findings findings;
	findings_init(&findings, arena);
	struct slice slice = slice_cstr(text);
	return macro_parse(arena, slice, span_of(0, slice.len), MACRO_EXPLANATION, &findings);
}

START_TEST(vectors)
{
	struct arena *arena = unit_arena();
	struct ip ip;
	struct macro_values values = values_of(arena, rows[_i].sender, &ip);
	const struct macro_string *macro = parsed(arena, rows[_i].macro);
	ck_assert(macro->valid == (rows[_i].expansion != NULL));
	if (!macro->valid)
		return;
	struct slice out;
	char missing = '?';
	ck_assert(macro_expand(arena, macro, &values, &out, &missing));
	unit_assert_slice(out, slice_cstr(rows[_i].expansion));
	ck_assert_int_eq(missing, '?');
}
END_TEST

START_TEST(unknown_values_are_named)
{
	struct arena *arena = unit_arena();
	static const struct macro_values nothing = {.domain = {"example.com", 11}};
	struct slice out = SLICE("untouched");
	char missing = '?';
	static const char letters[] = "sloiphcrtv";
	for (size_t i = 0; i < sizeof letters - 1; i++) {
		struct slice text = arena_printf(arena, "%%{d}%%{%c}%%{s}", letters[i]);
		ck_assert(!macro_expand(arena, parsed(arena, text.ptr), &nothing, &out, &missing));
		ck_assert_int_eq(missing, letters[i]);
		unit_assert_slice(out, SLICE("untouched"));
	}
}
END_TEST

/* An empty value is known; the family alone gives %{v}. */
START_TEST(empty_is_not_unknown)
{
	struct arena *arena = unit_arena();
	static const enum ip_family family = IP_V6;
	struct macro_values values = {.local_part = SLICE(""), .family = &family};
	struct slice out;
	char missing;
	ck_assert(macro_expand(arena, parsed(arena, "<%{l}><%{lr}><%{v}>"), &values, &out, &missing));
	unit_assert_slice(out, SLICE("<><><ip6>"));
}
END_TEST

/* Values may hold any bytes. */
START_TEST(values_are_raw_bytes)
{
	struct arena *arena = unit_arena();
	struct macro_values values = {.helo = slice_of("a\0.\xff%{d}", 8)};
	struct slice out;
	char missing;
	ck_assert(macro_expand(arena, parsed(arena, "%{h}"), &values, &out, &missing));
	unit_assert_slice(out, values.helo);
	ck_assert(macro_expand(arena, parsed(arena, "%{Hr}"), &values, &out, &missing));
	unit_assert_slice(out, SLICE("%FF%25%7Bd%7D.a%00"));
}
END_TEST

static struct slice repeated(struct arena *arena, const char *unit, size_t times)
{
	size_t len = strlen(unit);
	char *out = arena_alloc(arena, len * times + 1);
	for (size_t i = 0; i < times; i++)
		memcpy(out + i * len, unit, len);
	return slice_of(out, len * times);
}

/* RFC 7208 7.3: at most 253 bytes, whole labels go from the left. */
START_TEST(names_are_shortened_from_the_left)
{
	struct arena *arena = unit_arena();
	struct slice exact = repeated(arena, "abcdefghij.x.", 19); /* 247 bytes with a final dot */
	unit_assert_slice(macro_name(SLICE("example.com")), SLICE("example.com"));
	unit_assert_slice(macro_name(SLICE("example.com.")), SLICE("example.com"));
	unit_assert_slice(macro_name(SLICE("example.com..")), SLICE("example.com."));
	unit_assert_slice(macro_name(SLICE("")), SLICE(""));
	unit_assert_slice(macro_name(SLICE(".")), SLICE(""));
	ck_assert_uint_eq(macro_name(exact).len, exact.len - 1);
	struct slice at_limit = arena_printf(arena, "123456.%.*s", (int)exact.len - 1, exact.ptr);
	ck_assert_uint_eq(at_limit.len, 253);
	unit_assert_slice(macro_name(at_limit), at_limit);
	struct slice over = arena_printf(arena, "9%.*s.", (int)at_limit.len, at_limit.ptr);
	unit_assert_slice(macro_name(over), slice_at(over, span_of(8, over.len - 9)));
	struct slice one_label = repeated(arena, "a", 300);
	unit_assert_slice(macro_name(one_label), one_label);
}
END_TEST

static void expand_rows(struct arena *arena, void *context)
{
	(void)context;
	struct ip ip;
	struct macro_values values = values_of(arena, &suite_signs, &ip);
	struct slice out;
	char missing;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const struct macro_string *macro = parsed(arena, rows[i].macro);
		if (macro->valid)
			macro_expand(arena, macro, &values, &out, &missing);
	}
}

START_TEST(lack_of_memory_leaves_by_the_escape)
{
	unit_fail_every_allocation(expand_rows, NULL);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("macro_expand");
	TCase *tests = tcase_create("macro_expand");
	tcase_add_loop_test(tests, vectors, 0, (int)(sizeof rows / sizeof rows[0]));
	tcase_add_test(tests, unknown_values_are_named);
	tcase_add_test(tests, empty_is_not_unknown);
	tcase_add_test(tests, values_are_raw_bytes);
	tcase_add_test(tests, names_are_shortened_from_the_left);
	tcase_add_test(tests, lack_of_memory_leaves_by_the_escape);
	suite_add_tcase(suite, tests);
	return unit_run(suite);
}
