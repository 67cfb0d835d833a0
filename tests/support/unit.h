/* unit: what every unit test needs: a runner, an arena, and a test for lack of memory. */
#ifndef SUPPORT_UNIT_H
#define SUPPORT_UNIT_H

#include <check.h>

#include "base/arena.h"

/* Runs the suite (consumed) and returns the exit status of main(): 0 when everything passed and something
 * ran. */
int unit_run(Suite *suite);

/* An arena for the running test; running out of memory fails the test. Freed by unit_run() or with the
 * test's process. */
struct arena *unit_arena(void);

/* Runs `work` with the n-th request for memory failing, for n = 1, 2, ... until it gets through; fails the
 * test if a failure is not answered by leaving through the escape. Everything that `work` allocates must
 * come from the arena or its escape. */
void unit_fail_every_allocation(void (*work)(struct arena *arena, void *context), void *context);

/* Asserts that two runs of bytes are equal, and prints both when they are not. */
#define unit_assert_slice(actual, expected) unit_assert_slice_at(__FILE__, __LINE__, (actual), (expected))
void unit_assert_slice_at(const char *file, int line, struct slice actual, struct slice expected);

/* Asserts that `part` stands in `text`, byte for byte; that it stands there in no spelling of its letters. */
void unit_assert_has(struct slice text, const char *part);
void unit_assert_has_not(struct slice text, const char *part);

#endif
