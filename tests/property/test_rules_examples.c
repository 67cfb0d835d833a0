/* Every row of the catalogue keeps what it says: its bad example fires the rule at exactly the bytes it
 * names, its good one does not fire it, its texts are there and can be shown anywhere, and its fix makes the
 * finding go away.
 */
#include <stdio.h>

#include "config/config.h"
#include "inspect/filter.h"
#include "report/writer.h"
#include "support/comparison.h"
#include "support/inspection.h"
#include "support/unit.h"

#define RULE_COUNT_INT ((int)RULE_COUNT)

/* What is around an example, so that it is inspected, and where its record goes. */
struct site {
	const char *zone;
	const char *owner;
};

static struct site site_of(enum example_kind kind)
{
	switch (kind) {
	case EXAMPLE_SPF:
		return (struct site){
			"_dmarc.example.com TXT v=DMARC1; p=reject; rua=mailto:reports@example.com\n",
			"example.com"};
	case EXAMPLE_DMARC:
		return (struct site){"example.com TXT v=spf1 -all\n", "_dmarc.example.com"};
	case EXAMPLE_EXP:
		return (struct site){
			"example.com TXT v=spf1 mx -all exp=exp.example.com\n", "exp.example.com"};
	case EXAMPLE_ZONE:
	case EXAMPLE_FILE:
	case EXAMPLE_CONFIG:
	case EXAMPLE_CHANGE:
		break;
	}
	return (struct site){NULL, NULL};
}

/* TXT data of `text`: strings of at most 255 bytes. */
static struct slice txt_rdata(struct arena *arena, struct slice text)
{
	char *data = arena_alloc(arena, text.len + text.len / 255 + 2);
	size_t len = 0, at = 0;
	do {
		size_t part = text.len - at < 255 ? text.len - at : 255;
		data[len++] = (char)part;
		if (part > 0)
			memcpy(data + len, text.ptr + at, part);
		len += part;
		at += part;
	} while (at < text.len);
	return slice_of(data, len);
}

static void run(struct arena *arena, enum example_kind kind, struct slice example, struct inspection *out)
{
	struct site site = site_of(kind);
	struct fixture *fixture =
		fixture_open(arena, site.zone == NULL ? arena_cstr(arena, example) : site.zone);
	if (site.owner != NULL)
		fixture_add(fixture, site.owner, RRTYPE_TXT, txt_rdata(arena, example));
	struct inspect_request request = inspection_request(arena, "example.com");
	inspection_run(arena, fixture, &request, out);
}

/* The finding of `rule` about `about`; any other one of the rule when there is none; NULL: it did not
 * fire. */
static const struct finding *find(const struct findings *findings, enum rule_id rule, struct slice about)
{
	const struct finding *found = NULL;
	for (size_t i = 0; i < findings->count; i++) {
		const struct finding *finding = &findings->items[i];
		if (finding->rule == rule && (found == NULL || slice_equal(finding_text(finding), about)))
			found = finding;
	}
	return found;
}

/* What the change of an example does. */
static const struct findings *run_change(struct arena *arena, const char *example)
{
	struct diff *diff = arena_alloc(arena, sizeof *diff);
	comparison_example(arena, example, diff);
	ck_assert(!diff_is_incomplete(diff));
	return &diff->changes;
}

static void print_findings(const char *id, const char *which, const struct findings *findings)
{
	printf("%s, %s example: findings are\n", id, which);
	for (size_t i = 0; i < findings->count; i++) {
		struct slice text = finding_text(&findings->items[i]);
		printf("  %s at \"%.*s\"\n", rule_get(findings->items[i].rule)->id, (int)text.len, text.ptr);
	}
}

/* Some rules no record of example.com can show: they are about other names, the client or the way of the
 * answer. And what only a zone file shows is not seen here (test_lint_zone). */
static bool has_no_example(int rule)
{
	const struct rule *row = rule_get((enum rule_id)rule);
	return row->bad[0] == '\0' || row->example == EXAMPLE_FILE || row->example == EXAMPLE_CONFIG;
}

/* What is said about the exceptions of a configuration file after a check of example.com (rule.h). */
static struct findings run_config(struct arena *arena, const char *example)
{
	struct config config;
	struct zonefile_error error;
	struct inspection result;
	struct suppress_list list;
	struct filter filter;
	struct findings out;
	ck_assert(config_read(arena, SLICE(".mailauth"), slice_cstr(example), &config, &error));
	run(arena, EXAMPLE_SPF, SLICE("v=spf1 ~all"), &result);
	filter_init(&filter);
	filter.suppressions = &list;
	suppress_init(&list, arena, config.suppressions, config.suppression_count, 20270101);
	filter_apply(&filter, &result.verdict);
	findings_init(&out, arena);
	suppress_report(&list, &out);
	return out;
}

/* The bad example fires once, at the place of its bytes; the good one has nothing said about it. */
START_TEST(examples_of_configurations)
{
	struct arena *arena = unit_arena();
	const struct rule *rule = rule_get((enum rule_id)_i);
	if (rule->example != EXAMPLE_CONFIG)
		return;
	struct findings bad = run_config(arena, rule->bad), good = run_config(arena, rule->good);
	ck_assert_uint_eq(good.count, 0);
	ck_assert_uint_eq(bad.count, 1);
	ck_assert_int_eq(bad.items[0].rule, _i);
	ck_assert_uint_eq(bad.items[0].place.line, 1);
	unit_assert_slice(bad.items[0].place.file, SLICE(".mailauth"));
	unit_assert_slice(
		slice_at(slice_cstr(rule->bad), span_of(bad.items[0].place.column - 1, strlen(rule->about))),
		slice_cstr(rule->about));
}
END_TEST

START_TEST(the_bad_example_fires_at_its_bytes)
{
	struct arena *arena = unit_arena();
	const struct rule *rule = rule_get((enum rule_id)_i);
	struct slice about = slice_cstr(rule->about);
	struct inspection result;
	const struct findings *findings = &result.verdict.findings;
	if (has_no_example(_i))
		return;
	if (rule->example == EXAMPLE_CHANGE)
		findings = run_change(arena, rule->bad);
	else
		run(arena, rule->example, slice_cstr(rule->bad), &result);
	const struct finding *finding = find(findings, (enum rule_id)_i, about);
	if (finding == NULL || !slice_equal(finding_text(finding), about))
		print_findings(rule->id, "bad", findings);
	ck_assert_msg(finding != NULL, "%s does not fire on its bad example", rule->id);
	ck_assert_msg(slice_equal(finding_text(finding), about), "%s points at \"%.*s\", not at \"%s\"",
		rule->id, (int)finding_text(finding).len, finding_text(finding).ptr, rule->about);
	ck_assert_msg(
		finding->place.name.len > 0 && finding->place.type.len > 0, "%s has no place", rule->id);
	if (rule->example != EXAMPLE_CHANGE)
		ck_assert_uint_eq(result.verdict.incomplete_count, 0);
}
END_TEST

START_TEST(the_good_example_does_not_fire)
{
	struct arena *arena = unit_arena();
	const struct rule *rule = rule_get((enum rule_id)_i);
	struct inspection result;
	const struct findings *findings = &result.verdict.findings;
	if (rule->example == EXAMPLE_FILE || rule->example == EXAMPLE_CONFIG)
		return;
	if (rule->example == EXAMPLE_CHANGE)
		findings = run_change(arena, rule->good);
	else
		run(arena, rule->example, slice_cstr(rule->good), &result);
	bool fires = find(findings, (enum rule_id)_i, SLICE("")) != NULL;
	if (fires)
		print_findings(rule->id, "good", findings);
	ck_assert_msg(!fires, "%s fires on its good example", rule->id);
}
END_TEST

/* A good example is what people copy: receivers must be able to use it. An SPF record may name hosts that
 * the example does not have. */
START_TEST(the_good_example_is_good)
{
	struct arena *arena = unit_arena();
	const struct rule *rule = rule_get((enum rule_id)_i);
	struct inspection result;
	if (rule->example != EXAMPLE_DMARC || has_no_example(_i))
		return;
	run(arena, rule->example, slice_cstr(rule->good), &result);
	for (size_t i = 0; i < result.verdict.findings.count; i++)
		ck_assert_msg(result.verdict.findings.items[i].severity < SEVERITY_ERROR,
			"%s: its good example fires %s", rule->id,
			rule_get(result.verdict.findings.items[i].rule)->id);
}
END_TEST

/* The record that a fix promises does not have the same mistake at the same place any more. */
START_TEST(the_fix_mends_the_bad_example)
{
	struct arena *arena = unit_arena();
	const struct rule *rule = rule_get((enum rule_id)_i);
	struct inspection before, after;
	if (rule->example == EXAMPLE_ZONE || rule->example == EXAMPLE_FILE ||
		rule->example == EXAMPLE_CONFIG || rule->example == EXAMPLE_CHANGE)
		return;
	run(arena, rule->example, slice_cstr(rule->bad), &before);
	const struct finding *finding =
		find(&before.verdict.findings, (enum rule_id)_i, slice_cstr(rule->about));
	if (finding == NULL || finding->fix == NULL)
		return;
	ck_assert_msg(!slice_equal(finding->fix->record, slice_cstr(rule->bad)),
		"%s: the fix changes nothing", rule->id);
	struct slice fixed = arena_copy(arena, finding->fix->record);
	struct slice about = arena_copy(arena, finding_text(finding));
	run(arena, rule->example, fixed, &after);
	const struct finding *left = find(&after.verdict.findings, (enum rule_id)_i, about);
	ck_assert_msg(left == NULL || !slice_equal(finding_text(left), about),
		"%s: still there after its fix: %.*s", rule->id, (int)fixed.len, fixed.ptr);
}
END_TEST

/* The page about a bad example: no line is too wide, and nothing but printable ASCII is in it. */
START_TEST(the_bad_example_makes_a_tidy_page)
{
	const struct writer_options options = {.width = 80, .verbose = true};
	struct arena *arena = unit_arena();
	const struct rule *rule = rule_get((enum rule_id)_i);
	struct inspection result;
	struct buf out;
	if (rule->example == EXAMPLE_FILE || rule->example == EXAMPLE_CONFIG ||
		rule->example == EXAMPLE_CHANGE)
		return;
	run(arena, rule->example, slice_cstr(rule->bad), &result);
	buf_init(&out);
	writer_get(FORMAT_TEXT)->verdict(&out, arena, &options, &result.verdict);
	for (size_t at = 0, end; at < out.len; at = end + 1) {
		end = slice_find(buf_slice(&out), '\n', at);
		ck_assert_msg(end - at <= 80, "%s: %.*s", rule->id, (int)(end - at), out.data + at);
		for (size_t i = at; i < end; i++)
			ck_assert_msg(out.data[i] >= ' ' && out.data[i] <= '~', "%s: byte %d", rule->id,
				(unsigned char)out.data[i]);
	}
	ck_assert_uint_gt(out.len, 100);
	buf_free(&out);
}
END_TEST

/* Printable ASCII, of a sensible length, without blanks at the ends. */
static void check_text(const char *id, const char *what, const char *text, size_t min, size_t max)
{
	size_t len = strlen(text);
	ck_assert_msg(len >= min && len <= max, "%s: %s has %zu bytes", id, what, len);
	for (size_t i = 0; i < len; i++)
		ck_assert_msg(text[i] >= ' ' && text[i] <= '~', "%s: %s has the byte %d", id, what,
			(unsigned char)text[i]);
	ck_assert_msg(len == 0 || (text[0] != ' ' && text[len - 1] != ' '), "%s: blanks around %s", id, what);
}

/* What ids begin with, in the order of the table. */
static const char *const groups[] = {"spf-", "dmarc-", "config-", "change-"};

#define GROUPS (sizeof groups / sizeof *groups)

static size_t group_of(const char *id)
{
	size_t i = 0;
	while (i < GROUPS && strncmp(id, groups[i], strlen(groups[i])) != 0)
		i++;
	return i;
}

static void check_id(const char *id)
{
	ck_assert_uint_lt(strlen(id), 40);
	ck_assert_msg(group_of(id) < GROUPS, "%s", id);
	for (const char *c = id; *c != '\0'; c++)
		ck_assert_msg((*c >= 'a' && *c <= 'z') || (*c >= '0' && *c <= '9') || *c == '-', "%s", id);
}

START_TEST(texts_are_there_and_plain)
{
	const struct rule *rule = rule_get((enum rule_id)_i);
	check_id(rule->id);
	check_text(rule->id, "summary", rule->summary, 10, 100);
	check_text(rule->id, "message", rule->message, 10, 240);
	check_text(rule->id, "advice", rule->advice, 0, 400);
	check_text(rule->id, "explanation", rule->explanation, 30, 1200);
	check_text(rule->id, "standard", rule->standard, 0, 10);
	check_text(rule->id, "section", rule->section, 0, 40);
	ck_assert_msg(has_no_example(_i) || strcmp(rule->bad, rule->good) != 0,
		"%s: good and bad are the same, or not there", rule->id);
	ck_assert_msg(
		rule->summary[strlen(rule->summary) - 1] != '.', "%s: dot behind the summary", rule->id);
	ck_assert_msg(
		rule->message[strlen(rule->message) - 1] != '.', "%s: dot behind the message", rule->id);
}
END_TEST

START_TEST(ids_are_unique_and_grouped)
{
	size_t seen = 0;
	for (int i = 0; i < RULE_COUNT_INT; i++) {
		const char *id = rule_get((enum rule_id)i)->id;
		ck_assert_msg((int)rule_find(slice_cstr(id)) == i, "%s is there twice", id);
		ck_assert_msg(group_of(id) >= seen, "%s stands behind the rules %s*", id, groups[seen]);
		seen = group_of(id);
	}
}
END_TEST

START_TEST(shared_phrases_are_plain)
{
	for (int i = 1; i < EFFECT_COUNT; i++)
		check_text("effects.def", "effect", rule_effect_text((enum effect)i), 10, 160);
	for (int i = 1; i < DETAIL_COUNT; i++)
		check_text("details.def", "detail", rule_detail_text((enum detail)i), 5, 200);
}
END_TEST

int main(void)
{
	inspection_begin();
	Suite *suite = suite_create("rules_examples");
	TCase *tests = tcase_create("rules_examples");
	tcase_set_timeout(tests, 60);
	tcase_add_loop_test(tests, the_bad_example_fires_at_its_bytes, 0, RULE_COUNT_INT);
	tcase_add_loop_test(tests, examples_of_configurations, 0, RULE_COUNT_INT);
	tcase_add_loop_test(tests, the_good_example_does_not_fire, 0, RULE_COUNT_INT);
	tcase_add_loop_test(tests, the_good_example_is_good, 0, RULE_COUNT_INT);
	tcase_add_loop_test(tests, the_fix_mends_the_bad_example, 0, RULE_COUNT_INT);
	tcase_add_loop_test(tests, the_bad_example_makes_a_tidy_page, 0, RULE_COUNT_INT);
	tcase_add_loop_test(tests, texts_are_there_and_plain, 0, RULE_COUNT_INT);
	tcase_add_test(tests, ids_are_unique_and_grouped);
	tcase_add_test(tests, shared_phrases_are_plain);
	suite_add_tcase(suite, tests);
	int status = unit_run(suite);
	inspection_end();
	return status;
}
