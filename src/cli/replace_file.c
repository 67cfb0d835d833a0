/* replace_file: see replace_file.h. */
#include "cli/replace_file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "dns/zonefile_load.h"

static bool fail(struct arena *arena, struct slice *why, const char *text)
{
	*why = arena_copy(arena, slice_cstr(text));
	return false;
}

static bool write_all(int fd, struct slice content)
{
	while (content.len > 0) {
		ssize_t written = write(fd, content.ptr, content.len);
		if (written < 0 && errno != EINTR)
			return false;
		if (written > 0)
			content = slice_from(content, (size_t)written);
	}
	return true;
}

/* A rename is safe only when the folder is on the disk, too. Not every file system can do it. */
static void sync_folder(struct arena *arena, struct slice path)
{
	while (path.len > 0 && path.ptr[path.len - 1] != '/')
		path.len--;
	int fd = open(path.len == 0 ? "." : arena_cstr(arena, path), O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	fsync(fd);
	close(fd);
}

/* What open() would give a new file. */
static mode_t default_mode(void)
{
	mode_t mask = umask(0);
	umask(mask);
	return 0666 & ~mask;
}

/* Fills the new file, which takes over owner and mode of an old one (NULL: there is none). Errors are in
 * errno. */
static bool fill(int fd, const struct stat *status, struct slice content)
{
	if (status == NULL)
		return write_all(fd, content) && fchmod(fd, default_mode()) == 0 && fsync(fd) == 0;
	bool owned = (status->st_uid == geteuid() && status->st_gid == getegid()) ||
		     fchown(fd, status->st_uid, status->st_gid) == 0;
	return owned && write_all(fd, content) && fchmod(fd, status->st_mode & 07777) == 0 && fsync(fd) == 0;
}

static char *template_for(struct arena *arena, const char *path)
{
	struct slice name = arena_printf(arena, "%s.XXXXXX", path);
	char *template = arena_alloc(arena, name.len + 1);
	memcpy(template, name.ptr, name.len);
	return template;
}

/* Signals that would end the program and leave a file with an odd name. SIGXFSZ becomes an error of write(). */
static void hold_signals(sigset_t *before)
{
	static const int held[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGXFSZ};
	sigset_t set;
	sigemptyset(&set);
	for (size_t i = 0; i < sizeof held / sizeof held[0]; i++)
		sigaddset(&set, held[i]);
	pthread_sigmask(SIG_BLOCK, &set, before);
}

static bool replace_held(struct arena *arena, const char *path, const struct stat *status,
	struct slice content, struct slice *why)
{
	char *temporary = template_for(arena, path);
	int fd = mkstemp(temporary);
	if (fd < 0)
		return fail(arena, why, strerror(errno));
	bool filled = fill(fd, status, content);
	int error = errno;
	if (close(fd) != 0 && filled) {
		filled = false;
		error = errno;
	}
	if (filled && rename(temporary, path) == 0) {
		sync_folder(arena, slice_cstr(path));
		return true;
	}
	if (filled)
		error = errno;
	unlink(temporary);
	return fail(arena, why, strerror(error));
}

/* Whole, or not at all: a SIGXFSZ that was held is taken away, its write() has failed. */
static bool replace(struct arena *arena, const char *path, const struct stat *status, struct slice content,
	struct slice *why)
{
	sigset_t before, pending, one;
	int number;
	hold_signals(&before);
	bool done = replace_held(arena, path, status, content, why);
	sigemptyset(&one);
	sigaddset(&one, SIGXFSZ);
	if (sigpending(&pending) == 0 && sigismember(&pending, SIGXFSZ) == 1)
		sigwait(&one, &number);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return done;
}

bool replace_file(struct arena *arena, struct slice path, struct slice expected, struct slice content,
	struct slice *why)
{
	struct stat status;
	struct slice now;
	char *real = arena_alloc(arena, PATH_MAX);
	if (realpath(arena_cstr(arena, path), real) == NULL || stat(real, &status) != 0)
		return fail(arena, why, strerror(errno));
	if (!S_ISREG(status.st_mode))
		return fail(arena, why, "not a regular file");
	if (!zonefile_load_file(arena, slice_cstr(real), ZONEFILE_MAX_BYTES, &now, why))
		return false;
	if (!slice_equal(now, expected))
		return fail(arena, why, "somebody else has changed it meanwhile");
	return replace(arena, real, &status, content, why);
}

/* Where a new content goes: *exists tells whether something is there, which then is a regular file. False
 * with *why. */
static bool find_target(struct arena *arena, struct slice path, char **out, bool *exists, struct stat *status,
	struct slice *why)
{
	const char *given = arena_cstr(arena, path);
	*out = arena_alloc(arena, path.len + 1 < PATH_MAX ? PATH_MAX : path.len + 1);
	*exists = realpath(given, *out) != NULL;
	if (!*exists) {
		if (errno != ENOENT)
			return fail(arena, why, strerror(errno));
		memcpy(*out, given, path.len);
		(*out)[path.len] = '\0';
		return true;
	}
	if (stat(*out, status) != 0)
		return fail(arena, why, strerror(errno));
	return S_ISREG(status->st_mode) || fail(arena, why, "not a regular file");
}

bool replace_file_write(struct arena *arena, struct slice path, struct slice content, struct slice *why)
{
	struct stat status;
	char *target;
	bool exists;
	if (!find_target(arena, path, &target, &exists, &status, why))
		return false;
	return replace(arena, target, exists ? &status : NULL, content, why);
}

bool replace_file_check(struct arena *arena, struct slice path, struct slice *why)
{
	struct stat status;
	char *target;
	bool exists;
	if (path.len == 0)
		return fail(arena, why, strerror(ENOENT));
	if (!find_target(arena, path, &target, &exists, &status, why))
		return false;
	if (exists && access(target, W_OK) != 0)
		return fail(arena, why, strerror(errno));
	char *temporary = template_for(arena, target);
	int fd = mkstemp(temporary);
	if (fd < 0)
		return fail(arena, why, strerror(errno));
	close(fd);
	unlink(temporary);
	return true;
}
