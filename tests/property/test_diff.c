/* Properties of inspect/diff over pairs of generated worlds of SPF records, and over the vectors: an address
 * is newly among those that pass if and only if check_host() says so of both, a world does not differ from
 * itself, the other way round everything is the other way round, and a temporary failure on either side
 * never makes a difference.
 */
#include "inspect/diff.h"

#include <stdio.h>
#include <stdlib.h>

#include "inspect/diff_terms.h"
#include "spf/spf_check.h"
#include "support/comparison.h"
#include "support/inspection.h"
#include "support/record_tables.h"
#include "support/unit.h"

#define ADDRESSES 16
#define WORLDS	  1000
#define A_BATCH	  50 /* worlds of one test process */

/* --- against check_host() ------------------------------------------------------------------------------ */

struct clients {
	struct spf_request requests[ADDRESSES];
	enum spf_result results[ADDRESSES]; /* of the last run */
};

static void evaluate(struct view *view, struct arena *arena, void *context)
{
	struct clients *clients = context;
	for (size_t i = 0; i < ADDRESSES; i++) {
		struct spf_verdict verdict;
		if (spf_check(&clients->requests[i], view, arena, &verdict) == EVAL_DONE)
			clients->results[i] = verdict.result;
	}
}

static struct clients *clients_of(struct arena *arena, unsigned long seed)
{
	struct clients *clients = arena_alloc(arena, sizeof *clients);
	for (size_t i = 0; i < ADDRESSES; i++) {
		ck_assert(ip_parse(record_tables_address(arena, seed * 1000 + i), &clients->requests[i].ip));
		ck_assert(spf_request_identify(arena, &clients->requests[i], SLICE("user@sender.example"),
			SLICE("helo.example"), SLICE("example.com")));
	}
	return clients;
}

static void check_results(unsigned long seed, const struct diff *diff, const struct clients *before,
	const struct clients *after)
{
	for (size_t i = 0; i < ADDRESSES; i++) {
		struct ip ip = before->requests[i].ip;
		bool open = ipset_contains(diff->before->families[ip.family].unknown, ip) ||
			    ipset_contains(diff->after->families[ip.family].unknown, ip);
		enum spf_result was = before->results[i], is = after->results[i];
		for (int r = 0; r < SPF_RESULTS && !open; r++) {
			const struct diff_networks *networks = &diff->networks[r];
			bool gained = ipset_contains(networks->gained[ip.family], ip);
			bool lost = ipset_contains(networks->lost[ip.family], ip);
			const char *text = spf_result_text((enum spf_result)r);
			ck_assert_msg(gained == ((int)is == r && (int)was != r),
				"world %lu, client %zu: gained %s", seed, i, text);
			ck_assert_msg(lost == ((int)was == r && (int)is != r),
				"world %lu, client %zu: lost %s", seed, i, text);
		}
		/* A message that passes now and did not: it was said that this can be. */
		bool told = ipset_contains(diff->networks[SPF_PASS].gained[ip.family], ip) ||
			    ipset_contains(diff->may_pass[ip.family], ip);
		ck_assert_msg(
			told || is != SPF_PASS || was == SPF_PASS, "world %lu, client %zu: passes", seed, i);
		told = ipset_contains(diff->networks[SPF_PASS].lost[ip.family], ip) ||
		       ipset_contains(diff->may_fail[ip.family], ip);
		ck_assert_msg(
			told || was != SPF_PASS || is == SPF_PASS, "world %lu, client %zu: fails", seed, i);
		ck_assert_msg(is == was || diff->on_mail, "world %lu, client %zu: another result", seed, i);
	}
}

/* The shares of the terms are all of the set, and each address is in one. */
static void check_shares(struct arena *arena, unsigned long seed, const struct diff_side *side,
	const struct diff_side *other, const struct ipset *sets)
{
	size_t count;
	struct ipset left[SPF_FAMILIES] = {sets[IP_V4], sets[IP_V6]};
	const struct diff_terms terms = diff_terms_of(arena, side, other);
	const struct diff_share *shares = diff_terms_shares(&terms, sets, &count);
	for (size_t i = 0; i < count; i++) {
		for (size_t f = 0; f < SPF_FAMILIES; f++) {
			struct ipset share = shares[i].sets[f];
			ck_assert_msg(ipset_is_empty(ipset_subtract(arena, share, left[f])),
				"world %lu: twice", seed);
			left[f] = ipset_subtract(arena, left[f], share);
		}
	}
	ck_assert_msg(ipset_is_empty(left[IP_V4]) && ipset_is_empty(left[IP_V6]), "world %lu: left", seed);
}

/* The findings of a widened network are about all of its addresses, and are there if and only if it is. */
static void check_changes(unsigned long seed, const struct diff *diff)
{
	bool widened = false, narrowed = false;
	for (size_t f = 0; f < SPF_FAMILIES; f++) {
		widened = widened || !ipset_is_empty(diff->networks[SPF_PASS].gained[f]);
		narrowed = narrowed || !ipset_is_empty(diff->networks[SPF_PASS].lost[f]) ||
			   !ipset_is_empty(diff->may_fail[f]);
	}
	bool says_widened = false, says_narrowed = false;
	for (size_t i = 0; i < diff->changes.count; i++) {
		const struct finding *finding = &diff->changes.items[i];
		says_widened = says_widened || finding->rule == RULE_CHANGE_PASS_WIDENED;
		says_narrowed = says_narrowed || finding->rule == RULE_CHANGE_PASS_NARROWED;
		ck_assert(!finding->has_span || span_end(finding->span) <= finding->place.record.len);
	}
	ck_assert_msg(says_widened == widened, "world %lu: widened", seed);
	ck_assert_msg(says_narrowed == narrowed, "world %lu: narrowed", seed);
	ck_assert_msg(diff->on_mail || diff->changes.count == 0 ||
			      diff->changes.items[0].rule == RULE_CHANGE_LOOKUPS_GROWN,
		"world %lu: a change that does nothing", seed);
}

START_TEST(agrees_with_check_host)
{
	for (unsigned long seed = (unsigned long)_i * A_BATCH; seed < ((unsigned long)_i + 1) * A_BATCH;
		seed++) {
		struct arena *arena = unit_arena();
		struct diff *diff = arena_alloc(arena, sizeof *diff);
		struct clients *before = clients_of(arena, seed), *after = clients_of(arena, seed);
		struct fixture *old = fixture_open(arena, record_tables_make(arena, seed));
		struct fixture *new = fixture_open(arena, record_tables_make(arena, seed + 7919));
		struct diff_side *was = comparison_side(arena, old, "example.com");
		struct diff_side *is = comparison_side(arena, new, "example.com");
		diff_compare(arena, was->domain, was, is, 0, diff);
		fixture_run(old, evaluate, before);
		fixture_run(new, evaluate, after);
		if (diff->spf_known)
			check_results(seed, diff, before, after);
		check_changes(seed, diff);
		check_shares(arena, seed, is, was, diff->networks[SPF_PASS].gained);
		check_shares(arena, seed, was, is, diff->networks[SPF_PASS].lost);
	}
}
END_TEST

/* --- itself, and the other way round ------------------------------------------------------------------- */

static void same_sets(const char *name, const struct ipset *a, const struct ipset *b)
{
	ck_assert_msg(ipset_equal(a[IP_V4], b[IP_V4]) && ipset_equal(a[IP_V6], b[IP_V6]), "%s", name);
}

/* New ones that were there as less severe ones: the other way round they are as before. */
static size_t count_worse(const struct diff *diff)
{
	size_t worse = 0;
	for (size_t n = 0; n < diff->new_findings.count; n++) {
		const struct finding *is = &diff->new_findings.items[n];
		bool found = false;
		for (size_t f = 0; f < diff->fixed_findings.count; f++) {
			const struct finding *was = &diff->fixed_findings.items[f];
			found = found || (was->rule == is->rule && was->severity < is->severity);
		}
		worse += found;
	}
	return worse;
}

static void findings_are_mirrored(const char *name, const struct diff *there, const struct diff *back)
{
	size_t worse = count_worse(there), better = count_worse(back);
	ck_assert_msg(there->new_findings.count <= back->fixed_findings.count + worse, "%s", name);
	ck_assert_msg(back->fixed_findings.count <= there->new_findings.count + better, "%s", name);
	ck_assert_msg(there->new_findings.count + there->unchanged_findings.count ==
			      back->fixed_findings.count + back->unchanged_findings.count,
		"%s", name);
	ck_assert_msg(there->uncertain_findings == 0, "%s", name);
}

static void is_mirrored(const char *name, const struct diff *there, const struct diff *back)
{
	for (size_t i = 0; i < SPF_RESULTS; i++) {
		same_sets(name, there->networks[i].gained, back->networks[i].lost);
		same_sets(name, there->networks[i].lost, back->networks[i].gained);
	}
	same_sets(name, there->unresolved.gained, back->unresolved.lost);
	same_sets(name, there->may_pass, back->may_fail);
	for (size_t i = 0; i < DIFF_READINGS * DIFF_LEVELS; i++) {
		enum diff_direction a = there->policies[i / DIFF_LEVELS][i % DIFF_LEVELS];
		enum diff_direction b = back->policies[i / DIFF_LEVELS][i % DIFF_LEVELS];
		ck_assert_msg((a == DIFF_STRONGER) == (b == DIFF_WEAKER), "%s", name);
		ck_assert_msg((a == DIFF_SAME) == (b == DIFF_SAME), "%s", name);
	}
	ck_assert_msg(there->rua.gained_count == back->rua.lost_count, "%s", name);
	ck_assert_msg(there->on_mail == back->on_mail, "%s", name);
	ck_assert_msg(there->changed == back->changed || diff_is_incomplete(there), "%s", name);
	if (there->before->incomplete_count > 0 || there->after->incomplete_count > 0)
		return;
	findings_are_mirrored(name, there, back);
}

START_TEST(worlds_are_mirrored)
{
	struct arena *arena = unit_arena();
	for (unsigned long seed = (unsigned long)_i * A_BATCH; seed < ((unsigned long)_i + 1) * A_BATCH;
		seed++) {
		struct diff there, back;
		char name[40];
		snprintf(name, sizeof name, "world %lu", seed);
		struct diff_side *a = comparison_side(
			arena, fixture_open(arena, record_tables_make(arena, seed)), "example.com");
		struct diff_side *b = comparison_side(
			arena, fixture_open(arena, record_tables_make(arena, seed + 1)), "example.com");
		diff_compare(arena, a->domain, a, b, 0, &there);
		diff_compare(arena, a->domain, b, a, 0, &back);
		is_mirrored(name, &there, &back);
	}
}
END_TEST

START_TEST(nothing_differs_from_itself)
{
	const struct vector *vector = vectors_get((size_t)_i);
	struct arena *arena = unit_arena();
	struct diff diff;
	struct diff_side *a = comparison_side(arena, fixture_open(arena, vector->zone), vector->domain);
	struct diff_side *b = comparison_side(arena, fixture_open(arena, vector->zone), vector->domain);
	diff_compare(arena, a->domain, a, b, 31, &diff);
	ck_assert_msg(!diff.changed && !diff.on_mail, "%s", vector->name);
	ck_assert_msg(diff.changes.count == 0 && diff.denied == 0, "%s", vector->name);
	ck_assert_uint_eq(diff.unchanged_findings.count, a->findings.count);
	ck_assert_uint_eq(diff.uncertain_findings, 0);
}
END_TEST

START_TEST(vectors_are_mirrored)
{
	const struct vector *one = vectors_get((size_t)_i);
	const struct vector *other = vectors_get(((size_t)_i + 1) % vectors_count());
	struct arena *arena = unit_arena();
	struct diff there, back;
	struct diff_side *a = comparison_side(arena, fixture_open(arena, one->zone), "example.com");
	struct diff_side *b = comparison_side(arena, fixture_open(arena, other->zone), "example.com");
	diff_compare(arena, a->domain, a, b, 0, &there);
	diff_compare(arena, a->domain, b, a, 0, &back);
	is_mirrored(one->name, &there, &back);
}
END_TEST

/* --- names below --------------------------------------------------------------------------------------- */

static const char address[] = {(char)192, 0, 2, 1};

static void is_same_policy(
	const char *name, const char *what, const struct diff_policy *a, const struct diff_policy *b)
{
	if (!a->known || !b->known)
		return;
	ck_assert_msg(a->applies == b->applies, "%s: %s applies", name, what);
	if (a->applies)
		ck_assert_msg(a->policy == b->policy && a->pct == b->pct, "%s: %s %d %u, %d %u", name, what,
			(int)a->policy, a->pct, (int)b->policy, b->pct);
}

/* What a side says of names below its domain is what such a name gets. */
START_TEST(names_below_get_what_is_said)
{
	const struct vector *vector = vectors_get((size_t)_i);
	struct arena *arena = unit_arena();
	struct fixture *fixture = fixture_open(arena, vector->zone);
	char there[300], missing[300];
	if (strstr(vector->zone, "*.") != NULL || strlen(vector->domain) > 200)
		return;
	snprintf(there, sizeof there, "mauth-there.%s", vector->domain);
	snprintf(missing, sizeof missing, "mauth-missing.%s", vector->domain);
	fixture_add(fixture, there, RRTYPE_A, slice_of(address, sizeof address));
	const struct diff_side *side = comparison_side(arena, fixture, vector->domain);
	const struct diff_side *sub = comparison_side(arena, fixture, there);
	const struct diff_side *none = comparison_side(arena, fixture, missing);
	const struct diff_policy *newer = side->policies[DIFF_RFC9989];
	const struct diff_policy *older = side->policies[DIFF_RFC7489];
	is_same_policy(
		vector->name, "9989, sub", &newer[DIFF_SUBDOMAIN], &sub->policies[DIFF_RFC9989][DIFF_OWN]);
	is_same_policy(vector->name, "9989, none", &newer[DIFF_NONEXISTENT],
		&none->policies[DIFF_RFC9989][DIFF_OWN]);
	is_same_policy(
		vector->name, "7489, sub", &older[DIFF_SUBDOMAIN], &sub->policies[DIFF_RFC7489][DIFF_OWN]);
	is_same_policy(vector->name, "7489, none", &older[DIFF_NONEXISTENT],
		&none->policies[DIFF_RFC7489][DIFF_OWN]);
}
END_TEST

/* --- failures ------------------------------------------------------------------------------------------ */

static bool is_within(struct arena *arena, const struct ipset *less, const struct ipset *whole)
{
	bool within = true;
	for (size_t f = 0; f < SPF_FAMILIES; f++)
		within = within && ipset_is_empty(ipset_subtract(arena, less[f], whole[f]));
	return within;
}

static bool lists_within(const struct diff_list *less, const struct diff_list *whole)
{
	return less->gained_count <= whole->gained_count && less->lost_count <= whole->lost_count;
}

static bool findings_within(const struct findings *less, const struct findings *whole)
{
	for (size_t i = 0; i < less->count; i++) {
		size_t j = 0;
		while (j < whole->count &&
			!(whole->items[j].rule == less->items[i].rule &&
				slice_equal(whole->items[j].place.name, less->items[i].place.name)))
			j++;
		if (j == whole->count)
			return false;
	}
	return true;
}

static void adds_nothing(
	struct arena *arena, const char *name, const struct diff *less, const struct diff *whole)
{
	for (size_t i = 0; i < SPF_RESULTS; i++) {
		ck_assert_msg(
			is_within(arena, less->networks[i].gained, whole->networks[i].gained), "%s", name);
		ck_assert_msg(is_within(arena, less->networks[i].lost, whole->networks[i].lost), "%s", name);
	}
	ck_assert_msg(is_within(arena, less->may_pass, whole->may_pass), "%s", name);
	ck_assert_msg(is_within(arena, less->may_fail, whole->may_fail), "%s", name);
	for (size_t i = 0; i < DIFF_READINGS * DIFF_LEVELS; i++) {
		enum diff_direction a = less->policies[i / DIFF_LEVELS][i % DIFF_LEVELS];
		enum diff_direction b = whole->policies[i / DIFF_LEVELS][i % DIFF_LEVELS];
		ck_assert_msg(a == DIFF_SAME || a == b, "%s: policy %zu", name, i);
	}
	ck_assert_msg(lists_within(&less->rua, &whole->rua), "%s: rua", name);
	ck_assert_msg(lists_within(&less->ruf, &whole->ruf), "%s: ruf", name);
	ck_assert_msg(!less->explanation_changed || whole->explanation_changed, "%s: exp", name);
	ck_assert_msg(!less->organization_changed || whole->organization_changed, "%s: organization", name);
	ck_assert_msg(findings_within(&less->new_findings, &whole->new_findings), "%s: new", name);
	ck_assert_msg(findings_within(&less->fixed_findings, &whole->fixed_findings), "%s: fixed", name);
	ck_assert_msg(!less->on_mail || whole->on_mail, "%s: mail", name);
	ck_assert_msg((less->denied & ~whole->denied) == 0, "%s: denied", name);
}

/* Each question of one side is lost once, against each of two other sides. */
static void lose_each(struct arena *arena, const char *name, struct fixture *fixture, const char *domain,
	const struct diff_side *const *others, size_t other_count)
{
	size_t count;
	const struct diff_side *whole = comparison_side(arena, fixture, domain);
	const struct question *asked = fixture_questions(fixture, &count);
	struct question *questions = arena_alloc(arena, (count + 1) * sizeof *questions);
	memcpy(questions, asked, count * sizeof *questions);
	for (size_t i = 0; i < count; i++) {
		fixture_break(fixture, questions[i], DNS_FAILURE_TIMEOUT);
		const struct diff_side *less = comparison_side(arena, fixture, domain);
		fixture_mend(fixture);
		for (size_t o = 0; o < other_count; o++) {
			struct diff full, part;
			char text[120];
			snprintf(text, sizeof text, "%.80s, question %zu, other %zu", name, i, o);
			diff_compare(arena, whole->domain, others[o], whole, 31, &full);
			diff_compare(arena, whole->domain, others[o], less, 31, &part);
			adds_nothing(arena, text, &part, &full);
			diff_compare(arena, whole->domain, whole, others[o], 31, &full);
			diff_compare(arena, whole->domain, less, others[o], 31, &part);
			adds_nothing(arena, text, &part, &full);
		}
	}
}

START_TEST(a_failure_adds_nothing)
{
	const struct vector *vector = vectors_get((size_t)_i);
	const struct vector *next = vectors_get(((size_t)_i + 1) % vectors_count());
	struct arena *arena = unit_arena();
	struct fixture *fixture = fixture_open(arena, vector->zone);
	const struct diff_side *others[] = {
		comparison_side(arena, fixture_open(arena, vector->zone), vector->domain),
		comparison_side(arena, fixture_open(arena, next->zone), vector->domain),
	};
	lose_each(arena, vector->name, fixture, vector->domain, others, 2);
}
END_TEST

/* In one process, as under valgrind, a tenth of a second becomes minutes: fewer worlds then. */
static int batches(void)
{
	const char *fork = getenv("CK_FORK");
	return fork != NULL && strcmp(fork, "no") == 0 ? 1 : WORLDS / A_BATCH;
}

int main(void)
{
	vectors_read();
	inspection_begin();
	Suite *suite = suite_create("diff");
	TCase *cases = tcase_create("pairs");
	tcase_set_timeout(cases, 60);
	tcase_add_loop_test(cases, agrees_with_check_host, 0, batches());
	tcase_add_loop_test(cases, worlds_are_mirrored, 0, batches());
	tcase_add_loop_test(cases, nothing_differs_from_itself, 0, (int)vectors_count());
	tcase_add_loop_test(cases, vectors_are_mirrored, 0, (int)vectors_count());
	tcase_add_loop_test(cases, names_below_get_what_is_said, 0, (int)vectors_count());
	tcase_add_loop_test(cases, a_failure_adds_nothing, 0, (int)vectors_count());
	suite_add_tcase(suite, cases);
	int status = unit_run(suite);
	inspection_end();
	vectors_free();
	return status;
}
