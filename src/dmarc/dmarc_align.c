/* dmarc_align: see dmarc_align.h. */
#include "dmarc/dmarc_align.h"

const char *dmarc_result_text(enum dmarc_result result)
{
	static const char *const texts[] = {[DMARC_RESULT_NONE] = "none",
		[DMARC_RESULT_PASS] = "pass",
		[DMARC_RESULT_FAIL] = "fail",
		[DMARC_RESULT_PERMERROR] = "permerror",
		[DMARC_RESULT_TEMPERROR] = "temperror"};
	return texts[result];
}

/* How a reading finds organizational domains. */
struct reading {
	struct view *view; /* tree walk; NULL: public suffix list */
	struct arena *arena;
	const struct psl *psl;
	struct name author;
	struct dmarc_org author_org;
};

static struct dmarc_org organizational_domain(const struct reading *reading, struct name domain)
{
	if (reading->view == NULL) {
		struct name registrable = psl_registrable(reading->psl, domain);
		return (struct dmarc_org){name_is_none(registrable) ? domain : registrable, true};
	}
	struct dmarc_walk walk;
	dmarc_walk(reading->view, reading->arena, domain, &walk);
	return (struct dmarc_org){dmarc_organizational_domain(&walk, domain), !walk.temporary};
}

/* How a domain aligns if it is authenticated. RFC 9989 4.4: identical names need no walk; strict allows
 * nothing else. */
static enum dmarc_alignment align_domain(const struct reading *reading, struct name domain, bool strict)
{
	if (name_equal(domain, reading->author))
		return DMARC_ALIGNED_STRICT;
	if (strict)
		return DMARC_NOT_ALIGNED;
	struct dmarc_org org = organizational_domain(reading, domain);
	if (!org.known || !reading->author_org.known)
		return DMARC_ALIGNMENT_UNKNOWN;
	return name_equal(org.domain, reading->author_org.domain) ? DMARC_ALIGNED_RELAXED : DMARC_NOT_ALIGNED;
}

/* One identifier: only one that passed aligns. One that failed for now could have: then *incomplete (RFC
 * 9989 5.3.6). */
static enum dmarc_alignment align(const struct reading *reading, const struct dmarc_identifier *identifier,
	bool strict, bool *incomplete)
{
	if (!identifier->has_domain || identifier->result == DMARC_AUTH_NO_PASS)
		return DMARC_NOT_ALIGNED;
	enum dmarc_alignment alignment = align_domain(reading, identifier->domain, strict);
	if (identifier->result == DMARC_AUTH_PASS)
		return alignment;
	*incomplete = *incomplete || alignment != DMARC_NOT_ALIGNED;
	return DMARC_NOT_ALIGNED;
}

/* Alignment of every identifier, and the result: pass when one aligned identifier passed (RFC 9989
 * 5.3.5). Neither pass nor fail when something that could have made it pass did not complete (RFC 9989
 * 5.3.6). */
static void judge_identifiers(const struct reading *reading, const struct dmarc_record *record,
	const struct dmarc_identifier *spf, const struct dmarc_identifier *dkim, size_t dkim_count,
	struct dmarc_judgement *out)
{
	bool incomplete = false;
	enum dmarc_alignment *aligned = arena_alloc(reading->arena, (dkim_count + 1) * sizeof *aligned);
	enum dmarc_alignment best = out->spf = align(reading, spf, record->strict_spf, &incomplete);
	for (size_t i = 0; i < dkim_count; i++) {
		aligned[i] = align(reading, &dkim[i], record->strict_dkim, &incomplete);
		best = aligned[i] > best ? aligned[i] : best;
	}
	out->dkim = aligned;
	if (best >= DMARC_ALIGNED_RELAXED)
		out->result = DMARC_RESULT_PASS;
	else if (incomplete || best == DMARC_ALIGNMENT_UNKNOWN)
		out->result = DMARC_RESULT_TEMPERROR;
	else
		out->result = DMARC_RESULT_FAIL;
}

static void set_disposition(struct dmarc_judgement *out)
{
	out->has_disposition = out->result != DMARC_RESULT_TEMPERROR;
	out->disposition = out->result == DMARC_RESULT_FAIL ? out->policy : DMARC_NONE;
	/* RFC 7489 6.6.4: mail that is not selected gets one level less. With pct=0 that is all of it, as
	 * with t=y. */
	if (out->pct == 0)
		out->disposition = dmarc_policy_applied(out->disposition, true);
}

/* A judgement in which nothing aligns, for the cases without a record. */
static void judge_without_record(
	struct arena *arena, enum dmarc_result result, size_t dkim_count, struct dmarc_judgement *out)
{
	out->result = result;
	out->dkim = arena_alloc(arena, (dkim_count + 1) * sizeof *out->dkim);
	set_disposition(out);
}

void dmarc_align_judge(struct view *view, struct arena *arena, struct name author,
	const struct dmarc_discovery *discovery, const struct dmarc_identifier *spf,
	const struct dmarc_identifier *dkim, size_t dkim_count, struct dmarc_judgement *out)
{
	*out = (struct dmarc_judgement){.pct = 100,
		.organizational_domain = {discovery->organizational_domain, !discovery->walk.temporary}};
	if (discovery->temporary) {
		judge_without_record(arena, DMARC_RESULT_TEMPERROR, dkim_count, out);
		return;
	}
	if (discovery->found == NULL || !discovery->policies.applies) {
		judge_without_record(arena, DMARC_RESULT_NONE, dkim_count, out); /* RFC 9989 4.10.1 */
		return;
	}
	out->has_policy = true;
	out->policy = discovery->applied;
	out->selected_tag = discovery->selected_tag;
	out->location = discovery->found->domain;
	struct reading reading = {view, arena, NULL, author, out->organizational_domain};
	judge_identifiers(&reading, discovery->found->record, spf, dkim, dkim_count, out);
	set_disposition(out);
}

void dmarc_align_judge_rfc7489(struct arena *arena, const struct psl *psl, struct name author,
	const struct dmarc_rfc7489 *discovery, const struct dmarc_identifier *spf,
	const struct dmarc_identifier *dkim, size_t dkim_count, struct dmarc_judgement *out)
{
	*out = (struct dmarc_judgement){
		.pct = discovery->pct, .organizational_domain = {discovery->organizational_domain, true}};
	if (discovery->temporary || !discovery->applies) {
		judge_without_record(arena, discovery->temporary ? DMARC_RESULT_TEMPERROR : DMARC_RESULT_NONE,
			dkim_count, out);
		return;
	}
	out->has_policy = true;
	out->policy = discovery->policy;
	out->location = discovery->location;
	bool own = name_equal(author, discovery->location);
	out->selected_tag = !own && discovery->record->has_sp ? DMARC_SELECTED_SP : DMARC_SELECTED_P;
	struct reading reading = {NULL, arena, psl, author, out->organizational_domain};
	judge_identifiers(&reading, discovery->record, spf, dkim, dkim_count, out);
	set_disposition(out);
}
