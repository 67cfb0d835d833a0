/* terminal: colour, character set, escape sequences; see terminal.h. */
#include "cli/terminal.h"

#include <langinfo.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

bool terminal_can_erase(int fd)
{
	const char *kind = getenv("TERM");
	return isatty(fd) && kind != NULL && kind[0] != '\0' && strcmp(kind, "dumb") != 0;
}

bool terminal_has_color(enum terminal_color wish)
{
	const char *no_color = getenv("NO_COLOR");
	switch (wish) {
	case TERMINAL_COLOR_ALWAYS:
		return true;
	case TERMINAL_COLOR_NEVER:
		return false;
	case TERMINAL_COLOR_AUTO:
		break;
	}
	return terminal_can_erase(STDOUT_FILENO) && (no_color == NULL || no_color[0] == '\0');
}

bool terminal_is_utf8(void)
{
	const char *codeset = nl_langinfo(CODESET);
	return strcasecmp(codeset, "UTF-8") == 0 || strcasecmp(codeset, "UTF8") == 0;
}
