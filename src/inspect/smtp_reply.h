/* smtp_reply: the reply a sending server is shown when its message is refused (RFC 5321 4.2, 4.5.3.1.5;
 * RFC 7372).
 *
 * The text may quote strangers: what is not printable ASCII is left out, and long text is folded into a
 * multi-line reply, no line longer than 512 octets with its CRLF.
 */
#ifndef INSPECT_SMTP_REPLY_H
#define INSPECT_SMTP_REPLY_H

#include "base/arena.h"

#define SMTP_REPLY_MAX_LINE 512 /* octets with CRLF, RFC 5321 4.5.3.1.5 */

/* "550-5.7.23 text...CRLF550 5.7.23 text": lines are separated by CRLF, the last one has none. `code`:
 * "550", `enhanced`: "5.7.23". */
struct slice smtp_reply(struct arena *arena, const char *code, const char *enhanced, struct slice text);

#endif
