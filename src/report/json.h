/* json: a small streaming writer (RFC 8259). It knows the nesting depth and whether a comma is due, nothing
 * else; the caller closes what it opened.
 *
 *     json_object(j); json_key(j, "lookups"); json_number(j, 3); json_end_object(j);      {"lookups": 3}
 *
 * Output is always valid UTF-8. Failure is the buffer's: sticky, looked at by the one who prints.
 */
#ifndef REPORT_JSON_H
#define REPORT_JSON_H

#include "base/arena.h"
#include "base/buf.h"

#define JSON_MAX_INDENT                                                                                      \
	40 /* levels; what is nested deeper is not indented further, so that depth costs no quadratic space */

/* Invariant: `comma` is true behind a value in an array or object, false behind an opening bracket or a
 * key. */
struct json {
	struct buf *out;
	struct arena *arena; /* for escaping */
	bool pretty;	     /* a line a value, two blanks a level; else one line */
	size_t depth;
	bool comma;
	bool after_key;
	size_t flat; /* depth at which a json_flat_array() was opened; 0: none */
};

/* `depth`: levels that are open already around what will be written. */
void json_init(struct json *json, struct buf *out, struct arena *arena, bool pretty, size_t depth);

void json_object(struct json *json);
void json_end_object(struct json *json);
void json_array(struct json *json);
void json_end_array(struct json *json);

/* An array on one line, also when pretty: for spans. Ends with json_end_array(). */
void json_flat_array(struct json *json);

/* A key that needs no escape. */
void json_key(struct json *json, const char *key);

/* A key of raw bytes, escaped as json_bytes() does. */
void json_key_bytes(struct json *json, struct slice key);

/* Text that is for people already (made by us): only what JSON demands is escaped; a byte that is not
 * UTF-8 becomes U+FFFD. */
void json_string(struct json *json, struct slice text);

/* The same, but null when it is empty. */
void json_string_or_null(struct json *json, struct slice text);

/* The same of a literal; NULL: null. */
void json_text(struct json *json, const char *text);

/* Raw bytes from DNS or a user, as ascii_escape() shows them. */
void json_bytes(struct json *json, struct slice raw);

/* The same, but null when it is empty. */
void json_bytes_or_null(struct json *json, struct slice raw);

/* The bytes in base64 (RFC 4648 4). */
void json_base64(struct json *json, struct slice raw);

void json_number(struct json *json, uint64_t number);
void json_bool(struct json *json, bool value);
void json_null(struct json *json);

#endif
