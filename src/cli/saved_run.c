/* saved_run: see saved_run.h. */
#include "cli/saved_run.h"

#include <sys/stat.h>

#include "cli/complain.h"
#include "cli/file_place.h"
#include "cli/replace_file.h"
#include "cli/zone_argument.h"
#include "dns/zonefile_load.h"

/* --- before the run --------------------------------------------------------------------------- */

/* The saved run in `file` ("-": standard input). False with *error, "FILE:LINE:COLUMN: message". */
static bool load(struct arena *arena, struct slice file, struct snapshot_data *out, struct slice *error)
{
	struct zonefile_error problem = {0};
	struct slice text;
	if (zonefile_load_file(arena, file, SNAPSHOT_MAX_BYTES, &text, &problem.message) &&
		snapshot_read(arena, file, text, out, &problem))
		return true;
	*error = file_place_error(arena, file, &problem);
	return false;
}

/* An option that names a server means: ask it. In a replay nobody is asked. */
static bool check_server(struct arena *arena, const struct options *options, const struct option_use *replay,
	struct slice *error)
{
	const struct option_use *server;
	size_t from = 0;
	while ((server = options_next(options, OPTION_SERVER, &from)) != NULL) {
		if (server->spelled[0] != '-') /* of the configuration file: meant for other runs */
			continue;
		*error = arena_printf(arena, "options '%s' and '%s' exclude each other: a replay asks nobody",
			replay->spelled, server->spelled);
		return false;
	}
	return true;
}

/* The file that an option reads; empty: none. */
static struct slice file_of(struct arena *arena, const struct option_use *use)
{
	struct slice file, error;
	struct name origin;
	if (use->id == OPTION_REPLAY || use->id == OPTION_INPUT || use->id == OPTION_PSL)
		return use->value;
	if (use->id == OPTION_ZONE &&
		zone_argument_read(arena, use->spelled, use->value, &file, &origin, &error))
		return file;
	return slice_of(NULL, 0);
}

static bool is_same_file(struct arena *arena, struct slice a, struct slice b)
{
	struct stat first, second;
	if (slice_equal(a, b))
		return true;
	return stat(arena_cstr(arena, a), &first) == 0 && stat(arena_cstr(arena, b), &second) == 0 &&
	       first.st_dev == second.st_dev && first.st_ino == second.st_ino;
}

bool saved_run_overwrites(struct arena *arena, const struct saved_run *saved, struct slice file)
{
	return saved->save != NULL && is_same_file(arena, file, slice_cstr(saved->save));
}

/* What is read must not be written over. */
static bool check_others(struct arena *arena, const struct options *options, const struct option_use *save,
	struct slice *error)
{
	for (size_t i = 0; i < options->use_count; i++) {
		const struct option_use *use = &options->uses[i];
		struct slice file = file_of(arena, use);
		if (file.len == 0 || !is_same_file(arena, file, save->value))
			continue;
		*error = arena_printf(arena, "options '%s' and '%s' name the same file %s", save->spelled,
			use->spelled, complain_quote(arena, save->value));
		return false;
	}
	return true;
}

static bool check_save(struct arena *arena, const struct options *options, const struct option_use *save,
	struct slice *error)
{
	struct slice why;
	if (slice_equal(save->value, SLICE("-"))) {
		*error = arena_printf(
			arena, "option '%s' takes a file: standard output has the results", save->spelled);
		return false;
	}
	if (!check_others(arena, options, save, error))
		return false;
	if (replace_file_check(arena, save->value, &why))
		return true;
	*error = arena_printf(arena, "option '%s': cannot write %s: %.*s", save->spelled,
		complain_quote(arena, save->value), (int)why.len, why.ptr);
	return false;
}

bool saved_run_read(
	struct arena *arena, const struct options *options, struct saved_run *out, struct slice *error)
{
	const struct option_use *save = options_first(options, OPTION_SAVE_DNS);
	const struct option_use *replay = options_first(options, OPTION_REPLAY);
	*out = (struct saved_run){0};
	if (replay != NULL) {
		out->replay = replay->value.ptr;
		if (!check_server(arena, options, replay, error) ||
			!load(arena, replay->value, &out->data, error))
			return false;
	}
	if (save == NULL)
		return true;
	out->save = save->value.ptr;
	return check_save(arena, options, save, error);
}

/* --- the public suffix list ------------------------------------------------------------------- */

static bool is_same_list(const struct saved_run *saved, const struct psl *psl)
{
	return slice_equal(saved->data.meta.psl_hash, psl_hash(psl));
}

static const char *date_text(struct arena *arena, long long time)
{
	struct slice day = psl_day(arena, time);
	return day.len == 0 ? "of an unknown date"
			    : arena_printf(arena, "of %.*s", (int)day.len, day.ptr).ptr;
}

void saved_run_compare_psl(struct arena *arena, const struct saved_run *saved, struct psl *psl)
{
	const struct snapshot_meta *meta = &saved->data.meta;
	if (saved->save != NULL || saved->replay != NULL)
		psl_read_hash(psl);
	if (saved->replay == NULL || meta->psl_hash.len == 0 || is_same_list(saved, psl))
		return;
	complain(arena_printf(arena,
		"the saved run had another public suffix list, %s; this one is %s, and results may differ",
		date_text(arena, meta->psl_time), date_text(arena, psl_time(psl))));
}

long long saved_run_psl_time(const struct saved_run *saved, const struct psl *psl)
{
	return saved->replay != NULL && is_same_list(saved, psl) ? saved->data.meta.psl_time : psl_time(psl);
}

/* --- the end of the run ----------------------------------------------------------------------- */

bool saved_run_open(struct saved_run *saved)
{
	if (saved->save != NULL && saved->snapshot == NULL)
		saved->snapshot = snapshot_open(0);
	return saved->save == NULL || saved->snapshot != NULL;
}

void saved_run_drop(struct saved_run *saved)
{
	snapshot_close(saved->snapshot);
	saved->snapshot = NULL;
}

static bool write_file(struct arena *arena, const struct saved_run *saved, const struct snapshot_meta *meta,
	struct slice *why)
{
	struct buf text;
	buf_init(&text);
	snapshot_write(saved->snapshot, meta, &text);
	*why = SLICE("out of memory");
	bool written =
		!text.failed && replace_file_write(arena, slice_cstr(saved->save), buf_slice(&text), why);
	buf_free(&text);
	return written;
}

enum exitcode saved_run_end(struct arena *arena, struct saved_run *saved, struct snapshot_meta meta,
	const struct psl *psl, enum exitcode status)
{
	struct slice why = SLICE("out of memory");
	if (saved->save == NULL)
		return status;
	if (psl != NULL) {
		meta.psl_time = saved_run_psl_time(saved, psl);
		meta.psl_hash = psl_hash(psl);
	}
	bool written = saved_run_open(saved) && write_file(arena, saved, &meta, &why);
	saved_run_drop(saved);
	if (written)
		return status;
	complain(arena_printf(arena, "cannot write %s: %.*s", complain_quote(arena, slice_cstr(saved->save)),
		(int)why.len, why.ptr));
	return EXITCODE_INTERNAL;
}
