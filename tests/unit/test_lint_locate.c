/* Tests of lint/lint_locate: findings with file and line to the bytes of the file, and fixes as its
 * changes. */
#include "lint/lint_locate.h"

#include "lint/lint_written.h"
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
	*out = slice_cstr(slice_equal(path, SLICE("other")) ? files->included : files->top);
	return true;
}

static const struct zonefile *read_zone(
	struct arena *arena, const char *path, const char *top, const char *included)
{
	struct files files = {top, included};
	const struct zonefile_loader loader = {load, &files};
	struct zonefile_error error = {0};
	struct zonefile *zone = arena_alloc(arena, sizeof *zone);
	struct name origin;
	name_from_text(arena, SLICE("example.com"), &origin);
	ck_assert_msg(zonefile_read(arena, slice_cstr(path), origin, false, &loader, zone, &error), "%.*s",
		(int)error.message.len, error.message.ptr);
	return zone;
}

/* The bytes of `text` from line and column up to the end. */
static struct slice bytes_at(const char *text, size_t line, size_t column, size_t end_line, size_t end_column)
{
	struct slice whole = slice_cstr(text);
	size_t at = 0, end = 0;
	for (size_t i = 1; i < line; i++)
		at = slice_find(whole, '\n', at) + 1;
	for (size_t i = 1; i < end_line; i++)
		end = slice_find(whole, '\n', end) + 1;
	at += column - 1;
	end += end_column - 1;
	return slice_at(whole, span_of(at, end - at));
}

/* As evaluators place it. */
static struct finding *add(
	struct findings *list, const struct zonefile *zone, size_t record, struct span span)
{
	const struct record *from = &zone->records[record].record;
	struct finding *finding = findings_add_at(list, RULE_SPF_UNKNOWN_MECHANISM, span);
	finding->place.record = from->data.txt.joined;
	finding->place.file = from->origin.file;
	finding->place.line = from->origin.line;
	return finding;
}

static const struct {
	const char *name, *top, *included;
	size_t record; /* of the zone */
	struct span span;
	const char *file;
	size_t line, column, end_line, end_column;
	const char *bytes;
} rows[] = {
	{"plain", "@ TXT \"v=spf1 foo -all\"\n", "", 0, {7, 3}, "db.example", 1, 15, 1, 18, "foo"},
	{"second string", "@ TXT \"v=spf1 \" \"foo -all\"\n", "", 0, {7, 3}, "db.example", 1, 18, 1, 21,
		"foo"},
	{"over a border", "@ TXT \"v=spf1 f\" \"oo -all\"\n", "", 0, {7, 3}, "db.example", 1, 15, 1, 21,
		"f\" \"oo"},
	{"another line", "@ TXT ( \"v=spf1 \" ; x\n\t\"foo -all\" )\n", "", 0, {7, 3}, "db.example", 2, 3, 2,
		6, "foo"},
	{"over lines", "@ TXT ( \"v=spf1 f\"\n\"oo -all\" )\n", "", 0, {7, 3}, "db.example", 1, 17, 2, 4,
		"f\"\n\"oo"},
	{"first word behind its line", "@ TXT (\n\n \"v=spf1 foo\" )\n", "", 0, {0, 6}, "db.example", 3, 3, 3,
		9, "v=spf1"},
	{"escapes", "@ TXT \"v=spf1 \\102o\\o\"\n", "", 0, {7, 3}, "db.example", 1, 15, 1, 22, "\\102o\\o"},
	{"no quotes", "@ TXT v=spf1\\ foo\n", "", 0, {7, 3}, "db.example", 1, 15, 1, 18, "foo"},
	{"same owner", "@ TXT x\n  TXT \"v=spf1 foo\"\n", "", 1, {7, 3}, "db.example", 2, 15, 2, 18, "foo"},
	{"CR LF, tabs", "@ TXT x\r\n\tTXT\t\"v=spf1 foo\"\r\n", "", 1, {7, 3}, "db.example", 2, 14, 2, 17,
		"foo"},
	{"the same line number in another file", "$INCLUDE other\n@ TXT y\n", "\n@ TXT \"v=spf1 foo\"\n", 0,
		{7, 3}, "other", 2, 15, 2, 18, "foo"},
	{"included twice", "$INCLUDE other\n$INCLUDE other x\n", "@ TXT \"v=spf1 foo\"\n", 1, {7, 3}, "other",
		1, 15, 1, 18, "foo"},
	{"generic form", "@\tTXT \\# 4 03666f6f\n", "", 0, {0, 3}, "db.example", 1, 7, 0, 0, NULL},
	{"empty record", "@ TXT x\n@ TXT ( ; x\n \"\" )\n", "", 1, {0, 0}, "db.example", 3, 3, 3, 3, ""},
	{"empty strings", "@ TXT x\n@ TXT \"\" \"\"\n", "", 1, {0, 0}, "db.example", 2, 8, 2, 8, ""},
	{"empty span", "@ TXT \"v=spf1 \" \"foo\"\n", "", 0, {7, 0}, "db.example", 1, 15, 1, 15, ""},
};

START_TEST(findings_have_places)
{
	struct arena *arena = unit_arena();
	const struct zonefile *zones[] = {read_zone(arena, "db.other", "@ TXT \"v=spf1 foo -all\"\n", ""),
		read_zone(arena, "db.example", rows[_i].top, rows[_i].included)};
	const struct lint_locate *locate = lint_locate_open(arena, (struct zonefile_list){zones, 2});
	struct findings list;
	findings_init(&list, arena);
	struct finding *finding = add(&list, zones[1], rows[_i].record, rows[_i].span);
	lint_locate_findings(locate, arena, &list);
	const struct finding_place *place = &finding->place;
	unit_assert_slice(place->file, slice_cstr(rows[_i].file));
	ck_assert_msg(place->line == rows[_i].line && place->column == rows[_i].column &&
			      place->end_line == rows[_i].end_line &&
			      place->end_column == rows[_i].end_column,
		"%s: %zu:%zu to %zu:%zu", rows[_i].name, place->line, place->column, place->end_line,
		place->end_column);
	if (rows[_i].bytes == NULL)
		return;
	const char *text = slice_equal(place->file, SLICE("other")) ? rows[_i].included : rows[_i].top;
	unit_assert_slice(bytes_at(text, place->line, place->column, place->end_line, place->end_column),
		slice_cstr(rows[_i].bytes));
	if (place->line == place->end_line)
		unit_assert_slice(slice_at(place->source, place->source_span), slice_cstr(rows[_i].bytes));
}
END_TEST

START_TEST(without_a_span_it_is_all_of_the_record)
{
	struct arena *arena = unit_arena();
	const struct zonefile *zone = read_zone(arena, "db.example", "@ TXT (\"v=spf1 \"\n \"foo\")\n", "");
	struct findings list;
	findings_init(&list, arena);
	struct finding *finding = add(&list, zone, 0, span_of(0, 0));
	finding->has_span = false;
	lint_locate_findings(lint_locate_open(arena, (struct zonefile_list){&zone, 1}), arena, &list);
	ck_assert(finding->place.line == 1 && finding->place.column == 9);
	ck_assert(finding->place.end_line == 2 && finding->place.end_column == 6);
	ck_assert(!finding->has_span);
}
END_TEST

/* Of a server, of another file, of another text: nothing changes. */
START_TEST(others_stay)
{
	struct arena *arena = unit_arena();
	const struct zonefile *zone = read_zone(arena, "db.example", "@ TXT \"v=spf1 foo\"\n", "");
	const struct lint_locate *locate = lint_locate_open(arena, (struct zonefile_list){&zone, 1});
	struct findings list;
	findings_init(&list, arena);
	for (int i = 0; i < 4; i++)
		add(&list, zone, 0, span_of(7, 3));
	list.items[0].place.file = SLICE("");
	list.items[1].place.file = SLICE("db.exampl");
	list.items[2].place.line = 2;
	list.items[3].place.record = SLICE("v=spf1 bar");
	lint_locate_findings(locate, arena, &list);
	for (int i = 0; i < 4; i++)
		ck_assert(list.items[i].place.column == 0 && list.items[i].place.end_line == 0);
	lint_locate_findings(NULL, arena, &list);
}
END_TEST

/* --- fixes ----------------------------------------------------------------------------------------- */

static const struct {
	const char *name, *top;
	struct fix_edit edit;
	size_t line, column, end_line, end_column;
	const char *replacement;
} fixes[] = {
	{"a word", "@ TXT \"v=spf1 ipv4:192.0.2.1\"\n", {{7, 4}, {"ip4", 3}}, 1, 15, 1, 19, "ip4"},
	{"in another line", "@ TXT (\"v=spf1 \"\n\"ipv4:192.0.2.1\")\n", {{7, 4}, {"ip4", 3}}, 2, 2, 2, 6,
		"ip4"},
	{"escapes", "@ TXT \"v=spf1 \\105pv4:192.0.2.1\"\n", {{7, 1}, {"\"\\", 2}}, 1, 15, 1, 19, "\\\"\\\\"},
	{"no quotes", "@ TXT v=spf1\\ a ; x\n", {{8, 0}, {" -all", 5}}, 1, 7, 1, 16, "\"v=spf1 a -all\""},
};

START_TEST(fixes_are_edits_of_files)
{
	struct arena *arena = unit_arena();
	const struct zonefile *zone = read_zone(arena, "db.example", fixes[_i].top, "");
	struct findings list;
	findings_init(&list, arena);
	struct finding *finding = add(&list, zone, 0, span_of(0, 1));
	finding->fix = fix_edits(arena, finding->place.record, &fixes[_i].edit, 1, true);
	lint_locate_findings(lint_locate_open(arena, (struct zonefile_list){&zone, 1}), arena, &list);
	ck_assert_uint_eq(finding->file_edit_count, 1);
	const struct file_edit *edit = &finding->file_edits[0];
	ck_assert_msg(edit->line == fixes[_i].line && edit->column == fixes[_i].column &&
			      edit->end_line == fixes[_i].end_line &&
			      edit->end_column == fixes[_i].end_column,
		"%s: %zu:%zu to %zu:%zu", fixes[_i].name, edit->line, edit->column, edit->end_line,
		edit->end_column);
	unit_assert_slice(edit->replacement, slice_cstr(fixes[_i].replacement));
}
END_TEST

/* What several records are together, no change of one mends. */
START_TEST(no_edits_of_one_record_for_several)
{
	struct arena *arena = unit_arena();
	const struct zonefile *zone = read_zone(arena, "db.example", "@ TXT \"v=spf1 a\"\n", "");
	struct findings list;
	findings_init(&list, arena);
	struct finding *finding = add(&list, zone, 0, span_of(0, 1));
	finding->rule = RULE_SPF_MULTIPLE;
	finding->fix = fix_record(arena, SLICE("v=spf1 a mx"), false);
	lint_locate_findings(lint_locate_open(arena, (struct zonefile_list){&zone, 1}), arena, &list);
	ck_assert_uint_eq(finding->file_edit_count, 0);
}
END_TEST

/* Pasted records: where the bytes stand as they are. */
START_TEST(fixes_of_pasted_records)
{
	static const struct {
		const char *lines;
		size_t edits, line, column;
	} pastes[] = {
		{"v=spf1 ipv4:192.0.2.1 -all", 1, 5, 8},
		{"x. IN TXT (\n\"v=spf1 \" \"ipv4:192.0.2.1 -all\" )", 1, 6, 12},
		{"x. IN TXT \"v=spf1 \\105pv4:192.0.2.1 -all\"", 0, 0, 0},
	};
	struct arena *arena = unit_arena();
	for (size_t i = 0; i < sizeof pastes / sizeof *pastes; i++) {
		struct lint_paste paste;
		struct lint_record record;
		const struct lint_origin origin = {
			.file = SLICE("list"), .source = slice_cstr(pastes[i].lines), .line = 5};
		const struct finding *found = NULL;
		lint_unwrap(arena, origin.source, &paste);
		lint_record(arena, &paste, LINT_NONE, &origin, &record);
		lint_written_all_edits(arena, &record, NULL);
		for (size_t f = 0; f < record.findings.count; f++)
			if (record.findings.items[f].rule == RULE_SPF_UNKNOWN_MECHANISM)
				found = &record.findings.items[f];
		ck_assert(found != NULL && found->fix != NULL && found->place.end_line > 0);
		ck_assert_msg(found->file_edit_count == pastes[i].edits, "%s", pastes[i].lines);
		if (found->file_edit_count > 0)
			ck_assert_msg(found->file_edits[0].line == pastes[i].line &&
					      found->file_edits[0].column == pastes[i].column,
				"%s: %zu:%zu", pastes[i].lines, found->file_edits[0].line,
				found->file_edits[0].column);
	}
}
END_TEST

static void locate_all(struct arena *arena, void *context)
{
	struct files files = {fixes[1].top, ""};
	const struct zonefile_loader loader = {load, &files};
	struct zonefile_error error = {0};
	struct zonefile zone;
	const struct zonefile *zones[] = {&zone};
	struct findings list;
	struct name origin;
	(void)context;
	name_from_text(arena, SLICE("example.com"), &origin);
	if (!zonefile_read(arena, SLICE("db.example"), origin, false, &loader, &zone, &error))
		return;
	findings_init(&list, arena);
	struct finding *finding = add(&list, &zone, 0, span_of(7, 4));
	finding->fix = fix_edits(arena, finding->place.record, &fixes[1].edit, 1, true);
	lint_locate_findings(lint_locate_open(arena, (struct zonefile_list){zones, 1}), arena, &list);
}

START_TEST(lack_of_memory)
{
	unit_fail_every_allocation(locate_all, NULL);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("lint_locate");
	TCase *tests = tcase_create("lint_locate");
	tcase_add_loop_test(tests, findings_have_places, 0, (int)(sizeof rows / sizeof *rows));
	tcase_add_test(tests, without_a_span_it_is_all_of_the_record);
	tcase_add_test(tests, others_stay);
	tcase_add_loop_test(tests, fixes_are_edits_of_files, 0, (int)(sizeof fixes / sizeof *fixes));
	tcase_add_test(tests, fixes_of_pasted_records);
	tcase_add_test(tests, no_edits_of_one_record_for_several);
	tcase_add_test(tests, lack_of_memory);
	suite_add_tcase(suite, tests);
	return unit_run(suite);
}
