/* write_simulate: what `mailauth simulate` prints: the way of a message from its sender to where the
 * receiver puts it. */
#ifndef REPORT_WRITE_SIMULATE_H
#define REPORT_WRITE_SIMULATE_H

#include "inspect/simulate.h"
#include "inspect/verdict.h"
#include "report/json_trace.h"
#include "report/writer.h"

struct write_simulate_report {
	struct json_trace_input input;
	const struct simulate_request *request;
	const struct simulation *simulation;
	struct verdict_cost cost;
};

void write_simulate_json(struct buf *out, struct arena *scratch, const struct write_simulate_report *report);
void write_simulate_text(struct buf *out, struct arena *scratch, const struct writer_options *options,
	const struct write_simulate_report *report);

#endif
