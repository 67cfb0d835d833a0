/* lint_settings: the options and arguments of `mailauth lint`, read and checked. */
#ifndef CLI_LINT_SETTINGS_H
#define CLI_LINT_SETTINGS_H

#include "cli/options.h"
#include "inspect/filter.h"
#include "lint/lint_record.h"
#include "report/writer.h"

enum lint_source_kind { LINT_SOURCE_RECORD, LINT_SOURCE_FILE, LINT_SOURCE_ZONE };

/* One argument, or one --zone. */
struct lint_source {
	enum lint_source_kind kind;
	struct slice text;  /* the record, or the file's path ("-": standard input) */
	struct name origin; /* LINT_SOURCE_ZONE: none without ORIGIN= */
};

struct lint_settings {
	enum writer_format format;
	struct writer_options output;
	struct filter filter;
	enum exitcode_fail_on fail_on;
	enum lint_type type; /* LINT_NONE: to be guessed */
	const struct lint_source *sources;
	size_t source_count;
	bool fix;    /* print, or write, what is mended */
	bool unsafe; /* also with fixes that need a look */
	bool diff;
	bool in_place;
};

/* False with *error on the first usage error. */
bool lint_settings_read(
	struct arena *arena, const struct options *options, struct lint_settings *out, struct slice *error);

#endif
