/* view: the answers as one inspection sees them; see view.h.
 *
 * A node is one question; the tree (tsearch) finds it. It keeps the pinned entry of the table, and, once
 * known, the answer. What view_get() hands out for a question is worked out once in each run, from the
 * nodes of the whole chain:
 *
 *     mail.example.com TXT   alias     spf.example.net TXT   records
 *     -> the records of spf.example.net; question mail.example.com, chain mail -> spf
 *
 * Whatever the limits decide depends on the order of the questions in the run alone, never on the order
 * in which answers came.
 */
#include "dns/view.h"

#include <search.h>
#include <stdlib.h>

/* Invariants: `question` comes first (the tree compares questions); `answer` never changes once it is
 * set; what is said of a run is valid only while its number is that of the view's run. */
struct node {
	struct question question;
	struct table_entry *entry;    /* pinned; NULL: not looked for yet, or never asked */
	const struct answer *answer;  /* of this very name; NULL: not known yet */
	const struct answer *joined;  /* answer behind aliases; NULL: not known yet, or there are none */
	const struct answer *pending; /* stand-in, made when first needed */
	const struct answer *limit;   /* likewise: the temporary failure past VIEW_MAX_QUESTIONS */
	size_t used_run;	      /* run of the last use */
	bool over_limit;	      /* in that run */
	size_t waiting_run;	      /* run in which it was last noted as missing */
	size_t result_run;	      /* run in which `result` was worked out */
	const struct answer *result;
	const struct answer *unreadable; /* view_unreadable(); made when first needed */
	size_t unreadable_run;		 /* run in which it was last noted as a failure */
	struct node *older;		 /* all nodes */
};

struct questions {
	struct question *items;
	size_t count;
	size_t capacity;
};

struct view {
	struct table *table;
	struct escape *escape;
	struct arena arena;
	void *tree;
	struct node *newest;
	int64_t now_ms;
	bool expired;
	size_t run;	  /* counts from 1 */
	size_t used;	  /* different questions in this run */
	size_t put_asked; /* questions put in flight by this view */
	struct questions missing;
	struct questions waiting;
	const struct answer **failures;
	size_t failure_count;
	size_t failure_capacity;
};

/* --- life of a view --------------------------------------------------------------------------- */

struct view *view_open(struct table *table, struct escape *escape)
{
	struct view *view = escape_malloc(escape, sizeof *view);
	*view = (struct view){.table = table, .escape = escape};
	arena_init(&view->arena, escape);
	return view;
}

void view_close(struct view *view)
{
	for (struct node *node = view->newest; node != NULL; node = node->older) {
		tdelete(node, &view->tree, question_order);
		if (node->entry != NULL)
			table_unpin(view->table, node->entry);
	}
	arena_free(&view->arena);
	free(view);
}

void view_begin_run(struct view *view, int64_t now_ms)
{
	view->now_ms = now_ms;
	view->run++;
	view->used = 0;
	view->missing.count = 0;
	view->waiting.count = 0;
	view->failure_count = 0;
}

enum eval_state view_end_run(const struct view *view)
{
	return view->waiting.count > 0 ? EVAL_NEEDS_ANSWERS : EVAL_DONE;
}

void view_expire(struct view *view)
{
	view->expired = true;
}

static struct node *find_node(struct view *view, struct name name, uint16_t type)
{
	const struct question question = {name, type};
	struct node *const *found = tfind(&question, &view->tree, question_order);
	if (found != NULL)
		return *found;
	struct node *node = arena_alloc(&view->arena, sizeof *node);
	struct slice wire = arena_copy(&view->arena, slice_of(name.wire, name.len));
	node->question = (struct question){{wire.ptr, wire.len}, type};
	if (tsearch(node, &view->tree, question_order) == NULL)
		escape_out_of_memory(view->escape);
	node->older = view->newest;
	view->newest = node;
	return node;
}

/* --- answers made here ------------------------------------------------------------------------ */

/* Keeps an answer as long as the view, with a memo of its own. */
static struct answer *keep(struct view *view, struct answer answer)
{
	struct answer *kept = arena_alloc(&view->arena, sizeof *kept);
	*kept = answer;
	kept->memo = arena_alloc(&view->arena, sizeof *kept->memo);
	kept->memo->arena = &view->arena;
	kept->memo->answer = kept;
	return kept;
}

static const struct answer *keep_failure(struct view *view, const struct node *node, enum dns_failure failure)
{
	return keep(view, answer_failure(node->question, failure));
}

static const struct answer *stand_in(struct view *view, struct node *node)
{
	if (node->pending == NULL)
		node->pending = keep(view, (struct answer){.question = node->question,
						   .kind = ANSWER_NODATA,
						   .owner_exists = true,
						   .owner = node->question.name,
						   .pending = true});
	return node->pending;
}

/* --- the answer of one name ------------------------------------------------------------------- */

static void add_question(struct view *view, struct questions *list, struct question question)
{
	list->items =
		arena_grow(&view->arena, list->items, list->count, &list->capacity, sizeof *list->items);
	list->items[list->count++] = question;
}

/* Counts the first use of a question in this run; those past the cap are over it in this run, known or
 * not. */
static bool is_over_limit(struct view *view, struct node *node)
{
	if (node->used_run != view->run) {
		node->used_run = view->run;
		view->used++;
		node->over_limit = view->used > VIEW_MAX_QUESTIONS;
	}
	return node->over_limit;
}

static void wait_for(struct view *view, struct node *node)
{
	if (node->waiting_run == view->run)
		return;
	node->waiting_run = view->run;
	add_question(view, &view->waiting, node->question);
}

/* Looks for the question in the table and pins what is there, answered or in flight; else puts it in
 * flight. */
static void find_entry(struct view *view, struct node *node)
{
	struct table_entry *entry = table_find(view->table, &node->question, view->now_ms);
	if (entry == NULL && view->expired)
		return;
	if (entry == NULL) {
		add_question(view, &view->missing, node->question);
		entry = table_add(view->table, &node->question);
		view->put_asked++;
	}
	table_pin(view->table, entry);
	node->entry = entry;
}

/* What is known of exactly this question, aliases not followed; NULL: nothing yet. Its first answer stays. */
static const struct answer *own_answer(struct view *view, struct node *node)
{
	if (is_over_limit(view, node)) {
		if (node->limit == NULL)
			node->limit = keep_failure(view, node, DNS_FAILURE_LIMIT);
		return node->limit;
	}
	if (node->answer != NULL)
		return node->answer;
	if (node->entry == NULL)
		find_entry(view, node);
	if (node->entry != NULL)
		node->answer = table_entry_answer(node->entry);
	if (node->answer == NULL && view->expired)
		node->answer = keep_failure(view, node, DNS_FAILURE_DEADLINE);
	return node->answer;
}

/* --- aliases ---------------------------------------------------------------------------------- */

/* The way from a name to its data. */
struct path {
	const struct answer *links[VIEW_MAX_CHAIN]; /* ANSWER_ALIAS each */
	size_t count;
};

static struct name alias_target(const struct answer *alias)
{
	return alias->records[0].data.target;
}

/* True when following `link` as well would come back to a name of the path, or make it longer than the
 * limit. */
static bool is_endless(const struct path *path, const struct answer *link)
{
	struct name target = alias_target(link);
	if (path->count == VIEW_MAX_CHAIN || name_equal(target, link->question.name))
		return true;
	for (size_t i = 0; i < path->count; i++)
		if (name_equal(target, path->links[i]->question.name))
			return true;
	return false;
}

static void add_link(struct answer *joined, struct alias *chain, const struct answer *link)
{
	chain[joined->chain_count++] = (struct alias){link->question.name, alias_target(link), link->ttl};
	if (link->ttl < joined->ttl)
		joined->ttl = link->ttl;
	joined->authentic = joined->authentic && link->authentic;
	joined->truncated = joined->truncated || link->truncated;
	joined->over_tcp = joined->over_tcp || link->over_tcp;
	joined->from_wildcard = joined->from_wildcard || link->from_wildcard;
}

/* The answer of `end` as the answer to what was asked. It shares the memo of `end`: parsed forms depend
 * on the records alone. */
static const struct answer *join(
	struct view *view, const struct node *asked, const struct path *path, const struct answer *end)
{
	struct answer *joined = arena_alloc(&view->arena, sizeof *joined);
	struct alias *chain = arena_alloc(&view->arena, path->count * sizeof *chain);
	*joined = *end;
	joined->question = asked->question;
	joined->owner_exists = true; /* RFC 6604 2: the rcode is about the end of the chain */
	joined->chain = chain;
	for (size_t i = 0; i < path->count; i++)
		add_link(joined, chain, path->links[i]);
	return joined;
}

/* How far a chain could be followed. */
struct end {
	struct node *at;
	const struct answer *answer; /* NULL: still missing */
	enum dns_failure failure;    /* why it stops at an alias */
};

/* Follows aliases from `asked`, over all sources. */
static struct end follow(struct view *view, struct node *asked, struct path *path)
{
	struct end end = {asked, own_answer(view, asked), DNS_FAILURE_NONE};
	while (end.answer != NULL && end.answer->kind == ANSWER_ALIAS) {
		if (end.answer->count == 0 || end.answer->records[0].malformed)
			end.failure = DNS_FAILURE_MALFORMED;
		else if (is_endless(path, end.answer))
			end.failure = DNS_FAILURE_LOOP;
		if (end.failure != DNS_FAILURE_NONE)
			return end;
		path->links[path->count++] = end.answer;
		end.at = find_node(view, alias_target(end.answer), asked->question.type);
		end.answer = own_answer(view, end.at);
	}
	return end;
}

/* What view_get() gives in this run. What will be the same in every run is made once. */
static const struct answer *work_out(struct view *view, struct node *asked)
{
	struct path path = {.count = 0};
	struct end end = follow(view, asked, &path);
	if (end.answer == NULL) {
		wait_for(view, end.at);
		return stand_in(view, asked);
	}
	if (end.failure != DNS_FAILURE_NONE && asked->joined == NULL)
		asked->joined = join(view, asked, &path, keep_failure(view, end.at, end.failure));
	if (end.failure != DNS_FAILURE_NONE)
		return asked->joined;
	if (path.count == 0)
		return end.answer;
	if (end.at->over_limit)
		return join(view, asked, &path, end.answer);
	if (asked->joined == NULL)
		asked->joined = join(view, asked, &path, end.answer);
	return asked->joined;
}

static void note_failure(struct view *view, const struct answer *answer)
{
	view->failures = arena_grow(&view->arena, view->failures, view->failure_count,
		&view->failure_capacity, sizeof(const struct answer *));
	view->failures[view->failure_count++] = answer;
}

const struct answer *view_get(struct view *view, struct name name, uint16_t type)
{
	struct node *node = find_node(view, name, type);
	if (node->result_run != view->run) {
		node->result = work_out(view, node);
		node->result_run = view->run;
		if (node->result->kind == ANSWER_TEMPORARY)
			note_failure(view, node->result);
	}
	return node->result;
}

static bool has_malformed(const struct answer *answer)
{
	for (size_t i = 0; i < answer->count; i++)
		if (answer->records[i].malformed)
			return true;
	return false;
}

const struct answer *view_unreadable(struct view *view, const struct answer *answer)
{
	if (!has_malformed(answer))
		return answer;
	struct node *node = find_node(view, answer->question.name, answer->question.type);
	if (node->unreadable == NULL) {
		struct answer failure = answer_failure(answer->question, DNS_FAILURE_MALFORMED);
		failure.origin = answer->origin;
		node->unreadable = keep(view, failure);
	}
	if (node->unreadable_run != view->run)
		note_failure(view, node->unreadable);
	node->unreadable_run = view->run;
	return node->unreadable;
}

/* --- what the run was like -------------------------------------------------------------------- */

bool view_is_pending(const struct answer *answer)
{
	return answer->pending;
}

const struct question *view_missing(const struct view *view, size_t *count)
{
	*count = view->missing.count;
	return view->missing.items;
}

const struct question *view_waiting(const struct view *view, size_t *count)
{
	*count = view->waiting.count;
	return view->waiting.items;
}

size_t view_questions(const struct view *view)
{
	return view->used < VIEW_MAX_QUESTIONS ? view->used : VIEW_MAX_QUESTIONS;
}

size_t view_asked(const struct view *view)
{
	return view->put_asked;
}

const struct answer *const *view_failures(const struct view *view, size_t *count)
{
	*count = view->failure_count;
	return view->failures;
}

const void *view_memo(struct view *view, const struct answer *answer, enum view_memo_slot slot,
	const void *(*make)(struct arena *arena, const struct answer *answer))
{
	struct answer_memo *memo = answer->memo;
	if (memo == NULL) /* not an answer of this view: nothing lives as long as it */
		return make(&view->arena, answer);
	if (memo->form[slot] == NULL)
		memo->form[slot] = make(memo->arena, memo->answer);
	return memo->form[slot];
}
