/* cross_mail: see cross_mail.h. Everything is asked as soon as it can be seen, and nothing is said that an answer
 * does not say: a temporary failure makes a rule silent. */
#include "inspect/cross_mail.h"

#include "dmarc/dmarc_lint.h"
#include "spf/spf_tree_count.h"

#define MAX_SERVERS 10 /* mail servers of the domain that are asked for a record */
#define MAX_LISTED  5

/* What the MX of a domain says about its mail. */
enum mail {
	MAIL_UNKNOWN,
	MAIL_NULL, /* none: RFC 7505 */
	MAIL_SERVERS,
	MAIL_NO_MX
};

struct cross {
	const struct inspect_request *request;
	struct view *view;
	struct arena *scratch;
	struct verdict *out;
	const struct answer *txt;   /* of the domain */
	const struct answer *mx;    /* of the domain; NULL: it does not exist */
	const struct answer *probe; /* TXT of a name that only a wildcard answers; NULL: not asked */
	enum mail mail;
};

/* --- helpers --- */

static bool is_void(const struct answer *answer)
{
	return !view_is_pending(answer) && (answer->kind == ANSWER_NODATA || answer->kind == ANSWER_NXDOMAIN);
}

static enum mail mail_of(const struct answer *mx)
{
	if (is_void(mx))
		return MAIL_NO_MX;
	if (mx->kind != ANSWER_RECORDS || mx->records[0].malformed)
		return MAIL_UNKNOWN;
	return mx->count == 1 && name_is_root(mx->records[0].data.mx.exchange) ? MAIL_NULL : MAIL_SERVERS;
}

static bool has_no_address(struct cross *cross, struct name host)
{
	bool no_v4 = is_void(view_get(cross->view, host, RRTYPE_A));
	bool no_v6 = is_void(view_get(cross->view, host, RRTYPE_AAAA));
	return no_v4 && no_v6;
}

/* A finding about the record `txt` at `owner`, or about there being none. */
static struct finding *add(
	struct cross *cross, enum rule_id rule, struct name owner, const struct record *txt)
{
	struct finding *finding = findings_add(&cross->out->findings, rule);
	finding->place = dmarc_lint_place(cross->scratch, cross->request->domain, owner, txt);
	return finding;
}

/* A finding about a tag of the DMARC record that applies. */
static struct finding *add_at_tag(struct cross *cross, enum rule_id rule, enum dmarc_tag_id id)
{
	const struct dmarc_walk_step *found = cross->out->dmarc.discovery.found;
	const struct dmarc_tag *tag = dmarc_record_tag(found->record, id);
	struct finding *finding = add(cross, rule, found->name, found->txt);
	finding->has_span = tag != NULL;
	if (tag != NULL)
		finding->span = tag->span;
	return finding;
}

static struct slice text_of(const struct cross *cross, struct name name)
{
	return name_bytes(cross->scratch, name);
}

/* Takes out what another finding says better: those of `rule` about the text of `record`; all with NULL. */
static void drop(struct cross *cross, enum rule_id rule, const struct slice *record)
{
	struct findings *findings = &cross->out->findings;
	size_t kept = 0;
	for (size_t i = 0; i < findings->count; i++) {
		const struct finding *finding = &findings->items[i];
		if (finding->rule != rule || (record != NULL && !slice_equal(finding->place.record, *record)))
			findings->items[kept++] = *finding;
	}
	findings->count = kept;
}

/* --- domains without mail --- */

/* Nobody passes and everybody fails, however that is written. */
static bool allows_nobody(const struct spf_tree *tree)
{
	return tree->complete && tree->default_result == SPF_FAIL && ipset_is_empty(tree->ipv4) &&
	       ipset_is_empty(tree->ipv6);
}

static void lint_spf_parked(struct cross *cross)
{
	const struct spf_tree *tree = cross->out->spf.tree;
	if (tree->root->selection->selected != 1 || tree->temporary || tree->permerror ||
		!tree->default_known || allows_nobody(tree))
		return;
	add(cross, RULE_SPF_PARKED, cross->request->domain, tree->root->selection->record)->args[0] =
		text_of(cross, cross->request->domain);
}

/* The tag that lets forged mail in; DMARC_TAG_OTHER: none. */
static enum dmarc_tag_id weak_tag(const struct cross *cross)
{
	static const enum dmarc_tag_id ids[] = {[DMARC_SELECTED_P] = DMARC_TAG_P,
		[DMARC_SELECTED_SP] = DMARC_TAG_SP,
		[DMARC_SELECTED_NP] = DMARC_TAG_NP};
	const struct dmarc_discovery *discovery = &cross->out->dmarc.discovery;
	if (discovery->selected != DMARC_REJECT)
		return ids[discovery->selected_tag];
	bool covers = !discovery->walk.temporary &&
		      name_equal(discovery->organizational_domain, cross->request->domain) &&
		      name_equal(discovery->found->domain, cross->request->domain);
	return covers && discovery->policies.subdomain != DMARC_REJECT ? DMARC_TAG_SP : DMARC_TAG_OTHER;
}

static void lint_dmarc_parked(struct cross *cross)
{
	const struct dmarc_discovery *discovery = &cross->out->dmarc.discovery;
	if (discovery->temporary || discovery->found == NULL || !discovery->found->record->policy_usable)
		return;
	enum dmarc_tag_id id = weak_tag(cross);
	if (id == DMARC_TAG_OTHER)
		return;
	struct finding *finding = add_at_tag(cross, RULE_DMARC_PARKED, id);
	finding->args[0] = text_of(cross, cross->request->domain);
	finding->args[1] = finding_text(finding);
	struct slice record = finding->place.record;
	if (id == DMARC_TAG_P)
		drop(cross, RULE_DMARC_P_NONE, &record);
	if (id == DMARC_TAG_SP)
		drop(cross, RULE_DMARC_SP_NONE, &record);
}

/* No sender at all passes. A permerror for those who get as far as some term leaves what passes before it, while
 * one mistake in the text leaves nothing (RFC 7208 4.6, 4.6.4). */
static bool lets_nobody_pass(const struct spf_tree *tree)
{
	const struct spf_node *root = tree->root;
	bool unreadable = root->selection->selected > 1 || (root->record != NULL && !root->record->valid);
	return unreadable || (tree->complete && ipset_is_empty(tree->ipv4) && ipset_is_empty(tree->ipv6));
}

/* DMARC acts on what fails both SPF and DKIM (RFC 9989 4.3), and DKIM keys cannot be found without a message. */
static void lint_without_auth(struct cross *cross)
{
	static const enum dmarc_tag_id ids[] = {[DMARC_SELECTED_P] = DMARC_TAG_P,
		[DMARC_SELECTED_SP] = DMARC_TAG_SP,
		[DMARC_SELECTED_NP] = DMARC_TAG_NP};
	const struct dmarc_discovery *discovery = &cross->out->dmarc.discovery;
	bool broken = cross->out->spf.status == STATUS_INVALID && cross->mail != MAIL_NULL &&
		      lets_nobody_pass(cross->out->spf.tree);
	bool none = cross->out->spf.status == STATUS_NONE && cross->mail == MAIL_SERVERS;
	if ((!broken && !none) || cross->mail == MAIL_UNKNOWN || cross->out->dmarc.status != STATUS_VALID ||
		discovery->applied == DMARC_NONE)
		return;
	struct finding *finding = add_at_tag(cross, RULE_DMARC_WITHOUT_AUTH, ids[discovery->selected_tag]);
	finding->detail = broken ? DETAIL_SPF_IS_BROKEN : DETAIL_SPF_IS_MISSING;
	finding->args[0] = text_of(cross, cross->request->domain);
	finding->args[1] = slice_cstr(dmarc_policy_text(discovery->applied));
}

/* --- mailboxes for reports --- */

/* Why nothing can be delivered there; DETAIL_NONE: it can, or it is not known. */
static enum detail undeliverable(struct cross *cross, struct name host)
{
	const struct answer *mx = view_get(cross->view, host, RRTYPE_MX);
	switch (mail_of(mx)) {
	case MAIL_NULL:
		return DETAIL_MAILBOX_NULL_MX;
	case MAIL_NO_MX:
		if (mx->kind == ANSWER_NXDOMAIN && !mx->owner_exists)
			return DETAIL_SPF_NAME_MISSING;
		break; /* mail goes to its address then: RFC 5321 5.1 */
	case MAIL_SERVERS:
	case MAIL_UNKNOWN:
		return DETAIL_NONE;
	}
	return has_no_address(cross, host) ? DETAIL_MAILBOX_NO_HOST : DETAIL_NONE;
}

static bool is_host_of_earlier(const struct dmarc_uris *uris, size_t index)
{
	for (size_t i = 0; i < index; i++) {
		const struct dmarc_uri *uri = &uris->items[i];
		if (uri->valid && uri->is_mailto && slice_equal_nocase(uri->host, uris->items[index].host))
			return true;
	}
	return false;
}

static void lint_mailboxes(struct cross *cross, const struct dmarc_uris *uris)
{
	const struct dmarc_walk_step *found = cross->out->dmarc.discovery.found;
	for (size_t i = 0; i < uris->count && i < DMARC_MAX_DESTINATIONS; i++) {
		const struct dmarc_uri *uri = &uris->items[i];
		struct name host;
		if (!uri->valid || !uri->is_mailto || uri->host.len == 0 || is_host_of_earlier(uris, i) ||
			name_from_text(cross->scratch, uri->host, &host) != NAME_OK)
			continue;
		enum detail detail = undeliverable(cross, host);
		if (detail == DETAIL_NONE)
			continue;
		struct finding *finding = add(cross, RULE_DMARC_RUA_NO_MX, found->name, found->txt);
		finding->has_span = true;
		finding->span = uri->span;
		finding->detail = detail;
		finding->args[0] = text_of(cross, host);
	}
}

static void lint_reports(struct cross *cross)
{
	const struct dmarc_walk_step *found = cross->out->dmarc.discovery.found;
	if (found == NULL)
		return;
	lint_mailboxes(cross, &found->record->rua);
	lint_mailboxes(cross, &found->record->ruf);
}

/* --- names of mail servers --- */

/* The record, after its redirects, lets the domain's own MX hosts pass. */
static bool lets_mx_pass(const struct cross *cross)
{
	const struct spf_node *node = cross->out->spf.tree->root;
	while (node != NULL) {
		for (size_t i = 0; i < node->count; i++) {
			const struct spf_tree_term *term = &node->terms[i];
			const struct spf_side *side = &term->sides[IP_V4];
			if (term->term->kind == SPF_MX && term->term->qualifier == SPF_QUALIFIER_PASS &&
				side->walked && !name_is_none(side->name) &&
				name_equal(side->name, cross->request->domain))
				return true;
		}
		const struct spf_tree_term *redirect = spf_tree_count_redirect(node);
		node = redirect != NULL ? redirect->tree : NULL;
	}
	return false;
}

/* A server of somebody else: there is nothing that the domain's administrator could publish. */
static bool is_own_host(const struct cross *cross, struct name host)
{
	struct name domain = cross->request->domain;
	if (name_is_within(host, domain))
		return true;
	if (cross->request->psl == NULL)
		return false;
	struct name registered = psl_registrable(cross->request->psl, domain);
	return !name_is_none(registered) && name_is_within(host, registered);
}

static bool has_no_record(struct cross *cross, struct name host)
{
	const struct answer *txt = view_get(cross->view, host, RRTYPE_TXT);
	bool known = is_void(txt) || txt->kind == ANSWER_RECORDS;
	return known && spf_select(cross->view, txt)->selected == 0;
}

/* `list` with ", " and one more. */
static struct slice list_add(struct arena *arena, struct slice list, struct slice item)
{
	return arena_concat(arena, list.len > 0 ? arena_concat(arena, list, SLICE(", ")) : list, item);
}

/* RFC 7208 10.1.3: a bounce is checked by the name of the server. */
static void lint_helo(struct cross *cross)
{
	struct slice list = SLICE("");
	size_t asked = 0, missing = 0;
	if (cross->mail != MAIL_SERVERS || !lets_mx_pass(cross))
		return;
	for (size_t i = 0; i < cross->mx->count && asked < MAX_SERVERS; i++) {
		const struct record *mx = &cross->mx->records[i];
		if (mx->malformed || !is_own_host(cross, mx->data.mx.exchange))
			continue;
		asked++;
		/* without an address it sends nothing */
		if (has_no_address(cross, mx->data.mx.exchange) ||
			!has_no_record(cross, mx->data.mx.exchange) || missing++ >= MAX_LISTED)
			continue;
		list = list_add(cross->scratch, list, text_of(cross, mx->data.mx.exchange));
	}
	if (missing == 0)
		return;
	if (missing > MAX_LISTED)
		list = list_add(cross->scratch, list, SLICE("..."));
	add(cross, RULE_SPF_NO_HELO, cross->request->domain, cross->out->spf.tree->root->selection->record)
		->args[0] = list;
}

/* --- wildcards --- */

/* The name "*.domain". */
static struct name wildcard_of(const struct cross *cross, struct name domain)
{
	struct name name;
	return name_prepend(cross->scratch, SLICE("*"), domain, &name) == NAME_OK ? name : domain;
}

static void lint_spf_wildcard(struct cross *cross)
{
	const struct spf_selection *own = cross->out->spf.tree->root->selection;
	const struct spf_selection *there = spf_select(cross->view, cross->probe);
	struct name domain = cross->request->domain;
	if (own->selected > 0 && cross->txt->from_wildcard)
		add(cross, RULE_SPF_WILDCARD, wildcard_of(cross, name_parent(domain)), own->record);
	else if (there->selected > 0)
		add(cross, RULE_SPF_WILDCARD, wildcard_of(cross, domain), there->record);
	if (there->selected > 0)
		drop(cross, RULE_SPF_WRONG_NAME, &there->record->data.txt.joined);
}

/* The first record of `answer` that the wildcard has, too; both are in canonical order. NULL: none. */
static const struct record *shared_record(const struct answer *answer, const struct answer *probe)
{
	size_t i = 0, j = 0;
	if (answer->from_wildcard && answer->count > 0)
		return &answer->records[0];
	while (i < answer->count && j < probe->count) {
		int order = slice_compare(answer->records[i].rdata, probe->records[j].rdata);
		if (order == 0)
			return &answer->records[i];
		if (order < 0)
			i++;
		else
			j++;
	}
	return NULL;
}

/* What stands at _dmarc stands at every name: it was not published for DMARC. */
static void lint_dmarc_wildcard(struct cross *cross, const struct dmarc_walk_step *own)
{
	const struct record *txt = shared_record(own->answer, cross->probe);
	if (txt == NULL || txt->malformed)
		return;
	add(cross, RULE_DMARC_WILDCARD, own->name, txt)->args[0] = text_of(cross, cross->request->domain);
	drop(cross, RULE_DMARC_UNRELATED_TXT, &txt->data.txt.joined);
	drop(cross, RULE_DMARC_SPF_HERE, &txt->data.txt.joined);
}

/* What may come from a wildcard is not told as somebody's mistake while that cannot be looked up. */
static void drop_doubtful(struct cross *cross)
{
	drop(cross, RULE_DMARC_UNRELATED_TXT, NULL);
	drop(cross, RULE_DMARC_SPF_HERE, NULL);
	drop(cross, RULE_SPF_WRONG_NAME, NULL);
}

/* np is for names that do not exist (RFC 9989 3.2.13, 4.7): here each one does, as far as DNS says. */
static void lint_np(struct cross *cross)
{
	const struct dmarc_discovery *discovery = &cross->out->dmarc.discovery;
	const struct name domain = cross->request->domain;
	if (discovery->temporary || discovery->walk.temporary || discovery->found == NULL ||
		!discovery->found->record->has_np ||
		discovery->policies.nonexistent == discovery->policies.subdomain ||
		!name_equal(discovery->found->domain, domain) ||
		!name_equal(discovery->organizational_domain, domain))
		return;
	bool exists = cross->probe->kind == ANSWER_RECORDS || cross->probe->kind == ANSWER_NODATA ||
		      cross->probe->owner_exists;
	if (exists && cross->probe->kind != ANSWER_TEMPORARY && !view_is_pending(cross->probe))
		add_at_tag(cross, RULE_DMARC_NP_DEFEATED, DMARC_TAG_NP)->args[0] = text_of(cross, domain);
}

static const struct dmarc_walk_step *own_step(const struct cross *cross)
{
	const struct dmarc_walk *walk = &cross->out->dmarc.discovery.walk;
	return walk->count > 0 && walk->steps[0].answer != NULL ? &walk->steps[0] : NULL;
}

static void lint_wildcards(struct cross *cross)
{
	const struct dmarc_walk_step *own = own_step(cross);
	if (cross->probe == NULL)
		return;
	if (cross->probe->kind == ANSWER_TEMPORARY)
		drop_doubtful(cross);
	lint_spf_wildcard(cross);
	if (own != NULL)
		lint_dmarc_wildcard(cross, own);
	lint_np(cross);
}

/* --- all --- */

/* With a record at one of the names something depends on whether a wildcard is there. In the first run that
 * is not known yet: asked ahead. */
static bool needs_probe(const struct cross *cross)
{
	const struct dmarc_walk_step *own = own_step(cross);
	return view_is_pending(cross->txt) || cross->txt->count > 0 ||
	       (own != NULL && own->answer->count > 0);
}

static void ask(struct cross *cross)
{
	struct name domain = cross->request->domain, name;
	if (cross->txt->kind == ANSWER_NXDOMAIN && !cross->txt->owner_exists)
		return;
	cross->mx = view_get(cross->view, domain, RRTYPE_MX);
	cross->mail = mail_of(cross->mx);
	if (needs_probe(cross) &&
		name_prepend(cross->scratch, SLICE(CROSS_MAIL_PROBE), domain, &name) == NAME_OK)
		cross->probe = view_get(cross->view, name, RRTYPE_TXT);
}

/* A registry's own domain: what is below belongs to others. */
static void lint_suffix(struct cross *cross)
{
	struct name domain = cross->request->domain;
	if (cross->request->psl != NULL && psl_is_suffix(cross->request->psl, domain))
		add(cross, RULE_DMARC_PUBLIC_SUFFIX, domain, NULL)->args[0] = text_of(cross, domain);
}

/* The same SPF record at _dmarc, said from both sides: that the domain has none is what matters. */
static void lint_spf_at_dmarc(struct cross *cross)
{
	const struct findings *findings = &cross->out->findings;
	for (size_t i = 0; i < findings->count; i++) {
		struct slice record = findings->items[i].place.record;
		if (findings->items[i].rule == RULE_SPF_WRONG_NAME)
			drop(cross, RULE_DMARC_SPF_HERE, &record);
	}
}

void cross_mail(
	const struct inspect_request *request, struct view *view, struct arena *scratch, struct verdict *out)
{
	struct cross cross = {.request = request, .view = view, .scratch = scratch, .out = out};
	cross.txt = out->spf.tree->root->selection->answer;
	ask(&cross);
	if (cross.mail == MAIL_NULL) {
		lint_spf_parked(&cross);
		lint_dmarc_parked(&cross);
	}
	lint_without_auth(&cross);
	lint_reports(&cross);
	lint_helo(&cross);
	lint_wildcards(&cross);
	lint_suffix(&cross);
	lint_spf_at_dmarc(&cross);
}
