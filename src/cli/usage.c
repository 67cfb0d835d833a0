/* usage: --help and --version; see usage.h. */
#include "cli/usage.h"

#include <idn2.h>
#include <libpsl.h>

#include "cli/options.h"
#include "dns/ares_lane.h"

#define WIDTH	    80
#define HELP_COLUMN 29

static const char *const group_titles[OPTION_GROUP_COUNT] = {
	[OPTION_GROUP_DNS] = "DNS",
	[OPTION_GROUP_INPUT] = "Input",
	[OPTION_GROUP_OUTPUT] = "Output",
	[OPTION_GROUP_OTHER] = "Other",
};

static const char exit_statuses[] =
	"Exit status: 0 clean, 1 findings, or not what was expected or allowed, 2 usage,\n"
	"3 a DNS failure hid something, 4 internal failure.\n";

/* Writes `text` from *column on, wrapped at blanks before WIDTH, next lines indented by `indent`. */
static void put_wrapped(struct buf *out, struct slice text, size_t column, size_t indent)
{
	while (text.len > 0) {
		size_t blank = slice_find(text, ' ', 0);
		bool first = column == indent;
		if (!first && column + 1 + blank > WIDTH) {
			buf_byte(out, '\n');
			buf_repeat(out, ' ', indent);
			column = indent;
			first = true;
		}
		if (!first)
			buf_byte(out, ' ');
		buf_add(out, slice_head(text, blank));
		column += blank + (first ? 0 : 1);
		text = slice_from(text, blank + 1);
	}
	buf_byte(out, '\n');
}

/* "text json jsonl" to "text (default), json, jsonl". */
static void put_formats(struct buf *out, const char *formats)
{
	struct slice rest = slice_cstr(formats);
	size_t blank = slice_find(rest, ' ', 0);
	buf_add(out, slice_head(rest, blank));
	buf_text(out, " (default)");
	for (rest = slice_from(rest, blank + 1); rest.len > 0; rest = slice_from(rest, blank + 1)) {
		blank = slice_find(rest, ' ', 0);
		buf_text(out, ", ");
		buf_add(out, slice_head(rest, blank));
	}
}

static void put_option(struct buf *out, const struct option *option, const char *formats)
{
	size_t start = out->len;
	if (option->letter != 0)
		buf_printf(out, "  -%c, --%s", option->letter, option->name);
	else
		buf_printf(out, "      --%s", option->name);
	if (option->argument != NULL)
		buf_printf(out, " %s", option->argument);
	size_t column = out->len - start;
	if (column + 2 > HELP_COLUMN) {
		buf_byte(out, '\n');
		column = 0;
	}
	buf_repeat(out, ' ', HELP_COLUMN - column);
	struct buf help;
	buf_init(&help);
	if (strcmp(option->help, "{formats}") == 0)
		put_formats(&help, formats);
	else
		buf_text(&help, option->help);
	if (option->repeatable)
		buf_text(&help, " (repeatable)");
	put_wrapped(out, buf_slice(&help), HELP_COLUMN, HELP_COLUMN);
	buf_free(&help);
}

static void put_group(struct buf *out, enum command_id command, enum option_group group)
{
	bool titled = false;
	for (size_t i = 0; i < OPTION_COUNT; i++) {
		const struct option *option = options_get((enum option_id)i);
		if (option->group != group || !options_has_command((enum option_id)i, command))
			continue;
		if (!titled)
			buf_printf(out, "\n%s:\n", group_titles[group]);
		titled = true;
		put_option(out, option, commands_get(command)->formats);
	}
}

/* The lines of `text` behind `first`, then `next`. */
static void put_lines(struct buf *out, const char *first, const char *next, const char *text)
{
	struct slice rest = slice_cstr(text);
	const char *before = first;
	while (rest.len > 0) {
		size_t end = slice_find(rest, '\n', 0);
		buf_text(out, before);
		buf_add(out, slice_head(rest, end));
		buf_byte(out, '\n');
		rest = slice_from(rest, end + 1);
		before = next;
	}
}

static void help_of_command(struct buf *out, enum command_id id)
{
	const struct command *command = commands_get(id);
	put_lines(out, "Usage: ", "       ", command->usage);
	buf_byte(out, '\n');
	put_wrapped(out, slice_cstr(command->purpose), 0, 0);
	for (size_t group = 0; group < OPTION_GROUP_COUNT; group++)
		put_group(out, id, (enum option_group)group);
	buf_text(out, "\nExamples:\n");
	put_lines(out, "  ", "  ", command->examples);
	buf_printf(out, "\n%s", exit_statuses);
}

static void help_of_all(struct buf *out)
{
	buf_text(out, "Usage: mailauth COMMAND [OPTION]... [ARGUMENT]...\n\n");
	buf_text(out, "Look at the mail authentication records (SPF, DMARC) of a domain.\n\nCommands:\n");
	for (size_t i = 0; i < COMMAND_COUNT; i++) {
		const struct command *command = commands_get((enum command_id)i);
		buf_printf(out, "  %-10s", command->name);
		put_wrapped(out, slice_cstr(command->purpose), 12, 12);
	}
	buf_text(out, "\nExamples:\n");
	for (size_t i = 0; i < COMMAND_COUNT; i++) {
		struct slice examples = slice_cstr(commands_get((enum command_id)i)->examples);
		buf_text(out, "  ");
		buf_add(out, slice_head(examples, slice_find(examples, '\n', 0) + 1));
	}
	buf_text(out, "\n  -h, --help     show this help; 'mailauth COMMAND --help': its options\n");
	buf_printf(out, "  -V, --version  show the version\n\n%s", exit_statuses);
}

void usage_help(struct buf *out, enum command_id command)
{
	if (command == COMMAND_COUNT)
		help_of_all(out);
	else
		help_of_command(out, command);
}

void usage_short(struct buf *out)
{
	buf_text(out, "Usage: mailauth check DOMAIN...\n       mailauth --help\n");
}

void usage_version(struct buf *out)
{
	buf_printf(out, "mailauth %s\nc-ares %s\nlibidn2 %s\nlibpsl %s\n", MAILAUTH_VERSION,
		ares_lane_version(), idn2_check_version(NULL), psl_get_version());
}
