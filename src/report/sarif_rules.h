/* sarif_rules: the tool and all its rules, as SARIF's toolComponent (3.19), and the words of SARIF for
 * severities. */
#ifndef REPORT_SARIF_RULES_H
#define REPORT_SARIF_RULES_H

#include "base/buf.h"
#include "rules/rule.h"

/* What can be wrong with a run itself; an index into the driver's notifications. */
enum sarif_rules_notification { SARIF_RULES_INCOMPLETE, SARIF_RULES_BAD_INPUT, SARIF_RULES_OMITTED };

/* The value of the key `tool`: every rule, in the order of the table, so that enum rule_id is its index. */
void sarif_rules_put(struct buf *out);

/* "error", "warning", "note"; "none" for SEVERITY_OFF. */
const char *sarif_rules_level(enum severity severity);

const char *sarif_rules_notification_id(enum sarif_rules_notification kind);

#endif
