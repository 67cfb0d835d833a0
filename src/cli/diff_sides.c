/* diff_sides: see diff_sides.h. */
#include "cli/diff_sides.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/ascii.h"
#include "cli/complain.h"
#include "cli/file_place.h"
#include "cli/sources.h"
#include "cli/zone_argument.h"
#include "dns/source_zone.h"
#include "dns/zonefile_load.h"

#define HEAD_BYTES 256 /* of a file: enough to tell what it is */

/* A side while it is read. */
struct reader {
	struct arena *arena;
	struct diff_sides_one *side;
	struct local_source **locals;
	size_t capacity;
	struct slice *error;
};

static bool fail(struct reader *reader, struct slice message)
{
	*reader->error = message;
	return false;
}

static bool fail_file(struct reader *reader, struct slice file, int why)
{
	struct zonefile_error problem = {.message = slice_cstr(strerror(why))};
	problem.message = arena_printf(
		reader->arena, "cannot read the file: %.*s", (int)problem.message.len, problem.message.ptr);
	return fail(reader, file_place_error(reader->arena, file, &problem));
}

/* --- zone files ----------------------------------------------------------------------------------- */

/* A text that is read already, because what it is showed only then: a pipe cannot be read twice. */
struct text_in_memory {
	struct slice path, text;
};

static bool load(void *context, struct arena *arena, struct slice path, struct slice *out, struct slice *why)
{
	const struct text_in_memory *memory = context;
	if (slice_equal(path, memory->path)) {
		*out = memory->text;
		return true;
	}
	return zonefile_load_is_inside(arena, memory->path, path, why) &&
	       zonefile_load_file(arena, path, ZONEFILE_MAX_BYTES, out, why);
}

static void add_zone(struct reader *reader, const struct zonefile *zone)
{
	struct diff_sides_one *side = reader->side;
	size_t capacity = reader->capacity;
	side->zones.items = arena_grow(reader->arena, side->zones.items, side->zones.count, &capacity,
		sizeof(const struct zonefile *));
	reader->locals = arena_grow(reader->arena, reader->locals, side->local_count, &reader->capacity,
		sizeof(struct local_source *));
	side->zones.items[side->zones.count++] = zone;
	reader->locals[side->local_count++] = source_zone_open(reader->arena, zone);
}

/* `memory`: the text of the file; NULL: it is read here. */
static bool read_zone(
	struct reader *reader, struct slice file, struct name origin, struct text_in_memory *memory)
{
	struct zonefile *zone = arena_alloc(reader->arena, sizeof *zone);
	const struct zonefile_loader loader = {load, memory};
	struct zonefile_error problem = {0};
	if (!zonefile_read(
		    reader->arena, file, origin, true, memory == NULL ? NULL : &loader, zone, &problem))
		return fail(reader, file_place_error(reader->arena, file, &problem));
	add_zone(reader, zone);
	return true;
}

static int by_apex(const void *left, const void *right)
{
	const struct zonefile *const *a = left, *const *b = right;
	return name_compare((*a)->apex, (*b)->apex);
}

static struct slice zone_file(const struct zonefile *zone)
{
	return zone->records[0].place.file;
}

/* Only one file of a side can answer for a name. */
static bool check_apexes(struct reader *reader)
{
	struct diff_sides_one *side = reader->side;
	if (side->zones.count == 0)
		return true;
	const struct zonefile **sorted =
		arena_alloc(reader->arena, side->zones.count * sizeof(const struct zonefile *));
	for (size_t i = 0; i < side->zones.count; i++)
		sorted[i] = side->zones.items[i];
	if (side->zones.count > 1)
		qsort(sorted, side->zones.count, sizeof(const struct zonefile *), by_apex);
	for (size_t i = 1; i < side->zones.count; i++) {
		if (!name_equal(sorted[i - 1]->apex, sorted[i]->apex))
			continue;
		struct slice apex = name_text(reader->arena, sorted[i]->apex);
		struct slice first = ascii_escape(reader->arena, zone_file(sorted[i - 1]));
		struct slice second = ascii_escape(reader->arena, zone_file(sorted[i]));
		return fail(reader,
			arena_printf(reader->arena, "%s: the zone %.*s is there twice, in %.*s and %.*s",
				complain_quote(reader->arena, side->given), (int)apex.len, apex.ptr,
				(int)first.len, first.ptr, (int)second.len, second.ptr));
	}
	return true;
}

/* --- folders -------------------------------------------------------------------------------------- */

struct names {
	struct slice *items;
	size_t count, capacity;
};

/* The zone files of a folder, sorted. False with errno. */
static bool list_folder(struct arena *arena, struct slice path, struct names *out)
{
	const struct dirent *entry;
	struct slice ignored;
	DIR *folder = opendir(arena_cstr(arena, path));
	if (folder == NULL)
		return false;
	for (errno = 0; (entry = readdir(folder)) != NULL; errno = 0) {
		if (!zone_argument_name(slice_cstr(entry->d_name), &ignored))
			continue;
		out->items = arena_grow(arena, out->items, out->count, &out->capacity, sizeof *out->items);
		out->items[out->count++] = arena_copy(arena, slice_cstr(entry->d_name));
	}
	int why = errno;
	closedir(folder);
	errno = why;
	if (out->count > 1)
		qsort(out->items, out->count, sizeof *out->items, slice_order);
	return why == 0;
}

static bool is_folder(const char *path)
{
	struct stat status;
	return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

static bool read_folder_file(struct reader *reader, struct slice folder, struct slice name)
{
	struct slice text;
	struct name origin = {NULL, 0};
	bool slash = folder.ptr[folder.len - 1] == '/';
	struct slice path = arena_printf(reader->arena, "%.*s%s%.*s", (int)folder.len, folder.ptr,
		slash ? "" : "/", (int)name.len, name.ptr);
	/* A rest that is no name is no origin; the file may have one of its own. */
	if (zone_argument_name(name, &text) && name_from_master(reader->arena, text, &origin) != NAME_OK)
		origin = (struct name){NULL, 0};
	return is_folder(path.ptr) || read_zone(reader, path, origin, NULL);
}

static bool read_folder(struct reader *reader, struct slice folder)
{
	struct names names = {NULL, 0, 0};
	if (!list_folder(reader->arena, folder, &names))
		return fail_file(reader, folder, errno);
	for (size_t i = 0; i < names.count; i++)
		if (!read_folder_file(reader, folder, names.items[i]))
			return false;
	if (reader->side->zones.count == 0)
		return fail(reader, arena_printf(reader->arena,
					    "%s: no zone file in this folder: they are named *.zone or db.*",
					    complain_quote(reader->arena, folder)));
	return check_apexes(reader);
}

/* --- files ---------------------------------------------------------------------------------------- */

/* The first bytes of an ordinary file in *head; false for all else (a pipe, no file): it is read as a whole,
 * and opened but once. */
static bool read_head(struct arena *arena, const char *path, struct slice *head)
{
	struct stat status;
	char *bytes = arena_alloc(arena, HEAD_BYTES);
	if (stat(path, &status) != 0 || !S_ISREG(status.st_mode))
		return false;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	ssize_t got = fd < 0 ? -1 : read(fd, bytes, HEAD_BYTES);
	if (fd >= 0)
		close(fd);
	*head = slice_of(bytes, got < 0 ? 0 : (size_t)got);
	return got >= 0;
}

static bool read_saved(struct reader *reader, struct slice file, struct slice text)
{
	struct snapshot_data *data = arena_alloc(reader->arena, sizeof *data);
	struct zonefile_error problem = {0};
	if (!snapshot_read(reader->arena, file, text, data, &problem))
		return fail(reader, file_place_error(reader->arena, file, &problem));
	reader->side->saved = data;
	reader->locals = arena_alloc(reader->arena, sizeof(struct local_source *));
	reader->locals[0] = snapshot_source(reader->arena, data, file, true);
	reader->side->local_count = 1;
	return true;
}

/* `is_ordinary`: `head` is how the file begins; else that is known only when it is read as a whole. */
static bool read_file(
	struct reader *reader, struct slice file, struct name origin, bool is_ordinary, struct slice head)
{
	struct text_in_memory memory = {file, {NULL, 0}};
	struct slice why;
	if (is_ordinary && !snapshot_is_one(head))
		return read_zone(reader, file, origin, NULL);
	if (!zonefile_load_file(reader->arena, file, ZONEFILE_MAX_BYTES, &memory.text, &why)) {
		const struct zonefile_error problem = {
			.message = arena_printf(
				reader->arena, "cannot read the file: %.*s", (int)why.len, why.ptr)};
		return fail(reader, file_place_error(reader->arena, file, &problem));
	}
	if (snapshot_is_one(memory.text))
		return read_saved(reader, file, memory.text);
	return read_zone(reader, file, origin, &memory);
}

static bool read_side(struct reader *reader, struct slice argument)
{
	struct slice file, head = {NULL, 0};
	struct name origin;
	if (slice_equal(argument, SLICE("live"))) {
		reader->side->is_live = true;
		return true;
	}
	reader->side->file = argument;
	if (is_folder(argument.ptr))
		return read_folder(reader, argument);
	if (!zone_argument_read(reader->arena, "diff", argument, &file, &origin, reader->error))
		return fail(reader,
			arena_printf(reader->arena,
				"%s is no side of a comparison: a zone file is given as [ORIGIN=]FILE",
				complain_quote(reader->arena, argument)));
	reader->side->file = file;
	bool is_ordinary = !slice_equal(file, SLICE("-")) && read_head(reader->arena, file.ptr, &head);
	return read_file(reader, file, origin, is_ordinary, head);
}

/* --- both ----------------------------------------------------------------------------------------- */

static bool is_stdin(struct slice argument)
{
	return slice_equal(slice_from(argument, zone_argument_file(argument)), SLICE("-"));
}

static bool check_arguments(struct arena *arena, const struct options *options, struct slice *error)
{
	if (options->argument_count < DIFF_SIDES) {
		*error =
			options->argument_count == 0
				? SLICE("nothing to compare; 'mailauth diff live db.example' compares a zone "
					"file with what is published")
				: arena_printf(arena,
					  "only one side is given (%s): 'mailauth diff BEFORE AFTER'; each "
					  "is a "
					  "zone file, a folder, a saved run or 'live'",
					  complain_quote(arena, options->arguments[0]));
		return false;
	}
	if (!sources_check_stdin(arena, options, error))
		return false;
	size_t wanted = sources_reads_stdin(options);
	for (size_t i = 0; i < DIFF_SIDES; i++)
		wanted += is_stdin(options->arguments[i]);
	if (wanted > 1)
		*error = SLICE("standard input (-) can be read only once");
	return wanted <= 1;
}

bool diff_sides_read(struct arena *arena, const struct options *options,
	struct diff_sides_one sides[DIFF_SIDES], struct slice *error)
{
	if (!check_arguments(arena, options, error))
		return false;
	for (size_t i = 0; i < DIFF_SIDES; i++) {
		sides[i] = (struct diff_sides_one){.given = options->arguments[i]};
		struct reader reader = {.arena = arena, .side = &sides[i], .error = error};
		if (!read_side(&reader, options->arguments[i]))
			return false;
		sides[i].locals = reader.locals;
	}
	return true;
}
