/* write_test: what `mailauth test` prints: which expectations of the configuration file hold.
 *
 *     ok   example.com spf 192.0.2.1 pass
 *     FAIL .mailauth:7:1: example.com dmarc reject: got none (p=none at _dmarc.example.com)
 */
#ifndef REPORT_WRITE_TEST_H
#define REPORT_WRITE_TEST_H

#include "report/writer.h"

enum write_test_status { WRITE_TEST_OK, WRITE_TEST_FAILED, WRITE_TEST_UNKNOWN };

struct write_test_result {
	enum write_test_status status;
	struct slice text; /* the expectation as written, raw */
	struct name domain;
	const char *subject;  /* "spf", "dmarc", "lookups", ... */
	struct slice network; /* spf; or empty */
	struct slice sender;  /* spf, when one is given, raw; or empty */
	struct slice expected;
	struct slice actual;  /* empty: not known */
	struct slice message; /* what it is and why, shown text; empty: it holds */
	struct slice file;    /* raw */
	size_t line, column;  /* from 1 */
	const struct answer *const *incomplete;
	size_t incomplete_count;
};

struct write_test_report {
	const struct write_test_result *results; /* in the order of the file */
	size_t count;
	size_t ok, failed, unknown;
	struct verdict_cost cost;
};

/* Quiet: nothing about expectations that hold, and no summary. */
void write_test_text(struct buf *out, struct arena *scratch, const struct writer_options *options,
	const struct write_test_report *report);

/* mailauth-json(5), mailauth/test/1. */
void write_test_json(struct buf *out, struct arena *scratch, const struct write_test_report *report);

/* The same as JUnit's XML: one suite, a case for each expectation. */
void write_test_junit(struct buf *out, struct arena *scratch, const struct write_test_report *report);

#endif
