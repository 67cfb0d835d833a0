/* evaluations: see evaluations.h. */
#include "support/evaluations.h"

#include <stdlib.h>

#include "report/write_simulate.h"
#include "report/write_spf.h"
#include "support/inspection.h"

static struct slice print(struct arena *arena, const struct evaluation *evaluation)
{
	const struct simulation *simulation = &evaluation->simulation;
	const struct write_spf_report spf = {.input = {.domain = evaluation->request.spf.domain},
		.request = &evaluation->request.spf,
		.verdict = &simulation->spf,
		.cost.elapsed_ms = -1};
	const struct write_simulate_report report = {
		.request = &evaluation->request, .simulation = simulation, .cost.elapsed_ms = -1};
	struct buf out;
	buf_init(&out);
	write_spf_json(&out, arena, &spf);
	write_simulate_json(&out, arena, &report);
	struct slice json = arena_copy(evaluation->arena, buf_slice(&out));
	if (out.failed)
		abort();
	buf_free(&out);
	return json;
}

static void evaluate(struct view *view, struct arena *scratch, void *context)
{
	struct evaluation *evaluation = context;
	if (simulate(&evaluation->request, view, scratch, &evaluation->simulation) != EVAL_DONE)
		return;
	evaluation->failures = view_failures(view, &evaluation->failure_count);
	evaluation->json = print(scratch, evaluation);
	if (evaluation->done++ == 0)
		evaluation->first = evaluation->json;
}

void evaluations_run(struct arena *arena, struct fixture *fixture, const struct vector *vector, size_t client,
	struct evaluation *out)
{
	static const char *const clients[EVALUATIONS_CLIENTS] = {"192.0.2.1", "192.0.2.25", "2001:db8::25"};
	const struct inspect_request inspected = inspection_request_of(arena, vector);
	struct simulate_request *request = &out->request;
	*out = (struct evaluation){.arena = arena};
	*request = (struct simulate_request){.evaluate_spf = true,
		.author = inspected.domain,
		.psl = inspected.psl,
		.dkim_count = 1,
		.dkim = &out->dkim};
	out->dkim = (struct simulate_dkim){.result = DKIM_PASS, .name = inspected.domain};
	if (name_from_text(arena, SLICE("signer.example.net"), &out->dkim.name) != NAME_OK)
		abort();
	request->spf.time = 1790000000;
	if (client == 0 && inspected.sample.has_ip)
		request->spf.ip = inspected.sample.ip;
	else if (!ip_parse(slice_cstr(clients[client]), &request->spf.ip))
		abort();
	struct slice sender =
		inspected.sample.has_sender ? inspected.sample.sender : slice_cstr(vector->domain);
	spf_request_identify(
		arena, &request->spf, sender, SLICE("helo.example.org"), slice_cstr(vector->domain));
	fixture_run(fixture, evaluate, out);
}
