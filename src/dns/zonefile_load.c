/* zonefile_load: see zonefile_load.h. */
#include "dns/zonefile_load.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define CHUNK ((size_t)64 << 10)

static bool fail(struct arena *arena, struct slice *why, const char *text)
{
	*why = arena_copy(arena, slice_cstr(text));
	return false;
}

/* The size a file is said to have, plus one byte to see its end; a chunk for pipes. */
static size_t first_capacity(int fd, size_t limit)
{
	struct stat status;
	if (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode) || status.st_size < 0)
		return CHUNK;
	size_t size = (size_t)status.st_size;
	return size < limit ? size + 1 : CHUNK;
}

/* Reads to the end. Lack of memory leaves `fd` open: the program ends then. */
static bool read_all(struct arena *arena, int fd, size_t limit, struct slice *out, struct slice *why)
{
	size_t capacity = first_capacity(fd, limit), used = 0;
	char *bytes = arena_alloc(arena, capacity);
	for (;;) {
		if (used == capacity)
			bytes = arena_grow(arena, bytes, used, &capacity, 1);
		ssize_t got = read(fd, bytes + used, capacity - used);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return fail(arena, why, strerror(errno));
		if (got == 0)
			break;
		used += (size_t)got;
		if (used > limit)
			return fail(arena, why, "the file is too large");
	}
	*out = slice_of(bytes, used);
	return true;
}

bool zonefile_load_file(
	struct arena *arena, struct slice path, size_t limit, struct slice *out, struct slice *why)
{
	if (slice_equal(path, SLICE("-")))
		return read_all(arena, STDIN_FILENO, limit, out, why);
	int fd = open(arena_cstr(arena, path), O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0)
		return fail(arena, why, strerror(errno));
	bool loaded = read_all(arena, fd, limit, out, why);
	close(fd);
	return loaded;
}

/* `path` up to its last slash, with it; empty without one. */
static struct slice folder_of(struct slice path)
{
	while (path.len > 0 && path.ptr[path.len - 1] != '/')
		path.len--;
	return path;
}

struct slice zonefile_load_join(struct arena *arena, struct slice from, struct slice name)
{
	struct slice folder = folder_of(from);
	if (folder.len == 0 || slice_starts(name, SLICE("/")))
		return arena_copy(arena, name);
	char *path = arena_alloc(arena, folder.len + name.len + 1);
	memcpy(path, folder.ptr, folder.len);
	memcpy(path + folder.len, name.ptr, name.len);
	return slice_of(path, folder.len + name.len);
}

/* What realpath() says, in the arena; NULL pointer with errno set. */
static struct slice real_path(struct arena *arena, struct slice path)
{
	char *resolved = arena_alloc(arena, PATH_MAX);
	return realpath(arena_cstr(arena, path), resolved) == NULL ? slice_of(NULL, 0) : slice_cstr(resolved);
}

bool zonefile_load_is_inside(struct arena *arena, struct slice top, struct slice path, struct slice *why)
{
	struct slice folder = folder_of(top);
	struct slice root = real_path(arena, folder.len == 0 ? SLICE(".") : folder);
	struct slice real = root.ptr == NULL ? root : real_path(arena, path);
	if (real.ptr == NULL)
		return fail(arena, why, strerror(errno));
	struct slice rest = slice_from(real, root.len);
	bool inside =
		slice_starts(real, root) && (slice_equal(root, SLICE("/")) || slice_starts(rest, SLICE("/")));
	return inside || fail(arena, why, "it is outside the folder of the zone file");
}
