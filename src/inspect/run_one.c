/* run_one: see run_one.h.
 *
 *     evaluate -> missing questions -> source -> an answer, or the end of the time -> evaluate ... -> done
 *
 * The evaluator runs again as soon as one answer came: what depends on it is asked while others are still
 * awaited. Lack of memory has two ways out, as in driver.c: deliver() must not jump over the frames of a
 * source, so it notes and returns.
 */
#include "inspect/run_one.h"

#include <time.h>

/* Each run is started by an answer to one of its questions, and one more by the end of its time. */
#define MAX_RUNS ((size_t)VIEW_MAX_QUESTIONS * (VIEW_MAX_CHAIN + 1) + 2)

struct runner {
	const struct driver_options *options;
	const struct run_one *work;
	struct escape escape; /* of table, view and evaluator */
	struct escape source_escape;
	struct source *source;
	struct table *table;
	struct view *view;
	struct arena scratch;
	int64_t started_ms;
	size_t open;   /* questions asked and not answered */
	bool answered; /* since the last run */
	bool expired;
	bool out_of_memory;
	const char *why;
};

static int64_t clock_ms(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* The source's sink: stores, and no more. */
static void deliver(void *context, const struct answer *answer)
{
	struct runner *runner = context;
	if (runner->out_of_memory || setjmp(runner->escape.env) != 0) {
		runner->out_of_memory = true;
		return;
	}
	int64_t now_ms = clock_ms();
	const struct table_entry *entry = table_find(runner->table, &answer->question, now_ms);
	bool was_open = entry != NULL && table_entry_answer(entry) == NULL;
	table_store(runner->table, answer, now_ms);
	if (!was_open)
		return;
	runner->open--;
	runner->answered = true;
}

/* --- steps, each with its way out -------------------------------------------------------------- */

static bool guarded_open_table(struct runner *runner)
{
	if (setjmp(runner->escape.env) != 0)
		return false;
	runner->table = table_open(DRIVER_TABLE_BYTES, &runner->escape);
	runner->view = view_open(runner->table, &runner->escape);
	return true;
}

static enum driver_status guarded_open_source(struct runner *runner)
{
	if (setjmp(runner->source_escape.env) != 0)
		return DRIVER_OUT_OF_MEMORY;
	runner->source = runner->options->open_source(runner->options->source_context,
		(struct source_sink){deliver, runner}, &runner->source_escape, &runner->why);
	return runner->source == NULL ? DRIVER_NO_SOURCE : DRIVER_OK;
}

static bool guarded_evaluate(struct runner *runner, enum eval_state *state)
{
	if (setjmp(runner->escape.env) != 0)
		return false;
	arena_free(&runner->scratch);
	runner->answered = false;
	view_begin_run(runner->view, clock_ms());
	*state = runner->work->evaluate(runner->work->context, runner->view, &runner->scratch);
	return true;
}

static bool guarded_done(struct runner *runner)
{
	if (setjmp(runner->escape.env) != 0)
		return false;
	size_t questions = view_questions(runner->view), asked = view_asked(runner->view);
	const struct verdict_cost cost = {.queries = asked,
		.from_cache = questions > asked ? questions - asked : 0,
		.elapsed_ms = clock_ms() - runner->started_ms};
	runner->work->done(runner->work->context, &runner->scratch, &cost);
	return true;
}

static bool guarded_ask(struct runner *runner)
{
	size_t count;
	const struct question *missing = view_missing(runner->view, &count);
	if (setjmp(runner->source_escape.env) != 0)
		return false;
	runner->open += count;
	if (count > 0)
		source_ask(runner->source, missing, count);
	return !runner->out_of_memory;
}

static bool guarded_give_up(struct runner *runner)
{
	size_t count;
	const struct question *waiting = view_waiting(runner->view, &count);
	if (setjmp(runner->source_escape.env) != 0)
		return false;
	source_give_up(runner->source, waiting, count);
	return !runner->out_of_memory;
}

/* What the last run missed, when its time is over already. */
static bool give_up_missing(struct runner *runner)
{
	size_t count;
	view_missing(runner->view, &count);
	runner->open += count;
	return guarded_give_up(runner);
}

static bool guarded_wait(struct runner *runner, int timeout_ms)
{
	if (setjmp(runner->source_escape.env) != 0)
		return false;
	source_wait(runner->source, timeout_ms);
	return !runner->out_of_memory;
}

/* The time is over: a last run with what there is, or, when the source can give up, with what it then
 * says. */
static bool expire(struct runner *runner)
{
	runner->expired = true;
	if (source_can_give_up(runner->source))
		return guarded_give_up(runner);
	view_expire(runner->view);
	return true;
}

/* Until there is something new: an answer, or the end of the time. */
static bool wait_for_news(struct runner *runner)
{
	while (!runner->answered) {
		int64_t left_ms = runner->started_ms + runner->options->max_time_ms - clock_ms();
		if (left_ms <= 0)
			return expire(runner);
		if (!guarded_wait(runner, (int)left_ms))
			return false;
	}
	return true;
}

static enum driver_status loop(struct runner *runner)
{
	enum eval_state state = EVAL_NEEDS_ANSWERS;
	for (size_t runs = 0; runs < MAX_RUNS; runs++) {
		if (!guarded_evaluate(runner, &state))
			return DRIVER_OUT_OF_MEMORY;
		if (state == EVAL_DONE)
			return guarded_done(runner) ? DRIVER_OK : DRIVER_OUT_OF_MEMORY;
		if (runner->expired && !source_can_give_up(runner->source))
			return DRIVER_INTERNAL;
		if (!(runner->expired ? give_up_missing(runner) : guarded_ask(runner)))
			return DRIVER_OUT_OF_MEMORY;
		if (runner->open == 0 && !runner->answered)
			return DRIVER_INTERNAL;
		if (!wait_for_news(runner))
			return DRIVER_OUT_OF_MEMORY;
	}
	return DRIVER_INTERNAL;
}

static void close_all(struct runner *runner)
{
	if (runner->source != NULL)
		source_close(runner->source);
	arena_free(&runner->scratch);
	if (runner->view != NULL)
		view_close(runner->view);
	if (runner->table != NULL)
		table_close(runner->table);
}

enum driver_status run_one(const struct driver_options *options, const struct run_one *work, const char **why)
{
	struct runner runner = {.options = options, .work = work, .started_ms = clock_ms()};
	runner.escape.fail_at = options->fail_at;
	arena_init(&runner.scratch, &runner.escape);
	enum driver_status status = DRIVER_OUT_OF_MEMORY;
	if (guarded_open_table(&runner))
		status = guarded_open_source(&runner);
	if (status == DRIVER_OK)
		status = loop(&runner);
	close_all(&runner);
	if (why != NULL)
		*why = runner.why;
	return status;
}
