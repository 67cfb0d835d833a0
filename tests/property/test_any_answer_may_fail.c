/* Any answer may fail: each question of each vector is answered with a timeout, once. What is then known is
 * less, and never something else: no record becomes "none", no finding appears, none grows more severe, and
 * the answer that failed is named, or was not needed.
 */
#include "support/inspection.h"
#include "support/unit.h"
#include "support/vectors.h"

#include <stdio.h>

/* One question of one vector. */
struct loss {
	const struct vector *vector;
	struct question question;
	char text[400]; /* for messages */
	const struct inspection *whole;
	const struct inspection *less;
};

/* Where a sum crosses its limit is known only as far as its parts are: the term it is shown at may be a
 * later one. */
static bool is_about_a_sum(enum rule_id rule)
{
	return rule == RULE_SPF_LOOKUP_LIMIT || rule == RULE_SPF_VOID_LIMIT;
}

static bool is_same_span(const struct finding *a, const struct finding *b)
{
	return a->has_span == b->has_span && a->span.offset == b->span.offset && a->span.len == b->span.len;
}

static bool is_same_finding(const struct finding *a, const struct finding *b)
{
	return a->rule == b->rule && slice_equal(a->place.name, b->place.name) &&
	       slice_equal(a->place.record, b->place.record) &&
	       (is_about_a_sum(a->rule) || is_same_span(a, b));
}

static const struct finding *find(const struct findings *findings, const struct finding *wanted)
{
	for (size_t i = 0; i < findings->count; i++)
		if (is_same_finding(&findings->items[i], wanted))
			return &findings->items[i];
	return NULL;
}

static void no_finding_appears(const struct loss *loss)
{
	const struct findings *findings = &loss->less->verdict.findings;
	for (size_t i = 0; i < findings->count; i++) {
		const struct finding *finding = &findings->items[i];
		const struct finding *before = find(&loss->whole->verdict.findings, finding);
		ck_assert_msg(before != NULL, "%s: %s appeared at %.*s", loss->text,
			rule_get(finding->rule)->id, (int)finding->place.name.len, finding->place.name.ptr);
		ck_assert_msg(finding->severity <= before->severity, "%s: %s is more severe", loss->text,
			rule_get(finding->rule)->id);
	}
}

static void only_unknown(
	const struct loss *loss, const char *what, enum section_status whole, enum section_status less)
{
	ck_assert_msg(less == whole || less == STATUS_UNKNOWN, "%s: %s was %s and is %s", loss->text, what,
		section_status_text(whole), section_status_text(less));
}

static bool is_named(const struct loss *loss)
{
	const struct verdict *verdict = &loss->less->verdict;
	for (size_t i = 0; i < verdict->incomplete_count; i++) {
		const struct answer *failure = verdict->incomplete[i];
		bool asked = name_equal(failure->question.name, loss->question.name);
		bool end = name_equal(failure->owner, loss->question.name);
		if (failure->question.type == loss->question.type && (asked || end))
			return true;
	}
	return false;
}

static void nothing_else_is_said(const struct loss *loss)
{
	const struct verdict *whole = &loss->whole->verdict, *less = &loss->less->verdict;
	only_unknown(loss, "spf", whole->spf.status, less->spf.status);
	only_unknown(loss, "dmarc", whole->dmarc.status, less->dmarc.status);
	no_finding_appears(loss);
	ck_assert_msg(less->level == whole->level || less->level == VERDICT_UNKNOWN, "%s: was %s and is %s",
		loss->text, verdict_level_text(whole->level), verdict_level_text(less->level));
	bool unchanged = slice_equal(loss->whole->json, loss->less->json);
	ck_assert_msg(unchanged || is_named(loss), "%s: not named as incomplete:\n%.*s\n%.*s", loss->text,
		(int)loss->whole->json.len, loss->whole->json.ptr, (int)loss->less->json.len,
		loss->less->json.ptr);
	ck_assert_msg(unchanged || less->level == VERDICT_UNKNOWN || less->level == VERDICT_FAIL,
		"%s: incomplete, and the level is %s", loss->text, verdict_level_text(less->level));
}

static void lose(struct arena *arena, struct fixture *fixture, struct loss *loss)
{
	struct inspection less;
	struct slice name = name_text(arena, loss->question.name);
	struct slice type = rrtype_text(arena, loss->question.type);
	snprintf(loss->text, sizeof loss->text, "%s without %.*s %.*s", loss->vector->name, (int)name.len,
		name.ptr, (int)type.len, type.ptr);
	fixture_break(fixture, loss->question, DNS_FAILURE_TIMEOUT);
	const struct inspect_request request = inspection_request_of(arena, loss->vector);
	inspection_run(arena, fixture, &request, &less);
	fixture_mend(fixture);
	loss->less = &less;
	nothing_else_is_said(loss);
}

START_TEST(less_is_known_and_nothing_else)
{
	const struct vector *vector = vectors_get((size_t)_i);
	struct arena *arena = unit_arena();
	struct fixture *fixture = fixture_open(arena, vector->zone);
	struct inspection whole;
	size_t count;
	const struct inspect_request request = inspection_request_of(arena, vector);
	inspection_run(arena, fixture, &request, &whole);
	const struct question *asked = fixture_questions(fixture, &count);
	struct question *questions = arena_alloc(arena, count * sizeof *questions);
	memcpy(questions, asked, count * sizeof *questions);
	ck_assert_uint_gt(count, 0);
	for (size_t i = 0; i < count; i++) {
		struct loss loss = {.vector = vector, .question = questions[i], .whole = &whole};
		lose(arena, fixture, &loss);
	}
}
END_TEST

int main(void)
{
	vectors_read();
	inspection_begin();
	Suite *suite = suite_create("any_answer_may_fail");
	TCase *cases = tcase_create("vectors");
	tcase_set_timeout(cases, 60);
	tcase_add_loop_test(cases, less_is_known_and_nothing_else, 0, (int)vectors_count());
	suite_add_tcase(suite, cases);
	int status = unit_run(suite);
	inspection_end();
	vectors_free();
	return status;
}
