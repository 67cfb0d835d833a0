/* Tests of lint/lint_patch: changes of records as changes of bytes of files. */
#include "lint/lint_patch.h"

#include <stdio.h>

#include "lint/lint_fix.h"
#include "lint/lint_zone.h"
#include "support/unit.h"

static bool load(void *context, struct arena *arena, struct slice path, struct slice *out, struct slice *why)
{
	(void)arena;
	(void)path;
	(void)why;
	*out = *(struct slice *)context;
	return true;
}

static struct lint_zone read_zone(struct arena *arena, struct slice text)
{
	struct slice *copy = arena_alloc(arena, sizeof *copy);
	const struct zonefile_loader loader = {load, copy};
	struct zonefile_error error = {0};
	struct lint_zone zone;
	struct name origin;
	*copy = text;
	ck_assert_int_eq((int)name_from_text(arena, SLICE("example.com"), &origin), NAME_OK);
	ck_assert_msg(lint_zone(arena, SLICE("db.example"), origin, &loader, &zone, &error), "%.*s: %.*s",
		(int)text.len, text.ptr, (int)error.message.len, error.message.ptr);
	return zone;
}

/* The file with all fixes; the text of its first record as it should be in *wanted. */
static struct slice mended(struct arena *arena, struct slice text, struct slice *wanted)
{
	struct lint_zone zone = read_zone(arena, text);
	struct lint_patch patch;
	struct filter filter;
	size_t count;
	filter_init(&filter);
	lint_patch_init(&patch, arena);
	for (size_t i = 0; i < zone.count; i++) {
		struct lint_fix fix;
		lint_fix(arena, &zone.records[i], &filter, true, &fix);
		if (fix.changed)
			ck_assert(lint_patch_record(
				&patch, &zone.records[i], zone.sources[i], fix.edits, fix.count));
		if (i == 0)
			*wanted = fix.text;
	}
	const struct lint_patch_file *files = lint_patch_files(&patch, &count);
	return count == 0 ? text : files[0].new;
}

static const struct {
	const char *name, *old, *new;
} rows[] = {
	{"nothing", "@ TXT \"v=spf1 -all\" ; x\n", "@ TXT \"v=spf1 -all\" ; x\n"},
	{"one word", "@\tTXT\t\"v=spf1 ipv4:192.0.2.1 -all\" ; x\n",
		"@\tTXT\t\"v=spf1 ip4:192.0.2.1 -all\" ; x\n"},
	{"escapes around it stay", "@ TXT \"v=spf1\\032ipv4:192.0.2.1\\032-all\"\n",
		"@ TXT \"v=spf1\\032ip4:192.0.2.1\\032-all\"\n"},
	{"an escape within it goes", "@ TXT \"v=spf1 ip\\1184:192.0.2.1 -all\"\n",
		"@ TXT \"v=spf1 ip4:192.0.2.1 -all\"\n"},
	{"over a border", "@ TXT \"v=spf1 inc\" \"lude=a.example -all\"\n", NULL},
	{"in the second string", "@ TXT (\"v=spf1 \"\n  \"ipv4:192.0.2.1 -all\")\n",
		"@ TXT (\"v=spf1 \"\n  \"ip4:192.0.2.1 -all\")\n"},
	{"glue", "@ TXT \"v=spf1 ip4:192.0.2.1\" \"ip4:192.0.2.2 -all\"\n",
		"@ TXT \"v=spf1 ip4:192.0.2.1 \" \"ip4:192.0.2.2 -all\"\n"},
	{"without quotes", "@ TXT v=spf1\\ ipv4:192.0.2.1\\ -all\n", "@ TXT \"v=spf1 ip4:192.0.2.1 -all\"\n"},
	{"semicolons stay escaped", "_dmarc TXT \"v=DMARC1\\; p=none\\; rua=a@example.com\"\n",
		"_dmarc TXT \"v=DMARC1\\; p=none\\; rua=mailto:a@example.com\"\n"},
	{"quotes in the data", "_dmarc TXT \"\\\"v=DMARC1; p=reject; rua=mailto:a@example.com\\\"\"\n",
		"_dmarc TXT \"v=DMARC1; p=reject; rua=mailto:a@example.com\"\n"},
};

START_TEST(bytes_change)
{
	struct arena *arena = unit_arena();
	struct slice wanted, again;
	struct slice new = mended(arena, slice_cstr(rows[_i].old), &wanted);
	if (rows[_i].new != NULL)
		unit_assert_slice(new, slice_cstr(rows[_i].new));
	unit_assert_slice(read_zone(arena, new).records[0].text, wanted);
	unit_assert_slice(mended(arena, new, &again), new);
}
END_TEST

/* --- every example of the catalogue, written in several ways ------------------------------------------- */

enum writing { WRITING_PLAIN, WRITING_NUMBERS, WRITING_STRINGS, WRITING_BARE, WRITING_COUNT };

static char *put_byte(char *out, char c, bool number, bool bare)
{
	if (number || (unsigned char)c < 0x20)
		return out + sprintf(out, "\\%03d", (unsigned char)c);
	if (c == '"' || c == '\\' || (bare && strchr(" ;()", c) != NULL))
		*out++ = '\\';
	*out++ = c;
	return out;
}

static struct slice written(struct arena *arena, const struct rule *rule, enum writing writing)
{
	size_t len = strlen(rule->bad);
	char *file = arena_alloc(arena, len * 8 + 64), *out = file;
	const char *quote = writing == WRITING_BARE ? "" : "\"";
	out += sprintf(out, "%s TXT %s", rule->example == EXAMPLE_DMARC ? "_dmarc" : "@", quote);
	for (size_t i = 0; i < len; i++) {
		if (writing == WRITING_STRINGS && i > 0 && i % 5 == 0)
			out += sprintf(out, "\" \"");
		out = put_byte(out, rule->bad[i], writing == WRITING_NUMBERS, writing == WRITING_BARE);
	}
	out += sprintf(out, "%s ; behind\n", quote);
	return slice_of(file, (size_t)(out - file));
}

START_TEST(examples_are_mended_in_files)
{
	const struct rule *rule = rule_get((enum rule_id)(_i / WRITING_COUNT));
	struct arena *arena = unit_arena();
	struct slice wanted;
	if ((rule->example != EXAMPLE_SPF && rule->example != EXAMPLE_DMARC) || rule->bad[0] == '\0')
		return;
	struct slice old = written(arena, rule, (enum writing)(_i % WRITING_COUNT));
	struct slice new = mended(arena, old, &wanted);
	struct lint_zone zone = read_zone(arena, new);
	ck_assert_msg(zone.count == 1, "%s: %.*s", rule->id, (int)new.len, new.ptr);
	unit_assert_slice(zone.records[0].text, wanted);
	ck_assert_msg(slice_search_nocase(new, SLICE(" ; behind\n")) + 10 == new.len, "%s", rule->id);
}
END_TEST

/* --- strings
 * ------------------------------------------------------------------------------------------------ */

START_TEST(strings_are_short)
{
	struct arena *arena = unit_arena();
	char text[700];
	for (size_t len = 0; len < sizeof text; len += 50) {
		for (size_t kind = 0; kind < 3; kind++) {
			for (size_t i = 0; i < len; i++)
				text[i] = kind == 0   ? 'x'
					  : kind == 1 ? (i % 9 == 0 ? ' ' : 'y')
						      : (char)(i % 256);
			struct slice shown = lint_patch_strings(arena, slice_of(text, len));
			struct slice line = arena_printf(arena, "@ TXT %.*s\n", (int)shown.len, shown.ptr);
			struct slice *copy = arena_alloc(arena, sizeof *copy);
			const struct zonefile_loader loader = {load, copy};
			struct zonefile_error error = {0};
			struct zonefile zone;
			struct name origin;
			*copy = line;
			name_from_text(arena, SLICE("example.com"), &origin);
			ck_assert_msg(zonefile_read(arena, SLICE("x"), origin, false, &loader, &zone, &error),
				"%.*s", (int)error.message.len, error.message.ptr);
			unit_assert_slice(zone.records[0].record.data.txt.joined, slice_of(text, len));
		}
	}
}
END_TEST

/* --- the patch
 * ---------------------------------------------------------------------------------------------- */

static const struct {
	const char *name, *path, *old, *new, *patch;
} patches[] = {
	{"a name with a space", "a db", "a\n", "b\n",
		"--- a/a db\t\n+++ b/a db\t\n@@ -1,1 +1,1 @@\n-a\n+b\n"},
	{"one line", "db", "a\n", "b\n", "--- a/db\n+++ b/db\n@@ -1,1 +1,1 @@\n-a\n+b\n"},
	{"no line end", "db", "a", "b",
		"--- a/db\n+++ b/db\n@@ -1,1 +1,1 @@\n-a\n\\ No newline at end of file\n+b\n\\ No newline at "
		"end of file\n"},
	{"lines around", "./x/db", "1\n2\n3\n4\na\n6\n7\n8\n9\n", "1\n2\n3\n4\nb\n6\n7\n8\n9\n",
		"--- a/x/db\n+++ b/x/db\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-a\n+b\n 6\n 7\n 8\n"},
	{"two that are near", "db", "a\n2\n3\n4\n5\n6\n7\na\n", "b\n2\n3\n4\n5\n6\n7\nb\n",
		"--- a/db\n+++ b/db\n@@ -1,8 +1,8 @@\n-a\n+b\n 2\n 3\n 4\n 5\n 6\n 7\n-a\n+b\n"},
	{"two that are apart", "db", "a\n2\n3\n4\n5\n6\n7\n8\na\n", "b\n2\n3\n4\n5\n6\n7\n8\nb\n",
		"--- a/db\n+++ b/db\n@@ -1,4 +1,4 @@\n-a\n+b\n 2\n 3\n 4\n@@ -6,4 +6,4 @@\n 6\n 7\n "
		"8\n-a\n+b\n"},
	{"neighbours", "db", "1\na\na\n4\n", "1\nb\nc\n4\n",
		"--- a/db\n+++ b/db\n@@ -1,4 +1,4 @@\n 1\n-a\n-a\n+b\n+c\n 4\n"},
	{"a strange path", "/a\tb\"c", "a\n", "b\n",
		"--- \"a/a\\011b\\042c\"\n+++ \"b/a\\011b\\042c\"\n@@ -1,1 +1,1 @@\n-a\n+b\n"},
};

START_TEST(patch_is_unified)
{
	const struct lint_patch_file file = {
		slice_cstr(patches[_i].path), slice_cstr(patches[_i].old), slice_cstr(patches[_i].new)};
	struct buf out;
	buf_init(&out);
	lint_patch_diff(&out, &file);
	unit_assert_slice(buf_slice(&out), slice_cstr(patches[_i].patch));
	buf_free(&out);
}
END_TEST

/* A file that is included twice is changed once. */
START_TEST(the_same_change_twice)
{
	struct arena *arena = unit_arena();
	struct slice text = SLICE("@ TXT \"v=spf1 ipv4:192.0.2.1 -all\"\n"), wanted;
	struct lint_zone zone = read_zone(arena, text);
	struct lint_patch patch;
	struct filter filter;
	struct lint_fix fix;
	size_t count;
	filter_init(&filter);
	lint_patch_init(&patch, arena);
	lint_fix(arena, &zone.records[0], &filter, true, &fix);
	for (int i = 0; i < 2; i++)
		lint_patch_record(&patch, &zone.records[0], zone.sources[0], fix.edits, fix.count);
	const struct lint_patch_file *files = lint_patch_files(&patch, &count);
	ck_assert_uint_eq(count, 1);
	unit_assert_slice(files[0].new, mended(arena, text, &wanted));
}
END_TEST

static void mend(struct arena *arena, void *context)
{
	struct slice wanted;
	(void)context;
	mended(arena, slice_cstr(rows[4].old), &wanted);
}

START_TEST(lack_of_memory)
{
	unit_fail_every_allocation(mend, NULL);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("lint_patch");
	TCase *tests = tcase_create("lint_patch");
	tcase_set_timeout(tests, 60);
	tcase_add_loop_test(tests, bytes_change, 0, (int)(sizeof rows / sizeof *rows));
	tcase_add_loop_test(tests, examples_are_mended_in_files, 0, (int)RULE_COUNT * WRITING_COUNT);
	tcase_add_test(tests, strings_are_short);
	tcase_add_loop_test(tests, patch_is_unified, 0, (int)(sizeof patches / sizeof *patches));
	tcase_add_test(tests, the_same_change_twice);
	tcase_add_test(tests, lack_of_memory);
	suite_add_tcase(suite, tests);
	return unit_run(suite);
}
