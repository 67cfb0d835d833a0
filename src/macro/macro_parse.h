/* macro_parse: a macro string (RFC 7208 7.1) to a syntax tree with byte spans.
 *
 * One parser for all places where macros stand; the mode tells what is allowed there. Every mistake becomes
 * a finding (spf-macro-syntax, spf-macro-exp-only, ...) and the parser goes on behind it.
 *
 *     %{d2}.example.com    is    expand(d, keep 2)  literal(".example.com")
 */
#ifndef MACRO_MACRO_PARSE_H
#define MACRO_MACRO_PARSE_H

#include "rules/finding.h"

enum macro_mode {
	MACRO_DOMAIN_SPEC, /* target of a mechanism, redirect or exp: no c, r, t (RFC 7208 7.2), visible ASCII */
	MACRO_EXPLANATION, /* explanation text: all letters, spaces allowed (RFC 7208 6.2) */
	MACRO_VALUE	   /* of an unknown modifier: a macro-string, never expanded (RFC 7208 6) */
};

enum macro_piece_kind {
	MACRO_LITERAL,
	MACRO_EXPAND,
	MACRO_PERCENT,	/* %% */
	MACRO_SPACE,	/* %_ */
	MACRO_URL_SPACE /* %- */
};

struct macro_piece {
	enum macro_piece_kind kind;
	struct span span; /* in the text that was parsed */
	/* MACRO_EXPAND only: */
	char letter;		 /* lower case */
	bool url_escape;	 /* written as a capital */
	bool has_keep;		 /* digits were written */
	unsigned keep;		 /* the rightmost `keep` parts, > 0; larger numbers saturate */
	bool reverse;		 /* r */
	struct slice delimiters; /* as written; empty: "." */
};

struct macro_string {
	struct slice text; /* all of the text that was parsed: spans are in it */
	struct span span;  /* the macro string in it */
	bool valid;	   /* false: it must not be expanded */
	const struct macro_piece *pieces;
	size_t count;
};

/* Parses the bytes at `span` of `text` (borrowed). Only macro syntax is judged here: how a domain-spec has
 * to end (RFC 7208 7.1, toplabel) is the record parser's business. */
const struct macro_string *macro_parse(struct arena *arena, struct slice text, struct span span,
	enum macro_mode mode, struct findings *findings);

/* True when an expansion with that letter (lower case) is in it. */
bool macro_uses(const struct macro_string *macro, char letter);

#endif
