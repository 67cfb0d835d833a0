/* fixture: DNS in a string, for tests of evaluators: a source, and the loop that runs an evaluator over
 * it.
 *
 *     struct fixture *dns = fixture_open(unit_arena(),
 *             "example.com TXT v=spf1 include:_spf.example.net -all\n"
 *             "_spf.example.net TXT !timeout\n");
 *     fixture_run(dns, evaluate, &verdict);  -- calls evaluate(view, arena, &verdict) until all is known
 *
 * A line is "NAME [TTL] [IN] TYPE DATA" as --record takes it: NAME absolute with or without its final
 * dot; TXT data that does not begin with a quote is taken as typed (spaces, ; and \ are literal), else it
 * is master-file strings with \DDD. Several lines of one name and type are one set; the same line twice
 * is one record, as in a name server. Blanks before a line, empty lines and lines that begin with # are
 * passed over.
 *
 * "NAME TYPE !FAULT" instead of data: !nodata, !nxdomain, or a temporary failure by its name in the JSON:
 * !timeout !servfail !refused !rcode !malformed !unreachable !loop !deadline !limit !offline. TYPE * is
 * every type that has no fault of its own.
 *
 * A name that is in no line is NXDOMAIN, unless a name below it is in one or a wildcard covers it (RFC
 * 4592). CNAME and DNAME work; NS lines are refused: there are no delegations here. A line that cannot be
 * read ends the test with a message.
 */
#ifndef SUPPORT_FIXTURE_H
#define SUPPORT_FIXTURE_H

#include "dns/source.h"
#include "dns/view.h"

/* How pending answers are delivered by one source_wait(). The result of a run must not depend on it. */
enum fixture_order {
	FIXTURE_ALL,	    /* all at once: the usual case */
	FIXTURE_ONE_BY_ONE, /* the one asked first */
	FIXTURE_REVERSED,   /* the one asked last */
	FIXTURE_SHUFFLED,   /* some, in an order that `seed` decides */
	FIXTURE_ORDERS
};

struct fixture;

/* The fixture of `zone_text`; it lives in `arena`. */
struct fixture *fixture_open(struct arena *arena, const char *zone_text);

/* The fixture as a source; its sink is `sink`. For tests that have a loop of their own (source_close()
 * does nothing). */
struct source *fixture_source(struct fixture *fixture, struct source_sink sink);

/* From the next run on. */
void fixture_set_order(struct fixture *fixture, enum fixture_order order, unsigned seed);

/* One record more, by its bytes: any length, any form. */
void fixture_add(struct fixture *fixture, const char *name, uint16_t type, struct slice rdata);

/* From now on this question fails. For "any answer may fail": run, then break one of fixture_questions()
 * after the other. */
void fixture_break(struct fixture *fixture, struct question question, enum dns_failure failure);

/* Takes back all that fixture_break() did. */
void fixture_mend(struct fixture *fixture);

/* Runs `evaluate` over a new view on an empty table until nothing is missing, and then once more: that
 * run must ask nothing. Everything that is allocated in the evaluator's arena is given back between runs.
 * Returns the view of the last run, for view_failures() and view_questions(). It, and what the last run
 * has allocated, stay valid as long as the test's process. */
struct view *fixture_run(struct fixture *fixture,
	void (*evaluate)(struct view *view, struct arena *arena, void *context), void *context);

/* What was asked in the last fixture_run(), in order of asking; each question once. */
const struct question *fixture_questions(const struct fixture *fixture, size_t *count);

/* Rounds of the last fixture_run() that waited for answers. */
size_t fixture_rounds(const struct fixture *fixture);

#endif
