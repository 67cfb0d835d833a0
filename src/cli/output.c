/* output: results to standard output; see output.h. */
#include "cli/output.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* A descriptor that is not open gets /dev/null the wrong way round: reading from 0 and writing to 1 fail
 * as they would without it. */
static void occupy(int fd, int mode)
{
	if (fcntl(fd, F_GETFD) >= 0 || errno != EBADF)
		return;
	int opened = open("/dev/null", mode);
	if (opened >= 0 && opened != fd) {
		dup2(opened, fd);
		close(opened);
	}
}

void output_init(struct output *output)
{
	*output = (struct output){.fd = STDOUT_FILENO};
	signal(SIGPIPE, SIG_IGN);
	occupy(STDIN_FILENO, O_WRONLY);
	occupy(STDOUT_FILENO, O_RDONLY);
	occupy(STDERR_FILENO, O_WRONLY);
}

/* Somebody who shares the pipe has made it non-blocking. */
static void wait_for_room(int fd)
{
	struct pollfd room = {.fd = fd, .events = POLLOUT};
	poll(&room, 1, -1);
}

bool output_write(struct output *output, struct slice bytes)
{
	while (output->error == 0 && bytes.len > 0) {
		ssize_t written = write(output->fd, bytes.ptr, bytes.len);
		if (written > 0)
			bytes = slice_from(bytes, (size_t)written);
		else if (written == 0)
			output->error = ENOSPC;
		else if (errno == EAGAIN)
			wait_for_room(output->fd);
		else if (errno != EINTR)
			output->error = errno;
	}
	return output->error == 0;
}

bool output_finish(struct output *output)
{
	/* Nothing was written to a closed standard output: then nothing was lost. */
	if (close(output->fd) != 0 && output->error == 0 && errno != EINTR && errno != EBADF)
		output->error = errno;
	if (output->error == 0)
		return true;
	fprintf(stderr, "mailauth: cannot write the results: %s\n", strerror(output->error));
	return false;
}
