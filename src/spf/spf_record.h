/* spf_record: one SPF record parsed into terms with byte spans (RFC 7208 4.6.1, 5, 6, 12).
 *
 * The whole record is read, every mistake becomes a finding and the parser goes on at the next term.
 * Nothing is evaluated and no DNS is asked here.
 */
#ifndef SPF_SPF_RECORD_H
#define SPF_SPF_RECORD_H

#include "base/ip.h"
#include "macro/macro_parse.h"
#include "rules/finding.h"

/* Terms kept of one record. No record that fits into DNS has more (65,535 bytes, two for each). Of a longer
 * text all terms are checked, but the record is not valid. */
#define SPF_MAX_TERMS 32768

enum spf_kind {
	SPF_ALL,
	SPF_INCLUDE,
	SPF_A,
	SPF_MX,
	SPF_PTR,
	SPF_IP4,
	SPF_IP6,
	SPF_EXISTS,
	SPF_REDIRECT,
	SPF_EXP,
	SPF_UNKNOWN /* an unknown modifier (ignored), or a term that is no term (then !valid) */
};

/* The word of the JSON's `kind`. */
const char *spf_kind_text(enum spf_kind kind);

/* True for the terms that ask DNS while SPF is evaluated: each is a lookup. RFC 7208 4.6.4 */
bool spf_kind_asks_dns(enum spf_kind kind);

/* True for ip4 and ip6. */
bool spf_kind_is_network(enum spf_kind kind);

enum spf_qualifier { SPF_QUALIFIER_PASS, SPF_QUALIFIER_FAIL, SPF_QUALIFIER_SOFTFAIL, SPF_QUALIFIER_NEUTRAL };

/* '+', '-', '~', '?'. */
char spf_qualifier_char(enum spf_qualifier qualifier);

struct spf_term {
	enum spf_kind kind;
	bool valid;	  /* its syntax; one invalid term makes the record permerror (RFC 7208 4.6) */
	bool is_modifier; /* name=value */
	enum spf_qualifier qualifier;		/* directives; SPF_QUALIFIER_PASS when none is written */
	struct span span;			/* the whole term */
	struct span name;			/* mechanism or modifier name */
	struct span value;			/* behind ':' or '='; len 0 when there is none */
	const struct macro_string *domain_spec; /* NULL: none written, the target is <domain> */
	struct prefix network;			/* ip4, ip6: with host bits as published */
	unsigned char ip4_length;		/* a, mx: 32 unless written */
	unsigned char ip6_length;		/* a, mx: 128 unless written */
};

struct spf_record {
	struct slice text;	      /* joined strings */
	bool valid;		      /* false: permerror wherever it is used */
	const struct spf_term *terms; /* in order, invalid ones included */
	size_t count;
	const struct spf_term *all;	 /* the first `all`; NULL: none */
	const struct spf_term *redirect; /* NULL: none */
	const struct spf_term *exp;	 /* NULL: none */
	struct findings findings;	 /* without place */
};

/* True when a directive that is reached gives fail: only then an explanation is shown. RFC 7208 6.2 */
bool spf_record_can_fail(const struct spf_record *record);

/* Parses `text`, which begins with "v=spf1" and SP or its end (spf_select). `strings`, `string_count`: the
 * record's character-strings, to see terms that were glued together at a border; may be NULL, 0. Text is
 * borrowed. */
const struct spf_record *spf_record_parse(
	struct arena *arena, struct slice text, const struct slice *strings, size_t string_count);

#endif
