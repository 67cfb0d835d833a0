/* The table of answers: in flight, pinned, idle, dropped. */
#include "dns/table.h"

#include "support/unit.h"

struct world {
	struct arena *arena;
	struct table *table;
};

static struct world open_world(size_t limit)
{
	struct world world = {.arena = unit_arena()};
	world.table = table_open(limit, world.arena->escape);
	return world;
}

static struct question question_of(struct world *world, const char *name)
{
	struct question question = {.type = RRTYPE_TXT};
	ck_assert_int_eq(name_from_text(world->arena, slice_cstr(name), &question.name), NAME_OK);
	return question;
}

static struct table_entry *find(struct world *world, const char *name, int64_t now_ms)
{
	const struct question question = question_of(world, name);
	return table_find(world->table, &question, now_ms);
}

static struct table_entry *add(struct world *world, const char *name)
{
	const struct question question = question_of(world, name);
	return table_add(world->table, &question);
}

static void store(struct world *world, const char *name, uint16_t rcode, uint32_t ttl, int64_t now_ms)
{
	const struct question question = question_of(world, name);
	const struct answer answer = {.question = question,
		.kind = ANSWER_NODATA,
		.rcode = rcode,
		.owner_exists = true,
		.ttl = ttl,
		.owner = question.name};
	table_store(world->table, &answer, now_ms);
}

static void store_failure(struct world *world, const char *name)
{
	const struct answer answer = answer_failure(question_of(world, name), DNS_FAILURE_TIMEOUT);
	table_store(world->table, &answer, 0);
}

/* From in flight to an answer, which is found until its TTL has passed. */
START_TEST(in_flight_then_answered)
{
	struct world world = open_world(1 << 20);
	ck_assert_ptr_null(find(&world, "example.com", 0));
	struct table_entry *entry = add(&world, "example.com");
	ck_assert_ptr_eq(find(&world, "EXAMPLE.com", 0), entry);
	ck_assert_ptr_eq(add(&world, "example.com"), entry);
	ck_assert_ptr_null(table_entry_answer(entry));
	store(&world, "example.com", 1, 10, 1000);
	const struct answer *answer = table_entry_answer(entry);
	ck_assert_uint_eq(answer->rcode, 1);
	ck_assert_ptr_eq(answer->memo->answer, answer);
	ck_assert_ptr_eq(answer->memo->arena, table_entry_arena(entry));
	ck_assert_ptr_null(answer->memo->form[0]);
	ck_assert_ptr_eq(find(&world, "example.com", 10999), entry);
	ck_assert_ptr_null(find(&world, "example.com", 11000));
	ck_assert_uint_gt(table_idle_bytes(world.table), 0);
	table_close(world.table);
}
END_TEST

/* What nobody asked is kept, but neither a failure nor in the place of a fresh answer. */
START_TEST(not_asked)
{
	struct world world = open_world(1 << 20);
	store_failure(&world, "example.com");
	ck_assert_ptr_null(find(&world, "example.com", 0));
	store(&world, "example.com", 1, 10, 0);
	store(&world, "example.com", 2, 10, 0);
	ck_assert_uint_eq(table_entry_answer(find(&world, "example.com", 0))->rcode, 1);
	store(&world, "example.com", 3, 10, 20000);
	ck_assert_uint_eq(table_entry_answer(find(&world, "example.com", 20000))->rcode, 3);
	store_failure(&world, "example.com");
	ck_assert_uint_eq(table_entry_answer(find(&world, "example.com", 20000))->rcode, 3);
	table_close(world.table);
}
END_TEST

/* A failure is for those that have pinned its entry, and for nobody else. */
START_TEST(failures)
{
	struct world world = open_world(1 << 20);
	struct table_entry *entry = add(&world, "example.com");
	table_pin(world.table, entry);
	table_pin(world.table, entry);
	store_failure(&world, "example.com");
	ck_assert_int_eq(table_entry_answer(entry)->failure, DNS_FAILURE_TIMEOUT);
	ck_assert_ptr_null(find(&world, "example.com", 0));
	struct table_entry *again = add(&world, "example.com");
	ck_assert_ptr_ne(again, entry);
	ck_assert_ptr_eq(find(&world, "example.com", 0), again);
	table_unpin(world.table, entry);
	ck_assert_int_eq(table_entry_answer(entry)->failure, DNS_FAILURE_TIMEOUT);
	table_unpin(world.table, entry);
	ck_assert_ptr_eq(find(&world, "example.com", 0), again);
	store_failure(&world, "example.com"); /* nobody waits: it is gone at once */
	ck_assert_ptr_null(find(&world, "example.com", 0));
	ck_assert_uint_eq(table_idle_bytes(world.table), 0);
	table_close(world.table);
}
END_TEST

/* A pinned answer outlives its TTL and its successor. */
START_TEST(pinned_answers_stay)
{
	struct world world = open_world(0);
	struct table_entry *entry = add(&world, "example.com");
	table_pin(world.table, entry);
	store(&world, "example.com", 1, 10, 0);
	ck_assert_uint_eq(table_idle_bytes(world.table), 0);
	store(&world, "example.com", 2, 10, 20000); /* the table keeps nothing that is idle */
	ck_assert_ptr_null(find(&world, "example.com", 20000));
	ck_assert_uint_eq(table_entry_answer(entry)->rcode, 1);
	table_unpin(world.table, entry);
	table_close(world.table);
}
END_TEST

/* The longest unused go first; pinning again takes an answer out of the row. */
START_TEST(drops_the_longest_unused)
{
	struct world world = open_world(1 << 20);
	store(&world, "a.example", 1, 10, 0);
	size_t one = table_idle_bytes(world.table);
	table_close(world.table);
	world = open_world(3 * one);
	store(&world, "a.example", 1, 10, 0);
	store(&world, "b.example", 2, 10, 0);
	store(&world, "c.example", 3, 10, 0);
	ck_assert_uint_eq(table_idle_bytes(world.table), 3 * one);
	struct table_entry *entry = find(&world, "a.example", 0);
	table_pin(world.table, entry);
	ck_assert_uint_eq(table_idle_bytes(world.table), 2 * one);
	table_unpin(world.table, entry);
	store(&world, "d.example", 4, 10, 0);
	ck_assert_ptr_nonnull(find(&world, "a.example", 0));
	ck_assert_ptr_null(find(&world, "b.example", 0));
	ck_assert_ptr_nonnull(find(&world, "c.example", 0));
	/* Parsed forms count as well, from the next time the entry is idle. */
	entry = find(&world, "a.example", 0);
	table_pin(world.table, entry);
	arena_alloc(table_entry_arena(entry), 3 * one);
	table_unpin(world.table, entry);
	ck_assert_ptr_null(find(&world, "a.example", 0));
	table_close(world.table);
}
END_TEST

/* An entry in flight without a pin is not lost: its answer is kept for others. */
START_TEST(answer_after_everybody_left)
{
	struct world world = open_world(1 << 20);
	struct table_entry *entry = add(&world, "example.com");
	table_pin(world.table, entry);
	table_unpin(world.table, entry);
	ck_assert_ptr_eq(find(&world, "example.com", 0), entry);
	store(&world, "example.com", 1, 10, 0);
	ck_assert_ptr_eq(find(&world, "example.com", 0), entry);
	table_close(world.table);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("table");
	TCase *tests = tcase_create("tests");
	tcase_add_test(tests, in_flight_then_answered);
	tcase_add_test(tests, not_asked);
	tcase_add_test(tests, failures);
	tcase_add_test(tests, pinned_answers_stay);
	tcase_add_test(tests, drops_the_longest_unused);
	tcase_add_test(tests, answer_after_everybody_left);
	suite_add_tcase(suite, tests);
	return unit_run(suite);
}
