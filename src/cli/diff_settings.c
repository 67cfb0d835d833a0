/* diff_settings: see diff_settings.h. */
#include "cli/diff_settings.h"

#include "cli/complain.h"
#include "cli/rule_option.h"
#include "cli/style.h"

/* "widen,lookups": the bits of one --deny. */
static bool read_denials(struct arena *arena, struct slice list, unsigned *bits, struct slice *error)
{
	size_t start = 0, end, index;
	do {
		end = slice_find(list, ',', start);
		struct slice word = slice_trim(slice_at(list, span_of(start, end - start)));
		if (!options_find_word(arena, "difference", word, write_diff_denials, &index, error))
			return false;
		*bits |= 1u << index;
		start = end + 1;
	} while (end < list.len);
	return true;
}

bool diff_settings_denials(
	struct arena *arena, const struct options *options, unsigned *bits, struct slice *error)
{
	const struct option_use *use;
	size_t from = 0;
	*bits = 0;
	while ((use = options_next(options, OPTION_DENY, &from)) != NULL)
		if (!read_denials(arena, use->value, bits, error))
			return false;
	return true;
}

static bool read_output(
	struct arena *arena, const struct options *options, struct diff_settings *out, struct slice *error)
{
	struct slice format;
	if (!options_format(arena, options, &format, error) ||
		!style_read(arena, options, &out->output, error) ||
		!diff_settings_denials(arena, options, &out->deny, error))
		return false;
	out->format = write_diff_find(format);
	out->output.quiet = options_given(options, OPTION_QUIET);
	out->output.verbose = options_given(options, OPTION_VERBOSE);
	out->output.array = true;
	return rule_option_filter(arena, options, &out->filter, error);
}

static bool read_domains(
	struct arena *arena, const struct options *options, struct diff_settings *out, struct slice *error)
{
	out->named = options->argument_count > DIFF_SIDES;
	if (out->named)
		return diff_domains_parse(arena, options->arguments + DIFF_SIDES,
			options->argument_count - DIFF_SIDES, &out->domains, error);
	if (out->sides[0].is_live && out->sides[1].is_live) {
		*error = SLICE(
			"both sides are 'live', so the domains have to be named: 'mailauth diff live live "
			"DOMAIN'");
		return false;
	}
	diff_domains_find(arena, out->sides, &out->sources, &out->domains);
	return true;
}

/* What is read must not be written over. */
static bool check_save(struct arena *arena, const struct diff_settings *settings, struct slice *error)
{
	for (size_t i = 0; i < DIFF_SIDES; i++) {
		const struct diff_sides_one *side = &settings->sides[i];
		if (side->is_live || !saved_run_overwrites(arena, &settings->sources.saved, side->file))
			continue;
		*error = arena_printf(arena, "option '--save-dns' would write over %s, which is read",
			complain_quote(arena, side->file));
		return false;
	}
	return true;
}

bool diff_settings_read(
	struct arena *arena, const struct options *options, struct diff_settings *out, struct slice *error)
{
	*out = (struct diff_settings){0};
	if (!read_output(arena, options, out, error) ||
		!run_limits_read(arena, options, &out->limits, error) ||
		!diff_sides_read(arena, options, out->sides, error) ||
		!sources_read(arena, options, &out->sources, error) || !check_save(arena, out, error) ||
		!read_domains(arena, options, out, error))
		return false;
	run_limits_fit(&out->limits, out->domains.count);
	return true;
}
