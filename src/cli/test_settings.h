/* test_settings: the options of `mailauth test` and the expectations that it is to judge, read and checked
 * before anything is asked. */
#ifndef CLI_TEST_SETTINGS_H
#define CLI_TEST_SETTINGS_H

#include "cli/evaluation.h"
#include "config/config.h"
#include "inspect/filter.h"

enum test_settings_format { TEST_FORMAT_TEXT, TEST_FORMAT_JSON, TEST_FORMAT_JUNIT };

struct test_settings {
	struct evaluation_settings evaluation;
	enum test_settings_format format;
	struct filter filter;
	const struct config_expectation *const *expectations; /* at least one, in the order of the file */
	size_t count;
};

/* False with *error on the first usage error, which may be in a zone file or in the configuration file; also
 * when there is no expectation, or none about one of the domains that were given: a test that tests nothing
 * must not pass. */
bool test_settings_read(struct arena *arena, const struct options *options, const struct config *config,
	struct test_settings *out, struct slice *error);

#endif
