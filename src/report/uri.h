/* uri: names and paths as parts of URIs (RFC 3986). */
#ifndef REPORT_URI_H
#define REPORT_URI_H

#include "base/arena.h"

/* A path of a file as a reference: "./a b.zone" is a%20b.zone, "/etc/x" is file:///etc/x. Every byte but
 * letters, digits and - . _ ~ / is encoded, so no path is taken for a scheme or a query. */
struct slice uri_of_file(struct arena *arena, struct slice path);

/* True when uri_of_file() makes an absolute URI of it. */
bool uri_is_absolute(struct slice path);

/* "dns/_dmarc.example.com/TXT": a path, since a scheme of its own (RFC 4501) is refused by services that show
 * files; the name as it is shown. */
struct slice uri_of_record(struct arena *arena, struct slice name, struct slice type);

/* Any text as one segment of a path, never empty, "." or "..": "a/b" is a%2Fb. */
struct slice uri_of_name(struct arena *arena, struct slice name);

#endif
