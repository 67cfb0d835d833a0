/* Local sources over a remote one: who answers, what is corrected, what is dropped. */
#include "dns/source_stack.h"

#include "dns/source_records.h"
#include "dns/source_zone.h"
#include "support/fixture.h"
#include "support/unit.h"

static struct name name_of(struct arena *arena, const char *text)
{
	struct name name;
	ck_assert_int_eq(name_from_text(arena, slice_cstr(text), &name), NAME_OK);
	return name;
}

static bool load_text(
	void *context, struct arena *arena, struct slice path, struct slice *out, struct slice *why)
{
	(void)context;
	(void)arena;
	(void)path;
	(void)why;
	*out = SLICE(
		"@ 60 SOA . . 1 2 3 4 5\n@ TXT zone\nwww CNAME www.example.net.\nsub NS ns.example.net.\n"
		"a.b TXT zone\n");
	return true;
}

static struct local_source *open_zone(struct arena *arena)
{
	const struct zonefile_loader loader = {load_text, NULL};
	struct zonefile *zone = arena_alloc(arena, sizeof *zone);
	struct zonefile_error error;
	ck_assert(zonefile_read(
		arena, SLICE("zone"), name_of(arena, "example.com"), true, &loader, zone, &error));
	return source_zone_open(arena, zone);
}

static struct local_source *open_records(struct arena *arena)
{
	static const char *const given[] = {"example.com TXT record", "x.ent.example.org TXT record",
		"www.example.net TXT record", "x.new.example.com TXT record"};
	struct zonefile_record *records = arena_alloc(arena, 4 * sizeof *records);
	struct zonefile_error error;
	for (size_t i = 0; i < 4; i++)
		ck_assert(zonefile_parse_record(arena, slice_cstr(given[i]), &records[i], &error));
	return source_records_open(arena, records, 4, NULL, 0);
}

/* What was delivered: "KIND TEXT" for the last answer, and how many there were. */
struct inbox {
	struct arena *arena;
	struct slice last;
	bool owner_exists;
	uint16_t rcode;
	size_t count;
};

static void deliver(void *context, const struct answer *answer)
{
	static const char *const kinds[] = {"records", "nodata", "nxdomain", "alias", "temporary"};
	struct inbox *inbox = context;
	const char *more = "";
	if (answer->kind == ANSWER_RECORDS)
		more = arena_cstr(inbox->arena, answer->records[0].data.txt.joined);
	if (answer->kind == ANSWER_TEMPORARY)
		more = dns_failure_text(answer->failure);
	inbox->last = arena_printf(inbox->arena, "%s %s", kinds[answer->kind], more);
	inbox->owner_exists = answer->owner_exists;
	inbox->rcode = answer->rcode;
	inbox->count++;
}

static const char net[] = "example.com TXT net\n"
			  "a.sub.example.com TXT net\n"
			  "www.example.net TXT net\n"
			  "example.net TXT net\n"
			  "late.example.net TXT !timeout\n"
			  "example.org TXT net\n";

struct row {
	const char *name;
	const char *online, *offline;
};

static const struct row rows[] = {
	{"example.com", "records record", "records record"},
	{"a.b.example.com", "records zone", "records zone"},
	{"b.example.com", "nodata ", "nodata "},
	{"nothing.example.com", "nxdomain ", "nxdomain "},
	{"new.example.com", "nodata ", "nodata "}, /* the zone below knows of nothing there */
	{"www.example.com", "alias ", "alias "},
	{"www.example.net", "records record", "records record"},
	{"a.sub.example.com", "records net", "temporary offline"},
	{"example.net", "records net", "temporary offline"},
	{"late.example.net", "temporary timeout", "temporary offline"},
	{"nothing.example.net", "nxdomain ", "temporary offline"},
	{"ent.example.org", "nodata ", "temporary offline"},
	{"y.ent.example.org", "nxdomain ", "temporary offline"},
	{"x.ent.example.org", "records record", "records record"},
};

static void ask_row(struct arena *arena, const struct row *row, bool online)
{
	struct inbox inbox = {.arena = arena};
	struct local_source *const locals[] = {open_records(arena), open_zone(arena)};
	struct source *below =
		online ? fixture_source(fixture_open(arena, net), (struct source_sink){NULL, NULL}) : NULL;
	struct source *stack =
		source_stack_open(locals, 2, below, (struct source_sink){deliver, &inbox}, arena->escape);
	const struct question question = {name_of(arena, row->name), RRTYPE_TXT};
	source_ask(stack, &question, 1);
	source_wait(stack, -1);
	ck_assert_msg(slice_equal(inbox.last, slice_cstr(online ? row->online : row->offline)),
		"%s: \"%.*s\"", row->name, (int)inbox.last.len, inbox.last.ptr);
	ck_assert_uint_eq(inbox.count, 1);
	ck_assert_uint_eq(source_sent(stack), 0);
	if (slice_starts(inbox.last, SLICE("nodata"))) {
		ck_assert(inbox.owner_exists);
		ck_assert_uint_eq(inbox.rcode, 0);
	}
	source_close(stack);
}

START_TEST(answers)
{
	ask_row(unit_arena(), &rows[_i], true);
	ask_row(unit_arena(), &rows[_i], false);
}
END_TEST

/* A batch of both kinds; the rest of a chain that the network adds does not hide the record given by hand. */
START_TEST(batch_and_unasked)
{
	struct arena *arena = unit_arena();
	struct inbox inbox = {.arena = arena};
	struct local_source *const locals[] = {open_records(arena)};
	struct source *below = fixture_source(fixture_open(arena, net), (struct source_sink){NULL, NULL});
	struct source *stack =
		source_stack_open(locals, 1, below, (struct source_sink){deliver, &inbox}, arena->escape);
	const struct question questions[] = {{name_of(arena, "example.net"), RRTYPE_TXT},
		{name_of(arena, "example.com"), RRTYPE_TXT}, {name_of(arena, "example.org"), RRTYPE_TXT}};
	source_ask(stack, questions, 3);
	ck_assert_uint_eq(inbox.count, 1);
	unit_assert_slice(inbox.last, SLICE("records record"));
	source_wait(stack, -1);
	ck_assert_uint_eq(inbox.count, 3);
	struct answer unasked = {
		.question = {name_of(arena, "www.example.net"), RRTYPE_TXT}, .kind = ANSWER_NODATA};
	below->sink.deliver(below->sink.context, &unasked);
	ck_assert_uint_eq(inbox.count, 3);
	unasked.question.type = RRTYPE_A;
	below->sink.deliver(below->sink.context, &unasked);
	ck_assert_uint_eq(inbox.count, 4);
	source_close(stack);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("source_stack");
	TCase *tests = tcase_create("tests");
	tcase_add_loop_test(tests, answers, 0, (int)(sizeof rows / sizeof rows[0]));
	tcase_add_test(tests, batch_and_unasked);
	suite_add_tcase(suite, tests);
	return unit_run(suite);
}
