/* macro_expand: a parsed macro string with values to text (RFC 7208 7.2, 7.3, 7.4). */
#ifndef MACRO_MACRO_EXPAND_H
#define MACRO_MACRO_EXPAND_H

#include <stdint.h>

#include "base/ip.h"
#include "macro/macro_parse.h"

/* What the letters stand for. A slice whose ptr is NULL is not known; an empty one with ptr is empty. */
struct macro_values {
	struct slice sender;	      /* s: local-part@domain */
	struct slice local_part;      /* l */
	struct slice sender_domain;   /* o */
	struct slice domain;	      /* d, no final dot */
	struct slice validated;	      /* p: the validated name, or "unknown" */
	struct slice helo;	      /* h */
	struct slice receiver;	      /* r */
	const struct ip *ip;	      /* i, c, v; NULL: not known */
	const enum ip_family *family; /* v when `ip` is NULL; NULL: not known */
	const int64_t *time;	      /* t: seconds since the epoch; NULL: not known */
};

/* Expands `macro`, which must be valid. False when a letter's value is not known: then *missing is the
 * first such letter and *out is untouched. The result is raw bytes of a stranger: not a name yet
 * (macro_name), not safe to print. */
bool macro_expand(struct arena *arena, const struct macro_string *macro, const struct macro_values *values,
	struct slice *out, char *missing);

/* The value of one MACRO_EXPAND piece, transformed and escaped; the same contract. */
bool macro_expand_piece(struct arena *arena, const struct macro_piece *piece,
	const struct macro_values *values, struct slice *out);

/* What an expansion is as a domain name: one final dot taken off, then whole labels dropped from the left
 * until at most 253 bytes are left (RFC 7208 7.3). Returns a part of `expansion`. */
struct slice macro_name(struct slice expansion);

#endif
