/* lint_patch: changes of records as changes of the bytes of zone files.
 *
 *     record   v=spf1 ipv4:192.0.2.1 -all          edit   7+4 "ip4"
 *     file     @ TXT "v=spf1 ipv4:192.0.2.1 -all"  edit   14+4 "ip4"
 *
 * Quotes and escapes stay right, and no string gets longer than 255 bytes. Only the bytes concerned
 * change; a string that becomes too long, or was written without quotes, is written anew.
 */
#ifndef LINT_LINT_PATCH_H
#define LINT_LINT_PATCH_H

#include "base/buf.h"
#include "dns/zonefile.h"
#include "lint/lint_record.h"
#include "rules/fix.h"

struct lint_patch_edit {
	struct slice file;   /* its path */
	struct slice source; /* its text */
	struct span span;    /* in it */
	struct slice replacement;
};

struct lint_patch {
	struct arena *arena;
	struct lint_patch_edit *edits;
	size_t count;
	size_t capacity;
};

struct lint_patch_file {
	struct slice path;
	struct slice old;
	struct slice new;
};

void lint_patch_init(struct lint_patch *patch, struct arena *arena);

void lint_patch_add(struct lint_patch *patch, struct lint_patch_edit edit);

/* Adds what `edits` (ascending, apart) change in the record's file. False, and nothing added: the record
 * is not written as strings. */
bool lint_patch_record(struct lint_patch *patch, const struct lint_record *record,
	const struct zonefile_record *source, const struct fix_edit *edits, size_t count);

/* In the order of files and of bytes in them. */
void lint_patch_sort(struct lint_patch *patch);

/* The files that change. A file that was read twice changes once. */
const struct lint_patch_file *lint_patch_files(struct lint_patch *patch, size_t *count);

/* The difference as a unified patch, with a/ and b/ before the path, as `patch -p1` and `git apply` take
 * it. Both texts must have the same number of lines. */
void lint_patch_diff(struct buf *out, const struct lint_patch_file *file);

/* `text` as strings in quotes, each of at most 255 bytes, cut behind a blank where there is one. */
struct slice lint_patch_strings(struct arena *arena, struct slice text);

#endif
