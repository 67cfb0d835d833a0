/* report_item: what the formats that list findings (gcc, github, sarif, junit, csv) print: one thing that
 * was judged, with what was found about it; and the words and numbers that these formats share. */
#ifndef REPORT_REPORT_ITEM_H
#define REPORT_REPORT_ITEM_H

#include <stdint.h>

#include "inspect/verdict.h"

struct writer_options;

struct report_item {
	struct slice subject; /* domain of check and diff, owner of lint; as it is shown; may be empty */
	struct slice file;    /* of what was judged, where it is known as a whole (lint); or empty; raw */
	size_t line;	      /* 0: none */
	enum verdict_level level;
	const struct findings *findings; /* filtered, worst first; never NULL */
	const struct slice *also;	 /* what is told besides of each of them, or empty; NULL: nothing */
	const struct answer *const *incomplete;
	size_t incomplete_count;
	struct slice
		error; /* not empty: it could not be judged, and this says why; nothing else is there then */
};

/* What stands in the place of a rule's id for what is no finding. */
#define REPORT_ITEM_INCOMPLETE "incomplete"
#define REPORT_ITEM_BAD_INPUT  "bad-input"

/* The item of a verdict of check. */
struct report_item report_item_of_verdict(struct arena *arena, const struct verdict *verdict);

/* One without subject, with the level that its findings make. */
struct report_item report_item_of_findings(const struct findings *findings);

/* False when -q leaves it out. */
bool report_item_is_shown(const struct writer_options *options, const struct report_item *item);

/* What the item is called: its subject, else its file and line ("db.example:3"), else "record". */
struct slice report_item_title(struct arena *arena, const struct report_item *item);

/* True when `file` is one that can be opened: not empty, and not standard input. */
bool report_item_is_file(struct slice file);

/* A file as people see it: escaped, "<stdin>" for standard input. */
struct slice report_item_file_text(struct arena *arena, struct slice file);

/* The message of a finding of the item; with how its record was reached where that is not the item's own, and
 * what is told besides. */
struct slice report_item_message(
	struct arena *arena, const struct report_item *item, const struct finding *finding);

/* The same without how it was reached where it stands in a file: the same line for all who include it. What is
 * told besides, as by diff, names them: then with all. */
struct slice report_item_message_there(
	struct arena *arena, const struct report_item *item, const struct finding *finding);

/* What is to be done, "fix: ..." with the record as it then reads where that is short; or empty. */
struct slice report_item_fix(struct arena *arena, const struct finding *finding, const char *line_end);

/* "not known for now: _spf.example.net TXT: no answer in time" */
struct slice report_item_failure(struct arena *arena, const struct answer *answer);

/* What recognises a finding when its line has moved: a hash of rule, name, type and the bytes it is about. */
struct report_item_print {
	uint64_t hash;
	size_t occurrence; /* from 1, among those of the item with the same hash */
};

/* One for each finding of the item. */
struct report_item_print *report_item_prints(struct arena *arena, const struct report_item *item);

#endif
