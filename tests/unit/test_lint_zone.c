/* Tests of lint/lint_zone: which records are found, where, and what they are together; the rules that
 * only a zone file shows. */
#include "lint/lint_zone.h"

#include "support/unit.h"

/* Two files: "db.example" and what it includes. */
struct files {
	const char *top;
	const char *included;
};

static bool load(void *context, struct arena *arena, struct slice path, struct slice *out, struct slice *why)
{
	const struct files *files = context;
	(void)arena;
	(void)why;
	*out = slice_cstr(slice_equal(path, SLICE("db.example")) ? files->top : files->included);
	return true;
}

static struct lint_zone read_zone(struct arena *arena, const char *top, const char *included)
{
	struct files files = {top, included};
	const struct zonefile_loader loader = {load, &files};
	struct zonefile_error error = {0};
	struct lint_zone zone;
	struct name origin;
	ck_assert_int_eq((int)name_from_text(arena, SLICE("example.com"), &origin), NAME_OK);
	ck_assert_msg(lint_zone(arena, SLICE("db.example"), origin, &loader, &zone, &error), "%.*s",
		(int)error.message.len, error.message.ptr);
	return zone;
}

static const struct finding *find(const struct lint_zone *zone, enum rule_id rule)
{
	for (size_t r = 0; r < zone->count; r++)
		for (size_t i = 0; i < zone->records[r].findings.count; i++)
			if (zone->records[r].findings.items[i].rule == rule)
				return &zone->records[r].findings.items[i];
	return NULL;
}

/* The byte a finding points at, in its file: across strings, parentheses, escapes, $INCLUDE, tabs and
 * names left out. */
static const struct {
	const char *name, *top, *included;
	enum rule_id rule;
	const char *file;
	size_t line, column;
	const char *bytes; /* of the line of the file */
} places[] = {
	{"plain", "@ TXT \"v=spf1 ipv4:192.0.2.1 -all\"\n", "", RULE_SPF_UNKNOWN_MECHANISM, "db.example", 1,
		15, "ipv4"},
	{"second string", "@ TXT \"v=spf1 a \" \"foo -all\"\n", "", RULE_SPF_UNKNOWN_MECHANISM, "db.example",
		1, 20, "foo"},
	{"parentheses", "@ TXT ( \"v=spf1 a \" ; comment (\n\n\t\"mx  foo -all\" )\n", "",
		RULE_SPF_UNKNOWN_MECHANISM, "db.example", 3, 7, "foo"},
	{"escapes", "@ TXT \"v=spf1\\032\\097 f\\111o -all\"\n", "", RULE_SPF_UNKNOWN_MECHANISM, "db.example",
		1, 23, "f\\111o"},
	{"no quotes", "@ TXT v=spf1\\ foo\\ -all\n", "", RULE_SPF_UNKNOWN_MECHANISM, "db.example", 1, 15,
		"foo"},
	{"included", "$TTL 5\n$INCLUDE other\n", "\n@ IN TXT \"v=spf1 foo -all\"\n",
		RULE_SPF_UNKNOWN_MECHANISM, "other", 2, 18, "foo"},
	{"no owner, CR LF", "@ A 192.0.2.1\r\n  TXT \"v=spf1 foo -all\"\r\n", "", RULE_SPF_UNKNOWN_MECHANISM,
		"db.example", 2, 15, "foo"},
	{"DMARC", "_dmarc TXT \"v=DMARC1\\; p=nonee\\; rua=mailto:a@example.com\"\n", "",
		RULE_DMARC_P_INVALID, "db.example", 1, 26, "nonee"},
	{"explanation", "@ TXT \"v=spf1 mx -all exp=why.example.com\"\nwhy TXT \"no %{x}\"\n", "",
		RULE_SPF_EXP_TARGET_BAD_MACRO, "db.example", 2, 13, "%{x}"},
};

START_TEST(bytes_have_places)
{
	struct arena *arena = unit_arena();
	struct lint_zone zone = read_zone(arena, places[_i].top, places[_i].included);
	const struct finding *finding = find(&zone, places[_i].rule);
	ck_assert_msg(finding != NULL, "%s: no finding", places[_i].name);
	unit_assert_slice(finding->place.file, slice_cstr(places[_i].file));
	ck_assert_msg(finding->place.line == places[_i].line && finding->place.column == places[_i].column,
		"%s: %zu:%zu", places[_i].name, finding->place.line, finding->place.column);
	unit_assert_slice(
		slice_at(finding->place.source, finding->place.source_span), slice_cstr(places[_i].bytes));
}
END_TEST

/* --- which records ------------------------------------------------------------------------------------- */

static const struct {
	const char *name, *top;
	size_t records;
	const char *rules[3]; /* that fire at warning level or above, all of them */
} rows[] = {
	{"others are passed over", "@ TXT \"google-site-verification=x\"\n@ A 192.0.2.1\n", 0, {NULL}},
	{"good ones", "@ TXT \"v=spf1 -all\"\n_dmarc TXT \"v=DMARC1; p=reject; rua=mailto:a@example.com\"\n",
		2, {NULL}},
	{"the same twice is one", "@ TXT \"v=spf1 -all\"\n@ TXT \"v=spf1 -all\"\n", 2, {NULL}},
	{"two SPF", "@ TXT \"v=spf1 -all\"\n@ TXT \"v=spf1 mx -all\"\n", 2, {"spf-multiple"}},
	{"SPF at two names", "@ TXT \"v=spf1 -all\"\na TXT \"v=spf1 mx -all\"\n", 2, {NULL}},
	{"permission to report", "x.example._report._dmarc TXT \"v=DMARC1\"\n", 0, {NULL}},
	{"text that no exp names", "why TXT \"no %{x}\"\n", 0, {NULL}},
	{"near miss beside a good one",
		"_dmarc TXT \"v=DMARC1; p=reject; rua=mailto:a@example.com\"\n_dmarc TXT \"v=dmarc1; "
		"p=none\"\n",
		2, {"dmarc-version"}},
	{"at the domain, and at the right name",
		"_dmarc TXT \"v=DMARC1; p=reject; rua=mailto:a@example.com\"\n"
		"@ TXT \"v=DMARC1; p=reject; rua=mailto:a@example.com\"\n",
		2, {NULL}},
	{"at the domain, and an alias at the right name",
		"_dmarc CNAME _dmarc.example.net.\n@ TXT \"v=DMARC1; p=reject; rua=mailto:a@example.com\"\n",
		1, {NULL}},
	{"SPF at the DMARC name", "_dmarc.a TXT \"v=spf1 mx -all\"\n", 1, {"dmarc-spf-here"}},
	{"generic form", "@ TXT \\# 8 0776 3d73 7066 3120\n", 1, {"spf-all-missing"}},
	{"CNAME beside other text", "a CNAME b\na TXT \"x\"\n", 0, {NULL}},
	{"CNAME", "a CNAME b\na TXT \"v=spf1 -all\"\n", 1, {"spf-cname-conflict"}},
};

START_TEST(records_are_found)
{
	struct lint_zone zone = read_zone(unit_arena(), rows[_i].top, "");
	size_t expected = 0, fired = 0;
	ck_assert_msg(zone.count == rows[_i].records, "%s: %zu", rows[_i].name, zone.count);
	while (expected < 3 && rows[_i].rules[expected] != NULL) {
		enum rule_id rule = rule_find(slice_cstr(rows[_i].rules[expected++]));
		ck_assert_msg(find(&zone, rule) != NULL, "%s", rows[_i].name);
	}
	for (size_t r = 0; r < zone.count; r++)
		for (size_t i = 0; i < zone.records[r].findings.count; i++)
			fired += zone.records[r].findings.items[i].severity >= SEVERITY_WARNING;
	ck_assert_msg(fired == expected, "%s: %zu findings", rows[_i].name, fired);
}
END_TEST

/* --- the catalogue ------------------------------------------------------------------------------------- */

/* What answers of name servers cannot show fires on its example, at its bytes, and not on the good one. */
START_TEST(examples_of_files)
{
	struct arena *arena = unit_arena();
	const struct rule *rule = rule_get((enum rule_id)_i);
	if (rule->example != EXAMPLE_FILE)
		return;
	struct lint_zone bad = read_zone(arena, rule->bad, ""), good = read_zone(arena, rule->good, "");
	const struct finding *finding = find(&bad, (enum rule_id)_i);
	ck_assert_msg(finding != NULL, "%s does not fire", rule->id);
	unit_assert_slice(finding_text(finding), slice_cstr(rule->about));
	ck_assert_msg(find(&good, (enum rule_id)_i) == NULL, "%s fires on the good example", rule->id);
}
END_TEST

static char *put(char *out, const char *text, size_t len)
{
	memcpy(out, text, len);
	return out + len;
}

/* Every rule about record text fires in a zone file as well. */
START_TEST(examples_of_records)
{
	struct arena *arena = unit_arena();
	const struct rule *rule = rule_get((enum rule_id)_i);
	const char *owner = rule->example == EXAMPLE_DMARC ? "_dmarc TXT \"" : "@ TXT \"";
	if ((rule->example != EXAMPLE_SPF && rule->example != EXAMPLE_DMARC) || rule->bad[0] == '\0')
		return;
	char *file = arena_alloc(arena, strlen(rule->bad) * 2 + 64), *end = put(file, owner, strlen(owner));
	for (const char *c = rule->bad; *c != '\0'; c++) {
		if (*c == '"' || *c == '\\')
			*end++ = '\\';
		*end++ = *c;
	}
	put(end, "\"\n", 3);
	struct lint_zone zone = read_zone(arena, file, "");
	const struct finding *found = NULL;
	for (size_t r = 0; r < zone.count; r++)
		for (size_t i = 0; i < zone.records[r].findings.count; i++) {
			const struct finding *finding = &zone.records[r].findings.items[i];
			if (finding->rule == (enum rule_id)_i &&
				slice_equal(finding_text(finding), slice_cstr(rule->about)))
				found = finding;
		}
	/* Rules that need DNS have record text as their example, too. */
	if (find(&zone, (enum rule_id)_i) == NULL && strncmp(rule->id, "dmarc-external", 14) == 0)
		return;
	ck_assert_msg(found != NULL, "%s does not fire at \"%s\"", rule->id, rule->about);
}
END_TEST

START_TEST(broken_files_are_refused)
{
	static const char *const files[] = {
		"@ TXT \"v=spf1 -all", "@ TXT (\"v=spf1\"\n", "@ TXT\n", "a b c d\n"};
	struct arena *arena = unit_arena();
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		struct files context = {files[i], ""};
		const struct zonefile_loader loader = {load, &context};
		struct zonefile_error error = {0};
		struct lint_zone zone;
		struct name origin;
		name_from_text(arena, SLICE("example.com"), &origin);
		ck_assert(!lint_zone(arena, SLICE("db.example"), origin, &loader, &zone, &error));
		ck_assert_uint_eq(error.place.line, 1);
	}
}
END_TEST

static void lint_all(struct arena *arena, void *context)
{
	struct files files = {places[2].top, ""};
	const struct zonefile_loader loader = {load, &files};
	struct zonefile_error error = {0};
	struct lint_zone zone;
	struct name origin;
	(void)context;
	name_from_text(arena, SLICE("example.com"), &origin);
	lint_zone(arena, SLICE("db.example"), origin, &loader, &zone, &error);
}

START_TEST(lack_of_memory)
{
	unit_fail_every_allocation(lint_all, NULL);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("lint_zone");
	TCase *tests = tcase_create("lint_zone");
	tcase_add_loop_test(tests, bytes_have_places, 0, (int)(sizeof places / sizeof *places));
	tcase_add_loop_test(tests, records_are_found, 0, (int)(sizeof rows / sizeof *rows));
	tcase_add_loop_test(tests, examples_of_files, 0, (int)RULE_COUNT);
	tcase_add_loop_test(tests, examples_of_records, 0, (int)RULE_COUNT);
	tcase_add_test(tests, broken_files_are_refused);
	tcase_add_test(tests, lack_of_memory);
	suite_add_tcase(suite, tests);
	return unit_run(suite);
}
