/* config_rule: rules as the configuration file and the comments of zone files name them: RULE[@NAME-GLOB]. */
#ifndef CONFIG_CONFIG_RULE_H
#define CONFIG_CONFIG_RULE_H

#include "config/config_line.h"
#include "rules/rule.h"

/* The rule of that id. False: there is none; the message names the nearest one. */
bool config_rule_find(struct config_line *line, struct config_word id, enum rule_id *out);

/* "spf-ptr@*.example.com": the rule, and the glob with its U-labels as A-labels (RFC 5890), or empty. */
bool config_rule_parse(
	struct config_line *line, struct config_word word, enum rule_id *rule, struct slice *glob);

#endif
