/* style: how results look: --color, the locale, the width. */
#ifndef CLI_STYLE_H
#define CLI_STYLE_H

#include "cli/options.h"
#include "report/writer.h"

/* Sets color, unicode and width of *out and nothing else. False with *error. */
bool style_read(
	struct arena *arena, const struct options *options, struct writer_options *out, struct slice *error);

#endif
