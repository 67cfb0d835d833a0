/* psl: the public suffix list; see psl.h.
 *
 * Both sections of the list count, also the one of private companies (example: a blog host): receivers
 * differ, and this is what most mail software does. libpsl wants lower case and no final dot.
 */
#include "dns/psl.h"

#include <inttypes.h>
#include <libpsl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>

#include "base/ascii.h"
#include "base/hash.h"

struct psl {
	psl_ctx_t *list; /* to be freed; NULL: the built-in one */
	const psl_ctx_t *used;
	const char *path; /* NULL: libpsl's own */
	long long time;
	char hash[64]; /* psl_read_hash() */
};

static long long file_time(const char *path)
{
	struct stat status;
	return path != NULL && stat(path, &status) == 0 ? (long long)status.st_mtime : 0;
}

/* The newer of the system's list and libpsl's own. */
static bool load_newest(struct psl *psl)
{
	psl->list = psl_latest(NULL);
	psl->used = psl->list != NULL ? psl->list : psl_builtin();
	bool is_builtin = psl->used == psl_builtin();
	psl->path = is_builtin ? NULL : psl_dist_filename();
	psl->time = is_builtin ? (long long)psl_builtin_file_time() : file_time(psl->path);
	return psl->used != NULL;
}

/* libpsl takes each line of any file for a suffix; a real list, new or old, has this one. */
static bool is_list(const psl_ctx_t *list)
{
	return psl_is_public_suffix2(list, "com", PSL_TYPE_ANY | PSL_TYPE_NO_STAR_RULE) != 0;
}

static bool load_path(struct psl *psl, const char *path)
{
	psl->list = psl_load_file(path);
	psl->used = psl->list;
	psl->path = path;
	psl->time = file_time(path);
	return psl->used != NULL && is_list(psl->used);
}

struct psl *psl_open(const char *path)
{
	struct psl *psl = calloc(1, sizeof *psl);
	if (psl == NULL)
		return NULL;
	if (path == NULL ? load_newest(psl) : load_path(psl, path))
		return psl;
	psl_close(psl);
	return NULL;
}

void psl_close(struct psl *psl)
{
	if (psl == NULL)
		return;
	psl_free(psl->list);
	free(psl);
}

static char known_byte(char byte)
{
	if (ascii_is_alnum(byte) || byte == '-')
		return byte;
	return '_';
}

/* The name for libpsl, final NUL included. A byte that no rule has becomes an underscore, which no rule
 * has either: labels keep their number, and that is all that is read from the answer. */
static void fill_text(struct name name, char text[NAME_MAX_WIRE + 1])
{
	size_t used = 0;
	for (; name.len > 1; name = name_parent(name)) {
		struct slice label = name_first_label(name);
		if (used > 0)
			text[used++] = '.';
		for (size_t i = 0; i < label.len; i++)
			text[used++] = known_byte(label.ptr[i]);
	}
	text[used] = '\0';
}

static size_t count_labels(const char *text)
{
	size_t count = 1;
	for (; *text != '\0'; text++)
		count += *text == '.';
	return count;
}

struct name psl_registrable(const struct psl *psl, struct name name)
{
	char text[NAME_MAX_WIRE + 1];
	if (name.len <= 1)
		return (struct name){NULL, 0};
	fill_text(name, text);
	const char *registrable = psl_registrable_domain(psl->used, text);
	if (registrable == NULL)
		return (struct name){NULL, 0};
	return name_suffix(name, count_labels(registrable));
}

bool psl_is_suffix(const struct psl *psl, struct name name)
{
	char text[NAME_MAX_WIRE + 1];
	if (name.len <= 1)
		return !name_is_none(name);
	fill_text(name, text);
	return psl_is_public_suffix(psl->used, text) != 0;
}

long long psl_time(const struct psl *psl)
{
	return psl->time;
}

struct slice psl_day(struct arena *arena, long long time)
{
	time_t seconds = (time_t)time;
	struct tm date;
	char text[32];
	if (time <= 0 || gmtime_r(&seconds, &date) == NULL)
		return SLICE("");
	return arena_copy(arena, slice_of(text, strftime(text, sizeof text, "%Y-%m-%d", &date)));
}

static void hash_builtin(struct psl *psl)
{
	const char *sum = psl_builtin_sha1sum();
	snprintf(psl->hash, sizeof psl->hash, "builtin:%s", sum != NULL ? sum : "");
}

static void hash_file(struct psl *psl, FILE *file)
{
	char bytes[4096];
	uint64_t hash = HASH_START;
	size_t got;
	while ((got = fread(bytes, 1, sizeof bytes, file)) > 0)
		hash = hash_add(hash, slice_of(bytes, got));
	if (ferror(file) == 0)
		snprintf(psl->hash, sizeof psl->hash, "fnv1a64:%016" PRIx64, hash);
}

/* What is no file can be read only once, and libpsl has done so. */
static FILE *open_again(const char *path)
{
	struct stat status;
	return stat(path, &status) == 0 && S_ISREG(status.st_mode) ? fopen(path, "r") : NULL;
}

void psl_read_hash(struct psl *psl)
{
	if (psl->hash[0] != '\0')
		return;
	if (psl->path == NULL) {
		hash_builtin(psl);
		return;
	}
	snprintf(psl->hash, sizeof psl->hash, "unknown");
	FILE *file = open_again(psl->path);
	if (file == NULL)
		return;
	hash_file(psl, file);
	fclose(file);
}

struct slice psl_hash(const struct psl *psl)
{
	return slice_cstr(psl->hash);
}
