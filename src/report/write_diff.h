/* write_diff: what a change does to mail, domain after domain: for people, as JSON (mailauth/diff/1), as
 * Markdown for a comment in a review, or as findings in a format of lists.
 *
 *     struct write_diff_run run;
 *     write_diff_begin(&run, scratch, format, &out, &options, before, after);
 *     write_diff_domain(&run, scratch, &diff);                  -- for each domain
 *     write_diff_end(&run, scratch);
 */
#ifndef REPORT_WRITE_DIFF_H
#define REPORT_WRITE_DIFF_H

#include "inspect/diff.h"
#include "report/document.h"
#include "report/write_diff_seen.h"

/* The words of --deny, in the order of the bits of enum diff_denial. */
extern const char write_diff_denials[];

/* The word of one of them. */
const char *write_diff_denial_text(enum diff_denial denial);

/* What was written so far. */
struct write_diff_total {
	size_t domains;
	size_t on_mail;	   /* mail is treated differently */
	size_t changed;	   /* the same, or findings differ */
	size_t incomplete; /* something could not be compared for now */
	size_t same;	   /* nothing of all this */
	size_t parts;	   /* domains left out: their change is told where they are used; set by the caller */
	size_t denied;
	unsigned denials; /* all bits of them */
};

struct write_diff;
struct write_diff_held;

/* Where Markdown keeps what comes later in the page. */
struct write_diff_pages {
	struct buf denied_rows, rows;
	struct buf denied_details, details;
	struct buf same; /* names without a change */
	size_t same_shown, details_left_out, rows_left_out;
};

struct write_diff_run {
	const struct write_diff *format;
	struct buf *out;
	const struct writer_options *options;
	struct slice before, after; /* as given */
	struct write_diff_total total;
	size_t written;		       /* domains that had output */
	bool last_was_long;	       /* text: the domain above had more than one line */
	struct write_diff_pages pages; /* markdown */
	struct document document;      /* formats that list findings */
	struct arena arena;	       /* of what is kept until the end */
	struct write_diff_seen seen;   /* in it: findings that were told */
	struct write_diff_held *held;  /* in it: formats that tell equal findings once, the first domain */
	struct write_diff_held **held_end;
};

/* A format. NULL for functions that have nothing to do. */
struct write_diff {
	const char *name;
	void (*begin)(struct write_diff_run *run, struct arena *scratch);
	void (*domain)(struct write_diff_run *run, struct arena *scratch, const struct diff *diff);
	void (*end)(struct write_diff_run *run, struct arena *scratch);
	/* Findings about the run itself, before the end; NULL: the format has no place for them. */
	bool (*findings)(struct write_diff_run *run, struct arena *scratch, const struct findings *findings);
};

/* The format of that name; it is one. */
const struct write_diff *write_diff_find(struct slice name);

/* `out` and `options` outlive the run. Every run that was begun is ended. */
void write_diff_begin(struct write_diff_run *run, struct arena *scratch, const struct write_diff *format,
	struct buf *out, const struct writer_options *options, struct slice before, struct slice after);
void write_diff_domain(struct write_diff_run *run, struct arena *scratch, const struct diff *diff);

/* Findings about the run itself, before its end. False: they have to be told otherwise. */
bool write_diff_findings(struct write_diff_run *run, struct arena *scratch, const struct findings *findings);
void write_diff_end(struct write_diff_run *run, struct arena *scratch);

#endif
