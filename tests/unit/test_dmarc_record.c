/* test_dmarc_record: one record's text: tags, values, and every finding with the bytes it is about.
 *
 * Findings are compared as "rule@bytes" joined by " | ", in the order in which they are made.
 */
#include "dmarc/dmarc_record.h"

#include <stdlib.h>
#include <time.h>

#include "dmarc/dmarc_repair.h"
#include "dmarc/dmarc_version.h"
#include "support/unit.h"

#define RUA "; rua=mailto:d@example.com"

static struct slice findings_text(struct arena *arena, const struct findings *findings, struct slice record)
{
	struct slice all = SLICE("");
	for (size_t i = 0; i < findings->count; i++) {
		const struct finding *finding = &findings->items[i];
		struct slice about = finding->has_span ? slice_at(record, finding->span) : SLICE("");
		all = arena_printf(arena, "%.*s%s%s@%.*s", (int)all.len, all.ptr, i > 0 ? " | " : "",
			rule_get(finding->rule)->id, (int)about.len, about.ptr);
	}
	return all;
}

static const struct findings *judge(struct arena *arena, struct slice text)
{
	if (dmarc_record_is_dmarc(text))
		return &dmarc_record_parse(arena, text)->findings;
	struct findings *near = arena_alloc(arena, sizeof *near);
	findings_init(near, arena);
	dmarc_version_check(arena, text, near);
	return near;
}

static struct slice check(struct arena *arena, struct slice text, const struct fix **fix)
{
	const struct findings *findings = judge(arena, text);
	*fix = NULL;
	for (size_t i = 0; i < findings->count && *fix == NULL; i++)
		*fix = findings->items[i].fix;
	return findings_text(arena, findings, text);
}

/* --- the version test (rows 26-31 of the tricky cases) --- */

static const struct {
	const char *text;
	bool is_dmarc;
} versions[] = {
	{"v=DMARC1", true},
	{"v=DMARC1;", true},
	{"v=DMARC1 ; p=none", true},
	{"v=DMARC1 ", true},
	{"v = DMARC1 ; p = reject", true},
	{"V=DMARC1;P=Reject", true},
	{"v\t=\tDMARC1\t;", true},
	{"", false},
	{"v", false},
	{"v=", false},
	{"=DMARC1", false},
	{" v=DMARC1", false},
	{"\tv=DMARC1", false},
	{"v=dmarc1; p=reject", false},
	{"v=DMARC1 p=reject", false},
	{"v=DMARC10", false},
	{"v=DMARC1\n", false},
	{"v=DMARC1\\; p=none", false},
	{"p=reject; v=DMARC1", false},
	{";v=DMARC1", false},
	{"vv=DMARC1", false},
	{"v==DMARC1", false},
	{"v=spf1 -all", false},
};

START_TEST(test_is_dmarc)
{
	bool is = dmarc_record_is_dmarc(slice_cstr(versions[_i].text));
	ck_assert_msg(is == versions[_i].is_dmarc, "row %d: %s", _i, versions[_i].text);
}
END_TEST

/* --- values --- */

/* Missing and invalid p, sp and np (RFC 9989 4.10.1), defaults and keywords: policy p/sp/np with '-' for
 * "not written and valid". */
static const struct {
	const char *name;
	const char *text;
	const char *policies;
	bool policy_usable, has_usable_rua, valid;
} values[] = {
	{"14", "v=DMARC1; rua=mailto:d@example.com", "---", false, true, true},
	{"15a", "v=DMARC1", "---", false, false, false},
	{"15b", "v=DMARC1; adkim=s", "---", false, false, false},
	{"16", "v=DMARC1; p=rejct" RUA, "---", false, true, true},
	{"17", "v=DMARC1; p=reject; sp=rejct" RUA, "r--", false, true, true},
	{"18", "v=DMARC1; p=reject; sp=rejct", "r--", false, false, false},
	{"19", "v=DMARC1; p=reject; np=rejct", "r--", false, false, false},
	{"25", "v=DMARC1; rua=mailto:d@example.com; p=reject", "r--", true, true, true},
	{"26", "v=DMARC1", "---", false, false, false},
	{"30", "v = DMARC1 ; p = reject", "r--", true, false, true},
	{"31", "V=DMARC1;P=Reject", "r--", true, false, true},
	{"32", "v=DMARC1;; p=reject;", "r--", true, false, true},
	{"33", "v=DMARC1; p=none; p=reject", "n--", true, false, false},
	{"34", "v=DMARC1; p=reject; rua=d@example.com", "r--", true, false, true},
	{"35", "v=DMARC1; rua=d@example.com", "---", false, false, false},
	{"36", "v=DMARC1; p=none; rua=mailto:a@x.example;mailto:b@y.example", "n--", true, true, true},
	{"63", "v=DMARC1; p=reject; x_tag=1; ext=2", "r--", true, false, true},
	{"64", "v=DMARC1; p=reject; sp=", "r--", false, false, false},
	{"np empty", "v=DMARC1; p=reject; np=" RUA, "r--", false, true, true},
	{"upper case", "v=DMARC1; p=QUARANTINE; sp=None; np=REJECT", "qnr", true, false, true},
	{"any URI counts", "v=DMARC1; rua=https://r.example/", "---", false, true, true},
	{"mailto without mailbox counts", "v=DMARC1; rua=mailto:example.com", "---", false, true, true},
	{"one good of two", "v=DMARC1; rua=a@example.com,mailto:b@example.com", "---", false, true, true},
	{"prefix of a value", "v=DMARC1; p=rej", "---", false, false, false},
	{"first of a broken pair", "v=DMARC1; p=rejct; p=reject" RUA, "---", false, true, false},
	{"NUL in p", "v=DMARC1; p=no\001ne", "---", false, false, false},
};

static char policy_letter(bool has, enum dmarc_policy policy)
{
	return has ? dmarc_policy_text(policy)[0] : '-';
}

START_TEST(test_values)
{
	const struct dmarc_record *record = dmarc_record_parse(unit_arena(), slice_cstr(values[_i].text));
	char policies[4] = {policy_letter(record->has_p, record->p),
		policy_letter(record->has_sp, record->sp), policy_letter(record->has_np, record->np), '\0'};
	ck_assert_msg(strcmp(policies, values[_i].policies) == 0, "%s: %s", values[_i].name, policies);
	ck_assert_msg(record->policy_usable == values[_i].policy_usable, "%s", values[_i].name);
	ck_assert_msg(record->has_usable_rua == values[_i].has_usable_rua, "%s", values[_i].name);
	ck_assert_msg(record->valid == values[_i].valid, "%s", values[_i].name);
}
END_TEST

static const struct {
	const char *tags;
	char psd;
	bool testing, strict_dkim, strict_spf;
	unsigned pct;
} others[] = {
	{"", 'u', false, false, false, 100},
	{"psd=y", 'y', false, false, false, 100},
	{"psd=N", 'n', false, false, false, 100},
	{"psd=u", 'u', false, false, false, 100},
	{"psd=yes", 'u', false, false, false, 100},
	{"t=y", 'u', true, false, false, 100},
	{"t=Y", 'u', true, false, false, 100},
	{"t=n", 'u', false, false, false, 100},
	{"t=yes", 'u', false, false, false, 100},
	{"adkim=s; aspf=S", 'u', false, true, true, 100},
	{"adkim=strict; aspf=r", 'u', false, false, false, 100},
	{"pct=0", 'u', false, false, false, 0},
	{"pct=050", 'u', false, false, false, 50},
	{"pct=101", 'u', false, false, false, 100},
	{"pct=-1", 'u', false, false, false, 100},
	{"pct=5%", 'u', false, false, false, 100},
	{"pct=99999999999999999999", 'u', false, false, false, 100},
	{"pct=", 'u', false, false, false, 100},
};

START_TEST(test_other_values)
{
	struct arena *arena = unit_arena();
	const struct dmarc_record *record =
		dmarc_record_parse(arena, arena_printf(arena, "v=DMARC1; p=reject; %s", others[_i].tags));
	ck_assert_msg(record->psd == others[_i].psd, "%s", others[_i].tags);
	ck_assert_msg(record->testing == others[_i].testing, "%s", others[_i].tags);
	ck_assert_msg(record->strict_dkim == others[_i].strict_dkim, "%s", others[_i].tags);
	ck_assert_msg(record->strict_spf == others[_i].strict_spf, "%s", others[_i].tags);
	ck_assert_msg(record->pct == others[_i].pct, "%s: %u", others[_i].tags, record->pct);
}
END_TEST

/* All values that dmarc-fo allows, and near ones (RFC 9989 4.8). */
static const char *const good_fo[] = {"0", "1", "d", "s", "0:d", "0:s", "1:d", "1:s", "d:0", "d:1", "s:0",
	"s:1", "d:s", "s:d", "0:d:s", "0:s:d", "d:0:s", "d:s:0", "s:0:d", "s:d:0", "1:d:s", "s:d:1", "D:S:1"};
static const char *const redundant_fo[] = {"0:1", "1:0", "0:1:d:s", "0:1:s", "d:d", "1:1", "s:d:s"};
static const char *const bad_fo[] = {"2", "1,d", "1: d", "1 :d", "1:", ":1", "1::d", "01", "x", "d s", "0/1"};

#define COUNT(array) ((int)(sizeof(array) / sizeof *(array)))

static void assert_fo(const char *fo, bool valid, const char *rule)
{
	struct arena *arena = unit_arena();
	struct slice text = arena_printf(
		arena, "v=DMARC1; p=reject; rua=mailto:a@example.com; ruf=mailto:a@example.com; fo=%s", fo);
	const struct dmarc_record *record = dmarc_record_parse(arena, text);
	const struct dmarc_tag *tag = dmarc_record_tag(record, DMARC_TAG_FO);
	ck_assert_ptr_nonnull(tag);
	ck_assert_msg(tag->valid == valid, "fo=%s", fo);
	size_t expected = rule == NULL ? 1 : 2; /* and dmarc-ruf-privacy */
	ck_assert_msg(record->findings.count == expected, "fo=%s: %zu findings", fo, record->findings.count);
	if (rule != NULL)
		ck_assert_str_eq(rule_get(record->findings.items[0].rule)->id, rule);
}

START_TEST(test_fo)
{
	for (int i = 0; i < COUNT(good_fo); i++)
		assert_fo(good_fo[i], true, NULL);
	for (int i = 0; i < COUNT(redundant_fo); i++)
		assert_fo(redundant_fo[i], false, "dmarc-fo-redundant");
	for (int i = 0; i < COUNT(bad_fo); i++)
		assert_fo(bad_fo[i], false, "dmarc-fo-invalid");
}
END_TEST

START_TEST(test_spans)
{
	struct slice text =
		SLICE("v = DMARC1 ;\tp =  reject ; rua= mailto:a@example.com ,mailto:b@example.com!1m;");
	const struct dmarc_record *record = dmarc_record_parse(unit_arena(), text);
	ck_assert_uint_eq(record->count, 3);
	unit_assert_slice(slice_at(text, record->tags[0].span), SLICE("v = DMARC1"));
	unit_assert_slice(slice_at(text, record->tags[1].span), SLICE("p =  reject"));
	unit_assert_slice(slice_at(text, record->tags[1].value), SLICE("reject"));
	unit_assert_slice(record->tags[1].name, SLICE("p"));
	ck_assert_uint_eq(record->rua.count, 2);
	unit_assert_slice(slice_at(text, record->rua.items[0].span), SLICE("mailto:a@example.com"));
	unit_assert_slice(slice_at(text, record->rua.items[1].span), SLICE("mailto:b@example.com!1m"));
	unit_assert_slice(record->rua.items[1].text, SLICE("mailto:b@example.com"));
	unit_assert_slice(record->rua.items[1].host, SLICE("example.com"));
	ck_assert_ptr_null(dmarc_record_tag(record, DMARC_TAG_SP));
}
END_TEST

/* --- findings --- */

/* `fix`: the record after the first fix that is offered; NULL: none is. */
static const struct {
	const char *name;
	const char *text;
	const char *findings;
	const char *fix;
} rows[] = {
	{"clean", "v=DMARC1; p=reject" RUA, "", NULL},
	/* real mistakes, by number */
	{"35", "v=dmarc1;p=none;", "dmarc-version@dmarc1", "v=DMARC1; p=none"},
	{"36", "v=DMARC; p=none; pct=100; rua=mailto:a@example.com", "dmarc-version@DMARC",
		"v=DMARC1; p=none; pct=100; rua=mailto:a@example.com"},
	{"37", "v=DMARCl; p=reject; sp- reject; aspf-s; adkim=s; ri=604800", "dmarc-version@DMARCl",
		"v=DMARC1; p=reject; sp=reject; aspf=s; adkim=s; ri=604800"},
	{"38", "p=reject;rua=mailto:rua@example.com;ruf=mailto:a@example.com", "dmarc-version@p=reject",
		"v=DMARC1; p=reject; rua=mailto:rua@example.com; ruf=mailto:a@example.com"},
	{"39", " v=DMARC1; p=none", "dmarc-version@ ", "v=DMARC1; p=none"},
	{"41", "v=DMARC1;p=none;fo:0;adkim=r;rf:afrf" RUA,
		"dmarc-separator@: | dmarc-separator@: | dmarc-p-none@p=none",
		"v=DMARC1; p=none; fo=0; adkim=r; rf=afrf" RUA},
	{"42", "v=dmarc1\\; p=none\\; rua= mailto:dmarc_feedback@example.com &amp\\;fo=1",
		"dmarc-version@dmarc1 | dmarc-separator@\\;",
		"v=DMARC1; p=none; rua=mailto:dmarc_feedback@example.com; fo=1"},
	{"43a", "v=DMARC1;p=none;p", "dmarc-syntax@p | dmarc-p-none@p=none | dmarc-rua-missing@", NULL},
	{"43b", "v=DMARC1;p=reject;pct=0;example.com" RUA, "dmarc-syntax@example.com | dmarc-pct@pct=0",
		"v=DMARC1;p=reject;example.com" RUA},
	{"44", "v=DMARC1;p=reject;rua=mailto:a@example.com;pct=;ruf=mailto:a@example.com",
		"dmarc-syntax@pct= | dmarc-ruf-privacy@ruf=mailto:a@example.com", NULL},
	{"45a", "v=DMARC1; p=reject; rua=dmarc@example.com", "dmarc-uri-invalid@dmarc@example.com",
		"v=DMARC1; p=reject; rua=mailto:dmarc@example.com"},
	{"45b", "v=DMARC1; p=reject; rua=mailto:example.com", "dmarc-uri-invalid@mailto:example.com", NULL},
	{"46a", "v=DMARC1; p=jerect" RUA, "dmarc-p-invalid@jerect", "v=DMARC1; p=reject" RUA},
	{"46b", "v=DMARC1; p=reject; sp=whatever" RUA, "dmarc-sp-invalid@whatever", NULL},
	{"47", "v=DMARC1; policy=reject" RUA, "dmarc-p-missing@policy", "v=DMARC1; p=reject" RUA},
	{"48a", "v=DMARC1; p=reject; fo=1,d; ruf=mailto:a@example.com" RUA,
		"dmarc-fo-invalid@1,d | dmarc-ruf-privacy@ruf=mailto:a@example.com",
		"v=DMARC1; p=reject; fo=1:d; ruf=mailto:a@example.com" RUA},
	{"48b", "v=DMARC1; p=reject; fo=0:1:s; ruf=mailto:a@example.com" RUA,
		"dmarc-fo-redundant@0:1:s | dmarc-ruf-privacy@ruf=mailto:a@example.com",
		"v=DMARC1; p=reject; fo=1:s; ruf=mailto:a@example.com" RUA},
	{"49a", "v=DMARC1; p=reject; rua=mailto:a@x.example;mailto:b@x.example", "dmarc-separator@;",
		"v=DMARC1; p=reject; rua=mailto:a@x.example,mailto:b@x.example"},
	{"49b", "v=DMARC1; p=reject; rua=mailto:a@x.example b@x.example", "dmarc-uri-invalid@ ",
		"v=DMARC1; p=reject; rua=mailto:a@x.example,mailto:b@x.example"},
	{"50", "v=DMARC1; p=quarantine; rua=mailto:a@example.com; pct=100; sp=none;",
		"dmarc-sp-none@sp=none | dmarc-pct@pct=100",
		"v=DMARC1; p=quarantine; rua=mailto:a@example.com; sp=none;"},
	{"54a", "\"v=DMARC1; p=reject\"", "dmarc-version@\"", "v=DMARC1; p=reject"},
	{"54b", "\xe2\x80\x9cv=DMARC1; p=reject\xe2\x80\x9d", "dmarc-version@\xe2\x80\x9c",
		"v=DMARC1; p=reject"},
	{"55", "v=DMARC1; p=reject; ri=3600; rf=afrf",
		"dmarc-rua-missing@ | dmarc-rf@rf=afrf | dmarc-ri@ri=3600", "v=DMARC1; p=reject; ri=3600"},
	/* the start of the record */
	{"DMARC10", "v=DMARC10; p=reject", "dmarc-version@DMARC10", "v=DMARC1; p=reject"},
	{"capitals", "v=Dmarc1; p=reject", "dmarc-version@Dmarc1", "v=DMARC1; p=reject"},
	{"no semicolon", "v=DMARC1 p=none; sp=none", "dmarc-version@ ", "v=DMARC1; p=none; sp=none"},
	{"no semicolon, glued", "v=DMARC1p=none", "dmarc-version@DMARC1", "v=DMARC1; p=none"},
	{"comma", "v=DMARC1, p=none", "dmarc-separator@,", "v=DMARC1; p=none"},
	{"colon", "v:DMARC1; p=none", "dmarc-version@v:", "v=DMARC1; p=none"},
	{"not first", "p=none; v=DMARC1" RUA, "dmarc-version@v=DMARC1", "v=DMARC1; p=none" RUA},
	{"no v", "DMARC1; p=none", "dmarc-version@DMARC1", "v=DMARC1; p=none"},
	{"no-break space", "v=DMARC1;\xc2\xa0p=none" RUA, "dmarc-separator@\xc2\xa0", "v=DMARC1; p=none" RUA},
	{"zero-width space", "v=DMARC1; p=reject" RUA "; \xe2\x80\x8bsp=none", "dmarc-separator@\xe2\x80\x8b",
		"v=DMARC1; p=reject" RUA "; sp=none"},
	{"full stop", "v=DMARC1. p=none", "dmarc-separator@.", "v=DMARC1; p=none"},
	{"somebody else's word", "vdmarc-verification=1", "", NULL},
	{"not DMARC at all", "site-verification=1", "", NULL},
	{"SPF", "v=spf1 -all", "", NULL},
	{"a key", "v=DKIM1; p=MIGfMA0", "", NULL},
	{"key without version", "k=rsa; p=MIGfMA0", "", NULL},
	/* one cause, one finding */
	{"dig", "v=DMARC1\\; p=none\\; rua=mailto:d@example.com", "dmarc-separator@\\;",
		"v=DMARC1; p=none" RUA},
	{"dig, inner", "v=DMARC1; p=reject\\; rua=mailto:d@example.com\\; fo=1\\;",
		"dmarc-separator@\\; | dmarc-fo-useless@fo=1\\", "v=DMARC1; p=reject" RUA "; fo=1"},
	{"entity", "v=DMARC1; p=reject&#59; rua=mailto:d@example.com", "dmarc-separator@&#59;",
		"v=DMARC1; p=reject" RUA},
	{"comma inside", "v=DMARC1; p=reject, rua=mailto:d@example.com", "dmarc-separator@, ",
		"v=DMARC1; p=reject" RUA},
	{"blank inside", "v=DMARC1; p=reject rua=mailto:d@example.com", "dmarc-separator@ ",
		"v=DMARC1; p=reject" RUA},
	{"p after a blank", "v=DMARC1; adkim=r p=reject" RUA, "dmarc-separator@ ",
		"v=DMARC1; adkim=r; p=reject" RUA},
	{"pct behind rua", "v=DMARC1; p=reject; rua=mailto:d@example.com pct=100", "dmarc-separator@ ",
		"v=DMARC1; p=reject" RUA "; pct=100"},
	{"p colon", "v=DMARC1; p:reject" RUA, "dmarc-separator@:", "v=DMARC1; p=reject" RUA},
	{"p blank", "v=DMARC1; p reject" RUA, "dmarc-separator@ ", "v=DMARC1; p=reject" RUA},
	{"rua colon", "v=DMARC1; p=reject; rua:mailto:d@example.com?subject=x",
		"dmarc-separator@:", "v=DMARC1; p=reject" RUA "?subject=x"},
	{"obfuscated", "v=DMARC1; p=reject; rua=dmarc at example dot com",
		"dmarc-uri-invalid@dmarc at example dot com",
		"v=DMARC1; p=reject; rua=mailto:dmarc@example.com"},
	{"quotes at p", "v=DMARC1; p=\xe2\x80\x9creject\xe2\x80\x9d" RUA,
		"dmarc-p-invalid@\xe2\x80\x9creject\xe2\x80\x9d", "v=DMARC1; p=reject" RUA},
	{"double equals", "v=DMARC1; p==reject" RUA, "dmarc-p-invalid@=reject", "v=DMARC1; p=reject" RUA},
	/* the other rules */
	{"empty p", "v=DMARC1; p=" RUA, "dmarc-p-invalid@p=", NULL},
	{"64", "v=DMARC1; p=reject; sp=" RUA, "dmarc-sp-invalid@sp=", NULL},
	{"empty rua", "v=DMARC1; p=reject; rua=", "dmarc-syntax@rua=", NULL},
	{"empty chunks", "v=DMARC1;;; ;p=reject" RUA, "dmarc-syntax@;", NULL},
	{"tag name", "v=DMARC1; p=reject; x_tag=1; ext=2" RUA, "dmarc-syntax@x_tag=1 | dmarc-tag-unknown@ext",
		NULL},
	{"no name", "v=DMARC1; p=reject; =none" RUA, "dmarc-syntax@=none", NULL},
	{"non-ASCII", "v=DMARC1; p=reject; ext=\xc3\xa4" RUA, "dmarc-syntax@\xc3\xa4", NULL},
	{"did you mean", "v=DMARC1; p=reject; asfp=s" RUA, "dmarc-tag-unknown@asfp",
		"v=DMARC1; p=reject; aspf=s" RUA},
	{"15", "v=DMARC1", "dmarc-policy-unusable@", NULL},
	{"15b", "v=DMARC1; adkim=s", "dmarc-policy-unusable@", NULL},
	{"14", "v=DMARC1" RUA, "dmarc-p-missing@", NULL},
	{"35 tricky", "v=DMARC1; rua=d@example.com", "dmarc-uri-invalid@d@example.com | dmarc-p-missing@",
		"v=DMARC1; rua=mailto:d@example.com"},
	{"25", "v=DMARC1; rua=mailto:d@example.com; p=reject", "dmarc-p-order@p=reject",
		"v=DMARC1; p=reject" RUA},
	{"31", "V=DMARC1;P=Reject" RUA, "dmarc-tag-case@V | dmarc-tag-case@P", "v=DMARC1;P=Reject" RUA},
	{"33", "v=DMARC1; p=reject; p=none; p=reject" RUA, "dmarc-tag-duplicate@p=none", NULL},
	{"unknown twice", "v=DMARC1; p=reject; x=1; X=2" RUA, "dmarc-tag-duplicate@X=2 | dmarc-tag-unknown@x",
		NULL},
	{"v twice", "v=DMARC1; v=DMARC1; p=reject" RUA,
		"dmarc-tag-duplicate@v=DMARC1 | dmarc-p-order@p=reject", "v=DMARC1; p=reject; v=DMARC1" RUA},
	{"sp weaker", "v=DMARC1; p=reject; sp=quarantine" RUA, "dmarc-sp-weaker@sp=quarantine", NULL},
	{"sp none below none", "v=DMARC1; p=none; sp=none" RUA, "dmarc-p-none@p=none", NULL},
	{"np none", "v=DMARC1; p=reject; np=none" RUA, "dmarc-np-none@np=none", NULL},
	{"np weaker", "v=DMARC1; p=reject; np=quarantine" RUA, "dmarc-sp-weaker@np=quarantine", NULL},
	{"np none below sp none", "v=DMARC1; p=reject; sp=none; np=none" RUA, "dmarc-sp-none@sp=none", NULL},
	{"20", "v=DMARC1; p=reject; t=y" RUA, "dmarc-t-testing@t=y", NULL},
	{"t idle", "v=DMARC1; p=none; t=y" RUA, "dmarc-p-none@p=none | dmarc-t-testing@t=y", NULL},
	{"t bad", "v=DMARC1; p=reject; t=yes" RUA, "dmarc-syntax@yes", "v=DMARC1; p=reject; t=y" RUA},
	{"psd bad", "v=DMARC1; p=reject; psd=x" RUA, "dmarc-syntax@x", NULL},
	{"41 tricky", "v=DMARC1; p=reject; adkim=strict; aspf=x" RUA,
		"dmarc-adkim-invalid@strict | dmarc-aspf-invalid@x",
		"v=DMARC1; p=reject; adkim=s; aspf=x" RUA},
	{"38 tricky", "v=DMARC1; p=reject; ruf=mailto:a@example.com; fo=0:1:d:s" RUA,
		"dmarc-fo-redundant@0:1:d:s | dmarc-ruf-privacy@ruf=mailto:a@example.com",
		"v=DMARC1; p=reject; ruf=mailto:a@example.com; fo=1:d:s" RUA},
	{"38 tricky, but nobody looks at it", "v=DMARC1; p=reject; fo=0:1:d:s" RUA,
		"dmarc-fo-useless@fo=0:1:d:s", "v=DMARC1; p=reject" RUA},
	{"strict for DKIM and SPF is one remark", "v=DMARC1; p=reject; aspf=s; adkim=s" RUA,
		"dmarc-strict-risk@adkim=s", NULL},
	{"strict for SPF", "v=DMARC1; p=none; aspf=s" RUA, "dmarc-p-none@p=none | dmarc-strict-risk@aspf=s",
		NULL},
	{"relaxed", "v=DMARC1; p=reject; aspf=r; adkim=r" RUA, "", NULL},
	{"ruf that nobody can use", "v=DMARC1; p=reject; ruf=a@example.com" RUA,
		"dmarc-uri-invalid@a@example.com", "v=DMARC1; p=reject; ruf=mailto:a@example.com" RUA},
	{"40", "v=DMARC1; p=reject; fo=1" RUA, "dmarc-fo-useless@fo=1", "v=DMARC1; p=reject" RUA},
	{"22", "v=DMARC1; p=reject; pct=0" RUA, "dmarc-pct@pct=0", "v=DMARC1; p=reject" RUA},
	{"pct bad", "v=DMARC1; p=reject; pct=abc" RUA, "dmarc-pct@pct=abc", "v=DMARC1; p=reject" RUA},
	{"58", "v=DMARC1; p=reject; psd=y; ruf=mailto:b@example.com" RUA,
		"dmarc-psd@psd=y | dmarc-psd-ruf@ruf=mailto:b@example.com", NULL},
	{"no rua", "v=DMARC1; p=reject", "dmarc-rua-missing@", NULL},
	{"many at once", "v=DMARC1; p=rejct; sp=nome; adkim=x; junk; pct=50; foo=1",
		"dmarc-syntax@junk | dmarc-p-invalid@rejct | dmarc-sp-invalid@nome | dmarc-adkim-invalid@x | "
		"dmarc-rua-missing@ | dmarc-pct@pct=50 | dmarc-tag-unknown@foo",
		"v=DMARC1; p=reject; sp=nome; adkim=x; junk; pct=50; foo=1"},
};

START_TEST(test_findings)
{
	struct arena *arena = unit_arena();
	const struct fix *fix;
	struct slice actual = check(arena, slice_cstr(rows[_i].text), &fix);
	ck_assert_msg(slice_equal(actual, slice_cstr(rows[_i].findings)), "%s:\n  %.*s\nnot\n  %s",
		rows[_i].name, (int)actual.len, actual.ptr, rows[_i].findings);
	struct slice mended = fix == NULL ? SLICE("(none)") : fix->record;
	const char *expected = rows[_i].fix == NULL ? "(none)" : rows[_i].fix;
	ck_assert_msg(slice_equal(mended, slice_cstr(expected)), "%s: fix is\n  %.*s\nnot\n  %s",
		rows[_i].name, (int)mended.len, mended.ptr, expected);
}
END_TEST

/* Each rule about record text fires on its bad example at exactly the bytes it names, and not on its good
 * one. */
START_TEST(test_examples)
{
	struct arena *arena = unit_arena();
	const struct rule *rule = rule_get((enum rule_id)_i);
	const struct fix *fix;
	if (strncmp(rule->id, "dmarc-", 6) != 0 || rule->example != EXAMPLE_DMARC || rule->bad[0] == '\0')
		return;
	struct slice wanted = arena_printf(arena, " | %s@%s | ", rule->id, rule->about);
	struct slice bad = check(arena, slice_cstr(rule->bad), &fix);
	struct slice good = check(arena, slice_cstr(rule->good), &fix);
	bad = arena_printf(arena, " | %.*s | ", (int)bad.len, bad.ptr);
	ck_assert_msg(
		slice_search_nocase(bad, wanted) < bad.len, "%s: %.*s", rule->id, (int)bad.len, bad.ptr);
	struct slice id = arena_printf(arena, "%s@", rule->id);
	ck_assert_msg(
		slice_search_nocase(good, id) == good.len, "%s: %.*s", rule->id, (int)good.len, good.ptr);
}
END_TEST

/* --- severities and details that depend on the record --- */

static const struct {
	const char *text;
	enum rule_id rule;
	enum severity severity;
	enum detail detail;
	enum effect rfc7489, rfc9989;
} levels[] = {
	{"v=DMARC1; rua=mailto:d@example.com", RULE_DMARC_P_MISSING, SEVERITY_WARNING, DETAIL_DMARC_P_ABSENT,
		EFFECT_DMARC_P_NONE, EFFECT_DMARC_P_NONE},
	{"v=DMARC1; rua=d@example.com", RULE_DMARC_P_MISSING, SEVERITY_ERROR, DETAIL_DMARC_P_ABSENT,
		EFFECT_DMARC_OFF, EFFECT_DMARC_OFF},
	{"v=DMARC1; p=x", RULE_DMARC_P_INVALID, SEVERITY_ERROR, DETAIL_DMARC_POLICY_VALUE, EFFECT_DMARC_OFF,
		EFFECT_DMARC_OFF},
	{"v=DMARC1; p=x" RUA, RULE_DMARC_P_INVALID, SEVERITY_ERROR, DETAIL_DMARC_POLICY_VALUE,
		EFFECT_DMARC_P_NONE, EFFECT_DMARC_P_NONE},
	{"v=DMARC1; p=reject; np=x", RULE_DMARC_NP_INVALID, SEVERITY_ERROR, DETAIL_DMARC_POLICY_VALUE,
		EFFECT_DMARC_TAG_IGNORED, EFFECT_DMARC_OFF},
	{"v=DMARC1; p=reject; pct=100", RULE_DMARC_PCT, SEVERITY_INFO, DETAIL_DMARC_PCT_FULL,
		EFFECT_DMARC_WORKS, EFFECT_DMARC_TAG_IGNORED},
	{"v=DMARC1; p=reject; pct=50", RULE_DMARC_PCT, SEVERITY_WARNING, DETAIL_DMARC_PCT_PART,
		EFFECT_DMARC_PARTLY, EFFECT_DMARC_TAG_IGNORED},
	{"v=DMARC1; p=reject; pct=0", RULE_DMARC_PCT, SEVERITY_WARNING, DETAIL_DMARC_PCT_ZERO,
		EFFECT_DMARC_LOWERED, EFFECT_DMARC_TAG_IGNORED},
	{"v=DMARC1; p=none; pct=50", RULE_DMARC_PCT, SEVERITY_INFO, DETAIL_DMARC_T_IDLE, EFFECT_DMARC_WORKS,
		EFFECT_DMARC_TAG_IGNORED},
	{"v=DMARC1; p=none; sp=reject; pct=50", RULE_DMARC_PCT, SEVERITY_WARNING, DETAIL_DMARC_PCT_PART,
		EFFECT_DMARC_PARTLY, EFFECT_DMARC_TAG_IGNORED},
	{"v=DMARC1; p=rejct; pct=50" RUA, RULE_DMARC_PCT, SEVERITY_INFO, DETAIL_DMARC_T_IDLE,
		EFFECT_DMARC_WORKS, EFFECT_DMARC_TAG_IGNORED},
	{"v=DMARC1; p=reject; pct=many", RULE_DMARC_PCT, SEVERITY_INFO, DETAIL_DMARC_PCT_INVALID,
		EFFECT_DMARC_WORKS, EFFECT_DMARC_TAG_IGNORED},
	{"v=DMARC1; p=reject; t=y", RULE_DMARC_T_TESTING, SEVERITY_WARNING, DETAIL_DMARC_T_LOWERS,
		EFFECT_DMARC_T_UNKNOWN, EFFECT_DMARC_LOWERED},
	{"v=DMARC1; p=none; t=y", RULE_DMARC_T_TESTING, SEVERITY_INFO, DETAIL_DMARC_T_IDLE,
		EFFECT_DMARC_TAG_IGNORED, EFFECT_DMARC_WORKS},
	{"v=DMARC1; p=reject; rua=mailto:a@x.example;mailto:b@x.example", RULE_DMARC_SEPARATOR,
		SEVERITY_WARNING, DETAIL_DMARC_LIST, EFFECT_DMARC_REST_OF_LIST, EFFECT_DMARC_REST_OF_LIST},
	{"v=DMARC1; p=reject\\; fo=1", RULE_DMARC_SEPARATOR, SEVERITY_ERROR, DETAIL_DMARC_ESCAPED,
		EFFECT_DMARC_OFF, EFFECT_DMARC_OFF},
	{"v=DMARC1; p=reject; adkim=s aspf=s", RULE_DMARC_SEPARATOR, SEVERITY_WARNING, DETAIL_DMARC_BLANK,
		EFFECT_DMARC_TAG_IGNORED, EFFECT_DMARC_TAG_IGNORED},
	{"v=DMARC1; p=reject; rua=mailto:a@x.example!10m", RULE_DMARC_URI_SIZE, SEVERITY_INFO, DETAIL_NONE,
		EFFECT_DMARC_SIZE_LIMIT, EFFECT_DMARC_SIZE_IGNORED},
	{"v=DMARC1; p=reject; t=yes", RULE_DMARC_SYNTAX, SEVERITY_WARNING, DETAIL_DMARC_T_VALUE,
		EFFECT_DMARC_TAG_IGNORED, EFFECT_DMARC_TAG_IGNORED},
	{"v=DMARC1; p=reject; sp=quarantine", RULE_DMARC_SP_WEAKER, SEVERITY_WARNING, DETAIL_NONE,
		EFFECT_DMARC_SUBDOMAINS_OPEN, EFFECT_DMARC_SUBDOMAINS_OPEN},
	{"v=DMARC1; p=reject; np=quarantine", RULE_DMARC_SP_WEAKER, SEVERITY_INFO, DETAIL_NONE, EFFECT_NONE,
		EFFECT_DMARC_SUBDOMAINS_OPEN},
};

START_TEST(test_levels)
{
	const struct dmarc_record *record = dmarc_record_parse(unit_arena(), slice_cstr(levels[_i].text));
	for (size_t i = 0; i < record->findings.count; i++) {
		const struct finding *finding = &record->findings.items[i];
		if (finding->rule != levels[_i].rule)
			continue;
		ck_assert_msg(finding->severity == levels[_i].severity, "%s", levels[_i].text);
		ck_assert_msg(finding->detail == levels[_i].detail, "%s", levels[_i].text);
		ck_assert_msg(
			finding->effects[RECEIVER_RFC7489] == levels[_i].rfc7489, "%s", levels[_i].text);
		ck_assert_msg(
			finding->effects[RECEIVER_RFC9989] == levels[_i].rfc9989, "%s", levels[_i].text);
		return;
	}
	ck_abort_msg("not found: %s", levels[_i].text);
}
END_TEST

/* --- which fixes may be applied without asking --- */

static const struct {
	const char *name;
	const char *text;
	bool safe;
} safety[] = {
	{"only the version", "v=dmarc1; p=reject" RUA, true},
	{"a scheme was missing, too", "v=dmarc1; p=reject; rua=d@example.com", true},
	{"a misspelt policy, too", "v=dmarc1; p=rejct" RUA, false},
	{"a part is left out", "v=dmarc1; p=reject; nonsense" RUA, false},
	{"the second of two", "v=dmarc1; p=reject; p=none" RUA, false},
	{"policy for p", "v=dmarc1; policy=reject" RUA, false},
	{"an address in disguise", "v=dmarc1; p=reject; rua=d(at)example.com", false},
	{"backslashes", "v=DMARC1; p=reject\\; rua=mailto:d@example.com", true},
	{"backslashes and a misspelt policy", "v=DMARC1; p=rejct\\; rua=mailto:d@example.com", false},
	{"a backslash in the middle of a value", "v=DMARC1; p=reject; ri=86\\;400" RUA, false},
};

START_TEST(test_safety)
{
	const struct fix *fix;
	check(unit_arena(), slice_cstr(safety[_i].text), &fix);
	ck_assert_msg(fix != NULL, "%s", safety[_i].name);
	ck_assert_msg(fix->safe == safety[_i].safe, "%s", safety[_i].name);
}
END_TEST

/* What is said about an unknown tag: its advice, and the record after the fix. */
static const struct {
	const char *text;
	const char *advice;
	const char *fixed; /* NULL: no fix */
} unknown_tags[] = {
	{"v=DMARC1; p=reject; asfp=s" RUA, "if it was to be aspf, write aspf",
		"v=DMARC1; p=reject; aspf=s" RUA},
	{"v=DMARC1; p=reject; aspf=r; asfp=s" RUA, "remove it: aspf is there already", NULL},
	{"v=DMARC1; p=reject; rau=mailto:x@example.com" RUA, "remove it: rua is there already", NULL},
	{"v=DMARC1; p=reject; company=x" RUA, "remove it if it is a typing mistake", NULL},
};

START_TEST(test_unknown_tags)
{
	const struct dmarc_record *record =
		dmarc_record_parse(unit_arena(), slice_cstr(unknown_tags[_i].text));
	ck_assert_uint_eq(record->findings.count, 1);
	const struct finding *finding = &record->findings.items[0];
	ck_assert_int_eq(finding->rule, RULE_DMARC_TAG_UNKNOWN);
	ck_assert_msg(slice_equal(finding->args[1], slice_cstr(unknown_tags[_i].advice)), "%.*s",
		(int)finding->args[1].len, finding->args[1].ptr);
	ck_assert_int_eq(finding->fix != NULL, unknown_tags[_i].fixed != NULL);
	if (finding->fix != NULL)
		ck_assert(slice_equal(finding->fix->record, slice_cstr(unknown_tags[_i].fixed)));
}
END_TEST

/* --- hostile sizes --- */

static struct slice repeated(struct arena *arena, const char *head, const char *piece, size_t len)
{
	char *text = arena_alloc(arena, len + 64);
	size_t used = strlen(head), step = strlen(piece);
	memcpy(text, head, used);
	for (; used + step <= len; used += step)
		memcpy(text + used, piece, step);
	return slice_of(text, used);
}

/* 64 KiB of each, which a quadratic parser would chew on for minutes. */
static const char *const pieces[] = {";a=", ";p=x", ";a=b", ";", " ;", "\\;", ";x", ";=", "a", " ", ",", ",a",
	",mailto:a@b", "mailto:a@b ", " a@b", " at ", "!", "&", "&amp;", " p", ", p", " p=", ";p:x", ";a@b",
	"\"", "\xe2\x80\x9c", "=", "\t=", "v=DMARC1", "%"};
static const char *const heads[] = {"v=DMARC1; p=none; rua=", "v=DMARC1", "v=dmarc1", "", "v=DMARC1; fo="};

START_TEST(test_large)
{
	struct arena *arena = unit_arena();
	clock_t start = clock();
	for (int i = 0; i < COUNT(heads); i++) {
		judge(arena, repeated(arena, heads[i], pieces[_i], 65535));
		judge(arena, repeated(arena, heads[i], pieces[_i], DMARC_MAX_REPAIR));
	}
	double seconds = (double)(clock() - start) / CLOCKS_PER_SEC;
	ck_assert_msg(seconds < 5, "%s: %f s", pieces[_i], seconds);
}
END_TEST

START_TEST(test_many_tags)
{
	struct arena *arena = unit_arena();
	struct slice text = SLICE("v=DMARC1; p=none");
	char *bytes = arena_alloc(arena, 200000);
	size_t used = text.len;
	memcpy(bytes, text.ptr, used);
	for (int i = 0; i < 30000; i++) {
		memcpy(bytes + used, ";aaa=", 5);
		for (int j = 0, n = i; j < 3; j++, n /= 32)
			bytes[used + 1 + (size_t)j] = (char)('a' + n % 26);
		bytes[used + 5] = '1';
		used += 6;
	}
	const struct dmarc_record *record = dmarc_record_parse(arena, slice_of(bytes, used));
	ck_assert_uint_eq(record->count, 30002);
	ck_assert(record->has_p);
}
END_TEST

/* Each fix makes the finding go away, and no fix makes things worse. */
START_TEST(test_fixes_are_good)
{
	struct arena *arena = unit_arena();
	const struct fix *fix, *again;
	check(arena, slice_cstr(rows[_i].text), &fix);
	if (fix == NULL)
		return;
	ck_assert_msg(dmarc_record_is_dmarc(fix->record), "%s", rows[_i].name);
	struct slice before = check(arena, slice_cstr(rows[_i].text), &again);
	struct slice after = check(arena, fix->record, &again);
	ck_assert_msg(!slice_equal(before, after), "%s", rows[_i].name);
}
END_TEST

static void parse_all(struct arena *arena, void *context)
{
	const struct fix *fix;
	(void)context;
	for (int i = 0; i < COUNT(rows); i += 7)
		check(arena, slice_cstr(rows[i].text), &fix);
}

START_TEST(test_out_of_memory)
{
	unit_fail_every_allocation(parse_all, NULL);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("dmarc_record");
	TCase *tests = tcase_create("record");
	tcase_set_timeout(tests, 60);
	tcase_add_loop_test(tests, test_is_dmarc, 0, COUNT(versions));
	tcase_add_loop_test(tests, test_values, 0, COUNT(values));
	tcase_add_loop_test(tests, test_other_values, 0, COUNT(others));
	tcase_add_test(tests, test_fo);
	tcase_add_test(tests, test_spans);
	tcase_add_loop_test(tests, test_findings, 0, COUNT(rows));
	tcase_add_loop_test(tests, test_fixes_are_good, 0, COUNT(rows));
	tcase_add_loop_test(tests, test_levels, 0, COUNT(levels));
	tcase_add_loop_test(tests, test_safety, 0, COUNT(safety));
	tcase_add_loop_test(tests, test_unknown_tags, 0, COUNT(unknown_tags));
	tcase_add_loop_test(tests, test_examples, 0, RULE_COUNT);
	tcase_add_loop_test(tests, test_large, 0, COUNT(pieces));
	tcase_add_test(tests, test_many_tags);
	tcase_add_test(tests, test_out_of_memory);
	suite_add_tcase(suite, tests);
	return unit_run(suite);
}
