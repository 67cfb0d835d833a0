/* Tests of source_net: what is sent when, and what comes of it, with lanes and a clock that are made up.
 *
 * A row says what happens to the packets in the order they are sent ("servfail@10": that reply 10 ms later;
 * "-": nothing), and what must be seen then, as "TIME:QUESTION>SERVER" for a packet (t: TCP, p: plain,
 * without EDNS) and "TIME:QUESTION=ANSWER@SERVER":
 *
 *     "servfail@10 ok@5"   gives   "0:a>0 10:a>1 15:a=ok@1"
 */
#include "dns/source_net.h"

#include <stdio.h>
#include <stdlib.h>

#include "dns/wire_query.h"
#include "support/unit.h"

#define MAX_FLIGHTS 64
#define NEVER	    INT64_MAX

struct fake_flight {
	struct lane_flight base;
	int64_t lands_ms;
	bool is_used;
	bool is_taken;
	unsigned char bytes[2048];
};

struct fake {
	struct lane_set set;
	int64_t now_ms;
	const char *script; /* what is left of it */
	struct fake_flight flights[MAX_FLIGHTS];
	size_t sent;
	size_t in_air;
	size_t most_in_air;
	size_t open; /* questions without answer */
	bool is_closed;
	char log[2048];
	size_t log_len;
};

static void add_log(struct fake *fake, const char *text)
{
	int len = snprintf(fake->log + fake->log_len, sizeof fake->log - fake->log_len, "%s%s",
		fake->log_len > 0 ? " " : "", text);
	fake->log_len += (size_t)len;
	ck_assert_uint_lt(fake->log_len, sizeof fake->log);
}

/* --- replies ------------------------------------------------------------------------------------------ */

/* How a reply is made from the query: its flags, how many records are announced, what stands behind the
 * question. */
struct reply_form {
	const char *name;
	enum lane_outcome outcome;
	unsigned flags;
	unsigned char answers;
	unsigned char additional;
	struct slice records;
	size_t padding; /* bytes of no sense behind them */
	bool other_question;
};

/* clang-format off */
#define RECORD "\xc0\x0c" "\0\x10" "\0\1" "\0\0\1\x2c" "\0\2" "\1x"
#define CHAIN  "\xc0\x0c" "\0\5" "\0\1" "\0\0\1\x2c" "\0\4" "\1z" "\xc0\x0e" \
	"\1z" "\xc0\x0e" "\0\x10" "\0\1" "\0\0\1\x2c" "\0\2" "\1x"
#define BADVERS "\0" "\0\x29" "\4\xd0" "\1\0\0\0" "\0\0"
/* clang-format on */

static const struct reply_form forms[] = {
	{"ok", LANE_REPLY, 0x8180, 1, 0, {RECORD, sizeof RECORD - 1}, 0, false},
	{"ad", LANE_REPLY, 0x81a0, 1, 0, {RECORD, sizeof RECORD - 1}, 0, false},
	{"chain", LANE_REPLY, 0x8180, 2, 0, {CHAIN, sizeof CHAIN - 1}, 0, false},
	{"nodata", LANE_REPLY, 0x8180, 0, 0, {NULL, 0}, 0, false},
	{"nxdomain", LANE_REPLY, 0x8183, 0, 0, {NULL, 0}, 0, false},
	{"formerr", LANE_REPLY, 0x8181, 0, 0, {NULL, 0}, 0, false},
	{"servfail", LANE_REPLY, 0x8182, 0, 0, {NULL, 0}, 0, false},
	{"notimp", LANE_REPLY, 0x8184, 0, 0, {NULL, 0}, 0, false},
	{"refused", LANE_REPLY, 0x8185, 0, 0, {NULL, 0}, 0, false},
	{"notauth", LANE_REPLY, 0x8189, 0, 0, {NULL, 0}, 0, false},
	{"badvers", LANE_REPLY, 0x8180, 0, 1, {BADVERS, sizeof BADVERS - 1}, 0, false},
	{"tc", LANE_REPLY, 0x8380, 0, 0, {NULL, 0}, 0, false},
	{"cut", LANE_REPLY, 0x8180, 1, 0, {"\xc0\x0c", 2}, 0, false},
	{"cut1232", LANE_REPLY, 0x8180, 255, 0, {RECORD, sizeof RECORD - 1}, 1232, false},
	{"query", LANE_REPLY, 0x0180, 1, 0, {RECORD, sizeof RECORD - 1}, 0, false},
	{"other", LANE_REPLY, 0x8180, 0, 0, {NULL, 0}, 0, true},
	{"unreadable", LANE_UNREADABLE, 0, 0, 0, {NULL, 0}, 0, false},
	{"unreachable", LANE_UNREACHABLE, 0, 0, 0, {NULL, 0}, 0, false},
	{"silent", LANE_SILENT, 0, 0, 0, {NULL, 0}, 0, false},
};

/* The end of the question of a query. */
static size_t question_end(const unsigned char *packet)
{
	size_t at = 12;
	while (packet[at] != 0)
		at += 1 + (size_t)packet[at];
	return at + 5;
}

static void make_reply(struct fake_flight *flight, const struct reply_form *form, const unsigned char *query)
{
	size_t len = question_end(query);
	flight->base.outcome = form->outcome;
	memcpy(flight->bytes, query, len);
	flight->bytes[2] = (unsigned char)(form->flags >> 8);
	flight->bytes[3] = (unsigned char)(form->flags & 0xff);
	flight->bytes[7] = form->answers;
	flight->bytes[11] = form->additional;
	if (form->other_question)
		flight->bytes[13] = '!';
	if (form->records.len > 0)
		memcpy(flight->bytes + len, form->records.ptr, form->records.len);
	len += form->records.len;
	if (form->padding > 0) {
		memset(flight->bytes + len, 0xff, form->padding - len);
		len = form->padding;
	}
	if (form->outcome == LANE_REPLY)
		flight->base.reply = slice_of((const char *)flight->bytes, len);
}

/* Takes one word off the script. */
static void follow_script(struct fake *fake, struct fake_flight *flight, const unsigned char *query)
{
	char word[32];
	int after_ms = 0, used = 0;
	flight->lands_ms = NEVER;
	if (sscanf(fake->script, " %31[^@ ]%n", word, &used) != 1)
		return;
	fake->script += used;
	if (strcmp(word, "-") == 0)
		return;
	ck_assert_int_eq(sscanf(fake->script, "@%d%n", &after_ms, &used), 1);
	fake->script += used;
	for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
		if (strcmp(forms[i].name, word) == 0) {
			make_reply(flight, &forms[i], query);
			flight->lands_ms = fake->now_ms + after_ms;
			return;
		}
	}
	ck_abort_msg("no such reply: %s", word);
}

/* --- lanes -------------------------------------------------------------------------------------------- */

static struct lane_flight *fake_send(struct lane_set *set, const struct lane_packet *packet, void *owner)
{
	struct fake *fake = (struct fake *)set;
	char text[64];
	ck_assert_uint_lt(fake->sent, MAX_FLIGHTS);
	struct fake_flight *flight = &fake->flights[fake->sent++];
	*flight = (struct fake_flight){.is_used = true};
	flight->base.owner = owner;
	flight->base.server = packet->server;
	flight->base.attempt = packet->attempt;
	flight->base.tcp = packet->tcp;
	flight->base.edns = packet->edns;
	ck_assert_uint_eq(packet->len, question_end(packet->bytes) + (packet->edns ? 11 : 0));
	snprintf(text, sizeof text, "%lld:%c>%zu%s%s", (long long)fake->now_ms, packet->bytes[13],
		packet->server, packet->tcp ? "t" : "", packet->edns ? "" : "p");
	add_log(fake, text);
	follow_script(fake, flight, packet->bytes);
	if (++fake->in_air > fake->most_in_air)
		fake->most_in_air = fake->in_air;
	return &flight->base;
}

static struct fake_flight *next_to_land(struct fake *fake)
{
	struct fake_flight *next = NULL;
	for (size_t i = 0; i < fake->sent; i++) {
		struct fake_flight *flight = &fake->flights[i];
		if (flight->is_used && !flight->is_taken &&
			(next == NULL || flight->lands_ms < next->lands_ms))
			next = flight;
	}
	return next == NULL || next->lands_ms == NEVER ? NULL : next;
}

static struct lane_flight *fake_take(struct lane_set *set)
{
	struct fake *fake = (struct fake *)set;
	struct fake_flight *flight = next_to_land(fake);
	if (flight == NULL || flight->lands_ms > fake->now_ms)
		return NULL;
	flight->is_taken = true;
	return &flight->base;
}

static void fake_release(struct lane_set *set, struct lane_flight *base)
{
	struct fake *fake = (struct fake *)set;
	struct fake_flight *flight = (struct fake_flight *)base;
	ck_assert(flight->is_used);
	flight->is_used = false;
	fake->in_air--;
}

static void fake_wait(struct lane_set *set, int timeout_ms)
{
	struct fake *fake = (struct fake *)set;
	const struct fake_flight *flight = next_to_land(fake);
	ck_assert_int_ge(timeout_ms, 0);
	if (flight != NULL && flight->lands_ms <= fake->now_ms + timeout_ms)
		fake->now_ms = flight->lands_ms > fake->now_ms ? flight->lands_ms : fake->now_ms;
	else
		fake->now_ms += timeout_ms;
}

static int64_t fake_now_ms(const struct lane_set *set)
{
	return ((const struct fake *)set)->now_ms;
}

static void fake_close(struct lane_set *set)
{
	struct fake *fake = (struct fake *)set;
	ck_assert_uint_eq(fake->in_air, 0);
	fake->is_closed = true;
}

static const struct lane_ops fake_ops = {
	fake_send, fake_take, fake_release, fake_wait, fake_now_ms, fake_close};

/* --- answers ------------------------------------------------------------------------------------------ */

static const char *kind_text(const struct answer *answer)
{
	static const char *const kinds[] = {"ok", "nodata", "nxdomain", "alias"};
	return answer->kind == ANSWER_TEMPORARY ? dns_failure_text(answer->failure) : kinds[answer->kind];
}

/* 192.0.2.N:53 is server N. */
static void deliver(void *context, const struct answer *answer)
{
	struct fake *fake = context;
	char text[96];
	struct slice server = answer->origin.server;
	ck_assert_uint_eq(server.len, strlen("192.0.2.0:53"));
	snprintf(text, sizeof text, "%lld:%c=%s%s%s%s%.0u@%c", (long long)fake->now_ms,
		answer->question.name.wire[1], kind_text(answer), answer->truncated ? ",cut" : "",
		answer->over_tcp ? ",tcp" : "", answer->authentic ? ",ad" : "",
		(unsigned)(answer->failure == DNS_FAILURE_RCODE ? answer->rcode : 0), server.ptr[8]);
	add_log(fake, text);
	/* z.example only ever comes with another answer. */
	if (answer->question.name.wire[1] != 'z')
		fake->open--;
}

static void start_fake(struct fake *fake, const char *script)
{
	*fake = (struct fake){.set = {&fake_ops}, .script = script};
}

static struct source *open_fake(
	struct fake *fake, const struct source_net_options *options, struct escape *escape)
{
	struct server_address servers[3];
	size_t count = options->server_count;
	for (size_t i = 0; i < count; i++)
		servers[i] = (struct server_address){{IP_V4, {192, 0, 2, (unsigned char)i}}, 53};
	return source_net_open_on(
		options, servers, count, &fake->set, (struct source_sink){deliver, fake}, escape);
}

/* Asks a.example, b.example, ... for TXT. */
static void ask(struct source *source, struct fake *fake, struct arena *arena, size_t count)
{
	struct question questions[8] = {0};
	for (size_t i = 0; i < count; i++) {
		char text[] = "?.example";
		text[0] = (char)('a' + i);
		questions[i].type = RRTYPE_TXT;
		ck_assert_int_eq(name_from_text(arena, slice_cstr(text), &questions[i].name), NAME_OK);
	}
	fake->open += count;
	source_ask(source, questions, count);
}

/* --- rows --------------------------------------------------------------------------------------------- */

struct row {
	const char *name;
	size_t servers;	  /* 0: 2 */
	int tries;	  /* 0: 3 */
	size_t questions; /* 0: 1 */
	const char *script;
	const char *log;
	bool tcp_only;
	bool trust_ad;
	size_t max_in_flight;
};

static const struct row rows[] = {
	{.name = "an answer", .script = "ok@7", .log = "0:a>0 7:a=ok@0"},
	{.name = "NODATA, NXDOMAIN",
		.servers = 1,
		.questions = 2,
		.script = "nodata@1 nxdomain@2",
		.log = "0:a>0 0:b>0 1:a=nodata@0 2:b=nxdomain@0"},
	{.name = "what comes with an answer is said before it",
		.servers = 1,
		.script = "chain@1",
		.log = "0:a>0 1:z=ok@0 1:a=alias@0"},
	{.name = "silence: tries at 3/16 and 1/2, servers in turn",
		.script = "",
		.log = "0:a>0 1500:a>1 4000:a>0 8000:a=timeout@0"},
	{.name = "one try", .tries = 1, .script = "", .log = "0:a>0 8000:a=timeout@0"},
	{.name = "two tries", .tries = 2, .script = "", .log = "0:a>0 1500:a>1 8000:a=timeout@1"},
	{.name = "six tries",
		.servers = 3,
		.tries = 6,
		.script = "",
		.log = "0:a>0 1500:a>1 4000:a>2 5000:a>0 6000:a>1 7000:a>2 8000:a=timeout@2"},
	{.name = "the first answer counts, late as it is",
		.script = "ok@3000 - -",
		.log = "0:a>0 1500:a>1 3000:a=ok@0"},
	{.name = "the faster answer counts", .script = "ok@3000 ok@10", .log = "0:a>0 1500:a>1 1510:a=ok@1"},
	{.name = "a late failure, while a later try runs, starts none",
		.script = "servfail@2000 ok@1000",
		.log = "0:a>0 1500:a>1 2500:a=ok@1"},

	{.name = "SERVFAIL: the next server at once",
		.script = "servfail@10 ok@5",
		.log = "0:a>0 10:a>1 15:a=ok@1"},
	{.name = "REFUSED: the next server at once",
		.script = "refused@10 ok@5",
		.log = "0:a>0 10:a>1 15:a=ok@1"},
	{.name = "unreachable: the next server at once",
		.script = "unreachable@0 ok@5",
		.log = "0:a>0 0:a>1 5:a=ok@1"},
	{.name = "a lane that gave up: the next server at once",
		.script = "silent@9 ok@5",
		.log = "0:a>0 9:a>1 14:a=ok@1"},
	{.name = "another RCODE: the next server at once",
		.script = "notauth@10 ok@5",
		.log = "0:a>0 10:a>1 15:a=ok@1"},
	{.name = "failures count as tries",
		.script = "servfail@1 servfail@1 servfail@1",
		.log = "0:a>0 1:a>1 2:a>0 3:a=servfail@0"},
	{.name = "after a failure the third try keeps its time",
		.script = "servfail@1 -",
		.log = "0:a>0 1:a>1 4000:a>0 8000:a=servfail@0"},
	{.name = "all have failed but one still may answer",
		.tries = 2,
		.script = "ok@5000 servfail@1",
		.log = "0:a>0 1500:a>1 5000:a=ok@0"},

	{.name = "SERVFAIL says more than silence",
		.tries = 2,
		.script = "servfail@1",
		.log = "0:a>0 1:a>1 8000:a=servfail@0"},
	{.name = "SERVFAIL says more than nonsense",
		.tries = 2,
		.script = "servfail@1 query@1",
		.log = "0:a>0 1:a>1 2:a=servfail@0"},
	{.name = "nonsense says more than unreachable",
		.tries = 2,
		.script = "query@1 unreachable@1",
		.log = "0:a>0 1:a>1 2:a=malformed@0"},
	{.name = "unreachable says more than silence",
		.tries = 2,
		.script = "unreachable@1 silent@1",
		.log = "0:a>0 1:a>1 2:a=unreachable@0"},
	{.name = "of two that say as much the last",
		.tries = 2,
		.script = "servfail@1 refused@1",
		.log = "0:a>0 1:a>1 2:a=refused@1"},
	{.name = "the RCODE is told",
		.servers = 1,
		.tries = 1,
		.script = "notauth@1",
		.log = "0:a>0 1:a=rcode9@0"},

	{.name = "a reflected query", .script = "query@1 ok@1", .log = "0:a>0 1:a>1 2:a=ok@1"},
	{.name = "a reply to another question", .script = "other@1 ok@1", .log = "0:a>0 1:a>1 2:a=ok@1"},
	{.name = "nonsense only",
		.servers = 1,
		.script = "query@1 other@1 query@1",
		.log = "0:a>0 1:a>0 2:a>0 3:a=malformed@0"},

	{.name = "TC: the same server over TCP",
		.script = "tc@10 ok@20",
		.log = "0:a>0 10:a>0t 30:a=ok,cut,tcp@0"},
	{.name = "TC, and TCP is closed everywhere",
		.servers = 1,
		.tries = 2,
		.script = "tc@1 unreachable@1 tc@1 unreachable@1",
		.log = "0:a>0 1:a>0t 2:a>0 3:a>0t 4:a=unreachable,cut,tcp@0"},
	{.name = "TC, TCP closed, another server",
		.script = "tc@1 unreachable@1 tc@1 ok@1",
		.log = "0:a>0 1:a>0t 2:a>1 3:a>1t 4:a=ok,cut,tcp@1"},
	{.name = "TC, and TCP is silent: the other tries keep their time",
		.tries = 2,
		.script = "tc@1 - tc@1 -",
		.log = "0:a>0 1:a>0t 1500:a>1 1501:a>1t 8000:a=timeout,cut@1"},
	{.name = "TC over TCP",
		.servers = 1,
		.tries = 1,
		.script = "tc@1 tc@1",
		.log = "0:a>0 1:a>0t 2:a=malformed,cut,tcp@0"},
	{.name = "TC twice is one connection",
		.servers = 1,
		.script = "tc@1600 tc@200 ok@500",
		.log = "0:a>0 1500:a>0 1600:a>0t 2100:a=ok,cut,tcp@0"},
	{.name = "a broken reply over UDP: TCP", .script = "cut@1 ok@1", .log = "0:a>0 1:a>0t 2:a=ok,tcp@0"},
	{.name = "a broken reply of the size we allow was cut",
		.script = "cut1232@1 ok@1",
		.log = "0:a>0 1:a>0t 2:a=ok,cut,tcp@0"},
	{.name = "a reply the lane cannot read: TCP",
		.script = "unreadable@1 ok@1",
		.log = "0:a>0 1:a>0t 2:a=ok,tcp@0"},
	{.name = "broken over UDP, and no TCP",
		.servers = 1,
		.tries = 1,
		.script = "cut@1 unreachable@1",
		.log = "0:a>0 1:a>0t 2:a=malformed@0"},
	{.name = "broken over both",
		.servers = 1,
		.tries = 2,
		.script = "cut@1 cut@1 cut@1 cut@1",
		.log = "0:a>0 1:a>0t 2:a>0 3:a>0t 4:a=malformed,tcp@0"},
	{.name = "TCP only",
		.script = "unreachable@1 ok@5",
		.tcp_only = true,
		.log = "0:a>0t 1:a>1t 6:a=ok,tcp@1"},

	{.name = "FORMERR: without EDNS, not a try",
		.tries = 1,
		.script = "formerr@1 ok@1",
		.log = "0:a>0 1:a>0p 2:a=ok@0"},
	{.name = "NOTIMP: without EDNS",
		.tries = 1,
		.script = "notimp@1 ok@1",
		.log = "0:a>0 1:a>0p 2:a=ok@0"},
	{.name = "BADVERS: without EDNS",
		.tries = 1,
		.script = "badvers@1 ok@1",
		.log = "0:a>0 1:a>0p 2:a=ok@0"},
	{.name = "FORMERR again",
		.tries = 2,
		.script = "formerr@1 formerr@1 ok@1",
		.log = "0:a>0 1:a>0p 2:a>1p 3:a=ok@1"},
	{.name = "FORMERR to everything",
		.servers = 1,
		.tries = 2,
		.script = "formerr@1 formerr@1 formerr@1",
		.log = "0:a>0 1:a>0p 2:a>0p 3:a=rcode1@0"},
	{.name = "FORMERR over TCP",
		.servers = 1,
		.tries = 1,
		.script = "formerr@1 ok@1",
		.tcp_only = true,
		.log = "0:a>0t 1:a>0tp 2:a=ok,tcp@0"},

	{.name = "AD of a server far away is not believed",
		.servers = 1,
		.tries = 1,
		.script = "ad@1",
		.log = "0:a>0 1:a=ok@0"},
	{.name = "AD is believed when told so",
		.servers = 1,
		.tries = 1,
		.script = "ad@1",
		.trust_ad = true,
		.log = "0:a>0 1:a=ok,ad@0"},

	{.name = "a batch is sent at once",
		.questions = 4,
		.script = "ok@4 ok@3 ok@2 ok@1",
		.log = "0:a>0 0:b>0 0:c>0 0:d>0 1:d=ok@0 2:c=ok@0 3:b=ok@0 4:a=ok@0"},
	{.name = "no more in flight than allowed",
		.servers = 1,
		.questions = 4,
		.max_in_flight = 2,
		.script = "ok@10 ok@20 ok@10 ok@10",
		.log = "0:a>0 0:b>0 10:a=ok@0 10:c>0 20:b=ok@0 20:c=ok@0 20:d>0 30:d=ok@0"},
	{.name = "time counts from the first packet",
		.servers = 1,
		.tries = 1,
		.questions = 2,
		.max_in_flight = 1,
		.script = "",
		.log = "0:a>0 8000:a=timeout@0 8000:b>0 16000:b=timeout@0"},
};

static struct source_net_options options_of(const struct row *row)
{
	return (struct source_net_options){
		.server_count = row->servers > 0 ? row->servers : 2,
		.timeout_ms = 8000,
		.tries = row->tries > 0 ? row->tries : 3,
		.tcp_only = row->tcp_only,
		.trust_ad = row->trust_ad,
		.max_in_flight = row->max_in_flight,
	};
}

START_TEST(test_policy)
{
	const struct row *row = &rows[_i];
	struct arena *arena = unit_arena();
	struct source_net_options options = options_of(row);
	struct fake fake;
	start_fake(&fake, row->script);
	struct source *source = open_fake(&fake, &options, arena->escape);
	ask(source, &fake, arena, row->questions > 0 ? row->questions : 1);
	while (fake.open > 0)
		source_wait(source, -1);
	ck_assert_msg(strcmp(fake.log, row->log) == 0, "%s:\n  %s\n  %s", row->name, fake.log, row->log);
	ck_assert_uint_eq(source_sent(source), fake.sent);
	source_close(source);
	ck_assert(fake.is_closed);
}
END_TEST

START_TEST(test_wait)
{
	struct arena *arena = unit_arena();
	struct source_net_options options = {.server_count = 1, .timeout_ms = 8000, .tries = 3};
	struct fake fake;
	start_fake(&fake, "ok@100 ok@100");
	struct source *source = open_fake(&fake, &options, arena->escape);
	source_wait(source, -1); /* nothing is open */
	ask(source, &fake, arena, 2);
	source_wait(source, 0);
	ck_assert_int_eq(fake.now_ms, 0);
	source_wait(source, 40);
	ck_assert_int_eq(fake.now_ms, 40);
	ck_assert_uint_eq(fake.open, 2);
	source_wait(source, 1000);
	ck_assert_int_eq(fake.now_ms, 100);
	ck_assert_uint_eq(fake.open, 0);
	source_wait(source, -1);
	ck_assert_int_eq(fake.now_ms, 100);
	source_close(source);
}
END_TEST

/* Closing frees what is on the wire and what waits. */
START_TEST(test_close_open)
{
	struct arena *arena = unit_arena();
	struct source_net_options options = {.server_count = 1, .max_in_flight = 2};
	struct fake fake;
	start_fake(&fake, "");
	struct source *source = open_fake(&fake, &options, arena->escape);
	ask(source, &fake, arena, 5);
	source_wait(source, 2000);
	ck_assert_uint_eq(fake.in_air, 4);
	source_close(source);
	ck_assert_uint_eq(fake.in_air, 0);
}
END_TEST

struct memory_case {
	struct fake fake;
	struct source *source; /* of a run that left through the escape */
};

static void run_all(struct arena *arena, void *context)
{
	struct memory_case *c = context;
	struct source_net_options options = {.server_count = 2};
	if (c->source != NULL)
		source_close(c->source);
	c->source = NULL;
	start_fake(&c->fake, "chain@1 servfail@1 ok@1 tc@1 ok@1");
	c->source = open_fake(&c->fake, &options, arena->escape);
	ask(c->source, &c->fake, arena, 3);
	while (c->fake.open > 0)
		source_wait(c->source, -1);
	source_close(c->source);
	c->source = NULL;
}

START_TEST(test_out_of_memory)
{
	struct memory_case *c = calloc(1, sizeof *c);
	ck_assert_ptr_nonnull(c);
	unit_fail_every_allocation(run_all, c);
	free(c);
}
END_TEST

/* The table of what is an address: test_server_address.c. */
START_TEST(test_server_is_valid)
{
	ck_assert(source_net_server_is_valid(SLICE("[2001:db8::53]:5353")));
	ck_assert(!source_net_server_is_valid(SLICE("ns.example.com")));
}
END_TEST

START_TEST(test_open_refuses)
{
	struct arena *arena = unit_arena();
	const char *why = NULL;
	struct slice bad[SOURCE_NET_MAX_SERVERS + 1] = {SLICE("192.0.2.53"), SLICE("nonsense")};
	struct source_net_options options = {.servers = bad, .server_count = 2};
	struct source_sink sink = {deliver, NULL};
	ck_assert_ptr_null(source_net_open(&options, sink, arena->escape, &why));
	ck_assert_str_eq(why, "a name server's address is not valid");
	options.server_count = SOURCE_NET_MAX_SERVERS + 1;
	ck_assert_ptr_null(source_net_open(&options, sink, arena->escape, &why));
	ck_assert_str_eq(why, "too many name servers");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("source_net");
	TCase *tcase = tcase_create("source_net");
	tcase_add_loop_test(tcase, test_policy, 0, (int)(sizeof rows / sizeof rows[0]));
	tcase_add_test(tcase, test_wait);
	tcase_add_test(tcase, test_close_open);
	tcase_add_test(tcase, test_out_of_memory);
	tcase_add_test(tcase, test_server_is_valid);
	tcase_add_test(tcase, test_open_refuses);
	suite_add_tcase(suite, tcase);
	return unit_run(suite);
}
