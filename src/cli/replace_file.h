/* replace_file: new content for a file, all of it or nothing. */
#ifndef CLI_REPLACE_FILE_H
#define CLI_REPLACE_FILE_H

#include "base/arena.h"

/* Puts `content` in the place of `path` (symbolic links are followed), with owner and mode kept: written
 * beside it, synced, renamed. Nothing is changed when the file does not have the content `expected` any
 * more. False with *why, and the old file as it was. */
bool replace_file(struct arena *arena, struct slice path, struct slice expected, struct slice content,
	struct slice *why);

/* Puts `content` in the place of `path`, or into a new file. False with *why, and an old file as it was. */
bool replace_file_write(struct arena *arena, struct slice path, struct slice content, struct slice *why);

/* True when replace_file_write() will be able to: a regular file or none, in a folder that takes one. */
bool replace_file_check(struct arena *arena, struct slice path, struct slice *why);

#endif
