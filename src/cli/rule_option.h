/* rule_option: options and arguments that name rules and their levels. */
#ifndef CLI_RULE_OPTION_H
#define CLI_RULE_OPTION_H

#include "cli/exitcode.h"
#include "cli/options.h"
#include "inspect/filter.h"

/* The rule of that id. False with *error that names the nearest one. */
bool rule_option_find(struct arena *arena, struct slice id, enum rule_id *out, struct slice *error);

/* --ignore RULE[@NAME] and --severity RULE=LEVEL as a filter. */
bool rule_option_filter(
	struct arena *arena, const struct options *options, struct filter *out, struct slice *error);

/* --fail-on LEVEL, or its default. False with *error. */
bool rule_option_fail_on(
	struct arena *arena, const struct options *options, enum exitcode_fail_on *out, struct slice *error);

#endif
