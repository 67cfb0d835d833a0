/* driver: runs evaluators, asks what they miss, runs them again; see driver.h.
 *
 *     next() -> job -> ready -> run -> done()
 *                        ^        |
 *                        |        v missing questions go to the source
 *                        +---- waiting, until one of them is answered or --max-time has passed
 *
 * A job runs again as soon as one answer came, not when all have: what depends on a fast answer is asked
 * while a slow one is still awaited. The source's sink only stores; jobs run in the loop here.
 *
 * Two ways out for lack of memory: `escape` of table, views and evaluators, armed anew for each step,
 * because deliver() catches its own (it must not jump over the frames of a source); `source_escape` of the
 * source.
 */
#include "inspect/driver.h"

#include <search.h>
#include <stdlib.h>
#include <time.h>

#define LONGEST_WAIT_MS 100 /* between two calls of tick(), or of next() after it said "again" */

/* Runs of one inspection: each is started by an answer to one of its questions, and one more by the end of
 * its time. */
#define MAX_RUNS ((size_t)VIEW_MAX_QUESTIONS * (VIEW_MAX_CHAIN + 1) + 2)

/* One job waits for one question. Chained with the others that wait for it. */
struct link {
	struct job *job;
	struct awaited *awaited; /* NULL: answered meanwhile */
	struct link *before, *after;
};

/* A question that jobs wait for. Invariant: `question` comes first (the tree compares questions); has at
 * least one link. */
struct awaited {
	struct question question;
	struct link *first;
	struct awaited *older, *newer; /* all of them */
	char wire[NAME_MAX_WIRE];
};

struct job {
	struct inspect_request request;
	size_t ticket;
	struct view *view; /* NULL: the job is free */
	int64_t started_ms;
	size_t runs;
	bool expired;
	bool is_ready;
	struct job *next_ready;
	struct link *links; /* what it waits for since its last run */
	size_t link_count;
	size_t link_capacity;
	struct job *started_before, *started_after; /* jobs in flight, the oldest first */
	struct job *next_free;
	struct job *next_made; /* all jobs, for the end */
};

struct driver {
	const struct driver_options *options;
	const struct driver_client *client;
	struct escape escape;
	struct escape source_escape;
	struct source *source;
	struct table *table;
	struct arena scratch; /* of the run that is going on */
	void *awaited;
	struct awaited *newest_awaited;
	struct job *made;
	struct job *free;
	struct job *oldest, *youngest;
	struct job *first_ready, *last_ready;
	size_t in_flight;
	size_t open; /* questions asked and not answered */
	bool input_ended;
	bool input_later; /* next() said "again", and nothing was done since */
	bool out_of_memory;
	bool broken; /* one of our own rules does not hold */
	const char *why;
};

static int64_t clock_ms(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* --- who waits for what --- */

static struct awaited *find_awaited(const struct driver *driver, const struct question *question)
{
	struct awaited *const *node = tfind(question, &driver->awaited, question_order);
	return node == NULL ? NULL : *node;
}

static struct awaited *add_awaited(struct driver *driver, const struct question *question)
{
	struct awaited *awaited = escape_malloc(&driver->escape, sizeof *awaited);
	*awaited = (struct awaited){.older = driver->newest_awaited};
	memcpy(awaited->wire, question->name.wire, question->name.len);
	awaited->question = (struct question){{awaited->wire, question->name.len}, question->type};
	if (driver->newest_awaited != NULL)
		driver->newest_awaited->newer = awaited;
	driver->newest_awaited = awaited;
	if (tsearch(awaited, &driver->awaited, question_order) == NULL)
		escape_out_of_memory(&driver->escape);
	return awaited;
}

static void remove_awaited(struct driver *driver, struct awaited *awaited)
{
	tdelete(awaited, &driver->awaited, question_order);
	if (awaited->newer != NULL)
		awaited->newer->older = awaited->older;
	else
		driver->newest_awaited = awaited->older;
	if (awaited->older != NULL)
		awaited->older->newer = awaited->newer;
	free(awaited);
}

static void unlink_from_question(struct driver *driver, struct link *link)
{
	struct awaited *awaited = link->awaited;
	if (awaited == NULL)
		return;
	if (link->before != NULL)
		link->before->after = link->after;
	else
		awaited->first = link->after;
	if (link->after != NULL)
		link->after->before = link->before;
	link->awaited = NULL;
	if (awaited->first == NULL)
		remove_awaited(driver, awaited);
}

static void stop_waiting(struct driver *driver, struct job *job)
{
	for (size_t i = 0; i < job->link_count; i++)
		unlink_from_question(driver, &job->links[i]);
	job->link_count = 0;
}

/* Room for `count` links; none is in use. */
static void reserve_links(struct driver *driver, struct job *job, size_t count)
{
	if (count <= job->link_capacity)
		return;
	size_t capacity = count * 2;
	job->links = escape_realloc(&driver->escape, job->links, capacity * sizeof *job->links);
	job->link_capacity = capacity;
}

static void wait_for(struct driver *driver, struct job *job, const struct question *question)
{
	struct awaited *awaited = find_awaited(driver, question);
	if (awaited == NULL)
		awaited = add_awaited(driver, question);
	struct link *link = &job->links[job->link_count++];
	*link = (struct link){.job = job, .awaited = awaited, .after = awaited->first};
	if (awaited->first != NULL)
		awaited->first->before = link;
	awaited->first = link;
}

static void start_waiting(struct driver *driver, struct job *job)
{
	size_t count;
	const struct question *waiting = view_waiting(job->view, &count);
	reserve_links(driver, job, count);
	for (size_t i = 0; i < count; i++)
		wait_for(driver, job, &waiting[i]);
}

/* --- ready jobs --- */

static void make_ready(struct driver *driver, struct job *job)
{
	if (job->is_ready)
		return;
	job->is_ready = true;
	job->next_ready = NULL;
	if (driver->last_ready != NULL)
		driver->last_ready->next_ready = job;
	else
		driver->first_ready = job;
	driver->last_ready = job;
}

static struct job *take_ready(struct driver *driver)
{
	struct job *job = driver->first_ready;
	if (job == NULL)
		return NULL;
	driver->first_ready = job->next_ready;
	if (driver->first_ready == NULL)
		driver->last_ready = NULL;
	job->is_ready = false;
	return job;
}

/* Everybody who waits for this question can go on. */
static void wake(struct driver *driver, const struct question *question)
{
	struct awaited *awaited = find_awaited(driver, question);
	if (awaited == NULL)
		return;
	for (struct link *link = awaited->first; link != NULL; link = link->after) {
		link->awaited = NULL;
		make_ready(driver, link->job);
	}
	remove_awaited(driver, awaited);
}

/* The source's sink: stores, and no more. Lack of memory is noted for the loop. */
static void deliver(void *context, const struct answer *answer)
{
	struct driver *driver = context;
	if (driver->out_of_memory || setjmp(driver->escape.env) != 0) {
		driver->out_of_memory = true;
		return;
	}
	int64_t now_ms = clock_ms();
	const struct table_entry *entry = table_find(driver->table, &answer->question, now_ms);
	bool was_open = entry != NULL && table_entry_answer(entry) == NULL;
	table_store(driver->table, answer, now_ms);
	if (!was_open)
		return;
	driver->open--;
	wake(driver, &answer->question);
}

/* --- life of a job --- */

static struct job *get_free_job(struct driver *driver)
{
	struct job *job = driver->free;
	if (job != NULL)
		return job;
	job = escape_malloc(&driver->escape, sizeof *job);
	*job = (struct job){.next_made = driver->made};
	driver->made = job;
	driver->free = job;
	return job;
}

static void start_job(
	struct driver *driver, struct job *job, const struct inspect_request *request, size_t ticket)
{
	job->view = view_open(driver->table, &driver->escape);
	driver->free = job->next_free;
	job->request = *request;
	job->ticket = ticket;
	job->started_ms = clock_ms();
	job->runs = 0;
	job->expired = false;
	job->started_before = driver->youngest;
	job->started_after = NULL;
	if (driver->youngest != NULL)
		driver->youngest->started_after = job;
	else
		driver->oldest = job;
	driver->youngest = job;
	driver->in_flight++;
	make_ready(driver, job);
}

static void end_job(struct driver *driver, struct job *job)
{
	stop_waiting(driver, job);
	view_close(job->view);
	job->view = NULL;
	if (job->started_before != NULL)
		job->started_before->started_after = job->started_after;
	else
		driver->oldest = job->started_after;
	if (job->started_after != NULL)
		job->started_after->started_before = job->started_before;
	else
		driver->youngest = job->started_before;
	driver->in_flight--;
	driver->input_later = false;
	job->next_free = driver->free;
	driver->free = job;
}

static void fill_window(struct driver *driver)
{
	driver->input_later = false;
	while (!driver->input_ended && !driver->input_later &&
		driver->in_flight < driver->options->concurrency) {
		struct job *job = get_free_job(driver);
		struct inspect_request request;
		size_t ticket;
		bool again = false;
		if (driver->client->next(driver->client->context, &request, &ticket, &again))
			start_job(driver, job, &request, ticket);
		else if (again)
			driver->input_later = true;
		else
			driver->input_ended = true;
	}
}

static void hand_out(struct driver *driver, struct job *job, struct verdict *verdict)
{
	size_t questions = view_questions(job->view);
	size_t asked = view_asked(job->view);
	verdict->cost = (struct verdict_cost){.queries = asked,
		.from_cache = questions > asked ? questions - asked : 0,
		.elapsed_ms = clock_ms() - job->started_ms};
	driver->client->done(driver->client->context, job->ticket, verdict);
}

static enum eval_state evaluate(struct driver *driver, struct job *job, struct verdict *out)
{
	const struct driver_client *client = driver->client;
	if (client->evaluate == NULL)
		return inspect(&job->request, job->view, &driver->scratch, out);
	return client->evaluate(
		client->context, job->ticket, &job->request, job->view, &driver->scratch, out);
}

/* One run of the evaluators; what it found goes with the scratch memory. */
static void run_job(struct driver *driver, struct job *job)
{
	stop_waiting(driver, job);
	view_begin_run(job->view, clock_ms());
	struct verdict verdict;
	if (evaluate(driver, job, &verdict) == EVAL_DONE) {
		hand_out(driver, job, &verdict);
		end_job(driver, job);
	} else {
		start_waiting(driver, job);
		bool is_late = job->expired && !source_can_give_up(driver->source);
		driver->broken = driver->broken || is_late || ++job->runs > MAX_RUNS;
	}
	arena_free(&driver->scratch);
}

static bool guarded_give_up(struct driver *driver, const struct job *job)
{
	size_t count;
	const struct question *waiting = view_waiting(job->view, &count);
	if (setjmp(driver->source_escape.env) != 0)
		return false;
	source_give_up(driver->source, waiting, count);
	return !driver->out_of_memory;
}

/* The time of these jobs is over: they run once more with what there is, or, when the source can give up,
 * with what it then says. Jobs are in the order of their deadlines. */
static bool expire_jobs(struct driver *driver)
{
	int64_t now_ms = clock_ms();
	for (struct job *job = driver->oldest; job != NULL; job = job->started_after) {
		if (now_ms - job->started_ms < driver->options->max_time_ms)
			break;
		if (job->expired)
			continue;
		job->expired = true;
		if (!source_can_give_up(driver->source))
			view_expire(job->view);
		else if (!guarded_give_up(driver, job))
			return false;
		make_ready(driver, job);
	}
	return true;
}

/* --- steps of the loop, each with its way out --- */

static bool guarded_fill(struct driver *driver)
{
	if (setjmp(driver->escape.env) != 0)
		return false;
	fill_window(driver);
	return true;
}

static bool guarded_run(struct driver *driver, struct job *job)
{
	if (setjmp(driver->escape.env) != 0)
		return false;
	run_job(driver, job);
	return true;
}

static bool guarded_ask(struct driver *driver, const struct question *questions, size_t count)
{
	if (setjmp(driver->source_escape.env) != 0)
		return false;
	source_ask(driver->source, questions, count);
	return !driver->out_of_memory;
}

static bool guarded_wait(struct driver *driver, int timeout_ms)
{
	if (setjmp(driver->source_escape.env) != 0)
		return false;
	source_wait(driver->source, timeout_ms);
	return !driver->out_of_memory;
}

static bool ask_missing(struct driver *driver, const struct job *job)
{
	size_t count;
	const struct question *missing = view_missing(job->view, &count);
	driver->open += count;
	if (job->expired)
		return guarded_give_up(driver, job);
	return count == 0 || guarded_ask(driver, missing, count);
}

static bool run_ready_jobs(struct driver *driver)
{
	for (;;) {
		struct job *job = take_ready(driver);
		if (job == NULL)
			return true;
		if (!guarded_run(driver, job))
			return false;
		if (job->view != NULL && !ask_missing(driver, job))
			return false;
		if (driver->broken)
			return true;
	}
}

/* Until an answer comes, the next deadline, or the time to look at the input again. */
static bool wait_for_answers(struct driver *driver)
{
	int64_t left_ms = driver->oldest->started_ms + driver->options->max_time_ms - clock_ms();
	bool often = driver->client->tick != NULL || driver->input_later;
	if (often && left_ms > LONGEST_WAIT_MS)
		left_ms = LONGEST_WAIT_MS;
	if (left_ms > 0 && !guarded_wait(driver, (int)left_ms))
		return false;
	if (driver->client->tick != NULL)
		driver->client->tick(driver->client->context);
	return true;
}

/* Nothing is ready. What can still happen is an answer, or, with nothing in flight, the end. */
static bool is_stuck(const struct driver *driver)
{
	return driver->in_flight == 0 ? driver->input_later : driver->open == 0;
}

static enum driver_status loop(struct driver *driver)
{
	for (;;) {
		if (!guarded_fill(driver) || !run_ready_jobs(driver))
			return DRIVER_OUT_OF_MEMORY;
		if (driver->broken)
			return DRIVER_INTERNAL;
		if (driver->in_flight == 0 && driver->input_ended)
			return DRIVER_OK;
		if (driver->in_flight < driver->options->concurrency && !driver->input_ended &&
			!driver->input_later)
			continue; /* places became free */
		if (is_stuck(driver))
			return DRIVER_INTERNAL;
		if (!wait_for_answers(driver) || !expire_jobs(driver))
			return DRIVER_OUT_OF_MEMORY;
	}
}

/* --- beginning and end --- */

static bool guarded_open_table(struct driver *driver)
{
	if (setjmp(driver->escape.env) != 0)
		return false;
	driver->table = table_open(DRIVER_TABLE_BYTES, &driver->escape);
	return true;
}

static enum driver_status open_source(struct driver *driver)
{
	if (setjmp(driver->source_escape.env) != 0)
		return DRIVER_OUT_OF_MEMORY;
	driver->source = driver->options->open_source(driver->options->source_context,
		(struct source_sink){deliver, driver}, &driver->source_escape, &driver->why);
	return driver->source == NULL ? DRIVER_NO_SOURCE : DRIVER_OK;
}

static void close_all(struct driver *driver)
{
	if (driver->source != NULL)
		source_close(driver->source);
	while (driver->newest_awaited != NULL)
		remove_awaited(driver, driver->newest_awaited);
	for (struct job *job = driver->made, *next; job != NULL; job = next) {
		next = job->next_made;
		if (job->view != NULL)
			view_close(job->view);
		free(job->links);
		free(job);
	}
	arena_free(&driver->scratch);
	if (driver->table != NULL)
		table_close(driver->table);
}

static enum driver_status run(struct driver *driver)
{
	if (!guarded_open_table(driver))
		return DRIVER_OUT_OF_MEMORY;
	enum driver_status status = open_source(driver);
	return status == DRIVER_OK ? loop(driver) : status;
}

enum driver_status driver_run(
	const struct driver_options *options, const struct driver_client *client, const char **why)
{
	struct driver driver = {.options = options, .client = client};
	driver.escape.fail_at = options->fail_at;
	arena_init(&driver.scratch, &driver.escape);
	enum driver_status status = run(&driver);
	close_all(&driver);
	if (why != NULL)
		*why = driver.why;
	return status;
}
