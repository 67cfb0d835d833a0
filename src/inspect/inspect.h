/* inspect: all evaluators over one view: the verdict on a domain.
 *
 * Pure: the same answers give the same verdict, byte for byte, in whichever order they came. Called again
 * from the start by the driver until it is EVAL_DONE.
 */
#ifndef INSPECT_INSPECT_H
#define INSPECT_INSPECT_H

#include "inspect/verdict.h"

struct inspect_request {
	struct name domain;
	struct slice input;
	size_t input_line;
	struct spf_sample sample;
	const struct psl *psl;
};

/* EVAL_DONE with *out filled (memory from `scratch`), or EVAL_NEEDS_ANSWERS with the missing questions
 * noted in `view`. */
enum eval_state inspect(const struct inspect_request *request, struct view *view, struct arena *scratch,
	struct verdict *out) __attribute__((warn_unused_result));

#endif
