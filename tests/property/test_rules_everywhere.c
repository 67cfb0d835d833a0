/* Rules fire everywhere: each rule about record text is found, about the same bytes, by `check`, by `lint` of
 * the record, by `lint --zone` in a file that writes the record in parentheses with escapes, and each SPF one
 * also inside an include.
 *
 *     rule                     record             check  lint  lint --zone  include
 *     spf-unknown-mechanism    v=spf1 foo -all    foo    foo   \102oo       foo
 *
 * Every other rule is in a list of what needs more than the text of one record: a new rule has to be in one
 * of the two.
 */
#include <stdio.h>

#include "lint/lint_zone.h"
#include "support/inspection.h"
#include "support/unit.h"

#define RULE_COUNT_INT ((int)RULE_COUNT)

/* Rules about record text whose example in the catalogue is a zone, or whose text needs a record beside it.
 * "|" is a border between two strings. */
struct text {
	enum rule_id rule;
	enum example_kind kind;
	const char *record;
	const char *about; /* "": the whole record */
	bool in_tree; /* an include's part is counted with the record around it: found at other bytes there */
};

static const struct text texts[] = {
	{RULE_SPF_VERSION_JUNK, EXAMPLE_SPF, "v=spf1; mx -all", "v=spf1;", false},
	{RULE_SPF_VERSION_LIKE, EXAMPLE_SPF, " v=spf1 mx -all", " ", false},
	{RULE_SPF_SENDERID, EXAMPLE_SPF, "spf2.0/pra include:_spf.example.org -all", "spf2.0/pra", false},
	{RULE_SPF_TXT_SPLIT_GLUE, EXAMPLE_SPF, "v=spf1 ip4:198.51.100.1|ip4:198.51.100.2 -all",
		"ip4:198.51.100.2", false},
	{RULE_SPF_RANGE_HUGE, EXAMPLE_SPF, "v=spf1 ip4:198.51.100.0/12 -all", "ip4:198.51.100.0/12", true},
	{RULE_SPF_INCLUDE_DUPLICATE, EXAMPLE_SPF,
		"v=spf1 include:a.example.org mx include:A.example.org -all", "include:A.example.org", false},
	{RULE_SPF_LOOKUP_LIMIT, EXAMPLE_SPF,
		"v=spf1 a mx a:1.n.example a:2.n.example a:3.n.example a:4.n.example a:5.n.example "
		"a:6.n.example a:7.n.example a:8.n.example a:9.n.example -all",
		"a:9.n.example", true},
	{RULE_SPF_LOOKUP_NEAR, EXAMPLE_SPF,
		"v=spf1 a mx a:1.n.example a:2.n.example a:3.n.example a:4.n.example a:5.n.example "
		"a:6.n.example -all",
		"", true},
	{RULE_SPF_EXP_UNREACHABLE, EXAMPLE_SPF, "v=spf1 ip4:198.51.100.1 ~all exp=why.example.com",
		"exp=why.example.com", false},
	{RULE_DMARC_SIZE, EXAMPLE_DMARC,
		"v=DMARC1; p=reject; rua=mailto:"
		"aggregate-reports-for-the-first-department-of-the-organization@example.com,mailto:"
		"aggregate-reports-for-the-second-department-of-the-organization@example.com,mailto:"
		"aggregate-reports-for-the-third-department-of-the-organization@example.com,mailto:"
		"aggregate-reports-for-the-fourth-department-of-the-organization@example.com,mailto:"
		"aggregate-reports-for-the-fifth-department-of-the-organization@example.com,mailto:"
		"aggregate-reports-for-the-sixth-department-of-the-organization@example.com",
		"", false},
	{RULE_SPF_EXP_TARGET_BAD_MACRO, EXAMPLE_EXP, "no %{x} here", "%{x}", false},
	{RULE_SPF_EXP_TARGET_NON_ASCII, EXAMPLE_EXP, "caf\xc3\xa9 only", "\xc3\xa9", false},
	{RULE_SPF_EXP_TARGET_TOO_LONG, EXAMPLE_EXP,
		"See %{d} %{d} %{d} %{d} %{d} %{d} %{d} %{d} %{d} %{d} %{d} %{d} %{d} %{d} %{d} %{d} %{d} "
		"%{d} %{d} "
		"%{d} %{d} %{d} %{d} %{d} %{d} %{d} %{d} %{d} %{d} %{d} %{d} %{d} %{d} %{d} %{d} %{d} %{d} "
		"%{d} "
		"%{d} %{d} %{d} %{d} %{d} %{d}",
		"", false},
};

#define TEXT_COUNT (sizeof texts / sizeof *texts)

/* Rules that need other records, other names, the form of an answer, or the tree of includes. */
static const enum rule_id others[] = {
	RULE_SPF_MULTIPLE,
	RULE_SPF_TXT_STRING_255,
	RULE_SPF_RRTYPE99,
	RULE_SPF_CNAME_CONFLICT,
	RULE_SPF_ZONE_COMMENT,
	RULE_SPF_NONE,
	RULE_SPF_NXDOMAIN,
	RULE_SPF_DOMAIN_INVALID,
	RULE_SPF_WRONG_NAME,
	RULE_SPF_WILDCARD,
	RULE_SPF_PARKED,
	RULE_SPF_NO_HELO,
	RULE_SPF_VOID_LIMIT,
	RULE_SPF_VOID,
	RULE_SPF_VOID_QUERIES,
	RULE_SPF_MX_LIMIT,
	RULE_SPF_PTR_LIMIT,
	RULE_SPF_SIZE_450,
	RULE_SPF_SIZE_512,
	RULE_SPF_UDP_TRUNCATED,
	RULE_SPF_INCLUDE_NONE,
	RULE_SPF_INCLUDE_PERMERROR,
	RULE_SPF_REDIRECT_NONE,
	RULE_SPF_INCLUDE_LOOP,
	RULE_SPF_REDIRECT_LOOP,
	RULE_SPF_INCLUDE_UNREGISTERED,
	RULE_SPF_INCLUDE_ALLOWS_ALL,
	RULE_SPF_INCLUDE_NEUTRAL_ALL,
	RULE_SPF_INCLUDE_SELF_ORG,
	RULE_SPF_A_NO_ADDRESS,
	RULE_SPF_MX_NONE,
	RULE_SPF_MX_HOST_NO_ADDRESS,
	RULE_SPF_MX_NULL,
	RULE_SPF_A_CNAME,
	RULE_SPF_MX_CNAME,
	RULE_SPF_MACRO_UNRESOLVED,
	RULE_SPF_EXP_TARGET_NONE,
	RULE_SPF_EXP_TARGET_MANY,
	RULE_DMARC_NONE,
	RULE_DMARC_NXDOMAIN,
	RULE_DMARC_MULTIPLE,
	RULE_DMARC_CNAME_CONFLICT,
	RULE_DMARC_ZONE_COMMENT,
	RULE_DMARC_INHERITED,
	RULE_DMARC_WALK_DIVERGES,
	RULE_DMARC_WRONG_NAME,
	RULE_DMARC_UNRELATED_TXT,
	RULE_DMARC_SPF_HERE,
	RULE_DMARC_WILDCARD,
	RULE_DMARC_PUBLIC_SUFFIX,
	RULE_DMARC_DEEP_AUTHOR,
	RULE_DMARC_SP_IGNORED,
	RULE_DMARC_NP_DEFEATED,
	RULE_DMARC_PARKED,
	RULE_DMARC_WITHOUT_AUTH,
	RULE_DMARC_EXTERNAL_UNAUTHORIZED,
	RULE_DMARC_EXTERNAL_RECORD_BAD,
	RULE_DMARC_REPORT_OVERRIDE,
	RULE_DMARC_RUA_NO_MX,
	RULE_CONFIG_SUPPRESSION_EXPIRED,
	RULE_CONFIG_SUPPRESSION_UNUSED,
};

#define OTHER_COUNT (sizeof others / sizeof *others)

/* --- the ways to a record ---------------------------------------------------------------------------- */

/* A record in its strings. */
struct strings {
	struct slice joined;
	struct slice items[4];
	size_t count;
};

static struct strings split(struct arena *arena, struct slice text)
{
	struct strings out = {.count = 0};
	char *bytes = arena_alloc(arena, text.len + 1);
	size_t used = 0;
	for (size_t at = 0; at <= text.len && out.count < 4;) {
		size_t end = slice_find(text, '|', at);
		for (size_t start = at; out.count < 4;) {
			size_t len = end - start < 255 ? end - start : 255;
			memcpy(bytes + used, text.ptr + start, len);
			out.items[out.count++] = slice_of(bytes + used, len);
			used += len;
			start += len;
			if (start == end)
				break;
		}
		at = end + 1;
	}
	out.joined = slice_of(bytes, used);
	return out;
}

static bool is_about(const struct finding *finding, const struct text *text)
{
	return finding->rule == text->rule &&
	       (text->about[0] == '\0' || slice_equal(finding_text(finding), slice_cstr(text->about)));
}

static bool is_found(const struct findings *findings, const struct text *text)
{
	for (size_t i = 0; i < findings->count; i++)
		if (is_about(&findings->items[i], text))
			return true;
	return false;
}

static const char *owner_of(enum example_kind kind)
{
	switch (kind) {
	case EXAMPLE_DMARC:
		return "_dmarc.example.com";
	case EXAMPLE_EXP:
		return "why.example.com";
	case EXAMPLE_SPF:
	case EXAMPLE_ZONE:
	case EXAMPLE_FILE:
	case EXAMPLE_CONFIG:
	case EXAMPLE_CHANGE:
		break;
	}
	return "example.com";
}

/* What stands beside the record, so that it is looked at. */
static const char *around(enum example_kind kind)
{
	switch (kind) {
	case EXAMPLE_DMARC:
		return "example.com TXT \"v=spf1 -all\"\n";
	case EXAMPLE_EXP:
		return "example.com TXT \"v=spf1 ip4:198.51.100.0/24 -all exp=why.example.com\"\n";
	case EXAMPLE_SPF:
	case EXAMPLE_ZONE:
	case EXAMPLE_FILE:
	case EXAMPLE_CONFIG:
	case EXAMPLE_CHANGE:
		break;
	}
	return "_dmarc.example.com TXT \"v=DMARC1; p=reject; rua=mailto:a@example.com\"\n";
}

static bool check_finds(struct arena *arena, const struct text *text, const char *zone, const char *owner)
{
	struct strings strings = split(arena, slice_cstr(text->record));
	struct fixture *fixture = fixture_open(arena, zone);
	char *data = arena_alloc(arena, strings.joined.len + strings.count);
	size_t used = 0;
	for (size_t i = 0; i < strings.count; i++) {
		data[used++] = (char)strings.items[i].len;
		memcpy(data + used, strings.items[i].ptr, strings.items[i].len);
		used += strings.items[i].len;
	}
	fixture_add(fixture, owner, RRTYPE_TXT, slice_of(data, used));
	struct inspection result;
	struct inspect_request request = inspection_request(arena, "example.com");
	inspection_run(arena, fixture, &request, &result);
	return is_found(&result.verdict.findings, text);
}

static bool lint_finds(struct arena *arena, const struct text *text)
{
	static const enum lint_type types[] = {
		[EXAMPLE_SPF] = LINT_SPF, [EXAMPLE_DMARC] = LINT_DMARC, [EXAMPLE_EXP] = LINT_EXP};
	struct strings strings = split(arena, slice_cstr(text->record));
	struct lint_paste paste = {
		.text = strings.joined, .strings = strings.items, .string_count = strings.count};
	const struct lint_origin origin = {.source = strings.joined, .line = 1};
	struct lint_record record;
	bytemap_init(&paste.map, arena);
	bytemap_add(&paste.map, 0, strings.joined.len, 1);
	lint_record(arena, &paste, types[text->kind], &origin, &record);
	return is_found(&record.findings, text);
}

static bool load(void *context, struct arena *arena, struct slice path, struct slice *out, struct slice *why)
{
	(void)arena;
	(void)path;
	(void)why;
	*out = *(const struct slice *)context;
	return true;
}

/* The record as a master file has it: in parentheses, a string a line, every third byte written as \DDD. */
static struct slice zone_file(struct arena *arena, const struct text *text)
{
	struct strings strings = split(arena, slice_cstr(text->record));
	const char *beside = around(text->kind);
	char *out = arena_alloc(arena, strlen(beside) + strings.joined.len * 4 + 128);
	int used = sprintf(out, "$ORIGIN .\n%s%s TXT (\n", beside, owner_of(text->kind));
	for (size_t i = 0; i < strings.count; i++) {
		used += sprintf(out + used, "\t\"");
		for (size_t b = 0; b < strings.items[i].len; b++) {
			unsigned char byte = (unsigned char)strings.items[i].ptr[b];
			bool escape = b % 3 == 0 || byte == '"' || byte == '\\' || byte < ' ' || byte > '~';
			used += sprintf(out + used, escape ? "\\%03u" : "%c", byte);
		}
		used += sprintf(out + used, "\"\n");
	}
	used += sprintf(out + used, ")\n");
	return slice_of(out, (size_t)used);
}

static bool zone_finds(struct arena *arena, const struct text *text)
{
	struct slice file = zone_file(arena, text);
	const struct zonefile_loader loader = {load, &file};
	struct zonefile_error error = {0};
	struct lint_zone zone;
	ck_assert_msg(lint_zone(arena, SLICE("db.example"), (struct name){NULL, 0}, &loader, &zone, &error),
		"%.*s in\n%.*s", (int)error.message.len, error.message.ptr, (int)file.len, file.ptr);
	for (size_t i = 0; i < zone.count; i++)
		if (is_found(&zone.records[i].findings, text))
			return true;
	return false;
}

static void fires_everywhere(const struct text *text)
{
	static const char include[] =
		"example.com TXT \"v=spf1 include:_spf.example.org -all\"\n"
		"_dmarc.example.com TXT \"v=DMARC1; p=reject; rua=mailto:a@example.com\"\n";
	struct arena *arena = unit_arena();
	const char *id = rule_get(text->rule)->id;
	ck_assert_msg(check_finds(arena, text, around(text->kind), owner_of(text->kind)),
		"%s: not in check: %s", id, text->record);
	ck_assert_msg(lint_finds(arena, text), "%s: not in lint: %s", id, text->record);
	ck_assert_msg(zone_finds(arena, text), "%s: not in lint --zone: %s", id, text->record);
	struct text inside = *text;
	if (text->in_tree)
		inside.about = "";
	if (text->kind == EXAMPLE_SPF)
		ck_assert_msg(check_finds(arena, &inside, include, "_spf.example.org"),
			"%s: not inside an include: %s", id, text->record);
}

/* --- the rules --------------------------------------------------------------------------------------- */

static bool is_other(int rule)
{
	if (rule_get((enum rule_id)rule)->example == EXAMPLE_CHANGE)
		return true;
	for (size_t i = 0; i < OTHER_COUNT; i++)
		if ((int)others[i] == rule)
			return true;
	return false;
}

START_TEST(a_rule_fires_everywhere)
{
	const struct rule *rule = rule_get((enum rule_id)_i);
	bool is_text = rule->example == EXAMPLE_SPF || rule->example == EXAMPLE_DMARC ||
		       rule->example == EXAMPLE_EXP;
	bool is_tested = is_text && rule->bad[0] != '\0' && !is_other(_i);
	if (is_tested) {
		const struct text text = {(enum rule_id)_i, rule->example, rule->bad, rule->about, false};
		fires_everywhere(&text);
	}
	for (size_t i = 0; i < TEXT_COUNT; i++) {
		if ((int)texts[i].rule != _i)
			continue;
		is_tested = true;
		fires_everywhere(&texts[i]);
	}
	ck_assert_msg(is_tested != is_other(_i), "%s: is it about record text, or not?", rule->id);
}
END_TEST

int main(void)
{
	inspection_begin();
	Suite *suite = suite_create("rules_everywhere");
	TCase *tests = tcase_create("rules_everywhere");
	tcase_set_timeout(tests, 60);
	tcase_add_loop_test(tests, a_rule_fires_everywhere, 0, RULE_COUNT_INT);
	suite_add_tcase(suite, tests);
	int status = unit_run(suite);
	inspection_end();
	return status;
}
