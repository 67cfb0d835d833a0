/* dmarc_reader: a DMARC record while it is being read; shared by the files that judge its parts. */
#ifndef DMARC_DMARC_READER_H
#define DMARC_DMARC_READER_H

#include "dmarc/dmarc_record.h"

/* Invariant: `tags` holds the v tag first. `first` is filled when all tags have been read. */
struct dmarc_reader {
	struct arena *arena;
	struct slice text;
	struct dmarc_record *record;
	struct findings *findings;
	struct dmarc_tag *tags;
	size_t count;
	size_t capacity;
	struct dmarc_tag *first[DMARC_TAG_OTHER]; /* NULL: not written */
	bool mends;		       /* fixes are wanted and the record is short enough for them */
	bool damage_is_said;	       /* the published "\;" or HTML entity: one cause, one finding */
	bool list_is_said;	       /* the ";" inside a list */
	bool is_lost[DMARC_TAG_OTHER]; /* tags that were written, but in a way already said */
	bool mended_is_made;
	bool mended_is_guess; /* see dmarc_repair.h */
	struct slice mended;  /* the whole record as it was meant; empty: not known */
};

/* A finding about something that stands where "; " or "=" belongs; its fix is the whole mended record. */
void dmarc_record_add_separator(
	struct dmarc_reader *reader, struct span span, enum detail detail, enum severity severity);

/* Parses without making fixes, and without those the parser of fixes is never asked again. */
const struct dmarc_record *dmarc_record_parse_plain(struct arena *arena, struct slice text);

/* Judges the values of all tags: valid, the record's values, findings (dmarc_value.c). */
void dmarc_value_judge(struct dmarc_reader *reader);

/* What the tags mean together: policies, reports, removed tags (dmarc_advise.c). */
void dmarc_advise(struct dmarc_reader *reader);

#endif
