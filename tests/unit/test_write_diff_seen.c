/* Tests of report/write_diff_seen: what is the same finding for another domain. */
#include "report/write_diff_seen.h"

#include <stdio.h>

#include "support/unit.h"

static struct name name_of(struct arena *arena, const char *text)
{
	struct name name;
	ck_assert_int_eq(name_from_text(arena, slice_cstr(text), &name), NAME_OK);
	return name;
}

static struct finding finding_of(struct arena *arena, const char *domain, const char *rest)
{
	struct finding finding = {.rule = RULE_CHANGE_POLICY_WEAKENED,
		.severity = SEVERITY_WARNING,
		.has_span = true,
		.span = {10, 6},
		.place = {.name = SLICE("_dmarc.example.com"),
			.type = SLICE("TXT"),
			.record = SLICE("v=DMARC1; p=none"),
			.file = SLICE("db"),
			.line = 3,
			.column = 18}};
	finding.args[0] = arena_printf(arena, "%s%s", domain, rest);
	return finding;
}

/* What is told of example.com and then of a.example.com with `change`. */
static bool is_same(void (*change)(struct finding *))
{
	struct arena *arena = unit_arena();
	struct write_diff_seen seen = {.arena = arena};
	struct finding one = finding_of(arena, "example.com", ", subdomains");
	struct finding other = finding_of(arena, "a.example.com", ", subdomains");
	bool is_new;
	change(&other);
	write_diff_seen_note(&seen, arena, name_of(arena, "example.com"), &one, &is_new);
	ck_assert(is_new);
	write_diff_seen_note(&seen, arena, name_of(arena, "a.example.com"), &other, &is_new);
	return !is_new;
}

static void nothing(struct finding *finding)
{
	(void)finding;
}

static void rule(struct finding *finding)
{
	finding->rule = RULE_CHANGE_POLICY_STRENGTHENED;
}

static void level(struct finding *finding)
{
	finding->severity = SEVERITY_ERROR;
}

static void detail(struct finding *finding)
{
	finding->detail = DETAIL_CHANGE_RFC7489;
}

static void line(struct finding *finding)
{
	finding->place.line++;
}

static void file(struct finding *finding)
{
	finding->place.file = SLICE("db2");
}

static void owner(struct finding *finding)
{
	finding->place.name = SLICE("_dmarc.a.example.com");
}

static void span(struct finding *finding)
{
	finding->span.len--;
}

static void argument(struct finding *finding)
{
	finding->args[0] = SLICE("a.example.com, subdomain");
}

static void not_the_domain(struct finding *finding)
{
	finding->args[0] = SLICE(", subdomains");
}

static void shifted(struct finding *finding)
{
	finding->args[1] = finding->args[0];
	finding->args[0] = SLICE("");
}

static const struct {
	const char *name;
	void (*change)(struct finding *);
	bool is_same;
} rows[] = {
	{"nothing", nothing, true},
	{"rule", rule, false},
	{"level", level, false},
	{"detail", detail, false},
	{"line", line, false},
	{"file", file, false},
	{"owner", owner, false},
	{"span", span, false},
	{"argument", argument, false},
	{"an argument without the domain", not_the_domain, false},
	{"another argument", shifted, false},
};

START_TEST(what_is_the_same)
{
	ck_assert_msg(is_same(rows[_i].change) == rows[_i].is_same, "%s", rows[_i].name);
}
END_TEST

static struct slice told(size_t others)
{
	struct arena *arena = unit_arena();
	struct write_diff_seen seen = {.arena = arena};
	struct finding finding = finding_of(arena, "", "x");
	struct write_diff_seen_item *item = NULL;
	for (size_t i = 0; i <= others; i++) {
		char text[32];
		bool is_new;
		snprintf(text, sizeof text, "h%zu.example", i);
		item = write_diff_seen_note(&seen, arena, name_of(arena, text), &finding, &is_new);
		ck_assert(is_new == (i == 0));
	}
	unit_assert_slice(item->domain, SLICE("h0.example"));
	return write_diff_seen_text(arena, item);
}

START_TEST(domains_are_counted)
{
	unit_assert_slice(told(0), SLICE(""));
	unit_assert_slice(told(1), SLICE("the same for h1.example"));
	unit_assert_slice(told(3), SLICE("the same for 3 more domains: h1.example, h2.example, h3.example"));
	unit_assert_slice(told(20000),
		SLICE("the same for 20000 more domains: h1.example, h2.example, h3.example and 19997 more"));
}
END_TEST

/* The table grows, and finds all again. */
START_TEST(many_findings)
{
	struct arena *arena = unit_arena();
	struct write_diff_seen seen = {.arena = arena};
	struct name domain = name_of(arena, "example.com");
	for (size_t round = 0; round < 2; round++) {
		for (size_t i = 0; i < 5000; i++) {
			struct finding finding = finding_of(arena, "", "x");
			bool is_new;
			finding.place.line = i;
			write_diff_seen_note(&seen, arena, domain, &finding, &is_new);
			ck_assert(is_new == (round == 0));
		}
	}
	ck_assert_uint_eq(seen.count, 5000);
	bool is_new;
	write_diff_seen_note_text(&seen, domain, SLICE("a text"), &is_new);
	ck_assert(is_new);
	write_diff_seen_note_text(&seen, domain, SLICE("a text"), &is_new);
	ck_assert(!is_new);
}
END_TEST

static void work(struct arena *arena, void *context)
{
	struct write_diff_seen seen = {.arena = arena};
	struct finding finding = finding_of(arena, "example.com", "");
	struct name *domain = context;
	bool is_new;
	for (size_t i = 0; i < 100; i++) {
		finding.place.line = i;
		write_diff_seen_text(arena, write_diff_seen_note(&seen, arena, *domain, &finding, &is_new));
	}
}

START_TEST(runs_out_of_memory)
{
	struct name domain = name_of(unit_arena(), "example.com");
	unit_fail_every_allocation(work, &domain);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("write_diff_seen");
	TCase *tests = tcase_create("write_diff_seen");
	tcase_add_loop_test(tests, what_is_the_same, 0, (int)(sizeof rows / sizeof rows[0]));
	tcase_add_test(tests, domains_are_counted);
	tcase_add_test(tests, many_findings);
	tcase_add_test(tests, runs_out_of_memory);
	suite_add_tcase(suite, tests);
	return unit_run(suite);
}
