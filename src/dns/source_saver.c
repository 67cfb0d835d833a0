/* source_saver: see source_saver.h.
 *
 *     asked: example.com TXT     kept already: answered at once
 *                                else open, and asked below; its answer is kept, unless another thread
 *                                has kept one meanwhile, and the kept one is what the asker gets
 */
#include "dns/source_saver.h"

#include <search.h>
#include <stdlib.h>

/* A question that was asked below and not answered. Invariant: `question` comes first. */
struct open_question {
	struct question question;
	struct open_question *older, *newer;
	char wire[NAME_MAX_WIRE];
};

struct source_saver {
	struct source base;
	struct source *below;
	struct snapshot *snapshot;
	struct escape *escape;
	struct arena arena; /* for one batch at a time */
	void *tree;
	struct open_question *newest;
};

static void add_open(struct source_saver *saver, const struct question *question)
{
	struct open_question *open = escape_malloc(saver->escape, sizeof *open);
	*open = (struct open_question){.older = saver->newest};
	memcpy(open->wire, question->name.wire, question->name.len);
	open->question = (struct question){{open->wire, question->name.len}, question->type};
	if (saver->newest != NULL)
		saver->newest->newer = open;
	saver->newest = open;
	if (tsearch(open, &saver->tree, question_order) == NULL)
		escape_out_of_memory(saver->escape);
}

static void free_open(struct source_saver *saver, struct open_question *open)
{
	tdelete(open, &saver->tree, question_order);
	if (open->newer != NULL)
		open->newer->older = open->older;
	else
		saver->newest = open->older;
	if (open->older != NULL)
		open->older->newer = open->newer;
	free(open);
}

static struct open_question *find_open(const struct source_saver *saver, const struct question *question)
{
	struct open_question *const *found = tfind(question, &saver->tree, question_order);
	return found == NULL ? NULL : *found;
}

/* Keeps the answer and says the one that is kept. */
static void keep_and_deliver(struct source_saver *saver, const struct answer *answer)
{
	const struct answer *kept = snapshot_keep(saver->snapshot, answer);
	if (kept == NULL)
		escape_out_of_memory(saver->escape);
	saver->base.sink.deliver(saver->base.sink.context, kept);
}

/* The sink of `below`; also for what nobody asked here. */
static void from_below(void *context, const struct answer *answer)
{
	struct source_saver *saver = context;
	struct open_question *open = find_open(saver, &answer->question);
	if (open != NULL)
		free_open(saver, open);
	keep_and_deliver(saver, answer);
}

static void source_saver_ask(struct source *source, const struct question *questions, size_t count)
{
	struct source_saver *saver = (struct source_saver *)source;
	struct arena_mark mark = arena_mark(&saver->arena);
	struct question *rest = arena_alloc(&saver->arena, count * sizeof *rest);
	size_t rest_count = 0;
	for (size_t i = 0; i < count; i++) {
		const struct answer *kept = snapshot_find(saver->snapshot, &questions[i]);
		if (kept != NULL) {
			saver->base.sink.deliver(saver->base.sink.context, kept);
			continue;
		}
		if (find_open(saver, &questions[i]) != NULL)
			continue;
		add_open(saver, &questions[i]);
		rest[rest_count++] = questions[i];
	}
	if (rest_count > 0)
		source_ask(saver->below, rest, rest_count);
	arena_rewind(&saver->arena, mark);
}

static void source_saver_wait(struct source *source, int timeout_ms)
{
	source_wait(((struct source_saver *)source)->below, timeout_ms);
}

/* Lack of memory is noted in the snapshot, which can then not be written. */
static void source_saver_close(struct source *source)
{
	struct source_saver *saver = (struct source_saver *)source;
	source_close(saver->below);
	while (saver->newest != NULL) {
		const struct answer failure = answer_failure(saver->newest->question, DNS_FAILURE_DEADLINE);
		snapshot_keep(saver->snapshot, &failure);
		free_open(saver, saver->newest);
	}
	arena_free(&saver->arena);
	free(saver);
}

/* What comes from below afterwards changes nothing: an answer is kept. */
static void source_saver_give_up(struct source *source, const struct question *questions, size_t count)
{
	struct source_saver *saver = (struct source_saver *)source;
	for (size_t i = 0; i < count; i++) {
		const struct answer failure = answer_failure(questions[i], DNS_FAILURE_DEADLINE);
		struct open_question *open = find_open(saver, &questions[i]);
		if (open != NULL)
			free_open(saver, open);
		keep_and_deliver(saver, &failure);
	}
}

static size_t source_saver_sent(const struct source *source)
{
	return source_sent(((const struct source_saver *)source)->below);
}

struct source *source_saver_open(
	struct snapshot *snapshot, struct source *below, struct source_sink sink, struct escape *escape)
{
	static const struct source_ops ops = {source_saver_ask, source_saver_wait, source_saver_close,
		source_saver_sent, source_saver_give_up};
	struct source_saver *saver = escape_malloc(escape, sizeof *saver);
	*saver = (struct source_saver){
		.base = {&ops, sink}, .below = below, .snapshot = snapshot, .escape = escape};
	arena_init(&saver->arena, escape);
	below->sink = (struct source_sink){from_below, saver};
	return &saver->base;
}
