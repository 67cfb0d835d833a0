/* finding: one thing that is to be said about somebody's record.
 *
 * Data only: which rule, where, about what. message.h makes English of it. Findings are made by parsers with
 * spans in the record they read; whoever knows the owner and how the record was reached adds the place
 * (findings_adopt).
 */
#ifndef RULES_FINDING_H
#define RULES_FINDING_H

#include "base/arena.h"
#include "rules/fix.h"
#include "rules/rule.h"

#define FINDING_MAX_ARGS 4

/* Where a record was found. */
struct finding_place {
	struct slice name;   /* owner as text */
	struct slice type;   /* "TXT" */
	struct slice record; /* joined strings, raw bytes; empty when there is none */
	struct slice file;   /* zone file, or empty */
	size_t line;	     /* from 1; 0 without file */
	size_t column;	     /* bytes from 1; 0 unknown */
	size_t end_line;     /* of the byte behind the last one that the finding is about; 0 unknown */
	size_t end_column;
	struct slice source; /* the line of the file, where it looks otherwise than the record; or empty */
	struct span source_span; /* the bytes in it that the finding is about */
	struct slice lines; /* the file's text, from the line the record begins in; or empty: not at hand */
	size_t first_line;  /* the number of that line */
	const size_t *borders; /* offsets in the record at which its strings end, but the last; or NULL */
	size_t border_count;
	/* "example.com", "include:_spf.example.net": how it was reached, the inspected domain first. */
	const struct slice *path;
	size_t path_count;
};

/* A change of the bytes of a file. Lines and columns (bytes) count from 1; the end is not changed itself. */
struct file_edit {
	size_t line, column;
	size_t end_line, end_column;
	struct slice replacement; /* as it is written in the file */
};

struct finding {
	enum rule_id rule;
	enum severity severity;
	enum detail detail;
	enum effect effects[RECEIVER_COUNT];
	struct slice args[FINDING_MAX_ARGS]; /* raw; escaped when shown */
	bool is_harmless;		     /* nothing to do about it where it stands: no advice is given */
	bool has_span;
	struct span span; /* in place.record */
	struct finding_place place;
	const struct fix *fix; /* or NULL */
	/* The same fix as changes of place.file, ascending and apart; none: there is no fix, or no file. */
	const struct file_edit *file_edits;
	size_t file_edit_count;
};

/* A growing list in an arena. */
struct findings {
	struct arena *arena;
	struct finding *items;
	size_t count;
	size_t capacity;
};

void findings_init(struct findings *list, struct arena *arena);

/* A new finding with the severity and effects of its rule's row and nothing else; valid until the next one
 * is added. */
struct finding *findings_add(struct findings *list, enum rule_id rule);

/* The same, about the bytes at `span`. */
struct finding *findings_add_at(struct findings *list, enum rule_id rule, struct span span);

/* Copies all findings of `from` (whose arena must live as long) into `list` with `place` filled in. */
void findings_adopt(struct findings *list, const struct findings *from, const struct finding_place *place);

/* The bytes a finding is about; empty without span. */
struct slice finding_text(const struct finding *finding);

/* Sets the effects on all three kinds of receivers. */
void finding_effect_all(
	struct finding *finding, enum effect rfc7208, enum effect rfc7489, enum effect rfc9989);

#endif
