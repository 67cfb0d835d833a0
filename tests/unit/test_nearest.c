/* Tests of base/nearest: distances, and which word is near enough. */
#include "base/nearest.h"

#include "support/unit.h"

static const struct {
	const char *a, *b;
	size_t limit, distance;
} distance_rows[] = {
	{"", "", 3, 0}, {"all", "ALL", 3, 0}, {"al", "all", 3, 1}, {"alll", "all", 3, 1},
	{"sll", "all", 3, 1}, {"lal", "all", 3, 1}, {"inlcude", "include", 3, 1},
	{"incldue", "include", 3, 1}, {"icnldue", "include", 3, 2}, {"", "all", 3, 3}, {"abc", "", 9, 3},
	{"redirect", "all", 3, 4}, {"redirect", "all", 9, 8}, {"kitten", "sitting", 9, 3},
	{"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", 3, 4}, /* 33 bytes */
};

START_TEST(distance_counts_edits)
{
	struct slice a = slice_cstr(distance_rows[_i].a), b = slice_cstr(distance_rows[_i].b);
	ck_assert_uint_eq(nearest_distance(a, b, distance_rows[_i].limit), distance_rows[_i].distance);
	ck_assert_uint_eq(nearest_distance(b, a, distance_rows[_i].limit), distance_rows[_i].distance);
}
END_TEST

static const struct slice words[] = {
	{"all", 3}, {"include", 7}, {"a", 1}, {"mx", 2}, {"ip4", 3}, {"redirect", 8}, {"quarantine", 10}};

#define WORDS (sizeof words / sizeof words[0])

static const struct {
	const char *text, *word; /* NULL: none */
} word_rows[] = {
	{"al", "all"},
	{"includes", "include"},
	{"inculde", "include"},
	{"ip", "ip4"},
	{"ip44", "ip4"},
	{"redirct", "redirect"},
	{"quarentin", "quarantine"},
	{"b", NULL}, /* all of it would be another word */
	{"", NULL},
	{"google", NULL},
	{"mxx", "mx"},
	{"xyzzy", NULL},
};

START_TEST(word_is_near_enough)
{
	size_t found = nearest_word(slice_cstr(word_rows[_i].text), words, WORDS);
	if (word_rows[_i].word == NULL)
		ck_assert_msg(found == WORDS, "%s", word_rows[_i].text);
	else
		ck_assert_msg(found < WORDS && slice_equal(words[found], slice_cstr(word_rows[_i].word)),
			"%s", word_rows[_i].text);
}
END_TEST

static const struct {
	const char *text, *word; /* NULL: none */
} meant_rows[] = {
	{"rejcet", "reject"},
	{"quar", "quarantine"}, /* the only one that begins so */
	{"re", NULL},		/* two do */
	{"q", NULL},		/* one letter says nothing */
	{"", NULL},
	{"none", "none"},
};

static const char *const meant_words[] = {"none", "quarantine", "reject", "redirect"};

START_TEST(word_is_meant)
{
	const char *found = nearest_meant(unit_arena(), slice_cstr(meant_rows[_i].text), meant_words, 4);
	if (meant_rows[_i].word == NULL)
		ck_assert_msg(found == NULL, "%s", meant_rows[_i].text);
	else
		ck_assert_str_eq(found, meant_rows[_i].word);
}
END_TEST

START_TEST(words_are_listed)
{
	static const char *const lists[] = {"none", "none or quarantine", "none, quarantine or reject"};
	for (size_t count = 1; count <= 3; count++)
		ck_assert_str_eq(nearest_list(unit_arena(), meant_words, count), lists[count - 1]);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("nearest");
	TCase *tests = tcase_create("nearest");
	tcase_add_loop_test(
		tests, distance_counts_edits, 0, (int)(sizeof distance_rows / sizeof distance_rows[0]));
	tcase_add_loop_test(tests, word_is_near_enough, 0, (int)(sizeof word_rows / sizeof word_rows[0]));
	tcase_add_loop_test(tests, word_is_meant, 0, (int)(sizeof meant_rows / sizeof meant_rows[0]));
	tcase_add_test(tests, words_are_listed);
	suite_add_tcase(suite, tests);
	return unit_run(suite);
}
