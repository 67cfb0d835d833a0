/* usage: the texts of --help and --version, made from commands.def and options.def. At most 80 columns. */
#ifndef CLI_USAGE_H
#define CLI_USAGE_H

#include "base/buf.h"
#include "cli/commands.h"

/* What `mailauth COMMAND --help` prints; COMMAND_COUNT: `mailauth --help`. */
void usage_help(struct buf *out, enum command_id command);

/* What `mailauth` alone prints: two lines. */
void usage_short(struct buf *out);

void usage_version(struct buf *out);

#endif
