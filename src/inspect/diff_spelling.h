/* diff_spelling: what a finding is about in one spelling, so that it is known again in a record that was only
 * written in another way.
 *
 *     +Include:Example.NET                          include:example.net
 *     ip6:2001:0DB8::1                              +2001:db8::1/128
 *     mx        (in the record of example.com)      mx:example.com/32//128
 *     RUA = mailto:b@example.com, mailto:a@b.example    rua=mailto:a@b.example,mailto:b@example.com
 */
#ifndef INSPECT_DIFF_SPELLING_H
#define INSPECT_DIFF_SPELLING_H

#include "rules/finding.h"

/* The bytes a finding is about, in one spelling; empty without span. Two that mean different things are never
 * the same: case is kept in macros, where it counts. */
struct slice diff_spelling_of(struct arena *arena, const struct finding *finding);

/* Lower case outside of macros; in a macro an upper case letter means another thing. RFC 7208 7.3 */
void diff_spelling_lower(char *text, size_t len);

/* A copy of `text` in this form. */
struct slice diff_spelling_lowered(struct arena *arena, struct slice text);

#endif
