/* write_csv: tables for spreadsheets and scripts (RFC 4180): a line a domain (check) or a line a finding
 * (lint, diff), behind a line with the names of the columns. */
#ifndef REPORT_WRITE_CSV_H
#define REPORT_WRITE_CSV_H

#include "report/writer.h"

extern const struct writer write_csv_writer;

#endif
