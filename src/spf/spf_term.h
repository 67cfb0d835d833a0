/* spf_term: one term of an SPF record, by the grammar and nothing else (RFC 7208 4.6.1, 5, 6, 12).
 *
 *     -ip4:192.0.2.0/24    qualifier '-', name "ip4", separator ':', value "192.0.2.0/24"
 *     redirect=example.com name "redirect", separator '=', value "example.com"
 *     a/24                 name "a", separator '/', value "" (the length is not part of it)
 */
#ifndef SPF_SPF_TERM_H
#define SPF_SPF_TERM_H

#include "spf/spf_reading.h"
#include "spf/spf_record.h"

/* The parts of a term before anything is known about them. */
struct spf_parts {
	bool has_qualifier;
	enum spf_qualifier qualifier;
	struct span name;
	char separator;	  /* '=', ':', '/', or 0: none */
	struct span rest; /* from the separator on */
};

/* Splits the term at `span` at the first of '=', ':' and '/'. RFC 7208 4.6.1 */
struct spf_parts spf_term_split(struct slice text, struct span span);

/* Parses the term at `span`, which is not empty and has no space in it. Mistakes in the value of a known
 * term become findings. What is no term at all (an unknown mechanism, a qualifier before a modifier, no
 * valid name) has kind SPF_UNKNOWN, is not valid and is not reported: spf_unknown does that. */
struct spf_term spf_term_parse(struct spf_reading *reading, struct span span);

/* Parses only a value, at `value`, as one of a term of that kind. True when it is valid. */
bool spf_term_parse_value(struct spf_reading *reading, enum spf_kind kind, struct span value);

/* True when `text` as a whole is a term. *out (may be NULL) has no domain_spec. Nothing is reported and no
 * memory used. */
bool spf_term_try(struct arena *arena, struct slice text, struct spf_term *out);

/* The kind of a mechanism's or modifier's name, SPF_UNKNOWN for any other. */
enum spf_kind spf_term_mechanism(struct slice name);
enum spf_kind spf_term_modifier(struct slice name);

/* Sets what a finding about a valid target that is surely not meant so does to receivers: nobody has such a
 * name. In an explanation that is a warning. RFC 7208 4.8, 5.2, 6.1, 6.2 */
void spf_term_has_no_target(struct finding *finding, enum spf_kind kind);

/* True for the mechanisms that must have a value. */
bool spf_term_needs_value(enum spf_kind kind);

/* The qualifier that is written so; false when `c` is none. */
bool spf_term_qualifier(char c, enum spf_qualifier *out);

#endif
