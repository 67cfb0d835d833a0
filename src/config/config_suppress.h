/* config_suppress: "suppress RULE[@NAME-GLOB] until YYYY-MM-DD REASON". */
#ifndef CONFIG_CONFIG_SUPPRESS_H
#define CONFIG_CONFIG_SUPPRESS_H

#include "config/config_line.h"
#include "inspect/suppress.h"

/* Reads what is behind "suppress". */
bool config_suppress_read(struct config_line *line, struct suppression *out);

#endif
