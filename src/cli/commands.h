/* commands: the table of what mailauth can do: one row of commands.def and one file cmd_NAME.c for each
 * command. */
#ifndef CLI_COMMANDS_H
#define CLI_COMMANDS_H

#include "base/arena.h"
#include "cli/exitcode.h"
#include "cli/output.h"

enum command_id {
#define COMMAND(id, ...) COMMAND_##id,
#include "cli/commands.def"
#undef COMMAND
	COMMAND_COUNT
};

struct options;
struct config;

/* What a command works with. */
struct cli {
	struct arena *arena; /* lives as long as the program */
	struct output *output;
	const struct options *options;
	const struct config *config; /* never NULL; empty without a configuration file */
};

struct command {
	const char *name;
	const char *usage; /* one call a line */
	const char *purpose;
	const char *formats;  /* for --format, the default first, blanks between */
	const char *examples; /* command lines, each with a line below it that says what it does */
	/* Does the work. Complains on standard error about everything but a failed write to `output`. */
	enum exitcode (*run)(struct cli *cli);
};

/* Never NULL. */
const struct command *commands_get(enum command_id id);

/* COMMAND_COUNT when there is none of that name. */
enum command_id commands_find(struct slice name);

/* The name of a command that was probably meant, or NULL. */
const char *commands_nearest(struct arena *arena, struct slice name);

#define COMMAND(id, name, ...) enum exitcode cmd_##name(struct cli *cli);
#include "cli/commands.def"
#undef COMMAND

#endif
