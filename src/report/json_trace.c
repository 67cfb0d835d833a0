/* json_trace: see json_trace.h. */
#include "report/json_trace.h"

#include "report/json_parts.h"
#include "spf/spf_received.h"

static void put_given(struct json *json, const char *key, struct slice raw)
{
	json_key(json, key);
	if (raw.ptr == NULL)
		json_null(json);
	else
		json_bytes(json, raw);
}

void json_trace_input(struct json *json, const struct json_trace_input *input)
{
	put_given(json, "domain", input->domain);
	put_given(json, "ip", input->ip);
	put_given(json, "sender", input->sender);
	put_given(json, "helo", input->helo);
}

/* --- what DNS said ----------------------------------------------------------------------------- */

static const char *answer_text(enum answer_kind kind)
{
	switch (kind) {
	case ANSWER_RECORDS:
		return "records";
	case ANSWER_NODATA:
		return "nodata";
	case ANSWER_NXDOMAIN:
		return "nxdomain";
	case ANSWER_TEMPORARY:
		return "temporary";
	case ANSWER_ALIAS: /* the view follows it */
		break;
	}
	return NULL;
}

static struct slice address_text(struct arena *arena, const struct record *record)
{
	struct ip ip = {.family = record->type == RRTYPE_A ? IP_V4 : IP_V6};
	memcpy(ip.bytes, record->data.address, ip_bits(ip.family) / 8);
	return ip_text(arena, ip);
}

static void put_record(struct json *json, const struct record *record)
{
	if (record->malformed) {
		json_null(json);
		return;
	}
	switch (record->type) {
	case RRTYPE_A:
	case RRTYPE_AAAA:
		json_string(json, address_text(json->arena, record));
		return;
	case RRTYPE_MX:
		json_string(json, arena_printf(json->arena, "%u %s", (unsigned)record->data.mx.preference,
					  name_text(json->arena, record->data.mx.exchange).ptr));
		return;
	case RRTYPE_PTR:
		json_string(json, name_text(json->arena, record->data.target));
		return;
	case RRTYPE_TXT:
		json_bytes(json, record->data.txt.joined);
		return;
	}
	json_null(json);
}

static void put_answer(struct json *json, const struct answer *answer)
{
	json_object(json);
	json_key(json, "name");
	json_parts_name(json, answer->question.name);
	json_key(json, "type");
	json_string(json, rrtype_text(json->arena, answer->question.type));
	json_key(json, "outcome");
	json_text(json, answer_text(answer->kind));
	json_key(json, "records");
	json_array(json);
	for (size_t i = 0; i < answer->count; i++)
		put_record(json, &answer->records[i]);
	json_end_array(json);
	json_end_object(json);
}

/* --- the trace --------------------------------------------------------------------------------- */

static void put_step(struct json *json, const struct spf_trace_step *step)
{
	json_object(json);
	json_key(json, "depth");
	json_number(json, step->depth);
	json_key(json, "domain");
	json_bytes(json, step->domain);
	json_key(json, "text");
	json_bytes(json, slice_at(step->record->text, step->term->span));
	json_key(json, "span");
	json_parts_span(json, step->term->span);
	json_key(json, "expanded");
	json_bytes_or_null(json, step->expanded);
	json_key(json, "outcome");
	json_text(json, spf_match_text(step->outcome));
	json_key(json, "lookups");
	json_number(json, step->lookups);
	json_key(json, "void_lookups");
	json_number(json, step->void_lookups);
	json_key(json, "answers");
	json_array(json);
	for (const struct spf_trace_answer *noted = step->answers; noted != NULL; noted = noted->next)
		put_answer(json, noted->answer);
	json_end_array(json);
	json_end_object(json);
}

static void put_trace(struct json *json, const struct spf_verdict *verdict)
{
	json_key(json, "trace");
	json_array(json);
	for (size_t i = 0; verdict != NULL && i < verdict->trace_count; i++) {
		struct arena_mark mark = arena_mark(json->arena);
		put_step(json, verdict->trace[i]);
		arena_rewind(json->arena, mark);
	}
	json_end_array(json);
}

static void put_count(struct json *json, const char *key, bool known, unsigned count)
{
	json_key(json, key);
	if (known)
		json_number(json, count);
	else
		json_null(json);
}

void json_trace_verdict(
	struct json *json, const struct spf_request *request, const struct spf_verdict *verdict)
{
	bool known = verdict != NULL;
	json_key(json, "mechanism");
	json_bytes_or_null(json, known ? verdict->mechanism_text : slice_of(NULL, 0));
	json_key(json, "explanation");
	if (known && verdict->has_explanation)
		json_string(json, verdict->explanation);
	else
		json_null(json);
	put_count(json, "lookups", known, known ? verdict->lookups : 0);
	put_count(json, "void_lookups", known, known ? verdict->void_lookups : 0);
	json_key(json, "reason");
	if (known && verdict->reason.len > 0)
		json_string(json, verdict->reason);
	else
		json_null(json);
	put_trace(json, verdict);
	json_key(json, "received_spf");
	if (known)
		json_string(json, spf_received_field(json->arena, request, verdict));
	else
		json_null(json);
	json_key(json, "authentication_results");
	if (known)
		json_string(json, spf_received_authentication_results(json->arena, request, verdict));
	else
		json_null(json);
}
