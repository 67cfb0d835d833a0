/* config_judge_outcome: the three ends that judging an expectation can have, for config_judge and its parts. */
#ifndef CONFIG_CONFIG_JUDGE_OUTCOME_H
#define CONFIG_CONFIG_JUDGE_OUTCOME_H

#include "config/config_judge.h"

#define CONFIG_JUDGE_OUTCOME_LISTED 3 /* networks, terms, rules or failures that a message names */

/* An expectation that is being judged. */
struct config_judge_work {
	const struct config_expectation *expectation;
	const struct config_judge_world *world;
	struct view *view;
	struct arena *arena;
	struct config_judgement *out;
};

/* It does not hold: "got none (p=none at _dmarc.example.com)". `why` may be empty. */
void config_judge_outcome_differs(
	const struct config_judge_work *judge, const char *actual, struct slice why);

/* It holds. */
void config_judge_outcome_holds(const struct config_judge_work *judge, const char *actual);

/* Not known for now: the temporary failures of the view's last run hide it. */
void config_judge_outcome_hidden(const struct config_judge_work *judge);

#endif
