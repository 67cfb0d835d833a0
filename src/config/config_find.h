/* config_find: which configuration file counts: .mailauth in the working directory or in a folder above it,
 * up to the one that has .git; without a repository the working directory alone. */
#ifndef CONFIG_CONFIG_FIND_H
#define CONFIG_CONFIG_FIND_H

#include "base/arena.h"

/* The path of the file, relative to the working directory; false: there is none. */
bool config_find(struct arena *arena, struct slice *path);

#endif
