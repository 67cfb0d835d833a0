/* options: the command line, read by the table options.def.
 *
 * The first word that is no option names the command; options stand before or after arguments; "--" ends
 * them. Accepted are `--name=VALUE`, `--name VALUE`, `-nVALUE`, `-n VALUE` and joined letters (`-qv`).
 * Names are never shortened. An option of another command, or a second one where one is meant, is an
 * error; messages name the nearest right spelling.
 */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include "cli/commands.h"

enum option_id {
#define OPTION(id, ...) OPTION_##id,
#include "cli/options.def"
#undef OPTION
	OPTION_COUNT
};

enum option_group {
	OPTION_GROUP_DNS,
	OPTION_GROUP_INPUT,
	OPTION_GROUP_OUTPUT,
	OPTION_GROUP_OTHER,
	OPTION_GROUP_COUNT
};

struct option {
	const char *name;     /* without dashes */
	const char *argument; /* how --help names it; NULL: takes none */
	const char *help;
	unsigned commands; /* bit N: command_id N has it */
	enum option_group group;
	char letter; /* 0: none */
	bool repeatable;
};

/* One use on the command line, or in the configuration file. */
struct option_use {
	enum option_id id;
	const char *spelled; /* "--server" or "-s" */
	struct slice value;  /* ends with NUL; ptr is NULL without argument */
	bool from_file;	     /* a line of the configuration file; these stand before the others */
};

struct options {
	enum command_id command; /* COMMAND_COUNT: none was given */
	const struct option_use *uses;
	size_t use_count;
	const struct slice *arguments; /* without the command; each ends with NUL */
	size_t argument_count;
};

const struct option *options_get(enum option_id id);

bool options_has_command(enum option_id id, enum command_id command);

/* The option of that long name, without dashes; OPTION_COUNT when there is none. */
enum option_id options_find(struct slice name);

/* True when giving both options is giving one of them twice. */
bool options_are_same_thing(enum option_id a, enum option_id b);

/* Reads argv[1] to argv[argc - 1], which are borrowed. False with *error, a message of one line. With
 * --help or --version among the options, nothing is required of the rest. */
bool options_parse(
	struct arena *arena, int argc, char *const *argv, struct options *out, struct slice *error);

bool options_given(const struct options *options, enum option_id id);

/* The use of `id` at or after uses[*from], with *from behind it; NULL: no more. */
const struct option_use *options_next(const struct options *options, enum option_id id, size_t *from);

/* The only use of an option that may be given once, or NULL. */
const struct option_use *options_first(const struct options *options, enum option_id id);

/* Index of `value` in `words` ("auto always never"). False with *error: "unknown `what` 'alwys'; did you
 * mean 'always'?". */
bool options_find_word(struct arena *arena, const char *what, struct slice value, const char *words,
	size_t *out, struct slice *error);

/* The format asked for with --format or --json, else the first of the command's formats. */
bool options_format(
	struct arena *arena, const struct options *options, struct slice *out, struct slice *error);

#endif
