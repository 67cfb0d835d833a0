/* zonefile_load: the bytes of zone files: the top one, and those it includes from its own folder. */
#ifndef DNS_ZONEFILE_LOAD_H
#define DNS_ZONEFILE_LOAD_H

#include "dns/zonefile.h"

/* The content of `path` ("-": standard input) in *out, or false with *why. Reads at most `limit` bytes. */
bool zonefile_load_file(
	struct arena *arena, struct slice path, size_t limit, struct slice *out, struct slice *why);

/* The path of a file included as `name` by the file `from`: beside it, unless it is absolute. */
struct slice zonefile_load_join(struct arena *arena, struct slice from, struct slice name);

/* True when `path`, with every symbolic link and ".." followed, is in the folder of `top` or below it;
 * else *why. */
bool zonefile_load_is_inside(struct arena *arena, struct slice top, struct slice path, struct slice *why);

#endif
