/* domain: an argument or a line that is to be a domain with mail: what it is, or what is wrong with it. */
#ifndef CLI_DOMAIN_H
#define CLI_DOMAIN_H

#include "dns/name.h"

/* `text` as typed (any case, U-labels, a final dot) as a name to ask for. False with *error, one line
 * that names the label and the reason, and what was probably meant: empty, single label, IP or mail
 * address, URL, label too long or empty, a byte that no domain has, not convertible (RFC 5890). */
bool domain_parse(struct arena *arena, struct slice text, struct name *out, struct slice *error);

/* The same for a name that need not have mail: a single label is one too. */
bool domain_parse_any(struct arena *arena, struct slice text, struct name *out, struct slice *error);

/* The bytes of `text`, which is no domain, that make it none: for a caret. All of it where no byte is to
 * blame. */
struct span domain_mistake(struct slice text);

#endif
