/* config_line: a line of the configuration file, read word by word, and what can be wrong with one.
 *
 * A function that returns false has put FILE:LINE:COLUMN and a message into *line->error.
 */
#ifndef CONFIG_CONFIG_LINE_H
#define CONFIG_CONFIG_LINE_H

#include "dns/zonefile.h"

/* Invariant: `at` <= text.len; before `at` everything is read. */
struct config_line {
	struct arena *arena;
	struct slice file;
	struct slice text; /* without comment, blanks behind it and line end */
	size_t number;
	size_t at;
	struct zonefile_error *error;
};

/* Bytes between blanks, and where they begin in the line. */
struct config_word {
	struct slice text;
	size_t offset;
};

/* The next word, empty at the end of the line. */
struct config_word config_line_next(struct config_line *line);

/* All that is left, without blanks around it. */
struct config_word config_line_rest(struct config_line *line);

struct zonefile_place config_line_place(const struct config_line *line, size_t offset);

/* Always false: what is wrong is at `offset`. */
bool config_line_fail(struct config_line *line, size_t offset, struct slice message);

/* True at the end; false: the next word is one too many. `form`: how the line is written. */
bool config_line_end(struct config_line *line, const char *form);

/* Index of `word` among the `count` ones of `words`. False: "unknown `what` 'rejcet'; did you mean
 * 'reject'?", or all words when none is near. */
bool config_line_choose(struct config_line *line, struct config_word word, const char *what,
	const char *const *words, size_t count, size_t *out);

/* The user's text as messages show it. Ends with NUL. */
const char *config_line_quote(struct config_line *line, struct slice text);

/* "; did you mean '...'?" with the one of `words` that is near to `text`, or "". Ends with NUL. */
const char *config_line_hint(
	struct config_line *line, struct slice text, const char *const *words, size_t count);

#endif
