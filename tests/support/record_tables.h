/* record_tables: small worlds of SPF records, made from a number: the same number makes the same world on
 * every machine. */
#ifndef SUPPORT_RECORD_TABLES_H
#define SUPPORT_RECORD_TABLES_H

#include "base/arena.h"

/* A zone for fixture_open() in which example.com is checked: records that include and redirect to each
 * other, hosts with and without addresses, exchanges, mistakes, now and then a failure or a macro that
 * needs a message. */
const char *record_tables_make(struct arena *arena, unsigned long seed);

/* A client's address, in or near one of the networks that such worlds are made of. */
struct slice record_tables_address(struct arena *arena, unsigned long seed);

#endif
