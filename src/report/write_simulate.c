/* write_simulate: see write_simulate.h and mailauth-json(5). The text is one chain of arrows:
 *
 *     sender  ->  SPF  ->  DKIM  ->  alignment  ->  policy  ->  what happens  ->  reports
 */
#include "report/write_simulate.h"

#include "report/json_finding.h"
#include "report/json_parts.h"
#include "report/text_evaluation.h"
#include "report/text_finding.h"
#include "report/text_spf.h"

/* --- JSON -------------------------------------------------------------------------------------- */

static const char *alignment_text(enum dmarc_alignment alignment)
{
	static const char *const texts[] = {[DMARC_NOT_ALIGNED] = "none",
		[DMARC_ALIGNMENT_UNKNOWN] = "unknown",
		[DMARC_ALIGNED_RELAXED] = "relaxed",
		[DMARC_ALIGNED_STRICT] = "strict"};
	return texts[alignment];
}

static const char *selected_text(enum dmarc_selected selected)
{
	static const char *const texts[] = {
		[DMARC_SELECTED_P] = "p", [DMARC_SELECTED_SP] = "sp", [DMARC_SELECTED_NP] = "np"};
	return texts[selected];
}

static enum dmarc_alignment best_dkim(const struct dmarc_judgement *judgement, size_t count)
{
	enum dmarc_alignment best = DMARC_NOT_ALIGNED;
	for (size_t i = 0; i < count; i++)
		best = judgement->dkim[i] > best ? judgement->dkim[i] : best;
	return best;
}

/* true, false, or null when it is not known. */
static void put_aligned(struct json *json, const char *key, enum dmarc_alignment alignment)
{
	json_key(json, key);
	if (alignment == DMARC_ALIGNMENT_UNKNOWN)
		json_null(json);
	else
		json_bool(json, alignment != DMARC_NOT_ALIGNED);
}

static void put_alignment(struct json *json, const struct dmarc_judgement *judgement, size_t dkim_count)
{
	json_key(json, "aligned");
	json_object(json);
	put_aligned(json, "spf", judgement->spf);
	put_aligned(json, "dkim", best_dkim(judgement, dkim_count));
	json_end_object(json);
	json_key(json, "alignment");
	json_object(json);
	json_key(json, "spf");
	json_text(json, alignment_text(judgement->spf));
	json_key(json, "dkim");
	json_array(json);
	for (size_t i = 0; i < dkim_count; i++)
		json_text(json, alignment_text(judgement->dkim[i]));
	json_end_array(json);
	json_end_object(json);
}

static void put_judgement(
	struct json *json, const char *key, const struct dmarc_judgement *judgement, size_t dkim_count)
{
	json_key(json, key);
	json_object(json);
	json_key(json, "result");
	json_text(json, dmarc_result_text(judgement->result));
	json_key(json, "disposition");
	json_text(json, judgement->has_disposition ? dmarc_policy_text(judgement->disposition) : NULL);
	json_key(json, "applied_policy");
	json_text(json, judgement->has_policy ? dmarc_policy_text(judgement->policy) : NULL);
	json_key(json, "selected_tag");
	json_text(json, judgement->has_policy ? selected_text(judgement->selected_tag) : NULL);
	json_key(json, "location");
	json_parts_name(json, judgement->location);
	json_key(json, "organizational_domain");
	if (judgement->organizational_domain.known)
		json_parts_name(json, judgement->organizational_domain.domain);
	else
		json_null(json);
	put_alignment(json, judgement, dkim_count);
	json_key(json, "pct");
	json_number(json, judgement->pct);
	json_end_object(json);
}

static void put_spf(struct json *json, const struct write_simulate_report *report)
{
	const struct simulation *simulation = report->simulation;
	struct json_trace_input input = report->input;
	if (!simulation->has_spf)
		input = (struct json_trace_input){
			.domain = name_text(json->arena, report->request->spf_domain)};
	json_key(json, "spf");
	json_object(json);
	json_key(json, "result");
	json_text(json, spf_result_text(simulation->spf_result));
	json_trace_input(json, &input);
	json_trace_verdict(json, &report->request->spf, simulation->has_spf ? &simulation->spf : NULL);
	json_end_object(json);
}

void write_simulate_json(struct buf *out, struct arena *scratch, const struct write_simulate_report *report)
{
	const struct simulation *simulation = report->simulation;
	size_t dkim_count = report->request->dkim_count;
	struct json json;
	json_init(&json, out, scratch, true, 0);
	json_object(&json);
	json_key(&json, "schema");
	json_text(&json, "mailauth/simulate/1");
	put_spf(&json, report);
	put_judgement(&json, "dmarc", &simulation->dmarc, dkim_count);
	put_judgement(&json, "rfc7489", &simulation->rfc7489, dkim_count);
	json_key(&json, "smtp_reply");
	if (simulation->has_reply)
		json_string(&json, simulation->smtp_reply);
	else
		json_null(&json);
	json_key(&json, "incomplete");
	json_finding_incomplete(&json, simulation->incomplete, simulation->incomplete_count);
	json_parts_cost(&json, &report->cost);
	json_end_object(&json);
	buf_byte(out, '\n');
}

/* --- text: the chain --------------------------------------------------------------------------- */

#define STATION 14 /* column of what is said at a station */

struct chain {
	const struct text *text;
	const struct write_simulate_report *report;
};

static void put_station(
	const struct chain *chain, const char *name, enum text_style style, struct slice shown)
{
	text_labelled(chain->text, style, 0, name, STATION, shown);
}

static void put_more(const struct chain *chain, enum text_style style, struct slice shown)
{
	text_labelled(chain->text, style, 0, "", STATION, shown);
}

static void put_arrow(const struct chain *chain)
{
	bool unicode = chain->text->options->unicode;
	text_line(chain->text, TEXT_FAINT, SLICE("   "), unicode ? SLICE("\xe2\x94\x82") : SLICE("|"));
	text_line(chain->text, TEXT_FAINT, SLICE("   "), unicode ? SLICE("\xe2\x96\xbc") : SLICE("v"));
}

static void put_sender(const struct chain *chain)
{
	const struct text *text = chain->text;
	const struct simulate_request *request = chain->report->request;
	struct slice from = text_raw(text, request->from), author = text_name(text, request->author);
	if (chain->report->input.sender.ptr == NULL)
		put_station(chain, "sender", TEXT_PLAIN, SLICE("somebody sends a message"));
	else
		put_station(chain, "sender", TEXT_PLAIN,
			text_evaluation_client(text, &request->spf, chain->report->input.helo.ptr != NULL));
	put_more(chain, TEXT_PLAIN,
		arena_printf(text->arena, "its reader sees From: %.*s, so the author domain is %.*s",
			(int)from.len, from.ptr, (int)author.len, author.ptr));
}

static void put_given_spf(const struct chain *chain)
{
	const struct text *text = chain->text;
	enum spf_result result = chain->report->simulation->spf_result;
	struct slice domain = text_name(text, chain->report->request->spf_domain);
	put_station(chain, "SPF", text_trace_style(result),
		arena_printf(text->arena, "%s for %.*s (as given)", spf_result_text(result), (int)domain.len,
			domain.ptr));
}

static void put_spf_station(const struct chain *chain)
{
	const struct text *text = chain->text;
	const struct simulation *simulation = chain->report->simulation;
	const struct spf_verdict *verdict = &simulation->spf;
	if (!simulation->has_spf) {
		put_given_spf(chain);
		return;
	}
	struct slice domain = text_raw(text, chain->report->request->spf.domain);
	struct slice term = text_raw(text, verdict->mechanism_text);
	struct slice at = text_raw(text, verdict->domain);
	put_station(chain, "SPF", text_trace_style(verdict->result),
		arena_printf(text->arena, "%s for %.*s: %s", spf_result_text(verdict->result),
			(int)domain.len, domain.ptr, text_trace_meaning(verdict->result)));
	if (verdict->mechanism != NULL)
		put_more(chain, TEXT_PLAIN,
			arena_printf(text->arena, "decided by %.*s in the record of %.*s", (int)term.len,
				term.ptr, (int)at.len, at.ptr));
	if (verdict->reason.len > 0)
		put_more(chain, TEXT_PLAIN, text_shown(text, verdict->reason));
	if (text->options->verbose)
		text_trace(text, verdict, chain->report->request->spf.ip);
}

static void put_dkim_station(const struct chain *chain)
{
	const struct text *text = chain->text;
	const struct simulate_request *request = chain->report->request;
	if (request->dkim_count == 0)
		put_station(chain, "DKIM", TEXT_PLAIN, SLICE("no signature"));
	for (size_t i = 0; i < request->dkim_count; i++) {
		const struct simulate_dkim *dkim = &request->dkim[i];
		struct slice domain = text_name(text, dkim->name), selector = text_raw(text, dkim->selector);
		put_station(chain, i == 0 ? "DKIM" : "", dkim->result == DKIM_PASS ? TEXT_GOOD : TEXT_PLAIN,
			arena_printf(text->arena, "%s for %.*s%s%.*s%s", simulate_dkim_text(dkim->result),
				(int)domain.len, domain.ptr, selector.len > 0 ? " (selector " : "",
				(int)selector.len, selector.len > 0 ? selector.ptr : "",
				selector.len > 0 ? ")" : ""));
	}
}

/* What alignment makes of one identifier of SPF, else of DKIM. */
static struct slice alignment_words(const struct chain *chain, bool is_spf, struct name domain,
	enum dmarc_auth_result result, enum dmarc_alignment alignment)
{
	struct arena *arena = chain->text->arena;
	const struct dmarc_walk_step *found = chain->report->simulation->discovery.found;
	const char *method = is_spf ? "SPF" : "DKIM";
	const char *shown = arena_cstr(arena, text_name(chain->text, domain));
	if (result == DMARC_AUTH_TEMPERROR)
		return arena_printf(
			arena, "%s has no result yet, so it is open whether %s counts", method, shown);
	if (result == DMARC_AUTH_NO_PASS)
		return arena_printf(arena, "%s did not pass, so %s does not count", method, shown);
	switch (alignment) {
	case DMARC_ALIGNED_STRICT:
		return arena_printf(arena, "%s: %s is the author domain: aligned", method, shown);
	case DMARC_ALIGNED_RELAXED:
		return arena_printf(
			arena, "%s: %s has the same organizational domain: aligned (relaxed)", method, shown);
	case DMARC_ALIGNMENT_UNKNOWN:
		return arena_printf(
			arena, "%s: whether %s is aligned is not known, DNS failed for now", method, shown);
	case DMARC_NOT_ALIGNED:
		break;
	}
	if (found != NULL && (is_spf ? found->record->strict_spf : found->record->strict_dkim))
		return arena_printf(arena,
			"%s: %s is not the author domain itself: not aligned (strict, by %s)", method, shown,
			is_spf ? "aspf=s" : "adkim=s");
	return arena_printf(
		arena, "%s: %s has another organizational domain: not aligned (relaxed)", method, shown);
}

static enum text_style alignment_style(enum dmarc_alignment alignment)
{
	return alignment >= DMARC_ALIGNED_RELAXED ? TEXT_GOOD : TEXT_PLAIN;
}

static void put_alignment_station(const struct chain *chain)
{
	const struct simulate_request *request = chain->report->request;
	const struct simulation *simulation = chain->report->simulation;
	const struct dmarc_judgement *dmarc = &simulation->dmarc;
	if (!dmarc->has_policy) {
		put_station(chain, "alignment", TEXT_PLAIN,
			dmarc->result == DMARC_RESULT_TEMPERROR
				? SLICE("not looked at: DNS did not say whether there is a DMARC record")
				: SLICE("not looked at: no DMARC record applies"));
		return;
	}
	if (simulation->spf_identifier.has_domain)
		put_station(chain, "alignment", alignment_style(dmarc->spf),
			alignment_words(chain, true, simulation->spf_identifier.domain,
				simulation->spf_identifier.result, dmarc->spf));
	else
		put_station(
			chain, "alignment", TEXT_PLAIN, SLICE("SPF: there is no domain that could align"));
	for (size_t i = 0; i < request->dkim_count; i++)
		put_more(chain, alignment_style(dmarc->dkim[i]),
			alignment_words(chain, false, request->dkim[i].name,
				simulate_auth_result(request->dkim[i].result), dmarc->dkim[i]));
}

/* Why this record counts (RFC 9989 4.10.1). */
static const char *found_reason(const struct chain *chain)
{
	const struct dmarc_judgement *dmarc = &chain->report->simulation->dmarc;
	if (name_equal(dmarc->location, chain->report->request->author))
		return "the author domain's own record";
	if (dmarc->organizational_domain.known &&
		name_equal(dmarc->location, dmarc->organizational_domain.domain))
		return "that of the organizational domain";
	return "that of the public suffix above it";
}

/* Why no policy applies. A record whose p, sp or np is broken switches DMARC off (RFC 9989 4.10.1). */
static struct slice no_policy(const struct chain *chain)
{
	const struct simulation *simulation = chain->report->simulation;
	const struct dmarc_walk_step *found = simulation->discovery.found;
	if (simulation->dmarc.result == DMARC_RESULT_TEMPERROR)
		return SLICE("not known: DNS failed for now");
	if (found == NULL)
		return SLICE("none found: receivers apply no DMARC policy to this domain");
	struct slice name = text_name(chain->text, found->name);
	return arena_printf(chain->text->arena,
		"none: the record at %.*s is broken in a way that switches DMARC off", (int)name.len,
		name.ptr);
}

static void put_policy_station(const struct chain *chain)
{
	const struct text *text = chain->text;
	const struct simulation *simulation = chain->report->simulation;
	const struct dmarc_judgement *dmarc = &simulation->dmarc;
	struct slice location = name_is_none(dmarc->location) ? SLICE("") : text_name(text, dmarc->location);
	if (!dmarc->has_policy) {
		put_station(chain, "policy", TEXT_PLAIN, no_policy(chain));
		return;
	}
	put_station(chain, "policy", TEXT_PLAIN,
		arena_printf(text->arena, "%s, by the tag %s at _dmarc.%.*s (%s)",
			dmarc_policy_text(dmarc->policy), selected_text(dmarc->selected_tag),
			(int)location.len, location.ptr, found_reason(chain)));
	if (simulation->discovery.found->record->testing)
		put_more(chain, TEXT_NOTE,
			SLICE("t=y: the policy is being tested, so this is one level less"));
}

/* --- text: the end of the chain ---------------------------------------------------------------- */

static const char *disposition_words(const struct dmarc_judgement *judgement)
{
	switch (judgement->disposition) {
	case DMARC_NONE:
		return "the message is handled as usual";
	case DMARC_QUARANTINE:
		return "the policy asks to treat the message as suspicious (quarantine)";
	case DMARC_REJECT:
		return "the policy asks to refuse the message (reject)";
	}
	return "";
}

static enum text_style result_style(enum dmarc_result result)
{
	static const enum text_style styles[] = {[DMARC_RESULT_NONE] = TEXT_NOTE,
		[DMARC_RESULT_PASS] = TEXT_GOOD,
		[DMARC_RESULT_FAIL] = TEXT_BAD,
		[DMARC_RESULT_PERMERROR] = TEXT_BAD,
		[DMARC_RESULT_TEMPERROR] = TEXT_WARNING};
	return styles[result];
}

static struct slice happening(const struct chain *chain, const struct dmarc_judgement *judgement)
{
	struct arena *arena = chain->text->arena;
	if (!judgement->has_disposition)
		return SLICE("DMARC temperror: the policy cannot be applied; receivers deliver it or ask to "
			     "try again later");
	return arena_printf(
		arena, "DMARC %s: %s", dmarc_result_text(judgement->result), disposition_words(judgement));
}

/* True when pct= lets some of such messages off. */
static bool has_share(const struct dmarc_judgement *older)
{
	return older->result == DMARC_RESULT_FAIL && older->disposition != DMARC_NONE && older->pct > 0 &&
	       older->pct < 100;
}

/* True when a receiver of the older standard does something else with this message. */
static bool older_differs(const struct dmarc_judgement *newer, const struct dmarc_judgement *older)
{
	return newer->result != older->result || newer->has_disposition != older->has_disposition ||
	       newer->disposition != older->disposition || has_share(older);
}

static void put_older(const struct chain *chain)
{
	const struct simulation *simulation = chain->report->simulation;
	const struct dmarc_judgement *older = &simulation->rfc7489;
	struct arena *arena = chain->text->arena;
	if (!older_differs(&simulation->dmarc, older))
		return;
	struct slice words = happening(chain, older);
	put_more(chain, TEXT_NOTE,
		arena_printf(arena, "receivers that still follow RFC 7489: %.*s", (int)words.len, words.ptr));
	if (has_share(older))
		put_more(chain, TEXT_NOTE,
			arena_printf(arena,
				"there pct=%u counts: %u of 100 such messages get that, the others are %s",
				older->pct, older->pct,
				older->disposition == DMARC_REJECT ? "treated as suspicious (quarantine)"
								   : "handled as usual"));
}

static void put_reply(const struct chain *chain)
{
	const struct text *text = chain->text;
	const struct simulation *simulation = chain->report->simulation;
	struct slice rest = simulation->smtp_reply;
	if (!simulation->has_reply)
		return;
	put_more(chain, TEXT_PLAIN,
		simulation->dmarc.has_disposition && simulation->dmarc.disposition == DMARC_REJECT
			? SLICE("where it is refused, the sending server is told:")
			: SLICE("a receiver that refuses on SPF fail tells the sending server:"));
	while (rest.len > 0) {
		size_t end = slice_find(rest, '\r', 0);
		text_wrap(text, TEXT_PLAIN, text_blanks(text, STATION + 2), text_blanks(text, STATION + 6),
			text_raw(text, slice_head(rest, end)));
		rest = slice_from(rest, end + 2);
	}
}

static void put_happening(const struct chain *chain)
{
	const struct dmarc_judgement *dmarc = &chain->report->simulation->dmarc;
	put_station(chain, "what happens", result_style(dmarc->result), happening(chain, dmarc));
	if (dmarc->has_disposition && dmarc->disposition == DMARC_REJECT) /* RFC 9989 7.4, 8 */
		put_more(chain, TEXT_PLAIN,
			SLICE("a receiver that knows nothing else about it is to treat it as suspicious "
			      "instead"));
	put_older(chain);
	put_reply(chain);
}

static const char *destination_words(const struct dmarc_destination *item)
{
	if (!item->uri->valid)
		return " (not a valid address: ignored)";
	if (!item->external_known)
		return " (not known whether it is another organization's)";
	if (!item->external)
		return "";
	switch (item->authorized) {
	case DMARC_AUTHORIZED:
		return " (another organization, which agrees)";
	case DMARC_UNAUTHORIZED:
		return " (another organization, which does not agree: nothing is sent)";
	case DMARC_AUTHORIZATION_UNKNOWN:
		return " (another organization; DNS did not tell whether it agrees)";
	}
	return "";
}

static void put_destinations(
	const struct chain *chain, const char *what, const struct dmarc_destination *items, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct slice uri = text_raw(chain->text, items[i].uri->text);
		put_more(chain, TEXT_PLAIN,
			arena_printf(chain->text->arena, "%s %.*s%s", what, (int)uri.len, uri.ptr,
				destination_words(&items[i])));
	}
}

static void put_reports(const struct chain *chain)
{
	const struct simulation *simulation = chain->report->simulation;
	bool fails = simulation->dmarc.result == DMARC_RESULT_FAIL;
	if (simulation->rua_count + simulation->ruf_count == 0) {
		put_station(chain, "reports", TEXT_PLAIN,
			SLICE("nobody is told: no address for reports applies"));
		return;
	}
	put_station(chain, "reports", TEXT_PLAIN,
		fails ? SLICE("the domain is told, if the receiver sends reports:")
		      : SLICE("the domain sees it in its statistics, if the receiver sends reports:"));
	put_destinations(chain, "statistics to", simulation->rua, simulation->rua_count);
	if (fails)
		put_destinations(chain, "this failure to", simulation->ruf, simulation->ruf_count);
}

static void put_headline(const struct chain *chain)
{
	const struct text *text = chain->text;
	const struct dmarc_judgement *dmarc = &chain->report->simulation->dmarc;
	text_styled(text, TEXT_STRONG, text_name(text, chain->report->request->author));
	buf_text(text->out, "  ");
	text_styled(text, result_style(dmarc->result),
		arena_printf(text->arena, "DMARC %s", dmarc_result_text(dmarc->result)));
	if (dmarc->has_disposition)
		buf_printf(text->out, ", disposition %s", dmarc_policy_text(dmarc->disposition));
	text_newline(text);
	text_newline(text);
}

void write_simulate_text(struct buf *out, struct arena *scratch, const struct writer_options *options,
	const struct write_simulate_report *report)
{
	static void (*const stations[])(const struct chain *chain) = {put_sender, put_spf_station,
		put_dkim_station, put_alignment_station, put_policy_station, put_happening, put_reports};
	struct text text;
	text_init(&text, out, scratch, options);
	const struct chain chain = {&text, report};
	put_headline(&chain);
	for (size_t i = 0; i < sizeof stations / sizeof stations[0]; i++) {
		if (i > 0)
			put_arrow(&chain);
		stations[i](&chain);
	}
	text_finding_incomplete(&text, report->simulation->incomplete, report->simulation->incomplete_count,
		report->simulation->dmarc.result != DMARC_RESULT_TEMPERROR &&
			report->simulation->spf_result != SPF_TEMPERROR);
	if (options->verbose)
		text_evaluation_cost(&text, &report->cost);
}
