/* test_dmarc_uri: lists of report addresses: what is usable, where it leads, and what each mistake was
 * meant to be. */
#include "dmarc/dmarc_uri.h"

#include "dmarc/dmarc_address.h"
#include "support/unit.h"

#define COUNT(array) ((int)(sizeof(array) / sizeof *(array)))

/* --- single items: valid (RFC 3986), host, finding with its bytes and detail --- */

static const struct {
	const char *text;
	bool valid, is_mailto;
	const char *host;
	const char *finding; /* "rule@bytes", "" for none */
	enum detail detail;
	const char *fix; /* what stands in its place; NULL: no fix */
} items[] = {
	{"mailto:a@example.com", true, true, "example.com", "", DETAIL_NONE, NULL},
	{"MAILTO:a@Example.COM", true, true, "Example.COM", "", DETAIL_NONE, NULL},
	{"mailto:a+b.c=d@example.com", true, true, "example.com", "", DETAIL_NONE, NULL},
	{"mailto:a%2Cb%21@example.com", true, true, "example.com", "", DETAIL_NONE, NULL},
	{"mailto:a@example.com?subject=x", true, true, "example.com", "", DETAIL_NONE, NULL},
	{"mailto:a@xn--bcher-kva.example", true, true, "xn--bcher-kva.example", "", DETAIL_NONE, NULL},
	{"mailto:a@_x.example.com", true, true, "_x.example.com", "", DETAIL_NONE, NULL},
	/* other schemes */
	{"https://r.example/x?y#z", true, false, "r.example", "dmarc-uri-scheme@https://r.example/x?y#z",
		DETAIL_NONE, NULL},
	{"https://u@r.example:8443/", true, false, "r.example", "dmarc-uri-scheme@https://u@r.example:8443/",
		DETAIL_NONE, NULL},
	{"https://[2001:db8::1]/", true, false, "", "dmarc-uri-scheme@https://[2001:db8::1]/", DETAIL_NONE,
		NULL},
	{"tel:123", true, false, "", "dmarc-uri-scheme@tel:123", DETAIL_NONE, NULL},
	/* sizes */
	{"mailto:a@example.com!10m", true, true, "example.com", "dmarc-uri-size@!10m", DETAIL_NONE,
		"mailto:a@example.com"},
	{"mailto:a@example.com!5", true, true, "example.com", "dmarc-uri-size@!5", DETAIL_NONE,
		"mailto:a@example.com"},
	{"mailto:a@example.com!9T", true, true, "example.com", "dmarc-uri-size@!9T", DETAIL_NONE,
		"mailto:a@example.com"},
	{"mailto:a!b@example.com", false, true, "", "dmarc-uri-invalid@mailto:a!b@example.com",
		DETAIL_DMARC_URI_EXCLAMATION, "mailto:a%21b@example.com"},
	{"mailto:a@example.com!10x", false, true, "", "dmarc-uri-invalid@mailto:a@example.com!10x",
		DETAIL_DMARC_URI_EXCLAMATION, NULL},
	{"mailto:a@example.com!m", false, true, "", "dmarc-uri-invalid@mailto:a@example.com!m",
		DETAIL_DMARC_URI_EXCLAMATION, NULL},
	{"!10m", false, false, "", "dmarc-uri-invalid@!10m", DETAIL_DMARC_URI_NO_MAILBOX, NULL},
	/* no scheme, or a wrong one */
	{"a@example.com", false, false, "", "dmarc-uri-invalid@a@example.com", DETAIL_DMARC_URI_NO_SCHEME,
		"mailto:a@example.com"},
	{"Local.Part@example.com", false, false, "", "dmarc-uri-invalid@Local.Part@example.com",
		DETAIL_DMARC_URI_NO_SCHEME, "mailto:Local.Part@example.com"},
	{"example.com", false, false, "", "dmarc-uri-invalid@example.com", DETAIL_DMARC_URI_NO_MAILBOX, NULL},
	{"none", false, false, "", "dmarc-uri-invalid@none", DETAIL_DMARC_URI_NO_MAILBOX, NULL},
	{"maito:a@example.com", true, false, "", "dmarc-uri-invalid@maito:a@example.com",
		DETAIL_DMARC_URI_SCHEME_TYPO, "mailto:a@example.com"},
	{"mailto=a@example.com", false, false, "", "dmarc-uri-invalid@mailto=a@example.com",
		DETAIL_DMARC_URI_SCHEME_TYPO, "mailto:a@example.com"},
	{"mailto:mailto:a@example.com", true, true, "", "dmarc-uri-invalid@mailto:mailto:a@example.com",
		DETAIL_DMARC_URI_SCHEME_TYPO, "mailto:a@example.com"},
	{"mailto://a@example.com", true, true, "", "dmarc-uri-invalid@mailto://a@example.com",
		DETAIL_DMARC_URI_SLASHES, "mailto:a@example.com"},
	/* mailboxes */
	{"mailto:example.com", true, true, "", "dmarc-uri-invalid@mailto:example.com",
		DETAIL_DMARC_URI_NO_MAILBOX, NULL},
	{"mailto:", true, true, "", "dmarc-uri-invalid@mailto:", DETAIL_DMARC_URI_NO_MAILBOX, NULL},
	{"mailto:@example.com", true, true, "", "dmarc-uri-invalid@mailto:@example.com",
		DETAIL_DMARC_URI_NO_MAILBOX, NULL},
	{"mailto:a@", true, true, "", "dmarc-uri-invalid@mailto:a@", DETAIL_DMARC_URI_HOST, NULL},
	{"mailto:a@b@example.com", true, true, "", "dmarc-uri-invalid@mailto:a@b@example.com",
		DETAIL_DMARC_URI_TWO_AT, NULL},
	{"mailto:a@example..com", true, true, "", "dmarc-uri-invalid@mailto:a@example..com",
		DETAIL_DMARC_URI_HOST, NULL},
	{"mailto:a@example.com.", true, true, "", "dmarc-uri-invalid@mailto:a@example.com.",
		DETAIL_DMARC_URI_HOST, "mailto:a@example.com"},
	/* disguises and decorations */
	{"dmarc at example dot com", false, false, "", "dmarc-uri-invalid@dmarc at example dot com",
		DETAIL_DMARC_URI_OBFUSCATED, "mailto:dmarc@example.com"},
	{"dmarc AT mail DOT example DOT com", false, false, "",
		"dmarc-uri-invalid@dmarc AT mail DOT example DOT com", DETAIL_DMARC_URI_OBFUSCATED,
		"mailto:dmarc@mail.example.com"},
	{"mailto:dmarc at example dot com", false, true, "",
		"dmarc-uri-invalid@mailto:dmarc at example dot com", DETAIL_DMARC_URI_OBFUSCATED,
		"mailto:dmarc@example.com"},
	{"dmarc[at]example[dot]com", false, false, "", "dmarc-uri-invalid@dmarc[at]example[dot]com",
		DETAIL_DMARC_URI_OBFUSCATED, "mailto:dmarc@example.com"},
	{"dmarc(at)example.com", false, false, "", "dmarc-uri-invalid@dmarc(at)example.com",
		DETAIL_DMARC_URI_OBFUSCATED, "mailto:dmarc@example.com"},
	{"dmarc @ example.com", false, false, "", "dmarc-uri-invalid@dmarc @ example.com",
		DETAIL_DMARC_URI_OBFUSCATED, "mailto:dmarc@example.com"},
	{"<a@example.com>", false, false, "", "dmarc-uri-invalid@<a@example.com>", DETAIL_DMARC_URI_QUOTED,
		"mailto:a@example.com"},
	{"mailto:<a@example.com>", false, true, "", "dmarc-uri-invalid@mailto:<a@example.com>",
		DETAIL_DMARC_URI_QUOTED, "mailto:a@example.com"},
	{"mailto:a@example.com>", false, true, "", "dmarc-uri-invalid@mailto:a@example.com>",
		DETAIL_DMARC_URI_QUOTED, "mailto:a@example.com"},
	{"\"mailto:a@example.com\"", false, false, "", "dmarc-uri-invalid@\"mailto:a@example.com\"",
		DETAIL_DMARC_URI_QUOTED, "mailto:a@example.com"},
	{"mailto: a@example.com", false, true, "", "dmarc-uri-invalid@mailto: a@example.com",
		DETAIL_DMARC_URI_SPACE, "mailto:a@example.com"},
	{"mailto:a b@example.com", false, true, "", "dmarc-uri-invalid@mailto:a b@example.com",
		DETAIL_DMARC_URI_SPACE, NULL},
	{"mailto:\xc3\xa4@example.com", false, true, "", "dmarc-uri-invalid@mailto:\xc3\xa4@example.com",
		DETAIL_DMARC_URI_NON_ASCII, NULL},
	{"mailto:a%zz@example.com", false, true, "", "dmarc-uri-invalid@mailto:a%zz@example.com",
		DETAIL_DMARC_URI_CHARACTER, NULL},
	/* several in one */
	{"mailto:a@x.example mailto:b@y.example", false, true, "", "dmarc-uri-invalid@ ",
		DETAIL_DMARC_URI_NO_COMMA, "mailto:a@x.example,mailto:b@y.example"},
	{"mailto:a@x.examplemailto:b@y.example", true, true, "", "dmarc-uri-invalid@mailto:",
		DETAIL_DMARC_URI_NO_COMMA, "mailto:a@x.example,mailto:b@y.example"},
	{"a@x.example b@y.example  c@z.example", false, false, "", "dmarc-uri-invalid@ ",
		DETAIL_DMARC_URI_NO_COMMA, "mailto:a@x.example,mailto:b@y.example,mailto:c@z.example"},
};

static struct findings parse(
	struct arena *arena, struct slice text, const struct dmarc_uri **uris, size_t *count)
{
	struct findings findings;
	findings_init(&findings, arena);
	dmarc_uri_parse_list(arena, text, span_of(0, text.len), &findings, uris, count);
	return findings;
}

static struct slice finding_as_text(
	struct arena *arena, const struct findings *findings, size_t i, struct slice text)
{
	if (i >= findings->count)
		return SLICE("");
	struct slice about = slice_at(text, findings->items[i].span);
	return arena_printf(
		arena, "%s@%.*s", rule_get(findings->items[i].rule)->id, (int)about.len, about.ptr);
}

START_TEST(test_items)
{
	struct arena *arena = unit_arena();
	struct slice text = slice_cstr(items[_i].text);
	const struct dmarc_uri *uris;
	size_t count;
	struct findings findings = parse(arena, text, &uris, &count);
	ck_assert_uint_eq(count, 1);
	ck_assert_msg(uris[0].valid == items[_i].valid, "%s", items[_i].text);
	ck_assert_msg(uris[0].is_mailto == items[_i].is_mailto, "%s", items[_i].text);
	unit_assert_slice(uris[0].host, slice_cstr(items[_i].host));
	unit_assert_slice(finding_as_text(arena, &findings, 0, text), slice_cstr(items[_i].finding));
	ck_assert_msg(findings.count <= 1, "%s: %zu findings", items[_i].text, findings.count);
	if (findings.count == 0)
		return;
	ck_assert_msg(findings.items[0].detail == items[_i].detail, "%s: %s", items[_i].text,
		rule_detail_text(findings.items[0].detail));
	const struct fix *fix = findings.items[0].fix;
	unit_assert_slice(fix == NULL ? SLICE("(none)") : fix->record,
		slice_cstr(items[_i].fix == NULL ? "(none)" : items[_i].fix));
}
END_TEST

/* --- lists --- */

static const struct {
	const char *text;
	size_t count, valid;
	const char *findings;
} lists[] = {
	{"", 0, 0, ""},
	{"mailto:a@x.example,mailto:b@x.example", 2, 2, ""},
	{"mailto:a@x.example \t,\t mailto:b@x.example", 2, 2, ""},
	{"mailto:a@x.example,b@y.example", 2, 1, "dmarc-uri-invalid@b@y.example"},
	{"mailto:a@x.example,", 1, 1, "dmarc-uri-invalid@,"},
	{",mailto:a@x.example", 1, 1, "dmarc-uri-invalid@,"},
	{"mailto:a@x.example,,mailto:b@x.example", 2, 2, "dmarc-uri-invalid@,"},
	{",", 0, 0, "dmarc-uri-invalid@,"},
	{",,,", 0, 0, "dmarc-uri-invalid@,"},
	{"mailto:a@x.example,mailto:a@x.example", 2, 2, "dmarc-uri-duplicate@mailto:a@x.example"},
	{"mailto:a@x.example,MAILTO:a@X.example", 2, 2, "dmarc-uri-duplicate@MAILTO:a@X.example"},
	{"mailto:a@x.example,mailto:A@x.example", 2, 2, ""},
	{"mailto:a@x.example,mailto:b@x.example,mailto:c@x.example,mailto:d@x.example", 4, 4,
		"dmarc-uri-many@mailto:c@x.example,mailto:d@x.example"},
};

START_TEST(test_lists)
{
	struct arena *arena = unit_arena();
	struct slice text = slice_cstr(lists[_i].text), all = SLICE("");
	const struct dmarc_uri *uris;
	size_t count, valid = 0;
	struct findings findings = parse(arena, text, &uris, &count);
	for (size_t i = 0; i < count; i++)
		valid += uris[i].valid;
	for (size_t i = 0; i < findings.count; i++) {
		struct slice one = finding_as_text(arena, &findings, i, text);
		all = arena_printf(arena, "%.*s%s%.*s", (int)all.len, all.ptr, i > 0 ? " | " : "",
			(int)one.len, one.ptr);
	}
	ck_assert_uint_eq(count, lists[_i].count);
	ck_assert_uint_eq(valid, lists[_i].valid);
	unit_assert_slice(all, slice_cstr(lists[_i].findings));
}
END_TEST

/* The value is a part of a longer record, and spans count from the record's start. */
START_TEST(test_spans_in_record)
{
	struct slice record = SLICE("v=DMARC1; rua= mailto:a@x.example , b@x.example ; p=none");
	struct findings findings;
	const struct dmarc_uri *uris;
	size_t count;
	findings_init(&findings, unit_arena());
	dmarc_uri_parse_list(findings.arena, record, span_of(15, 32), &findings, &uris, &count);
	ck_assert_uint_eq(count, 2);
	unit_assert_slice(slice_at(record, uris[0].span), SLICE("mailto:a@x.example"));
	unit_assert_slice(slice_at(record, uris[1].span), SLICE("b@x.example"));
	unit_assert_slice(slice_at(record, findings.items[0].span), SLICE("b@x.example"));
	unit_assert_slice(findings.items[0].fix->record,
		SLICE("v=DMARC1; rua= mailto:a@x.example , mailto:b@x.example ; p=none"));
	ck_assert(findings.items[0].fix->safe);
}
END_TEST

START_TEST(test_limit)
{
	struct arena *arena = unit_arena();
	size_t len = 0, count;
	char *text = arena_alloc(arena, 65536);
	const struct dmarc_uri *uris;
	for (; len + 14 <= 65536; len += 14)
		memcpy(text + len, "mailto:a@b.cd,", 14);
	struct findings findings = parse(arena, slice_of(text, len), &uris, &count);
	ck_assert_uint_eq(count, DMARC_MAX_URIS);
	ck_assert_uint_eq(findings.count, DMARC_MAX_URIS);
}
END_TEST

static void parse_some(struct arena *arena, void *context)
{
	const struct dmarc_uri *uris;
	size_t count;
	(void)context;
	for (int i = 0; i < COUNT(items); i += 5)
		parse(arena, slice_cstr(items[i].text), &uris, &count);
}

START_TEST(test_out_of_memory)
{
	unit_fail_every_allocation(parse_some, NULL);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("dmarc_uri");
	TCase *tests = tcase_create("uri");
	tcase_add_loop_test(tests, test_items, 0, COUNT(items));
	tcase_add_loop_test(tests, test_lists, 0, COUNT(lists));
	tcase_add_test(tests, test_spans_in_record);
	tcase_add_test(tests, test_limit);
	tcase_add_test(tests, test_out_of_memory);
	suite_add_tcase(suite, tests);
	return unit_run(suite);
}
