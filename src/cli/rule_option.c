/* rule_option: see rule_option.h. */
#include "cli/rule_option.h"

#include "base/nearest.h"
#include "cli/complain.h"

/* In the order of enum severity. */
static const char severity_words[] = "off info warning error";

/* In the order of enum exitcode_fail_on. */
static const char fail_on_words[] = "error warning info never";

bool rule_option_find(struct arena *arena, struct slice id, enum rule_id *out, struct slice *error)
{
	const char *ids[RULE_COUNT];
	*out = rule_find(id);
	if (*out != RULE_COUNT)
		return true;
	for (size_t i = 0; i < RULE_COUNT; i++)
		ids[i] = rule_get((enum rule_id)i)->id;
	const char *near = nearest_meant(arena, id, ids, RULE_COUNT);
	*error = arena_printf(arena, "unknown rule %s%s", complain_quote(arena, id),
		near != NULL ? complain_hint(arena, near) : "; 'mailauth explain' lists them");
	return false;
}

static bool read_ignore(
	struct arena *arena, const struct option_use *use, struct filter_ignore *out, struct slice *error)
{
	size_t at = slice_find(use->value, '@', 0);
	out->name_glob = slice_from(use->value, at + 1);
	if (at < use->value.len && out->name_glob.len == 0) {
		*error = arena_printf(arena, "option '%s' %s: no name behind the @", use->spelled,
			complain_quote(arena, use->value));
		return false;
	}
	return rule_option_find(arena, slice_head(use->value, at), &out->rule, error);
}

/* `earlier`: the use that gave a rule its level, by rule. The command line's comes later than the file's. */
static bool read_severity(struct arena *arena, const struct option_use *use, struct filter *out,
	const struct option_use **earlier, struct slice *error)
{
	size_t equals = slice_find(use->value, '=', 0);
	enum rule_id rule;
	size_t level;
	if (!rule_option_find(arena, slice_head(use->value, equals), &rule, error))
		return false;
	if (equals == use->value.len) {
		*error = arena_printf(arena, "option '%s' takes RULE=LEVEL, as '%s=warning'", use->spelled,
			rule_get(rule)->id);
		return false;
	}
	if (!options_find_word(
		    arena, "level", slice_from(use->value, equals + 1), severity_words, &level, error))
		return false;
	if (earlier[rule] != NULL && earlier[rule]->from_file == use->from_file &&
		out->levels[rule] != (enum severity)level) {
		*error = arena_printf(
			arena, "option '%s' gives rule '%s' two levels", use->spelled, rule_get(rule)->id);
		return false;
	}
	earlier[rule] = use;
	out->changed[rule] = true;
	out->levels[rule] = (enum severity)level;
	return true;
}

bool rule_option_filter(
	struct arena *arena, const struct options *options, struct filter *out, struct slice *error)
{
	const struct option_use *use;
	struct filter_ignore *ignores = arena_alloc(arena, options->use_count * sizeof *ignores);
	const struct option_use *earlier[RULE_COUNT] = {NULL};
	size_t from = 0, count = 0;
	filter_init(out);
	while ((use = options_next(options, OPTION_IGNORE, &from)) != NULL) {
		if (!read_ignore(arena, use, &ignores[count++], error))
			return false;
	}
	out->ignores = ignores;
	out->ignore_count = count;
	from = 0;
	while ((use = options_next(options, OPTION_SEVERITY, &from)) != NULL) {
		if (!read_severity(arena, use, out, earlier, error))
			return false;
	}
	return true;
}

bool rule_option_fail_on(
	struct arena *arena, const struct options *options, enum exitcode_fail_on *out, struct slice *error)
{
	const struct option_use *use = options_first(options, OPTION_FAIL_ON);
	size_t level = EXITCODE_FAIL_ON_ERROR;
	if (use != NULL && !options_find_word(arena, "level", use->value, fail_on_words, &level, error))
		return false;
	*out = (enum exitcode_fail_on)level;
	return true;
}
