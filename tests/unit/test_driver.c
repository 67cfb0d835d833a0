/* Tests of the driver, with an evaluator and a source made for it: what is asked, when jobs run, what ends
 * them.
 *
 * The evaluator reads the first label of the domain: "c5" asks five questions, each after the answer to the
 * one before; "p20" asks twenty at once; "m3" asks the same question as all others and three more, "f3"
 * that question and a chain of three; "b" never comes to an end.
 */
#include "inspect/driver.h"
#include "support/fake_source.h"
#include "support/unit.h"

#include <stdio.h>
#include <stdlib.h>

enum { MAX_JOBS = 1000 };

static const struct answer *ask_step(
	struct view *view, struct arena *scratch, struct name domain, const char *kind, unsigned step)
{
	struct name name;
	ck_assert_int_eq(
		name_prepend(scratch, arena_printf(scratch, "%s%u", kind, step), domain, &name), NAME_OK);
	return view_get(view, name, RRTYPE_TXT);
}

enum eval_state inspect(
	const struct inspect_request *request, struct view *view, struct arena *scratch, struct verdict *out)
{
	*out = (struct verdict){.domain = request->domain};
	findings_init(&out->findings, scratch);
	struct slice label = name_first_label(request->domain);
	unsigned steps = (unsigned)atoi(arena_cstr(scratch, slice_from(label, 1)));
	if (label.ptr[0] == 'b')
		return EVAL_NEEDS_ANSWERS;
	bool is_chain = label.ptr[0] == 'c' || label.ptr[0] == 'f';
	if (label.ptr[0] == 'm' || label.ptr[0] == 'f')
		ask_step(view, scratch, (struct name){"\7example", 9}, "common", 0);
	for (unsigned i = 0; i < steps; i++) {
		const struct answer *answer = ask_step(view, scratch, request->domain, "s", i);
		if (is_chain && view_is_pending(answer))
			break;
	}
	out->incomplete = view_failures(view, &out->incomplete_count);
	return view_end_run(view);
}

/* --- a client --- */

struct client {
	const char *label; /* first label of all domains */
	size_t jobs;
	size_t room; /* jobs in flight until next() says "again"; 0: any */
	struct arena *arena;
	size_t started, finished, ticks;
	size_t most_in_flight;
	unsigned char times_done[MAX_JOBS];
	size_t failures; /* of the last verdict */
	enum dns_failure failure;
	struct verdict_cost cost; /* likewise */
};

static bool next(void *context, struct inspect_request *out, size_t *ticket, bool *again)
{
	struct client *client = context;
	size_t in_flight = client->started - client->finished;
	if (client->started == client->jobs)
		return false;
	*again = client->room > 0 && in_flight == client->room;
	if (*again)
		return false;
	struct slice text = arena_printf(client->arena, "%s.d%zu.example", client->label, client->started);
	*out = (struct inspect_request){.input = text};
	ck_assert_int_eq(name_from_text(client->arena, text, &out->domain), NAME_OK);
	*ticket = client->started++;
	if (in_flight + 1 > client->most_in_flight)
		client->most_in_flight = in_flight + 1;
	return true;
}

static void done(void *context, size_t ticket, const struct verdict *verdict)
{
	struct client *client = context;
	client->finished++;
	client->times_done[ticket]++;
	client->failures = verdict->incomplete_count;
	client->failure = verdict->incomplete_count > 0 ? verdict->incomplete[0]->failure : DNS_FAILURE_NONE;
	client->cost = verdict->cost;
}

static void tick(void *context)
{
	((struct client *)context)->ticks++;
}

static enum driver_status run(
	struct client *client, struct fake_options *source, size_t concurrency, int max_time_ms)
{
	const struct driver_client calls = {next, done, tick, client, NULL};
	const struct driver_options options = {.concurrency = concurrency,
		.max_time_ms = max_time_ms,
		.open_source = fake_source_open,
		.source_context = source};
	client->arena = unit_arena();
	return driver_run(&options, &calls, NULL);
}

/* --- every job is done once, whatever the order of answers --- */

struct order_row {
	const char *name;
	enum fake_order order;
	const char *label;
	size_t jobs, concurrency, room;
};

static const struct order_row order_rows[] = {
	{"inside ask", FAKE_IN_ASK, "p5", 300, 7, 0},
	{"inside ask, chains", FAKE_IN_ASK, "c5", 300, 7, 0},
	{"rounds", FAKE_ROUNDS, "c5", 300, 7, 0},
	{"oldest first", FAKE_OLDEST, "c5", 300, 7, 0},
	{"newest first", FAKE_NEWEST, "c5", 300, 7, 0},
	{"shuffled", FAKE_SHUFFLED, "c5", 300, 7, 0},
	{"shuffled, all at once", FAKE_SHUFFLED, "p9", 300, 7, 0},
	{"one in flight", FAKE_SHUFFLED, "c3", 50, 1, 0},
	{"more places than jobs", FAKE_SHUFFLED, "m3", 20, 1000, 0},
	{"client has less room", FAKE_SHUFFLED, "c3", 100, 50, 3},
	{"client has room for one", FAKE_NEWEST, "c3", 100, 50, 1},
	{"no questions", FAKE_ROUNDS, "p0", 100, 7, 0},
	{"no jobs", FAKE_ROUNDS, "p0", 0, 7, 0},
};

START_TEST(each_job_is_done_once)
{
	const struct order_row *row = &order_rows[_i];
	struct fake_options source = {.order = row->order, .seed = 4711};
	struct client client = {.label = row->label, .jobs = row->jobs, .room = row->room};
	ck_assert_msg(run(&client, &source, row->concurrency, 20000) == DRIVER_OK, "%s", row->name);
	size_t limit = row->room > 0 ? row->room : row->concurrency;
	ck_assert_msg(client.most_in_flight <= limit, "%s: %zu in flight", row->name, client.most_in_flight);
	ck_assert_msg(row->jobs < limit || client.most_in_flight == limit, "%s: window not used", row->name);
	for (size_t i = 0; i < row->jobs; i++)
		ck_assert_msg(client.times_done[i] == 1, "%s: job %zu done %d times", row->name, i,
			client.times_done[i]);
}
END_TEST

/* --- rounds, merging, cost --- */

START_TEST(a_chain_takes_its_length_in_rounds)
{
	struct fake_counts counts = {0};
	struct fake_options source = {.order = FAKE_ROUNDS, .counts = &counts};
	struct client client = {.label = "c5", .jobs = 40};
	ck_assert_int_eq(run(&client, &source, 100, 20000), DRIVER_OK);
	ck_assert_uint_eq(counts.waits, 5);
	ck_assert_uint_eq(counts.questions, 5 * 40);
	ck_assert_uint_eq(counts.most_open, 40);
}
END_TEST

START_TEST(independent_questions_take_one_round)
{
	struct fake_counts counts = {0};
	struct fake_options source = {.order = FAKE_ROUNDS, .counts = &counts};
	struct client client = {.label = "p20", .jobs = 1};
	ck_assert_int_eq(run(&client, &source, 100, 20000), DRIVER_OK);
	ck_assert_uint_eq(counts.waits, 1);
	ck_assert_uint_eq(counts.most_open, 20);
	ck_assert_uint_eq(client.cost.queries, 20);
	ck_assert_uint_eq(client.cost.from_cache, 0);
	ck_assert(client.cost.elapsed_ms >= 0);
	ck_assert_uint_ge(client.ticks, 1);
}
END_TEST

START_TEST(equal_questions_are_asked_once)
{
	struct fake_counts counts = {0};
	struct fake_options source = {.order = FAKE_ROUNDS, .counts = &counts};
	struct client client = {.label = "m1", .jobs = 40};
	ck_assert_int_eq(run(&client, &source, 10, 20000), DRIVER_OK);
	ck_assert_uint_eq(counts.questions, 40 + 1);
	ck_assert_uint_eq(client.cost.queries, 1);
	ck_assert_uint_eq(client.cost.from_cache, 1);
}
END_TEST

/* The question that all jobs have in common is never answered, and the chain beside it gets to its end all
 * the same. */
START_TEST(a_slow_answer_holds_nothing_else_up)
{
	struct fake_counts counts = {0};
	struct fake_options source = {.order = FAKE_NEWEST, .keeps_first = true, .counts = &counts};
	struct client client = {.label = "f3", .jobs = 1};
	ck_assert_int_eq(run(&client, &source, 1, 80), DRIVER_OK);
	ck_assert_uint_eq(counts.questions, 4);
	ck_assert_uint_eq(client.failures, 1);
	ck_assert_int_eq(client.failure, DNS_FAILURE_DEADLINE);
}
END_TEST

/* --- failures and ends --- */

START_TEST(temporary_answers_reach_all_who_waited)
{
	struct fake_options source = {.order = FAKE_ROUNDS, .is_temporary = true};
	struct client client = {.label = "m0", .jobs = 30};
	ck_assert_int_eq(run(&client, &source, 30, 20000), DRIVER_OK);
	ck_assert_uint_eq(client.finished, 30);
	ck_assert_uint_eq(client.failures, 1);
	ck_assert_int_eq(client.failure, DNS_FAILURE_TIMEOUT);
}
END_TEST

START_TEST(a_temporary_answer_is_asked_for_again_by_the_next)
{
	struct fake_counts counts = {0};
	struct fake_options source = {.order = FAKE_ROUNDS, .is_temporary = true, .counts = &counts};
	struct client client = {.label = "m0", .jobs = 30};
	ck_assert_int_eq(run(&client, &source, 1, 20000), DRIVER_OK);
	ck_assert_uint_eq(counts.questions, 30);
}
END_TEST

START_TEST(time_ends_an_inspection)
{
	struct fake_options source = {.order = FAKE_SILENT};
	struct client client = {.label = "p3", .jobs = 4};
	ck_assert_int_eq(run(&client, &source, 2, 60), DRIVER_OK);
	ck_assert_uint_eq(client.finished, 4);
	ck_assert_uint_eq(client.failures, 3);
	ck_assert_int_eq(client.failure, DNS_FAILURE_DEADLINE);
	ck_assert(client.cost.elapsed_ms >= 60);
	ck_assert(client.cost.elapsed_ms < 2000);
}
END_TEST

START_TEST(an_evaluator_without_progress_is_an_internal_error)
{
	struct fake_options source = {.order = FAKE_ROUNDS};
	struct client client = {.label = "b", .jobs = 3};
	ck_assert_int_eq(run(&client, &source, 2, 20000), DRIVER_INTERNAL);
	ck_assert_uint_eq(client.finished, 0);
}
END_TEST

/* An evaluator of the client's own: asks one question, and then another one. */
static enum eval_state evaluate_own(void *context, size_t ticket, const struct inspect_request *request,
	struct view *view, struct arena *scratch, struct verdict *out)
{
	struct client *client = context;
	struct name second;
	*out = (struct verdict){.domain = request->domain};
	ck_assert_uint_lt(ticket, client->jobs);
	ck_assert_int_eq(name_prepend(scratch, SLICE("second"), request->domain, &second), NAME_OK);
	if (!view_is_pending(view_get(view, request->domain, RRTYPE_A)))
		view_get(view, second, RRTYPE_MX);
	return view_end_run(view);
}

START_TEST(another_evaluator_is_run_instead)
{
	struct fake_counts counts = {0};
	struct fake_options source = {.order = FAKE_SHUFFLED, .counts = &counts};
	struct client client = {.label = "p9", .jobs = 40, .arena = unit_arena()};
	const struct driver_client calls = {next, done, NULL, &client, evaluate_own};
	const struct driver_options options = {.concurrency = 7,
		.max_time_ms = 20000,
		.open_source = fake_source_open,
		.source_context = &source};
	ck_assert_int_eq(driver_run(&options, &calls, NULL), DRIVER_OK);
	ck_assert_uint_eq(client.finished, 40);
	ck_assert_uint_eq(counts.questions, 80);
	ck_assert_uint_eq(client.cost.queries, 2);
}
END_TEST

static struct source *no_source(
	void *context, struct source_sink sink, struct escape *escape, const char **why)
{
	(void)context, (void)sink, (void)escape;
	*why = "no server is configured";
	return NULL;
}

START_TEST(without_source_the_reason_is_told)
{
	struct client client = {.label = "p1", .jobs = 1, .arena = unit_arena()};
	const struct driver_client calls = {next, done, NULL, &client, NULL};
	const struct driver_options options = {
		.concurrency = 1, .max_time_ms = 1000, .open_source = no_source};
	const char *why = NULL;
	ck_assert_int_eq(driver_run(&options, &calls, &why), DRIVER_NO_SOURCE);
	ck_assert_str_eq(why, "no server is configured");
	ck_assert_uint_eq(client.started, 0);
}
END_TEST

/* Each request for memory of the driver fails once: it says so and leaves nothing behind (the sanitizer
 * looks). */
START_TEST(lack_of_memory_ends_the_run)
{
	struct fake_options source = {.order = _i == 0 ? FAKE_ROUNDS : FAKE_IN_ASK};
	long n = 0;
	enum driver_status status = DRIVER_OUT_OF_MEMORY;
	while (status == DRIVER_OUT_OF_MEMORY) {
		struct client client = {.label = "c3", .jobs = 5, .arena = unit_arena()};
		const struct driver_client calls = {next, done, NULL, &client, NULL};
		const struct driver_options options = {.concurrency = 2,
			.max_time_ms = 20000,
			.open_source = fake_source_open,
			.source_context = &source,
			.fail_at = ++n};
		status = driver_run(&options, &calls, NULL);
		ck_assert(status != DRIVER_OUT_OF_MEMORY || client.finished <= 5);
	}
	ck_assert_int_eq(status, DRIVER_OK);
	ck_assert_int_gt(n, 20);
}
END_TEST

/* Likewise for the source's own memory. */
static struct source *poor_source(
	void *context, struct source_sink sink, struct escape *escape, const char **why)
{
	const struct fake_options options = {.order = FAKE_ROUNDS};
	escape->fail_at = (*(long *)context)++;
	return fake_source_open((void *)(uintptr_t)&options, sink, escape, why);
}

START_TEST(lack_of_memory_in_the_source_ends_the_run)
{
	long n = 1;
	enum driver_status status = DRIVER_OUT_OF_MEMORY;
	while (status == DRIVER_OUT_OF_MEMORY) {
		struct client client = {.label = "c3", .jobs = 5, .arena = unit_arena()};
		const struct driver_client calls = {next, done, NULL, &client, NULL};
		const struct driver_options options = {.concurrency = 2,
			.max_time_ms = 20000,
			.open_source = poor_source,
			.source_context = &n};
		status = driver_run(&options, &calls, NULL);
	}
	ck_assert_int_eq(status, DRIVER_OK);
	ck_assert_int_gt(n, 5);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("driver");
	TCase *orders = tcase_create("orders");
	tcase_add_loop_test(
		orders, each_job_is_done_once, 0, (int)(sizeof order_rows / sizeof order_rows[0]));
	suite_add_tcase(suite, orders);
	TCase *questions = tcase_create("questions");
	tcase_add_test(questions, a_chain_takes_its_length_in_rounds);
	tcase_add_test(questions, independent_questions_take_one_round);
	tcase_add_test(questions, equal_questions_are_asked_once);
	tcase_add_test(questions, a_slow_answer_holds_nothing_else_up);
	tcase_add_test(questions, another_evaluator_is_run_instead);
	suite_add_tcase(suite, questions);
	TCase *ends = tcase_create("ends");
	tcase_add_test(ends, temporary_answers_reach_all_who_waited);
	tcase_add_test(ends, a_temporary_answer_is_asked_for_again_by_the_next);
	tcase_add_test(ends, time_ends_an_inspection);
	tcase_add_test(ends, an_evaluator_without_progress_is_an_internal_error);
	tcase_add_test(ends, without_source_the_reason_is_told);
	tcase_add_loop_test(ends, lack_of_memory_ends_the_run, 0, 2);
	tcase_add_test(ends, lack_of_memory_in_the_source_ends_the_run);
	suite_add_tcase(suite, ends);
	return unit_run(suite);
}
