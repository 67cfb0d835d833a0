/* suite: the conformance suite in one process: check_host() over fixtures, each case with its answers in
 * several orders, and what the static walk of the same records says about the client (as
 * tests/property/test_two_walkers.c).
 *
 *     convert.py SUITE_FOLDER | suite
 *
 * Prints each case that fails in any order or in which the two differ, and "N passed, M failed" as the last
 * line.
 */
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

#include "spf/spf_check.h"
#include "spf/spf_partition.h"
#include "support/fixture.h"

#define MAX_LINE	 65536
#define MAX_EXPLANATIONS 8
#define SHUFFLES	 5

struct suite_case {
	struct slice id, ip, sender, helo, results;
	struct slice explanations[MAX_EXPLANATIONS];
	size_t explanation_count;
	bool explanation_default;
	struct slice zone;
};

struct outcome {
	struct spf_request request;
	struct spf_verdict verdict;
};

static void evaluate(struct view *view, struct arena *arena, void *context)
{
	struct outcome *outcome = context;
	/* The loop asks the view whether anything was missing. */
	if (spf_check(&outcome->request, view, arena, &outcome->verdict) == EVAL_DONE)
		return;
}

/* True when `word` is one of the words of `list`. */
static bool has_word(struct slice list, const char *word)
{
	while (list.len > 0) {
		size_t end = slice_find(list, ' ', 0);
		if (slice_equal(slice_head(list, end), slice_cstr(word)))
			return true;
		list = slice_from(list, end + 1);
	}
	return false;
}

static bool explanation_is_right(const struct suite_case *suite_case, const struct spf_verdict *verdict)
{
	if (suite_case->explanation_default)
		return !verdict->has_explanation;
	for (size_t i = 0; i < suite_case->explanation_count; i++)
		if (verdict->has_explanation &&
			slice_equal(verdict->explanation, suite_case->explanations[i]))
			return true;
	return suite_case->explanation_count == 0;
}

static bool run_order(
	struct arena *arena, const struct suite_case *suite_case, enum fixture_order order, unsigned seed)
{
	struct outcome outcome = {0};
	struct fixture *dns = fixture_open(arena, arena_cstr(arena, suite_case->zone));
	fixture_set_order(dns, order, seed);
	if (!ip_parse(suite_case->ip, &outcome.request.ip) ||
		!spf_request_identify(
			arena, &outcome.request, suite_case->sender, suite_case->helo, slice_of(NULL, 0)))
		return false;
	fixture_run(dns, evaluate, &outcome);
	const char *result = spf_result_text(outcome.verdict.result);
	bool right = has_word(suite_case->results, result);
	if (right && explanation_is_right(suite_case, &outcome.verdict))
		return true;
	printf("FAIL %.*s: %s, wanted %.*s", (int)suite_case->id.len, suite_case->id.ptr, result,
		(int)suite_case->results.len, suite_case->results.ptr);
	if (right)
		printf(", but the explanation is '%.*s'", (int)outcome.verdict.explanation.len,
			outcome.verdict.explanation.ptr);
	printf("\n");
	return false;
}

/* --- two walkers, one truth -------------------------------------------------------------------- */

struct walkers {
	struct spf_request request;
	struct name domain;
	struct spf_verdict verdict;
	const struct spf_tree *tree;
	struct spf_partition partition;
};

static void walk(struct view *view, struct arena *arena, void *context)
{
	struct walkers *walkers = context;
	const struct spf_partition_request request = {.domain = walkers->request.domain};
	struct findings findings;
	findings_init(&findings, arena);
	walkers->tree = spf_tree_walk(view, arena, walkers->domain, NULL, NULL, &findings);
	bool done = spf_partition(&request, view, arena, &walkers->partition) == EVAL_DONE;
	done = spf_check(&walkers->request, view, arena, &walkers->verdict) == EVAL_DONE && done;
	(void)done; /* the loop asks the view */
}

/* What differs; NULL: nothing. */
static const char *difference(const struct walkers *walkers)
{
	struct ip ip = walkers->request.ip;
	const struct spf_tree *tree = walkers->tree;
	const struct spf_verdict *verdict = &walkers->verdict;
	const struct spf_tree_partition *family = &walkers->partition.families[ip.family];
	if (walkers->partition.unresolved_count == 0 && verdict->lookups > tree->lookups)
		return "the worst case has fewer lookups";
	if (walkers->partition.unresolved_count == 0 && !tree->root->loops &&
		verdict->void_lookups > tree->void_lookups)
		return "the worst case has fewer void lookups";
	if (tree->complete && ipset_contains(ip.family == IP_V4 ? tree->ipv4 : tree->ipv6, ip) !=
				      (verdict->result == SPF_PASS))
		return "the networks say otherwise";
	if (!tree->temporary && !ipset_contains(family->by_result[verdict->result], ip) &&
		!ipset_contains(family->unknown, ip))
		return "the partition says otherwise";
	return NULL;
}

static bool walkers_agree(struct arena *arena, const struct suite_case *suite_case)
{
	struct walkers walkers = {.tree = NULL};
	if (!ip_parse(suite_case->ip, &walkers.request.ip) ||
		!spf_request_identify(
			arena, &walkers.request, suite_case->sender, suite_case->helo, slice_of(NULL, 0)) ||
		!spf_request_is_usable(arena, walkers.request.domain, &walkers.domain))
		return true;
	fixture_run(fixture_open(arena, arena_cstr(arena, suite_case->zone)), walk, &walkers);
	const char *what = difference(&walkers);
	if (what != NULL)
		printf("FAIL %.*s: check_host() says %s, but %s\n", (int)suite_case->id.len,
			suite_case->id.ptr, spf_result_text(walkers.verdict.result), what);
	return what == NULL;
}

/* --- the cases --------------------------------------------------------------------------------- */

static bool run_case(struct arena *arena, const struct suite_case *suite_case)
{
	if (!run_order(arena, suite_case, FIXTURE_ALL, 0) ||
		!run_order(arena, suite_case, FIXTURE_REVERSED, 0) ||
		!run_order(arena, suite_case, FIXTURE_ONE_BY_ONE, 0))
		return false;
	for (unsigned seed = 1; seed <= SHUFFLES; seed++)
		if (!run_order(arena, suite_case, FIXTURE_SHUFFLED, seed))
			return false;
	return walkers_agree(arena, suite_case);
}

/* The rest of `line` when it begins with `word` and a blank. */
static bool value_of(struct slice line, const char *word, struct slice *out)
{
	struct slice prefix = slice_cstr(word);
	if (!slice_starts(line, prefix) || line.len <= prefix.len || line.ptr[prefix.len] != ' ')
		return false;
	*out = slice_from(line, prefix.len + 1);
	return true;
}

/* Takes one line into the case; true at its end. */
static bool take_line(struct arena *arena, struct slice line, struct suite_case *out)
{
	struct slice value;
	if (value_of(line, "case", &value))
		*out = (struct suite_case){.id = value};
	else if (value_of(line, "explanation", &value) && out->explanation_count < MAX_EXPLANATIONS)
		out->explanations[out->explanation_count++] = value;
	else if (slice_equal(line, SLICE("explanation-default")))
		out->explanation_default = true;
	else if (value_of(line, "zone", &value))
		out->zone = arena_printf(arena, "%.*s%.*s\n", (int)out->zone.len,
			out->zone.len > 0 ? out->zone.ptr : "", (int)value.len, value.ptr);
	else if (!value_of(line, "ip", &out->ip) && !value_of(line, "sender", &out->sender) &&
		 !value_of(line, "helo", &out->helo))
		value_of(line, "result", &out->results);
	return slice_equal(line, SLICE("end"));
}

int main(void)
{
	static char text[MAX_LINE];
	struct escape escape = {0};
	struct arena arena;
	struct suite_case suite_case = {0};
	volatile unsigned passed = 0,
			  failed = 0; /* looked at after a longjmp(), as far as the compiler knows */
	arena_init(&arena, &escape);
	if (setjmp(escape.env) != 0)
		return EXIT_FAILURE;
	while (fgets(text, sizeof text, stdin) != NULL) {
		struct slice line = arena_copy(&arena, slice_head(slice_cstr(text), strcspn(text, "\n")));
		if (!take_line(&arena, line, &suite_case))
			continue;
		if (run_case(&arena, &suite_case))
			passed++;
		else
			failed++;
		arena_free(&arena);
	}
	arena_free(&arena);
	printf("conformance suite in process: %u passed, %u failed\n", passed, failed);
	return passed > 0 && failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
