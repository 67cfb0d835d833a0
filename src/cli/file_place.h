/* file_place: places in files, as messages name them. */
#ifndef CLI_FILE_PLACE_H
#define CLI_FILE_PLACE_H

#include "dns/zonefile.h"

/* What is wrong with a file: "FILE:LINE:COLUMN: message", as far as line and column are known (not 0).
 * `file`: the one to name where the place has none; "-" is called standard input, others are escaped. */
struct slice file_place_error(struct arena *arena, struct slice file, const struct zonefile_error *problem);

#endif
