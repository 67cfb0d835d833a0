/* table: the answers that all inspections of a thread share.
 *
 * Bounded: answers that no view has pinned are dropped, the longest unused first, when the table is over
 * its size. A temporary failure lives only for the inspections that waited for it; an answer older than
 * its TTL serves only those that pinned it. Equal questions in flight are one entry.
 */
#ifndef DNS_TABLE_H
#define DNS_TABLE_H

#include <stdint.h>

#include "dns/answer.h"

struct table;
struct table_entry;

#define ANSWER_MEMO_SLOTS 2

/* Parsed forms of an answer, kept beside it and as long as it; who reads and writes them is view_memo(). */
struct answer_memo {
	struct arena *arena;		     /* where forms go */
	const struct answer *answer;	     /* what they are made from */
	const void *form[ANSWER_MEMO_SLOTS]; /* NULL: not made yet */
};

/* `limit`: bytes of unpinned answers to keep. `escape` for lack of memory; outlives the table. */
struct table *table_open(size_t limit, struct escape *escape);
void table_close(struct table *table);

/* The entry for `question` that a new user may take: answered and fresh at now_ms, or in flight; NULL: it
 * has to be asked. */
struct table_entry *table_find(struct table *table, const struct question *question, int64_t now_ms);

/* A new entry in flight, in the place of any older one (which lives on while it is pinned); the entry
 * that is there when one is in flight already. */
struct table_entry *table_add(struct table *table, const struct question *question);

/* Puts an answer to the entry in flight for its question, or, when there is none, keeps it as one that
 * nobody asked for: not a temporary failure, and not in the place of a fresh answer. Copies the answer
 * and gives it an empty memo. */
void table_store(struct table *table, const struct answer *answer, int64_t now_ms);

/* The answer of an entry; NULL while it is in flight. */
const struct answer *table_entry_answer(const struct table_entry *entry);

/* An entry stays while it is pinned at least once. Whoever waits for an answer pins the entry while it is
 * in flight: a temporary failure, or an answer with TTL 0, is never found afterwards. */
void table_pin(struct table *table, struct table_entry *entry);
void table_unpin(struct table *table, struct table_entry *entry);

/* The arena that lives as long as the entry of `answer`, for parsed forms; accounted to the table's size. */
struct arena *table_entry_arena(struct table_entry *entry);

/* Bytes of the answers that no view has pinned. */
size_t table_idle_bytes(const struct table *table);

#endif
