/* psl_option: --psl: the public suffix list. */
#ifndef CLI_PSL_OPTION_H
#define CLI_PSL_OPTION_H

#include "cli/options.h"
#include "dns/psl.h"

/* Opens the list that --psl names, else the newest installed; the caller closes it. False with *error. */
bool psl_option_open(
	struct arena *arena, const struct options *options, struct psl **out, struct slice *error);

#endif
