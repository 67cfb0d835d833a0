/* dmarc_misplaced: a DMARC record at a name where no receiver looks for it (RFC 9989 4.5).
 *
 * For a domain for which nothing was found: web panels that add the domain to what is typed produce
 * _dmarc.example.com.example.com, an empty host field puts the record at example.com itself, and so on.
 */
#ifndef DMARC_DMARC_MISPLACED_H
#define DMARC_DMARC_MISPLACED_H

#include "dns/view.h"
#include "rules/finding.h"

/* UNKNOWN: nothing was found, and a name could not be asked. */
enum dmarc_misplaced { DMARC_MISPLACED_NONE, DMARC_MISPLACED_FOUND, DMARC_MISPLACED_UNKNOWN };

/* Asks the four names and adds a dmarc-wrong-name for each that has a text which is or is meant as a DMARC
 * record. */
enum dmarc_misplaced dmarc_misplaced_probe(
	struct view *view, struct arena *arena, struct name domain, struct findings *findings);

#endif
