/* name: a domain name (RFC 1035 3.1) as the core uses it: the labels in wire form, letters in lower case.
 *
 *     example.com   is   07 'e' 'x' 'a' 'm' 'p' 'l' 'e' 03 'c' 'o' 'm' 00
 *
 * Two names are the same when their bytes are, a parent is the same bytes from the next label on, and a
 * label may hold any byte, also a dot. Text is made only for people and for JSON.
 */
#ifndef DNS_NAME_H
#define DNS_NAME_H

#include "base/arena.h"
#include "base/slice.h"

#define NAME_MAX_WIRE  255 /* octets with all length bytes and the root, RFC 1035 3.1 */
#define NAME_MAX_LABEL 63

/* Invariant: a whole wire-form name with its final zero byte, lower case; {NULL, 0} is "no name".
 * Borrowed. */
struct name {
	const char *wire;
	size_t len;
};

enum name_error { NAME_OK, NAME_EMPTY_LABEL, NAME_LABEL_TOO_LONG, NAME_TOO_LONG, NAME_BAD_ESCAPE };

/* From text in which every byte but the dot stands for itself (what a macro expands to, an argument); one
 * final dot is allowed; "" and "." are the root. On an error *out is untouched. */
enum name_error name_from_text(struct arena *arena, struct slice text, struct name *out);

/* From master-file text (RFC 1035 5.1): \DDD and \X are taken off. A final dot makes no difference here. */
enum name_error name_from_master(struct arena *arena, struct slice text, struct name *out);

/* The same to wire form with letters as they are written, for data that must not change. */
enum name_error name_wire_from_master(struct arena *arena, struct slice text, struct slice *out);

/* From an uncompressed wire-form name of at most NAME_MAX_WIRE bytes; copies and lower-cases it. */
struct name name_from_wire(struct arena *arena, struct slice wire);

/* The name as people and JSON see it: no final dot, the root as ".", special bytes escaped: \. and \\
 * inside a label, \DDD for what is not printable ASCII, the blank, and ( ) ; @ $ ". The text ends with
 * NUL, not counted. */
struct slice name_text(struct arena *arena, struct name name);

/* The labels with dots between them, every byte as it is; "" for the root and for none: for macros
 * (RFC 7208 7.3), and for arguments of findings, which are escaped when they are shown. */
struct slice name_bytes(struct arena *arena, struct name name);

bool name_is_none(struct name name);
bool name_is_root(struct name name);
bool name_equal(struct name a, struct name b);

/* Order of memcmp(): for tables, not for people. */
int name_compare(struct name a, struct name b);

/* Order in which people read a zone (RFC 4034 6.1): from the last label on, a parent before what is below
 * it. */
int name_compare_hierarchy(struct name a, struct name b);

/* Labels without the root: 2 for example.com, 0 for the root. */
size_t name_labels(struct name name);

/* The first (leftmost) label's bytes; empty for the root. */
struct slice name_first_label(struct name name);

/* The name without its leftmost label; the root's parent is the root. */
struct name name_parent(struct name name);

/* The rightmost `count` labels, or the whole name when it has fewer. */
struct name name_suffix(struct name name, size_t count);

/* True when `name` is `ancestor` or below it. */
bool name_is_within(struct name name, struct name ancestor);

/* `prefix` (text with dots, as "_dmarc" or "example.com._report._dmarc") put before `name`. */
enum name_error name_prepend(struct arena *arena, struct slice prefix, struct name name, struct name *out);

/* All labels of `first` before `name`. */
enum name_error name_join(struct arena *arena, struct name first, struct name name, struct name *out);

#endif
