/* The view: missing answers, pinning, aliases, limits, expiry, memos. */
#include "dns/view.h"

#include "support/fixture.h"
#include "support/unit.h"

static struct name name_of(struct arena *arena, const char *text)
{
	struct name name;
	ck_assert_int_eq(name_from_master(arena, slice_cstr(text), &name), NAME_OK);
	return name;
}

/* A view and its table, for tests that have a loop of their own. */
struct world {
	struct arena *arena;
	struct table *table;
	struct view *view;
};

static struct world *new_world(void)
{
	static struct world world;
	world = (struct world){.arena = unit_arena()};
	world.table = table_open(1 << 20, world.arena->escape);
	world.view = view_open(world.table, world.arena->escape);
	return &world;
}

static void end_world(struct world *world)
{
	view_close(world->view);
	table_close(world->table);
}

static void store_text(struct world *world, const char *name, const char *text, uint32_t ttl, int64_t now_ms)
{
	struct slice bytes = slice_cstr(text);
	char *rdata = arena_alloc(world->arena, bytes.len + 1);
	rdata[0] = (char)bytes.len;
	memcpy(rdata + 1, bytes.ptr, bytes.len);
	struct record record = {.type = RRTYPE_TXT, .ttl = ttl, .rdata = slice_of(rdata, bytes.len + 1)};
	record_decode(world->arena, &record);
	const struct name owner = name_of(world->arena, name);
	const struct answer answer = {.question = {owner, RRTYPE_TXT},
		.kind = ANSWER_RECORDS,
		.owner_exists = true,
		.ttl = ttl,
		.owner = owner,
		.records = &record,
		.count = 1};
	table_store(world->table, &answer, now_ms);
}

static void store_failure(struct world *world, const char *name, enum dns_failure failure)
{
	const struct question question = {name_of(world->arena, name), RRTYPE_TXT};
	const struct answer answer = answer_failure(question, failure);
	table_store(world->table, &answer, 0);
}

static const struct answer *get(struct world *world, const char *name)
{
	return view_get(world->view, name_of(world->arena, name), RRTYPE_TXT);
}

static struct slice first_text(const struct answer *answer)
{
	ck_assert_int_eq(answer->kind, ANSWER_RECORDS);
	return answer->records[0].data.txt.joined;
}

START_TEST(missing_is_sticky)
{
	struct world *world = new_world();
	size_t count;
	view_begin_run(world->view, 0);
	ck_assert_int_eq(view_end_run(world->view), EVAL_DONE);
	const struct answer *answer = get(world, "example.com");
	ck_assert(view_is_pending(answer));
	ck_assert_int_eq(answer->kind, ANSWER_NODATA);
	ck_assert_uint_eq(answer->count, 0);
	ck_assert(name_equal(answer->question.name, name_of(world->arena, "example.com")));
	/* The answer comes within the run: the run does not see it, and the run stays void. */
	store_text(world, "example.com", "a", 60, 0);
	ck_assert(view_is_pending(get(world, "example.com")));
	ck_assert_int_eq(view_end_run(world->view), EVAL_NEEDS_ANSWERS);
	const struct question *missing = view_missing(world->view, &count);
	ck_assert_uint_eq(count, 1);
	ck_assert_uint_eq(missing[0].type, RRTYPE_TXT);
	ck_assert(name_equal(missing[0].name, answer->question.name));
	view_begin_run(world->view, 0);
	unit_assert_slice(first_text(get(world, "example.com")), SLICE("a"));
	ck_assert_int_eq(view_end_run(world->view), EVAL_DONE);
	view_missing(world->view, &count);
	ck_assert_uint_eq(count, 0);
	end_world(world);
}
END_TEST

/* What is in flight is asked once, and waited for until it comes. */
START_TEST(asked_once)
{
	struct world *world = new_world();
	struct view *other = view_open(world->table, world->arena->escape);
	size_t count;
	view_begin_run(world->view, 0);
	get(world, "a.example");
	get(world, "b.example");
	get(world, "a.example");
	view_missing(world->view, &count);
	ck_assert_uint_eq(count, 2);
	view_begin_run(other, 0);
	view_get(other, name_of(world->arena, "b.example"), RRTYPE_TXT);
	view_missing(other, &count);
	ck_assert_uint_eq(count, 0);
	view_waiting(other, &count);
	ck_assert_uint_eq(count, 1);
	ck_assert_int_eq(view_end_run(other), EVAL_NEEDS_ANSWERS);
	store_text(world, "a.example", "a", 60, 0);
	view_begin_run(world->view, 0);
	get(world, "a.example");
	get(world, "b.example");
	view_missing(world->view, &count);
	ck_assert_uint_eq(count, 0);
	view_waiting(world->view, &count);
	ck_assert_uint_eq(count, 1);
	ck_assert_uint_eq(view_asked(world->view), 2);
	ck_assert_uint_eq(view_asked(other), 0);
	ck_assert_uint_eq(view_questions(world->view), 2);
	view_close(other);
	end_world(world);
}
END_TEST

/* The first answer stays, past its TTL and past newer ones; a failure too, while others ask again. */
START_TEST(first_answer_is_pinned)
{
	struct world *world = new_world();
	view_begin_run(world->view, 0);
	get(world, "a.example");
	get(world, "b.example");
	store_text(world, "a.example", "old", 1, 0);
	store_failure(world, "b.example", DNS_FAILURE_TIMEOUT);
	view_begin_run(world->view, 5000);
	unit_assert_slice(first_text(get(world, "a.example")), SLICE("old"));
	ck_assert_int_eq(get(world, "b.example")->failure, DNS_FAILURE_TIMEOUT);
	struct view *other = view_open(world->table, world->arena->escape);
	size_t count;
	view_begin_run(other, 5000);
	view_get(other, name_of(world->arena, "a.example"), RRTYPE_TXT);
	view_get(other, name_of(world->arena, "b.example"), RRTYPE_TXT);
	view_missing(other, &count);
	ck_assert_uint_eq(count, 2);
	store_text(world, "a.example", "new", 60, 5000);
	store_text(world, "b.example", "new", 60, 5000);
	view_begin_run(other, 5000);
	unit_assert_slice(
		first_text(view_get(other, name_of(world->arena, "a.example"), RRTYPE_TXT)), SLICE("new"));
	unit_assert_slice(
		first_text(view_get(other, name_of(world->arena, "b.example"), RRTYPE_TXT)), SLICE("new"));
	view_begin_run(world->view, 9000);
	unit_assert_slice(first_text(get(world, "a.example")), SLICE("old"));
	ck_assert_int_eq(get(world, "b.example")->failure, DNS_FAILURE_TIMEOUT);
	ck_assert_int_eq(view_end_run(world->view), EVAL_DONE);
	view_close(other);
	end_world(world);
}
END_TEST

START_TEST(expiry)
{
	struct world *world = new_world();
	size_t count;
	view_begin_run(world->view, 0);
	get(world, "a.example");
	get(world, "b.example");
	store_text(world, "a.example", "a", 60, 0);
	view_expire(world->view);
	view_begin_run(world->view, 0);
	unit_assert_slice(first_text(get(world, "a.example")), SLICE("a"));
	ck_assert_int_eq(get(world, "b.example")->failure, DNS_FAILURE_DEADLINE);
	ck_assert_int_eq(get(world, "c.example")->failure, DNS_FAILURE_DEADLINE);
	ck_assert_int_eq(view_end_run(world->view), EVAL_DONE);
	view_missing(world->view, &count);
	ck_assert_uint_eq(count, 0);
	/* Too late: the failure is pinned. */
	store_text(world, "b.example", "b", 60, 0);
	view_begin_run(world->view, 0);
	ck_assert_int_eq(get(world, "b.example")->failure, DNS_FAILURE_DEADLINE);
	view_failures(world->view, &count);
	ck_assert_uint_eq(count, 1);
	end_world(world);
}
END_TEST

/* --- aliases, over the fixture ---------------------------------------------------------------- */

struct ask {
	const char *name;
	struct answer answer;
	struct slice first; /* text of the first record */
};

static void ask_one(struct view *view, struct arena *arena, void *context)
{
	struct ask *ask = context;
	struct name name;
	name_from_master(arena, slice_cstr(ask->name), &name);
	ask->answer = *view_get(view, name, RRTYPE_TXT);
	ask->first = ask->answer.count > 0 ? ask->answer.records[0].data.txt.joined : slice_of("", 0);
}

static const char alias_zone[] = "a.example 60 CNAME b.example\n"
				 "b.example 30 CNAME c.example\n"
				 "c.example 90 TXT hello\n"
				 "none.example CNAME gone.example\n"
				 "nodata.example CNAME n.example\n"
				 "n.example A 192.0.2.1\n"
				 "broken.example CNAME timeout.example\n"
				 "timeout.example TXT !timeout\n"
				 "self.example CNAME self.example\n"
				 "l1.example CNAME l2.example\n"
				 "l2.example CNAME l3.example\n"
				 "l3.example CNAME l2.example\n"
				 "c0.example CNAME c1.example\n"
				 "c1.example CNAME c2.example\n"
				 "c2.example CNAME c3.example\n"
				 "c3.example CNAME c4.example\n"
				 "c4.example CNAME c5.example\n"
				 "c5.example CNAME c6.example\n"
				 "c6.example CNAME c7.example\n"
				 "c7.example CNAME c8.example\n"
				 "c8.example CNAME c9.example\n"
				 "c9.example CNAME c10.example\n"
				 "c10.example CNAME c11.example\n"
				 "c11.example TXT end\n";

struct alias_row {
	const char *name;
	enum answer_kind kind;
	enum dns_failure failure;
	const char *first;
	size_t chain;
	const char *owner;
	bool owner_exists;
	uint32_t ttl;
};

static const struct alias_row alias_rows[] = {
	{"c.example", ANSWER_RECORDS, DNS_FAILURE_NONE, "hello", 0, "c.example", true, 90},
	{"b.example", ANSWER_RECORDS, DNS_FAILURE_NONE, "hello", 1, "c.example", true, 30},
	{"a.example", ANSWER_RECORDS, DNS_FAILURE_NONE, "hello", 2, "c.example", true, 30},
	{"gone.example", ANSWER_NXDOMAIN, DNS_FAILURE_NONE, "", 0, "gone.example", false, 300},
	{"none.example", ANSWER_NXDOMAIN, DNS_FAILURE_NONE, "", 1, "gone.example", true, 300},
	{"nodata.example", ANSWER_NODATA, DNS_FAILURE_NONE, "", 1, "n.example", true, 300},
	{"broken.example", ANSWER_TEMPORARY, DNS_FAILURE_TIMEOUT, "", 1, "timeout.example", true, 300},
	{"self.example", ANSWER_TEMPORARY, DNS_FAILURE_LOOP, "", 0, "self.example", true, 0},
	{"l1.example", ANSWER_TEMPORARY, DNS_FAILURE_LOOP, "", 2, "l3.example", true, 0},
	{"c1.example", ANSWER_RECORDS, DNS_FAILURE_NONE, "end", 10, "c11.example", true, 3600},
	{"c0.example", ANSWER_TEMPORARY, DNS_FAILURE_LOOP, "", 10, "c10.example", true, 0},
};

START_TEST(aliases)
{
	const struct alias_row *row = &alias_rows[_i];
	for (enum fixture_order order = FIXTURE_ALL; order < FIXTURE_ORDERS; order++) {
		struct arena *arena = unit_arena();
		struct fixture *dns = fixture_open(arena, alias_zone);
		struct ask ask = {.name = row->name};
		size_t count;
		fixture_set_order(dns, order, 7);
		struct view *view = fixture_run(dns, ask_one, &ask);
		ck_assert_msg(ask.answer.kind == row->kind, "%s", row->name);
		ck_assert_int_eq(ask.answer.failure, row->failure);
		unit_assert_slice(ask.first, slice_cstr(row->first));
		ck_assert_uint_eq(ask.answer.chain_count, row->chain);
		ck_assert(name_equal(ask.answer.owner, name_of(arena, row->owner)));
		ck_assert(name_equal(ask.answer.question.name, name_of(arena, row->name)));
		ck_assert_int_eq(ask.answer.owner_exists, row->owner_exists);
		ck_assert_uint_eq(ask.answer.ttl, row->ttl);
		if (row->chain > 0)
			ck_assert(name_equal(ask.answer.chain[0].owner, name_of(arena, row->name)));
		view_failures(view, &count);
		ck_assert_uint_eq(count, row->kind == ANSWER_TEMPORARY);
	}
}
END_TEST

/* Failures are told in the order of use, whatever the order of arrival. */
static void ask_failures(struct view *view, struct arena *arena, void *context)
{
	(void)context;
	static const char *const names[] = {
		"3.example", "1.example", "2.example", "1.example", "ok.example", "3.example"};
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		struct name name;
		name_from_master(arena, slice_cstr(names[i]), &name);
		view_get(view, name, RRTYPE_TXT);
	}
}

START_TEST(failures_in_order_of_use)
{
	struct arena *arena = unit_arena();
	struct fixture *dns =
		fixture_open(arena, "1.example TXT !servfail\n2.example TXT !timeout\n"
				    "3.example CNAME 4.example\n4.example TXT !refused\nok.example TXT x\n");
	size_t count;
	fixture_set_order(dns, (enum fixture_order)_i, 3);
	struct view *view = fixture_run(dns, ask_failures, NULL);
	const struct answer *const *failures = view_failures(view, &count);
	ck_assert_uint_eq(count, 3);
	ck_assert_int_eq(failures[0]->failure, DNS_FAILURE_REFUSED);
	ck_assert(name_equal(failures[0]->question.name, name_of(arena, "3.example")));
	ck_assert(name_equal(failures[0]->owner, name_of(arena, "4.example")));
	ck_assert_int_eq(failures[1]->failure, DNS_FAILURE_SERVFAIL);
	ck_assert_int_eq(failures[2]->failure, DNS_FAILURE_TIMEOUT);
}
END_TEST

/* --- limits ----------------------------------------------------------------------------------- */

struct many {
	size_t first; /* number of the first name asked */
	size_t count;
	size_t limited; /* answers past the limit */
};

static void ask_many(struct view *view, struct arena *arena, void *context)
{
	struct many *many = context;
	many->limited = 0;
	for (size_t i = 0; i < many->count; i++) {
		struct name name;
		struct slice text = arena_printf(arena, "n%zu.example", many->first + i);
		name_from_master(arena, text, &name);
		many->limited += view_get(view, name, RRTYPE_TXT)->failure == DNS_FAILURE_LIMIT;
	}
}

START_TEST(question_limit)
{
	struct arena *arena = unit_arena();
	struct fixture *dns = fixture_open(arena, "*.example TXT x\n");
	struct many many = {0, VIEW_MAX_QUESTIONS + 3, 0};
	size_t count;
	struct view *view = fixture_run(dns, ask_many, &many);
	ck_assert_uint_eq(many.limited, 3);
	view_failures(view, &count);
	ck_assert_uint_eq(count, 3);
	ck_assert_uint_eq(view_questions(view), VIEW_MAX_QUESTIONS);
	fixture_questions(dns, &count);
	ck_assert_uint_eq(count, VIEW_MAX_QUESTIONS);
	/* It counts for each run: what earlier runs looked at does not matter. */
	many = (struct many){1000, VIEW_MAX_QUESTIONS, 0};
	view_begin_run(view, 0);
	ask_many(view, arena, &many);
	ck_assert_uint_eq(many.limited, 0);
	ck_assert_int_eq(view_end_run(view), EVAL_NEEDS_ANSWERS);
}
END_TEST

/* A target of an alias past the limit. */
static void ask_alias_last(struct view *view, struct arena *arena, void *context)
{
	struct many many = {0, VIEW_MAX_QUESTIONS - 1, 0};
	struct ask *ask = context;
	ask_many(view, arena, &many);
	ask_one(view, arena, ask);
}

START_TEST(limit_within_a_chain)
{
	struct fixture *dns =
		fixture_open(unit_arena(), "*.example TXT x\nalias.example CNAME target.example\n");
	struct ask ask = {.name = "alias.example"};
	fixture_run(dns, ask_alias_last, &ask);
	ck_assert_int_eq(ask.answer.failure, DNS_FAILURE_LIMIT);
	ck_assert_uint_eq(ask.answer.chain_count, 1);
}
END_TEST

/* --- memos ------------------------------------------------------------------------------------ */

static size_t made;

static const void *make(struct arena *arena, const struct answer *answer)
{
	size_t *form = arena_alloc(arena, sizeof *form);
	*form = 100 + answer->count;
	made++;
	return form;
}

static void ask_memo(struct view *view, struct arena *arena, void *context)
{
	static const char *const names[] = {
		"c.example", "a.example", "c.example", "gone.example", "gone.example", "l1.example"};
	size_t *sum = context;
	*sum = 0;
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		struct name name;
		name_from_master(arena, slice_cstr(names[i]), &name);
		const struct answer *answer = view_get(view, name, RRTYPE_TXT);
		*sum += *(const size_t *)view_memo(view, answer, VIEW_MEMO_SPF, make);
	}
}

START_TEST(memos)
{
	struct fixture *dns = fixture_open(unit_arena(), alias_zone);
	size_t sum;
	made = 0;
	fixture_run(dns, ask_memo, &sum);
	ck_assert_uint_eq(sum, 603);
	/* One for each answer of the table and the loop's failure, and one for each of four stand-ins. */
	ck_assert_uint_le(made, 3 + 4);
	struct world *world = new_world();
	view_begin_run(world->view, 0);
	const struct answer *answer = get(world, "x.example");
	const void *spf = view_memo(world->view, answer, VIEW_MEMO_SPF, make);
	ck_assert_ptr_eq(view_memo(world->view, answer, VIEW_MEMO_SPF, make), spf);
	ck_assert_ptr_ne(view_memo(world->view, answer, VIEW_MEMO_DMARC, make), spf);
	end_world(world);
}
END_TEST

/* --- lack of memory --------------------------------------------------------------------------- */

static void use_view(struct arena *arena, void *context)
{
	struct ask ask = {.name = "a.example"};
	(void)context;
	fixture_run(fixture_open(arena, alias_zone), ask_one, &ask);
}

START_TEST(lack_of_memory)
{
	unit_fail_every_allocation(use_view, NULL);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("view");
	TCase *tests = tcase_create("tests");
	tcase_set_timeout(tests, 60);
	tcase_add_test(tests, missing_is_sticky);
	tcase_add_test(tests, asked_once);
	tcase_add_test(tests, first_answer_is_pinned);
	tcase_add_test(tests, expiry);
	tcase_add_loop_test(tests, aliases, 0, (int)(sizeof alias_rows / sizeof alias_rows[0]));
	tcase_add_loop_test(tests, failures_in_order_of_use, 0, FIXTURE_ORDERS);
	tcase_add_test(tests, question_limit);
	tcase_add_test(tests, limit_within_a_chain);
	tcase_add_test(tests, memos);
	tcase_add_test(tests, lack_of_memory);
	suite_add_tcase(suite, tests);
	return unit_run(suite);
}
