/* write_spf: what `mailauth spf` prints: the result, how it came about, and the header fields that a
 * receiver writes; or a partition. */
#ifndef REPORT_WRITE_SPF_H
#define REPORT_WRITE_SPF_H

#include "inspect/verdict.h"
#include "report/json_trace.h"
#include "report/writer.h"
#include "spf/spf_partition.h"

/* One of `verdict` and `partition` is not NULL. */
struct write_spf_report {
	struct json_trace_input input;
	const struct spf_request *request;
	const struct spf_verdict *verdict;
	const struct spf_partition *partition;
	const struct answer *const *incomplete;
	size_t incomplete_count;
	struct verdict_cost cost;
};

void write_spf_json(struct buf *out, struct arena *scratch, const struct write_spf_report *report);
void write_spf_text(struct buf *out, struct arena *scratch, const struct writer_options *options,
	const struct write_spf_report *report);

#endif
