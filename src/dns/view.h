/* view: the answers as one inspection sees them.
 *
 * Evaluators are pure functions over a view. What they ask for and is not there yet is noted as missing;
 * they get a stand-in without records, walk on to note every other question they can see, and are run
 * again from the start when answers have come. A run in which anything was missing counts for nothing:
 * view_end_run() tells, and nothing an evaluator does can take that back.
 *
 * An inspection pins the first answer it saw to a question, a temporary failure too, so that a run on a
 * full table always gives the same result. CNAMEs are followed here, across sources (at most
 * VIEW_MAX_CHAIN, loops are a temporary failure).
 */
#ifndef DNS_VIEW_H
#define DNS_VIEW_H

#include "dns/answer.h"
#include "dns/table.h"

#define VIEW_MAX_CHAIN	   10	/* CNAMEs from a name to its data */
#define VIEW_MAX_QUESTIONS 5000 /* per inspection; what is asked beyond is a temporary failure (limit) */

/* What an evaluator says when it returns. */
enum eval_state { EVAL_DONE, EVAL_NEEDS_ANSWERS };

struct view;

/* A view on `table` for one inspection; `escape` for lack of memory. Both outlive it. */
struct view *view_open(struct table *table, struct escape *escape);

/* Unpins everything and frees the view. */
void view_close(struct view *view);

/* Before each run of the evaluators: forgets what was missing, sets the time by which the TTL of answers
 * is judged. */
void view_begin_run(struct view *view, int64_t now_ms);

/* After it: EVAL_NEEDS_ANSWERS when a question had no answer. */
enum eval_state view_end_run(const struct view *view);

/* The answer to (name, type), aliases followed; never ANSWER_ALIAS, never NULL. `pending` of the result
 * tells a stand-in apart; only code that would read much into an empty answer needs to look. Valid until
 * view_close(). */
const struct answer *view_get(struct view *view, struct name name, uint16_t type);

/* What `answer` (from view_get()) is to somebody who found in it no record that he can use: itself, or,
 * when a record's data cannot be read and may thus be the one that was wanted, the temporary failure
 * DNS_FAILURE_MALFORMED, noted like any other. */
const struct answer *view_unreadable(struct view *view, const struct answer *answer);

/* True when `answer` is the stand-in for one that is still missing. */
bool view_is_pending(const struct answer *answer);

/* The questions that were missing in the last run and that nobody has asked yet: the view has put them in
 * flight in the table, so they have to go to source_ask() now. A question is listed once in the life of a
 * view. Valid until the next run. */
const struct question *view_missing(const struct view *view, size_t *count);

/* All questions that were missing in the last run, also those that are in flight since an earlier run or
 * for another view: what the inspection waits for. Valid until the next run. */
const struct question *view_waiting(const struct view *view, size_t *count);

/* From now on a missing answer is a temporary failure with this cause: --max-time has passed. */
void view_expire(struct view *view);

/* Number of different questions this inspection looked at in the last run, those for the targets of
 * aliases included; and how many questions it has put in flight in all its runs. The rest was known or in
 * flight because of others. */
size_t view_questions(const struct view *view);
size_t view_asked(const struct view *view);

/* Every temporary failure handed out in the last run, in the order of first use; for the report's
 * `incomplete`. `question` is what was asked, `owner` the name that failed: another one when that was the
 * target of an alias. */
const struct answer *const *view_failures(const struct view *view, size_t *count);

/* The parsed form of an answer that an evaluator keeps beside it: `slot` names the evaluator. It lives as
 * long as the answer. Its maker must depend on nothing but the answer. */
enum view_memo_slot { VIEW_MEMO_SPF, VIEW_MEMO_DMARC, VIEW_MEMO_SLOTS };
const void *view_memo(struct view *view, const struct answer *answer, enum view_memo_slot slot,
	const void *(*make)(struct arena *arena, const struct answer *answer));

#endif
