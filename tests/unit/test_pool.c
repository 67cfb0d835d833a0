/* Tests of the pool: order, bounds and ends, with an evaluator that asks a different number of questions
 * for each job. */
#include "inspect/pool.h"
#include "support/fake_source.h"
#include "support/unit.h"

#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>

/* A job's number is the first label of its domain; it needs number % 5 rounds, so that later jobs overtake
 * earlier ones. */
enum eval_state inspect(
	const struct inspect_request *request, struct view *view, struct arena *scratch, struct verdict *out)
{
	*out = (struct verdict){
		.input = request->input, .input_line = request->input_line, .domain = request->domain};
	findings_init(&out->findings, scratch);
	unsigned number =
		(unsigned)atoi(arena_cstr(scratch, slice_from(name_first_label(request->domain), 1)));
	for (unsigned i = 0; i < number % 5; i++) {
		struct name name;
		ck_assert_int_eq(
			name_prepend(scratch, arena_printf(scratch, "s%u", i), request->domain, &name),
			NAME_OK);
		if (view_is_pending(view_get(view, name, RRTYPE_TXT)))
			break;
	}
	return view_end_run(view);
}

struct client {
	size_t jobs;
	size_t bad_every;   /* each bad_every-th line is no domain; 0: none */
	size_t waits_every; /* before each waits_every-th job next() says "not yet" when it may; 0: never */
	size_t broken_at;   /* emit() fails at this job; 0: never */
	long memory_fails;  /* the reader's n-th request for memory fails */
	bool render_fails;  /* so does the renderer's */
	size_t read;
	bool said_not_yet;
	size_t emitted;
	size_t ticks;
	size_t bad;
	pthread_t owner;
	size_t on_other_threads; /* emits */
	bool writes;		 /* emit() or tick() is going on */
};

static enum pool_next next(void *context, bool may_wait, struct arena *arena, struct pool_job *out)
{
	struct client *client = context;
	if (client->read == client->jobs)
		return POOL_END;
	bool waits = client->waits_every > 0 && client->read % client->waits_every == 0;
	if (waits && !may_wait && !client->said_not_yet) {
		client->said_not_yet = true;
		return POOL_NOT_YET;
	}
	client->said_not_yet = false;
	if (client->memory_fails > 0 && client->read == 40)
		arena->escape->fail_at = client->memory_fails;
	struct slice text = arena_printf(arena, "d%zu.example", client->read);
	*out = (struct pool_job){.request = {.input = text, .input_line = ++client->read}};
	ck_assert_int_eq(name_from_text(arena, text, &out->request.domain), NAME_OK);
	if (client->bad_every > 0 && client->read % client->bad_every == 0)
		out->error = SLICE("no domain");
	return POOL_JOB;
}

static int render(void *context, struct verdict *verdict, struct arena *scratch, struct buf *out)
{
	const struct client *client = context;
	buf_add(out, arena_copy(scratch, verdict->input));
	if (verdict->error.len > 0)
		buf_text(out, " bad");
	if (client->render_fails && verdict->input_line == 40)
		escape_out_of_memory(scratch->escape);
	return (int)verdict->input_line;
}

static bool emit(void *context, struct slice bytes, int mark)
{
	struct client *client = context;
	char expected[64];
	ck_assert(!client->writes);
	client->writes = true;
	size_t number = client->emitted++;
	bool bad = client->bad_every > 0 && client->emitted % client->bad_every == 0;
	snprintf(expected, sizeof expected, "d%zu.example%s", number, bad ? " bad" : "");
	unit_assert_slice(bytes, slice_cstr(expected));
	ck_assert_uint_eq((size_t)mark, client->emitted);
	client->bad += bad;
	client->on_other_threads += !pthread_equal(client->owner, pthread_self());
	sched_yield();
	client->writes = false;
	return client->broken_at == 0 || client->emitted != client->broken_at;
}

static void tick(void *context, size_t done)
{
	struct client *client = context;
	ck_assert(!client->writes);
	client->writes = true;
	client->ticks++;
	client->writes = false;
	ck_assert_uint_le(done, client->jobs);
}

static enum driver_status run(struct client *client, struct pool_options *options,
	struct fake_options *source, struct pool_stats *stats)
{
	const struct pool_client calls = {next, render, emit, tick, client};
	client->owner = pthread_self();
	options->driver.max_time_ms = 20000;
	options->driver.open_source = fake_source_open;
	options->driver.source_context = source;
	return pool_run(options, &calls, stats, NULL);
}

struct pool_row {
	const char *name;
	size_t jobs, threads, concurrency, window;
	enum fake_order order;
	size_t bad_every, waits_every;
};

static const struct pool_row pool_rows[] = {
	{"one thread", 10000, 1, 64, 0, FAKE_SHUFFLED, 0, 0},
	{"one thread, newest first", 10000, 1, 64, 0, FAKE_NEWEST, 0, 0},
	{"one thread, small window", 2000, 1, 64, 5, FAKE_NEWEST, 0, 0},
	{"window of one", 500, 3, 64, 1, FAKE_SHUFFLED, 7, 0},
	{"two threads", 10000, 2, 64, 0, FAKE_SHUFFLED, 0, 0},
	{"four threads, newest first", 10000, 4, 64, 0, FAKE_NEWEST, 3, 0},
	{"four threads, small window", 10000, 4, 64, 9, FAKE_NEWEST, 3, 2},
	{"bad lines only", 1000, 2, 8, 16, FAKE_ROUNDS, 1, 0},
	{"an input that lets one wait", 3000, 1, 16, 0, FAKE_OLDEST, 0, 4},
	{"an input that lets threads wait", 3000, 3, 16, 0, FAKE_OLDEST, 0, 4},
	{"more threads than jobs", 2, 8, 16, 0, FAKE_ROUNDS, 0, 0},
	{"no jobs", 0, 3, 16, 0, FAKE_ROUNDS, 0, 0},
};

START_TEST(results_keep_the_order_of_the_input)
{
	const struct pool_row *row = &pool_rows[_i];
	struct fake_options source = {.order = row->order, .seed = 99};
	struct client client = {
		.jobs = row->jobs, .bad_every = row->bad_every, .waits_every = row->waits_every};
	struct pool_options options = {
		.threads = row->threads, .window = row->window, .driver.concurrency = row->concurrency};
	struct pool_stats stats;
	ck_assert_msg(run(&client, &options, &source, &stats) == DRIVER_OK, "%s", row->name);
	ck_assert_uint_eq(client.emitted, row->jobs);
	ck_assert_uint_eq(client.bad, row->bad_every > 0 ? row->jobs / row->bad_every : 0);
	ck_assert_uint_eq(stats.jobs, row->jobs);
	size_t window = row->window > 0 ? row->window : 4 * row->threads * row->concurrency;
	ck_assert_msg(stats.most_held <= window, "%s: %zu held", row->name, stats.most_held);
	ck_assert(!stats.output_failed);
	ck_assert_msg(row->jobs == 0 || client.ticks > 0, "%s: no progress shown", row->name);
	ck_assert_msg(row->threads > 1 || client.on_other_threads == 0, "%s: made a thread", row->name);
}
END_TEST

/* The oldest job waits for its time to end; the others must not be read past the window. */
START_TEST(a_slow_head_stops_the_intake)
{
	struct fake_options source = {.order = FAKE_SILENT};
	struct client client = {.jobs = 100};
	client.read = 1; /* d0 would need no answer */
	client.emitted = 1;
	struct pool_options options = {.threads = 1, .window = 10, .driver.concurrency = 50};
	options.driver.max_time_ms = 40;
	options.driver.open_source = fake_source_open;
	options.driver.source_context = &source;
	const struct pool_client calls = {next, render, emit, NULL, &client};
	client.owner = pthread_self();
	struct pool_stats stats;
	ck_assert_int_eq(pool_run(&options, &calls, &stats, NULL), DRIVER_OK);
	ck_assert_uint_eq(client.emitted, 100);
	ck_assert_uint_eq(stats.most_held, 10);
}
END_TEST

START_TEST(broken_output_stops_everything)
{
	struct fake_options source = {.order = FAKE_SHUFFLED, .seed = 5};
	struct client client = {.jobs = 10000, .broken_at = 50};
	struct pool_options options = {.threads = (size_t)_i, .window = 20, .driver.concurrency = 8};
	struct pool_stats stats;
	ck_assert_int_eq(run(&client, &options, &source, &stats), DRIVER_OK);
	ck_assert(stats.output_failed);
	ck_assert_uint_eq(client.emitted, 50);
	ck_assert_uint_le(client.read, 50 + 20);
}
END_TEST

START_TEST(lack_of_memory_while_reading)
{
	struct fake_options source = {.order = FAKE_SHUFFLED, .seed = 5};
	struct client client = {.jobs = 10000, .memory_fails = 1};
	struct pool_options options = {.threads = (size_t)_i, .window = 20, .driver.concurrency = 8};
	ck_assert_int_eq(run(&client, &options, &source, NULL), DRIVER_OUT_OF_MEMORY);
	ck_assert_uint_le(client.emitted, 40);
}
END_TEST

START_TEST(lack_of_memory_while_rendering)
{
	struct fake_options source = {.order = FAKE_SHUFFLED, .seed = 5};
	struct client client = {.jobs = 10000, .render_fails = true};
	struct pool_options options = {.threads = (size_t)_i, .window = 20, .driver.concurrency = 8};
	ck_assert_int_eq(run(&client, &options, &source, NULL), DRIVER_OUT_OF_MEMORY);
	ck_assert_uint_le(client.emitted, 39);
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
	struct client client = {.jobs = 10};
	const struct pool_client calls = {next, render, emit, tick, &client};
	const struct pool_options options = {.threads = (size_t)_i,
		.driver = {.concurrency = 4, .max_time_ms = 1000, .open_source = no_source}};
	const char *why = NULL;
	ck_assert_int_eq(pool_run(&options, &calls, NULL, &why), DRIVER_NO_SOURCE);
	ck_assert_str_eq(why, "no server is configured");
	ck_assert_uint_eq(client.emitted, 0);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("pool");
	TCase *order = tcase_create("order");
	tcase_set_timeout(order, 60);
	tcase_add_loop_test(
		order, results_keep_the_order_of_the_input, 0, (int)(sizeof pool_rows / sizeof pool_rows[0]));
	tcase_add_test(order, a_slow_head_stops_the_intake);
	suite_add_tcase(suite, order);
	TCase *ends = tcase_create("ends");
	tcase_add_loop_test(ends, broken_output_stops_everything, 1, 4);
	tcase_add_loop_test(ends, lack_of_memory_while_reading, 1, 4);
	tcase_add_loop_test(ends, lack_of_memory_while_rendering, 1, 4);
	tcase_add_loop_test(ends, without_source_the_reason_is_told, 1, 4);
	suite_add_tcase(suite, ends);
	return unit_run(suite);
}
