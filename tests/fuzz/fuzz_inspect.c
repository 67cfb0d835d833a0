/* fuzz_inspect: all evaluators over a small zone made of the input.
 *
 * The input's lines are texts; the first line is a list of bytes that decide, question by question, what
 * DNS says: texts of the list, addresses, exchanges, an alias, nothing, no such name, a temporary failure.
 * So includes and redirects lead back into the list. A run must come to an end, and one more run must ask
 * nothing.
 */
#include <stdint.h>
#include <stdlib.h>

#include "inspect/diff.h"
#include "inspect/inspect.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MAX_TEXTS  64
#define MAX_ROUNDS (VIEW_MAX_QUESTIONS + 1)

struct world {
	struct arena arena;
	struct table *table;
	struct slice choices;
	struct slice texts[MAX_TEXTS];
	size_t count;
};

static void read_world(struct world *world, struct slice input)
{
	size_t end = slice_find(input, '\n', 0);
	world->choices = slice_head(input, end);
	input = slice_from(input, end + 1);
	while (input.len > 0 && world->count < MAX_TEXTS) {
		end = slice_find(input, '\n', 0);
		world->texts[world->count++] = slice_head(input, end);
		input = slice_from(input, end + 1);
	}
}

/* The same question always gets the same number. */
static uint32_t number_of(const struct question *question)
{
	uint32_t hash = 2166136261u ^ question->type;
	for (size_t i = 0; i < question->name.len; i++)
		hash = (hash ^ (unsigned char)question->name.wire[i]) * 16777619u;
	return hash ^ (hash >> 15);
}

static struct slice text_rdata(struct world *world, struct slice text)
{
	char *rdata = arena_alloc(&world->arena, text.len + text.len / 255 + 2);
	size_t len = 0;
	do {
		struct slice part = slice_head(text, 255);
		rdata[len++] = (char)part.len;
		if (part.len > 0)
			memcpy(&rdata[len], part.ptr, part.len);
		len += part.len;
		text = slice_from(text, part.len);
	} while (text.len > 0);
	return slice_of(rdata, len);
}

static struct slice rdata_for(struct world *world, uint16_t type, uint32_t number)
{
	static const char address[16] = {(char)192, 0, 2, 1};
	static const char mx[] = "\0\12\4mail\7example\3com";
	static const char name[] = "\1a\7example\3net";
	if (type == RRTYPE_A)
		return slice_of(address, 4);
	if (type == RRTYPE_AAAA)
		return slice_of(address, sizeof address);
	if (type == RRTYPE_MX)
		return slice_of(mx, sizeof mx);
	if (type == RRTYPE_TXT && world->count > 0)
		return text_rdata(world, world->texts[number % world->count]);
	return slice_of(name, sizeof name);
}

static void answer(struct world *world, const struct question *question)
{
	uint32_t number = number_of(question);
	unsigned choice = 0;
	if (world->choices.len > 0)
		choice = (unsigned char)world->choices.ptr[number % world->choices.len];
	struct answer answer = {
		.question = *question, .owner = question->name, .ttl = 60, .owner_exists = true};
	size_t count = choice % 8 < 4 ? 1 + (choice >> 3) % 3 : 0;
	struct record *records = arena_alloc(&world->arena, 3 * sizeof *records);
	for (size_t i = 0; i < count; i++) {
		records[i] = (struct record){.type = question->type, .ttl = 60};
		records[i].rdata = rdata_for(world, question->type, number + (uint32_t)i);
	}
	answer.kind = count > 0 ? ANSWER_RECORDS : ANSWER_NODATA;
	if (choice % 8 == 5) {
		count = 1;
		answer.kind = ANSWER_ALIAS;
		records[0] = (struct record){.type = RRTYPE_CNAME, .ttl = 60};
		records[0].rdata = rdata_for(world, RRTYPE_CNAME, 0);
	} else if (choice % 8 == 6) {
		answer.kind = ANSWER_NXDOMAIN;
		answer.owner_exists = false;
	} else if (choice % 8 == 7) {
		answer = answer_failure(*question, DNS_FAILURE_TIMEOUT);
	}
	for (size_t i = 0; i < count; i++)
		record_decode(&world->arena, &records[i]);
	records_sort(records, count);
	answer.records = records;
	answer.count = answer.kind == ANSWER_TEMPORARY ? 0 : count;
	table_store(world->table, &answer, 1000);
}

/* What holds for every verdict. */
static void check(const struct verdict *verdict)
{
	bool unknown = verdict->spf.status == STATUS_UNKNOWN || verdict->dmarc.status == STATUS_UNKNOWN;
	if (unknown && verdict->incomplete_count == 0)
		abort();
	if (verdict->incomplete_count > 0 && verdict->level != VERDICT_UNKNOWN &&
		verdict->level != VERDICT_FAIL)
		abort();
	for (size_t i = 0; i < verdict->findings.count; i++) {
		const struct finding *finding = &verdict->findings.items[i];
		if (finding->has_span && span_end(finding->span) > finding->place.record.len)
			abort();
	}
}

/* A domain does not differ from itself, and can be compared with one of which nothing is known. */
static void compare(const struct verdict *verdict, struct escape *escape)
{
	static const struct verdict bad_line = {.error = {"no domain", 9}};
	struct arena arena;
	struct diff_side one, other, nothing;
	struct diff diff;
	arena_init(&arena, escape);
	diff_side_of(&arena, verdict, &one);
	diff_side_of(&arena, verdict, &other);
	diff_side_of(&arena, &bad_line, &nothing);
	diff_compare(&arena, verdict->domain, &one, &other, DIFF_DENY_WIDEN | DIFF_DENY_WEAKEN, &diff);
	if (diff.changed || diff.denied != 0 || diff.changes.count > 0)
		abort();
	diff_compare(&arena, verdict->domain, &nothing, &one, DIFF_DENY_WIDEN | DIFF_DENY_WEAKEN, &diff);
	if (diff.on_mail || diff.denied != 0)
		abort();
	arena_free(&arena);
}

static enum eval_state run_once(
	const struct inspect_request *request, struct view *view, struct escape *escape)
{
	struct arena scratch;
	struct verdict verdict;
	arena_init(&scratch, escape);
	view_begin_run(view, 1000);
	enum eval_state state = inspect(request, view, &scratch, &verdict);
	if (state == EVAL_DONE) {
		check(&verdict);
		compare(&verdict, escape);
	}
	arena_free(&scratch);
	return state;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct escape escape = {0};
	struct world world = {.count = 0};
	struct inspect_request request = {.domain = {"\7example\3com", 13}, .input = SLICE("example.com")};
	if (setjmp(escape.env) != 0)
		abort();
	arena_init(&world.arena, &escape);
	world.table = table_open((size_t)1 << 20, &escape);
	read_world(&world, slice_of((const char *)data, size));
	struct view *view = view_open(world.table, &escape);
	size_t rounds = 0, count;
	while (run_once(&request, view, &escape) == EVAL_NEEDS_ANSWERS) {
		const struct question *missing = view_missing(view, &count);
		if (count == 0 || ++rounds > MAX_ROUNDS)
			abort();
		for (size_t i = 0; i < count; i++)
			answer(&world, &missing[i]);
	}
	if (run_once(&request, view, &escape) != EVAL_DONE)
		abort();
	view_close(view);
	table_close(world.table);
	arena_free(&world.arena);
	return 0;
}
