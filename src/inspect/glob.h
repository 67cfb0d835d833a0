/* glob: names of findings by pattern. */
#ifndef INSPECT_GLOB_H
#define INSPECT_GLOB_H

#include "base/slice.h"

/* True when `text` (a name without final dot) is what `glob` stands for: `*` is any bytes, dots too, letters
 * are of any case, a final dot of the glob makes no difference. Time: at most the product of the lengths. */
bool glob_matches(struct slice glob, struct slice text);

#endif
