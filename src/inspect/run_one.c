/* run_one: a driver with a single inspection; see run_one.h and driver.h. */
#include "inspect/run_one.h"

struct runner {
	const struct run_one *work;
	struct arena *scratch; /* of the last run */
	bool is_taken;
};

static bool next(void *context, struct inspect_request *out, size_t *ticket, bool *again)
{
	struct runner *runner = context;
	bool is_first = !runner->is_taken;
	(void)again;
	runner->is_taken = true;
	*out = (struct inspect_request){.psl = NULL};
	*ticket = 0;
	return is_first;
}

static enum eval_state evaluate(void *context, size_t ticket, const struct inspect_request *request,
	struct view *view, struct arena *scratch, struct verdict *out)
{
	struct runner *runner = context;
	(void)ticket;
	(void)request;
	runner->scratch = scratch;
	*out = (struct verdict){.input_line = 0};
	return runner->work->evaluate(runner->work->context, view, scratch);
}

static void done(void *context, size_t ticket, const struct verdict *verdict)
{
	struct runner *runner = context;
	(void)ticket;
	runner->work->done(runner->work->context, runner->scratch, &verdict->cost);
}

enum driver_status run_one(const struct driver_options *options, const struct run_one *work, const char **why)
{
	struct runner runner = {.work = work};
	struct driver_options single = *options;
	const struct driver_client client = {
		.next = next, .done = done, .context = &runner, .evaluate = evaluate};
	single.concurrency = 1;
	return driver_run(&single, &client, why);
}
