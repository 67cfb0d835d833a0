/* What holds for every evaluation of a message (`mailauth spf`, `mailauth simulate`), over all vectors:
 * the order of answers changes nothing, one more run asks nothing and gives the same, and an answer that
 * fails makes the result unknown and never another one.
 */
#include "support/evaluations.h"

#include <stdio.h>
#include <stdlib.h>

#include "support/inspection.h"
#include "support/unit.h"

enum { SEEDS = 8 };

/* --- order and fixpoint ------------------------------------------------------------------------ */

START_TEST(the_order_of_answers_changes_nothing)
{
	const struct vector *vector = vectors_get((size_t)_i / EVALUATIONS_CLIENTS);
	size_t client = (size_t)_i % EVALUATIONS_CLIENTS;
	struct arena *arena = unit_arena();
	struct evaluation first;
	struct fixture *fixture = fixture_open(arena, vector->zone);
	evaluations_run(arena, fixture, vector, client, &first);
	ck_assert_uint_eq(first.done, 2);
	unit_assert_slice(first.json, first.first);
	for (unsigned i = 0; i < FIXTURE_ORDERS + SEEDS; i++) {
		struct evaluation other;
		enum fixture_order order = i < FIXTURE_ORDERS ? (enum fixture_order)i : FIXTURE_SHUFFLED;
		fixture_set_order(fixture, order, i);
		evaluations_run(arena, fixture, vector, client, &other);
		ck_assert_msg(slice_equal(other.json, first.json), "%s: order %d", vector->name, (int)order);
	}
}
END_TEST

/* --- any answer may fail ----------------------------------------------------------------------- */

/* RFC 7208 5.5, 7.3: a failure of ptr and of %{p} is no match and "unknown", and nothing else. */
static bool is_excused(const struct evaluation *whole, struct question question)
{
	for (size_t i = 0; i < whole->simulation.spf.trace_count; i++) {
		const struct spf_trace_step *step = whole->simulation.spf.trace[i];
		bool names = step->term->kind == SPF_PTR ||
			     (step->term->domain_spec != NULL && macro_uses(step->term->domain_spec, 'p'));
		for (const struct spf_trace_answer *noted = step->answers; noted != NULL && names;
			noted = noted->next)
			if (noted->answer->question.type == question.type &&
				name_equal(noted->answer->question.name, question.name))
				return true;
	}
	return false;
}

static void compare_dmarc(
	const char *text, const struct dmarc_judgement *whole, const struct dmarc_judgement *less)
{
	ck_assert_msg(less->result == whole->result || less->result == DMARC_RESULT_TEMPERROR,
		"%s: DMARC was %s and is %s", text, dmarc_result_text(whole->result),
		dmarc_result_text(less->result));
	ck_assert_msg(!less->has_disposition || less->disposition == whole->disposition,
		"%s: another disposition", text);
}

static void compare(const char *text, const struct evaluation *whole, const struct evaluation *less,
	struct question question)
{
	enum spf_result before = whole->simulation.spf_result, after = less->simulation.spf_result;
	if (is_excused(whole, question))
		return;
	ck_assert_msg(after == before || after == SPF_TEMPERROR, "%s: SPF was %s and is %s", text,
		spf_result_text(before), spf_result_text(after));
	compare_dmarc(text, &whole->simulation.dmarc, &less->simulation.dmarc);
	compare_dmarc(text, &whole->simulation.rfc7489, &less->simulation.rfc7489);
	ck_assert_msg(slice_equal(whole->json, less->json) || less->failure_count > 0,
		"%s: not named as incomplete", text);
}

START_TEST(less_is_known_and_nothing_else)
{
	const struct vector *vector = vectors_get((size_t)_i / EVALUATIONS_CLIENTS);
	size_t client = (size_t)_i % EVALUATIONS_CLIENTS, count;
	struct arena *arena = unit_arena();
	struct fixture *fixture = fixture_open(arena, vector->zone);
	struct evaluation whole, less;
	evaluations_run(arena, fixture, vector, client, &whole);
	const struct question *asked = fixture_questions(fixture, &count);
	struct question *questions = arena_alloc(arena, (count + 1) * sizeof *questions);
	memcpy(questions, asked, count * sizeof *questions);
	for (size_t i = 0; i < count; i++) {
		struct slice name = name_text(arena, questions[i].name);
		struct slice text = arena_printf(arena, "%s, client %zu, without %.*s type %u", vector->name,
			client, (int)name.len, name.ptr, (unsigned)questions[i].type);
		fixture_break(fixture, questions[i], DNS_FAILURE_TIMEOUT);
		evaluations_run(arena, fixture, vector, client, &less);
		fixture_mend(fixture);
		compare(text.ptr, &whole, &less, questions[i]);
	}
}
END_TEST

int main(void)
{
	vectors_read();
	inspection_begin();
	Suite *suite = suite_create("evaluations");
	TCase *cases = tcase_create("messages");
	int count = (int)vectors_count() * EVALUATIONS_CLIENTS;
	tcase_set_timeout(cases, 60);
	tcase_add_loop_test(cases, the_order_of_answers_changes_nothing, 0, count);
	tcase_add_loop_test(cases, less_is_known_and_nothing_else, 0, count);
	suite_add_tcase(suite, cases);
	int status = unit_run(suite);
	inspection_end();
	vectors_free();
	return status;
}
