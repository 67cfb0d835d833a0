/* dmarc_discover: the DNS tree walk of RFC 9989: organizational domain and the record that applies (4.10). */
#ifndef DMARC_DMARC_DISCOVER_H
#define DMARC_DMARC_DISCOVER_H

#include "dmarc/dmarc_record.h"
#include "dns/view.h"

#define DMARC_MAX_WALK 8 /* queries of one walk, RFC 9989 4.10 */

enum dmarc_walk_outcome {
	DMARC_WALK_RECORD,
	DMARC_WALK_NONE,     /* NODATA, or only other TXT records */
	DMARC_WALK_MULTIPLE, /* several: all discarded, the walk goes on */
	DMARC_WALK_NXDOMAIN,
	DMARC_WALK_TEMPORARY
};
const char *dmarc_walk_outcome_text(enum dmarc_walk_outcome outcome);

struct dmarc_walk_step {
	struct name name;   /* with _dmarc */
	struct name domain; /* without */
	enum dmarc_walk_outcome outcome;
	const struct answer *answer;
	const struct record *txt;	   /* the record kept, or NULL */
	const struct dmarc_record *record; /* parsed; NULL unless DMARC_WALK_RECORD */
};

struct dmarc_walk {
	struct dmarc_walk_step steps[DMARC_MAX_WALK];
	size_t count;	/* steps that count: the walk ends at psd=y and psd=n */
	bool temporary; /* a step that decides failed */
};

/* Walks up from `start` (RFC 9989 4.10). */
void dmarc_walk(struct view *view, struct arena *arena, struct name start, struct dmarc_walk *walk);

/* The organizational domain by RFC 9989 4.10.2 of the domain the walk started at. */
struct name dmarc_organizational_domain(const struct dmarc_walk *walk, struct name start);

/* The step of `walk`, from `start`, whose record applies to names below `start` that have none of their own
 * (RFC 9989 4.10.1); NULL: none. Not certain while walk.temporary. */
const struct dmarc_walk_step *dmarc_discover_below(const struct dmarc_walk *walk, struct name start);

/* Which tag gives the policy. */
enum dmarc_selected { DMARC_SELECTED_P, DMARC_SELECTED_SP, DMARC_SELECTED_NP };

/* The policies a record asks for, defaults and the rules for a bad p applied (RFC 9989 4.7, 4.10.1), before
 * t. */
struct dmarc_policies {
	bool applies;		       /* false: DMARC is off (no record, or no usable p and rua) */
	enum dmarc_policy domain;      /* p */
	enum dmarc_policy subdomain;   /* sp, else p */
	enum dmarc_policy nonexistent; /* np, else sp, else p */
};
struct dmarc_policies dmarc_policies_of(const struct dmarc_record *record);

/* t=y: one level lower (RFC 9989 4.7). */
enum dmarc_policy dmarc_policy_applied(enum dmarc_policy selected, bool testing);

/* The result for one Author Domain. */
struct dmarc_discovery {
	struct dmarc_walk walk;
	/* The step of `walk` whose record applies (RFC 9989 4.10.1), so the struct must not be copied;
	 * NULL: none. */
	const struct dmarc_walk_step *found;
	bool temporary;			   /* unknown: a needed answer is missing for now */
	struct name organizational_domain; /* not certain while walk.temporary */
	bool domain_exists;		   /* the Author Domain is not NXDOMAIN (RFC 9989 3.2.13) */
	bool existence_known;
	struct dmarc_policies policies;
	enum dmarc_selected selected_tag;
	enum dmarc_policy selected;
	enum dmarc_policy applied;
};

void dmarc_discover(struct view *view, struct arena *arena, struct name author, struct dmarc_discovery *out);

#endif
