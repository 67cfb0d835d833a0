/* snapshot: the collector, shared by threads; see snapshot.h.
 *
 * What is kept never changes, so that nobody needs the lock to read it: it only guards the tree.
 */
#include "dns/snapshot.h"

#include <pthread.h>
#include <search.h>
#include <stdlib.h>

#include "dns/snapshot_write.h"

/* Invariant: `question` comes first (the tree compares questions). */
struct node {
	struct question question;
	const struct answer *answer;
	struct node *older; /* all nodes */
};

struct domain {
	struct name name;
	struct domain *older;
};

struct snapshot {
	pthread_mutex_t lock;
	struct escape escape;
	struct arena arena;
	void *tree;
	struct node *newest;
	size_t count;
	struct domain *domains;
	size_t domain_count;
	bool failed; /* something could not be kept */
};

struct snapshot *snapshot_open(long fail_at)
{
	struct snapshot *snapshot = calloc(1, sizeof *snapshot);
	if (snapshot == NULL)
		return NULL;
	if (pthread_mutex_init(&snapshot->lock, NULL) != 0) {
		free(snapshot);
		return NULL;
	}
	snapshot->escape.fail_at = fail_at;
	arena_init(&snapshot->arena, &snapshot->escape);
	return snapshot;
}

void snapshot_close(struct snapshot *snapshot)
{
	if (snapshot == NULL)
		return;
	for (struct node *node = snapshot->newest; node != NULL; node = node->older)
		tdelete(node, &snapshot->tree, question_order);
	pthread_mutex_destroy(&snapshot->lock);
	arena_free(&snapshot->arena);
	free(snapshot);
}

static const struct answer *find(const struct snapshot *snapshot, const struct question *question)
{
	struct node *const *found = tfind(question, &snapshot->tree, question_order);
	return found == NULL ? NULL : (*found)->answer;
}

static const struct answer *add(struct snapshot *snapshot, const struct answer *answer)
{
	struct node *node = arena_alloc(&snapshot->arena, sizeof *node);
	struct answer *copy = answer_copy(&snapshot->arena, answer);
	copy->owner = copy->question.name;
	copy->chain = NULL;
	copy->chain_count = 0;
	*node = (struct node){copy->question, copy, snapshot->newest};
	if (tsearch(node, &snapshot->tree, question_order) == NULL)
		escape_out_of_memory(&snapshot->escape);
	snapshot->newest = node;
	snapshot->count++;
	return copy;
}

/* The answer that is kept after this, with the lock held; NULL: out of memory. */
static const struct answer *find_or_add(struct snapshot *snapshot, const struct answer *answer)
{
	const struct answer *kept = find(snapshot, &answer->question);
	if (kept != NULL)
		return kept;
	if (setjmp(snapshot->escape.env) != 0) {
		snapshot->failed = true;
		return NULL;
	}
	return add(snapshot, answer);
}

const struct answer *snapshot_keep(struct snapshot *snapshot, const struct answer *answer)
{
	pthread_mutex_lock(&snapshot->lock);
	const struct answer *kept = find_or_add(snapshot, answer);
	pthread_mutex_unlock(&snapshot->lock);
	return kept;
}

const struct answer *snapshot_find(struct snapshot *snapshot, const struct question *question)
{
	pthread_mutex_lock(&snapshot->lock);
	const struct answer *kept = find(snapshot, question);
	pthread_mutex_unlock(&snapshot->lock);
	return kept;
}

static bool add_domain(struct snapshot *snapshot, struct name name)
{
	if (setjmp(snapshot->escape.env) != 0) {
		snapshot->failed = true;
		return false;
	}
	struct domain *domain = arena_alloc(&snapshot->arena, sizeof *domain);
	struct slice wire = arena_copy(&snapshot->arena, slice_of(name.wire, name.len));
	*domain = (struct domain){{wire.ptr, wire.len}, snapshot->domains};
	snapshot->domains = domain;
	snapshot->domain_count++;
	return true;
}

bool snapshot_add_domain(struct snapshot *snapshot, struct name domain)
{
	pthread_mutex_lock(&snapshot->lock);
	bool added = add_domain(snapshot, domain);
	pthread_mutex_unlock(&snapshot->lock);
	return added;
}

/* With the lock held, because of the arena. False: out of memory. */
static bool write_all(struct snapshot *snapshot, const struct snapshot_meta *meta, struct buf *out)
{
	if (snapshot->failed || setjmp(snapshot->escape.env) != 0)
		return false;
	const struct answer **answers =
		arena_alloc(&snapshot->arena, snapshot->count * sizeof(const struct answer *));
	struct name *domains = arena_alloc(&snapshot->arena, snapshot->domain_count * sizeof *domains);
	size_t count = 0, domain_count = 0;
	for (const struct node *node = snapshot->newest; node != NULL; node = node->older)
		answers[count++] = node->answer;
	for (const struct domain *domain = snapshot->domains; domain != NULL; domain = domain->older)
		domains[domain_count++] = domain->name;
	snapshot_write_text(&snapshot->arena, meta, domains, domain_count, answers, count, out);
	return true;
}

void snapshot_write(struct snapshot *snapshot, const struct snapshot_meta *meta, struct buf *out)
{
	pthread_mutex_lock(&snapshot->lock);
	struct arena_mark mark = arena_mark(&snapshot->arena);
	bool written = write_all(snapshot, meta, out);
	arena_rewind(&snapshot->arena, mark);
	pthread_mutex_unlock(&snapshot->lock);
	out->failed |= !written;
}
