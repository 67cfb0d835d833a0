/* vectors: the small zones of tests/data/vectors, each with a domain to inspect, for tests of what must
 * hold whatever DNS says.
 *
 * A file NAME.zone has the lines of a fixture (fixture.h). "# check DOMAIN" tells the domain; without it
 * that is example.com. "# sample IP SENDER HELO" gives the macros a message. A new file is found by itself.
 */
#ifndef SUPPORT_VECTORS_H
#define SUPPORT_VECTORS_H

#include "base/slice.h"

#define VECTORS_MAX 500

struct vector {
	char name[64]; /* file name without .zone */
	char *zone;    /* the text of the file */
	char domain[256];
	char ip[64], sender[256], helo[256]; /* empty: no sample */
};

/* Reads all of them, in the order of their names; ends the program with a message when there are none. */
void vectors_read(void);
void vectors_free(void);

size_t vectors_count(void);
const struct vector *vectors_get(size_t index);

#endif
