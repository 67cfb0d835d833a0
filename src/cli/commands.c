/* commands: the table of commands; see commands.h. */
#include "cli/commands.h"

#include "base/nearest.h"

static const struct command table[COMMAND_COUNT] = {
#define COMMAND(id, name, usage, purpose, formats, examples)                                                 \
	[COMMAND_##id] = {#name, usage, purpose, formats, examples, cmd_##name},
#include "cli/commands.def"
#undef COMMAND
};

const struct command *commands_get(enum command_id id)
{
	return &table[id];
}

enum command_id commands_find(struct slice name)
{
	for (size_t i = 0; i < COMMAND_COUNT; i++) {
		if (slice_equal(slice_cstr(table[i].name), name))
			return (enum command_id)i;
	}
	return COMMAND_COUNT;
}

const char *commands_nearest(struct arena *arena, struct slice name)
{
	const char *names[COMMAND_COUNT];
	for (size_t i = 0; i < COMMAND_COUNT; i++)
		names[i] = table[i].name;
	return nearest_meant(arena, name, names, COMMAND_COUNT);
}
