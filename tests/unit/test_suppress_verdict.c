/* Tests of what a verdict counts as judged: an exception for one of its names or lines that covers nothing is
 * unused; for others nothing is said. */
#include "inspect/suppress_verdict.h"

#include "support/sample_verdict.h"
#include "support/unit.h"

struct row {
	const char *name; /* of the exception; NULL: lines of db.example */
	size_t line;
	bool unused;
};

static const struct row rows[] = {
	{"", 0, true},
	{"example.com", 0, true},
	{"_spf.example.net", 0, true},
	{"exp.example.com", 0, true},
	{"_dmarc.example.com", 0, true},
	{"*.example.net", 0, true},
	{"mail.example.com", 0, true}, /* of a finding */
	{"_dmarc.com", 0, false},      /* no record is there */
	{"com", 0, false},
	{"example.net", 0, false},
	{"www.example.com", 0, false},
	{NULL, 4, true}, /* the SPF record */
	{NULL, 5, true}, /* that of the include */
	{NULL, 6, true}, /* the DMARC record */
	{NULL, 3, false},
	{NULL, 7, false},
};

static struct suppression exception(const struct row *row)
{
	struct suppression item = {.rule = RULE_SPF_PTR, .has_expiry = true, .until = 20300101};
	if (row->name != NULL) {
		item.name_glob = slice_cstr(row->name);
		return item;
	}
	item.in_zone = true;
	item.file = SLICE("db.example");
	item.first_line = item.last_line = row->line;
	return item;
}

static void set_origin(struct answer *answer, struct record *record, size_t line)
{
	record->origin = (struct origin){.kind = ORIGIN_ZONE, .file = SLICE("db.example"), .line = line};
	answer->records = record;
	answer->count = 1;
}

static struct sample_verdict *make_verdict(struct arena *arena)
{
	struct sample_verdict *sample = sample_verdict(arena);
	set_origin(&sample->root_answer, &sample->root_txt, 4);
	set_origin(&sample->child_answer, &sample->child_txt, 5);
	set_origin(&sample->dmarc_answer, &sample->dmarc_txt, 6);
	findings_add(&sample->verdict.findings, RULE_SPF_ALL_NEUTRAL)->place.name = SLICE("mail.example.com");
	return sample;
}

static size_t count_told(struct arena *arena, const struct suppression *item, const struct verdict *verdict)
{
	struct suppress_list list;
	struct findings told;
	suppress_init(&list, arena, item, 1, 20270101);
	suppress_verdict_note(&list, verdict);
	findings_init(&told, arena);
	suppress_report(&list, &told);
	return told.count;
}

START_TEST(names_and_lines)
{
	struct arena *arena = unit_arena();
	const struct row *row = &rows[_i];
	const struct suppression item = exception(row);
	ck_assert_msg(count_told(arena, &item, &make_verdict(arena)->verdict) == row->unused, "%s, line %zu",
		row->name == NULL ? "db.example" : row->name, row->line);
}
END_TEST

/* What a temporary failure hides may be what the exception is for. */
START_TEST(an_incomplete_verdict_judges_nothing)
{
	struct arena *arena = unit_arena();
	struct sample_verdict *sample = make_verdict(arena);
	const struct suppression item = exception(&rows[_i]);
	sample_add_failure(arena, sample, DNS_FAILURE_TIMEOUT);
	ck_assert_uint_eq(count_told(arena, &item, &sample->verdict), 0);
}
END_TEST

START_TEST(a_bad_line_judges_nothing)
{
	struct arena *arena = unit_arena();
	const struct suppression item = exception(&rows[0]);
	struct verdict verdict = {.error = SLICE("no domain")};
	ck_assert_uint_eq(count_told(arena, &item, &verdict), 0);
	suppress_verdict_note(NULL, &verdict);
}
END_TEST

static void work(struct arena *arena, void *context)
{
	(void)context;
	const struct suppression item = exception(&rows[2]);
	count_told(arena, &item, &make_verdict(arena)->verdict);
}

START_TEST(lack_of_memory_is_noticed)
{
	unit_fail_every_allocation(work, NULL);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("suppress_verdict");
	TCase *tests = tcase_create("suppress_verdict");
	const int count = (int)(sizeof rows / sizeof rows[0]);
	tcase_add_loop_test(tests, names_and_lines, 0, count);
	tcase_add_loop_test(tests, an_incomplete_verdict_judges_nothing, 0, count);
	tcase_add_test(tests, a_bad_line_judges_nothing);
	tcase_add_test(tests, lack_of_memory_is_noticed);
	suite_add_tcase(suite, tests);
	return unit_run(suite);
}
