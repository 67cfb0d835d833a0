/* write_junit: results as JUnit's XML, which GitLab, Jenkins and others show as tests. */
#ifndef REPORT_WRITE_JUNIT_H
#define REPORT_WRITE_JUNIT_H

#include "report/writer.h"

extern const struct writer write_junit_writer;

#endif
