/* Two walkers, one truth: the static tree of a record (what `check` shows) and check_host() (what a
 * receiver does) agree about every address: the worst case of the tree is never below what an evaluation
 * counts, an address is in the networks of a record if and only if it passes, and the partition by result
 * has it where check_host() puts it. Over all vectors, and over generated worlds of records.
 */
#include "spf/spf_check.h"
#include "spf/spf_partition.h"

#include <stdio.h>
#include <stdlib.h>

#include "support/fixture.h"
#include "support/record_tables.h"
#include "support/unit.h"
#include "support/vectors.h"

#define ADDRESSES 40
#define WORLDS	  10000
#define A_BATCH	  100 /* worlds of one test process */

/* One world, and everything that both say of it. */
struct world {
	const char *name;
	struct name domain;
	struct spf_request requests[ADDRESSES];
	size_t count;
	/* of the last run */
	const struct spf_tree *tree;
	struct spf_partition partition;
	struct spf_verdict verdicts[ADDRESSES];
};

static void evaluate(struct view *view, struct arena *arena, void *context)
{
	struct world *world = context;
	struct findings findings;
	findings_init(&findings, arena);
	world->tree = spf_tree_walk(view, arena, world->domain, NULL, NULL, &findings);
	const struct spf_partition_request request = {.domain = world->requests[0].domain};
	bool done = spf_partition(&request, view, arena, &world->partition) == EVAL_DONE;
	for (size_t i = 0; i < world->count; i++)
		done = spf_check(&world->requests[i], view, arena, &world->verdicts[i]) == EVAL_DONE && done;
	(void)done; /* the loop asks the view */
}

static bool partition_has(const struct world *world, size_t i)
{
	struct ip ip = world->requests[i].ip;
	const struct spf_tree_partition *family = &world->partition.families[ip.family];
	return ipset_contains(family->by_result[world->verdicts[i].result], ip) ||
	       ipset_contains(family->unknown, ip);
}

static void compare_address(struct arena *arena, const struct world *world, size_t i)
{
	struct ip ip = world->requests[i].ip;
	const struct spf_verdict *verdict = &world->verdicts[i];
	const struct spf_tree *tree = world->tree;
	const char *text = arena_cstr(arena, ip_text(arena, ip));
	const char *result = spf_result_text(verdict->result);
	if (world->partition.unresolved_count == 0) {
		ck_assert_msg(verdict->lookups <= tree->lookups, "%s, %s: %u lookups, and the tree says %u",
			world->name, text, verdict->lookups, tree->lookups);
		/* In a loop the same void lookups come again and again; the tree names the loop, and is
		 * past the lookup limit. */
		ck_assert_msg(tree->root->loops || verdict->void_lookups <= tree->void_lookups,
			"%s, %s: %u voids, and the tree says %u", world->name, text, verdict->void_lookups,
			tree->void_lookups);
	}
	if (tree->complete) {
		bool listed = ipset_contains(ip.family == IP_V4 ? tree->ipv4 : tree->ipv6, ip);
		ck_assert_msg(listed == (verdict->result == SPF_PASS),
			"%s: %s gets %s and is %sin the networks", world->name, text, result,
			listed ? "" : "not ");
	}
	/* Where DNS failed for one of several exchanges, the order of the hosts decides; sets have none. */
	if (!tree->temporary)
		ck_assert_msg(partition_has(world, i), "%s: %s gets %s and is not in that part", world->name,
			text, result);
}

static void compare_walkers(struct arena *arena, struct world *world, const char *zone, const char *domain,
	const struct slice *addresses)
{
	ck_assert_int_eq(name_from_text(arena, slice_cstr(domain), &world->domain), NAME_OK);
	for (size_t i = 0; i < world->count; i++) {
		ck_assert(ip_parse(addresses[i], &world->requests[i].ip));
		ck_assert(spf_request_identify(arena, &world->requests[i], SLICE("user@sender.example"),
			SLICE("helo.example"), slice_cstr(domain)));
	}
	fixture_run(fixture_open(arena, zone), evaluate, world);
	for (size_t i = 0; i < world->count; i++)
		compare_address(arena, world, i);
}

/* --- generated worlds -------------------------------------------------------------------------- */

START_TEST(generated)
{
	for (unsigned long seed = (unsigned long)_i * A_BATCH; seed < ((unsigned long)_i + 1) * A_BATCH;
		seed++) {
		struct arena *arena = unit_arena();
		struct world *world = arena_alloc(arena, sizeof *world);
		struct slice addresses[ADDRESSES];
		char name[32];
		snprintf(name, sizeof name, "world %lu", seed);
		world->name = name;
		world->count = 16;
		for (size_t i = 0; i < world->count; i++)
			addresses[i] = record_tables_address(arena, seed * 1000 + i);
		compare_walkers(arena, world, record_tables_make(arena, seed), "example.com", addresses);
	}
}
END_TEST

/* The generator makes what is to be compared: all results, limits, and complete trees. */
START_TEST(worlds_differ)
{
	size_t results[SPF_RESULTS] = {0}, complete = 0, over = 0, single = 0;
	for (unsigned long seed = 0; seed < 300; seed++) {
		struct arena *arena = unit_arena();
		struct world *world = arena_alloc(arena, sizeof *world);
		struct slice addresses[ADDRESSES];
		world->name = "world";
		world->count = 4;
		for (size_t i = 0; i < world->count; i++)
			addresses[i] = record_tables_address(arena, seed * 1000 + i);
		compare_walkers(arena, world, record_tables_make(arena, seed), "example.com", addresses);
		for (size_t i = 0; i < world->count; i++)
			results[world->verdicts[i].result]++;
		complete += world->tree->complete;
		over += world->tree->lookups > SPF_LOOKUP_LIMIT;
		single += world->partition.is_single;
	}
	for (size_t i = 0; i < SPF_RESULTS; i++)
		ck_assert_msg(i == SPF_NONE || results[i] >= 10, "%s: %zu",
			spf_result_text((enum spf_result)i), results[i]);
	ck_assert_uint_ge(complete, 100);
	ck_assert_uint_ge(over, 30);
	ck_assert_uint_ge(single, 10);
}
END_TEST

/* --- the vectors ------------------------------------------------------------------------------- */

/* Every address that the zone's text has, and its neighbours would be too many: those of the text, and a
 * few others. */
static size_t find_addresses(struct arena *arena, const char *zone, struct slice *out)
{
	static const char bytes[] = "0123456789abcdefABCDEF.:";
	size_t count = 0;
	out[count++] = SLICE("203.0.113.77");
	out[count++] = SLICE("2001:db8:ffff::77");
	for (size_t at = 0; zone[at] != '\0' && count + 1 < ADDRESSES;) {
		size_t len = strspn(zone + at, bytes);
		struct slice word = slice_of(zone + at, len);
		struct ip ip;
		while (word.len > 0 && word.ptr[0] == ':')
			word = slice_from(word, 1);
		if (ip_parse(word, &ip)) {
			out[count++] = word;
			ip.bytes[ip.family == IP_V4 ? 3 : 15] ^= 1;
			out[count++] = ip_text(arena, ip);
		}
		at += len > 0 ? len : 1;
	}
	return count;
}

START_TEST(vectors_agree)
{
	const struct vector *vector = vectors_get((size_t)_i);
	struct arena *arena = unit_arena();
	struct world *world = arena_alloc(arena, sizeof *world);
	struct slice addresses[ADDRESSES];
	world->name = vector->name;
	world->count = find_addresses(arena, vector->zone, addresses);
	compare_walkers(arena, world, vector->zone, vector->domain, addresses);
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
	Suite *suite = suite_create("two_walkers");
	TCase *cases = tcase_create("records");
	tcase_set_timeout(cases, 60);
	tcase_add_loop_test(cases, vectors_agree, 0, (int)vectors_count());
	tcase_add_test(cases, worlds_differ);
	tcase_add_loop_test(cases, generated, 0, batches());
	suite_add_tcase(suite, cases);
	int status = unit_run(suite);
	vectors_free();
	return status;
}
