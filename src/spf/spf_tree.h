/* spf_tree: everything an SPF record can make a receiver do, without a message (RFC 7208 4.6.4, 5, 6.1).
 *
 * Follows every include and redirect, counts the worst case of lookups and void lookups over the whole
 * tree, resolves the addresses that pass, and tells loops from diamonds. Terms whose macros need a message
 * are `unresolved`.
 */
#ifndef SPF_SPF_TREE_H
#define SPF_SPF_TREE_H

#include "base/ipset.h"
#include "dns/psl.h"
#include "spf/spf_select.h"

#define SPF_LOOKUP_LIMIT 10 /* RFC 7208 4.6.4 */
#define SPF_VOID_LIMIT	 2
#define SPF_MX_LIMIT	 10
#define SPF_PTR_LIMIT	 10
/* Bounds of the walk, which goes level by level. Past one of them a term is `cut`: nothing is asked for
 * it, and the tree counts as over the limit. The first two are only passed by trees that are; the third by
 * none that anybody needs. */
#define SPF_TREE_MAX_TERMS 1000	 /* terms visited that need DNS */
#define SPF_TREE_MAX_DEPTH 24	 /* records above each other */
#define SPF_TREE_ALL_TERMS 50000 /* terms visited of any kind, before the last record */
#define SPF_FAMILIES	   2	 /* arrays by enum ip_family */

/* A sample message for macros (--ip --sender --helo); has_* false: not given. */
struct spf_sample {
	bool has_ip, has_sender, has_helo;
	struct ip ip;
	struct slice sender; /* local@domain or domain */
	struct slice helo;
};

enum spf_outcome {
	SPF_OUTCOME_OK,
	SPF_OUTCOME_NONE,      /* nothing there: no record, no address, NXDOMAIN */
	SPF_OUTCOME_PERMERROR, /* of this term: a broken child, too many MX */
	SPF_OUTCOME_TEMPORARY,
	SPF_OUTCOME_LOOP,
	SPF_OUTCOME_UNRESOLVED, /* its macros need a message */
	SPF_OUTCOME_CUT		/* not expanded: past a bound of the walk, or dead (by `all`) */
};

/* "ok", "none", ...: the words of the JSON. */
const char *spf_outcome_text(enum spf_outcome outcome);

/* What an address that nothing matches gets, and what check_host() returns (RFC 7208 2.6). */
enum spf_result { SPF_NONE, SPF_NEUTRAL, SPF_PASS, SPF_FAIL, SPF_SOFTFAIL, SPF_TEMPERROR, SPF_PERMERROR };
#define SPF_RESULTS (SPF_PERMERROR + 1)
const char *spf_result_text(enum spf_result result);

struct spf_node;

struct spf_void_detail {
	unsigned ipv4, ipv6;		     /* by term, for a client of that family */
	unsigned queries_ipv4, queries_ipv6; /* every empty answer, as stricter receivers count */
};

/* What one term is for the clients of one family: the target can differ (%{v}), and so can what DNS has
 * there. */
struct spf_side {
	bool walked; /* false: no client of this family gets here, or the term needs no DNS */
	enum spf_outcome outcome;
	struct name name; /* target; none when it is not known or no name */
	bool bad_name; /* the target expands to something that is no name of two labels (RFC 7208 4.3, 4.8) */
	bool only_sample; /* known for the address of the sample message alone: the target has its %{i} */
	bool matches_all; /* exists with an answer */
	unsigned void_lookups; /* own, without those of a subtree: 0 or 1 */
	unsigned void_queries;
	const struct spf_node *tree; /* include, redirect: what is there, also when that is no record */
};

struct spf_tree_term {
	const struct spf_term *term;
	struct slice text; /* as published */
	bool has_target;
	struct slice target; /* domain name as text, address/prefix for ip4/ip6 */
	enum spf_outcome outcome;
	unsigned lookups;      /* of this term with everything below it */
	unsigned void_lookups; /* the same; of the known terms */
	bool voids_known;      /* false: unresolved */
	const struct prefix
		*networks; /* own networks of a, mx, ip4, ip6, as matched (masked); not those of a subtree */
	size_t network_count;
	const struct spf_node *tree;  /* include, redirect: the record reached; NULL when there is none */
	unsigned own_lookups;	      /* without a subtree: 0, 1, or 2 with %{p} */
	struct spf_void_detail voids; /* with those of a subtree */
	/* By family. target, outcome and tree above are those of the first one that was walked; outcome is
	 * the better one where the families differ only in having addresses. */
	struct spf_side sides[SPF_FAMILIES];
};

/* One record in the tree. */
struct spf_node {
	struct name domain;
	const struct spf_selection *selection; /* what DNS had there */
	const struct spf_record *record;       /* NULL when none was selected */
	unsigned lookups;
	unsigned void_lookups;
	bool permerror; /* syntax, several records, or a term that ends in permerror for all who reach it */
	bool temporary; /* something in it could not be fetched now */
	bool loops;	/* a name on its own path is in it: its lookups never end */
	bool cut;	/* a subtree in it was not expanded */
	bool complete;	/* nothing in it was unresolved, temporary or cut */
	struct spf_void_detail voids;
	struct spf_tree_term *terms; /* none when several records were selected: receivers go no further */
	size_t count;
};

struct spf_tree {
	const struct spf_node *root;
	unsigned lookups;      /* worst case; past SPF_LOOKUP_LIMIT whenever there is a loop or a cut */
	unsigned void_lookups; /* worst case of the families */
	struct spf_void_detail voids;
	bool cut;	/* a subtree was not expanded */
	bool permerror; /* the worst case is permerror */
	bool temporary;
	enum spf_result default_result; /* SPF_NEUTRAL without all */
	bool default_known;		/* false: a redirect that could not be fetched or needs a message */
	struct ipset ipv4, ipv6;	/* what passes under first match */
	bool complete;			/* the sets are all: nothing was unresolved, temporary or cut */
};

/* Walks from the selected record of `domain`. Findings about every record reached go to `findings`, with
 * their places (path from `domain`); NULL: nothing is judged, nor asked for that. `domain` is also %{d} and,
 * without a sample, %{o}. `sample`: NULL, or a message whose values the macros get. `psl`: to tell includes
 * whose registrable domain does not exist (spf-include-unregistered); NULL: not told. */
const struct spf_tree *spf_tree_walk(struct view *view, struct arena *arena, struct name domain,
	const struct spf_sample *sample, const struct psl *psl, struct findings *findings);

#endif
