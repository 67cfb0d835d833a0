/* json_finding: see json_finding.h; the order of keys is that of mailauth-json(5). */
#include "report/json_finding.h"

#include "report/json_parts.h"
#include "rules/message.h"

static void put_number_or_null(struct json *json, const char *key, size_t number)
{
	json_key(json, key);
	if (number > 0)
		json_number(json, number);
	else
		json_null(json);
}

static void put_place(struct json *json, const struct finding *finding)
{
	const struct finding_place *place = &finding->place;
	json_key(json, "name");
	json_string_or_null(json, place->name);
	json_key(json, "type");
	json_string(json, place->type);
	json_key(json, "record");
	json_bytes_or_null(json, place->record);
	json_key(json, "span");
	if (finding->has_span)
		json_parts_span(json, finding->span);
	else
		json_null(json);
	json_key(json, "text");
	if (finding->has_span)
		json_bytes(json, finding_text(finding));
	else
		json_null(json);
	json_key(json, "path");
	json_array(json);
	for (size_t i = 0; i < place->path_count; i++)
		json_string(json, place->path[i]);
	json_end_array(json);
	json_key(json, "file");
	json_bytes_or_null(json, place->file);
	put_number_or_null(json, "line", place->line);
	put_number_or_null(json, "column", place->column);
}

static void put_edits(struct json *json, const struct fix *fix)
{
	json_key(json, "edits");
	json_array(json);
	for (size_t i = 0; i < fix->count; i++) {
		json_object(json);
		json_key(json, "span");
		json_parts_span(json, fix->edits[i].span);
		json_key(json, "replacement");
		json_bytes(json, fix->edits[i].replacement);
		json_end_object(json);
	}
	json_end_array(json);
}

static void put_fix(struct json *json, const struct finding *finding)
{
	const struct fix *fix = finding->fix;
	json_key(json, "fix");
	if (fix == NULL) {
		json_null(json);
		return;
	}
	json_object(json);
	json_key(json, "safe");
	json_bool(json, fix->safe);
	json_key(json, "title");
	json_string(json, message_fix_title(json->arena, finding));
	put_edits(json, fix);
	json_key(json, "record");
	json_bytes(json, fix->record);
	json_end_object(json);
}

static void put_finding(struct json *json, const struct finding *finding)
{
	struct slice reference = message_reference(json->arena, finding);
	json_object(json);
	json_key(json, "rule");
	json_text(json, rule_get(finding->rule)->id);
	json_key(json, "severity");
	json_text(json, severity_text(finding->severity));
	json_key(json, "message");
	json_string(json, message_text(json->arena, finding));
	json_parts_effects(json, finding->effects);
	json_key(json, "reference");
	json_string_or_null(json, reference);
	put_place(json, finding);
	put_fix(json, finding);
	json_end_object(json);
}

size_t json_finding_list(struct json *json, const struct findings *findings)
{
	size_t start = json->out->len;
	size_t i = 0;
	json_array(json);
	while (i < findings->count && json->out->len - start < JSON_FINDING_MAX_BYTES) {
		struct arena_mark mark = arena_mark(json->arena);
		put_finding(json, &findings->items[i++]);
		arena_rewind(json->arena, mark);
	}
	json_end_array(json);
	return findings->count - i;
}

void json_finding_failure(struct json *json, const struct answer *answer)
{
	json_key(json, "name");
	json_parts_name(json, answer->question.name);
	json_key(json, "type");
	json_string(json, rrtype_text(json->arena, answer->question.type));
	json_key(json, "reason");
	json_text(json, dns_failure_text(answer->failure));
	put_number_or_null(json, "rcode", answer->rcode);
}

void json_finding_incomplete(struct json *json, const struct answer *const *failures, size_t count)
{
	json_array(json);
	for (size_t i = 0; i < count; i++) {
		json_object(json);
		json_finding_failure(json, failures[i]);
		json_end_object(json);
	}
	json_end_array(json);
}
