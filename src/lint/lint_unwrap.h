/* lint_unwrap: the record in what somebody pasted: output of dig, nslookup or host, a master-file line,
 * text copied from a web panel.
 *
 *     _dmarc.example.com. 3600 IN TXT "v=DMARC1\; " "p=none"      v=DMARC1; p=none
 *     taken off: owner, TTL, class and type; quotes; borders of strings; escapes
 *
 * Only what the paste has put around the record is taken off. What is wrong with the record itself stays:
 * it was most likely published so. In doubt the text is the record, byte for byte: one quote that has no
 * partner, a backslash in text without quotes.
 */
#ifndef LINT_LINT_UNWRAP_H
#define LINT_LINT_UNWRAP_H

#include "base/bytemap.h"

enum lint_paste_kind {
	LINT_PASTE_RECORD,
	LINT_PASTE_OTHER /* a line of such output that holds no text record: a header, an A record */
};

struct lint_paste {
	enum lint_paste_kind kind;
	struct slice name;	     /* owner as pasted, without a final dot; empty when there was none */
	struct slice text;	     /* the record: its strings joined */
	const struct slice *strings; /* at least one */
	size_t string_count;
	struct bytemap map;	/* text to input */
	struct slice unwrapped; /* what was taken off, in words; empty: nothing */
};

/* Takes the record out of `input` (borrowed; memory for the rest from `arena`). Linear. */
void lint_unwrap(struct arena *arena, struct slice input, struct lint_paste *out);

/* True when the record that begins with the line(s) `input` goes on in the next line: an open
 * parenthesis, or the "text =" of nslookup with nothing behind it. */
bool lint_unwrap_goes_on(struct arena *arena, struct slice input);

#endif
