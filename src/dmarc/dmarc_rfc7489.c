/* dmarc_rfc7489: the older discovery (RFC 7489 3.2, 6.6.3) and policy (6.3).
 *
 * Two names at most: the Author Domain, and the registrable domain that the public suffix list gives.
 * Several records at the name that is used end the search; np, psd and t are unknown tags. Lenient where
 * receivers are: v=DMARC1 without a semicolon, and p in another place than the second, are accepted.
 */
#include "dmarc/dmarc_rfc7489.h"

#include "dmarc/dmarc_select.h"

static const struct answer *ask(struct view *view, struct arena *arena, struct name domain)
{
	struct name name;
	if (name_prepend(arena, SLICE("_dmarc"), domain, &name) != NAME_OK)
		return NULL;
	return dmarc_select_readable(view, view_get(view, name, RRTYPE_TXT));
}

/* The registrable domain; a public suffix is its own. */
static struct name organization(const struct psl *psl, struct name author)
{
	struct name registrable = psl_registrable(psl, author);
	return name_is_none(registrable) ? author : registrable;
}

/* RFC 7489 6.6.3 step 6: p is needed, and sp has to be good when it is there; np is not known. */
static bool is_policy_usable(const struct dmarc_record *record)
{
	return record->has_p && (record->has_sp || dmarc_record_tag(record, DMARC_TAG_SP) == NULL);
}

static void apply(
	struct dmarc_rfc7489 *out, const struct dmarc_record *record, struct name location, bool own)
{
	bool usable = is_policy_usable(record);
	out->location = location;
	out->record = record;
	out->pct = record->pct;
	out->applies = usable || record->has_usable_rua;
	if (usable)
		out->policy = own || !record->has_sp ? record->p : record->sp;
}

/* True when the search ends at this name: with a record, with several, or because it is not known. */
static bool use(struct view *view, const struct answer *answer, struct name location, bool own,
	struct dmarc_rfc7489 *out)
{
	if (answer == NULL)
		return false;
	if (answer->kind == ANSWER_TEMPORARY) {
		out->temporary = true;
		return true;
	}
	const struct dmarc_selection *selection = dmarc_select(view, answer);
	if (selection->count == 1) {
		out->txt = selection->first;
		apply(out, selection->record, location, own);
	}
	return selection->count > 0;
}

/* Names below are governed by the registrable domain's record (RFC 7489 6.6.3), and those below a public
 * suffix by none of its. `answer`: of _dmarc there. */
static void find_below(struct view *view, const struct psl *psl, const struct answer *answer,
	struct name author, struct dmarc_rfc7489 *out)
{
	struct dmarc_rfc7489 found = {.pct = 100};
	if (!name_is_none(psl_registrable(psl, author)))
		use(view, answer, out->organizational_domain, false, &found);
	out->below = (struct dmarc_rfc7489_below){.location = found.location,
		.record = found.record,
		.txt = found.txt,
		.applies = found.applies,
		.temporary = found.temporary,
		.policy = found.policy,
		.pct = found.pct};
}

void dmarc_rfc7489_discover(struct view *view, struct arena *arena, const struct psl *psl, struct name author,
	struct dmarc_rfc7489 *out)
{
	*out = (struct dmarc_rfc7489){.pct = 100, .organizational_domain = organization(psl, author)};
	struct name above = out->organizational_domain;
	const struct answer *first = ask(view, arena, author);
	const struct answer *second = name_equal(above, author) ? NULL : ask(view, arena, above);
	if (!use(view, first, author, true, out))
		use(view, second, above, false, out);
	find_below(view, psl, name_equal(above, author) ? first : second, author, out);
}
