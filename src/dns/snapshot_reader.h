/* snapshot_reader: a saved run while it is being read; shared by the files that read its parts. What reads
 * returns false when it has set the reader's error.
 */
#ifndef DNS_SNAPSHOT_READER_H
#define DNS_SNAPSHOT_READER_H

#include "dns/snapshot.h"
#include "dns/zonefile_scan.h"

/* Words behind the kind of an answer, and before the type of a record. */
enum snapshot_attribute {
	SNAPSHOT_ATTRIBUTE_AD, /* the flags, in the order of snapshot_format_flags */
	SNAPSHOT_ATTRIBUTE_TC,
	SNAPSHOT_ATTRIBUTE_TCP,
	SNAPSHOT_ATTRIBUTE_WILDCARD,
	SNAPSHOT_ATTRIBUTE_EXISTS,
	SNAPSHOT_ATTRIBUTE_ABSENT,
	SNAPSHOT_ATTRIBUTE_MALFORMED,
	SNAPSHOT_ATTRIBUTE_COMMENT,
	SNAPSHOT_ATTRIBUTE_REASON,
	SNAPSHOT_ATTRIBUTE_RCODE,
	SNAPSHOT_ATTRIBUTE_TTL,
	SNAPSHOT_ATTRIBUTE_FROM,
	SNAPSHOT_ATTRIBUTE_SERVER,
	SNAPSHOT_ATTRIBUTE_FILE,
	SNAPSHOT_ATTRIBUTE_LINE,
	SNAPSHOT_ATTRIBUTE_COUNT
};

/* Kinds of lines that have attributes. */
enum { SNAPSHOT_OF_ANSWER = 1, SNAPSHOT_OF_RECORD = 2 };

/* The attributes of one line. */
struct snapshot_attributes {
	unsigned given;				   /* bit N: attribute N */
	uint64_t number[SNAPSHOT_ATTRIBUTE_COUNT]; /* of numbers; the enum's member of reasons and origins */
	struct slice text[SNAPSHOT_ATTRIBUTE_COUNT];
};

/* A record, with its line in the file. */
struct snapshot_item {
	struct record record;
	size_t line;
};

/* An answer, with its place in the file. */
struct snapshot_entry {
	struct answer answer;
	struct snapshot_lines lines;
	struct zonefile_place place;
};

struct snapshot_domain {
	struct name name;
	struct zonefile_place place;
	size_t index; /* in the order of the file */
};

/* Invariant: `items` are the records of the last entry, until the question ends. */
struct snapshot_reader {
	struct arena *arena;
	struct zonefile_error *error;
	struct zonefile_scan scan;
	struct snapshot_meta meta;
	struct snapshot_domain *domains;
	size_t domain_count, domain_capacity;
	struct zonefile_record *written;
	size_t written_count, written_capacity;
	struct zonefile_remark *remarks;
	size_t remark_count, remark_capacity;
	struct snapshot_entry *entries;
	size_t count, capacity;
	struct snapshot_item *items; /* records of the last entry */
	size_t item_count, item_capacity;
	bool ended; /* by $end */
};

/* `text` as messages show it. */
const char *snapshot_word_shown(const struct snapshot_reader *reader, struct slice text);

/* Says that a backslash in `word` stands for nothing; false. */
bool snapshot_word_fail_escape(const struct snapshot_reader *reader, const struct zonefile_token *word);

/* The bytes that `text`, a part of `word`, stands for. */
bool snapshot_word_bytes(const struct snapshot_reader *reader, const struct zonefile_token *word,
	struct slice text, struct slice *out);

bool snapshot_word_number(const struct snapshot_reader *reader, const struct zonefile_token *word,
	struct slice text, uint64_t most, uint64_t *out);

/* A name of a question or directive, absolute with or without its final dot. */
bool snapshot_word_name(
	const struct snapshot_reader *reader, const struct zonefile_token *word, struct name *out);

/* Index of `text` among `words`; false: it is none of them. No error is set. */
bool snapshot_word_find(struct slice text, const char *const *words, size_t count, uint64_t *out);

bool snapshot_attribute_given(const struct snapshot_attributes *values, enum snapshot_attribute attribute);

/* True of words before the type of a record; no type is one. */
bool snapshot_attribute_is(const struct zonefile_token *word);

/* "word" or "word=value" of a line of the kind `of`. */
bool snapshot_attribute_read(const struct snapshot_reader *reader, const struct zonefile_token *word,
	unsigned of, struct snapshot_attributes *out);

/* The origin that the attributes tell; nothing but a line: that of `answer`, on this line. */
struct origin snapshot_attribute_origin(
	const struct snapshot_attributes *values, const struct origin *answer);

/* A line that begins with "$". */
bool snapshot_directive_read(struct snapshot_reader *reader, const struct zonefile_entry *line);

/* NAME TYPE KIND ATTRIBUTE... */
bool snapshot_question_read(struct snapshot_reader *reader, const struct zonefile_entry *line);

/* A line that begins with a blank: a record of the question above. */
bool snapshot_question_record(struct snapshot_reader *reader, const struct zonefile_entry *line);

/* The question above is at its end: its records get their order. */
bool snapshot_question_end(struct snapshot_reader *reader);

#endif
