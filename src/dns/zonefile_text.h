/* zonefile_text: words, strings and record data as they are written in a master file (RFC 1035 5.1, RFC 3597
 * 5): what zonefile_scan and zonefile_rdata read back byte for byte. Only printable ASCII is written. */
#ifndef DNS_ZONEFILE_TEXT_H
#define DNS_ZONEFILE_TEXT_H

#include "base/buf.h"
#include "dns/answer.h"

/* `bytes` as a part of a word without quotes. */
void zonefile_text_word(struct buf *out, struct slice bytes);

/* `bytes` between quotes. */
void zonefile_text_string(struct buf *out, struct slice bytes);

/* The data of `record`: fields of a type that mailauth reads and that has its form, else \# LENGTH HEX. Names
 * have their final dot and letters as they are. Memory from `arena` is of no use afterwards. */
void zonefile_text_data(struct buf *out, struct arena *arena, const struct record *record);

#endif
