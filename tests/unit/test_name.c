/* Domain names: from text and master-file text, to text, parts, joining. */
#include "dns/name.h"

#include "support/unit.h"

#define FILL63 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define FILL61 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define BYTES(literal)                                                                                       \
	{                                                                                                    \
		literal, sizeof(literal) - 1                                                                 \
	}

struct text_row {
	struct slice text;
	bool master;
	enum name_error error;
	const char *shown;
};

static const struct text_row text_rows[] = {
	{BYTES(""), false, NAME_OK, "."},
	{BYTES("."), false, NAME_OK, "."},
	{BYTES("."), true, NAME_OK, "."},
	{BYTES("Example.COM"), false, NAME_OK, "example.com"},
	{BYTES("example.com."), false, NAME_OK, "example.com"},
	{BYTES("example.com."), true, NAME_OK, "example.com"},
	{BYTES("example.com.."), false, NAME_EMPTY_LABEL, NULL},
	{BYTES("example.com.."), true, NAME_EMPTY_LABEL, NULL},
	{BYTES(".."), false, NAME_EMPTY_LABEL, NULL},
	{BYTES(".."), true, NAME_EMPTY_LABEL, NULL},
	{BYTES(".a"), false, NAME_EMPTY_LABEL, NULL},
	{BYTES(".a"), true, NAME_EMPTY_LABEL, NULL},
	{BYTES("a..b"), false, NAME_EMPTY_LABEL, NULL},
	{BYTES(FILL63 ".b"), false, NAME_OK, FILL63 ".b"},
	{BYTES(FILL63 "a.b"), false, NAME_LABEL_TOO_LONG, NULL},
	{BYTES(FILL63 "a"), true, NAME_LABEL_TOO_LONG, NULL},
	{BYTES(FILL63 "." FILL63 "." FILL63 "." FILL61), false, NAME_OK,
		FILL63 "." FILL63 "." FILL63 "." FILL61},
	{BYTES(FILL63 "." FILL63 "." FILL63 "." FILL61 "."), true, NAME_OK,
		FILL63 "." FILL63 "." FILL63 "." FILL61},
	{BYTES(FILL63 "." FILL63 "." FILL63 "." FILL61 "a"), false, NAME_TOO_LONG, NULL},
	{BYTES(FILL63 "." FILL63 "." FILL63 "." FILL61 ".a"), true, NAME_TOO_LONG, NULL},
	{BYTES("a\\b"), false, NAME_OK, "a\\\\b"},
	{BYTES("a\\.b"), true, NAME_OK, "a\\.b"},
	{BYTES("a\\046b"), true, NAME_OK, "a\\.b"},
	{BYTES("\\065"), true, NAME_OK, "a"},
	{BYTES("a\\"), true, NAME_BAD_ESCAPE, NULL},
	{BYTES("a\\25"), true, NAME_BAD_ESCAPE, NULL},
	{BYTES("a\\256"), true, NAME_BAD_ESCAPE, NULL},
	{BYTES("a\0b \177\303\274"), false, NAME_OK, "a\\000b\\032\\127\\195\\188"},
	{BYTES("();@$\"'*_-"), false, NAME_OK, "\\040\\041\\059\\064\\036\\034'*_-"},
};

START_TEST(from_text)
{
	const struct text_row *row = &text_rows[_i];
	struct arena *arena = unit_arena();
	struct name name = {"untouched", 9}, again;
	enum name_error error = row->master ? name_from_master(arena, row->text, &name)
					    : name_from_text(arena, row->text, &name);
	ck_assert_int_eq(error, row->error);
	if (error != NAME_OK) {
		ck_assert_uint_eq(name.len, 9);
		return;
	}
	struct slice shown = name_text(arena, name);
	unit_assert_slice(shown, slice_cstr(row->shown));
	ck_assert_int_eq(shown.ptr[shown.len], 0);
	ck_assert_int_eq(name_from_master(arena, shown, &again), NAME_OK);
	ck_assert(name_equal(name, again));
	ck_assert(name_equal(name_from_wire(arena, slice_of(name.wire, name.len)), name));
}
END_TEST

static struct name name_of(struct arena *arena, const char *text)
{
	struct name name;
	ck_assert_int_eq(name_from_text(arena, slice_cstr(text), &name), NAME_OK);
	return name;
}

START_TEST(parts)
{
	struct arena *arena = unit_arena();
	struct name name = name_of(arena, "a.bc.example"), root = name_of(arena, ".");
	const struct name none = {NULL, 0};
	ck_assert_uint_eq(name_labels(name), 3);
	ck_assert_uint_eq(name_labels(root), 0);
	unit_assert_slice(name_first_label(name), SLICE("a"));
	ck_assert_uint_eq(name_first_label(root).len, 0);
	unit_assert_slice(name_text(arena, name_parent(name)), SLICE("bc.example"));
	ck_assert(name_equal(name_parent(root), root));
	unit_assert_slice(name_text(arena, name_suffix(name, 1)), SLICE("example"));
	ck_assert(name_is_root(name_suffix(name, 0)));
	ck_assert(name_equal(name_suffix(name, 3), name));
	ck_assert(name_equal(name_suffix(name, 9), name));
	ck_assert(name_is_none(none) && !name_is_none(root) && !name_is_root(none));
	ck_assert(!name_equal(none, root));
	ck_assert_int_lt(name_compare(root, name), 0);
}
END_TEST

struct within_row {
	const char *name, *ancestor;
	bool within;
};

static const struct within_row within_rows[] = {
	{"example.com", "example.com", true},
	{"a.example.com", "example.com", true},
	{"a.example.com", ".", true},
	{".", ".", true},
	{"com", "example.com", false},
	{"xexample.com", "example.com", false},
	{"example.com.net", "example.com", false},
};

START_TEST(within)
{
	const struct within_row *row = &within_rows[_i];
	struct arena *arena = unit_arena();
	ck_assert_msg(name_is_within(name_of(arena, row->name), name_of(arena, row->ancestor)) == row->within,
		"%s", row->name);
}
END_TEST

START_TEST(joins)
{
	struct arena *arena = unit_arena();
	struct name example = name_of(arena, "example.com"), out;
	struct name longest = name_of(arena, FILL63 "." FILL63 "." FILL63 "." FILL61);
	ck_assert_int_eq(name_prepend(arena, SLICE("_dmarc"), example, &out), NAME_OK);
	unit_assert_slice(name_text(arena, out), SLICE("_dmarc.example.com"));
	ck_assert_int_eq(name_prepend(arena, SLICE("a._report._dmarc"), example, &out), NAME_OK);
	unit_assert_slice(name_text(arena, out), SLICE("a._report._dmarc.example.com"));
	ck_assert_int_eq(name_prepend(arena, SLICE("a..b"), example, &out), NAME_EMPTY_LABEL);
	ck_assert_int_eq(name_prepend(arena, SLICE("a"), longest, &out), NAME_TOO_LONG);
	ck_assert_int_eq(name_join(arena, example, name_of(arena, "."), &out), NAME_OK);
	ck_assert(name_equal(out, example));
	ck_assert_int_eq(name_join(arena, example, example, &out), NAME_OK);
	unit_assert_slice(name_text(arena, out), SLICE("example.com.example.com"));
	ck_assert_int_eq(name_join(arena, longest, example, &out), NAME_TOO_LONG);
}
END_TEST

START_TEST(bytes)
{
	struct arena *arena = unit_arena();
	struct name name = name_from_wire(arena, SLICE("\003a\0.\005b\\\033 c\0"));
	unit_assert_slice(name_bytes(arena, name), SLICE("a\0..b\\\033 c"));
	unit_assert_slice(name_bytes(arena, name_of(arena, ".")), SLICE(""));
	unit_assert_slice(name_bytes(arena, (struct name){NULL, 0}), SLICE(""));
}
END_TEST

static void use_names(struct arena *arena, void *context)
{
	struct name name;
	(void)context;
	name_from_text(arena, SLICE("example.com"), &name);
	name_prepend(arena, SLICE("_dmarc"), name, &name);
	name_text(arena, name);
	name_bytes(arena, name);
}

START_TEST(lack_of_memory)
{
	unit_fail_every_allocation(use_names, NULL);
}
END_TEST

static const struct {
	const char *before, *behind;
} hierarchy[] = {
	{".", "com"},
	{"com", "example.com"},
	{"example.com", "_dmarc.example.com"},
	{"_dmarc.example.com", "a.example.com"},
	{"a.example.com", "z.a.example.com"},
	{"z.a.example.com", "b.example.com"},
	{"zz.example.com", "a.example.net"},
	{"a.example", "aa.example"},
	{"z.a", "a.b"},
};

START_TEST(a_domain_stands_before_what_is_below_it)
{
	struct arena *arena = unit_arena();
	struct name before, behind;
	ck_assert_int_eq(name_from_text(arena, slice_cstr(hierarchy[_i].before), &before), NAME_OK);
	ck_assert_int_eq(name_from_text(arena, slice_cstr(hierarchy[_i].behind), &behind), NAME_OK);
	ck_assert_int_lt(name_compare_hierarchy(before, behind), 0);
	ck_assert_int_gt(name_compare_hierarchy(behind, before), 0);
	ck_assert_int_eq(name_compare_hierarchy(before, before), 0);
}
END_TEST

START_TEST(letters_can_be_kept_as_they_are)
{
	struct arena *arena = unit_arena();
	struct slice wire;
	ck_assert_int_eq(name_wire_from_master(arena, SLICE("Ab\\.\\068.cOm."), &wire), NAME_OK);
	unit_assert_slice(wire, SLICE("\004Ab.D\003cOm\0"));
	ck_assert_int_eq(name_wire_from_master(arena, SLICE("."), &wire), NAME_OK);
	unit_assert_slice(wire, SLICE("\0"));
	ck_assert_int_eq(name_wire_from_master(arena, SLICE("a..b"), &wire), NAME_EMPTY_LABEL);
	ck_assert_int_eq(name_wire_from_master(arena, SLICE("a\\256"), &wire), NAME_BAD_ESCAPE);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("name");
	TCase *tests = tcase_create("tests");
	tcase_add_loop_test(tests, from_text, 0, (int)(sizeof text_rows / sizeof text_rows[0]));
	tcase_add_loop_test(tests, within, 0, (int)(sizeof within_rows / sizeof within_rows[0]));
	tcase_add_test(tests, parts);
	tcase_add_test(tests, joins);
	tcase_add_test(tests, bytes);
	tcase_add_test(tests, lack_of_memory);
	tcase_add_loop_test(
		tests, a_domain_stands_before_what_is_below_it, 0, sizeof hierarchy / sizeof hierarchy[0]);
	tcase_add_test(tests, letters_can_be_kept_as_they_are);
	suite_add_tcase(suite, tests);
	return unit_run(suite);
}
