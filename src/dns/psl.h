/* psl: the public suffix list through libpsl, asked with names of the core. */
#ifndef DNS_PSL_H
#define DNS_PSL_H

#include "dns/name.h"

struct psl;

/* Loads `path` (borrowed until it is closed); NULL: the newer of the system's list and libpsl's own. NULL when
 * the file cannot be read or is no such list. Caller closes. */
struct psl *psl_open(const char *path);
void psl_close(struct psl *psl);

/* The registrable domain of `name`: the public suffix with one label more; none when `name` is a public
 * suffix itself. */
struct name psl_registrable(const struct psl *psl, struct name name);
bool psl_is_suffix(const struct psl *psl, struct name name);

/* Reads the list's file once more, for psl_hash(): once, however often it is called. */
void psl_read_hash(struct psl *psl);

/* Tells lists apart: "builtin:" and libpsl's own SHA-1 of it, or "fnv1a64:" and the hash (base/hash.h) of the
 * file's bytes, or "unknown"; empty before psl_read_hash(). Lives as long as the list. */
struct slice psl_hash(const struct psl *psl);

/* Unix time of the list, 0 unknown. */
long long psl_time(const struct psl *psl);

/* The day of such a time, "2026-05-01"; empty when it is not known. */
struct slice psl_day(struct arena *arena, long long time);

#endif
