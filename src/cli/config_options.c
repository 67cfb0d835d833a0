/* config_options: see config_options.h. */
#include "cli/config_options.h"

#include <errno.h>
#include <unistd.h>

#include "base/ascii.h"
#include "base/nearest.h"
#include "cli/complain.h"
#include "cli/diff_settings.h"
#include "cli/evaluation.h"
#include "cli/file_place.h"
#include "cli/run_limits.h"
#include "cli/saved_run.h"
#include "cli/zone_argument.h"
#include "config/config_find.h"
#include "dns/zonefile_load.h"

/* What a value is. A path begins in the folder of the file. */
enum value_kind { PLAIN, PATH, ZONE_PATH };

typedef bool value_check(struct arena *arena, const struct options *one, struct slice *error);

static value_check check_dns_and_output, check_limits, check_denials, check_zone, check_nothing;

/* The options that a file may set: about DNS, output and thresholds; none that writes files, or changes what
 * a command does. */
static const struct row {
	enum option_id id;
	enum value_kind kind;
	value_check *check; /* what is wrong with the value of the only use in `one` */
} rows[] = {
	{OPTION_SERVER, PLAIN, check_dns_and_output},
	{OPTION_TIMEOUT, PLAIN, check_dns_and_output},
	{OPTION_TRIES, PLAIN, check_dns_and_output},
	{OPTION_MAX_TIME, PLAIN, check_dns_and_output},
	{OPTION_TCP, PLAIN, check_nothing},
	{OPTION_TRUST_AD, PLAIN, check_nothing},
	{OPTION_ZONE, ZONE_PATH, check_zone},
	{OPTION_RECORD, PLAIN, check_dns_and_output},
	{OPTION_REMOVE, PLAIN, check_dns_and_output},
	{OPTION_OFFLINE, PLAIN, check_nothing},
	{OPTION_PSL, PATH, check_nothing},
	{OPTION_REPLAY, PATH, check_nothing},
	{OPTION_INPUT, PATH, check_nothing},
	{OPTION_CONCURRENCY, PLAIN, check_limits},
	{OPTION_THREADS, PLAIN, check_limits},
	{OPTION_FORMAT, PLAIN, check_nothing},
	{OPTION_JSON, PLAIN, check_nothing},
	{OPTION_FAIL_ON, PLAIN, check_nothing},
	{OPTION_IGNORE, PLAIN, check_nothing},
	{OPTION_SEVERITY, PLAIN, check_nothing},
	{OPTION_DENY, PLAIN, check_denials},
	{OPTION_COLOR, PLAIN, check_dns_and_output},
	{OPTION_QUIET, PLAIN, check_nothing},
	{OPTION_VERBOSE, PLAIN, check_nothing},
};

struct merge {
	struct arena *arena;
	const struct config *config;
	const struct options *given; /* by the command line */
	bool is_given[OPTION_COUNT];
	const struct config_option *seen[OPTION_COUNT]; /* in the file, of options that may be given once */
	const struct config_option *levels[RULE_COUNT]; /* by the rule of --severity */
	struct option_use *uses;
	size_t count;
	struct slice *error;
};

/* --- values --------------------------------------------------------------------------------------- */

static bool check_dns_and_output(struct arena *arena, const struct options *one, struct slice *error)
{
	struct evaluation_settings settings;
	return evaluation_read(arena, one, &settings, error);
}

static bool check_limits(struct arena *arena, const struct options *one, struct slice *error)
{
	struct run_limits limits;
	return run_limits_read(arena, one, &limits, error);
}

static bool check_denials(struct arena *arena, const struct options *one, struct slice *error)
{
	unsigned bits = 0;
	return diff_settings_denials(arena, one, &bits, error);
}

/* Its origin; the file is read later. */
static bool check_zone(struct arena *arena, const struct options *one, struct slice *error)
{
	struct slice file;
	struct name origin;
	return zone_argument_read(arena, one->uses[0].spelled, one->uses[0].value, &file, &origin, error);
}

/* Flags, what the reader of the file has checked, and what is told about a file that is named. */
static bool check_nothing(struct arena *arena, const struct options *one, struct slice *error)
{
	(void)arena;
	(void)one;
	(void)error;
	return true;
}

static bool fail(struct merge *merge, const struct zonefile_place *place, struct slice message)
{
	const struct zonefile_error problem = {*place, message};
	*merge->error = file_place_error(merge->arena, merge->config->file, &problem);
	return false;
}

static const char *spelled(struct merge *merge, const struct config_option *option)
{
	return arena_cstr(merge->arena, option->name);
}

/* `path` as the file's folder sees it. The path of a zone must not look like ORIGIN=FILE. */
static struct slice join(struct merge *merge, struct slice path)
{
	struct slice joined = zonefile_load_join(merge->arena, merge->config->file, path);
	size_t equals = slice_find(joined, '=', 0);
	if (equals < joined.len && equals < slice_find(joined, '/', 0))
		joined = arena_concat(merge->arena, SLICE("./"), joined);
	return joined;
}

/* Where the path begins in a value of that kind. */
static size_t path_offset(enum value_kind kind, struct slice value)
{
	return kind == ZONE_PATH ? zone_argument_file(value) : 0;
}

static bool resolve(struct merge *merge, const struct config_option *option, size_t from, struct slice *value)
{
	struct slice joined = join(merge, slice_from(*value, from));
	if (access(arena_cstr(merge->arena, joined), R_OK) != 0)
		return fail(merge, &option->value_place,
			arena_printf(merge->arena, "option '%s': cannot read %s: %s", spelled(merge, option),
				complain_quote(merge->arena, joined), strerror(errno)));
	*value = arena_concat(merge->arena, slice_head(*value, from), joined);
	return true;
}

/* --- formats -------------------------------------------------------------------------------------- */

static bool has_word(struct slice words, struct slice word)
{
	for (size_t start = 0, end; start < words.len; start = end + 1) {
		end = slice_find(words, ' ', start);
		if (slice_equal(slice_at(words, span_of(start, end - start)), word))
			return true;
	}
	return false;
}

/* The formats of all commands, each once. */
static const char *all_formats(struct arena *arena)
{
	const char *all = "";
	for (size_t i = 0; i < COMMAND_COUNT; i++) {
		struct slice formats = slice_cstr(commands_get((enum command_id)i)->formats);
		for (size_t start = 0, end; start < formats.len; start = end + 1) {
			end = slice_find(formats, ' ', start);
			struct slice format = slice_at(formats, span_of(start, end - start));
			if (!has_word(slice_cstr(all), format))
				all = arena_printf(arena, "%s%s%.*s", all, all[0] == '\0' ? "" : " ",
					(int)format.len, format.ptr)
					      .ptr;
		}
	}
	return all;
}

static bool check_format(struct merge *merge, const struct config_option *option)
{
	struct slice why;
	size_t index;
	return options_find_word(
		       merge->arena, "format", option->value, all_formats(merge->arena), &index, &why) ||
	       fail(merge, &option->value_place, why);
}

/* --- lines ---------------------------------------------------------------------------------------- */

static const struct row *find_row(enum option_id id)
{
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		if (rows[i].id == id)
			return &rows[i];
	return NULL;
}

static bool unknown(struct merge *merge, const struct config_option *option)
{
	const char *names[OPTION_COUNT];
	size_t count = 0;
	for (size_t i = 0; i < OPTION_COUNT; i++)
		if (find_row((enum option_id)i) != NULL)
			names[count++] = options_get((enum option_id)i)->name;
	const char *near = nearest_meant(merge->arena, option->name, names, count);
	return fail(merge, &option->place,
		arena_printf(merge->arena, "unknown option %s%s", complain_quote(merge->arena, option->name),
			complain_hint(merge->arena, near)));
}

/* Standard input belongs to the command line. */
static bool check_path(struct merge *merge, const struct config_option *option, enum value_kind kind)
{
	struct slice path = slice_from(option->value, path_offset(kind, option->value));
	return kind == PLAIN || (path.len > 0 && !slice_equal(path, SLICE("-"))) ||
	       fail(merge, &option->value_place,
		       arena_printf(merge->arena, "option '%s' needs the name of a file here",
			       spelled(merge, option)));
}

/* Of --severity, which may be given once for a rule. */
static bool check_level(struct merge *merge, const struct config_option *option)
{
	size_t equals = slice_find(option->value, '=', 0);
	enum rule_id rule = rule_find(slice_head(option->value, equals));
	const struct config_option *earlier = merge->levels[rule];
	merge->levels[rule] = option;
	if (earlier == NULL || slice_equal(earlier->value, option->value))
		return true;
	return fail(merge, &option->value_place,
		arena_printf(merge->arena, "rule '%s' has another level in line %zu", rule_get(rule)->id,
			earlier->place.line));
}

/* True when the line could be one for some command. */
static bool check_form(struct merge *merge, const struct config_option *option, enum option_id id)
{
	if (id == OPTION_COUNT)
		return unknown(merge, option);
	if (find_row(id) == NULL)
		return fail(merge, &option->place,
			arena_printf(merge->arena, "option '%s' is for the command line only",
				spelled(merge, option)));
	const char *argument = options_get(id)->argument;
	if (argument == NULL && option->has_value)
		return fail(merge, &option->value_place,
			arena_printf(merge->arena, "option '%s' takes no argument", spelled(merge, option)));
	if (argument != NULL && !option->has_value)
		return fail(merge, &option->value_place,
			arena_printf(merge->arena, "option '%s' needs an argument: %s",
				spelled(merge, option), argument));
	if (id == OPTION_FORMAT && !check_format(merge, option))
		return false;
	if (id == OPTION_SEVERITY && !check_level(merge, option))
		return false;
	return check_path(merge, option, find_row(id)->kind);
}

/* Of an option that may be given once. */
static bool check_once(struct merge *merge, const struct config_option *option, enum option_id id)
{
	if (options_get(id)->repeatable)
		return true;
	for (size_t i = 0; i < OPTION_COUNT; i++) {
		enum option_id other = (enum option_id)i;
		const struct config_option *earlier = merge->seen[i];
		if (earlier != NULL && (other == id || options_are_same_thing(other, id)))
			return fail(merge, &option->place,
				arena_printf(merge->arena, "option '%s' is given twice: '%s' is in line %zu",
					spelled(merge, option), spelled(merge, earlier),
					earlier->place.line));
	}
	merge->seen[id] = option;
	return true;
}

static bool is_overridden(const struct merge *merge, enum option_id id)
{
	if (options_get(id)->repeatable)
		return false;
	for (size_t i = 0; i < OPTION_COUNT; i++)
		if (merge->is_given[i] && (i == id || options_are_same_thing((enum option_id)i, id)))
			return true;
	return false;
}

static bool is_fixing(const struct merge *merge)
{
	return merge->is_given[OPTION_FIX] || merge->is_given[OPTION_UNSAFE_FIXES] ||
	       merge->is_given[OPTION_DIFF] || merge->is_given[OPTION_IN_PLACE];
}

/* What is good for the command in general, but not for this call of it. */
static bool is_out_of_place(const struct merge *merge, const struct config_option *option, enum option_id id)
{
	enum command_id command = merge->given->command;
	bool is_format = id == OPTION_FORMAT || id == OPTION_JSON;
	bool is_change = id == OPTION_ZONE || id == OPTION_RECORD || id == OPTION_REMOVE;
	if (id == OPTION_INPUT)
		return merge->given->argument_count > 0;
	if (is_change && command == COMMAND_DIFF) /* that a call is about */
		return true;
	if (id == OPTION_ZONE && command == COMMAND_LINT)
		return merge->given->argument_count > 0 || merge->is_given[OPTION_ZONE];
	if (is_format && command == COMMAND_LINT && is_fixing(merge)) /* prints corrections */
		return true;
	return id == OPTION_FORMAT && !has_word(slice_cstr(commands_get(command)->formats), option->value);
}

/* The use, read by itself: so it is known which line a mistake is in. */
static bool check_value(struct merge *merge, const struct config_option *option, const struct row *row,
	struct option_use *use)
{
	struct slice why;
	const struct options one = {.command = merge->given->command, .uses = use, .use_count = 1};
	if (row->kind != PLAIN && !resolve(merge, option, path_offset(row->kind, use->value), &use->value))
		return false;
	if (use->value.ptr != NULL)
		use->value.ptr = arena_cstr(merge->arena, use->value);
	return row->check(merge->arena, &one, &why) || fail(merge, &option->value_place, why);
}

static bool add_line(struct merge *merge, const struct config_option *option)
{
	enum option_id id = options_find(option->name);
	if (!check_form(merge, option, id) || !check_once(merge, option, id))
		return false;
	if (!options_has_command(id, merge->given->command) || is_overridden(merge, id) ||
		is_out_of_place(merge, option, id))
		return true;
	struct option_use use = {.id = id,
		.spelled = spelled(merge, option),
		.value = option->has_value ? option->value : slice_of(NULL, 0),
		.from_file = true};
	if (!check_value(merge, option, find_row(id), &use))
		return false;
	merge->uses[merge->count++] = use;
	return true;
}

static bool add_lines(
	struct arena *arena, struct options *options, const struct config *config, struct slice *error)
{
	struct merge merge = {.arena = arena, .config = config, .given = options, .error = error};
	merge.uses = arena_alloc(arena, (config->option_count + options->use_count) * sizeof *merge.uses);
	for (size_t i = 0; i < options->use_count; i++)
		merge.is_given[options->uses[i].id] = true;
	for (size_t i = 0; i < config->option_count; i++)
		if (!add_line(&merge, &config->options[i]))
			return false;
	for (size_t i = 0; i < options->use_count; i++)
		merge.uses[merge.count++] = options->uses[i];
	options->uses = merge.uses;
	options->use_count = merge.count;
	return true;
}

/* --- the file ------------------------------------------------------------------------------------- */

/* True when there is one for this run. */
static bool find_file(struct arena *arena, const struct options *options, struct slice *path)
{
	const struct option_use *named = options_first(options, OPTION_CONFIG);
	if (!options_has_command(OPTION_CONFIG, options->command) || options_given(options, OPTION_NO_CONFIG))
		return false;
	if (named == NULL)
		return config_find(arena, path);
	*path = named->value;
	return true;
}

static bool load(struct arena *arena, struct slice path, struct slice *text, struct slice *error)
{
	struct slice why = SLICE("it has to be a file");
	if (path.len > 0 && !slice_equal(path, SLICE("-")) &&
		zonefile_load_file(arena, path, CONFIG_MAX_BYTES, text, &why))
		return true;
	*error = arena_printf(arena, "cannot read the configuration file %s: %.*s",
		complain_quote(arena, path), (int)why.len, why.ptr);
	return false;
}

/* What is read must not be written over. */
static bool check_save(
	struct arena *arena, const struct options *options, struct slice path, struct slice *error)
{
	const struct option_use *save = options_first(options, OPTION_SAVE_DNS);
	if (save == NULL)
		return true;
	const struct saved_run saved = {.save = save->value.ptr};
	if (!saved_run_overwrites(arena, &saved, path))
		return true;
	*error = arena_printf(arena, "option '%s' names the configuration file %s", save->spelled,
		complain_quote(arena, save->value));
	return false;
}

bool config_options_read(
	struct arena *arena, struct options *options, struct config *config, struct slice *error)
{
	struct slice path, text;
	struct zonefile_error problem = {0};
	*config = (struct config){.options = NULL};
	if (!find_file(arena, options, &path))
		return true;
	if (!load(arena, path, &text, error) || !check_save(arena, options, path, error))
		return false;
	if (!config_read(arena, path, text, config, &problem)) {
		*error = file_place_error(arena, path, &problem);
		return false;
	}
	return add_lines(arena, options, config, error);
}
