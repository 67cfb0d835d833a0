/* write_sarif: findings as SARIF 2.1.0 (OASIS), for code scanning and viewers of analysis results. */
#ifndef REPORT_WRITE_SARIF_H
#define REPORT_WRITE_SARIF_H

#include "report/writer.h"

extern const struct writer write_sarif_writer;

#endif
