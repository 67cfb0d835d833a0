/* Tests of lint/lint_record and lint/lint_spf: kinds, validity, places, what the text of one record tells
 * about limits. */
#include "lint/lint_record.h"

#include "support/unit.h"

static void judge(struct arena *arena, struct slice input, enum lint_type type, const char *file,
	struct lint_record *out)
{
	struct lint_paste paste;
	const struct lint_origin origin = {.file = slice_cstr(file), .source = input, .line = 7};
	lint_unwrap(arena, input, &paste);
	lint_record(arena, &paste, type, &origin, out);
}

static const struct {
	const char *text;
	enum lint_type wanted, type;
	bool valid;
	const char *rule; /* the first finding; NULL: none */
} rows[] = {
	{"v=spf1 -all", LINT_NONE, LINT_SPF, true, NULL},
	{"V=SPF1 -all", LINT_NONE, LINT_SPF, true, "spf-uppercase"},
	{"v=spf1", LINT_NONE, LINT_SPF, true, "spf-all-missing"},
	{"v=spf10 -all", LINT_NONE, LINT_SPF, false, "spf-version-junk"},
	{"spf1 mx -all", LINT_NONE, LINT_SPF, false, "spf-version-like"},
	{"v=spf1 foo -all", LINT_NONE, LINT_SPF, false, "spf-unknown-mechanism"},
	{"v=DMARC1; p=reject; rua=mailto:a@example.com", LINT_NONE, LINT_DMARC, true, NULL},
	{"v=dmarc1; p=reject", LINT_NONE, LINT_DMARC, false, "dmarc-version"},
	{"v=DMARC1", LINT_NONE, LINT_DMARC, false, "dmarc-policy-unusable"},
	{"see %{d}", LINT_NONE, LINT_EXP, true, NULL},
	{"see %{d", LINT_NONE, LINT_EXP, false, "spf-exp-target-bad-macro"},
	{"see us", LINT_NONE, LINT_NONE, false, NULL},
	{"", LINT_NONE, LINT_NONE, false, NULL},
	{"see us", LINT_EXP, LINT_EXP, true, NULL},
	{"see us", LINT_SPF, LINT_SPF, false, "spf-version-like"},
	{"see us", LINT_DMARC, LINT_DMARC, false, "dmarc-version"},
	{"", LINT_SPF, LINT_SPF, false, "spf-version-like"},
	{"v=spf1 -all", LINT_DMARC, LINT_DMARC, false, "dmarc-version"},
	{"v=spf1 ip4:198.0.0.0/8 -all", LINT_NONE, LINT_SPF, true, "spf-range-huge"},
	{"v=spf1 ip4:198.51.0.0/16 -all", LINT_NONE, LINT_SPF, true, NULL},
	{"v=spf1 -ip4:10.0.0.0/8 -all", LINT_NONE, LINT_SPF, true, NULL},
	{"v=spf1 a a a a a a a -all", LINT_NONE, LINT_SPF, true, NULL},
	{"v=spf1 a a a a a a a a -all", LINT_NONE, LINT_SPF, true, "spf-lookup-near"},
	{"v=spf1 a a a a a a a a a a -all", LINT_NONE, LINT_SPF, true, "spf-lookup-near"},
	{"v=spf1 a a a a a a a a a a mx -all", LINT_NONE, LINT_SPF, true, "spf-lookup-limit"},
	{"v=spf1 a a a a a a a a a a redirect=b.example", LINT_NONE, LINT_SPF, true, "spf-lookup-limit"},
	{"v=spf1 a a a a a a a -ip4:192.0.2.1 -all", LINT_NONE, LINT_SPF, true, NULL},
	{"v=spf1 include:a.example include:b.example -all", LINT_NONE, LINT_SPF, true, NULL},
	{"v=spf1 include:a.example include:A.example. -all", LINT_NONE, LINT_SPF, true,
		"spf-include-duplicate"},
	{"v=spf1 include:a.example -all include:a.example", LINT_NONE, LINT_SPF, true, "spf-all-not-last"},
	{"v=spf1 include:%{d}.a.example include:%{d}.a.example -all", LINT_NONE, LINT_SPF, true, NULL},
	{"v=spf1 a -all exp=x.example", LINT_NONE, LINT_SPF, true, NULL},
	{"v=spf1 redirect=b.example exp=x.example", LINT_NONE, LINT_SPF, true, "spf-exp-unreachable"},
};

START_TEST(kinds_are_guessed_and_judged)
{
	struct lint_record record;
	judge(unit_arena(), slice_cstr(rows[_i].text), rows[_i].wanted, "", &record);
	ck_assert_msg(record.type == rows[_i].type, "%s: type %d", rows[_i].text, (int)record.type);
	ck_assert_msg(record.valid == rows[_i].valid, "%s", rows[_i].text);
	ck_assert_msg((record.findings.count > 0) == (rows[_i].rule != NULL), "%s: %zu findings",
		rows[_i].text, record.findings.count);
	if (rows[_i].rule != NULL)
		ck_assert_str_eq(rule_get(record.findings.items[0].rule)->id, rows[_i].rule);
}
END_TEST

START_TEST(the_eleventh_term_is_named)
{
	struct lint_record record;
	judge(unit_arena(), SLICE("v=spf1 a a a a a a a a a a mx ptr:b.example -all"), LINT_NONE, "",
		&record);
	unit_assert_slice(finding_text(&record.findings.items[0]), SLICE("mx"));
	unit_assert_slice(record.findings.items[0].args[0], SLICE("12"));
}
END_TEST

START_TEST(places_are_those_of_the_input)
{
	struct lint_record record;
	struct arena *arena = unit_arena();
	judge(arena, SLICE("a TXT ( \"v=spf1 \"\n  \"foo -all\" )"), LINT_NONE, "list", &record);
	const struct finding *finding = &record.findings.items[0];
	unit_assert_slice(finding->place.file, SLICE("list"));
	unit_assert_slice(finding->place.name, SLICE("a"));
	ck_assert_uint_eq(finding->place.line, 8);
	ck_assert_uint_eq(finding->place.column, 4);
	unit_assert_slice(finding->place.source, SLICE("  \"foo -all\" )"));
	ck_assert_uint_eq(finding->place.border_count, 1);
	ck_assert_uint_eq(finding->place.borders[0], 7);
	/* A record that stands there as it is, is not shown twice; an argument has no place. */
	judge(arena, SLICE("v=spf1 foo -all"), LINT_NONE, "list", &record);
	ck_assert_uint_eq(record.findings.items[0].place.source.len, 0);
	ck_assert_uint_eq(record.findings.items[0].place.line, 7);
	judge(arena, SLICE("\"v=spf1 foo -all\""), LINT_NONE, "", &record);
	ck_assert_uint_eq(record.findings.items[0].place.source.len, 0);
	ck_assert_uint_eq(record.findings.items[0].place.line, 0);
}
END_TEST

static void judge_all(struct arena *arena, void *context)
{
	(void)context;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i += 3) {
		struct lint_record record;
		judge(arena, slice_cstr(rows[i].text), rows[i].wanted, "list", &record);
	}
}

START_TEST(lack_of_memory)
{
	unit_fail_every_allocation(judge_all, NULL);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("lint_record");
	TCase *tests = tcase_create("lint_record");
	tcase_add_loop_test(tests, kinds_are_guessed_and_judged, 0, (int)(sizeof rows / sizeof *rows));
	tcase_add_test(tests, the_eleventh_term_is_named);
	tcase_add_test(tests, places_are_those_of_the_input);
	tcase_add_test(tests, lack_of_memory);
	suite_add_tcase(suite, tests);
	return unit_run(suite);
}
