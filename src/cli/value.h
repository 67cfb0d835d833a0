/* value: arguments of options that are numbers, durations and names, with messages that say what is
 * allowed.
 */
#ifndef CLI_VALUE_H
#define CLI_VALUE_H

#include "dns/name.h"

/* Allowed values, both ends in it. */
struct value_range {
	unsigned least;
	unsigned most;
};

/* Decimal digits. False with *error: `option` is how the user spelled it. */
bool value_count(struct arena *arena, const char *option, struct slice text, struct value_range range,
	unsigned *out, struct slice *error);

#define VALUE_MAX_DURATION_MS 3600000 /* an hour */

/* "1500ms", "2s", "0.5s", "2": a bare number is seconds. From 1 ms to an hour. */
bool value_duration(
	struct arena *arena, const char *option, struct slice text, int *out_ms, struct slice *error);

/* A domain name: master-file text, or an international name. */
bool value_name(
	struct arena *arena, const char *option, struct slice text, struct name *out, struct slice *error);

#endif
