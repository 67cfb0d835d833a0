/* The verdict does not depend on the order in which answers come: for each vector, all at once, one by one,
 * reversed, and shuffled with many seeds give the same bytes.
 */
#include "support/inspection.h"
#include "support/unit.h"
#include "support/vectors.h"

#include <stdlib.h>

enum { SEEDS = 20 };

static struct slice verdict_in_order(const struct vector *vector, enum fixture_order order, unsigned seed)
{
	struct arena *arena = unit_arena();
	struct fixture *fixture = fixture_open(arena, vector->zone);
	struct inspection inspection;
	fixture_set_order(fixture, order, seed);
	const struct inspect_request request = inspection_request_of(arena, vector);
	inspection_run(arena, fixture, &request, &inspection);
	return inspection.json;
}

/* What the first order gave, kept over unit_arena(). */
struct expected {
	char *bytes;
	size_t len;
};

static void compare(
	const struct vector *vector, const struct expected *expected, enum fixture_order order, unsigned seed)
{
	struct slice json = verdict_in_order(vector, order, seed);
	if (!slice_equal(json, slice_of(expected->bytes, expected->len)))
		ck_abort_msg("%s: order %d, seed %u:\n%.*s\nall at once:\n%.*s", vector->name, (int)order,
			seed, (int)json.len, json.ptr, (int)expected->len, expected->bytes);
}

START_TEST(the_order_of_answers_changes_nothing)
{
	const struct vector *vector = vectors_get((size_t)_i);
	struct slice json = verdict_in_order(vector, FIXTURE_ALL, 0);
	struct expected expected = {malloc(json.len + 1), json.len};
	ck_assert_ptr_nonnull(expected.bytes);
	memcpy(expected.bytes, json.ptr, json.len);
	compare(vector, &expected, FIXTURE_ALL, 0);
	compare(vector, &expected, FIXTURE_ONE_BY_ONE, 0);
	compare(vector, &expected, FIXTURE_REVERSED, 0);
	for (unsigned seed = 1; seed <= SEEDS; seed++)
		compare(vector, &expected, FIXTURE_SHUFFLED, seed);
	free(expected.bytes);
}
END_TEST

int main(void)
{
	vectors_read();
	inspection_begin();
	Suite *suite = suite_create("order");
	TCase *cases = tcase_create("vectors");
	tcase_set_timeout(cases, 60);
	tcase_add_loop_test(cases, the_order_of_answers_changes_nothing, 0, (int)vectors_count());
	suite_add_tcase(suite, cases);
	int status = unit_run(suite);
	inspection_end();
	vectors_free();
	return status;
}
