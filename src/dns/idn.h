/* idn: international domain names to A-labels and back, through libidn2 (RFC 5890, RFC 8616). */
#ifndef DNS_IDN_H
#define DNS_IDN_H

#include "dns/name.h"

enum idn_status { IDN_OK, IDN_NOT_UTF8, IDN_NOT_ALLOWED /* a character or label IDNA2008 refuses */ };

/* `text` (UTF-8, U-labels, A-labels or plain ASCII) with every U-label as an A-label; ASCII text is
 * returned as it is, whatever it holds (underscores too). */
enum idn_status idn_to_ascii(struct arena *arena, struct slice text, struct slice *out);

/* The name as people write it, for the text output only; `text` itself when it has no A-label, does not
 * decode, or would show characters that deceive. */
struct slice idn_to_unicode(struct arena *arena, struct slice text);

#endif
