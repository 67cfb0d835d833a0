/* fixture: see fixture.h. The zone is a source_zone at the root; faults are looked up before it. */
#include "support/fixture.h"

#include <stdio.h>
#include <stdlib.h>

#include "dns/source_zone.h"

#define TABLE_BYTES   ((size_t)64 << 20)
#define TYPE_EXISTS   65280 /* a private type: the record that makes the name of a fault exist */
#define TYPE_ANY      255   /* of a fault: every type */
#define FIXTURE_TTL   300
#define FIXTURE_CLOCK 1000000

struct fault {
	struct question question;
	enum answer_kind kind;
	enum dns_failure failure;
};

struct fixture {
	struct source source;
	struct arena *arena;
	struct zonefile zone;
	struct zonefile_record *records;
	size_t record_capacity;
	struct local_source *index; /* NULL: to be made again */
	struct fault *faults;
	size_t fault_count, fault_capacity;
	size_t own_faults; /* those of the text; the rest is broken for a while */
	enum fixture_order order;
	unsigned seed;
	struct question *pending;
	size_t pending_count, pending_capacity;
	struct question *asked;
	size_t asked_count, asked_capacity;
	size_t rounds;
	struct table *table; /* of the run that goes on */
};

/* What a run leaves behind. Kept in a list, so that it can be reached to the end. */
struct run {
	struct table *table;
	struct view *view;
	struct arena scratch;
	struct run *older;
};

static struct run *runs;

static _Noreturn void refuse(struct slice line, const char *why)
{
	fprintf(stderr, "fixture: %s: \"%.*s\"\n", why, (int)line.len, line.ptr);
	abort();
}

/* --- reading the text ------------------------------------------------------------------------- */

static void add_record(struct fixture *fixture, struct name owner, struct record record)
{
	record.origin = (struct origin){.kind = ORIGIN_SERVER, .server = SLICE("192.0.2.53:53")};
	record_decode(fixture->arena, &record);
	fixture->records = arena_grow(fixture->arena, fixture->records, fixture->zone.count,
		&fixture->record_capacity, sizeof *fixture->records);
	fixture->records[fixture->zone.count++] = (struct zonefile_record){.owner = owner, .record = record};
	fixture->zone.records = fixture->records;
	fixture->index = NULL;
}

static void add_fault(struct fixture *fixture, struct fault fault)
{
	fixture->faults = arena_grow(fixture->arena, fixture->faults, fixture->fault_count,
		&fixture->fault_capacity, sizeof *fixture->faults);
	fixture->faults[fixture->fault_count++] = fault;
}

/* The next word of *rest. */
static struct slice take_word(struct slice *rest)
{
	*rest = slice_trim(*rest);
	size_t end = slice_find(*rest, ' ', 0);
	struct slice word = slice_head(*rest, end);
	*rest = slice_trim(slice_from(*rest, end));
	return word;
}

/* "!timeout" as a fault; false: there is none of that name. */
static bool find_fault(struct slice word, struct fault *fault)
{
	struct slice name = slice_from(word, 1);
	*fault = (struct fault){.kind = ANSWER_NODATA};
	if (slice_equal(name, SLICE("nodata")))
		return true;
	fault->kind = ANSWER_NXDOMAIN;
	if (slice_equal(name, SLICE("nxdomain")))
		return true;
	fault->kind = ANSWER_TEMPORARY;
	for (int failure = DNS_FAILURE_TIMEOUT; failure <= DNS_FAILURE_OFFLINE; failure++) {
		fault->failure = (enum dns_failure)failure;
		if (slice_equal(name, slice_cstr(dns_failure_text(fault->failure))))
			return true;
	}
	return false;
}

/* Reads "NAME TYPE !FAULT"; false: the line is something else. */
static bool read_fault(struct fixture *fixture, struct slice line)
{
	struct slice rest = line;
	struct slice name = take_word(&rest), type = take_word(&rest);
	struct fault fault;
	if (!slice_starts(rest, SLICE("!")))
		return false;
	if (!find_fault(rest, &fault))
		refuse(line, "no such fault");
	if (name_from_master(fixture->arena, name, &fault.question.name) != NAME_OK)
		refuse(line, "not a name");
	fault.question.type = slice_equal(type, SLICE("*")) ? TYPE_ANY : rrtype_number(type);
	if (fault.question.type == 0)
		refuse(line, "not a type");
	add_fault(fixture, fault);
	if (fault.kind != ANSWER_NXDOMAIN)
		add_record(fixture, fault.question.name,
			(struct record){.type = TYPE_EXISTS, .ttl = FIXTURE_TTL});
	return true;
}

static void read_line(struct fixture *fixture, struct slice line)
{
	struct zonefile_record record;
	struct zonefile_error error;
	while (line.len > 0 && (line.ptr[0] == ' ' || line.ptr[0] == '\t'))
		line = slice_from(line, 1);
	if (line.len == 0 || line.ptr[0] == '#' || read_fault(fixture, line))
		return;
	if (!zonefile_parse_record(fixture->arena, line, &record, &error))
		refuse(line, arena_cstr(fixture->arena, error.message));
	if (record.record.type == RRTYPE_NS)
		refuse(line, "NS lines are not taken");
	add_record(fixture, record.owner, record.record);
}

/* --- the source ------------------------------------------------------------------------------- */

static const struct fault *fault_of(const struct fixture *fixture, const struct question *question)
{
	const struct fault *any = NULL;
	for (size_t i = fixture->fault_count; i-- > 0;) {
		const struct fault *fault = &fixture->faults[i];
		if (!name_equal(fault->question.name, question->name))
			continue;
		if (fault->question.type == question->type)
			return fault;
		if (fault->question.type == TYPE_ANY)
			any = fault;
	}
	return any;
}

static struct answer answer_to(struct fixture *fixture, const struct question *question)
{
	const struct fault *fault = fault_of(fixture, question);
	struct answer answer = {.question = *question, .owner = question->name, .ttl = FIXTURE_TTL};
	if (fixture->index == NULL)
		fixture->index = source_zone_open(fixture->arena, &fixture->zone);
	if (fault != NULL) {
		answer.kind = fault->kind;
		answer.failure = fault->failure;
		answer.owner_exists = fault->kind == ANSWER_NODATA;
	} else if (!fixture->index->ops->lookup(fixture->index, fixture->arena, question, &answer)) {
		refuse(name_text(fixture->arena, question->name), "not in the zone");
	}
	if (answer.kind == ANSWER_NXDOMAIN || answer.kind == ANSWER_NODATA)
		answer.ttl = FIXTURE_TTL;
	answer.rcode = answer.kind == ANSWER_NXDOMAIN ? 3 : 0;
	answer.from_wildcard = false; /* a resolver does not tell */
	answer.origin = (struct origin){.kind = ORIGIN_SERVER, .server = SLICE("192.0.2.53:53")};
	return answer;
}

static void ask(struct source *source, const struct question *questions, size_t count)
{
	struct fixture *fixture = (struct fixture *)source;
	for (size_t i = 0; i < count; i++) {
		struct slice wire =
			arena_copy(fixture->arena, slice_of(questions[i].name.wire, questions[i].name.len));
		struct question copy = {{wire.ptr, wire.len}, questions[i].type};
		fixture->pending = arena_grow(fixture->arena, fixture->pending, fixture->pending_count,
			&fixture->pending_capacity, sizeof *fixture->pending);
		fixture->pending[fixture->pending_count++] = copy;
		fixture->asked = arena_grow(fixture->arena, fixture->asked, fixture->asked_count,
			&fixture->asked_capacity, sizeof *fixture->asked);
		fixture->asked[fixture->asked_count++] = copy;
	}
}

static void deliver(struct fixture *fixture, size_t at)
{
	struct question question = fixture->pending[at];
	for (size_t i = at + 1; i < fixture->pending_count; i++)
		fixture->pending[i - 1] = fixture->pending[i];
	fixture->pending_count--;
	struct answer answer = answer_to(fixture, &question);
	fixture->source.sink.deliver(fixture->source.sink.context, &answer);
}

static size_t random_below(struct fixture *fixture, size_t limit)
{
	fixture->seed = fixture->seed * 1103515245u + 12345u;
	return (fixture->seed >> 16) % limit;
}

static void wait_for_answers(struct source *source, int timeout_ms)
{
	struct fixture *fixture = (struct fixture *)source;
	size_t open = fixture->pending_count;
	(void)timeout_ms;
	if (open == 0)
		return;
	switch (fixture->order) {
	case FIXTURE_ALL:
	case FIXTURE_ORDERS:
		while (fixture->pending_count > 0)
			deliver(fixture, 0);
		return;
	case FIXTURE_ONE_BY_ONE:
		deliver(fixture, 0);
		return;
	case FIXTURE_REVERSED:
		deliver(fixture, open - 1);
		return;
	case FIXTURE_SHUFFLED:
		for (size_t n = 1 + random_below(fixture, open); n > 0; n--)
			deliver(fixture, random_below(fixture, fixture->pending_count));
		return;
	}
}

static void close_source(struct source *source)
{
	(void)source;
}

struct fixture *fixture_open(struct arena *arena, const char *zone_text)
{
	static const struct source_ops ops = {ask, wait_for_answers, close_source, NULL, NULL};
	struct fixture *fixture = arena_alloc(arena, sizeof *fixture);
	fixture->source.ops = &ops;
	fixture->arena = arena;
	fixture->seed = 1;
	name_from_text(arena, slice_of(NULL, 0), &fixture->zone.apex);
	struct slice rest = arena_copy(arena, slice_cstr(zone_text));
	while (rest.len > 0) {
		size_t end = slice_find(rest, '\n', 0);
		read_line(fixture, slice_head(rest, end));
		rest = slice_from(rest, end + 1);
	}
	fixture->own_faults = fixture->fault_count;
	return fixture;
}

struct source *fixture_source(struct fixture *fixture, struct source_sink sink)
{
	fixture->source.sink = sink;
	return &fixture->source;
}

void fixture_set_order(struct fixture *fixture, enum fixture_order order, unsigned seed)
{
	fixture->order = order;
	fixture->seed = seed;
}

void fixture_add(struct fixture *fixture, const char *name, uint16_t type, struct slice rdata)
{
	struct name owner;
	if (name_from_master(fixture->arena, slice_cstr(name), &owner) != NAME_OK)
		refuse(slice_cstr(name), "not a name");
	add_record(fixture, owner,
		(struct record){
			.type = type, .ttl = FIXTURE_TTL, .rdata = arena_copy(fixture->arena, rdata)});
}

void fixture_break(struct fixture *fixture, struct question question, enum dns_failure failure)
{
	add_fault(fixture, (struct fault){question, ANSWER_TEMPORARY, failure});
}

void fixture_mend(struct fixture *fixture)
{
	fixture->fault_count = fixture->own_faults;
}

/* --- the loop --------------------------------------------------------------------------------- */

static void store(void *context, const struct answer *answer)
{
	struct fixture *fixture = context;
	table_store(fixture->table, answer, FIXTURE_CLOCK);
}

static struct run *new_run(struct fixture *fixture)
{
	struct run *run = calloc(1, sizeof *run);
	if (run == NULL)
		abort();
	run->older = runs;
	runs = run;
	arena_init(&run->scratch, fixture->arena->escape);
	run->table = table_open(TABLE_BYTES, fixture->arena->escape);
	run->view = view_open(run->table, fixture->arena->escape);
	fixture->table = run->table;
	fixture->pending_count = 0;
	fixture->asked_count = 0;
	fixture->rounds = 0;
	return run;
}

static enum eval_state run_once(
	struct run *run, void (*evaluate)(struct view *, struct arena *, void *), void *context)
{
	arena_rewind(&run->scratch, (struct arena_mark){NULL, 0});
	view_begin_run(run->view, FIXTURE_CLOCK);
	evaluate(run->view, &run->scratch, context);
	return view_end_run(run->view);
}

struct view *fixture_run(struct fixture *fixture,
	void (*evaluate)(struct view *view, struct arena *arena, void *context), void *context)
{
	struct run *run = new_run(fixture);
	size_t count;
	fixture_source(fixture, (struct source_sink){store, fixture});
	while (run_once(run, evaluate, context) == EVAL_NEEDS_ANSWERS) {
		const struct question *missing = view_missing(run->view, &count);
		source_ask(&fixture->source, missing, count);
		if (fixture->pending_count == 0)
			refuse(slice_of("", 0), "a run waits for answers and nothing is asked");
		fixture->rounds++;
		source_wait(&fixture->source, -1);
	}
	if (run_once(run, evaluate, context) == EVAL_NEEDS_ANSWERS)
		refuse(slice_of("", 0), "one more run asked for something else");
	return run->view;
}

const struct question *fixture_questions(const struct fixture *fixture, size_t *count)
{
	*count = fixture->asked_count;
	return fixture->asked;
}

size_t fixture_rounds(const struct fixture *fixture)
{
	return fixture->rounds;
}
