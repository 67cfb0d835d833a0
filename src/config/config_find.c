/* config_find: see config_find.h.
 *
 *     working directory /home/a/zones/mail, repository /home/a/zones
 *     looked at: .mailauth, ../.mailauth; .git is there, so no further
 *
 * A folder is looked at by going up from the working directory with "..", so the path that is returned is
 * right also where the working directory was reached through a symbolic link.
 */
#include "config/config_find.h"

#include <sys/stat.h>

#define MAX_UP 64 /* folders above the working directory */

static bool exists(struct arena *arena, const char *folder, const char *name)
{
	struct stat status;
	/* Not followed: a link that leads nowhere is to be complained about, not passed over. */
	return lstat(arena_printf(arena, "%s%s", folder, name).ptr, &status) == 0;
}

static bool is_same(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

/* The folder above `folder`; NULL at the top. */
static const char *parent_of(struct arena *arena, const char *folder)
{
	const char *parent = arena_printf(arena, "%s../", folder).ptr;
	struct stat here, above;
	if (stat(folder[0] == '\0' ? "." : folder, &here) != 0 || stat(parent, &above) != 0 ||
		is_same(&here, &above))
		return NULL;
	return parent;
}

bool config_find(struct arena *arena, struct slice *path)
{
	const char *folder = "", *found = NULL;
	for (int up = 0; folder != NULL && up <= MAX_UP; up++) {
		if (found == NULL && exists(arena, folder, ".mailauth"))
			found = folder;
		if (exists(arena, folder, ".git"))
			break;
		const char *parent = parent_of(arena, folder);
		/* No repository: what lies above the working directory is somebody else's. */
		if ((parent == NULL || up == MAX_UP) && found != NULL && found[0] != '\0')
			found = NULL;
		folder = parent;
	}
	if (found == NULL)
		return false;
	*path = arena_printf(arena, "%s.mailauth", found);
	return true;
}
