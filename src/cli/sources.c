/* sources: options to sources of answers; see sources.h. */
#include "cli/sources.h"

#include "base/ascii.h"
#include "base/nearest.h"
#include "cli/complain.h"
#include "cli/file_place.h"
#include "cli/value.h"
#include "cli/zone_argument.h"
#include "dns/source_records.h"
#include "dns/source_saver.h"
#include "dns/source_stack.h"
#include "dns/source_zone.h"

#define DEFAULT_TIMEOUT_MS 8000
#define DEFAULT_TRIES	   3

static const struct value_range tries_range = {1, 20};

static bool is_stdin(const struct option_use *use)
{
	struct slice file =
		use->id == OPTION_ZONE ? slice_from(use->value, zone_argument_file(use->value)) : use->value;
	return (use->id == OPTION_ZONE || use->id == OPTION_INPUT || use->id == OPTION_REPLAY) &&
	       slice_equal(file, SLICE("-"));
}

bool sources_check_stdin(struct arena *arena, const struct options *options, struct slice *error)
{
	const struct option_use *first = NULL;
	for (size_t i = 0; i < options->use_count; i++) {
		const struct option_use *use = &options->uses[i];
		if (!is_stdin(use))
			continue;
		if (first != NULL) {
			*error = arena_printf(arena, "'%s' and '%s' cannot both read standard input (-)",
				first->spelled, use->spelled);
			return false;
		}
		first = use;
	}
	return true;
}

bool sources_reads_stdin(const struct options *options)
{
	for (size_t i = 0; i < options->use_count; i++)
		if (is_stdin(&options->uses[i]))
			return true;
	return false;
}

static bool read_servers(
	struct arena *arena, const struct options *options, struct sources *out, struct slice *error)
{
	struct slice *servers = arena_alloc(arena, SOURCE_NET_MAX_SERVERS * sizeof *servers);
	size_t from = 0, count = 0;
	const struct option_use *use;
	while ((use = options_next(options, OPTION_SERVER, &from)) != NULL) {
		if (!source_net_server_is_valid(use->value)) {
			*error = arena_printf(arena,
				"option '%s' takes an address, as 192.0.2.53, 192.0.2.53:5353 or "
				"[2001:db8::53]:5353, not %s",
				use->spelled, complain_quote(arena, use->value));
			return false;
		}
		if (count == SOURCE_NET_MAX_SERVERS) {
			*error = arena_printf(arena, "option '%s' is given more than %d times", use->spelled,
				SOURCE_NET_MAX_SERVERS);
			return false;
		}
		servers[count++] = use->value;
	}
	out->net.servers = servers;
	out->net.server_count = count;
	return true;
}

static bool read_net(
	struct arena *arena, const struct options *options, struct sources *out, struct slice *error)
{
	const struct option_use *timeout = options_first(options, OPTION_TIMEOUT);
	const struct option_use *tries = options_first(options, OPTION_TRIES);
	unsigned count = DEFAULT_TRIES;
	out->net = (struct source_net_options){
		.timeout_ms = DEFAULT_TIMEOUT_MS,
		.tcp_only = options_given(options, OPTION_TCP),
		.trust_ad = options_given(options, OPTION_TRUST_AD),
	};
	if (timeout != NULL &&
		!value_duration(arena, timeout->spelled, timeout->value, &out->net.timeout_ms, error))
		return false;
	if (tries != NULL && !value_count(arena, tries->spelled, tries->value, tries_range, &count, error))
		return false;
	out->net.tries = (int)count;
	return read_servers(arena, options, out, error);
}

static size_t count_uses(const struct options *options, enum option_id id)
{
	size_t from = 0, count = 0;
	while (options_next(options, id, &from) != NULL)
		count++;
	return count;
}

static bool parse_record(
	struct arena *arena, const struct option_use *use, struct zonefile_record *out, struct slice *error)
{
	struct zonefile_error problem;
	if (zonefile_parse_record(arena, use->value, out, &problem))
		return true;
	*error = arena_printf(arena, "option '%s' %s: %.*s", use->spelled, complain_quote(arena, use->value),
		(int)problem.message.len, problem.message.ptr);
	return false;
}

static const char *const type_names[] = {"A", "AAAA", "CNAME", "MX", "NS", "PTR", "SOA", "SPF", "TXT"};

static bool parse_removed(
	struct arena *arena, const struct option_use *use, struct question *out, struct slice *error)
{
	struct slice rest = use->value;
	struct slice name = ascii_take_word(&rest), type = ascii_take_word(&rest);
	if (type.len == 0 || slice_trim(rest).len > 0) {
		*error = arena_printf(arena,
			"option '%s' takes a name and a type, as 'example.com TXT', not %s", use->spelled,
			complain_quote(arena, use->value));
		return false;
	}
	out->type = rrtype_number(type);
	if (out->type == 0) {
		const char *near =
			nearest_meant(arena, type, type_names, sizeof type_names / sizeof type_names[0]);
		*error = arena_printf(arena, "option '%s': unknown record type %s%s", use->spelled,
			complain_quote(arena, type), complain_hint(arena, near));
		return false;
	}
	return value_name(arena, use->spelled, name, &out->name, error);
}

/* --record and --remove: one local source. */
static bool read_records(
	struct arena *arena, const struct options *options, struct sources *out, struct slice *error)
{
	size_t record_count = 0, removed_count = 0, from = 0;
	const struct option_use *use;
	struct zonefile_record *records =
		arena_alloc(arena, count_uses(options, OPTION_RECORD) * sizeof *records);
	struct question *removed = arena_alloc(arena, count_uses(options, OPTION_REMOVE) * sizeof *removed);
	while ((use = options_next(options, OPTION_RECORD, &from)) != NULL) {
		if (!parse_record(arena, use, &records[record_count++], error))
			return false;
	}
	from = 0;
	while ((use = options_next(options, OPTION_REMOVE, &from)) != NULL) {
		if (!parse_removed(arena, use, &removed[removed_count++], error))
			return false;
	}
	out->records = records;
	out->record_count = record_count;
	if (record_count + removed_count > 0)
		out->locals[out->local_count++] =
			source_records_open(arena, records, record_count, removed, removed_count);
	return true;
}

/* Only one file can answer for a name. */
static bool is_new_zone(struct arena *arena, const struct option_use *use, const struct name *apexes,
	size_t count, struct slice *error)
{
	for (size_t i = 0; i < count; i++) {
		if (!name_equal(apexes[i], apexes[count]))
			continue;
		struct slice apex = name_text(arena, apexes[count]);
		*error = arena_printf(arena, "option '%s' %s: the zone %.*s is given twice", use->spelled,
			complain_quote(arena, use->value), (int)apex.len, apex.ptr);
		return false;
	}
	return true;
}

static bool read_zone(struct arena *arena, const struct option_use *use, struct sources *out,
	struct name *apex, struct slice *error)
{
	struct zonefile *zone = arena_alloc(arena, sizeof *zone);
	struct zonefile_error problem = {0};
	struct slice file;
	struct name origin;
	if (!zone_argument_read(arena, use->spelled, use->value, &file, &origin, error))
		return false;
	if (!zonefile_read(arena, file, origin, true, NULL, zone, &problem)) {
		*error = file_place_error(arena, file, &problem);
		return false;
	}
	*apex = zone->apex;
	out->zones.items[out->zones.count++] = zone;
	out->locals[out->local_count++] = source_zone_open(arena, zone);
	return true;
}

/* What a zone includes must not be written over either. */
static bool check_included(
	struct arena *arena, const struct sources *sources, const struct zonefile *zone, struct slice *error)
{
	struct slice last = {NULL, 0};
	for (size_t i = 0; i < zone->count; i++) {
		struct slice file = zone->records[i].record.origin.file;
		if (slice_equal(file, last))
			continue;
		last = file;
		if (!saved_run_overwrites(arena, &sources->saved, file))
			continue;
		*error = arena_printf(arena, "option '--save-dns' names %s, which a zone file includes",
			complain_quote(arena, slice_cstr(sources->saved.save)));
		return false;
	}
	return true;
}

/* Below all other local sources. Its answers are those of the run that was saved, and say so only when
 * they could be taken for others. */
static bool read_saved(
	struct arena *arena, const struct options *options, struct sources *out, struct slice *error)
{
	if (!saved_run_read(arena, options, &out->saved, error))
		return false;
	for (size_t i = 0; i < out->zones.count && out->saved.save != NULL; i++)
		if (!check_included(arena, out, out->zones.items[i], error))
			return false;
	if (out->saved.replay == NULL)
		return true;
	out->offline = true;
	bool tells = out->local_count > 0;
	const struct snapshot_data *data = &out->saved.data;
	for (size_t i = 0; i < data->meta.zones.count && !tells; i++)
		out->zones.items[out->zones.count++] = data->meta.zones.items[i];
	out->locals[out->local_count++] = snapshot_source(arena, data, slice_cstr(out->saved.replay), tells);
	return true;
}

bool sources_read(
	struct arena *arena, const struct options *options, struct sources *out, struct slice *error)
{
	const struct option_use *use;
	size_t from = 0, zones = 0;
	struct name *apexes = arena_alloc(arena, (count_uses(options, OPTION_ZONE) + 1) * sizeof *apexes);
	*out = (struct sources){.offline = options_given(options, OPTION_OFFLINE)};
	out->locals =
		arena_alloc(arena, (count_uses(options, OPTION_ZONE) + 2) * sizeof(struct local_source *));
	out->zones.items =
		arena_alloc(arena, (count_uses(options, OPTION_ZONE) + 2) * sizeof(const struct zonefile *));
	if (!read_net(arena, options, out, error) || !read_records(arena, options, out, error))
		return false;
	while ((use = options_next(options, OPTION_ZONE, &from)) != NULL) {
		if (!read_zone(arena, use, out, &apexes[zones], error) ||
			!is_new_zone(arena, use, apexes, zones++, error))
			return false;
	}
	return read_saved(arena, options, out, error);
}

static struct source *open_stack(
	const struct sources *sources, struct source_sink sink, struct escape *escape, const char **why)
{
	struct source *net = NULL;
	/* Without local sources the network answers alone. */
	if (!sources->offline) {
		net = source_net_open(&sources->net, sink, escape, why);
		if (net == NULL || sources->local_count == 0)
			return net;
	}
	return source_stack_open(sources->locals, sources->local_count, net, sink, escape);
}

struct source *sources_open(void *context, struct source_sink sink, struct escape *escape, const char **why)
{
	const struct sources *sources = context;
	struct source *source = open_stack(sources, sink, escape, why);
	if (source == NULL || sources->saved.snapshot == NULL)
		return source;
	return source_saver_open(sources->saved.snapshot, source, sink, escape);
}
