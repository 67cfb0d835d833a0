/* config_suppress: see config_suppress.h.
 *
 *     suppress spf-all-softfail@example.com until 2027-03-31 the new list is complete by then
 *              rule             glob              last day   reason
 */
#include "config/config_suppress.h"

#include "config/config_date.h"
#include "config/config_rule.h"

static bool read_date(struct config_line *line, struct suppression *out)
{
	struct config_word date = config_line_next(line);
	out->has_expiry = true;
	if (config_date_parse(date.text, &out->until))
		return true;
	if (date.text.len == 0)
		return config_line_fail(line, line->text.len,
			SLICE("a date is missing: the last day on which the exception holds, as 2027-03-31"));
	return config_line_fail(line, date.offset,
		arena_printf(line->arena, "%s is no date; one is written as 2027-03-31",
			config_line_quote(line, date.text)));
}

static bool read_reason(struct config_line *line, struct suppression *out)
{
	struct config_word word = config_line_next(line);
	if (!slice_equal(word.text, SLICE("until")))
		return config_line_fail(line, word.offset,
			SLICE("an exception needs its last day here: 'until YYYY-MM-DD', then the reason"));
	if (!read_date(line, out))
		return false;
	struct config_word reason = config_line_rest(line);
	out->reason = reason.text;
	return reason.text.len > 0 || config_line_fail(line, line->text.len,
					      SLICE("the reason is missing: say why this is accepted"));
}

bool config_suppress_read(struct config_line *line, struct suppression *out)
{
	struct config_word rule = config_line_next(line);
	struct zonefile_place place = config_line_place(line, rule.offset);
	*out = (struct suppression){.file = place.file, .line = place.line, .column = place.column};
	if (!config_rule_parse(line, rule, &out->rule, &out->name_glob))
		return false;
	if (rule_get(out->rule)->example == EXAMPLE_CONFIG)
		return config_line_fail(line, rule.offset,
			SLICE("this rule is about exceptions itself; 'ignore' leaves it out"));
	return read_reason(line, out);
}
