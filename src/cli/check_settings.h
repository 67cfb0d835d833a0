/* check_settings: the options of `mailauth check`, read and checked, before anything is asked. */
#ifndef CLI_CHECK_SETTINGS_H
#define CLI_CHECK_SETTINGS_H

#include "cli/run_limits.h"
#include "cli/sources.h"
#include "cli/terminal.h"
#include "inspect/filter.h"
#include "report/writer.h"

struct check_settings {
	const struct writer *writer;
	struct writer_options output;
	struct filter filter;
	enum exitcode_fail_on fail_on;
	struct spf_sample sample;
	struct sources sources;
	const char *input;	    /* file of --input; NULL: domains are arguments */
	const struct name *domains; /* one for each argument */
	struct run_limits limits;
};

/* False with *error on the first usage error, which may be in a zone file. `arena` outlives the settings. */
bool check_settings_read(
	struct arena *arena, const struct options *options, struct check_settings *out, struct slice *error);

#endif
