/* saved_run: --save-dns and --replay.
 *
 *     saved_run_read()    all that can be wrong is found here, before anything is asked
 *     saved_run_open()    before sources are opened: --save-dns begins to collect
 *     saved_run_end()     after they are closed: the file is written
 */
#ifndef CLI_SAVED_RUN_H
#define CLI_SAVED_RUN_H

#include "cli/options.h"
#include "dns/psl.h"
#include "dns/snapshot.h"

struct saved_run {
	const char *save;	   /* file of --save-dns; NULL: not given */
	struct snapshot *snapshot; /* what is collected for it */
	const char *replay;	   /* file of --replay; NULL: not given */
	struct snapshot_data data; /* what it holds */
};

/* Reads both options and the file that is replayed. `arena` outlives *out. False with *error. */
bool saved_run_read(
	struct arena *arena, const struct options *options, struct saved_run *out, struct slice *error);

/* True when --save-dns would write over `file`, which is read. */
bool saved_run_overwrites(struct arena *arena, const struct saved_run *saved, struct slice file);

/* False: out of memory. */
bool saved_run_open(struct saved_run *saved);

/* Before the run: reads the list's hash where a saved run needs it, and says on standard error that the run that is
 * replayed had another list. */
void saved_run_compare_psl(struct arena *arena, const struct saved_run *saved, struct psl *psl);

/* The date of the list to be shown: in a replay with the same list, that of the saved run. */
long long saved_run_psl_time(const struct saved_run *saved, const struct psl *psl);

/* Writes the file of --save-dns, if it was given, with `meta`; of `psl` (NULL: none was used) goes what it
 * tells into it. Returns `status`, or EXITCODE_INTERNAL and has complained. */
enum exitcode saved_run_end(struct arena *arena, struct saved_run *saved, struct snapshot_meta meta,
	const struct psl *psl, enum exitcode status);

/* Gives back what was collected without writing it. */
void saved_run_drop(struct saved_run *saved);

#endif
