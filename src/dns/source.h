/* source: who answers questions: the network, a zone file, single records, a fixture of a test.
 *
 * A source is asked a batch and says each answer to its sink, during source_ask() or later during
 * source_wait(), in any order, once for each question. A source returns the data of one owner: an alias
 * is ANSWER_ALIAS with one CNAME record, and the caller asks again for the target. An answer may come
 * with others that were not asked for (the rest of a CNAME chain): the sink takes or ignores them.
 *
 *     source_ask(source, questions, 3);
 *     while (open > 0)
 *             source_wait(source, 1000);      -- the sink counts down `open`
 *     source_close(source);
 */
#ifndef DNS_SOURCE_H
#define DNS_SOURCE_H

#include "dns/answer.h"

/* Where answers go. `answer` and all it points to is valid during the call only (answer_copy() keeps it).
 * The sink must not call the source. */
struct source_sink {
	void (*deliver)(void *context, const struct answer *answer);
	void *context;
};

struct source;

struct source_ops {
	/* Takes `count` questions (names are copied). */
	void (*ask)(struct source *source, const struct question *questions, size_t count);
	/* Works until at least one answer was delivered or timeout_ms passed; < 0: no limit; 0: only what
	 * is ready. Returns at once when nothing is open. */
	void (*wait)(struct source *source, int timeout_ms);
	void (*close)(struct source *source);
	/* Packets sent so far; NULL: a source that sends none. */
	size_t (*sent)(const struct source *source);
	/* Who asked these questions waits no longer, though others may: answers each during this call, those
	 * it knows nothing of as DNS_FAILURE_DEADLINE, for everybody and for good. NULL: the asker has to
	 * help himself. */
	void (*give_up)(struct source *source, const struct question *questions, size_t count);
};

/* The first member of every source. */
struct source {
	const struct source_ops *ops;
	struct source_sink sink;
};

static inline void source_ask(struct source *source, const struct question *questions, size_t count)
{
	source->ops->ask(source, questions, count);
}

static inline void source_wait(struct source *source, int timeout_ms)
{
	source->ops->wait(source, timeout_ms);
}

static inline void source_close(struct source *source)
{
	source->ops->close(source);
}

static inline size_t source_sent(const struct source *source)
{
	return source->ops->sent == NULL ? 0 : source->ops->sent(source);
}

static inline bool source_can_give_up(const struct source *source)
{
	return source->ops->give_up != NULL;
}

static inline void source_give_up(struct source *source, const struct question *questions, size_t count)
{
	source->ops->give_up(source, questions, count);
}

/* A source that knows its answers without waiting, and only for some names: a layer of source_stack. */
struct local_source;

struct local_ops {
	/* The answer for `question` in *out (memory from `arena`), or false: not authoritative for it. */
	bool (*lookup)(const struct local_source *local, struct arena *arena, const struct question *question,
		struct answer *out);
	/* True when the source's own data proves that `name` exists (it, or a name below it, owns
	 * something), so that NXDOMAIN from a source below must become NODATA (RFC 4592 2.2). */
	bool (*name_exists)(const struct local_source *local, struct name name);
};

struct local_source {
	const struct local_ops *ops;
};

#endif
