/* test_settings: see test_settings.h. */
#include "cli/test_settings.h"

#include "base/ascii.h"
#include "cli/complain.h"
#include "cli/domain.h"
#include "cli/rule_option.h"

/* The words of --format, in the order of the enum. */
static const char format_words[] = "text json junit";

static bool read_output(
	struct arena *arena, const struct options *options, struct test_settings *out, struct slice *error)
{
	struct slice format;
	size_t index;
	if (!options_format(arena, options, &format, error) ||
		!options_find_word(arena, "format", format, format_words, &index, error))
		return false;
	out->format = (enum test_settings_format)index;
	out->evaluation.output.quiet = options_given(options, OPTION_QUIET);
	return rule_option_filter(arena, options, &out->filter, error);
}

/* --- which expectations ------------------------------------------------------------------------ */

static bool needs_expectations(struct arena *arena, const struct config *config, struct slice *error)
{
	if (config->file.len == 0) {
		*error = SLICE("there is no configuration file: 'mailauth test' runs the lines 'expect' of "
			       ".mailauth, or of the file that '--config' names");
		return false;
	}
	if (config->expectation_count > 0)
		return true;
	struct slice file = ascii_escape(arena, config->file);
	*error = arena_printf(arena,
		"%.*s has no line 'expect': there is nothing to test; 'expect example.com dmarc reject' is "
		"one",
		(int)file.len, file.ptr);
	return false;
}

static bool is_about(const struct config_expectation *expectation, const struct name *domains, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (name_equal(expectation->domain, domains[i]))
			return true;
	return count == 0;
}

static bool has_domain(const struct config *config, const struct name *domain)
{
	for (size_t i = 0; i < config->expectation_count; i++)
		if (is_about(&config->expectations[i], domain, 1))
			return true;
	return false;
}

/* Each argument as a name; there must be an expectation about it. */
static bool read_domains(struct arena *arena, const struct options *options, const struct config *config,
	struct name *out, struct slice *error)
{
	for (size_t i = 0; i < options->argument_count; i++) {
		if (!domain_parse(arena, options->arguments[i], &out[i], error))
			return false;
		if (has_domain(config, &out[i]))
			continue;
		struct slice file = ascii_escape(arena, config->file);
		*error = arena_printf(arena, "%.*s has no expectation about %s", (int)file.len, file.ptr,
			complain_quote(arena, options->arguments[i]));
		return false;
	}
	return true;
}

static bool choose(struct arena *arena, const struct options *options, const struct config *config,
	struct test_settings *out, struct slice *error)
{
	if (!needs_expectations(arena, config, error))
		return false;
	struct name *domains = arena_alloc(arena, options->argument_count * sizeof *domains);
	if (!read_domains(arena, options, config, domains, error))
		return false;
	const struct config_expectation **chosen =
		arena_alloc(arena, config->expectation_count * sizeof(const struct config_expectation *));
	for (size_t i = 0; i < config->expectation_count; i++)
		if (is_about(&config->expectations[i], domains, options->argument_count))
			chosen[out->count++] = &config->expectations[i];
	out->expectations = chosen;
	return true;
}

bool test_settings_read(struct arena *arena, const struct options *options, const struct config *config,
	struct test_settings *out, struct slice *error)
{
	*out = (struct test_settings){0};
	return choose(arena, options, config, out, error) &&
	       evaluation_read(arena, options, &out->evaluation, error) &&
	       read_output(arena, options, out, error);
}
