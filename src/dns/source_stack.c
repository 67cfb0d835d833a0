/* source_stack: local sources over the network; see source_stack.h.
 *
 * What a local source knows is delivered while it is asked. From below comes the rest, with two
 * corrections: a name that a local source proves to exist is not NXDOMAIN, and what nobody asked (the
 * rest of a chain) is dropped where a local source decides.
 */
#include "dns/source_stack.h"

#include <stdlib.h>

struct source_stack {
	struct source base;
	struct local_source *const *locals;
	size_t count;
	struct source *below; /* NULL: offline */
	struct arena arena;   /* for one answer, or one batch, at a time */
};

static void deliver(const struct source_stack *stack, const struct answer *answer)
{
	stack->base.sink.deliver(stack->base.sink.context, answer);
}

/* The first local source that is authoritative answers, into the stack's arena. */
static bool lookup(struct source_stack *stack, const struct question *question, struct answer *out)
{
	for (size_t i = 0; i < stack->count; i++)
		if (stack->locals[i]->ops->lookup(stack->locals[i], &stack->arena, question, out))
			return true;
	return false;
}

static bool name_exists(const struct source_stack *stack, struct name name)
{
	for (size_t i = 0; i < stack->count; i++)
		if (stack->locals[i]->ops->name_exists(stack->locals[i], name))
			return true;
	return false;
}

/* NXDOMAIN for a name that another source proves to exist is an empty non-terminal: RFC 4592 2.2.2. */
static void correct(const struct source_stack *stack, struct answer *answer)
{
	if (answer->kind != ANSWER_NXDOMAIN || !name_exists(stack, answer->question.name))
		return;
	answer->kind = ANSWER_NODATA;
	answer->rcode = 0;
	answer->owner_exists = true;
}

static bool answer_locally(struct source_stack *stack, const struct question *question)
{
	struct arena_mark mark = arena_mark(&stack->arena);
	struct answer answer;
	bool found = lookup(stack, question, &answer);
	if (!found && stack->below == NULL) {
		answer = answer_failure(*question, DNS_FAILURE_OFFLINE);
		found = true;
	}
	if (found) {
		correct(stack, &answer);
		deliver(stack, &answer);
	}
	arena_rewind(&stack->arena, mark);
	return found;
}

static void source_stack_ask(struct source *source, const struct question *questions, size_t count)
{
	struct source_stack *stack = (struct source_stack *)source;
	struct arena_mark mark = arena_mark(&stack->arena);
	struct question *rest = arena_alloc(&stack->arena, count * sizeof *rest);
	size_t rest_count = 0;
	for (size_t i = 0; i < count; i++)
		if (!answer_locally(stack, &questions[i]))
			rest[rest_count++] = questions[i];
	if (rest_count > 0)
		source_ask(stack->below, rest, rest_count);
	arena_rewind(&stack->arena, mark);
}

/* The sink of `below`. May be called while `below` is asked. */
static void from_below(void *context, const struct answer *answer)
{
	struct source_stack *stack = context;
	struct arena_mark mark = arena_mark(&stack->arena);
	struct answer local, corrected = *answer;
	bool is_local = lookup(stack, &answer->question, &local);
	arena_rewind(&stack->arena, mark);
	if (is_local)
		return;
	correct(stack, &corrected);
	deliver(stack, &corrected);
}

static void source_stack_wait(struct source *source, int timeout_ms)
{
	struct source_stack *stack = (struct source_stack *)source;
	if (stack->below != NULL)
		source_wait(stack->below, timeout_ms);
}

static void source_stack_close(struct source *source)
{
	struct source_stack *stack = (struct source_stack *)source;
	if (stack->below != NULL)
		source_close(stack->below);
	arena_free(&stack->arena);
	free(stack);
}

static size_t source_stack_sent(const struct source *source)
{
	const struct source_stack *stack = (const struct source_stack *)source;
	return stack->below == NULL ? 0 : source_sent(stack->below);
}

struct source *source_stack_open(struct local_source *const *locals, size_t count, struct source *below,
	struct source_sink sink, struct escape *escape)
{
	static const struct source_ops ops = {
		source_stack_ask, source_stack_wait, source_stack_close, source_stack_sent, NULL};
	struct source_stack *stack = escape_malloc(escape, sizeof *stack);
	*stack =
		(struct source_stack){.base = {&ops, sink}, .locals = locals, .count = count, .below = below};
	arena_init(&stack->arena, escape);
	if (below != NULL)
		below->sink = (struct source_sink){from_below, stack};
	return &stack->base;
}
