/* The tree: what a record leads to, row by row: a zone, and all that comes of it in four lines:
 *
 *     "3 lookups, voids 0/1, queries 0/2, softfail, incomplete"      voids and queries: IPv4/IPv6
 *     "192.0.2.0/24"                                                 passes, IPv4
 *     ""                                                             passes, IPv6
 *     "spf-a-no-address[a:x]"                                        findings, and the bytes they are about
 *
 * Rows that begin with a number are those of the table "Tricky cases" of RFC 7208's digest.
 */
#include "spf/spf_explain.h"
#include "spf/spf_tree.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "support/fixture.h"
#include "support/unit.h"

struct run {
	const struct spf_sample *sample;
	const struct psl *psl;
	const struct spf_tree *tree;
	struct findings findings;
	struct name domain;
};

static void evaluate(struct view *view, struct arena *arena, void *context)
{
	struct run *run = context;
	ck_assert_int_eq(name_from_text(arena, SLICE("example.com"), &run->domain), NAME_OK);
	findings_init(&run->findings, arena);
	run->tree = spf_tree_walk(view, arena, run->domain, run->sample, run->psl, &run->findings);
}

/* --- results as text ---------------------------------------------------------------------- */

static struct slice append(struct arena *arena, struct slice text, const char *separator, struct slice more)
{
	return arena_printf(arena, "%.*s%s%.*s", (int)text.len, text.len == 0 ? "" : text.ptr,
		text.len == 0 ? "" : separator, (int)more.len, more.ptr);
}

static struct slice numbers_text(struct arena *arena, const struct spf_tree *tree)
{
	const struct spf_void_detail *voids = &tree->voids;
	return arena_printf(arena, "%u lookups, voids %u/%u, queries %u/%u, %s%s%s%s%s", tree->lookups,
		voids->ipv4, voids->ipv6, voids->queries_ipv4, voids->queries_ipv6,
		tree->default_known ? spf_result_text(tree->default_result) : "unknown",
		tree->permerror ? ", permerror" : "", tree->temporary ? ", temporary" : "",
		tree->cut ? ", cut" : "", tree->complete ? "" : ", incomplete");
}

static struct slice networks_text(struct arena *arena, struct ipset set)
{
	struct slice text = SLICE("");
	size_t count;
	const struct prefix *prefixes = ipset_prefixes(arena, set, &count);
	for (size_t i = 0; i < count; i++)
		text = append(arena, text, " ", prefix_text(arena, prefixes[i]));
	return text;
}

/* The findings of a record's text have tests of their own. */
static bool is_of_tree(enum rule_id rule)
{
	static const enum rule_id rules[] = {
#define RULE(id, ...) RULE_##id,
#include "rules/rules_spf_tree.def"
#undef RULE
	};
	for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
		if (rules[i] == rule)
			return true;
	}
	return false;
}

/* "rule@name[bytes]"; the name is left out for example.com. */
static struct slice finding_line(struct arena *arena, const struct finding *finding)
{
	struct slice text = finding_text(finding);
	bool is_own = slice_equal(finding->place.name, SLICE("example.com"));
	return arena_printf(arena, "%s%s%.*s[%.*s]", rule_get(finding->rule)->id, is_own ? "" : "@",
		is_own ? 0 : (int)finding->place.name.len, finding->place.name.ptr, (int)text.len,
		text.ptr == NULL ? "" : text.ptr);
}

static struct slice findings_text(struct arena *arena, const struct findings *findings)
{
	struct slice text = SLICE("");
	for (size_t i = 0; i < findings->count; i++) {
		if (is_of_tree(findings->items[i].rule))
			text = append(arena, text, " ", finding_line(arena, &findings->items[i]));
	}
	return text;
}

static void assert_text(const char *row, const char *what, struct slice actual, const char *expected)
{
	ck_assert_msg(slice_equal(actual, slice_cstr(expected)), "%s: %s\n    is       %.*s\n    expected %s",
		row, what, (int)actual.len, actual.ptr, expected);
}

/* --- the table ---------------------------------------------------------------------------- */

static const struct row {
	const char *name, *zone, *numbers, *ipv4, *ipv6, *findings;
} rows[] = {
#include "unit/spf_tree_rows.def"
};

START_TEST(test_row)
{
	const struct row *row = &rows[_i];
	struct arena *arena = unit_arena();
	struct run run = {0};
	fixture_run(fixture_open(arena, row->zone), evaluate, &run);
	assert_text(row->name, "numbers", numbers_text(arena, run.tree), row->numbers);
	assert_text(row->name, "IPv4", networks_text(arena, run.tree->ipv4), row->ipv4);
	assert_text(row->name, "IPv6", networks_text(arena, run.tree->ipv6), row->ipv6);
	assert_text(row->name, "findings", findings_text(arena, &run.findings), row->findings);
}
END_TEST

/* --- with a sample message ---------------------------------------------------------------- */

/* check_host() is one walker and the tree the other: they take the sender apart in the same way. */
static const struct {
	const char *name, *sender, *target;
} sender_rows[] = {
	{"an address", "joe@b.example", "joe.b.example.x.example"},
	{"a final dot is dropped", "joe@b.example.", "joe.b.example.x.example"},
	{"angle brackets", "<joe@b.example>", "joe.b.example.x.example"},
	{"a domain", "b.example", "postmaster.b.example.x.example"},
	{"no local-part", "@b.example", "postmaster.b.example.x.example"},
	{"an international domain",
		"joe@b\xc3\xbc"
		"cher.example",
		"joe.xn--bcher-kva.example.x.example"},
};

/* What HELO makes of a name. RFC 7208 4.3, 4.8: nothing is asked where check_host() asks nothing. */
static const struct {
	const char *name, *helo, *term, *ipv4, *findings;
} helo_rows[] = {
	{"a name", "x.example", "a:%{h}", "192.0.2.5/32", ""},
	{"one final dot is dropped", "x.example.", "a:%{h}", "192.0.2.5/32", ""},
	{"two are not", "x.example..", "a:%{h}", "", "spf-domain-invalid[a:%{h}]"},
	{"the root", ".", "a:%{h}", "", "spf-domain-invalid[a:%{h}]"},
	{"an address has no SPF record", "192.0.2.9", "include:%{h}", "", "spf-domain-invalid[include:%{h}]"},
	{"nor has a literal", "[192.0.2.9]", "include:%{h}", "", "spf-domain-invalid[include:%{h}]"},
};

static struct run run_zone(const char *zone, const struct spf_sample *sample, const struct psl *psl)
{
	struct run run = {.sample = sample, .psl = psl};
	fixture_run(fixture_open(unit_arena(), zone), evaluate, &run);
	return run;
}

/* Where the families differ the finding names the target that it is about. */
START_TEST(test_side)
{
	struct run run = run_zone("example.com TXT v=spf1 include:%{v}.x.example -all\n"
				  "in-addr.x.example TXT v=spf1 -all\nx.example TXT x\n",
		NULL, NULL);
	ck_assert_uint_ge(run.findings.count, 1);
	assert_text("side", "target", run.findings.items[0].args[0], "ip6.x.example");
}
END_TEST

START_TEST(test_sender)
{
	const struct spf_sample sample = {.has_sender = true, .sender = slice_cstr(sender_rows[_i].sender)};
	struct run run = run_zone("example.com TXT v=spf1 exists:%{l}.%{o}.x.example -all\n", &sample, NULL);
	assert_text(sender_rows[_i].name, "target", run.tree->root->terms[0].target, sender_rows[_i].target);
}
END_TEST

START_TEST(test_helo)
{
	const struct spf_sample sample = {.has_helo = true, .helo = slice_cstr(helo_rows[_i].helo)};
	char zone[300];
	snprintf(zone, sizeof zone,
		"example.com TXT v=spf1 %s -all\n. A 192.0.2.5\nx.example A 192.0.2.5\n"
		"192.0.2.9 TXT v=spf1 ip4:192.0.2.5\n[192.0.2.9] TXT v=spf1 ip4:192.0.2.5\n",
		helo_rows[_i].term);
	struct run run = run_zone(zone, &sample, NULL);
	struct arena *arena = run.findings.arena;
	assert_text(helo_rows[_i].name, "IPv4", networks_text(arena, run.tree->ipv4), helo_rows[_i].ipv4);
	assert_text(
		helo_rows[_i].name, "findings", findings_text(arena, &run.findings), helo_rows[_i].findings);
}
END_TEST

START_TEST(test_sample)
{
	const struct spf_sample sample = {
		.has_ip = true,
		.has_sender = true,
		.ip = {IP_V4, {192, 0, 2, 3}},
		.sender = SLICE("joe@mail@example.net"),
	};
	struct run run =
		run_zone("example.com TXT v=spf1 exists:%{ir}.%{v}.x.example a:%{o}.y.example "
			 "include:%{l}.z.example -all\n"
			 "3.2.0.192.in-addr.x.example A 127.0.0.2\nexample.net.y.example A 192.0.2.9\n",
			&sample, NULL);
	struct arena *arena = run.findings.arena;
	assert_text("sample", "numbers", numbers_text(arena, run.tree),
		"3 lookups, voids 0/1, queries 1/2, permerror, permerror, incomplete");
	/* 192.0.2.3 by exists; whoever gets to the include ends there, its name is "joe@mail.z.example" */
	assert_text("sample", "IPv4", networks_text(arena, run.tree->ipv4), "192.0.2.3/32 192.0.2.9/32");
	assert_text("sample", "IPv6", networks_text(arena, run.tree->ipv6), "");
	const struct spf_tree_term *include = &run.tree->root->terms[2];
	unit_assert_slice(include->target, SLICE("joe@mail.z.example"));
	ck_assert_int_eq(include->outcome, SPF_OUTCOME_NONE);
}
END_TEST

/* --- what is in the tree ------------------------------------------------------------------ */

START_TEST(test_terms)
{
	struct run run = run_zone(
		"example.com TXT v=spf1 A:h.example.com/24 ip4:192.0.2.55/28 include:a.example.com foo=bar "
		"?exists:%{i}.example.com -all redirect=b.example.com\n"
		"h.example.com A 192.0.2.77\nh.example.com A 192.0.2.78\n"
		"a.example.com TXT v=spf1 mx -all\na.example.com MX 10 h.example.com\n",
		NULL, NULL);
	static const struct {
		const char *text, *target;
		enum spf_outcome outcome;
		unsigned lookups, voids;
		bool voids_known;
		const char *network; /* the first */
		size_t network_count;
	} expected[] = {
		{"A:h.example.com/24", "h.example.com", SPF_OUTCOME_OK, 1, 1, true, "192.0.2.0/24", 1},
		{"ip4:192.0.2.55/28", "192.0.2.55/28", SPF_OUTCOME_OK, 0, 0, true, "192.0.2.48/28", 1},
		{"include:a.example.com", "a.example.com", SPF_OUTCOME_OK, 2, 0, true, NULL, 0},
		{"foo=bar", "", SPF_OUTCOME_OK, 0, 0, true, NULL, 0},
		{"?exists:%{i}.example.com", "%{i}.example.com", SPF_OUTCOME_UNRESOLVED, 1, 0, false, NULL,
			0},
		{"-all", "", SPF_OUTCOME_OK, 0, 0, true, NULL, 0},
		{"redirect=b.example.com", "", SPF_OUTCOME_CUT, 0, 0, true, NULL, 0},
	};
	const struct spf_node *root = run.tree->root;
	ck_assert_uint_eq(root->count, sizeof expected / sizeof *expected);
	for (size_t i = 0; i < root->count; i++) {
		const struct spf_tree_term *term = &root->terms[i];
		unit_assert_slice(term->text, slice_cstr(expected[i].text));
		unit_assert_slice(term->target, slice_cstr(expected[i].target));
		ck_assert_int_eq(term->has_target, expected[i].target[0] != '\0');
		ck_assert_int_eq(term->outcome, expected[i].outcome);
		ck_assert_uint_eq(term->lookups, expected[i].lookups);
		ck_assert_uint_eq(term->void_lookups, expected[i].voids);
		ck_assert_int_eq(term->voids_known, expected[i].voids_known);
		ck_assert_uint_eq(term->network_count, expected[i].network_count);
		if (expected[i].network != NULL)
			unit_assert_slice(prefix_text(run.findings.arena, term->networks[0]),
				slice_cstr(expected[i].network));
	}
	const struct spf_node *below = root->terms[2].tree;
	unit_assert_slice(name_text(run.findings.arena, below->domain), SLICE("a.example.com"));
	ck_assert_uint_eq(below->lookups, 1);
	ck_assert_uint_eq(below->terms[0].network_count, 2);
	ck_assert_ptr_null(root->terms[6].tree);
	ck_assert_uint_eq(root->lookups, 4);
}
END_TEST

START_TEST(test_places)
{
	struct run run = run_zone("example.com TXT v=spf1 include:a.example.com -all\n"
				  "a.example.com TXT v=spf1 redirect=b.example.com\n"
				  "b.example.com TXT v=spf1 foo:bar include:a.example.com -all\n",
		NULL, NULL);
	size_t seen = 0;
	for (size_t i = 0; i < run.findings.count; i++) {
		const struct finding *finding = &run.findings.items[i];
		if (finding->rule != RULE_SPF_UNKNOWN_MECHANISM && finding->rule != RULE_SPF_INCLUDE_LOOP)
			continue;
		seen++;
		unit_assert_slice(finding->place.name, SLICE("b.example.com"));
		unit_assert_slice(finding->place.type, SLICE("TXT"));
		unit_assert_slice(finding->place.record, SLICE("v=spf1 foo:bar include:a.example.com -all"));
		ck_assert_uint_eq(finding->place.path_count, 3);
		unit_assert_slice(finding->place.path[0], SLICE("example.com"));
		unit_assert_slice(finding->place.path[1], SLICE("include:a.example.com"));
		unit_assert_slice(finding->place.path[2], SLICE("redirect=b.example.com"));
		if (finding->rule == RULE_SPF_INCLUDE_LOOP)
			unit_assert_slice(
				finding->args[1], SLICE("example.com > include:a.example.com > "
							"redirect=b.example.com > include:a.example.com"));
	}
	ck_assert_uint_eq(seen, 2);
}
END_TEST

START_TEST(test_severity_of_none)
{
	static const struct {
		const char *zone;
		enum severity severity;
	} zones[] = {
		{"example.com MX 10 mail.example.com\n", SEVERITY_ERROR},
		{"example.com MX 0 .\n", SEVERITY_WARNING},
		{"example.com A 192.0.2.1\n", SEVERITY_WARNING},
		{"example.com MX !timeout\nexample.com A 192.0.2.1\n", SEVERITY_WARNING},
	};
	for (size_t i = 0; i < sizeof zones / sizeof *zones; i++) {
		struct run run = run_zone(zones[i].zone, NULL, NULL);
		ck_assert_uint_eq(run.findings.count, 1);
		ck_assert_int_eq(run.findings.items[0].rule, RULE_SPF_NONE);
		ck_assert_int_eq(run.findings.items[0].severity, zones[i].severity);
	}
}
END_TEST

START_TEST(test_unregistered)
{
	static struct psl *psl;
	psl = psl_open(NULL);
	ck_assert_ptr_nonnull(psl);
	static const struct {
		const char *zone, *findings;
	} zones[] = {
		{"example.com TXT v=spf1 include:_spf.gone.example -all\n",
			"spf-include-unregistered[include:_spf.gone.example]"},
		{"example.com TXT v=spf1 redirect=gone.example\n",
			"spf-include-unregistered[redirect=gone.example]"},
		{"example.com TXT v=spf1 include:_spf.gone.example -all\ngone.example A 192.0.2.1\n",
			"spf-include-none[include:_spf.gone.example]"},
		{"example.com TXT v=spf1 include:_spf.gone.example -all\ngone.example * !timeout\n", ""},
	};
	for (size_t i = 0; i < sizeof zones / sizeof *zones; i++) {
		struct run run = run_zone(zones[i].zone, NULL, psl);
		assert_text("unregistered", zones[i].zone, findings_text(run.findings.arena, &run.findings),
			zones[i].findings);
	}
	psl_close(psl);
}
END_TEST

/* --- hostile trees: ends at once, with few questions -------------------------------------- */

struct bound {
	const char *name, *zone;
	size_t max_questions, max_rounds;
	bool cut;
};

static const struct bound bounds[] = {
	{"a million branches",
		"example.com TXT v=spf1 include:a.%{d} include:b.%{d} include:c.%{d} include:d.%{d} -all\n"
		"*.example.com TXT v=spf1 include:a.%{d} include:b.%{d} include:c.%{d} include:d.%{d} "
		"include:e.%{d} include:f.%{d} -all\n",
		SPF_TREE_MAX_TERMS + 6, SPF_TREE_MAX_DEPTH + 2, true},
	{"a name that grows",
		"example.com TXT v=spf1 include:%{d}.example.com -all\n*.example.com TXT v=spf1 "
		"include:%{d}.example.com -all\n",
		SPF_TREE_MAX_DEPTH + 1, SPF_TREE_MAX_DEPTH + 2,
		false}, /* at 253 bytes it does not grow: a loop */
	{"each name includes the next one twice",
		"example.com TXT v=spf1 include:a.n.example include:a.n.example -all\n"
		"a.n.example TXT v=spf1 include:b.n.example include:b.n.example -all\n"
		"b.n.example TXT v=spf1 include:c.n.example include:c.n.example -all\n"
		"c.n.example TXT v=spf1 include:d.n.example include:d.n.example -all\n"
		"d.n.example TXT v=spf1 include:e.n.example include:e.n.example -all\n"
		"e.n.example TXT v=spf1 include:f.n.example include:f.n.example -all\n"
		"f.n.example TXT v=spf1 include:g.n.example include:g.n.example -all\n"
		"g.n.example TXT v=spf1 include:h.n.example include:h.n.example -all\n"
		"h.n.example TXT v=spf1 include:i.n.example include:i.n.example -all\n"
		"i.n.example TXT v=spf1 include:j.n.example include:j.n.example -all\n"
		"j.n.example TXT v=spf1 ip4:192.0.2.1 -all\n",
		11, 11, true},
	{"all includes each other",
		"example.com TXT v=spf1 include:a.example include:b.example include:c.example "
		"include:d.example\n"
		"a.example TXT v=spf1 include:b.example include:c.example include:d.example "
		"include:example.com\n"
		"b.example TXT v=spf1 include:a.example include:c.example include:d.example "
		"include:example.com\n"
		"c.example TXT v=spf1 include:a.example include:b.example include:d.example "
		"include:example.com\n"
		"d.example TXT v=spf1 include:a.example include:b.example include:c.example "
		"include:example.com\n",
		5, 3, false},
};

START_TEST(test_bound)
{
	const struct bound *bound = &bounds[_i];
	struct fixture *dns = fixture_open(unit_arena(), bound->zone);
	struct run run = {0};
	fixture_run(dns, evaluate, &run);
	size_t questions;
	fixture_questions(dns, &questions);
	ck_assert_msg(questions <= bound->max_questions, "%s: %zu questions", bound->name, questions);
	ck_assert_msg(
		fixture_rounds(dns) <= bound->max_rounds, "%s: %zu rounds", bound->name, fixture_rounds(dns));
	ck_assert_int_eq(run.tree->cut, bound->cut);
	/* A tree that is too large is said to be that, and nothing in it to be broken. */
	for (size_t i = 0; bound->cut && i < run.findings.count; i++)
		ck_assert_int_ne((int)run.findings.items[i].rule, (int)RULE_SPF_INCLUDE_PERMERROR);
	ck_assert(run.tree->permerror);
	ck_assert_uint_gt(run.tree->lookups, SPF_LOOKUP_LIMIT);
}
END_TEST

/* All questions that can be seen are asked at once: the record, then all its targets, then what these lead
 * to. */
START_TEST(test_rounds)
{
	struct fixture *dns =
		fixture_open(unit_arena(), "example.com TXT v=spf1 include:a.example.com mx a:h.example.com "
					   "include:b.example.com exists:e.example.com -all\n"
					   "a.example.com TXT v=spf1 a mx -all\nb.example.com TXT v=spf1 a "
					   "-all\nexample.com MX 10 m.example.com\n"
					   "a.example.com MX 10 n.example.com\nb.example.com A 192.0.2.1\n");
	struct run run = {0};
	fixture_run(dns, evaluate, &run);
	ck_assert_uint_eq(fixture_rounds(dns), 4);
}
END_TEST

START_TEST(test_many_terms)
{
	struct arena *arena = unit_arena();
	char *record = arena_alloc(arena, 65536);
	size_t len = (size_t)sprintf(record, "v=spf1");
	for (unsigned i = 0; i < 3000; i++)
		len += (size_t)sprintf(
			record + len, " %sip4:10.%u.%u.1", i % 2 == 0 ? "" : "-", i / 256, i % 256);
	len += (size_t)sprintf(record + len, " -all");
	struct buf rdata;
	buf_init(&rdata);
	for (size_t at = 0; at < len; at += 255) {
		size_t part = len - at < 255 ? len - at : 255;
		buf_byte(&rdata, (char)part);
		buf_add(&rdata, slice_of(record + at, part));
	}
	struct fixture *dns = fixture_open(arena, "example.net A 192.0.2.1\n");
	fixture_add(dns, "example.com", RRTYPE_TXT, buf_slice(&rdata));
	buf_free(&rdata);
	struct run run = {0};
	fixture_run(dns, evaluate, &run);
	ck_assert_uint_eq(run.tree->root->count, 3001);
	ck_assert_uint_eq(ipset_count_v4(run.tree->ipv4), 1500);
	ck_assert(run.tree->complete);
}
END_TEST

/* Thousands of terms that need DNS in one record: asked for until the bound. */
START_TEST(test_many_lookups)
{
	struct arena *arena = unit_arena();
	struct buf rdata;
	buf_init(&rdata);
	buf_text(&rdata, "\006v=spf1");
	for (unsigned i = 0; i < 3000; i++)
		buf_printf(&rdata, "%c a:x%04u.example", 16, i);
	struct fixture *dns = fixture_open(arena, "example.net A 192.0.2.1\n");
	fixture_add(dns, "example.com", RRTYPE_TXT, buf_slice(&rdata));
	buf_free(&rdata);
	struct run run = {0};
	fixture_run(dns, evaluate, &run);
	size_t questions;
	fixture_questions(dns, &questions);
	ck_assert_uint_eq(questions, 1 + 2 * SPF_TREE_MAX_TERMS);
	ck_assert_uint_eq(run.tree->lookups, 3000);
	ck_assert(run.tree->cut);
}
END_TEST

/* --- any answer may fail ------------------------------------------------------------------ */

static bool has_finding(const struct findings *findings, const struct finding *wanted)
{
	for (size_t i = 0; i < findings->count; i++) {
		const struct finding *finding = &findings->items[i];
		if (finding->rule == wanted->rule && finding->severity >= wanted->severity &&
			slice_equal(finding->place.name, wanted->place.name))
			return true;
	}
	return false;
}

/* Each answer in turn is replaced by a timeout: no finding appears, none grows worse, and nobody passes
 * who did not, unless the failed term takes away (then the set is told to be incomplete). */
START_TEST(test_any_failure)
{
	const struct row *row = &rows[_i];
	struct fixture *dns = fixture_open(unit_arena(), row->zone);
	struct run whole = {0}, broken = {0};
	fixture_run(dns, evaluate, &whole);
	size_t count;
	const struct question *asked = fixture_questions(dns, &count);
	struct question *questions = arena_alloc(whole.findings.arena, (count + 1) * sizeof *questions);
	memcpy(questions, asked, count * sizeof *questions);
	for (size_t i = 0; i < count; i++) {
		fixture_mend(dns);
		fixture_break(dns, questions[i], DNS_FAILURE_TIMEOUT);
		fixture_run(dns, evaluate, &broken);
		for (size_t j = 0; j < broken.findings.count; j++)
			ck_assert_msg(has_finding(&whole.findings, &broken.findings.items[j]),
				"%s: %s appears", row->name, rule_get(broken.findings.items[j].rule)->id);
		ck_assert(broken.tree->complete <= whole.tree->complete);
	}
}
END_TEST

/* Answers in any order: the same result. */
START_TEST(test_orders)
{
	const struct row *row = &rows[_i];
	struct fixture *dns = fixture_open(unit_arena(), row->zone);
	for (int order = 0; order < FIXTURE_ORDERS; order++) {
		struct run run = {0};
		fixture_set_order(dns, (enum fixture_order)order, 7);
		fixture_run(dns, evaluate, &run);
		assert_text(row->name, "numbers", numbers_text(run.findings.arena, run.tree), row->numbers);
		assert_text(row->name, "findings", findings_text(run.findings.arena, &run.findings),
			row->findings);
	}
}
END_TEST

/* --- the examples of the rules ------------------------------------------------------------ */

static const enum rule_id example_rules[] = {
#define RULE(id, ...) RULE_##id,
#include "rules/rules_spf_tree.def"
#undef RULE
};

static void evaluate_all(struct view *view, struct arena *arena, void *context)
{
	struct run *run = context;
	evaluate(view, arena, context);
	spf_explain_inspect(view, arena, run->domain, run->tree, run->sample, &run->findings);
}

static const struct finding *find_rule(const struct findings *findings, enum rule_id rule)
{
	for (size_t i = 0; i < findings->count; i++) {
		if (findings->items[i].rule == rule)
			return &findings->items[i];
	}
	return NULL;
}

/* Rules that need more than the tree (cross_mail), or that no record can show. */
static bool has_no_example_here(enum rule_id id)
{
	return id == RULE_SPF_WILDCARD || id == RULE_SPF_PARKED || id == RULE_SPF_NO_HELO ||
	       rule_get(id)->bad[0] == '\0';
}

/* Every rule fires on its bad example at the very bytes, and not on its good one. */
START_TEST(test_example)
{
	enum rule_id id = example_rules[_i];
	const struct rule *rule = rule_get(id);
	if (has_no_example_here(id))
		return;
	struct psl *psl = psl_open(NULL);
	struct run run = {.psl = psl};
	fixture_run(fixture_open(unit_arena(), rule->bad), evaluate_all, &run);
	const struct finding *finding = find_rule(&run.findings, id);
	ck_assert_msg(finding != NULL, "%s does not fire", rule->id);
	struct slice text = finding_text(finding);
	ck_assert_msg(
		slice_equal(text, slice_cstr(rule->about)), "%s: %.*s", rule->id, (int)text.len, text.ptr);
	fixture_run(fixture_open(unit_arena(), rule->good), evaluate_all, &run);
	ck_assert_msg(find_rule(&run.findings, id) == NULL, "%s fires on the good example", rule->id);
	psl_close(psl);
}
END_TEST

/* --- memory ------------------------------------------------------------------------------- */

static const char memory_zone[] =
	"example.com TXT v=spf1 include:a.example.com mx exists:%{i}.example.com -ip4:192.0.2.1 -all "
	"exp=b.example.com\n"
	"a.example.com TXT v=spf1 a a:x.example ip4:192.0.2.0/24 -ip4:192.0.2.9 redirect=example.com\n"
	"a.example.com A 192.0.2.3\nexample.com MX 10 a.example.com\nb.example.com TXT %{i} \xe2\x80\x99 "
	"%{d}\n";

static void work(struct arena *arena, void *view)
{
	struct run run = {0};
	view_begin_run(view, 0);
	evaluate_all(view, arena, &run);
}

START_TEST(test_memory)
{
	struct run run = {0};
	struct view *view = fixture_run(fixture_open(unit_arena(), memory_zone), evaluate_all, &run);
	unit_fail_every_allocation(work, view);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("spf_tree");
	TCase *tests = tcase_create("spf_tree");
	int row_count = (int)(sizeof rows / sizeof *rows);
	tcase_set_timeout(tests, 60);
	tcase_add_loop_test(tests, test_row, 0, row_count);
	tcase_add_loop_test(tests, test_any_failure, 0, row_count);
	tcase_add_loop_test(tests, test_orders, 0, row_count);
	tcase_add_loop_test(tests, test_bound, 0, (int)(sizeof bounds / sizeof *bounds));
	tcase_add_test(tests, test_sample);
	tcase_add_test(tests, test_side);
	tcase_add_loop_test(tests, test_sender, 0, (int)(sizeof sender_rows / sizeof *sender_rows));
	tcase_add_loop_test(tests, test_helo, 0, (int)(sizeof helo_rows / sizeof *helo_rows));
	tcase_add_test(tests, test_terms);
	tcase_add_test(tests, test_places);
	tcase_add_test(tests, test_severity_of_none);
	tcase_add_test(tests, test_unregistered);
	tcase_add_test(tests, test_rounds);
	tcase_add_test(tests, test_many_terms);
	tcase_add_test(tests, test_many_lookups);
	tcase_add_loop_test(tests, test_example, 0, (int)(sizeof example_rules / sizeof *example_rules));
	tcase_add_test(tests, test_memory);
	suite_add_tcase(suite, tests);
	return unit_run(suite);
}
