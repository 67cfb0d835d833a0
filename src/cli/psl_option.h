/* psl_option: --psl: the public suffix list. */
#ifndef CLI_PSL_OPTION_H
#define CLI_PSL_OPTION_H

#include "dns/psl.h"

/* Opens the list in `file`, or the newest installed for NULL; the caller closes it. False with *error. */
bool psl_option_open(struct arena *arena, const char *file, struct psl **out, struct slice *error);

#endif
