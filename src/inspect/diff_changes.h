/* diff_changes: the change itself as findings of the rules change-*. */
#ifndef INSPECT_DIFF_CHANGES_H
#define INSPECT_DIFF_CHANGES_H

#include "inspect/diff.h"

/* Fills `changes` and `denied` of `out`, whose other members are set. `deny`: bits of enum diff_denial. */
void diff_changes_list(struct arena *arena, unsigned deny, struct diff *out);

/* The parts of it: each adds to out->changes, denied ones as errors. */
void diff_changes_spf(struct arena *arena, unsigned deny, struct diff *out);
void diff_changes_dmarc(struct arena *arena, unsigned deny, struct diff *out);

/* A new one, about the record at `place`; a denied one is an error. */
struct finding *diff_changes_add(
	struct diff *out, enum rule_id rule, const struct finding_place *place, bool denied);

/* The bytes that it is about, unless there are none. */
void diff_changes_point(struct finding *finding, struct span span);

#endif
