/* evaluation: what spf, expand and simulate have in common: one evaluation over the sources that were
 * given, its output and its end. */
#ifndef CLI_EVALUATION_H
#define CLI_EVALUATION_H

#include "cli/options.h"
#include "cli/sources.h"
#include "inspect/run_one.h"
#include "report/writer.h"

struct evaluation_settings {
	struct sources sources;
	int max_time_ms;
	bool json;
	struct writer_options output;
};

/* Reads the options about DNS and output. False with *error on the first usage error, which may be in a
 * zone file. */
bool evaluation_read(struct arena *arena, const struct options *options, struct evaluation_settings *out,
	struct slice *error);

/* Runs `work`. EXITCODE_CLEAN when its done() was called; else it has complained. */
enum exitcode evaluation_run(
	struct arena *arena, struct evaluation_settings *settings, const struct run_one *work);

/* Writes `out` and frees it, and, when `meta` is not NULL, the file of --save-dns (psl: NULL: none was
 * used); then `status`, or that the output is not complete. */
enum exitcode evaluation_finish(struct cli *cli, struct evaluation_settings *settings, struct buf *out,
	const struct snapshot_meta *meta, const struct psl *psl, enum exitcode status);

#endif
