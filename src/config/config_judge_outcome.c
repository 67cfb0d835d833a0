/* config_judge_outcome: see config_judge_outcome.h. */
#include "config/config_judge_outcome.h"

void config_judge_outcome_differs(const struct config_judge_work *judge, const char *actual, struct slice why)
{
	judge->out->status = CONFIG_JUDGE_FAILED;
	judge->out->actual = slice_cstr(actual);
	judge->out->message =
		why.len == 0 ? arena_printf(judge->arena, "got %s", actual)
			     : arena_printf(judge->arena, "got %s (%.*s)", actual, (int)why.len, why.ptr);
}

void config_judge_outcome_holds(const struct config_judge_work *judge, const char *actual)
{
	judge->out->status = CONFIG_JUDGE_OK;
	judge->out->actual = slice_cstr(actual);
}

void config_judge_outcome_hidden(const struct config_judge_work *judge)
{
	struct config_judgement *out = judge->out;
	struct slice list = SLICE("");
	out->status = CONFIG_JUDGE_UNKNOWN;
	out->hidden = view_failures(judge->view, &out->hidden_count);
	for (size_t i = 0; i < out->hidden_count && i < CONFIG_JUDGE_OUTCOME_LISTED; i++) {
		const struct answer *answer = out->hidden[i];
		struct slice name = name_text(judge->arena, answer->question.name);
		struct slice type = rrtype_text(judge->arena, answer->question.type);
		list = arena_printf(judge->arena, "%.*s%s%.*s %.*s: %s", (int)list.len, list.ptr,
			i > 0 ? ", " : "", (int)name.len, name.ptr, (int)type.len, type.ptr,
			dns_failure_text(answer->failure));
	}
	if (out->hidden_count > CONFIG_JUDGE_OUTCOME_LISTED)
		list = arena_printf(judge->arena, "%.*s, and %zu more", (int)list.len, list.ptr,
			out->hidden_count - CONFIG_JUDGE_OUTCOME_LISTED);
	out->message = arena_printf(judge->arena, "not known for now (%.*s)", (int)list.len, list.ptr);
}
