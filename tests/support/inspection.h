/* inspection: inspect() over a fixture, and its verdict as bytes, for comparing runs. */
#ifndef SUPPORT_INSPECTION_H
#define SUPPORT_INSPECTION_H

#include "inspect/inspect.h"
#include "support/fixture.h"
#include "support/vectors.h"

/* Opens the public suffix list for all inspections of the program; inspection_end() closes it. */
void inspection_begin(void);
void inspection_end(void);

struct inspection {
	struct inspect_request request;
	struct verdict verdict; /* of the last run */
	size_t runs;
	size_t done;	    /* runs that missed nothing */
	struct slice json;  /* of the last run that missed nothing */
	struct slice first; /* of the first one */
	struct arena *arena;
};

/* The request for `domain`, and for the domain and the sample message of a vector; memory from `arena`. */
struct inspect_request inspection_request(struct arena *arena, const char *domain);
struct inspect_request inspection_request_of(struct arena *arena, const struct vector *vector);

/* Runs inspect() over the fixture until it is done, and then once more (fixture_run()). */
void inspection_run(struct arena *arena, struct fixture *fixture, const struct inspect_request *request,
	struct inspection *out);

/* A verdict as one line of JSON. */
struct slice inspection_json(struct arena *arena, const struct verdict *verdict);

#endif
