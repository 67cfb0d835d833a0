/* main: reads the command line, runs the command, makes sure that the results were written.
 *
 * Exit statuses: exitcode.h. Results go to standard output, everything else to standard error.
 */
#include <locale.h>

#include "cli/complain.h"
#include "cli/config_options.h"
#include "cli/usage.h"

/* --help, --version: the only output that no command makes. */
static enum exitcode show_usage(struct output *output, const struct options *options)
{
	struct buf text;
	buf_init(&text);
	if (options_given(options, OPTION_HELP))
		usage_help(&text, options->command);
	else
		usage_version(&text);
	output_write(output, buf_slice(&text));
	bool failed = text.failed;
	buf_free(&text);
	return failed ? EXITCODE_INTERNAL : EXITCODE_CLEAN;
}

static enum exitcode show_short_usage(void)
{
	struct buf text;
	buf_init(&text);
	usage_short(&text);
	struct output errors = {.fd = 2};
	output_write(&errors, buf_slice(&text));
	buf_free(&text);
	return EXITCODE_USAGE;
}

static enum exitcode run(struct arena *arena, struct output *output, int argc, char *const *argv)
{
	struct options options;
	struct slice error;
	struct config config;
	struct cli cli = {arena, output, &options, &config};
	if (argc < 2)
		return show_short_usage();
	if (!options_parse(arena, argc, argv, &options, &error)) {
		complain(error);
		return EXITCODE_USAGE;
	}
	if (options_given(&options, OPTION_HELP) || options_given(&options, OPTION_VERSION))
		return show_usage(output, &options);
	if (!config_options_read(arena, &options, &config, &error)) {
		complain(error);
		return EXITCODE_USAGE;
	}
	return commands_get(options.command)->run(&cli);
}

int main(int argc, char **argv)
{
	struct escape escape = {.fail_at = 0};
	struct arena arena;
	struct output output;
	enum exitcode status;
	setlocale(LC_CTYPE, "");
	output_init(&output);
	arena_init(&arena, &escape);
	if (setjmp(escape.env) != 0) {
		complain(SLICE("out of memory"));
		status = EXITCODE_INTERNAL;
	} else {
		status = run(&arena, &output, argc, argv);
	}
	arena_free(&arena);
	if (!output_finish(&output))
		status = EXITCODE_INTERNAL;
	return (int)status;
}
