/* run_one(): an evaluator is run until it misses nothing, its time ends, or memory does. */
#include "inspect/run_one.h"

#include "support/fake_source.h"
#include "support/unit.h"

struct work {
	const char *names; /* asked one behind the other, blanks between */
	size_t runs, done;
	struct verdict_cost cost;
	bool was_temporary;
};

/* Asks for the first name, then for the second one when that is known, and so on. */
static enum eval_state evaluate(void *context, struct view *view, struct arena *scratch)
{
	struct work *work = context;
	struct slice rest = slice_cstr(work->names);
	work->runs++;
	while (rest.len > 0) {
		size_t end = slice_find(rest, ' ', 0);
		struct name name;
		ck_assert_int_eq(name_from_text(scratch, slice_head(rest, end), &name), NAME_OK);
		const struct answer *answer = view_get(view, name, RRTYPE_TXT);
		if (view_is_pending(answer))
			break;
		work->was_temporary = answer->kind == ANSWER_TEMPORARY;
		rest = slice_from(rest, end + 1);
	}
	return view_end_run(view);
}

static void done(void *context, struct arena *scratch, const struct verdict_cost *cost)
{
	struct work *work = context;
	arena_alloc(scratch, 10);
	work->done++;
	work->cost = *cost;
}

static enum driver_status run(struct work *work, struct fake_options *fake, int max_time_ms, long fail_at)
{
	const struct driver_options options = {.max_time_ms = max_time_ms,
		.open_source = fake_source_open,
		.source_context = fake,
		.fail_at = fail_at};
	const struct run_one calls = {evaluate, done, work};
	return run_one(&options, &calls, NULL);
}

START_TEST(one_question_behind_the_other)
{
	static const enum fake_order orders[] = {FAKE_IN_ASK, FAKE_ROUNDS, FAKE_OLDEST};
	struct fake_counts counts = {0};
	struct fake_options fake = {.order = orders[_i], .counts = &counts};
	struct work work = {.names = "a.example b.example a.example"};
	ck_assert_int_eq(run(&work, &fake, 10000, 0), DRIVER_OK);
	ck_assert_uint_eq(work.runs, 3);
	ck_assert_uint_eq(work.done, 1);
	ck_assert_uint_eq(counts.questions, 2);
	ck_assert_uint_eq(work.cost.queries, 2);
	ck_assert_uint_eq(work.cost.from_cache, 0);
	ck_assert_int_ge(work.cost.elapsed_ms, 0);
}
END_TEST

START_TEST(nothing_to_ask)
{
	struct fake_options fake = {.order = FAKE_SILENT};
	struct work work = {.names = ""};
	ck_assert_int_eq(run(&work, &fake, 10000, 0), DRIVER_OK);
	ck_assert_uint_eq(work.runs, 1);
}
END_TEST

START_TEST(time_ends_it)
{
	struct fake_options fake = {.order = FAKE_SILENT};
	struct work work = {.names = "a.example b.example"};
	ck_assert_int_eq(run(&work, &fake, 50, 0), DRIVER_OK);
	ck_assert_uint_eq(work.done, 1);
	ck_assert(work.was_temporary);
	ck_assert_int_ge(work.cost.elapsed_ms, 50);
}
END_TEST

static struct source *no_source(
	void *context, struct source_sink sink, struct escape *escape, const char **why)
{
	(void)context, (void)sink, (void)escape;
	*why = "because";
	return NULL;
}

START_TEST(no_server)
{
	const struct driver_options options = {.max_time_ms = 50, .open_source = no_source};
	struct work work = {.names = "a.example"};
	const struct run_one calls = {evaluate, done, &work};
	const char *why = NULL;
	ck_assert_int_eq(run_one(&options, &calls, &why), DRIVER_NO_SOURCE);
	ck_assert_str_eq(why, "because");
	ck_assert_uint_eq(work.done, 0);
}
END_TEST

/* Whichever request for memory fails: done() was called exactly when it says so. */
START_TEST(lack_of_memory)
{
	for (long n = 1;; n++) {
		struct fake_options fake = {.order = FAKE_ROUNDS};
		struct work work = {.names = "a.example b.example"};
		enum driver_status status = run(&work, &fake, 10000, n);
		if (status == DRIVER_OK) {
			ck_assert_int_gt(n, 3);
			ck_assert_uint_eq(work.done, 1);
			return;
		}
		ck_assert_int_eq(status, DRIVER_OUT_OF_MEMORY);
		ck_assert_uint_eq(work.done, 0);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("run_one");
	TCase *cases = tcase_create("runs");
	tcase_add_loop_test(cases, one_question_behind_the_other, 0, 3);
	tcase_add_test(cases, nothing_to_ask);
	tcase_add_test(cases, time_ends_it);
	tcase_add_test(cases, no_server);
	tcase_add_test(cases, lack_of_memory);
	suite_add_tcase(suite, cases);
	return unit_run(suite);
}
