/* zonefile_rdata: the data of one record, from master-file words to the bytes on the wire (RFC 1035 3.3,
 * 5.1, RFC 3597 5).
 *
 * Types that mailauth reads become rdata; of all others only the generic form \# does, and other words
 * are passed over.
 */
#ifndef DNS_ZONEFILE_RDATA_H
#define DNS_ZONEFILE_RDATA_H

#include "dns/zonefile_scan.h"

#define ZONEFILE_MAX_STRING 255	  /* bytes of one character-string */
#define ZONEFILE_MAX_RDATA  65535 /* bytes of the data of one record */

/* Where names end in and errors go. */
struct zonefile_scope {
	struct arena *arena;
	struct name origin; /* none: relative names are errors */
	struct zonefile_error *error;
	bool splits; /* a string that is too long becomes several, and is no error */
	/* Every byte of the data counts: names in it are absolute, their letters kept as written, and words
	 * of a type that is not read are an error. */
	bool exact;
};

/* The data words of a record; `type_word` is where it is said that there are too few. */
struct zonefile_data {
	uint16_t type;
	const struct zonefile_token *type_word;
	const struct zonefile_token *words;
	size_t count;
};

/* Data to rdata; empty for a type that is not read. False with the scope's error set. */
bool zonefile_rdata_parse(
	const struct zonefile_scope *scope, const struct zonefile_data *data, struct slice *out);

/* `text` as character-strings of 255 bytes and a rest, nothing taken off. False: empty, or too long for
 * one record. */
bool zonefile_rdata_literal(struct arena *arena, struct slice text, struct slice *out);

/* A name: "@", absolute with a final dot, else below the origin. */
bool zonefile_rdata_name(
	const struct zonefile_scope *scope, const struct zonefile_token *word, struct name *out);

/* Seconds, or numbers with units as in 1w2d3h4m5s; at most 2^31 - 1 (RFC 2181 8). */
bool zonefile_rdata_period(struct slice text, uint32_t *out);

#endif
