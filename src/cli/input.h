/* input: domains from a file or standard input, a line at a time.
 *
 * Reads as lines are taken: a fixed buffer, whatever the length of the file. A domain a line; `#` at the
 * start of a line or behind a blank begins a comment; blank lines, CR before the line end and blanks
 * around the domain are dropped, as is a byte order mark.
 */
#ifndef CLI_INPUT_H
#define CLI_INPUT_H

#include "base/slice.h"

#define INPUT_MAX_LINE 4096  /* bytes */
#define INPUT_BUFFER   65536 /* more than a line */

/* Invariant: start <= end <= sizeof buffer; buffer[start..end) is read and not taken yet. */
struct input {
	int fd;
	size_t line; /* number of the last line that was taken */
	size_t start;
	size_t end;
	bool ended;    /* read() has said so */
	bool skipping; /* the rest of a line that was too long */
	int error;     /* errno of INPUT_FAILED */
	char buffer[INPUT_BUFFER];
};

/* One line that has something on it. `text` is valid until the next call; of a line that is too long it
 * is the start. */
struct input_line {
	struct slice text;
	size_t number;
	bool too_long;
};

enum input_status { INPUT_LINE, INPUT_NOT_YET, INPUT_END, INPUT_FAILED };

/* "-" is standard input. False with errno in input->error: there is no such file, it is a directory. */
bool input_open(struct input *input, const char *path);
void input_close(struct input *input);

/* The next line with a domain. `may_wait` false: INPUT_NOT_YET instead of waiting for a pipe or a
 * terminal. INPUT_FAILED and INPUT_END are final. */
enum input_status input_next(struct input *input, bool may_wait, struct input_line *out);

#endif
