/* diff_domains: which domains `mailauth diff` looks at: the ones that were named, or every one that has
 * SPF or DMARC records on a side that is read from files. */
#ifndef CLI_DIFF_DOMAINS_H
#define CLI_DIFF_DOMAINS_H

#include "cli/diff_sides.h"
#include "cli/sources.h"

struct diff_domain {
	struct name name;
	bool is_part; /* a name with an underscore and without a DMARC record: a part of the SPF records of
		       * others, as _spf.example.com */
};

struct diff_domains {
	const struct diff_domain *items;
	size_t count;
};

/* The domains of `sides` and of what lies `over` AFTER: owners of TXT records that are or look like SPF records and their aliases, the
 * domains whose _dmarc name has a TXT or CNAME record or a DMARC record of a wildcard, and the list of a
 * saved run. As people read a zone, each once. */
void diff_domains_find(struct arena *arena, const struct diff_sides_one sides[DIFF_SIDES],
	const struct sources *over, struct diff_domains *out);

/* The named ones, in their order, each once. False with *error: one cannot be a domain. */
bool diff_domains_parse(struct arena *arena, const struct slice *arguments, size_t count,
	struct diff_domains *out, struct slice *error);

#endif
