/* lint_record: one record, judged by its text alone: no DNS is asked.
 *
 * What kind of record it is, is guessed from its beginning, or given. Selection and parsers are those of
 * `check`; so a text that was meant as a record and is none (v=dmarc1, v=spf1;) is judged as one.
 */
#ifndef LINT_LINT_RECORD_H
#define LINT_LINT_RECORD_H

#include "dmarc/dmarc_record.h"
#include "lint/lint_unwrap.h"
#include "macro/macro_parse.h"
#include "spf/spf_record.h"

enum lint_type { LINT_NONE, LINT_SPF, LINT_DMARC, LINT_EXP };

/* "spf", "dmarc", "exp"; NULL for LINT_NONE. */
const char *lint_type_text(enum lint_type type);

/* Where it stands, and how it looks there. */
struct lint_origin {
	struct slice file;   /* as named by the user; empty: none */
	struct slice source; /* what `map` is about: a whole file, or the lines that were pasted */
	size_t line; /* of the first byte of `source` at or behind which the record stands; 0: no lines */
	size_t line_start; /* offset in `source` at which that line begins */
	size_t column;	   /* of the record, where `source` is empty: nothing more exact is known */
};

/* A record that was judged. */
struct lint_record {
	enum lint_type type;	/* LINT_NONE: nothing that can be judged; nothing is known then */
	bool valid;		/* receivers can use it */
	bool is_one_of_several; /* of its kind at its name, and not the one that has the finding about that */
	struct slice name;	/* owner, as it is shown; empty: not known */
	struct slice rrtype;	/* empty: TXT */
	struct slice text;
	const struct slice *strings;
	size_t string_count;
	struct slice unwrapped; /* as in struct lint_paste */
	struct bytemap map;	/* text to origin.source */
	struct lint_origin origin;
	const struct spf_record *spf;	  /* LINT_SPF that was selected; or NULL */
	const struct dmarc_record *dmarc; /* the same */
	const struct macro_string *exp;	  /* LINT_EXP; or NULL */
	struct findings findings;	  /* with places, errors first */
	struct slice error; /* what could not be read here, as a message; the rest is empty then */
};

/* Judges `paste`, all of which is borrowed. `wanted`: LINT_NONE: guess. Linear. */
void lint_record(struct arena *arena, const struct lint_paste *paste, enum lint_type wanted,
	const struct lint_origin *origin, struct lint_record *out);

/* What kind of record `text` is or was meant as. */
enum lint_type lint_record_guess(struct arena *arena, struct slice text, size_t first_string);

/* Judges record->text as record->type, without a look at other records; findings have no places. */
void lint_record_judge(struct arena *arena, struct lint_record *record);

/* A line of record->origin.source: its number and offsets. */
struct lint_place {
	size_t line;
	size_t start;
	size_t end; /* of its line end, or of the source */
};

/* The line that the record begins in. */
struct lint_place lint_record_begin(const struct lint_record *record);

/* Moves *place to the line that `offset` is in. */
void lint_record_move(const struct lint_origin *origin, size_t offset, struct lint_place *place);

/* Fills line, column, end, source and source_span of a place about `span` of the record's text; nothing when
 * it stands in no file. */
void lint_record_place_span(const struct lint_record *record, struct span span, struct finding_place *place);

/* Gives the findings of a record their places, and sorts them. */
void lint_record_place(struct arena *arena, struct lint_record *record);

/* The same for a text that stands nowhere, as one that was mended. */
void lint_record_place_plain(struct arena *arena, struct lint_record *record);

#endif
