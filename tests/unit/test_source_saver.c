/* A source whose answers are kept: who gets which answer, what is open at the end, giving up. */
#include "dns/source_saver.h"

#include "inspect/driver.h"
#include "inspect/run_one.h"
#include "support/fake_source.h"
#include "support/fixture.h"
#include "support/unit.h"

/* What was delivered: "NAME KIND FAILURE;" one after the other. */
struct inbox {
	struct arena *arena;
	struct slice all;
};

static void deliver(void *context, const struct answer *answer)
{
	static const char *const kinds[] = {"records", "nodata", "nxdomain", "alias", "temporary"};
	struct inbox *inbox = context;
	struct slice name = name_text(inbox->arena, answer->question.name);
	inbox->all = arena_printf(inbox->arena, "%.*s%.*s %s%s%s;", (int)inbox->all.len, inbox->all.ptr,
		(int)name.len, name.ptr, kinds[answer->kind], answer->kind == ANSWER_TEMPORARY ? " " : "",
		answer->kind == ANSWER_TEMPORARY ? dns_failure_text(answer->failure) : "");
}

static struct question txt_of(struct arena *arena, const char *text)
{
	struct question question = {.type = RRTYPE_TXT};
	ck_assert_int_eq(name_from_text(arena, slice_cstr(text), &question.name), NAME_OK);
	return question;
}

/* A saver over a fixture of its own. */
struct saver {
	struct arena *arena;
	struct snapshot *snapshot;
	struct fixture *fixture;
	struct inbox inbox;
	struct source *source;
};

static void open_saver(struct saver *saver, struct arena *arena, struct snapshot *snapshot, const char *zone)
{
	*saver = (struct saver){.arena = arena, .snapshot = snapshot, .inbox = {arena, SLICE("")}};
	saver->fixture = fixture_open(arena, zone);
	saver->source =
		source_saver_open(snapshot, fixture_source(saver->fixture, (struct source_sink){NULL, NULL}),
			(struct source_sink){deliver, &saver->inbox}, arena->escape);
}

static void ask(struct saver *saver, const char *name)
{
	const struct question question = txt_of(saver->arena, name);
	source_ask(saver->source, &question, 1);
}

static void give_up(struct saver *saver, const char *name)
{
	const struct question question = txt_of(saver->arena, name);
	ck_assert(source_can_give_up(saver->source));
	source_give_up(saver->source, &question, 1);
}

static struct slice saved_text(struct arena *arena, struct snapshot *snapshot)
{
	const struct snapshot_meta meta = {0};
	struct buf buf;
	buf_init(&buf);
	snapshot_write(snapshot, &meta, &buf);
	ck_assert(!buf.failed);
	struct slice text = arena_copy(arena, buf_slice(&buf));
	buf_free(&buf);
	/* Without the head, which test_snapshot.c looks at. */
	return slice_from(text, slice_find(text, '\n', slice_find(text, '\n', 0) + 1) + 1);
}

START_TEST(the_first_answer_is_the_one_for_all)
{
	struct arena *arena = unit_arena();
	struct snapshot *snapshot = snapshot_open(0);
	struct saver first, second;
	open_saver(&first, arena, snapshot, "a.example TXT one\nb.example TXT !timeout\n");
	open_saver(&second, arena, snapshot, "a.example TXT !servfail\nb.example TXT two\nc.example TXT x\n");
	ask(&first, "a.example");
	ask(&second, "a.example"); /* both are on their way */
	unit_assert_slice(first.inbox.all, SLICE(""));
	source_wait(first.source, -1);
	source_wait(second.source, -1);
	unit_assert_slice(first.inbox.all, SLICE("a.example records;"));
	unit_assert_slice(second.inbox.all, SLICE("a.example records;"));
	ask(&first, "b.example");
	source_wait(first.source, -1);
	ask(&second, "b.example"); /* at once, without a wait */
	unit_assert_slice(second.inbox.all, SLICE("a.example records;b.example temporary timeout;"));
	ask(&second, "c.example");
	source_wait(second.source, -1);
	source_close(first.source);
	source_close(second.source);
	unit_assert_slice(saved_text(arena, snapshot),
		SLICE("\na.example TXT records ttl=3600 server=192.0.2.53:53\n\t3600 TXT \"one\"\n"
		      "\nb.example TXT temporary reason=timeout ttl=300 server=192.0.2.53:53\n"
		      "\nc.example TXT records ttl=3600 server=192.0.2.53:53\n\t3600 TXT \"x\"\n\n$end 3\n"));
	snapshot_close(snapshot);
}
END_TEST

START_TEST(what_is_open_at_the_end_was_not_answered)
{
	struct arena *arena = unit_arena();
	struct snapshot *snapshot = snapshot_open(0);
	struct saver saver, late;
	open_saver(&saver, arena, snapshot, "a.example TXT one\nb.example TXT two\n");
	ask(&saver, "a.example");
	ask(&saver, "b.example");
	fixture_set_order(saver.fixture, FIXTURE_ONE_BY_ONE, 0);
	source_wait(saver.source, -1);
	source_close(saver.source);
	unit_assert_slice(saver.inbox.all, SLICE("a.example records;"));
	open_saver(&late, arena, snapshot, "b.example TXT two\n");
	ask(&late, "b.example");
	unit_assert_slice(late.inbox.all, SLICE("b.example temporary deadline;"));
	source_close(late.source);
	unit_assert_slice(saved_text(arena, snapshot),
		SLICE("\na.example TXT records ttl=3600 server=192.0.2.53:53\n\t3600 TXT \"one\"\n"
		      "\nb.example TXT temporary reason=deadline\n\n$end 2\n"));
	snapshot_close(snapshot);
}
END_TEST

START_TEST(who_gives_up_gets_what_is_known_and_decides_for_all)
{
	struct arena *arena = unit_arena();
	struct snapshot *snapshot = snapshot_open(0);
	struct saver saver;
	open_saver(&saver, arena, snapshot, "a.example TXT one\nb.example TXT two\n");
	ask(&saver, "a.example");
	source_wait(saver.source, -1);
	ask(&saver, "b.example");
	give_up(&saver, "a.example");
	give_up(&saver, "b.example");
	give_up(&saver, "never.asked.example");
	source_wait(saver.source, -1); /* the late answer is not what was seen */
	ask(&saver, "b.example");
	unit_assert_slice(
		saver.inbox.all, SLICE("a.example records;a.example records;b.example temporary deadline;"
				       "never.asked.example temporary deadline;b.example temporary deadline;"
				       "b.example temporary deadline;"));
	source_close(saver.source);
	snapshot_close(snapshot);
}
END_TEST

START_TEST(what_nobody_asked_is_kept_too)
{
	struct arena *arena = unit_arena();
	struct snapshot *snapshot = snapshot_open(0);
	struct saver saver;
	open_saver(&saver, arena, snapshot, "a.example TXT one\n");
	/* A server's answer may bring the rest of a chain. */
	struct source *below = fixture_source(saver.fixture, (struct source_sink){NULL, NULL});
	source_close(saver.source);
	saver.source = source_saver_open(
		snapshot, below, (struct source_sink){deliver, &saver.inbox}, arena->escape);
	const struct answer extra = answer_failure(txt_of(arena, "extra.example"), DNS_FAILURE_REFUSED);
	below->sink.deliver(below->sink.context, &extra);
	unit_assert_slice(saver.inbox.all, SLICE("extra.example temporary refused;"));
	ck_assert_ptr_nonnull(snapshot_find(snapshot, &extra.question));
	source_close(saver.source);
	snapshot_close(snapshot);
}
END_TEST

/* --- the end of the time, through those who ask ------------------------------------------------ */

struct late {
	struct arena *arena;
	struct snapshot *snapshot;
	struct fake_options fake;
	struct slice seen;
};

static struct source *open_silent(
	void *context, struct source_sink sink, struct escape *escape, const char **why)
{
	struct late *late = context;
	struct source *below = fake_source_open(&late->fake, sink, escape, why);
	return source_saver_open(late->snapshot, below, sink, escape);
}

/* Asks one question after another: the second only when the first is answered. */
static enum eval_state evaluate(void *context, struct view *view, struct arena *scratch)
{
	struct late *late = context;
	const struct answer *first = view_get(view, txt_of(scratch, "a.example").name, RRTYPE_TXT);
	if (!view_is_pending(first)) {
		const struct answer *second = view_get(view, txt_of(scratch, "b.example").name, RRTYPE_TXT);
		late->seen = arena_printf(late->arena, "%s %s", dns_failure_text(first->failure),
			dns_failure_text(second->failure));
	}
	return view_end_run(view);
}

static void done(void *context, struct arena *scratch, const struct verdict_cost *cost)
{
	(void)context, (void)scratch, (void)cost;
}

START_TEST(an_evaluation_out_of_time_saves_what_it_saw)
{
	struct arena *arena = unit_arena();
	struct late late = {.arena = arena, .snapshot = snapshot_open(0), .fake = {.order = FAKE_SILENT}};
	const struct driver_options options = {
		.max_time_ms = 20, .open_source = open_silent, .source_context = &late};
	const struct run_one work = {evaluate, done, &late};
	ck_assert_int_eq(run_one(&options, &work, NULL), DRIVER_OK);
	unit_assert_slice(late.seen, SLICE("deadline deadline"));
	unit_assert_slice(saved_text(arena, late.snapshot),
		SLICE("\na.example TXT temporary reason=deadline\n"
		      "\nb.example TXT temporary reason=deadline\n\n$end 2\n"));
	snapshot_close(late.snapshot);
}
END_TEST

static bool next(void *context, struct inspect_request *out, size_t *ticket, bool *again)
{
	struct late *late = context;
	bool is_first = late->seen.len == 0;
	*again = false;
	*ticket = 0;
	*out = (struct inspect_request){.domain = txt_of(late->arena, "a.example").name};
	if (is_first)
		late->seen = SLICE("started");
	return is_first;
}

static void inspected(void *context, size_t ticket, const struct verdict *verdict)
{
	struct late *late = context;
	(void)ticket;
	ck_assert_uint_gt(verdict->incomplete_count, 0);
	for (size_t i = 0; i < verdict->incomplete_count; i++) {
		const struct answer *failure = verdict->incomplete[i];
		ck_assert_int_eq(failure->failure, DNS_FAILURE_DEADLINE);
		ck_assert_ptr_nonnull(snapshot_find(late->snapshot, &failure->question));
	}
	late->seen = SLICE("done");
}

START_TEST(an_inspection_out_of_time_saves_what_it_saw)
{
	struct arena *arena = unit_arena();
	struct late late = {.arena = arena, .snapshot = snapshot_open(0), .fake = {.order = FAKE_SILENT}};
	const struct driver_options options = {
		.concurrency = 1, .max_time_ms = 20, .open_source = open_silent, .source_context = &late};
	const struct driver_client client = {.next = next, .done = inspected, .context = &late};
	ck_assert_int_eq(driver_run(&options, &client, NULL), DRIVER_OK);
	unit_assert_slice(late.seen, SLICE("done"));
	snapshot_close(late.snapshot);
}
END_TEST

/* --- lack of memory --------------------------------------------------------------------------- */

static struct source *open_fixture(
	void *context, struct source_sink sink, struct escape *escape, const char **why)
{
	struct late *late = context;
	struct fixture *fixture = fixture_open(late->arena, "a.example TXT one\nb.example TXT two\n");
	(void)why;
	return source_saver_open(late->snapshot, fixture_source(fixture, sink), sink, escape);
}

START_TEST(a_run_survives_every_failed_allocation)
{
	struct arena *arena = unit_arena();
	enum driver_status status = DRIVER_OUT_OF_MEMORY;
	long n = 1;
	for (; status == DRIVER_OUT_OF_MEMORY; n++) {
		struct late late = {.arena = arena, .snapshot = snapshot_open(n)};
		const struct driver_options options = {
			.max_time_ms = 60000, .open_source = open_fixture, .source_context = &late};
		const struct run_one work = {evaluate, done, &late};
		status = run_one(&options, &work, NULL);
		snapshot_close(late.snapshot);
	}
	ck_assert_int_eq(status, DRIVER_OK);
	ck_assert_int_gt(n, 2);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("source_saver");
	TCase *tests = tcase_create("source_saver");
	tcase_add_test(tests, the_first_answer_is_the_one_for_all);
	tcase_add_test(tests, what_is_open_at_the_end_was_not_answered);
	tcase_add_test(tests, who_gives_up_gets_what_is_known_and_decides_for_all);
	tcase_add_test(tests, what_nobody_asked_is_kept_too);
	tcase_add_test(tests, an_evaluation_out_of_time_saves_what_it_saw);
	tcase_add_test(tests, an_inspection_out_of_time_saves_what_it_saw);
	tcase_add_test(tests, a_run_survives_every_failed_allocation);
	suite_add_tcase(suite, tests);
	return unit_run(suite);
}
