/* simulate: see simulate.h. */
#include "inspect/simulate.h"

#include "inspect/smtp_reply.h"

const char *simulate_dkim_text(enum dkim_result result)
{
	static const char *const texts[] = {[DKIM_NONE] = "none",
		[DKIM_PASS] = "pass",
		[DKIM_FAIL] = "fail",
		[DKIM_POLICY] = "policy",
		[DKIM_NEUTRAL] = "neutral",
		[DKIM_TEMPERROR] = "temperror",
		[DKIM_PERMERROR] = "permerror"};
	return result < DKIM_RESULT_COUNT ? texts[result] : "";
}

/* --- identifiers (RFC 9989 4.4.1, 4.4.2) ------------------------------------------------------- */

static enum dmarc_auth_result spf_auth_result(enum spf_result result)
{
	switch (result) {
	case SPF_PASS:
		return DMARC_AUTH_PASS;
	case SPF_TEMPERROR:
		return DMARC_AUTH_TEMPERROR;
	case SPF_NONE:
	case SPF_NEUTRAL:
	case SPF_FAIL:
	case SPF_SOFTFAIL:
	case SPF_PERMERROR:
		return DMARC_AUTH_NO_PASS;
	}
	return DMARC_AUTH_NO_PASS;
}

/* The MAIL FROM domain; for a null reverse-path that is the HELO domain (RFC 7208 2.4). */
static struct dmarc_identifier spf_identifier(
	const struct simulate_request *request, struct arena *arena, enum spf_result result)
{
	struct dmarc_identifier identifier = {spf_auth_result(result), true, request->spf_domain};
	if (request->evaluate_spf)
		identifier.has_domain =
			name_from_text(arena, request->spf.sender_domain, &identifier.domain) == NAME_OK;
	return identifier;
}

enum dmarc_auth_result simulate_auth_result(enum dkim_result result)
{
	if (result == DKIM_PASS)
		return DMARC_AUTH_PASS;
	return result == DKIM_TEMPERROR ? DMARC_AUTH_TEMPERROR : DMARC_AUTH_NO_PASS;
}

static struct dmarc_identifier *dkim_identifiers(const struct simulate_request *request, struct arena *arena)
{
	struct dmarc_identifier *identifiers =
		arena_alloc(arena, (request->dkim_count + 1) * sizeof *identifiers);
	for (size_t i = 0; i < request->dkim_count; i++) {
		enum dmarc_auth_result result = simulate_auth_result(request->dkim[i].result);
		identifiers[i] = (struct dmarc_identifier){result, true, request->dkim[i].name};
	}
	return identifiers;
}

/* --- the reply --------------------------------------------------------------------------------- */

static struct slice explained(
	const struct simulation *out, struct arena *arena, const char *text, struct slice domain)
{
	if (!out->has_spf || !out->spf.has_explanation)
		return slice_cstr(text);
	/* Marked as the sender's own words (RFC 7208 6.2, 11.5.2). */
	return arena_printf(arena, "%s; %.*s explains: %.*s", text, (int)domain.len, domain.ptr,
		(int)out->spf.explanation.len, out->spf.explanation.ptr);
}

/* A rejection by policy, else that of a receiver who refuses on SPF fail (RFC 7372 3.2). */
static void make_reply(const struct simulate_request *request, struct arena *arena, struct simulation *out)
{
	if (out->dmarc.has_disposition && out->dmarc.disposition == DMARC_REJECT) {
		struct slice author = name_text(arena, request->author);
		struct slice text = arena_printf(arena,
			"The message fails DMARC, and %.*s asks for such mail to be rejected",
			(int)author.len, author.ptr);
		out->has_reply = true;
		out->smtp_reply = smtp_reply(
			arena, "550", "5.7.1", explained(out, arena, text.ptr, request->spf.sender_domain));
		return;
	}
	if (out->spf_result != SPF_FAIL)
		return;
	out->has_reply = true;
	out->smtp_reply = smtp_reply(arena, "550", "5.7.23",
		explained(
			out, arena, "The sending host is not authorized by SPF", request->spf.sender_domain));
}

/* Where reports go; what is wrong with the record is not said here. */
static void find_destinations(struct view *view, struct arena *arena, struct simulation *out)
{
	const struct dmarc_walk_step *found = out->discovery.found;
	const struct finding_place nowhere = {.type = SLICE("TXT")};
	struct dmarc_destination *rua, *ruf;
	struct findings ignored;
	if (found == NULL || !out->discovery.policies.applies)
		return;
	findings_init(&ignored, arena);
	dmarc_reportauth(view, arena, found->record, DMARC_TAG_RUA, found->domain, &nowhere, &ignored, &rua,
		&out->rua_count);
	dmarc_reportauth(view, arena, found->record, DMARC_TAG_RUF, found->domain, &nowhere, &ignored, &ruf,
		&out->ruf_count);
	out->rua = rua;
	out->ruf = ruf;
}

enum eval_state simulate(const struct simulate_request *request, struct view *view, struct arena *scratch,
	struct simulation *out)
{
	*out = (struct simulation){.has_spf = request->evaluate_spf, .spf_result = request->spf_result};
	/* Whatever SPF still waits for, the DMARC questions are asked in the same run. */
	if (request->evaluate_spf && spf_check(&request->spf, view, scratch, &out->spf) == EVAL_DONE)
		out->spf_result = out->spf.result;
	out->spf_identifier = spf_identifier(request, scratch, out->spf_result);
	const struct dmarc_identifier *dkim = dkim_identifiers(request, scratch);
	dmarc_discover(view, scratch, request->author, &out->discovery);
	dmarc_rfc7489_discover(view, scratch, request->psl, request->author, &out->older);
	dmarc_align_judge(view, scratch, request->author, &out->discovery, &out->spf_identifier, dkim,
		request->dkim_count, &out->dmarc);
	dmarc_align_judge_rfc7489(scratch, request->psl, request->author, &out->older, &out->spf_identifier,
		dkim, request->dkim_count, &out->rfc7489);
	find_destinations(view, scratch, out);
	out->incomplete = view_failures(view, &out->incomplete_count);
	make_reply(request, scratch, out);
	return view_end_run(view);
}
