/* rule: the catalogue of everything mailauth can say about a record.
 *
 * rules.def is the only place: one row a rule, with id, severity, standard, effects and all English texts.
 * `explain`, the JSON, the text output and the tests read the same rows. details.def and effects.def hold
 * the phrases that rows share.
 */
#ifndef RULES_RULE_H
#define RULES_RULE_H

#include "base/slice.h"

/* Ordered: a larger one is worse. */
enum severity { SEVERITY_OFF, SEVERITY_INFO, SEVERITY_WARNING, SEVERITY_ERROR };

enum rule_id {
#define RULE(id, ...) RULE_##id,
#include "rules/rules.def"
#undef RULE
	RULE_COUNT
};

/* What is wrong exactly, where one rule covers several cases ("an octet is greater than 255"). */
enum detail {
	DETAIL_NONE,
#define DETAIL(id, text) DETAIL_##id,
#include "rules/details.def"
#undef DETAIL
	DETAIL_COUNT
};

/* What receivers do about it. */
enum effect {
	EFFECT_NONE,
#define EFFECT(id, text) EFFECT_##id,
#include "rules/effects.def"
#undef EFFECT
	EFFECT_COUNT
};

/* Whose rules a receiver follows. */
enum receiver { RECEIVER_RFC7208, RECEIVER_RFC7489, RECEIVER_RFC9989, RECEIVER_COUNT };

/* What the examples of a rule are: record text of a kind, lines of a zone ("NAME TYPE DATA") in which
 * example.com is checked, a zone file of example.com, for what no answer of a name server can show, a file
 * .mailauth with which example.com, whose SPF record is "v=spf1 ~all", is checked on 1 January 2027
 * (mailauth-config(5)); then `about` is what stands at the place of the finding; or a change: lines of a
 * zone before, the line "--", those after. */
enum example_kind {
	EXAMPLE_SPF,
	EXAMPLE_DMARC,
	EXAMPLE_EXP,
	EXAMPLE_ZONE,
	EXAMPLE_FILE,
	EXAMPLE_CONFIG,
	EXAMPLE_CHANGE
};

struct rule {
	const char *id; /* "spf-lookup-limit" */
	enum severity severity;
	const char *standard; /* "RFC 7208"; "" when no standard says it */
	const char *section;  /* "4.6.4" */
	const char *summary;
	const char *message; /* template, see message.h */
	const char *advice;  /* template: what to do */
	enum effect effects[RECEIVER_COUNT];
	const char *explanation;
	enum example_kind example;
	const char *bad;   /* "": no record can show it, the rule is about the name */
	const char *about; /* bytes of `bad` the finding points at; "": it is about the whole record or set */
	const char *good;
};

/* Never NULL. */
const struct rule *rule_get(enum rule_id id);

/* RULE_COUNT when there is no such rule. */
enum rule_id rule_find(struct slice id);

const char *rule_detail_text(enum detail detail);
const char *rule_effect_text(enum effect effect);

/* "error", "warning", "info", "off". */
const char *severity_text(enum severity severity);

#endif
