/* fuzz_spf_tree: two walkers, one truth: the static tree and check_host() over a small zone made of the
 * input.
 *
 * Six names have records that refer to each other, as the bytes say. Where the tree claims to know
 * everything, an address passes check_host() if and only if it is in the tree's networks; no client spends
 * more lookups or void lookups than the worst case; and a client that gets permerror makes the worst case
 * one.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "spf/spf_check.h"
#include "spf/spf_explain.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define NAMES	   6
#define MAX_TERMS  9
#define MAX_ROUNDS 1000
#define NOW	   1000

static const char *const names[NAMES] = {
	"n0.example", "n1.example", "n2.example", "n3.example", "in-addr.v.example", "ip6.v.example"};

/* What DNS has at a name, each byte read as it comes. */
struct host {
	struct name name;
	unsigned txt, a, aaaa, mx;
	char text[512];
};

struct world {
	struct arena arena;
	struct table *table;
	struct slice input;
	struct host hosts[NAMES];
};

static unsigned take(struct world *world)
{
	if (world->input.len == 0)
		return 0;
	unsigned byte = (unsigned char)world->input.ptr[0];
	world->input = slice_from(world->input, 1);
	return byte;
}

/* --- the zone ----------------------------------------------------------------------------- */

static int write_term(char *text, size_t room, unsigned kind, unsigned target)
{
	static const char qualifiers[][2] = {"", "-", "~", "?"};
	const char *qualifier = qualifiers[kind / 16 % 4], *name = names[target % NAMES];
	switch (kind % 16) {
	case 0:
	case 1:
		return snprintf(
			text, room, " %sip4:192.0.2.%u/%u", qualifier, target % 16, 27 + target / 16 % 6);
	case 2:
		return snprintf(
			text, room, " %sip6:2001:db8::%x/%u", qualifier, target % 8, 124 + target / 8 % 5);
	case 3:
	case 4:
		return snprintf(text, room, " %sa:%s", qualifier, name);
	case 5:
		return snprintf(text, room, " %sa/%u//%u", qualifier, 28 + target % 5, 125 + target % 4);
	case 6:
	case 7:
		return snprintf(text, room, " %smx:%s", qualifier, name);
	case 8:
		return snprintf(text, room, " %sexists:%s", qualifier, name);
	case 9:
		return snprintf(text, room, " redirect=%s", name);
	case 10:
		return snprintf(text, room, " %sinclude:%%{v}.v.example", qualifier);
	case 11:
		return target % 8 == 0 ? snprintf(text, room, " %sall", qualifier)
				       : snprintf(text, room, " %sinclude:%s", qualifier, name);
	case 12:
		return target % 8 == 0 ? snprintf(text, room, " %sptr", qualifier) : 0;
	default:
		return snprintf(text, room, " %sinclude:%s", qualifier, name);
	}
}

static void read_host(struct world *world, size_t index)
{
	struct host *host = &world->hosts[index];
	if (name_from_text(&world->arena, slice_cstr(names[index]), &host->name) != NAME_OK)
		abort();
	host->txt = take(world);
	host->a = take(world);
	host->aaaa = take(world);
	host->mx = take(world);
	size_t len = (size_t)snprintf(host->text, sizeof host->text, "v=spf1");
	unsigned count = host->txt / 8 % MAX_TERMS;
	for (unsigned i = 0; i < count; i++) {
		unsigned kind = take(world), target = take(world);
		len += (size_t)write_term(host->text + len, sizeof host->text - len, kind, target);
	}
}

static struct slice txt_rdata(struct world *world, struct slice text)
{
	char *rdata = arena_alloc(&world->arena, text.len + 4);
	size_t len = 0;
	for (; text.len > 0; text = slice_from(text, 255)) {
		struct slice part = slice_head(text, 255);
		rdata[len++] = (char)part.len;
		memcpy(rdata + len, part.ptr, part.len);
		len += part.len;
	}
	return slice_of(rdata, len);
}

static struct slice record_rdata(struct world *world, const struct host *host, uint16_t type, unsigned i)
{
	if (type == RRTYPE_TXT)
		return txt_rdata(world, slice_cstr(host->text));
	char *rdata = arena_alloc(&world->arena, 64);
	if (type == RRTYPE_A) {
		memcpy(rdata, "\300\0\2", 3);
		rdata[3] = (char)(host->a / 8 % 16 + i);
		return slice_of(rdata, 4);
	}
	if (type == RRTYPE_AAAA) {
		memcpy(rdata, "\x20\x01\x0d\xb8", 4);
		rdata[15] = (char)(host->aaaa / 8 % 8 + i);
		return slice_of(rdata, 16);
	}
	struct name target = world->hosts[(host->mx / 16 + i) % NAMES].name;
	rdata[1] = (char)i;
	memcpy(rdata + 2, target.wire, target.len);
	return slice_of(rdata, target.len + 2);
}

/* How many records; the highest numbers are failures. */
static size_t record_count(const struct host *host, uint16_t type, bool *fails)
{
	unsigned number = type == RRTYPE_TXT ? host->txt : type == RRTYPE_A ? host->a : host->mx;
	if (type == RRTYPE_AAAA)
		number = host->aaaa;
	*fails = number >= 253;
	if (type == RRTYPE_TXT)
		return number % 8 == 7 ? 0 : number >= 250 ? 2 : 1;
	if (type == RRTYPE_MX)
		return number >= 240 ? 11 : number % 4;
	return type == RRTYPE_A || type == RRTYPE_AAAA ? number % 3 : 0;
}

static void answer(struct world *world, const struct question *question)
{
	struct answer answer = {
		.question = *question, .owner = question->name, .ttl = 60, .kind = ANSWER_NXDOMAIN};
	for (size_t i = 0; i < NAMES; i++) {
		const struct host *host = &world->hosts[i];
		bool fails;
		if (!name_equal(host->name, question->name))
			continue;
		answer.owner_exists = true;
		answer.kind = ANSWER_NODATA;
		answer.count = record_count(host, question->type, &fails);
		struct record *records = arena_alloc(&world->arena, (answer.count + 1) * sizeof *records);
		for (unsigned j = 0; j < answer.count; j++) {
			records[j] = (struct record){.type = question->type, .ttl = 60};
			records[j].rdata = record_rdata(world, host, question->type, j);
			record_decode(&world->arena, &records[j]);
		}
		answer.records = records;
		if (answer.count > 0)
			answer.kind = ANSWER_RECORDS;
		if (fails)
			answer = answer_failure(*question, DNS_FAILURE_TIMEOUT);
	}
	table_store(world->table, &answer, NOW);
}

/* --- the walkers -------------------------------------------------------------------------- */

static void fail(struct world *world, const char *what, const struct spf_request *request)
{
	for (size_t i = 0; i < NAMES; i++) {
		const struct host *host = &world->hosts[i];
		fprintf(stderr, "%s txt %u a %u aaaa %u mx %u %s\n", names[i], host->txt, host->a, host->aaaa,
			host->mx, host->text);
	}
	struct slice ip = ip_text(&world->arena, request->ip);
	fprintf(stderr, "%s: %.*s\n", what, (int)ip.len, ip.ptr);
	abort();
}

static void answer_missing(struct world *world, const struct view *view)
{
	size_t count;
	const struct question *missing = view_missing(view, &count);
	if (count == 0)
		abort();
	for (size_t i = 0; i < count; i++)
		answer(world, &missing[i]);
}

static const struct spf_tree *walk(struct world *world, struct view *view)
{
	for (int rounds = 0; rounds < MAX_ROUNDS; rounds++) {
		struct findings findings;
		findings_init(&findings, &world->arena);
		view_begin_run(view, NOW);
		const struct spf_tree *tree =
			spf_tree_walk(view, &world->arena, world->hosts[0].name, NULL, NULL, &findings);
		spf_explain_inspect(view, &world->arena, world->hosts[0].name, tree, NULL, &findings);
		if (view_end_run(view) == EVAL_DONE)
			return tree;
		answer_missing(world, view);
	}
	abort();
}

static struct spf_verdict check(struct world *world, struct view *view, const struct spf_request *request)
{
	for (int rounds = 0; rounds < MAX_ROUNDS; rounds++) {
		struct spf_verdict verdict;
		view_begin_run(view, NOW);
		enum eval_state state = spf_check(request, view, &world->arena, &verdict);
		if (state == EVAL_DONE && view_end_run(view) == EVAL_DONE)
			return verdict;
		answer_missing(world, view);
	}
	abort();
}

static void compare(struct world *world, struct view *view, const struct spf_tree *tree, struct ip ip)
{
	struct spf_request request = {.ip = ip};
	if (!spf_request_identify(
		    &world->arena, &request, SLICE("user@n0.example"), SLICE("n0.example"), SLICE("")))
		abort();
	struct spf_verdict verdict = check(world, view, &request);
	bool is_v4 = ip.family == IP_V4;
	bool passes = ipset_contains(is_v4 ? tree->ipv4 : tree->ipv6, ip);
	unsigned voids = is_v4 ? tree->voids.ipv4 : tree->voids.ipv6;
	if (tree->complete && passes != (verdict.result == SPF_PASS))
		fail(world, passes ? "should pass" : "should not pass", &request);
	if (verdict.lookups > tree->lookups)
		fail(world, "too many lookups", &request);
	if (tree->complete && !tree->root->loops && verdict.void_lookups > voids)
		fail(world, "too many void lookups", &request);
	if (tree->complete && verdict.result == SPF_PERMERROR && !tree->permerror)
		fail(world, "permerror", &request);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct escape escape = {0};
	struct world world = {.input = slice_of((const char *)data, size)};
	if (setjmp(escape.env) != 0)
		abort();
	arena_init(&world.arena, &escape);
	world.table = table_open((size_t)1 << 20, &escape);
	for (size_t i = 0; i < NAMES; i++)
		read_host(&world, i);
	struct view *view = view_open(world.table, &escape);
	const struct spf_tree *tree = walk(&world, view);
	for (unsigned char low = 0; low < 20; low++) {
		compare(&world, view, tree, (struct ip){IP_V4, {192, 0, 2, low}});
		compare(&world, view, tree, (struct ip){IP_V6, {0x20, 1, 0xd, 0xb8, [15] = low}});
	}
	view_close(view);
	table_close(world.table);
	arena_free(&world.arena);
	return 0;
}
