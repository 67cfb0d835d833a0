/* Tests of report/report_item and report/report_region: words, hashes and columns that formats share. */
#include "report/report_item.h"

#include "report/report_region.h"
#include "report/writer.h"
#include "support/sample_verdict.h"
#include "support/unit.h"

static struct arena *arena;
static struct report_region_columns columns;

static void setup(void)
{
	arena = unit_arena();
	columns = (struct report_region_columns){.count = 0};
}

#define RECORD "v=spf1 ipv4:192.0.2.1 ipv4:192.0.2.1 -all"

static struct finding *add(struct findings *list, struct span span)
{
	struct finding *finding = findings_add_at(list, RULE_SPF_UNKNOWN_MECHANISM, span);
	finding->args[0] = SLICE("ipv4");
	finding->place.name = SLICE("example.com");
	finding->place.type = SLICE("TXT");
	finding->place.record = SLICE(RECORD);
	return finding;
}

static struct report_item item_of(struct findings *list)
{
	findings_init(list, arena);
	add(list, span_of(7, 4));
	add(list, span_of(22, 4));
	add(list, span_of(7, 14));
	struct report_item item = report_item_of_findings(list);
	item.subject = SLICE("example.com");
	return item;
}

START_TEST(levels_follow_the_findings)
{
	struct findings list;
	findings_init(&list, arena);
	ck_assert_int_eq((int)report_item_of_findings(&list).level, VERDICT_PASS);
	add(&list, span_of(0, 1))->severity = SEVERITY_INFO;
	ck_assert_int_eq((int)report_item_of_findings(&list).level, VERDICT_PASS);
	add(&list, span_of(0, 1))->severity = SEVERITY_WARNING;
	ck_assert_int_eq((int)report_item_of_findings(&list).level, VERDICT_WARN);
	add(&list, span_of(0, 1))->severity = SEVERITY_ERROR;
	add(&list, span_of(0, 1))->severity = SEVERITY_INFO;
	ck_assert_int_eq((int)report_item_of_findings(&list).level, VERDICT_FAIL);
}
END_TEST

START_TEST(equal_findings_are_numbered)
{
	struct findings list;
	struct report_item item = item_of(&list);
	struct report_item_print *prints = report_item_prints(arena, &item);
	ck_assert_uint_eq(prints[0].hash, prints[1].hash);
	ck_assert_uint_ne(prints[0].hash, prints[2].hash);
	ck_assert_uint_eq(prints[0].occurrence, 1);
	ck_assert_uint_eq(prints[1].occurrence, 2);
	ck_assert_uint_eq(prints[2].occurrence, 1);
}
END_TEST

START_TEST(a_moved_line_has_the_same_print)
{
	struct findings before, after;
	struct report_item item = item_of(&before), moved = item_of(&after);
	after.items[0].place.line = 12;
	after.items[0].place.column = 30;
	after.items[0].place.file = SLICE("other");
	after.items[0].place.record = SLICE("v=spf1 ipv4:198.51.100.1 -all");
	ck_assert_uint_eq(
		report_item_prints(arena, &item)[0].hash, report_item_prints(arena, &moved)[0].hash);
	after.items[0].place.name = SLICE("example.org");
	ck_assert_uint_ne(
		report_item_prints(arena, &item)[0].hash, report_item_prints(arena, &moved)[0].hash);
}
END_TEST

START_TEST(titles)
{
	struct findings none;
	findings_init(&none, arena);
	struct report_item item = report_item_of_findings(&none);
	unit_assert_slice(report_item_title(arena, &item), SLICE("record"));
	item.file = SLICE("-");
	item.line = 3;
	unit_assert_slice(report_item_title(arena, &item), SLICE("<stdin>:3"));
	item.file = SLICE("a\nb");
	item.line = 0;
	unit_assert_slice(report_item_title(arena, &item), SLICE("a\\010b"));
	item.subject = SLICE("example.com");
	unit_assert_slice(report_item_title(arena, &item), SLICE("example.com"));
}
END_TEST

START_TEST(quiet_leaves_out_what_passes)
{
	static const struct {
		enum verdict_level level;
		struct slice error;
		bool quiet, shown;
	} rows[] = {
		{VERDICT_PASS, {"", 0}, false, true},
		{VERDICT_PASS, {"", 0}, true, false},
		{VERDICT_PASS, {"x", 1}, true, true},
		{VERDICT_UNKNOWN, {"", 0}, true, true},
		{VERDICT_WARN, {"", 0}, true, true},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const struct writer_options options = {.quiet = rows[i].quiet};
		const struct report_item item = {.level = rows[i].level, .error = rows[i].error};
		ck_assert_msg(report_item_is_shown(&options, &item) == rows[i].shown, "row %zu", i);
	}
}
END_TEST

START_TEST(the_way_to_an_included_record_is_told)
{
	static const struct slice path[] = {{"example.com", 11}, {"include:_spf.example.net", 24}};
	struct findings list;
	struct report_item item = item_of(&list);
	struct finding *finding = &list.items[0];
	finding->place.path = path;
	finding->place.path_count = 1;
	unit_assert_slice(
		report_item_message(arena, &item, finding), SLICE("\"ipv4\" is not an SPF mechanism"));
	finding->place.path_count = 2;
	finding->place.name = SLICE("_spf.example.net");
	unit_assert_slice(report_item_message(arena, &item, finding),
		SLICE("\"ipv4\" is not an SPF mechanism (reached through example.com > "
		      "include:_spf.example.net)"));
}
END_TEST

START_TEST(long_corrected_records_are_not_told)
{
	struct findings list;
	struct report_item item = item_of(&list);
	struct finding *finding = &list.items[0];
	char *longer = arena_alloc(arena, 2000);
	memset(longer, 'a', 2000);
	(void)item;
	finding->fix = fix_replace(arena, finding->place.record, finding->span, SLICE("ip4"), true);
	ck_assert(slice_search_nocase(report_item_fix(arena, finding, " / "),
			  SLICE(" / the record then reads: v=spf1 ip4:192.0.2.1 ")) <
		  report_item_fix(arena, finding, " / ").len);
	finding->fix = fix_record(arena, slice_of(longer, 2000), true);
	ck_assert_uint_lt(report_item_fix(arena, finding, "\n").len, 500);
	finding->is_harmless = true;
	finding->fix = NULL;
	ck_assert_uint_eq(report_item_fix(arena, finding, "\n").len, 0);
}
END_TEST

START_TEST(items_of_verdicts)
{
	struct sample_verdict *s = sample_verdict(arena);
	sample_add_failure(arena, s, DNS_FAILURE_TIMEOUT);
	struct report_item item = report_item_of_verdict(arena, &s->verdict);
	unit_assert_slice(item.subject, SLICE("example.com"));
	ck_assert_uint_eq(item.incomplete_count, 1);
	unit_assert_slice(report_item_failure(arena, item.incomplete[0]),
		SLICE("not known for now: _spf.example.org TXT: no answer in time"));
	const struct verdict bad = {
		.input = SLICE("a\tb"), .input_line = 7, .error = SLICE("no"), .level = VERDICT_UNKNOWN};
	item = report_item_of_verdict(arena, &bad);
	unit_assert_slice(item.subject, SLICE("a\\009b"));
	unit_assert_slice(item.error, SLICE("no"));
	ck_assert_uint_eq(item.line, 7);
}
END_TEST

/* --- regions -------------------------------------------------------------------------------------- */

/* The line of each row is 3; the finding is about the bytes of `column` to `end_column`. */
static const struct {
	const char *name;
	const char *source;
	size_t column, end_line, end_column;
	struct report_region region;
} regions[] = {
	{"ASCII", "@ TXT \"abc\"", 8, 3, 11, {3, 8, 3, 11}},
	{"two bytes before it", "\xc3\xa9 TXT \"abc\"", 9, 3, 12, {3, 8, 3, 11}},
	{"four bytes before it: two units", "\xf0\x9d\x84\x9e abc", 6, 3, 9, {3, 4, 3, 7}},
	{"in it", "a\xc3\xa9z", 2, 3, 4, {3, 2, 3, 3}},
	{"a byte that is no character", "\xff\xff abc", 4, 3, 7, {3, 4, 3, 7}},
	{"the line is not at hand", "", 9, 3, 12, {3, 9, 3, 12}},
	{"over two lines: the end stays", "\xc3\xa9 TXT \"abc\"", 9, 4, 2, {3, 8, 4, 2}},
	{"no end", "abc", 2, 0, 0, {3, 2, 3, 4}},
	{"the end is before the start", "", 9, 3, 2, {3, 9, 0, 0}},
	{"no column", "abc", 0, 0, 0, {3, 0, 0, 0}},
};

static void assert_region(const char *name, struct report_region got, struct report_region expected)
{
	ck_assert_msg(got.line == expected.line && got.column == expected.column &&
			      got.end_line == expected.end_line && got.end_column == expected.end_column,
		"%s: %zu:%zu to %zu:%zu", name, got.line, got.column, got.end_line, got.end_column);
}

START_TEST(columns_are_code_units)
{
	struct finding finding = {.place = {.line = 3,
					  .column = regions[_i].column,
					  .end_line = regions[_i].end_line,
					  .end_column = regions[_i].end_column,
					  .source = slice_cstr(regions[_i].source),
					  .source_span = span_of(1, 2)}};
	assert_region(regions[_i].name, report_region_of(&columns, &finding), regions[_i].region);
}
END_TEST

START_TEST(a_line_that_is_the_record)
{
	struct finding finding = {.has_span = true,
		.span = span_of(3, 2),
		.place = {.line = 3,
			.column = 4,
			.end_line = 3,
			.end_column = 6,
			.record = SLICE("\xc3\xa9 ab")}};
	assert_region("record", report_region_of(&columns, &finding), (struct report_region){3, 3, 3, 5});
}
END_TEST

/* Each column of a long line as counted from its start, in steps back and forth. */
START_TEST(long_lines)
{
	static const char *const parts[] = {"a", "\xc3\xa9", "\xf0\x9d\x84\x9e", "\xff", "abc"};
	size_t len = 0, size = 70000;
	char *line = arena_alloc(arena, size + 8);
	size_t *units = arena_alloc(arena, (size + 8) * sizeof *units);
	for (size_t i = 0, count = 0; len < size; i++) {
		const char *part = parts[i % 5];
		for (size_t at = 0; part[at] != '\0'; at++)
			units[len + at] = count + (i % 5 == 4 ? at : 0);
		memcpy(line + len, part, strlen(part));
		len += strlen(part);
		count += i % 5 == 4 ? 3 : i % 5 == 2 ? 2 : 1;
	}
	struct finding finding = {.place = {.line = 3, .source = slice_of(line, len)}};
	for (size_t i = 0; i < 20000; i++) {
		size_t at = i * 7919 % len;
		if (((unsigned char)line[at] & 0xc0) == 0x80)
			continue; /* inside of a character */
		finding.place.column = at + 1;
		ck_assert_uint_eq(report_region_of(&columns, &finding).column, units[at] + 1);
	}
}
END_TEST

START_TEST(edits)
{
	struct finding finding = {.place = {.line = 3, .column = 4, .source = SLICE("\xc3\xa9 abc")}};
	const struct file_edit same = {3, 4, 3, 5, SLICE("")}, other = {4, 4, 4, 4, SLICE("")};
	assert_region(
		"line", report_region_of_edit(&columns, &finding, &same), (struct report_region){3, 3, 3, 4});
	assert_region("other", report_region_of_edit(&columns, &finding, &other),
		(struct report_region){4, 4, 4, 4});
}
END_TEST

/* Lines 3 to 5 of a file; the finding is about "ef" to "gh". */
START_TEST(lines_of_the_file)
{
	struct finding finding = {
		.place = {.line = 4,
			.column = 4,
			.end_line = 5,
			.end_column = 8,
			.lines = SLICE("\xf0\x9d\x84\x9e\n\xc3\xa9\"ef\"\n\xc3\xa9\"\xc3\xa9gh\""),
			.first_line = 3}};
	const struct file_edit changes[] = {
		{3, 5, 3, 5, SLICE("")}, {5, 4, 5, 6, SLICE("")}, {6, 3, 6, 3, SLICE("")}};
	for (int turn = 0; turn < 2; turn++) {
		assert_region(
			"finding", report_region_of(&columns, &finding), (struct report_region){4, 3, 5, 6});
		assert_region("before it", report_region_of_edit(&columns, &finding, &changes[0]),
			(struct report_region){3, 3, 3, 3});
		assert_region("behind it", report_region_of_edit(&columns, &finding, &changes[1]),
			(struct report_region){5, 3, 5, 4});
		assert_region("not in the file", report_region_of_edit(&columns, &finding, &changes[2]),
			(struct report_region){6, 3, 6, 3});
	}
}
END_TEST

static void work(struct arena *failing, void *context)
{
	const struct report_item *item = context;
	report_item_prints(failing, item);
	report_item_title(failing, item);
	report_item_message(failing, item, &item->findings->items[0]);
	report_item_fix(failing, &item->findings->items[0], "\n");
}

START_TEST(lack_of_memory)
{
	struct findings list;
	struct report_item item = item_of(&list);
	unit_fail_every_allocation(work, &item);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("report_item");
	TCase *tests = tcase_create("report_item");
	tcase_add_checked_fixture(tests, setup, NULL);
	tcase_add_test(tests, levels_follow_the_findings);
	tcase_add_test(tests, equal_findings_are_numbered);
	tcase_add_test(tests, a_moved_line_has_the_same_print);
	tcase_add_test(tests, titles);
	tcase_add_test(tests, quiet_leaves_out_what_passes);
	tcase_add_test(tests, the_way_to_an_included_record_is_told);
	tcase_add_test(tests, long_corrected_records_are_not_told);
	tcase_add_test(tests, items_of_verdicts);
	tcase_add_loop_test(tests, columns_are_code_units, 0, (int)(sizeof regions / sizeof regions[0]));
	tcase_add_test(tests, a_line_that_is_the_record);
	tcase_add_test(tests, long_lines);
	tcase_add_test(tests, edits);
	tcase_add_test(tests, lines_of_the_file);
	tcase_add_test(tests, lack_of_memory);
	suite_add_tcase(suite, tests);
	return unit_run(suite);
}
