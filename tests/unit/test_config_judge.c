/* Whether expectations hold: every subject, both outcomes and why, and what a temporary failure hides. */
#include "config/config_judge.h"

#include "base/ascii.h"
#include "support/fixture.h"
#include "support/unit.h"

static struct psl *list;

struct row {
	const char *name, *zone, *domain;
	enum config_subject subject;
	const char *network; /* "192.0.2.0/24" */
	const char *sender;
	unsigned value;
	enum config_relation relation;
	enum config_judge_status status;
	const char *actual, *message;
};

struct work {
	struct config_expectation expectation;
	struct config_judge_world world;
	struct filter filter;
	struct config_judgement judgement;
};

static void evaluate(struct view *view, struct arena *arena, void *context)
{
	struct work *work = context;
	struct config_judgement judgement;
	if (config_judge(&work->expectation, &work->world, view, arena, &judgement) == EVAL_DONE)
		work->judgement = judgement;
}

static struct prefix prefix_of(const char *text)
{
	struct slice all = slice_cstr(text);
	size_t slash = slice_find(all, '/', 0);
	struct prefix prefix = {.length = 0};
	uint64_t length;
	ck_assert(ip_parse(slice_head(all, slash), &prefix.ip));
	ck_assert(ascii_parse_uint(slice_from(all, slash + 1), 128, &length));
	prefix.length = (unsigned char)length;
	return prefix;
}

static void prepare(struct work *work, struct arena *arena, const struct row *row)
{
	struct config_expectation *expectation = &work->expectation;
	*work = (struct work){.world.psl = list, .world.time = 1790000000};
	filter_init(&work->filter);
	work->world.filter = &work->filter;
	ck_assert_int_eq(name_from_text(arena, slice_cstr(row->domain), &expectation->domain), NAME_OK);
	expectation->subject = row->subject;
	if (row->network != NULL)
		expectation->network = prefix_of(row->network);
	if (row->sender != NULL)
		expectation->sender = slice_cstr(row->sender);
	expectation->value = row->value;
	expectation->relation = row->relation;
}

#define D	  "example.com"
#define OK	  CONFIG_JUDGE_OK
#define FAILED	  CONFIG_JUDGE_FAILED
#define UNKNOWN	  CONFIG_JUDGE_UNKNOWN
#define IP(text)  CONFIG_SPF, text, NULL
#define DMARC	  CONFIG_DMARC, NULL, NULL
#define LOOKUPS	  CONFIG_LOOKUPS, NULL, NULL
#define VOIDS	  CONFIG_VOIDS, NULL, NULL
#define VERDICT	  CONFIG_VERDICT, NULL, NULL
#define DEFAULT	  CONFIG_DEFAULT, NULL, NULL
#define TXT(text) D " TXT " text "\n"
#define DM(text)  "_dmarc." D " TXT " text "\n"
#define PLAIN	  TXT("v=spf1 ip4:192.0.2.0/25 ~all")
#define INCLUDE                                                                                              \
	TXT("v=spf1 include:a.example.net mx -all") "a.example.net TXT !timeout\n" D " MX 10 m." D "\n"
#define SOUND	   DM("v=DMARC1; p=reject; rua=mailto:d@" D) D " MX 10 m." D "\nm." D " A 192.0.2.1\n"
#define NO_INCLUDE "not known for now (a.example.net TXT: timeout)"

static const struct row rows[] = {
	/* spf: one address */
	{"pass", PLAIN, D, IP("192.0.2.1/32"), SPF_PASS, 0, OK, "pass", ""},
	{"not pass", PLAIN, D, IP("192.0.2.200/32"), SPF_PASS, 0, FAILED, "softfail",
		"got softfail (~all in the record of example.com)"},
	{"no match", TXT("v=spf1 ip4:192.0.2.1"), D, IP("192.0.2.2/32"), SPF_FAIL, 0, FAILED, "neutral",
		"got neutral (nothing in the record of example.com matches)"},
	{"no record", TXT("hello"), D, IP("192.0.2.2/32"), SPF_PASS, 0, FAILED, "none",
		"got none (example.com has no SPF record)"},
	{"none, as expected", TXT("hello"), D, IP("192.0.2.2/32"), SPF_NONE, 0, OK, "none", ""},
	{"v6", TXT("v=spf1 ip6:2001:db8::/32 -all"), D, IP("2001:db8::1/128"), SPF_PASS, 0, OK, "pass", ""},
	{"timeout", D " TXT !timeout\n", D, IP("192.0.2.1/32"), SPF_PASS, 0, UNKNOWN, "",
		"not known for now (example.com TXT: timeout)"},
	{"timeout of an include", INCLUDE, D, IP("192.0.2.1/32"), SPF_FAIL, 0, UNKNOWN, "", NO_INCLUDE},
	{"temperror, as expected", INCLUDE, D, IP("192.0.2.1/32"), SPF_TEMPERROR, 0, OK, "temperror", ""},
	{"timeout behind the match",
		TXT("v=spf1 ip4:192.0.2.1 include:a.example.net -all") "a.example.net TXT !timeout\n", D,
		IP("192.0.2.1/32"), SPF_PASS, 0, OK, "pass", ""},
	{"timeout of ptr is no temperror", TXT("v=spf1 ptr -all") "1.2.0.192.in-addr.arpa PTR !timeout\n", D,
		IP("192.0.2.1/32"), SPF_PASS, 0, UNKNOWN, "",
		"not known for now (1.2.0.192.in-addr.arpa PTR: timeout)"},
	{"timeout of ptr, the result it leaves",
		TXT("v=spf1 ptr -all") "1.2.0.192.in-addr.arpa PTR !timeout\n", D, IP("192.0.2.1/32"),
		SPF_FAIL, 0, UNKNOWN, "", "not known for now (1.2.0.192.in-addr.arpa PTR: timeout)"},
	{"timeout of exp", TXT("v=spf1 -all exp=e." D) "e." D " TXT !timeout\n", D, IP("192.0.2.1/32"),
		SPF_FAIL, 0, OK, "fail", ""},
	{"own sender", TXT("v=spf1 exists:%{l}.u." D " -all") "ann.u." D " A 127.0.0.2\n", D, CONFIG_SPF,
		"192.0.2.1/32", "ann@" D, SPF_PASS, 0, OK, "pass", ""},
	{"postmaster", TXT("v=spf1 exists:%{l}.u." D " -all") "postmaster.u." D " A 127.0.0.2\n", D,
		IP("192.0.2.1/32"), SPF_PASS, 0, OK, "pass", ""},
	{"sender of another domain",
		TXT("v=spf1 exists:%{o}.u." D " -all") "example.net.u." D " A 127.0.0.2\n", D, CONFIG_SPF,
		"192.0.2.1/32", "ann@example.net", SPF_PASS, 0, OK, "pass", ""},
	{"helo is the sender's domain",
		TXT("v=spf1 exists:%{h}.u." D " -all") "example.com.u." D " A 127.0.0.2\n", D,
		IP("192.0.2.1/32"), SPF_PASS, 0, OK, "pass", ""},
	{"null sender",
		TXT("v=spf1 exists:%{l}.%{h}.u." D " -all") "postmaster.example.com.u." D " A 127.0.0.2\n", D,
		CONFIG_SPF, "192.0.2.1/32", "<>", SPF_PASS, 0, OK, "pass", ""},
	{"time", TXT("v=spf1 exists:%{d}.t." D " -all") "example.com.t." D " A 127.0.0.2\n", D,
		IP("192.0.2.1/32"), SPF_PASS, 0, OK, "pass", ""},
	/* spf: a network */
	{"all of it", PLAIN, D, IP("192.0.2.0/26"), SPF_PASS, 0, OK, "pass", ""},
	{"half of it", PLAIN, D, IP("192.0.2.0/24"), SPF_PASS, 0, FAILED, "pass, softfail",
		"got pass, softfail (softfail for 192.0.2.128/25)"},
	{"all v6", TXT("v=spf1 ip6:2001:db8::/32 -all"), D, IP("2001:db8:1::/48"), SPF_PASS, 0, OK, "pass",
		""},
	{"all but some, for now", INCLUDE, D, IP("192.0.2.0/24"), SPF_FAIL, 0, UNKNOWN, "", NO_INCLUDE},
	{"some differ for certain",
		TXT("v=spf1 ip4:192.0.2.0/25 include:a.example.net -all") "a.example.net TXT !timeout\n", D,
		IP("192.0.2.0/24"), SPF_FAIL, 0, FAILED, "pass, temperror",
		"got pass, temperror (pass for 192.0.2.0/25)"},
	{"ptr for a network", TXT("v=spf1 ptr -all"), D, IP("192.0.2.0/30"), SPF_FAIL, 0, FAILED, "not known",
		"got not known (it depends on the client's own names for 192.0.2.0/30, because of ptr)"},
	{"many pieces",
		TXT("v=spf1 ip4:192.0.2.1 ip4:192.0.2.3 ip4:192.0.2.5 ip4:192.0.2.7 ip4:192.0.2.9 -all"), D,
		IP("192.0.2.0/28"), SPF_FAIL, 0, FAILED, "pass, fail",
		"got pass, fail (pass for 192.0.2.1/32, 192.0.2.3/32, 192.0.2.5/32 and 2 more networks)"},
	/* dmarc */
	{"reject", DM("v=DMARC1; p=reject"), D, DMARC, DMARC_REJECT, 0, OK, "reject", ""},
	{"weaker", DM("v=DMARC1; p=none"), D, DMARC, DMARC_REJECT, 0, FAILED, "none",
		"got none (p=none at _dmarc.example.com)"},
	{"sp", DM("v=DMARC1; p=reject; sp=none") "a." D " A 192.0.2.1\n", "a." D, DMARC, DMARC_REJECT, 0,
		FAILED, "none", "got none (sp=none at _dmarc.example.com)"},
	{"t=y", DM("v=DMARC1; p=reject; t=y"), D, DMARC, DMARC_REJECT, 0, FAILED, "quarantine",
		"got quarantine (p=reject, lowered by t=y, at _dmarc.example.com)"},
	{"absent, as expected", TXT("hello"), D, DMARC, CONFIG_NO_POLICY, 0, OK, "absent", ""},
	{"absent", TXT("hello"), D, DMARC, DMARC_NONE, 0, FAILED, "absent",
		"got absent (no record at _dmarc.example.com, _dmarc.com)"},
	{"none is not absent", DM("v=DMARC1; p=none"), D, DMARC, CONFIG_NO_POLICY, 0, FAILED, "none",
		"got none (p=none at _dmarc.example.com)"},
	{"two records", DM("v=DMARC1; p=reject") DM("v=DMARC1; p=none"), D, DMARC, DMARC_REJECT, 0, FAILED,
		"absent", "got absent (several records at _dmarc.example.com)"},
	{"switched off", DM("v=DMARC1; p=bogus"), D, DMARC, DMARC_REJECT, 0, FAILED, "absent",
		"got absent (the record at _dmarc.example.com has no usable policy)"},
	{"dmarc timeout", "_dmarc." D " TXT !timeout\n", D, DMARC, CONFIG_NO_POLICY, 0, UNKNOWN, "",
		"not known for now (_dmarc.example.com TXT: timeout)"},
	/* lookups */
	{"few", TXT("v=spf1 a mx -all") D " A 192.0.2.1\n", D, LOOKUPS, 2, CONFIG_EQUAL, OK, "2", ""},
	{"too many",
		TXT("v=spf1 a mx include:a.example.net include:b.example.net -all") "a.example.net TXT "
										    "v=spf1 a "
										    "-all\nb.example.net TXT "
										    "v=spf1 -all\n",
		D, LOOKUPS, 4, CONFIG_AT_MOST, FAILED, "5",
		"got 5 (a 1, mx 1, include:a.example.net 2, ...)"},
	{"less", TXT("v=spf1 a -all"), D, LOOKUPS, 1, CONFIG_LESS, FAILED, "1", "got 1 (a 1)"},
	{"more", TXT("v=spf1 a -all"), D, LOOKUPS, 0, CONFIG_MORE, OK, "1", ""},
	{"at least", TXT("v=spf1 -all"), D, LOOKUPS, 1, CONFIG_AT_LEAST, FAILED, "0", "got 0"},
	{"without record", TXT("hello"), D, LOOKUPS, 7, CONFIG_AT_MOST, FAILED, "none",
		"got none (there is no SPF record)"},
	{"with two records", TXT("v=spf1 a -all") TXT("v=spf1 -all"), D, LOOKUPS, 7, CONFIG_AT_MOST, FAILED,
		"permerror", "got permerror (there are several SPF records)"},
	{"at most, something hidden", INCLUDE, D, LOOKUPS, 7, CONFIG_AT_MOST, UNKNOWN, "", NO_INCLUDE},
	{"at most, too many already", INCLUDE, D, LOOKUPS, 1, CONFIG_AT_MOST, FAILED, "at least 2",
		"got at least 2 (include:a.example.net 1, mx 1)"},
	{"less, too many already", INCLUDE, D, LOOKUPS, 2, CONFIG_LESS, FAILED, "at least 2",
		"got at least 2 (include:a.example.net 1, mx 1)"},
	{"less, something hidden", INCLUDE, D, LOOKUPS, 3, CONFIG_LESS, UNKNOWN, "", NO_INCLUDE},
	{"equal, something hidden", INCLUDE, D, LOOKUPS, 2, CONFIG_EQUAL, UNKNOWN, "", NO_INCLUDE},
	{"equal, too many already", INCLUDE, D, LOOKUPS, 1, CONFIG_EQUAL, FAILED, "at least 2",
		"got at least 2 (include:a.example.net 1, mx 1)"},
	{"more, enough already", INCLUDE, D, LOOKUPS, 1, CONFIG_MORE, OK, "at least 2", ""},
	{"more, something hidden", INCLUDE, D, LOOKUPS, 2, CONFIG_MORE, UNKNOWN, "", NO_INCLUDE},
	{"at least, enough already", INCLUDE, D, LOOKUPS, 2, CONFIG_AT_LEAST, OK, "at least 2", ""},
	{"at least, something hidden", INCLUDE, D, LOOKUPS, 3, CONFIG_AT_LEAST, UNKNOWN, "", NO_INCLUDE},
	{"lookups of what is hidden", D " TXT !servfail\n", D, LOOKUPS, 7, CONFIG_AT_MOST, UNKNOWN, "",
		"not known for now (example.com TXT: servfail)"},
	/* voids */
	{"void", TXT("v=spf1 a:no." D " -all"), D, VOIDS, 0, CONFIG_EQUAL, FAILED, "1",
		"got 1 (a:no.example.com 1)"},
	{"no void", TXT("v=spf1 -all"), D, VOIDS, 0, CONFIG_EQUAL, OK, "0", ""},
	/* default */
	{"softfail", PLAIN, D, DEFAULT, SPF_SOFTFAIL, 0, OK, "softfail", ""},
	{"not fail", PLAIN, D, DEFAULT, SPF_FAIL, 0, FAILED, "softfail", "got softfail"},
	{"neutral without all", TXT("v=spf1 mx"), D, DEFAULT, SPF_NEUTRAL, 0, OK, "neutral", ""},
	{"of a redirect", TXT("v=spf1 redirect=a.example.net") "a.example.net TXT v=spf1 -all\n", D, DEFAULT,
		SPF_FAIL, 0, OK, "fail", ""},
	{"of a redirect that is hidden", TXT("v=spf1 redirect=a.example.net") "a.example.net TXT !timeout\n",
		D, DEFAULT, SPF_FAIL, 0, UNKNOWN, "", NO_INCLUDE},
	{"of a redirect with macros", TXT("v=spf1 redirect=%{l}.example.net"), D, DEFAULT, SPF_FAIL, 0,
		FAILED, "not known", "got not known (the target of redirect depends on the message)"},
	{"beside a hidden include", INCLUDE, D, DEFAULT, SPF_FAIL, 0, UNKNOWN, "", NO_INCLUDE},
	{"an include that may be broken", INCLUDE, D, DEFAULT, SPF_PERMERROR, 0, UNKNOWN, "", NO_INCLUDE},
	{"voids that may be too many",
		TXT("v=spf1 a:no." D " a:nor." D " a:slow." D " -all") "slow." D " A !timeout\nslow." D
								       " AAAA !timeout\n",
		D, DEFAULT, SPF_FAIL, 0, UNKNOWN, "",
		"not known for now (slow.example.com A: timeout, slow.example.com AAAA: timeout)"},
	{"broken, whatever is hidden",
		TXT("v=spf1 include:a.example.net ipv4:192.0.2.1 -all") "a.example.net TXT !timeout\n", D,
		DEFAULT, SPF_PERMERROR, 0, OK, "permerror", ""},
	{"default without record", TXT("hello"), D, DEFAULT, SPF_NONE, 0, OK, "none", ""},
	{"no default without record", TXT("hello"), D, DEFAULT, SPF_FAIL, 0, FAILED, "none",
		"got none (there is no SPF record)"},
	/* verdict */
	{"clean", TXT("v=spf1 mx -all") SOUND, D, VERDICT, VERDICT_PASS, 0, OK, "pass", ""},
	{"broken", TXT("v=spf1 ipv4:192.0.2.1 -all") SOUND, D, VERDICT, VERDICT_PASS, 0, FAILED, "fail",
		"got fail (spf-unknown-mechanism)"},
	{"broken, as expected", TXT("v=spf1 ipv4:192.0.2.1 -all") SOUND, D, VERDICT, VERDICT_FAIL, 0, OK,
		"fail", ""},
	{"hidden", "_dmarc." D " TXT !timeout\n" TXT("v=spf1 -all"), D, VERDICT, VERDICT_PASS, 0, UNKNOWN, "",
		"not known for now (_dmarc.example.com TXT: timeout)"},
	{"broken, the rest hidden", "_dmarc." D " TXT !timeout\n" TXT("v=spf1 ipv4:192.0.2.1 -all"), D,
		VERDICT, VERDICT_PASS, 0, FAILED, "fail", "got fail (spf-unknown-mechanism)"},
};

#define ROWS (sizeof rows / sizeof rows[0])

START_TEST(judged_as_the_row_says)
{
	const struct row *row = &rows[_i];
	struct arena *arena = unit_arena();
	struct work work;
	prepare(&work, arena, row);
	fixture_run(fixture_open(arena, row->zone), evaluate, &work);
	const struct config_judgement *judgement = &work.judgement;
	ck_assert_msg(judgement->status == row->status, "%s: status %d, %.*s", row->name,
		(int)judgement->status, (int)judgement->message.len, judgement->message.ptr);
	unit_assert_slice(judgement->actual, slice_cstr(row->actual));
	unit_assert_slice(judgement->message, slice_cstr(row->message));
	ck_assert_int_eq(judgement->hidden_count > 0, row->status == UNKNOWN);
}
END_TEST

/* Answers in any order, one by one or all at once: the same judgement. */
START_TEST(order_of_answers_does_not_matter)
{
	struct arena *arena = unit_arena();
	for (int order = 0; order < FIXTURE_ORDERS; order++) {
		struct work work;
		struct fixture *dns = fixture_open(arena, rows[_i].zone);
		fixture_set_order(dns, (enum fixture_order)order, 7);
		prepare(&work, arena, &rows[_i]);
		fixture_run(dns, evaluate, &work);
		ck_assert_int_eq(work.judgement.status, rows[_i].status);
		unit_assert_slice(work.judgement.message, slice_cstr(rows[_i].message));
	}
}
END_TEST

/* The filter decides what a verdict is. */
START_TEST(verdict_is_filtered)
{
	static const struct row row = {"ignored", TXT("v=spf1 ipv4:192.0.2.1 -all") SOUND, D, VERDICT,
		VERDICT_WARN, 0, OK, "warn", ""};
	struct arena *arena = unit_arena();
	struct work work;
	prepare(&work, arena, &row);
	work.filter.changed[RULE_SPF_UNKNOWN_MECHANISM] = true;
	work.filter.levels[RULE_SPF_UNKNOWN_MECHANISM] = SEVERITY_OFF;
	fixture_run(fixture_open(arena, row.zone), evaluate, &work);
	ck_assert_int_eq(work.judgement.status, CONFIG_JUDGE_OK);
}
END_TEST

START_TEST(expected_as_written)
{
	static const struct {
		enum config_subject subject;
		enum config_relation relation;
		unsigned value;
		const char *text, *word;
	} words[] = {
		{CONFIG_SPF, 0, SPF_SOFTFAIL, "softfail", "spf"},
		{CONFIG_DEFAULT, 0, SPF_FAIL, "fail", "default"},
		{CONFIG_DMARC, 0, DMARC_QUARANTINE, "quarantine", "dmarc"},
		{CONFIG_DMARC, 0, CONFIG_NO_POLICY, "absent", "dmarc"},
		{CONFIG_VERDICT, 0, VERDICT_WARN, "warn", "verdict"},
		{CONFIG_LOOKUPS, CONFIG_AT_MOST, 7, "<= 7", "lookups"},
		{CONFIG_VOIDS, CONFIG_EQUAL, 0, "= 0", "voids"},
		{CONFIG_LOOKUPS, CONFIG_LESS, 8, "< 8", "lookups"},
		{CONFIG_LOOKUPS, CONFIG_MORE, 1, "> 1", "lookups"},
		{CONFIG_LOOKUPS, CONFIG_AT_LEAST, 1, ">= 1", "lookups"},
	};
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		const struct config_expectation expectation = {
			.subject = words[i].subject, .relation = words[i].relation, .value = words[i].value};
		unit_assert_slice(
			config_judge_expected(unit_arena(), &expectation), slice_cstr(words[i].text));
		ck_assert_str_eq(config_judge_subject(words[i].subject), words[i].word);
	}
}
END_TEST

static void judge_row(struct arena *arena, void *context)
{
	const struct row *row = context;
	struct work work;
	prepare(&work, arena, row);
	fixture_run(fixture_open(arena, row->zone), evaluate, &work);
	struct slice expected = config_judge_expected(arena, &work.expectation);
	ck_assert_uint_gt(expected.len, 0);
}

/* A row of each kind: its n-th request for memory fails. */
START_TEST(lack_of_memory_leaves_through_the_escape)
{
	for (size_t i = 0; i < ROWS; i += 9)
		unit_fail_every_allocation(judge_row, (void *)(uintptr_t)&rows[i]);
}
END_TEST

static void open_list(void)
{
	list = psl_open(NULL);
	ck_assert_ptr_nonnull(list);
}

static void close_list(void)
{
	psl_close(list);
}

int main(void)
{
	Suite *suite = suite_create("config_judge");
	TCase *cases = tcase_create("rows");
	tcase_add_checked_fixture(cases, open_list, close_list);
	tcase_add_loop_test(cases, judged_as_the_row_says, 0, (int)ROWS);
	tcase_add_loop_test(cases, order_of_answers_does_not_matter, 0, (int)ROWS);
	tcase_add_test(cases, verdict_is_filtered);
	tcase_add_test(cases, expected_as_written);
	tcase_add_test(cases, lack_of_memory_leaves_through_the_escape);
	suite_add_tcase(suite, cases);
	return unit_run(suite);
}
