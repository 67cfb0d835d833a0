/* text_evaluation: see text_evaluation.h. */
#include "report/text_evaluation.h"

#include "report/caret.h"
#include "report/text_spf.h"

void text_evaluation_fact(
	const struct text *text, enum text_style style, const char *label, struct slice shown)
{
	text_labelled(text, style, TEXT_BODY, label, TEXT_VALUE, shown);
}

struct slice text_evaluation_client(const struct text *text, const struct spf_request *request, bool has_helo)
{
	struct slice ip = ip_text(text->arena, request->ip);
	struct slice helo = text_raw(text, request->helo);
	struct slice says =
		has_helo ? arena_printf(text->arena, " (HELO %.*s)", (int)helo.len, helo.ptr) : SLICE("");
	struct slice sender = text_raw(text, request->mail_from);
	if (request->is_helo_identity)
		sender = SLICE("the null sender <>");
	return arena_printf(text->arena, "%.*s%.*s sends mail from %.*s", (int)ip.len, ip.ptr, (int)says.len,
		says.len > 0 ? says.ptr : "", (int)sender.len, sender.ptr);
}

static void put_counts(const struct text *text, const struct spf_verdict *verdict)
{
	text_evaluation_fact(text, TEXT_PLAIN, "lookups",
		arena_printf(text->arena, "%u of %d allowed; void (without result): %u of %d",
			verdict->lookups, SPF_LOOKUP_LIMIT, verdict->void_lookups, SPF_VOID_LIMIT));
}

void text_evaluation_verdict(const struct text *text, const struct spf_verdict *verdict)
{
	struct slice domain = text_raw(text, verdict->domain);
	text_evaluation_fact(text, text_trace_style(verdict->result), "result",
		arena_printf(text->arena, "%s: %s", spf_result_text(verdict->result),
			text_trace_meaning(verdict->result)));
	if (verdict->reason.len > 0)
		text_evaluation_fact(text, TEXT_PLAIN, "because", text_shown(text, verdict->reason));
	if (verdict->mechanism != NULL) {
		text_evaluation_fact(text, TEXT_PLAIN, "decided by",
			arena_printf(text->arena, "this term of %.*s:", (int)domain.len, domain.ptr));
		caret_write(text, TEXT_VALUE, verdict->record->text, verdict->mechanism->span,
			text_trace_style(verdict->result));
	} else if (verdict->result == SPF_NEUTRAL) {
		text_evaluation_fact(text, TEXT_PLAIN, "decided by",
			arena_printf(text->arena, "nothing: no term of %.*s matches, and there is no all",
				(int)domain.len, domain.ptr));
	}
	put_counts(text, verdict);
	if (verdict->has_explanation) {
		text_evaluation_fact(text, TEXT_PLAIN, "explanation",
			arena_printf(text->arena, "in the words of %.*s:", (int)domain.len, domain.ptr));
		text_wrap(text, TEXT_PLAIN, text_blanks(text, TEXT_VALUE + 2),
			text_blanks(text, TEXT_VALUE + 2), text_raw(text, verdict->explanation));
	} else if (verdict->result == SPF_FAIL && verdict->record != NULL && verdict->record->exp != NULL) {
		struct slice exp =
			text_raw(text, slice_at(verdict->record->text, verdict->record->exp->span));
		text_evaluation_fact(text, TEXT_NOTE, "explanation",
			arena_printf(text->arena,
				"none: what %.*s names is missing, broken, unsafe or not known now",
				(int)exp.len, exp.ptr));
	}
}

void text_evaluation_cost(const struct text *text, const struct verdict_cost *cost)
{
	struct slice line = text_count(text, cost->queries, "question", "questions");
	if (cost->elapsed_ms >= 0)
		line = arena_printf(text->arena, "%.*s; %lld ms", (int)line.len, line.ptr, cost->elapsed_ms);
	text_newline(text);
	text_labelled(text, TEXT_FAINT, 0, "DNS", TEXT_BODY, line);
}
