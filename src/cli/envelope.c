/* envelope: see envelope.h. */
#include "cli/envelope.h"

#include <time.h>

#include "base/ascii.h"
#include "cli/complain.h"
#include "cli/domain.h"

/* --- --ip -------------------------------------------------------------------------------------- */

/* The octet of a dotted quad that is none; all of it when the number of octets is to blame. */
static struct span bad_octet(struct slice text)
{
	size_t start = 0;
	while (start <= text.len) {
		size_t dot = slice_find(text, '.', start);
		struct slice octet = slice_at(text, span_of(start, dot - start));
		uint64_t number;
		if (!ascii_parse_uint(octet, 255, &number) || (octet.len > 1 && octet.ptr[0] == '0'))
			return octet.len > 0 ? span_of(start, octet.len)
					     : span_of(start < text.len ? start : start - 1, 1);
		start = dot + 1;
	}
	return span_of(0, text.len);
}

/* The bytes of `text` that make it no address. */
static struct span bad_address(struct slice text)
{
	for (size_t i = 0; i < text.len; i++)
		if (ascii_hex_value(text.ptr[i]) < 0 && text.ptr[i] != '.' && text.ptr[i] != ':')
			return span_of(i, 1);
	if (text.len == 0 || slice_find(text, ':', 0) < text.len)
		return span_of(0, text.len);
	return bad_octet(text);
}

static bool parse_length(struct slice text, struct prefix *out)
{
	uint64_t length;
	if (!ascii_parse_uint(text, ip_bits(out->ip.family), &length))
		return false;
	out->length = (unsigned char)length;
	return true;
}

static bool read_ip(
	struct arena *arena, const struct options *options, struct envelope *out, struct slice *error)
{
	const struct option_use *use = options_first(options, OPTION_IP);
	if (use == NULL)
		return true;
	size_t slash = slice_find(use->value, '/', 0);
	struct slice address = slice_head(use->value, slash), length = slice_from(use->value, slash + 1);
	out->has_ip = true;
	out->is_network = slash < use->value.len;
	if (!ip_parse(address, &out->network.ip)) {
		*error = complain_at(arena,
			arena_printf(arena, "option '%s' takes an address, as 192.0.2.1 or 2001:db8::1",
				use->spelled),
			use->value, bad_address(address));
		return false;
	}
	out->network.length = ip_bits(out->network.ip.family);
	if (out->is_network && !parse_length(length, &out->network)) {
		*error = complain_at(arena,
			arena_printf(arena,
				"option '%s': the length of this network is a number from 0 to %u",
				use->spelled, (unsigned)ip_bits(out->network.ip.family)),
			use->value, span_of(slash + (length.len > 0), length.len > 0 ? length.len : 1));
		return false;
	}
	out->network = prefix_masked(prefix_unmapped(out->network));
	out->request.ip = out->network.ip;
	out->input.ip = out->is_network ? prefix_text(arena, out->network) : ip_text(arena, out->request.ip);
	return true;
}

/* --- the rest ---------------------------------------------------------------------------------- */

static bool read_time(struct arena *arena, const struct options *options, int64_t *out, struct slice *error)
{
	const struct option_use *use = options_first(options, OPTION_TIME);
	uint64_t seconds;
	*out = (int64_t)time(NULL);
	if (use == NULL)
		return true;
	if (!ascii_parse_uint(use->value, INT64_MAX, &seconds)) {
		*error = arena_printf(arena, "option '%s' takes seconds since 1970, as 1790000000, not %s",
			use->spelled, complain_quote(arena, use->value));
		return false;
	}
	*out = (int64_t)seconds;
	return true;
}

static bool read_domain(struct arena *arena, struct slice text, struct slice *out, struct slice *error)
{
	struct name name;
	if (domain_parse(arena, text, &name, error)) {
		*out = name_text(arena, name);
		return true;
	}
	*error = complain_at(arena, *error, text, domain_mistake(text));
	return false;
}

bool envelope_read(struct arena *arena, const struct options *options, struct slice domain,
	struct envelope *out, struct slice *error)
{
	const struct option_use *sender = options_first(options, OPTION_SENDER);
	const struct option_use *helo = options_first(options, OPTION_HELO);
	const struct option_use *receiver = options_first(options, OPTION_RECEIVER);
	struct slice checked = slice_of(NULL, 0);
	*out = (struct envelope){.has_sender = sender != NULL, .has_helo = helo != NULL};
	if (!read_ip(arena, options, out, error) || !read_time(arena, options, &out->request.time, error))
		return false;
	if (domain.ptr != NULL && !read_domain(arena, domain, &checked, error))
		return false;
	if (sender != NULL)
		out->input.sender = sender->value;
	if (helo != NULL)
		out->input.helo = helo->value;
	if (receiver != NULL)
		out->request.receiver = receiver->value;
	if (sender != NULL && !spf_request_identify(arena, &out->request, sender->value,
				      helo == NULL ? slice_of(NULL, 0) : helo->value, checked)) {
		*error = arena_printf(arena,
			"option '%s' is empty: with a null sender the HELO name is checked, so '--helo' has "
			"to be given",
			sender->spelled);
		return false;
	}
	out->input.domain = sender != NULL ? out->request.domain : checked;
	return true;
}

void envelope_replay(
	struct envelope *envelope, const struct options *options, const struct snapshot_meta *saved)
{
	if (saved->has_time && !options_given(options, OPTION_TIME))
		envelope->request.time = saved->time;
	if (saved->receiver.len > 0 && !options_given(options, OPTION_RECEIVER))
		envelope->request.receiver = saved->receiver;
}

struct snapshot_meta envelope_meta(const struct envelope *envelope)
{
	return (struct snapshot_meta){
		.has_time = true, .time = envelope->request.time, .receiver = envelope->request.receiver};
}

bool envelope_require(struct arena *arena, const struct options *options, bool given, const char *option,
	struct slice *error)
{
	const char *command = commands_get(options->command)->name;
	if (!given)
		*error = arena_printf(arena, "'mailauth %s' needs '%s'; 'mailauth %s --help' shows how",
			command, option, command);
	return given;
}

bool envelope_argument(struct arena *arena, const struct options *options, size_t most, struct slice *out,
	struct slice *error)
{
	*out = options->argument_count > 0 ? options->arguments[0] : slice_of(NULL, 0);
	if (options->argument_count <= most)
		return true;
	*error = arena_printf(arena, "%s: %s is too many",
		most == 0 ? "'mailauth' takes no argument here" : "one argument at a time",
		complain_quote(arena, options->arguments[most]));
	return false;
}
