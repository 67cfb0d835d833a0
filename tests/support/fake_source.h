/* fake_source: a source without data: NODATA to every question, in the order a test wants. For tests of
 * what asks. */
#ifndef SUPPORT_FAKE_SOURCE_H
#define SUPPORT_FAKE_SOURCE_H

#include "dns/source.h"

enum fake_order {
	FAKE_IN_ASK,   /* at once, inside source_ask() */
	FAKE_ROUNDS,   /* everything open at each wait */
	FAKE_OLDEST,   /* one at each wait, the oldest question first */
	FAKE_NEWEST,   /* the newest first */
	FAKE_SHUFFLED, /* any */
	FAKE_SILENT    /* never; a wait takes the whole time */
};

/* What a source was asked. */
struct fake_counts {
	size_t questions;
	size_t waits;
	size_t most_open;
};

struct fake_options {
	enum fake_order order;
	unsigned seed;		    /* FAKE_SHUFFLED */
	bool is_temporary;	    /* answers are timeouts */
	bool keeps_first;	    /* the first question is never answered (FAKE_NEWEST) */
	struct fake_counts *counts; /* or NULL */
};

/* An open_source() of struct driver_options; `context` is a struct fake_options that outlives the source. */
struct source *fake_source_open(
	void *context, struct source_sink sink, struct escape *escape, const char **why);

#endif
