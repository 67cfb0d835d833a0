/* config_judge_spf: "expect DOMAIN spf IP[/LENGTH] [from SENDER] RESULT". */
#ifndef CONFIG_CONFIG_JUDGE_SPF_H
#define CONFIG_CONFIG_JUDGE_SPF_H

#include "config/config_judge_outcome.h"

/* As config_judge(), for an expectation about CONFIG_SPF. */
enum eval_state config_judge_spf(const struct config_judge_work *judge) __attribute__((warn_unused_result));

#endif
