/* A run that is saved, written, read back and replayed gives the same verdict, byte for byte: whatever DNS
 * said, in whatever order its answers came, also when the time was over.
 */
#include "dns/source_saver.h"
#include "dns/source_stack.h"
#include "inspect/driver.h"
#include "support/inspection.h"
#include "support/unit.h"
#include "support/vectors.h"

/* One inspection through the driver. */
struct run {
	struct arena *arena;
	struct inspect_request request;
	struct fixture *fixture; /* of the run that is saved */
	struct snapshot *snapshot;
	struct local_source *replay; /* of the replay */
	bool started;
	struct slice json;
};

static bool next(void *context, struct inspect_request *out, size_t *ticket, bool *again)
{
	struct run *run = context;
	bool is_first = !run->started;
	*again = false;
	*ticket = 0;
	*out = run->request;
	run->started = true;
	return is_first;
}

static void done(void *context, size_t ticket, const struct verdict *verdict)
{
	struct run *run = context;
	struct verdict copy = *verdict;
	(void)ticket;
	copy.cost = (struct verdict_cost){.elapsed_ms = -1};
	run->json = inspection_json(run->arena, &copy);
}

static struct source *open_source(
	void *context, struct source_sink sink, struct escape *escape, const char **why)
{
	struct run *run = context;
	(void)why;
	if (run->replay != NULL)
		return source_stack_open(&run->replay, 1, NULL, sink, escape);
	return source_saver_open(run->snapshot, fixture_source(run->fixture, sink), sink, escape);
}

static struct slice inspect_once(struct run *run, int max_time_ms)
{
	const struct driver_client client = {.next = next, .done = done, .context = run};
	const struct driver_options options = {.concurrency = 1,
		.max_time_ms = max_time_ms,
		.open_source = open_source,
		.source_context = run};
	ck_assert_int_eq(driver_run(&options, &client, NULL), DRIVER_OK);
	ck_assert_uint_gt(run->json.len, 0);
	return run->json;
}

/* Saves, reads back, replays and compares. */
static void check_replay(const struct vector *vector, enum fixture_order order, int max_time_ms)
{
	struct arena *arena = unit_arena();
	const struct snapshot_meta meta = {0};
	struct snapshot_data data;
	struct zonefile_error error;
	struct buf text;
	struct run saved = {.arena = arena,
		.request = inspection_request_of(arena, vector),
		.fixture = fixture_open(arena, vector->zone),
		.snapshot = snapshot_open(0)};
	fixture_set_order(saved.fixture, order, 3);
	struct slice expected = inspect_once(&saved, max_time_ms);
	buf_init(&text);
	snapshot_write(saved.snapshot, &meta, &text);
	snapshot_close(saved.snapshot);
	ck_assert(!text.failed);
	ck_assert(snapshot_read(arena, SLICE("run.dns"), buf_slice(&text), &data, &error));
	struct run replayed = {.arena = arena,
		.request = saved.request,
		.replay = snapshot_source(arena, &data, SLICE("run.dns"), false)};
	unit_assert_slice(inspect_once(&replayed, 60000), expected);
	buf_free(&text);
}

START_TEST(a_replay_gives_the_same)
{
	const struct vector *vector = vectors_get((size_t)_i / FIXTURE_ORDERS);
	check_replay(vector, (enum fixture_order)(_i % FIXTURE_ORDERS), 60000);
}
END_TEST

/* The time is over after the first answers, or before them. */
START_TEST(a_replay_of_a_run_out_of_time_gives_the_same)
{
	check_replay(vectors_get((size_t)_i), FIXTURE_ONE_BY_ONE, 1);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("replay");
	TCase *tests = tcase_create("replay");
	vectors_read();
	inspection_begin();
	int count = (int)vectors_count();
	tcase_add_loop_test(tests, a_replay_gives_the_same, 0, count * FIXTURE_ORDERS);
	tcase_add_loop_test(tests, a_replay_of_a_run_out_of_time_gives_the_same, 0, count);
	suite_add_tcase(suite, tests);
	int status = unit_run(suite);
	inspection_end();
	vectors_free();
	return status;
}
