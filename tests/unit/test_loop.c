/* Tests of loop: sockets that come and go. */
#include "dns/loop.h"

#include <unistd.h>

#include "support/unit.h"

#define PAIRS 100 /* more than the first capacity */

struct pair {
	int fds[2]; /* what is written to [1] is read from [0] */
};

static void open_pair(struct pair *pair)
{
	ck_assert_int_eq(pipe(pair->fds), 0);
}

static void close_pair(const struct pair *pair)
{
	close(pair->fds[0]);
	close(pair->fds[1]);
}

START_TEST(test_ready)
{
	struct loop loop;
	struct loop_entry entry;
	struct pair pairs[PAIRS];
	loop_init(&loop);
	for (size_t i = 0; i < PAIRS; i++) {
		open_pair(&pairs[i]);
		loop_watch(&loop, pairs[i].fds[0], POLLIN, &pairs[i]);
	}
	ck_assert_uint_eq(loop.count, PAIRS);
	loop_poll(&loop, 0);
	ck_assert(!loop_next(&loop, &entry));
	for (size_t i = 0; i < PAIRS; i += 7)
		ck_assert_int_eq(write(pairs[i].fds[1], "x", 1), 1);
	loop_poll(&loop, -1);
	size_t ready = 0;
	for (; loop_next(&loop, &entry); ready++) {
		const struct pair *pair = entry.owner;
		ck_assert_int_eq((pair - pairs) % 7, 0);
		ck_assert_int_eq(entry.fd, pair->fds[0]);
		ck_assert_int_eq(entry.events, POLLIN);
	}
	ck_assert_uint_eq(ready, (PAIRS + 6) / 7);
	for (size_t i = 0; i < PAIRS; i++) {
		loop_watch(&loop, pairs[i].fds[0], 0, NULL);
		close_pair(&pairs[i]);
	}
	ck_assert_uint_eq(loop.count, 0);
	loop_free(&loop);
}
END_TEST

/* A ready socket that another one's handler has given up, or given to somebody else, is not handed out. */
START_TEST(test_gone_while_ready)
{
	struct loop loop;
	struct loop_entry entry;
	struct pair pairs[3];
	loop_init(&loop);
	for (size_t i = 0; i < 3; i++) {
		open_pair(&pairs[i]);
		loop_watch(&loop, pairs[i].fds[0], POLLIN, &pairs[i]);
		ck_assert_int_eq(write(pairs[i].fds[1], "x", 1), 1);
	}
	loop_poll(&loop, -1);
	loop_watch(&loop, pairs[0].fds[0], 0, NULL);
	loop_watch(&loop, pairs[1].fds[0], POLLIN, &loop);
	ck_assert(loop_next(&loop, &entry));
	ck_assert_ptr_eq(entry.owner, &pairs[2]);
	ck_assert(!loop_next(&loop, &entry));
	for (size_t i = 0; i < 3; i++)
		close_pair(&pairs[i]);
	loop_free(&loop);
}
END_TEST

START_TEST(test_events)
{
	struct loop loop;
	struct loop_entry entry;
	struct pair pair;
	loop_init(&loop);
	open_pair(&pair);
	loop_watch(&loop, pair.fds[1], POLLIN | POLLOUT, &pair);
	loop_poll(&loop, -1);
	ck_assert(loop_next(&loop, &entry));
	ck_assert_int_eq(entry.events, POLLOUT);
	/* In place of the first; an error shows as both. */
	loop_watch(&loop, pair.fds[1], POLLIN, &pair);
	ck_assert_uint_eq(loop.count, 1);
	close(pair.fds[0]);
	loop_poll(&loop, -1);
	ck_assert(loop_next(&loop, &entry));
	ck_assert_int_eq(entry.events, POLLIN | POLLOUT);
	loop_watch(&loop, 1000, 0, NULL); /* never watched */
	close(pair.fds[1]);
	loop_free(&loop);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("loop");
	TCase *tcase = tcase_create("loop");
	tcase_add_test(tcase, test_ready);
	tcase_add_test(tcase, test_gone_while_ready);
	tcase_add_test(tcase, test_events);
	suite_add_tcase(suite, tcase);
	return unit_run(suite);
}
