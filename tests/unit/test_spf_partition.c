/* Who gets which result, as sets (spf_partition). That the sets are right for every address is a property
 * test (test_two_walkers.c). */
#include "spf/spf_partition.h"

#include <stdlib.h>

#include "support/fixture.h"
#include "support/unit.h"

struct run {
	struct spf_partition_request request;
	struct spf_partition partition;
};

static void evaluate(struct view *view, struct arena *arena, void *context)
{
	struct run *run = context;
	/* The loop asks the view whether anything was missing. */
	if (spf_partition(&run->request, view, arena, &run->partition) == EVAL_DONE)
		return;
}

static struct slice set_text(struct arena *arena, struct ipset set)
{
	size_t count;
	struct slice text = SLICE("");
	const struct prefix *prefixes = ipset_prefixes(arena, set, &count);
	for (size_t i = 0; i < count; i++)
		text = arena_printf(arena, "%.*s%s%.*s", (int)text.len, text.ptr, i > 0 ? " " : "",
			(int)prefix_text(arena, prefixes[i]).len, prefix_text(arena, prefixes[i]).ptr);
	return text;
}

/* "pass 192.0.2.0/25; fail 192.0.2.128/25" of IPv4, in the order in which people read results. */
static struct slice describe(struct arena *arena, const struct spf_tree_partition *family)
{
	struct slice text = SLICE("");
	for (size_t i = 0; i <= SPF_RESULTS; i++) {
		enum spf_result result = i < SPF_RESULTS ? spf_partition_order(i) : SPF_NONE;
		struct ipset set = i < SPF_RESULTS ? family->by_result[result] : family->unknown;
		struct slice members = set_text(arena, set);
		if (ipset_is_empty(set))
			continue;
		text = arena_printf(arena, "%.*s%s%s %.*s", (int)text.len, text.ptr, text.len > 0 ? "; " : "",
			i < SPF_RESULTS ? spf_result_text(result) : "unknown", (int)members.len, members.ptr);
	}
	return text;
}

static const struct {
	const char *name, *zone, *network, *ipv4, *unresolved;
} rows[] = {
	{"first match", "example.com TXT v=spf1 -ip4:192.0.2.7 ip4:192.0.2.4/30 ~all\n", "192.0.2.0/28",
		"pass 192.0.2.4/31 192.0.2.6/32; fail 192.0.2.7/32; softfail 192.0.2.0/30 192.0.2.8/29", ""},
	{"include goes on with who does not pass",
		"example.com TXT v=spf1 -include:c.example ?all\nc.example TXT v=spf1 ip4:192.0.2.0/29 "
		"-all\n",
		"192.0.2.0/28", "fail 192.0.2.0/29; neutral 192.0.2.8/29", ""},
	{"redirect",
		"example.com TXT v=spf1 ip4:192.0.2.0/29 redirect=c.example\nc.example TXT v=spf1 ~all\n",
		"192.0.2.0/28", "pass 192.0.2.0/29; softfail 192.0.2.8/29", ""},
	{"no record", "example.com A 192.0.2.1\n", "192.0.2.0/28", "none 192.0.2.0/28", ""},
	{"no record behind an include", "example.com TXT v=spf1 ip4:192.0.2.0/29 include:c.example -all\n",
		"192.0.2.0/28", "pass 192.0.2.0/29; permerror 192.0.2.8/29", ""},
	{"syntax error", "example.com TXT v=spf1 ip4:192.0.2.0/29 moo\n", "192.0.2.0/28",
		"permerror 192.0.2.0/28", ""},
	{"two records", "example.com TXT v=spf1 -all\nexample.com TXT v=spf1 +all\n", "192.0.2.0/28",
		"permerror 192.0.2.0/28", ""},
	{"DNS fails", "example.com TXT !timeout\n", "192.0.2.0/28", "temperror 192.0.2.0/28", ""},
	{"DNS fails for a term",
		"example.com TXT v=spf1 ip4:192.0.2.0/29 a:c.example -all\nc.example A !timeout\n",
		"192.0.2.0/28", "pass 192.0.2.0/29; temperror 192.0.2.8/29", ""},
	{"third void", "example.com TXT v=spf1 ip4:192.0.2.0/29 a:x.example a:y.example a:z.example -all\n",
		"192.0.2.0/28", "pass 192.0.2.0/29; permerror 192.0.2.8/29", ""},
	{"needs a sender", "example.com TXT v=spf1 ip4:192.0.2.0/29 exists:%{l}.example.net -all\n",
		"192.0.2.0/28", "pass 192.0.2.0/29; unknown 192.0.2.8/29", "exists:%{l}.example.net"},
	{"needs the client's name", "example.com TXT v=spf1 ip4:192.0.2.0/29 ptr -all\n", "192.0.2.0/28",
		"pass 192.0.2.0/29; unknown 192.0.2.8/29", "ptr"},
	{"in an include",
		"example.com TXT v=spf1 include:c.example -all\nc.example TXT v=spf1 a:%{h} ip4:192.0.2.0/29 "
		"-all\n",
		"192.0.2.0/28", "unknown 192.0.2.0/28", "a:%{h}"},
	{"a loop", "example.com TXT v=spf1 ip4:192.0.2.0/29 include:example.com -all\n", "192.0.2.0/28",
		"pass 192.0.2.0/29; permerror 192.0.2.8/29", ""},
	{"exists", "example.com TXT v=spf1 ?exists:c.example -all\nc.example A 127.0.0.2\n", "192.0.2.0/28",
		"neutral 192.0.2.0/28", ""},
	{"one address", "example.com TXT v=spf1 -all\n", "192.0.2.1/32", "fail 192.0.2.1/32", ""},
	{"all", "example.com TXT v=spf1 -all\n", "0.0.0.0/0", "fail 0.0.0.0/0", ""},
};

static void set_network(struct run *run, const char *text)
{
	struct slice network = slice_cstr(text);
	size_t slash = slice_find(network, '/', 0);
	ck_assert(ip_parse(slice_head(network, slash), &run->request.network.ip));
	run->request.network.length = (unsigned char)atoi(text + slash + 1);
	run->request.has_network = true;
}

START_TEST(partitions)
{
	struct arena *arena = unit_arena();
	struct run run = {.request.domain = SLICE("example.com")};
	set_network(&run, rows[_i].network);
	fixture_run(fixture_open(arena, rows[_i].zone), evaluate, &run);
	const struct spf_partition *partition = &run.partition;
	struct slice text = describe(arena, &partition->families[IP_V4]);
	unit_assert_slice(text, slice_cstr(rows[_i].ipv4));
	unit_assert_slice(describe(arena, &partition->families[IP_V6]), SLICE(""));
	ck_assert_uint_eq(partition->unresolved_count, rows[_i].unresolved[0] != '\0');
	if (partition->unresolved_count > 0)
		unit_assert_slice(partition->unresolved[0], slice_cstr(rows[_i].unresolved));
	bool is_single = slice_find(text, ';', 0) == text.len && partition->unresolved_count == 0;
	ck_assert_msg(partition->is_single == is_single, "%s", rows[_i].name);
}
END_TEST

START_TEST(a_domain_that_is_none_gets_none)
{
	struct run run = {.request.domain = SLICE("[192.0.2.1]")};
	fixture_run(fixture_open(unit_arena(), "example.com A 192.0.2.1\n"), evaluate, &run);
	ck_assert(run.partition.is_single);
	ck_assert_int_eq(run.partition.result, SPF_NONE);
}
END_TEST

/* With a sender its macros are known; those of the client's address never are. */
START_TEST(a_sender_resolves_its_macros)
{
	struct run run = {.request = {.domain = SLICE("example.com"),
				  .sample = {.has_sender = true, .sender = SLICE("user@example.com")}}};
	fixture_run(fixture_open(unit_arena(),
			    "example.com TXT v=spf1 exists:%{l}.x.example exists:%{i}.y.example -all\n"
			    "user.x.example A 127.0.0.2\n"),
		evaluate, &run);
	ck_assert(run.partition.is_single);
	ck_assert_int_eq(run.partition.result, SPF_PASS);
	ck_assert_uint_eq(run.partition.unresolved_count, 1);
	unit_assert_slice(run.partition.unresolved[0], SLICE("exists:%{i}.y.example"));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("spf_partition");
	TCase *cases = tcase_create("sets");
	tcase_add_loop_test(cases, partitions, 0, (int)(sizeof rows / sizeof rows[0]));
	tcase_add_test(cases, a_domain_that_is_none_gets_none);
	tcase_add_test(cases, a_sender_resolves_its_macros);
	suite_add_tcase(suite, cases);
	return unit_run(suite);
}
