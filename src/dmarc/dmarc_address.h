/* dmarc_address: report addresses as people write them, and what they were meant to be.
 *
 *     dmarc at example dot com    ->  mailto:dmarc@example.com
 *     <dmarc@example.com>         ->  mailto:dmarc@example.com
 *
 * Guesses only: for the advice and the fix of a finding, never for the verdict.
 */
#ifndef DMARC_DMARC_ADDRESS_H
#define DMARC_DMARC_ADDRESS_H

#include "rules/finding.h"

/* The mailto URI that `text` was meant to be; empty when that is not clear. Memory from `arena`. */
struct slice dmarc_address_repair(struct arena *arena, struct slice text);

/* True when "at" or "dot" in some dress stands for the sign in `text`. */
bool dmarc_address_repair_is_disguised(struct slice text);

/* True when nobody can have meant anything else than dmarc_address_repair() makes of a text with this
 * fault. */
bool dmarc_address_is_sure(enum detail fault);

/* True when two addresses stand in `text` without a comma between them; *gap: the blanks there, of length
 * 0 when they are glued together. */
bool dmarc_address_missing_comma(struct slice text, struct span *gap);

/* Such a text as a list with commas; empty when that is not clear. */
struct slice dmarc_address_split(struct arena *arena, struct slice text);

/* What is wrong with the mailbox of a mailto URI (RFC 6068 2), DETAIL_NONE when nothing is; then *host is
 * its domain. */
enum detail dmarc_address_fault(struct slice mailbox, struct slice *host);

/* Why a text that is no URI is none. */
enum detail dmarc_address_why_no_uri(struct slice text);

/* True for "mail", "maito", "email" and the like. */
bool dmarc_address_is_misspelt_scheme(struct slice scheme);

#endif
