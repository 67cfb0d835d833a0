/* json_parts: see json_parts.h. */
#include "report/json_parts.h"

#include "base/ascii.h"

void json_parts_name(struct json *json, struct name name)
{
	if (name_is_none(name))
		json_null(json);
	else
		json_string(json, name_text(json->arena, name));
}

void json_parts_span(struct json *json, struct span span)
{
	json_flat_array(json);
	json_number(json, span.offset);
	json_number(json, span.len);
	json_end_array(json);
}

static const char *origin_kind_text(enum origin_kind kind)
{
	switch (kind) {
	case ORIGIN_SERVER:
		return "server";
	case ORIGIN_ZONE:
		return "zone";
	case ORIGIN_RECORD:
		return "record";
	case ORIGIN_REPLAY:
		return "replay";
	}
	return NULL;
}

void json_parts_origin(struct json *json, const struct origin *origin)
{
	if (origin == NULL) {
		json_null(json);
		return;
	}
	json_object(json);
	json_key(json, "kind");
	json_text(json, origin_kind_text(origin->kind));
	json_key(json, "server");
	json_bytes_or_null(json, origin->server);
	json_key(json, "file");
	json_bytes_or_null(json, origin->file);
	json_key(json, "line");
	if (origin->line > 0)
		json_number(json, origin->line);
	else
		json_null(json);
	json_end_object(json);
}

void json_parts_record(struct json *json, const struct record *txt)
{
	json_key(json, "record");
	if (txt == NULL)
		json_null(json);
	else
		json_bytes(json, txt->data.txt.joined);
	json_key(json, "record_base64");
	if (txt == NULL || ascii_is_plain(txt->data.txt.joined))
		json_null(json);
	else
		json_base64(json, txt->data.txt.joined);
}

void json_parts_strings(struct json *json, const struct record *txt)
{
	json_key(json, "strings");
	if (txt == NULL) {
		json_null(json);
		return;
	}
	json_array(json);
	for (size_t i = 0; i < txt->data.txt.count; i++)
		json_bytes(json, txt->data.txt.strings[i]);
	json_end_array(json);
}

void json_parts_records(struct json *json, const struct record *const *records, size_t count)
{
	json_key(json, "records");
	json_array(json);
	for (size_t i = 0; i < count; i++)
		json_bytes(json, records[i]->data.txt.joined);
	json_end_array(json);
}

void json_parts_source(struct json *json, const struct answer *answer, const struct record *txt)
{
	if (answer != NULL && answer->kind == ANSWER_TEMPORARY)
		answer = NULL;
	json_key(json, "ttl");
	if (answer != NULL && txt != NULL)
		json_number(json, answer->ttl);
	else
		json_null(json);
	json_key(json, "authenticated");
	if (answer != NULL)
		json_bool(json, answer->authentic);
	else
		json_null(json);
	json_key(json, "origin");
	if (txt != NULL)
		json_parts_origin(json, &txt->origin);
	else
		json_parts_origin(json, answer == NULL ? NULL : &answer->origin);
}

void json_parts_cost(struct json *json, const struct verdict_cost *cost)
{
	json_key(json, "dns");
	json_object(json);
	json_key(json, "queries");
	json_number(json, cost->queries);
	json_key(json, "from_cache");
	json_number(json, cost->from_cache);
	json_key(json, "elapsed_ms");
	if (cost->elapsed_ms >= 0)
		json_number(json, (uint64_t)cost->elapsed_ms);
	else
		json_null(json);
	json_end_object(json);
}

void json_parts_effects(struct json *json, const enum effect effects[RECEIVER_COUNT])
{
	static const char *const keys[RECEIVER_COUNT] = {
		[RECEIVER_RFC7208] = "rfc7208",
		[RECEIVER_RFC7489] = "rfc7489",
		[RECEIVER_RFC9989] = "rfc9989",
	};
	json_key(json, "effects");
	json_object(json);
	for (int i = 0; i < RECEIVER_COUNT; i++) {
		json_key(json, keys[i]);
		json_text(json, effects[i] == EFFECT_NONE ? NULL : rule_effect_text(effects[i]));
	}
	json_end_object(json);
}
