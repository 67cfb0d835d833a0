/* check_host(): the tricky cases of RFC 7208 by their numbers in our digest, the fixtures of its Appendix
 * A, limits, the explanation, the trace, and hostile trees. Zones are in the text form of
 * support/fixture.h.
 */
#include "spf/spf_check.h"

#include <stdio.h>

#include "inspect/run_one.h"
#include "support/fixture.h"
#include "support/unit.h"

struct run {
	struct spf_request request;
	struct spf_verdict verdict;
	struct arena *arena;
	struct fixture *dns;
	size_t questions;
};

static void evaluate(struct view *view, struct arena *arena, void *context)
{
	struct run *run = context;
	/* The loop asks the view whether anything was missing. */
	if (spf_check(&run->request, view, arena, &run->verdict) == EVAL_DONE)
		return;
}

static struct spf_request request_of(
	struct arena *arena, const char *ip, const char *sender, const char *helo)
{
	struct spf_request request = {.receiver = SLICE("mx.example.org"), .time = 1790000000};
	ck_assert(ip_parse(slice_cstr(ip), &request.ip));
	ck_assert(spf_request_identify(
		arena, &request, slice_cstr(sender), slice_cstr(helo), slice_of(NULL, 0)));
	return request;
}

static void run_on(struct arena *arena, struct fixture *dns, const char *ip, const char *sender,
	const char *helo, struct run *out)
{
	*out = (struct run){.request = request_of(arena, ip, sender, helo), .arena = arena, .dns = dns};
	fixture_run(dns, evaluate, out);
	fixture_questions(dns, &out->questions);
}

static void run(const char *zone, const char *ip, const char *sender, const char *helo, struct run *out)
{
	struct arena *arena = unit_arena();
	run_on(arena, fixture_open(arena, zone), ip, sender, helo, out);
}

/* --- tables ------------------------------------------------------------------------------------ */

#define SENDER	"user@example.com"
#define HELO	"mail.example.com"
#define TXT(r)	"example.com TXT " r "\n"
#define EXAMPLE "net.example TXT v=spf1 ?all\nexample.net TXT v=spf1 ip4:192.0.2.1 ~all\n"

struct row {
	const char *name;
	const char *zone;
	const char *ip, *sender, *helo;
	enum spf_result result;
};

/* The tricky cases; the number comes first. Where the digest allows two results, its preferred one. */
static const struct row tricky_rows[] = {
	{"1 glued strings", "example.com TXT \"v=spf1\" \"mx -all\"\n", "192.0.2.1", SENDER, HELO, SPF_NONE},
	{"2 another version beside it",
		TXT("v=spf10 -all")
			TXT("v=spf1 mx") "example.com MX 10 m.example.com\nm.example.com A 192.0.2.1\n",
		"192.0.2.1", SENDER, HELO, SPF_PASS},
	{"3 two records, differing in case", TXT("v=spf1 -all") TXT("V=SPF1 -all"), "192.0.2.1", SENDER, HELO,
		SPF_PERMERROR},
	{"4 two records of the same bytes",
		"example.com TXT \"v=spf1 -all\"\nexample.com TXT \"v=spf1 \" \"-all\"\n", "192.0.2.1",
		SENDER, HELO, SPF_PERMERROR},
	{"5 empty record", TXT("v=spf1"), "192.0.2.1", SENDER, HELO, SPF_NEUTRAL},
	{"6 leading space", "example.com TXT \" v=spf1 -all\"\n", "192.0.2.1", SENDER, HELO, SPF_NONE},
	{"7 several spaces", "example.com TXT \"v=spf1  a   -all  \"\nexample.com A 192.0.2.1\n", "192.0.2.1",
		SENDER, HELO, SPF_PASS},
	{"8 tab between terms", "example.com TXT \"v=spf1 a\\009-all\"\n", "192.0.2.1", SENDER, HELO,
		SPF_PERMERROR},
	{"9 mistake behind a match", TXT("v=spf1 -all moo"), "192.0.2.1", SENDER, HELO, SPF_PERMERROR},
	{"10 ip4 as a modifier", TXT("v=spf1 ip4=192.0.2.1 -all"), "192.0.2.1", SENDER, HELO, SPF_FAIL},
	{"11 space behind the colon", TXT("v=spf1 ip4: 192.0.2.1 -all"), "192.0.2.1", SENDER, HELO,
		SPF_PERMERROR},
	{"12 comma in a target", TXT("v=spf1 include:example.com,example.net -all"), "192.0.2.1", SENDER,
		HELO, SPF_PERMERROR},
	{"13 quotes in a target", TXT("v=spf1 include:\"example.com\" -all"), "192.0.2.1", SENDER, HELO,
		SPF_PERMERROR},
	{"14 a URL as target", TXT("v=spf1 a:https://example.com -all") "example.com A 192.0.2.1\n",
		"192.0.2.1", SENDER, HELO, SPF_FAIL},
	{"15 both lengths",
		TXT("v=spf1 a:example.com/24//64 -all") "example.com A 192.0.2.77\nexample.com AAAA "
							"2001:db8::1\n",
		"192.0.2.1", SENDER, HELO, SPF_PASS},
	{"15 both lengths, IPv6",
		TXT("v=spf1 a:example.com/24//64 -all") "example.com A 192.0.2.77\nexample.com AAAA "
							"2001:db8::1\n",
		"2001:db8::ffff", SENDER, HELO, SPF_PASS},
	{"16 leading zero in a length", TXT("v=spf1 ip4:10.0.0.0/08 -all"), "192.0.2.1", SENDER, HELO,
		SPF_PERMERROR},
	{"17 host bits", TXT("v=spf1 ip4:192.0.2.55/24 -all"), "192.0.2.1", SENDER, HELO, SPF_PASS},
	{"18 a range", TXT("v=spf1 ip4:192.0.2.0-192.0.2.9 -all"), "192.0.2.1", SENDER, HELO, SPF_PERMERROR},
	{"18 a star", TXT("v=spf1 ip4:192.0.2.* -all"), "192.0.2.1", SENDER, HELO, SPF_PERMERROR},
	{"19 ip6 for an IPv4 client", TXT("v=spf1 ip6:2001:db8::/32 -all"), "192.0.2.1", SENDER, HELO,
		SPF_FAIL},
	{"20 an address as target", TXT("v=spf1 a:192.0.2.1 -all"), "192.0.2.1", SENDER, HELO, SPF_PERMERROR},
	{"21 ends in a macro",
		TXT("v=spf1 mx:%{d} -all") "example.com MX 10 m.example.com\nm.example.com A 192.0.2.1\n",
		"192.0.2.1", SENDER, HELO, SPF_PASS},
	{"22 underscore in the last label", TXT("v=spf1 include:%{d}._spf -all"), "192.0.2.1", SENDER, HELO,
		SPF_PERMERROR},
	{"23 c in a domain-spec", TXT("v=spf1 exists:%{i}.%{c}.example.com -all"), "192.0.2.1", SENDER, HELO,
		SPF_PERMERROR},
	{"24 redirect beside all", TXT("v=spf1 redirect=example.net -all") EXAMPLE, "192.0.2.1", SENDER, HELO,
		SPF_FAIL},
	{"25 empty redirect", TXT("v=spf1 ?all redirect="), "192.0.2.1", SENDER, HELO, SPF_PERMERROR},
	{"26 redirect to no record", TXT("v=spf1 redirect=nospf.example") "nospf.example A 192.0.2.1\n",
		"192.0.2.1", SENDER, HELO, SPF_PERMERROR},
	{"27 redirect to softfail", TXT("v=spf1 redirect=example.net") EXAMPLE, "192.0.2.9", SENDER, HELO,
		SPF_SOFTFAIL},
	{"28 include says fail",
		TXT("v=spf1 include:c.example ip4:192.0.2.1 ?all") "c.example TXT v=spf1 -all\n", "192.0.2.1",
		SENDER, HELO, SPF_PASS},
	{"29 include says neutral", TXT("v=spf1 include:c.example -all") "c.example TXT v=spf1\n",
		"192.0.2.1", SENDER, HELO, SPF_FAIL},
	{"30 include of two records",
		TXT("v=spf1 include:c.example -all") "c.example TXT v=spf1 +all\nc.example TXT v=spf1 -all\n",
		"192.0.2.1", SENDER, HELO, SPF_PERMERROR},
	{"31 include times out",
		TXT("v=spf1 include:c.example ip4:192.0.2.1 -all") "c.example TXT !timeout\n", "192.0.2.1",
		SENDER, HELO, SPF_TEMPERROR},
	{"32 match before a broken include",
		TXT("v=spf1 ip4:192.0.2.1 include:c.example -all") "c.example TXT !timeout\n", "192.0.2.1",
		SENDER, HELO, SPF_PASS},
	{"33 first exchange fails",
		TXT("v=spf1 mx -all") "example.com MX 10 a.example.com\nexample.com MX 20 b.example.com\n"
				      "a.example.com A !servfail\nb.example.com A 192.0.2.1\n",
		"192.0.2.1", SENDER, HELO, SPF_TEMPERROR},
	{"33 first exchange matches",
		TXT("v=spf1 mx -all") "example.com MX 10 a.example.com\nexample.com MX 20 b.example.com\n"
				      "a.example.com A 192.0.2.1\nb.example.com A !servfail\n",
		"192.0.2.1", SENDER, HELO, SPF_PASS},
	{"34 mx without MX", TXT("v=spf1 mx -all") "example.com A 192.0.2.1\n", "192.0.2.1", SENDER, HELO,
		SPF_FAIL},
	{"35 reverse DNS fails", TXT("v=spf1 ptr -all") "1.2.0.192.in-addr.arpa PTR !servfail\n", "192.0.2.1",
		SENDER, HELO, SPF_FAIL},
	{"36 a/0 without AAAA", TXT("v=spf1 a/0//0 -all") "example.com A 192.0.2.1\n", "2001:db8::1", SENDER,
		HELO, SPF_FAIL},
	{"37 ten includes",
		TXT("v=spf1 include:1.i.example include:2.i.example include:3.i.example include:4.i.example "
		    "include:5.i.example include:6.i.example include:7.i.example include:8.i.example "
		    "include:9.i.example include:10.i.example -all") "*.i.example TXT v=spf1 "
								     "ip4:198.51.100.1\n",
		"192.0.2.1", SENDER, HELO, SPF_FAIL},
	{"37 eleven",
		TXT("v=spf1 include:1.i.example include:2.i.example include:3.i.example include:4.i.example "
		    "include:5.i.example include:6.i.example include:7.i.example include:8.i.example "
		    "include:9.i.example include:10.i.example include:11.i.example -all") "*.i.example TXT "
											  "v=spf1 "
											  "ip4:198.51.100."
											  "1\n",
		"192.0.2.1", SENDER, HELO, SPF_PERMERROR},
	{"38 the eleventh is not reached",
		TXT("v=spf1 include:1.i.example include:2.i.example include:3.i.example include:4.i.example "
		    "include:5.i.example include:6.i.example include:7.i.example include:8.i.example "
		    "include:9.i.example a:a.i.example include:11.i.example -all") "*.i.example TXT v=spf1 "
										   "ip4:198.51.100.1\n"
										   "a.i.example A "
										   "192.0.2.1\n",
		"192.0.2.1", SENDER, HELO, SPF_PASS},
	{"39 three void lookups", TXT("v=spf1 a:x1.example a:x2.example a:x3.example ip4:192.0.2.1"),
		"192.0.2.1", SENDER, HELO, SPF_PERMERROR},
	{"39 two are allowed", TXT("v=spf1 a:x1.example a:x2.example ip4:192.0.2.1"), "192.0.2.1", SENDER,
		HELO, SPF_PASS},
	{"40 exp is no void lookup", TXT("v=spf1 a:x1.example a:x2.example -all exp=x3.example"), "192.0.2.1",
		SENDER, HELO, SPF_FAIL},
	{"41 null sender",
		"mail.example.com TXT v=spf1 exists:%{l}.%{o}.x.example -all\n"
		"postmaster.mail.example.com.x.example A 127.0.0.2\n",
		"192.0.2.1", "<>", "mail.example.com", SPF_PASS},
	{"42 null sender, single label", "localhost TXT v=spf1 +all\n", "192.0.2.1", "", "localhost",
		SPF_NONE},
	{"42 null sender, address literal", "\\091192.0.2.1] TXT v=spf1 +all\n", "192.0.2.1", "",
		"[192.0.2.1]", SPF_NONE},
	{"43 no such domain", "example.org A 192.0.2.1\n", "192.0.2.1", SENDER, HELO, SPF_NONE},
	{"43 SERVFAIL", "example.com TXT !servfail\n", "192.0.2.1", SENDER, HELO, SPF_TEMPERROR},
	{"44 exp twice", TXT("v=spf1 exp=a.example exp=b.example -all"), "192.0.2.1", SENDER, HELO,
		SPF_PERMERROR},
	{"45 a modifier with a qualifier", TXT("v=spf1 +redirect=example.com"), "192.0.2.1", SENDER, HELO,
		SPF_PERMERROR},
	{"46 capitals",
		TXT("v=spf1 A MX:EXAMPLE.COM -ALL") "example.com A 192.0.2.9\nexample.com MX 10 "
						    "m.example.com\n"
						    "m.example.com A 192.0.2.1\n",
		"192.0.2.1", SENDER, HELO, SPF_PASS},
	{"47 an empty label", TXT("v=spf1 a:foo..example.com -all"), "192.0.2.1", SENDER, HELO, SPF_FAIL},
	{"48 a final dot", TXT("v=spf1 include:example.net. -all") EXAMPLE, "192.0.2.1", SENDER, HELO,
		SPF_PASS},
	{"49 -include that passes", TXT("v=spf1 -include:example.net +all") EXAMPLE, "192.0.2.1", SENDER,
		HELO, SPF_FAIL},
	{"50 all;", TXT("v=spf1 -all;"), "192.0.2.1", SENDER, HELO, SPF_PERMERROR},
	{"50 mx,a", TXT("v=spf1 mx,a -all"), "192.0.2.1", SENDER, HELO, SPF_PERMERROR},
	{"51 all.", TXT("v=spf1 ~all."), "192.0.2.1", SENDER, HELO, SPF_PERMERROR},
	{"52 IPv4-mapped ip6", TXT("v=spf1 ip6:::ffff:192.0.2.1 -all"), "192.0.2.1", SENDER, HELO, SPF_FAIL},
	{"52 IPv4-mapped client", TXT("v=spf1 ip4:192.0.2.1 -all"), "::ffff:192.0.2.1", SENDER, HELO,
		SPF_PASS},
	{"53 only the parent has one", TXT("v=spf1 +all") "sub.example.com A 192.0.2.1\n", "192.0.2.1",
		"user@sub.example.com", HELO, SPF_NONE},
	{"54 more labels than there are",
		TXT("v=spf1 exists:%{d10}.x.example -all") "example.com.x.example A 127.0.0.2\n", "192.0.2.1",
		SENDER, HELO, SPF_PASS},
	{"55 no labels", TXT("v=spf1 exists:%{d0}.example -all"), "192.0.2.1", SENDER, HELO, SPF_PERMERROR},
	{"55 no letter", TXT("v=spf1 exists:%{}.example -all"), "192.0.2.1", SENDER, HELO, SPF_PERMERROR},
	{"55 no brace", TXT("v=spf1 exists:%{d2"), "192.0.2.1", SENDER, HELO, SPF_PERMERROR},
};

#define APPENDIX_A                                                                                           \
	"example.com MX 10 mail-a.example.com\nexample.com MX 20 mail-b.example.com\n"                       \
	"example.com A 192.0.2.10\nexample.com A 192.0.2.11\n"                                               \
	"amy.example.com A 192.0.2.65\nbob.example.com A 192.0.2.66\n"                                       \
	"mail-a.example.com A 192.0.2.129\nmail-b.example.com A 192.0.2.130\nwww.example.com CNAME "         \
	"example.com\n"                                                                                      \
	"example.org MX 10 mail-c.example.org\nmail-c.example.org A 192.0.2.140\n"                           \
	"10.2.0.192.in-addr.arpa PTR example.com\n11.2.0.192.in-addr.arpa PTR example.com\n"                 \
	"65.2.0.192.in-addr.arpa PTR amy.example.com\n66.2.0.192.in-addr.arpa PTR bob.example.com\n"         \
	"129.2.0.192.in-addr.arpa PTR mail-a.example.com\n130.2.0.192.in-addr.arpa PTR mail-b.example.com\n" \
	"140.2.0.192.in-addr.arpa PTR mail-c.example.org\n4.0.0.10.in-addr.arpa PTR bob.example.com\n"

#define A4                                                                                                   \
	TXT("v=spf1 -include:ip4._spf.%{d} -include:ptr._spf.%{d} +all")                                     \
	"ip4._spf.example.com TXT v=spf1 -ip4:192.0.2.0/24 +all\nptr._spf.example.com TXT v=spf1 "           \
	"-ptr:example.com +all\n"

#define A3    TXT("v=spf1 exists:%{l1r+}.%{d} -all") "user.example.com A 127.0.0.2\n"
#define A3_IP TXT("v=spf1 exists:%{ir}.%{l1r+}.%{d} -all") "1.2.0.192.user.example.com A 127.0.0.2\n"

static const struct row appendix_rows[] = {
	{"+all", APPENDIX_A TXT("v=spf1 +all"), "203.0.113.1", SENDER, HELO, SPF_PASS},
	{"a", APPENDIX_A TXT("v=spf1 a -all"), "192.0.2.10", SENDER, HELO, SPF_PASS},
	{"a, second", APPENDIX_A TXT("v=spf1 a -all"), "192.0.2.11", SENDER, HELO, SPF_PASS},
	{"a, other", APPENDIX_A TXT("v=spf1 a -all"), "192.0.2.12", SENDER, HELO, SPF_FAIL},
	{"a:example.org", APPENDIX_A TXT("v=spf1 a:example.org -all"), "192.0.2.140", SENDER, HELO, SPF_FAIL},
	{"mx", APPENDIX_A TXT("v=spf1 mx -all"), "192.0.2.129", SENDER, HELO, SPF_PASS},
	{"mx, second", APPENDIX_A TXT("v=spf1 mx -all"), "192.0.2.130", SENDER, HELO, SPF_PASS},
	{"mx, other", APPENDIX_A TXT("v=spf1 mx -all"), "192.0.2.140", SENDER, HELO, SPF_FAIL},
	{"two mx", APPENDIX_A TXT("v=spf1 mx mx:example.org -all"), "192.0.2.140", SENDER, HELO, SPF_PASS},
	{"two mx, other", APPENDIX_A TXT("v=spf1 mx mx:example.org -all"), "192.0.2.65", SENDER, HELO,
		SPF_FAIL},
	{"mx/30", APPENDIX_A TXT("v=spf1 mx/30 mx:example.org/30 -all"), "192.0.2.131", SENDER, HELO,
		SPF_PASS},
	{"mx/30, second", APPENDIX_A TXT("v=spf1 mx/30 mx:example.org/30 -all"), "192.0.2.143", SENDER, HELO,
		SPF_PASS},
	{"mx/30, other", APPENDIX_A TXT("v=spf1 mx/30 mx:example.org/30 -all"), "192.0.2.132", SENDER, HELO,
		SPF_FAIL},
	{"ptr", APPENDIX_A TXT("v=spf1 ptr -all"), "192.0.2.65", SENDER, HELO, SPF_PASS},
	{"ptr, other domain", APPENDIX_A TXT("v=spf1 ptr -all"), "192.0.2.140", SENDER, HELO, SPF_FAIL},
	{"ptr, not validated", APPENDIX_A TXT("v=spf1 ptr -all"), "10.0.0.4", SENDER, HELO, SPF_FAIL},
	{"ip4", APPENDIX_A TXT("v=spf1 ip4:192.0.2.128/28 -all"), "192.0.2.129", SENDER, HELO, SPF_PASS},
	{"ip4, other", APPENDIX_A TXT("v=spf1 ip4:192.0.2.128/28 -all"), "192.0.2.65", SENDER, HELO,
		SPF_FAIL},
	{"A.3 user", APPENDIX_A A3, "203.0.113.1", "user+list@example.com", HELO, SPF_PASS},
	{"A.3 other user", APPENDIX_A A3, "203.0.113.1", "other@example.com", HELO, SPF_FAIL},
	{"A.3 user and address", APPENDIX_A A3_IP, "192.0.2.1", "user@example.com", HELO, SPF_PASS},
	{"A.4 address and name", APPENDIX_A A4, "192.0.2.65", SENDER, HELO, SPF_PASS},
	{"A.4 name of another", APPENDIX_A A4, "192.0.2.140", SENDER, HELO, SPF_FAIL},
	{"A.4 address of another", APPENDIX_A A4, "203.0.113.1", SENDER, HELO, SPF_FAIL},
};

/* Names that are none, identities, macros in targets, what limits count. */
static const struct row further_rows[] = {
	{"sender without domain", TXT("v=spf1 +all"), "192.0.2.1", "user@", HELO, SPF_NONE},
	{"sender is an address", "192.0.2.1 TXT v=spf1 +all\n", "192.0.2.1", "user@192.0.2.1", HELO,
		SPF_NONE},
	{"sender with two final dots", TXT("v=spf1 +all"), "192.0.2.1", "user@example.com..", HELO, SPF_NONE},
	{"sender with a final dot", TXT("v=spf1 +all"), "192.0.2.1", "user@example.com.", HELO, SPF_PASS},
	{"sender in capitals", TXT("v=spf1 +all"), "192.0.2.1", "user@EXAMPLE.COM", HELO, SPF_PASS},
	{"sender is a domain", TXT("v=spf1 exists:%{l}.x.example -all") "postmaster.x.example A 127.0.0.2\n",
		"192.0.2.1", "example.com", HELO, SPF_PASS},
	{"two at signs", TXT("v=spf1 +all"), "192.0.2.1", "a@b@example.com", HELO, SPF_PASS},
	{"expansion is empty", TXT("v=spf1 a:%{l1r.} -all"), "192.0.2.1", ".@example.com", HELO, SPF_FAIL},
	{"include of one label", TXT("v=spf1 include:%{l} -all") "museum TXT v=spf1 +all\n", "192.0.2.1",
		"museum@example.com", HELO, SPF_PERMERROR},
	{"include of an address", TXT("v=spf1 include:%{i} -all") "192.0.2.1 TXT v=spf1 +all\n", "192.0.2.1",
		SENDER, HELO, SPF_PERMERROR},
	{"local-part not ASCII, mechanism",
		TXT("v=spf1 exists:%{l}.example.com ~all") "*.example.com A 127.0.0.2\n", "192.0.2.1",
		"us\xc3\xa9r@example.com", HELO, SPF_SOFTFAIL},
	{"local-part not ASCII, redirect", TXT("v=spf1 redirect=%{l}.example.com"), "192.0.2.1",
		"us\xc3\xa9r@example.com", HELO, SPF_PERMERROR},
	{"international domain",
		"xn--bcher-kva.example TXT v=spf1 exists:%{d}.x.example -all\n"
		"xn--bcher-kva.example.x.example A 127.0.0.2\n",
		"192.0.2.1",
		"user@b\xc3\xbc"
		"cher.example",
		HELO, SPF_PASS},
	{"p is validated",
		TXT("v=spf1 exists:%{p}.x.example -all") "1.2.0.192.in-addr.arpa PTR m.example.com\n"
							 "m.example.com A 192.0.2.1\n"
							 "m.example.com.x.example A 127.0.0.2\n",
		"192.0.2.1", SENDER, HELO, SPF_PASS},
	{"p is unknown",
		TXT("v=spf1 exists:%{p}.x.example -all") "1.2.0.192.in-addr.arpa PTR m.example.com\n"
							 "unknown.x.example A 127.0.0.2\n",
		"192.0.2.1", SENDER, HELO, SPF_PASS},
	{"p prefers the domain itself",
		TXT("v=spf1 exists:%{p}.x.example -all") "1.2.0.192.in-addr.arpa PTR a.example.net\n"
							 "1.2.0.192.in-addr.arpa PTR b.example.com\n"
							 "1.2.0.192.in-addr.arpa PTR example.com\n"
							 "a.example.net A 192.0.2.1\nb.example.com A "
							 "192.0.2.1\n"
							 "example.com A 192.0.2.1\nexample.com.x.example A "
							 "127.0.0.2\n",
		"192.0.2.1", SENDER, HELO, SPF_PASS},
	{"ten MX are allowed",
		TXT("v=spf1 mx -all") "example.com MX 1 m.example.com\nexample.com MX 2 m.example.com\n"
				      "example.com MX 3 m.example.com\nexample.com MX 4 m.example.com\n"
				      "example.com MX 5 m.example.com\nexample.com MX 6 m.example.com\n"
				      "example.com MX 7 m.example.com\nexample.com MX 8 m.example.com\n"
				      "example.com MX 9 m.example.com\nexample.com MX 10 m.example.com\n"
				      "m.example.com A 192.0.2.1\n",
		"192.0.2.1", SENDER, HELO, SPF_PASS},
	{"eleven MX, though of one host",
		TXT("v=spf1 mx -all") "example.com MX 1 m.example.com\nexample.com MX 2 m.example.com\n"
				      "example.com MX 3 m.example.com\nexample.com MX 4 m.example.com\n"
				      "example.com MX 5 m.example.com\nexample.com MX 6 m.example.com\n"
				      "example.com MX 7 m.example.com\nexample.com MX 8 m.example.com\n"
				      "example.com MX 9 m.example.com\nexample.com MX 10 m.example.com\n"
				      "example.com MX 11 m.example.com\nm.example.com A 192.0.2.1\n",
		"192.0.2.1", SENDER, HELO, SPF_PERMERROR},
	{"null MX", TXT("v=spf1 mx -all") "example.com MX 0 .\n", "192.0.2.1", SENDER, HELO, SPF_FAIL},
	{"exists asks for A, for IPv6 too", TXT("v=spf1 exists:x.example -all") "x.example A 127.0.0.2\n",
		"2001:db8::1", SENDER, HELO, SPF_PASS},
	{"voids of IPv6 only",
		TXT("v=spf1 a:1.x.example a:2.x.example a:3.x.example ip6:2001:db8::1 -all") "*.x.example A "
											     "192.0.2.9\n",
		"2001:db8::1", SENDER, HELO, SPF_PERMERROR},
	{"a temporary failure is no void lookup", TXT("v=spf1 a:1.x.example -all") "1.x.example A !timeout\n",
		"192.0.2.1", SENDER, HELO, SPF_TEMPERROR},
	{"redirect times out", TXT("v=spf1 redirect=c.example") "c.example TXT !timeout\n", "192.0.2.1",
		SENDER, HELO, SPF_TEMPERROR},
	{"redirect in an include",
		TXT("v=spf1 include:b.example -all") "b.example TXT v=spf1 redirect=example.net\n" EXAMPLE,
		"192.0.2.1", SENDER, HELO, SPF_PASS},
	{"a loop ends at the limit", TXT("v=spf1 include:example.com -all"), "192.0.2.1", SENDER, HELO,
		SPF_PERMERROR},
	{"a match before the loop", TXT("v=spf1 ip4:192.0.2.1 redirect=example.com"), "192.0.2.1", SENDER,
		HELO, SPF_PASS},
	{"aliases in a circle", "example.com CNAME a.example.com\na.example.com CNAME example.com\n",
		"192.0.2.1", SENDER, HELO, SPF_TEMPERROR},
};

static void check_row(const struct row *row)
{
	struct run out;
	run(row->zone, row->ip, row->sender, row->helo, &out);
	ck_assert_msg(out.verdict.result == row->result, "%s: %s, not %s (%.*s)", row->name,
		spf_result_text(out.verdict.result), spf_result_text(row->result),
		(int)out.verdict.reason.len, out.verdict.reason.len > 0 ? out.verdict.reason.ptr : "");
	bool gives_reason =
		row->result == SPF_NONE || row->result == SPF_TEMPERROR || row->result == SPF_PERMERROR;
	ck_assert_msg((out.verdict.reason.len > 0) == gives_reason, "%s: reason", row->name);
}

START_TEST(tricky)
{
	check_row(&tricky_rows[_i]);
}
END_TEST

START_TEST(appendix)
{
	check_row(&appendix_rows[_i]);
}
END_TEST

START_TEST(further)
{
	check_row(&further_rows[_i]);
}
END_TEST

/* --- the explanation (RFC 7208 6.2) ------------------------------------------------------------ */

static const struct {
	const char *name, *zone, *sender, *helo, *explanation;
} explanation_rows[] = {
	{"of the record that failed",
		TXT("v=spf1 -all exp=e.example") "e.example TXT %{i} is not allowed by %{d}\n", SENDER, HELO,
		"192.0.2.1 is not allowed by example.com"},
	{"c, r and t", TXT("v=spf1 -all exp=e.example") "e.example TXT %{c} %{r} %{t}\n", SENDER, HELO,
		"192.0.2.1 mx.example.org 1790000000"},
	{"domain-spec with macros", TXT("v=spf1 -all exp=%{l}.e.example") "user.e.example TXT hello\n",
		SENDER, HELO, "hello"},
	{"strings are joined", TXT("v=spf1 -all exp=e.example") "e.example TXT \"a\" \"b \" \"c\"\n", SENDER,
		HELO, "ab c"},
	{"49 -include: of the including record",
		TXT("v=spf1 -include:c.example exp=e.example") "c.example TXT v=spf1 +all exp=f.example\n"
							       "e.example TXT mine\nf.example TXT theirs\n",
		SENDER, HELO, "mine"},
	{"redirect: of its target",
		TXT("v=spf1 redirect=c.example exp=e.example") "c.example TXT v=spf1 -all exp=f.example\n"
							       "e.example TXT mine\nf.example TXT theirs\n",
		SENDER, HELO, "theirs"},
	{"redirect cancels it",
		TXT("v=spf1 redirect=c.example exp=e.example") "c.example TXT v=spf1 -all\ne.example TXT "
							       "mine\n",
		SENDER, HELO, NULL},
	{"softfail has none", TXT("v=spf1 ~all exp=e.example") "e.example TXT mine\n", SENDER, HELO, NULL},
	{"two texts", TXT("v=spf1 -all exp=e.example") "e.example TXT one\ne.example TXT two\n", SENDER, HELO,
		NULL},
	{"40 no such name", TXT("v=spf1 -all exp=e.example"), SENDER, HELO, NULL},
	{"times out", TXT("v=spf1 -all exp=e.example") "e.example TXT !timeout\n", SENDER, HELO, NULL},
	{"syntax error", TXT("v=spf1 -all exp=e.example") "e.example TXT %{x}\n", SENDER, HELO, NULL},
	{"not ASCII", TXT("v=spf1 -all exp=e.example") "e.example TXT \"na\\195\\175ve\"\n", SENDER, HELO,
		NULL},
	{"a line end in the text", TXT("v=spf1 -all exp=e.example") "e.example TXT \"a\\013\\010b\"\n",
		SENDER, HELO, NULL},
	{"a line end in HELO", TXT("v=spf1 -all exp=e.example") "e.example TXT %{h}\n", SENDER, "a\r\n250 ok",
		NULL},
	{"the same, escaped", TXT("v=spf1 -all exp=e.example") "e.example TXT %{H}\n", SENDER, "a\r\nb",
		"a%0D%0Ab"},
	{"local-part not ASCII", TXT("v=spf1 -all exp=e.example") "e.example TXT %{l}\n",
		"us\xc3\xa9r@example.com", HELO, NULL},
	{"the same, escaped", TXT("v=spf1 -all exp=e.example") "e.example TXT %{L}\n",
		"us\xc3\xa9r@example.com", HELO, "us%C3%A9r"},
	{"p costs nothing", TXT("v=spf1 -all exp=e.example") "e.example TXT %{p}\n", SENDER, HELO, "unknown"},
};

START_TEST(explanation)
{
	struct run out;
	run(explanation_rows[_i].zone, "192.0.2.1", explanation_rows[_i].sender, explanation_rows[_i].helo,
		&out);
	const char *expected = explanation_rows[_i].explanation;
	ck_assert_msg(out.verdict.has_explanation == (expected != NULL), "%s", explanation_rows[_i].name);
	if (expected != NULL)
		unit_assert_slice(out.verdict.explanation, slice_cstr(expected));
}
END_TEST

/* --- the trace --------------------------------------------------------------------------------- */

START_TEST(trace_tells_what_was_looked_at)
{
	struct run out;
	run(TXT("v=spf1 include:c.example ip4:198.51.100.1 a:gone.example mx -all") "c.example TXT v=spf1 "
										    "a:m.example.com ~all\n"
										    "m.example.com A "
										    "192.0.2.9\n"
										    "example.com MX 10 "
										    "m.example.com\n",
		"192.0.2.9", SENDER, HELO, &out);
	ck_assert_int_eq(out.verdict.result, SPF_PASS);
	unit_assert_slice(out.verdict.mechanism_text, SLICE("include:c.example"));
	run(TXT("v=spf1 include:c.example ip4:198.51.100.1 a:gone.example mx -all") "c.example TXT v=spf1 "
										    "a:m.example.com ~all\n"
										    "m.example.com A "
										    "192.0.2.9\n"
										    "example.com MX 10 "
										    "m.example.com\n",
		"192.0.2.1", SENDER, HELO, &out);
	static const struct {
		const char *text;
		size_t depth;
		enum spf_match outcome;
		unsigned lookups, voids;
		size_t answers;
	} steps[] = {
		{"include:c.example", 0, SPF_NO_MATCH, 1, 0, 1},
		{"a:m.example.com", 1, SPF_NO_MATCH, 2, 0, 1},
		{"~all", 1, SPF_MATCH, 2, 0, 0},
		{"ip4:198.51.100.1", 0, SPF_NO_MATCH, 2, 0, 0},
		{"a:gone.example", 0, SPF_NO_MATCH, 3, 1, 1},
		{"mx", 0, SPF_NO_MATCH, 4, 1, 2},
		{"-all", 0, SPF_MATCH, 4, 1, 0},
	};
	ck_assert_uint_eq(out.verdict.trace_count, 7);
	ck_assert_int_eq(out.verdict.result, SPF_FAIL);
	ck_assert_uint_eq(out.verdict.lookups, 4);
	ck_assert_uint_eq(out.verdict.void_lookups, 1);
	for (size_t i = 0; i < 7; i++) {
		const struct spf_trace_step *step = out.verdict.trace[i];
		size_t answers = 0;
		for (const struct spf_trace_answer *noted = step->answers; noted != NULL; noted = noted->next)
			answers++;
		unit_assert_slice(slice_at(step->record->text, step->term->span), slice_cstr(steps[i].text));
		ck_assert_uint_eq(step->depth, steps[i].depth);
		ck_assert_int_eq(step->outcome, steps[i].outcome);
		ck_assert_uint_eq(step->lookups, steps[i].lookups);
		ck_assert_uint_eq(step->void_lookups, steps[i].voids);
		ck_assert_uint_eq(answers, steps[i].answers);
	}
	unit_assert_slice(out.verdict.trace[0]->note, SLICE("its record says softfail"));
}
END_TEST

/* A reason names what is to blame, and is safe to show. */
START_TEST(reason_names_what_is_wrong)
{
	struct run out;
	run(TXT("v=spf1 ipv4:192.0.2.1 -all"), "192.0.2.1", SENDER, HELO, &out);
	unit_assert_slice(out.verdict.reason,
		SLICE("example.com has an SPF record with a syntax error: \"ipv4\" is not an SPF mechanism"));
	/* The first mistake is grammatical, and not to blame. */
	run(TXT("v=spf1 ip4=192.0.2.1 -all moo"), "192.0.2.1", SENDER, HELO, &out);
	unit_assert_slice(out.verdict.reason,
		SLICE("example.com has an SPF record with a syntax error: \"moo\" is not an SPF mechanism"));
	run(TXT("v=spf1 a:m.example -all") "m.example A !servfail\n", "192.0.2.1", SENDER, HELO, &out);
	unit_assert_slice(out.verdict.reason, SLICE("m.example A: DNS failed for now (servfail)"));
	/* No wildcard answers for a name that is none. */
	run("*.example.com TXT v=spf1 +all\n", "192.0.2.1", "x@\xff.example.com", HELO, &out);
	ck_assert_int_eq(out.verdict.result, SPF_NONE);
	ck_assert_uint_eq(out.questions, 0);
	run(TXT("v=spf1 -all"), "192.0.2.1", "<>", "", &out);
	ck_assert_int_eq(out.verdict.result, SPF_NONE);
	unit_assert_slice(out.verdict.reason, SLICE("the HELO name is empty"));
	/* A record that is not evaluated says nothing. */
	run(TXT("v=spf1 include:b.example -all") "b.example TXT v=spf1 moo\n", "192.0.2.1", SENDER, HELO,
		&out);
	unit_assert_slice(out.verdict.trace[0]->note, SLICE("its record is broken, or there are several"));
	run(TXT("v=spf1 redirect=b.example") "b.example TXT !servfail\n", "192.0.2.1", SENDER, HELO, &out);
	unit_assert_slice(out.verdict.trace[0]->note, SLICE("its record could not be looked up now"));
	/* The step at the limit tells why it ends. */
	run(TXT("v=spf1 include:example.com -all"), "192.0.2.1", SENDER, HELO, &out);
	unit_assert_slice(out.verdict.trace[out.verdict.trace_count - 1]->note,
		SLICE("it would be lookup number 11, and 10 are allowed"));
	run(TXT("v=spf1 -all"), "192.0.2.1", "x@b\x1b[31m", HELO, &out);
	unit_assert_slice(out.verdict.reason, SLICE("b\\027[31m is no domain name of at least two labels"));
}
END_TEST

/* --- what is asked ----------------------------------------------------------------------------- */

static bool was_asked(const struct run *run, const char *name, uint16_t type)
{
	size_t count;
	struct name wanted;
	const struct question *asked = fixture_questions(run->dns, &count);
	ck_assert_int_eq(name_from_text(run->arena, slice_cstr(name), &wanted), NAME_OK);
	for (size_t i = 0; i < count; i++)
		if (asked[i].type == type && name_equal(asked[i].name, wanted))
			return true;
	return false;
}

/* Early, but never what no evaluation from left to right could need. */
START_TEST(asks_ahead_within_reach)
{
	struct run out;
	run(TXT("v=spf1 a:a.example include:b.example -all mx") "a.example A 198.51.100.1\nb.example TXT "
								"v=spf1 mx:m.example\n",
		"192.0.2.1", SENDER, HELO, &out);
	ck_assert(was_asked(&out, "a.example", RRTYPE_A));
	ck_assert(was_asked(&out, "b.example", RRTYPE_TXT));
	ck_assert(!was_asked(&out, "example.com", RRTYPE_MX)); /* behind all */
	ck_assert(!was_asked(&out, "a.example", RRTYPE_AAAA)); /* another family */
	ck_assert_uint_eq(fixture_rounds(out.dns), 3);	       /* the record; a and b together; mx of b */
}
END_TEST

START_TEST(asks_nothing_behind_a_match)
{
	struct run out;
	run(TXT("v=spf1 ip4:192.0.2.1 a:a.example include:b.example exp=e.example -all"), "192.0.2.1", SENDER,
		HELO, &out);
	ck_assert_int_eq(out.verdict.result, SPF_PASS);
	ck_assert_uint_eq(out.questions, 1);
}
END_TEST

START_TEST(asks_for_the_explanation_only_after_a_fail)
{
	struct run out;
	run(TXT("v=spf1 a:a.example -all exp=e.example") "a.example A 192.0.2.1\ne.example TXT no\n",
		"192.0.2.1", SENDER, HELO, &out);
	ck_assert(!was_asked(&out, "e.example", RRTYPE_TXT));
	run(TXT("v=spf1 a:a.example -all exp=e.example") "a.example A 192.0.2.9\ne.example TXT no\n",
		"192.0.2.1", SENDER, HELO, &out);
	ck_assert(was_asked(&out, "e.example", RRTYPE_TXT));
}
END_TEST

/* The eleventh term is an error whoever comes: nothing is asked for it or behind it. */
START_TEST(asking_ahead_ends_at_the_lookup_limit)
{
	char zone[4096] = "example.com TXT v=spf1";
	for (int i = 1; i <= 30; i++)
		snprintf(zone + strlen(zone), sizeof zone - strlen(zone), " a:%d.x.example", i);
	strcat(zone, "\n*.x.example A 198.51.100.1\n");
	struct run out;
	run(zone, "192.0.2.1", SENDER, HELO, &out);
	ck_assert_int_eq(out.verdict.result, SPF_PERMERROR);
	ck_assert_uint_eq(out.questions, 11); /* the record and ten terms */
	ck_assert_uint_eq(fixture_rounds(out.dns), 2);
}
END_TEST

START_TEST(asks_no_exchange_behind_the_one_that_matches)
{
	struct run out;
	struct arena *arena = unit_arena();
	struct fixture *dns = fixture_open(arena,
		TXT("v=spf1 a:z.example mx -all") "z.example A 198.51.100.1\n"
						  "example.com MX 10 a.example.com\nexample.com MX 20 "
						  "b.example.com\na.example.com A 192.0.2.1\n"
						  "b.example.com A !servfail\n");
	run_on(arena, dns, "192.0.2.1", SENDER, HELO, &out);
	ck_assert_int_eq(out.verdict.result, SPF_PASS);
}
END_TEST

/* --- hostile trees ----------------------------------------------------------------------------- */

static struct slice long_rdata(struct arena *arena, struct slice text)
{
	char *data = arena_alloc(arena, text.len + text.len / 255 + 2);
	size_t len = 0;
	for (size_t at = 0; at < text.len; at += 255) {
		struct slice part = slice_head(slice_from(text, at), 255);
		data[len++] = (char)part.len;
		memcpy(data + len, part.ptr, part.len);
		len += part.len;
	}
	return slice_of(data, len);
}

/* "v=spf1" and `term` again and again, up to about 64 KiB. */
static struct slice repeated(struct arena *arena, const char *term, size_t most)
{
	char *text = arena_alloc(arena, 65000);
	size_t len = 6, step = strlen(term);
	memcpy(text, "v=spf1", 6);
	for (size_t i = 0; i < most && len + step + 8 < 64900; i++) {
		memcpy(text + len, term, step);
		len += step;
	}
	return slice_of(text, len);
}

static void run_hostile(struct arena *arena, struct slice root, const char *wildcard_record, struct run *out)
{
	struct fixture *dns = fixture_open(arena, "*.w.example A 198.51.100.1\n");
	fixture_add(dns, "example.com", RRTYPE_TXT, long_rdata(arena, root));
	if (wildcard_record != NULL)
		fixture_add(dns, "*.w.example", RRTYPE_TXT, long_rdata(arena, slice_cstr(wildcard_record)));
	run_on(arena, dns, "192.0.2.1", SENDER, HELO, out);
}

/* Every name below w.example includes two others: 2^n paths. */
START_TEST(a_tree_by_wildcard_ends)
{
	struct run out;
	run_hostile(unit_arena(), SLICE("v=spf1 include:a.w.example include:b.w.example -all"),
		"v=spf1 include:a.%{d2}.w.example include:b.%{d2}.w.example ?all", &out);
	ck_assert_int_eq(out.verdict.result, SPF_PERMERROR);
	ck_assert_uint_eq(out.verdict.lookups, SPF_LOOKUP_LIMIT);
	ck_assert_uint_le(out.questions, 11);
}
END_TEST

START_TEST(names_that_grow_through_macros_end)
{
	struct run out;
	run_hostile(unit_arena(), SLICE("v=spf1 include:a.w.example -all"),
		"v=spf1 include:%{d}.%{d}.w.example ?all", &out);
	ck_assert_int_eq(out.verdict.result, SPF_PERMERROR);
	ck_assert_uint_le(out.questions, 11);
}
END_TEST

START_TEST(thousands_of_includes_end)
{
	struct run out;
	struct arena *arena = unit_arena();
	run_hostile(arena, repeated(arena, " include:x.w.example", 100000), "v=spf1 ?all", &out);
	ck_assert_int_eq(out.verdict.result, SPF_PERMERROR);
	ck_assert_uint_eq(out.questions, 2);
	ck_assert_uint_le(out.verdict.trace_count, 22);
}
END_TEST

START_TEST(thousands_of_networks_are_looked_at)
{
	struct run out;
	struct arena *arena = unit_arena();
	run_hostile(arena, repeated(arena, " ip4:198.51.100.1", 100000), NULL, &out);
	ck_assert_int_eq(out.verdict.result, SPF_NEUTRAL);
	ck_assert_uint_eq(out.questions, 1);
	ck_assert_uint_gt(out.verdict.trace_count, 3500);
}
END_TEST

/* One target of 64 KiB of macros, each of a long value: what is used of it is a name. */
START_TEST(a_target_of_macros_is_cut)
{
	struct run out;
	struct arena *arena = unit_arena();
	struct slice text = repeated(arena, "%{L}", 100000);
	char *record = arena_alloc(arena, text.len + 32);
	int len = snprintf(
		record, text.len + 32, "v=spf1 a:%.*s.x.example -all", (int)(text.len - 6), text.ptr + 6);
	struct fixture *dns = fixture_open(arena, "x.example A 192.0.2.1\n");
	fixture_add(dns, "example.com", RRTYPE_TXT, long_rdata(arena, slice_of(record, (size_t)len)));
	char sender[SPF_MAX_IDENTITY + 300];
	memset(sender, '.', sizeof sender);
	strcpy(sender + sizeof sender - 14, "@example.com");
	run_on(arena, dns, "192.0.2.1", sender, HELO, &out);
	ck_assert_int_eq(out.verdict.result, SPF_FAIL);
	ck_assert_uint_le(out.verdict.trace[0]->expanded.len, 255);
}
END_TEST

START_TEST(an_explanation_of_macros_is_left_out)
{
	struct run out;
	struct arena *arena = unit_arena();
	struct fixture *dns = fixture_open(arena, TXT("v=spf1 -all exp=e.example"));
	struct slice text = repeated(arena, "%{S}", 100000);
	fixture_add(dns, "e.example", RRTYPE_TXT, long_rdata(arena, text));
	run_on(arena, dns, "192.0.2.1", "a-rather-long-local-part-of-a-sender@example.com", HELO, &out);
	ck_assert_int_eq(out.verdict.result, SPF_FAIL);
	ck_assert(!out.verdict.has_explanation);
}
END_TEST

/* --- memory --------------------------------------------------------------------------------------- */

static struct source *open_fixture(
	void *context, struct source_sink sink, struct escape *escape, const char **why)
{
	(void)escape, (void)why;
	return fixture_source(context, sink);
}

static enum eval_state evaluate_once(void *context, struct view *view, struct arena *scratch)
{
	struct run *run = context;
	return spf_check(&run->request, view, scratch, &run->verdict);
}

static void note_result(void *context, struct arena *scratch, const struct verdict_cost *cost)
{
	(void)scratch, (void)cost;
	((struct run *)context)->questions = 1;
}

/* Whichever request for memory fails, the evaluation leaves through the escape and nothing is lost. */
START_TEST(lack_of_memory)
{
	for (long n = 1;; n++) {
		struct arena *arena = unit_arena();
		struct run run = {.request = request_of(arena, "192.0.2.1", SENDER, HELO)};
		struct fixture *dns =
			fixture_open(arena, TXT("v=spf1 include:c.example mx ptr -all exp=e.example") EXAMPLE
				"c.example TXT v=spf1 a:%{p}.x.example ~all\ne.example TXT %{i}\nexample.com "
				"MX 10 m.example\n"
				"m.example A 192.0.2.9\n");
		const struct driver_options options = {.max_time_ms = 10000,
			.open_source = open_fixture,
			.source_context = dns,
			.fail_at = n};
		const struct run_one work = {evaluate_once, note_result, &run};
		enum driver_status status = run_one(&options, &work, NULL);
		ck_assert_uint_eq(run.questions, status == DRIVER_OK);
		if (status == DRIVER_OK) {
			ck_assert_int_gt(n, 5);
			return;
		}
		ck_assert_int_eq(status, DRIVER_OUT_OF_MEMORY);
	}
}
END_TEST

#define ROWS(table) ((int)(sizeof(table) / sizeof(table)[0]))

int main(void)
{
	Suite *suite = suite_create("spf_check");
	TCase *cases = tcase_create("check_host");
	tcase_set_timeout(cases, 60);
	tcase_add_loop_test(cases, tricky, 0, ROWS(tricky_rows));
	tcase_add_loop_test(cases, appendix, 0, ROWS(appendix_rows));
	tcase_add_loop_test(cases, further, 0, ROWS(further_rows));
	tcase_add_loop_test(cases, explanation, 0, ROWS(explanation_rows));
	tcase_add_test(cases, trace_tells_what_was_looked_at);
	tcase_add_test(cases, reason_names_what_is_wrong);
	tcase_add_test(cases, asks_ahead_within_reach);
	tcase_add_test(cases, asks_nothing_behind_a_match);
	tcase_add_test(cases, asks_for_the_explanation_only_after_a_fail);
	tcase_add_test(cases, asking_ahead_ends_at_the_lookup_limit);
	tcase_add_test(cases, asks_no_exchange_behind_the_one_that_matches);
	tcase_add_test(cases, a_tree_by_wildcard_ends);
	tcase_add_test(cases, names_that_grow_through_macros_end);
	tcase_add_test(cases, thousands_of_includes_end);
	tcase_add_test(cases, thousands_of_networks_are_looked_at);
	tcase_add_test(cases, a_target_of_macros_is_cut);
	tcase_add_test(cases, an_explanation_of_macros_is_left_out);
	tcase_add_test(cases, lack_of_memory);
	suite_add_tcase(suite, cases);
	return unit_run(suite);
}
