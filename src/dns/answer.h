/* answer: what DNS said to one question, everything of it (RFC 1035, 2308, 6604).
 *
 * Four outcomes that are never mixed: records, NODATA, NXDOMAIN, and a temporary failure with its cause.
 * A fifth, ANSWER_ALIAS, is what a source says of an owner that has a CNAME; the view follows it, so
 * evaluators do not see it.
 */
#ifndef DNS_ANSWER_H
#define DNS_ANSWER_H

#include <stdint.h>

#include "base/arena.h"
#include "dns/name.h"

/* Types that mailauth reads; any other number is kept as it is. */
enum {
	RRTYPE_A = 1,
	RRTYPE_NS = 2,
	RRTYPE_CNAME = 5,
	RRTYPE_SOA = 6,
	RRTYPE_PTR = 12,
	RRTYPE_MX = 15,
	RRTYPE_TXT = 16,
	RRTYPE_AAAA = 28,
	RRTYPE_DNAME = 39,
	RRTYPE_OPT = 41,
	RRTYPE_SPF = 99
};

/* "TXT", "MX", ...; "TYPE65280" for a type without a name here (RFC 3597 5). */
struct slice rrtype_text(struct arena *arena, uint16_t type);

/* The number of a type's name or of TYPEn; 0 when it is neither. Any case. */
uint16_t rrtype_number(struct slice text);

struct question {
	struct name name;
	uint16_t type;
};

/* Order for trees: by type, then by name. */
int question_compare(const struct question *a, const struct question *b);

/* The same for tsearch() and bsearch(), over whatever begins with a struct question. */
int question_order(const void *a, const void *b);

enum answer_kind { ANSWER_RECORDS, ANSWER_NODATA, ANSWER_NXDOMAIN, ANSWER_ALIAS, ANSWER_TEMPORARY };

/* Why an answer is temporary; the words are those of the JSON's `reason`. */
enum dns_failure {
	DNS_FAILURE_NONE,
	DNS_FAILURE_TIMEOUT,
	DNS_FAILURE_SERVFAIL,
	DNS_FAILURE_REFUSED,
	DNS_FAILURE_RCODE,
	DNS_FAILURE_MALFORMED,
	DNS_FAILURE_UNREACHABLE,
	DNS_FAILURE_LOOP,
	DNS_FAILURE_DEADLINE,
	DNS_FAILURE_LIMIT,
	DNS_FAILURE_OFFLINE
};

const char *dns_failure_text(enum dns_failure failure);

enum origin_kind { ORIGIN_SERVER, ORIGIN_ZONE, ORIGIN_RECORD, ORIGIN_REPLAY };

/* Where an answer comes from. Text is borrowed; empty when it does not apply; line counts from 1, 0: none. */
struct origin {
	enum origin_kind kind;
	struct slice server; /* "192.0.2.53:53", "[2001:db8::53]:53" */
	struct slice file;
	size_t line;
};

struct txt_data {
	const struct slice *strings; /* the character-strings with their borders, RFC 1035 3.3.14 */
	size_t count;
	struct slice joined; /* put together without anything between them, RFC 7208 3.3 */
};

struct mx_data {
	uint16_t preference;
	struct name exchange; /* the root: null MX, RFC 7505 */
};

/* One record of the asked type. `malformed`: the data does not have the form of its type; only rdata may
 * be used then. */
struct record {
	uint16_t type;
	bool malformed;
	uint32_t ttl;	      /* seconds */
	struct slice rdata;   /* uncompressed, as on the wire */
	struct origin origin; /* of this record: file and line differ within a set */
	/* From a zone file, TXT: the comment that begins right behind an unquoted last word, without its ";".
	 * It may have been meant as part of the text; raw, cut off by then. */
	struct slice comment;
	union {
		struct txt_data txt;	   /* TXT, SPF */
		unsigned char address[16]; /* A: the first 4 bytes; AAAA: 16 */
		struct mx_data mx;
		struct name target; /* CNAME, NS, PTR, DNAME */
	} data;
};

/* One alias on the way from the asked name to the owner of the records. */
struct alias {
	struct name owner;
	struct name target;
	uint32_t ttl;
};

/* Invariants: records are of `question.type` (of CNAME for ANSWER_ALIAS: exactly one), in canonical order
 * of their rdata, copies kept; count is 0 unless kind is ANSWER_RECORDS or ANSWER_ALIAS; failure is
 * DNS_FAILURE_NONE unless kind is ANSWER_TEMPORARY. Everything lives in the arena of the one who made the
 * answer. */
struct answer {
	struct question question; /* first, for question_order() */
	enum answer_kind kind;
	enum dns_failure failure;
	uint16_t rcode; /* extended RCODE as received; 0 from zones */
	bool authentic; /* AD bit, when it is believed */
	bool truncated; /* the answer over UDP was cut; this one came over TCP, or is a failure */
	bool over_tcp;
	bool from_wildcard; /* known from zone sources only */
	bool owner_exists;  /* NOERROR, or the name has a CNAME: NXDOMAIN is of the chain's end (RFC 6604) */
	uint32_t ttl;	    /* smallest of records and chain; of the SOA for negative answers */
	struct origin origin;
	const struct alias *chain; /* aliases followed by the view, in order */
	size_t chain_count;
	struct name owner; /* owner of the records: the end of the chain */
	const struct record *records;
	size_t count;
	/* Asked by one evaluator after another: parsed forms kept beside the answer, see dns/view.h. */
	struct answer_memo *memo;
	bool pending; /* a view's stand-in for an answer that is still missing: NODATA that says nothing */
};

/* Fills record->data from record->type and record->rdata (names uncompressed) and sets `malformed` when
 * it has not the form of its type. Memory from `arena`. */
void record_decode(struct arena *arena, struct record *record);

/* Canonical order: by rdata, as memcmp() orders it; copies by the place they come from, so that the order
 * never depends on the order of arrival. */
int record_compare(const struct record *a, const struct record *b);

/* Puts records into canonical order. */
void records_sort(struct record *records, size_t count);

/* A deep copy of `from` into `arena` (without memo). */
struct answer *answer_copy(struct arena *arena, const struct answer *from);

/* A temporary failure as an answer to `question`. */
struct answer answer_failure(struct question question, enum dns_failure failure);

#endif
