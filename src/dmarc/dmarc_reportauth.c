/* dmarc_reportauth: does the host of a report address accept reports (RFC 9990 4; RFC 9991 5)?
 *
 *     _dmarc.example.com                         v=DMARC1; p=none; rua=mailto:r@vendor.example
 *     example.com._report._dmarc.vendor.example  v=DMARC1;       it does, about example.com
 *
 * Asked when the two have different Organizational Domains, each found by a walk of its own. RFC 7489 7.1
 * is the same but for the way in which Organizational Domains are found.
 */
#include "dmarc/dmarc_reportauth.h"

#include "dmarc/dmarc_select.h"

/* What is the same for all destinations of a tag. */
struct request {
	struct view *view;
	struct arena *arena;
	enum dmarc_tag_id tag;
	struct name policy_domain;
	struct dmarc_walk walk; /* from the policy domain */
	const struct finding_place *place;
	struct findings *findings;
};

/* --- internal or external --- */

static bool shares_two_labels(struct name a, struct name b)
{
	return name_is_within(a, name_suffix(b, 2));
}

static void find_external(struct request *request, struct dmarc_destination *destination, struct name host)
{
	struct dmarc_walk walk;
	if (name_equal(host, request->policy_domain)) {
		destination->external_known = true;
		return;
	}
	dmarc_walk(request->view, request->arena, host, &walk);
	destination->external_known = !walk.temporary && !request->walk.temporary;
	destination->external = !name_equal(dmarc_organizational_domain(&walk, host),
		dmarc_organizational_domain(&request->walk, request->policy_domain));
}

/* <policy domain>._report._dmarc.<host>; false: too long for DNS (RFC 9990 4, step 2). */
static bool make_name(const struct request *request, struct name host, struct name *out)
{
	struct name tail;
	return name_prepend(request->arena, SLICE("_report._dmarc"), host, &tail) == NAME_OK &&
	       name_join(request->arena, request->policy_domain, tail, out) == NAME_OK;
}

/* --- findings --- */

/* {0} the host, {1} the policy domain, {2} the name, {3} the record that has to be there. */
static struct finding *add(
	struct request *request, const struct dmarc_destination *destination, enum rule_id rule)
{
	struct finding *finding = findings_add_at(request->findings, rule, destination->uri->span);
	struct name name = destination->authorization_name;
	finding->place = *request->place;
	finding->args[0] = destination->uri->host;
	finding->args[1] = name_bytes(request->arena, request->policy_domain);
	finding->args[2] = name_is_none(name) ? SLICE("a name that is too long for DNS")
					      : name_text(request->arena, name);
	finding->args[3] = SLICE("v=DMARC1;");
	return finding;
}

/* What is (not) published at a name is one cause, however many addresses of rua and ruf it concerns. */
static bool is_said(const struct request *request, const struct dmarc_destination *destination)
{
	struct slice name = name_text(request->arena, destination->authorization_name);
	for (size_t i = 0; i < request->findings->count; i++) {
		const struct finding *finding = &request->findings->items[i];
		if ((finding->rule == RULE_DMARC_EXTERNAL_UNAUTHORIZED ||
			    finding->rule == RULE_DMARC_EXTERNAL_RECORD_BAD) &&
			slice_equal(finding->args[2], name))
			return true;
	}
	return false;
}

/* Something stands there, but no DMARC record: shown as it is. */
static void add_bad_record(
	struct request *request, const struct dmarc_destination *destination, const struct answer *answer)
{
	struct finding *finding = add(request, destination, RULE_DMARC_EXTERNAL_RECORD_BAD);
	const struct record *record = &answer->records[0];
	finding->has_span = false;
	finding->detail = DETAIL_DMARC_EXTERNAL_OTHER_TXT;
	finding->place.name = finding->args[2];
	finding->place.record = record->malformed ? record->rdata : record->data.txt.joined;
	finding->place.file = record->origin.file;
	finding->place.line = record->origin.line;
	finding->place.column = 0;
}

/* --- redirects (RFC 9990 4, step 6) --- */

/* The host of the first address that leads elsewhere; empty: none does. */
static bool leads_elsewhere(const struct dmarc_uris *uris, struct slice host)
{
	for (size_t i = 0; i < uris->count; i++)
		if (uris->items[i].valid && uris->items[i].host.len > 0 &&
			!slice_equal_nocase(uris->items[i].host, host))
			return true;
	return false;
}

/* Takes over the rua or ruf of an authorizing record; false: it names another host, so nothing may be
 * sent. */
static bool follow(const struct request *request, struct dmarc_destination *destination,
	const struct dmarc_record *record)
{
	const struct dmarc_tag *tag = dmarc_record_tag(record, request->tag);
	/* Without a single good address it says nothing (RFC 9990 3.5: malformed ones are skipped). */
	if (tag == NULL || !tag->valid)
		return true;
	destination->redirected = true;
	destination->redirect = slice_at(record->text, tag->value);
	return !leads_elsewhere(
		request->tag == DMARC_TAG_RUA ? &record->rua : &record->ruf, destination->uri->host);
}

/* Several records are fine here; each may redirect. */
static bool follow_all(
	const struct request *request, struct dmarc_destination *destination, const struct answer *answer)
{
	for (size_t i = 0; i < answer->count; i++) {
		const struct record *record = &answer->records[i];
		if (record->malformed || !dmarc_record_is_dmarc(record->data.txt.joined))
			continue;
		if (!follow(request, destination,
			    dmarc_record_parse(request->arena, record->data.txt.joined)))
			return false;
	}
	return true;
}

/* --- authorization --- */

static const struct answer *ask_authorization(
	const struct request *request, const struct dmarc_destination *destination)
{
	return dmarc_select_readable(
		request->view, view_get(request->view, destination->authorization_name, RRTYPE_TXT));
}

/* Steps 3 to 6 with the answer at the authorization name. */
static void judge_answer(
	struct request *request, struct dmarc_destination *destination, const struct answer *answer)
{
	if (answer->kind == ANSWER_TEMPORARY)
		return;
	destination->authorized = DMARC_UNAUTHORIZED;
	if (dmarc_select(request->view, answer)->count == 0) {
		if (is_said(request, destination))
			return;
		if (answer->count > 0)
			add_bad_record(request, destination, answer);
		else
			add(request, destination, RULE_DMARC_EXTERNAL_UNAUTHORIZED);
	} else if (!follow_all(request, destination, answer)) {
		add(request, destination, RULE_DMARC_REPORT_OVERRIDE)->args[1] = destination->redirect;
	} else {
		destination->authorized = DMARC_AUTHORIZED;
	}
}

static void judge(struct request *request, struct dmarc_destination *destination, struct name host)
{
	const struct answer *answer = NULL;
	bool fits = make_name(request, host, &destination->authorization_name);
	/* Asked together with the walks where both are surely strangers. */
	if (fits && !shares_two_labels(host, request->policy_domain))
		answer = ask_authorization(request, destination);
	find_external(request, destination, host);
	if (!destination->external_known)
		return;
	if (!destination->external) {
		destination->authorization_name = (struct name){NULL, 0};
		destination->authorized = DMARC_AUTHORIZED;
	} else if (!fits) {
		destination->authorized = DMARC_UNAUTHORIZED;
		add(request, destination, RULE_DMARC_EXTERNAL_UNAUTHORIZED);
	} else {
		if (answer == NULL)
			answer = ask_authorization(request, destination);
		judge_answer(request, destination, answer);
	}
}

/* An address that is none has been said by the parser: nothing is asked for it. */
static void judge_uri(
	struct request *request, struct dmarc_destination *destination, const struct dmarc_uri *uri)
{
	struct name host;
	*destination = (struct dmarc_destination){.uri = uri, .authorized = DMARC_AUTHORIZATION_UNKNOWN};
	if (uri->valid && uri->host.len > 0 && name_from_text(request->arena, uri->host, &host) == NAME_OK &&
		!name_is_root(host))
		judge(request, destination, host);
}

void dmarc_reportauth(struct view *view, struct arena *arena, const struct dmarc_record *record,
	enum dmarc_tag_id tag, struct name policy_domain, const struct finding_place *place,
	struct findings *findings, struct dmarc_destination **out, size_t *count)
{
	const struct dmarc_uris *uris = tag == DMARC_TAG_RUA ? &record->rua : &record->ruf;
	struct request request = {.view = view,
		.arena = arena,
		.tag = tag,
		.policy_domain = policy_domain,
		.place = place,
		.findings = findings};
	*out = NULL;
	/* RFC 9991 2: failure reports are not considered with psd=y. */
	*count = tag == DMARC_TAG_RUF && record->psd == 'y' ? 0 : uris->count;
	if (*count > DMARC_MAX_DESTINATIONS)
		*count = DMARC_MAX_DESTINATIONS;
	if (*count == 0)
		return;
	dmarc_walk(view, arena, policy_domain, &request.walk);
	*out = arena_alloc(arena, *count * sizeof **out);
	for (size_t i = 0; i < *count; i++)
		judge_uri(&request, &(*out)[i], &uris->items[i]);
}
