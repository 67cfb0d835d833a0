/* complain: what the program says about itself, on standard error: one line, "mailauth: ...". */
#ifndef CLI_COMPLAIN_H
#define CLI_COMPLAIN_H

#include "base/arena.h"

#define COMPLAIN_MAX_QUOTE 120 /* bytes of the user's text that a message repeats */

/* Prints "mailauth: `message`" and a line end. */
void complain(struct slice message);

/* The same without the program's name: a message that begins with the place of a file it is about, as editors
 * and services read it. */
void complain_line(struct slice message);

/* The user's text between single quotes, escaped (ascii_escape) and cut: safe for a terminal. Ends with
 * NUL. */
const char *complain_quote(struct arena *arena, struct slice text);

/* `message`, and below it the user's text with carets under the bytes at `span`: three lines for
 * complain(). Of a long text what is near the carets is shown. */
struct slice complain_at(struct arena *arena, struct slice message, struct slice text, struct span span);

/* "; did you mean '`spelling`'?", or "" when spelling is NULL. */
const char *complain_hint(struct arena *arena, const char *spelling);

#endif
