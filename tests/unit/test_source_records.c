/* Records given by hand and sets taken away. */
#include "dns/source_records.h"

#include "support/unit.h"

static const char *const given[] = {
	"example.com 600 TXT v=spf1 -all",
	"example.com 60 TXT other",
	"example.com 60 TXT other",
	"www.example.com CNAME example.net",
	"a.b.example.org MX 10 mail.example.org",
	"both.example A 192.0.2.1",
};

#define GIVEN_COUNT (sizeof given / sizeof given[0])

static struct name name_of(struct arena *arena, const char *text)
{
	struct name name;
	ck_assert_int_eq(name_from_text(arena, slice_cstr(text), &name), NAME_OK);
	return name;
}

static struct local_source *open_records(struct arena *arena)
{
	struct zonefile_record *records = arena_alloc(arena, GIVEN_COUNT * sizeof *records);
	struct question *removed = arena_alloc(arena, 3 * sizeof *removed);
	struct zonefile_error error;
	for (size_t i = 0; i < GIVEN_COUNT; i++)
		ck_assert(zonefile_parse_record(arena, slice_cstr(given[i]), &records[i], &error));
	removed[0] = (struct question){name_of(arena, "gone.example"), RRTYPE_TXT};
	removed[1] = (struct question){name_of(arena, "alias.example"), RRTYPE_CNAME};
	removed[2] = (struct question){name_of(arena, "both.example"), RRTYPE_A};
	return source_records_open(arena, records, GIVEN_COUNT, removed, 3);
}

struct row {
	const char *name;
	uint16_t type;
	bool known;
	enum answer_kind kind;
	size_t count;
	uint32_t ttl;
};

static const struct row rows[] = {
	{"example.com", RRTYPE_TXT, true, ANSWER_RECORDS, 2, 60},
	{"EXAMPLE.com.", RRTYPE_TXT, true, ANSWER_RECORDS, 2, 60},
	{"example.com", RRTYPE_A, false, ANSWER_NODATA, 0, 0},
	{"www.example.com", RRTYPE_TXT, true, ANSWER_ALIAS, 1, 3600},
	{"www.example.com", RRTYPE_CNAME, true, ANSWER_RECORDS, 1, 3600},
	{"x.www.example.com", RRTYPE_TXT, false, ANSWER_NODATA, 0, 0},
	{"a.b.example.org", RRTYPE_MX, true, ANSWER_RECORDS, 1, 3600},
	{"b.example.org", RRTYPE_MX, false, ANSWER_NODATA, 0, 0},
	{"gone.example", RRTYPE_TXT, true, ANSWER_NODATA, 0, 0},
	{"gone.example", RRTYPE_MX, false, ANSWER_NODATA, 0, 0},
	{"alias.example", RRTYPE_TXT, true, ANSWER_NODATA, 0, 0},
	{"alias.example", RRTYPE_CNAME, true, ANSWER_NODATA, 0, 0},
	{"both.example", RRTYPE_A, true, ANSWER_RECORDS, 1, 3600},
	{"example.net", RRTYPE_TXT, false, ANSWER_NODATA, 0, 0},
};

START_TEST(answers)
{
	const struct row *row = &rows[_i];
	struct arena *arena = unit_arena();
	struct local_source *source = open_records(arena);
	const struct question question = {name_of(arena, row->name), row->type};
	struct answer answer = {.kind = ANSWER_NODATA};
	ck_assert_msg(source->ops->lookup(source, arena, &question, &answer) == row->known, "%s", row->name);
	if (!row->known)
		return;
	ck_assert_int_eq(answer.kind, row->kind);
	ck_assert_uint_eq(answer.count, row->count);
	ck_assert_uint_eq(answer.ttl, row->ttl);
	ck_assert(answer.owner_exists);
	ck_assert_int_eq(answer.origin.kind, ORIGIN_RECORD);
	ck_assert(name_equal(answer.owner, question.name));
	ck_assert_int_eq(question_compare(&answer.question, &question), 0);
	for (size_t i = 1; i < answer.count; i++)
		ck_assert_int_lt(slice_compare(answer.records[i - 1].rdata, answer.records[i].rdata), 0);
}
END_TEST

struct exists_row {
	const char *name;
	bool exists;
};

static const struct exists_row exists_rows[] = {
	{"example.com", true},
	{"com", true},
	{".", true},
	{"b.example.org", true},
	{"c.example.org", false},
	{"gone.example", false},
	{"both.example", true},
};

START_TEST(existence)
{
	struct arena *arena = unit_arena();
	struct local_source *source = open_records(arena);
	const struct exists_row *row = &exists_rows[_i];
	ck_assert_msg(
		source->ops->name_exists(source, name_of(arena, row->name)) == row->exists, "%s", row->name);
}
END_TEST

START_TEST(nothing_given)
{
	struct arena *arena = unit_arena();
	struct local_source *source = source_records_open(arena, NULL, 0, NULL, 0);
	const struct question question = {name_of(arena, "example.com"), RRTYPE_TXT};
	struct answer answer;
	ck_assert(!source->ops->lookup(source, arena, &question, &answer));
	ck_assert(!source->ops->name_exists(source, question.name));
}
END_TEST

static void look_up(struct arena *arena, void *context)
{
	struct answer answer;
	(void)context;
	struct local_source *source = open_records(arena);
	const struct question question = {name_of(arena, "example.com"), RRTYPE_TXT};
	source->ops->lookup(source, arena, &question, &answer);
}

START_TEST(lack_of_memory)
{
	unit_fail_every_allocation(look_up, NULL);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("source_records");
	TCase *tests = tcase_create("tests");
	tcase_add_loop_test(tests, answers, 0, (int)(sizeof rows / sizeof rows[0]));
	tcase_add_loop_test(tests, existence, 0, (int)(sizeof exists_rows / sizeof exists_rows[0]));
	tcase_add_test(tests, nothing_given);
	tcase_add_test(tests, lack_of_memory);
	suite_add_tcase(suite, tests);
	return unit_run(suite);
}
