/* Tests of inspect/diff: two zones, and what the change between them does to mail. */
#include "inspect/diff.h"

#include <stdarg.h>
#include <stdio.h>

#include "inspect/diff_terms.h"
#include "rules/message.h"
#include "support/comparison.h"
#include "support/inspection.h"
#include "support/unit.h"

#define COUNT(array) ((int)(sizeof(array) / sizeof *(array)))
#define SPF	     "example.com TXT v=spf1 "
#define DMARC	     "_dmarc.example.com TXT v=DMARC1; "

/* --- a difference in one line ----------------------------------------------------------------------- */

struct line {
	char text[4000];
	size_t len;
};

static void put(struct line *line, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void put(struct line *line, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	int len = vsnprintf(line->text + line->len, sizeof line->text - line->len, format, arguments);
	va_end(arguments);
	ck_assert(len >= 0 && line->len + (size_t)len < sizeof line->text);
	line->len += (size_t)len;
}

static void put_sets(struct line *line, struct arena *arena, const char *mark, const struct ipset *sets)
{
	bool any = false;
	for (size_t f = 0; f < SPF_FAMILIES; f++) {
		size_t count;
		const struct prefix *prefixes = ipset_prefixes(arena, sets[f], &count);
		for (size_t i = 0; i < count && i < 3; i++) {
			struct slice text = prefix_text(arena, prefixes[i]);
			put(line, "%s%.*s", any ? "," : mark, (int)text.len, text.ptr);
			any = true;
		}
		if (count > 3)
			put(line, ",..");
	}
	if (any)
		put(line, " ");
}

static void put_list(struct line *line, const char *mark, const struct slice *items, size_t count)
{
	for (size_t i = 0; i < count; i++)
		put(line, "%s%.*s ", mark, (int)items[i].len, items[i].ptr);
}

static void put_policies(struct line *line, const struct diff *diff)
{
	static const char marks[] = {[DIFF_SAME] = '=', [DIFF_STRONGER] = '>', [DIFF_WEAKER] = '<'};
	char text[] = "===/===";
	for (size_t i = 0; i < DIFF_READINGS * DIFF_LEVELS; i++)
		text[i + i / DIFF_LEVELS] = marks[diff->policies[i / DIFF_LEVELS][i % DIFF_LEVELS]];
	if (strcmp(text, "===/===") != 0)
		put(line, "%s ", text);
}

static void put_findings(struct line *line, const char *mark, const struct findings *findings)
{
	for (size_t i = 0; i < findings->count; i++) {
		const struct finding *finding = &findings->items[i];
		const struct slice text = finding_text(finding);
		if (mark[0] == '!' && finding->severity < SEVERITY_WARNING)
			continue;
		put(line, "%s%s@%.*s:%.*s ", mark, rule_get(finding->rule)->id, (int)finding->place.name.len,
			finding->place.name.ptr, (int)text.len, text.ptr);
	}
}

/* What is found is left out unless asked for: the rows are about the change. */
static void describe(struct line *line, struct arena *arena, const struct diff *diff, bool findings)
{
	line->len = 0;
	line->text[0] = '\0';
	if (!diff->spf_known)
		put(line, "spf? ");
	if (!diff->dmarc_known)
		put(line, "dmarc? ");
	put_sets(line, arena, "+", diff->networks[SPF_PASS].gained);
	put_sets(line, arena, "-", diff->networks[SPF_PASS].lost);
	put_sets(line, arena, "may+", diff->may_pass);
	put_sets(line, arena, "may-", diff->may_fail);
	put_list(line, "open+", diff->unresolved_terms.gained, diff->unresolved_terms.gained_count);
	put_list(line, "open-", diff->unresolved_terms.lost, diff->unresolved_terms.lost_count);
	put_policies(line, diff);
	put_list(line, "rua+", diff->rua.gained, diff->rua.gained_count);
	put_list(line, "rua-", diff->rua.lost, diff->rua.lost_count);
	put_list(line, "ruf+", diff->ruf.gained, diff->ruf.gained_count);
	put_list(line, "ruf-", diff->ruf.lost, diff->ruf.lost_count);
	put_findings(line, "", &diff->changes);
	if (findings) {
		put_findings(line, "new:", &diff->new_findings);
		put_findings(line, "fixed:", &diff->fixed_findings);
		if (diff->uncertain_findings > 0)
			put(line, "uncertain ");
	}
	put(line, "%s", diff->on_mail ? "mail" : diff->changed ? "changed" : "nothing");
}

/* --- SPF ---------------------------------------------------------------------------------------------- */

struct row {
	const char *name, *before, *after, *expected;
};

#define A_NET "_spf.example.com TXT v=spf1 ip4:203.0.113.0/24 -all\n"

static const struct row rows[] = {
	/* re-spellings */
	{"same", SPF "ip4:192.0.2.1 -all\n", SPF "ip4:192.0.2.1 -all\n", "nothing"},
	{"case", SPF "ip4:192.0.2.1 -all\n", "Example.COM TXT v=SPF1 IP4:192.0.2.1 -ALL\n", "changed"},
	{"length", SPF "ip4:192.0.2.1 -all\n", SPF "ip4:192.0.2.1/32 -all\n", "changed"},
	{"order", SPF "ip4:192.0.2.1 ip6:2001:db8::1 -all\n", SPF "ip6:2001:db8:0::1 ip4:192.0.2.1 -all\n",
		"nothing"},
	{"plus", SPF "ip4:192.0.2.1 -all\n", SPF "+ip4:192.0.2.1 -all\n", "changed"},
	{"halves", SPF "ip4:192.0.2.0/24 -all\n", SPF "ip4:192.0.2.0/25 ip4:192.0.2.128/25 -all\n",
		"changed"},
	{"strings", SPF "ip4:192.0.2.1 -all\n", "example.com TXT \"v=spf1 ip4:\" \"192.0.2.1 -all\"\n",
		"nothing"},
	{"ttl", SPF "ip4:192.0.2.1 -all\n", "example.com 60 IN TXT v=spf1 ip4:192.0.2.1 -all\n", "nothing"},
	{"spaces", SPF "ip4:192.0.2.1 -all\n", SPF " ip4:192.0.2.1  -all \n", "changed"},
	{"dead term", SPF "ip4:192.0.2.1 -all\n", SPF "ip4:192.0.2.1 -all ip4:192.0.2.2\n", "changed"},
	{"all said or not", SPF "ip4:192.0.2.1 ?all\n", SPF "ip4:192.0.2.1\n", "changed"},
	/* passes */
	{"wider", SPF "ip4:192.0.2.1 -all\n", SPF "ip4:192.0.2.0/30 -all\n",
		"+192.0.2.0/32,192.0.2.2/31 change-pass-widened@example.com:ip4:192.0.2.0/30 mail"},
	{"narrower", SPF "ip4:192.0.2.0/30 -all\n", SPF "ip4:192.0.2.1 -all\n",
		"-192.0.2.0/32,192.0.2.2/31 change-pass-narrowed@example.com: mail"},
	{"moved", SPF "ip4:192.0.2.1 -all\n", SPF "ip4:192.0.2.2 -all\n",
		"+192.0.2.2/32 -192.0.2.1/32 change-pass-widened@example.com:ip4:192.0.2.2 "
		"change-pass-narrowed@example.com: mail"},
	{"exception goes", SPF "-ip4:192.0.2.1 ip4:192.0.2.0/24 -all\n", SPF "ip4:192.0.2.0/24 -all\n",
		"+192.0.2.1/32 change-pass-widened@example.com:ip4:192.0.2.0/24 mail"},
	{"exception comes", SPF "ip4:192.0.2.0/24 -all\n", SPF "-ip4:192.0.2.1 ip4:192.0.2.0/24 -all\n",
		"-192.0.2.1/32 change-pass-narrowed@example.com: mail"},
	{"too late", SPF "ip4:192.0.2.0/24 -all\n", SPF "ip4:192.0.2.0/24 -ip4:192.0.2.1 -all\n", "changed"},
	{"plus all", SPF "ip4:192.0.2.1 -all\n", SPF "ip4:192.0.2.1 +all\n",
		"+0.0.0.0/1,128.0.0.0/2,192.0.0.0/23,..,::/0 change-pass-widened@example.com:+all mail"},
	{"two terms", SPF "-all\n", SPF "ip4:192.0.2.1 ip4:203.0.113.0/24 -all\n",
		"+192.0.2.1/32,203.0.113.0/24 change-pass-widened@example.com:ip4:203.0.113.0/24 "
		"change-pass-widened@example.com:ip4:192.0.2.1 mail"},
	{"include added", SPF "-all\n" A_NET, SPF "include:_spf.example.com -all\n" A_NET,
		"+203.0.113.0/24 change-pass-widened@example.com:include:_spf.example.com "
		"change-lookups-grown@example.com:include:_spf.example.com mail"},
	{"include widened", SPF "include:_spf.example.com -all\n" A_NET,
		SPF "include:_spf.example.com -all\n"
		    "_spf.example.com TXT v=spf1 ip4:203.0.113.0/24 ip4:198.51.100.1 -all\n",
		"+198.51.100.1/32 change-pass-widened@_spf.example.com:ip4:198.51.100.1 mail"},
	{"include narrowed",
		SPF "include:_spf.example.com -all\n"
		    "_spf.example.com TXT v=spf1 ip4:203.0.113.0/24 ip4:198.51.100.1 -all\n",
		SPF "include:_spf.example.com -all\n" A_NET,
		"-198.51.100.1/32 change-pass-narrowed@_spf.example.com: mail"},
	{"include removed", SPF "include:_spf.example.com -all\n" A_NET, SPF "-all\n" A_NET,
		"-203.0.113.0/24 change-pass-narrowed@example.com: mail"},
	{"include denied inside", SPF "include:_spf.example.com -all\n" A_NET,
		SPF "include:_spf.example.com ip4:203.0.113.0/24 -all\n"
		    "_spf.example.com TXT v=spf1 -ip4:203.0.113.1 ip4:203.0.113.0/24 -all\n",
		"changed"},
	{"after a denial inside",
		SPF "include:_spf.example.com -all\n"
		    "_spf.example.com TXT v=spf1 -ip4:203.0.113.1 ip4:203.0.113.0/24 -all\n",
		SPF "include:_spf.example.com ip4:203.0.113.0/25 -all\n"
		    "_spf.example.com TXT v=spf1 -ip4:203.0.113.1 ip4:203.0.113.0/24 -all\n",
		"+203.0.113.1/32 change-pass-widened@example.com:ip4:203.0.113.0/25 mail"},
	{"host moves", SPF "a:h.example.com -all\nh.example.com A 192.0.2.1\n",
		SPF "a:h.example.com -all\nh.example.com A 192.0.2.2\n",
		"+192.0.2.2/32 -192.0.2.1/32 change-pass-widened@example.com:a:h.example.com "
		"change-pass-narrowed@example.com: mail"},
	{"redirect", SPF "ip4:203.0.113.0/24 -all\n" A_NET, SPF "redirect=_spf.example.com\n" A_NET,
		"change-lookups-grown@example.com:redirect=_spf.example.com changed"},
	{"redirect widened", SPF "redirect=_spf.example.com\n" A_NET,
		SPF "redirect=_spf.example.com\n_spf.example.com TXT v=spf1 ip4:203.0.112.0/23 -all\n",
		"+203.0.112.0/24 change-pass-widened@_spf.example.com:ip4:203.0.112.0/23 mail"},
	{"record comes", "example.com A 192.0.2.1\n", SPF "ip4:192.0.2.1 -all\n",
		"+192.0.2.1/32 change-pass-widened@example.com:ip4:192.0.2.1 change-results@example.com:-all "
		"mail"},
	{"record goes", SPF "ip4:192.0.2.1 -all\n", "example.com A 192.0.2.1\n",
		"-192.0.2.1/32 change-pass-narrowed@example.com: change-results@example.com: mail"},
	{"domain goes", SPF "ip4:192.0.2.1 -all\n", "example.net A 192.0.2.1\n",
		"-192.0.2.1/32 change-pass-narrowed@example.com: change-results@example.com: mail"},
	{"two records", SPF "ip4:192.0.2.1 -all\n", SPF "ip4:192.0.2.1 -all\n" SPF "mx -all\n",
		"-192.0.2.1/32 change-pass-narrowed@example.com: change-results@example.com: mail"},
	{"lost space", SPF "ip4:192.0.2.1 ip4:192.0.2.2 -all\n", SPF "ip4:192.0.2.1ip4:192.0.2.2 -all\n",
		"-192.0.2.1/32,192.0.2.2/32 change-pass-narrowed@example.com: change-results@example.com: "
		"mail"},
	{"mended", SPF "ip4:192.0.2.1 foo -all\n", SPF "ip4:192.0.2.1 -all\n",
		"+192.0.2.1/32 change-pass-widened@example.com:ip4:192.0.2.1 change-results@example.com:-all "
		"mail"},
	{"exists", SPF "-all\n", SPF "exists:e.example.com -all\ne.example.com A 127.0.0.2\n",
		"+0.0.0.0/0,::/0 change-pass-widened@example.com:exists:e.example.com "
		"change-lookups-grown@example.com:exists:e.example.com mail"},
	{"ipv6", SPF "ip6:2001:db8::/48 -all\n", SPF "ip6:2001:db8::/47 -all\n",
		"+2001:db8:1::/48 change-pass-widened@example.com:ip6:2001:db8::/47 mail"},
	/* other results */
	{"hard fail", SPF "ip4:192.0.2.1 ~all\n", SPF "ip4:192.0.2.1 -all\n",
		"change-results@example.com:-all mail"},
	{"soft fail", SPF "ip4:192.0.2.1 -all\n", SPF "ip4:192.0.2.1 ~all\n",
		"change-results@example.com:~all mail"},
	{"some fail", SPF "?all\n", SPF "-ip4:192.0.2.1 ?all\n", "change-results@example.com: mail"},
	/* lookups */
	{"more lookups",
		SPF "ip4:192.0.2.1 -all\n"
		    "h.example.com A 192.0.2.1\n",
		SPF "a:h.example.com -all\n"
		    "h.example.com A 192.0.2.1\n",
		"change-lookups-grown@example.com:a:h.example.com "
		"change-lookups-grown@example.com:a:h.example.com changed"},
	{"more voids", SPF "ip4:192.0.2.1 -all\n", SPF "ip4:192.0.2.1 a:no.example.com -all\n",
		"change-lookups-grown@example.com:a:no.example.com "
		"change-lookups-grown@example.com:a:no.example.com changed"},
	{"over the limit",
		SPF "ip4:192.0.2.1 -all\nm.example.com MX 10 h.example.com\nh.example.com A 192.0.2.1\n",
		SPF "mx:m.example.com mx:m.example.com mx:m.example.com mx:m.example.com mx:m.example.com "
		    "mx:m.example.com mx:m.example.com mx:m.example.com mx:m.example.com mx:m.example.com "
		    "mx:m.example.com -all\nm.example.com MX 10 h.example.com\nh.example.com A 192.0.2.1\n",
		"change-results@example.com: change-lookups-grown@example.com:mx:m.example.com mail"},
	/* terms that need a message */
	{"open comes", SPF "-all\n", SPF "exists:%{i}.l.example.com -all\n",
		"may+0.0.0.0/0,::/0 open+exists:%{i}.l.example.com "
		"change-pass-possible@example.com:exists:%{i}.l.example.com "
		"change-lookups-grown@example.com:exists:%{i}.l.example.com mail"},
	{"open goes", SPF "exists:%{i}.l.example.com -all\n", SPF "-all\n",
		"may-0.0.0.0/0,::/0 open-exists:%{i}.l.example.com change-pass-narrowed@example.com: mail"},
	{"open stays", SPF "exists:%{i}.l.example.com -all\n", SPF "Exists:%{i}.L.example.com -all\n",
		"changed"},
	{"open, other letter case", SPF "exists:%{i}.l.example.com -all\n",
		SPF "exists:%{I}.l.example.com -all\n",
		"may+0.0.0.0/0,::/0 may-0.0.0.0/0,::/0 open+exists:%{I}.l.example.com "
		"open-exists:%{i}.l.example.com change-pass-possible@example.com:exists:%{I}.l.example.com "
		"change-pass-narrowed@example.com: mail"},
	{"open behind all", SPF "exists:%{i}.l.example.com -all\n", SPF "-all exists:%{i}.l.example.com\n",
		"may-0.0.0.0/0,::/0 open-exists:%{i}.l.example.com change-pass-narrowed@example.com: mail"},
	{"open denies", SPF "ip4:192.0.2.0/24 -all\n",
		SPF "-exists:%{i}.l.example.com ip4:192.0.2.0/24 -all\n",
		"-192.0.2.0/24 open+-exists:%{i}.l.example.com change-pass-narrowed@example.com: "
		"change-results@example.com: change-lookups-grown@example.com:-exists:%{i}.l.example.com "
		"mail"},
	{"open denied no more", SPF "-exists:%{i}.l.example.com ip4:192.0.2.0/24 -all\n",
		SPF "ip4:192.0.2.0/24 -all\n",
		"+192.0.2.0/24 open--exists:%{i}.l.example.com "
		"change-pass-widened@example.com:ip4:192.0.2.0/24 change-results@example.com: mail"},
	{"behind open", SPF "exists:%{i}.l.example.com -all\n",
		SPF "exists:%{i}.l.example.com ip4:192.0.2.0/24 -all\n",
		"may+192.0.2.0/24 change-pass-possible@example.com:ip4:192.0.2.0/24 mail"},
	{"before open", SPF "exists:%{i}.l.example.com -all\n",
		SPF "ip4:192.0.2.0/24 exists:%{i}.l.example.com -all\n",
		"+192.0.2.0/24 change-pass-widened@example.com:ip4:192.0.2.0/24 mail"},
	{"no longer behind open", SPF "exists:%{i}.l.example.com ip4:192.0.2.0/24 -all\n",
		SPF "exists:%{i}.l.example.com -all\n",
		"may-192.0.2.0/24 change-pass-narrowed@example.com: mail"},
	{"all behind open", SPF "exists:%{i}.l.example.com ~all\n", SPF "exists:%{i}.l.example.com -all\n",
		"change-results@example.com:-all mail"},
	{"second open", SPF "exists:%{i}.l.example.com -all\n",
		SPF "exists:%{i}.l.example.com exists:%{i}.m.example.com -all\n",
		"may+0.0.0.0/0,::/0 open+exists:%{i}.m.example.com "
		"change-pass-possible@example.com:exists:%{i}.m.example.com "
		"change-lookups-grown@example.com:exists:%{i}.m.example.com mail"},
	{"opens swapped", SPF "exists:%{i}.l.example.com exists:%{i}.m.example.com -all\n",
		SPF "exists:%{i}.m.example.com exists:%{i}.l.example.com -all\n", "nothing"},
	{"open denial moves", SPF "-exists:%{i}.l.example.com exists:%{i}.m.example.com -all\n",
		SPF "exists:%{i}.m.example.com -exists:%{i}.l.example.com -all\n",
		"may+0.0.0.0/0,::/0 may-0.0.0.0/0,::/0 "
		"change-pass-possible@example.com:exists:%{i}.m.example.com "
		"change-pass-narrowed@example.com: mail"},
	{"reach of an open", SPF "-ip4:192.0.2.1 exists:%{i}.l.example.com -all\n",
		SPF "exists:%{i}.l.example.com -all\n",
		"may+192.0.2.1/32 change-pass-possible@example.com:exists:%{i}.l.example.com mail"},
	{"d elsewhere", SPF "include:a.example.com -all\na.example.com TXT v=spf1 exists:%{i}.%{d} -all\n",
		SPF "include:b.example.com -all\nb.example.com TXT v=spf1 exists:%{i}.%{d} -all\n",
		"may+0.0.0.0/0,::/0 may-0.0.0.0/0,::/0 open+exists:%{i}.%{d} (of b.example.com) "
		"open-exists:%{i}.%{d} (of a.example.com) "
		"change-pass-possible@example.com:include:b.example.com change-pass-narrowed@example.com: "
		"mail"},
	{"no d, elsewhere",
		SPF "include:a.example.com -all\na.example.com TXT v=spf1 exists:%{i}.l.example -all\n",
		SPF "include:b.example.com -all\nb.example.com TXT v=spf1 exists:%{i}.l.example -all\n",
		"changed"},
	{"ptr", SPF "-all\n", SPF "ptr -all\n",
		"may+0.0.0.0/0,::/0 open+ptr change-pass-possible@example.com:ptr "
		"change-lookups-grown@example.com:ptr mail"},
	{"open grants no more", SPF "exists:%{i}.l.example.com -all\n",
		SPF "?exists:%{i}.l.example.com -all\n",
		"may-0.0.0.0/0,::/0 open+?exists:%{i}.l.example.com open-exists:%{i}.l.example.com "
		"change-pass-narrowed@example.com: mail"},
	/* explanation */
	{"explanation", SPF "-all exp=e.example.com\ne.example.com TXT one\n",
		SPF "-all exp=e.example.com\ne.example.com TXT two\n",
		"change-explanation@example.com: mail"},
	{"explanation unused", SPF "~all exp=e.example.com\ne.example.com TXT one\n",
		SPF "~all exp=e.example.com\ne.example.com TXT two\n", "nothing"},
	/* temporary failures */
	{"failing after", SPF "ip4:192.0.2.1 -all\n", "example.com TXT !timeout\n", "spf? nothing"},
	{"failing before", "example.com TXT !timeout\n", SPF "ip4:192.0.2.1 -all\n", "spf? nothing"},
	{"include failing", SPF "ip4:192.0.2.1 include:_spf.example.com -all\n" A_NET,
		SPF "include:_spf.example.com +all\n_spf.example.com TXT !servfail\n", "spf? changed"},
	{"dmarc failing", DMARC "p=reject\n", "_dmarc.example.com TXT !timeout\n", "dmarc? nothing"},
	/* policies */
	{"weaker", DMARC "p=reject\n", DMARC "p=none\n",
		"<<</<<< change-policy-weakened@_dmarc.example.com:p=none mail"},
	{"stronger", DMARC "p=none\n", DMARC "p=quarantine\n",
		">>>/>>> change-policy-strengthened@_dmarc.example.com:p=quarantine mail"},
	{"gone", DMARC "p=none\n", "example.com A 192.0.2.1\n",
		"<<</<<< change-policy-weakened@_dmarc.example.com: mail"},
	{"come", "example.com A 192.0.2.1\n", DMARC "p=none\n",
		">>>/>>> change-policy-strengthened@_dmarc.example.com:p=none mail"},
	{"sp", DMARC "p=reject\n", DMARC "p=reject; sp=none\n",
		"=<</=<< change-policy-weakened@_dmarc.example.com:sp=none mail"},
	{"np", DMARC "p=reject\n", DMARC "p=reject; np=none\n",
		"==</=== change-policy-weakened@_dmarc.example.com:np=none mail"},
	{"same said twice", DMARC "p=reject\n", DMARC "p=reject; sp=reject; np=reject\n", "nothing"},
	{"t", DMARC "p=reject\n", DMARC "p=reject; t=y\n",
		"<<</=== change-policy-weakened@_dmarc.example.com:t=y mail"},
	{"t goes", DMARC "p=reject; t=y\n", DMARC "p=reject\n",
		">>>/=== change-policy-strengthened@_dmarc.example.com:p=reject mail"},
	{"pct", DMARC "p=reject\n", DMARC "p=reject; pct=50\n",
		"===/<<< change-policy-weakened@_dmarc.example.com:pct=50 mail"},
	{"pct rises", DMARC "p=reject; pct=20\n", DMARC "p=reject; pct=50\n",
		"===/>>> change-policy-strengthened@_dmarc.example.com:pct=50 mail"},
	{"pct of none", DMARC "p=none; pct=20\n", DMARC "p=none; pct=50\n", "changed"},
	{"pct zero is the next lower policy", DMARC "p=reject; pct=0\n", DMARC "p=quarantine\n",
		"<<</=== change-policy-weakened@_dmarc.example.com:p=quarantine mail"},
	{"bad p", DMARC "p=reject\n", DMARC "p=rejct\n",
		"<<</<<< change-policy-weakened@_dmarc.example.com: mail"},
	{"two of them", DMARC "p=reject\n", DMARC "p=reject\n" DMARC "p=none\n",
		"<<</<<< change-policy-weakened@_dmarc.example.com: mail"},
	{"order of tags", DMARC "p=reject; rua=mailto:a@example.com\n",
		DMARC "rua=mailto:a@EXAMPLE.com;p=Reject;\n", "changed"},
	/* alignment, organization, reports */
	{"stricter", DMARC "p=reject\n", DMARC "p=reject; adkim=s; aspf=s\n",
		"change-alignment@_dmarc.example.com:adkim=s change-alignment@_dmarc.example.com:aspf=s "
		"mail"},
	{"looser", DMARC "p=reject; adkim=s\n", DMARC "p=reject\n",
		"change-alignment@_dmarc.example.com: mail"},
	{"rua", DMARC "p=reject; rua=mailto:a@example.com\n", DMARC "p=reject; rua=mailto:b@example.com\n",
		"rua+mailto:b@example.com rua-mailto:a@example.com "
		"change-reports@_dmarc.example.com:rua=mailto:b@example.com mail"},
	{"rua goes", DMARC "p=reject; rua=mailto:a@example.com\n", DMARC "p=reject\n",
		"rua-mailto:a@example.com change-reports@_dmarc.example.com: mail"},
	{"rua not allowed", DMARC "p=reject\n", DMARC "p=reject; rua=mailto:a@example.net\n", "changed"},
	{"rua allowed", DMARC "p=reject\n",
		DMARC
		"p=reject; rua=mailto:a@example.net\nexample.com._report._dmarc.example.net TXT v=DMARC1;\n",
		"rua+mailto:a@example.net change-reports@_dmarc.example.com:rua=mailto:a@example.net mail"},
	{"rua, other mailbox case", DMARC "p=reject; rua=mailto:a@example.com\n",
		DMARC "p=reject; rua=mailto:A@example.com\n",
		"rua+mailto:A@example.com rua-mailto:a@example.com "
		"change-reports@_dmarc.example.com:rua=mailto:A@example.com mail"},
	{"ruf", DMARC "p=reject\n", DMARC "p=reject; ruf=mailto:a@example.com\n",
		"ruf+mailto:a@example.com change-reports@_dmarc.example.com:ruf=mailto:a@example.com mail"},
	{"authorization failing", DMARC "p=reject\n",
		DMARC
		"p=reject; rua=mailto:a@example.net\nexample.com._report._dmarc.example.net TXT !timeout\n",
		"changed"},
};

START_TEST(a_change_is_described)
{
	struct arena *arena = unit_arena();
	struct diff *diff = arena_alloc(arena, sizeof *diff);
	struct line line;
	comparison_run(arena, rows[_i].before, rows[_i].after, "example.com", 0, diff);
	describe(&line, arena, diff, false);
	ck_assert_msg(strcmp(line.text, rows[_i].expected) == 0, "%s:\n%s, not\n%s", rows[_i].name, line.text,
		rows[_i].expected);
}
END_TEST

/* --- findings ----------------------------------------------------------------------------------------- */

static const struct row finding_rows[] = {
	{"new", SPF "ip4:9.9.9.9 -all\n", SPF "ip4:9.9.9.9 foo -all\n",
		"new:spf-unknown-mechanism@example.com:foo 0"},
	{"another one of the same rule", SPF "foo -all\n", SPF "bar -all\n",
		"new:spf-unknown-mechanism@example.com:bar fixed:spf-unknown-mechanism@example.com:foo 0"},
	{"one more of the same", SPF "foo -all\n", SPF "foo foo -all\n",
		"new:spf-unknown-mechanism@example.com:foo 0"},
	{"moved", SPF "foo ip4:9.9.9.9 -all\n", SPF "ip4:9.9.9.9 foo -all\n", "0"},
	{"at another name", SPF "include:a.example.com -all\na.example.com TXT v=spf1 ptr -all\n",
		SPF "include:b.example.com -all\nb.example.com TXT v=spf1 ptr -all\n",
		"new:spf-ptr@b.example.com:ptr fixed:spf-ptr@a.example.com:ptr 0"},
	{"other arguments", SPF "a:no.example.com a:no2.example.com -all\n", SPF "a:no.example.com -all\n",
		"fixed:spf-a-no-address@example.com:a:no2.example.com 0"},
	{"not fixed, hidden", SPF "include:a.example.com -all\na.example.com TXT v=spf1 ptr -all\n",
		SPF "include:a.example.com -all\na.example.com TXT !timeout\n", "1"},
	{"not new, was hidden", SPF "include:a.example.com -all\na.example.com TXT !timeout\n",
		SPF "include:a.example.com -all\na.example.com TXT v=spf1 ptr -all\n", "1"},
	{"new beside a failure", SPF "include:a.example.com -all\na.example.com TXT v=spf1 -all\n",
		SPF "foo include:a.example.com -all\na.example.com TXT !timeout\n",
		"new:spf-unknown-mechanism@example.com:foo 0"},
	{"in the text of records that are all known", SPF "-all\n_dmarc.example.com TXT !timeout\n",
		SPF "foo -all\n_dmarc.example.com TXT !timeout\n",
		"new:spf-unknown-mechanism@example.com:foo 0"},
	{"the same, fixed", SPF "foo -all\n_dmarc.example.com TXT !timeout\n",
		SPF "-all\n_dmarc.example.com TXT !timeout\n",
		"fixed:spf-unknown-mechanism@example.com:foo 0"},
	{"not in an explanation that was not known",
		SPF "-all exp=e.example.com\ne.example.com TXT !timeout\n",
		SPF "-all exp=e.example.com\ne.example.com TXT why %{\n", "1"},
	{"both hidden", SPF "foo include:a.example.com -all\na.example.com TXT !timeout\n",
		SPF "include:a.example.com -all\na.example.com TXT !timeout\n", "1"},
};

START_TEST(findings_are_sorted_out)
{
	struct arena *arena = unit_arena();
	struct diff *diff = arena_alloc(arena, sizeof *diff);
	const struct row *row = &finding_rows[_i];
	struct line line = {.len = 0};
	comparison_run(arena, row->before, row->after, "example.com", 0, diff);
	put_findings(&line, "new:", &diff->new_findings);
	put_findings(&line, "fixed:", &diff->fixed_findings);
	put(&line, "%zu", diff->uncertain_findings);
	ck_assert_msg(strcmp(line.text, row->expected) == 0, "%s:\n%s, not\n%s", row->name, line.text,
		row->expected);
}
END_TEST

/* What is written in another way makes no new error or warning; what is worse does. */
static const struct row spelling_rows[] = {
	{"plus before a broken term", SPF "ip4: -all\n", SPF "+ip4: -all\n", "0"},
	{"plus, case", SPF "include:none.example.net -all\n", SPF "+INCLUDE:None.example.NET -all\n", "0"},
	{"minus is another term", SPF "include:none.example.net -all\n",
		SPF "-include:none.example.net -all\n",
		"!spf-include-unregistered@example.com:-include:none.example.net 0"},
	{"the name said or not", SPF "mx -all\n", SPF "mx:example.com/32 -all\n", "0"},
	{"case of a macro", SPF "exists:%{i}.%{l}.example.com ptr:%{d} -all\n",
		SPF "exists:%{i}.%{l}.EXAMPLE.com PTR:%{d} -all\n", "0"},
	{"usual lengths", SPF "a:no.example.com -all\n", SPF "a:no.example.com/32 -all\n", "0"},
	{"lengths", SPF "a:no.example.com/24//64 -all\n", SPF "+A:No.example.com/24//64 -all\n", "0"},
	{"other lengths", SPF "a:no.example.com/24 -all\n", SPF "a:no.example.com/23 -all\n",
		"!spf-a-no-address@example.com:a:no.example.com/23 0"},
	{"a length that is none", SPF "ip4:9.9.9.9/33 -all\n", SPF "+IP4:9.9.9.9/33 -all\n", "0"},
	{"a network", SPF "ip6:2001:db8::1 -all\n", SPF "ip6:2001:0DB8:0::1/128 -all\n", "0"},
	{"included name", SPF "include:a.example.com -all\na.example.com TXT v=spf1 ptr -all\n",
		SPF "include:A.example.com -all\nA.EXAMPLE.com TXT v=spf1 ptr -all\n", "0"},
	{"order of addresses", DMARC "p=reject; rua=mailto:x@no.example.com,mailto:y@no.example.com\n",
		DMARC "p=reject; rua=mailto:y@no.example.com, mailto:x@no.example.com\n", "0"},
	{"order of a broken address and one without host",
		DMARC "p=reject; rua=mailto:,mailto:y@example.com!9q\n",
		DMARC "p=reject; rua=mailto:y@example.com!9q,mailto:\n", "0"},
	{"blanks", DMARC "p=none; sp=reject; rua=mailto:a@example.com\n",
		DMARC "p = NONE;sp=reject;rua=mailto:a@example.com\n", "0"},
	{"another address",
		DMARC "p=reject; rua=mailto:x@no.example.com\nexample.com MX 1 m.example.com\n"
		      "m.example.com A 9.9.9.9\n",
		DMARC "p=reject; rua=mailto:x@no2.example.com\nexample.com MX 1 m.example.com\n"
		      "m.example.com A 9.9.9.9\n",
		"!dmarc-rua-no-mx@_dmarc.example.com:mailto:x@no2.example.com 0"},
	/* the record is used otherwise, so that its ?all counts */
	{"worse where it stands",
		SPF "include:a.example.com ~all\na.example.com TXT v=spf1 ip4:9.9.9.9 ?all\n",
		SPF "redirect=a.example.com\na.example.com TXT v=spf1 ip4:9.9.9.9 ?all\n",
		"!spf-all-neutral@a.example.com:?all 0"},
	{"better where it stands", SPF "redirect=a.example.com\na.example.com TXT v=spf1 ip4:9.9.9.9 ?all\n",
		SPF "include:a.example.com ~all\na.example.com TXT v=spf1 ip4:9.9.9.9 ?all\n", "0"},
};

START_TEST(a_spelling_is_no_new_finding)
{
	struct arena *arena = unit_arena();
	struct diff *diff = arena_alloc(arena, sizeof *diff);
	const struct row *row = &spelling_rows[_i];
	struct line line = {.len = 0};
	comparison_run(arena, row->before, row->after, "example.com", 0, diff);
	put_findings(&line, "!", &diff->new_findings);
	put(&line, "%zu", diff->uncertain_findings);
	ck_assert_msg(strcmp(line.text, row->expected) == 0, "%s:\n%s, not\n%s", row->name, line.text,
		row->expected);
}
END_TEST

/* --- policies of names below -------------------------------------------------------------------------- */

/* Policies of a domain: n, q, r, - for none applied, ? for not known; RFC 9989, RFC 7489. */
static const struct {
	const char *name, *zone, *domain, *expected;
} level_rows[] = {
	{"own record", DMARC "p=reject; sp=quarantine; np=none\n", "example.com", "rqn/rqq"},
	{"t and pct", DMARC "p=reject; sp=quarantine; t=y; pct=20\n", "example.com", "qnn/rqq"},
	{"inherited", DMARC "p=reject; sp=quarantine; np=none\nwww.example.com A 192.0.2.1\n",
		"www.example.com", "qqn/qqq"},
	{"inherited, does not exist", DMARC "p=reject; sp=quarantine; np=none\n", "www.example.com",
		"nqn/qqq"},
	{"own record below the organizational one",
		DMARC "p=reject; sp=quarantine; np=none\n"
		      "_dmarc.www.example.com TXT v=DMARC1; p=none; sp=reject\n",
		"www.example.com", "nqn/nqq"},
	{"psd=n makes it one",
		DMARC "p=reject; sp=quarantine; np=none\n"
		      "_dmarc.www.example.com TXT v=DMARC1; p=none; sp=reject; psd=n\n",
		"www.example.com", "nrr/nqq"},
	{"only below the registrable domain", "_dmarc.www.example.com TXT v=DMARC1; p=reject; np=none\n",
		"www.example.com", "rrn/r--"},
	{"suffix", "_dmarc.com TXT v=DMARC1; p=reject; sp=none; psd=y\n", "com", "rnn/r--"},
	{"below a suffix", "_dmarc.com TXT v=DMARC1; p=reject; sp=none; psd=y\nexample.com A 192.0.2.1\n",
		"example.com", "nnn/---"},
	{"its own under a suffix", "_dmarc.com TXT v=DMARC1; p=none; psd=y\n" DMARC "p=reject\n",
		"example.com", "rrr/rrr"},
	{"several", DMARC "p=reject\n" DMARC "p=none\n", "example.com", "---/---"},
	{"several above", DMARC "p=reject\n" DMARC "p=none\n_dmarc.www.example.com TXT v=DMARC1; p=reject\n",
		"www.example.com", "rrr/r--"},
	{"above fails", "_dmarc.example.com TXT !timeout\n_dmarc.www.example.com TXT v=DMARC1; p=reject\n",
		"www.example.com", "r\?\?/r\?\?"},
	{"a label too many", "_dmarc.h.g.f.e.d.c.example.com TXT v=DMARC1; p=reject\n",
		"h.g.f.e.d.c.example.com", "r--/r--"},
	{"not too many", "_dmarc.g.f.e.d.c.example.com TXT v=DMARC1; p=reject\n", "g.f.e.d.c.example.com",
		"rrr/r--"},
};

START_TEST(policies_of_names_below)
{
	static const char marks[] = {[DMARC_NONE] = 'n', [DMARC_QUARANTINE] = 'q', [DMARC_REJECT] = 'r'};
	struct arena *arena = unit_arena();
	struct fixture *fixture = fixture_open(arena, level_rows[_i].zone);
	const struct diff_side *side = comparison_side(arena, fixture, level_rows[_i].domain);
	char text[] = "xxx/xxx";
	for (size_t i = 0; i < DIFF_READINGS * DIFF_LEVELS; i++) {
		const struct diff_policy *policy = &side->policies[i / DIFF_LEVELS][i % DIFF_LEVELS];
		char mark = policy->applies ? marks[policy->policy] : '-';
		text[i + i / DIFF_LEVELS] = policy->known ? mark : '\?';
	}
	ck_assert_msg(strcmp(text, level_rows[_i].expected) == 0, "%s: %s", level_rows[_i].name, text);
}
END_TEST

/* --- what is denied ----------------------------------------------------------------------------------- */

#define ALL_DENIED                                                                                           \
	(DIFF_DENY_WIDEN | DIFF_DENY_WEAKEN | DIFF_DENY_LOOKUPS | DIFF_DENY_NEW_ERRORS |                     \
		DIFF_DENY_NEW_WARNINGS)

static const struct {
	const char *name, *before, *after;
	unsigned asked, denied;
	size_t errors; /* of the changes */
} denials[] = {
	{"nothing", SPF "-all\n", SPF "-ALL\n", ALL_DENIED, 0, 0},
	{"widen", SPF "-all\n", SPF "ip4:9.9.9.9 -all\n", ALL_DENIED, DIFF_DENY_WIDEN, 1},
	{"not asked", SPF "-all\n", SPF "ip4:9.9.9.9 -all\n", ALL_DENIED & ~(unsigned)DIFF_DENY_WIDEN, 0, 0},
	{"narrow", SPF "ip4:9.9.9.9 -all\n", SPF "-all\n", ALL_DENIED, 0, 0},
	{"may widen", SPF "-all\n", SPF "exists:%{i}.l.example.com -all\n", DIFF_DENY_WIDEN, DIFF_DENY_WIDEN,
		1},
	{"may narrow", SPF "exists:%{i}.l.example.com -all\n", SPF "-all\n", ALL_DENIED, 0, 0},
	{"weaken", DMARC "p=reject\n", DMARC "p=quarantine\n", ALL_DENIED, DIFF_DENY_WEAKEN, 1},
	{"strengthen", DMARC "p=quarantine; rua=mailto:a@example.com\n",
		DMARC "p=reject; rua=mailto:a@example.com\n", DIFF_DENY_WEAKEN, 0, 0},
	{"older receivers only", DMARC "p=reject\n", DMARC "p=reject; pct=99\n", DIFF_DENY_WEAKEN,
		DIFF_DENY_WEAKEN, 1},
	{"lookups", SPF "ip4:9.9.9.9 -all\nh.example.com A 9.9.9.9\n",
		SPF "a:h.example.com -all\nh.example.com A 9.9.9.9\nh.example.com AAAA 2001:db8::1\n",
		DIFF_DENY_LOOKUPS, DIFF_DENY_LOOKUPS, 1},
	{"voids", SPF "a:h.example.com -all\nh.example.com A 9.9.9.9\nh.example.com AAAA 2a00::1\n",
		SPF "a:h.example.com -all\nh.example.com A 9.9.9.9\n", DIFF_DENY_LOOKUPS, DIFF_DENY_LOOKUPS,
		1},
	{"new error", SPF "-all\n", SPF "foo -all\n", DIFF_DENY_NEW_ERRORS, DIFF_DENY_NEW_ERRORS, 0},
	{"an error is more than a warning", SPF "-all\n", SPF "foo -all\n", DIFF_DENY_NEW_WARNINGS,
		DIFF_DENY_NEW_WARNINGS, 0},
	{"new warning", SPF "-all\n", SPF "ip4:192.0.2.1 -all\n",
		DIFF_DENY_NEW_ERRORS | DIFF_DENY_NEW_WARNINGS, DIFF_DENY_NEW_WARNINGS, 0},
	{"hidden", SPF "-all\n", "example.com TXT !timeout\n", ALL_DENIED, 0, 0},
};

START_TEST(what_is_asked_for_is_denied)
{
	struct arena *arena = unit_arena();
	struct diff *diff = arena_alloc(arena, sizeof *diff);
	size_t errors = 0;
	comparison_run(arena, denials[_i].before, denials[_i].after, "example.com", denials[_i].asked, diff);
	for (size_t i = 0; i < diff->changes.count; i++)
		errors += diff->changes.items[i].severity == SEVERITY_ERROR;
	ck_assert_msg(diff->denied == denials[_i].denied, "%s: %u", denials[_i].name, diff->denied);
	ck_assert_msg(errors == denials[_i].errors, "%s: %zu errors", denials[_i].name, errors);
}
END_TEST

/* --- messages ----------------------------------------------------------------------------------------- */

static const struct row message_rows[] = {
	{"counts", SPF "-all\n", SPF "ip4:192.0.2.0/24 ip6:2001:db8::1 -all\n",
		"newly passes SPF: 256 IPv4 addresses (192.0.2.0/24)|newly passes SPF: 1 IPv6 address "
		"(2001:db8::1/128)|"},
	{"what is gone", SPF "ip4:192.0.2.1 -all\n", SPF "~all\n",
		"no longer passes SPF: 1 IPv4 address (192.0.2.1/32); result now: softfail; what let them "
		"pass is gone: "
		"ip4:192.0.2.1|the SPF result is softfail instead of fail for 4294967295 IPv4 addresses "
		"(0.0.0.0/1, "
		"128.0.0.0/2, 192.0.0.0/23, 192.0.2.0/32 and 28 more), every IPv6 address|"},
	{"broken", SPF "ip4:192.0.2.1 -all\n", SPF "ip4:192.0.2.1 foo -all\n",
		"no longer passes SPF: 1 IPv4 address (192.0.2.1/32); result now: permerror|the SPF result "
		"is "
		"permerror instead of fail for 4294967295 IPv4 addresses (0.0.0.0/1, 128.0.0.0/2, "
		"192.0.0.0/23, "
		"192.0.2.0/32 and 28 more), every IPv6 address|"},
	{"levels", DMARC "p=reject\n", DMARC "p=none\n",
		"weaker DMARC policy for example.com, subdomains and subdomains that do not exist: none "
		"instead of "
		"reject, at all receivers|"},
	{"older receivers", DMARC "p=reject; np=none\n", DMARC "p=reject; np=none; pct=0\n",
		"weaker DMARC policy for example.com, subdomains and subdomains that do not exist: reject "
		"with pct=0 "
		"instead of reject, at older receivers, which follow RFC 7489|"},
	{"one level", DMARC "p=reject\n", DMARC "p=reject; sp=none; np=reject\n",
		"weaker DMARC policy for subdomains: none instead of reject, at all receivers|weaker DMARC "
		"policy for "
		"subdomains that do not exist: none instead of reject, at older receivers, which follow RFC "
		"7489|"},
	{"no record", DMARC "p=none; rua=mailto:a@example.com\n", "example.com A 192.0.2.1\n",
		"weaker DMARC policy for example.com, subdomains and subdomains that do not exist: no policy "
		"instead "
		"of none, at all receivers|aggregate reports go to nobody instead of mailto:a@example.com|"},
};

START_TEST(messages_are_plain)
{
	struct arena *arena = unit_arena();
	struct diff *diff = arena_alloc(arena, sizeof *diff);
	const struct row *row = &message_rows[_i];
	struct line line = {.len = 0};
	comparison_run(arena, row->before, row->after, "example.com", 0, diff);
	for (size_t i = 0; i < diff->changes.count; i++) {
		struct slice text = message_text(arena, &diff->changes.items[i]);
		put(&line, "%.*s|", (int)text.len, text.ptr);
	}
	ck_assert_msg(strcmp(line.text, row->expected) == 0, "%s:\n%s, not\n%s", row->name, line.text,
		row->expected);
}
END_TEST

/* --- where a change is shown -------------------------------------------------------------------------- */

/* The terms of a tree by hand: include:a (in a file, or not) leads to ip4:8.8.8.8 of a. */
static struct diff_side tree_of(struct finding_place *places, struct diff_term *terms, const char *own_file,
	const char *file_of_a, const char *text)
{
	places[0] = (struct finding_place){.name = SLICE("example.com"),
		.record = SLICE("v=spf1 include:a"),
		.file = slice_cstr(own_file)};
	places[1] = (struct finding_place){
		.name = SLICE("a"), .record = slice_cstr(text), .file = slice_cstr(file_of_a)};
	terms[0] = (struct diff_term){.place = &places[0],
		.span = {7, 9},
		.kind = SPF_INCLUDE,
		.up = DIFF_NO_TERM,
		.end = 2,
		.families = 3};
	terms[1] = (struct diff_term){
		.place = &places[1], .span = {7, 11}, .kind = SPF_IP4, .up = 0, .end = 2, .families = 1};
	return (struct diff_side){.terms = terms, .term_count = 2};
}

static const struct {
	const char *name, *own_file, *file_of_a, *before; /* "": nothing was included */
	unsigned term, expected;
} places[] = {
	{"new include", "z", "z", "", 1, 0},
	{"new term in it", "z", "z", "v=spf1 ip4:9.9.9.9", 1, 1},
	{"new term in it, which is elsewhere", "z", "", "v=spf1 ip4:9.9.9.9", 1, 0},
	{"nothing is new", "z", "z", "v=spf1 ip4:8.8.8.8", 1, 1},
	{"nothing is new, and elsewhere", "z", "", "v=spf1 ip4:8.8.8.8", 1, 0},
	{"no files", "", "", "v=spf1 ip4:9.9.9.9", 1, 1},
	{"no files, new include", "", "", "", 1, 0},
};

START_TEST(a_change_is_shown_where_it_was_made)
{
	struct finding_place old_places[2], new_places[2];
	struct diff_term old_terms[2], new_terms[2];
	struct diff_side old = tree_of(old_places, old_terms, "z", "z", places[_i].before);
	struct diff_side new = tree_of(
		new_places, new_terms, places[_i].own_file, places[_i].file_of_a, "v=spf1 ip4:8.8.8.8");
	if (places[_i].before[0] == '\0')
		old.term_count = 0;
	const struct diff_terms terms = diff_terms_of(unit_arena(), &new, &old);
	unsigned shown = diff_terms_shown(&terms, places[_i].term);
	ck_assert_msg(shown == places[_i].expected, "%s: %u", places[_i].name, shown);
}
END_TEST

/* --- bounds ------------------------------------------------------------------------------------------- */

static const char *record_of(struct arena *arena, unsigned terms, unsigned first)
{
	char *text = arena_alloc(arena, terms * 24 + 64);
	int len = sprintf(text, SPF);
	for (unsigned i = 0; i < terms; i++)
		len += sprintf(text + len, "ip4:10.%u.%u.%u ", i / 16384, i / 64 % 256, i % 64 * 4 + first);
	sprintf(text + len, "-all\n");
	return text;
}

START_TEST(many_terms_are_summed_up)
{
	struct arena *arena = unit_arena();
	struct diff *diff = arena_alloc(arena, sizeof *diff);
	comparison_run(arena, SPF "-all\n", record_of(arena, 11, 1), "example.com", 0, diff);
	ck_assert_uint_eq(diff->changes.count, 9);
	for (size_t i = 0; i < 9; i++)
		ck_assert_int_eq(diff->changes.items[i].rule, RULE_CHANGE_PASS_WIDENED);
	ck_assert(diff->changes.items[7].has_span);
	ck_assert(!diff->changes.items[8].has_span);
	unit_assert_slice(message_text(arena, &diff->changes.items[8]),
		SLICE("newly passes SPF: 3 IPv4 addresses (10.0.0.33/32, 10.0.0.37/32, 10.0.0.41/32), by "
		      "other terms "
		      "than those named one by one"));
}
END_TEST

/* A record of 64 KiB whose every term has changed. */
START_TEST(a_large_record_is_no_trouble)
{
	struct arena *arena = unit_arena();
	struct diff *diff = arena_alloc(arena, sizeof *diff);
	comparison_run(arena, record_of(arena, 3500, 1), record_of(arena, 3500, 2), "example.com", 0, diff);
	ck_assert_uint_eq(ipset_count_v4(diff->networks[SPF_PASS].gained[IP_V4]), 3500);
	ck_assert_uint_eq(ipset_count_v4(diff->networks[SPF_PASS].lost[IP_V4]), 3500);
	ck_assert_uint_le(diff->changes.count, 20);
}
END_TEST

/* Ten thousand domains are kept at once. */
START_TEST(a_side_is_small)
{
	struct arena *arena = unit_arena();
	struct fixture *fixture = fixture_open(arena, SPF
		"mx include:_spf.example.net ip4:9.9.9.0/24 ip4:9.9.8.7 ip6:2a00:1::/32 -all\n"
		"example.com MX 10 mail.example.com\nmail.example.com A 9.9.9.9\n"
		"_spf.example.net TXT v=spf1 ip4:8.8.0.0/16 ip4:8.9.0.0/16 ip4:8.10.0.0/16 ip4:8.11.0.0/16 "
		"~all\n" DMARC "p=reject; rua=mailto:a@example.com\nexample.com A 9.9.9.9\n");
	const struct diff_side *side = comparison_side(arena, fixture, "example.com");
	struct inspection inspection;
	struct diff_side copy;
	struct escape escape = {.fail_at = 0};
	struct arena own;
	const struct inspect_request request = inspection_request(arena, "example.com");
	inspection_run(arena, fixture, &request, &inspection);
	arena_init(&own, &escape);
	diff_side_of(&own, &inspection.verdict, &copy);
	size_t total = own.total;
	arena_free(&own);
	ck_assert_uint_eq(side->term_count, 11);
	ck_assert_msg(total <= 16384, "%zu bytes", total);
}
END_TEST

/* Everything of a side is a copy: it serves when the verdict's memory is gone. */
START_TEST(a_side_outlives_its_verdict)
{
	struct arena *arena = unit_arena();
	struct diff_side side;
	struct diff diff;
	struct escape escape = {.fail_at = 0};
	struct arena own;
	char zone[] =
		SPF "include:_spf.example.net exists:%{i}.x ptr foo -all\n"
		    "_spf.example.net TXT v=spf1 ip4:8.8.0.0/16 ~all\n" DMARC "p=rejct; rua=a@example.com\n"
		    "_dmarc.com TXT !timeout\n";
	if (setjmp(escape.env) != 0)
		ck_abort_msg("out of memory");
	arena_init(&own, &escape);
	struct inspection inspection;
	const struct inspect_request request = inspection_request(arena, "example.com");
	inspection_run(arena, fixture_open(arena, zone), &request, &inspection);
	struct verdict verdict = inspection.verdict;
	findings_init(&verdict.findings, &own);
	for (size_t i = 0; i < inspection.verdict.findings.count; i++) {
		struct finding *finding = findings_add(&verdict.findings, RULE_SPF_NONE);
		*finding = inspection.verdict.findings.items[i];
		finding->place.record = arena_copy(&own, finding->place.record);
		finding->place.name = arena_copy(&own, finding->place.name);
		finding->args[0] = arena_copy(&own, finding->args[0]);
	}
	diff_side_of(arena, &verdict, &side);
	arena_free(&own);
	memset(zone, 'x', sizeof zone - 1);
	diff_compare(arena, side.domain, &side, &side, 0, &diff);
	ck_assert(!diff.changed);
	ck_assert_uint_eq(diff.unchanged_findings.count, inspection.verdict.findings.count);
	ck_assert(diff_is_incomplete(&diff));
}
END_TEST

START_TEST(a_bad_line_is_not_known)
{
	struct arena *arena = unit_arena();
	const struct verdict verdict = {.error = SLICE("no domain"), .level = VERDICT_UNKNOWN};
	struct diff_side side;
	struct diff diff;
	diff_side_of(arena, &verdict, &side);
	diff_compare(arena, side.domain, &side, &side, ALL_DENIED, &diff);
	ck_assert(!diff.changed && !diff.spf_known && !diff.dmarc_known);
	ck_assert(diff_is_incomplete(&diff));
	ck_assert_uint_eq(diff.denied, 0);
}
END_TEST

static void compare_all(struct arena *arena, void *context)
{
	const struct inspection *inspections = context;
	struct diff_side *sides = arena_alloc(arena, 2 * sizeof *sides);
	struct diff *diff = arena_alloc(arena, sizeof *diff);
	diff_side_of(arena, &inspections[0].verdict, &sides[0]);
	diff_side_of(arena, &inspections[1].verdict, &sides[1]);
	diff_compare(arena, sides[0].domain, &sides[0], &sides[1], ALL_DENIED, diff);
}

START_TEST(memory_may_run_out)
{
	struct arena *arena = unit_arena();
	struct inspection inspections[2];
	const struct inspect_request request = inspection_request(arena, "example.com");
	inspection_run(arena,
		fixture_open(arena, SPF "ip4:192.0.2.1 include:a.example.com exists:%{i}.x.example -all\n"
					"a.example.com TXT v=spf1 ptr ~all\n" DMARC
					"p=reject; rua=mailto:a@example.com\n"),
		&request, &inspections[0]);
	inspection_run(arena,
		fixture_open(arena,
			SPF "ip4:192.0.2.7 include:a.example.com exists:%{i}.y.example foo\n"
			    "a.example.com TXT v=spf1 mx ~all\n" DMARC "p=none; rua=mailto:b@example.com\n"),
		&request, &inspections[1]);
	inspections[0].verdict.findings.arena = inspections[1].verdict.findings.arena = NULL;
	unit_fail_every_allocation(compare_all, inspections);
}
END_TEST

int main(void)
{
	inspection_begin();
	Suite *suite = suite_create("diff");
	TCase *tests = tcase_create("rows");
	tcase_add_loop_test(tests, a_change_is_described, 0, COUNT(rows));
	tcase_add_loop_test(tests, findings_are_sorted_out, 0, COUNT(finding_rows));
	tcase_add_loop_test(tests, a_spelling_is_no_new_finding, 0, COUNT(spelling_rows));
	tcase_add_loop_test(tests, policies_of_names_below, 0, COUNT(level_rows));
	tcase_add_loop_test(tests, what_is_asked_for_is_denied, 0, COUNT(denials));
	tcase_add_loop_test(tests, messages_are_plain, 0, COUNT(message_rows));
	tcase_add_loop_test(tests, a_change_is_shown_where_it_was_made, 0, COUNT(places));
	tcase_add_test(tests, many_terms_are_summed_up);
	tcase_add_test(tests, a_large_record_is_no_trouble);
	tcase_add_test(tests, a_side_is_small);
	tcase_add_test(tests, a_side_outlives_its_verdict);
	tcase_add_test(tests, a_bad_line_is_not_known);
	tcase_add_test(tests, memory_may_run_out);
	suite_add_tcase(suite, tests);
	int status = unit_run(suite);
	inspection_end();
	return status;
}
