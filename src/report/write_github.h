/* write_github: findings as workflow commands of GitHub Actions, which show them at the lines of a pull
 * request. */
#ifndef REPORT_WRITE_GITHUB_H
#define REPORT_WRITE_GITHUB_H

#include "report/writer.h"

extern const struct writer write_github_writer;

#endif
