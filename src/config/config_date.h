/* config_date: the day an exception ends with, as it is written: 2027-03-31. */
#ifndef CONFIG_CONFIG_DATE_H
#define CONFIG_CONFIG_DATE_H

#include "base/slice.h"

/* Reads "YYYY-MM-DD", a day of the calendar from year 1 on, as the number YYYYMMDD. False, and *yyyymmdd
 * untouched: anything else, 30 February and 29 February of a common year among it. */
bool config_date_parse(struct slice text, int *yyyymmdd);

/* True when `text` begins as a date does, with four digits and a hyphen: it was meant as one. */
bool config_date_is_meant(struct slice text);

/* Today in UTC, in the same form. `epoch`: NULL, or seconds since 1970 that stand for now (the value of
 * SOURCE_DATE_EPOCH, which runs that are to be repeated set). False: `epoch` is no such number. */
bool config_date_today(const char *epoch, int *yyyymmdd);

#endif
