/* pool: drivers on threads over one ordered output; see pool.h.
 *
 * A job gets the next number when it is read and a slot in a ring, where its bytes wait for those before
 * it:
 *
 *     number    emitted ... done done busy done ... taken      busy: nothing behind it can leave yet
 *     slot      number % window
 *
 * Two locks, always taken in this order: `input` while next() reads (it may block), `state` for everything
 * else, never held while a callback of the client runs, except tick().
 */
#include "inspect/pool.h"

#include <pthread.h>
#include <stdlib.h>

/* A job from next() to emit(). The arena belongs to the thread that inspects, the bytes to whoever holds
 * `state`. */
struct slot {
	struct arena arena;
	struct buf bytes;
	int mark;
	bool is_done;
};

struct pool {
	const struct pool_options *options;
	const struct pool_client *client;
	size_t window;
	struct slot *slots;
	pthread_mutex_t input;
	bool input_ended; /* guarded by `input` */
	pthread_mutex_t state;
	pthread_cond_t room; /* something was emitted, or everything stops */
	size_t taken, finished, emitted;
	bool emitting; /* a thread is in emit() */
	bool stopped;  /* the output is broken or a thread has failed */
	struct pool_stats stats;
};

struct worker {
	struct pool *pool;
	pthread_t thread;
	bool has_thread;
	size_t in_flight;
	struct escape escape;
	enum driver_status status;
	const char *why;
};

static void lock(pthread_mutex_t *mutex)
{
	pthread_mutex_lock(mutex);
}

static void unlock(pthread_mutex_t *mutex)
{
	pthread_mutex_unlock(mutex);
}

/* --- output --- */

/* Takes the oldest job off the ring when it is done. Holds `state`. */
static bool take_oldest(struct pool *pool, struct buf *bytes, int *mark)
{
	struct slot *slot = &pool->slots[pool->emitted % pool->window];
	if (pool->stopped || pool->emitted == pool->taken || !slot->is_done)
		return false;
	*bytes = slot->bytes;
	*mark = slot->mark;
	slot->is_done = false;
	buf_init(&slot->bytes);
	return true;
}

/* Emits what can leave. Only one thread does; the others go back to work. Holds `state` but not during
 * emit(). */
static void drain(struct pool *pool)
{
	struct buf bytes;
	int mark;
	if (pool->emitting)
		return;
	pool->emitting = true;
	while (take_oldest(pool, &bytes, &mark)) {
		unlock(&pool->state);
		bool written = pool->client->emit(pool->client->context, buf_slice(&bytes), mark);
		buf_free(&bytes);
		lock(&pool->state);
		pool->emitted++;
		pool->stats.output_failed = pool->stats.output_failed || !written;
		pool->stopped = pool->stopped || !written;
		pthread_cond_broadcast(&pool->room);
	}
	pool->emitting = false;
}

static void stop(struct pool *pool)
{
	lock(&pool->state);
	pool->stopped = true;
	pthread_cond_broadcast(&pool->room);
	unlock(&pool->state);
}

/* tick(), but not beside emit(): both may write to the same terminal. Holds `state`. */
static void show_progress(struct pool *pool)
{
	if (pool->client->tick != NULL && !pool->emitting)
		pool->client->tick(pool->client->context, pool->finished);
}

static void finish_slot(struct pool *pool, struct slot *slot, int mark)
{
	arena_free(&slot->arena);
	lock(&pool->state);
	slot->mark = mark;
	slot->is_done = true;
	pool->finished++;
	drain(pool);
	show_progress(pool);
	unlock(&pool->state);
}

/* --- input --- */

/* True when the ring has a place for the next job. A thread with nothing else to do waits for one. Holds
 * `input`. */
static bool has_room(struct pool *pool, bool may_wait)
{
	lock(&pool->state);
	while (may_wait && !pool->stopped && pool->taken - pool->emitted == pool->window)
		pthread_cond_wait(&pool->room, &pool->state);
	bool room = !pool->stopped && pool->taken - pool->emitted < pool->window;
	unlock(&pool->state);
	return room;
}

static bool is_stopped(struct pool *pool)
{
	lock(&pool->state);
	bool stopped = pool->stopped;
	unlock(&pool->state);
	return stopped;
}

/* next(), with lack of memory as the end. */
static enum pool_next read_job(
	struct worker *worker, struct slot *slot, bool may_wait, struct pool_job *job, bool *failed)
{
	arena_init(&slot->arena, &worker->escape);
	if (setjmp(worker->escape.env) != 0) {
		*failed = true;
		return POOL_END;
	}
	const struct pool_client *client = worker->pool->client;
	return client->next(client->context, may_wait, &slot->arena, job);
}

static void count_taken(struct pool *pool)
{
	lock(&pool->state);
	pool->taken++;
	pool->stats.jobs++;
	if (pool->taken - pool->emitted > pool->stats.most_held)
		pool->stats.most_held = pool->taken - pool->emitted;
	unlock(&pool->state);
}

/* The next job and its number. Holds `input`, so only this thread moves `taken`. */
static enum pool_next take_job(struct worker *worker, bool may_wait, struct pool_job *job, size_t *number)
{
	struct pool *pool = worker->pool;
	if (pool->input_ended)
		return POOL_END;
	if (!has_room(pool, may_wait))
		return is_stopped(pool) ? POOL_END : POOL_NOT_YET;
	bool failed = false;
	*number = pool->taken;
	struct slot *slot = &pool->slots[*number % pool->window];
	enum pool_next what = read_job(worker, slot, may_wait, job, &failed);
	if (what == POOL_JOB) {
		count_taken(pool);
		return POOL_JOB;
	}
	arena_free(&slot->arena);
	pool->input_ended = what == POOL_END;
	if (failed) {
		worker->status = DRIVER_OUT_OF_MEMORY;
		stop(pool);
	}
	return what;
}

/* --- between the driver and the pool --- */

/* render(), with lack of memory as a failure. */
static bool render(
	struct worker *worker, struct slot *slot, struct verdict *verdict, struct arena *scratch, int *mark)
{
	struct escape *escape = scratch->escape;
	scratch->escape = &worker->escape;
	bool rendered = false;
	if (setjmp(worker->escape.env) == 0) {
		const struct pool_client *client = worker->pool->client;
		*mark = client->render(client->context, verdict, scratch, &slot->bytes);
		rendered = !slot->bytes.failed;
	}
	scratch->escape = escape;
	return rendered;
}

static void render_slot(struct worker *worker, size_t number, struct verdict *verdict, struct arena *scratch)
{
	struct pool *pool = worker->pool;
	struct slot *slot = &pool->slots[number % pool->window];
	int mark = 0;
	if (!render(worker, slot, verdict, scratch, &mark)) {
		worker->status = DRIVER_OUT_OF_MEMORY;
		stop(pool);
	}
	finish_slot(pool, slot, mark);
}

/* A line that is no domain: its verdict is known at once. */
static void render_bad_line(struct worker *worker, size_t number, const struct pool_job *job)
{
	struct slot *slot = &worker->pool->slots[number % worker->pool->window];
	struct verdict verdict = {.input = job->request.input,
		.input_line = job->request.input_line,
		.error = job->error,
		.level = VERDICT_UNKNOWN,
		.cost.elapsed_ms = -1};
	findings_init(&verdict.findings, &slot->arena);
	render_slot(worker, number, &verdict, &slot->arena);
}

/* Without work of its own a thread waits its turn at the input; else it comes back later. */
static bool lock_input(struct worker *worker)
{
	if (worker->in_flight > 0)
		return pthread_mutex_trylock(&worker->pool->input) == 0;
	lock(&worker->pool->input);
	return true;
}

static bool next(void *context, struct inspect_request *out, size_t *ticket, bool *again)
{
	struct worker *worker = context;
	struct pool_job job;
	for (;;) {
		*again = true;
		if (!lock_input(worker))
			return false;
		enum pool_next what = take_job(worker, worker->in_flight == 0, &job, ticket);
		unlock(&worker->pool->input);
		*again = what == POOL_NOT_YET;
		if (what != POOL_JOB)
			return false;
		if (job.error.len == 0)
			break;
		render_bad_line(worker, *ticket, &job);
	}
	*out = job.request;
	worker->in_flight++;
	return true;
}

static void done(void *context, size_t ticket, const struct verdict *verdict)
{
	struct worker *worker = context;
	struct verdict copy = *verdict; /* its own, to filter; what it points to in the original lives on */
	worker->in_flight--;
	render_slot(worker, ticket, &copy, copy.findings.arena);
}

/* A progress line lives also while nothing gets finished. */
static void tick(void *context)
{
	struct pool *pool = ((struct worker *)context)->pool;
	lock(&pool->state);
	show_progress(pool);
	unlock(&pool->state);
}

/* --- threads --- */

static void *work(void *argument)
{
	struct worker *worker = argument;
	struct pool *pool = worker->pool;
	const struct driver_client client = {.next = next,
		.done = done,
		.tick = pool->client->tick == NULL ? NULL : tick,
		.context = worker};
	enum driver_status status = driver_run(&pool->options->driver, &client, &worker->why);
	if (worker->status == DRIVER_OK)
		worker->status = status;
	if (worker->status != DRIVER_OK)
		stop(pool);
	return NULL;
}

/* The first worker is the calling thread. */
static void run_workers(struct worker *workers, size_t count)
{
	for (size_t i = 1; i < count; i++)
		workers[i].has_thread = pthread_create(&workers[i].thread, NULL, work, &workers[i]) == 0;
	work(&workers[0]);
	for (size_t i = 1; i < count; i++)
		if (workers[i].has_thread)
			pthread_join(workers[i].thread, NULL);
}

static enum driver_status first_failure(const struct worker *workers, size_t count, const char **why)
{
	for (size_t i = 0; i < count; i++) {
		if (workers[i].status != DRIVER_OK) {
			*why = workers[i].why;
			return workers[i].status;
		}
	}
	return DRIVER_OK;
}

static bool open_pool(struct pool *pool, struct worker **workers)
{
	size_t threads = pool->options->threads;
	pool->window = pool->options->window;
	if (pool->window == 0)
		pool->window = 4 * threads * pool->options->driver.concurrency;
	pool->slots = calloc(pool->window, sizeof *pool->slots);
	*workers = calloc(threads, sizeof **workers);
	if (pool->slots == NULL || *workers == NULL)
		return false;
	for (size_t i = 0; i < pool->window; i++)
		buf_init(&pool->slots[i].bytes);
	for (size_t i = 0; i < threads; i++)
		(*workers)[i].pool = pool;
	return pthread_mutex_init(&pool->input, NULL) == 0 && pthread_mutex_init(&pool->state, NULL) == 0 &&
	       pthread_cond_init(&pool->room, NULL) == 0;
}

/* Jobs that a failed run left behind still have bytes and memory. */
static void free_slots(struct pool *pool)
{
	for (size_t i = 0; pool->slots != NULL && i < pool->window; i++) {
		arena_free(&pool->slots[i].arena);
		buf_free(&pool->slots[i].bytes);
	}
	free(pool->slots);
}

enum driver_status pool_run(const struct pool_options *options, const struct pool_client *client,
	struct pool_stats *stats, const char **why)
{
	struct pool pool = {.options = options, .client = client};
	struct worker *workers = NULL;
	const char *reason = NULL;
	enum driver_status status = DRIVER_OUT_OF_MEMORY;
	if (open_pool(&pool, &workers)) {
		run_workers(workers, options->threads);
		status = first_failure(workers, options->threads, &reason);
		pthread_mutex_destroy(&pool.input);
		pthread_mutex_destroy(&pool.state);
		pthread_cond_destroy(&pool.room);
	}
	free_slots(&pool);
	free(workers);
	if (stats != NULL)
		*stats = pool.stats;
	if (why != NULL)
		*why = reason;
	return status;
}
