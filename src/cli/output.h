/* output: results to standard output, with every write checked.
 *
 * SIGPIPE is ignored, so a reader that went away and a full disk are errors like any other: the first
 * one is kept, later writes do nothing, and the program ends with status 4 (mailauth(1), EXIT STATUS).
 */
#ifndef CLI_OUTPUT_H
#define CLI_OUTPUT_H

#include "base/slice.h"

struct output {
	int fd;
	int error; /* errno of the first failure, 0: none */
};

/* Ignores SIGPIPE and makes sure that descriptors 0 to 2 are in use, so that no file or socket opened
 * later is taken for standard output. */
void output_init(struct output *output);

/* Writes all of `bytes` at once, so that a reader sees each verdict when it is there. False after a
 * failure, this one or an earlier one. */
bool output_write(struct output *output, struct slice bytes);

/* Closes standard output (some file systems report a full disk only then). False, and a line on standard
 * error, when anything was lost. */
bool output_finish(struct output *output);

#endif
