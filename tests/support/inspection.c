/* inspection: see inspection.h. */
#include "support/inspection.h"

#include <stdio.h>
#include <stdlib.h>

#include "report/writer.h"

static struct psl *list;

void inspection_begin(void)
{
	list = psl_open(NULL);
	if (list == NULL) {
		fputs("no public suffix list\n", stderr);
		exit(EXIT_FAILURE);
	}
}

void inspection_end(void)
{
	psl_close(list);
	list = NULL;
}

struct inspect_request inspection_request(struct arena *arena, const char *domain)
{
	struct inspect_request request = {.input = slice_cstr(domain), .psl = list};
	if (name_from_text(arena, request.input, &request.domain) != NAME_OK) {
		fprintf(stderr, "%s: no domain\n", domain);
		abort();
	}
	return request;
}

struct inspect_request inspection_request_of(struct arena *arena, const struct vector *vector)
{
	struct inspect_request request = inspection_request(arena, vector->domain);
	if (vector->ip[0] == '\0')
		return request;
	request.sample = (struct spf_sample){.has_ip = true,
		.has_sender = vector->sender[0] != '\0',
		.has_helo = vector->helo[0] != '\0',
		.sender = slice_cstr(vector->sender),
		.helo = slice_cstr(vector->helo)};
	if (!ip_parse(slice_cstr(vector->ip), &request.sample.ip)) {
		fprintf(stderr, "%s: no address\n", vector->ip);
		abort();
	}
	return request;
}

struct slice inspection_json(struct arena *arena, const struct verdict *verdict)
{
	const struct writer_options options = {.width = 80};
	struct buf buf;
	buf_init(&buf);
	writer_get(FORMAT_JSONL)->verdict(&buf, arena, &options, verdict);
	struct slice json = arena_copy(arena, buf_slice(&buf));
	if (buf.failed)
		abort();
	buf_free(&buf);
	return json;
}

static void evaluate(struct view *view, struct arena *scratch, void *context)
{
	struct inspection *inspection = context;
	inspection->runs++;
	if (inspect(&inspection->request, view, scratch, &inspection->verdict) != EVAL_DONE)
		return;
	inspection->json = inspection_json(inspection->arena, &inspection->verdict);
	if (inspection->done++ == 0)
		inspection->first = inspection->json;
}

void inspection_run(struct arena *arena, struct fixture *fixture, const struct inspect_request *request,
	struct inspection *out)
{
	*out = (struct inspection){.request = *request, .arena = arena};
	fixture_run(fixture, evaluate, out);
}
