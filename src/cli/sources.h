/* sources: who answers: --record and --remove over --zone over a saved run (--replay) over the network
 * (--server, --timeout, --tries, --tcp, --trust-ad) or nobody (--offline, and whenever a run is replayed);
 * --save-dns keeps all they say.
 *
 *     sources_read()      once: all usage errors, all zone files; before anything is asked
 *     sources_open()      once for each thread: a stack over its own network source
 */
#ifndef CLI_SOURCES_H
#define CLI_SOURCES_H

#include "cli/options.h"
#include "cli/saved_run.h"
#include "dns/source_net.h"
#include "dns/zonefile.h"

struct sources {
	struct local_source **locals; /* in the order they are asked */
	size_t local_count;
	struct zonefile_list zones;	       /* of --zone, in the order given; of --replay */
	const struct zonefile_record *records; /* of --record, in the order given */
	size_t record_count;
	bool offline;
	struct source_net_options net;
	/* Who calls sources_open() calls saved_run_open() before, and saved_run_end() or _drop() at the
	 * end. */
	struct saved_run saved;
};

/* False with *error when two options want standard input. */
bool sources_check_stdin(struct arena *arena, const struct options *options, struct slice *error);

/* True when an option reads standard input. */
bool sources_reads_stdin(const struct options *options);

/* `arena` outlives the sources. False with *error: an option's value, or "FILE:LINE:COLUMN: message". */
bool sources_read(
	struct arena *arena, const struct options *options, struct sources *out, struct slice *error);

/* A source for one thread, as driver_options.open_source wants it; `context` is a struct sources, which
 * outlives it. */
struct source *sources_open(void *context, struct source_sink sink, struct escape *escape, const char **why);

#endif
