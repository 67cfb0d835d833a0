/* json_dmarc: see json_dmarc.h; the order of keys is that of mailauth-json(5). */
#include "report/json_dmarc.h"

#include "base/ascii.h"
#include "report/json_parts.h"

static const char *selected_text(enum dmarc_selected selected)
{
	switch (selected) {
	case DMARC_SELECTED_P:
		return "p";
	case DMARC_SELECTED_SP:
		return "sp";
	case DMARC_SELECTED_NP:
		return "np";
	}
	return NULL;
}

/* NULL when no policy applies. */
static const char *policy_or_null(bool applies, enum dmarc_policy policy)
{
	return applies ? dmarc_policy_text(policy) : NULL;
}

static void put_policies(struct json *json, const struct verdict_dmarc *dmarc)
{
	const struct dmarc_discovery *discovery = &dmarc->discovery;
	const struct dmarc_policies *policies = &discovery->policies;
	bool applies = discovery->found != NULL && policies->applies;
	bool selected = applies && !discovery->temporary;
	json_key(json, "policy");
	json_text(json, policy_or_null(applies, policies->domain));
	json_key(json, "subdomain_policy");
	json_text(json, policy_or_null(applies, policies->subdomain));
	json_key(json, "nonexistent_policy");
	json_text(json, policy_or_null(applies, policies->nonexistent));
	json_key(json, "selected_policy");
	json_text(json, policy_or_null(selected, discovery->selected));
	json_key(json, "selected_tag");
	json_text(json, selected ? selected_text(discovery->selected_tag) : NULL);
	json_key(json, "testing");
	if (dmarc->record != NULL)
		json_bool(json, dmarc->record->testing);
	else
		json_null(json);
	json_key(json, "applied_policy");
	json_text(json, policy_or_null(selected, discovery->applied));
	json_key(json, "organizational_domain");
	if (discovery->walk.temporary)
		json_null(json);
	else
		json_parts_name(json, discovery->organizational_domain);
}

static void put_walk(struct json *json, const struct dmarc_walk *walk)
{
	json_key(json, "walk");
	json_array(json);
	for (size_t i = 0; i < walk->count; i++) {
		json_object(json);
		json_key(json, "name");
		json_parts_name(json, walk->steps[i].name);
		json_key(json, "outcome");
		json_text(json, dmarc_walk_outcome_text(walk->steps[i].outcome));
		json_end_object(json);
	}
	json_end_array(json);
}

/* The tags of RFC 9989 by their number, with the default of each (RFC 9989 4.7); NULL: it has none, or
 * takes that of another tag. */
static const struct {
	const char *name;
	const char *value;
} known_tags[DMARC_KNOWN_TAGS] = {
	[DMARC_TAG_V] = {"v", NULL},
	[DMARC_TAG_P] = {"p", NULL},
	[DMARC_TAG_SP] = {"sp", NULL},
	[DMARC_TAG_NP] = {"np", NULL},
	[DMARC_TAG_ADKIM] = {"adkim", "r"},
	[DMARC_TAG_ASPF] = {"aspf", "r"},
	[DMARC_TAG_PSD] = {"psd", "u"},
	[DMARC_TAG_T] = {"t", "n"},
	[DMARC_TAG_RUA] = {"rua", NULL},
	[DMARC_TAG_RUF] = {"ruf", NULL},
	[DMARC_TAG_FO] = {"fo", "0"},
};

/* The value of a tag that is not written. */
static const char *default_value(const struct dmarc_record *record, enum dmarc_tag_id id)
{
	const struct dmarc_policies policies = dmarc_policies_of(record);
	if (id == DMARC_TAG_P)
		return policy_or_null(policies.applies, policies.domain);
	if (id == DMARC_TAG_SP)
		return policy_or_null(policies.applies, policies.subdomain);
	if (id == DMARC_TAG_NP)
		return policy_or_null(policies.applies, policies.nonexistent);
	return known_tags[id].value;
}

static void put_written_tag(struct json *json, const struct dmarc_record *record, const struct dmarc_tag *tag)
{
	json_object(json);
	json_key(json, "value");
	json_bytes(json, slice_at(record->text, tag->value));
	json_key(json, "explicit");
	json_bool(json, true);
	json_key(json, "valid");
	json_bool(json, tag->valid);
	json_key(json, "span");
	json_parts_span(json, tag->span);
	json_end_object(json);
}

static void put_absent_tag(struct json *json, const char *value)
{
	json_object(json);
	json_key(json, "value");
	json_text(json, value);
	json_key(json, "explicit");
	json_bool(json, false);
	json_key(json, "valid");
	json_bool(json, true);
	json_key(json, "span");
	json_null(json);
	json_end_object(json);
}

/* Tags that RFC 9989 does not know, by the name that is written, in lower case: keys of an object are
 * unique. */
static void put_other_tags(struct json *json, const struct dmarc_record *record)
{
	for (size_t i = 0; i < record->count; i++) {
		const struct dmarc_tag *tag = &record->tags[i];
		if (tag->id < DMARC_KNOWN_TAGS || tag->duplicate)
			continue;
		char *name = arena_alloc(json->arena, tag->name.len + 1);
		for (size_t at = 0; at < tag->name.len; at++)
			name[at] = ascii_lower(tag->name.ptr[at]);
		json_key_bytes(json, slice_of(name, tag->name.len));
		put_written_tag(json, record, tag);
	}
}

void json_dmarc_tags(struct json *json, const struct dmarc_record *record)
{
	if (record == NULL) {
		json_null(json);
		return;
	}
	json_object(json);
	for (int id = 0; id < DMARC_KNOWN_TAGS; id++) {
		const struct dmarc_tag *tag = dmarc_record_tag(record, (enum dmarc_tag_id)id);
		json_key(json, known_tags[id].name);
		if (tag != NULL)
			put_written_tag(json, record, tag);
		else
			put_absent_tag(json, default_value(record, (enum dmarc_tag_id)id));
	}
	put_other_tags(json, record);
	json_end_object(json);
}

static void put_authorized(struct json *json, enum dmarc_authorized authorized)
{
	switch (authorized) {
	case DMARC_AUTHORIZED:
		json_bool(json, true);
		break;
	case DMARC_UNAUTHORIZED:
		json_bool(json, false);
		break;
	case DMARC_AUTHORIZATION_UNKNOWN:
		json_null(json);
		break;
	}
}

static void put_destinations(
	struct json *json, const char *key, const struct dmarc_destination *items, size_t count)
{
	json_key(json, key);
	json_array(json);
	for (size_t i = 0; i < count; i++) {
		json_object(json);
		json_key(json, "uri");
		json_bytes(json, items[i].uri->text);
		json_key(json, "valid");
		json_bool(json, items[i].uri->valid);
		json_key(json, "external");
		if (items[i].external_known)
			json_bool(json, items[i].external);
		else
			json_null(json);
		json_key(json, "authorized");
		put_authorized(json, items[i].authorized);
		json_key(json, "authorization_name");
		json_parts_name(json, items[i].authorization_name);
		json_key(json, "destination");
		if (items[i].redirected)
			json_bytes(json, items[i].redirect);
		else
			json_null(json);
		json_end_object(json);
	}
	json_end_array(json);
}

static void put_rfc7489(struct json *json, const struct dmarc_rfc7489 *reading)
{
	json_key(json, "rfc7489");
	json_object(json);
	json_key(json, "location");
	json_parts_name(json, reading->location);
	json_key(json, "policy");
	json_text(json, policy_or_null(reading->applies, reading->policy));
	json_key(json, "organizational_domain");
	json_parts_name(json, reading->organizational_domain);
	json_end_object(json);
}

void json_dmarc(struct json *json, const struct verdict_dmarc *dmarc)
{
	json_object(json);
	json_key(json, "status");
	json_text(json, section_status_text(dmarc->status));
	json_key(json, "valid");
	if (dmarc->status == STATUS_VALID || dmarc->status == STATUS_INVALID)
		json_bool(json, dmarc->status == STATUS_VALID);
	else
		json_null(json);
	json_parts_record(json, dmarc->txt);
	json_parts_records(json, dmarc->candidates, dmarc->candidate_count);
	json_key(json, "location");
	json_parts_name(json, dmarc->location);
	json_parts_source(json, dmarc->answer, dmarc->txt);
	put_policies(json, dmarc);
	put_walk(json, &dmarc->discovery.walk);
	json_key(json, "tags");
	json_dmarc_tags(json, dmarc->record);
	put_destinations(json, "rua", dmarc->rua, dmarc->rua_count);
	put_destinations(json, "ruf", dmarc->ruf, dmarc->ruf_count);
	put_rfc7489(json, &dmarc->rfc7489);
	json_end_object(json);
}
