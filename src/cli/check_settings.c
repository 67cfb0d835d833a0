/* check_settings: see check_settings.h. */
#include "cli/check_settings.h"

#include "cli/complain.h"
#include "cli/domain.h"
#include "cli/rule_option.h"
#include "cli/style.h"

static bool read_limits(
	struct arena *arena, const struct options *options, struct check_settings *out, struct slice *error)
{
	if (!run_limits_read(arena, options, &out->limits, error))
		return false;
	if (out->input == NULL)
		run_limits_fit(&out->limits, options->argument_count);
	return true;
}

/* "<user@example.com>" is the same sender as without brackets. */
static struct slice without_brackets(struct slice sender)
{
	if (sender.len < 2 || sender.ptr[0] != '<' || sender.ptr[sender.len - 1] != '>')
		return sender;
	return slice_at(sender, span_of(1, sender.len - 2));
}

/* --ip, --sender, --helo. A null sender stands for the HELO identity (RFC 7208 2.4). */
static bool read_sample(
	struct arena *arena, const struct options *options, struct spf_sample *out, struct slice *error)
{
	const struct option_use *ip = options_first(options, OPTION_IP);
	const struct option_use *sender = options_first(options, OPTION_SENDER);
	const struct option_use *helo = options_first(options, OPTION_HELO);
	*out = (struct spf_sample){
		.has_ip = ip != NULL, .has_sender = sender != NULL, .has_helo = helo != NULL};
	if (ip != NULL && !ip_parse(ip->value, &out->ip)) {
		*error = arena_printf(arena,
			"option '%s' takes an address, as 192.0.2.1 or 2001:db8::1, not %s", ip->spelled,
			complain_quote(arena, ip->value));
		return false;
	}
	if (ip != NULL)
		out->ip = ip_unmapped(out->ip);
	if (helo != NULL)
		out->helo = helo->value;
	if (sender == NULL)
		return true;
	out->sender = without_brackets(sender->value);
	if (out->sender.len == 0 && helo == NULL) {
		*error = arena_printf(
			arena, "option '%s' is empty, so '--helo' has to be given", sender->spelled);
		return false;
	}
	if (out->sender.len == 0)
		out->sender = out->helo;
	return true;
}

static bool read_output(
	struct arena *arena, const struct options *options, struct check_settings *out, struct slice *error)
{
	struct slice format;
	if (!options_format(arena, options, &format, error) ||
		!style_read(arena, options, &out->output, error) ||
		!rule_option_fail_on(arena, options, &out->fail_on, error))
		return false;
	out->writer = writer_get(writer_find(format));
	out->output.quiet = options_given(options, OPTION_QUIET);
	out->output.verbose = options_given(options, OPTION_VERBOSE);
	out->output.array = options->argument_count != 1;
	out->output.domains = true;
	out->output.fail_on = exitcode_severity(out->fail_on);
	out->output.input_file = out->input;
	return rule_option_filter(arena, options, &out->filter, error);
}

static bool read_domains(
	struct arena *arena, const struct options *options, struct check_settings *out, struct slice *error)
{
	const struct option_use *input = options_first(options, OPTION_INPUT);
	if (input != NULL && options->argument_count > 0) {
		*error = arena_printf(arena, "option '%s' and a domain (%s) exclude each other",
			input->spelled, complain_quote(arena, options->arguments[0]));
		return false;
	}
	if (input == NULL && options->argument_count == 0) {
		*error = SLICE("no domain given; 'mailauth check example.com' checks one");
		return false;
	}
	struct name *domains = arena_alloc(arena, options->argument_count * sizeof *domains);
	for (size_t i = 0; i < options->argument_count; i++) {
		if (!domain_parse(arena, options->arguments[i], &domains[i], error))
			return false;
	}
	out->domains = domains;
	if (input != NULL)
		out->input = input->value.ptr;
	return true;
}

bool check_settings_read(
	struct arena *arena, const struct options *options, struct check_settings *out, struct slice *error)
{
	*out = (struct check_settings){0};
	return read_domains(arena, options, out, error) && read_output(arena, options, out, error) &&
	       read_limits(arena, options, out, error) && read_sample(arena, options, &out->sample, error) &&
	       sources_check_stdin(arena, options, error) &&
	       sources_read(arena, options, &out->sources, error);
}
