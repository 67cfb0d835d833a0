/* table: answers shared by the inspections of one thread; see table.h.
 *
 * Every entry has an arena of its own, so that it can go alone. The tree (tsearch) holds the newest entry
 * of each question; an entry that was replaced in it lives on in the list of all entries while it is
 * pinned. What is answered, in the tree and not pinned is in the list of idle entries, the longest unused
 * first.
 */
#include "dns/table.h"

#include <search.h>
#include <stdlib.h>

/* Invariants: `question` comes first (the tree compares questions); an entry is idle only if it is in the
 * tree, answered and not pinned; idle_size is what was added to the table's idle bytes for it. */
struct table_entry {
	struct question question;
	struct arena arena;
	const struct answer *answer; /* NULL: in flight */
	int64_t expires_ms;
	size_t pins;
	bool in_tree;
	bool idle;
	size_t idle_size;
	struct table_entry *older, *newer;	      /* all entries */
	struct table_entry *idle_before, *idle_after; /* idle entries */
};

struct table {
	void *tree;
	struct table_entry *newest;
	struct table_entry *idle_first, *idle_last;
	size_t idle_bytes;
	size_t limit;
	struct escape *escape;
};

struct table *table_open(size_t limit, struct escape *escape)
{
	struct table *table = escape_malloc(escape, sizeof *table);
	*table = (struct table){.limit = limit, .escape = escape};
	return table;
}

static void leave_idle(struct table *table, struct table_entry *entry)
{
	if (!entry->idle)
		return;
	if (entry->idle_before != NULL)
		entry->idle_before->idle_after = entry->idle_after;
	else
		table->idle_first = entry->idle_after;
	if (entry->idle_after != NULL)
		entry->idle_after->idle_before = entry->idle_before;
	else
		table->idle_last = entry->idle_before;
	entry->idle = false;
	table->idle_bytes -= entry->idle_size;
}

static void leave_tree(struct table *table, struct table_entry *entry)
{
	leave_idle(table, entry);
	if (entry->in_tree)
		tdelete(entry, &table->tree, question_order);
	entry->in_tree = false;
}

static void free_entry(struct table *table, struct table_entry *entry)
{
	leave_tree(table, entry);
	if (entry->newer != NULL)
		entry->newer->older = entry->older;
	else
		table->newest = entry->older;
	if (entry->older != NULL)
		entry->older->newer = entry->newer;
	arena_free(&entry->arena);
	free(entry);
}

void table_close(struct table *table)
{
	struct table_entry *entry = table->newest;
	while (entry != NULL) {
		struct table_entry *older = entry->older;
		free_entry(table, entry);
		entry = older;
	}
	free(table);
}

static void drop_over_limit(struct table *table)
{
	struct table_entry *entry = table->idle_first;
	while (entry != NULL && table->idle_bytes > table->limit) {
		struct table_entry *next = entry->idle_after;
		free_entry(table, entry);
		entry = next;
	}
}

/* An answered entry that nobody has pinned any more (or yet): kept for others, or gone. May free it. */
static void become_idle(struct table *table, struct table_entry *entry)
{
	if (!entry->in_tree || entry->answer->kind == ANSWER_TEMPORARY) {
		free_entry(table, entry);
		return;
	}
	entry->idle = true;
	entry->idle_size =
		sizeof *entry + entry->arena.total; /* parsed forms may have come since the last time */
	entry->idle_before = table->idle_last;
	entry->idle_after = NULL;
	if (table->idle_last != NULL)
		table->idle_last->idle_after = entry;
	else
		table->idle_first = entry;
	table->idle_last = entry;
	table->idle_bytes += entry->idle_size;
	drop_over_limit(table);
}

/* The entry of the tree, whatever its state. */
static struct table_entry *lookup(const struct table *table, const struct question *question)
{
	struct table_entry *const *node = tfind(question, &table->tree, question_order);
	return node == NULL ? NULL : *node;
}

static bool is_usable(const struct table_entry *entry, int64_t now_ms)
{
	if (entry->answer == NULL)
		return true;
	return entry->answer->kind != ANSWER_TEMPORARY && now_ms < entry->expires_ms;
}

struct table_entry *table_find(struct table *table, const struct question *question, int64_t now_ms)
{
	struct table_entry *entry = lookup(table, question);
	return entry != NULL && is_usable(entry, now_ms) ? entry : NULL;
}

/* An entry that is in the list of all, and nowhere else yet. */
static struct table_entry *new_entry(struct table *table, const struct question *question)
{
	struct table_entry *entry = escape_malloc(table->escape, sizeof *entry);
	*entry = (struct table_entry){.older = table->newest};
	arena_init(&entry->arena, table->escape);
	if (table->newest != NULL)
		table->newest->newer = entry;
	table->newest = entry;
	struct slice wire = arena_copy(&entry->arena, slice_of(question->name.wire, question->name.len));
	entry->question = (struct question){{wire.ptr, wire.len}, question->type};
	return entry;
}

struct table_entry *table_add(struct table *table, const struct question *question)
{
	struct table_entry *old = lookup(table, question);
	if (old != NULL && old->answer == NULL)
		return old;
	if (old != NULL) {
		leave_tree(table, old);
		if (old->pins == 0)
			free_entry(table, old);
	}
	struct table_entry *entry = new_entry(table, question);
	if (tsearch(entry, &table->tree, question_order) == NULL)
		escape_out_of_memory(table->escape);
	entry->in_tree = true;
	return entry;
}

/* The copy of `answer` that lives in the entry, with an empty memo. */
static const struct answer *keep_answer(struct table_entry *entry, const struct answer *answer)
{
	struct answer *copy = answer_copy(&entry->arena, answer);
	copy->memo = arena_alloc(&entry->arena, sizeof *copy->memo);
	copy->memo->arena = &entry->arena;
	copy->memo->answer = copy;
	return copy;
}

void table_store(struct table *table, const struct answer *answer, int64_t now_ms)
{
	struct table_entry *entry = lookup(table, &answer->question);
	bool asked = entry != NULL && entry->answer == NULL;
	if (!asked) {
		if (answer->kind == ANSWER_TEMPORARY || (entry != NULL && is_usable(entry, now_ms)))
			return;
		entry = table_add(table, &answer->question);
	}
	entry->answer = keep_answer(entry, answer);
	entry->expires_ms = now_ms + (int64_t)answer->ttl * 1000;
	if (entry->pins == 0)
		become_idle(table, entry);
}

const struct answer *table_entry_answer(const struct table_entry *entry)
{
	return entry->answer;
}

void table_pin(struct table *table, struct table_entry *entry)
{
	leave_idle(table, entry);
	entry->pins++;
}

void table_unpin(struct table *table, struct table_entry *entry)
{
	entry->pins--;
	if (entry->pins == 0 && entry->answer != NULL)
		become_idle(table, entry);
}

struct arena *table_entry_arena(struct table_entry *entry)
{
	return &entry->arena;
}

size_t table_idle_bytes(const struct table *table)
{
	return table->idle_bytes;
}
