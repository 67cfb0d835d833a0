/* lint_settings: see lint_settings.h.
 *
 *     'v=spf1 -all'   a record: it has "=", "%", a quote or a blank
 *     records.txt     a file; also ./x=y and /x=y
 *     -               standard input
 */
#include "cli/lint_settings.h"

#include "base/ascii.h"
#include "cli/rule_option.h"
#include "cli/style.h"
#include "cli/zone_argument.h"

/* In the order of enum lint_type, without the first. */
static const char type_words[] = "spf dmarc exp";

static bool is_record(struct slice argument)
{
	if (slice_starts(argument, SLICE("/")) || slice_starts(argument, SLICE("./")))
		return false;
	for (size_t i = 0; i < argument.len; i++)
		if (ascii_is_one_of(argument.ptr[i], "=%\"\t\n ") || (unsigned char)argument.ptr[i] == 0xc2)
			return true;
	return false;
}

static bool read_zone(struct arena *arena, const char *spelled, struct slice value, struct lint_source *out,
	struct slice *error)
{
	out->kind = LINT_SOURCE_ZONE;
	return zone_argument_read(arena, spelled, value, &out->text, &out->origin, error);
}

static bool read_sources(
	struct arena *arena, const struct options *options, struct lint_settings *out, struct slice *error)
{
	struct lint_source *sources =
		arena_alloc(arena, (options->use_count + options->argument_count + 1) * sizeof *sources);
	const struct option_use *use;
	size_t count = 0, from = 0;
	while ((use = options_next(options, OPTION_ZONE, &from)) != NULL)
		if (!read_zone(arena, use->spelled, use->value, &sources[count++], error))
			return false;
	bool zones = count > 0;
	for (size_t i = 0; i < options->argument_count; i++) {
		struct slice argument = options->arguments[i];
		struct lint_source *source = &sources[count++];
		*source = (struct lint_source){
			.kind = is_record(argument) ? LINT_SOURCE_RECORD : LINT_SOURCE_FILE,
			.text = argument};
		if (zones && !read_zone(arena, "--zone", argument, source, error))
			return false;
	}
	out->sources = sources;
	out->source_count = count;
	return true;
}

static bool check_sources(struct lint_settings *settings, struct slice *error)
{
	size_t stdin_count = 0;
	if (settings->source_count == 0) {
		*error = SLICE(
			"no record given; 'mailauth lint \"v=spf1 -all\"' checks one, '-' reads a list");
		return false;
	}
	for (size_t i = 0; i < settings->source_count; i++)
		stdin_count += settings->sources[i].kind != LINT_SOURCE_RECORD &&
			       slice_equal(settings->sources[i].text, SLICE("-"));
	if (stdin_count > 1)
		*error = SLICE("standard input (-) can be read only once");
	return stdin_count <= 1;
}

static bool read_output(
	struct arena *arena, const struct options *options, struct lint_settings *out, struct slice *error)
{
	const struct option_use *type = options_first(options, OPTION_TYPE);
	struct slice format;
	size_t word = 0;
	if (!options_format(arena, options, &format, error) ||
		!style_read(arena, options, &out->output, error) ||
		!rule_option_fail_on(arena, options, &out->fail_on, error))
		return false;
	if (type != NULL) {
		if (!options_find_word(arena, "type", type->value, type_words, &word, error))
			return false;
		out->type = (enum lint_type)(word + 1);
	}
	out->format = writer_find(format);
	out->output.quiet = options_given(options, OPTION_QUIET);
	out->output.fail_on = exitcode_severity(out->fail_on);
	out->output.array = out->source_count != 1 || out->sources[0].kind != LINT_SOURCE_RECORD;
	return rule_option_filter(arena, options, &out->filter, error);
}

static bool all_zones(const struct lint_settings *settings)
{
	for (size_t i = 0; i < settings->source_count; i++)
		if (settings->sources[i].kind != LINT_SOURCE_ZONE)
			return false;
	return true;
}

static bool has_stdin(const struct lint_settings *settings)
{
	for (size_t i = 0; i < settings->source_count; i++)
		if (slice_equal(settings->sources[i].text, SLICE("-")))
			return true;
	return false;
}

static bool read_fixes(const struct options *options, struct lint_settings *out, struct slice *error)
{
	out->diff = options_given(options, OPTION_DIFF);
	out->in_place = options_given(options, OPTION_IN_PLACE);
	out->unsafe = options_given(options, OPTION_UNSAFE_FIXES);
	out->fix = options_given(options, OPTION_FIX) || out->unsafe || out->diff || out->in_place;
	if (out->type != LINT_NONE && all_zones(out))
		*error = SLICE("option '--type' is for single records: in a zone file their names tell");
	else if (out->fix && out->format != FORMAT_TEXT)
		*error = SLICE("corrections are text: no other format goes with '--fix' and its like");
	else if (out->diff && out->in_place)
		*error = SLICE("option '--diff' and option '--in-place' exclude each other");
	else if ((out->diff || out->in_place) && !all_zones(out))
		*error = SLICE("'--diff' and '--in-place' are for zone files: '--zone FILE'");
	else if (out->in_place && has_stdin(out))
		*error = SLICE("standard input (-) cannot be written to: '--diff' prints the changes");
	else
		return true;
	return false;
}

bool lint_settings_read(
	struct arena *arena, const struct options *options, struct lint_settings *out, struct slice *error)
{
	*out = (struct lint_settings){.type = LINT_NONE};
	return read_sources(arena, options, out, error) && check_sources(out, error) &&
	       read_output(arena, options, out, error) && read_fixes(options, out, error);
}
