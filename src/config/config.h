/* config: the configuration file, .mailauth: what a team has agreed on, read from lines (mailauth-config(5)).
 *
 *     # comments and blank lines
 *     fail-on warning
 *     ignore spf-ptr@*.example.com
 *     severity dmarc-p-none=error
 *     suppress spf-all-softfail@example.com until 2027-03-31 the new list is complete by then
 *     option timeout 5s
 *     expect example.com spf 192.0.2.1 pass
 *     expect example.com dmarc reject
 *     expect example.com lookups <= 7
 */
#ifndef CONFIG_CONFIG_H
#define CONFIG_CONFIG_H

#include "base/ip.h"
#include "dns/zonefile.h"
#include "inspect/suppress.h"

#define CONFIG_MAX_BYTES ((size_t)1 << 20)

/* An option of the command line, given in the file. The command line knows its meaning. */
struct config_option {
	struct slice name; /* "timeout", "ignore", "fail-on" */
	struct slice value;
	bool has_value;
	struct zonefile_place place;	   /* of the name */
	struct zonefile_place value_place; /* of the value */
};

enum config_subject {
	CONFIG_SPF,	/* what an address or all of a network gets */
	CONFIG_DMARC,	/* the policy applied to mail from the domain; absent: there is no record */
	CONFIG_LOOKUPS, /* worst case */
	CONFIG_VOIDS,
	CONFIG_VERDICT, /* pass, warn, fail */
	CONFIG_DEFAULT	/* what an address that nothing matches gets */
};

enum config_relation { CONFIG_EQUAL, CONFIG_LESS, CONFIG_AT_MOST, CONFIG_MORE, CONFIG_AT_LEAST };

struct config_expectation {
	struct name domain;
	enum config_subject subject;
	struct prefix network; /* CONFIG_SPF */
	struct slice sender;   /* CONFIG_SPF: "from ADDR"; empty: postmaster at the domain */
	/* enum spf_result, enum dmarc_policy (CONFIG_NO_POLICY: absent), enum verdict_level, or a number. */
	unsigned value;
	enum config_relation relation; /* of numbers */
	struct slice text;	       /* the line without "expect", as written */
	struct zonefile_place place;
};

#define CONFIG_NO_POLICY 3u /* CONFIG_DMARC: no record applies */

struct config {
	const struct config_option *options; /* in the order of the file */
	size_t option_count;
	const struct suppression *suppressions;
	size_t suppression_count;
	const struct config_expectation *expectations;
	size_t expectation_count;
	struct slice file; /* as messages name it */
};

/* Reads `text`. False with *error (file:line:col) on the first error. */
bool config_read(struct arena *arena, struct slice file, struct slice text, struct config *out,
	struct zonefile_error *error);

#endif
