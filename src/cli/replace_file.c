/* replace_file: see replace_file.h. */
#include "cli/replace_file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
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

/* Fills the new file. Errors are in errno. */
static bool fill(int fd, const struct stat *status, struct slice content)
{
	bool owned = (status->st_uid == geteuid() && status->st_gid == getegid()) ||
		     fchown(fd, status->st_uid, status->st_gid) == 0;
	return owned && write_all(fd, content) && fchmod(fd, status->st_mode & 07777) == 0 && fsync(fd) == 0;
}

static bool replace(struct arena *arena, const char *path, const struct stat *status, struct slice content,
	struct slice *why)
{
	struct slice name = arena_printf(arena, "%s.XXXXXX", path);
	char *temporary = arena_alloc(arena, name.len + 1);
	memcpy(temporary, name.ptr, name.len);
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
