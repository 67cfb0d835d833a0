/* config_judge: whether an expectation of the configuration file holds.
 *
 *     expect example.com spf 192.0.2.0/24 pass     every address of the network gets pass from check_host()
 *     expect example.com dmarc reject              what receivers are asked to do with mail that fails
 *     expect example.com lookups <= 7              worst case of the tree (RFC 7208 4.6.4)
 *
 * Three outcomes: it holds, it does not, or a temporary failure hides which of them. A number that is too
 * high already is too high whatever the missing rest says.
 */
#ifndef CONFIG_CONFIG_JUDGE_H
#define CONFIG_CONFIG_JUDGE_H

#include "config/config.h"
#include "inspect/filter.h"
#include "inspect/inspect.h"

enum config_judge_status { CONFIG_JUDGE_OK, CONFIG_JUDGE_FAILED, CONFIG_JUDGE_UNKNOWN };

/* What all expectations of a run share. */
struct config_judge_world {
	const struct psl *psl;	     /* CONFIG_VERDICT: as in struct inspect_request */
	const struct filter *filter; /* CONFIG_VERDICT: what becomes of findings */
	int64_t time;		     /* %{t}, in seconds since 1970 */
};

struct config_judgement {
	enum config_judge_status status;
	struct slice
		actual; /* "softfail", "9", "absent"; several results: "pass, softfail"; empty: not known */
	struct slice message; /* what it is and why, in one line of shown text; empty for CONFIG_JUDGE_OK */
	const struct answer *const
		*hidden; /* the temporary failures to blame; only with CONFIG_JUDGE_UNKNOWN */
	size_t hidden_count;
};

/* "spf", "dmarc", "lookups", ...: the word in the file. */
const char *config_judge_subject(enum config_subject subject);

/* "pass", "absent", "<= 7": what is expected, as it would be written in the file. */
struct slice config_judge_expected(struct arena *arena, const struct config_expectation *expectation);

/* EVAL_DONE with *out filled (memory from `scratch`), or EVAL_NEEDS_ANSWERS with the missing questions noted
 * in `view`. */
enum eval_state config_judge(const struct config_expectation *expectation,
	const struct config_judge_world *world, struct view *view, struct arena *scratch,
	struct config_judgement *out) __attribute__((warn_unused_result));

#endif
