/* One more run on a full table asks nothing and gives the same verdict (the fixture ends the test when it
 * asks); a verdict depends on nothing but the request and the answers: not on another inspection before it
 * or beside it.
 */
#include "inspect/driver.h"
#include "support/inspection.h"
#include "support/unit.h"
#include "support/vectors.h"

enum { TOGETHER = 4 };

START_TEST(one_more_run_gives_the_same)
{
	const struct vector *vector = vectors_get((size_t)_i);
	struct arena *arena = unit_arena();
	struct inspection inspection;
	const struct inspect_request request = inspection_request_of(arena, vector);
	inspection_run(arena, fixture_open(arena, vector->zone), &request, &inspection);
	ck_assert_uint_eq(inspection.done, 2);
	unit_assert_slice(inspection.json, inspection.first);
}
END_TEST

START_TEST(another_inspection_gives_the_same)
{
	const struct vector *vector = vectors_get((size_t)_i);
	struct arena *arena = unit_arena();
	struct fixture *fixture = fixture_open(arena, vector->zone);
	struct inspection first, second;
	const struct inspect_request request = inspection_request_of(arena, vector);
	inspection_run(arena, fixture, &request, &first);
	inspection_run(arena, fixture, &request, &second);
	unit_assert_slice(second.json, first.json);
}
END_TEST

/* --- through the driver --- */

struct client {
	struct arena *arena;
	struct fixture *fixture;
	struct inspect_request requests[TOGETHER];
	size_t started, finished;
	struct slice expected;
};

static bool next(void *context, struct inspect_request *out, size_t *ticket, bool *again)
{
	struct client *client = context;
	*again = false;
	if (client->started == TOGETHER)
		return false;
	*out = client->requests[client->started];
	*ticket = client->started++;
	return true;
}

static void done(void *context, size_t ticket, const struct verdict *verdict)
{
	struct client *client = context;
	struct verdict copy = *verdict;
	copy.cost = (struct verdict_cost){.elapsed_ms = -1};
	client->finished++;
	if (ticket % 2 == 0)
		unit_assert_slice(inspection_json(client->arena, &copy), client->expected);
}

static struct source *open_source(
	void *context, struct source_sink sink, struct escape *escape, const char **why)
{
	(void)escape, (void)why;
	return fixture_source(((struct client *)context)->fixture, sink);
}

/* Twice the vector's domain, and beside it two others that ask in the same zone. */
static void inspect_together(const struct vector *vector, size_t concurrency)
{
	struct arena *arena = unit_arena();
	struct client client = {.arena = arena, .fixture = fixture_open(arena, vector->zone)};
	struct inspection alone;
	const struct inspect_request request = inspection_request_of(arena, vector);
	inspection_run(arena, client.fixture, &request, &alone);
	client.expected = alone.json;
	client.requests[0] = client.requests[2] = inspection_request_of(arena, vector);
	client.requests[1] = inspection_request(arena, "_spf.example.net");
	client.requests[3] = inspection_request(arena, "mail.example.com");
	fixture_set_order(client.fixture, FIXTURE_SHUFFLED, 7);
	const struct driver_client calls = {.next = next, .done = done, .context = &client};
	const struct driver_options options = {.concurrency = concurrency,
		.max_time_ms = 60000,
		.open_source = open_source,
		.source_context = &client};
	ck_assert_int_eq(driver_run(&options, &calls, NULL), DRIVER_OK);
	ck_assert_uint_eq(client.finished, TOGETHER);
}

START_TEST(inspections_do_not_touch_each_other)
{
	inspect_together(vectors_get((size_t)_i), 1);
	inspect_together(vectors_get((size_t)_i), TOGETHER);
}
END_TEST

int main(void)
{
	vectors_read();
	inspection_begin();
	Suite *suite = suite_create("fixpoint");
	TCase *cases = tcase_create("vectors");
	tcase_set_timeout(cases, 60);
	tcase_add_loop_test(cases, one_more_run_gives_the_same, 0, (int)vectors_count());
	tcase_add_loop_test(cases, another_inspection_gives_the_same, 0, (int)vectors_count());
	tcase_add_loop_test(cases, inspections_do_not_touch_each_other, 0, (int)vectors_count());
	suite_add_tcase(suite, cases);
	int status = unit_run(suite);
	inspection_end();
	vectors_free();
	return status;
}
