/* diff_pass: inspects domains of `mailauth diff` on one side, on all threads, and keeps what counts of each.
 *
 *     domains 0 1 2 3 4 5 6 7 ...        diff_pass_run(pass, 2, 3, ...) inspects 2, 3, 4
 *
 * The files of the side answer. What they do not know is asked once, whichever side and thread wants it: all
 * passes stand on one snapshot of what DNS said, so that no difference comes from asking twice.
 */
#ifndef CLI_DIFF_PASS_H
#define CLI_DIFF_PASS_H

#include "cli/diff_settings.h"
#include "cli/progress.h"
#include "dns/psl.h"
#include "inspect/driver.h"
#include "lint/lint_locate.h"

/* What one side says of a domain, in memory of its own, so that it can go when it was compared. */
struct diff_sight {
	struct arena arena;
	struct diff_side side;
};

/* One side. The caller fills it in; everything is borrowed. */
struct diff_pass {
	const struct diff_settings *settings;
	const struct psl *psl;
	const struct filter *filter;
	const struct lint_locate *locate;
	struct local_source **locals;
	size_t local_count;
	bool asks;		     /* the network, for what the local sources do not know */
	struct local_source *replay; /* instead of it; or NULL */
	struct snapshot *snapshot;
	struct progress *progress;
	size_t done; /* domains of both sides that were inspected before, for the progress line */
};

/* Inspects the domains `first` to `first + count - 1`; the sight of domain i goes to sights[i - first], and is
 * the caller's to free, whatever is returned (arena_free() of its arena; it may be empty). `parts` false:
 * a look ahead, which counts for no progress: domains that are parts of others are passed over, and their
 * sights stay as they are. */
enum driver_status diff_pass_run(const struct diff_pass *pass, size_t first, size_t count, bool parts,
	struct diff_sight *sights, const char **why) __attribute__((warn_unused_result));

#endif
