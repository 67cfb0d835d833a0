/* input: a list of domains, streamed; see input.h.
 *
 *     \xEF\xBB\xBFexample.com\r\n      example.com, line 1
 *     # our brands\n                   nothing
 *       example.net  # old one\n       example.net, line 3
 */
#include "cli/input.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/ascii.h"

bool input_open(struct input *input, const char *path)
{
	struct stat status;
	bool is_stdin = strcmp(path, "-") == 0;
	input->line = input->start = input->end = 0;
	input->ended = input->skipping = false;
	input->error = 0;
	input->fd = is_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	if (input->fd < 0 || fstat(input->fd, &status) != 0)
		input->error = errno;
	else if (S_ISDIR(status.st_mode))
		input->error = EISDIR;
	if (input->error != 0 && input->fd >= 0)
		input_close(input);
	return input->error == 0;
}

void input_close(struct input *input)
{
	if (input->fd != STDIN_FILENO)
		close(input->fd);
	input->fd = -1;
}

static bool is_ready(int fd)
{
	struct pollfd readable = {.fd = fd, .events = POLLIN};
	return poll(&readable, 1, 0) != 0;
}

/* Reads more behind what is in the buffer. False: see `status`. */
static bool fill(struct input *input, bool may_wait, enum input_status *status)
{
	memmove(input->buffer, input->buffer + input->start, input->end - input->start);
	input->end -= input->start;
	input->start = 0;
	*status = INPUT_NOT_YET;
	if (!may_wait && !is_ready(input->fd))
		return false;
	ssize_t got;
	do {
		got = read(input->fd, input->buffer + input->end, sizeof input->buffer - input->end);
		/* A terminal or pipe that somebody made non-blocking. */
		if (got < 0 && errno == EAGAIN && !may_wait)
			return false;
		if (got < 0 && errno == EAGAIN)
			poll(&(struct pollfd){.fd = input->fd, .events = POLLIN}, 1, -1);
	} while (got < 0 && (errno == EINTR || errno == EAGAIN));
	if (got < 0) {
		input->error = errno;
		*status = INPUT_FAILED;
		return false;
	}
	input->ended = got == 0;
	input->end += (size_t)got;
	return true;
}

/* Takes a line, or the start of one that is too long, off the buffer. False: it is not all there yet. */
static bool take(struct input *input, struct slice *out, bool *too_long)
{
	struct slice ready = slice_of(input->buffer + input->start, input->end - input->start);
	size_t newline = slice_find(ready, '\n', 0);
	bool whole = newline < ready.len || (input->ended && ready.len > 0);
	if (!whole && ready.len <= INPUT_MAX_LINE)
		return false;
	*out = slice_head(ready, newline);
	*too_long = newline > INPUT_MAX_LINE;
	input->start += newline < ready.len ? newline + 1 : ready.len;
	/* The next piece of the same line is not another line. */
	bool is_rest = input->skipping;
	input->skipping = !whole;
	if (is_rest)
		*out = slice_head(*out, 0);
	else
		input->line++;
	return true;
}

/* What is before a comment, without blanks around it. */
static struct slice clean(struct slice line, bool is_first)
{
	if (is_first && slice_starts(line, SLICE("\xEF\xBB\xBF")))
		line = slice_from(line, 3);
	if (line.len > 0 && line.ptr[line.len - 1] == '\r')
		line.len--;
	for (size_t i = 0; i < line.len; i++) {
		if (line.ptr[i] == '#' && (i == 0 || ascii_is_wsp(line.ptr[i - 1])))
			line.len = i;
	}
	return slice_trim(line);
}

enum input_status input_next(struct input *input, bool may_wait, struct input_line *out)
{
	enum input_status status = INPUT_END;
	for (;;) {
		struct slice line;
		bool too_long;
		if (take(input, &line, &too_long)) {
			struct slice text = clean(line, input->line == 1);
			*out = (struct input_line){text, input->line, too_long && text.len > INPUT_MAX_LINE};
			if (text.len > 0)
				return INPUT_LINE;
		} else if (input->ended || input->error != 0) {
			return input->error != 0 ? INPUT_FAILED : INPUT_END;
		} else if (!fill(input, may_wait, &status)) {
			return status;
		}
	}
}
