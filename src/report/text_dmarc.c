/* text_dmarc: see text_dmarc.h. The record, where it was found and by which rule, and what it means for
 * mail. */
#include "report/text_dmarc.h"

#include "report/caret.h"
#include "report/text_source.h"
#include "report/text_spf.h"

#define MAX_RECORDS 5 /* of several that are shown */

static void put_fact(const struct text *text, enum text_style style, const char *label, struct slice shown)
{
	text_labelled(text, style, TEXT_BODY, label, TEXT_VALUE, shown);
}

static const char *policy_meaning(enum dmarc_policy policy)
{
	switch (policy) {
	case DMARC_NONE:
		return "mail that fails is delivered as usual";
	case DMARC_QUARANTINE:
		return "mail that fails is to be treated as suspicious";
	case DMARC_REJECT:
		return "mail that fails is to be refused";
	}
	return "";
}

static const char *tag_text(enum dmarc_selected selected)
{
	switch (selected) {
	case DMARC_SELECTED_P:
		return "p";
	case DMARC_SELECTED_SP:
		return "sp, else p";
	case DMARC_SELECTED_NP:
		return "np, else sp, else p; this name does not exist";
	}
	return "";
}

/* The names that were asked, for "nothing found at ...". */
static struct slice walked_names(const struct text *text, const struct dmarc_walk *walk)
{
	struct slice list = SLICE("");
	for (size_t i = 0; i < walk->count; i++) {
		struct slice name = text_name(text, walk->steps[i].name);
		list = arena_printf(text->arena, "%.*s%s%.*s", (int)list.len, list.ptr, i == 0 ? "" : ", ",
			(int)name.len, name.ptr);
	}
	return list;
}

/* The record; the first ones where several made receivers use none. */
static void put_records(const struct text *text, const struct verdict_dmarc *dmarc)
{
	caret_write_plain(text, "DMARC", TEXT_BODY, dmarc->txt->data.txt.joined);
	if (dmarc->discovery.found != NULL)
		return;
	for (size_t i = 0; i < dmarc->candidate_count && i < MAX_RECORDS; i++)
		if (dmarc->candidates[i] != dmarc->txt)
			caret_write_plain(text, "", TEXT_BODY, dmarc->candidates[i]->data.txt.joined);
}

static void put_heading(const struct text *text, const struct verdict_dmarc *dmarc)
{
	struct slice names = walked_names(text, &dmarc->discovery.walk);
	if (dmarc->txt != NULL)
		put_records(text, dmarc);
	else if (dmarc->status == STATUS_UNKNOWN)
		text_labelled(text, TEXT_WARNING, 0, "DMARC", TEXT_BODY, SLICE("could not be looked up now"));
	else
		text_labelled(text, TEXT_PLAIN, 0, "DMARC", TEXT_BODY,
			arena_printf(text->arena, "no DMARC record at %.*s", (int)names.len, names.ptr));
}

static struct slice invalid_text(const struct verdict_dmarc *dmarc)
{
	if (dmarc->discovery.found == NULL)
		return SLICE("not usable: there are several records at one name, so receivers use none");
	if (!dmarc->discovery.policies.applies)
		return SLICE("not usable: no valid policy and no valid report address, so DMARC is off");
	return SLICE("not valid: receivers disagree about what it says");
}

/* Without a good p, but with a report address, a record still works (RFC 9989 4.10.1). */
static void put_valid(const struct text *text, const struct dmarc_record *record)
{
	if (record->policy_usable)
		put_fact(text, TEXT_PLAIN, "result", SLICE("valid"));
	else
		put_fact(text, TEXT_WARNING, "result",
			SLICE("works, but only as p=none: the policy is missing or has a mistake"));
}

static void put_result(const struct text *text, const struct verdict_dmarc *dmarc)
{
	switch (dmarc->status) {
	case STATUS_VALID:
		put_valid(text, dmarc->record);
		break;
	case STATUS_INVALID:
		put_fact(text, TEXT_BAD, "result", invalid_text(dmarc));
		break;
	case STATUS_NONE:
		put_fact(text, TEXT_PLAIN, "result",
			SLICE("none: receivers apply no DMARC policy to mail from this domain"));
		break;
	case STATUS_UNKNOWN:
		put_fact(text, TEXT_WARNING, "result",
			SLICE("not known: DNS did not answer everything, see below"));
		break;
	}
}

/* Why this record counts (RFC 9989 4.10.1). */
static const char *found_reason(const struct verdict_dmarc *dmarc, struct name domain)
{
	if (name_equal(dmarc->location, domain))
		return "at the domain itself";
	if (name_equal(dmarc->location, dmarc->discovery.organizational_domain))
		return "the organizational domain";
	return "the public suffix above it";
}

static void put_location(const struct text *text, const struct verdict_dmarc *dmarc, struct name domain)
{
	struct slice location = text_name(text, dmarc->location);
	if (dmarc->discovery.found != NULL)
		put_fact(text, TEXT_PLAIN, "found at",
			arena_printf(text->arena, "_dmarc.%.*s (%s)", (int)location.len, location.ptr,
				found_reason(dmarc, domain)));
	else if (!name_is_none(dmarc->location))
		put_fact(text, TEXT_PLAIN, "found at",
			arena_printf(text->arena, "_dmarc.%.*s", (int)location.len, location.ptr));
}

static void put_policy(
	const struct text *text, const char *label, enum dmarc_policy policy, const char *reason)
{
	put_fact(text, TEXT_PLAIN, label,
		arena_printf(text->arena, "%s%s%s%s: %s", dmarc_policy_text(policy), *reason ? " (" : "",
			reason, *reason ? ")" : "", policy_meaning(policy)));
}

/* Nobody knows now whether the domain exists, and so which of two policies is for it (RFC 9989 3.2.13). */
static void put_open_policy(const struct text *text, const struct dmarc_policies *policies)
{
	put_fact(text, TEXT_WARNING, "policy",
		arena_printf(text->arena, "not known: %s if this name exists, %s if it does not",
			dmarc_policy_text(policies->subdomain), dmarc_policy_text(policies->nonexistent)));
}

static void put_selected_policy(const struct text *text, const struct verdict_dmarc *dmarc)
{
	const struct dmarc_discovery *discovery = &dmarc->discovery;
	const struct dmarc_policies *policies = &discovery->policies;
	bool testing = dmarc->record->testing;
	enum dmarc_policy subdomain = dmarc_policy_applied(policies->subdomain, testing);
	enum dmarc_policy nonexistent = dmarc_policy_applied(policies->nonexistent, testing);
	put_policy(text, "policy", discovery->selected, tag_text(discovery->selected_tag));
	if (testing)
		put_fact(text, TEXT_NOTE, "test mode",
			arena_printf(text->arena, "t=y asks for one level less, so this domain gets: %s",
				dmarc_policy_text(discovery->applied)));
	if (discovery->applied == DMARC_NONE && dmarc->record->has_usable_rua)
		put_fact(text, TEXT_PLAIN, "",
			SLICE("so the record only asks for reports and protects nobody yet"));
	/* A record below the organizational domain counts for its own name only (RFC 9989 4.10.1). */
	if (discovery->selected_tag != DMARC_SELECTED_P || discovery->walk.temporary ||
		!name_equal(dmarc->location, discovery->organizational_domain))
		return;
	put_policy(text, "subdomains", subdomain, "");
	if (nonexistent != subdomain)
		put_policy(text, "no such name", nonexistent, "");
}

static void put_policies(const struct text *text, const struct verdict_dmarc *dmarc)
{
	if (dmarc->discovery.temporary)
		put_open_policy(text, &dmarc->discovery.policies);
	else
		put_selected_policy(text, dmarc);
}

/* The other organization has a record, which may name another address (RFC 9990 4). */
static struct slice redirected_text(const struct text *text, const struct dmarc_destination *item)
{
	bool authorized = item->authorized == DMARC_AUTHORIZED;
	struct slice redirect = text_raw(text, item->redirect);
	return arena_printf(text->arena, "another organization, which %s%.*s%s",
		authorized ? "agrees to get them, at " : "names ", (int)redirect.len, redirect.ptr,
		authorized ? "" : " at another domain instead: no reports are sent");
}

static struct slice unauthorized_text(const struct text *text, const struct dmarc_destination *item)
{
	if (name_is_none(item->authorization_name))
		return SLICE("another organization; the name at which it could agree is too long for DNS, so "
			     "no reports are sent");
	struct slice name = text_name(text, item->authorization_name);
	return arena_printf(text->arena,
		"another organization, which does not agree: no reports are sent. It has to publish "
		"the TXT record \"v=DMARC1;\" at %.*s",
		(int)name.len, name.ptr);
}

static struct slice authorization_text(const struct text *text, const struct dmarc_destination *item)
{
	if (!item->uri->valid)
		return SLICE("not a valid address: ignored");
	if (!item->external_known)
		return SLICE("not known whether it is another organization's");
	if (!item->external)
		return SLICE("");
	if (item->redirected)
		return redirected_text(text, item);
	switch (item->authorized) {
	case DMARC_AUTHORIZED:
		return SLICE("another organization, which agrees to get them");
	case DMARC_UNAUTHORIZED:
		return unauthorized_text(text, item);
	case DMARC_AUTHORIZATION_UNKNOWN:
		return SLICE("another organization; DNS did not tell whether it agrees to get them");
	}
	return SLICE("");
}

static void put_destinations(
	const struct text *text, const char *label, const struct dmarc_destination *items, size_t count)
{
	struct slice margin = text_blanks(text, TEXT_VALUE + 2);
	for (size_t i = 0; i < count; i++) {
		struct slice note = authorization_text(text, &items[i]);
		bool good = items[i].uri->valid && items[i].authorized == DMARC_AUTHORIZED;
		put_fact(text, TEXT_PLAIN, i == 0 ? label : "", text_raw(text, items[i].uri->text));
		if (note.len > 0)
			text_wrap(text, good ? TEXT_FAINT : TEXT_WARNING, margin, margin, note);
	}
}

static void put_reports(const struct text *text, const struct verdict_dmarc *dmarc)
{
	if (dmarc->rua_count == 0)
		put_fact(text, TEXT_PLAIN, "reports to",
			SLICE("nobody: you will not see who sends as this domain"));
	put_destinations(text, "reports to", dmarc->rua, dmarc->rua_count);
	put_destinations(text, "failures to", dmarc->ruf, dmarc->ruf_count);
}

/* What receivers of RFC 7489 do with mail that fails: with pct=0 the lower level for all of it (6.6.4). */
static enum dmarc_policy older_policy(const struct dmarc_rfc7489 *older)
{
	return dmarc_policy_applied(older->policy, older->pct == 0);
}

/* A share matters only where there is a lower level for the rest. */
static bool is_shared(const struct dmarc_rfc7489 *older)
{
	return older->pct > 0 && older->pct < 100 && older->policy != DMARC_NONE;
}

/* True when a receiver that follows RFC 7489 does something else. */
static bool older_reading_differs(const struct verdict_dmarc *dmarc)
{
	const struct dmarc_rfc7489 *older = &dmarc->rfc7489;
	const struct dmarc_discovery *newer = &dmarc->discovery;
	bool applies = newer->found != NULL && newer->policies.applies;
	if (older->temporary || newer->temporary || name_is_none(older->organizational_domain))
		return false; /* not known, or not looked at */
	if (older->applies != applies)
		return true;
	if (!applies)
		return false;
	return older_policy(older) != newer->applied || is_shared(older) ||
	       !name_equal(older->location, newer->found->domain);
}

static void put_older_reading(const struct text *text, const struct verdict_dmarc *dmarc)
{
	const struct dmarc_rfc7489 *older = &dmarc->rfc7489;
	struct slice location = name_is_none(older->location) ? SLICE("") : text_name(text, older->location);
	struct slice share = SLICE("");
	if (!older_reading_differs(dmarc))
		return;
	if (is_shared(older))
		share = arena_printf(text->arena, ", to %u%% of the mail, and %s to the rest (pct)",
			older->pct, dmarc_policy_text(dmarc_policy_applied(older->policy, true)));
	if (!older->applies)
		put_fact(text, TEXT_NOTE, "older rules",
			SLICE("receivers that still follow RFC 7489 apply no DMARC policy here"));
	else
		put_fact(text, TEXT_NOTE, "older rules",
			arena_printf(text->arena,
				"receivers that still follow RFC 7489 apply %s from _dmarc.%.*s%.*s",
				dmarc_policy_text(older_policy(older)), (int)location.len, location.ptr,
				(int)share.len, share.ptr));
}

static void put_source(const struct text *text, const struct verdict_dmarc *dmarc)
{
	bool known =
		!dmarc->discovery.walk.temporary && !name_is_none(dmarc->discovery.organizational_domain);
	struct slice organization =
		!known ? SLICE("not known") : text_name(text, dmarc->discovery.organizational_domain);
	struct slice walked = walked_names(text, &dmarc->discovery.walk);
	if (dmarc->answer != NULL && dmarc->txt != NULL) {
		struct slice source = text_source(text, dmarc->answer, dmarc->txt);
		struct slice strings = text_source_strings(text, dmarc->txt);
		put_fact(text, TEXT_FAINT, "answer",
			arena_printf(text->arena, "%.*s%.*s", (int)source.len, source.ptr, (int)strings.len,
				strings.ptr));
	}
	put_fact(text, TEXT_FAINT, "org domain", organization);
	put_fact(text, TEXT_FAINT, "asked", walked);
}

void text_dmarc(const struct text *text, const struct verdict_dmarc *dmarc, struct name domain)
{
	bool applies = dmarc->discovery.found != NULL && dmarc->discovery.policies.applies;
	put_heading(text, dmarc);
	put_result(text, dmarc);
	if (dmarc->txt != NULL)
		put_location(text, dmarc, domain);
	if (dmarc->record != NULL && applies) {
		put_policies(text, dmarc);
		put_reports(text, dmarc);
	}
	put_older_reading(text, dmarc);
	if (text->options->verbose)
		put_source(text, dmarc);
}
