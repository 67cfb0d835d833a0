/* dmarc_separator: signs that tags of a DMARC record were put together with something else than ";" and "=".
 *
 *     p=none, rua=mailto:a@example.com     an embedded tag
 *     p=none\; fo=1                        a damaged value: dig's spelling of ";" was published
 *     p=none&#59; fo=1                     damaged as well: an HTML entity
 *     p:none                               another sign where "=" belongs
 *
 * By the letter such bytes are part of the value (RFC 9989 4.8). Only looks at text; who calls makes the
 * findings.
 */
#ifndef DMARC_DMARC_SEPARATOR_H
#define DMARC_DMARC_SEPARATOR_H

#include "dmarc/dmarc_record.h"

/* The known tag that `name` is, any case; DMARC_TAG_OTHER for all else. */
enum dmarc_tag_id dmarc_separator_tag(struct slice name);

/* True when another known tag with its "=" stands in `value`; *gap: the blanks and commas before it. */
bool dmarc_separator_embedded(struct slice value, struct span *gap);

/* Length of a backslash, or of an HTML entity without its ";", at the end of `value`; 0: none. */
size_t dmarc_separator_damage(struct slice value);

/* Length of the HTML entity at the start of `text`, without the ";" that has to follow; 0: none. */
size_t dmarc_separator_entity(struct slice text);

/* The byte that an entity (with "&", without ";") stands for; '\0' when it is not one that people mean
 * here. */
char dmarc_separator_entity_byte(struct slice entity);

/* True when `chunk` is a known tag with ":", "-" or blanks in place of "="; *sign: those bytes. */
bool dmarc_separator_no_equals(struct slice chunk, struct span *sign);

/* Length of the no-break spaces and invisible characters at the start of `chunk`, when a known tag with its
 * "=" is behind them; else 0. */
size_t dmarc_separator_unseen(struct slice chunk);

/* True when `chunk` can only be one more address of a list: it was cut off by ";". */
bool dmarc_separator_is_address(struct slice chunk);

/* What to do about such a mistake, for the advice of dmarc-separator. */
struct slice dmarc_separator_advice(enum detail detail);

#endif
