/* psl_option: see psl_option.h. */
#include "cli/psl_option.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/complain.h"

/* 0, or the errno that tells why `file` cannot be read. */
static int why_unreadable(const char *file)
{
	struct stat status;
	int fd = open(file, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &status) != 0)
		return errno;
	close(fd);
	return S_ISDIR(status.st_mode) ? EISDIR : 0;
}

bool psl_option_open(
	struct arena *arena, const struct options *options, struct psl **out, struct slice *error)
{
	const struct option_use *use = options_first(options, OPTION_PSL);
	const char *file = use == NULL ? NULL : use->value.ptr;
	int unreadable = file == NULL ? 0 : why_unreadable(file);
	*out = unreadable != 0 ? NULL : psl_open(file);
	if (*out != NULL)
		return true;
	if (file == NULL)
		*error = SLICE("no public suffix list is installed; '--psl FILE' names one");
	else
		*error = arena_printf(arena, "cannot read the public suffix list %s: %s",
			complain_quote(arena, slice_cstr(file)),
			unreadable != 0 ? strerror(unreadable) : "not such a list");
	return false;
}
