/* verdict: everything one inspection found out, the model that all writers read (see mailauth-json(5) for
 * the same in JSON). */
#ifndef INSPECT_VERDICT_H
#define INSPECT_VERDICT_H

#include "dmarc/dmarc_discover.h"
#include "dmarc/dmarc_reportauth.h"
#include "dmarc/dmarc_rfc7489.h"
#include "spf/spf_explain.h"
#include "spf/spf_tree.h"

enum section_status { STATUS_VALID, STATUS_INVALID, STATUS_NONE, STATUS_UNKNOWN };
enum verdict_level { VERDICT_PASS, VERDICT_WARN, VERDICT_FAIL, VERDICT_UNKNOWN };

const char *section_status_text(enum section_status status);
const char *verdict_level_text(enum verdict_level level);

struct verdict_spf {
	enum section_status status;
	const struct spf_tree *tree; /* never NULL; root->record is NULL when no record was selected */
	const struct spf_explanation *explanation; /* or NULL */
};

struct verdict_dmarc {
	enum section_status status;
	struct dmarc_discovery discovery;
	/* The record shown: that of discovery.found, else the first of several at one name; NULL: none. */
	const struct record *txt;
	const struct dmarc_record *record;
	struct name location; /* domain at which it is published, without _dmarc; none when there is none */
	const struct answer *answer; /* that it came from */
	const struct record *const
		*candidates; /* every TXT at the names walked that is or looks like DMARC */
	size_t candidate_count;
	struct dmarc_destination *rua, *ruf;
	size_t rua_count, ruf_count;
	struct dmarc_rfc7489 rfc7489;
};

/* What a run cost; filled by the driver, not by the evaluators. */
struct verdict_cost {
	size_t queries;	      /* questions asked for this inspection */
	size_t from_cache;    /* answered by questions of other inspections */
	long long elapsed_ms; /* -1: not known */
};

struct verdict {
	struct slice input; /* as typed */
	size_t input_line;  /* line of --input, 0: none */
	struct slice error; /* a bad line: what is wrong; then the rest is empty and level unknown */
	struct name domain;
	enum verdict_level level;
	struct verdict_spf spf;
	struct verdict_dmarc dmarc;
	struct findings findings;		/* by severity, then by place; filtered */
	const struct answer *const *incomplete; /* temporary failures that hid something */
	size_t incomplete_count;
	struct verdict_cost cost;
	long long psl_time; /* for -v */
};

/* Puts findings in the order people read them: errors first, then record after record in the order they
 * were reached, in a record by the place of the bytes. What was found twice about the same bytes of the
 * same record is kept once. */
void verdict_sort_findings(struct findings *findings);

/* Sets the level: fail when an error is left; else unknown when something was hidden; else warn when a
 * warning is left; else pass. */
void verdict_set_level(struct verdict *verdict);

#endif
