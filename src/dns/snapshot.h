/* snapshot: everything that DNS said in a run: collected, written to a file, read back.
 *
 * One answer for each question: the first that came. Whoever asks the same again in this run, on any
 * thread, gets that one (source_saver.h), so that the run that is saved and its replay see the same.
 * The text is described in snapshot_format.h and mailauth(1), SAVED RUNS.
 */
#ifndef DNS_SNAPSHOT_H
#define DNS_SNAPSHOT_H

#include "base/buf.h"
#include "dns/source.h"
#include "dns/zonefile.h"

#define SNAPSHOT_MAX_BYTES ZONEFILE_MAX_BYTES /* of a file */

/* What else decided the output of the run. */
struct snapshot_meta {
	long long psl_time;    /* Unix time of the public suffix list, 0: not known */
	struct slice psl_hash; /* empty: none was used */
	bool has_time;	       /* of %{t}: --time */
	int64_t time;
	struct slice receiver; /* --receiver; empty: none */
	/* The zone files of the run. Kept are their remarks, and how text records of the answers are written
	 * in them; what is read back is one zone of these, its records without owner. */
	struct zonefile_list zones;
};

struct snapshot;

/* An empty one. Calls below may come from many threads at once. NULL: out of memory. The owner closes it
 * after all sources on it are closed. `fail_at` is for tests: that request for memory fails (struct
 * escape); 0 never. */
struct snapshot *snapshot_open(long fail_at);
void snapshot_close(struct snapshot *snapshot);

/* A domain that was inspected; `diff` of saved runs goes through these. False: out of memory. */
bool snapshot_add_domain(struct snapshot *snapshot, struct name domain);

/* Keeps a copy of `answer` unless there is one to its question, and returns the one that is kept, which
 * never changes and lives as long as the snapshot. As sources say answers: without chain, the owner being
 * the asked name. NULL: out of memory; then the snapshot lacks something and can no longer be written. */
const struct answer *snapshot_keep(struct snapshot *snapshot, const struct answer *answer);

/* The answer kept for `question`; NULL: none. */
const struct answer *snapshot_find(struct snapshot *snapshot, const struct question *question);

/* The whole as text, in an order that does not depend on the run: appended to `out`, which becomes
 * `failed` for lack of memory, now or before. */
void snapshot_write(struct snapshot *snapshot, const struct snapshot_meta *meta, struct buf *out);

/* Where an answer stands in its file. */
struct snapshot_lines {
	size_t question;
	const size_t *records; /* one for each record */
};

/* What a file holds. Everything is memory of the arena it was read into, or of the text. */
struct snapshot_data {
	struct snapshot_meta meta;
	const struct name *domains; /* in the order of the file; each once */
	size_t domain_count;
	const struct answer *answers;	    /* sorted by question_compare(); one for each question */
	const struct snapshot_lines *lines; /* one for each answer */
	size_t count;
};

/* True when `text` begins as a saved run does, of whatever version. */
bool snapshot_is_one(struct slice text);

/* Reads a saved run from `text`, which outlives *out; `file` is for messages. False with *error. Takes time
 * n log n of the file's size and memory in proportion to it. */
bool snapshot_read(struct arena *arena, struct slice file, struct slice text, struct snapshot_data *out,
	struct zonefile_error *error);

/* The data as a local source that knows what was asked in that run and nothing else. `tells`: origins of
 * its answers say that they come from this file; else they are those of the run that was saved, so that a
 * replay prints the same bytes. `data` outlives it. */
struct local_source *snapshot_source(
	struct arena *arena, const struct snapshot_data *data, struct slice file, bool tells);

#endif
