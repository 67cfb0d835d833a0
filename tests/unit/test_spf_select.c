/* Tests of spf/spf_select: which record is the one, what looks like one, and what several become when
 * merged. */
#include "spf/spf_select.h"

#include "support/fixture.h"
#include "support/unit.h"

#include <stdio.h>

/* What a selection says, as one line: "N selected, M candidates: rule[bytes]=>fix ...", findings in order. */
struct job {
	const struct spf_selection *selection;
	const struct spf_selection *again;
};

static void evaluate(struct view *view, struct arena *arena, void *context)
{
	struct job *job = context;
	struct name name;
	ck_assert_int_eq((int)name_from_text(arena, SLICE("example.com"), &name), NAME_OK);
	const struct answer *answer = view_get(view, name, RRTYPE_TXT);
	job->selection = spf_select(view, answer);
	job->again = spf_select(view, answer);
}

static const struct spf_selection *select_in(struct fixture *fixture)
{
	struct job job = {NULL, NULL};
	fixture_run(fixture, evaluate, &job);
	ck_assert_ptr_eq(job.selection, job.again);
	return job.selection;
}

static const struct spf_selection *select_from(const char *zone)
{
	return select_in(fixture_open(unit_arena(), zone));
}

static struct slice shown(struct arena *arena, const struct spf_selection *selection)
{
	struct slice out = arena_printf(arena, "%zu of %zu", selection->selected, selection->candidate_count);
	for (size_t i = 0; i < selection->findings.count; i++) {
		const struct finding *finding = &selection->findings.items[i];
		struct slice text = finding_text(finding), fix = SLICE("");
		if (finding->fix != NULL)
			fix = finding->fix->record;
		const char *sign = finding->fix == NULL ? "" : finding->fix->safe ? "=>" : "~>";
		out = arena_printf(arena, "%.*s %s[%.*s]%s%.*s", (int)out.len, out.ptr,
			rule_get(finding->rule)->id, (int)text.len, text.ptr == NULL ? "" : text.ptr, sign,
			(int)fix.len, fix.ptr);
	}
	return out;
}

#define TXT(data) "example.com TXT " data "\n"

static const struct {
	const char *name, *zone, *shown;
} rows[] = {
	{"15.1: the version glued to a term", TXT("\"v=spf1\" \"mx -all\""),
		"0 of 1 spf-txt-split-glue[mx]=>v=spf1 mx -all"},
	{"15.2: v=spf10 beside a good one", TXT("v=spf10 -all") TXT("v=spf1 mx"),
		"1 of 2 spf-version-junk[v=spf10]"},
	{"15.3: two that differ in case", TXT("v=spf1 -all") TXT("V=SPF1 -all"),
		"2 of 2 spf-multiple[]~>v=spf1 -all"},
	{"15.5: nothing but the version", TXT("v=spf1"), "1 of 1"},
	{"15.6: a leading space", TXT("\" v=spf1 -all\""), "0 of 1 spf-version-like[ ]=>v=spf1 -all"},
	{"15.43: no such name", "example.org TXT x\n", "0 of 0"},
	{"15.53: only the very name counts", "com TXT v=spf1 -all\nexample.com A 192.0.2.1\n", "0 of 0"},
	{"no TXT at all", "example.com A 192.0.2.1\n", "0 of 0"},
	{"temporary failure: nothing is said", "example.com TXT !timeout\n", "0 of 0"},
	{"1.3: other TXT records may hold anything", TXT("\"\\255\\000\"") TXT("v=spf1 -all"), "1 of 1"},
	{"1.4: strings are joined", TXT("\"v=s\" \"pf1\" \" mx\" \"\" \" -all\""), "1 of 1"},
	{"1.5: any case", TXT("V=sPf1 -all"), "1 of 1"},
	{"1.6: a semicolon", TXT("\"v=spf1; mx -all\""), "0 of 1 spf-version-junk[v=spf1;]=>v=spf1 mx -all"},
	{"1.6: a semicolon without space", TXT("\"v=spf1;mx -all\""),
		"0 of 1 spf-version-junk[v=spf1;]=>v=spf1 mx -all"},
	{"1.6: TAB", TXT("\"v=spf1\\009mx -all\""), "0 of 1 spf-version-junk[v=spf1\t]=>v=spf1 mx -all"},
	{"1.6: no space in one string", TXT("v=spf1mx -all"),
		"0 of 1 spf-version-junk[v=spf1mx]=>v=spf1 mx -all"},
	{"1.6: a space in the version", TXT("\"v =spf1 mx -all\""),
		"0 of 1 spf-version-like[v =spf1]=>v=spf1 mx -all"},
	{"1.6: spf1 alone", TXT("spf1 mx -all"), "0 of 1 spf-version-like[spf1]=>v=spf1 mx -all"},
	{"1.6: v=spf2.0", TXT("v=spf2.0/pra mx -all"), "0 of 1 spf-version-like[v=spf2.0]~>v=spf1 mx -all"},
	{"mistake 1: two providers",
		TXT("v=spf1 include:_spf.a.example ~all") TXT("v=spf1 include:b.example ?all"),
		"2 of 2 spf-multiple[]~>v=spf1 include:b.example include:_spf.a.example ~all"},
	{"mistake 2: spaces lost", TXT("v=spf1include:spf.a.example?all"),
		"0 of 1 spf-version-junk[v=spf1include:spf.a.example?all]~>v=spf1 include:spf.a.example?all"},
	{"mistake 12: v=ipv4", TXT("v=ipv4 include:a.example -all"),
		"0 of 1 spf-version-like[v=ipv4]=>v=spf1 include:a.example -all"},
	{"mistake 34: Sender ID", TXT("spf2.0/pra include:a.example -all"),
		"0 of 1 spf-senderid[spf2.0/pra]"},
	{"quotes in the data", TXT("\"\\\"v=spf1 mx -all\\\"\""),
		"0 of 1 spf-version-like[\"]=>v=spf1 mx -all"},
	{"smart quotes", TXT("\"\\226\\128\\156v=spf1 mx \\226\\128\\147all\\226\\128\\157\""),
		"0 of 1 spf-version-like[\xe2\x80\x9c]=>v=spf1 mx -all"},
	{"byte order mark", TXT("\"\\239\\187\\191v=spf1 -all\""),
		"0 of 1 spf-version-like[\xef\xbb\xbf]=>v=spf1 -all"},
	{"v-spf1", TXT("v-spf1 mx -all"), "0 of 1 spf-version-like[v-spf1]=>v=spf1 mx -all"},
	{"v=spf 1", TXT("\"v=spf 1 mx -all\""), "0 of 1 spf-version-like[v=spf 1]=>v=spf1 mx -all"},
	{"v=spfl", TXT("v=spfl mx -all"), "0 of 1 spf-version-like[v=spfl]=>v=spf1 mx -all"},
	{"v=sfp1", TXT("v=sfp1 mx -all"), "0 of 1 spf-version-like[v=sfp1]=>v=spf1 mx -all"},
	{"v=spf", TXT("v=spf mx -all"), "0 of 1 spf-version-like[v=spf]=>v=spf1 mx -all"},
	{"no version", TXT("include:a.example -all"),
		"0 of 1 spf-version-like[include:a.example]=>v=spf1 include:a.example -all"},
	{"v=spf1-all", TXT("v=spf1-all"), "0 of 1 spf-version-junk[v=spf1-all]=>v=spf1 -all"},
	{"a fix that lets everybody pass is not safe", TXT("version=spf1 all"),
		"0 of 1 spf-version-like[version=spf1]~>v=spf1 all"},
	{"the same behind a semicolon", TXT("\"v=spf1; all\""),
		"0 of 1 spf-version-junk[v=spf1;]~>v=spf1 all"},
	{"a near miss beside a good one", TXT("\"v=spf1 mx -all\"") TXT("\"'v=spf1 a -all'\""),
		"1 of 2 spf-version-like[']"},
	{"other records are none of ours",
		TXT("v=DMARC1; p=none") TXT("v=DKIM1; k=rsa; p=abc") TXT("v=STSv1; id=1")
			TXT("v=TLSRPTv1;rua=mailto:a@b.example") TXT("MS=ms1") TXT("spf") TXT("v=BIMI1; l=")
				TXT("\"\"") TXT("v=") TXT("all mail is spam"),
		"0 of 0"},
	{"an alias is followed", "example.com CNAME www.example.net\nwww.example.net TXT v=spf1 -all\n",
		"1 of 1"},
	{"merge: each term once, modifiers at the end",
		TXT("v=spf1 mx a:mail.example.com -all exp=x.example")
			TXT("v=spf1 MX ip4:192.0.2.1 ~all exp=y.example"),
		"2 of 2 spf-multiple[]~>v=spf1 MX ip4:192.0.2.1 a:mail.example.com ~all exp=y.example"},
	{"merge: a redirect stays alone", TXT("v=spf1 redirect=a.example") TXT("v=spf1 mx"),
		"2 of 2 spf-multiple[]~>v=spf1 mx redirect=a.example"},
	{"merge: a redirect becomes an include", TXT("v=spf1 redirect=a.example") TXT("v=spf1 mx -all"),
		"2 of 2 spf-multiple[]~>v=spf1 mx include:a.example -all"},
	{"merge: two redirects", TXT("v=spf1 redirect=a.example") TXT("v=spf1 redirect=b.example"),
		"2 of 2 spf-multiple[]~>v=spf1 include:a.example include:b.example ~all"},
	{"merge: dead terms are left behind", TXT("v=spf1 -all mx redirect=a.example") TXT("v=spf1 a -all"),
		"2 of 2 spf-multiple[]~>v=spf1 a -all"},
	{"merge: not of broken records", TXT("v=spf1 ipv4:192.0.2.1 -all") TXT("v=spf1 a -all"),
		"2 of 2 spf-multiple[]"},
};

START_TEST(selection_is_this)
{
	const struct spf_selection *selection = select_from(rows[_i].zone);
	struct slice actual = shown(selection->findings.arena, selection);
	if (!slice_equal(actual, slice_cstr(rows[_i].shown)))
		fprintf(stderr, "%s\n", rows[_i].name);
	unit_assert_slice(actual, slice_cstr(rows[_i].shown));
	ck_assert((selection->record != NULL) == (selection->selected > 0));
	ck_assert((selection->parsed != NULL) == (selection->selected > 0));
	if (selection->parsed != NULL)
		unit_assert_slice(selection->parsed->text, selection->record->data.txt.joined);
}
END_TEST

/* Every near miss is about bytes of its own record. */
START_TEST(findings_have_their_record)
{
	const struct spf_selection *selection =
		select_from(TXT("v=spf1 mx -all") TXT("v=spf1;a") TXT("\" v=spf1 a\"") TXT("spf2.0/mfrom a"));
	ck_assert_uint_eq(selection->findings.count, 3);
	ck_assert_uint_eq(selection->candidate_count, 4);
	for (size_t i = 0; i < selection->findings.count; i++) {
		bool found = false;
		for (size_t k = 0; k < selection->candidate_count; k++)
			found = found || selection->candidates[k]->data.txt.joined.ptr ==
						 selection->findings.items[i].place.record.ptr;
		ck_assert(found);
	}
}
END_TEST

/* 15.4: the same text twice is two records; here the strings are split at another place. */
START_TEST(identical_records_are_two)
{
	struct arena *arena = unit_arena();
	struct fixture *fixture = fixture_open(arena, "");
	fixture_add(fixture, "example.com", RRTYPE_TXT, SLICE("\013v=spf1 -all"));
	fixture_add(fixture, "example.com", RRTYPE_TXT, SLICE("\006v=spf1\005 -all"));
	const struct spf_selection *selection = select_in(fixture);
	ck_assert_uint_eq(selection->selected, 2);
	unit_assert_slice(shown(arena, selection), SLICE("2 of 2 spf-multiple[]~>v=spf1 -all"));
}
END_TEST

START_TEST(malformed_records_are_skipped)
{
	struct fixture *fixture = fixture_open(unit_arena(), TXT("v=spf1 -all"));
	fixture_add(fixture, "example.com", RRTYPE_TXT, SLICE("\100v=spf1 mx"));
	fixture_add(fixture, "example.com", RRTYPE_TXT, SLICE(""));
	const struct spf_selection *selection = select_in(fixture);
	ck_assert_uint_eq(selection->selected, 1);
	ck_assert_uint_eq(selection->candidate_count, 1);
	ck_assert_uint_eq(selection->findings.count, 0);
}
END_TEST

/* One TXT record of `strings` strings, each the same text. */
static void add_long(struct fixture *fixture, struct arena *arena, struct slice string, size_t strings)
{
	char *rdata = arena_alloc(arena, strings * (string.len + 1));
	for (size_t i = 0; i < strings; i++) {
		rdata[i * (string.len + 1)] = (char)string.len;
		memcpy(rdata + i * (string.len + 1) + 1, string.ptr, string.len);
	}
	fixture_add(fixture, "example.com", RRTYPE_TXT, slice_of(rdata, strings * (string.len + 1)));
}

START_TEST(long_records_are_bounded)
{
	static const char *const strings[] = {
		"v=spf1 ", "\"", " ", "v=spf1", "spf", "\xe2\x80\x9c", "v=spf1;", "a ", "-all "};
	struct arena *arena = unit_arena();
	struct fixture *fixture = fixture_open(arena, "");
	for (size_t i = 0; i < sizeof strings / sizeof strings[0]; i++)
		add_long(fixture, arena, slice_cstr(strings[i]), 4000);
	const struct spf_selection *selection = select_in(fixture);
	ck_assert_uint_eq(selection->selected, 1);
}
END_TEST

START_TEST(many_records_are_not_merged)
{
	struct arena *arena = unit_arena();
	struct fixture *fixture = fixture_open(arena, "");
	for (int i = 0; i < 300; i++) {
		struct slice text =
			arena_printf(arena, "v=spf1 ip4:198.51.100.0/%d a:h%d.example -all", 24 + i % 8, i);
		char length = (char)text.len;
		fixture_add(fixture, "example.com", RRTYPE_TXT,
			arena_printf(arena, "%c%.*s", length, (int)text.len, text.ptr));
	}
	const struct spf_selection *selection = select_in(fixture);
	ck_assert_uint_eq(selection->selected, 300);
	ck_assert_uint_eq(selection->findings.count, 1);
	ck_assert_ptr_null(selection->findings.items[0].fix);
	unit_assert_slice(selection->findings.items[0].args[0], SLICE("300"));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("spf_select");
	TCase *tests = tcase_create("spf_select");
	tcase_set_timeout(tests, 60);
	tcase_add_loop_test(tests, selection_is_this, 0, (int)(sizeof rows / sizeof rows[0]));
	tcase_add_test(tests, findings_have_their_record);
	tcase_add_test(tests, identical_records_are_two);
	tcase_add_test(tests, malformed_records_are_skipped);
	tcase_add_test(tests, long_records_are_bounded);
	tcase_add_test(tests, many_records_are_not_merged);
	suite_add_tcase(suite, tests);
	return unit_run(suite);
}
