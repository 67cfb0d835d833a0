/* plain_path: the path of a file as services compare it, as text, with those of a repository: without "." and
 * empty steps. ".." stays, since what it leads to depends on links. "./zones//a" is "zones/a". */
#ifndef REPORT_PLAIN_PATH_H
#define REPORT_PLAIN_PATH_H

#include "base/arena.h"

struct slice plain_path(struct arena *arena, struct slice path);

#endif
