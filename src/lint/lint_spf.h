/* lint_spf: what the text of one SPF record says about limits, without looking at what it names (RFC 7208
 * 4.6.4). */
#ifndef LINT_LINT_SPF_H
#define LINT_LINT_SPF_H

#include "spf/spf_record.h"

/* Adds spf-lookup-limit or spf-lookup-near when the terms of the record that need DNS are that many by
 * themselves, spf-include-duplicate for the same name written twice, spf-range-huge for ip4 networks, and
 * spf-exp-unreachable. `name`: its owner, or empty. */
void lint_spf(
	struct arena *arena, const struct spf_record *record, struct slice name, struct findings *findings);

#endif
