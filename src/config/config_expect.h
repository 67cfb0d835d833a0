/* config_expect: "expect DOMAIN ...": what has to be so, for `mailauth test`. */
#ifndef CONFIG_CONFIG_EXPECT_H
#define CONFIG_CONFIG_EXPECT_H

#include "config/config.h"
#include "config/config_line.h"

/* Reads what is behind "expect", to the end of the line. */
bool config_expect_read(struct config_line *line, struct config_expectation *out);

#endif
