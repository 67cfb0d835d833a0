/* rule: see rule.h. The tables are made from the .def files. */
#include "rules/rule.h"

#include <assert.h>

#define ROW(name_text, level, std, sect, sum, msg, adv, rfc7208, rfc7489, rfc9989, expl, kind, wrong, part,  \
	right)                                                                                               \
	{.id = (name_text),                                                                                  \
		.severity = (level),                                                                         \
		.standard = (std),                                                                           \
		.section = (sect),                                                                           \
		.summary = (sum),                                                                            \
		.message = (msg),                                                                            \
		.advice = (adv),                                                                             \
		.effects = {(rfc7208), (rfc7489), (rfc9989)},                                                \
		.explanation = (expl),                                                                       \
		.example = (kind),                                                                           \
		.bad = (wrong),                                                                              \
		.about = (part),                                                                             \
		.good = (right)},

/* One more than there are rules, so that it is an array also without any. */
static const struct rule rules[RULE_COUNT + 1] = {
#define RULE(name, ...) ROW(__VA_ARGS__)
#include "rules/rules.def"
#undef RULE
	{.id = ""},
};

/* RULE_COUNT as an object: comparing with the constant is a warning while it is 0. */
static const size_t rule_count = sizeof rules / sizeof rules[0] - 1;

static const char *const details[DETAIL_COUNT] = {
	"",
#define DETAIL(id, text) text,
#include "rules/details.def"
#undef DETAIL
};

static const char *const effects[EFFECT_COUNT] = {
	"",
#define EFFECT(id, text) text,
#include "rules/effects.def"
#undef EFFECT
};

const struct rule *rule_get(enum rule_id id)
{
	assert((size_t)id < rule_count);
	return &rules[id];
}

enum rule_id rule_find(struct slice id)
{
	size_t i = 0;
	while (i < rule_count && !slice_equal(id, slice_cstr(rules[i].id)))
		i++;
	return (enum rule_id)i;
}

const char *rule_detail_text(enum detail detail)
{
	return details[detail];
}

const char *rule_effect_text(enum effect effect)
{
	return effects[effect];
}

const char *severity_text(enum severity severity)
{
	switch (severity) {
	case SEVERITY_OFF:
		return "off";
	case SEVERITY_INFO:
		return "info";
	case SEVERITY_WARNING:
		return "warning";
	case SEVERITY_ERROR:
		return "error";
	}
	return "";
}
