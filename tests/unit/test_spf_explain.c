/* The explanation: which exp= counts, what is wrong with its text, and what a sender gets to read. */
#include "spf/spf_explain.h"

#include <stdio.h>

#include "support/fixture.h"
#include "support/unit.h"

struct run {
	const struct spf_sample *sample;
	const struct spf_tree *tree;
	const struct spf_explanation *explanation;
	struct findings findings; /* of spf_explain alone */
};

static void evaluate(struct view *view, struct arena *arena, void *context)
{
	struct run *run = context;
	struct findings of_tree;
	struct name domain;
	ck_assert_int_eq(name_from_text(arena, SLICE("example.com"), &domain), NAME_OK);
	findings_init(&of_tree, arena);
	findings_init(&run->findings, arena);
	run->tree = spf_tree_walk(view, arena, domain, run->sample, NULL, &of_tree);
	run->explanation = spf_explain_inspect(view, arena, domain, run->tree, run->sample, &run->findings);
}

static struct run run_zone(const char *zone, const struct spf_sample *sample)
{
	struct run run = {.sample = sample};
	fixture_run(fixture_open(unit_arena(), zone), evaluate, &run);
	return run;
}

/* "rule@name[bytes]", all findings. */
static struct slice findings_text(const struct run *run)
{
	struct slice text = SLICE("");
	for (size_t i = 0; i < run->findings.count; i++) {
		const struct finding *finding = &run->findings.items[i];
		struct slice bytes = finding_text(finding);
		text = arena_printf(run->findings.arena, "%.*s%s%s@%.*s[%.*s]", (int)text.len, text.ptr,
			i > 0 ? " " : "", rule_get(finding->rule)->id, (int)finding->place.name.len,
			finding->place.name.ptr, (int)bytes.len, bytes.len == 0 ? "" : bytes.ptr);
	}
	return text;
}

#define TEXT_OK	   "why.example.com TXT %{i} may not send for %{d}\n"
#define EXAMPLE_OK "192.0.2.1 may not send for example.com"

static const struct row {
	const char *name, *zone;
	const char *domain; /* NULL: no explanation */
	bool valid, reachable;
	const char *example, *findings;
} rows[] = {
	{"no exp", "example.com TXT v=spf1 -all\n", NULL, false, false, "", ""},
	{"no record", "example.com A 192.0.2.1\n", NULL, false, false, "", ""},
	{"good", "example.com TXT v=spf1 -all exp=why.example.com\n" TEXT_OK, "why.example.com", true, true,
		EXAMPLE_OK, ""},
	{"softfail", "example.com TXT v=spf1 mx ~all exp=why.example.com\n" TEXT_OK, "why.example.com", true,
		false, EXAMPLE_OK, "spf-exp-unreachable@example.com[exp=why.example.com]"},
	{"minus before ~all", "example.com TXT v=spf1 -ip4:192.0.2.9 ~all exp=why.example.com\n" TEXT_OK,
		"why.example.com", true, true, EXAMPLE_OK, ""},
	{"minus behind all", "example.com TXT v=spf1 ~all -ip4:192.0.2.9 exp=why.example.com\n" TEXT_OK,
		"why.example.com", true, false, EXAMPLE_OK,
		"spf-exp-unreachable@example.com[exp=why.example.com]"},
	{"an address that passes is no example",
		"example.com TXT v=spf1 ip4:192.0.2.0/24 -all exp=why.example.com\n" TEXT_OK,
		"why.example.com", true, true, "198.51.100.1 may not send for example.com", ""},
	{"after a redirect the target's",
		"example.com TXT v=spf1 redirect=a.example.com exp=b.example.com\n"
		"a.example.com TXT v=spf1 -all exp=why.example.com\n" TEXT_OK "b.example.com TXT no\n",
		"why.example.com", true, true, "192.0.2.1 may not send for a.example.com",
		"spf-exp-unreachable@example.com[exp=b.example.com]"},
	{"after a redirect none",
		"example.com TXT v=spf1 redirect=a.example.com exp=why.example.com\na.example.com TXT v=spf1 "
		"-all\n" TEXT_OK,
		"why.example.com", true, false, EXAMPLE_OK,
		"spf-exp-unreachable@example.com[exp=why.example.com]"},
	{"before the redirect it counts",
		"example.com TXT v=spf1 -ip4:192.0.2.1 redirect=a.example.com exp=why.example.com\n"
		"a.example.com TXT v=spf1 -all\n" TEXT_OK,
		"why.example.com", true, true, EXAMPLE_OK, ""},
	{"that of an include never counts",
		"example.com TXT v=spf1 include:a.example.com -all\n"
		"a.example.com TXT v=spf1 -all exp=why.example.com\n" TEXT_OK,
		NULL, false, false, "", ""},
	{"macros in the target", "example.com TXT v=spf1 -all exp=why.%{d2}\n" TEXT_OK, "why.example.com",
		true, true, EXAMPLE_OK, ""},
	{"macros that need a message", "example.com TXT v=spf1 -all exp=%{i}.example.com\n",
		"%{i}.example.com", false, true, "",
		"spf-macro-unresolved@example.com[exp=%{i}.example.com]"},
	{"target missing", "example.com TXT v=spf1 -all exp=why.example.com\n", "why.example.com", false,
		true, "", "spf-exp-target-none@example.com[exp=why.example.com]"},
	{"target without TXT",
		"example.com TXT v=spf1 -all exp=why.example.com\nwhy.example.com A 192.0.2.1\n",
		"why.example.com", false, true, "", "spf-exp-target-none@example.com[exp=why.example.com]"},
	{"target times out",
		"example.com TXT v=spf1 -all exp=why.example.com\nwhy.example.com TXT !timeout\n",
		"why.example.com", false, true, "", ""},
	{"two texts",
		"example.com TXT v=spf1 -all exp=why.example.com\n" TEXT_OK "why.example.com TXT other\n",
		"why.example.com", false, true, "", "spf-exp-target-many@example.com[exp=why.example.com]"},
	{"bad macro", "example.com TXT v=spf1 -all exp=why.example.com\nwhy.example.com TXT 100% of %{d}\n",
		"why.example.com", false, true, "", "spf-exp-target-bad-macro@why.example.com[%]"},
	{"smart quotes",
		"example.com TXT v=spf1 -all exp=why.example.com\n"
		"why.example.com TXT %{i} isn\xe2\x80\x99t \xe2\x80\x9cours\xe2\x80\x9d\n",
		"why.example.com", false, true, "", "spf-exp-target-non-ascii@why.example.com[\xe2\x80\x99]"},
	{"smart quotes and a bad macro",
		"example.com TXT v=spf1 -all exp=why.example.com\n"
		"why.example.com TXT isn\xe2\x80\x99t %{x}\n",
		"why.example.com", false, true, "",
		"spf-exp-target-non-ascii@why.example.com[\xe2\x80\x99] "
		"spf-exp-target-bad-macro@why.example.com[%{x}]"},
	{"all letters",
		"example.com TXT v=spf1 -all exp=why.example.com\n"
		"why.example.com TXT %{s} %{l} %{o} %{d} %{i} %{p} %{v} %{h} %{c} %{r} %{t}\n",
		"why.example.com", true, true,
		"user@example.com user example.com example.com 192.0.2.1 unknown in-addr mail.example.net "
		"192.0.2.1 mx.example.org "
		"1767225600",
		""},
};

START_TEST(test_row)
{
	const struct row *row = &rows[_i];
	struct run run = run_zone(row->zone, NULL);
	const struct spf_explanation *explanation = run.explanation;
	struct slice findings = findings_text(&run);
	ck_assert_msg(slice_equal(findings, slice_cstr(row->findings)), "%s: %.*s", row->name,
		(int)findings.len, findings.ptr);
	ck_assert_msg((explanation != NULL) == (row->domain != NULL), "%s: explanation", row->name);
	if (explanation == NULL)
		return;
	unit_assert_slice(explanation->domain, slice_cstr(row->domain));
	ck_assert_msg(explanation->valid == row->valid, "%s: valid", row->name);
	ck_assert_msg(explanation->reachable == row->reachable, "%s: reachable", row->name);
	unit_assert_slice(explanation->example, slice_cstr(row->example));
}
END_TEST

/* The record this project began with, word for word. */
START_TEST(test_article)
{
	struct arena *arena = unit_arena();
	struct fixture *dns =
		fixture_open(arena, "example.com TXT v=spf1 redirect=_spf.computersolutions.cn\n"
				    "_spf.computersolutions.cn TXT v=spf1 mx:computersolutions.cn ~all "
				    "exp=badsender.computersolutions.cn\n"
				    "computersolutions.cn MX 10 "
				    "mail.computersolutions.cn\nmail.computersolutions.cn A 192.0.2.25\n"
				    "badsender.computersolutions.cn TXT %{i} is not one of %{d}'s designated "
				    "mail servers. Please follow this link for "
				    "assistance - %{d}/why.php?s=%{S}&i=%{I}&h=%{H}&d=%{d}\n");
	struct run run = {0};
	fixture_run(dns, evaluate, &run);
	ck_assert_uint_eq(run.tree->lookups, 2);
	ck_assert_int_eq(run.tree->default_result, SPF_SOFTFAIL);
	const struct spf_explanation *explanation = run.explanation;
	ck_assert_ptr_nonnull(explanation);
	ck_assert(explanation->resolved && explanation->has_record && explanation->valid);
	ck_assert(!explanation->reachable);
	unit_assert_slice(explanation->domain, SLICE("badsender.computersolutions.cn"));
	unit_assert_slice(
		explanation->example, SLICE("192.0.2.1 is not one of _spf.computersolutions.cn's designated "
					    "mail servers. Please follow this link for "
					    "assistance - "
					    "_spf.computersolutions.cn/"
					    "why.php?s=user%40example.com&i=192.0.2.1&h=mail.example.net&d="
					    "_spf.computersolutions.cn"));
	unit_assert_slice(findings_text(&run),
		SLICE("spf-exp-unreachable@_spf.computersolutions.cn[exp=badsender.computersolutions.cn]"));
}
END_TEST

START_TEST(test_sample)
{
	const struct spf_sample sample = {
		.has_ip = true,
		.has_sender = true,
		.has_helo = true,
		.ip = {IP_V6, {0x20, 0x01, 0x0d, 0xb8, [15] = 1}},
		.sender = SLICE("a b@example.net"),
		.helo = SLICE("h.example"),
	};
	struct run run = run_zone(
		"example.com TXT v=spf1 -all exp=%{v}.%{o}\nip6.example.net TXT %{c} %{S} %{h} %{o}\n",
		&sample);
	ck_assert_ptr_nonnull(run.explanation);
	unit_assert_slice(run.explanation->domain, SLICE("ip6.example.net"));
	unit_assert_slice(
		run.explanation->example, SLICE("2001:db8::1 a%20b%40example.net h.example example.net"));
}
END_TEST

START_TEST(test_fix_and_place)
{
	struct run run = run_zone(
		"example.com TXT v=spf1 -all exp=why.example.com\n"
		"why.example.com TXT isn\xe2\x80\x99t \xe2\x80\x9cours\xe2\x80\x9d \xe2\x80\x93 %{i}\n",
		NULL);
	ck_assert_uint_eq(run.findings.count, 1);
	const struct finding *finding = &run.findings.items[0];
	unit_assert_slice(finding->args[1], SLICE("E2 80 99"));
	ck_assert_ptr_nonnull(finding->fix);
	unit_assert_slice(finding->fix->record, SLICE("isn't \"ours\" - %{i}"));
	ck_assert(finding->fix->safe);
	ck_assert_uint_eq(finding->place.path_count, 2);
	unit_assert_slice(finding->place.path[0], SLICE("example.com"));
	unit_assert_slice(finding->place.path[1], SLICE("exp=why.example.com"));
	unit_assert_slice(finding->place.name, SLICE("why.example.com"));

	run = run_zone(
		"example.com TXT v=spf1 -all exp=why.example.com\nwhy.example.com TXT \xe9t\xe9\n", NULL);
	ck_assert_uint_eq(run.findings.count, 1);
	ck_assert_ptr_null(run.findings.items[0].fix);
}
END_TEST

START_TEST(test_too_long)
{
	char zone[1024];
	for (int len = 450; len <= 451; len++) {
		char text[500];
		memset(text, 'x', sizeof text);
		text[len] = '\0';
		snprintf(zone, sizeof zone,
			"example.com TXT v=spf1 -all exp=why.example.com\nwhy.example.com TXT %s\n", text);
		struct run run = run_zone(zone, NULL);
		ck_assert(run.explanation->valid);
		ck_assert_uint_eq(run.findings.count, len > 450 ? 1 : 0);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("spf_explain");
	TCase *tests = tcase_create("spf_explain");
	tcase_add_loop_test(tests, test_row, 0, (int)(sizeof rows / sizeof *rows));
	tcase_add_test(tests, test_article);
	tcase_add_test(tests, test_sample);
	tcase_add_test(tests, test_fix_and_place);
	tcase_add_test(tests, test_too_long);
	suite_add_tcase(suite, tests);
	return unit_run(suite);
}
