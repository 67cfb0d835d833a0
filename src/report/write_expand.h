/* write_expand: what `mailauth expand` prints: the expansion of a macro string, and what each macro in it
 * stands for. */
#ifndef REPORT_WRITE_EXPAND_H
#define REPORT_WRITE_EXPAND_H

#include "dns/answer.h"
#include "macro/macro_expand.h"
#include "report/writer.h"

struct write_expand_report {
	const struct macro_string *macro;
	const struct macro_values *values;
	bool is_explanation;
	bool has_expansion; /* false: `error` says why */
	struct slice expansion;
	struct slice error; /* in English; empty: none */
	struct span error_span;
	const struct answer *const *incomplete; /* of %{p} */
	size_t incomplete_count;
};

void write_expand_json(struct buf *out, struct arena *scratch, const struct write_expand_report *report);

/* The expansion on a line of its own; with --verbose also the macros. Needs one. */
void write_expand_text(struct buf *out, struct arena *scratch, const struct writer_options *options,
	const struct write_expand_report *report);

#endif
