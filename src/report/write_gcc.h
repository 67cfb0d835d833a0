/* write_gcc: findings as compilers write them, which editors and CI services can read:
 * `db.example:12:20: error: message [rule]`. */
#ifndef REPORT_WRITE_GCC_H
#define REPORT_WRITE_GCC_H

#include "report/writer.h"

extern const struct writer write_gcc_writer;

#endif
