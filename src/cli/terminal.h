/* terminal: what standard output and standard error can show. */
#ifndef CLI_TERMINAL_H
#define CLI_TERMINAL_H

#include <stdbool.h>

enum terminal_color { TERMINAL_COLOR_AUTO, TERMINAL_COLOR_ALWAYS, TERMINAL_COLOR_NEVER };

/* Colour on standard output: as asked for; else when it is a terminal that is not dumb and NO_COLOR is
 * unset or empty. */
bool terminal_has_color(enum terminal_color wish);

/* True when the locale's characters are UTF-8 (call setlocale() before). */
bool terminal_is_utf8(void);

/* True when `fd` is a terminal that knows the escape sequences of a progress line. */
bool terminal_can_erase(int fd);

#endif
